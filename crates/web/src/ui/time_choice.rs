//! Choosing a time: days as links that say how many times are free, the times of one day as native radios.

use maud::{Markup, Render, html};

use super::{Errors, Icon};

/// A day that can be looked at.
#[derive(Debug, Clone, Copy)]
pub struct Day<'a> {
    /// Address of the same page showing this day.
    pub href: &'a str,
    /// "今天", "明天", "周三".
    pub label: &'a str,
    /// "11 月 23 日".
    pub date: &'a str,
    /// "有 6 个时间", "约满了", "休息".
    pub free: &'a str,
    /// Whether there is anything to choose.
    pub open: bool,
    /// Whether its times are shown.
    pub current: bool,
}

/// The choice being described; it renders itself. Parts and times are added in the order of the day.
pub struct TimeChoice<'a> {
    name: &'a str,
    legend: &'a str,
    days_label: &'a str,
    days: Vec<Day<'a>>,
    rows: Vec<Row<'a>>,
    value: &'a str,
    errors: Option<&'a Errors<'a>>,
}

enum Row<'a> {
    Part(&'a str),
    Time {
        value: Option<&'a str>,
        label: &'a str,
        time: &'a str,
        who: &'a str,
    },
}

impl<'a> TimeChoice<'a> {
    /// Radios called `name` under `legend`; `days_label` names the list of days ("选日期").
    pub fn new(name: &'a str, legend: &'a str, days_label: &'a str) -> Self {
        TimeChoice {
            name,
            legend,
            days_label,
            days: Vec::new(),
            rows: Vec::new(),
            value: "",
            errors: None,
        }
    }

    /// Adds a day.
    pub fn day(mut self, day: Day<'a>) -> Self {
        self.days.push(day);
        self
    }

    /// Opens a part of the day ("上午"), a heading that screen readers can jump to.
    pub fn part(mut self, name: &'a str) -> Self {
        self.rows.push(Row::Part(name));
        self
    }

    /// A free time: posted value, whole spoken name ("下午 3 点，李师傅，有空"), and what is seen of it.
    pub fn time(mut self, value: &'a str, label: &'a str, time: &'a str, who: &'a str) -> Self {
        self.rows.push(Row::Time {
            value: Some(value),
            label,
            time,
            who,
        });
        self
    }

    /// A time that cannot be chosen any more, shown where people would look for it.
    pub fn taken(mut self, label: &'a str, time: &'a str, who: &'a str) -> Self {
        self.rows.push(Row::Time {
            value: None,
            label,
            time,
            who,
        });
        self
    }

    /// The time that is set.
    pub fn value(mut self, value: &'a str) -> Self {
        self.value = value;
        self
    }

    /// The refusals of the form.
    pub fn errors(mut self, errors: &'a Errors<'a>) -> Self {
        self.errors = Some(errors);
        self
    }

    fn days(&self) -> Markup {
        html! {
            nav class="days" aria-label=(self.days_label) {
                ul role="list" {
                    @for (index, day) in self.days.iter().enumerate() {
                        li {
                            a id={ "day-" (index) } href=(day.href) class=[(!day.open).then_some("full")]
                                aria-current=[day.current.then_some("date")]
                                hx-get=(day.href) hx-target="#time-choice" hx-select="#time-choice"
                                hx-swap="morph:outerHTML" hx-push-url="true" {
                                span class="day-name" { (day.label) } " "
                                span class="day-date" { (day.date) } " "
                                span class="day-free" { (day.free) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn times(&self) -> Markup {
        let first_free = self
            .rows
            .iter()
            .position(|row| matches!(row, Row::Time { value: Some(_), .. }));
        html! {
            div class="times" {
                @for (index, row) in self.rows.iter().enumerate() {
                    @match row {
                        Row::Part(name) => { h3 class="part" { (name) } }
                        Row::Time { value, label, time, who } => {
                            @let first = first_free == Some(index);
                            @let id = if first { format!("f-{}", self.name) } else { format!("f-{}-{}", self.name, index) };
                            div class="slot" {
                                input type="radio" id=(id) name=(self.name) value=(value.unwrap_or(""))
                                    checked[value.is_some_and(|value| value == self.value)] disabled[value.is_none()];
                                label for=(id) {
                                    span class="vh" { (label) }
                                    span class="slot-time" aria-hidden="true" { (time) }
                                    span class="slot-who" aria-hidden="true" { (who) }
                                    (Icon::Check)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Render for TimeChoice<'_> {
    fn render(&self) -> Markup {
        let error = self
            .errors
            .and_then(|errors| errors.of(self.name).map(|message| (errors.prefix(), message)));
        let error_id = error.as_ref().map(|_| format!("f-{}-error", self.name));
        html! {
            div class={ "time-choice" (if error.is_some() { " invalid" } else { "" }) } id="time-choice" {
                (self.days())
                fieldset class="field" aria-describedby=[error_id.as_deref()] {
                    legend { h2 { (self.legend) } }
                    @if let (Some((prefix, message)), Some(id)) = (&error, &error_id) {
                        p class="field-error" id=(id) { strong { (prefix) } (message) }
                    }
                    (self.times())
                }
            }
        }
    }
}

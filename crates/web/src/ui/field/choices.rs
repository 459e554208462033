//! Radio groups, groups of checkboxes, and a single checkbox: native controls in a `fieldset` with a `legend`.

use maud::{Markup, Render, html};

use super::Notes;
use crate::ui::Errors;

/// One of a few.
pub fn radios<'a>(name: &'a str, legend: &'a str) -> Choices<'a> {
    Choices::new(name, legend, "radio")
}

/// Any of a few.
pub fn checkboxes<'a>(name: &'a str, legend: &'a str) -> Choices<'a> {
    Choices::new(name, legend, "checkbox")
}

/// One statement to agree to; its posted value is `1`.
pub fn checkbox<'a>(name: &'a str, label: &'a str) -> Checkbox<'a> {
    Checkbox {
        name,
        label,
        hint: None,
        errors: None,
        checked: false,
    }
}

/// One choice of a group.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'a> {
    value: &'a str,
    label: &'a str,
    hint: Option<&'a str>,
    end: Option<&'a str>,
    disabled: bool,
}

impl<'a> Choice<'a> {
    /// Posted value and spoken label.
    pub fn new(value: &'a str, label: &'a str) -> Self {
        Choice {
            value,
            label,
            hint: None,
            end: None,
            disabled: false,
        }
    }

    /// One more sentence below the label.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// A short figure at the far end of the label, such as a price; it is part of the name.
    pub fn end(mut self, end: &'a str) -> Self {
        self.end = Some(end);
        self
    }

    /// Shown, but cannot be chosen now.
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}

/// A group of choices being described; it renders itself.
#[derive(Clone)]
pub struct Choices<'a> {
    name: &'a str,
    legend: &'a str,
    kind: &'static str,
    choices: Vec<Choice<'a>>,
    values: Vec<&'a str>,
    hint: Option<&'a str>,
    errors: Option<&'a Errors<'a>>,
    inline: bool,
}

impl<'a> Choices<'a> {
    fn new(name: &'a str, legend: &'a str, kind: &'static str) -> Self {
        Choices {
            name,
            legend,
            kind,
            choices: Vec::new(),
            values: Vec::new(),
            hint: None,
            errors: None,
            inline: false,
        }
    }

    /// Adds a choice.
    pub fn option(mut self, choice: Choice<'a>) -> Self {
        self.choices.push(choice);
        self
    }

    /// Adds choices of value and label.
    pub fn options(mut self, choices: &[(&'a str, &'a str)]) -> Self {
        self.choices
            .extend(choices.iter().map(|(value, label)| Choice::new(value, label)));
        self
    }

    /// The choice that is set.
    pub fn value(mut self, value: &'a str) -> Self {
        self.values = vec![value];
        self
    }

    /// The choices that are set.
    pub fn values(mut self, values: &[&'a str]) -> Self {
        self.values = values.to_vec();
        self
    }

    /// One sentence that helps, read after the legend.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The refusals of the form.
    pub fn errors(mut self, errors: &'a Errors<'a>) -> Self {
        self.errors = Some(errors);
        self
    }

    /// Side by side where there is room.
    pub fn inline(mut self) -> Self {
        self.inline = true;
        self
    }

    fn choice(&self, index: usize, choice: &Choice<'_>) -> Markup {
        // The first control carries the field's own id: the error summary links to it.
        let id = if index == 0 {
            format!("f-{}", self.name)
        } else {
            format!("f-{}-{}", self.name, index + 1)
        };
        let hint_id = choice.hint.map(|_| format!("{id}-note"));
        html! {
            div class="choice" {
                input type=(self.kind) id=(id) name=(self.name) value=(choice.value)
                    checked[self.values.contains(&choice.value)] disabled[choice.disabled]
                    aria-describedby=[hint_id.as_deref()];
                label for=(id) {
                    span { (choice.label) }
                    @if let Some(end) = choice.end { " " span class="end" { (end) } }
                }
                @if let (Some(hint), Some(hint_id)) = (choice.hint, &hint_id) { p class="hint" id=(hint_id) { (hint) } }
            }
        }
    }
}

impl Render for Choices<'_> {
    fn render(&self) -> Markup {
        let notes = Notes::new(self.name, self.hint, self.errors);
        html! {
            fieldset class={ "field choices" (if self.inline { " inline" } else { "" }) (notes.class()) }
                aria-describedby=[notes.described()] {
                legend { (self.legend) }
                (notes)
                div class="choice-set" {
                    @for (index, choice) in self.choices.iter().enumerate() { (self.choice(index, choice)) }
                }
            }
        }
    }
}

/// A single checkbox being described; it renders itself.
#[derive(Clone)]
pub struct Checkbox<'a> {
    name: &'a str,
    label: &'a str,
    hint: Option<&'a str>,
    errors: Option<&'a Errors<'a>>,
    checked: bool,
}

impl<'a> Checkbox<'a> {
    /// Whether it is set.
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = checked;
        self
    }

    /// One sentence that helps.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The refusals of the form.
    pub fn errors(mut self, errors: &'a Errors<'a>) -> Self {
        self.errors = Some(errors);
        self
    }
}

impl Render for Checkbox<'_> {
    fn render(&self) -> Markup {
        let notes = Notes::new(self.name, self.hint, self.errors);
        html! {
            div class={ "field" (notes.class()) } {
                (notes)
                div class="choice" {
                    input type="checkbox" id={ "f-" (self.name) } name=(self.name) value="1" checked[self.checked]
                        aria-describedby=[notes.described()] aria-invalid=[notes.invalid()];
                    label for={ "f-" (self.name) } { span { (self.label) } }
                }
            }
        }
    }
}

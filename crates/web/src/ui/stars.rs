//! Ratings: always as text; the shapes repeat it for the eye.

use maud::{Markup, Render, html};

use super::{Errors, Icon, field};

/// A rating in tenths of a star (0–50), its words ("4.8 分") and on how many reviews it stands ("126 条评价").
pub fn rating(tenths: u8, words: &str, count: &str) -> Markup {
    assert!(tenths <= 50, "a rating has at most five stars");
    // A shape is filled from three quarters on, half filled from one quarter.
    let quarter = |index: u8| tenths.saturating_sub(index * 10).min(10);
    html! {
        span class="rating" {
            span class="shapes" aria-hidden="true" {
                @for index in 0..5 {
                    (match quarter(index) { 0..=2 => Icon::StarEmpty, 3..=7 => Icon::StarHalf, _ => Icon::Star })
                }
            }
            strong { (words) }
            @if !count.is_empty() { " " span class="soft" { (count) } }
        }
    }
}

/// The question for a rating: `choices` of value ("5") and full label ("5 星，很满意"), the best first.
pub fn input<'a>(name: &'a str, legend: &'a str, choices: &[(&'a str, &'a str)]) -> StarsInput<'a> {
    StarsInput {
        group: field::radios(name, legend).options(choices),
    }
}

/// The question being described; it renders itself.
pub struct StarsInput<'a> {
    group: field::Choices<'a>,
}

impl<'a> StarsInput<'a> {
    /// The rating that is set.
    pub fn value(mut self, value: &'a str) -> Self {
        self.group = self.group.value(value);
        self
    }

    /// The refusals of the form.
    pub fn errors(mut self, errors: &'a Errors<'a>) -> Self {
        self.group = self.group.errors(errors);
        self
    }
}

impl Render for StarsInput<'_> {
    fn render(&self) -> Markup {
        html! { div class="stars-input" { (self.group) } }
    }
}

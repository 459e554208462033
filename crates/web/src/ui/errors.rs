//! What was wrong with a submitted form: once as a summary, once at each field.

use maud::{Markup, Render, html};

use super::Tr;

/// The refusals of one form. Empty, it renders nothing.
///
/// Rendered, it is the summary that stands first in `main`, takes focus (by `focus.js`) and links to the fields.
pub struct Errors<'a> {
    t: &'a Tr<'a>,
    items: Vec<(String, String)>,
}

impl<'a> Errors<'a> {
    /// No errors yet; `t` gives the words around them.
    pub fn new(t: &'a Tr<'a>) -> Self {
        Errors { t, items: Vec::new() }
    }

    /// Records that the field `name` was refused with `message`. An empty name is about the whole form.
    pub fn add(&mut self, name: &str, message: &str) {
        self.items.push((name.to_owned(), message.to_owned()));
    }

    /// Whether nothing was refused.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The first message about the field `name`.
    pub fn of(&self, name: &str) -> Option<&str> {
        self.items
            .iter()
            .find(|(at, _)| at == name)
            .map(|(_, message)| message.as_str())
    }

    /// The word that opens every message ("错误：").
    pub(super) fn prefix(&self) -> String {
        (self.t)("ui-error-prefix")
    }
}

impl Render for Errors<'_> {
    fn render(&self) -> Markup {
        if self.is_empty() {
            return Markup::default();
        }
        html! {
            div class="error-summary" id="error-summary" tabindex="-1" role="group" aria-labelledby="error-summary-h" {
                h2 id="error-summary-h" { (self.prefix()) ((self.t)("ui-error-title")) }
                ul role="list" {
                    @for (name, message) in &self.items {
                        li {
                            @if name.is_empty() { (message) } @else { a href={ "#f-" (name) } { (message) } }
                        }
                    }
                }
            }
        }
    }
}

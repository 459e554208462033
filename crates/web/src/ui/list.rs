//! Lists: sentences, facts, steps of a task, and entries that lead to pages.

mod entries;

pub use entries::{Entries, Entry, entries};
use maud::{Markup, Render, html};

/// A list in which every item is a whole sentence.
pub fn sentences<S: AsRef<str>>(items: &[S]) -> Markup {
    html! { ul class="sentences" role="list" { @for item in items { li { (item.as_ref()) } } } }
}

/// A list of sentences with markup in them (links, times).
pub fn items(items: &[Markup]) -> Markup {
    html! { ul class="sentences" role="list" { @for item in items { li { (item) } } } }
}

/// The steps of a task; `current` counts from 0, `progress` says the same in words ("第 3 步，共 5 步").
pub fn steps(labels: &[&str], current: usize, progress: &str) -> Markup {
    html! {
        div class="steps" {
            p class="steps-now" { (progress) }
            ol role="list" {
                @for (index, label) in labels.iter().enumerate() {
                    li class=[(index < current).then_some("done")] aria-current=[(index == current).then_some("step")] {
                        (label)
                    }
                }
            }
        }
    }
}

/// Pairs of term and value.
pub fn facts<'a>() -> Facts<'a> {
    Facts { rows: Vec::new() }
}

/// A description list being described; it renders itself.
#[derive(Default)]
pub struct Facts<'a> {
    rows: Vec<(&'a str, Markup)>,
}

impl<'a> Facts<'a> {
    /// Adds a pair.
    pub fn row(mut self, term: &'a str, value: impl Render) -> Self {
        self.rows.push((term, value.render()));
        self
    }
}

impl Render for Facts<'_> {
    fn render(&self) -> Markup {
        html! {
            dl class="facts" {
                @for (term, value) in &self.rows { div { dt { (term) } dd { (value) } } }
            }
        }
    }
}

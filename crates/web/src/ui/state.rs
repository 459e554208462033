//! States in words: badges, notices, and the page with nothing on it. Colour only repeats the word.

use maud::{Markup, Render, html};

use super::Icon;

/// What a state means for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Neither good nor bad.
    Plain,
    /// Done, open, free.
    Good,
    /// Someone must do something.
    Attention,
    /// Failed, refused, closed.
    Bad,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Good => "good",
            Tone::Attention => "attention",
            Tone::Bad => "bad",
        }
    }

    fn icon(self) -> Icon {
        match self {
            Tone::Plain => Icon::Info,
            Tone::Good => Icon::Check,
            Tone::Attention => Icon::Bell,
            Tone::Bad => Icon::Cross,
        }
    }
}

/// A state in a word or two.
pub fn badge(tone: Tone, word: &str) -> Markup {
    html! { span class={ "badge " (tone.class()) } { (word) } }
}

/// Something that the person should know about the page, under a heading of level 2.
pub fn notice(tone: Tone, heading: &str) -> Notice<'_> {
    Notice {
        tone,
        heading,
        body: None,
    }
}

/// A notice being described; it renders itself.
pub struct Notice<'a> {
    tone: Tone,
    heading: &'a str,
    body: Option<Markup>,
}

impl Notice<'_> {
    /// What follows the heading.
    pub fn body(mut self, body: impl Render) -> Self {
        self.body = Some(body.render());
        self
    }
}

impl Render for Notice<'_> {
    fn render(&self) -> Markup {
        html! {
            div class={ "notice " (self.tone.class()) } {
                (self.tone.icon())
                div {
                    h2 { (self.heading) }
                    @if let Some(body) = &self.body { (body) }
                }
            }
        }
    }
}

/// In place of a list without items: what is so, and what to do.
pub fn empty(icon: Icon, sentence: &str) -> Empty<'_> {
    Empty {
        icon,
        sentence,
        action: None,
    }
}

/// An empty state being described; it renders itself.
pub struct Empty<'a> {
    icon: Icon,
    sentence: &'a str,
    action: Option<Markup>,
}

impl Empty<'_> {
    /// The way forward.
    pub fn action(mut self, action: impl Render) -> Self {
        self.action = Some(action.render());
        self
    }
}

impl Render for Empty<'_> {
    fn render(&self) -> Markup {
        html! {
            div class="empty" {
                (self.icon)
                p { (self.sentence) }
                @if let Some(action) = &self.action { (action) }
            }
        }
    }
}

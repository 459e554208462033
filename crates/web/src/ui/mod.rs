//! The look: accessible components of the three surfaces, as functions and small builders over maud.
//!
//! A component demands what makes it accessible (a label, an object for its verb, an alternative text)
//! and wires the rest, so an inaccessible control cannot be written. Callers pass words that are already
//! translated; only the shell, [`Errors`], [`desk`], [`wechat`] and [`preferences`] look words up, through
//! [`Tr`], under the keys of [`ZH_CN`] and [`EN`].

pub mod button;
pub mod desk;
mod errors;
pub mod field;
mod frame;
pub mod icon;
pub mod list;
pub mod map;
pub mod money;
mod picture;
mod preferences;
mod shell;
pub mod stars;
pub mod state;
pub mod table;
mod time_choice;
pub mod wechat;

#[cfg(test)]
mod contrast;
#[cfg(test)]
mod tests;

pub use errors::Errors;
pub use field::Choice;
pub use frame::{Frame, Nav, Size, Surface, Theme, Tr};
pub use icon::Icon;
pub use list::Entry;
use maud::{Markup, PreEscaped, html};
pub use picture::Picture;
pub use preferences::preferences;
pub use shell::Page;
pub use state::Tone;
pub use time_choice::{Day, TimeChoice};

/// The Chinese Fluent source of the words that the components look up (keys `ui-*`).
pub const ZH_CN: &str = include_str!("zh-CN.ftl");
/// The English Fluent source of the same keys.
pub const EN: &str = include_str!("en.ftl");

/// A part of a page that heading navigation finds: an `h2` that names its `section`. `id` is unique in the page.
pub fn section(id: &str, heading: &str, body: Markup) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-h" } {
            h2 id={ (id) "-h" } { (heading) }
            (body)
        }
    }
}

/// The hidden input that proves a form was made for this session. Every POST form holds one.
pub fn csrf(frame: &Frame<'_>) -> Markup {
    html! { input type="hidden" name="csrf" value=(frame.csrf); }
}

/// JSON for scripts to read, as a data block that no Content-Security-Policy counts as a script.
pub(crate) fn json_block(id: &str, value: &serde_json::Value) -> Markup {
    // `</script` or `<!--` inside a string would end the block early.
    let text = value.to_string().replace('<', "\\u003c");
    html! { script type="application/json" id=(id) { (PreEscaped(text)) } }
}

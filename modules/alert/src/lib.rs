//! What must reach a person: the desk's voice, messages through WeChat, reminders, and the official account's answers.
//!
//! Words: an [`Alert`] is something the desk must hear; it is *queued*, *heard* when a voice was given to it, *acknowledged* when
//! the shop acted, *lapsed* when it has passed; the *news* of a desk are numbered, so that a desk that lost its line hears
//! what it missed; a *message* leaves through WeChat. Each carries the version of its booking and is dropped when the booking
//! has moved on.

mod account;
mod actions;
mod callback;
mod events;
mod jobs;
mod menu;
mod message;
mod model;
mod news;
mod pages;
mod store;
#[cfg(test)]
mod tests;
mod trouble;
mod voice;
mod words;

use std::sync::Arc;

use kernel::Lang;

pub use account::{OfficialAccount, Templates};
pub use actions::{acknowledge, follow, hear, topic};
pub use events::at_start;
pub use menu::publish_menu;
pub use model::{Alert, Kind, MessageKind, MessageState, State, Step};
pub use voice::Voice;

/// The tables of this module.
pub const MIGRATIONS: &[db::Migration] = db::migrations!("alert": "0001_alert", "0002_recent");

/// What this module hands to the program. The program also puts `account` among its things ([`web::Plugs`]) for the callback,
/// and a [`Voice`] where it has one; at its start it plans [`at_start`].
pub fn module(account: Arc<OfficialAccount>) -> web::Module {
    let mut routes = web::Routes::new("alert");
    routes = callback::routes(pages::routes(routes));
    web::Module {
        name: "alert",
        migrations: MIGRATIONS,
        texts: [(Lang::Zh, words::ZH_CN), (Lang::En, words::EN)],
        routes,
        jobs: jobs::jobs(&account),
        listens: jobs::listens(),
        refusals: &[],
    }
}

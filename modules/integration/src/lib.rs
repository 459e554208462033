//! Other programs: the JSON API, the tokens that open it, news by signed webhooks, and therapists' calendars.
//!
//! Words: a *token* opens the API within its [`Scope`]s, in the name of the person who made it; a [`Hook`] is an address
//! that hears what happens at a shop; a [`Delivery`] is one piece of news on its way to one address; a [`Feed`] is the
//! secret address of a therapist's calendar.
//!
//! The module stands above the others, as their pages do: it reads through their public functions and calls their actions.

mod actions;
mod api;
mod jobs;
mod model;
mod pages;
mod post;
mod store;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use kernel::Lang;

pub use actions::{give_feed, issue_token, register, remove, rotate, send_again, switch_on, take_feed};
pub use jobs::{HookTurned, at_start};
pub use model::{Delivery, DeliveryState, Guard, Hook, HookState, HookStep, Refusal, Scope, sign};
pub use post::Post;
pub use store::Feed;

/// The tables of this module.
pub const MIGRATIONS: &[db::Migration] = db::migrations!("integration": "0001_integration");

/// What this module hands to the program, which puts the same `Arc<Post>` among its plugs and plans [`at_start`].
pub fn module(post: &Arc<Post>) -> web::Module {
    web::Module {
        name: "integration",
        migrations: MIGRATIONS,
        texts: [
            (Lang::Zh, include_str!("../texts/zh-CN.ftl")),
            (Lang::En, include_str!("../texts/en.ftl")),
        ],
        routes: pages::routes(api::routes()),
        jobs: jobs::jobs(post),
        listens: model::ANNOUNCED.to_vec(),
        refusals: Refusal::CODES,
    }
}

/// The OpenAPI 3.1 document in English, as it is kept beside the code.
pub fn openapi(texts: &text::Texts) -> serde_json::Value {
    api::document(api::table(), "https://tuina.example", &|key| {
        texts.label(Lang::En, key).to_owned()
    })
}

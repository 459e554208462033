//! The therapists of a shop.
//!
//! Words defined here: the **work number** (工号) is how a shop calls its therapist, unique within the shop; **blind
//! shown** is the day on which the person agreed that customers may read "blind therapist", and nothing where there is
//! no such consent.

mod actions;
mod model;
mod pages;
mod store;
#[cfg(test)]
mod tests;

use kernel::Lang;

pub use actions::{create, edit, let_go, offer_only, take_back, tie, welcome_back};
pub use model::{Gender, Level, NewTherapist, Refusal, Therapist};
pub use store::{all_of, of_account, of_shop, offered_at, offered_by, therapist, who_offers};

/// What this module hands to the program.
pub fn module() -> web::Module {
    web::Module {
        name: "therapist",
        migrations: MIGRATIONS,
        texts: [
            (Lang::Zh, include_str!("../texts/zh-CN.ftl")),
            (Lang::En, include_str!("../texts/en.ftl")),
        ],
        routes: pages::routes(),
        jobs: Vec::new(),
        listens: Vec::new(),
        refusals: Refusal::CODES,
    }
}

/// The tables of this module.
pub const MIGRATIONS: &[db::Migration] = db::migrations!("therapist": "0001_therapist", "0002_account");

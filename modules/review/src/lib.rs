//! Reviews: what a customer says about a completed booking, what the shop answers, and the score that comes of it.
//!
//! Words: a [`Review`] is *verified*, since only a completed booking of one's own can be reviewed, once; a [`Score`] is the
//! sum of a shop's stars and their number.

mod actions;
mod jobs;
mod model;
mod pages;
mod store;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use booking::Booking;
use db::Tx;
use kernel::{Id, Lang, Result, Shop};

pub use actions::{reply, write};
pub use model::{NewReview, Refusal, Reply, Review, Score, Step};

/// The newest reviews of a shop.
pub fn of_shop(tx: &mut Tx, shop: Id<Shop>, limit: i64) -> Result<Vec<Review>> {
    store::of_shop(tx, shop, limit)
}

/// The reviews of a shop before one of them (all where none is named), the newest first.
pub fn page_of_shop(
    tx: &mut Tx,
    shop: Id<Shop>,
    before: Option<Id<Review>>,
    limit: i64,
) -> Result<Vec<Review>> {
    store::page_of_shop(tx, shop, before, limit)
}

/// The review of a booking, if it was written.
pub fn of_booking(tx: &mut Tx, booking: Id<Booking>) -> Result<Option<Review>> {
    store::of_booking(tx, booking)
}

/// The score of a shop; nothing counted where nobody has reviewed it.
pub fn score(tx: &mut Tx, shop: Id<Shop>) -> Result<Score> {
    store::score(tx, shop)
}

/// The scores of all shops that have been reviewed.
pub fn scores(tx: &mut Tx) -> Result<HashMap<Id<Shop>, Score>> {
    store::scores(tx)
}

/// The tables of this module.
pub const MIGRATIONS: &[db::Migration] =
    db::migrations!("review": "0001_review", "0002_unanswered", "0003_customer");

/// What this module hands to the program.
pub fn module() -> web::Module {
    web::Module {
        name: "review",
        migrations: MIGRATIONS,
        texts: [
            (Lang::Zh, include_str!("../texts/zh-CN.ftl")),
            (Lang::En, include_str!("../texts/en.ftl")),
        ],
        routes: pages::routes(),
        jobs: jobs::jobs(),
        listens: jobs::LISTENS.to_vec(),
        refusals: Refusal::CODES,
    }
}

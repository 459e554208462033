//! The ledger: double-entry accounts and transfers, the only truth about money, points and messages.
//!
//! Words: an [`Account`] belongs to an owner, a [`Transfer`] moves an amount between two accounts and is never changed; a
//! [`Balance`] is a sum over transfers, kept beside them and looked through every night. A transfer is keyed by its cause,
//! so that making it again is harmless: whoever learns a second time that a payment was settled asks for the same
//! transfer, and the books stay right.
//!
//! What is not certain yet is *reserved* by a pending transfer ([`reserve`]), which a second one ends: it moves all or a
//! part ([`commit`]) or frees it ([`release`]). The *journal* gives every transfer its place in a chain of hashes.

mod actions;
mod jobs;
mod model;
mod pages;
mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use db::{Event, Tx};
use kernel::{Day, Lang, Result, ShopScope};
use serde::{Deserialize, Serialize};

pub use actions::{
    Hold, Issue, Refusal, audit, available, balance, chain, commit, export, head, hold, issue, issued, moved,
    recall, release, reserve, standing, sum, sweep, transfer,
};
pub use jobs::at_start;
pub use model::{
    Account, Balance, Broken, Chain, Difference, End, Entry, Flaw, Kind, Line, Phase, Report, Side, Standing,
    State, Takings, Total, Transfer, Unit,
};
pub use store::{Book, Moved, ShopAccount};

/// The accounts of a shop with their sums.
pub fn accounts_of(tx: &mut Tx, shop: ShopScope) -> Result<Vec<ShopAccount>> {
    store::of_shop(tx, shop)
}

/// What the tills of a shop took, gave back and paid in fees, by day and till, from a day until before another.
pub fn takings(tx: &mut Tx, shop: ShopScope, from: Day, to: Day) -> Result<BTreeMap<(Day, Kind), Takings>> {
    let mut days: BTreeMap<(Day, Kind), Takings> = BTreeMap::new();
    for moved in store::till_movements(tx, shop, from.at(0), to.at(0))? {
        days.entry((moved.made_at.day(), moved.till))
            .or_default()
            .count(moved.other, moved.amount);
    }
    Ok(days)
}

/// A look through the books found them wrong: a person must act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsound {
    /// Balances that are not the sums of their transfers.
    pub different: i64,
    /// Transfers that nobody made by the front door.
    pub unlisted: i64,
    /// Whether the journal does not hold.
    pub broken: bool,
}

impl Event for Unsound {
    const NAME: &'static str = "ledger.unsound";
}

/// The tables of this module.
pub const MIGRATIONS: &[db::Migration] = db::migrations!("ledger": "0001_ledger", "0002_holds");

/// What this module hands to the program, which plans [`at_start`] at its start.
pub fn module() -> web::Module {
    web::Module {
        name: "ledger",
        migrations: MIGRATIONS,
        texts: [
            (Lang::Zh, include_str!("../texts/zh-CN.ftl")),
            (Lang::En, include_str!("../texts/en.ftl")),
        ],
        routes: pages::routes(web::Routes::new("ledger")),
        jobs: jobs::jobs(),
        listens: Vec::new(),
        refusals: Refusal::CODES,
    }
}

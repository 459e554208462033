//! The ledger: double-entry accounts and transfers, the only truth about money.
//!
//! Words: an [`Account`] belongs to an owner, a [`Transfer`] moves an amount between two accounts and is never changed; a
//! [`Balance`] is a sum over transfers, nothing else. A transfer is keyed by its cause, so that posting it again is
//! harmless: whoever learns a second time that a payment was settled posts the same transfer, and the books stay right.

mod actions;
mod model;
mod store;
#[cfg(test)]
mod tests;

use kernel::Lang;

pub use actions::{Refusal, balance, sum, transfer};
pub use model::{Account, Balance, Kind, Transfer, Unit};

/// The tables of this module.
pub const MIGRATIONS: &[db::Migration] = db::migrations!("ledger": "0001_ledger");

/// What this module hands to the program.
pub fn module() -> web::Module {
    web::Module {
        name: "ledger",
        migrations: MIGRATIONS,
        texts: [
            (Lang::Zh, include_str!("../texts/zh-CN.ftl")),
            (Lang::En, include_str!("../texts/en.ftl")),
        ],
        routes: web::Routes::new("ledger"),
        jobs: Vec::new(),
        listens: Vec::new(),
        refusals: Refusal::CODES,
    }
}

//! What a shop offers.
//!
//! Words defined here: a **service** is one thing a customer can book, with minutes, price and the buffer before and
//! after; its **kind** decides its rules and where it may be booked; a **category** is a heading over services, of one
//! shop or, made by the centre, of all.

mod actions;
mod model;
mod pages;
mod store;
#[cfg(test)]
mod tests;

use kernel::Lang;

pub use actions::{create, create_category, edit, list, remove_category, unlist};
pub use model::{Category, Kind, NewService, Refusal, Service, Warning};
pub use store::{all_of, categories, lowest_prices, service, services_of};

/// What this module hands to the program.
pub fn module() -> web::Module {
    web::Module {
        name: "catalog",
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
pub const MIGRATIONS: &[db::Migration] = db::migrations!("catalog": "0001_catalog");

//! What a shop offers.
//!
//! Words defined here: a **service** is one thing a customer can book, with minutes, price and the buffer before and
//! after; its **kind** decides its rules and where it may be booked; **goods** are sold over the desk; a **category** is a
//! heading over services, goods or therapists, of one shop or, made by the centre, of all; an **attribute** is asked when
//! something under a category is ordered; what of a price is paid in advance is its **prepayment**.

mod actions;
mod model;
mod pages;
mod store;
#[cfg(test)]
mod tests;

use kernel::Lang;

pub use actions::{
    add_attribute, asked, create, create_category, create_goods, create_heading, edit, edit_goods, list,
    list_goods, remove_attribute, remove_category, set_prepay, unlist,
};
pub use model::{
    Attribute, AttributeKind, Category, CategoryKind, FIELDS, Goods, Kind, NewAttribute, NewGoods,
    NewService, Prepay, Refusal, Service, Warning, read_answers,
};
pub use pages::{price, question_fields};
pub use store::{
    all_goods_of, all_of, attributes, categories, goods, headings, lowest_prices, prepay, service,
    services_of,
};

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
pub const MIGRATIONS: &[db::Migration] =
    db::migrations!("catalog": "0001_catalog", "0002_goods", "0003_attribute_version");

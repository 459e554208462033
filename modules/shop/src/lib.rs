//! Shops: where they are, when they are open, how to reach them, how they stand with the centre.
//!
//! Words defined here: a shop's **kind** (health or medical massage) decides which words it may use; its **standing** says
//! whether customers see it; its **hours** are minutes of a business day that may run past midnight; an **exception** is
//! a day with other hours; the **calendar** names the state's holidays and make-up working days, and what the centre has
//! entered by hand; a shop's **holiday rule** says what it does on them.

mod actions;
mod events;
mod model;
mod pages;
mod store;
#[cfg(test)]
mod tests;

use kernel::Lang;

pub use actions::{
    SpecialDays, activate, add_photo, check_closing, close, create, edit, enter_holiday, inspect, leave,
    lift_closing, lift_exception, lift_holiday, remove_photo, set_exception, set_holiday_rule,
    set_special_days, set_week, show_photo, suspend,
};
pub use events::Changed;
pub use model::{
    Accepts, Calendar, Closing, ClosingKind, DayKind, District, Exception, Holiday, HolidayRule, Hours, Kind,
    NewShop, OnHolidays, Opening, Photo, Picture, Refusal, Shop, Span, Standing, Step, Today, known_until,
    publishable,
};
pub use store::{
    all, all_active, calendar, closing, closings, hours, hours_between, hours_of_all, hours_on, jpeg,
    names_of, photos, shop, steps,
};

/// What this module hands to the program.
pub fn module() -> web::Module {
    web::Module {
        name: "shop",
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
    db::migrations!("shop": "0001_shop", "0002_calendar", "0003_closing");

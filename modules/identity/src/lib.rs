//! People and sign-in: customers (known by WeChat), staff accounts (known by a password), and what each may do.
//!
//! Words defined here: a **customer** is a person with an openid of the official account; a **staff account** belongs to one
//! shop, or to the centre, and has one [`Role`](kernel::Role); a **caller** is a customer whom a desk enters, by name and number.

mod actions;
mod model;
mod pages;
mod store;
#[cfg(test)]
mod tests;
mod tokens;
mod wechat_door;

pub use actions::{
    Caller, CustomerLeft, NewStaff, bind_wechat, create_staff, customer_at_desk, forget_at_desk,
    greet_customer, is_remembered, known_at_desk, leave, remember_contact, reset_password, set_active,
};
use kernel::Lang;
pub use model::{CustomerRecord, Password, Refusal, StaffAccount};
pub use store::{
    customer, customer_by_openid, officer_openids, openid_of, staff_account, staff_of, staff_openids,
};
pub use tokens::Tokens;
pub use wechat_door::WeChat;

/// What this module hands to the program.
pub fn module() -> web::Module {
    web::Module {
        name: "identity",
        migrations: db::migrations!("identity": "0001_identity", "0002_tokens", "0003_desk_customers", "0004_left"),
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

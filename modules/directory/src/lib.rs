//! The customers' way in: the nearest shops, and the pages of a shop, a therapist and a service.
//!
//! Words defined here: **whence** is where a customer wants to go from, as given by the telephone or chosen by hand; the
//! [`Index`] holds in memory what these pages show. The module has no tables: everything it knows it reads through the
//! public functions of others.

mod index;
mod model;
mod pages;
mod subway;
#[cfg(test)]
mod tests;

pub use index::Index;
use kernel::Lang;

/// What this module hands to the program, which plugs an [`Index`] in.
pub fn module() -> web::Module {
    web::Module {
        name: "directory",
        migrations: &[],
        texts: [
            (Lang::Zh, include_str!("../texts/zh-CN.ftl")),
            (Lang::En, include_str!("../texts/en.ftl")),
        ],
        routes: pages::routes(),
        jobs: Vec::new(),
        listens: Vec::new(),
        refusals: &[],
    }
}

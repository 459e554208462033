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

use geo::Wgs84;
pub use index::Index;
use kernel::{Id, Lang, Result, Shop};

/// The shops nearest to a place, the open ones first, with their distance in metres.
pub async fn nearest(ask: &web::Ask, from: Wgs84, count: usize) -> Result<Vec<(Id<Shop>, f64)>> {
    let list = ask.app.plug::<Index>().list(ask).await?;
    let found = list.nearest(from, count, ask.cx.now());
    Ok(found.iter().map(|near| (near.item.id, near.metres)).collect())
}

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

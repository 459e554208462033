//! The parts of the business: the table of contents of the product.

use std::sync::Arc;

use anyhow::Result;
use db::{Db, Tx};
use kernel::{Actor, Cx, Lang, Role};
use web::{
    Module, NavEntry, Plugs, Routes,
    ui::{Icon, Surface},
};

use crate::outside::Outside;

/// Every module, each after those it calls.
pub fn all(outside: &Outside) -> Vec<Module> {
    vec![
        web::module(),
        own(),
        identity::module(),
        shop::module(),
        catalog::module(),
        therapist::module(),
        scheduling::module(),
        ledger::module(),
        payment::module(outside.pay.clone()),
        order::module(),
        booking::module(),
        review::module(),
        alert::module(outside.official.clone()),
        directory::module(),
        integration::module(&outside.post),
    ]
}

/// The words of the navigation: only the program knows all surfaces.
fn own() -> Module {
    Module {
        name: "tuina",
        migrations: &[],
        texts: [
            (Lang::Zh, include_str!("../texts/zh-CN.ftl")),
            (Lang::En, include_str!("../texts/en.ftl")),
        ],
        routes: Routes::new("tuina"),
        jobs: Vec::new(),
        listens: Vec::new(),
        refusals: &[],
    }
}

/// What the handlers ask for by type.
pub fn plugs(outside: &Outside, db: &Db, speech: Arc<dyn telecom::Speech>) -> Result<Plugs> {
    Ok(Plugs::default()
        .with(identity::WeChat {
            account: outside.official.account.clone(),
        })
        .with(outside.official.clone())
        .with(outside.pay.clone())
        .with(outside.post.clone())
        .with(alert::Voice::new(speech))
        .with(directory::Index::new(db)))
}

/// What is planned whenever the program starts.
pub fn plan(cx: &Cx, tx: &mut Tx) -> kernel::Result<()> {
    alert::at_start(cx, tx)?;
    integration::at_start(cx, tx)?;
    ledger::at_start(cx, tx)?;
    payment::at_start(cx, tx)
}

/// The navigation of each surface, in reading order.
pub fn navigation(surface: Surface, actor: Actor) -> Vec<NavEntry> {
    let entry = |href, label, icon| NavEntry { href, label, icon };
    let centre = matches!(
        actor,
        Actor::Staff {
            role: Role::Centre,
            ..
        }
    );
    let owner = matches!(
        actor,
        Actor::Staff {
            role: Role::Owner,
            ..
        }
    );
    match surface {
        Surface::Customer => vec![
            entry("/", "nav-nearby", Icon::Pin),
            entry("/bookings", "nav-bookings", Icon::Clock),
            entry("/me", "nav-me", Icon::Person),
        ],
        Surface::Desk => {
            let mut entries = vec![
                entry("/desk", "nav-today", Icon::Home),
                entry("/desk/bookings", "nav-bookings", Icon::Clock),
                entry("/desk/check-in", "nav-check-in", Icon::Check),
                entry("/desk/shifts", "nav-shifts", Icon::Calendar),
                entry("/desk/reviews", "nav-reviews", Icon::Star),
            ];
            if owner {
                entries.push(entry("/console", "nav-my-shop", Icon::Shop));
            }
            entries
        }
        Surface::Console => {
            let mut entries = vec![entry("/console/shops", "nav-shops", Icon::Shop)];
            if owner {
                entries.insert(0, entry("/desk", "nav-desk", Icon::Home));
            }
            entries.push(entry("/console/staff", "nav-staff", Icon::Person));
            entries.push(entry("/console/orders", "nav-orders", Icon::Receipt));
            entries.push(entry("/console/payments/bills", "nav-bills", Icon::Receipt));
            entries.push(entry("/console/connections", "nav-connections", Icon::List));
            if centre {
                entries.push(entry("/console/cases", "nav-cases", Icon::Info));
                entries.push(entry("/console/payments/approvals", "nav-approvals", Icon::Check));
                entries.push(entry(
                    "/console/payments/quarantine",
                    "nav-quarantine",
                    Icon::Bell,
                ));
            }
            entries
        }
    }
}

//! Lists of orders: the customer's own, a shop's, all.

use std::collections::HashMap;

use kernel::{Actor, Id, Shop};
use text::{args, show};
use web::{
    Answer, Ask, Markup, html,
    ui::{Entry, Icon, Surface, button, list, money, state, table},
};

use super::{badge, when};
use crate::{Order, State, store};

const SHOWN: i64 = 100;

/// `GET /orders`
pub(crate) async fn own(ask: Ask) -> Answer {
    let customer = ask.customer()?;
    let orders = ask
        .read(move |_, tx| store::of_customer(tx, customer, SHOWN))
        .await?;
    let unpaid = orders.iter().filter(|order| order.state == State::Open).count();
    let title = ask.say("order-list-title", &args![count => orders.len()]);
    let answer = ask.say("order-list-answer", &args![count => unpaid]);
    let rows: Vec<(String, String, &Order)> = orders
        .iter()
        .map(|order| {
            (
                format!("/orders/{}", order.id),
                when(&ask, order.opened_at),
                order,
            )
        })
        .collect();
    Ok(ask.page(Surface::Customer, &title, |_, page| {
        let mut entries = list::entries();
        for (href, at, order) in &rows {
            entries = entries.entry(
                Entry::new(href, &order.title)
                    .badge(badge(&ask, order))
                    .line(at)
                    .end(money::amount(order.total.fen())),
            );
        }
        page.answer(&answer).body(html! {
            @if rows.is_empty() {
                (state::empty(Icon::Receipt, &ask.label("order-list-empty"))
                    .action(button::link("/", &ask.label("order-book"))))
            } @else { (entries) }
        })
    }))
}

/// `GET /console/orders`: an owner's own shop, all shops for the centre.
pub(crate) async fn console(ask: Ask) -> Answer {
    let own = match ask.actor() {
        Actor::Staff { shop, .. } => shop,
        _ => None,
    };
    let (orders, names) = ask
        .read(move |_, tx| {
            let orders = match own {
                Some(shop) => store::of_shop(tx, shop, SHOWN)?,
                None => store::newest(tx, SHOWN)?,
            };
            Ok((orders, shop::names_of(tx)?))
        })
        .await?;
    let title = ask.say("order-console-title", &args![count => orders.len()]);
    let answer = console_answer(&ask, &orders);
    Ok(ask.page(Surface::Console, &title, |_, page| {
        page.wide().answer(&answer).body(html! {
            @if orders.is_empty() { (state::empty(Icon::Receipt, &ask.label("order-console-empty"))) }
            @else { (console_table(&ask, &orders, &names)) }
            p { a href="/console/ledger" { (ask.label("order-console-books")) } }
        })
    }))
}

/// What came in today.
fn console_answer(ask: &Ask, orders: &[Order]) -> String {
    let today = ask.today();
    let placed = |order: &&Order| {
        matches!(order.state, State::Placed | State::Fulfilled)
            && order.placed_at.is_some_and(|at| at.day() == today)
    };
    let sum = show::money(orders.iter().filter(placed).map(|order| order.total).sum());
    let count = orders.iter().filter(placed).count();
    ask.say(
        "order-console-answer",
        &args![count => count, amount => sum.as_str()],
    )
}

fn console_table(ask: &Ask, orders: &[Order], names: &HashMap<Id<Shop>, String>) -> Markup {
    let words: Vec<String> = ["number", "opened", "shop", "service", "state", "total"]
        .iter()
        .map(|word| ask.label(&format!("order-{word}")))
        .collect();
    let heads: Vec<&str> = words.iter().map(String::as_str).collect();
    let caption = ask.label("order-console-caption");
    let mut table = table::table(&caption).head(&heads).numeric(5);
    for order in orders {
        table = table.row(vec![
            html! { (order.number) },
            html! { (when(ask, order.opened_at)) },
            html! { (names.get(&order.shop).map_or("", String::as_str)) },
            html! { (order.title) },
            badge(ask, order),
            money::amount(order.total.fen()),
        ]);
    }
    html! { (table) }
}

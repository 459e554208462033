//! The receipt (收据): one page to be heard, kept or printed; the same for the customer and at the desk.

use kernel::{Id, Money};
use text::{args, show};
use web::{
    Answer, Ask, Path, Response, html,
    ui::{Surface, list, money, section, table},
};

use super::{Told, facts, line_words, refund_sentences, tender_key, told, told_at_desk, when};
use crate::Order;

/// `GET /orders/{id}/receipt`
pub(crate) async fn own(ask: Ask, Path(id): Path<Id<Order>>) -> Answer {
    let told = told(&ask, id).await?;
    Ok(page(&ask, &told, Surface::Customer, &format!("/orders/{id}")))
}

/// `GET /desk/orders/{id}/receipt`
pub(crate) async fn desk(ask: Ask, Path(id): Path<Id<Order>>) -> Answer {
    let told = told_at_desk(&ask, id).await?;
    Ok(page(&ask, &told, Surface::Desk, &format!("/desk/orders/{id}")))
}

fn page(ask: &Ask, told: &Told, surface: Surface, back: &str) -> Response {
    let order = &told.order;
    let title = ask.say("order-receipt-title", &args![number => order.number.as_str()]);
    let net = show::money(told.net());
    let answer = ask.say("order-receipt-answer", &args![amount => net]);
    let (what, lines, caption) = (
        ask.label("order-what"),
        ask.label("order-receipt-lines"),
        ask.label("order-receipt-caption"),
    );
    let heads = [ask.label("order-receipt-line"), ask.label("order-receipt-amount")];
    let back_words = ask.label("order-receipt-back");
    ask.page(surface, &title, |_, page| {
        let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
        let mut rows = table::table(&caption).head(&heads).numeric(1);
        for line in &told.lines {
            rows = rows.row(vec![
                html! { (line_words(ask, line)) },
                money::amount(line.amount.fen()),
            ]);
        }
        for (tender, amount) in &told.tenders {
            rows = rows.row(vec![
                html! { (ask.label(tender_key(*tender))) },
                money::amount(amount.fen()),
            ]);
        }
        if told.rest() > Money::ZERO {
            rows = rows.row(vec![
                html! { (ask.label("order-rest")) },
                money::amount(told.rest().fen()),
            ]);
        }
        let rows = rows.foot(vec![
            html! { (ask.label("order-receipt-net")) },
            money::amount(told.net().fen()),
        ]);
        let refunds = refund_sentences(ask, told);
        page.answer(&answer).back(back, &back_words).body(html! {
            p id="spoken" { (spoken(ask, told)) }
            (section("lines", &lines, html! {
                (rows)
                @if !refunds.is_empty() { (list::sentences(&refunds)) }
            }))
            (section("what", &what, facts(ask, told)))
            p { (ask.label("order-receipt-no-invoice")) }
        })
    })
}

/// The receipt as one would read it out.
fn spoken(ask: &Ask, told: &Told) -> String {
    let order = &told.order;
    let words = |amount| show::money_words(ask.lang(), amount);
    let item = |what: &str, amount: Money| {
        ask.say(
            "order-receipt-item",
            &args![what => what, amount => words(amount)],
        )
    };
    let stop = ask.label("order-receipt-stop");
    let lines: Vec<String> = told
        .lines
        .iter()
        .map(|line| item(&line.title, line.amount))
        .collect();
    let tenders: Vec<String> = told
        .tenders
        .iter()
        .map(|(tender, amount)| item(&ask.label(tender_key(*tender)), *amount))
        .collect();
    ask.say(
        "order-receipt-spoken",
        &args![
            shop => told.shop.as_str(),
            at => when(ask, told.paid_at.unwrap_or(order.opened_at)),
            lines => lines.join(&stop),
            total => words(order.total),
            tenders => tenders.join(&stop),
            back => words(told.money_back()),
            net => words(told.net()),
        ],
    )
}

//! What was paid, what went back, and the second person.

use kernel::{Actor, Day, Error, Id, Money, Refused};
use serde::Deserialize;
use text::{args, show};
use web::{
    Allow, Answer, Ask, Form, Markup, Path, Query, Routes, html,
    ui::{self, Entry, Frame, Icon, Surface, button, csrf, list, money, state},
};

use super::when;
use crate::{Payment, Purpose, Refund, RefundState, actions, store};

const PAYMENTS: &str = "/desk/payments";
const DESK: &str = "/desk/refunds";
const CONSOLE: &str = "/console/payments/approvals";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(PAYMENTS, Allow::FrontDesk, payments)
        .get("/desk/payments/{id}", Allow::FrontDesk, payment)
        .get(DESK, Allow::FrontDesk, waiting)
        .post("/desk/refunds/{id}/approval", Allow::FrontDesk, approve)
        .post("/desk/refunds/{id}/rejection", Allow::FrontDesk, reject)
        .get(CONSOLE, Allow::Centre, waiting)
        .post(
            "/console/payments/approvals/{id}/approval",
            Allow::Centre,
            approve,
        )
        .post(
            "/console/payments/approvals/{id}/rejection",
            Allow::Centre,
            reject,
        )
}

#[derive(Deserialize)]
struct Which {
    /// `2026-11-24`; today where it is missing.
    day: Option<String>,
}

/// `GET /desk/payments?day=2026-11-24`: what the shop was paid on a day, through WeChat and in cash.
async fn payments(ask: Ask, Query(which): Query<Which>) -> Answer {
    let day = match &which.day {
        Some(text) => Day::parse(text).ok_or(Error::NotFound)?,
        None => ask.today(),
    };
    let scope = ask.shop()?;
    let (paid, waiting, cash) = ask
        .read(move |_, tx| {
            let paid = store::paid_between(tx, scope, day.at(0), day.plus(1).at(0))?;
            let tills = ledger::takings(tx, scope, day, day.plus(1))?;
            let cash = tills.get(&(day, ledger::Kind::Cash)).copied().unwrap_or_default();
            Ok((paid, store::waiting_refunds(tx, Some(scope.id()))?.len(), cash))
        })
        .await?;
    let words = show::day(ask.lang(), day, ask.today());
    let sum: Money = paid.iter().map(|payment| payment.amount).sum();
    let back: Money = paid.iter().map(|payment| payment.refunded).sum();
    // The takings are what one asks for, so they are heard first.
    let title = ask.say(
        "payment-day-title",
        &args![day => words.as_str(), amount => show::money(sum).as_str(), count => paid.len()],
    );
    let back = ask.say("payment-day-answer", &args![amount => show::money(back).as_str()]);
    let answer = ask.say(
        "payment-day-cash",
        &args![amount => show::money(cash.taken).as_str(), back => show::money(cash.given_back).as_str(),
            given => if cash.given_back > Money::ZERO { "yes" } else { "no" }],
    );
    let (before, look) = (
        ask.label("payment-day-before"),
        ask.say("payment-waiting-link", &args![count => waiting]),
    );
    let lines: Vec<(String, String)> = paid
        .iter()
        .map(|payment| (format!("{PAYMENTS}/{}", payment.id), line_words(&ask, payment)))
        .collect();
    let mut entries = list::entries();
    for (payment, (href, line)) in paid.iter().zip(&lines) {
        let entry = Entry::new(href, &payment.description).line(line);
        entries = entries.entry(entry.end(money::amount(payment.amount.fen())));
    }
    let earlier = format!("{PAYMENTS}?day={}", day.plus(-1));
    Ok(ask.page(Surface::Desk, &title, |_, page| {
        page.answer(&answer).body(html! {
            @if paid.is_empty() { (state::empty(Icon::Receipt, &ask.label("payment-day-empty"))) }
            @else { p { (back) } (entries) }
            (list::items(&[html! { a href=(DESK) { (look) } }, html! { a href=(earlier) { (before) } }]))
        })
    }))
}

/// When it was paid, and what went back.
fn line_words(ask: &Ask, payment: &Payment) -> String {
    let at = when(ask, payment.paid_at.unwrap_or(payment.opened_at));
    if payment.refunded == Money::ZERO {
        return at;
    }
    let amount = show::money(payment.refunded);
    let back = ask.say("payment-given-back", &args![amount => amount.as_str()]);
    format!("{at} {back}")
}

/// `GET /desk/payments/{id}`: what was paid and what went back. Money goes back where it is known what for: at the order.
async fn payment(ask: Ask, Path(id): Path<Id<Payment>>) -> Answer {
    let (payment, refunds) = ask
        .read(move |cx, tx| {
            let payment = store::payment(tx, id)?;
            cx.shop_named(payment.shop)?;
            Ok((payment, store::refunds_of(tx, id)?))
        })
        .await?;
    let left = payment.refundable();
    let what = show::money(payment.amount);
    let title = ask.say("payment-one-title", &args![amount => what.as_str()]);
    let remains = show::money(left);
    let answer = ask.say("payment-one-answer", &args![amount => remains.as_str()]);
    let back = ask.label("payment-day-back");
    let said: Vec<String> = refunds.iter().map(|refund| refund_words(&ask, refund)).collect();
    let source = source(&payment.purpose);
    Ok(ask.page(Surface::Desk, &title, |_, page| {
        page.back(PAYMENTS, &back).answer(&answer).body(html! {
            (facts(&ask, &payment))
            @if !said.is_empty() { (ui::section("refunds", &ask.label("payment-refunds"), list::sentences(&said))) }
            @if let Some(href) = &source {
                p { (button::link(href, &ask.label("payment-at-order")).secondary()) }
            }
        })
    }))
}

/// Where the desk sees what was paid for.
fn source(purpose: &Purpose) -> Option<String> {
    (purpose.module == "order").then(|| format!("/desk/orders/{}", Id::<()>::from_raw(purpose.id)))
}

fn facts(ask: &Ask, payment: &Payment) -> Markup {
    let word = |key: &str| ask.label(key);
    let (what, paid, amount, number) = (
        word("payment-what"),
        word("payment-paid-at"),
        word("payment-amount"),
        word("payment-number"),
    );
    html! {
        (list::facts()
            .row(&what, html! { (payment.description) })
            .row(&paid, html! { (payment.paid_at.map(|at| when(ask, at)).unwrap_or_default()) })
            .row(&amount, money::amount(payment.amount.fen()))
            .row(&number, html! { (payment.out_trade_no) }))
    }
}

/// How a refund stands, in one sentence.
fn refund_words(ask: &Ask, refund: &Refund) -> String {
    let key = match refund.state {
        RefundState::Requested if refund.waits() => "payment-refund-waits",
        RefundState::Requested | RefundState::Approved => "payment-refund-planned",
        RefundState::Rejected => "payment-refund-rejected",
        RefundState::Submitted | RefundState::Processing => "payment-refund-running",
        RefundState::Succeeded => "payment-refund-arrived",
        RefundState::Abnormal => "payment-refund-at-bank",
        RefundState::Failed => "payment-refund-not-done",
        RefundState::Manual => "payment-refund-by-hand",
    };
    let amount = show::money(refund.amount);
    let at = when(ask, refund.requested_at);
    ask.say(
        key,
        &args![at => at.as_str(), amount => amount.as_str(), why => refund.reason.as_str()],
    )
}

/// One refund that lies with a second person.
struct Waiting {
    refund: Refund,
    payment: Payment,
}

async fn waiting(ask: Ask) -> Answer {
    waiting_page(&ask, None).await
}

async fn waiting_page(ask: &Ask, no: Option<&Refused>) -> Answer {
    let (surface, base) = place(ask);
    let all = ask
        .read(move |cx, tx| {
            let shop = cx.shop().ok().map(|scope| scope.id());
            let refunds = store::waiting_refunds(tx, shop)?;
            let with = |refund: Refund| {
                let payment = store::payment(tx, refund.payment)?;
                Ok(Waiting { refund, payment })
            };
            refunds.into_iter().map(with).collect::<kernel::Result<Vec<_>>>()
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let title = ask.say("payment-waiting-title", &args![count => all.len()]);
    let answer = ask.label(if all.is_empty() {
        "payment-waiting-none"
    } else {
        "payment-waiting-answer"
    });
    let response = ask.page(surface, &title, |frame, page| {
        page.errors(&errors).answer(&answer).body(html! {
            @if all.is_empty() {
                (state::empty(Icon::Check, &ask.label("payment-waiting-later")))
            } @else {
                ul class="sentences" role="list" {
                    @for one in &all { li id={ "r" (one.refund.id) } { (decision(ask, frame, base, one)) } }
                }
            }
        })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

/// What is asked for, and the two ways to answer; to whoever asked, that somebody else has to.
fn decision(ask: &Ask, frame: &Frame<'_>, base: &str, one: &Waiting) -> Markup {
    let Waiting { refund, payment } = one;
    let (amount, whole) = (show::money(refund.amount), show::money(payment.amount));
    let about = format!("{} {amount}", payment.description);
    let sentence = ask.say(
        "payment-waiting-one",
        &args![
            amount => amount.as_str(),
            whole => whole.as_str(),
            what => payment.description.as_str(),
            why => refund.reason.as_str(),
            at => when(ask, refund.requested_at).as_str()
        ],
    );
    let own = matches!(ask.actor(), Actor::Staff { id, .. } if refund.asked_by == Some(id));
    let (approve, reject) = (
        format!("{base}/{}/approval", refund.id),
        format!("{base}/{}/rejection", refund.id),
    );
    let name = format!("note-{}", refund.id);
    html! {
        p { (sentence) }
        @if own { p { (ask.label("payment-waiting-own")) } }
        @else {
            (button::post(frame, &approve, &ask.label("payment-approve")).about(&about))
            form method="post" action=(reject) novalidate {
                (csrf(frame))
                p {
                    label for=(name) { (ask.say("payment-reject-why", &args![what => about.as_str()])) }
                    input id=(name) name="note" maxlength="200" autocomplete="off";
                }
                (button::submit(&ask.label("payment-reject")).about(&about).secondary())
            }
        }
    }
}

fn place(ask: &Ask) -> (Surface, &'static str) {
    match ask.surface() {
        Surface::Console => (Surface::Console, CONSOLE),
        _ => (Surface::Desk, DESK),
    }
}

async fn approve(ask: Ask, Path(id): Path<Id<Refund>>) -> Answer {
    let done = ask.write(move |cx, tx| actions::approve_refund(cx, tx, id)).await;
    decided(&ask, done, "payment-approved").await
}

async fn reject(ask: Ask, Path(id): Path<Id<Refund>>, Form(form): Form<super::NoteForm>) -> Answer {
    let done = ask
        .write(move |cx, tx| actions::reject_refund(cx, tx, id, &form.note))
        .await;
    decided(&ask, done, "payment-rejected").await
}

async fn decided(ask: &Ask, done: kernel::Result<()>, said: &str) -> Answer {
    match done {
        Ok(()) => Ok(ask.see_saying(place(ask).1, &ask.label(said))),
        Err(Error::Refused(no)) => waiting_page(ask, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

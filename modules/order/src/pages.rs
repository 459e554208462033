//! What customers see of their orders, and the shops' and the centre's list.

mod list;
mod pay;

use kernel::{Error, Id, Instant, Money, Result};
use payment::{Refund, RefundState};
use text::{args, show};
use web::{
    Allow, Answer, Ask, Markup, Path, Routes, html,
    ui::{Surface, Tone, button, list as ui_list, money, section, state},
};

use crate::{Line, Order, State, Tender, actions, store};

pub(crate) fn routes() -> Routes {
    Routes::new("order")
        .get("/orders", Allow::Customer, list::own)
        .get("/orders/{id}", Allow::Customer, receipt)
        .get("/orders/{id}/payment", Allow::Customer, pay::show)
        .get("/orders/{id}/payment/state", Allow::Customer, pay::part)
        .post("/orders/{id}/withdrawal", Allow::Customer, pay::withdraw)
        .get("/console/orders", Allow::Console, list::console)
}

/// An order with all that its pages tell.
pub(crate) struct Told {
    pub order: Order,
    pub lines: Vec<Line>,
    pub shop: String,
    pub sub_mchid: Option<String>,
    refunds: Vec<Refund>,
    tenders: Vec<(Tender, Money)>,
    paid_at: Option<Instant>,
}

/// The asking customer's own order.
pub(crate) async fn told(ask: &Ask, id: Id<Order>) -> Result<Told> {
    ask.read(move |cx, tx| {
        let order = actions::own(cx, tx, id)?;
        let shop = shop::shop(tx, order.shop)?;
        let purpose = actions::purpose(id);
        let paid_at = payment::payments(tx, &purpose)?
            .iter()
            .filter_map(|payment| payment.paid_at)
            .min();
        let mut tenders: Vec<(Tender, Money)> = Vec::new();
        for (_, tender, amount) in store::allocations(tx, id)? {
            match tenders.iter_mut().find(|(known, _)| *known == tender) {
                Some((_, sum)) => *sum += amount,
                None => tenders.push((tender, amount)),
            }
        }
        Ok(Told {
            lines: store::lines(tx, id)?,
            shop: shop.name,
            sub_mchid: shop.sub_mchid,
            refunds: payment::refunds(tx, &purpose)?,
            tenders,
            paid_at,
            order,
        })
    })
    .await
}

async fn receipt(ask: Ask, Path(id): Path<Id<Order>>) -> Answer {
    let told = told(&ask, id).await?;
    let order = &told.order;
    let (title, answer) = (ask.label(state_key(order.state)), sentence(&ask, order));
    let what = ask.label("order-what");
    let back = ask.label("order-list-back");
    let money_heading = ask.label("order-money");
    let (look, pay) = (ask.label("order-look"), ask.label("order-to-payment"));
    let payment = format!("/orders/{id}/payment");
    Ok(ask.page(Surface::Customer, &title, |_, page| {
        let page = page.back("/orders", &back).answer(&answer);
        let page = if order.state == State::Open {
            page.primary(html! { (button::link(&payment, &pay).about(&show::money(order.due_now)).large()) })
        } else {
            page
        };
        page.body(html! {
            (section("what", &what, facts(&ask, &told)))
            (section("money", &money_heading, amounts(&ask, &told)))
            p { (button::link(&order.page, &look).about(&order.title).secondary()) }
        })
    }))
}

/// What, where and when.
pub(crate) fn facts(ask: &Ask, told: &Told) -> Markup {
    let (service, shop, number, opened) = (
        ask.label("order-service"),
        ask.label("order-shop"),
        ask.label("order-number"),
        ask.label("order-opened"),
    );
    let mut facts = ui_list::facts();
    for line in &told.lines {
        facts = facts.row(&service, html! { (line_words(ask, line)) });
    }
    html! {
        (facts
            .row(&shop, html! { (told.shop) })
            .row(&number, html! { (told.order.number) })
            .row(&opened, html! { (when(ask, told.order.opened_at)) }))
    }
}

fn line_words(ask: &Ask, line: &Line) -> String {
    let mut words = line.title.clone();
    if let Some(starts) = line.starts_at {
        words = format!("{words}，{}", when(ask, starts));
    }
    words
}

/// What it costs, what was paid and what went back.
pub(crate) fn amounts(ask: &Ask, told: &Told) -> Markup {
    let order = &told.order;
    let (total, paid_at, kept) = (
        ask.label("order-total"),
        ask.label("order-paid-at"),
        ask.label("order-kept"),
    );
    let with = ask.label("order-with-wechat");
    let mut facts = ui_list::facts().row(&total, money::amount(order.total.fen()));
    if told.paid_at.is_some() {
        for (Tender::WeChat, amount) in &told.tenders {
            facts = facts.row(&with, money::amount(amount.fen()));
        }
    }
    if let Some(at) = told.paid_at {
        facts = facts.row(&paid_at, html! { (when(ask, at)) });
    }
    if order.kept > Money::ZERO {
        facts = facts.row(&kept, money::amount(order.kept.fen()));
    }
    let refunds: Vec<String> = told
        .refunds
        .iter()
        .map(|refund| refund_words(ask, refund))
        .collect();
    html! {
        (facts)
        @if !refunds.is_empty() { (ui_list::sentences(&refunds)) }
    }
}

fn refund_words(ask: &Ask, refund: &Refund) -> String {
    let amount = show::money(refund.amount);
    let key = match refund.state {
        RefundState::Succeeded => "order-refund-done",
        RefundState::Manual => "order-refund-manual",
        RefundState::Abnormal | RefundState::Failed => "order-refund-trouble",
        RefundState::Requested | RefundState::Approved | RefundState::Submitted | RefundState::Processing => {
            "order-refund-running"
        }
        RefundState::Rejected => "order-refund-rejected",
    };
    ask.say(key, &args![amount => amount.as_str()])
}

/// The order's state in one sentence.
pub(crate) fn sentence(ask: &Ask, order: &Order) -> String {
    let amount = show::money(order.due_now);
    let until = show::clock(order.deadline.minute_of_day());
    let key = match order.state {
        State::Open => "order-sentence-open",
        State::Placed => "order-sentence-placed",
        State::Fulfilled => "order-sentence-fulfilled",
        State::Cancelled => "order-sentence-cancelled",
        State::Closing => "order-sentence-closing",
        State::Closed if order.ending == Some(crate::Ending::Withdrawn) => "order-sentence-withdrawn",
        State::Closed => "order-sentence-closed",
    };
    ask.say(key, &args![amount => amount.as_str(), until => until.as_str()])
}

/// The state in a word or two.
pub(crate) fn state_key(state: State) -> &'static str {
    match state {
        State::Open => "order-state-open",
        State::Placed => "order-state-placed",
        State::Fulfilled => "order-state-fulfilled",
        State::Cancelled => "order-state-cancelled",
        State::Closing => "order-state-closing",
        State::Closed => "order-state-closed",
    }
}

pub(crate) fn badge(ask: &Ask, state: State) -> Markup {
    let tone = match state {
        State::Open | State::Closing => Tone::Attention,
        State::Placed | State::Fulfilled => Tone::Good,
        State::Cancelled | State::Closed => Tone::Plain,
    };
    state::badge(tone, &ask.label(state_key(state)))
}

pub(crate) fn when(ask: &Ask, at: Instant) -> String {
    show::when(ask.lang(), at.day(), at.minute_of_day(), ask.today())
}

/// The words of a refusal, or the error itself where it is none.
pub(crate) fn words_of(ask: &Ask, error: Error) -> Result<String> {
    match error {
        Error::Refused(no) => Ok(ask.refusal(&no)),
        other => Err(other),
    }
}

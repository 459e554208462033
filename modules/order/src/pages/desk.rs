//! What the desk does with the money of orders: take the rest, hand goods out, hand cash back, refund a line.

mod money;

use kernel::{Id, Money, Result};
use text::{args, show};
use web::{
    Allow, Answer, Ask, Markup, Path, Routes, html,
    ui::{Entry, Frame, Icon, Surface, button, list as ui_list, section, state},
};

use super::{Told, amounts, badge, facts, line_words, receipt, told_at_desk};
use crate::{Order, Return, State, actions, store};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/desk/orders", Allow::FrontDesk, show)
        .get("/desk/orders/{id}", Allow::FrontDesk, one)
        .get("/desk/orders/{id}/receipt", Allow::FrontDesk, receipt::desk)
        .get("/desk/orders/{id}/cash", Allow::FrontDesk, money::ask_cash)
        .post("/desk/orders/{id}/cash", Allow::FrontDesk, money::take_cash)
        .post("/desk/orders/{id}/handing-out", Allow::FrontDesk, money::hand_out)
        .post(
            "/desk/orders/{id}/returns/{given}/handing-over",
            Allow::FrontDesk,
            money::hand_over,
        )
        .get(
            "/desk/orders/{id}/lines/{line}/refund",
            Allow::FrontDesk,
            money::ask_refund,
        )
        .post(
            "/desk/orders/{id}/lines/{line}/refund",
            Allow::FrontDesk,
            money::refund,
        )
}

/// What the desk has to do with money.
struct Work {
    /// Cash that customers get back, each with its order.
    returns: Vec<(Return, Order)>,
    /// Orders of which a rest is to be paid, and how much.
    rests: Vec<(Order, Money)>,
    /// Paid goods that nobody has fetched yet.
    goods: Vec<Order>,
    /// Orders that nobody has paid yet.
    open: Vec<Order>,
}

impl Work {
    async fn find(ask: &Ask) -> Result<Work> {
        ask.read(move |cx, tx| {
            let shop = cx.shop()?.id();
            let mut returns = Vec::new();
            for due in store::returns_due(tx, shop, 200)? {
                let order = store::order(tx, due.order)?;
                returns.push((due, order));
            }
            let mut work = Work {
                returns,
                rests: Vec::new(),
                goods: Vec::new(),
                open: Vec::new(),
            };
            for order in store::at_work(tx, shop)? {
                let rest = order.rest(actions::paid(tx, order.id)?);
                if order.state == State::Open {
                    work.open.push(order);
                    continue;
                }
                if order.state == State::Placed && actions::are_all_goods(tx, order.id)? {
                    work.goods.push(order.clone());
                }
                if rest > Money::ZERO {
                    work.rests.push((order, rest));
                }
            }
            Ok(work)
        })
        .await
    }

    fn count(&self) -> usize {
        self.returns.len() + self.rests.len() + self.goods.len()
    }
}

/// `GET /desk/orders`
async fn show(ask: Ask) -> Answer {
    let work = Work::find(&ask).await?;
    let title = ask.say("order-desk-title", &args![count => work.count()]);
    let answer = ask.say(
        "order-desk-answer",
        &args![rests => work.rests.len(), returns => work.returns.len(), goods => work.goods.len()],
    );
    let (returns, rests, goods, open) = (
        ask.label("order-desk-returns"),
        ask.label("order-desk-rests"),
        ask.label("order-desk-goods"),
        ask.label("order-desk-open"),
    );
    let none = work.count() + work.open.len() == 0;
    Ok(ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer).back("/desk", &ask.label("order-desk-home")).body(html! {
            @if none { (state::empty(Icon::Receipt, &ask.label("order-desk-none"))) }
            @if !work.returns.is_empty() { (section("returns", &returns, return_entries(&ask, frame, &work.returns))) }
            @if !work.rests.is_empty() {
                (section("rests", &rests, entries(&ask, work.rests.iter().map(|(order, rest)| (order, Some(*rest))))))
            }
            @if !work.goods.is_empty() {
                (section("goods", &goods, entries(&ask, work.goods.iter().map(|order| (order, None)))))
            }
            @if !work.open.is_empty() {
                (section("open", &open, entries(&ask, work.open.iter().map(|order| (order, Some(order.due()))))))
            }
            p {
                (button::link("/desk/payments", &ask.label("order-desk-payments")).secondary()) " "
                (button::link("/desk/refunds", &ask.label("order-desk-refunds")).secondary())
            }
        })
    }))
}

fn entries<'a>(ask: &Ask, orders: impl Iterator<Item = (&'a Order, Option<Money>)>) -> Markup {
    let told: Vec<(String, &Order, Option<Money>)> = orders
        .map(|(order, amount)| (format!("/desk/orders/{}", order.id), order, amount))
        .collect();
    let mut entries = ui_list::entries().level(3);
    for (address, order, amount) in &told {
        let entry = Entry::new(address, &order.title)
            .line(&order.number)
            .badge(badge(ask, order));
        entries = entries.entry(match amount {
            Some(amount) => entry.end(web::ui::money::amount(amount.fen())),
            None => entry,
        });
    }
    html! { (entries) }
}

fn return_entries(ask: &Ask, frame: &Frame<'_>, returns: &[(Return, Order)]) -> Markup {
    let addresses: Vec<String> = returns
        .iter()
        .map(|(_, order)| format!("/desk/orders/{}", order.id))
        .collect();
    let mut entries = ui_list::entries().level(3);
    for ((due, order), address) in returns.iter().zip(&addresses) {
        let entry = Entry::new(address, &order.title)
            .line(&order.number)
            .end(web::ui::money::amount(due.amount.fen()))
            .action(hand_over_button(ask, frame, due, order));
        entries = entries.entry(entry);
    }
    html! { (entries) }
}

fn hand_over_button(ask: &Ask, frame: &Frame<'_>, due: &Return, order: &Order) -> Markup {
    let action = format!("/desk/orders/{}/returns/{}/handing-over", order.id, due.id);
    let about = format!("{} {}", show::money(due.amount), order.number);
    html! { (button::post(frame, &action, &ask.label("order-hand-over")).about(&about)) }
}

/// `GET /desk/orders/{id}`
async fn one(ask: Ask, Path(id): Path<Id<Order>>) -> Answer {
    let told = told_at_desk(&ask, id).await?;
    let goods = ask.read(move |_, tx| actions::are_all_goods(tx, id)).await?;
    let order = &told.order;
    let title = ask.say(
        "order-desk-one-title",
        &args![what => order.title.as_str(), state => ask.label(super::state_key(order))],
    );
    let answer = super::sentence(&ask, &told);
    let (cash, out, slip) = (
        format!("/desk/orders/{id}/cash"),
        format!("/desk/orders/{id}/handing-out"),
        format!("/desk/orders/{id}/receipt"),
    );
    let owed = show::money(open_amount(&told));
    let back = ask.label("order-desk-orders");
    Ok(ask.page(Surface::Desk, &title, |frame, page| {
        let page = page.answer(&answer).back("/desk/orders", &back);
        let page = if open_amount(&told) > Money::ZERO {
            page.primary(html! { (button::link(&cash, &ask.label("order-take-cash")).about(&owed).large()) })
        } else {
            page
        };
        page.body(html! {
            p { (badge(&ask, order)) }
            @if goods && order.state == State::Placed {
                p { (button::post(frame, &out, &ask.label("order-hand-out")).about(&order.title)) }
            }
            @for due in told.returns.iter().filter(|due| due.handed_at.is_none()) {
                p { (hand_over_button(&ask, frame, due, order)) }
            }
            (section("what", &ask.label("order-what"), facts(&ask, &told)))
            (section("money", &ask.label("order-money"), amounts(&ask, &told)))
            @if matches!(order.state, State::Placed | State::Fulfilled) && told.paid > Money::ZERO {
                (section("lines", &ask.label("order-refund-lines"), line_entries(&ask, &told)))
            }
            p { (button::link(&slip, &ask.label("order-receipt")).about(&order.number).quiet()) }
        })
    }))
}

/// What the desk may still take for an order.
fn open_amount(told: &Told) -> Money {
    match told.order.state {
        State::Open => told.order.owed() - told.covered,
        _ => told.rest(),
    }
}

fn line_entries(ask: &Ask, told: &Told) -> Markup {
    let lines: Vec<(String, String)> = told
        .lines
        .iter()
        .map(|line| {
            (
                format!("/desk/orders/{}/lines/{}/refund", told.order.id, line.id),
                line_words(ask, line),
            )
        })
        .collect();
    let verb = ask.label("order-refund-line");
    html! {
        div class="actions" {
            @for (address, words) in &lines { (button::open(address, &verb).about(words).secondary()) }
        }
    }
}

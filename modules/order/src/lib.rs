//! Orders: what customers ask for, at a fixed price, from asking to paying to the end.
//!
//! Words: an [`Order`] has [`Line`]s, each for a thing of another module (such as a booking), which this module does not
//! know; the *allocation* says which tender pays how much of which line. It is *open* until the amount due is covered,
//! then *placed*; unpaid it is *closing* while WeChat is asked, then *closed*. Money on a dead order either *revives* it or
//! goes back. [`Order::verdict`] is the one rule about money, [`settle`] the one action that follows it.

mod actions;
mod events;
mod jobs;
mod model;
mod pages;
mod store;
#[cfg(test)]
mod tests;

use db::Tx;
use kernel::{Customer, Id, Lang, Money, Result, ShopScope};

pub use actions::{
    AskedBack, Changed, GOODS, NewLine, NewOrder, Payer, Portion, Refusal, Source, Unsettled, Wanted,
    abandon, add_line, ask_rest, by_tender, cancel, change_line, drop_line, drop_line_for, fulfil, give_back,
    hand_out, hand_over, lower_kept, open, open_due, order_goods, own, paid, pay, purpose, quote,
    quote_goods, record_answers, refund_line, refund_line_at_desk, release, reopen, reserve, revive, settle,
    take, take_cash, unsettled_with,
};
pub use events::{Cancelled, Closed, PaidLate, Placed, Returned, Thing};
pub use jobs::{LISTENS, jobs};
pub use model::{
    Answer, By, Cell, Ending, GivenBack, Line, Matrix, Order, Policy, Quote, REVIVAL_MINUTES, Recorded,
    Return, Row, State, Step, Taken, Taking, Tender, Verdict, allocate, pay_by,
};

/// An order.
pub fn order(tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    store::order(tx, id)
}

/// The newest order that has a line for this thing.
pub fn of_thing(tx: &mut Tx, module: &str, thing: i64) -> Result<Option<Order>> {
    store::of_thing(tx, module, thing)
}

/// A customer's orders, the newest first.
pub fn of_customer(tx: &mut Tx, customer: Id<Customer>, limit: i64) -> Result<Vec<Order>> {
    store::of_customer(tx, customer, limit)
}

/// A shop's orders, the newest first.
pub fn of_shop(tx: &mut Tx, shop: ShopScope, limit: i64) -> Result<Vec<Order>> {
    store::of_shop(tx, shop.id(), limit)
}

/// A shop's orders before one of them (all where none is named), the newest first.
pub fn page_of_shop(
    tx: &mut Tx,
    shop: ShopScope,
    before: Option<Id<Order>>,
    limit: i64,
) -> Result<Vec<Order>> {
    store::page_of_shop(tx, shop.id(), before, limit)
}

/// How much of a shop's money is not settled: orders that are not done or not paid in full, cash to hand back, refunds on
/// their way.
pub fn unsettled(tx: &mut Tx, shop: Id<kernel::Shop>) -> Result<usize> {
    let refunds = usize::try_from(payment::unfinished_refunds(tx, shop)?).unwrap_or_default();
    Ok(store::at_work(tx, shop)?.len() + store::returns_due(tx, shop, 500)?.len() + refunds)
}

/// The lines of an order.
pub fn lines(tx: &mut Tx, id: Id<Order>) -> Result<Vec<Line>> {
    store::lines(tx, id)
}

/// Which tender pays how much of which line.
pub fn allocations(tx: &mut Tx, id: Id<Order>) -> Result<Vec<(Id<Line>, Tender, Money)>> {
    let cells = |row: Row| {
        row.cells
            .into_iter()
            .map(move |cell| (row.line, cell.tender, cell.amount))
    };
    Ok(store::matrix(tx, id)?.rows.into_iter().flat_map(cells).collect())
}

/// What is, or is to be, paid of a line and has not gone back.
pub fn line_left(tx: &mut Tx, id: Id<Order>, line: Id<Line>) -> Result<Money> {
    let rows = store::matrix(tx, id)?.rows;
    let row = rows.iter().find(|row| row.line == line);
    Ok(row.map_or(Money::ZERO, Row::left))
}

/// What was answered about the lines of an order when it was made, in the order's order.
pub fn answers(tx: &mut Tx, id: Id<Order>) -> Result<Vec<(Id<Line>, Answer)>> {
    store::answers(tx, id)
}

/// What an order took by other tenders than WeChat, the first first.
pub fn takings(tx: &mut Tx, id: Id<Order>) -> Result<Vec<Taking>> {
    store::takings(tx, id)
}

/// What goes back of those, the first first.
pub fn returns(tx: &mut Tx, id: Id<Order>) -> Result<Vec<Return>> {
    store::returns(tx, id)
}

/// What went back of each line of an order, or is on its way back.
pub fn refunded(tx: &mut Tx, id: Id<Order>) -> Result<Vec<(Id<Line>, Money)>> {
    let rows = store::matrix(tx, id)?.rows;
    Ok(rows.iter().map(|row| (row.line, row.refunded())).collect())
}

/// What single lines gave back when it was decided, the first first. What a second person rejected afterwards stands there too.
pub fn line_refunds(tx: &mut Tx, id: Id<Order>) -> Result<Vec<GivenBack>> {
    store::line_refunds(tx, id)
}

/// What happened to an order, the first first.
pub fn steps(tx: &mut Tx, id: Id<Order>) -> Result<Vec<Recorded>> {
    store::steps(tx, id)
}

/// The tables of this module.
pub const MIGRATIONS: &[db::Migration] = db::migrations!("order": "0001_order", "0002_tenders", "0003_at_work", "0004_deposit", "0005_asked_refund");

/// What this module hands to the program. Its pages need the plug `Arc<payment::WeChatPay>`.
pub fn module() -> web::Module {
    web::Module {
        name: "order",
        migrations: MIGRATIONS,
        texts: [
            (Lang::Zh, include_str!("../texts/zh-CN.ftl")),
            (Lang::En, include_str!("../texts/en.ftl")),
        ],
        routes: pages::routes(),
        jobs: jobs(),
        listens: LISTENS.to_vec(),
        refusals: Refusal::CODES,
    }
}

//! From a wish to an open order: the price of this moment, frozen.

use db::Tx;
use kernel::{Customer, Cx, Error, Id, Instant, Minutes, Money, Result, Shop};

use super::place;
use crate::{
    jobs,
    model::{Answer, Line, Matrix, Order, Policy, Quote, State, Step, Tender},
    store,
};

/// What a customer asks for.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// The shop that serves and is paid.
    pub shop: Id<Shop>,
    /// The customer.
    pub customer: Id<Customer>,
    /// What it is, in a few words; stands on WeChat's pay sheet.
    pub title: String,
    /// The page where the customer looks at what was ordered, such as `/bookings/…`.
    pub page: String,
    /// What is ordered, at least one thing.
    pub lines: Vec<NewLine>,
    /// Until when it can be paid; see [`crate::pay_by`].
    pub deadline: Instant,
    /// The rules of cancellation that hold for this order.
    pub policy: Policy,
}

/// One thing of a new order.
#[derive(Clone, Debug)]
pub struct NewLine {
    /// The module that the thing belongs to.
    pub module: &'static str,
    /// The thing's raw identifier.
    pub thing: i64,
    /// What it is.
    pub title: String,
    /// When it takes place, if it does at a time.
    pub starts_at: Option<Instant>,
    /// How long it takes.
    pub minutes: Minutes,
    /// Its price.
    pub amount: Money,
}

/// What an order would cost: what the customer sees before paying.
pub fn quote(new: &NewOrder, due_now: Money) -> Quote {
    let lines = new.lines.iter().map(|line| (line.title.clone(), line.amount));
    Quote::new(lines.collect(), due_now, new.policy)
}

/// Opens an order of which everything is due before it is placed; see [`open_due`].
pub fn open(cx: &Cx, tx: &mut Tx, new: &NewOrder) -> Result<Order> {
    open_due(cx, tx, new, new.lines.iter().map(|line| line.amount).sum())
}

/// Opens an order at the price of this moment: lines and allocation are frozen, the deadline is a job. `due_now` of it must be
/// paid before it is placed, the rest at the shop or in the app; an order of which nothing is due now is placed at once.
pub fn open_due(cx: &Cx, tx: &mut Tx, new: &NewOrder, due_now: Money) -> Result<Order> {
    let quote = quote(new, due_now);
    let mut order = Order {
        id: cx.id(),
        number: number(cx),
        shop: new.shop,
        customer: new.customer,
        title: new.title.clone(),
        page: new.page.clone(),
        state: State::Open,
        total: quote.total,
        due_now: quote.due_now,
        deposit: Some(quote.due_now).filter(|due_now| *due_now < quote.total),
        kept: Money::ZERO,
        refunded: Money::ZERO,
        waived: Money::ZERO,
        earned: Money::ZERO,
        deadline: new.deadline,
        policy: new.policy,
        ending: None,
        opened_at: cx.now(),
        placed_at: None,
        ended_at: None,
        version: 1,
    };
    while !store::add(cx, tx, &order)? {
        order.number = number(cx);
    }
    add_lines(cx, tx, &order, &new.lines)?;
    if order.due_now == Money::ZERO {
        place(cx, tx, &mut order, Step::Place)?;
    } else {
        jobs::plan_deadline(cx, tx, &order)?;
    }
    Ok(order)
}

/// Keeps what the customer answered about a thing of an order, as the questions and answers read now.
///
/// # Errors
/// `NotFound` when the order has no line for the thing.
pub fn record_answers(
    tx: &mut Tx,
    order: Id<Order>,
    (module, thing): (&str, i64),
    answers: &[Answer],
) -> Result<()> {
    let lines = store::lines(tx, order)?;
    let line = lines
        .iter()
        .find(|line| line.module == module && line.thing == thing)
        .ok_or(Error::NotFound)?;
    for (position, answer) in (0..).zip(answers) {
        store::add_answer(tx, order, line.id, position, answer)?;
    }
    Ok(())
}

fn add_lines(cx: &Cx, tx: &mut Tx, order: &Order, new: &[NewLine]) -> Result<()> {
    let mut rows = Vec::new();
    for (position, line) in (0..).zip(new) {
        let line = Line {
            id: cx.id(),
            module: line.module.to_owned(),
            thing: line.thing,
            title: line.title.clone(),
            starts_at: line.starts_at,
            minutes: line.minutes,
            amount: line.amount,
            dropped_at: None,
        };
        store::add_line(tx, order.id, position, &line)?;
        rows.push((line.id, line.amount));
    }
    let mut matrix = Matrix::new(rows);
    matrix.cover(Tender::WeChat, order.due_now);
    store::save_matrix(tx, order.id, &matrix)
}

/// The day and six digits: short enough to be said.
fn number(cx: &Cx) -> String {
    let (year, month, day) = cx.now().day().ymd();
    format!("{:02}{month:02}{day:02}{}", year % 100, cx.digits(6))
}

use db::Tx;
use kernel::{Customer, Cx, Error, Id, Instant, Minutes, Money, Result, Shop};
use ledger::{Account, Kind, Transfer};
use payment::{NewPayment, NewRefund, Payment, Purpose};

use crate::{
    Cancelled, Closed, PaidLate, Placed, Thing, jobs,
    model::{By, Ending, Line, Order, Policy, REVIVAL_MINUTES, State, Step, Tender, Verdict, allocate},
    store,
};

kernel::refusals! {
    /// Why an order says no.
    pub enum Refusal in "order" {
        /// Somebody else changed it meanwhile.
        Changed => 409 "changed",
        /// The time to pay is over.
        Expired => 409 "expired",
        /// It is paid already.
        Paid => 409 "already_paid",
        /// It was not placed, or it has ended: there is nothing to cancel.
        NotPlaced => 409 "not_placed",
        /// The customer is not known by WeChat, so WeChat cannot be asked to take money.
        NoWeChat => 409 "no_we_chat",
        /// It is not paid enough to live again.
        NotCovered => 409 "not_covered",
    }
}

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

/// Who pays whom through WeChat.
#[derive(Clone, Debug)]
pub struct Payer {
    /// The customer, as our official account knows them.
    pub openid: String,
    /// The shop's number at WeChat Pay; `None` only where we are the merchant ourselves.
    pub sub_mchid: Option<String>,
}

/// Opens an order at the price of this moment: lines and allocation are frozen, the deadline is a job. An order that
/// costs nothing is placed at once.
pub fn open(cx: &Cx, tx: &mut Tx, new: &NewOrder) -> Result<Order> {
    let total: Money = new.lines.iter().map(|line| line.amount).sum();
    let mut order = Order {
        id: cx.id(),
        number: number(cx),
        shop: new.shop,
        customer: new.customer,
        title: new.title.clone(),
        page: new.page.clone(),
        state: State::Open,
        total,
        due_now: total,
        kept: Money::ZERO,
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

/// Begins, or continues, to pay an order through WeChat. The attempt cannot outlive the order's deadline.
///
/// # Errors
/// `NotFound` for another customer's order; `order.already_paid`, `order.expired`, and those of [`payment::open`].
pub fn pay(cx: &Cx, tx: &mut Tx, id: Id<Order>, payer: &Payer) -> Result<Payment> {
    let order = own(cx, tx, id)?;
    match order.state {
        State::Open if cx.now() < order.deadline => {}
        State::Placed | State::Fulfilled | State::Cancelled => return Err(Refusal::Paid.into()),
        State::Open | State::Closing | State::Closed => return Err(Refusal::Expired.into()),
    }
    payment::open(
        cx,
        tx,
        &NewPayment {
            purpose: purpose(id),
            shop: order.shop,
            sub_mchid: payer.sub_mchid.clone(),
            amount: order.due_now,
            description: order.title.clone(),
            openid: payer.openid.clone(),
            expires_at: order.deadline,
        },
    )
}

/// Does what the money on an order asks for. Told by payments that something was paid or can no longer be paid; calling
/// it once more than needed changes nothing.
pub fn settle(cx: &Cx, tx: &mut Tx, id: Id<Order>) -> Result<()> {
    let mut order = store::order(tx, id)?;
    loop {
        let holding = payment::holding(tx, &purpose(id))?;
        match order.verdict(holding, cx.now()) {
            Verdict::Nothing => return Ok(()),
            Verdict::Place => place(cx, tx, &mut order, Step::Place)?,
            Verdict::Close => close(cx, tx, &mut order)?,
            Verdict::GiveBack(amount) => refund(cx, tx, &order, amount)?,
            Verdict::AskToRevive => {
                let lines = things(tx, id)?;
                let paid = holding.paid;
                jobs::plan_settling(
                    cx,
                    tx,
                    id,
                    order.ended_at.unwrap_or(cx.now()).plus_minutes(REVIVAL_MINUTES),
                )?;
                return tx.emit(
                    cx,
                    &PaidLate {
                        order: id,
                        lines,
                        paid,
                    },
                );
            }
        }
    }
}

/// The customer withdraws before paying: no new prepay; WeChat is asked about a running one before the things are freed.
///
/// # Errors
/// `order.already_paid` when it was placed meanwhile: then it is to be cancelled.
pub fn abandon(cx: &Cx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    let mut order = store::order(tx, id)?;
    match order.state {
        State::Open => {
            lapse(cx, tx, &mut order, Ending::Withdrawn)?;
            Ok(order)
        }
        State::Closing | State::Closed => Ok(order),
        State::Placed | State::Fulfilled | State::Cancelled => Err(Refusal::Paid.into()),
    }
}

/// The deadline passed. Does nothing when the order has moved on from `version`.
pub fn expire(cx: &Cx, tx: &mut Tx, id: Id<Order>, version: i64) -> Result<()> {
    let mut order = store::order(tx, id)?;
    if order.version == version && order.state == State::Open {
        lapse(cx, tx, &mut order, Ending::Deadline)?;
    }
    Ok(())
}

/// Cancels a placed order: what is paid beyond `kept` goes back. Only a customer's cancellation keeps anything, and never
/// more than was paid.
///
/// # Errors
/// `order.not_placed`.
pub fn cancel(cx: &Cx, tx: &mut Tx, id: Id<Order>, by: By, kept: Money, reason: &str) -> Result<Order> {
    let mut order = store::order(tx, id)?;
    match order.state {
        State::Cancelled => return Ok(order),
        State::Placed => {}
        _ => return Err(Refusal::NotPlaced.into()),
    }
    let paid = payment::paid(tx, &purpose(id))?;
    order.kept = if by == By::Customer {
        kept.min(paid)
    } else {
        Money::ZERO
    };
    store::step(cx, tx, &mut order, Step::Cancel, reason)?;
    earn(cx, tx, &order, order.kept, "kept")?;
    let given = paid - order.kept;
    if given > Money::ZERO {
        refund(cx, tx, &order, given)?;
    }
    let lines = things(tx, id)?;
    tx.emit(
        cx,
        &Cancelled {
            order: id,
            lines,
            by,
            kept: order.kept,
            refund: given,
        },
    )?;
    Ok(order)
}

/// All lines are done: the shop has earned what was paid.
///
/// # Errors
/// `order.not_placed`.
pub fn fulfil(cx: &Cx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    let mut order = store::order(tx, id)?;
    match order.state {
        State::Fulfilled => return Ok(order),
        State::Placed => {}
        _ => return Err(Refusal::NotPlaced.into()),
    }
    store::step(cx, tx, &mut order, Step::Fulfil, "")?;
    let paid = payment::paid(tx, &purpose(id))?;
    earn(cx, tx, &order, paid.min(order.total), "fulfilled")?;
    Ok(order)
}

/// A closed order lives again: it was paid late, and the owner of its things has claimed them anew in this transaction.
///
/// # Errors
/// `order.not_covered` when the money is not there (any more); `order.not_placed` when the order ended otherwise.
pub fn revive(cx: &Cx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    let mut order = store::order(tx, id)?;
    match order.state {
        State::Placed => return Ok(order),
        State::Closed => {}
        _ => return Err(Refusal::NotPlaced.into()),
    }
    if payment::paid(tx, &purpose(id))? < order.due_now {
        return Err(Refusal::NotCovered.into());
    }
    place(cx, tx, &mut order, Step::Revive)?;
    Ok(order)
}

/// All money on a dead order goes back. Does nothing on a living one, or when nothing is there.
pub fn give_back(cx: &Cx, tx: &mut Tx, id: Id<Order>) -> Result<()> {
    let order = store::order(tx, id)?;
    if !matches!(order.state, State::Closed | State::Cancelled) {
        return Ok(());
    }
    let surplus = payment::paid(tx, &purpose(id))? - order.kept;
    if surplus > Money::ZERO {
        refund(cx, tx, &order, surplus)
    } else {
        Ok(())
    }
}

/// The order, if it is the asking customer's own.
pub fn own(cx: &Cx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    let customer = cx.customer()?;
    let order = store::order(tx, id)?;
    if order.customer == customer {
        Ok(order)
    } else {
        Err(Error::NotFound)
    }
}

/// What payments know an order by.
pub fn purpose(id: Id<Order>) -> Purpose {
    Purpose::new("order", id.raw())
}

fn place(cx: &Cx, tx: &mut Tx, order: &mut Order, step: Step) -> Result<()> {
    store::step(cx, tx, order, step, "")?;
    let lines = things(tx, order.id)?;
    tx.emit(
        cx,
        &Placed {
            order: order.id,
            lines,
        },
    )
}

fn lapse(cx: &Cx, tx: &mut Tx, order: &mut Order, ending: Ending) -> Result<()> {
    order.ending = Some(ending);
    store::step(cx, tx, order, Step::Lapse, ending.code())?;
    if payment::end(cx, tx, &purpose(order.id))? {
        // Nobody can pay any more. What was paid up to now decides.
        settle(cx, tx, order.id)?;
        *order = store::order(tx, order.id)?;
    }
    Ok(())
}

fn close(cx: &Cx, tx: &mut Tx, order: &mut Order) -> Result<()> {
    store::step(cx, tx, order, Step::Close, "")?;
    let lines = things(tx, order.id)?;
    let reason = order.ending.unwrap_or(Ending::Deadline);
    tx.emit(
        cx,
        &Closed {
            order: order.id,
            lines,
            reason,
        },
    )
}

fn refund(cx: &Cx, tx: &mut Tx, order: &Order, amount: Money) -> Result<()> {
    let wanted = NewRefund {
        purpose: purpose(order.id),
        amount,
        // What the customer reads in WeChat: which order it is. Why it was cancelled stands on our own pages.
        reason: order.title.clone(),
    };
    payment::refund(cx, tx, &wanted).map(drop)
}

/// What the customer paid becomes the shop's.
fn earn(cx: &Cx, tx: &mut Tx, order: &Order, amount: Money, key: &str) -> Result<()> {
    ledger::transfer(
        cx,
        tx,
        &Transfer {
            debit: Account::money("order", order.id.raw(), Kind::Paid),
            credit: Account::money("shop", order.shop.raw(), Kind::Revenue),
            amount,
            cause: ("order", order.id.raw()),
            key,
        },
    )
    .map(drop)
}

fn add_lines(cx: &Cx, tx: &mut Tx, order: &Order, new: &[NewLine]) -> Result<()> {
    let amounts: Vec<Money> = new.iter().map(|line| line.amount).collect();
    let shares = allocate(&amounts, &[order.due_now]);
    for ((position, line), share) in (0..).zip(new).zip(shares) {
        let line = Line {
            id: cx.id(),
            module: line.module.to_owned(),
            thing: line.thing,
            title: line.title.clone(),
            starts_at: line.starts_at,
            minutes: line.minutes,
            amount: line.amount,
        };
        store::add_line(tx, order.id, position, &line)?;
        for amount in share {
            store::add_allocation(tx, order.id, line.id, Tender::WeChat, amount)?;
        }
    }
    Ok(())
}

fn things(tx: &mut Tx, id: Id<Order>) -> Result<Vec<Thing>> {
    Ok(store::lines(tx, id)?.iter().map(Thing::from).collect())
}

/// The day and six digits: short enough to be said.
fn number(cx: &Cx) -> String {
    let (year, month, day) = cx.now().day().ymd();
    format!("{:02}{month:02}{day:02}{}", year % 100, cx.digits(6))
}

//! What must hold after every step: in our tables, and between them and WeChat's books.

use std::{collections::BTreeMap, sync::Arc};

use db::Tx;
use kernel::{HOUR_MS, Instant, Result};
use payment::testing::{RefundThere, There};

use crate::{
    network::{Network, expiry},
    program::Program,
    store::{self, OurPayment},
    touched::Tables,
};

/// What is remembered from step to step.
#[derive(Default)]
pub(crate) struct Watch {
    /// Until when each asked shop had to answer, as last seen.
    answer_by: BTreeMap<i64, Instant>,
    /// The leaves that are granted, and for how many something stood in each at first.
    leaves: BTreeMap<i64, i64>,
    /// Our tables as last read by this life of the program.
    seen: Option<Seen>,
}

impl Watch {
    /// The first invariant that does not hold, in words.
    pub fn broken(&mut self, program: &Program, network: &Network) -> Result<Option<String>> {
        if let Some(message) = network.stale() {
            return Ok(Some(format!(
                "a message was sent about a version that has passed ({message})"
            )));
        }
        let written = program.touched.take();
        let seen = match self.seen.take() {
            None => read(program, Seen::default(), Tables::All)?,
            Some(seen) if written.is_none() => seen,
            Some(seen) => read(program, seen, written)?,
        };
        let seen = self.seen.insert(seen);
        let found = seen
            .broken
            .clone()
            .or_else(|| given_up(seen))
            .or_else(|| overdue(seen, network.time.now()))
            .or_else(|| declined_too_soon(&mut self.answer_by, seen))
            .or_else(|| works_on_leave(&mut self.leaves, seen))
            .or_else(|| money(seen, network));
        Ok(found)
    }

    /// The program starts again: everything is read anew.
    pub fn forgets(&mut self) {
        self.seen = None;
    }
}

/// Reads again what may have changed.
fn read(program: &Program, seen: Seen, written: Tables) -> Result<Seen> {
    program
        .db
        .read(move |tx| {
            let mut seen = seen.clone();
            seen.read_again(tx, &written)?;
            Ok(seen)
        })
        .wait()
}

fn given_up(seen: &Seen) -> Option<String> {
    let job = seen.dead.as_ref()?;
    let error = job.error.as_deref().unwrap_or_default();
    Some(format!("job {} was given up: {error}", job.name))
}

/// No clock answers for a shop before its time.
fn declined_too_soon(answer_by: &mut BTreeMap<i64, Instant>, seen: &Seen) -> Option<String> {
    for (booking, at) in seen.declined.iter() {
        if let Some(answer_by) = answer_by.remove(booking)
            && *at < answer_by
        {
            return Some(format!(
                "the clock declined a booking before its time ({booking})"
            ));
        }
    }
    answer_by.extend(seen.asked.iter().copied());
    None
}

/// Nobody takes the time of a therapist who is on leave. What stood in it when it was granted was somebody's decision.
fn works_on_leave(known: &mut BTreeMap<i64, i64>, seen: &Seen) -> Option<String> {
    for (leave, holders) in seen.leaves.iter() {
        let at_first = *known.entry(*leave).or_insert(*holders);
        if at_first == 0 && *holders > 0 {
            return Some(format!(
                "time is claimed of a therapist who is on leave ({leave})"
            ));
        }
    }
    None
}

/// Our tables as the invariants look at them.
#[derive(Clone, Default)]
struct Seen {
    broken: Option<String>,
    dead: Option<db::jobs::Dead>,
    payments: Arc<Vec<OurPayment>>,
    refunds: Arc<Vec<(String, kernel::Money, String)>>,
    asked: Arc<Vec<(i64, Instant)>>,
    declined: Arc<Vec<(i64, Instant)>>,
    proposals: Arc<Vec<(i64, Instant)>>,
    leaves: Arc<Vec<(i64, i64)>>,
}

impl Seen {
    fn read_again(&mut self, tx: &mut Tx, written: &Tables) -> Result<()> {
        self.broken = store::broken_since(tx, written)?;
        if written.has("job") {
            // Messages are given up when the account cannot be reached for long; an officer has them sent again.
            self.dead = db::jobs::dead(tx)?
                .into_iter()
                .find(|job| !matches!(job.name.as_str(), "alert.send" | "alert.menu"));
        }
        let of_payments = ["payment_payment", "payment_step", "payment_quarantine"];
        if of_payments.iter().any(|table| written.has(table)) {
            self.payments = store::payments(tx)?.into();
        }
        if written.has("payment_refund") {
            self.refunds = store::refunds(tx)?.into();
        }
        if written.has("booking") {
            self.asked = store::asked(tx)?.into();
        }
        if written.has("booking_step") {
            self.declined = store::declined_by_clock(tx)?.into();
        }
        if written.has("booking_change") {
            self.proposals = store::proposals(tx)?.into();
        }
        if written.has("leave") || written.has("span") {
            self.leaves = store::leaves(tx)?.into();
        }
        Ok(())
    }
}

/// A death delays a clock by minutes, a wrong clock by ten; nothing by hours.
const LATE_MS: i64 = 2 * HOUR_MS;

/// Whatever is proposed ends, by an answer or by the clock.
fn overdue(seen: &Seen, now: Instant) -> Option<String> {
    let left = seen.proposals.iter().find(|(_, until)| now - *until > LATE_MS);
    left.map(|(id, _)| format!("a proposal was never answered nor ended ({id})"))
}

/// What we believe of money, WeChat has in its books.
fn money(seen: &Seen, network: &Network) -> Option<String> {
    network
        .wechat
        .look(|orders, refunds| money_at(seen, network, orders, refunds))
}

fn money_at(
    seen: &Seen,
    network: &Network,
    orders: &BTreeMap<String, There>,
    refunds: &BTreeMap<String, RefundThere>,
) -> Option<String> {
    let sheets = network.sheets();
    for ours in seen.payments.iter() {
        let there = orders.get(&ours.number);
        let is_there = there.is_some_and(|there| there.state == "SUCCESS");
        let right = there.is_some_and(|there| there.total == ours.amount.fen());
        let number = &ours.number;
        match (ours.state.as_str(), ours.closed.as_deref()) {
            ("succeeded", _) if !is_there => {
                return Some(format!("paid, though the money is not at WeChat ({number})"));
            }
            ("succeeded", _) if !right => {
                return Some(format!("paid, though WeChat has another amount ({number})"));
            }
            ("closed", Some("WeChat stayed silent")) => {}
            ("closed", _) if is_there && !ours.aside => {
                return Some(format!(
                    "closed as unpaid, though the money is at WeChat ({number})"
                ));
            }
            ("closed", _) if sheets.contains(number) && takes_money(there, network.time.now()) => {
                return Some(format!(
                    "closed, though WeChat still takes money for it ({number})"
                ));
            }
            _ => {}
        }
    }
    for (number, there) in refunds {
        let ours = seen.refunds.iter().find(|(ours, ..)| ours == number);
        let words = match ours {
            None => "WeChat knows a refund that we do not",
            Some((_, amount, _)) if amount.fen() != there.amount => {
                "WeChat refunds another amount than we asked for"
            }
            Some((.., state)) if state == "succeeded" && there.status != "SUCCESS" => {
                "a refund counts as done, though WeChat has not done it"
            }
            Some((.., state)) if state == "failed" && there.status != "CLOSED" => {
                "a refund counts as failed, though WeChat has it"
            }
            Some(_) => continue,
        };
        return Some(format!("{words} ({number})"));
    }
    None
}

fn takes_money(there: Option<&There>, now: Instant) -> bool {
    there.is_some_and(|there| {
        there.state == "NOTPAY" && expiry(&there.asked).is_none_or(|expires| now <= expires)
    })
}

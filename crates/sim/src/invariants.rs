//! What must hold after every step: in our tables, and between them and WeChat's books.

use std::collections::BTreeMap;

use kernel::{Instant, Result};

use crate::{
    network::{Network, expiry},
    program::Program,
    store::{self, OurPayment},
};

/// What is remembered from step to step.
#[derive(Default)]
pub(crate) struct Watch {
    /// Until when each asked shop had to answer, as last seen.
    answer_by: BTreeMap<i64, Instant>,
}

impl Watch {
    /// The first invariant that does not hold, in words.
    pub fn broken(&mut self, program: &Program, network: &Network) -> Result<Option<String>> {
        let seen = program
            .db
            .read(move |tx| {
                let dead = db::jobs::dead(tx)?;
                Ok(Seen {
                    broken: store::broken(tx, store::NEVER)?,
                    // Messages are given up when the account cannot be reached for long; an officer has them sent again.
                    dead: dead
                        .into_iter()
                        .find(|job| !matches!(job.name.as_str(), "alert.send" | "alert.menu")),
                    payments: store::payments(tx)?,
                    refunds: store::refunds(tx)?,
                    asked: store::asked(tx)?,
                    declined: store::declined_by_clock(tx)?,
                })
            })
            .wait()?;
        if let Some(words) = &seen.broken {
            return Ok(Some(words.clone()));
        }
        if let Some(job) = &seen.dead {
            let error = job.error.clone().unwrap_or_default();
            return Ok(Some(format!("job {} was given up: {error}", job.name)));
        }
        if let Some(message) = network.stale() {
            return Ok(Some(format!(
                "a message was sent about a version that has passed ({message})"
            )));
        }
        Ok(self.clock(&seen).or_else(|| money(&seen, network)))
    }

    /// No clock answers for a shop before its time.
    fn clock(&mut self, seen: &Seen) -> Option<String> {
        for (booking, at) in &seen.declined {
            if let Some(answer_by) = self.answer_by.remove(booking)
                && *at < answer_by
            {
                return Some(format!(
                    "the clock declined a booking before its time ({booking})"
                ));
            }
        }
        self.answer_by.extend(seen.asked.iter().copied());
        None
    }
}

struct Seen {
    broken: Option<String>,
    dead: Option<db::jobs::Dead>,
    payments: Vec<OurPayment>,
    refunds: Vec<(String, kernel::Money, String)>,
    asked: Vec<(i64, Instant)>,
    declined: Vec<(i64, Instant)>,
}

/// What we believe of money, WeChat has in its books.
fn money(seen: &Seen, network: &Network) -> Option<String> {
    let (orders, refunds) = network.wechat.books();
    let sheets = network.sheets();
    for ours in &seen.payments {
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
    for (number, there) in &refunds {
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

fn takes_money(there: Option<&payment::testing::There>, now: Instant) -> bool {
    there.is_some_and(|there| {
        there.state == "NOTPAY" && expiry(&there.asked).is_none_or(|expires| now <= expires)
    })
}

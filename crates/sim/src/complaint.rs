//! Customers who complain, and what the desk gives back: a part of a line, at once or in several presses, of which the fourth
//! of a day and all beyond five hundred yuan wait for the centre, which agrees or not.

use booking::State;
use kernel::{Error, MINUTE_MS, Money};
use order::{AskedBack, Portion};

use crate::{
    agenda::{Event, Visit},
    business::OFFICER,
    town::Town,
};

impl Town {
    /// Some complain while they are served, some afterwards.
    pub(crate) fn may_complain(&mut self, visit: &Visit, state: State) {
        let turn = visit.intent.number % 6;
        if (state == State::InService && turn == 2) || (state == State::Completed && turn % 3 == 1) {
            let at = self.network.time.now() + 8 * MINUTE_MS;
            self.plan(at, Event::Complains(visit.clone(), 2));
        }
    }

    /// The desk gives back what was asked for, pressing twice now and then; so many tries are left where the line broke.
    pub(crate) fn complains(&mut self, visit: &Visit, tries: u32) {
        let (order, booking) = (visit.order, visit.booking);
        let found = self.look(move |tx| {
            let lines = order::lines(tx, order)?;
            let line = lines.into_iter().find(|line| line.thing == booking.raw());
            Ok(line.map(|line| (line.id, line.amount)))
        });
        let Some(Some((line, price))) = found else {
            return self.complains_again(visit, tries);
        };
        let presses = [1, 5, 2][visit.intent.customer % 3];
        // A fen does not divide evenly, all of it leaves nothing, more than all is refused.
        let share = [price.fen() / 3 + 1, price.fen(), price.fen() + 1][visit.intent.number % 3];
        let amount = Money(share / presses);
        let owner = self.houses[visit.intent.shop].owner();
        for press in 0..presses {
            // Every third press is the same once more.
            let key = format!("back-{booking}-{}", press - press / 2 % 2);
            let given = self.act("gives back a part", owner, move |cx, tx| {
                order::refund_line_at_desk(cx, tx, (order, line), &key, Portion::Amount(amount), "按得不好")
            });
            match given {
                Ok(AskedBack { waits: true, .. }) => {
                    let later = self.network.time.now() + 30 * MINUTE_MS;
                    self.plan(later, Event::DecidesRefunds(visit.clone()));
                }
                Ok(_) | Err(Error::Refused(_)) => {}
                Err(_) => return self.complains_again(visit, tries),
            }
        }
        let _ = self.act("hands cash back", owner, move |cx, tx| {
            let due = order::returns(tx, order)?.into_iter();
            for given in due.filter(|given| given.handed_at.is_none()) {
                order::hand_over(cx, tx, given.id)?;
            }
            Ok(())
        });
    }

    fn complains_again(&self, visit: &Visit, tries: u32) {
        if tries > 0 {
            let later = self.network.time.now() + 3 * MINUTE_MS;
            self.plan(later, Event::Complains(visit.clone(), tries - 1));
        }
    }

    /// The centre answers to what waits of an order; it asks until everything is answered.
    pub(crate) fn decides_refunds(&mut self, visit: &Visit) {
        let purpose = order::purpose(visit.order);
        let refunds = self.look(move |tx| payment::refunds(tx, &purpose));
        let all = refunds.is_some();
        let waiting: Vec<_> = refunds
            .unwrap_or_default()
            .into_iter()
            .filter(payment::Refund::waits)
            .collect();
        let mut answered = all;
        for refund in waiting {
            let id = refund.id;
            let done = if refund.id.raw() % 2 == 0 {
                self.act("agrees to a refund", OFFICER, move |cx, tx| {
                    payment::approve_refund(cx, tx, id)
                })
            } else {
                self.act("does not agree to a refund", OFFICER, move |cx, tx| {
                    payment::reject_refund(cx, tx, id, "服务已做完")
                })
            };
            answered &= done.is_ok();
        }
        if !answered {
            let later = self.network.time.now() + 10 * MINUTE_MS;
            self.plan(later, Event::DecidesRefunds(visit.clone()));
        }
    }
}

//! What shops and officers do.

use booking::{State, Why};
use kernel::{HOUR_MS, MINUTE_MS};
use payment::RefundState;

use crate::{
    agenda::{Event, Visit},
    business::OFFICER,
    counter::DESK,
    customer::Answer,
    town::Town,
};

impl Town {
    /// The shop looks at a booking that waits and answers as it means to.
    pub(crate) fn shop_looks(&mut self, visit: Visit) {
        let Some(asked) = self.booking(&visit) else { return };
        if asked.state == State::Held {
            // Not heard of yet; the shop looks again.
            let again = self.network.time.now() + 2 * MINUTE_MS;
            if again < visit.starts_at {
                self.plan(again, Event::ShopLooks(visit));
            }
            return;
        }
        if asked.state != State::Requested {
            return;
        }
        let owner = self.houses[visit.intent.shop].owner();
        let (id, seen) = (visit.booking, asked.version);
        match visit.intent.answer {
            Answer::Accepts => {
                let _ = self.act("accepts", owner, move |cx, tx| booking::confirm(cx, tx, id, seen));
            }
            Answer::Declines => {
                let _ = self.act("declines", owner, move |cx, tx| {
                    booking::decline(cx, tx, id, seen, Why::Full)
                });
            }
            Answer::Extends | Answer::ExtendsOnly => {
                let longer = self.act("takes more time", owner, move |cx, tx| {
                    booking::extend(cx, tx, id, seen)
                });
                if longer.is_ok() && visit.intent.answer == Answer::Extends {
                    let mut later = visit;
                    later.intent.answer = Answer::Accepts;
                    self.plan(self.network.time.now() + 9 * MINUTE_MS, Event::ShopLooks(later));
                }
            }
        }
    }

    /// The customer is at the door: by code, or the desk finds the name.
    pub(crate) fn arrives(&mut self, mut visit: Visit) {
        let Some(expected) = self.booking(&visit) else {
            return;
        };
        if expected.starts_at > visit.starts_at {
            // It was moved meanwhile.
            visit.starts_at = expected.starts_at;
            let late = visit.intent.comes.unwrap_or(0);
            return self.plan(visit.starts_at.plus_minutes(late), Event::Arrives(visit));
        }
        if expected.state != State::Confirmed {
            return;
        }
        let owner = self.houses[visit.intent.shop].owner();
        let (id, seen, code) = (visit.booking, expected.version, expected.code);
        let arrived = if visit.intent.number.is_multiple_of(2) {
            self.act("checks in by code", owner, move |cx, tx| {
                booking::check_in_by_code(cx, tx, cx.shop()?, &code)
            })
        } else {
            self.act("checks in", owner, move |cx, tx| {
                booking::check_in(cx, tx, id, seen)
            })
        };
        let now = self.network.time.now();
        if arrived.is_ok() {
            self.plan(
                now.max(visit.starts_at) + self.people.between(0, 5 * MINUTE_MS),
                Event::Begins(visit),
            );
        } else if self.network.time.shown() < visit.starts_at.plus_minutes(10) {
            self.plan(now + 5 * MINUTE_MS, Event::Arrives(visit));
        }
    }

    pub(crate) fn begins(&mut self, visit: Visit) {
        let Some(seen) = self.version(&visit) else { return };
        let owner = self.houses[visit.intent.shop].owner();
        let id = visit.booking;
        let started = self.act("begins to serve", owner, move |cx, tx| {
            booking::start(cx, tx, id, seen)
        });
        if let Ok(started) = started
            && visit.intent.by_hand
        {
            let ends = self.network.time.now() + started.length.minutes * MINUTE_MS;
            self.plan(
                ends + self.people.between(-MINUTE_MS, 20 * MINUTE_MS),
                Event::Ends(visit),
            );
        }
    }

    pub(crate) fn ends(&mut self, visit: Visit) {
        let Some(seen) = self.version(&visit) else { return };
        let owner = self.houses[visit.intent.shop].owner();
        let id = visit.booking;
        let done = self.act("ends the service", owner, move |cx, tx| {
            booking::complete(cx, tx, id, seen)
        });
        // Who was entered by the desk has no account to review with.
        if done.is_ok() && visit.intent.number < DESK && self.people.below(2) == 0 {
            let later = self.network.time.now() + self.people.between(MINUTE_MS, 3 * HOUR_MS);
            self.plan(later, Event::Reviews(visit));
        }
    }

    /// Hours later the desk settles what was left lying: who did not come, who was served without a word.
    pub(crate) fn tidies(&mut self, visit: Visit) {
        let Some(left) = self.booking(&visit) else { return };
        let owner = self.houses[visit.intent.shop].owner();
        let (id, seen, keeps) = (visit.booking, left.version, visit.intent.by_hand);
        let done = match left.state {
            State::Confirmed => {
                let absent = self.act("notes who did not come", owner, move |cx, tx| {
                    booking::no_show(cx, tx, id, seen, keeps)
                });
                absent.is_ok()
            }
            State::CheckedIn => {
                self.begins(visit.clone());
                false
            }
            State::InService => {
                self.ends(visit.clone());
                false
            }
            State::Held | State::Requested => false,
            _ => true,
        };
        // What is still on its way is looked at again.
        if !done && self.booking(&visit).is_none_or(|booking| booking.state.is_live()) {
            self.plan(self.network.time.now() + HOUR_MS, Event::Tidies(visit));
        }
    }

    /// An officer repeats refunds that failed, has stuck ones paid out by hand, and looks at what was set aside.
    pub(crate) fn officer_looks(&mut self) {
        let Some(troubled) = self.look(payment::troubled_refunds) else {
            return self.plan_officer();
        };
        for refund in troubled {
            let id = refund.id;
            if refund.state == RefundState::Failed {
                let _ = self.act("repeats a refund", OFFICER, move |cx, tx| {
                    payment::refund_again(cx, tx, id)
                });
            } else if self.network.wechat.refund_there(&refund.out_refund_no).is_some() {
                self.tell("an officer has a stuck refund paid out by hand");
                let post = self.network.wechat.refund_ends(&refund.out_refund_no, "SUCCESS");
                self.network.tells(post);
            }
        }
        let suspects = self.look(payment::quarantined).unwrap_or_default();
        for suspect in suspects.into_iter().filter(|suspect| suspect.looked.is_none()) {
            let id = suspect.id;
            let _ = self.act("looks at what was set aside", OFFICER, move |cx, tx| {
                payment::look_at(cx, tx, id, "已核对")
            });
        }
        for dead in self.look(db::jobs::dead).unwrap_or_default() {
            let id = dead.id;
            let _ = self.act("has a job tried again", OFFICER, move |cx, tx| {
                db::jobs::retry(cx, tx, id)
            });
        }
        self.plan_officer();
    }

    fn plan_officer(&mut self) {
        self.plan(self.network.time.now() + 6 * HOUR_MS, Event::OfficerLooks);
    }
}

//! What shops and officers do.

use booking::{Back, Extra, Fee, State, Why};
use kernel::{HOUR_MS, MINUTE_MS, Money};
use payment::RefundState;

use crate::{
    agenda::{Event, Visit},
    business::OFFICER,
    counter::DESK,
    customer::Answer,
    town::{AGAIN, Town},
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
            let from_then = match expected.is_at_home() {
                true => -expected.length.before,
                false => visit.intent.comes.unwrap_or(0),
            };
            return self.plan(visit.starts_at.plus_minutes(from_then), Event::Arrives(visit));
        }
        if expected.state != State::Confirmed {
            return;
        }
        if expected.is_at_home() {
            return self.sets_out(visit, expected.version);
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
        if started.is_ok() {
            self.may_hand_over(&visit);
            self.may_complain(&visit, State::InService);
        }
        if let Ok(started) = started
            && visit.intent.by_hand
        {
            let now = self.network.time.now();
            let mut ends = now + started.length.minutes * MINUTE_MS;
            let turn = visit.intent.number % 5;
            if turn < 2 {
                // Once in the middle, once in the last minute; what fits is added.
                let at = if turn == 0 {
                    now + 20 * MINUTE_MS
                } else {
                    ends + -MINUTE_MS
                };
                self.plan(at, Event::Lengthens(visit.clone()));
                ends = ends.plus_minutes(35);
            }
            if turn == 4 && visit.intent.number.is_multiple_of(2) {
                self.plan(now + 10 * MINUTE_MS, Event::Aborts(visit.clone()));
            }
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
        if done.is_ok() {
            self.may_complain(&visit, State::Completed);
        }
        if done.is_ok() && visit.intent.number % 7 == 3 {
            let later = self.network.time.now() + 10 * MINUTE_MS;
            self.plan(later, Event::Reopens(visit.clone()));
        }
        // Who was entered by the desk has no account to review with.
        if done.is_ok() && visit.intent.number < DESK && self.people.below(2) == 0 {
            let later = self.network.time.now() + self.people.between(MINUTE_MS, 3 * HOUR_MS);
            self.plan(later, Event::Reviews(visit));
        }
    }

    /// The customer stays longer; what it costs is paid at the desk, mostly.
    pub(crate) fn lengthens(&mut self, visit: &Visit) {
        let Some(seen) = self.version(visit) else { return };
        let owner = self.houses[visit.intent.shop].owner();
        let (id, extra) = (visit.booking, Extra::Minutes(30));
        let longer = self.act("adds half an hour", owner, move |cx, tx| {
            booking::lengthen(cx, tx, id, seen, extra, "加钟 30 分钟")
        });
        if longer.is_ok() && !visit.intent.number.is_multiple_of(3) {
            let (order, key) = (visit.order, format!("till-{id}"));
            let _ = self.act("takes cash", owner, move |cx, tx| {
                let rest = order::order(tx, order)?.rest(order::paid(tx, order)?);
                order::take_cash(cx, tx, order, &key, rest)
            });
        }
    }

    /// It had been called done by mistake.
    pub(crate) fn reopens(&mut self, visit: Visit) {
        let Some(seen) = self.version(&visit) else { return };
        let owner = self.houses[visit.intent.shop].owner();
        let id = visit.booking;
        let again = self.act("opens again", owner, move |cx, tx| {
            booking::reopen(cx, tx, id, seen, "按错了")
        });
        // Some are ended by hand again, the others by the clock.
        if again.is_ok() && visit.intent.number.is_multiple_of(2) {
            let mut once = visit;
            // Another number, so that it is not opened again and again.
            once.intent.number += 1;
            self.plan(self.network.time.now() + 20 * MINUTE_MS, Event::Ends(once));
        }
    }

    /// A visit is broken off while the customer is there.
    pub(crate) fn aborts(&mut self, visit: &Visit) {
        let Some(seen) = self.version(visit) else { return };
        let owner = self.houses[visit.intent.shop].owner();
        let reasons = [
            Why::Unsafe,
            Why::CustomerUnwell,
            Why::CustomerStops,
            Why::ShopTrouble,
        ];
        let (id, why) = (visit.booking, reasons[visit.intent.customer % 4]);
        let _ = self.act("breaks off", owner, move |cx, tx| {
            booking::abort(cx, tx, id, seen, why, "")
        });
    }

    /// The shop says what it keeps, which it had put off.
    pub(crate) fn decides_fee(&mut self, visit: Visit) {
        let owner = self.houses[visit.intent.shop].owner();
        let id = visit.booking;
        if let Some(seen) = self.version(&visit) {
            let _ = self.act("decides about the fee", owner, move |cx, tx| {
                booking::decide_fee(cx, tx, id, seen, Fee::All)
            });
        }
        // Until it is decided, by the shop or by the centre, somebody looks at it again.
        let case = self.look(move |tx| booking::case(tx, id)).flatten();
        if case.is_none_or(|case| case.kept.is_none()) {
            let later = self.network.time.now() + HOUR_MS;
            self.plan(later, Event::DecidesFee(visit));
        }
    }

    /// Hours later the desk settles what was left lying: who did not come, who was served without a word.
    pub(crate) fn tidies(&mut self, visit: Visit) {
        let Some(left) = self.booking(&visit) else { return };
        let owner = self.houses[visit.intent.shop].owner();
        let (id, seen) = (visit.booking, left.version);
        // Of one of several all is kept, or nothing.
        let order = left.order;
        let group = self.look(move |tx| booking::of_order(tx, order));
        let alone = group.is_none_or(|group| group.len() == 1);
        let fee = match (visit.intent.by_hand, visit.intent.number % 4) {
            (false, _) => Fee::Waive,
            (true, 0) if alone => Fee::Later,
            (true, 1) if alone => Fee::Part(Money(1_234)),
            (true, _) => Fee::All,
        };
        let done = match left.state {
            State::Confirmed if left.is_at_home() => {
                let off = self.act("calls off whom nobody visited", owner, move |cx, tx| {
                    booking::cancel(cx, tx, id, seen, Why::TherapistAway)
                });
                off.is_ok()
            }
            State::Departed => {
                self.reaches(visit.clone());
                false
            }
            State::Arrived => {
                self.at_the_door(visit.clone());
                false
            }
            State::Confirmed => {
                let absent = self.act("notes who did not come", owner, move |cx, tx| {
                    booking::no_show(cx, tx, id, seen, fee)
                });
                if absent.is_ok() {
                    let now = self.network.time.now();
                    if visit.intent.number < DESK && visit.intent.number.is_multiple_of(3) {
                        self.plan(now + 30 * MINUTE_MS, Event::Objects(visit.clone()));
                    }
                    if fee == Fee::Later {
                        self.plan(now + 5 * HOUR_MS, Event::DecidesFee(visit.clone()));
                    }
                }
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
                let _ = self.act(AGAIN, OFFICER, move |cx, tx| payment::refund_again(cx, tx, id));
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
        let cases = self.act("looks at the cases", OFFICER, booking::cases_for_centre);
        for (case, asked) in cases.unwrap_or_default() {
            let (id, seen) = (asked.id, asked.version);
            let order = asked.order;
            let group = self.look(move |tx| booking::of_order(tx, order));
            let back = match asked.id.raw() % 3 {
                0 => Back::Nothing,
                2 if group.is_none_or(|group| group.len() == 1) => {
                    Back::Part(Money(case.at_stake().fen() / 3))
                }
                _ => Back::All,
            };
            let _ = self.act("rules", OFFICER, move |cx, tx| {
                booking::rule(cx, tx, id, seen, back, "已向双方了解")
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

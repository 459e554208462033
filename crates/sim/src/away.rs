//! Who is not there when expected: therapists on leave, shops that close against their hours, customers who are late.

use booking::{Decided, Decision, State};
use kernel::{HOUR_MS, Id, Instant, MINUTE_MS};
use scheduling::{Leave, NewLeave};
use shop::Closing;

use crate::{
    agenda::{Event, Visit},
    business::House,
    town::Town,
    world::Chance,
};

/// A leave or a closing that somebody means to have, decided before anything happens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Absence {
    number: usize,
    shop: usize,
    therapist: usize,
    /// From so many minutes ahead, for so many.
    ahead: i64,
    minutes: i64,
    answer: Answer,
    /// So many minutes later it is answered, and as much later taken back.
    after: i64,
    taken_back: bool,
}

/// What the shop says to a leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Answer {
    /// It is not asked for but entered, whatever stands in it or only if nothing does.
    Entered {
        sure: bool,
    },
    Granted,
    Refused,
}

impl Absence {
    fn drawn(chance: &Chance, number: usize, shops: usize) -> Absence {
        let answer = match chance.below(8) {
            0 => Answer::Refused,
            1 => Answer::Entered { sure: true },
            2 => Answer::Entered { sure: false },
            _ => Answer::Granted,
        };
        Absence {
            number,
            shop: chance.below(shops),
            therapist: chance.below(3),
            ahead: chance.between(-2, 30) * 10,
            minutes: chance.between(6, 40) * 10,
            answer,
            after: chance.between(1, 120),
            taken_back: chance.below(3) == 0,
        }
    }
}

/// By how much a customer says that they will be late, if they do.
pub(crate) fn lateness(seed: u64, number: usize) -> Option<i64> {
    let chance = Chance::new(seed, 30_000 + number as u64);
    (chance.below(4) == 0).then(|| [10, 15, 20][chance.below(3)])
}

impl Town {
    /// Who will be away. Drawn beside the plan: it changes nothing about what the others mean to do.
    pub(crate) fn draw_absences(&self, seed: u64, shops: usize, start: Instant, hours: i64) {
        let chance = Chance::new(seed, 6);
        for number in 0..chance.between(0, 4) as usize {
            let at = start + chance.between(0, hours * HOUR_MS);
            self.plan(at, Event::AsksLeave(Absence::drawn(&chance, number, shops)));
        }
        if chance.below(3) == 0 {
            let at = start + chance.between(0, hours * HOUR_MS);
            self.plan(at, Event::ClosesShop(Absence::drawn(&chance, 100, shops)));
        }
    }

    /// A therapist asks for leave, or the shop enters it.
    pub(crate) fn asks_leave(&mut self, absence: Absence) {
        let house = self.houses[absence.shop].clone();
        let (from, to) = self.stretch(&absence);
        let new = NewLeave {
            therapist: house.therapists[absence.therapist % house.therapists.len()],
            from,
            to,
            reason: "家里有事".to_owned(),
        };
        let leave = match absence.answer {
            Answer::Entered { sure } => self.act("enters a leave", house.owner(), move |cx, tx| {
                scheduling::grant_leave(cx, tx, new.clone(), sure)
            }),
            _ => self.act("asks for leave", house.owner(), move |cx, tx| {
                scheduling::ask_leave(cx, tx, new.clone())
            }),
        };
        let Ok(leave) = leave else { return };
        let later = self.network.time.now() + absence.after * MINUTE_MS;
        match absence.answer {
            Answer::Entered { .. } => self.may_take_back(&absence, leave),
            _ => self.plan(later, Event::AnswersLeave(absence, leave, TRIES)),
        }
    }

    /// The shop answers: it decides on each booking that stands there, at random, and at last keeps them all.
    pub(crate) fn answers_leave(&mut self, absence: Absence, id: Id<Leave>, tries: u32) {
        let house = self.houses[absence.shop].clone();
        let cx = self.cx(house.owner());
        let Some(leave) = self.look(move |tx| scheduling::leave_named(&cx, tx, id)) else {
            return;
        };
        let seen = leave.version;
        if absence.answer == Answer::Refused {
            let _ = self.act("refuses a leave", house.owner(), move |cx, tx| {
                scheduling::refuse_leave(cx, tx, id, seen, "那天预约满了")
            });
            return;
        }
        let Some(decided) = self.decides(&house, &leave, tries == 0) else {
            return;
        };
        let granted = self.act("grants a leave", house.owner(), move |cx, tx| {
            booking::approve_leave(cx, tx, id, seen, &decided)
        });
        match granted {
            Ok(_) => self.may_take_back(&absence, id),
            Err(_) if tries > 0 => {
                let again = self.network.time.now() + 5 * MINUTE_MS;
                self.plan(again, Event::AnswersLeave(absence, id, tries - 1));
            }
            Err(_) => {}
        }
    }

    fn decides(&mut self, house: &House, leave: &Leave, keeps_all: bool) -> Option<Vec<Decided>> {
        let (cx, asked) = (self.cx(house.owner()), leave.clone());
        let hit = self.look(move |tx| {
            let mut hit = Vec::new();
            for booking in booking::hit_by(&cx, tx, &asked)? {
                let others = booking::substitutes(tx, &booking)?;
                let change = booking::open_change(tx, booking.id)?;
                hit.push((booking, others, change.is_some()));
            }
            Ok(hit)
        })?;
        let decide = |(booking, others, changes): (booking::Booking, Vec<_>, bool)| {
            let decision = match (self.people.below(4), others.first()) {
                _ if keeps_all => Decision::Keep,
                (0, _) => Decision::Keep,
                (1, _) if changes => Decision::DropChange,
                (1 | 2, Some(other)) => Decision::Swap(*other),
                _ => Decision::Cancel,
            };
            Decided {
                booking: booking.id,
                seen: booking.version,
                decision,
            }
        };
        Some(hit.into_iter().map(decide).collect())
    }

    fn may_take_back(&self, absence: &Absence, leave: Id<Leave>) {
        if absence.taken_back {
            let later = self.network.time.now() + absence.after * MINUTE_MS;
            self.plan(later, Event::TakesLeaveBack(*absence, leave));
        }
    }

    pub(crate) fn takes_leave_back(&mut self, absence: &Absence, leave: Id<Leave>) {
        let house = self.houses[absence.shop].clone();
        let shop = house.shop;
        let _ = self.act("takes a leave back", house.owner(), move |cx, tx| {
            scheduling::withdraw_leave(cx, tx, shop, leave)
        });
    }

    /// The shop closes against its hours, now or soon; the owner was shown what that calls off.
    pub(crate) fn closes_shop(&mut self, absence: Absence) {
        let owner = self.houses[absence.shop].owner();
        let (from, until) = self.stretch(&absence);
        let (cx, shop) = (self.cx(owner), self.houses[absence.shop].shop);
        let begins = from.max(cx.now());
        let hit = self.look(move |tx| {
            let hit = booking::hit_by_closing(&cx, tx, shop, begins, until)?;
            Ok((hit.count(), hit.money()))
        });
        let Some(shown) = hit else { return };
        let from = (absence.ahead > 0).then_some(from);
        let key = format!("close-{}", absence.number);
        let mut closed = None;
        // Pressed twice, as one does when the power is out.
        for _ in 0..2 {
            let key = key.clone();
            let done = self.act("closes the shop", owner, move |cx, tx| {
                booking::close_shop(cx, tx, &key, (from, until), POWER_CUT, shown)
            });
            closed = closed.or(done.ok());
        }
        if let (Some(closing), true) = (closed, absence.taken_back) {
            let later = self.network.time.now() + absence.after * MINUTE_MS;
            self.plan(later, Event::OpensShop(absence, closing.id));
        }
    }

    pub(crate) fn opens_shop(&mut self, absence: &Absence, closing: Id<Closing>) {
        let owner = self.houses[absence.shop].owner();
        let _ = self.act("opens the shop again", owner, move |cx, tx| {
            booking::reopen_shop(cx, tx, closing)
        });
    }

    /// The customer says that they will be late.
    pub(crate) fn says_late(&mut self, visit: &Visit, minutes: i64) {
        let Some(seen) = self.version(visit) else { return };
        let (id, customer) = (visit.booking, self.customer(&visit.intent));
        let _ = self.act("says that they will be late", customer, move |cx, tx| {
            booking::say_late(cx, tx, id, seen, minutes)
        });
    }

    /// A quarter of an hour has passed and somebody is not there: an impatient desk calls them absent.
    pub(crate) fn misses(&mut self, visit: &Visit) {
        let Some(expected) = self.booking(visit) else {
            return;
        };
        if expected.state != State::Confirmed || expected.is_at_home() {
            return;
        }
        let owner = self.houses[visit.intent.shop].owner();
        let (id, seen) = (visit.booking, expected.version);
        let _ = self.act("calls somebody absent", owner, move |cx, tx| {
            booking::no_show(cx, tx, id, seen, booking::Fee::Waive)
        });
    }

    /// By the clock that the program shows, in whole ten minutes.
    fn stretch(&self, absence: &Absence) -> (Instant, Instant) {
        let now = self.network.time.shown();
        let from = Instant(now.0 / (10 * MINUTE_MS) * (10 * MINUTE_MS)).plus_minutes(absence.ahead);
        (from, from.plus_minutes(absence.minutes))
    }
}

const TRIES: u32 = 2;
const POWER_CUT: &str = "停电";

//! Another therapist takes over in the middle of a service (接手), and now and then gives it back.

use booking::State;
use kernel::MINUTE_MS;

use crate::{
    agenda::{Event, Visit},
    town::Town,
};

impl Town {
    /// Some services are handed over; when, chance says.
    pub(crate) fn may_hand_over(&mut self, visit: &Visit) {
        if self.people.below(3) == 0 {
            let at = self.network.time.now() + self.people.between(MINUTE_MS, 50 * MINUTE_MS);
            self.plan(at, Event::HandsOver(visit.clone()));
        }
    }

    /// The desk gives what is under way to somebody who could do it, or to somebody who perhaps cannot, in two windows at
    /// once now and then.
    pub(crate) fn hands_over(&mut self, visit: &Visit) {
        let Some(served) = self.booking(visit) else { return };
        if served.state != State::InService {
            return;
        }
        let house = self.houses[visit.intent.shop].clone();
        let (cx, asked) = (self.cx(house.owner()), served.clone());
        let able = self.look(move |tx| booking::could_take_over(&cx, tx, &asked));
        let able = able.unwrap_or_default();
        let other = house.therapists.iter().find(|id| **id != served.therapist);
        let Some(to) = able.first().or(other).copied() else {
            return self.tell("nobody else works there");
        };
        let (id, seen) = (served.id, served.version);
        let mut relieved = false;
        for _ in 0..=self.people.below(4) / 3 {
            let done = self.act("hands over", house.owner(), move |cx, tx| {
                booking::hand_over(cx, tx, id, seen, to, "师傅手伤了")
            });
            relieved |= done.is_ok();
            if done.is_ok_and(|done| done.therapist != to) {
                let words = "a service was handed over to somebody else than was asked for";
                self.fault.get_or_insert(words.to_owned());
            }
        }
        if relieved {
            self.may_hand_over(visit);
        }
    }
}

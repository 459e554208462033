//! Home visits: the customer says where, the therapist goes there, and the door opens or not.

use booking::{Address, Fee, Place, State, Step, Why};
use catalog::Service;
use kernel::MINUTE_MS;

use crate::{
    agenda::{Event, Visit},
    business::SHOP,
    customer::Intent,
    town::Town,
};

/// Degrees of latitude in a hundred metres.
const HUNDRED_METRES: f64 = 0.1 / 111.195;

/// So many hundreds of metres north of the shop.
pub(crate) fn place(hundreds: i64) -> Place {
    Place {
        district: shop::District::Dongcheng,
        point: geo::Wgs84 {
            lat: SHOP.lat + HUNDRED_METRES * hundreds as f64,
            lng: SHOP.lng,
        },
    }
}

impl Town {
    /// The customer says where they live; some live outside the area.
    pub(crate) fn gives_address(
        &mut self,
        intent: &Intent,
        service: &Service,
        hundreds: i64,
    ) -> Option<Address> {
        let (service, customer, place) = (service.clone(), self.customer(intent), place(hundreds));
        let kept = self.act("gives an address", customer, move |cx, tx| {
            booking::keep_address(cx, tx, &service, place, ("鼓楼东大街 1 号院", "3 单元 502"))
        });
        kept.ok()
    }

    /// The therapist sets out.
    pub(crate) fn sets_out(&mut self, visit: Visit, seen: i64) {
        let owner = self.houses[visit.intent.shop].owner();
        let id = visit.booking;
        let gone = self.act("sets out", owner, move |cx, tx| booking::depart(cx, tx, id, seen));
        let now = self.network.time.now();
        if gone.is_ok() {
            if visit.intent.number % 5 == 1 {
                self.plan(now + 2 * MINUTE_MS, Event::CallsOff(visit.clone()));
            }
            self.plan(
                now + self.people.between(5, 40) * MINUTE_MS,
                Event::Reaches(visit),
            );
        } else if self.network.time.shown() < visit.starts_at.plus_minutes(10) {
            self.plan(now + 5 * MINUTE_MS, Event::Arrives(visit));
        }
    }

    /// The therapist stands before the door, which opens or not.
    pub(crate) fn reaches(&mut self, visit: Visit) {
        let Some(on_the_way) = self.booking(&visit) else {
            return;
        };
        if on_the_way.state != State::Departed {
            return;
        }
        let owner = self.houses[visit.intent.shop].owner();
        let (id, seen) = (visit.booking, on_the_way.version);
        let there = self.act("reaches the customer", owner, move |cx, tx| {
            booking::arrive(cx, tx, id, seen)
        });
        let now = self.network.time.now();
        if there.is_ok() {
            self.plan(now.max(visit.starts_at) + MINUTE_MS, Event::AtTheDoor(visit));
        }
    }

    /// The door opens and the service begins; or the therapist rings twice, waits, and goes.
    pub(crate) fn at_the_door(&mut self, visit: Visit) {
        let Some(there) = self.booking(&visit) else {
            return;
        };
        if there.state != State::Arrived {
            return;
        }
        let owner = self.houses[visit.intent.shop].owner();
        let (id, seen) = (visit.booking, there.version);
        if visit.intent.number.is_multiple_of(9) {
            let _ = self.act("presses the safety key", owner, move |cx, tx| {
                booking::abort(cx, tx, id, seen, Why::Unsafe, "")
            });
            return;
        }
        if visit.intent.comes.is_some() {
            return self.begins(visit);
        }
        let fee = if visit.intent.by_hand {
            Fee::All
        } else {
            Fee::Waive
        };
        let calls = self.look(move |tx| {
            let steps = booking::steps(tx, id)?;
            Ok(steps.iter().filter(|step| step.step == Step::Call).count())
        });
        let _ = match calls {
            Some(0 | 1) => self.act("rings in vain", owner, move |cx, tx| {
                booking::log_call(cx, tx, id, seen)
            }),
            Some(_) => self.act("notes that nobody opened", owner, move |cx, tx| {
                booking::no_show(cx, tx, id, seen, fee)
            }),
            None => return,
        };
        let again = self.network.time.now() + self.people.between(3, 9) * MINUTE_MS;
        if again < visit.starts_at.plus_minutes(2 * 60) {
            self.plan(again, Event::AtTheDoor(visit));
        }
    }
}

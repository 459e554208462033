//! What customers do: book, pay or not, call off, come back.

use booking::{Booking, Contact, Strength, Wish, Wishes};
use kernel::{Actor, MINUTE_MS, Result};
use order::Payer;
use payment::testing::SUB_MCHID;

use crate::{
    agenda::{Event, Visit},
    away,
    business::openid,
    changes::Moves,
    town::Town,
    world::Chance,
};

/// What one customer is going to do about one booking, decided before anything happens: faults change nothing about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Intent {
    /// Tells this intent from others.
    pub number: usize,
    pub customer: usize,
    pub shop: usize,
    pub service: usize,
    /// Asks for a therapist by name, as the shop counts them.
    pub therapist: Option<usize>,
    /// So many hours ahead.
    pub ahead: i64,
    pub pays: Pays,
    /// Calls off so many minutes after booking.
    pub calls_off: Option<i64>,
    /// Comes, so many minutes after the time; `None` stays away.
    pub comes: Option<i64>,
    /// The shop answers so many minutes after the payment; `None` never.
    pub answered: Option<i64>,
    pub answer: Answer,
    /// Whether somebody wants it moved.
    pub moves: Option<Moves>,
    /// Says so many minutes of lateness before the time, and comes so much later.
    pub late: Option<i64>,
    /// Whether the shop ends the service by hand, and keeps the fee of who stays away.
    pub by_hand: bool,
    /// Wants to be visited at home, so many hundreds of metres from the shop; some live too far away.
    pub home: Option<i64>,
}

/// How a customer pays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Pays {
    /// Opens the sheet and confirms after so many seconds.
    After(i64),
    /// Opens the sheet and never confirms.
    Leaves,
    /// Does not even open it.
    Never,
}

/// What the shop says when it answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    Accepts,
    Declines,
    /// Takes more time, then accepts.
    Extends,
    /// Takes more time and says nothing.
    ExtendsOnly,
}

impl Intent {
    /// Decided by chance.
    pub fn drawn(seed: u64, number: usize, (customers, shops): (usize, usize)) -> Intent {
        let chance = Chance::new(seed, 10_000 + number as u64);
        let pays = match chance.below(20) {
            0 => Pays::Never,
            1 | 2 => Pays::Leaves,
            // Some confirm when the time to pay is nearly over, or just over.
            3..=6 => Pays::After(chance.between(13 * 60, 16 * 60 + 30)),
            _ => Pays::After(chance.between(4, 240)),
        };
        let answer = match chance.below(10) {
            0 | 1 => Answer::Declines,
            2 => Answer::Extends,
            3 => Answer::ExtendsOnly,
            _ => Answer::Accepts,
        };
        let soon = if chance.below(2) == 0 { 20 } else { 600 };
        Intent {
            number,
            customer: chance.below(customers),
            shop: chance.below(shops),
            service: chance.below(2),
            therapist: (chance.below(2) == 0).then(|| chance.below(3)),
            ahead: if chance.below(3) == 0 {
                chance.between(1, 200)
            } else {
                chance.between(1, 10)
            },
            pays,
            calls_off: (chance.below(4) == 0).then(|| chance.between(1, soon)),
            comes: (chance.below(8) > 0).then(|| chance.between(-40, 14)),
            answered: (chance.below(8) > 0).then(|| chance.between(1, 9)),
            answer,
            by_hand: chance.below(4) > 0,
            moves: Moves::drawn(seed, number),
            late: away::lateness(seed, number),
            home: (chance.below(4) == 0).then(|| chance.between(1, 55)),
        }
    }
}

/// How often an unavailable pay sheet is tried again.
const TRIES: u32 = 4;

impl Town {
    pub(crate) fn customer(&self, intent: &Intent) -> Actor {
        Actor::Customer(self.customers[intent.customer])
    }

    fn payer(intent: &Intent) -> Payer {
        Payer {
            openid: openid(intent.customer),
            sub_mchid: Some(SUB_MCHID.to_owned()),
        }
    }

    /// Looks for the times that are free and asks for one; where somebody was faster, for the nearest others.
    pub(crate) fn books(&mut self, intent: &Intent) {
        if intent.number % 5 == 3 {
            return self.books_together(intent);
        }
        let house = self.houses[intent.shop].clone();
        let service = house.services[intent.service].clone();
        let named = intent
            .therapist
            .map(|n| house.therapists[n % house.therapists.len()]);
        let now = self.network.time.shown();
        let address = match intent.home {
            None => None,
            Some(hundreds) => match self.gives_address(intent, &service, hundreds) {
                Some(address) => Some(address),
                None => return,
            },
        };
        let (asked, place) = (service.clone(), address.as_ref().map(|address| address.place));
        let free = self.look(move |tx| match place {
            Some(place) => {
                let trip = booking::trip_to(tx, &asked, place)?;
                booking::free_times_at_home(tx, now, &asked, named, trip)
            }
            None => booking::free_times(tx, now, &asked, named),
        });
        let Some(days) = free else { return };
        let wanted = now + intent.ahead * 60 * MINUTE_MS;
        let times = days.iter().flat_map(|day| &day.times);
        let Some(time) = times.min_by_key(|time| (time.starts_at - wanted).abs()) else {
            return self.tell("nothing is free");
        };
        let wish = Wish {
            service: service.id,
            therapist: named,
            starts_at: time.starts_at,
            contact: Contact {
                name: format!("客人{}", intent.customer),
                phone: format!("138{:08}", intent.customer),
            },
            wishes: Wishes {
                strength: Strength::Medium,
                note: String::new(),
            },
            declared: true,
        };
        let key = format!("form-{}", intent.number);
        let customer = self.customer(intent);
        let mut first = None;
        // A form sent twice, as impatient fingers do.
        for _ in 0..=intent.number % 3 / 2 {
            let (key, wish) = (key.clone(), wish.clone());
            let home = address.as_ref().map(|address| address.id);
            let held = self.act("books", customer, move |cx, tx| match home {
                Some(home) => booking::request_at_home(cx, tx, &key, &wish, &[], home),
                None => booking::request(cx, tx, &key, &wish),
            });
            if let Ok(held) = held {
                if *first.get_or_insert(held.id) != held.id {
                    let words = "a form sent twice made two bookings";
                    self.fault.get_or_insert(words.to_owned());
                }
                self.has_booked(intent, &held);
            }
        }
    }

    pub(crate) fn has_booked(&mut self, intent: &Intent, held: &Booking) {
        if !self.known.insert(held.id.raw()) {
            return;
        }
        let visit = Visit {
            intent: *intent,
            booking: held.id,
            order: held.order,
            starts_at: held.starts_at,
        };
        if intent.pays != Pays::Never {
            let soon = self.network.time.now() + 3_000;
            self.plan(soon, Event::OpensSheet(visit.clone(), TRIES));
        }
        self.will_come(intent, visit, held.is_at_home().then_some(held.length.before));
    }

    /// What comes of a booking besides paying for it; of a home visit `travel` is the way.
    pub(crate) fn will_come(&mut self, intent: &Intent, visit: Visit, travel: Option<i64>) {
        let now = self.network.time.now();
        if let Some(minutes) = intent.calls_off {
            self.plan(now + minutes * MINUTE_MS, Event::CallsOff(visit.clone()));
        }
        if let Some(moves) = intent.moves {
            self.plan(now + moves.after * MINUTE_MS, Event::WishesMove(visit.clone()));
        }
        if let Some(travel) = travel {
            let sets_out = visit.starts_at.plus_minutes(-travel);
            self.plan(sets_out, Event::Arrives(visit.clone()));
        } else {
            self.will_be_there(intent, &visit);
        }
        // Some wait for it who come too late; most of what is far away nobody waits for.
        if self.people.below(3) == 0 && visit.starts_at - now < 20 * 60 * MINUTE_MS {
            let later = now + self.people.between(1_000, 30 * MINUTE_MS);
            self.plan(later, Event::Waits(visit.clone()));
        }
        self.plan(visit.starts_at.plus_minutes(6 * 60), Event::Tidies(visit));
    }

    /// When somebody comes to the shop, if they do.
    fn will_be_there(&mut self, intent: &Intent, visit: &Visit) {
        let late = intent.late.unwrap_or(0);
        if late > 0 {
            let before = visit.starts_at.plus_minutes(-late);
            self.plan(before, Event::SaysLate(visit.clone(), late));
        }
        if let Some(minutes) = intent.comes {
            let there = visit.starts_at.plus_minutes(minutes + late);
            self.plan(there, Event::Arrives(visit.clone()));
        }
        if intent.number.is_multiple_of(2) {
            self.plan(visit.starts_at.plus_minutes(16), Event::Misses(visit.clone()));
        }
    }

    /// Opens WeChat's pay sheet, or tries again in a moment when WeChat does not answer.
    pub(crate) fn opens_sheet(&mut self, visit: Visit, tries: u32) {
        let now = self.network.time.now();
        let Some(number) = self.sheet(&visit) else {
            if tries > 0 {
                self.plan(now + 8_000, Event::OpensSheet(visit, tries - 1));
            }
            return;
        };
        self.network.sheet_opens(&number);
        if let Pays::After(seconds) = visit.intent.pays {
            self.plan(now + seconds * 1_000, Event::Pays(visit, number));
        }
    }

    /// The number that the sheet is open for.
    fn sheet(&mut self, visit: &Visit) -> Option<String> {
        let (order, payer, customer) = (
            visit.order,
            Self::payer(&visit.intent),
            self.customer(&visit.intent),
        );
        let payment = self
            .act("begins to pay", customer, move |cx, tx| {
                order::pay(cx, tx, order, &payer)
            })
            .ok()?;
        self.prepay(customer, payment.id)?;
        Some(payment.out_trade_no)
    }

    fn prepay(&mut self, customer: Actor, id: kernel::Id<payment::Payment>) -> Option<()> {
        let program = self.program.clone();
        let cx = self.cx(customer);
        let opened = payment::prepay(&program.db, &cx, &program.pay, id);
        self.judge("opens the pay sheet", opened.map(drop)).ok()
    }

    /// Confirms on WeChat's sheet; some look at the page again, the shop looks at what came.
    pub(crate) fn pays(&mut self, visit: Visit, number: &str) {
        let now = self.network.time.now();
        // The line breaks at the worst moment: the money is on its way, and nobody can be asked until the order has closed.
        if self.people.of_thousand(self.mix.silence * 5) {
            self.tell("WeChat falls silent as a customer pays");
            self.network
                .fall_silent(now + self.people.between(11, 45) * MINUTE_MS);
        }
        self.network.pays(number);
        if self.people.below(2) == 0 {
            self.plan(
                now + self.people.between(500, 20_000),
                Event::Returns(visit.clone()),
            );
        }
        if let Some(minutes) = visit.intent.answered {
            self.plan(now + minutes * MINUTE_MS, Event::ShopLooks(visit.clone()));
        }
        if self.people.of_thousand(self.mix.second_window) {
            self.plan(
                now + self.people.between(5_000, 9 * MINUTE_MS),
                Event::PaysAgain(visit),
            );
        }
    }

    /// The page asks WeChat whether it was paid.
    pub(crate) fn returns(&mut self, visit: &Visit) {
        let purpose = order::purpose(visit.order);
        let Some(payments) = self.look(move |tx| payment::payments(tx, &purpose)) else {
            return;
        };
        if let Some(last) = payments.last() {
            let program = self.program.clone();
            let cx = self.cx(self.customer(&visit.intent));
            let seen = payment::check(&program.db, &cx, &program.pay, last.id);
            let _ = self.judge("looks at the page", seen);
        }
    }

    /// Another window held an attempt of its own, made here beside the guard of [`order::pay`]. Whatever comes of it, it is
    /// ended.
    pub(crate) fn pays_again(&mut self, visit: &Visit) {
        let (id, payer, customer) = (
            visit.order,
            Self::payer(&visit.intent),
            self.customer(&visit.intent),
        );
        let opened = self.act("pays in a second window", customer, move |cx, tx| {
            let order = order::order(tx, id)?;
            if order.state != order::State::Placed {
                return Err(order::Refusal::NotPlaced.into());
            }
            let new = payment::NewPayment {
                purpose: order::purpose(id),
                shop: order.shop,
                sub_mchid: payer.sub_mchid.clone(),
                amount: order.due_now,
                description: order.title,
                openid: payer.openid.clone(),
                expires_at: cx.now().plus_minutes(10),
            };
            payment::open(cx, tx, &new)
        });
        let Ok(payment) = opened else { return };
        if self.prepay(customer, payment.id).is_some() {
            self.network.sheet_opens(&payment.out_trade_no);
            self.network.pays(&payment.out_trade_no);
        }
        self.closes_window(visit);
    }

    /// The second window is closed; where the process died meanwhile, again in a while.
    pub(crate) fn closes_window(&mut self, visit: &Visit) {
        let (id, customer) = (visit.order, self.customer(&visit.intent));
        let closed = self.act("closes the second window", customer, move |cx, tx| {
            payment::end(cx, tx, &order::purpose(id))
        });
        if closed.is_err() {
            let again = self.network.time.now() + 5 * MINUTE_MS;
            self.plan(again, Event::ClosesWindow(visit.clone()));
        }
    }

    pub(crate) fn calls_off(&mut self, visit: &Visit) {
        let Some(seen) = self.version(visit) else { return };
        let (id, why) = (visit.booking, booking::Why::CustomersPlans);
        let customer = self.customer(&visit.intent);
        let _ = self.act("calls off", customer, move |cx, tx| {
            booking::cancel(cx, tx, id, seen, why)
        });
    }

    pub(crate) fn objects(&mut self, visit: &Visit) {
        let Some(seen) = self.version(visit) else { return };
        let (id, customer) = (visit.booking, self.customer(&visit.intent));
        let _ = self.act("objects", customer, move |cx, tx| {
            booking::dispute(cx, tx, id, seen, "我到了，门锁着")
        });
    }

    pub(crate) fn reviews(&mut self, visit: &Visit) {
        let (id, customer) = (visit.booking, self.customer(&visit.intent));
        let new = review::NewReview {
            stars: 1 + visit.intent.number as i64 % 5,
            words: "手法很好".to_owned(),
        };
        let _ = self.act("reviews", customer, move |cx, tx| review::write(cx, tx, id, &new));
    }

    /// The booking's version as a page would show it.
    pub(crate) fn version(&mut self, visit: &Visit) -> Option<i64> {
        self.booking(visit).map(|booking| booking.version)
    }

    pub(crate) fn booking(&mut self, visit: &Visit) -> Option<Booking> {
        let id = visit.booking;
        self.look(move |tx| booking::booking(tx, id))
    }

    /// What somebody sees, unless the program is away.
    pub(crate) fn look<T: Send + 'static>(
        &mut self,
        f: impl FnMut(&mut db::Tx) -> Result<T> + Send + 'static,
    ) -> Option<T> {
        match self.program.db.read(f).wait() {
            Ok(seen) => Some(seen),
            failed => self.judge("looks", failed).ok(),
        }
    }
}

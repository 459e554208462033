//! What customers do who come too late: wait, and answer what is offered, or not.

use booking::{Contact, Strength, WaitEntry, WaitState, WaitWish, Wish, Wishes};
use kernel::{Id, MINUTE_MS};

use crate::{
    agenda::{Event, Visit},
    customer::{Intent, Pays},
    town::Town,
};

/// So often a waiting customer looks.
const LOOKS_MS: i64 = 7 * MINUTE_MS;

impl Town {
    /// Another customer wants just the time and the therapist of a booking.
    pub(crate) fn waits(&mut self, visit: &Visit) {
        let Some(booked) = self.booking(visit) else { return };
        let mut intent = visit.intent;
        intent.number += 10_000;
        intent.customer = (intent.customer + 1 + self.people.below(2)) % self.customers.len();
        // Whoever waited pays like anybody else.
        if intent.pays == Pays::Never && self.people.below(2) == 0 {
            intent.pays = Pays::After(30);
        }
        let minute = booked.starts_at.minutes_since(booked.day.at(0));
        let wish = WaitWish {
            service: booked.service,
            therapist: (self.people.below(3) > 0).then_some(booked.therapist),
            day: booked.day,
            from: minute,
            to: minute + 15,
        };
        let customer = self.customer(&intent);
        let joined = self.act("joins the waitlist", customer, move |cx, tx| {
            booking::join_waitlist(cx, tx, &wish)
        });
        if let Ok(entry) = joined {
            self.plan(
                self.network.time.now() + LOOKS_MS,
                Event::LooksAtOffer(intent, entry.id),
            );
        }
    }

    /// Takes what is offered, gives it up, or does neither; looks again while it waits.
    pub(crate) fn looks_at_offer(&mut self, intent: Intent, id: Id<WaitEntry>) {
        let later = self.network.time.now() + LOOKS_MS;
        let Some(entry) = self.look(move |tx| booking::wait_entry(tx, id)) else {
            return self.plan(later, Event::LooksAtOffer(intent, id));
        };
        let customer = self.customer(&intent);
        match entry.state {
            WaitState::Waiting => {
                if self.people.below(40) == 0 {
                    let _ = self.act("waits no more", customer, move |cx, tx| {
                        booking::withdraw_from_waitlist(cx, tx, id)
                    });
                }
                self.plan(later, Event::LooksAtOffer(intent, id));
            }
            WaitState::Offered => {
                match self.people.below(6) {
                    0 => {
                        let _ = self.act("declines what is offered", customer, move |cx, tx| {
                            booking::withdraw_from_waitlist(cx, tx, id)
                        });
                    }
                    1 => self.tell("does not answer an offer"),
                    _ => self.takes(&intent, &entry),
                }
                self.plan(later, Event::LooksAtOffer(intent, id));
            }
            WaitState::Taken | WaitState::Lapsed | WaitState::Withdrawn | WaitState::Over => {}
        }
    }

    fn takes(&mut self, intent: &Intent, entry: &WaitEntry) {
        let wish = Wish {
            service: entry.service,
            therapist: entry.therapist,
            starts_at: entry.ends_at(),
            contact: Contact {
                name: format!("候补{}", intent.customer),
                phone: format!("139{:08}", intent.customer),
            },
            wishes: Wishes {
                strength: Strength::Light,
                note: String::new(),
            },
            declared: true,
        };
        let (id, customer) = (entry.id, self.customer(intent));
        let key = format!("offer-{id}");
        let mut first = None;
        // A form sent twice, as impatient fingers do.
        for _ in 0..=intent.number % 2 {
            let (key, wish) = (key.clone(), wish.clone());
            let held = self.act("takes what is offered", customer, move |cx, tx| {
                booking::take_offer(cx, tx, &key, id, &wish, &[])
            });
            if let Ok(held) = held {
                if *first.get_or_insert(held.id) != held.id {
                    let words = "an offer taken twice made two bookings";
                    self.fault.get_or_insert(words.to_owned());
                }
                self.has_booked(intent, &held);
            }
        }
    }
}

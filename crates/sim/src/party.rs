//! Several whom the desk enters at once: all of them find their time together, or nobody is entered and they wait with numbers.

use booking::{Booking, GroupEntry, Item, Several};
use kernel::{Error, Instant, MINUTE_MS};

use crate::{agenda::Event, customer::Intent, town::Town};

impl Town {
    /// Several come in from the street, or one rings for all. `at` is the time that was
    /// told: it may be gone when the form is sent two minutes later.
    pub(crate) fn enters_together(&mut self, intent: &Intent, at: Option<Instant>) {
        let group = self.party(intent);
        let rings = intent.number.is_multiple_of(2);
        let Some(at) = at else {
            return match self.time_for_all(intent, &group) {
                Some(told) => self.presses_again(intent, Some(told)),
                None if rings => self.tell("nothing is free for several callers"),
                None => self.takes_numbers(intent, group),
            };
        };
        let (key, owner) = (
            format!("together-{}", intent.number),
            self.houses[intent.shop].owner(),
        );
        let mut first: Option<Vec<i64>> = None;
        // A form sent twice, as impatient fingers do.
        for _ in 0..=intent.number % 3 / 2 {
            let (key, asked) = (key.clone(), group.clone());
            let entered = self.act("enters several", owner, move |cx, tx| match rings {
                true => booking::phone_booking_together(cx, tx, &key, &asked, at),
                false => booking::walk_in_together(cx, tx, &key, &asked, Some(at)),
            });
            match entered {
                Ok(entered) => self.are_entered(intent, &entered, &mut first),
                Err(Error::Refused(no)) if no.code == "booking.not_all_free" && !rings => {
                    return self.takes_numbers(intent, group);
                }
                Err(Error::Refused(_)) => return,
                Err(_) => return self.presses_again(intent, Some(at)),
            }
        }
    }

    fn party(&self, intent: &Intent) -> GroupEntry {
        let services = &self.houses[intent.shop].services;
        let of = |place: usize| {
            let mut entry = self.entry(intent);
            entry.service = services[(intent.service + place) % services.len()].id;
            entry.therapist = entry.therapist.filter(|_| place == 0);
            entry
        };
        GroupEntry {
            entries: (0..2 + intent.number / 5 % 2).map(of).collect(),
            in_turn: (intent.number / 10).is_multiple_of(3),
            one_room: false,
        }
    }

    /// The earliest time for all of them, or the one nearest to what a caller would like.
    fn time_for_all(&mut self, intent: &Intent, group: &GroupEntry) -> Option<Instant> {
        let services = &self.houses[intent.shop].services;
        let item = |entry: &booking::Entry| {
            let service = services.iter().find(|one| one.id == entry.service)?;
            Some(Item {
                service: service.clone(),
                therapist: entry.therapist,
            })
        };
        let items: Vec<Item> = group.entries.iter().filter_map(item).collect();
        let (now, in_turn) = (self.network.time.shown(), group.in_turn);
        let wanted = now + intent.ahead * 60 * MINUTE_MS;
        let rings = intent.number.is_multiple_of(2);
        self.look(move |tx| {
            let of = Several {
                items: &items,
                in_turn,
                one_room: false,
            };
            if rings {
                let times = booking::nearest_together(tx, now, of, wanted)?;
                return Ok(times.first().copied());
            }
            let earliest = booking::earliest_together(tx, now, of)?;
            Ok(earliest.map(|time| time.starts_at))
        })?
    }

    /// Each pays, comes and is served alone.
    fn are_entered(&mut self, intent: &Intent, entered: &[Booking], first: &mut Option<Vec<i64>>) {
        let ids: Vec<i64> = entered.iter().map(|one| one.id.raw()).collect();
        if *first.get_or_insert(ids.clone()) != ids {
            let words = "a form sent twice made two groups";
            self.fault.get_or_insert(words.to_owned());
        }
        for (place, one) in entered.iter().enumerate() {
            let mut alone = *intent;
            alone.comes = intent
                .comes
                .filter(|_| !(intent.number + place).is_multiple_of(3));
            self.is_entered(&alone, one, &mut None);
        }
    }

    fn takes_numbers(&mut self, intent: &Intent, group: GroupEntry) {
        let (key, owner) = (
            format!("tickets-{}", intent.number),
            self.houses[intent.shop].owner(),
        );
        let taken = self.act("gives several numbers", owner, move |cx, tx| {
            booking::take_tickets(cx, tx, &key, &group)
        });
        let now = self.network.time.now();
        for ticket in taken.into_iter().flatten() {
            self.plan(now + 10 * MINUTE_MS, Event::CallsNumber(*intent, ticket.id, 30));
        }
    }
}

//! What customers do who come with others, or for several services: one form, one payment, several bookings.

use booking::{Booking, Contact, GroupWish, Item, Strength, Wish, Wishes};
use kernel::MINUTE_MS;

use crate::{agenda::Visit, customer::Intent, town::Town};

impl Town {
    /// Looks for a time at which everybody finds somebody, and asks for it.
    pub(crate) fn books_together(&mut self, intent: &Intent) {
        let house = self.houses[intent.shop].clone();
        let (people, in_turn) = (2 + intent.number / 5 % 2, (intent.number / 10).is_multiple_of(3));
        let items: Vec<Item> = (0..people)
            .map(|place| Item {
                service: house.services[(intent.service + place) % 2].clone(),
                therapist: intent
                    .therapist
                    .filter(|_| place == 0)
                    .map(|n| house.therapists[n % house.therapists.len()]),
            })
            .collect();
        let (now, asked) = (self.network.time.shown(), items.clone());
        let Some(days) = self.look(move |tx| booking::free_together(tx, now, &asked, in_turn, false)) else {
            return;
        };
        let wanted = now + intent.ahead * 60 * MINUTE_MS;
        let times = days.iter().flat_map(|day| &day.times);
        let Some(time) = times.min_by_key(|time| (time.starts_at - wanted).abs()) else {
            return self.tell("nothing is free for all of them");
        };
        let starts_at = time.starts_at;
        let wish = |(place, item): (usize, &Item)| Wish {
            service: item.service.id,
            therapist: item.therapist,
            starts_at,
            contact: Contact {
                name: format!("客人{}的第{place}位", intent.customer),
                phone: format!("138{:08}", intent.customer),
            },
            wishes: Wishes {
                strength: Strength::Medium,
                note: String::new(),
            },
            declared: true,
        };
        let group = GroupWish {
            wishes: items.iter().enumerate().map(wish).collect(),
            in_turn,
            one_room: false,
        };
        let (key, customer) = (format!("form-{}", intent.number), self.customer(intent));
        let mut first: Option<Vec<Booking>> = None;
        for _ in 0..=intent.number % 3 / 2 {
            let (key, group) = (key.clone(), group.clone());
            let held = self.act("books together", customer, move |cx, tx| {
                booking::request_together(cx, tx, &key, &group)
            });
            let Ok(held) = held else { continue };
            let ids =
                |bookings: &[Booking]| -> Vec<i64> { bookings.iter().map(|one| one.id.raw()).collect() };
            if ids(first.get_or_insert(held.clone())) != ids(&held) {
                let words = "a form sent twice made two groups";
                self.fault.get_or_insert(words.to_owned());
            }
            self.have_booked(intent, &held);
        }
    }

    /// The first pays for all; each comes or stays away, and may be called off alone.
    fn have_booked(&mut self, intent: &Intent, held: &[Booking]) {
        let Some((first, others)) = held.split_first() else {
            return;
        };
        if self.known.contains(&first.id.raw()) {
            return;
        }
        self.has_booked(intent, first);
        for (place, other) in others.iter().enumerate() {
            self.known.insert(other.id.raw());
            let mut alone = *intent;
            alone.comes = intent
                .comes
                .filter(|_| !(intent.number + place).is_multiple_of(3));
            alone.calls_off = intent
                .calls_off
                .filter(|_| place % 2 == 1)
                .map(|minutes| minutes + 3);
            let visit = Visit {
                intent: alone,
                booking: other.id,
                order: other.order,
                starts_at: other.starts_at,
            };
            self.will_come(&alone, visit, None);
        }
    }
}

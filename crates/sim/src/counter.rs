//! What the desk enters itself: customers who stand there, who ring, who wait in the line. They pay in cash. Of those in the
//! line some go by themselves, some are called in vain and once more, some are gone when they are called.

use booking::{Booking, Contact, Entry, State, Ticket, TicketState};
use kernel::{Actor, Error, Id, Instant, MINUTE_MS};

use crate::{
    agenda::{Event, Visit},
    customer::Intent,
    town::Town,
};

impl Town {
    /// Somebody comes in from the street, or rings; who cannot be served now takes a number, or rings off. Some of those who
    /// come in would rather wait for a time. `at` is the time that was told before the line broke.
    pub(crate) fn enters(&mut self, intent: &Intent, at: Option<Instant>) {
        if (intent.number + intent.customer) % 4 == 3 {
            return self.enters_together(intent, at);
        }
        if intent.number.is_multiple_of(2) {
            return self.rings(intent, at);
        }
        let (entry, key) = (self.entry(intent), format!("walk-in-{}", intent.number));
        let owner = self.houses[intent.shop].owner();
        let at = match at {
            None if intent.number.is_multiple_of(3) => self.time_for(intent),
            told => told,
        };
        let mut first = None;
        for _ in 0..=intent.number % 5 / 4 {
            let (key, asked) = (key.clone(), entry.clone());
            let entered = self.act("enters a walk-in", owner, move |cx, tx| {
                booking::walk_in(cx, tx, &key, &asked, at)
            });
            match entered {
                Ok(entered) => self.is_entered(intent, &entered, &mut first),
                Err(Error::Refused(no)) if no.code == "booking.nobody_free" => {
                    return self.takes_number(intent, entry);
                }
                Err(Error::Refused(_)) => return,
                Err(_) => return self.presses_again(intent, at),
            }
        }
    }

    /// A free time near the one that somebody at the desk, or on the telephone, would like.
    fn time_for(&mut self, intent: &Intent) -> Option<Instant> {
        let therapist = self.entry(intent).therapist;
        let service = self.houses[intent.shop].services[intent.service].clone();
        let now = self.network.time.shown();
        let wanted = now + intent.ahead * 60 * MINUTE_MS;
        let times = self.look(move |tx| booking::nearest(tx, now, &service, therapist, wanted));
        times.and_then(|times| times.first().copied())
    }

    fn rings(&mut self, intent: &Intent, at: Option<Instant>) {
        let (entry, house) = (self.entry(intent), self.houses[intent.shop].clone());
        let Some(at) = at.or_else(|| self.time_for(intent)) else {
            return self.tell("nothing is free for a caller");
        };
        let key = format!("phone-{}", intent.number);
        let mut first = None;
        for _ in 0..=intent.number % 4 / 2 {
            let (key, asked) = (key.clone(), entry.clone());
            let entered = self.act("enters a caller", house.owner(), move |cx, tx| {
                booking::phone_booking(cx, tx, &key, &asked, at)
            });
            match entered {
                Ok(entered) => self.is_entered(intent, &entered, &mut first),
                Err(Error::Refused(_)) => return,
                Err(_) => return self.presses_again(intent, Some(at)),
            }
        }
    }

    /// The process died over it: nobody knows whether it was done, so the same form is sent again.
    pub(crate) fn presses_again(&self, intent: &Intent, at: Option<Instant>) {
        let later = self.network.time.now() + 2 * MINUTE_MS;
        self.plan(later, Event::Enters(*intent, at));
    }

    pub(crate) fn entry(&self, intent: &Intent) -> Entry {
        let house = &self.houses[intent.shop];
        let named = intent
            .therapist
            .map(|n| house.therapists[n % house.therapists.len()]);
        Entry {
            service: house.services[intent.service].id,
            therapist: named,
            contact: Contact {
                name: "散客".to_owned(),
                phone: format!("139{:08}", intent.customer),
            },
            remembered: intent.by_hand,
            asked: true,
        }
    }

    pub(crate) fn is_entered(&mut self, intent: &Intent, entered: &Booking, first: &mut Option<Id<Booking>>) {
        if *first.get_or_insert(entered.id) != entered.id {
            let words = "a form sent twice made two bookings";
            self.fault.get_or_insert(words.to_owned());
        }
        if !self.known.insert(entered.id.raw()) {
            return;
        }
        let visit = Visit {
            intent: *intent,
            booking: entered.id,
            order: entered.order,
            starts_at: entered.starts_at,
        };
        // Some pay while they are served, some hours later.
        let pays = if intent.number % 4 < 2 { 20 } else { 200 };
        self.plan(visit.starts_at.plus_minutes(pays), Event::PaysCash(visit.clone()));
        if entered.state == State::CheckedIn {
            self.plan(visit.starts_at, Event::Begins(visit.clone()));
        } else if let Some(late) = intent.comes {
            self.plan(visit.starts_at.plus_minutes(late), Event::Arrives(visit.clone()));
        }
        self.plan(visit.starts_at.plus_minutes(6 * 60), Event::Tidies(visit));
    }

    /// Cash over the desk, the whole of it; who is not there cannot pay.
    pub(crate) fn pays_cash(&mut self, visit: &Visit) {
        let owner = self.houses[visit.intent.shop].owner();
        let (id, booking) = (visit.order, visit.booking);
        let _ = self.act("takes cash", owner, move |cx, tx| {
            let here = booking::booking(tx, booking)?;
            if !matches!(here.state, State::CheckedIn | State::InService | State::Completed) {
                return Err(order::Refusal::NotPlaced.into());
            }
            let key = format!("cash-{booking}");
            order::take_cash(cx, tx, id, &key, here.price)
        });
    }

    fn takes_number(&mut self, intent: &Intent, entry: Entry) {
        let (key, owner) = (
            format!("ticket-{}", intent.number),
            self.houses[intent.shop].owner(),
        );
        let taken = self.act("gives a number", owner, move |cx, tx| {
            booking::take_ticket(cx, tx, &key, &entry)
        });
        if let Ok(ticket) = taken {
            let now = self.network.time.now();
            self.plan(now + 10 * MINUTE_MS, Event::CallsNumber(*intent, ticket.id, 30));
        }
    }

    /// The desk calls a number, two desks at once now and then; it is called again later while nobody is free.
    pub(crate) fn calls_number(&mut self, intent: &Intent, id: Id<Ticket>, tries: u32) {
        let owner = self.houses[intent.shop].owner();
        let Some(ticket) = self.look(move |tx| booking::ticket(tx, id)) else {
            return self.calls_later(intent, id, tries);
        };
        if let (TicketState::Called, Some(booking)) = (ticket.state, ticket.booking) {
            // Called before the process died.
            if let Some(booking) = self.look(move |tx| booking::booking(tx, booking)) {
                self.is_entered(intent, &booking, &mut None);
            }
            return;
        }
        if !matches!(ticket.state, TicketState::Waiting | TicketState::Skipped) {
            return;
        }
        if self.people.below(12) == 0 {
            let token = ticket.token;
            let gone = self.act("goes by the page", Actor::Guest, move |cx, tx| {
                booking::leave_by_token(cx, tx, &token)
            });
            if gone.is_ok() {
                return;
            }
        }
        let seen = ticket.version;
        let mut called = Vec::new();
        for desk in 0..=intent.number % 3 / 2 {
            let key = format!("call-{id}-{tries}-{desk}");
            let one = self.act("calls a number", owner, move |cx, tx| {
                booking::call(cx, tx, &key, id, seen)
            });
            called.extend(one);
        }
        if called.len() > 1 {
            self.fault.get_or_insert("a number was called twice".to_owned());
        }
        let Some(booking) = called.pop() else {
            return self.calls_later(intent, id, tries);
        };
        self.is_entered(intent, &booking, &mut None);
        if intent.comes.is_none() || self.people.below(6) == 0 {
            self.is_called_in_vain(intent, id, (seen + 1, tries));
        }
    }

    /// Nobody comes when a number is called: it is passed over, and some are called once more; or somebody says that they
    /// have gone.
    fn is_called_in_vain(&mut self, intent: &Intent, id: Id<Ticket>, (seen, tries): (i64, u32)) {
        let owner = self.houses[intent.shop].owner();
        if self.people.below(3) == 0 {
            let _ = self.act("hears that a number has gone", owner, move |cx, tx| {
                booking::leave(cx, tx, id, seen)
            });
            return;
        }
        let skipped = self.act("skips a number", owner, move |cx, tx| {
            booking::skip(cx, tx, id, seen)
        });
        if skipped.is_ok() && self.people.below(2) == 0 {
            self.calls_later(intent, id, tries);
        }
    }

    fn calls_later(&self, intent: &Intent, id: Id<Ticket>, tries: u32) {
        if tries > 0 {
            let later = self.network.time.now() + 10 * MINUTE_MS;
            self.plan(later, Event::CallsNumber(*intent, id, tries - 1));
        }
    }
}

/// Intents of whom the desk enters are numbered from here.
pub(crate) const DESK: usize = 1_000;

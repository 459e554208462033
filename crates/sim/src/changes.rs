//! Moves: customers and shops wish for another time, another therapist, another service or, of a home visit, another address;
//! the other side answers or does not, or it comes to nothing because the customer calls off.

use booking::{Address, Booking, Proposal, Side, State, Who};
use catalog::Service;
use kernel::{Actor, HOUR_MS, MINUTE_MS};

use crate::{
    agenda::{Event, Visit},
    home::place,
    town::Town,
    world::Chance,
};

/// What becomes of one booking's time, decided before anything happens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moves {
    /// Whether the shop wishes it.
    pub by_shop: bool,
    /// So many minutes after it was booked.
    pub after: i64,
    /// So many hours later, or earlier.
    pub hours: i64,
    /// To another therapist, at whatever time.
    pub swaps: bool,
    /// To whoever comes next in turn.
    pub anyone: bool,
    /// To the other service of the shop.
    pub other_service: bool,
    /// To an address so many hundreds of metres from the shop, if it is a home visit; the shop knows of one only from the
    /// customer, who then agrees.
    pub elsewhere: Option<i64>,
    /// The shop says that the customer agrees.
    pub agreed: bool,
    /// What the other side says.
    pub answer: Said,
    /// So many minutes after it was asked.
    pub answered: i64,
}

/// What is said to a proposal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Said {
    Yes,
    No,
    /// Nobody answers in time.
    Nothing,
    /// Whoever wished it takes it back.
    TakenBack,
    /// The customer calls the booking off instead.
    CalledOff,
}

impl Moves {
    /// Decided by chance; most bookings stay where they are.
    pub fn drawn(seed: u64, number: usize) -> Option<Moves> {
        let chance = Chance::new(seed, 20_000 + number as u64);
        if chance.below(5) > 1 {
            return None;
        }
        let answer = match chance.below(8) {
            0 => Said::No,
            1 => Said::Nothing,
            2 => Said::TakenBack,
            3 => Said::CalledOff,
            _ => Said::Yes,
        };
        Some(Moves {
            by_shop: chance.below(2) == 0,
            after: chance.between(5, 90),
            hours: chance.between(-4, 8),
            swaps: chance.below(3) == 0,
            anyone: chance.below(4) == 0,
            other_service: chance.below(3) == 0,
            agreed: chance.below(3) == 0,
            answer,
            answered: chance.between(1, 9),
            elsewhere: (chance.below(2) == 0).then(|| chance.between(1, 55)),
        })
    }
}

impl Town {
    fn mover(&self, visit: &Visit, side: Side) -> Actor {
        match side {
            Side::Customer => Actor::Customer(self.customers[visit.intent.customer]),
            Side::Shop => self.houses[visit.intent.shop].owner(),
        }
    }

    /// Somebody wants a booking moved: to the free time nearest to what they wish.
    pub(crate) fn wishes_move(&mut self, visit: Visit) {
        let (Some(moves), Some(booking)) = (visit.intent.moves, self.booking(&visit)) else {
            return;
        };
        if !matches!(booking.state, State::Requested | State::Confirmed) {
            return;
        }
        let side = if moves.by_shop { Side::Shop } else { Side::Customer };
        let actor = self.mover(&visit, side);
        let Some(service) = self.service_wished(&visit, &booking, moves) else {
            return;
        };
        let address = match moves.elsewhere.filter(|_| booking.is_at_home()) {
            None => None,
            Some(hundreds) => match self.tells_address(&booking, &service, (actor, hundreds)) {
                Some(address) => Some(address.id),
                None => return,
            },
        };
        let who = self.wished_for(&visit, &booking, moves);
        let becomes = service.id;
        let (cx, asked) = (self.cx(actor), booking.clone());
        let days = self.look(move |tx| booking::free_to_move(&cx, tx, &asked, &service, (who, address)));
        let wanted = booking.starts_at + moves.hours * HOUR_MS;
        let times = days.iter().flatten().flat_map(|day| &day.times);
        let Some(time) = times.min_by_key(|time| (time.starts_at - wanted).abs()) else {
            return self.tell("there is no other time");
        };
        let wish = Proposal {
            who,
            service: becomes,
            agreed: moves.by_shop && (moves.agreed || address.is_some()),
            address,
            ..Proposal::at(&booking, time.starts_at)
        };
        let (id, seen) = (booking.id, booking.version);
        let words = if moves.by_shop {
            "proposes a move"
        } else {
            "wants to move"
        };
        let _ = self.act(words, actor, move |cx, tx| {
            booking::propose(cx, tx, id, seen, &wish)
        });
        if moves.answer != Said::Nothing {
            let answered = self.network.time.now() + moves.answered * MINUTE_MS;
            self.plan(answered, Event::AnswersMove(visit));
        }
    }

    fn service_wished(&self, visit: &Visit, booking: &Booking, moves: Moves) -> Option<Service> {
        let wants = |service: &&Service| (service.id != booking.service) == moves.other_service;
        let offered = &self.houses[visit.intent.shop].services;
        offered.iter().find(wants).cloned()
    }

    fn wished_for(&self, visit: &Visit, booking: &Booking, moves: Moves) -> Who {
        let therapists = &self.houses[visit.intent.shop].therapists;
        let other = therapists.iter().find(|id| **id != booking.therapist);
        match other {
            Some(other) if moves.swaps => Who::Named(*other),
            _ if moves.anyone => Who::Anyone,
            _ => Who::AsBefore,
        }
    }

    /// Whoever wishes it writes down where the visit is to go: the customer, or the desk as it was told.
    fn tells_address(
        &mut self,
        booking: &Booking,
        service: &Service,
        (actor, hundreds): (Actor, i64),
    ) -> Option<Address> {
        let (booking, service, place) = (booking.clone(), service.clone(), place(hundreds));
        let lines = ("鼓楼西大街 9 号院", "2 单元 301");
        let kept = self.act("tells another address", actor, move |cx, tx| match actor {
            Actor::Customer(_) => booking::keep_address(cx, tx, &service, place, lines),
            _ => booking::keep_told_address(cx, tx, &booking, &service, place, lines),
        });
        kept.ok()
    }

    /// The other side answers, or the one who wished it takes it back.
    pub(crate) fn answers_move(&mut self, visit: &Visit) {
        let (Some(moves), Some(booking)) = (visit.intent.moves, self.booking(visit)) else {
            return;
        };
        let id = booking.id;
        let Some(Some(open)) = self.look(move |tx| booking::open_change(tx, id)) else {
            return;
        };
        let (own, other) = match open.by {
            Side::Customer => (Side::Customer, Side::Shop),
            Side::Shop => (Side::Shop, Side::Customer),
        };
        let (side, words, how): (Side, &str, Answering) = match moves.answer {
            Said::CalledOff => return self.calls_off(visit),
            Said::TakenBack => (own, "takes a move back", booking::withdraw_change),
            Said::No => (other, "does not agree to a move", booking::refuse_change),
            Said::Yes | Said::Nothing => (other, "agrees to a move", booking::agree),
        };
        let (actor, seen) = (self.mover(visit, side), booking.version);
        let _ = self.act(words, actor, move |cx, tx| how(cx, tx, id, seen));
    }
}

type Answering = fn(&kernel::Cx, &mut db::Tx, kernel::Id<Booking>, i64) -> kernel::Result<Booking>;

//! What the desk enters itself: walk-in customers, callers, the line.

use scheduling::Reason;

use super::{house::House, *};

/// Somebody whom the desk enters, without a wish for a therapist.
pub fn entry(house: &House) -> Entry {
    Entry {
        service: house.service.id,
        therapist: None,
        contact: Contact {
            name: "散客".to_owned(),
            phone: String::new(),
        },
        remembered: false,
        asked: true,
    }
}

pub fn caller(house: &House) -> Entry {
    Entry {
        contact: Contact {
            name: "王先生".to_owned(),
            phone: "13912345678".to_owned(),
        },
        remembered: true,
        ..entry(house)
    }
}

impl House {
    pub fn walks_in(&self, entry: &Entry) -> Result<Booking> {
        let (key, entry) = (self.stand.cx(Actor::Guest).token(), entry.clone());
        self.at(self.owner, move |cx, tx| walk_in(cx, tx, &key, &entry, None))
    }

    pub fn takes_ticket(&self, entry: &Entry) -> Result<Ticket> {
        let (key, entry) = (self.stand.cx(Actor::Guest).token(), entry.clone());
        self.at(self.owner, move |cx, tx| take_ticket(cx, tx, &key, &entry))
    }

    pub fn calls(&self, ticket: &Ticket) -> Result<Booking> {
        let (key, id, seen) = (self.stand.cx(Actor::Guest).token(), ticket.id, ticket.version);
        self.at(self.owner, move |cx, tx| call(cx, tx, &key, id, seen))
    }

    pub fn ticket(&self, id: Id<Ticket>) -> Ticket {
        self.read(move |tx| store::ticket(tx, id))
    }

    fn takes_cash(&self, order: Id<Order>, fen: i64) {
        let key = self.stand.cx(Actor::Guest).token();
        self.at(self.owner, move |cx, tx| {
            order::take_cash(cx, tx, order, &key, Money(fen))
        })
        .unwrap();
    }
}

#[test]
fn a_walk_in_customer_is_served_at_once_and_pays_in_cash() {
    House::on_every_engine(Accepts::Manual, |house| {
        let here = house.walks_in(&entry(house)).unwrap();
        assert_eq!(here.state, State::CheckedIn);
        assert_eq!(here.starts_at, house.now().plus_minutes(5), "the next slot");
        assert_eq!((here.reason, here.contact.phone.as_str()), (Reason::Rotation, ""));
        let order = house.order(here.order);
        assert_eq!((order.state, order.due_now), (order::State::Placed, Money::ZERO));
        let id = here.id;
        let steps = house.read(move |tx| steps(tx, id));
        assert!(steps.iter().all(|step| step.actor.starts_with("owner:")));
        let codes: Vec<&str> = steps.iter().rev().map(|step| step.step.code()).collect();
        assert_eq!(codes, ["hold", "confirm", "check_in"]);
        // The news of the placed order come after the desk's promise and change nothing.
        house.stand.work();
        assert_eq!(house.booking(id).version, here.version);

        let (owner, seen) = (house.owner, here.version);
        house.at(owner, move |cx, tx| start(cx, tx, id, seen)).unwrap();
        house.takes_cash(here.order, 12_800);
        house
            .at(owner, move |cx, tx| complete(cx, tx, id, seen + 1))
            .unwrap();
        let done = house.order(here.order);
        assert_eq!(
            (done.state, done.earned),
            (order::State::Fulfilled, Money::yuan(128))
        );
    });
}

#[test]
fn the_next_in_turn_serves_unless_somebody_is_asked_for() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let wang = Entry {
            therapist: Some(house.therapists[1]),
            ..entry(house)
        };
        let named = house.walks_in(&wang).unwrap();
        assert_eq!(
            (named.therapist, named.reason),
            (house.therapists[1], Reason::Requested)
        );
        let next = house.walks_in(&entry(house)).unwrap();
        assert_eq!(next.therapist, house.therapists[0]);
        let none = house.walks_in(&entry(house));
        assert_eq!(code(none), "booking.nobody_free");
        assert_eq!(code(house.walks_in(&wang)), "booking.nobody_free");

        let (now, service) = (house.now(), house.service.clone());
        let first = house.read(move |tx| earliest(tx, now, &service, None)).unwrap();
        // Five past twelve, an hour, and ten minutes to get ready.
        assert_eq!(first.starts_at, house.minute(795));
        let (key, later, at) = (
            house.stand.cx(Actor::Guest).token(),
            entry(house),
            first.starts_at,
        );
        let booked = house
            .at(house.owner, move |cx, tx| walk_in(cx, tx, &key, &later, Some(at)))
            .unwrap();
        assert_eq!(
            (booked.state, booked.starts_at),
            (State::Confirmed, at),
            "not yet time to check in"
        );
    });
}

#[test]
fn a_form_of_the_desk_sent_twice_enters_once() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let walks = |who: Entry, at: Option<i64>| {
            let at = at.map(|minute| house.minute(minute));
            house.at(house.owner, move |cx, tx| walk_in(cx, tx, "key", &who, at))
        };
        let first = walks(entry(house), None).unwrap();
        assert_eq!(walks(entry(house), None).unwrap().id, first.id);
        assert_eq!(code(walks(entry(house), Some(900))), "db.key_reused");
        let takes = |key: &'static str| {
            let who = entry(house);
            house
                .at(house.owner, move |cx, tx| take_ticket(cx, tx, key, &who))
                .unwrap()
        };
        assert_eq!(takes("one").id, takes("one").id);
        assert_eq!(takes("two").number, 2);
    });
}

#[test]
fn a_caller_is_promised_a_time_and_remembered_where_they_agree() {
    House::on_every_engine(Accepts::Manual, |house| {
        let calls = |minute: i64, entry: Entry| {
            let (key, at) = (house.stand.cx(Actor::Guest).token(), house.minute(minute));
            house.at(house.owner, move |cx, tx| phone_booking(cx, tx, &key, &entry, at))
        };
        let first = calls(900, caller(house)).unwrap();
        assert_eq!(
            (first.state, first.starts_at),
            (State::Confirmed, house.minute(900))
        );
        house.stand.work();
        assert_eq!(house.booking(first.id).state, State::Confirmed);
        let again = calls(
            1000,
            Entry {
                remembered: false,
                ..caller(house)
            },
        )
        .unwrap();
        assert_eq!(again.customer, first.customer, "found by the number");
        let stranger = calls(
            1100,
            Entry {
                remembered: false,
                ..entry(house)
            },
        )
        .unwrap();
        assert_ne!(stranger.customer, first.customer);
        let owner = house.owner;
        let known = house
            .at(owner, |cx, tx| {
                identity::known_at_desk(tx, cx.shop()?, "13912345678")
            })
            .unwrap();
        assert_eq!(known.as_deref(), Some("王先生"));

        assert_eq!(code(calls(700, caller(house))), "scheduling.past");
        assert_eq!(code(calls(600 + 20 * 1440, caller(house))), "scheduling.too_far");
        assert_eq!(code(calls(1540, caller(house))), "scheduling.closed");
        assert_eq!(
            code(calls(
                1200,
                Entry {
                    asked: false,
                    ..caller(house)
                }
            )),
            "booking.not_asked"
        );
        // Nobody who calls may be told to pay first, and calling off costs nothing.
        let (id, seen) = (first.id, first.version);
        house.pass_until(890);
        house
            .at(owner, move |cx, tx| cancel(cx, tx, id, seen, Why::Full))
            .unwrap();
        let order = house.order(first.order);
        assert_eq!((order.state, order.kept), (order::State::Cancelled, Money::ZERO));
    });
}

#[test]
fn a_time_that_is_gone_has_three_others_beside_it() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let liu = Entry {
            therapist: Some(house.therapists[0]),
            ..caller(house)
        };
        let calls = || {
            let (key, at, entry) = (
                house.stand.cx(Actor::Guest).token(),
                house.minute(900),
                liu.clone(),
            );
            house.at(house.owner, move |cx, tx| phone_booking(cx, tx, &key, &entry, at))
        };
        calls().unwrap();
        assert_eq!(code(calls()), "scheduling.time_taken");
        let (service, wanted, now) = (house.service.clone(), house.minute(900), house.now());
        let therapist = liu.therapist;
        let others = house.read(move |tx| nearest(tx, now, &service, therapist, wanted));
        let minutes: Vec<i64> = others
            .iter()
            .map(|at| at.minutes_since(house.minute(0)))
            .collect();
        assert_eq!(minutes, [815, 830, 970]);
    });
}

#[test]
fn only_the_own_desk_enters_and_customers_cannot() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let foreign = Actor::Staff {
            id: Id::from_raw(5),
            shop: Some(Id::from_raw(6)),
            role: Role::Owner,
        };
        let ticket = house.takes_ticket(&entry(house)).unwrap();
        let (id, who) = (ticket.id, entry(house));
        let enters = |actor: Actor| {
            let who = who.clone();
            house.at(actor, move |cx, tx| walk_in(cx, tx, "k", &who, None))
        };
        assert!(matches!(enters(foreign), Err(Error::NotFound)));
        assert!(matches!(enters(house.customer), Err(Error::NotFound)));
        let calls = |actor| house.at(actor, move |cx, tx| call(cx, tx, "k", id, 1));
        assert!(matches!(calls(foreign), Err(Error::NotFound)));
        assert!(matches!(calls(house.customer), Err(Error::NotFound)));
        let skips = house.at(foreign, move |cx, tx| skip(cx, tx, id, 1));
        assert!(matches!(skips, Err(Error::NotFound)));
        // And whoever only looks like the desk's customer has no way to what a customer does.
        let stranger = house.walks_in(&entry(house)).unwrap();
        let booking = stranger.id;
        let looks = house.at(house.customer, move |cx, tx| own_booking(cx, tx, booking));
        assert!(matches!(looks, Err(Error::NotFound)));
    });
}

#[test]
fn a_ticket_is_called_and_becomes_a_booking_that_is_checked_in() {
    House::on_every_engine(Accepts::Manual, |house| {
        let tickets: Vec<Ticket> = (0..2)
            .map(|_| house.takes_ticket(&entry(house)).unwrap())
            .collect();
        assert_eq!(
            (tickets[0].name(), tickets[1].name()),
            ("A1".to_owned(), "A2".to_owned())
        );
        let called = house.calls(&tickets[0]).unwrap();
        assert_eq!(
            (called.state, called.starts_at),
            (State::Confirmed, house.now().plus_minutes(5))
        );
        assert_eq!(house.ticket(tickets[0].id).state, TicketState::Called);
        let (id, seen) = (called.id, called.version);
        house
            .at(house.owner, move |cx, tx| check_in(cx, tx, id, seen))
            .unwrap();
        assert_eq!(house.ticket(tickets[0].id).state, TicketState::Served);
        assert_eq!(
            code(house.calls(&house.ticket(tickets[0].id))),
            "booking.ticket_not_now"
        );

        let ticket = tickets[0].id;
        let steps = house.read(move |tx| ticket_steps(tx, ticket));
        let steps: Vec<&str> = steps.iter().rev().map(|(step, _, _)| step.code()).collect();
        assert_eq!(steps, ["take", "call", "serve"]);
    });
}

#[test]
fn who_does_not_come_when_called_loses_the_time_and_may_be_called_again() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let ticket = house.takes_ticket(&entry(house)).unwrap();
        let called = house.calls(&ticket).unwrap();
        let (id, seen) = (ticket.id, ticket.version + 1);
        let skipped = house
            .at(house.owner, move |cx, tx| skip(cx, tx, id, seen))
            .unwrap();
        assert_eq!(skipped.state, TicketState::Skipped);
        assert_eq!(house.booking(called.id).state, State::Cancelled);
        assert!(house.is_free(735), "therapist and bed are free again");
        let booking = called.id;
        let steps = house.read(move |tx| steps(tx, booking));
        assert_eq!(steps[0].why, Some(Why::NotThere));
        // The same again is success without effect, an old page is not.
        let again = house
            .at(house.owner, move |cx, tx| skip(cx, tx, id, seen))
            .unwrap();
        assert_eq!(again.version, skipped.version);
        assert_eq!(code(house.calls(&ticket)), "booking.ticket_changed");
        let second = house.calls(&skipped).unwrap();
        assert_ne!(second.id, called.id);
        let (id, seen) = (ticket.id, house.ticket(ticket.id).version);
        let gone = house
            .at(house.owner, move |cx, tx| leave(cx, tx, id, seen))
            .unwrap();
        assert_eq!(gone.state, TicketState::Left);
        assert_eq!(house.booking(second.id).state, State::Cancelled);
    });
}

#[test]
fn a_called_booking_that_the_desk_calls_off_skips_its_ticket() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let ticket = house.takes_ticket(&entry(house)).unwrap();
        let called = house.calls(&ticket).unwrap();
        let (id, seen) = (called.id, called.version);
        house
            .at(house.owner, move |cx, tx| cancel(cx, tx, id, seen, Why::Full))
            .unwrap();
        assert_eq!(house.ticket(ticket.id).state, TicketState::Skipped);
    });
}

#[test]
fn nobody_is_called_while_nobody_is_free() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let ticket = house.takes_ticket(&entry(house)).unwrap();
        for _ in 0..2 {
            house.walks_in(&entry(house)).unwrap();
        }
        assert_eq!(code(house.calls(&ticket)), "booking.nobody_free");
        assert_eq!(house.ticket(ticket.id), ticket, "it keeps its place");
        let (now, owner) = (house.now(), house.owner);
        let line = house.at(owner, move |cx, tx| line(tx, cx.shop()?, now)).unwrap();
        assert_eq!((line[0].before, line[0].expected), (0, Some(house.minute(795))));
    });
}

#[test]
fn the_customer_goes_and_the_day_ends() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let tickets: Vec<Ticket> = (0..3)
            .map(|_| house.takes_ticket(&entry(house)).unwrap())
            .collect();
        let token = tickets[0].token.clone();
        let goes = move |token: String| house.at(Actor::Guest, move |cx, tx| leave_by_token(cx, tx, &token));
        assert!(matches!(goes("unknown".to_owned()), Err(Error::NotFound)));
        assert_eq!(goes(token.clone()).unwrap().state, TicketState::Left);
        assert_eq!(goes(token).unwrap().version, 2, "once is enough");
        house.calls(&tickets[1]).unwrap();
        assert_eq!(code(goes(tickets[1].token.clone())), "booking.ticket_not_now");
        house.pass_until(1561);
        assert_eq!(house.ticket(tickets[2].id).state, TicketState::Left);
        assert_eq!(code(house.takes_ticket(&entry(house))), "scheduling.closed");
        house.pass_until(1440 + 720);
        assert_eq!(
            house.takes_ticket(&entry(house)).unwrap().number,
            1,
            "a new day begins at 1"
        );
    });
}

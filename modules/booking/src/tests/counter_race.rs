//! Two desks want one thing at once.

use db::params;

use super::{counter::entry, house::House, *};

/// Lets twenty desks do the same at once; what came of it.
fn at_once<T: Send + 'static>(
    house: &House,
    act: impl Fn(&Cx, &mut Tx) -> Result<T> + Clone + Send + 'static,
) -> (Vec<T>, Vec<&'static str>) {
    let waiting: Vec<_> = (0..20)
        .map(|number| {
            let clerk = Actor::Staff {
                id: Id::from_raw(100 + number),
                shop: Some(house.shop),
                role: Role::Clerk,
            };
            let (cx, act) = (house.stand.cx(clerk), act.clone());
            house.stand.db.write(move |tx| act(&cx, tx))
        })
        .collect();
    let (mut won, mut refused) = (Vec::new(), Vec::new());
    for answer in waiting {
        match answer.wait() {
            Ok(done) => won.push(done),
            Err(error) => refused.push(error.code().unwrap_or_else(|| panic!("not a refusal: {error}"))),
        }
    }
    (won, refused)
}

/// One therapist is left: of twenty walk-in customers one is served, the others hear that nobody is free.
#[test]
fn one_of_twenty_walk_ins_gets_the_last_therapist() {
    House::on_every_engine(Accepts::Automatic, |house| {
        house.walks_in(&entry(house)).unwrap();
        let who = entry(house);
        let (won, refused) = at_once(house, move |cx, tx| walk_in(cx, tx, &cx.token(), &who, None));
        assert_eq!(won.len(), 1);
        assert_eq!(refused, ["booking.nobody_free"; 19]);
        let (shop, owner) = (house.shop, house.owner);
        let orders = house
            .at(owner, move |cx, tx| order::of_shop(tx, cx.shop_named(shop)?, 100))
            .unwrap();
        assert_eq!(orders.len(), 2, "the losers left no order behind");
    });
}

/// The negative twin: two desks that look in one transaction and write in the next, without the claim, put two
/// customers on one therapist.
#[test]
fn looking_first_and_entering_later_without_the_claim_seats_two() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let first = house.walks_in(&entry(house)).unwrap();
        let (now, service) = (house.now(), house.service.clone());
        let looks = || {
            let service = service.clone();
            house.read(move |tx| earliest(tx, now, &service, None)).unwrap()
        };
        let looked = [looks(), looks()];
        for seen in looked {
            assert_eq!(seen.starts_at, first.starts_at);
            let (therapist, written) = (seen.therapists[0], first.clone());
            house
                .at(house.owner, move |cx, tx| {
                    let entered = Booking {
                        id: cx.id(),
                        therapist,
                        version: 1,
                        ..written.clone()
                    };
                    store::insert(cx, tx, &entered)
                })
                .unwrap();
        }
        let (day, owner) = (house.day, house.owner);
        let booked = house
            .at(owner, move |cx, tx| on_day(tx, cx.shop()?, day))
            .unwrap();
        let with_other = booked
            .iter()
            .filter(|booking| booking.therapist != first.therapist);
        assert_eq!(
            with_other.count(),
            2,
            "the claim is what keeps this from happening"
        );
    });
}

/// Twenty desks call one ticket: one booking, one claim on the time.
#[test]
fn a_ticket_is_called_once_whoever_calls() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let ticket = house.takes_ticket(&entry(house)).unwrap();
        let (id, seen) = (ticket.id, ticket.version);
        let (won, refused) = at_once(house, move |cx, tx| call(cx, tx, &cx.token(), id, seen));
        assert_eq!(won.len(), 1);
        assert_eq!(refused.len(), 19);
        assert!(
            refused
                .iter()
                .all(|code| matches!(*code, "booking.ticket_changed" | "booking.ticket_not_now")),
            "{refused:?}"
        );
        let (day, owner) = (house.day, house.owner);
        let booked = house
            .at(owner, move |cx, tx| on_day(tx, cx.shop()?, day))
            .unwrap();
        assert_eq!(booked.len(), 1);
    });
}

/// The negative twin: who looks in one transaction and writes in the next, without comparing versions, calls one
/// ticket twice, and two therapists wait for one customer.
#[test]
fn looking_first_and_calling_later_without_the_version_calls_twice() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let ticket = house.takes_ticket(&entry(house)).unwrap();
        let id = ticket.id;
        let looked: Vec<Ticket> = (0..2).map(|_| house.ticket(id)).collect();
        let mut called = 0;
        for seen in looked {
            assert_eq!(seen.state, TicketState::Waiting);
            let done = house.at(house.owner, move |cx, tx| {
                tx.run(
                    "UPDATE booking_ticket SET state = 'called' WHERE id = $1",
                    params![id],
                )?;
                actions::promise_unguarded(cx, tx, &seen)
            });
            called += i64::from(done.is_ok());
        }
        assert_eq!(called, 2, "the version is what keeps this from happening");
        let (day, owner) = (house.day, house.owner);
        let booked = house
            .at(owner, move |cx, tx| on_day(tx, cx.shop()?, day))
            .unwrap();
        assert_eq!(booked.len(), 2);
    });
}

/// Numbers are given out one by one, however many ask.
#[test]
fn no_number_is_given_out_twice() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let who = entry(house);
        let (won, refused) = at_once(house, move |cx, tx| take_ticket(cx, tx, &cx.token(), &who));
        assert_eq!(refused, Vec::<&str>::new());
        let mut numbers: Vec<i64> = won.iter().map(|ticket| ticket.number).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
    });
}

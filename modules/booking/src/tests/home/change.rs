//! Changes of home visits: the time, the service, the address, and what becomes of way, fare and addresses.

use db::params;

use super::*;

mod race;
mod told;

fn at(house: &House, booking: &Booking, minute: i64) -> Proposal {
    Proposal::at(booking, house.minute(minute))
}

fn wish(house: &House, actor: Actor, booking: &Booking, wish: &Proposal) -> Result<Booking> {
    house.stand.pass(1_000);
    let (id, seen, wish) = (booking.id, booking.version, wish.clone());
    let done = house.at(actor, move |cx, tx| propose(cx, tx, id, seen, &wish));
    house.stand.work();
    done
}

fn answer(house: &House, actor: Actor, booking: &Booking, how: StepOf) -> Result<Booking> {
    house.stand.pass(1_000);
    let (id, seen) = (booking.id, booking.version);
    let done = house.at(actor, move |cx, tx| how(cx, tx, id, seen));
    house.stand.work();
    done
}

/// The same visit at another address, so many kilometres from the shop.
fn to_km(house: &House, booking: &Booking, km: f64) -> Proposal {
    let service = house.service.clone();
    let given = house.at(house.customer, move |cx, tx| {
        keep_address(cx, tx, &service, north(km), ("新街口 2 号院", "1 单元 101"))
    });
    Proposal {
        address: Some(given.unwrap().id),
        ..Proposal::at(booking, booking.starts_at)
    }
}

/// What is claimed of whoever goes, in minutes of the day.
fn busy(house: &House) -> Vec<(i64, i64)> {
    let (shop, who, day) = (house.shop, house.therapists[0], house.day);
    let mut taken = house.read(move |tx| scheduling::taken(tx, shop, who, day.at(0), day.at(1560)));
    taken.sort_by_key(|span| span.from);
    let minutes = |at: Instant| at.minutes_since(day.at(0));
    taken
        .iter()
        .map(|span| (minutes(span.from), minutes(span.to)))
        .collect()
}

/// Owed, paid, still to be paid, and what went back, in fen.
fn money(house: &House, booking: &Booking) -> (i64, i64, i64, i64) {
    let id = booking.order;
    let (order, paid) = house.read(move |tx| Ok((order::order(tx, id)?, order::paid(tx, id)?)));
    (
        order.owed().fen(),
        paid.fen(),
        order.rest(paid).fen(),
        house.refunds(id),
    )
}

/// The lines of the order: what for, from when, how much.
fn lines(house: &House, booking: &Booking) -> Vec<(String, Option<i64>, i64)> {
    let (id, day) = (booking.order, house.day);
    let lines = house.read(move |tx| order::lines(tx, id));
    let minute = |at: Instant| at.minutes_since(day.at(0));
    lines
        .into_iter()
        .map(|line| (line.title, line.starts_at.map(minute), line.amount.fen()))
        .collect()
}

/// The doors that are kept for anything of the customer's booking: for the booking, a change, or a choice of the desk.
fn doors(house: &House, booking: &Booking) -> Vec<(&'static str, String)> {
    let id = booking.id;
    house.read(move |tx| {
        tx.all(
            "SELECT CASE WHEN booking_id IS NOT NULL THEN 1 WHEN change_id IS NOT NULL THEN 2 ELSE 3 END AS place, house
               FROM booking_address
              WHERE booking_id = $1 OR told_for = $1
                 OR change_id IN (SELECT id FROM booking_change WHERE booking_id = $1) ORDER BY place, id",
            params![id],
            |row| {
                let place = ["booking", "change", "told"][row.get::<i64>(0)? as usize - 1];
                Ok((place, row.get(1)?))
            },
        )
    })
}

fn is_known(house: &House, address: Id<Address>) -> bool {
    house.read(move |tx| {
        tx.one(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM booking_address WHERE id = $1",
            params![address],
            |row| row.get::<i64>(0),
        )
    }) == 1
}

fn last_of(house: &House, booking: &Booking) -> Change {
    let id = booking.id;
    house.read(move |tx| last_change(tx, id)).unwrap()
}

fn confirmed(house: &House, minute: i64) -> Booking {
    let asked = paid_at_home(house, minute);
    answer(house, house.owner, &asked, confirm).unwrap()
}

#[test]
fn a_visit_moves_with_its_way_at_once_where_the_shop_accepts_by_itself() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let booked = paid_at_home(house, 1200);
        assert_eq!(busy(house), [(1175, 1295)]);
        let moved = wish(house, house.customer, &booked, &at(house, &booked, 1290)).unwrap();
        assert_eq!(
            (moved.state, moved.minute(), moved.bed, moved.length),
            (State::Confirmed, 1290, None, booked.length)
        );
        assert_eq!(busy(house), [(1265, 1385)]);
        let both = [
            ("全身保健按摩".to_owned(), Some(1290), 12_800),
            ("上门车费".to_owned(), Some(1290), 2_500),
        ];
        assert_eq!(
            lines(house, &moved),
            both,
            "the way is called off by the new time too"
        );
        assert_eq!(money(house, &moved), (15_300, 15_300, 0, 0));
        // Too late to get there, and outside the hours with the way: half past one and 25 minutes back are after two.
        for (minute, no) in [(755, "scheduling.past"), (1470, "scheduling.closed")] {
            let refused = wish(house, house.customer, &moved, &at(house, &moved, minute));
            assert_eq!(code(refused), no, "{minute}");
        }
        let again = wish(house, house.customer, &booked, &at(house, &booked, 1290)).unwrap();
        assert_eq!(again.version, moved.version, "the form sent twice");
        // What can be had is what is offered: its own time is free, its present one is no change.
        let (moved_to, service) = (moved.clone(), house.service.clone());
        let days = house
            .at(house.customer, move |cx, tx| {
                free_to_move(cx, tx, &moved_to, &service, (Who::AsBefore, None))
            })
            .unwrap();
        let of_today = days[0].times.iter().map(|time| time.starts_at);
        let minutes: Vec<i64> = of_today.map(|at| at.minutes_since(house.minute(0))).collect();
        assert!(minutes.contains(&1275) && minutes.contains(&1305), "{minutes:?}");
        assert!(!minutes.contains(&1290) && !minutes.contains(&750), "{minutes:?}");
        assert_eq!(minutes.last(), Some(&1455));
        // The address is known a month after the new time, and no longer.
        let tomorrow = wish(house, house.customer, &moved, &at(house, &moved, 1440 + 1200)).unwrap();
        house.stand.pass(30 * 24 * HOUR_MS);
        assert!(address_seen_by(house, house.customer, tomorrow.id).is_some());
        house.stand.pass(2 * 24 * HOUR_MS);
        assert_eq!(address_seen_by(house, house.customer, tomorrow.id), None);
    });
}

#[test]
fn who_has_set_out_or_is_late_changes_nothing_here() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let booked = paid_at_home(house, 1080);
        house.pass_until(841);
        let late = wish(house, house.customer, &booked, &at(house, &booked, 1290));
        assert_eq!(
            code(late),
            "booking.late_to_move",
            "calling off is not free any more"
        );
        let late = wish(house, house.customer, &booked, &to_km(house, &booked, 1.0));
        assert_eq!(code(late), "booking.late_to_move");
        // The desk moves it with the customer's word, or asks; whoever sets out meanwhile ends the question.
        let offered = wish(house, house.owner, &booked, &at(house, &booked, 1290)).unwrap();
        assert_eq!(busy(house), [(1055, 1175), (1265, 1385)]);
        house.pass_until(1030);
        let offered = house.booking(offered.id);
        assert_eq!(
            last_of(house, &offered).state,
            ChangeState::Expired,
            "two hours to think"
        );
        let offered = wish(house, house.owner, &offered, &at(house, &offered, 1290)).unwrap();
        let gone = answer(house, house.owner, &offered, depart).unwrap();
        assert_eq!(
            (gone.state, last_of(house, &gone).state),
            (State::Departed, ChangeState::Withdrawn)
        );
        assert_eq!(busy(house), [(1055, 1175)]);
        for actor in [house.customer, house.owner] {
            let no = wish(house, actor, &gone, &at(house, &gone, 1380));
            assert_eq!(code(no), "booking.not_now");
        }
    });
}

#[test]
fn a_farther_door_costs_a_rest_and_a_nearer_one_gives_back() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let booked = paid_at_home(house, 1200);
        assert_eq!(doors(house, &booked), [("booking", "3 单元 502".to_owned())]);
        // 4.9 kilometres: 30 minutes and 30 yuan instead of 25 and 25.
        let farther = to_km(house, &booked, 4.85);
        let there = wish(house, house.customer, &booked, &farther).unwrap();
        assert_eq!(
            (
                there.state,
                there.minute(),
                there.length.before,
                there.length.after
            ),
            (State::Confirmed, 1200, 30, 40)
        );
        assert_eq!(busy(house), [(1170, 1300)]);
        assert_eq!(money(house, &there), (15_800, 15_300, 500, 0));
        assert_eq!(
            lines(house, &there)[1],
            ("上门车费".to_owned(), Some(1200), 3_000)
        );
        let of = there.clone();
        let visit = house.read(move |tx| home_visit(tx, &of)).unwrap();
        assert_eq!((visit.trip.metres, visit.trip.travel), (4_900, 30));
        assert_eq!(
            doors(house, &there),
            [("booking", "1 单元 101".to_owned())],
            "the old door is deleted"
        );
        let again = wish(house, house.customer, &booked, &farther).unwrap();
        assert_eq!(again.version, there.version, "the form sent twice");

        // Just around the corner: 15 minutes and 20 yuan. What was never paid falls away first, the remainder goes back.
        let near = wish(house, house.customer, &there, &to_km(house, &there, 0.5)).unwrap();
        assert_eq!(busy(house), [(1185, 1285)]);
        assert_eq!(money(house, &near), (14_800, 14_800, 0, 500));
        // Later and back to where it was, in one.
        let back = Proposal {
            starts_at: house.minute(1260),
            ..to_km(house, &near, 3.85)
        };
        let back = wish(house, house.customer, &near, &back).unwrap();
        assert_eq!((back.minute(), busy(house)), (1260, vec![(1235, 1355)]));
        assert_eq!(money(house, &back), (15_300, 14_800, 500, 500));
        assert_eq!(lines(house, &back)[1].1, Some(1260));
        let id = back.order;
        house
            .at(house.customer, move |cx, tx| order::ask_rest(cx, tx, id))
            .unwrap();
        house.pay(id);
        assert_eq!(money(house, &back), (15_300, 15_300, 0, 500));
        answer(house, house.customer, &back, |cx, tx, id, seen| {
            cancel(cx, tx, id, seen, Why::CustomersPlans)
        })
        .unwrap();
        assert_eq!(house.refunds(id), 15_800, "everything goes back");
    });
}

#[test]
fn late_cancellation_keeps_its_share_of_what_is_paid_now() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let booked = paid_at_home(house, 1200);
        let near = wish(house, house.customer, &booked, &to_km(house, &booked, 0.5)).unwrap();
        house.pass_until(1000);
        let off: StepOf = |cx, tx, id, seen| cancel(cx, tx, id, seen, Why::CustomersPlans);
        answer(house, house.customer, &near, off).unwrap();
        // Three tenths of 148 yuan, not of the 153 that were paid first.
        assert_eq!(house.order(near.order).kept.fen(), 4_440);
        assert_eq!(house.refunds(near.order), 15_300 - 4_440);
    });
}

#[test]
fn a_way_that_cost_nothing_is_charged_when_it_does() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let (shop, mut free) = (house.shop, terms(house.service.id, &house.therapists[..1]));
        free.base = Money::ZERO;
        house
            .at(house.owner, move |cx, tx| set_home_terms(cx, tx, shop, &free))
            .unwrap();
        let near = address(house, house.customer, 1.0).unwrap().id;
        let wanted = house.wish(1200);
        let held = house
            .at(house.customer, move |cx, tx| {
                request_at_home(cx, tx, "near", &wanted, &[], near)
            })
            .unwrap();
        house.pay(held.order);
        let booked = house.booking(held.id);
        assert_eq!(lines(house, &booked).len(), 1);
        let there = wish(house, house.customer, &booked, &to_km(house, &booked, 3.85)).unwrap();
        assert_eq!(lines(house, &there)[1], ("上门车费".to_owned(), Some(1200), 500));
        assert_eq!(money(house, &there), (13_300, 12_800, 500, 0));
        let near = wish(house, house.customer, &there, &to_km(house, &there, 1.0)).unwrap();
        assert_eq!(money(house, &near), (12_800, 12_800, 0, 0));
        let far = wish(house, house.customer, &near, &to_km(house, &near, 4.85)).unwrap();
        assert_eq!(money(house, &far), (13_800, 12_800, 1_000, 0));
        assert_eq!(
            lines(house, &far).len(),
            2,
            "one line for the way, however often it changes"
        );
    });
}

#[test]
fn another_service_is_one_that_is_done_at_home() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let made = |yuan, minutes| {
            let new = catalog::NewService {
                name: format!("足底 {minutes} 分钟"),
                minutes,
                price: Money::yuan(yuan),
                ..crate::tests::house::new_service()
            };
            let shop = house.shop;
            let listed = house.at(house.owner, move |cx, tx| {
                let made = catalog::create(cx, tx, shop, &new)?;
                catalog::list(cx, tx, made.id, made.version)
            });
            listed.unwrap()
        };
        let (long, only_in_shop) = (made(199, 90), made(98, 45));
        let (shop, mut both) = (house.shop, terms(house.service.id, &house.therapists[..1]));
        both.services.push(long.id);
        house
            .at(house.owner, move |cx, tx| set_home_terms(cx, tx, shop, &both))
            .unwrap();
        let booked = paid_at_home(house, 1200);
        let to = |service: &catalog::Service| Proposal {
            service: service.id,
            ..at(house, &booked, 1200)
        };
        for actor in [house.customer, house.owner] {
            let no = wish(house, actor, &booked, &to(&only_in_shop));
            assert_eq!(code(no), "booking.not_at_home");
        }
        let longer = wish(house, house.customer, &booked, &to(&long)).unwrap();
        assert_eq!(
            (longer.length.minutes, longer.length.before, longer.price),
            (90, 25, Money::yuan(199))
        );
        assert_eq!(busy(house), [(1175, 1325)]);
        assert_eq!(money(house, &longer), (22_400, 15_300, 7_100, 0));
    });
}

#[test]
fn a_shop_that_wants_to_be_asked_answers_while_both_ways_are_kept() {
    House::on_every_engine(Accepts::Manual, |house| {
        going(house);
        let booked = confirmed(house, 1200);
        let farther = to_km(house, &booked, 4.85);
        let asked = wish(house, house.customer, &booked, &farther).unwrap();
        assert_eq!((asked.state, asked.length), (State::Confirmed, booked.length));
        assert_eq!(
            busy(house),
            [(1170, 1175), (1175, 1295), (1295, 1300)],
            "five minutes more on both sides"
        );
        assert_eq!(
            money(house, &asked),
            (15_300, 15_300, 0, 0),
            "a proposal moves no money"
        );
        let open = last_of(house, &asked);
        let visit = open.visit.unwrap();
        assert_eq!(
            (visit.trip.metres, visit.trip.travel, visit.trip.fare.fen()),
            (4_900, 30, 3_000)
        );
        assert_eq!(open.dearer(&asked, Money(2_500)), Money(500));
        // The customer reads where it would go; the shop reads neither door.
        let read = |actor| {
            let (asked, open) = (asked.clone(), open.clone());
            house
                .at(actor, move |cx, tx| address_proposed(cx, tx, &asked, &open))
                .unwrap()
        };
        assert_eq!(read(house.customer).unwrap().house, "1 单元 101");
        assert_eq!(read(house.owner), None);
        assert_eq!(address_seen_by(house, house.owner, asked.id), None);
        assert_eq!(
            doors(house, &asked),
            [
                ("booking", "3 单元 502".to_owned()),
                ("change", "1 单元 101".to_owned())
            ]
        );
        let again = wish(house, house.customer, &asked, &farther).unwrap();
        assert_eq!(again.version, asked.version, "asked twice");
        let other = wish(house, house.customer, &asked, &at(house, &asked, 1290));
        assert_eq!(code(other), "booking.change_open");
        let agreed = answer(house, house.owner, &asked, agree).unwrap();
        assert_eq!((agreed.minute(), agreed.length.before), (1200, 30));
        assert_eq!(busy(house), [(1170, 1300)]);
        assert_eq!(money(house, &agreed), (15_800, 15_300, 500, 0));
        assert_eq!(doors(house, &agreed), [("booking", "1 单元 101".to_owned())]);
        house.pass_until(1150);
        let gone = taken(house, depart, agreed.id).unwrap();
        let seen = address_seen_by(house, house.owner, gone.id).unwrap();
        assert_eq!(seen.house, "1 单元 101");
    });
}

#[test]
fn refused_expired_withdrawn_or_idle_the_proposed_door_is_forgotten() {
    House::on_every_engine(Accepts::Manual, |house| {
        going(house);
        let mut booked = confirmed(house, 1200);
        let expires: &dyn Fn(&Booking) -> Booking = &|asked| {
            house.stand.pass(11 * MINUTE_MS);
            house.booking(asked.id)
        };
        let endings: [(ChangeState, &dyn Fn(&Booking) -> Booking); 3] = [
            (ChangeState::Refused, &|asked| {
                answer(house, house.owner, asked, refuse_change).unwrap()
            }),
            (ChangeState::Withdrawn, &|asked| {
                answer(house, house.customer, asked, withdraw_change).unwrap()
            }),
            (ChangeState::Expired, expires),
        ];
        for (state, end) in endings {
            let farther = to_km(house, &booked, 4.85);
            let asked = wish(house, house.customer, &booked, &farther).unwrap();
            assert!(is_known(house, farther.address.unwrap()));
            let stays = end(&asked);
            assert_eq!(last_of(house, &stays).state, state);
            assert!(!is_known(house, farther.address.unwrap()), "{state}");
            assert_eq!(doors(house, &stays), [("booking", "3 单元 502".to_owned())]);
            assert_eq!((busy(house), stays.length), (vec![(1175, 1295)], booked.length));
            assert_eq!(money(house, &stays), (15_300, 15_300, 0, 0));
            booked = stays;
        }
        // Called off, nothing of the proposal is left either.
        let farther = to_km(house, &booked, 4.85);
        let asked = wish(house, house.customer, &booked, &farther).unwrap();
        let off: StepOf = |cx, tx, id, seen| cancel(cx, tx, id, seen, Why::CustomersPlans);
        answer(house, house.customer, &asked, off).unwrap();
        assert!(!is_known(house, farther.address.unwrap()));
        assert_eq!(busy(house), []);
    });
}

#[test]
fn what_is_not_promised_moves_at_once_and_the_shop_is_asked_about_the_new_door() {
    House::on_every_engine(Accepts::Manual, |house| {
        going(house);
        let asked = paid_at_home(house, 1200);
        assert_eq!(asked.state, State::Requested);
        let there = wish(house, house.customer, &asked, &to_km(house, &asked, 4.85)).unwrap();
        assert_eq!((there.state, there.length.before), (State::Requested, 30));
        assert_eq!(there.answer_by, Some(house.now().plus_minutes(10)));
        assert_eq!(money(house, &there), (15_800, 15_300, 500, 0));
        let outside = to_km_refused(house);
        assert_eq!(code(outside), "booking.outside_area");
    });
}

fn to_km_refused(house: &House) -> Result<Address> {
    address(house, house.customer, 5.2)
}

#[test]
fn nobody_changes_to_an_address_that_was_not_given_for_it() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let booked = paid_at_home(house, 1200);
        let foreign = address(house, house.other, 1.0).unwrap().id;
        let own = to_km(house, &booked, 1.0);
        let to = |address| Proposal {
            address: Some(address),
            agreed: true,
            ..at(house, &booked, 1200)
        };
        for (actor, address) in [
            (house.customer, foreign),
            (house.owner, foreign),
            // What the customer is typing is nothing for the desk, word or not.
            (house.owner, own.address.unwrap()),
            (house.other, foreign),
        ] {
            let no = wish(house, actor, &booked, &to(address));
            assert!(matches!(no, Err(Error::NotFound)), "{no:?}");
        }
        // A visit to the shop has no address.
        let in_shop = house.paid(house.wish(900));
        let wanted = Proposal {
            address: own.address,
            ..at(house, &in_shop, 900)
        };
        let no = wish(house, house.customer, &in_shop, &wanted);
        assert_eq!(code(no), "booking.not_at_home");
        // The shop draws its circle closer while the customer chooses.
        let far = to_km(house, &booked, 4.85);
        let (shop, mut closer) = (house.shop, terms(house.service.id, &house.therapists[..1]));
        closer.radius_km = Some(3);
        house
            .at(house.owner, move |cx, tx| set_home_terms(cx, tx, shop, &closer))
            .unwrap();
        assert_eq!(
            code(wish(house, house.customer, &booked, &far)),
            "booking.outside_area"
        );
        assert_eq!(house.booking(booked.id), booked, "nothing is left half done");
        // To the same door it still moves.
        wish(house, house.customer, &booked, &at(house, &booked, 1290)).unwrap();
    });
}

#[test]
fn another_therapist_who_goes_is_agreed_on_by_name() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let named = Wish {
            therapist: Some(house.therapists[0]),
            ..house.wish(1200)
        };
        let held = at_home(house, named).unwrap();
        house.pay(held.order);
        let booked = house.booking(held.id);
        let wang = house.therapists[1];
        let swap = Proposal {
            who: Who::Named(wang),
            ..at(house, &booked, 1200)
        };
        let no = wish(house, house.owner, &booked, &swap);
        assert_eq!(code(no), "booking.not_at_home", "Wang does not go");
        let of = booked.clone();
        assert_eq!(house.read(move |tx| could_serve(tx, &of)), []);
        let (shop, both) = (house.shop, terms(house.service.id, &house.therapists));
        house
            .at(house.owner, move |cx, tx| set_home_terms(cx, tx, shop, &both))
            .unwrap();
        let of = booked.clone();
        assert_eq!(house.read(move |tx| could_serve(tx, &of)), [wang]);
        let offered = wish(house, house.owner, &booked, &swap).unwrap();
        let agreed = answer(house, house.customer, &offered, agree).unwrap();
        assert_eq!((agreed.therapist, agreed.bed), (wang, None));
        assert_eq!(busy(house), []);
    });
}

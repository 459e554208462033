//! Home visits: the way as claimed time, the fare, the address, who does not open.

use geo::Wgs84;
use scheduling::{Choice, Length, Wanted};
use shop::District;

use super::{
    house::{House, code},
    *,
};
use crate::model::{CALLS_NEEDED, HomeTerms, Place};

mod change;
mod ends;

const SHOP: Wgs84 = Wgs84 {
    lat: 39.94,
    lng: 116.39,
};

/// So many kilometres north of the shop.
pub(super) fn north(km: f64) -> Place {
    Place {
        district: District::Dongcheng,
        point: Wgs84 {
            lat: SHOP.lat + km / 111.195,
            lng: SHOP.lng,
        },
    }
}

pub(super) fn terms(service: Id<catalog::Service>, therapists: &[Id<therapist::Therapist>]) -> HomeTerms {
    HomeTerms {
        on: true,
        services: vec![service],
        therapists: therapists.to_vec(),
        ..HomeTerms::default()
    }
}

/// A house whose first therapist goes to customers; to one 3.9 km away it takes 25 minutes and costs 25 yuan.
fn going(house: &House) {
    let (shop, terms) = (house.shop, terms(house.service.id, &house.therapists[..1]));
    house
        .at(house.owner, move |cx, tx| set_home_terms(cx, tx, shop, &terms))
        .unwrap();
}

fn address(house: &House, actor: Actor, km: f64) -> Result<Address> {
    let service = house.service.clone();
    house.at(actor, move |cx, tx| {
        keep_address(cx, tx, &service, north(km), ("鼓楼东大街 1 号院", "3 单元 502"))
    })
}

fn at_home(house: &House, wish: Wish) -> Result<Booking> {
    at_home_as(house, house.customer, wish)
}

fn at_home_as(house: &House, actor: Actor, wish: Wish) -> Result<Booking> {
    let address = address(house, actor, 3.85)?.id;
    let key = house.stand.cx(Actor::Guest).token();
    house.at(actor, move |cx, tx| {
        request_at_home(cx, tx, &key, &wish, &[], address)
    })
}

fn paid_at_home(house: &House, minute: i64) -> Booking {
    let held = at_home(house, house.wish(minute)).unwrap();
    house.pay(held.order);
    house.booking(held.id)
}

type StepOf = fn(&Cx, &mut Tx, Id<Booking>, i64) -> Result<Booking>;

fn taken(house: &House, step: StepOf, id: Id<Booking>) -> Result<Booking> {
    let seen = house.booking(id).version;
    house.at(house.owner, move |cx, tx| step(cx, tx, id, seen))
}

fn address_seen_by(house: &House, actor: Actor, id: Id<Booking>) -> Option<Address> {
    house
        .at(actor, move |cx, tx| {
            let booking = booking(tx, id)?;
            address_of(cx, tx, &booking)
        })
        .unwrap()
}

/// Until when whoever goes to customers has something to do today.
fn busy_until(house: &House) -> Instant {
    let (shop, who) = (house.shop, house.therapists[0]);
    let (from, to) = (house.minute(0), house.minute(1440));
    let taken = house.read(move |tx| scheduling::taken(tx, shop, who, from, to));
    taken.iter().map(|taken| taken.to).max().unwrap_or_default()
}

#[test]
fn a_home_visit_from_request_to_completion() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let held = at_home(house, house.wish(900)).unwrap();
        assert!(held.is_at_home());
        assert_eq!(held.therapist, house.therapists[0], "the only one who goes");
        assert_eq!(
            (held.length.before, held.length.after),
            (25, 35),
            "the way, and the ten minutes after"
        );
        let order = house.order(held.order);
        let lines = house.read(move |tx| order::lines(tx, order.id));
        let lines: Vec<_> = lines
            .iter()
            .map(|line| (line.title.as_str(), line.amount.fen()))
            .collect();
        assert_eq!(lines, [("全身保健按摩", 12_800), ("上门车费", 2_500)]);
        assert_eq!(house.order(held.order).due_now.fen(), 15_300);
        house.pay(held.order);

        let id = held.id;
        let code_of_visit = held.code.clone();
        let by_code = house.at(house.owner, move |cx, tx| {
            check_in_by_code(cx, tx, cx.shop()?, &code_of_visit)
        });
        assert_eq!(code(by_code), "booking.not_now", "nobody comes to the shop");
        assert_eq!(code(taken(house, depart, id)), "booking.not_time_to_go");
        assert_eq!(
            address_seen_by(house, house.owner, id),
            None,
            "hidden until the departure"
        );
        house.pass_until(845);
        let departed = taken(house, depart, id).unwrap();
        assert_eq!(departed.state, State::Departed);
        let seen = address_seen_by(house, house.owner, id).unwrap();
        assert_eq!(seen.house, "3 单元 502");
        let again = house
            .at(house.owner, move |cx, tx| depart(cx, tx, id, 1))
            .unwrap();
        assert_eq!(again.version, departed.version, "the same again does nothing");
        assert_eq!(address_seen_by(house, house.other, id), None);
        assert!(address_seen_by(house, house.customer, id).is_some());

        served(house, &held);
    });
}

/// From the way to the end.
fn served(house: &House, held: &Booking) {
    let id = held.id;
    house.pass_until(890);
    taken(house, arrive, id).unwrap();
    house.pass_until(900);
    taken(house, start, id).unwrap();
    assert!(address_seen_by(house, house.owner, id).is_some());
    house.pass_until(960);
    let done = taken(house, complete, id).unwrap();
    assert_eq!(done.state, State::Completed);
    assert_eq!(
        address_seen_by(house, house.owner, id),
        None,
        "hidden again after the end"
    );
    let order = house.order(held.order);
    assert_eq!(
        (order.state, order.earned.fen()),
        (order::State::Fulfilled, 15_300)
    );
    let steps: Vec<_> = house
        .read(move |tx| steps(tx, id))
        .iter()
        .rev()
        .map(|step| step.step.code())
        .collect();
    assert_eq!(
        steps,
        ["hold", "confirm", "depart", "arrive", "start", "complete"]
    );
}

#[test]
fn edge_case_13_a_home_address_outside_the_area_is_refused() {
    House::on_every_engine(Accepts::Automatic, |house| {
        assert_eq!(
            code(address(house, house.customer, 1.0)),
            "booking.not_at_home",
            "nothing is set"
        );
        going(house);
        assert_eq!(code(address(house, house.customer, 5.2)), "booking.outside_area");
        let inside = address(house, house.customer, 4.8).unwrap().id;

        // The shop draws its circle closer while the customer chooses a time: asked again, the address is outside.
        let (shop, mut closer) = (house.shop, terms(house.service.id, &house.therapists[..1]));
        closer.radius_km = Some(3);
        house
            .at(house.owner, move |cx, tx| set_home_terms(cx, tx, shop, &closer))
            .unwrap();
        let wish = house.wish(900);
        let late = house.at(house.customer, move |cx, tx| {
            request_at_home(cx, tx, "k", &wish, &[], inside)
        });
        assert_eq!(code(late), "booking.outside_area");
    });
}

#[test]
fn edge_case_14_cancelling_after_the_departure_keeps_the_fare() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let cancel_at = |start: i64, now: i64, departs: bool| {
            let booking = paid_at_home(house, start);
            house.pass_until(now);
            if departs {
                taken(house, depart, booking.id).unwrap();
            }
            let (id, seen) = (booking.id, house.booking(booking.id).version);
            house
                .at(house.customer, move |cx, tx| {
                    cancel(cx, tx, id, seen, Why::CustomersPlans)
                })
                .unwrap();
            house.stand.work();
            (
                house.order(booking.order).kept.fen(),
                house.refunds(booking.order),
            )
        };
        // Four hours and a minute before, four hours less a minute before, and on the way.
        assert_eq!(cancel_at(1020, 779, false), (0, 15_300));
        assert_eq!(cancel_at(1020, 781, false), (4_590, 10_710));
        // The fare whole, and three tenths of the 128 yuan.
        assert_eq!(cancel_at(1020, 980, true), (2_500 + 3_840, 15_300 - 6_340));
        // By the shop everything goes back, even then.
        let booking = paid_at_home(house, 1200);
        house.pass_until(1160);
        taken(house, depart, booking.id).unwrap();
        let (id, seen) = (booking.id, house.booking(booking.id).version);
        house
            .at(house.owner, move |cx, tx| {
                cancel(cx, tx, id, seen, Why::TherapistAway)
            })
            .unwrap();
        house.stand.work();
        assert_eq!(house.refunds(booking.order), 15_300);
    });
}

#[test]
fn edge_case_15_travel_does_not_overlap() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        at_home(house, house.wish(900)).unwrap();
        // Liu is on the way from 14:35 to 16:35. What starts before 17:00 at another home overlaps with that way.
        for minute in [810, 900, 1005, 1015] {
            let near = at_home_as(house, house.other, house.wish(minute));
            assert_eq!(code(near), "scheduling.time_taken", "{minute}");
        }
        let named = |minute| Wish {
            therapist: Some(house.therapists[0]),
            ..house.wish(minute)
        };
        let in_shop = house.request_as(house.other, "in the shop", named(990));
        assert_eq!(code(in_shop), "scheduling.time_taken");
        let next = at_home_as(house, house.other, house.wish(1020)).unwrap();
        assert_eq!(next.therapist, house.therapists[0]);
        let not_going = at_home_as(
            house,
            house.other,
            Wish {
                therapist: Some(house.therapists[1]),
                ..house.wish(1200)
            },
        );
        assert_eq!(code(not_going), "booking.not_at_home");

        // What is offered is what can be had.
        let (service, now) = (house.service.clone(), house.now());
        let trip = house.read({
            let service = service.clone();
            move |tx| trip_to(tx, &service, north(3.85))
        });
        let days = house.read(move |tx| free_times_at_home(tx, now, &service, None, trip));
        let today: Vec<i64> = days[0]
            .times
            .iter()
            .map(|time| time.starts_at.minutes_since(house.minute(0)))
            .collect();
        assert_eq!(
            today.iter().find(|minute| **minute > 780 && **minute < 1140),
            None,
            "{today:?}"
        );
        assert!(today.contains(&780) && today.contains(&1140), "{today:?}");
    });
}

/// Many want home visits whose ways overlap: one of them is booked.
#[test]
fn one_of_many_overlapping_visits_is_booked() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let waiting: Vec<_> = (0..40)
            .map(|number| {
                let openid = format!("customer {number}");
                let customer = house
                    .at(Actor::Guest, move |cx, tx| {
                        identity::greet_customer(cx, tx, &openid)
                    })
                    .unwrap();
                let actor = Actor::Customer(customer.id);
                let address = address(house, actor, 3.85).unwrap().id;
                // Every other one wants a time that is free but for the way.
                let wish = house.wish(if number % 2 == 0 { 900 } else { 1005 });
                let cx = house.stand.cx(actor);
                let key = cx.token();
                house
                    .stand
                    .db
                    .write(move |tx| request_at_home(&cx, tx, &key, &wish, &[], address))
            })
            .collect();
        let (mut booked, mut refused) = (0, 0);
        for answer in waiting {
            match answer.wait() {
                Ok(_) => booked += 1,
                Err(Error::Refused(no)) if no.code == "scheduling.time_taken" => refused += 1,
                Err(other) => panic!("not a clear refusal: {other}"),
            }
        }
        assert_eq!((booked, refused), (1, 39));
    });
}

/// The negative twin: where the way is not part of what is claimed, both are booked, and nobody can be at both.
#[test]
fn without_the_way_in_the_claim_two_overlapping_visits_are_booked() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let bare = Length {
            minutes: 60,
            before: 0,
            after: 10,
        };
        let waiting: Vec<_> = [(900, 1), (1005, 2)]
            .map(|(minute, holder)| {
                let wanted = Wanted {
                    shop: house.shop,
                    choice: Choice::Named(house.therapists[0]),
                    starts_at: house.minute(minute),
                    length: bare,
                    holder: Id::from_raw(holder),
                };
                let cx = house.stand.cx(house.customer);
                house
                    .stand
                    .db
                    .write(move |tx| scheduling::claim_away(&cx, tx, &wanted))
            })
            .into_iter()
            .map(|answer| answer.wait().is_ok())
            .collect();
        assert_eq!(
            waiting,
            [true, true],
            "the guard is what keeps this from happening"
        );
    });
}

#[test]
fn who_does_not_open_is_rung_twice_before_they_count_as_absent() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let id = paid_at_home(house, 900).id;
        let absent = |house: &House| {
            let seen = house.booking(id).version;
            house.at(house.owner, move |cx, tx| no_show(cx, tx, id, seen, Fee::All))
        };
        house.pass_until(920);
        assert_eq!(code(absent(house)), "booking.not_now", "nobody has gone");
        assert_eq!(code(taken(house, log_call, id)), "booking.not_now");
        taken(house, depart, id).unwrap();
        house.pass_until(930);
        taken(house, arrive, id).unwrap();
        for _ in 0..CALLS_NEEDED {
            assert!(absent(house).is_err());
            taken(house, log_call, id).unwrap();
        }
        house.pass_until(944);
        assert_eq!(
            code(absent(house)),
            "booking.not_late_yet",
            "a quarter of an hour after the arrival"
        );
        house.pass_until(945);
        let gone = absent(house).unwrap();
        assert_eq!(gone.state, State::NoShow);
        house.stand.work();
        let order = house.order(gone.order);
        assert_eq!(
            order.kept.fen(),
            2_500 + 3_840,
            "the fare whole, and the fee of the rest"
        );
        assert_eq!(address_seen_by(house, house.owner, id), None);
        assert_eq!(
            busy_until(house),
            house.minute(975),
            "the way back takes its time"
        );
    });
}

#[test]
fn two_calls_are_needed_however_long_it_takes() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let id = paid_at_home(house, 900).id;
        house.pass_until(890);
        taken(house, depart, id).unwrap();
        taken(house, arrive, id).unwrap();
        house.pass_until(930);
        taken(house, log_call, id).unwrap();
        let seen = house.booking(id).version;
        let absent = house.at(house.owner, move |cx, tx| no_show(cx, tx, id, seen, Fee::Waive));
        assert_eq!(code(absent), "booking.not_called");
    });
}

/// At a customer's door or behind it: the key ends it at once, the therapist is paid, the centre has a case, and nobody is
/// sent anywhere before the way back is gone.
#[test]
fn edge_case_16_unsafe_at_a_customers_home_and_leaving() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let id = paid_at_home(house, 900).id;
        let key = |house: &House| {
            let seen = house.booking(id).version;
            house.at(house.owner, move |cx, tx| {
                abort(cx, tx, id, seen, Why::Unsafe, "")
            })
        };
        house.pass_until(880);
        assert_eq!(code(key(house)), "booking.not_now", "nobody has gone");
        taken(house, depart, id).unwrap();
        taken(house, arrive, id).unwrap();
        let left = key(house).unwrap();
        assert_eq!(left.state, State::Aborted);
        house.stand.work();
        let order = house.order(left.order);
        assert_eq!(
            (order.state, order.earned.fen()),
            (order::State::Fulfilled, 15_300)
        );
        let case = house.read(move |tx| case(tx, id)).unwrap();
        assert_eq!((case.kind, case.state), (CaseKind::Unsafe, CaseState::Referred));
        assert_eq!(address_seen_by(house, house.owner, id), None);
        assert_eq!(busy_until(house), house.minute(910));
        let on_the_way_back = at_home_as(house, house.other, house.wish(930));
        assert_eq!(code(on_the_way_back), "scheduling.time_taken");
        at_home_as(house, house.other, house.wish(935)).unwrap();
    });
}

#[test]
fn who_falls_ill_before_the_start_pays_the_way_and_no_more() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let id = paid_at_home(house, 900).id;
        house.pass_until(880);
        taken(house, depart, id).unwrap();
        let seen = house.booking(id).version;
        let left = house
            .at(house.owner, move |cx, tx| {
                abort(cx, tx, id, seen, Why::CustomerUnwell, "")
            })
            .unwrap();
        house.stand.work();
        assert_eq!(
            (house.order(left.order).kept.fen(), house.refunds(left.order)),
            (2_500, 12_800)
        );
    });
}

#[test]
fn an_address_is_forgotten_after_a_month_or_a_day() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let unused = address(house, house.other, 2.0).unwrap().id;
        let id = paid_at_home(house, 900).id;
        let (other, customer) = (house.other, house.customer);
        let known = |house: &House| house.at(other, move |cx, tx| own_address(cx, tx, unused)).is_ok();
        assert!(known(house));
        let stranger = house.at(customer, move |cx, tx| own_address(cx, tx, unused));
        assert!(matches!(stranger, Err(Error::NotFound)));
        house.stand.pass(25 * HOUR_MS);
        assert!(!known(house), "what was not used is forgotten after a day");
        assert!(address_seen_by(house, house.customer, id).is_some());
        house.stand.pass(29 * 24 * HOUR_MS);
        assert!(address_seen_by(house, house.customer, id).is_some());
        house.stand.pass(24 * HOUR_MS);
        assert_eq!(address_seen_by(house, house.customer, id), None);
        let visit = house.at(house.owner, move |_, tx| {
            let booking = booking(tx, id)?;
            home_visit(tx, &booking)
        });
        assert_eq!(
            visit.unwrap().unwrap().trip.metres,
            3_900,
            "what the books need stays"
        );
    });
}

#[test]
fn another_therapist_who_goes_can_take_over() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let booking = paid_at_home(house, 900);
        assert_eq!(
            house.read({
                let booking = booking.clone();
                move |tx| substitutes(tx, &booking)
            }),
            [],
            "Wang does not go"
        );
        let (shop, both) = (house.shop, terms(house.service.id, &house.therapists));
        house
            .at(house.owner, move |cx, tx| set_home_terms(cx, tx, shop, &both))
            .unwrap();
        let (id, seen, wang) = (booking.id, booking.version, house.therapists[1]);
        let given = house
            .at(house.owner, move |cx, tx| give_to(cx, tx, id, seen, wang, "换人"))
            .unwrap();
        assert_eq!((given.therapist, given.bed), (wang, None));
        let (day, shop) = (house.day, house.shop);
        let taken = house.read(move |tx| scheduling::taken(tx, shop, wang, day.at(0), day.at(1440)));
        let taken: Vec<_> = taken.iter().map(|span| (span.from, span.to)).collect();
        assert_eq!(
            taken,
            [(house.minute(875), house.minute(995))],
            "the way goes with it"
        );
    });
}

#[test]
fn an_order_that_was_paid_late_lives_again_with_its_way() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let held = at_home(house, house.wish(1200)).unwrap();
        let number = house.prepay(held.order);
        house.lose_contact_until_closed(held.order);
        assert_eq!(house.booking(held.id).state, State::Expired);
        house.late_money(&number);
        let revived = house.booking(held.id);
        assert_eq!((revived.state, revived.bed), (State::Confirmed, None));
        let taken = at_home_as(house, house.other, house.wish(1305));
        assert_eq!(
            code(taken),
            "scheduling.time_taken",
            "the way back is claimed again"
        );
    });
}

//! The ends of home visits, and their money.

use super::*;

const CENTRE: Actor = Actor::Staff {
    id: Id::from_raw(1),
    shop: None,
    role: Role::Centre,
};

/// At the customer's since ten minutes before the start.
fn arrived(house: &House, minute: i64) -> Id<Booking> {
    let id = paid_at_home(house, minute).id;
    house.pass_until(minute - 10);
    taken(house, depart, id).unwrap();
    taken(house, arrive, id).unwrap();
    id
}

fn in_service(house: &House, minute: i64) -> Id<Booking> {
    let id = arrived(house, minute);
    house.pass_until(minute);
    taken(house, start, id).unwrap();
    id
}

/// Nobody opened, and everybody waited as they must.
fn absent(house: &House, minute: i64, fee: Fee) -> Id<Booking> {
    let id = arrived(house, minute);
    house.pass_until(minute + 15);
    for _ in 0..CALLS_NEEDED {
        taken(house, log_call, id).unwrap();
    }
    let seen = house.booking(id).version;
    house
        .at(house.owner, move |cx, tx| no_show(cx, tx, id, seen, fee))
        .unwrap();
    id
}

fn broken_off(house: &House, id: Id<Booking>, why: Why) {
    let booking = house.booking(id);
    let told = house.at(house.owner, {
        let booking = booking.clone();
        move |cx, tx| cost_of_aborting(cx, tx, &booking, why)
    });
    house
        .at(house.owner, move |cx, tx| {
            abort(cx, tx, id, booking.version, why, "")
        })
        .unwrap();
    house.stand.work();
    assert_eq!(told.unwrap(), kept(house, id).0, "what was said is what is kept");
}

/// What the shop has of it, and what went back.
fn kept(house: &House, id: Id<Booking>) -> (Money, i64) {
    house.stand.work();
    let order = house.order(house.booking(id).order);
    (order.earned, house.refunds(order.id))
}

fn pays_at_the_shop(house: &House) {
    let service = house.service.id;
    house
        .at(house.owner, move |cx, tx| {
            catalog::set_prepay(cx, tx, service, catalog::Prepay::AtShop)
        })
        .unwrap();
}

#[test]
fn who_does_not_open_may_object_and_the_centre_gives_the_fare_back_too() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let id = absent(house, 900, Fee::Later);
        let case = house.read(move |tx| case(tx, id)).unwrap();
        assert_eq!(
            case.most,
            Money(2_500 + 3_840),
            "the fare, and the fee of the rest"
        );
        let decide = |house: &House, fee| {
            let seen = house.booking(id).version;
            house.at(house.owner, move |cx, tx| decide_fee(cx, tx, id, seen, fee))
        };
        assert_eq!(code(decide(house, Fee::Part(Money(6_341)))), "booking.too_much");
        decide(house, Fee::All).unwrap();
        assert_eq!(kept(house, id), (Money(6_340), 8_960));
        let seen = house.booking(id).version;
        house
            .at(house.customer, move |cx, tx| {
                dispute(cx, tx, id, seen, "门铃坏了，我一直在家")
            })
            .unwrap();
        house
            .at(CENTRE, move |cx, tx| {
                rule(cx, tx, id, seen + 1, Back::All, "门铃确实坏了")
            })
            .unwrap();
        assert_eq!(kept(house, id), (Money::ZERO, 15_300));
    });
}

#[test]
fn a_home_visit_grows_is_ended_and_opened_again_with_its_way_and_address() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let id = in_service(house, 900);
        let seen = house.booking(id).version;
        let longer = house
            .at(house.owner, move |cx, tx| {
                lengthen(cx, tx, id, seen, Extra::Minutes(30), "加钟")
            })
            .unwrap();
        assert_eq!((longer.length.minutes, longer.price), (90, Money(19_200)));
        assert_eq!(
            busy_until(house),
            house.minute(1025),
            "the way back comes after it"
        );
        let order = house.order(longer.order);
        assert_eq!((order.total, order.due_now), (Money(21_700), Money(15_300)));
        house.pass_until(990);
        taken(house, complete, id).unwrap();
        let seen = house.booking(id).version;
        house
            .at(house.owner, move |cx, tx| reopen(cx, tx, id, seen, "按错了"))
            .unwrap();
        assert!(
            address_seen_by(house, house.owner, id).is_some(),
            "somebody is there again"
        );
        assert_eq!(kept(house, id), (Money::ZERO, 0));
        taken(house, complete, id).unwrap();
        assert_eq!(address_seen_by(house, house.owner, id), None);
        assert_eq!(kept(house, id), (Money(15_300), 0));
        let paid = house.booking(id);
        assert_eq!(
            house.read(move |tx| paid_for(tx, &paid)),
            Money(15_300),
            "the fare is the booking's too"
        );
    });
}

#[test]
fn a_home_visit_that_is_broken_off_pays_the_way_as_the_reason_says() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let unwell = in_service(house, 840);
        house.pass_until(870);
        broken_off(house, unwell, Why::CustomerUnwell);
        assert_eq!(
            kept(house, unwell),
            (Money(2_500 + 6_400), 6_400),
            "the way, and half of the hour"
        );
        let stops = arrived(house, 960);
        broken_off(house, stops, Why::CustomerStops);
        assert_eq!(kept(house, stops), (Money(2_500 + 3_840), 8_960));
        let trouble = arrived(house, 1080);
        broken_off(house, trouble, Why::ShopTrouble);
        assert_eq!(kept(house, trouble), (Money::ZERO, 15_300));
        let danger = in_service(house, 1200);
        broken_off(house, danger, Why::Unsafe);
        assert_eq!(kept(house, danger), (Money(15_300), 0));
    });
}

#[test]
fn where_the_service_is_paid_at_the_shop_the_fare_alone_is_at_stake() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        pays_at_the_shop(house);
        let called_off = |start: i64, departs: bool| {
            let id = paid_at_home(house, start).id;
            assert_eq!(house.order(house.booking(id).order).due_now, Money(2_500));
            house.pass_until(start - 30);
            if departs {
                taken(house, depart, id).unwrap();
            }
            let booking = house.booking(id);
            let told = house.at(house.customer, {
                let booking = booking.clone();
                move |cx, tx| cost_of_cancelling(cx, tx, &booking)
            });
            house
                .at(house.customer, move |cx, tx| {
                    cancel(cx, tx, id, booking.version, Why::CustomersPlans)
                })
                .unwrap();
            assert_eq!(told.unwrap(), kept(house, id).0, "what was said is what is kept");
            kept(house, id)
        };
        assert_eq!(called_off(900, false), (Money(750), 1_750), "by the policy");
        assert_eq!(called_off(960, true), (Money(2_500), 0), "somebody is on the way");
        let id = absent(house, 1200, Fee::All);
        assert_eq!(kept(house, id), (Money(2_500), 0));
    });
}

#[test]
fn nobody_is_late_at_their_own_door_nor_takes_over_behind_it() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let (shop, both) = (house.shop, terms(house.service.id, &house.therapists));
        house
            .at(house.owner, move |cx, tx| set_home_terms(cx, tx, shop, &both))
            .unwrap();
        let booking = paid_at_home(house, 900);
        let id = booking.id;
        house.pass_until(880);
        let late = house.at(house.customer, move |cx, tx| {
            say_late(cx, tx, id, booking.version, 10)
        });
        assert_eq!(code(late), "booking.not_now");
        house.pass_until(890);
        taken(house, depart, id).unwrap();
        taken(house, arrive, id).unwrap();
        taken(house, start, id).unwrap();
        let (serving, others) = (house.booking(id), house.therapists.clone());
        let other = *others.iter().find(|one| **one != serving.therapist).unwrap();
        let relieved = house.at(house.owner, move |cx, tx| {
            hand_over(cx, tx, id, serving.version, other, "换人")
        });
        assert_eq!(code(relieved), "booking.not_now");
    });
}

/// Who is on the way to a customer, or with one, is not called back when the shop closes; who has not set out is.
#[test]
fn a_closing_leaves_a_home_visit_that_is_under_way() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let (under_way, later) = (paid_at_home(house, 900), paid_at_home(house, 1_200));
        house.pass_until(870);
        taken(house, depart, under_way.id).unwrap();
        let (shop, until) = (house.shop, house.minute(1_500));
        house
            .at(house.owner, move |cx, tx| {
                let hit = hit_by_closing(cx, tx, shop, cx.now(), until)?;
                let shown = (hit.count(), hit.money());
                close_shop(cx, tx, "press", (None, until), "停电", shown)
            })
            .unwrap();
        house.stand.work();
        assert_eq!(house.booking(later.id).state, State::Cancelled);
        assert_eq!(
            house.refunds(later.order),
            later.price.fen() + 2_500,
            "and its fare"
        );
        assert_eq!(house.booking(under_way.id).state, State::Departed);
        for step in [arrive as StepOf, start, complete] {
            taken(house, step, under_way.id).unwrap();
        }
        house.stand.work();
        let order = house.order(under_way.order);
        assert_eq!(
            (order.state, order.earned),
            (order::State::Fulfilled, order.total)
        );
    });
}

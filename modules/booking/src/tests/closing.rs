//! The shop closes suddenly, and the shop leaves.

use shop::{Closing, Standing};

use super::{house::House, *};
use crate::actions::{close_shop, hit_by_closing, join_waitlist, leave_platform, reopen_shop, would_close};

const LEAVING: Actor = Actor::Staff {
    id: Id::from_raw(1),
    shop: None,
    role: Role::Centre,
};

/// Requested and paid by somebody.
fn paid_by(house: &House, actor: Actor, wish: Wish) -> Booking {
    let key = house.stand.cx(Actor::Guest).token();
    let held = house.request_as(actor, &key, wish).unwrap();
    let payer = order::Payer {
        openid: "another openid".to_owned(),
        sub_mchid: Some(payment::testing::SUB_MCHID.to_owned()),
    };
    let order = held.order;
    let paying = house.at(actor, move |cx, tx| order::pay(cx, tx, order, &payer));
    let paying = paying.unwrap();
    payment::prepay(
        &house.stand.db,
        &house.stand.cx(actor),
        &house.stand.pay,
        paying.id,
    )
    .unwrap();
    house.late_money(&paying.out_trade_no);
    house.booking(held.id)
}

fn served_by_liu(house: &House, minute: i64) -> Wish {
    Wish {
        therapist: Some(house.therapists[0]),
        ..house.wish(minute)
    }
}

/// The money of an order's refunds arrives.
fn arrives(house: &House, order: Id<Order>) {
    house.stand.pass(60_000);
    for refund in house.read(move |tx| payment::refunds(tx, &order::purpose(order))) {
        let ends = house.stand.wechat.refund_ends(&refund.out_refund_no, "SUCCESS");
        assert_eq!(house.stand.deliver(&ends), 204);
    }
    house.stand.work();
}

fn started(house: &House, booking: &Booking) -> Booking {
    let (id, seen) = (booking.id, booking.version);
    house
        .at(house.owner, move |cx, tx| {
            let here = check_in(cx, tx, id, seen)?;
            start(cx, tx, id, here.version)
        })
        .unwrap()
}

fn close(house: &House, until: i64, shown: (usize, i64)) -> Result<Closing> {
    let (until, key) = (house.minute(until), format!("until {until}"));
    let shown = (shown.0, Money::yuan(shown.1));
    house.at(house.owner, move |cx, tx| {
        close_shop(cx, tx, &key, (None, until), "停电", shown)
    })
}

fn why_of(house: &House, booking: &Booking) -> Option<Why> {
    let id = booking.id;
    house.read(move |tx| steps(tx, id))[0].why
}

/// Everything that can stand in an evening.
struct Evening {
    running: Booking,
    booked: Vec<Booking>,
    held: Booking,
    tomorrow: Booking,
    waits: WaitEntry,
    ticket: Ticket,
}

fn evening(house: &House) -> Evening {
    let running = house.paid(served_by_liu(house, 735));
    house.pass_until(735);
    let running = started(house, &running);
    let mut booked = Vec::new();
    for minute in [840, 960, 1080] {
        booked.push(house.paid(house.wish(minute)));
        booked.push(paid_by(house, house.other, house.wish(minute)));
    }
    booked.push(house.paid(served_by_liu(house, 1320)));
    let held = house.request(house.wish(1200)).unwrap();
    let tomorrow = house.paid(house.wish(1440 + 840));
    let (id, seen, to) = (
        tomorrow.id,
        tomorrow.version,
        Proposal::at(&tomorrow, house.minute(1200)),
    );
    let proposed = house.at(house.owner, move |cx, tx| propose(cx, tx, id, seen, &to));
    let wish = WaitWish {
        service: house.service.id,
        therapist: Some(house.therapists[0]),
        day: house.day,
        from: 1320,
        to: 1335,
    };
    let waits = house.at(house.other, move |cx, tx| join_waitlist(cx, tx, &wish));
    let entry = Entry {
        service: house.service.id,
        therapist: None,
        contact: house.wish(0).contact,
        remembered: false,
        asked: true,
    };
    let ticket = house.takes_ticket(&entry).unwrap();
    Evening {
        running,
        booked,
        held,
        tomorrow: proposed.unwrap(),
        waits: waits.unwrap(),
        ticket,
    }
}

#[test]
fn edge_case_11_the_shop_closes_suddenly() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let evening = evening(house);
        let (now, end) = (house.now(), house.minute(1560));
        let hit = house.at(house.owner, move |cx, tx| {
            would_close(cx, tx, (Some(now), end), "停电")
        });
        let hit = hit.unwrap();
        assert_eq!(
            (hit.count(), hit.money(), hit.held.len()),
            (7, Money::yuan(896), 1)
        );
        // Who was shown something else is asked again, and nothing is done.
        assert_eq!(code(close(house, 1560, (6, 768))), "booking.closing_changed");
        assert_eq!(house.booking(evening.booked[0].id), evening.booked[0]);

        let refunds_before = house.stand.wechat.counts().1;
        let closing = close(house, 1560, (7, 896)).unwrap();
        house.stand.work();
        for booking in &evening.booked {
            assert_eq!(house.booking(booking.id).state, State::Cancelled);
            assert_eq!(why_of(house, booking), Some(Why::ShopClosed));
            assert_eq!(house.refunds(booking.order), 12_800);
            assert_eq!(house.order(booking.order).kept, Money::ZERO);
        }
        // Not all refunds go to WeChat in one moment.
        assert_eq!(house.stand.wechat.counts().1 - refunds_before, 5);
        house.stand.pass(11_000);
        assert_eq!(house.stand.wechat.counts().1 - refunds_before, 7);

        let (running, id) = (house.booking(evening.running.id), closing.id);
        assert_eq!(running, evening.running, "what is under way is left");
        let met = house.read(move |tx| met_by(tx, id));
        let stays: Vec<Id<Booking>> = met
            .iter()
            .filter(|met| met.stays)
            .map(|met| met.booking.id)
            .collect();
        assert_eq!((met.len(), stays), (8, vec![running.id]));
        assert_eq!(house.booking(evening.held.id).state, State::Cancelled);
        assert_eq!(why_of(house, &evening.held), Some(Why::ShopClosed));

        let (change, waits) = (evening.tomorrow.id, evening.waits.id);
        assert_eq!(house.booking(change).state, State::Confirmed);
        assert_eq!(house.read(move |tx| actions::open_change(tx, change)), None);
        let entry = house.read(move |tx| wait_entry(tx, waits));
        assert_eq!(entry.state, WaitState::Over);
        assert_eq!(house.ticket(evening.ticket.id).state, TicketState::Left);
        assert!(!house.is_free(990) && house.is_free(1440 + 990));
        assert_eq!(code(house.request(house.wish(1000))), "scheduling.closed");

        assert_eq!(
            close(house, 1560, (7, 896)).unwrap(),
            closing,
            "sent again: nothing more happens"
        );
        let id = closing.id;
        let opened = house
            .at(house.owner, move |cx, tx| reopen_shop(cx, tx, id))
            .unwrap();
        assert!(opened.lifted_at.is_some() && house.is_free(990));
        assert_eq!(
            house.booking(evening.booked[0].id).state,
            State::Cancelled,
            "that stays so"
        );
    });
}

#[test]
fn a_closing_of_some_hours_leaves_the_rest_of_the_day() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let (early, late) = (house.paid(house.wish(840)), house.paid(house.wish(1000)));
        // It is noon; at three in the afternoon there is electricity again.
        close(house, 900, (1, 128)).unwrap();
        house.stand.work();
        assert_eq!(house.booking(early.id).state, State::Cancelled);
        assert_eq!(house.booking(late.id), late);
        assert_eq!(code(house.request(house.wish(855))), "scheduling.closed");
        assert!(house.is_free(900) && !house.is_free(885));
        let (shop, day) = (house.shop, house.day);
        let hours = house.read(move |tx| shop::hours_on(tx, shop, day));
        assert_eq!(hours, Some((900, 1560)));
    });
}

#[test]
fn money_that_comes_while_the_shop_closes_goes_back() {
    House::on_every_engine(Accepts::Automatic, |house| {
        // The customer has paid; nobody has told us when the shop closes.
        let held = house.request(house.wish(900)).unwrap();
        let number = house.prepay(held.order);
        assert!(house.stand.wechat.customer_pays(&number));
        close(house, 1560, (0, 0)).unwrap();
        assert_eq!(house.stand.deliver(&house.stand.wechat.notice(&number)), 204);
        house.stand.pass(60_000);
        assert_eq!(house.booking(held.id).state, State::Cancelled);
        assert_eq!(house.refunds(held.order), 12_800);
    });
    House::on_every_engine(Accepts::Automatic, |house| {
        // The order is placed a moment after the shop closed, as where two programs work on one database.
        let held = house.request(house.wish(900)).unwrap();
        let (shop, from, until) = (house.shop, house.now(), house.minute(1560));
        house
            .at(house.owner, move |cx, tx| {
                shop::close(cx, tx, shop, (from, until), "停电")
            })
            .unwrap();
        house.pay(held.order);
        assert_eq!(house.booking(held.id).state, State::Cancelled);
        assert_eq!(why_of(house, &held), Some(Why::ShopClosed));
        assert_eq!(house.refunds(held.order), 12_800);
        let order = held.order;
        assert!(house.read(move |tx| actions::told_by_closing(tx, order)));
    });
}

#[test]
fn only_the_owner_closes_and_only_the_centre_lets_a_shop_leave() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let until = house.minute(1560);
        let staff = |shop, role| Actor::Staff {
            id: Id::from_raw(7),
            shop: Some(shop),
            role,
        };
        let tries = |actor| {
            house.at(actor, move |cx, tx| {
                close_shop(cx, tx, "k", (None, until), "停电", (0, Money::ZERO))
            })
        };
        assert!(matches!(
            tries(staff(house.shop, Role::Clerk)),
            Err(Error::Forbidden)
        ));
        let closing = close(house, 1560, (0, 0)).unwrap().id;
        let foreign = staff(Id::from_raw(6), Role::Owner);
        let lifted = house.at(foreign, move |cx, tx| reopen_shop(cx, tx, closing));
        assert!(matches!(lifted, Err(Error::NotFound)));
        let (shop, version) = (
            house.shop,
            house.read({
                let shop = house.shop;
                move |tx| Ok(shop::shop(tx, shop)?.version)
            }),
        );
        let left = house.at(house.owner, move |cx, tx| {
            leave_platform(cx, tx, (shop, version), None, "不做了", (0, Money::ZERO))
        });
        assert!(matches!(left, Err(Error::Forbidden)));
    });
}

fn standing(house: &House) -> (Standing, i64) {
    let shop = house.shop;
    let shop = house.read(move |tx| shop::shop(tx, shop));
    (shop.standing, shop.version)
}

fn leaves(house: &House, last: Option<Day>, shown: (usize, i64)) -> Result<()> {
    let (shop, version, shown) = (house.shop, standing(house).1, (shown.0, Money::yuan(shown.1)));
    house.at(LEAVING, move |cx, tx| {
        leave_platform(cx, tx, (shop, version), last, "租约到期", shown)
    })
}

fn owed(house: &House) -> Owed {
    let shop = house.shop;
    house.at(LEAVING, move |cx, tx| still_owed(cx, tx, shop)).unwrap()
}

#[test]
fn edge_case_22_a_shop_leaves() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let before = house.paid(house.wish(735));
        house.pass_until(735);
        let before = started(house, &before);
        let (today, tomorrow) = (house.paid(house.wish(900)), house.paid(house.wish(1440 + 900)));
        let (shop, day) = (house.shop, house.day);
        let from = house.minute(1560);
        let hit = house.at(LEAVING, move |cx, tx| {
            hit_by_closing(cx, tx, shop, from, actions::FOR_GOOD)
        });
        assert_eq!(hit.unwrap().count(), 1);
        leaves(house, Some(day), (1, 128)).unwrap();
        house.stand.work();
        leaves(house, Some(day), (0, 0)).unwrap();
        assert_eq!(standing(house).0, Standing::Left);

        // Nobody finds or books it, at the desk neither.
        let active = house.read(shop::all_active);
        assert!(active.is_empty());
        assert_eq!(code(house.request(house.wish(1000))), "booking.not_offered");
        let entry = Entry {
            service: house.service.id,
            therapist: None,
            contact: house.wish(0).contact,
            remembered: false,
            asked: true,
        };
        assert_eq!(code(house.walks_in(&entry)), "booking.not_offered");
        // What is later goes back in full; what is booked up to the last day is served.
        assert_eq!(house.booking(tomorrow.id).state, State::Cancelled);
        assert_eq!(house.refunds(tomorrow.order), 12_800);
        arrives(house, tomorrow.order);
        assert_eq!((owed(house).bookings, owed(house).is_settled()), (2, false));
        house.pass_until(900);
        for booking in [started(house, &today), before] {
            let (id, seen) = (booking.id, booking.version);
            house
                .at(house.owner, move |cx, tx| complete(cx, tx, id, seen))
                .unwrap();
        }
        house.stand.work();
        assert_eq!(house.order(today.order).earned, Money::yuan(128));
        assert!(owed(house).is_settled(), "{:?}", owed(house));

        // The books are kept on: a refund after the end goes the ordinary way, and the shop's account shows it.
        let order = today.order;
        let line = house.read(move |tx| order::lines(tx, order))[0].id;
        house
            .at(house.owner, move |cx, tx| {
                order::refund_line_at_desk(
                    cx,
                    tx,
                    (order, line),
                    "k",
                    order::Portion::Share(5_000),
                    "热水没有了",
                )
            })
            .unwrap();
        assert!(!owed(house).is_settled(), "until the money has arrived");
        arrives(house, order);
        assert_eq!(house.refunds(order), 6_400);
        assert!(owed(house).is_settled());
        let revenue = ledger::Account::money("shop", house.shop.raw(), ledger::Kind::Revenue);
        let balance = house.read(move |tx| ledger::balance(tx, revenue));
        assert_eq!(balance, Money(-19_200), "what is earned stands on the other side");

        comes_back(house, &tomorrow);
    });
}

/// The centre takes it back; what was called off stays so. Both are recorded.
fn comes_back(house: &House, called_off: &Booking) {
    let (shop, version) = (house.shop, standing(house).1);
    house
        .at(LEAVING, move |cx, tx| shop::activate(cx, tx, shop, version))
        .unwrap();
    assert_eq!(standing(house).0, Standing::Active);
    house.request(house.wish(1440 + 900)).unwrap();
    assert_eq!(house.booking(called_off.id).state, State::Cancelled);
    let recorded = house.read(move |tx| shop::steps(tx, shop));
    let steps: Vec<(&str, &str)> = recorded
        .iter()
        .map(|one| (one.step.code(), one.actor.as_str()))
        .collect();
    let centre = LEAVING.to_string();
    assert!(
        steps.contains(&("leave", &centre)) && steps.contains(&("activate", &centre)),
        "{steps:?}"
    );
}

#[test]
fn a_shop_that_leaves_at_once_serves_nothing_more() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let today = house.paid(house.wish(900));
        leaves(house, None, (1, 128)).unwrap();
        house.stand.work();
        assert_eq!(house.booking(today.id).state, State::Cancelled);
        assert_eq!(house.refunds(today.order), 12_800);
        assert!(!owed(house).is_settled(), "until the money has arrived");
        arrives(house, today.order);
        assert!(owed(house).is_settled());
    });
}

/// Many book while the shop closes: nobody is left in the time that is closed.
#[test]
fn nobody_slips_into_a_time_while_it_is_closed() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let ask = |number: i64| {
            let openid = format!("customer {number}");
            let known = house.at(Actor::Guest, move |cx, tx| {
                identity::greet_customer(cx, tx, &openid)
            });
            let (cx, wish) = (
                house.stand.cx(Actor::Customer(known.unwrap().id)),
                house.wish(735 + number * 15),
            );
            let key = cx.token();
            house.stand.db.write(move |tx| request(&cx, tx, &key, &wish))
        };
        let before: Vec<_> = (0..20).map(ask).collect();
        let (cx, until) = (house.stand.cx(house.owner), house.minute(1560));
        let closing = house
            .stand
            .db
            .write(move |tx| close_shop(&cx, tx, "k", (None, until), "停电", (0, Money::ZERO)));
        let after: Vec<_> = (20..40).map(ask).collect();
        closing.wait().unwrap();
        for answer in before.into_iter().chain(after) {
            match answer.wait() {
                Ok(_) => {}
                Err(Error::Refused(no)) if no.code.starts_with("scheduling.") => {}
                Err(other) => panic!("not a clear refusal: {other}"),
            }
        }
        house.stand.work();
        assert_eq!(live_today(house), 0);
    });
}

/// The same with the guard taken out: who looks first and closes later leaves a booking in the closed time.
#[test]
fn looking_first_and_closing_later_leaves_a_booking_behind() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let (shop, from, until) = (house.shop, house.now(), house.minute(1560));
        let hit = house
            .at(house.owner, move |cx, tx| {
                hit_by_closing(cx, tx, shop, from, until)
            })
            .unwrap();
        house.request(house.wish(900)).unwrap();
        assert_eq!((hit.met.len(), hit.held.len()), (0, 0));
        house
            .at(house.owner, move |cx, tx| {
                shop::close(cx, tx, shop, (from, until), "停电")
            })
            .unwrap();
        house.stand.work();
        assert_eq!(live_today(house), 1);
    });
}

fn live_today(house: &House) -> usize {
    let (shop, day, cx) = (house.shop, house.day, house.stand.cx(house.owner));
    house
        .read(move |tx| store::live_between(tx, cx.shop_named(shop)?, (day, day)))
        .len()
}

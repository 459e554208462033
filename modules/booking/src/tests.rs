use kernel::{Actor, Error, HOUR_MS, MINUTE_MS, Money, Role};
use order::Ending;
use shop::Accepts;

use super::*;

mod answer_race;
mod change;
mod closing;
mod counter;
mod counter_race;
mod ends;
mod farewell;
mod group;
mod home;
mod house;
mod leave;
mod pages;
mod party;
mod race;
mod told_again;
mod waitlist;

use house::{House, code};

#[test]
fn a_paid_booking_is_confirmed_at_once_where_the_shop_accepts_by_itself() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let held = house.request(house.wish(900)).unwrap();
        assert_eq!((held.state, held.version, held.code.len()), (State::Held, 1, 6));
        assert!(!house.is_free(900), "the time is claimed while the customer pays");
        house.pay(held.order);
        let confirmed = house.booking(held.id);
        assert_eq!((confirmed.state, confirmed.version), (State::Confirmed, 2));
        assert_eq!(house.order(held.order).state, order::State::Placed);
    });
}

#[test]
fn a_visit_from_request_to_completion() {
    House::on_every_engine(Accepts::Manual, |house| {
        let id = house.paid(house.wish(900)).id;
        let asked = house.booking(id);
        assert_eq!(asked.state, State::Requested);
        assert_eq!(asked.answer_by, Some(house.now().plus_minutes(10)));
        let owner = house.owner;
        let confirmed = house
            .at(owner, move |cx, tx| confirm(cx, tx, id, asked.version))
            .unwrap();
        house.pass_until(880);
        let code = confirmed.code.clone();
        let arrived = house
            .at(owner, move |cx, tx| check_in_by_code(cx, tx, cx.shop()?, &code))
            .unwrap();
        let started = house
            .at(owner, move |cx, tx| start(cx, tx, id, arrived.version))
            .unwrap();
        let done = house
            .at(owner, move |cx, tx| complete(cx, tx, id, started.version))
            .unwrap();
        assert_eq!((done.state, done.version), (State::Completed, 6));
        assert_eq!(house.order(done.order).state, order::State::Fulfilled);
        let steps = house.read(move |tx| steps(tx, id));
        let taken: Vec<&str> = steps.iter().rev().map(|step| step.step.code()).collect();
        assert_eq!(
            taken,
            ["hold", "submit", "confirm", "check_in", "start", "complete"]
        );
    });
}

#[test]
fn the_same_step_again_does_nothing_and_an_old_page_is_refused() {
    House::on_every_engine(Accepts::Manual, |house| {
        let asked = house.paid(house.wish(900));
        let (id, seen, owner) = (asked.id, asked.version, house.owner);
        house.at(owner, move |cx, tx| confirm(cx, tx, id, seen)).unwrap();
        let again = house.at(owner, move |cx, tx| confirm(cx, tx, id, seen)).unwrap();
        assert_eq!(again.version, seen + 1);
        let stale = house.at(owner, move |cx, tx| cancel(cx, tx, id, seen, Why::Full));
        assert_eq!(code(stale), "booking.changed");
        let declined = house.at(owner, move |cx, tx| decline(cx, tx, id, seen + 1, Why::Full));
        assert_eq!(code(declined), "booking.not_now");
        let foreign = Actor::Staff {
            id: Id::from_raw(5),
            shop: Some(Id::from_raw(6)),
            role: Role::Owner,
        };
        let stranger = house.at(foreign, move |cx, tx| confirm(cx, tx, id, seen + 1));
        assert!(matches!(stranger, Err(Error::NotFound)));
        let other = house.at(house.other, move |cx, tx| {
            cancel(cx, tx, id, seen + 1, Why::CustomersPlans)
        });
        assert!(matches!(other, Err(Error::NotFound)));
    });
}

#[test]
fn a_declined_request_is_refunded_and_its_time_is_free_again() {
    House::on_every_engine(Accepts::Manual, |house| {
        let asked = house.paid(house.wish(900));
        let (id, seen) = (asked.id, asked.version);
        let declined = house
            .at(house.owner, move |cx, tx| {
                decline(cx, tx, id, seen, Why::TherapistAway)
            })
            .unwrap();
        assert_eq!(declined.state, State::Declined);
        assert!(house.is_free(900));
        let order = house.order(asked.order);
        assert_eq!((order.state, order.kept), (order::State::Cancelled, Money::ZERO));
        assert_eq!(house.refunds(asked.order), 12_800);
    });
}

#[test]
fn a_shop_that_does_not_answer_declines_by_the_clock_unless_it_takes_longer() {
    House::on_every_engine(Accepts::Manual, |house| {
        let first = house.paid(house.wish(900)).id;
        house.stand.pass(11 * MINUTE_MS);
        assert_eq!(house.booking(first).state, State::Declined);
        assert_eq!(
            house.read(move |tx| steps(tx, first))[0].why,
            Some(Why::Unanswered)
        );

        let asked = house.paid(house.wish(960));
        let (id, seen) = (asked.id, asked.version);
        let longer = house
            .at(house.owner, move |cx, tx| extend(cx, tx, id, seen))
            .unwrap();
        assert_eq!(longer.answer_by, asked.answer_by.map(|at| at.plus_minutes(10)));
        house.stand.pass(11 * MINUTE_MS);
        assert_eq!(
            house.booking(id).state,
            State::Requested,
            "the first clock has been overtaken"
        );
        house.stand.pass(10 * MINUTE_MS);
        assert_eq!(house.booking(id).state, State::Declined);
    });
}

#[test]
fn calling_off_is_free_until_two_hours_before_and_costs_a_share_after() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let early = house.paid(house.wish(900));
        let late = house.paid(house.wish(960));
        let customer = house.customer;
        let call_off = |booking: &Booking, by: Actor| {
            let (id, seen) = (booking.id, booking.version);
            house
                .at(by, move |cx, tx| cancel(cx, tx, id, seen, Why::CustomersPlans))
                .unwrap()
        };
        call_off(&early, customer);
        assert_eq!(
            (house.order(early.order).kept, house.refunds(early.order)),
            (Money::ZERO, 12_800)
        );
        house.pass_until(850);
        call_off(&late, customer);
        assert_eq!(
            (house.order(late.order).kept, house.refunds(late.order)),
            (Money(3_840), 8_960)
        );
        let by_shop = house.paid(house.wish(960));
        call_off(&by_shop, house.owner);
        assert_eq!(house.order(by_shop.order).kept, Money::ZERO);

        let begun = house.paid(house.wish(960));
        house.pass_until(961);
        let (id, seen) = (begun.id, begun.version);
        let refused = house.at(customer, move |cx, tx| {
            cancel(cx, tx, id, seen, Why::CustomersPlans)
        });
        assert_eq!(code(refused), "booking.begun");
    });
}

#[test]
fn what_is_not_paid_in_time_expires_and_frees_its_time() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let held = house.request(house.wish(900)).unwrap();
        house.stand.pass(16 * MINUTE_MS);
        assert_eq!(house.booking(held.id).state, State::Expired);
        assert!(house.is_free(900));

        let withdrawn = house.request(house.wish(900)).unwrap();
        let id = withdrawn.id;
        house
            .at(house.customer, move |cx, tx| {
                cancel(cx, tx, id, 1, Why::CustomersPlans)
            })
            .unwrap();
        house.stand.pass(MINUTE_MS);
        assert_eq!(house.booking(id).state, State::Cancelled);
        assert_eq!(house.order(withdrawn.order).ending, Some(Ending::Withdrawn));
        assert!(house.is_free(900));
    });
}

#[test]
fn a_late_payment_revives_the_booking_where_the_time_is_still_free() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let held = house.request(house.wish(900)).unwrap();
        let number = house.prepay(held.order);
        house.lose_contact_until_closed(held.order);
        assert_eq!(house.booking(held.id).state, State::Expired);
        house.late_money(&number);
        assert_eq!(house.booking(held.id).state, State::Confirmed);
        assert!(!house.is_free(900));
    });
}

#[test]
fn news_of_the_closing_that_come_again_after_the_revival_change_nothing() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let held = house.request(house.wish(900)).unwrap();
        let number = house.prepay(held.order);
        house.lose_contact_until_closed(held.order);
        house.late_money(&number);
        let (id, program) = (held.id, Actor::System("booking.order_closed"));
        let again = house.at(program, move |cx, tx| actions::expire(cx, tx, id, false));
        assert_eq!(again.unwrap().state, State::Confirmed);
        assert!(!house.is_free(900));
    });
}

#[test]
fn a_late_payment_goes_back_where_somebody_else_has_the_time() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let held = house.request(house.wish(900)).unwrap();
        let number = house.prepay(held.order);
        house.lose_contact_until_closed(held.order);
        let wish = Wish {
            therapist: Some(held.therapist),
            ..house.wish(900)
        };
        house.request_as(house.other, "other", wish).unwrap();
        house.late_money(&number);
        assert_eq!(house.booking(held.id).state, State::Expired);
        assert_eq!(house.refunds(held.order), 12_800);
    });
}

#[test]
fn a_form_sent_twice_books_once() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let wish = house.wish(900);
        let first = house.request_as(house.customer, "key", wish.clone()).unwrap();
        let second = house.request_as(house.customer, "key", wish).unwrap();
        assert_eq!(first.id, second.id);
        let other = house.request_as(house.customer, "key", house.wish(960));
        assert_eq!(code(other), "db.key_reused");
    });
}

#[test]
fn bad_wishes_are_refused() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let refused = |wish| code(house.request(wish));
        assert_eq!(
            refused(Wish {
                declared: false,
                ..house.wish(900)
            }),
            "booking.not_declared"
        );
        assert_eq!(refused(house.wish(700)), "scheduling.past");
        assert_eq!(refused(house.wish(725)), "scheduling.past", "too near to pay for");
        assert_eq!(refused(house.wish(1530)), "scheduling.closed");
        let nobody = Wish {
            therapist: Some(Id::from_raw(1)),
            ..house.wish(900)
        };
        assert_eq!(refused(nobody), "booking.not_offered");
        for minute in [800, 900, 1000] {
            house.request(house.wish(minute)).unwrap();
        }
        assert_eq!(refused(house.wish(1100)), "booking.too_many_held");
    });
}

#[test]
fn a_taken_time_has_three_others_beside_it() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let liu = Some(house.therapists[0]);
        house
            .request(Wish {
                therapist: liu,
                ..house.wish(900)
            })
            .unwrap();
        let again = house.request_as(
            house.other,
            "k",
            Wish {
                therapist: liu,
                ..house.wish(900)
            },
        );
        assert_eq!(code(again), "scheduling.time_taken");
        let (service, wanted, now) = (house.service.clone(), house.minute(900), house.now());
        let others = house.read(move |tx| alternatives(tx, now, &service, liu, wanted));
        let minutes: Vec<i64> = others
            .iter()
            .map(|time| time.starts_at.minutes_since(house.minute(0)))
            .collect();
        assert_eq!(minutes, [810, 825, 975]);
    });
}

#[test]
fn any_therapist_is_the_next_in_turn_and_the_reason_is_kept() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let first = house.request(house.wish(900)).unwrap();
        let second = house.request(house.wish(1000)).unwrap();
        assert_ne!(first.therapist, second.therapist);
        assert_eq!(first.reason, scheduling::Reason::Rotation);
        let named = house
            .request(Wish {
                therapist: Some(first.therapist),
                ..house.wish(1100)
            })
            .unwrap();
        assert_eq!(
            (named.therapist, named.reason),
            (first.therapist, scheduling::Reason::Requested)
        );
    });
}

#[test]
fn arrival_by_code() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let booking = house.paid(house.wish(900));
        let enter = |code: &str| {
            let code = code.to_owned();
            house.at(house.owner, move |cx, tx| {
                check_in_by_code(cx, tx, cx.shop()?, &code)
            })
        };
        let spoken = format!("{} {}", &booking.code[..3], &booking.code[3..]);
        assert_eq!(code(enter(&spoken)), "booking.too_early");
        house.pass_until(870);
        assert_eq!(enter(&spoken).unwrap().id, booking.id);
        assert_eq!(code(enter(&spoken)), "booking.code_used");
        let wrong = if booking.code == "000000" {
            "111111"
        } else {
            "000000"
        };
        assert_eq!(code(enter(wrong)), "booking.unknown_code");
    });
}

#[test]
fn who_does_not_come_is_charged_only_by_a_person() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let (first, second) = (house.paid(house.wish(900)), house.paid(house.wish(900)));
        let absent = |booking: &Booking, fee| {
            let (id, seen) = (booking.id, booking.version);
            house.at(house.owner, move |cx, tx| {
                no_show(cx, tx, id, seen, if fee { Fee::All } else { Fee::Waive })
            })
        };
        house.pass_until(914);
        assert_eq!(code(absent(&first, true)), "booking.not_late_yet");
        house.pass_until(915);
        assert_eq!(absent(&first, true).unwrap().state, State::NoShow);
        absent(&second, false).unwrap();
        assert_eq!(house.order(first.order).kept, Money(3_840));
        assert_eq!(house.order(second.order).kept, Money::ZERO);
    });
}

#[test]
fn a_service_that_nobody_ends_ends_itself() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let booking = house.paid(house.wish(900));
        house.pass_until(890);
        let (id, seen) = (booking.id, booking.version);
        house
            .at(house.owner, move |cx, tx| check_in(cx, tx, id, seen))
            .unwrap();
        house
            .at(house.owner, move |cx, tx| start(cx, tx, id, seen + 1))
            .unwrap();
        house.stand.pass(3 * HOUR_MS - MINUTE_MS);
        assert_eq!(house.booking(id).state, State::InService);
        house.stand.pass(20 * MINUTE_MS);
        assert_eq!(house.booking(id).state, State::Completed);
    });
}

#[test]
fn past_midnight_belongs_to_the_evening_before() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let late = house.paid(house.wish(1500));
        assert_eq!((late.day, late.minute()), (house.day, 1500));
        let (day, owner) = (house.day, house.owner);
        let today = house
            .at(owner, move |cx, tx| on_day(tx, cx.shop()?, day))
            .unwrap();
        assert_eq!(today.len(), 1);
    });
}

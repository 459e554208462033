//! The waitlist: who is offered a time that came free, and what becomes of it.

use kernel::HOUR_MS;

use super::{house::House, *};
use crate::actions::{join_waitlist, offer_next, take_offer, withdraw_from_waitlist};

fn wait(house: &House, from: i64, to: i64) -> WaitWish {
    WaitWish {
        service: house.service.id,
        therapist: Some(house.therapists[0]),
        day: house.day,
        from,
        to,
    }
}

fn join(house: &House, actor: Actor, wish: WaitWish) -> Result<WaitEntry> {
    house.at(actor, move |cx, tx| join_waitlist(cx, tx, &wish))
}

fn entry(house: &House, id: Id<WaitEntry>) -> WaitEntry {
    house.read(move |tx| wait_entry(tx, id))
}

fn take(house: &House, actor: Actor, id: Id<WaitEntry>) -> Result<Booking> {
    let (key, wish) = (house.stand.cx(Actor::Guest).token(), house.wish(0));
    house.at(actor, move |cx, tx| take_offer(cx, tx, &key, id, &wish, &[]))
}

fn call_off(house: &House, booking: &Booking) {
    let (id, seen) = (booking.id, booking.version);
    house
        .at(house.owner, move |cx, tx| {
            cancel(cx, tx, id, seen, Why::TherapistAway)
        })
        .unwrap();
    house.stand.work();
}

/// Liu's time at this minute, paid by a customer of its own.
fn liu_at(house: &House, minute: i64) -> Booking {
    let wish = Wish {
        therapist: Some(house.therapists[0]),
        ..house.wish(minute)
    };
    house.paid(wish)
}

/// A customer who was not there before.
fn customer(house: &House, number: usize) -> Actor {
    let openid = format!("waiting customer {number}");
    let greeted = house.at(Actor::Guest, move |cx, tx| {
        identity::greet_customer(cx, tx, &openid)
    });
    Actor::Customer(greeted.unwrap().id)
}

fn steps_of(house: &House, id: Id<WaitEntry>) -> Vec<String> {
    house.read(move |tx| {
        tx.all(
            "SELECT step FROM booking_wait_step WHERE wait_id = $1 ORDER BY version",
            db::params![id],
            |row| row.get(0),
        )
    })
}

/// How many stretches of time are claimed for somebody.
fn spans(house: &House, id: Id<WaitEntry>) -> i64 {
    house.read(move |tx| {
        tx.one(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM span WHERE holder_id = $1",
            db::params![id],
            |row| row.get(0),
        )
    })
}

#[test]
fn the_first_in_line_is_offered_what_a_cancellation_frees_and_books_it() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let booked = liu_at(house, 900);
        let (first, second) = (customer(house, 1), customer(house, 2));
        let entry_one = join(house, first, wait(house, 900, 915)).unwrap();
        let entry_two = join(house, second, wait(house, 780, 960)).unwrap_err();
        assert_eq!(entry_two.code(), Some("booking.not_full"), "13:00 can be booked");
        let entry_two = join(house, second, wait(house, 900, 930)).unwrap();
        let again = join(house, first, wait(house, 900, 915)).unwrap();
        assert_eq!(again.id, entry_one.id, "the same wish is the same entry");

        call_off(house, &booked);
        let offered = entry(house, entry_one.id);
        let offer = offered.offer.unwrap();
        assert_eq!(
            (offered.state, offer.starts_at, offer.therapist, offer.until),
            (
                WaitState::Offered,
                house.minute(900),
                house.therapists[0],
                house.now().plus_minutes(10)
            )
        );
        assert_eq!(spans(house, offered.id), 2, "therapist and bed are claimed");
        assert_eq!(entry(house, entry_two.id).state, WaitState::Waiting);

        let stranger = take(house, second, offered.id);
        assert!(matches!(stranger, Err(Error::NotFound)));
        let held = take(house, first, offered.id).unwrap();
        assert_eq!(
            (held.state, held.starts_at, held.therapist),
            (State::Held, house.minute(900), house.therapists[0])
        );
        assert_eq!(
            take(house, first, offered.id).unwrap().id,
            held.id,
            "asked again it is the same"
        );
        let taken = entry(house, offered.id);
        assert_eq!((taken.state, taken.booking), (WaitState::Taken, Some(held.id)));
        assert_eq!(spans(house, offered.id), 0);
        assert_eq!(steps_of(house, taken.id), ["join", "offer", "take"]);

        // It is not paid: the time runs out, and the next in line is asked.
        house.stand.pass(16 * MINUTE_MS);
        assert_eq!(house.booking(held.id).state, State::Expired);
        assert_eq!(entry(house, entry_two.id).state, WaitState::Offered);
    });
}

#[test]
fn an_offer_that_nobody_answers_goes_to_the_next_in_line() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let booked = liu_at(house, 900);
        let entries: Vec<WaitEntry> = (0..3)
            .map(|number| join(house, customer(house, number), wait(house, 900, 915)).unwrap())
            .collect();
        call_off(house, &booked);
        let states = || -> Vec<WaitState> { entries.iter().map(|one| entry(house, one.id).state).collect() };
        use WaitState::{Lapsed, Offered, Over, Waiting, Withdrawn};
        assert_eq!(states(), [Offered, Waiting, Waiting]);
        house.stand.pass(9 * MINUTE_MS);
        assert_eq!(states(), [Offered, Waiting, Waiting]);
        house.stand.pass(2 * MINUTE_MS);
        assert_eq!(states(), [Lapsed, Offered, Waiting]);
        let late = take(house, Actor::Customer(entries[0].customer), entries[0].id);
        assert_eq!(code(late), "booking.offer_over");
        let second = entries[1].clone();
        house
            .at(Actor::Customer(second.customer), move |cx, tx| {
                withdraw_from_waitlist(cx, tx, second.id)
            })
            .unwrap();
        house.stand.work();
        assert_eq!(states(), [Lapsed, Withdrawn, Offered]);
        house.stand.pass(11 * MINUTE_MS);
        assert_eq!(states(), [Lapsed, Withdrawn, Lapsed]);
        assert!(house.is_free(900), "nobody wanted it");

        let booked = liu_at(house, 1_000);
        let over = join(house, customer(house, 4), wait(house, 1_000, 1_005)).unwrap();
        house.pass_until(1_006);
        assert_eq!(entry(house, over.id).state, Over);
        call_off(house, &booked);
        assert_eq!(entry(house, over.id).state, Over);
    });
}

#[test]
fn nobody_is_woken_about_tomorrow_evening() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let tomorrow = 1_440;
        let evening = liu_at(house, tomorrow + 1_320);
        let soon = liu_at(house, 1_500);
        let wish = |from| WaitWish {
            day: house.day.plus(from / 1_440),
            from: from % 1_440,
            to: from % 1_440 + 15,
            ..wait(house, 0, 15)
        };
        let waits = join(house, customer(house, 1), wish(tomorrow + 1_320)).unwrap();
        let tonight = WaitWish {
            day: house.day,
            from: 1_500,
            to: 1_515,
            ..wait(house, 0, 15)
        };
        let wakes = join(house, customer(house, 2), tonight).unwrap();
        house.pass_until(1_290);
        call_off(house, &evening);
        call_off(house, &soon);
        assert_eq!(
            (entry(house, waits.id).state, entry(house, wakes.id).state),
            (WaitState::Waiting, WaitState::Offered),
            "only what is soon is told at half past nine"
        );
        house.pass_until(tomorrow + 479);
        assert_eq!(entry(house, waits.id).state, WaitState::Waiting);
        house.pass_until(tomorrow + 481);
        assert_eq!(entry(house, waits.id).state, WaitState::Offered, "at eight it is");
    });
}

#[test]
fn what_cannot_be_waited_for_is_refused() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let zhang = house.customer;
        let no = |wish: WaitWish| code(join(house, zhang, wish));
        assert_eq!(no(wait(house, 900, 900)), "booking.bad_span");
        assert_eq!(no(wait(house, 600, 700)), "booking.bad_span", "that is over");
        assert_eq!(no(wait(house, 900, 1_000)), "booking.not_full");
        let far = WaitWish {
            day: house.day.plus(14),
            ..wait(house, 900, 1_000)
        };
        assert_eq!(no(far), "scheduling.too_far");
        let before_opening = WaitWish {
            day: house.day.plus(1),
            ..wait(house, 300, 600)
        };
        assert_eq!(no(before_opening), "scheduling.closed");
        let stranger = WaitWish {
            therapist: Some(Id::from_raw(7)),
            ..wait(house, 900, 1_000)
        };
        assert_eq!(no(stranger), "booking.not_offered");
        let _full: Vec<Booking> = [900, 1_000, 1_100, 1_200]
            .into_iter()
            .map(|minute| liu_at(house, minute))
            .collect();
        for minute in [900, 1_000, 1_100] {
            join(house, zhang, wait(house, minute, minute + 5)).unwrap();
        }
        assert_eq!(no(wait(house, 1_200, 1_205)), "booking.too_many_waiting");
    });
}

/// Taking leave back, or a change of the roster, frees time that no booking held.
#[test]
fn leave_that_is_taken_back_is_offered_too_and_leave_calls_an_offer_back() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let (shop, liu) = (house.shop, house.therapists[0]);
        let new = scheduling::NewLeave {
            therapist: liu,
            from: house.minute(840),
            to: house.minute(1_000),
            reason: String::new(),
        };
        let asked = new.clone();
        let leave = house
            .at(house.owner, move |cx, tx| {
                scheduling::grant_leave(cx, tx, new.clone(), false)
            })
            .unwrap();
        let waits = join(house, house.other, wait(house, 900, 915)).unwrap();
        house
            .at(house.owner, move |cx, tx| {
                scheduling::withdraw_leave(cx, tx, shop, leave)
            })
            .unwrap();
        house.stand.work();
        assert_eq!(entry(house, waits.id).state, WaitState::Offered);

        // The therapist asks for the leave again: the offer is no booking to decide on, and is called back.
        let hit = house
            .at(house.owner, move |cx, tx| {
                let id = scheduling::ask_leave(cx, tx, asked.clone())?;
                let leave = scheduling::leave(tx, cx.shop()?, id)?;
                let hit = hit_by(cx, tx, &leave)?;
                approve_leave(cx, tx, id, leave.version, &[])?;
                Ok(hit)
            })
            .unwrap();
        assert!(hit.is_empty());
        let called_back = entry(house, waits.id);
        assert_eq!((called_back.state, called_back.offer), (WaitState::Waiting, None));
        assert_eq!(spans(house, waits.id), 0);
        house.stand.work();
        assert_eq!(entry(house, waits.id).state, WaitState::Waiting);
        house.stand.pass(5 * HOUR_MS);
        assert_eq!(entry(house, waits.id).state, WaitState::Over);
    });
}

/// A hundred offers and a hundred direct bookings want the one time that just came free.
#[test]
fn edge_case_6_a_waitlist_offer_meets_direct_bookings_and_one_of_them_wins() {
    House::on_every_engine(Accepts::Automatic, |house| {
        for round in 0..5 {
            let minute = 900 + 75 * round;
            let booked = liu_at(house, minute);
            let waits = join(
                house,
                customer(house, 1_000 + round as usize),
                wait(house, minute, minute + 5),
            )
            .unwrap();
            let (id, seen) = (booked.id, booked.version);
            house
                .at(house.owner, move |cx, tx| {
                    cancel(cx, tx, id, seen, Why::TherapistAway)
                })
                .unwrap();
            // The job that looks has not run yet: everybody is as fast as anybody.
            let shop = house.shop;
            let customers: Vec<Actor> = (0..100)
                .map(|number| customer(house, round as usize * 100 + number))
                .collect();
            let offers: Vec<_> = (0..100)
                .map(|_| {
                    let cx = house.stand.cx(Actor::System("test"));
                    house.stand.db.write(move |tx| offer_next(&cx, tx, shop))
                })
                .collect();
            let direct: Vec<_> = customers
                .into_iter()
                .map(|customer| {
                    let (cx, wish) = (house.stand.cx(customer), house.wish(minute));
                    let wish = Wish {
                        therapist: Some(house.therapists[0]),
                        ..wish
                    };
                    let key = cx.token();
                    house.stand.db.write(move |tx| request(&cx, tx, &key, &wish))
                })
                .collect();
            let refused = |error: Error| match error {
                Error::Refused(no) => assert_eq!(no.code, "scheduling.time_taken"),
                other => panic!("not a clear refusal: {other}"),
            };
            let mut won = 0;
            for answer in offers {
                match answer.wait() {
                    Ok(offered) => won += i64::from(offered.is_some()),
                    Err(error) => refused(error),
                }
            }
            for answer in direct {
                match answer.wait() {
                    Ok(_) => won += 1,
                    Err(error) => refused(error),
                }
            }
            assert_eq!(won, 1, "round {round}");
            let waits = entry(house, waits.id);
            let claims = if waits.state == WaitState::Offered { 2 } else { 0 };
            assert_eq!(spans(house, waits.id), claims);
        }
    });
}

/// The negative twin: an offer that only looks and does not claim promises a time that a direct booking takes as well.
#[test]
fn an_offer_without_a_claim_promises_what_another_books() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let booked = liu_at(house, 900);
        let waits = join(house, house.other, wait(house, 900, 905)).unwrap();
        call_off(house, &booked);
        let offered = entry(house, waits.id);
        assert_eq!(offered.state, WaitState::Offered);
        // The guard taken out: the entry says offered, its claims are gone.
        house
            .at(house.owner, move |_, tx| scheduling::release(tx, offered.id.of()))
            .unwrap();
        let direct = liu_at(house, 900);
        assert_eq!(direct.state, State::Confirmed);
        assert_eq!(
            entry(house, waits.id).state,
            WaitState::Offered,
            "both were promised the time: the claims are what keeps this from happening"
        );
        assert_eq!(code(take(house, house.other, waits.id)), "scheduling.time_taken");
        assert_eq!(
            entry(house, waits.id).state,
            WaitState::Offered,
            "a refused booking leaves the entry as it was"
        );
    });
}

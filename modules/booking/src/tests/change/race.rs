//! Many want to move to one time at once.

use super::*;

/// So many bookings at one time each, of which every customer wants to move to the same.
fn rivals(house: &House) -> Vec<(Actor, Booking)> {
    (0..8)
        .map(|number| {
            let openid = format!("customer {number}");
            let customer = house
                .at(Actor::Guest, move |cx, tx| {
                    identity::greet_customer(cx, tx, &openid)
                })
                .unwrap();
            let who = Actor::Customer(customer.id);
            let day = 1440 * (1 + number / 4);
            let held = house
                .request_as(who, "book", named(house, day + 800 + 80 * (number % 4)))
                .unwrap();
            let order = held.order;
            let source = order::Source::cash(house.shop);
            house
                .at(house.owner, move |cx, tx| {
                    order::take(cx, tx, order, &source, Money::yuan(128))
                })
                .unwrap();
            house.stand.work();
            (who, house.booking(held.id))
        })
        .collect()
}

fn all_at_once(house: &House, wishes: Vec<(Actor, Booking)>, direct: usize) -> (usize, usize) {
    let mut waiting: Vec<_> = wishes
        .into_iter()
        .map(|(who, booking)| {
            let (cx, to) = (house.stand.cx(who), at(house, &booking, 1200));
            house
                .stand
                .db
                .write(move |tx| propose(&cx, tx, booking.id, booking.version, &to).map(drop))
        })
        .collect();
    for number in 0..direct {
        let (cx, wish) = (house.stand.cx(house.other), named(house, 1200));
        let key = format!("direct {number}");
        waiting.push(
            house
                .stand
                .db
                .write(move |tx| request(&cx, tx, &key, &wish).map(drop)),
        );
    }
    let (mut won, mut taken) = (0, 0);
    for answer in waiting {
        match answer.wait() {
            Ok(()) => won += 1,
            Err(Error::Refused(no)) if no.code == "scheduling.time_taken" => taken += 1,
            Err(other) => panic!("not a clear refusal: {other}"),
        }
    }
    claims_are_right(house);
    (won, taken)
}

fn at_eight_in_the_evening(house: &House) -> i64 {
    let (at, liu) = (house.minute(1200), house.therapists[0]);
    house.read(move |tx| {
        tx.one(
            "SELECT CAST((SELECT COUNT(*) FROM booking b WHERE b.starts_at = $1 AND b.therapist_id = $2
                            AND b.state IN ('held', 'requested', 'confirmed'))
                       + (SELECT COUNT(*) FROM booking_change c WHERE c.starts_at = $1 AND c.therapist_id = $2
                            AND c.state = 'proposed') AS BIGINT)",
            params![at, liu],
            |row| row.get(0),
        )
    })
}

#[test]
fn of_customers_who_move_to_one_time_one_gets_it() {
    House::on_every_engine(Accepts::Automatic, |house| {
        assert_eq!(all_at_once(house, rivals(house), 0), (1, 7));
        assert_eq!(at_eight_in_the_evening(house), 1);
    });
}

#[test]
fn of_wishes_that_the_shop_must_answer_one_gets_the_time_and_no_direct_booking_besides() {
    House::on_every_engine(Accepts::Manual, |house| {
        let rivals = rivals(house);
        let promised = rivals
            .into_iter()
            .map(|(who, asked)| (who, answer(house, house.owner, &asked, confirm).unwrap()))
            .collect();
        assert_eq!(all_at_once(house, promised, 3), (1, 10));
        assert_eq!(at_eight_in_the_evening(house), 1);
    });
}

#[test]
fn a_move_against_direct_bookings() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let mut rivals = rivals(house);
        rivals.truncate(1);
        assert_eq!(all_at_once(house, rivals, 3), (1, 3));
        assert_eq!(at_eight_in_the_evening(house), 1);
    });
}

/// The negative twin: who looks whether the time is free and writes later, without claiming it, moves many to one time.
#[test]
fn looking_first_and_moving_later_without_a_claim_moves_many_to_one_time() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let rivals = rivals(house);
        assert!(
            rivals.iter().all(|_| liu_is_free(house, 1200)),
            "everybody looked"
        );
        for (who, booking) in rivals {
            let at = house.minute(1200);
            house
                .at(who, move |cx, tx| {
                    let mut moved = booking.after(Step::Move, cx.now())?.ok_or(Error::NotFound)?;
                    moved.starts_at = at;
                    store::save_terms(tx, &moved)?;
                    store::save(cx, tx, &moved, Step::Move, None)
                })
                .unwrap();
        }
        assert!(
            at_eight_in_the_evening(house) > 1,
            "the claim is what keeps this from happening"
        );
    });
}

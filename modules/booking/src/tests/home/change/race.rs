//! Many home visits are moved to one time of the only therapist who goes.

use kernel::Id;
use testkit::race;

use super::*;

/// Visits on four days, six a day: more of them do not fit between the ways of one therapist.
const RIVALS: i64 = 24;
const A_DAY: i64 = 6;

/// The minute that a round is about, on days without visits; who won a round goes back after it.
fn minute(round: i64) -> i64 {
    1_440 * (6 + round / A_DAY % 4) + 765 + 120 * (round % A_DAY)
}

/// Somebody, a millisecond after everybody before.
fn next(house: &House, who: Actor) -> Cx {
    house.stand.clock.pass(1);
    house.stand.cx(who)
}

/// Promised visits of a customer each, all at different times.
fn rivals(house: &House) -> Vec<(Actor, Id<Booking>)> {
    let visit = |number: i64| {
        let openid = format!("customer {number}");
        let customer = house.at(Actor::Guest, move |cx, tx| {
            identity::greet_customer(cx, tx, &openid)
        });
        let who = Actor::Customer(customer.unwrap().id);
        let at = 1_440 * (1 + number / A_DAY) + 765 + 120 * (number % A_DAY);
        let held = at_home_as(house, who, house.wish(at)).unwrap();
        let (order, source) = (held.order, order::Source::cash(house.shop));
        house
            .at(house.owner, move |cx, tx| {
                order::take(cx, tx, order, &source, Money::yuan(153))
            })
            .unwrap();
        house.stand.work();
        (who, held.id)
    };
    (0..RIVALS).map(visit).collect()
}

/// How many promised visits begin at a minute.
fn at_minute(house: &House, minute: i64) -> i64 {
    let at = house.minute(minute);
    house.read(move |tx| {
        tx.one(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM booking WHERE starts_at = $1 AND state = 'confirmed'",
            params![at],
            |row| row.get(0),
        )
    })
}

/// Every second one wants a time that is free but for the way.
fn wanted(round: i64, number: usize) -> i64 {
    minute(round) + 30 * (number as i64 % 2)
}

#[test]
fn of_visits_that_are_moved_to_one_time_one_gets_it() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let rivals = rivals(house);
        let what = ("the time of a home visit", RIVALS);
        race::rounds_of(what, &house.stand.db, (20, 5), |round| {
            let before: Vec<Booking> = rivals.iter().map(|(_, id)| house.booking(*id)).collect();
            let asking = rivals.iter().zip(&before).enumerate();
            let asking = asking.map(|(number, ((who, id), booking))| {
                let cx = next(house, *who);
                let (id, seen) = (*id, booking.version);
                let to = at(house, booking, wanted(round, number));
                move |tx: &mut Tx| propose(&cx, tx, id, seen, &to)
            });
            let answers = race::at_once(&house.stand.db, asking);
            let won = race::won(answers, "scheduling.time_taken");
            assert_eq!(won.len(), 1, "round {round}");
            let there = at_minute(house, minute(round)) + at_minute(house, minute(round) + 30);
            assert_eq!(there, 1, "round {round}");
            back(house, &rivals, &before, &won[0]);
        });
    });
}

/// The winner goes back to where it was, so that every round begins alike.
fn back(house: &House, rivals: &[(Actor, Id<Booking>)], before: &[Booking], won: &Booking) {
    let (who, id) = rivals.iter().find(|(_, id)| *id == won.id).unwrap();
    let was = before.iter().find(|booking| booking.id == won.id).unwrap();
    let (cx, id, seen) = (next(house, *who), *id, won.version);
    let to = at(house, won, was.starts_at.minutes_since(house.minute(0)));
    let returned = house
        .stand
        .db
        .write(move |tx| propose(&cx, tx, id, seen, &to))
        .wait();
    assert_eq!(returned.unwrap().starts_at, was.starts_at);
}

/// The negative twin: who looks whether the way and the visit fit and writes later, without claiming them, sends one
/// therapist to many doors at once.
#[test]
fn looking_first_and_moving_later_without_a_claim_sends_one_therapist_to_many_doors() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let rivals = rivals(house);
        let looking = rivals.iter().map(|(who, id)| {
            let (cx, booking) = (next(house, *who), house.booking(*id));
            let (service, to) = (house.service.clone(), house.minute(minute(0)));
            move |tx: &mut Tx| {
                let days = free_to_move(&cx, tx, &booking, &service, (Who::AsBefore, None))?;
                let mut times = days.iter().flat_map(|day| &day.times);
                Ok(times.any(|time| time.starts_at == to).then(|| booking.clone()))
            }
        });
        let seen: Vec<_> = race::look_at_once(&house.stand.db, looking)
            .into_iter()
            .flatten()
            .collect();
        let writing = seen.into_iter().map(|booking| {
            let (cx, to) = (next(house, house.owner), house.minute(minute(0)));
            move |tx: &mut Tx| {
                let mut moved = booking.after(Step::Move, cx.now())?.ok_or(Error::NotFound)?;
                moved.starts_at = to;
                store::save_terms(tx, &moved)?;
                store::save(&cx, tx, &moved, Step::Move, None)
            }
        });
        race::won(race::at_once(&house.stand.db, writing), "");
        assert!(
            at_minute(house, minute(0)) > 1,
            "the claim is what keeps this from happening"
        );
    });
}

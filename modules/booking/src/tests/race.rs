//! Two hundred want one thing at once: a time, the last bed, the last places for people who come together.

use db::params;
use testkit::race::{self, RIVALS};

use super::{group::group, house::House, *};
use crate::actions::request_together;

/// Times that there are on a day, 75 minutes apart.
const A_DAY: i64 = 9;
/// Slots of an hour and ten minutes.
const SLOTS: i64 = 14;

/// The minute that a round is about: each round has its own, from tomorrow on.
fn minute(round: i64) -> i64 {
    1_440 * (1 + round / A_DAY) + 735 + 75 * (round % A_DAY)
}

/// Somebody, a millisecond after everybody before.
fn next(house: &House, who: Actor) -> Cx {
    house.stand.clock.pass(1);
    house.stand.cx(who)
}

/// Customers who have not booked before, so that none holds too many.
fn strangers(house: &House, round: i64) -> impl Iterator<Item = (usize, Actor)> + use<> {
    let greeting = (0..RIVALS).map(|number| {
        let cx = next(house, Actor::Guest);
        let openid = format!("round {round} customer {number}");
        move |tx: &mut Tx| identity::greet_customer(&cx, tx, &openid)
    });
    let known = race::at_once(&house.stand.db, greeting).into_iter();
    known.map(|known| Actor::Customer(known.unwrap().id)).enumerate()
}

/// Everybody asks for what they wish: who is booked. The others hear that the time is taken.
fn all_ask(house: &House, round: i64, wish: impl Fn(usize) -> Wish) -> Vec<Booking> {
    let asking = strangers(house, round).map(|(number, who)| {
        let (cx, wish) = (next(house, who), wish(number));
        let key = cx.token();
        move |tx: &mut Tx| request(&cx, tx, &key, &wish)
    });
    race::won(race::at_once(&house.stand.db, asking), "scheduling.time_taken")
}

/// How many bookings, orders and claimed slots there are. The losers leave nothing behind.
fn left(house: &House) -> [i64; 3] {
    house.read(|tx| {
        tx.one(
            "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM booking), (SELECT CAST(COUNT(*) AS BIGINT) FROM order_order),
                    (SELECT CAST(COUNT(*) AS BIGINT) FROM claim)",
            params![],
            |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]),
        )
    })
}

/// One of the two beds is gone: both therapists work at the other.
fn with_one_bed(house: &House) {
    let shop = house.shop;
    let beds = house.read(move |tx| scheduling::beds(tx, shop));
    let gone = beds[1].id;
    house
        .at(house.owner, move |cx, tx| {
            scheduling::retire_bed(cx, tx, shop, gone)
        })
        .unwrap();
}

/// A wish for one of the two therapists by name: each is wanted by every other customer.
fn named_in_turn(house: &House, round: i64, number: usize) -> Wish {
    Wish {
        therapist: Some(house.therapists[number % 2]),
        ..house.wish(minute(round))
    }
}

/// Two hundred customers, one time, one therapist: one is booked, everybody else hears that the time is taken.
#[test]
fn one_of_two_hundred_customers_is_booked() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let rounds = race::rounds("a time", &house.stand.db, (50, 5), |round| {
            let booked = all_ask(house, round, |_| named_in_turn(house, round, 0));
            assert_eq!(booked.len(), 1, "round {round}");
        });
        assert_eq!(left(house), [rounds, rounds, rounds * 2 * SLOTS]);
    });
}

/// Two therapists and one bed: whoever is asked for, one customer is booked.
#[test]
fn one_of_two_hundred_customers_gets_the_last_bed() {
    House::on_every_engine(Accepts::Automatic, |house| {
        with_one_bed(house);
        let rounds = race::rounds("the last bed", &house.stand.db, (50, 5), |round| {
            // Now the one is asked for first, now the other.
            let booked = all_ask(house, round, |number| {
                named_in_turn(house, round, number + round as usize)
            });
            assert_eq!(booked.len(), 1, "round {round}");
        });
        assert_eq!(left(house), [rounds, rounds, rounds * 2 * SLOTS]);
    });
}

/// The negative twin: who looks whether therapist and bed are free and writes later, without a claim, puts many on one bed.
#[test]
fn looking_first_and_booking_later_without_a_claim_puts_many_on_one_bed() {
    House::on_every_engine(Accepts::Automatic, |house| {
        with_one_bed(house);
        let like = house.request(house.wish(900)).unwrap();
        let wanted = house.minute(minute(0));
        let looking = strangers(house, 0).map(|(number, _)| {
            let (now, service) = (house.now(), house.service.clone());
            let named = house.therapists[number % 2];
            move |tx: &mut Tx| {
                let days = free_times(tx, now, &service, Some(named))?;
                let mut times = days.iter().flat_map(|day| &day.times);
                Ok((named, times.any(|time| time.starts_at == wanted)))
            }
        });
        let seen = race::look_at_once(&house.stand.db, looking).into_iter();
        let writing = seen.filter(|(_, free)| *free).map(|(therapist, _)| {
            let (cx, like) = (next(house, house.owner), like.clone());
            move |tx: &mut Tx| {
                let written = Booking {
                    id: cx.id(),
                    therapist,
                    starts_at: wanted,
                    ..like.clone()
                };
                store::insert(&cx, tx, &written)
            }
        });
        let written = race::won(race::at_once(&house.stand.db, writing), "");
        assert!(written.len() > 1, "the claim is what keeps this from happening");
        let (bed, bookings) = (like.bed, written.len() as i64);
        let on_the_bed: i64 = house.read(move |tx| {
            tx.one(
                "SELECT CAST(COUNT(*) AS BIGINT) FROM booking WHERE bed_id = $1 AND starts_at = $2",
                params![bed, wanted],
                |row| row.get(0),
            )
        });
        assert_eq!(on_the_bed, bookings);
    });
}

/// The people of the bookings that were made for a time, order by order.
fn parties(house: &House, starts_at: Instant) -> Vec<i64> {
    house.read(move |tx| {
        tx.all(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM booking WHERE starts_at = $1 AND state = 'held'
              GROUP BY order_id ORDER BY 1",
            params![starts_at],
            |row| row.get(0),
        )
    })
}

/// Two hundred want the two places of one time: pairs, threes and some who come alone. Both places are given away, and
/// nobody gets half of what they asked for.
#[test]
fn two_hundred_want_the_last_places_of_a_group() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let mut alone = 0;
        let rounds = race::rounds("the last places of a group", &house.stand.db, (50, 5), |round| {
            let asking = strangers(house, round).map(|(number, who)| {
                let turn = number + round as usize;
                let people = 2 + turn % 2;
                let (cx, wish) = (next(house, who), group(house, minute(round), people));
                let (single, key) = (house.wish(minute(round)), cx.token());
                move |tx: &mut Tx| match turn % 4 {
                    3 => request(&cx, tx, &key, &single).map(|one| vec![one]),
                    _ => request_together(&cx, tx, &key, &wish),
                }
            });
            let won = race::won(race::at_once(&house.stand.db, asking), "scheduling.time_taken");
            let mut sizes: Vec<i64> = won.iter().map(|one| one.len() as i64).collect();
            sizes.sort_unstable();
            assert!(
                [vec![2], vec![1, 1]].contains(&sizes),
                "round {round}: two places went to {sizes:?}"
            );
            assert_eq!(
                parties(house, house.minute(minute(round))),
                sizes,
                "round {round}"
            );
            alone += i64::from(sizes.len() == 2);
        });
        let orders = rounds + alone;
        assert_eq!(left(house), [2 * rounds, orders, 2 * rounds * 2 * SLOTS]);
    });
}

/// The negative twin: pairs whose people are booked in a transaction each. The first of two pairs are booked, and nobody's
/// second: two halves of a group.
#[test]
fn booking_person_by_person_leaves_two_halves_of_groups() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let pairs: Vec<(usize, Actor)> = strangers(house, 0).collect();
        let one_each = |person: usize| {
            let asking = pairs.iter().map(|(number, who)| {
                let cx = next(house, *who);
                let wish = group(house, minute(0), 2).wishes.remove(person);
                let key = format!("pair {number} person {person}");
                move |tx: &mut Tx| request(&cx, tx, &key, &wish)
            });
            race::won(race::at_once(&house.stand.db, asking), "scheduling.time_taken").len()
        };
        assert_eq!((one_each(0), one_each(1)), (2, 0));
        assert_eq!(
            parties(house, house.minute(minute(0))),
            [1, 1],
            "the one transaction is what keeps this from happening"
        );
    });
}

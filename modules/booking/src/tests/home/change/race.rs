//! Many home visits want to one time at once, some of them to another door: the way is claimed with it.

use super::*;

/// So many customers with a visit each, on days of its own; one therapist goes to all of them.
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
            let minute = 1440 * (1 + number / 4) + 800 + 130 * (number % 4);
            let held = at_home_as(house, who, house.wish(minute)).unwrap();
            let (order, source) = (held.order, order::Source::cash(house.shop));
            house
                .at(house.owner, move |cx, tx| {
                    order::take(cx, tx, order, &source, Money::yuan(153))
                })
                .unwrap();
            house.stand.work();
            (who, house.booking(held.id))
        })
        .collect()
}

/// Everybody wants to eight in the evening; every other one to a door farther away.
#[test]
fn of_home_visits_that_move_to_one_time_one_gets_it() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let wishes: Vec<_> = (rivals(house).into_iter().enumerate())
            .map(|(number, (who, visit))| {
                let mut to = at(house, &visit, 1200);
                if number % 2 == 1 {
                    let service = house.service.clone();
                    let given = house.at(who, move |cx, tx| {
                        keep_address(cx, tx, &service, north(4.9), ("新街口 2 号院", "1 单元 101"))
                    });
                    to.address = Some(given.unwrap().id);
                }
                (who, visit, to)
            })
            .collect();
        let visits: Vec<_> = wishes.iter().map(|(_, visit, _)| visit.id).collect();
        let moving = wishes.into_iter().map(|(who, visit, to)| {
            house.stand.pass(1);
            let cx = house.stand.cx(who);
            move |tx: &mut Tx| propose(&cx, tx, visit.id, visit.version, &to)
        });
        let moved = testkit::race::won(
            testkit::race::at_once(&house.stand.db, moving),
            "scheduling.time_taken",
        );
        assert_eq!(moved.len(), 1);
        house.stand.work();
        let there: Vec<Booking> = visits
            .iter()
            .map(|id| house.booking(*id))
            .filter(|visit| visit.minute() == 1200 && visit.day == house.day)
            .collect();
        assert_eq!(there.len(), 1);
        // The way is claimed on both sides, and nothing of those who lost.
        let travel = there[0].length.before;
        assert_eq!(busy(house), [(1200 - travel, 1260 + there[0].length.after)]);
        for id in visits {
            let visit = house.booking(id);
            assert_eq!(doors(house, &visit).len(), 1, "one door for each");
        }
    });
}

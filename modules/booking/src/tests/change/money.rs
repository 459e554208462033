//! What a change of the service does to the money of the order, to the fen.

use super::*;

fn foot(house: &House, yuan: i64, minutes: i64) -> catalog::Service {
    let new = catalog::NewService {
        name: format!("足底 {minutes} 分钟 {yuan}"),
        kind: catalog::Kind::FullBody,
        category: None,
        minutes,
        price: Money::yuan(yuan),
        before: 5,
        after: 10,
        introduction: String::new(),
    };
    let shop = house.shop;
    house
        .at(house.owner, move |cx, tx| {
            let made = catalog::create(cx, tx, shop, &new)?;
            catalog::list(cx, tx, made.id, made.version)
        })
        .unwrap()
}

#[test]
fn a_dearer_service_leaves_a_rest_and_a_cheaper_one_gives_back() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let (dear, cheap) = (foot(house, 199, 90), foot(house, 98, 45));
        let booked = house.paid(named(house, 1200));
        let id = booked.order;
        let owed = || {
            let (order, paid) = house.read(move |tx| Ok((order::order(tx, id)?, order::paid(tx, id)?)));
            (
                order.owed().fen(),
                paid.fen(),
                order.rest(paid).fen(),
                house.refunds(id),
            )
        };
        let to = |booking: &Booking, service: &catalog::Service| Proposal {
            service: service.id,
            ..at(house, booking, 1200)
        };
        let dearer = wish(house, house.customer, &booked, &to(&booked, &dear)).unwrap();
        assert_eq!(
            (dearer.price, dearer.length.minutes, dearer.service_name.as_str()),
            (Money::yuan(199), 90, "足底 90 分钟 199")
        );
        assert_eq!(owed(), (19_900, 12_800, 7_100, 0));
        assert!(!liu_is_free(house, 1290));
        // Cheaper than what was paid: the rest falls away, the remainder goes back.
        let cheaper = wish(house, house.customer, &dearer, &to(&dearer, &cheap)).unwrap();
        assert_eq!(owed(), (9_800, 9_800, 0, 3_000));
        let back = wish(house, house.customer, &cheaper, &to(&cheaper, &house.service)).unwrap();
        assert_eq!(
            (back.price, owed()),
            (Money::yuan(128), (12_800, 9_800, 3_000, 3_000))
        );
        // The rest is paid in the app, and calling off gives everything back.
        house
            .at(house.customer, move |cx, tx| order::ask_rest(cx, tx, id))
            .unwrap();
        house.pay(id);
        assert_eq!(owed(), (12_800, 12_800, 0, 3_000));
        let (booking, seen) = (back.id, back.version);
        house
            .at(house.customer, move |cx, tx| {
                cancel(cx, tx, booking, seen, Why::CustomersPlans)
            })
            .unwrap();
        assert_eq!(house.refunds(id), 15_800);
        assert_eq!(house.read(move |tx| order::paid(tx, id)), Money::ZERO);
    });
}

/// Paid in full before a dearer service was chosen, it is no deposit: who stays away pays what calling off late costs.
#[test]
fn a_dearer_service_makes_no_deposit_of_what_was_paid_in_full() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let dear = foot(house, 199, 90);
        let booked = house.paid(named(house, 1200));
        let to = Proposal {
            service: dear.id,
            ..at(house, &booked, 1200)
        };
        let dearer = wish(house, house.customer, &booked, &to).unwrap();
        house.pass_until(1200 + 16);
        let (id, seen) = (dearer.id, dearer.version);
        house
            .at(house.owner, move |cx, tx| {
                crate::actions::no_show(cx, tx, id, seen, crate::model::Fee::All)
            })
            .unwrap();
        house.stand.work();
        let order = house.order(dearer.order);
        assert_eq!(
            (order.kept.fen(), house.refunds(order.id)),
            (3_840, 12_800 - 3_840)
        );
    });
}

#[test]
fn of_a_deposit_what_nobody_paid_falls_away_first() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let (service, cheap, cheapest) = (house.service.id, foot(house, 98, 60), foot(house, 15, 60));
        house
            .at(house.owner, move |cx, tx| {
                catalog::set_prepay(cx, tx, service, catalog::Prepay::Deposit(Money::yuan(40)))
            })
            .unwrap();
        let booked = house.paid(named(house, 1200));
        let id = booked.order;
        let owed = || {
            let (order, paid) = house.read(move |tx| Ok((order::order(tx, id)?, order::paid(tx, id)?)));
            (
                order.owed().fen(),
                order.due().fen(),
                paid.fen(),
                order.rest(paid).fen(),
                house.refunds(id),
            )
        };
        assert_eq!(owed(), (12_800, 4_000, 4_000, 8_800, 0));
        let to = |booking: &Booking, service: &catalog::Service| Proposal {
            service: service.id,
            ..at(house, booking, 1200)
        };
        let cheaper = wish(house, house.customer, &booked, &to(&booked, &cheap)).unwrap();
        assert_eq!(owed(), (9_800, 4_000, 4_000, 5_800, 0));
        let cheapest = wish(house, house.customer, &cheaper, &to(&cheaper, &cheapest)).unwrap();
        assert_eq!(owed(), (1_500, 1_500, 1_500, 0, 2_500));
        // Proposed by the shop at a price that the customer agrees to, whatever the list says by then.
        let offered = wish(house, house.owner, &cheapest, &to(&cheapest, &cheap)).unwrap();
        assert_eq!(
            owed(),
            (1_500, 1_500, 1_500, 0, 2_500),
            "a proposal moves no money"
        );
        let (cheap, version) = (cheap.id, cheap.version);
        house
            .at(house.owner, move |cx, tx| {
                let new = catalog::NewService {
                    name: "足底".to_owned(),
                    kind: catalog::Kind::FullBody,
                    category: None,
                    minutes: 60,
                    price: Money::yuan(300),
                    before: 5,
                    after: 10,
                    introduction: String::new(),
                };
                catalog::edit(cx, tx, cheap, version, &new)
            })
            .unwrap();
        let agreed = answer(house, house.customer, &offered, agree).unwrap();
        assert_eq!(
            (agreed.price, agreed.service_name.as_str()),
            (Money::yuan(98), "足底 60 分钟 98")
        );
        assert_eq!(owed(), (9_800, 1_500, 1_500, 8_300, 2_500));
    });
}

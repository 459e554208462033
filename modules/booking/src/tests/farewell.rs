//! A customer deletes the account: what must be settled first. That nothing of the person is left is looked for where the
//! whole program's tables are, in the tests of `alert`.

use super::{house::House, *};
use crate::actions::{Obstacles, delete_account, obstacles};

fn found(house: &House) -> Obstacles {
    house.at(house.customer, obstacles).unwrap()
}

fn deletes(house: &House) -> Result<()> {
    house.at(house.customer, delete_account)
}

#[test]
fn edge_case_21_value_is_settled_before_an_account_is_deleted() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let booked = house.paid(house.wish(900));
        assert_eq!(found(house).bookings, 1);
        assert_eq!(code(deletes(house)), "booking.not_settled");
        let (id, seen) = (booked.id, booked.version);
        house
            .at(house.customer, move |cx, tx| {
                cancel(cx, tx, id, seen, Why::CustomersPlans)
            })
            .unwrap();
        house.stand.work();
        let coming = Obstacles {
            coming: Money::yuan(128),
            ..Obstacles::default()
        };
        assert_eq!(found(house), coming, "the money is on its way");
        assert_eq!(code(deletes(house)), "booking.not_settled");
        let order = booked.order;
        for refund in house.read(move |tx| payment::refunds(tx, &order::purpose(order))) {
            let ends = house.stand.wechat.refund_ends(&refund.out_refund_no, "SUCCESS");
            assert_eq!(house.stand.deliver(&ends), 204);
        }
        house.stand.work();
        assert!(found(house).is_none());
        deletes(house).unwrap();
        house.stand.work();
        assert_eq!(house.booking(id).contact.name, "已注销用户");
        assert_eq!(
            house.order(order).state,
            order::State::Cancelled,
            "the order stays"
        );
        deletes(house).unwrap();

        // The same WeChat user who comes again is somebody new.
        let Actor::Customer(gone) = house.customer else {
            panic!("a customer")
        };
        let again = house.at(Actor::Guest, |cx, tx| {
            identity::greet_customer(cx, tx, payment::testing::OPENID)
        });
        let again = again.unwrap();
        assert_ne!(again.id, gone);
        assert_eq!((again.name, again.phone), (None, None));
        assert_eq!(house.read(move |tx| of_customer(tx, again.id, 9)), []);
    });
}

#[test]
fn who_owes_money_pays_it_before_the_account_is_deleted() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let id = house.service.id;
        house
            .at(house.owner, move |cx, tx| {
                catalog::set_prepay(cx, tx, id, catalog::Prepay::Deposit(Money::yuan(30)))
            })
            .unwrap();
        let booked = house.paid(house.wish(735));
        house.pass_until(735);
        let (id, seen) = (booked.id, booked.version);
        house
            .at(house.owner, move |cx, tx| {
                let here = check_in(cx, tx, id, seen)?;
                let started = start(cx, tx, id, here.version)?;
                complete(cx, tx, id, started.version)
            })
            .unwrap();
        let owes = Obstacles {
            owed: Money::yuan(98),
            ..Obstacles::default()
        };
        assert_eq!(found(house), owes);
        assert_eq!(code(deletes(house)), "booking.not_settled");
        let (order, key) = (booked.order, house.stand.cx(Actor::Guest).token());
        house
            .at(house.owner, move |cx, tx| {
                order::take_cash(cx, tx, order, &key, Money::yuan(98))
            })
            .unwrap();
        deletes(house).unwrap();
    });
}

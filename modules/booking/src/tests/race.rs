//! Many want one time at once.

use super::{house::House, *};

/// Two hundred customers, one time, one therapist: one is booked, everybody else hears that the time is taken.
#[test]
fn one_of_two_hundred_customers_is_booked() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let wish = Wish {
            therapist: Some(house.therapists[0]),
            ..house.wish(900)
        };
        let customers: Vec<Actor> = (0..200)
            .map(|number| {
                let openid = format!("customer {number}");
                house
                    .at(Actor::Guest, move |cx, tx| {
                        identity::greet_customer(cx, tx, &openid)
                    })
                    .unwrap()
                    .id
            })
            .map(Actor::Customer)
            .collect();
        let waiting: Vec<_> = customers
            .into_iter()
            .map(|customer| {
                let (cx, wish) = (house.stand.cx(customer), wish.clone());
                let key = cx.token();
                house.stand.db.write(move |tx| request(&cx, tx, &key, &wish))
            })
            .collect();
        let (mut booked, mut taken) = (Vec::new(), 0);
        for answer in waiting {
            match answer.wait() {
                Ok(booking) => booked.push(booking),
                Err(Error::Refused(no)) if no.code == "scheduling.time_taken" => taken += 1,
                Err(other) => panic!("not a clear refusal: {other}"),
            }
        }
        assert_eq!((booked.len(), taken), (1, 199));
        // The losers left nothing behind: neither an order nor a booking.
        let shop = house.shop;
        let owner = house.owner;
        let orders = house
            .at(owner, move |cx, tx| order::of_shop(tx, cx.shop_named(shop)?, 300))
            .unwrap();
        assert_eq!(orders.len(), 1);
    });
}

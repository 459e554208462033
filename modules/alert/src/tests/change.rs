//! Changes of bookings: the shop hears what a customer wishes, the customer what the shop proposes, both how it ended.

use booking::{Booking, Proposal};
use kernel::Day;
use testkit::START;

use super::{house::House, *};

/// Somebody wants a booking at another minute of the day.
async fn wish(house: &House, by: Actor, id: Id<Booking>, (day, minute): (Day, i64)) {
    house
        .write(by, move |cx, tx| {
            let booking = booking::booking(tx, id)?;
            let wish = Proposal::at(&booking, day.at(minute));
            booking::propose(cx, tx, id, booking.version, &wish)
        })
        .await
        .unwrap();
    house.app.run_jobs().await;
}

type Answering = fn(&Cx, &mut Tx, Id<Booking>, i64) -> Result<Booking>;

async fn answer(house: &House, by: Actor, id: Id<Booking>, how: Answering) {
    house
        .write(by, move |cx, tx| {
            let seen = booking::booking(tx, id)?.version;
            how(cx, tx, id, seen)
        })
        .await
        .unwrap();
    house.app.run_jobs().await;
}

#[test]
fn a_customers_wish_is_repeated_at_the_desk_until_it_is_answered() {
    House::on_each_engine(MANUAL, |house| async move {
        let booked = house.paid(0, 1200).await;
        let (id, day, zhang) = (booked.id, booked.day, Actor::Customer(house.customer));
        answer(&house, house.as_owner(), id, booking::confirm).await;
        house.pass(1).await;
        wish(&house, zhang, id, (day, 1020)).await;
        let alerts = house.alerts().await;
        let asked = alerts.iter().find(|alert| alert.kind == Kind::Change).unwrap();
        assert_eq!(asked.state, State::Queued);
        assert_eq!(
            asked.speech,
            "改约，张女士，今天晚上八点，想改到今天下午五点，全身保健按摩，李师傅，请答复"
        );
        assert!(
            house
                .messages(id.raw())
                .await
                .contains(&"change_asked sent".to_owned())
        );
        assert!(!house.messages(id.raw()).await.contains(&"moved sent".to_owned()));
        let desk = house.owner.get("/desk").await;
        assert!(desk.text().contains("改约 1 个待答复"), "{}", desk.text());
        house
            .owner
            .post(&format!("/desk/alerts/{}/heard", asked.id), &[])
            .await;
        assert!(
            house.states().await.contains(&"change heard".to_owned()),
            "heard is not answered"
        );
        answer(&house, house.as_owner(), id, booking::agree).await;
        assert!(house.states().await.contains(&"change acknowledged".to_owned()));
        let messages = house.messages(id.raw()).await;
        assert!(messages.contains(&"moved sent".to_owned()), "{messages:?}");
        assert!(
            !messages.contains(&"moved_to_shop sent".to_owned()),
            "the shop did it itself"
        );
        assert!(!house.owner.get("/desk").await.text().contains("个待答复"));

        house.pass(1).await;
        wish(&house, zhang, id, (day, 1300)).await;
        house.pass(11).await;
        // Nobody answered: both hear that it stays.
        assert_eq!(house.booking(id).await.minute(), 1020);
        let states = house.states().await;
        assert!(
            states.contains(&"change lapsed".to_owned()) && states.contains(&"stays queued".to_owned()),
            "{states:?}"
        );
        let messages = house.messages(id.raw()).await;
        assert!(
            messages.contains(&"stays sent".to_owned())
                && messages.contains(&"stays_to_shop sent".to_owned()),
            "{messages:?}"
        );
        assert_eq!(house.app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn the_customer_hears_what_the_shop_proposes_and_the_shop_what_was_said() {
    House::on_each_engine(MANUAL, |house| async move {
        let asked = house.paid(0, 1200).await;
        let (id, day, zhang) = (asked.id, asked.day, Actor::Customer(house.customer));
        wish(&house, house.as_owner(), id, (day, 1020)).await;
        assert!(
            house
                .messages(id.raw())
                .await
                .contains(&"change_offered sent".to_owned())
        );
        assert_eq!(
            house.states().await,
            ["request acknowledged"],
            "the desk did it itself"
        );
        let offered = house
            .outside()
            .sent()
            .into_iter()
            .find(|(_, template, _)| template == "id of 预约变更通知");
        let page = format!("{}/bookings/{id}/change", testkit::BASE_URL);
        assert_eq!(
            offered,
            Some((
                payment::testing::OPENID.to_owned(),
                "id of 预约变更通知".to_owned(),
                page
            ))
        );
        // It is the customer's turn: the desk is not hurried.
        let desk = house.owner.get("/desk").await;
        assert!(desk.text().starts_with("没有待确认"), "{}", desk.text());
        house.pass(15).await;
        assert!(
            !house
                .states()
                .await
                .iter()
                .any(|state| state.starts_with("limit"))
        );
        answer(&house, zhang, id, booking::agree).await;
        let promised = house.booking(id).await;
        assert_eq!(
            (promised.state, promised.minute()),
            (booking::State::Confirmed, 1020)
        );
        let alerts = house.alerts().await;
        let moved = alerts.iter().find(|alert| alert.kind == Kind::Moved).unwrap();
        assert_eq!(
            moved.speech,
            "改约，张女士，改到今天下午五点，全身保健按摩，李师傅"
        );
        let messages = house.messages(id.raw()).await;
        assert!(
            messages.contains(&"moved sent".to_owned())
                && messages.contains(&"moved_to_shop sent".to_owned()),
            "{messages:?}"
        );
    });
}

#[test]
fn the_shop_hears_that_the_customer_did_not_agree() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        let booked = house.paid(0, 1200).await;
        let (id, day, zhang) = (booked.id, booked.day, Actor::Customer(house.customer));
        wish(&house, house.as_owner(), id, (day, 1100)).await;
        answer(&house, zhang, id, booking::refuse_change).await;
        assert!(
            house.states().await.contains(&"stays queued".to_owned()),
            "{:?}",
            house.states().await
        );
        let messages = house.messages(id.raw()).await;
        assert!(
            messages.contains(&"stays_to_shop sent".to_owned())
                && !messages.contains(&"stays sent".to_owned()),
            "{messages:?}"
        );
    });
}

impl House {
    /// A home visit at eight in the evening, promised, some 4 km north of the shop, and an address a kilometre farther.
    async fn visit_and_another_door(&self) -> (Booking, Id<booking::Address>) {
        let (shop, service, zhang) = (self.shop, self.service, Actor::Customer(self.customer));
        let terms = self.read(move |tx| {
            Ok(booking::HomeTerms {
                on: true,
                services: vec![service],
                therapists: therapist::who_offers(tx, service)?,
                ..booking::HomeTerms::default()
            })
        });
        let terms = terms.await;
        let owner = self.as_owner();
        self.write(owner, move |cx, tx| booking::set_home_terms(cx, tx, shop, &terms))
            .await
            .unwrap();
        let held = self.write(zhang, move |cx, tx| {
            let address = given(cx, tx, service, (0.035, "鼓楼东大街 1 号院"))?;
            let wish = booking::Wish {
                service,
                therapist: None,
                starts_at: START.day().at(1200),
                contact: booking::Contact {
                    name: "张女士".to_owned(),
                    phone: "13812345678".to_owned(),
                },
                wishes: booking::Wishes {
                    strength: booking::Strength::Medium,
                    note: String::new(),
                },
                declared: true,
            };
            booking::request_at_home(cx, tx, "at home", &wish, &[], address)
        });
        let held = held.await.unwrap();
        let cash = order::Source::cash(shop);
        self.write(owner, move |cx, tx| {
            let due = order::order(tx, held.order)?.due_now;
            order::take(cx, tx, held.order, &cash, due)
        })
        .await
        .unwrap();
        self.app.run_jobs().await;
        answer(self, owner, held.id, booking::confirm).await;
        let farther = self.write(zhang, move |cx, tx| {
            given(cx, tx, service, (0.043, "新街口 2 号院"))
        });
        (self.booking(held.id).await, farther.await.unwrap())
    }
}

/// An address so many degrees north of the shop.
fn given(
    cx: &Cx,
    tx: &mut Tx,
    service: Id<catalog::Service>,
    (north, street): (f64, &str),
) -> Result<Id<booking::Address>> {
    let service = catalog::service(tx, service)?;
    let shop = shop::shop(tx, service.shop)?.point;
    let place = booking::Place {
        district: shop::District::Xicheng,
        point: geo::Wgs84 {
            lat: shop.lat + north,
            lng: shop.lng,
        },
    };
    Ok(booking::keep_address(cx, tx, &service, place, (street, "1 单元 101"))?.id)
}

#[test]
fn the_shop_hears_where_another_address_lies_and_what_the_way_costs_and_not_the_address() {
    House::on_each_engine(MANUAL, |house| async move {
        let (booked, address) = house.visit_and_another_door().await;
        let (id, zhang) = (booked.id, Actor::Customer(house.customer));
        house.pass(1).await;
        house
            .write(zhang, move |cx, tx| {
                let booking = booking::booking(tx, id)?;
                let wish = Proposal {
                    address: Some(address),
                    ..Proposal::at(&booking, booking.starts_at)
                };
                booking::propose(cx, tx, id, booking.version, &wish)
            })
            .await
            .unwrap();
        house.app.run_jobs().await;
        let alerts = house.alerts().await;
        let asked = alerts.iter().find(|alert| alert.kind == Kind::Change).unwrap();
        assert_eq!(
            asked.speech,
            "改约，张女士，今天晚上八点，想改到今天晚上八点，新地址在西城区，离店约四点八公里，单程约三十分钟，车费三十元，\
             全身保健按摩，李师傅，请答复"
        );
        assert!(
            asked
                .text
                .contains("新地址在西城区，离店约 4.8 公里，单程约 30 分钟，车费 ¥30，全身保健按摩"),
            "{}",
            asked.text
        );
        answer(&house, house.as_owner(), id, booking::agree).await;
        for alert in house.alerts().await {
            let said = format!("{} {}", alert.text, alert.speech);
            assert!(
                !said.contains("新街口") && !said.contains("鼓楼东大街 1"),
                "{said}"
            );
        }
        assert_eq!(house.app.missing_texts(), Vec::<String>::new());
    });
}

//! A group is said once, for all of them.

use booking::{Contact, GroupWish, Strength, Wish, Wishes};
use payment::testing::{FakeWeChat, OPENID, SUB_MCHID};
use testkit::START;

use super::*;

/// A second therapist and bed.
async fn grow(house: &House) {
    let shop = house.shop;
    let hire = move |cx: &Cx, tx: &mut Tx| {
        let new = therapist::NewTherapist {
            number: 2,
            name: "王芳".to_owned(),
            gender: therapist::Gender::ALL[0],
            level: therapist::Level::ALL[0],
            introduction: String::new(),
            skills: String::new(),
            portrait: String::new(),
            shows_blind: false,
        };
        let wang = therapist::create(cx, tx, shop, &new)?;
        let shift = |weekday| scheduling::Shift {
            weekday,
            starts: 540,
            ends: 1560,
        };
        scheduling::set_shifts(cx, tx, wang.id, &(1..=7).map(shift).collect::<Vec<_>>())?;
        scheduling::add_bed(cx, tx, shop, "二号床")
    };
    house.write(Actor::System("test"), hire).await.unwrap();
}

/// Two people at three in the afternoon, paid.
async fn paid_pair(house: &House) -> Vec<Booking> {
    grow(house).await;
    let service = house.service;
    let wish = |name: &str| Wish {
        service,
        therapist: None,
        starts_at: START.day().at(900),
        contact: Contact {
            name: name.to_owned(),
            phone: "13812345678".to_owned(),
        },
        wishes: Wishes {
            strength: Strength::Medium,
            note: String::new(),
        },
        declared: true,
    };
    let group = GroupWish {
        wishes: vec![wish("张女士"), wish("李先生")],
        in_turn: false,
        one_room: false,
    };
    let payer = order::Payer {
        openid: OPENID.to_owned(),
        sub_mchid: Some(SUB_MCHID.to_owned()),
    };
    let customer = Actor::Customer(house.customer);
    let (held, payment) = house
        .write(customer, move |cx, tx| {
            let held = booking::request_together(cx, tx, "one form", &group)?;
            let payment = order::pay(cx, tx, held[0].order, &payer)?;
            Ok((held, payment))
        })
        .await
        .unwrap();
    let (db, cx) = (house.app.app.db.clone(), house.app.cx(customer));
    let money = house.app.app.plug::<std::sync::Arc<payment::WeChatPay>>().clone();
    let wechat = house.app.app.plug::<FakeWeChat>().clone();
    tokio::task::spawn_blocking(move || {
        payment::prepay(&db, &cx, &money, payment.id).unwrap();
        assert!(wechat.customer_pays(&payment.out_trade_no));
        payment::check(&db, &cx, &money, payment.id).unwrap();
    })
    .await
    .unwrap();
    house.app.run_jobs().await;
    let mut bookings = Vec::new();
    for one in held {
        bookings.push(house.booking(one.id).await);
    }
    bookings
}

#[test]
fn a_group_is_one_order_to_the_ear_and_one_answer_to_the_hand() {
    House::on_each_engine(MANUAL, |house| async move {
        let pair = paid_pair(&house).await;
        let alerts = house.alerts().await;
        assert_eq!(alerts.len(), 1, "one sentence for both");
        assert!(
            alerts[0]
                .speech
                .starts_with("新订单，张女士等两个人，今天下午三点"),
            "{}",
            alerts[0].speech
        );
        let page = house.owner.get("/desk").await;
        assert!(
            page.text().starts_with("1 个待确认") && page.text().contains("等 2 个 下午 3 点"),
            "{}",
            page.text()
        );
        let first = Id::from_raw(alerts[0].subject);
        let seen = house.booking(first).await.version.to_string();
        let pressed = house
            .owner
            .post(
                &format!("/desk/pending/{first}/confirmation"),
                &[("version", &seen)],
            )
            .await;
        assert!(pressed.status < 400, "{}", pressed.text());
        house.app.run_jobs().await;
        for one in &pair {
            assert_eq!(house.booking(one.id).await.state, booking::State::Confirmed);
        }
        let told = [
            house.messages(pair[0].id.raw()).await,
            house.messages(pair[1].id.raw()).await,
        ];
        let told: Vec<String> = told.concat();
        assert_eq!(told, ["booked sent", "new_order sent"], "each message once");

        // One is called off: the desk hears of that one. The reminder comes from whoever is left.
        let gone = pair.iter().find(|one| one.id == first).unwrap();
        house.cancel(gone.id).await;
        assert_eq!(house.states().await.last().unwrap(), "cancelled queued");
        house.pass(200).await;
    });
}

#[test]
fn who_is_left_of_a_group_asks_on() {
    House::on_each_engine(MANUAL, |house| async move {
        let pair = paid_pair(&house).await;
        let spoke = Id::from_raw(house.alerts().await[0].subject);
        house.pass(1).await;
        house.cancel(spoke).await;
        let left = pair.iter().find(|one| one.id != spoke).unwrap().id;
        let asks: Vec<_> = house
            .alerts()
            .await
            .into_iter()
            .filter(|alert| alert.kind == Kind::Request && alert.state.is_open())
            .map(|alert| Id::from_raw(alert.subject))
            .collect();
        assert_eq!(asks, [left]);
    });
}

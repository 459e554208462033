//! What a shop asks when it is booked, and what of the price it wants at once.

use catalog::{AttributeKind, NewAttribute, Prepay};
use kernel::Money;

use super::*;

/// The shop asks for a time, and for words about anything; it takes a deposit of 30 yuan.
async fn asks(visit: &Visit) {
    let (cx, shop, id) = (visit.app.cx(Actor::System("test")), visit.shop, visit.service);
    let ask = move |tx: &mut db::Tx| {
        let heading = catalog::create_category(&cx, tx, Some(shop), "上门服务")?;
        for (name, kind, required) in [
            ("上门时间", AttributeKind::Time, true),
            ("门禁密码", AttributeKind::Number, false),
        ] {
            let question = NewAttribute {
                name: name.to_owned(),
                kind,
                required,
                choices: Vec::new(),
            };
            catalog::add_attribute(&cx, tx, heading.id, &question)?;
        }
        let service = catalog::service(tx, id)?;
        let under = catalog::NewService {
            name: service.name,
            kind: service.kind,
            category: Some(heading.id),
            minutes: service.minutes,
            price: service.price,
            before: service.before,
            after: service.after,
            introduction: service.introduction,
        };
        catalog::edit(&cx, tx, id, service.version, &under)?;
        catalog::set_prepay(&cx, tx, id, Prepay::Deposit(Money::yuan(30)))
    };
    visit.app.app.db.write(ask).await.unwrap();
}

#[test]
fn what_the_shop_asks_is_answered_when_booking_and_read_at_the_desk() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        asks(&visit).await;
        let form = visit.zhang.get(&visit.details(900)).await;
        assert!(form.text().contains("上门时间（必填）"), "{}", form.text());
        let asked = form.attribute_after("name=\"asked\"", "value").unwrap();
        for (answers, words) in [
            (("", ""), "请填写上门时间"),
            (("下午", ""), "上门时间填得不对"),
            (("15:00", "四"), "门禁密码填得不对"),
        ] {
            let typed = [
                ("asked", asked.as_str()),
                ("answer0", answers.0),
                ("answer1", answers.1),
            ];
            let no = visit.send(&visit.zhang, 900, &typed).await;
            assert_eq!(no.status, 422, "{}", no.text());
            assert!(
                no.text().contains(words) && no.text().contains("肩酸"),
                "{}",
                no.text()
            );
        }
        let other = visit.send(&visit.zhang, 900, &[("answer0", "15:00")]).await;
        assert_eq!(other.status, 409, "an answer to other questions");
        let sent = visit
            .send(
                &visit.zhang,
                900,
                &[("asked", asked.as_str()), ("answer0", "15:00")],
            )
            .await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let customer = visit.customer;
        let held = visit
            .app
            .app
            .db
            .read(move |tx| of_customer(tx, customer, 1))
            .await
            .unwrap()
            .remove(0);
        let id = held.order;
        let answers = visit
            .app
            .app
            .db
            .read(move |tx| order::answers(tx, id))
            .await
            .unwrap();
        let answer = order::Answer {
            name: "上门时间".to_owned(),
            value: "15:00".to_owned(),
        };
        assert_eq!(answers.into_iter().map(|one| one.1).collect::<Vec<_>>(), [answer]);
        let desk = visit.owner.get(&format!("/desk/bookings/{}", held.id)).await;
        assert!(
            desk.text().contains("上门时间") && desk.text().contains("15:00"),
            "{}",
            desk.text()
        );
        visit.done();
    });
}

#[test]
fn a_deposit_is_said_before_booking_and_only_it_is_asked_for() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let (cx, id) = (visit.app.cx(Actor::System("test")), visit.service);
        let price = visit
            .app
            .app
            .db
            .read(move |tx| catalog::service(tx, id))
            .await
            .unwrap()
            .price;
        let deposit =
            move |tx: &mut db::Tx| catalog::set_prepay(&cx, tx, id, Prepay::Deposit(Money::yuan(30)));
        visit.app.app.db.write(deposit).await.unwrap();
        let form = visit.zhang.get(&visit.details(900)).await;
        let later = (price - Money::yuan(30)).to_string();
        for words in ["现在付", "¥30", "到店付", later.as_str()] {
            assert!(form.text().contains(words), "{words} in {}", form.text());
        }
        let booked = visit.booked(900).await;
        assert_eq!(booked.state, State::Confirmed);
        let order = visit
            .app
            .app
            .db
            .read(move |tx| order::order(tx, booked.order))
            .await
            .unwrap();
        assert_eq!(
            (order.due_now, order.rest(Money::yuan(30))),
            (Money::yuan(30), price - Money::yuan(30))
        );
        let page = visit.zhang.get(&format!("/orders/{}", order.id)).await;
        assert!(page.text().contains("还要付"), "{}", page.text());
        visit.done();
    });
}

#[test]
fn what_is_paid_at_the_shop_is_booked_at_once() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let (cx, id) = (visit.app.cx(Actor::System("test")), visit.service);
        let at_shop = move |tx: &mut db::Tx| catalog::set_prepay(&cx, tx, id, Prepay::AtShop);
        visit.app.app.db.write(at_shop).await.unwrap();
        let form = visit.zhang.get(&visit.details(900)).await;
        assert!(form.text().contains("预约，到店付款"), "{}", form.text());
        assert_eq!(visit.send(&visit.zhang, 900, &[]).await.status, 303);
        visit.app.run_jobs().await;
        let customer = visit.customer;
        let booked = visit
            .app
            .app
            .db
            .read(move |tx| of_customer(tx, customer, 1))
            .await
            .unwrap()
            .remove(0);
        assert_eq!(booked.state, State::Confirmed);
        let page = visit
            .zhang
            .get(&format!("/orders/{}/payment", booked.order))
            .await;
        assert!(!page.text().starts_with("已付款"), "{}", page.text());
        visit.done();
    });
}

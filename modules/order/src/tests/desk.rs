//! The desk's money, receipts and goods, through the front door.

use kernel::{Actor, Id, Money, Role};
use testkit::{TestApp, on_each_engine};

use super::door::{Scene, program};
use crate::{Answer, Order, State, Wanted};

async fn goods(scene: &Scene, name: &'static str, yuan: i64) -> catalog::Goods {
    let (cx, shop) = (scene.app.cx(Actor::System("test")), scene.shop);
    let new = catalog::NewGoods {
        name: name.to_owned(),
        category: None,
        price: Money::yuan(yuan),
        introduction: "自己用也好。".to_owned(),
    };
    let made = scene
        .app
        .app
        .db
        .write(move |tx| catalog::create_goods(&cx, tx, shop, &new));
    made.await.unwrap()
}

async fn scene(app: TestApp) -> Scene {
    let scene = Scene::new(app).await;
    let (cx, id) = (scene.app.cx(Actor::System("test")), scene.shop);
    let open = move |tx: &mut db::Tx| {
        let shop = shop::shop(tx, id)?;
        shop::activate(&cx, tx, id, shop.version)
    };
    scene.app.app.db.write(open).await.unwrap();
    scene
}

async fn newest(scene: &Scene) -> Order {
    let zhang = scene.zhang;
    let all = scene
        .app
        .app
        .db
        .read(move |tx| crate::of_customer(tx, zhang, 1))
        .await;
    all.unwrap().remove(0)
}

async fn buy(scene: &Scene, goods: &catalog::Goods, pieces: &str) -> Order {
    let (id, path) = (goods.id.to_string(), format!("/shops/{}/goods", scene.shop));
    let page = scene.browser.get(&path).await;
    assert_eq!(page.status, 200);
    let bought = scene
        .browser
        .post(&path, &[("key", "once"), (id.as_str(), pieces)])
        .await;
    assert_eq!(bought.status, 303, "{}", bought.text());
    newest(scene).await
}

#[test]
fn goods_are_bought_paid_and_handed_out_at_the_desk() {
    on_each_engine(program, |app| async move {
        let scene = scene(app).await;
        let oil = goods(&scene, "艾草精油", 68).await;
        let order = buy(&scene, &oil, "2").await;
        assert_eq!(
            (order.total, order.title.as_str()),
            (Money::yuan(136), "艾草精油 × 2")
        );
        assert_eq!(
            buy(&scene, &oil, "2").await.id,
            order.id,
            "sent twice it is one order"
        );
        let pay = scene.browser.get(&format!("/orders/{}/payment", order.id)).await;
        assert!(pay.text().contains("付款 ¥136"), "{}", pay.text());
        scene.wechat().customer_pays(&scene.number(order.id).await);
        scene.browser.get(&format!("/orders/{}/payment", order.id)).await;
        let desk = scene.app.staff(Role::Clerk, scene.shop).await;
        let list = desk.get("/desk/orders").await;
        assert!(
            list.text().contains("1 件款项待办") && list.text().contains("要交的货"),
            "{}",
            list.text()
        );
        let one = format!("/desk/orders/{}", order.id);
        assert!(desk.get(&one).await.text().contains("已交货"));
        assert_eq!(desk.post(&format!("{one}/handing-out"), &[]).await.status, 303);
        assert_eq!(scene.state(order.id).await, State::Fulfilled);
        assert!(desk.get("/desk/orders").await.text().contains("没有待办的款项"));
        scene.fine();
    });
}

#[test]
fn edge_case_18_a_price_edited_while_an_order_is_open_does_not_change_the_order() {
    on_each_engine(program, |app| async move {
        let scene = scene(app).await;
        let oil = goods(&scene, "艾草精油", 68).await;
        let order = buy(&scene, &oil, "1").await;
        let cx = scene.app.cx(Actor::System("test"));
        let dearer = catalog::NewGoods {
            name: "艾草精油（新）".to_owned(),
            category: None,
            price: Money::yuan(98),
            introduction: String::new(),
        };
        let edited = scene
            .app
            .app
            .db
            .write(move |tx| catalog::edit_goods(&cx, tx, oil.id, oil.version, &dearer));
        assert_eq!(edited.await.unwrap().price, Money::yuan(98));
        let pay = scene
            .browser
            .get(&format!("/orders/{}/payment", order.id))
            .await
            .text();
        assert!(pay.contains("付款 ¥68") && pay.contains("艾草精油"), "{pay}");
        assert!(!pay.contains("98") && !pay.contains('新'), "{pay}");
        let number = scene.number(order.id).await;
        scene.wechat().customer_pays(&number);
        scene.browser.get(&format!("/orders/{}/payment", order.id)).await;
        let (cx, shop, id) = (scene.app.cx(Actor::Customer(scene.zhang)), scene.shop, oil.id);
        let quote = scene
            .app
            .app
            .db
            .read(move |tx| crate::quote_goods(&cx, tx, shop, &[Wanted { goods: id, pieces: 1 }]));
        assert_eq!(
            quote.await.unwrap().total,
            Money::yuan(98),
            "the next order costs the new price"
        );
        assert_eq!(scene.state(order.id).await, State::Placed);
    });
}

#[test]
fn what_a_category_of_goods_asks_is_asked_before_paying_and_kept() {
    on_each_engine(program, |app| async move {
        let scene = scene(app).await;
        let (cx, shop) = (scene.app.cx(Actor::System("test")), scene.shop);
        let make = move |tx: &mut db::Tx| {
            let shelf = catalog::create_heading(&cx, tx, Some(shop), catalog::CategoryKind::Goods, "精油")?;
            let scent = catalog::NewAttribute {
                name: "香味".to_owned(),
                kind: catalog::AttributeKind::Choice,
                required: true,
                choices: vec!["艾草".to_owned(), "生姜".to_owned()],
            };
            catalog::add_attribute(&cx, tx, shelf.id, &scent)?;
            let oil = catalog::NewGoods {
                name: "按摩精油".to_owned(),
                category: Some(shelf.id),
                price: Money::yuan(68),
                introduction: String::new(),
            };
            catalog::create_goods(&cx, tx, shop, &oil)
        };
        let oil = scene.app.app.db.write(make).await.unwrap();
        let (id, path) = (oil.id.to_string(), format!("/shops/{shop}/goods"));
        let more = scene
            .browser
            .post(&path, &[("key", "a"), (id.as_str(), "1")])
            .await;
        assert_eq!(more.status, 422);
        assert!(
            more.text().contains("还有几项要填") && more.text().contains("香味（必填）"),
            "{}",
            more.text()
        );
        let asked = more.attribute_after("name=\"asked\"", "value").unwrap();
        let typed = |scent| {
            vec![
                ("key", "a"),
                (id.as_str(), "1"),
                ("asked", asked.as_str()),
                ("answer0", scent),
            ]
        };
        for wrong in ["", "玫瑰"] {
            let no = scene.browser.post(&path, &typed(wrong)).await;
            assert_eq!(no.status, 422);
            assert!(no.text().contains("香味"), "{}", no.text());
        }
        assert_eq!(scene.browser.post(&path, &typed("生姜")).await.status, 303);
        let order = newest(&scene).await;
        let page = scene.browser.get(&format!("/orders/{}", order.id)).await.text();
        assert!(page.contains("香味") && page.contains("生姜"), "{page}");
        scene.fine();
    });
}

#[test]
fn goods_of_another_shop_and_goods_taken_down_cannot_be_ordered() {
    on_each_engine(program, |app| async move {
        let scene = scene(app).await;
        let oil = goods(&scene, "艾草精油", 68).await;
        let path = format!("/shops/{}/goods", scene.shop);
        let none = scene.browser.post(&path, &[("key", "a")]).await;
        assert_eq!(none.status, 422);
        assert!(none.text().contains("请填写要买几件"), "{}", none.text());
        let (cx, id, version) = (scene.app.cx(Actor::System("test")), oil.id, oil.version);
        let down = move |tx: &mut db::Tx| catalog::list_goods(&cx, tx, id, version, false);
        scene.app.app.db.write(down).await.unwrap();
        let gone = scene
            .browser
            .post(&path, &[("key", "b"), (id.to_string().as_str(), "1")])
            .await;
        assert_eq!(gone.status, 409);
        assert!(gone.text().contains("下架"), "{}", gone.text());
        scene.fine();
    });
}

#[test]
fn the_desk_takes_cash_gives_a_part_back_and_hands_it_over() {
    on_each_engine(program, |app| async move {
        let scene = scene(app).await;
        let id = scene.open().await;
        let desk = scene.app.staff(Role::Clerk, scene.shop).await;
        let one = format!("/desk/orders/{id}");
        let form = desk.get(&format!("{one}/cash")).await;
        assert!(form.text().contains("还要收 ¥128.50"), "{}", form.text());
        let wrong = desk
            .post(&format!("{one}/cash"), &[("amount", "很多"), ("key", "a")])
            .await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.html().contains("很多"), "what was typed stays");
        for _ in 0..2 {
            let taken = desk
                .post(&format!("{one}/cash"), &[("amount", "128.50"), ("key", "b")])
                .await;
            assert_eq!(taken.status, 303, "{}", taken.text());
        }
        assert_eq!(scene.state(id).await, State::Placed);
        assert!(desk.get(&one).await.text().contains("现金"));
        let lines = scene
            .app
            .app
            .db
            .read(move |tx| crate::lines(tx, id))
            .await
            .unwrap();
        let refund = format!("{one}/lines/{}/refund", lines[0].id);
        assert!(desk.get(&refund).await.text().contains("退款，最多 ¥128.50"));
        let silent = desk
            .post(&refund, &[("amount", "64.25"), ("reason", " "), ("key", "c")])
            .await;
        assert_eq!(silent.status, 422);
        let given = desk
            .post(
                &refund,
                &[("amount", "64.25"), ("reason", "来晚了"), ("key", "d")],
            )
            .await;
        assert_eq!(given.status, 303, "{}", given.text());
        let list = desk.get("/desk/orders").await;
        assert!(
            list.text().contains("要退的现金") && list.text().contains("¥64.25"),
            "{}",
            list.text()
        );
        let customer = scene.browser.get(&format!("/orders/{id}")).await.text();
        assert!(customer.contains("请到店里领取退还的现金 ¥64.25"), "{customer}");
        let due = scene
            .app
            .app
            .db
            .read(move |tx| crate::returns(tx, id))
            .await
            .unwrap();
        let over = format!("{one}/returns/{}/handing-over", due[0].id);
        assert_eq!(desk.post(&over, &[]).await.status, 303);
        let customer = scene.browser.get(&format!("/orders/{id}")).await.text();
        assert!(customer.contains("已在店里退还现金 ¥64.25"), "{customer}");
        scene.fine();
    });
}

#[test]
fn an_unpaid_rest_stands_on_the_desks_list_until_it_is_taken() {
    on_each_engine(program, |app| async move {
        let scene = scene(app).await;
        let (cx, shop, zhang) = (
            scene.app.cx(Actor::Customer(scene.zhang)),
            scene.shop,
            scene.zhang,
        );
        let new = crate::NewOrder {
            shop,
            customer: zhang,
            title: "全身推拿 60 分钟".to_owned(),
            page: "/bookings/1".to_owned(),
            lines: vec![crate::NewLine {
                module: "booking",
                thing: 1,
                title: "全身推拿 60 分钟".to_owned(),
                starts_at: None,
                minutes: 60,
                amount: Money::yuan(128),
            }],
            deadline: cx.now().plus_minutes(15),
            policy: crate::Policy::default(),
        };
        let done = move |tx: &mut db::Tx| {
            let order = crate::open_due(&cx, tx, &new, Money::ZERO)?;
            crate::fulfil(&cx, tx, order.id)
        };
        let id = scene.app.app.db.write(done).await.unwrap().id;
        let desk = scene.app.staff(Role::Clerk, scene.shop).await;
        let list = desk.get("/desk/orders").await.text();
        assert!(list.contains("要收的余款") && list.contains("¥128"), "{list}");
        let taken = desk
            .post(
                &format!("/desk/orders/{id}/cash"),
                &[("amount", "128"), ("key", "a")],
            )
            .await;
        assert_eq!(taken.status, 303, "{}", taken.text());
        assert!(desk.get("/desk/orders").await.text().contains("没有待办的款项"));
        scene.fine();
    });
}

#[test]
fn the_receipt_can_be_heard_and_tells_lines_tenders_and_refunds() {
    on_each_engine(program, |app| async move {
        let scene = scene(app).await;
        let id = scene.open().await;
        let desk = scene.app.staff(Role::Clerk, scene.shop).await;
        desk.post(
            &format!("/desk/orders/{id}/cash"),
            &[("amount", "100"), ("key", "a")],
        )
        .await;
        scene.browser.get(&format!("/orders/{id}/payment")).await;
        scene.wechat().customer_pays(&scene.number(id).await);
        scene.browser.get(&format!("/orders/{id}/payment")).await;
        let number = scene
            .app
            .app
            .db
            .read(move |tx| crate::order(tx, id))
            .await
            .unwrap()
            .number;
        for page in [
            scene.browser.get(&format!("/orders/{id}/receipt")).await.text(),
            desk.get(&format!("/desk/orders/{id}/receipt")).await.text(),
        ] {
            for words in [
                format!("收据 {number}").as_str(),
                "实付 ¥128.50",
                "现金",
                "微信支付",
                "¥100",
                "¥28.50",
                "全身推拿 60 分钟，刘师傅 128.50 元，总价 128.50 元。付款：微信支付 28.50 元，现金 100 元。",
                "不是发票",
            ] {
                assert!(page.contains(words), "{words} in {page}");
            }
        }
        let other = scene.app.customer(Id::from_raw(99)).await;
        assert_eq!(other.get(&format!("/orders/{id}/receipt")).await.status, 404);
        let foreign = scene.app.staff(Role::Owner, Id::from_raw(12)).await;
        for path in ["", "/receipt", "/cash"] {
            assert_eq!(
                foreign.get(&format!("/desk/orders/{id}{path}")).await.status,
                404,
                "{path}"
            );
        }
        let therapist = scene.app.staff(Role::Therapist, scene.shop).await;
        assert_eq!(therapist.get("/desk/orders").await.status, 403);
        scene.fine();
    });
}

#[test]
fn what_was_answered_stands_on_the_order_as_it_was_asked() {
    on_each_engine(program, |app| async move {
        let scene = scene(app).await;
        let id = scene.open().await;
        let answers = [Answer {
            name: "上门时间".to_owned(),
            value: "14:30".to_owned(),
        }];
        let record = move |tx: &mut db::Tx| {
            let thing = crate::lines(tx, id)?[0].thing;
            let foreign = crate::record_answers(tx, id, ("booking", thing + 1), &answers);
            assert!(matches!(foreign, Err(kernel::Error::NotFound)));
            crate::record_answers(tx, id, ("booking", thing), &answers)
        };
        scene.app.app.db.write(record).await.unwrap();
        let desk = scene.app.staff(Role::Clerk, scene.shop).await;
        for page in [
            scene.browser.get(&format!("/orders/{id}")).await.text(),
            desk.get(&format!("/desk/orders/{id}")).await.text(),
        ] {
            assert!(page.contains("上门时间") && page.contains("14:30"), "{page}");
        }
    });
}

//! Through the front door.

use std::sync::Arc;

use geo::Wgs84;
use kernel::{Actor, Customer, Error, Id, Lang, Money, Role, Shop};
use payment::testing::{Clock, FakeWeChat, Mood, OPENID, SUB_MCHID, wechat_pay};
use testkit::{Person, START, TestApp, on_each_engine};
use web::{Module, Plugs};

use crate::{By, NewLine, NewOrder, Order, Policy, State};

pub(super) fn program() -> (Vec<Module>, Plugs) {
    let wechat = FakeWeChat::new(&Clock::at(START));
    let pay = Arc::new(wechat_pay(&wechat));
    let modules = vec![
        identity::module(),
        shops(),
        catalog::module(),
        ledger::module(),
        payment::module(pay.clone()),
        crate::module(),
    ];
    (modules, Plugs::default().with(pay).with(wechat))
}

/// The tables of shops; their pages have no part here.
fn shops() -> Module {
    Module {
        name: "shop",
        migrations: shop::MIGRATIONS,
        texts: [(Lang::Zh, ""), (Lang::En, "")],
        routes: web::Routes::new("shop"),
        jobs: Vec::new(),
        listens: Vec::new(),
        refusals: &[],
    }
}

/// A shop, a customer and their browser.
pub(super) struct Scene {
    pub app: TestApp,
    pub shop: Id<Shop>,
    pub zhang: Id<Customer>,
    pub browser: Person,
}

impl Scene {
    pub async fn new(app: TestApp) -> Scene {
        let centre = Actor::Staff {
            id: Id::from_raw(1),
            shop: None,
            role: Role::Centre,
        };
        let cx = app.cx(centre);
        let (shop, zhang) = app
            .app
            .db
            .write(move |tx| {
                let shop = shop::create(&cx, tx, &new_shop())?;
                Ok((shop.id, identity::greet_customer(&cx, tx, OPENID)?.id))
            })
            .await
            .unwrap();
        let browser = app.customer(zhang).await;
        Scene {
            app,
            shop,
            zhang,
            browser,
        }
    }

    pub fn wechat(&self) -> FakeWeChat {
        self.app.app.plug::<FakeWeChat>().clone()
    }

    fn pass(&self, ms: i64) {
        self.app.clock.advance_ms(ms);
        self.wechat().clock().pass(ms);
    }

    pub async fn open(&self) -> Id<Order> {
        let cx = self.app.cx(Actor::Customer(self.zhang));
        let new = NewOrder {
            shop: self.shop,
            customer: self.zhang,
            title: "全身推拿 60 分钟".to_owned(),
            page: "/bookings/1".to_owned(),
            lines: vec![NewLine {
                module: "booking",
                thing: cx.below(1_000_000) as i64,
                title: "全身推拿 60 分钟，刘师傅".to_owned(),
                starts_at: Some(cx.now().plus_minutes(300)),
                minutes: 60,
                amount: Money(12_850),
            }],
            deadline: cx.now().plus_minutes(15),
            policy: Policy::default(),
        };
        self.app
            .app
            .db
            .write(move |tx| crate::open(&cx, tx, &new))
            .await
            .unwrap()
            .id
    }

    pub async fn number(&self, id: Id<Order>) -> String {
        let payments = self
            .app
            .app
            .db
            .read(move |tx| payment::payments(tx, &crate::purpose(id)))
            .await
            .unwrap();
        payments.last().expect("an attempt was made").out_trade_no.clone()
    }

    pub async fn state(&self, id: Id<Order>) -> State {
        self.app
            .app
            .db
            .read(move |tx| crate::order(tx, id))
            .await
            .unwrap()
            .state
    }

    pub fn fine(&self) {
        assert_eq!(self.app.missing_texts(), Vec::<String>::new());
    }
}

fn new_shop() -> shop::NewShop {
    shop::NewShop {
        name: "清风堂盲人按摩（鼓楼店）".to_owned(),
        district: shop::District::ALL[0],
        address: "鼓楼东大街 1 号".to_owned(),
        walking: "鼓楼大街站 A 口出，直走 200 米".to_owned(),
        phone: "13800138000".to_owned(),
        point: Wgs84::new(39.94, 116.39).unwrap(),
        introduction: "六张床，四位师傅。".to_owned(),
        kind: shop::Kind::Health,
        sub_mchid: Some(SUB_MCHID.to_owned()),
        accepts: shop::Accepts::Automatic,
        photo: "scenes/street.svg".to_owned(),
        photo_words: "门口一棵槐树".to_owned(),
    }
}

#[test]
fn the_customer_sees_the_price_pays_and_sees_paid_only_when_the_server_knows() {
    on_each_engine(program, |app| async move {
        let scene = Scene::new(app).await;
        let id = scene.open().await;
        let path = format!("/orders/{id}/payment");
        let page = scene.browser.get(&path).await;
        assert_eq!(page.status, 200);
        let text = page.text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[..2], ["付款 ¥128.50", "请在 10:15 前付 ¥128.50"], "{text}");
        for words in [
            "清风堂",
            "刘师傅",
            "今天下午 3 点",
            "开始前 2 小时可免费取消",
            "去支付 ¥128.50",
        ] {
            assert!(text.contains(words), "{words} in {text}");
        }
        let number = scene.number(id).await;
        assert!(page.html().contains(&format!("prepay_id=wx{number}")));

        // The telephone says ok, but WeChat knows nothing of a payment.
        let returned = scene.browser.get(&format!("{path}?paid=1")).await;
        assert!(returned.text().contains("正在核对付款"), "{}", returned.text());
        assert!(returned.html().contains("every 3s"));
        assert!(!returned.text().contains("已付款"));
        let part = scene.browser.get(&format!("{path}/state")).await;
        assert!(part.html().contains("hx-get") && part.html().contains("payment-state"));

        scene.wechat().customer_pays(&number);
        let part = scene.browser.get(&format!("{path}/state")).await;
        assert!(
            part.html().contains("已付 ¥128.50") && !part.html().contains("hx-get"),
            "{}",
            part.html()
        );
        assert_eq!(scene.state(id).await, State::Placed);
        let page = scene.browser.get(&format!("{path}?paid=1")).await;
        assert!(page.text().starts_with("已付款"), "{}", page.text());
        assert!(page.html().contains("/bookings/1"));
        scene.fine();
    });
}

#[test]
fn a_silent_wechat_is_said_in_words_and_nothing_is_lost() {
    on_each_engine(program, |app| async move {
        let scene = Scene::new(app).await;
        let id = scene.open().await;
        let path = format!("/orders/{id}/payment");
        scene.wechat().mood(Mood::Mute);
        let page = scene.browser.get(&path).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("微信支付暂时没有回应"), "{}", page.text());
        scene.wechat().mood(Mood::Well);
        let page = scene.browser.get(&path).await;
        assert!(page.text().contains("去支付"));
        assert_eq!(scene.wechat().counts(), (1, 0), "the same number");
        scene.wechat().customer_pays(&scene.number(id).await);
        scene.wechat().mood(Mood::Away);
        let page = scene.browser.get(&format!("{path}?paid=1")).await;
        assert!(page.text().contains("正在向微信核对"), "{}", page.text());
        scene.wechat().mood(Mood::Well);
        assert!(scene.browser.get(&path).await.text().starts_with("已付款"));
        scene.fine();
    });
}

#[test]
fn an_expired_and_a_withdrawn_order_say_so() {
    on_each_engine(program, |app| async move {
        let scene = Scene::new(app).await;
        let (late, unwanted) = (scene.open().await, scene.open().await);
        scene.browser.get(&format!("/orders/{late}/payment")).await;
        let withdrawn = scene
            .browser
            .post(&format!("/orders/{unwanted}/withdrawal"), &[])
            .await;
        assert_eq!(
            (withdrawn.status, withdrawn.location()),
            (303, Some(&*format!("/orders/{unwanted}")))
        );
        let page = scene.browser.get(&format!("/orders/{unwanted}/payment")).await;
        assert!(page.text().contains("您没有付款就取消了"), "{}", page.text());
        scene.pass(16 * 60_000);
        scene.app.run_jobs().await;
        let page = scene.browser.get(&format!("/orders/{late}/payment")).await;
        assert!(
            page.text().contains("没有按时付款，订单已关闭"),
            "{}",
            page.text()
        );
        assert!(!page.html().contains("data-wx-pay"));
        scene.fine();
    });
}

#[test]
fn the_receipt_tells_what_was_paid_kept_and_given_back() {
    on_each_engine(program, |app| async move {
        let scene = Scene::new(app).await;
        let id = scene.open().await;
        let receipt = format!("/orders/{id}");
        let open = scene.browser.get(&receipt).await;
        assert!(open.text().contains("待付款") && open.html().contains(&format!("{receipt}/payment")));
        scene.browser.get(&format!("{receipt}/payment")).await;
        scene.wechat().customer_pays(&scene.number(id).await);
        scene.browser.get(&format!("{receipt}/payment")).await;
        let cx = scene.app.cx(Actor::Customer(scene.zhang));
        let cancel =
            move |tx: &mut db::Tx| crate::cancel(&cx, tx, id, By::Customer, Money(3_855), "临时有事");
        scene.app.app.db.write(cancel).await.unwrap();
        scene.app.run_jobs().await;
        let text = scene.browser.get(&receipt).await.text();
        for words in ["已取消", "¥128.50", "¥38.55", "正在退 ¥89.95"] {
            assert!(text.contains(words), "{words} in {text}");
        }
        let list = scene.browser.get("/orders").await;
        assert!(list.text().contains("我的订单，1 张") && list.html().contains(&receipt));
        scene.fine();
    });
}

#[test]
fn orders_of_others_do_not_exist_and_guests_are_sent_to_sign_in() {
    on_each_engine(program, |app| async move {
        let scene = Scene::new(app).await;
        let id = scene.open().await;
        let other = scene.app.customer(Id::from_raw(99)).await;
        for path in [
            format!("/orders/{id}"),
            format!("/orders/{id}/payment"),
            format!("/orders/{id}/payment/state"),
        ] {
            assert_eq!(other.get(&path).await.status, 404, "{path}");
            assert_eq!(scene.app.guest().get(&path).await.status, 303, "{path}");
        }
        assert_eq!(
            other.post(&format!("/orders/{id}/withdrawal"), &[]).await.status,
            404
        );
        assert_eq!(scene.state(id).await, State::Open);
        assert_eq!(scene.browser.get("/orders/0000000000000").await.status, 404);
        assert_eq!(scene.browser.get("/orders/nonsense").await.status, 404);
        assert!(other.get("/orders").await.text().contains("没有订单"));
    });
}

#[test]
fn an_owner_sees_the_orders_of_the_own_shop_only() {
    on_each_engine(program, |app| async move {
        let scene = Scene::new(app).await;
        scene.open().await;
        let own = scene
            .app
            .staff(Role::Owner, scene.shop)
            .await
            .get("/console/orders")
            .await;
        assert!(
            own.text().contains("全身推拿 60 分钟") && own.text().contains("今天付款 0 张"),
            "{}",
            own.text()
        );
        let foreign = scene
            .app
            .staff(Role::Owner, Id::from_raw(12))
            .await
            .get("/console/orders")
            .await;
        assert!(!foreign.text().contains("全身推拿"));
        assert!(
            scene
                .app
                .centre()
                .await
                .get("/console/orders")
                .await
                .text()
                .contains("清风堂")
        );
        scene.fine();
    });
}

#[test]
fn every_refusal_has_its_words_in_both_languages() {
    let (modules, _) = program();
    let texts = testkit::texts(&modules);
    for code in crate::Refusal::CODES {
        let key = code.replace(['.', '_'], "-");
        assert!(texts.has(&key), "{key}");
        assert_ne!(texts.label(Lang::Zh, &key), texts.label(Lang::En, &key));
    }
    assert!(matches!(Error::from(crate::Refusal::NoWeChat), Error::Refused(_)));
}

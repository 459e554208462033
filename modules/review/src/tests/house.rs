//! A shop with a therapist and a bed, a customer with a booking; a WeChat Pay in memory.

use std::sync::Arc;

use booking::{Contact, Strength, Wish, Wishes};
use catalog::Service;
use kernel::{Actor, Customer, Money, Role};
use payment::{
    WeChatPay,
    testing::{self as pay, FakeWeChat, OPENID, SUB_MCHID},
};
use shop::Accepts;
use testkit::{Person, START, TestApp};
use web::{Module, Plugs};

use super::*;

fn program() -> (Vec<Module>, Plugs) {
    let clock = pay::Clock::at(START);
    let wechat = FakeWeChat::new(&clock);
    let money = Arc::new(pay::wechat_pay(&wechat));
    let bare = |name, migrations| Module {
        name,
        migrations,
        texts: [(Lang::Zh, ""), (Lang::En, "")],
        routes: web::Routes::new(name),
        jobs: Vec::new(),
        listens: Vec::new(),
        refusals: &[],
    };
    // Of the shop only the words of its refusals are needed beside its tables.
    let shop_words = [
        (
            Lang::Zh,
            "shop-claim = 不能用“{ $word }”。\nshop-claim-suggested = 请把“{ $word }”改为“{ $suggestion }”。",
        ),
        (
            Lang::En,
            "shop-claim = { $word }\nshop-claim-suggested = { $word } { $suggestion }",
        ),
    ];
    let modules = vec![
        identity::module(),
        Module {
            texts: shop_words,
            ..bare("shop", shop::MIGRATIONS)
        },
        bare("catalog", catalog::MIGRATIONS),
        bare("therapist", therapist::MIGRATIONS),
        bare("scheduling", scheduling::MIGRATIONS),
        ledger::module(),
        payment::module(money.clone()),
        order::module(),
        booking::module(),
        crate::module(),
    ];
    (modules, Plugs::default().with(wechat).with(clock).with(money))
}

pub struct House {
    pub app: TestApp,
    pub shop: Id<Shop>,
    pub service: Id<Service>,
    pub customer: Id<Customer>,
    pub guest: Person,
    pub owner: Person,
}

impl House {
    pub fn on_each_engine<Fut: Future<Output = ()>>(test: impl Fn(House) -> Fut) {
        testkit::on_each_engine(program, |app| {
            let test = &test;
            async move { test(House::build(app).await).await }
        });
    }

    async fn build(app: TestApp) -> House {
        let cx = app.cx(Actor::Staff {
            id: Id::from_raw(1),
            shop: None,
            role: Role::Centre,
        });
        let furnished = app.app.db.write(move |tx| furnish(&cx, tx)).await;
        let (shop, service, customer) = furnished.unwrap();
        let (owner, guest) = (app.staff(Role::Owner, shop).await, app.customer(customer).await);
        House {
            app,
            shop,
            service,
            customer,
            guest,
            owner,
        }
    }

    pub fn as_owner(&self) -> Actor {
        Actor::Staff {
            id: Id::from_raw(2),
            shop: Some(self.shop),
            role: Role::Owner,
        }
    }

    pub async fn write<T: Send + 'static>(
        &self,
        actor: Actor,
        mut f: impl FnMut(&Cx, &mut Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let cx = self.app.cx(actor);
        self.app.app.db.write(move |tx| f(&cx, tx)).await
    }

    pub async fn read<T: Send + 'static>(&self, f: impl FnMut(&mut Tx) -> Result<T> + Send + 'static) -> T {
        self.app.app.db.read(f).await.unwrap()
    }

    /// A paid booking today at `minute`.
    pub async fn paid(&self, minute: i64) -> Booking {
        let wish = Wish {
            service: self.service,
            therapist: None,
            starts_at: START.day().at(minute),
            contact: Contact {
                name: "张丽".to_owned(),
                phone: "13812345678".to_owned(),
            },
            wishes: Wishes {
                strength: Strength::Medium,
                note: String::new(),
            },
            declared: true,
        };
        let customer = Actor::Customer(self.customer);
        let cx = self.app.cx(customer);
        let key = cx.token();
        let payer = order::Payer {
            openid: OPENID.to_owned(),
            sub_mchid: Some(SUB_MCHID.to_owned()),
        };
        let asked = self.write(customer, move |cx, tx| {
            let held = booking::request(cx, tx, &key, &wish)?;
            Ok((held.id, order::pay(cx, tx, held.order, &payer)?))
        });
        let (id, payment) = asked.await.unwrap();
        let (db, money) = (
            self.app.app.db.clone(),
            self.app.app.plug::<Arc<WeChatPay>>().clone(),
        );
        let wechat = self.app.app.plug::<FakeWeChat>().clone();
        let paying = tokio::task::spawn_blocking(move || {
            payment::prepay(&db, &cx, &money, payment.id).unwrap();
            assert!(wechat.customer_pays(&payment.out_trade_no));
            payment::check(&db, &cx, &money, payment.id).unwrap();
        });
        paying.await.unwrap();
        self.app.run_jobs().await;
        self.read(move |tx| booking::booking(tx, id)).await
    }

    /// The same, served.
    pub async fn served(&self, minute: i64) -> Id<Booking> {
        let mut booking = self.paid(minute).await;
        let wait = booking.starts_at.minutes_since(self.app.clock.now()).max(0);
        self.app.clock.advance_minutes(wait);
        self.app.app.plug::<pay::Clock>().pass(wait * kernel::MINUTE_MS);
        for step in [booking::check_in, booking::start, booking::complete] {
            let (id, seen) = (booking.id, booking.version);
            booking = self
                .write(self.as_owner(), move |cx, tx| step(cx, tx, id, seen))
                .await
                .unwrap();
        }
        booking.id
    }
}

fn furnish(cx: &Cx, tx: &mut Tx) -> Result<(Id<Shop>, Id<Service>, Id<Customer>)> {
    let shop = shop::create(cx, tx, &new_shop(Accepts::Automatic))?;
    let shop = shop::activate(cx, tx, shop.id, shop.version)?.id;
    let opening = |weekday| shop::Opening {
        weekday,
        opens: 540,
        closes: 1560,
    };
    shop::set_week(cx, tx, shop, &(1..=7).map(opening).collect::<Vec<_>>())?;
    let service = catalog::create(cx, tx, shop, &new_service())?;
    let service = catalog::list(cx, tx, service.id, service.version)?;
    let li = therapist::create(cx, tx, shop, &new_therapist())?;
    let shift = |weekday| scheduling::Shift {
        weekday,
        starts: 540,
        ends: 1560,
    };
    scheduling::set_shifts(cx, tx, li.id, &(1..=7).map(shift).collect::<Vec<_>>())?;
    scheduling::add_bed(cx, tx, shop, "一号床")?;
    Ok((shop, service.id, identity::greet_customer(cx, tx, OPENID)?.id))
}

fn new_shop(accepts: Accepts) -> shop::NewShop {
    shop::NewShop {
        name: "清风堂盲人按摩（鼓楼店）".to_owned(),
        district: shop::District::Dongcheng,
        address: "鼓楼东大街 100 号".to_owned(),
        walking: "鼓楼大街站 B 口出来向东走 200 米".to_owned(),
        phone: "01062345678".to_owned(),
        point: geo::Wgs84 {
            lat: 39.94,
            lng: 116.39,
        },
        introduction: String::new(),
        kind: shop::Kind::Health,
        sub_mchid: Some(SUB_MCHID.to_owned()),
        accepts,
        photo: String::new(),
        photo_words: "胡同里的店门".to_owned(),
    }
}

fn new_service() -> catalog::NewService {
    catalog::NewService {
        name: "全身保健按摩".to_owned(),
        kind: catalog::Kind::FullBody,
        category: None,
        minutes: 60,
        price: Money::yuan(128),
        before: 0,
        after: 10,
        introduction: String::new(),
    }
}

fn new_therapist() -> therapist::NewTherapist {
    therapist::NewTherapist {
        number: 1,
        name: "李强".to_owned(),
        gender: therapist::Gender::ALL[0],
        level: therapist::Level::ALL[0],
        introduction: String::new(),
        skills: String::new(),
        portrait: String::new(),
        shows_blind: false,
    }
}

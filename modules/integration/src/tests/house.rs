//! Two shops with a therapist each, a customer, and programs with tokens. What is booked is paid at the shop.

use std::sync::Arc;

use axum::{body::Body, http::Request};
use booking::Booking;
use db::Tx;
use kernel::{Actor, Customer, Cx, Id, Money, Result, Role, Shop};
use payment::testing::{Clock, FakeWeChat, wechat_pay};
use scheduling::Shift;
use serde_json::Value;
use testkit::{Page, Person, START, TestApp};
use therapist::Therapist;
use web::{Module, Plugs};

use crate::{Guard, Post, Scope};

pub(super) fn program() -> (Vec<Module>, Plugs) {
    let pay = Arc::new(wechat_pay(&FakeWeChat::new(&Clock::at(START))));
    let post = Arc::new(Post::new(Guard { loopback: true }));
    let modules = vec![
        identity::module(),
        shop::module(),
        catalog::module(),
        therapist::module(),
        scheduling::module(),
        ledger::module(),
        payment::module(pay.clone()),
        order::module(),
        booking::module(),
        review::module(),
        directory::module(),
        crate::module(&post),
    ];
    let plugs = Plugs::default()
        .with(pay)
        .with(post)
        .with(directory::Index::default());
    (modules, plugs)
}

pub(super) struct House {
    pub app: TestApp,
    pub shop: Id<Shop>,
    pub foreign: Id<Shop>,
    pub service: Id<catalog::Service>,
    pub therapist: Id<Therapist>,
    pub foreign_therapist: Id<Therapist>,
    pub customer: Actor,
}

impl House {
    pub async fn new(app: TestApp) -> House {
        House::accepting(app, shop::Accepts::Automatic).await
    }

    /// The same where the shops accept bookings in this way.
    pub async fn accepting(app: TestApp, accepts: shop::Accepts) -> House {
        let made = on(&app, Actor::System("test"), move |cx, tx| {
            let (shop, service, therapist) = furnish(cx, tx, "清风堂盲人按摩", accepts)?;
            let (foreign, _, foreign_therapist) = furnish(cx, tx, "明心堂盲人按摩", accepts)?;
            let customer: Id<Customer> = identity::greet_customer(cx, tx, "openid of Zhang")?.id;
            Ok((shop, foreign, service, therapist, foreign_therapist, customer))
        })
        .await;
        let (shop, foreign, service, therapist, foreign_therapist, customer) = made;
        House {
            app,
            shop,
            foreign,
            service,
            therapist,
            foreign_therapist,
            customer: Actor::Customer(customer),
        }
    }

    pub fn owner_of(&self, shop: Id<Shop>) -> Actor {
        Actor::Staff {
            id: Id::from_raw(shop.raw() + 1),
            shop: Some(shop),
            role: Role::Owner,
        }
    }

    pub fn officer(&self) -> Actor {
        Actor::Staff {
            id: Id::from_raw(9),
            shop: None,
            role: Role::Centre,
        }
    }

    pub async fn write<T: Send + 'static>(
        &self,
        actor: Actor,
        f: impl FnMut(&Cx, &mut Tx) -> Result<T> + Send + 'static,
    ) -> T {
        on(&self.app, actor, f).await
    }

    /// A program with a token that somebody made.
    pub async fn program(&self, actor: Actor, scopes: &[Scope]) -> Program {
        let scopes = scopes.to_vec();
        let (token, secret) = self
            .write(actor, move |cx, tx| {
                crate::issue_token(cx, tx, "收银系统", &scopes, 30)
            })
            .await;
        Program {
            person: self.app.guest(),
            secret: secret.reveal().clone(),
            token: token.id,
        }
    }

    /// A program of the shop's owner with every scope.
    pub async fn own(&self) -> Program {
        self.program(self.owner_of(self.shop), Scope::ALL).await
    }

    /// A second therapist, with a bed.
    pub async fn hires(&self) -> Id<Therapist> {
        let shop = self.shop;
        self.write(self.owner_of(shop), move |cx, tx| {
            scheduling::add_bed(cx, tx, shop, "二号床")?;
            hire(cx, tx, shop, (9, "李明"))
        })
        .await
    }

    /// The shop and its therapist go to customers from now on; the way costs `base`.
    pub async fn goes_home(&self, base: Money) {
        let (shop, service) = (self.shop, self.service);
        let terms = booking::HomeTerms {
            on: true,
            base,
            per_km: Money::ZERO,
            services: vec![service],
            therapists: vec![self.therapist],
            ..booking::HomeTerms::default()
        };
        self.write(self.owner_of(shop), move |cx, tx| {
            booking::set_home_terms(cx, tx, shop, &terms)
        })
        .await;
    }

    /// A confirmed booking at one o'clock plus so many hours, to be paid at the shop.
    pub async fn booked(&self, hour: i64) -> Booking {
        // Identifiers of one millisecond have no order.
        self.app.clock.advance_ms(1);
        let (wish, key) = (self.wish(hour), format!("key {hour}"));
        let held = self
            .write(self.customer, move |cx, tx| booking::request(cx, tx, &key, &wish))
            .await;
        self.app.run_jobs().await;
        self.booking(held.id).await
    }

    /// What the customer wishes for then.
    pub fn wish(&self, hour: i64) -> booking::Wish {
        booking::Wish {
            service: self.service,
            therapist: None,
            starts_at: START.day().at(13 * 60 + hour * 60),
            contact: booking::Contact {
                name: "张女士".to_owned(),
                phone: "13812345678".to_owned(),
            },
            wishes: booking::Wishes {
                strength: booking::Strength::Medium,
                note: String::new(),
            },
            declared: true,
        }
    }

    pub async fn booking(&self, id: Id<Booking>) -> Booking {
        self.write(Actor::System("test"), move |_, tx| booking::booking(tx, id))
            .await
    }
}

pub(super) async fn on<T: Send + 'static>(
    app: &TestApp,
    actor: Actor,
    mut f: impl FnMut(&Cx, &mut Tx) -> Result<T> + Send + 'static,
) -> T {
    let cx = app.cx(actor);
    app.app.db.write(move |tx| f(&cx, tx)).await.unwrap()
}

/// Another program: it sends a token and no cookies.
pub(super) struct Program {
    person: Person,
    pub secret: String,
    pub token: Id<web::tokens::Token>,
}

impl Program {
    pub async fn get(&self, path: &str) -> Page {
        self.send("GET", path, &[], "").await
    }

    /// A step with a key and this body. Before it, the step is refused for a version that has passed; after it, the same
    /// request changes nothing, and the key is no key to another.
    pub async fn step(&self, house: &House, id: Id<Booking>, step: &str, body: Value) -> Value {
        let path = format!("/api/v1/shops/{}/bookings/{id}/{step}", house.shop);
        let version = house.booking(id).await.version;
        let with = |version: i64| {
            let mut body = body.clone();
            body["version"] = version.into();
            body.to_string()
        };
        let stale = self.post(&path, &[], &with(version - 1)).await;
        assert_eq!(problem(&stale, 409), "booking.changed", "{step}");
        let key = format!("{step} {version}");
        let headers = [("idempotency-key", key.as_str())];
        let first = self.post(&path, &headers, &with(version)).await;
        assert_eq!(first.status, 200, "{step}: {}", first.html());
        let after = house.booking(id).await.version;
        let second = self.post(&path, &headers, &with(version)).await;
        assert_eq!(second.html(), first.html(), "{step}");
        assert_eq!(house.booking(id).await.version, after, "{step} was done once");
        let other = self.post(&path, &headers, &with(version + 7)).await;
        assert_eq!(problem(&other, 409), "db.key_reused", "{step}");
        first.json()
    }

    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Page {
        self.send("POST", path, headers, body).await
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Page {
        let mut request = Request::builder().method(method).uri(path);
        if !self.secret.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.secret));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = Body::from(body.to_owned());
        self.person.send(request.body(body).unwrap()).await
    }

    /// The same program with another secret.
    pub fn with(&self, app: &TestApp, secret: &str) -> Program {
        Program {
            person: app.guest(),
            secret: secret.to_owned(),
            token: self.token,
        }
    }
}

/// The code of a problem, after looking at its form.
pub(super) fn problem(page: &Page, status: u16) -> String {
    assert_eq!(page.status, status, "{}", page.html());
    assert_eq!(page.headers["content-type"], "application/problem+json");
    let told: Value = page.json();
    assert_eq!(told["status"], status);
    assert!(!told["detail"].as_str().unwrap().is_empty() && told["request"].is_string());
    told["code"].as_str().unwrap().to_owned()
}

/// What a shop is made of: itself, a service, a therapist.
type Furnished = (Id<Shop>, Id<catalog::Service>, Id<Therapist>);

fn furnish(cx: &Cx, tx: &mut Tx, name: &str, accepts: shop::Accepts) -> Result<Furnished> {
    let new = shop::NewShop {
        name: name.to_owned(),
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
        sub_mchid: None,
        accepts,
        photo: String::new(),
        photo_words: "胡同里的店门".to_owned(),
    };
    let shop = shop::create(cx, tx, &new)?;
    let shop = shop::activate(cx, tx, shop.id, shop.version)?.id;
    let opening = |weekday| shop::Opening {
        weekday,
        opens: 600,
        closes: 1320,
    };
    shop::set_week(cx, tx, shop, &(1..=7).map(opening).collect::<Vec<_>>())?;
    let service = catalog::NewService {
        name: "全身保健按摩".to_owned(),
        kind: catalog::Kind::FullBody,
        category: None,
        minutes: 60,
        price: Money::yuan(128),
        before: 0,
        after: 0,
        introduction: String::new(),
    };
    let service = catalog::create(cx, tx, shop, &service)?;
    let service = catalog::list(cx, tx, service.id, service.version)?;
    catalog::set_prepay(cx, tx, service.id, catalog::Prepay::AtShop)?;
    let therapist = hire(cx, tx, shop, (8, "刘长河"))?;
    scheduling::add_bed(cx, tx, shop, "一号床")?;
    Ok((shop, service.id, therapist))
}

/// A therapist who works every day from ten to ten.
fn hire(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, (number, name): (i64, &str)) -> Result<Id<Therapist>> {
    let person = therapist::NewTherapist {
        number,
        name: name.to_owned(),
        gender: therapist::Gender::Male,
        level: therapist::Level::Senior,
        introduction: String::new(),
        skills: "肩颈、腰背".to_owned(),
        portrait: String::new(),
        shows_blind: false,
    };
    let therapist = therapist::create(cx, tx, shop, &person)?.id;
    let shift = |weekday| Shift {
        weekday,
        starts: 600,
        ends: 1320,
    };
    scheduling::set_shifts(cx, tx, therapist, &(1..=7).map(shift).collect::<Vec<_>>())?;
    Ok(therapist)
}

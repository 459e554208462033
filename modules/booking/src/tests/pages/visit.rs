//! A shop with its customers and its desk, all with browsers.

use std::sync::Arc;

use payment::{
    WeChatPay,
    testing::{Clock, FakeWeChat, OPENID, SUB_MCHID, wechat_pay},
};
use testkit::{Page, Person, START, TestApp};
use web::{Module, Plugs};

use super::super::{house::furnish, *};

pub fn program() -> (Vec<Module>, Plugs) {
    let wechat = FakeWeChat::new(&Clock::at(START));
    let pay = Arc::new(wechat_pay(&wechat));
    let modules = vec![
        identity::module(),
        shop::module(),
        catalog::module(),
        therapist::module(),
        scheduling::module(),
        ledger::module(),
        payment::module(pay.clone()),
        order::module(),
        crate::module(),
    ];
    (modules, Plugs::default().with(wechat).with(pay))
}

pub struct Visit {
    pub app: TestApp,
    pub shop: Id<Shop>,
    pub service: Id<catalog::Service>,
    pub liu: Id<therapist::Therapist>,
    pub customer: Id<Customer>,
    pub zhang: Person,
    pub wang: Person,
    pub owner: Person,
}

impl Visit {
    pub fn on_each_engine<Fut: Future<Output = ()>>(accepts: Accepts, test: impl Fn(Visit) -> Fut) {
        testkit::on_each_engine(program, |app| {
            let test = &test;
            async move {
                let cx = app.cx(Actor::Staff {
                    id: Id::from_raw(1),
                    shop: None,
                    role: Role::Centre,
                });
                let furnished = app.app.db.write(move |tx| furnish(&cx, tx, accepts)).await;
                let (service, therapists, [customer, other]) = furnished.unwrap();
                let (zhang, wang) = (app.customer(customer).await, app.customer(other).await);
                let owner = app.staff(Role::Owner, service.shop).await;
                let (shop, service, liu) = (service.shop, service.id, therapists[0]);
                test(Visit {
                    app,
                    shop,
                    service,
                    liu,
                    customer,
                    zhang,
                    wang,
                    owner,
                })
                .await;
            }
        });
    }

    pub fn details(&self, minute: i64) -> String {
        let slot = START.day().at(minute).ms();
        format!(
            "/shops/{}/book/{}/details?therapist={}&slot={slot}",
            self.shop, self.service, self.liu
        )
    }

    /// Fills in and sends the form of details, with `changed` fields.
    pub async fn send(&self, person: &Person, minute: i64, changed: &[(&str, &str)]) -> Page {
        let page = person.get(&self.details(minute)).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let hidden = |name: &str| {
            page.attribute_after(&format!("name=\"{name}\""), "value")
                .unwrap()
        };
        let typed = ["service", "therapist", "slot", "key"].map(|name| (name, hidden(name)));
        let mut fields: Vec<(&str, &str)> = typed
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let rest = [
            ("name", "张女士"),
            ("phone", "138 1234 5678"),
            ("strength", "firm"),
            ("note", "肩酸"),
            ("health", "1"),
        ];
        fields.extend(rest);
        fields.retain(|(name, _)| !changed.iter().any(|(other, _)| other == name));
        fields.extend(changed.iter().filter(|(_, value)| !value.is_empty()));
        person.post("/bookings", &fields).await
    }

    /// Sends the form and pays.
    pub async fn booked(&self, minute: i64) -> Booking {
        let sent = self.send(&self.zhang, minute, &[]).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        self.pay_held().await
    }

    /// Pays what the customer holds.
    pub async fn pay_held(&self) -> Booking {
        let customer = self.customer;
        let held = self
            .app
            .app
            .db
            .read(move |tx| {
                let bookings = of_customer(tx, customer, 50)?;
                let held = bookings.into_iter().find(|booking| booking.state == State::Held);
                held.ok_or(Error::NotFound)
            })
            .await
            .unwrap();
        self.pay(held.order).await;
        self.app
            .app
            .db
            .read(move |tx| booking(tx, held.id))
            .await
            .unwrap()
    }

    /// The customer pays an order.
    pub async fn pay(&self, order: Id<order::Order>) {
        let payer = order::Payer {
            openid: OPENID.to_owned(),
            sub_mchid: Some(SUB_MCHID.to_owned()),
        };
        let cx = self.app.cx(Actor::Customer(self.customer));
        let asking = cx.clone();
        let paying = move |tx: &mut db::Tx| order::pay(&asking, tx, order, &payer);
        let payment = self.app.app.db.write(paying).await.unwrap();
        let (db, wechat) = (self.app.app.db.clone(), self.app.app.plug::<FakeWeChat>().clone());
        let pay = self.app.app.plug::<Arc<WeChatPay>>().clone();
        tokio::task::spawn_blocking(move || {
            payment::prepay(&db, &cx, &pay, payment.id).unwrap();
            assert!(wechat.customer_pays(&payment.out_trade_no));
            payment::check(&db, &cx, &pay, payment.id).unwrap();
        })
        .await
        .unwrap();
        self.app.run_jobs().await;
    }

    /// Presses a button of the desk on a booking as it was seen.
    pub async fn press(&self, booking: &Booking, what: &str, fields: &[(&str, &str)]) -> Page {
        let version = booking.version.to_string();
        let mut fields = fields.to_vec();
        fields.push(("version", &version));
        self.owner
            .post(&format!("/desk/bookings/{}/{what}", booking.id), &fields)
            .await
    }

    pub fn done(&self) {
        assert_eq!(self.app.missing_texts(), Vec::<String>::new());
    }
}

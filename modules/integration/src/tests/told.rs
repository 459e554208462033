//! What reaches a person of what happens to other programs: the address that is switched off, the order that the centre
//! enters.

use std::sync::{Arc, Mutex};

use kernel::Role;
use serde_json::{Value, json};
use testkit::on_each_engine;
use web::{Module, Plugs};
use wechat::{
    Endpoints, Secret, Transport, TransportError,
    oa::{Account, Callback, Credentials, MemoryTokens},
};

use super::{
    house::{House, program},
    listener::Listener,
};
use crate::Scope;

/// The official account's other side: it takes every message and keeps it.
#[derive(Default)]
struct Outside(Mutex<Vec<Value>>);

impl Transport for Outside {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        _: std::time::Duration,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let answer = if request.uri().path().ends_with("/template/send") {
            let body = serde_json::from_slice(request.body()).unwrap();
            self.0.lock().unwrap().push(body);
            json!({ "errcode": 0, "errmsg": "ok", "msgid": 1 })
        } else {
            json!({ "access_token": "T", "expires_in": 7200 })
        };
        Ok(http::Response::new(answer.to_string().into_bytes()))
    }
}

/// The program of these tests, with what makes it heard.
fn told_program() -> (Vec<Module>, Plugs) {
    let (mut modules, plugs) = program();
    let outside = Arc::new(Outside::default());
    let credentials = Credentials {
        appid: "wx0".to_owned(),
        secret: Secret::new("s".to_owned()),
    };
    let tokens = Arc::new(MemoryTokens::default());
    let account = Account::new(credentials, Endpoints::default(), outside.clone(), tokens);
    let kinds = alert::MessageKind::ALL.iter();
    let account = Arc::new(alert::OfficialAccount {
        account: Arc::new(account),
        callback: Callback::plain(Secret::new("t".to_owned())),
        templates: kinds.map(|kind| (kind.template(), kind.template())).collect(),
        base_url: testkit::BASE_URL.to_owned(),
    });
    modules.push(alert::module(account.clone()));
    (modules, plugs.with(account).with(outside))
}

fn sent(house: &House, template: &str) -> Vec<Value> {
    let kept = house.app.app.plug::<Arc<Outside>>().0.lock().unwrap();
    let of_template = kept.iter().filter(|one| one["template_id"] == template);
    of_template.cloned().collect()
}

#[test]
fn an_address_that_is_switched_off_reaches_its_owner() {
    on_each_engine(told_program, |app| async move {
        let house = House::new(app).await;
        let (shop, own, listener) = (house.shop, house.own().await, Listener::new());
        house
            .write(house.owner_of(shop), move |cx, tx| {
                for (login, role) in [("owner", Role::Owner), ("clerk", Role::Clerk)] {
                    let new = identity::NewStaff {
                        shop: Some(shop),
                        role,
                        name: login.to_owned(),
                        login: login.to_owned(),
                        password: identity::Password::hash("correct horse")?,
                        openid: Some(format!("openid of the {login}")),
                    };
                    identity::create_staff(cx, tx, &new)?;
                }
                Ok(())
            })
            .await;
        let list = format!("/api/v1/shops/{shop}/webhooks");
        let body = json!({ "url": format!("{}?key=geheim", listener.url), "events": ["booking.confirmed"] });
        let hook = own.post(&list, &[], &body.to_string()).await.json();
        listener.answer(410);
        house.booked(0).await;
        house.app.run_jobs().await;
        let desk = house.app.signed_in(house.owner_of(shop), "店主").await;
        let page = desk.get("/desk").await.text();
        assert!(page.contains("通知地址已停用：127.0.0.1"), "{page}");
        assert!(!page.contains("geheim"), "the address may hold a secret: {page}");
        let messages = sent(&house, "系统异常提醒");
        assert_eq!(messages.len(), 1, "{messages:?}");
        assert_eq!(
            messages[0]["touser"], "openid of the owner",
            "only the owner can mend it"
        );
        let url = messages[0]["url"].as_str().unwrap();
        assert!(url.ends_with(&format!("/console/shops/{shop}/webhooks")), "{url}");
        // Switched on again, it is no news any more.
        listener.answer(204);
        let opening = format!("{list}/{}/opening", hook["id"].as_str().unwrap());
        assert_eq!(own.post(&opening, &[], "").await.json()["state"], "active");
        house.app.run_jobs().await;
        let page = desk.get("/desk").await.text();
        assert!(page.contains("已处理"), "{page}");
        assert_eq!(sent(&house, "系统异常提醒").len(), 1);
    });
}

#[test]
fn the_desk_hears_of_an_order_that_the_centre_enters() {
    on_each_engine(told_program, |app| async move {
        let house = House::new(app).await;
        let body = |time: &str| {
            json!({
                "service": house.service.to_string(), "starts_at": format!("2026-11-22T{time}:00+08:00"),
                "name": "王先生", "phone": "13987654321", "health_asked": true,
            })
            .to_string()
        };
        let list = format!("/api/v1/shops/{}/bookings", house.shop);
        let desk = house.app.signed_in(house.owner_of(house.shop), "店主").await;
        let own = house.own().await;
        assert_eq!(
            own.post(&list, &[("idempotency-key", "a")], &body("15:00"))
                .await
                .status,
            201
        );
        house.app.run_jobs().await;
        let page = desk.get("/desk").await.text();
        assert!(
            !page.contains("新订单：王先生，今天下午 3 点"),
            "the shop knows what it entered itself: {page}"
        );
        let centre = house.program(house.officer(), Scope::ALL).await;
        assert_eq!(
            centre
                .post(&list, &[("idempotency-key", "a")], &body("18:00"))
                .await
                .status,
            201
        );
        house.app.run_jobs().await;
        let page = desk.get("/desk").await.text();
        assert!(page.contains("新订单：王先生，今天晚上 6 点"), "{page}");
    });
}

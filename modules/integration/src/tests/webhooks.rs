//! News for other programs: signed, sent again, given up, switched off.

use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::Id;
use serde_json::json;
use sha2::{Digest, Sha256};
use testkit::{START, on_each_engine};

use super::{
    house::{House, Program, problem, program},
    listener::{Heard, Listener},
};
use crate::{Hook, Scope};

/// HMAC-SHA256 written out by its definition (RFC 2104), so that signer and checker share nothing.
fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut block = [0u8; 64];
    block[..key.len()].copy_from_slice(key);
    let padded = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::new()
        .chain_update(padded(0x36))
        .chain_update(text)
        .finalize();
    let outer = Sha256::new()
        .chain_update(padded(0x5c))
        .chain_update(inner)
        .finalize();
    outer.to_vec()
}

fn signature(secret: &str, heard: &Heard) -> String {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let (id, at) = (heard.header("webhook-id"), heard.header("webhook-timestamp"));
    format!(
        "v1,{}",
        STANDARD.encode(hmac(&key, &format!("{id}.{at}.{}", heard.body)))
    )
}

struct Registered {
    path: String,
    id: Id<Hook>,
    secret: String,
}

async fn register(house: &House, own: &Program, url: &str, events: &[&str]) -> Registered {
    let list = format!("/api/v1/shops/{}/webhooks", house.shop);
    let body = json!({ "url": url, "events": events }).to_string();
    let page = own.post(&list, &[], &body).await;
    assert_eq!(page.status, 201, "{}", page.html());
    let told = page.json();
    let id = told["id"].as_str().unwrap();
    Registered {
        path: format!("{list}/{id}"),
        id: id.parse().unwrap(),
        secret: told["secret"].as_str().unwrap().to_owned(),
    }
}

async fn deliveries(own: &Program, hook: &Registered) -> Vec<serde_json::Value> {
    let page = own.get(&format!("{}/deliveries", hook.path)).await.json();
    page["items"].as_array().unwrap().clone()
}

async fn state(house: &House, own: &Program, hook: &Registered) -> String {
    let list = own
        .get(&format!("/api/v1/shops/{}/webhooks", house.shop))
        .await
        .json();
    let id = hook.id.to_string();
    let found = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["id"] == id.as_str());
    found.map_or("removed".to_owned(), |one| {
        one["state"].as_str().unwrap().to_owned()
    })
}

#[test]
fn news_arrive_once_signed_and_without_names() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let (own, listener) = (house.own().await, Listener::new());
        let events = ["booking.confirmed", "order.placed"];
        let hook = register(&house, &own, &listener.url, &events).await;
        let foreign = house.program(house.owner_of(house.foreign), Scope::ALL).await;
        let elsewhere = Listener::new();
        let list = format!("/api/v1/shops/{}/webhooks", house.foreign);
        let body = json!({ "url": elsewhere.url, "events": events }).to_string();
        assert_eq!(foreign.post(&list, &[], &body).await.status, 201);

        let booked = house.booked(0).await;
        house.app.run_jobs().await;
        let heard = listener.heard();
        let mut types: Vec<String> = heard
            .iter()
            .map(|one| {
                let told: serde_json::Value = serde_json::from_str(&one.body).unwrap();
                assert_eq!(told["data"]["shop"], house.shop.to_string());
                assert_eq!(told["data"]["order"], booked.order.to_string());
                told["type"].as_str().unwrap().to_owned()
            })
            .collect();
        types.sort();
        assert_eq!(types, events);
        for one in &heard {
            assert_eq!(one.header("webhook-signature"), signature(&hook.secret, one));
            assert_eq!(one.header("webhook-timestamp"), START.seconds().to_string());
            assert!(
                !one.body.contains("张") && !one.body.contains("138"),
                "{}",
                one.body
            );
            let forged = Heard {
                body: one.body.replace("booking", "booking "),
                ..one.clone()
            };
            if forged.body != one.body {
                assert_ne!(one.header("webhook-signature"), signature(&hook.secret, &forged));
            }
        }
        let mut ids: Vec<String> = heard.iter().map(|one| one.header("webhook-id")).collect();
        ids.dedup();
        assert_eq!(ids.len(), 2, "each has an id of its own");
        assert!(elsewhere.heard().is_empty(), "a foreign shop hears nothing");
        assert!(
            deliveries(&own, &hook)
                .await
                .iter()
                .all(|one| one["state"] == "delivered")
        );

        // The same news told again is the same delivery.
        let news = crate::model::News {
            booking: Some(booked.id),
            version: Some(booked.version),
            ..crate::model::News::default()
        };
        house
            .write(kernel::Actor::System("test"), move |cx, tx| {
                crate::actions::announce(cx, tx, "booking.confirmed", &news)
            })
            .await;
        house.app.run_jobs().await;
        assert!(listener.heard().is_empty());
    });
}

#[test]
fn what_fails_is_sent_again_with_its_id_until_it_arrives() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let (own, listener) = (house.own().await, Listener::new());
        let hook = register(&house, &own, &listener.url, &["booking.confirmed"]).await;
        listener.answer(500);
        house.booked(0).await;
        house.app.run_jobs().await;
        let first = listener.heard();
        assert_eq!(first.len(), 1);
        house.app.run_jobs().await;
        assert!(listener.heard().is_empty(), "not at once");
        house.app.clock.advance_ms(6_000);
        house.app.run_jobs().await;
        let second = listener.heard();
        assert_eq!(second.len(), 1);
        assert_eq!(second[0].header("webhook-id"), first[0].header("webhook-id"));
        assert_eq!(second[0].body, first[0].body);
        assert_ne!(
            second[0].header("webhook-timestamp"),
            first[0].header("webhook-timestamp"),
            "the moment of the attempt is signed"
        );
        let told = &deliveries(&own, &hook).await[0];
        assert_eq!(
            (&told["state"], &told["attempts"], &told["status"]),
            (&json!("pending"), &json!(2), &json!(500))
        );
        // A redirect is not followed: its place might be inside.
        listener.answer(307);
        house.app.clock.advance_minutes(6);
        house.app.run_jobs().await;
        assert_eq!(listener.heard().len(), 1);
        assert_eq!(deliveries(&own, &hook).await[0]["status"], 307);
        listener.answer(200);
        house.app.clock.advance_minutes(40);
        house.app.run_jobs().await;
        assert_eq!(listener.heard().len(), 1);
        assert_eq!(deliveries(&own, &hook).await[0]["state"], "delivered");
        house.app.clock.advance_minutes(3 * 24 * 60);
        house.app.run_jobs().await;
        assert!(listener.heard().is_empty(), "what arrived is not sent again");
    });
}

#[test]
fn what_never_arrives_is_given_up_seen_and_sent_again_by_hand() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let (own, listener) = (house.own().await, Listener::new());
        let hook = register(&house, &own, &listener.url, &["booking.confirmed"]).await;
        listener.answer(503);
        house.booked(0).await;
        let mut heard = Vec::new();
        for _ in 0..100 {
            house.app.run_jobs().await;
            heard.extend(listener.heard());
            house.app.clock.advance_minutes(60);
        }
        assert_eq!(heard.len(), 10, "ten attempts within three days and a bit");
        let id = heard[0].header("webhook-id");
        assert!(heard.iter().all(|one| one.header("webhook-id") == id));
        let told = deliveries(&own, &hook).await;
        assert_eq!((told.len(), &told[0]["state"]), (1, &json!("dead")));
        listener.answer(204);
        let again = format!("{}/deliveries/{id}/repetition", hook.path);
        assert_eq!(own.post(&again, &[], "").await.json()["state"], "pending");
        let twice = own.post(&again, &[], "").await;
        assert_eq!(problem(&twice, 409), "integration.still_sending");
        house.app.run_jobs().await;
        let last = listener.heard();
        assert_eq!((last.len(), last[0].header("webhook-id")), (1, id));
        assert_eq!(deliveries(&own, &hook).await[0]["state"], "delivered");
    });
}

#[test]
fn an_address_that_fails_for_days_is_switched_off_and_on_again() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let (own, listener) = (house.own().await, Listener::new());
        let hook = register(&house, &own, &listener.url, &["booking.confirmed"]).await;
        listener.answer(500);
        house.booked(0).await;
        for _ in 0..4 * 24 {
            house.app.run_jobs().await;
            house.app.clock.advance_minutes(60);
        }
        assert_eq!(
            state(&house, &own, &hook).await,
            "active",
            "four days are not enough"
        );
        house.app.clock.advance_minutes(2 * 24 * 60);
        let news = |version| crate::model::News {
            version: Some(version),
            ..crate::model::News::default()
        };
        let booking = house.booked(7 * 24).await.id;
        house.app.run_jobs().await;
        assert_eq!(state(&house, &own, &hook).await, "off");
        listener.heard();
        let more = crate::model::News {
            booking: Some(booking),
            ..news(99)
        };
        house
            .write(kernel::Actor::System("test"), move |cx, tx| {
                crate::actions::announce(cx, tx, "booking.confirmed", &more)
            })
            .await;
        house.app.run_jobs().await;
        assert!(listener.heard().is_empty(), "it hears no more");
        let owner = house.app.signed_in(house.owner_of(house.shop), "店主").await;
        let page = owner
            .get(&format!("/console/shops/{}/webhooks", house.shop))
            .await;
        assert!(page.text().contains("1 个地址已停用"), "{}", page.text());
        listener.answer(204);
        let opened = own.post(&format!("{}/opening", hook.path), &[], "").await;
        assert_eq!(opened.json()["state"], "active");
        house.booked(8 * 24).await;
        house.app.run_jobs().await;
        assert_eq!(listener.heard().len(), 1);
        // Gone is gone: one such answer is enough.
        listener.answer(410);
        house.booked(9 * 24).await;
        house.app.run_jobs().await;
        assert_eq!(state(&house, &own, &hook).await, "off");
        assert_eq!(deliveries(&own, &hook).await[0]["state"], "dead");
    });
}

#[test]
fn a_changed_secret_signs_beside_the_old_one_for_a_day() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let (own, listener) = (house.own().await, Listener::new());
        let hook = register(&house, &own, &listener.url, &["booking.confirmed"]).await;
        let changed = own.post(&format!("{}/secret", hook.path), &[], "").await.json();
        let new = changed["secret"].as_str().unwrap();
        assert_ne!(new, hook.secret);
        house.booked(0).await;
        house.app.run_jobs().await;
        let heard = listener.heard();
        let both = format!(
            "{} {}",
            signature(new, &heard[0]),
            signature(&hook.secret, &heard[0])
        );
        assert_eq!(heard[0].header("webhook-signature"), both);
        house.app.clock.advance_minutes(24 * 60);
        house.booked(48).await;
        house.app.run_jobs().await;
        let heard = listener.heard();
        assert_eq!(heard[0].header("webhook-signature"), signature(new, &heard[0]));
        // Removed, it hears nothing and cannot be changed any more.
        let removed = own.post(&format!("{}/removal", hook.path), &[], "").await;
        assert_eq!(removed.json()["state"], "removed");
        let refused = own.post(&format!("{}/secret", hook.path), &[], "").await;
        assert_eq!(problem(&refused, 409), "integration.hook_gone");
        house.booked(72).await;
        house.app.run_jobs().await;
        assert!(listener.heard().is_empty());
    });
}

#[test]
fn nothing_inside_can_be_registered() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let list = format!("/api/v1/shops/{}/webhooks", house.shop);
        for url in [
            "http://example.com/",
            "https://localhost/",
            "https://10.0.0.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://[fd00::1]/",
            "https://a@example.com/",
            "",
        ] {
            let body = json!({ "url": url, "events": ["order.placed"] }).to_string();
            let page = own.post(&list, &[], &body).await;
            assert_eq!(problem(&page, 422), "integration.bad_url", "{url}");
        }
        for events in [json!([]), json!(["order.eaten"])] {
            let body = json!({ "url": "https://example.com/", "events": events }).to_string();
            let page = own.post(&list, &[], &body).await;
            assert_eq!(problem(&page, 422), "integration.no_events");
        }
        let body = json!({ "url": "https://example.com/", "events": ["order.placed"] }).to_string();
        for _ in 0..10 {
            assert_eq!(own.post(&list, &[], &body).await.status, 201);
        }
        let page = own.post(&list, &[], &body).await;
        assert_eq!(problem(&page, 409), "integration.too_many_hooks");
    });
}

#[test]
fn an_address_is_registered_and_changed_once_with_a_key() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let list = format!("/api/v1/shops/{}/webhooks", house.shop);
        let body = json!({ "url": "https://example.com/", "events": ["booking.changed"] }).to_string();
        let key = [("idempotency-key", "new")];
        let first = own.post(&list, &key, &body).await;
        assert_eq!(first.status, 201, "{}", first.html());
        let second = own.post(&list, &key, &body).await;
        assert_eq!(
            second.html(),
            first.html(),
            "whoever lost the answer has the secret by asking again"
        );
        let listed = own.get(&list).await.json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        let one = format!("{list}/{}", first.json()["id"].as_str().unwrap());
        let stale = own
            .post(&format!("{one}/secret"), &[("if-match", "\"v9\"")], "")
            .await;
        assert_eq!(problem(&stale, 409), "integration.hook_gone");
        let headers = [("if-match", "\"v1\""), ("idempotency-key", "secret")];
        let changed = own.post(&format!("{one}/secret"), &headers, "").await;
        assert_ne!(
            changed.json()["secret"],
            first.json()["secret"],
            "{}",
            changed.html()
        );
        let again = own.post(&format!("{one}/secret"), &headers, "").await;
        assert_eq!(again.html(), changed.html(), "changed once");
        for _ in 0..2 {
            let removed = own
                .post(&format!("{one}/removal"), &[("idempotency-key", "gone")], "")
                .await;
            assert_eq!(removed.json()["state"], "removed", "{}", removed.html());
        }
    });
}

//! The line at the desk and the waitlist, by the API.

use serde_json::{Value, json};
use testkit::on_each_engine;

use super::house::{House, problem, program};

/// The tickets of a list, as `A1 waiting`.
fn numbers(page: &Value) -> Vec<String> {
    let word = |one: &Value, field: &str| one[field].as_str().unwrap().to_owned();
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|one| format!("{} {}", word(one, "number"), word(one, "state")))
        .collect()
}

#[test]
fn a_ticket_is_taken_once_and_knows_its_place() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let list = format!("/api/v1/shops/{}/tickets", house.shop);
        let guest = json!({ "service": house.service.to_string(), "name": "王先生", "health_asked": true })
            .to_string();
        assert_eq!(
            problem(&own.post(&list, &[], &guest).await, 428),
            "integration.no_key"
        );
        let first = own.post(&list, &[("idempotency-key", "a")], &guest).await;
        assert_eq!(first.status, 201, "{}", first.html());
        let told = first.json();
        assert_eq!(
            (&told["number"], &told["state"], &told["before"]),
            (&json!("A1"), &json!("waiting"), &json!(0))
        );
        assert!(told["expected_at"].is_string());
        let second = own.post(&list, &[("idempotency-key", "a")], &guest).await;
        assert_eq!(second.html(), first.html(), "sent twice, one number");
        let page = house.app.guest().get(told["page"].as_str().unwrap()).await;
        assert!(page.text().contains("A1"), "the customer's own page");
        let next = own.post(&list, &[("idempotency-key", "b")], &guest).await.json();
        assert_eq!((&next["number"], &next["before"]), (&json!("A2"), &json!(1)));
        assert_eq!(
            numbers(&own.get(&list).await.json()),
            ["A1 waiting", "A2 waiting"]
        );
    });
}

#[test]
fn a_ticket_is_called_skipped_and_left() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let list = format!("/api/v1/shops/{}/tickets", house.shop);
        let guest = json!({ "service": house.service.to_string(), "health_asked": true }).to_string();
        let told = own.post(&list, &[("idempotency-key", "a")], &guest).await.json();
        own.post(&list, &[("idempotency-key", "b")], &guest).await;
        let one = format!("{list}/{}", told["id"].as_str().unwrap());
        let call = format!("{one}/call");
        let keyless = own.post(&call, &[], r#"{"version":1}"#).await;
        assert_eq!(problem(&keyless, 428), "integration.no_key");
        let key = [("idempotency-key", "call")];
        assert_eq!(
            problem(&own.post(&call, &key, "").await, 428),
            "integration.no_version"
        );
        assert_eq!(
            problem(&own.post(&call, &key, r#"{"version":9}"#).await, 409),
            "booking.ticket_changed"
        );
        let called = own.post(&call, &key, r#"{"version":1}"#).await;
        assert_eq!(called.json()["state"], "called", "{}", called.html());
        assert_eq!(called.headers["etag"], "\"v2\"");
        assert_eq!(
            own.post(&call, &key, r#"{"version":1}"#).await.html(),
            called.html()
        );
        let booking = called.json()["booking"].as_str().unwrap().to_owned();
        let made = own
            .get(&format!("/api/v1/shops/{}/bookings/{booking}", house.shop))
            .await
            .json();
        assert_eq!(made["booking"]["state"], "confirmed");
        let stale = own.post(&format!("{one}/skip"), &[], r#"{"version":1}"#).await;
        assert_eq!(problem(&stale, 409), "booking.ticket_changed");
        for _ in 0..2 {
            let skipped = own
                .post(
                    &format!("{one}/skip"),
                    &[("idempotency-key", "skip")],
                    r#"{"version":2}"#,
                )
                .await;
            assert_eq!(skipped.json()["state"], "skipped", "{}", skipped.html());
        }
        assert_eq!(
            numbers(&own.get(&list).await.json()),
            ["A2 waiting", "A1 skipped"]
        );
        let version = own.get(&one).await.json()["version"].as_i64().unwrap();
        let body = json!({ "version": version }).to_string();
        let left = own.post(&format!("{one}/leaving"), &[], &body).await;
        assert_eq!(left.json()["state"], "left", "{}", left.html());
        let gone = own
            .post(
                &call,
                &[("idempotency-key", "late")],
                &json!({ "version": version + 1 }).to_string(),
            )
            .await;
        assert_eq!(problem(&gone, 409), "booking.ticket_not_now");
    });
}

#[test]
fn who_waits_for_a_time_is_listed_without_a_name() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        house.booked(0).await;
        let (service, day) = (house.service, testkit::START.day());
        let wish = booking::WaitWish {
            service,
            therapist: None,
            day,
            from: 13 * 60,
            to: 13 * 60 + 30,
        };
        house
            .write(house.customer, move |cx, tx| {
                booking::join_waitlist(cx, tx, &wish).map(drop)
            })
            .await;
        let page = own.get(&format!("/api/v1/shops/{}/waitlist", house.shop)).await;
        let one = &page.json()["items"][0];
        assert_eq!(
            (&one["state"], &one["from"], &one["to"]),
            (
                &json!("waiting"),
                &json!("2026-11-22T13:00:00+08:00"),
                &json!("2026-11-22T13:30:00+08:00")
            )
        );
        assert!(
            !page.html().contains("张") && !page.html().contains("138"),
            "{}",
            page.html()
        );
    });
}

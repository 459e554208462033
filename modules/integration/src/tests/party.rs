//! Several in one visit, entered by a program: all of them or nobody.

use booking::Booking;
use kernel::Id;
use serde_json::{Value, json};
use testkit::on_each_engine;

use super::house::{House, problem, program};
use crate::Scope;

const SIX: &str = "2026-11-22T18:00:00+08:00";

fn group(house: &House, names: &[&str]) -> Value {
    let part = |name: &&str| json!({ "service": house.service.to_string(), "name": name });
    json!({
        "parts": names.iter().map(part).collect::<Vec<_>>(), "starts_at": SIX, "name": "张女士",
        "phone": "13987654321", "health_asked": true,
    })
}

fn key(key: &'static str) -> [(&'static str, &'static str); 1] {
    [("idempotency-key", key)]
}

#[test]
fn a_group_is_quoted_booked_once_and_read_as_one() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        house.hires().await;
        let (own, shop) = (house.own().await, house.shop);
        let asked = group(&house, &["张女士", ""]);
        let thought = json!({ "parts": asked["parts"] }).to_string();
        let quotes = format!("/api/v1/shops/{shop}/group-quotes");
        let quote = own.post(&quotes, &[], &thought).await.json();
        assert_eq!(
            (&quote["prices_fen"], &quote["total_fen"]),
            (&json!([12_800, 12_800]), &json!(25_600))
        );
        let times = quote["days"][0]["times"].as_array().unwrap().clone();
        assert!(times.iter().any(|time| time["starts_at"] == SIX), "{quote}");

        let groups = format!("/api/v1/shops/{shop}/groups");
        let keyless = own.post(&groups, &[], &asked.to_string()).await;
        assert_eq!(problem(&keyless, 428), "integration.no_key");
        let first = own.post(&groups, &key("a"), &asked.to_string()).await;
        assert_eq!(first.status, 201, "{}", first.html());
        let told = first.json();
        assert_eq!(told["total_fen"], 25_600);
        let bookings = told["bookings"].as_array().unwrap();
        let names: Vec<&Value> = bookings.iter().map(|one| &one["customer_name"]).collect();
        assert_eq!(
            names,
            ["张女士", "张女士同行 2"],
            "two of one name could not be told apart"
        );
        assert!(
            bookings
                .iter()
                .all(|one| one["state"] == "confirmed" && one["order"] == told["order"]),
            "{told}"
        );
        assert_ne!(bookings[0]["therapist"], bookings[1]["therapist"]);
        let again = own.post(&groups, &key("a"), &asked.to_string()).await;
        assert_eq!(again.html(), first.html(), "sent twice, entered once");

        let quote = own.post(&quotes, &[], &thought).await.json();
        let times = quote["days"][0]["times"].as_array().unwrap();
        assert!(!times.iter().any(|time| time["starts_at"] == SIX), "{quote}");
        let one = format!("{groups}/{}", told["order"].as_str().unwrap());
        assert_eq!(own.get(&one).await.json(), told);
        let foreign = house.program(house.owner_of(house.foreign), Scope::ALL).await;
        let there = one.replace(&shop.to_string(), &house.foreign.to_string());
        for path in [&one, &there] {
            assert_eq!(problem(&foreign.get(path).await, 404), "not_found", "{path}");
        }
    });
}

#[test]
fn where_not_all_fit_nobody_is_entered() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        house.hires().await;
        let (own, shop) = (house.own().await, house.shop);
        let list = format!("/api/v1/shops/{shop}/bookings?day=2026-11-22");
        let groups = format!("/api/v1/shops/{shop}/groups");
        let three = group(&house, &["张女士", "", ""]).to_string();
        let refused = own.post(&groups, &key("a"), &three).await;
        assert_eq!(problem(&refused, 409), "booking.not_all_free");
        let alone = own
            .post(&groups, &key("b"), &group(&house, &["张女士"]).to_string())
            .await;
        assert_eq!(problem(&alone, 422), "booking.not_several");
        assert_eq!(own.get(&list).await.json()["items"], json!([]));
        // The same three after one another find their time.
        let mut in_turn: Value = group(&house, &["张女士", "", ""]);
        in_turn["in_turn"] = true.into();
        let made = own.post(&groups, &key("c"), &in_turn.to_string()).await;
        assert_eq!(made.status, 201, "{}", made.html());
        assert_eq!(own.get(&list).await.json()["items"].as_array().unwrap().len(), 3);
        // A service of another shop is none of this one.
        let elsewhere = format!("/api/v1/shops/{}/groups", house.foreign);
        let centre = house.program(house.officer(), Scope::ALL).await;
        let wrong = centre
            .post(&elsewhere, &key("a"), &group(&house, &["", ""]).to_string())
            .await;
        assert_eq!(problem(&wrong, 404), "not_found");
    });
}

#[test]
fn several_who_stand_there_are_checked_in_together() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        house.hires().await;
        let (own, shop) = (house.own().await, house.shop);
        let walk_ins = format!("/api/v1/shops/{shop}/group-walk-ins");
        let mut guests = group(&house, &["", ""]);
        for typed in ["starts_at", "name", "phone"] {
            guests.as_object_mut().unwrap().remove(typed);
        }
        let here = own.post(&walk_ins, &key("a"), &guests.to_string()).await;
        assert_eq!(here.status, 201, "{}", here.html());
        let told = here.json();
        let bookings = told["bookings"].as_array().unwrap();
        assert_eq!(bookings.len(), 2);
        for (one, name) in bookings.iter().zip(["散客", "散客同行 2"]) {
            assert_eq!(
                (&one["state"], &one["customer_name"]),
                (&json!("checked_in"), &json!(name))
            );
            let id: Id<Booking> = one["id"].as_str().unwrap().parse().unwrap();
            assert_eq!(house.booking(id).await.state, booking::State::CheckedIn);
        }
        let again = own.post(&walk_ins, &key("a"), &guests.to_string()).await;
        assert_eq!(again.html(), here.html(), "sent twice, entered once");
        let later = own.post(&walk_ins, &key("b"), &guests.to_string()).await;
        assert_eq!(problem(&later, 409), "booking.not_all_free");
    });
}

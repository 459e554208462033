//! What other programs learn of a home visit.

use booking::{Booking, Place};
use kernel::{Id, Money};
use testkit::{START, on_each_engine};

use serde_json::json;

use super::house::{House, Program, problem, program};
use crate::Scope;

impl House {
    /// A confirmed visit at a customer's, three hours after one o'clock. The way costs nothing, so nothing is due before it.
    async fn booked_at_home(&self) -> Booking {
        let (service, wish) = (self.service, self.wish(3));
        self.goes_home(Money::ZERO).await;
        let held = self
            .write(self.customer, move |cx, tx| {
                let service = catalog::service(tx, service)?;
                let place = Place {
                    district: shop::District::Dongcheng,
                    point: geo::Wgs84 {
                        lat: 39.95,
                        lng: 116.39,
                    },
                };
                let door = ("鼓楼东大街 1 号院", "3 单元 502");
                let address = booking::keep_address(cx, tx, &service, place, door)?;
                booking::request_at_home(cx, tx, "at home", &wish, &[], address.id)
            })
            .await;
        self.app.run_jobs().await;
        self.booking(held.id).await
    }

    async fn sets_out(&self, id: Id<Booking>) {
        let seen = self.booking(id).await.version;
        self.write(self.owner_of(self.shop), move |cx, tx| {
            booking::depart(cx, tx, id, seen)
        })
        .await;
    }
}

#[test]
fn a_home_visit_is_shown_as_one_and_never_where_it_goes() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let visit = house.booked_at_home().await;
        let own = house.own().await;
        let list = format!("/api/v1/shops/{}/bookings", house.shop);
        let one = format!("{list}/{}", visit.id);
        let phone_in = async |when: &str| {
            let (page, listed) = (own.get(&one).await, own.get(&list).await);
            for page in [&page, &listed] {
                let shown = page.html().contains("大街 1 号院") || page.html().contains("502");
                let may_be = when == "on the way" && page.html().contains("\"steps\"");
                assert_eq!(shown, may_be, "{when}: {}", page.html());
            }
            let told = page.json()["booking"].clone();
            assert_eq!(
                (told["at_home"].as_bool(), told["bed"].as_str()),
                (Some(true), Some(""))
            );
            assert_eq!(
                listed.json()["items"][0]["customer_phone"],
                told["customer_phone"]
            );
            told["customer_phone"].as_str().unwrap().to_owned()
        };
        assert_eq!(phone_in("before").await, "");
        house.app.clock.advance_ms(START.day().at(15 * 60 + 30) - START);
        let tag = format!("\"v{}\"", visit.version);
        let comes = own
            .post(&format!("{one}/check-in"), &[("if-match", &tag)], "")
            .await;
        assert_eq!(
            problem(&comes, 409),
            "booking.not_now",
            "nobody comes to the shop"
        );
        house.sets_out(visit.id).await;
        assert_eq!(phone_in("on the way").await, "13812345678");
        let (id, seen) = (visit.id, house.booking(visit.id).await.version);
        house
            .write(house.owner_of(house.shop), move |cx, tx| {
                booking::cancel(cx, tx, id, seen, booking::Why::Full).map(drop)
            })
            .await;
        assert_eq!(phone_in("after").await, "");
    });
}

#[test]
fn a_calendar_says_that_it_is_at_a_home_and_not_at_which() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        house.booked_at_home().await;
        let owner = house.app.signed_in(house.owner_of(house.shop), "店主").await;
        let give = format!("/console/shops/{}/calendars/{}", house.shop, house.therapist);
        let shown = owner.post(&give, &[]).await;
        let addresses = shown.attributes("value", "http");
        let address = addresses.iter().find(|value| value.ends_with(".ics")).unwrap();
        let path = address.strip_prefix(testkit::BASE_URL).unwrap();
        let text = house.app.guest().get(path).await.html().to_owned();
        assert!(text.contains("LOCATION:上门服务\r\n"), "{text}");
        // The way there and back is 15 minutes each: it is no free time either.
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 3, "{text}");
        for (from, to, what) in [
            ("074500", "080000", "上门去程"),
            ("080000", "090000", "张女士 全身保健按摩"),
            ("090000", "091500", "上门回程"),
        ] {
            let times = format!("DTSTART:20261122T{from}Z\r\nDTEND:20261122T{to}Z\r\n");
            assert!(text.contains(&times), "{times} in {text}");
            assert!(text.contains(&format!("SUMMARY:{what}\r\n")), "{text}");
        }
        assert!(!text.contains("大街 1 号院") && !text.contains("502"), "{text}");
    });
}

const AT_HOME: &str = r#"{"district":"110101","latitude":39.95,"longitude":116.39,"datum":"wgs84"}"#;

fn caller_at_home(house: &House, starts_at: &str) -> serde_json::Value {
    json!({
        "service": house.service.to_string(), "starts_at": starts_at, "name": "王先生", "phone": "13987654321",
        "health_asked": true,
        "home": {
            "place": serde_json::from_str::<serde_json::Value>(AT_HOME).unwrap(),
            "street": "鼓楼东大街 1 号院", "house": "3 单元 502",
        },
    })
}

#[test]
fn the_fare_is_quoted_by_area_and_distance_and_nothing_is_kept() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let path = format!(
            "/api/v1/shops/{}/services/{}/home-quotes",
            house.shop, house.service
        );
        let ask = async |place: serde_json::Value| {
            own.post(&path, &[], &json!({ "place": place }).to_string()).await
        };
        let place: serde_json::Value = serde_json::from_str(AT_HOME).unwrap();
        assert_eq!(problem(&ask(place.clone()).await, 409), "booking.not_at_home");
        house.goes_home(Money::yuan(20)).await;
        let told = ask(place.clone()).await.json();
        assert_eq!(
            (
                &told["metres"],
                &told["travel_minutes"],
                &told["fare_fen"],
                &told["total_fen"]
            ),
            (&json!(1_200), &json!(15), &json!(2_000), &json!(14_800)),
        );
        let first = &told["days"][0]["times"][0];
        assert_eq!(first["therapists"], json!([house.therapist.to_string()]));
        // The same place as a Chinese map has it, and the station next to it.
        let shifted = geo::Wgs84 {
            lat: 39.95,
            lng: 116.39,
        }
        .to_gcj02();
        let by_map = json!({
            "district": "110101", "latitude": shifted.lat, "longitude": shifted.lng, "datum": "gcj02",
        });
        assert_eq!(ask(by_map).await.json()["metres"], 1_200);
        let by_station = json!({ "district": "110101", "station": "鼓楼大街站" });
        assert_eq!(ask(by_station).await.status, 200);
        for (field, value, status, code) in [
            ("datum", json!("bd09"), 422, "integration.bad_datum"),
            ("latitude", json!(95.0), 422, "integration.bad_place"),
            ("latitude", json!(null), 422, "booking.no_place"),
            ("latitude", json!(40.4), 422, "booking.outside_area"),
            ("district", json!("paris"), 422, "booking.no_district"),
            ("station", json!("天安门大街"), 422, "booking.no_place"),
        ] {
            let mut other = place.clone();
            other[field] = value;
            assert_eq!(problem(&ask(other).await, status), code, "{field}");
        }
        let body = json!({ "place": place }).to_string();
        let elsewhere = format!(
            "/api/v1/shops/{}/services/{}/home-quotes",
            house.foreign, house.service
        );
        assert_eq!(problem(&own.post(&elsewhere, &[], &body).await, 404), "not_found");
    });
}

#[test]
fn a_caller_is_booked_at_home_once_and_pays_at_the_door() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        house.goes_home(Money::yuan(20)).await;
        let own = house.own().await;
        let list = format!("/api/v1/shops/{}/bookings", house.shop);
        let body = caller_at_home(&house, "2026-11-22T14:00:00+08:00");
        let key = [("idempotency-key", "home")];
        let keyless = own.post(&list, &[], &body.to_string()).await;
        assert_eq!(problem(&keyless, 428), "integration.no_key");
        let mut nowhere = body.clone();
        nowhere["home"]["street"] = "".into();
        let refused = own.post(&list, &key, &nowhere.to_string()).await;
        assert_eq!(problem(&refused, 422), "booking.bad_street");
        let mut soon = body.clone();
        soon["starts_at"] = "2026-11-22T10:10:00+08:00".into();
        assert_eq!(
            problem(&own.post(&list, &key, &soon.to_string()).await, 422),
            "scheduling.past"
        );
        let made = own.post(&list, &key, &body.to_string()).await;
        assert_eq!(made.status, 201, "{}", made.html());
        assert_eq!(
            (&made.json()["state"], &made.json()["at_home"]),
            (&json!("confirmed"), &json!(true))
        );
        let again = own.post(&list, &key, &body.to_string()).await;
        assert_eq!(again.html(), made.html(), "sent twice, booked once");
        let mut other_door = body.clone();
        other_door["home"]["house"] = "503".into();
        assert_eq!(
            problem(&own.post(&list, &key, &other_door.to_string()).await, 409),
            "db.key_reused"
        );
        let order = format!(
            "/api/v1/shops/{}/orders/{}",
            house.shop,
            made.json()["order"].as_str().unwrap()
        );
        let order = own.get(&order).await.json();
        assert_eq!(
            (
                &order["order"]["total_fen"],
                &order["order"]["due_now_fen"],
                &order["order"]["state"]
            ),
            (&json!(14_800), &json!(0), &json!("placed")),
            "the way is a line of the order, paid at the door"
        );
    });
}

#[test]
fn the_address_is_told_from_departure_to_end() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        house.goes_home(Money::yuan(20)).await;
        let own = house.own().await;
        let centre = house.program(house.officer(), Scope::ALL).await;
        let list = format!("/api/v1/shops/{}/bookings", house.shop);
        let body = caller_at_home(&house, "2026-11-22T14:00:00+08:00").to_string();
        let made = own
            .post(&list, &[("idempotency-key", "home")], &body)
            .await
            .json();
        let id: Id<Booking> = made["id"].as_str().unwrap().parse().unwrap();
        let one = format!("{list}/{id}");
        let home = async |program: &Program| program.get(&one).await.json()["home"].clone();
        assert_eq!(home(&own).await["fare_fen"], 2_000);
        assert_eq!(home(&own).await["street"], json!(null), "before the departure");
        let path = format!("{one}/departure");
        let early = own.post(&path, &[("if-match", "\"v2\"")], "").await;
        assert_eq!(problem(&early, 409), "booking.not_time_to_go");
        house.app.clock.advance_minutes(200);
        own.step(&house, id, "departure", json!({})).await;
        let known = home(&own).await;
        assert_eq!(
            (&known["street"], &known["house"]),
            (&json!("鼓楼东大街 1 号院"), &json!("3 单元 502"))
        );
        assert_eq!(
            home(&centre).await["street"],
            json!(null),
            "the centre is told no address"
        );
        own.step(&house, id, "arrival", json!({})).await;
        let missing = format!("{one}/no-show");
        let seen = json!({ "version": house.booking(id).await.version }).to_string();
        assert_eq!(
            problem(&own.post(&missing, &[], &seen).await, 409),
            "booking.not_late_yet"
        );
        house.app.clock.advance_minutes(60);
        assert_eq!(
            problem(&own.post(&missing, &[], &seen).await, 409),
            "booking.not_called"
        );
        for calls in 1..=2 {
            own.step(&house, id, "calls", json!({})).await;
            assert_eq!(home(&own).await["calls"], calls);
        }
        let absent = own.step(&house, id, "no-show", json!({ "keep_fee": true })).await;
        assert_eq!(
            (&absent["state"], &absent["customer_phone"]),
            (&json!("no_show"), &json!(""))
        );
        let after = home(&own).await;
        assert_eq!(
            (&after["street"], &after["house"]),
            (&json!(null), &json!(null)),
            "after the end"
        );
        // A key that was used while the number could be told does not tell it afterwards.
        let replayed = own
            .post(&path, &[("idempotency-key", "departure 2")], r#"{"version":2}"#)
            .await;
        assert_eq!(replayed.json()["customer_phone"], "", "{}", replayed.html());
    });
}

#[test]
fn the_safety_key_needs_no_version() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let visit = house.booked_at_home().await;
        let own = house.own().await;
        let path = format!("/api/v1/shops/{}/bookings/{}/safety", house.shop, visit.id);
        let foreign = house.program(house.owner_of(house.foreign), Scope::ALL).await;
        assert_eq!(problem(&foreign.post(&path, &[], "").await, 404), "not_found");
        assert_eq!(
            problem(&own.post(&path, &[], "").await, 409),
            "booking.not_now",
            "nobody has set out"
        );
        house.app.clock.advance_ms(START.day().at(15 * 60 + 30) - START);
        house.sets_out(visit.id).await;
        for _ in 0..2 {
            let page = own.post(&path, &[("idempotency-key", "key")], "").await;
            assert_eq!(page.json()["state"], "aborted", "{}", page.html());
        }
        let cases = format!("/api/v1/shops/{}/cases", house.shop);
        let cases = own.get(&cases).await.json();
        assert_eq!(
            (&cases["items"][0]["kind"], &cases["items"][0]["state"]),
            (&json!("unsafe"), &json!("referred"))
        );
        assert_eq!(cases["items"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn a_visit_goes_to_another_address_with_the_customers_word() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        house.goes_home(Money::yuan(20)).await;
        let own = house.own().await;
        let list = format!("/api/v1/shops/{}/bookings", house.shop);
        let body = caller_at_home(&house, "2026-11-22T14:00:00+08:00").to_string();
        let made = own.post(&list, &[("idempotency-key", "home")], &body).await;
        let id: Id<Booking> = made.json()["id"].as_str().unwrap().parse().unwrap();
        let moving = format!("{list}/{id}/move");
        let version = format!("\"v{}\"", house.booking(id).await.version);
        let elsewhere = json!({
            "place": { "district": "110101", "latitude": 39.98, "longitude": 116.39, "datum": "wgs84" },
            "street": "安定门外大街 9 号", "house": "1 单元 101",
        });
        let send = async |program: &Program, path: &str, body: &serde_json::Value| {
            program
                .post(path, &[("if-match", &version)], &body.to_string())
                .await
        };
        let unsaid = send(&own, &moving, &json!({ "home": elsewhere })).await;
        assert_eq!(problem(&unsaid, 422), "booking.no_consent");
        let agreed = json!({ "home": elsewhere, "agreed": true });
        let mut far = agreed.clone();
        far["home"]["place"]["latitude"] = json!(40.4);
        assert_eq!(
            problem(&send(&own, &moving, &far).await, 422),
            "booking.outside_area"
        );
        let foreign = house.program(house.owner_of(house.foreign), Scope::ALL).await;
        let there = moving.replace(&house.shop.to_string(), &house.foreign.to_string());
        for path in [&moving, &there] {
            assert_eq!(problem(&send(&foreign, path, &agreed).await, 404), "not_found");
        }
        let moved = send(&own, &moving, &agreed).await;
        assert_eq!(moved.status, 200, "{}", moved.html());
        let told = own.get(&format!("{list}/{id}")).await;
        let home = &told.json()["home"];
        assert_eq!(
            (&home["metres"], &home["travel_minutes"], &home["street"]),
            (&json!(4_500), &json!(30), &json!(null))
        );
        house.app.clock.advance_minutes(200);
        own.step(&house, id, "departure", json!({})).await;
        let known = own.get(&format!("{list}/{id}")).await.json()["home"].clone();
        assert_eq!(
            (&known["street"], &known["house"]),
            (&json!("安定门外大街 9 号"), &json!("1 单元 101"))
        );
    });
}

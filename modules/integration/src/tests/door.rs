//! The API through its door: who may, what comes, and how it says no.

use kernel::{Actor, Id};
use serde_json::{Value, json};
use testkit::{Page, on_each_engine};

use super::house::{House, Program, problem, program};
use crate::{Scope, api};

/// The addresses, with what stands in them for a shop, a booking and its order.
fn filled(
    shop: Id<kernel::Shop>,
    house: &House,
    booking: &booking::Booking,
) -> Vec<(&'static str, String, Scope)> {
    let thing = booking.id.to_string();
    api::table()
        .endpoints()
        .iter()
        .map(|one| {
            let path = one
                .path
                .replace("{shop}", &shop.to_string())
                .replace("{booking}", &thing)
                .replace("{order}", &booking.order.to_string())
                .replace("{service}", &house.service.to_string())
                .replace("{month}", "2026-11")
                .replace("{line}", &thing)
                .replace("{ticket}", &thing)
                .replace("{leave}", &thing)
                .replace("{therapist}", &house.therapist.to_string())
                .replace("{webhook}", &thing)
                .replace("{delivery}", &thing);
            (one.method, path, one.scope)
        })
        .collect()
}

/// What an address needs in its query before it looks at anything else.
fn query(path: &str) -> String {
    match path.ends_with("/nearest") {
        true => format!("{path}?latitude=39.94&longitude=116.39"),
        false => path.to_owned(),
    }
}

fn caller(service: &str, starts_at: &str) -> String {
    json!({
        "service": service, "starts_at": starts_at, "name": "王先生", "phone": "13987654321", "health_asked": true,
    })
    .to_string()
}

const WRITING: [(&str, &str); 2] = [("if-match", "\"v1\""), ("idempotency-key", "one")];

/// A body that an address reads, by how it ends: whoever is refused is refused for who they are.
fn body_for(house: &House, path: &str) -> String {
    let end = path.rsplit('/').next().unwrap_or_default();
    let place = json!({ "district": "110101", "latitude": 39.95, "longitude": 116.39, "datum": "wgs84" });
    let (from, to) = ("2026-11-22T18:00:00+08:00", "2026-11-22T19:00:00+08:00");
    let body = match end {
        "bookings" | "walk-ins" | "tickets" => return caller("0000000000001", from),
        "refunds" => json!({ "percent": 100, "reason": "不满意" }),
        "refusal" if path.contains("/leaves/") => json!({ "reason": "人手不够" }),
        "refusal" if path.contains("/change/") => json!({}),
        "refusal" | "cancellation" => json!({ "why": "full" }),
        "lengthening" => json!({ "minutes": 30 }),
        "home-quotes" => json!({ "place": place }),
        "group-quotes" => {
            let part = json!({ "service": house.service.to_string() });
            json!({ "parts": [part, part] })
        }
        "groups" | "group-walk-ins" => {
            let parts = json!([{ "service": "0000000000001" }, { "service": "0000000000001" }]);
            json!({ "parts": parts, "starts_at": from, "name": "王先生", "phone": "13987654321", "health_asked": true })
        }
        "leaves" => json!({ "therapist": "0000000000001", "from": from, "to": to }),
        "days" => json!({ "day": "2026-11-22" }),
        _ => return String::new(),
    };
    body.to_string()
}

async fn ask(house: &House, program: &Program, method: &str, path: &str) -> Page {
    match method {
        "GET" => program.get(&query(path)).await,
        _ => program.post(path, &WRITING, &body_for(house, path)).await,
    }
}
#[test]
fn every_address_asks_for_its_token_its_scope_and_its_shop() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let booking = house.booked(0).await;
        house.goes_home(kernel::Money::yuan(20)).await;
        let all = house.own().await;
        let none = all.with(&house.app, "");
        let wrong = all.with(&house.app, &format!("tuina_{}", "0".repeat(64)));
        let foreign = house.program(house.owner_of(house.foreign), Scope::ALL).await;
        let mut lacking = Vec::new();
        for scope in Scope::ALL {
            let others: Vec<Scope> = Scope::ALL.iter().copied().filter(|one| one != scope).collect();
            let owner = house.owner_of(house.shop);
            lacking.push((*scope, house.program(owner, &others).await));
        }
        let mut private = 0;
        for (method, path, scope) in filled(house.shop, &house, &booking) {
            for stranger in [&none, &wrong] {
                let page = ask(&house, stranger, method, &path).await;
                assert_eq!(problem(&page, 401), "web.no_token", "{method} {path}");
                assert_eq!(page.headers["www-authenticate"], "Bearer");
                assert!(page.headers.get("set-cookie").is_none());
            }
            let (_, program) = lacking.iter().find(|(lacks, _)| *lacks == scope).unwrap();
            let page = ask(&house, program, method, &path).await;
            assert_eq!(problem(&page, 403), "web.no_scope", "{method} {path}");
            let told = page.headers["www-authenticate"].to_str().unwrap();
            assert!(told.contains(&format!("scope=\"{scope}\"")), "{told}");
            let page = ask(&house, &foreign, method, &path).await;
            let open = matches!(
                scope,
                Scope::ShopsRead
                    | Scope::ServicesRead
                    | Scope::TherapistsRead
                    | Scope::TimesRead
                    | Scope::ReviewsRead
            );
            if open {
                assert_eq!(page.status, 200, "what customers see: {path} {}", page.html());
            } else {
                assert_eq!(problem(&page, 404), "not_found", "{method} {path}");
                private += 1;
            }
        }
        assert!(private >= 60, "{private}");
        let untouched = house.booking(booking.id).await;
        assert_eq!(untouched.version, booking.version, "nobody changed anything");
        // The positive twin: with the right token the same questions are answered.
        for (method, path, _) in filled(house.shop, &house, &booking) {
            let other_thing = ["/deliveries", "/tickets/", "/leaves/"]
                .iter()
                .any(|part| path.contains(part));
            if method == "GET" && !other_thing {
                let page = ask(&house, &all, method, &path).await;
                assert_eq!(page.status, 200, "{path}: {}", page.html());
            }
        }
        let officer = house.program(house.officer(), Scope::ALL).await;
        let page = officer
            .get(&format!("/api/v1/shops/{}/orders", house.foreign))
            .await;
        assert_eq!(page.status, 200, "the centre sees every shop");
    });
}

#[test]
fn a_suspended_shop_is_seen_by_its_own_alone() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let (foreign, own) = (
            house.program(house.owner_of(house.foreign), Scope::ALL).await,
            house.own().await,
        );
        let shop = house.shop;
        house
            .write(Actor::System("test"), move |cx, tx| {
                let version = shop::shop(tx, shop)?.version;
                shop::suspend(cx, tx, shop, version, "卫生检查").map(drop)
            })
            .await;
        for rest in ["", "/services", "/therapists", "/categories", "/reviews"] {
            let path = format!("/api/v1/shops/{shop}{rest}");
            assert_eq!(problem(&foreign.get(&path).await, 404), "not_found", "{path}");
            assert_eq!(own.get(&path).await.status, 200, "{path}");
        }
    });
}

#[test]
fn a_shop_is_found_read_and_its_free_times_asked_for() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let first = own.get("/api/v1/shops?limit=1").await.json();
        let next = first["next"].as_str().expect("there are two shops");
        let second = own
            .get(&format!("/api/v1/shops?limit=1&cursor={next}"))
            .await
            .json();
        let mut names = [&first, &second].map(|page| page["items"][0]["name"].as_str().unwrap());
        names.sort_unstable();
        assert_eq!(names, ["明心堂盲人按摩", "清风堂盲人按摩"]);
        assert_eq!(second["next"], Value::Null);
        let near = own
            .get("/api/v1/shops/nearest?latitude=39.94&longitude=116.39&limit=1")
            .await
            .json();
        assert_eq!(near["items"].as_array().unwrap().len(), 1);
        assert_eq!(near["items"][0]["metres"], 0);
        let services = own
            .get(&format!("/api/v1/shops/{}/services", house.shop))
            .await
            .json();
        assert_eq!(services["items"][0]["price_fen"], 12_800);
        let times = format!("/api/v1/shops/{}/services/{}/times", house.shop, house.service);
        let days = own.get(&times).await.json();
        let free = &days["items"][0]["times"][0];
        assert_eq!(days["items"][0]["day"], "2026-11-22");
        assert_eq!(free["therapists"], json!([house.therapist.to_string()]));
        for (path, code) in [
            ("/api/v1/shops?limit=0", "integration.bad_limit"),
            ("/api/v1/shops?limit=101", "integration.bad_limit"),
            ("/api/v1/shops?cursor=x", "integration.bad_cursor"),
            (
                "/api/v1/shops/nearest?latitude=91&longitude=0",
                "integration.bad_place",
            ),
        ] {
            assert_eq!(problem(&own.get(path).await, 422), code, "{path}");
        }
        let bookings = format!("/api/v1/shops/{}/bookings", house.shop);
        let page = own.get(&format!("{bookings}?day=yesterday")).await;
        assert_eq!(problem(&page, 422), "integration.bad_day");
        assert_eq!(page.json()["field"], "day");
        assert_eq!(problem(&own.get("/api/v1/nothing").await, 404), "not_found");
        let foreign_service = format!("/api/v1/shops/{}/services/{}/times", house.foreign, house.service);
        assert_eq!(problem(&own.get(&foreign_service).await, 404), "not_found");
    });
}

#[test]
fn a_booking_is_taken_through_its_life_with_versions() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let booked = house.booked(0).await;
        let one = format!("/api/v1/shops/{}/bookings/{}", house.shop, booked.id);
        let page = own.get(&one).await;
        let tag = page.headers["etag"].to_str().unwrap().to_owned();
        assert_eq!(tag, format!("\"v{}\"", booked.version));
        let told = page.json();
        assert_eq!(told["booking"]["state"], "confirmed");
        assert_eq!(told["booking"]["customer_name"], "张女士");
        assert_eq!(told["steps"][0]["step"], "confirm");
        let list = own
            .get(&format!("/api/v1/shops/{}/bookings?day=2026-11-22", house.shop))
            .await
            .json();
        assert_eq!(list["items"][0]["id"], booked.id.to_string());

        let check_in = format!("{one}/check-in");
        let refused = own.post(&check_in, &[], "").await;
        assert_eq!(problem(&refused, 428), "integration.no_version");
        let early = own.post(&check_in, &[("if-match", &tag)], "").await;
        assert_eq!(problem(&early, 409), "booking.too_early");
        house.app.clock.advance_minutes(160);
        let stale = own.post(&check_in, &[("if-match", "\"v1\"")], "").await;
        assert_eq!(problem(&stale, 409), "booking.changed");
        let bad = own.post(&check_in, &[("if-match", "v1")], "").await;
        assert_eq!(problem(&bad, 422), "integration.bad_version");
        for (body, status) in [("{", 400), (r#"{"version":"x"}"#, 400), (r#"{"versoin":1}"#, 400)] {
            let page = own.post(&check_in, &[], body).await;
            assert_eq!(problem(&page, status), "integration.bad_body", "{body}");
        }
        let long = format!(r#"{{"version":{}}}"#, " ".repeat(70_000));
        assert_eq!(
            problem(&own.post(&check_in, &[], &long).await, 413),
            "web.too_large"
        );

        let here = own.post(&check_in, &[("if-match", &tag)], "").await;
        assert_eq!(here.status, 200, "{}", here.html());
        assert_eq!(here.json()["state"], "checked_in");
        let again = own.post(&check_in, &[("if-match", &tag)], "").await;
        assert_eq!(
            again.status,
            200,
            "the same again changes nothing: {}",
            again.html()
        );
        assert_eq!(again.json()["version"], here.json()["version"]);
        for (step, state) in [("start", "in_service"), ("completion", "completed")] {
            let version = house.booking(booked.id).await.version;
            let body = json!({ "version": version }).to_string();
            let page = own.post(&format!("{one}/{step}"), &[], &body).await;
            assert_eq!(page.json()["state"], state, "{}", page.html());
        }
        let steps = own.get(&one).await.json();
        let owner = house.owner_of(house.shop).to_string();
        assert_eq!(
            steps["steps"][0]["actor"], owner,
            "in the name of who made the token"
        );
    });
}

#[test]
fn a_caller_is_booked_once_at_a_free_time() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let list = format!("/api/v1/shops/{}/bookings", house.shop);
        let (service, six) = (house.service.to_string(), "2026-11-22T18:00:00+08:00");
        let body = caller(&service, six);
        let keyless = own.post(&list, &[], &body).await;
        assert_eq!(problem(&keyless, 428), "integration.no_key");
        let first = own.post(&list, &[("idempotency-key", "a")], &body).await;
        assert_eq!(first.status, 201, "{}", first.html());
        assert_eq!(first.json()["state"], "confirmed");
        assert_eq!(first.json()["starts_at"], six);
        let second = own.post(&list, &[("idempotency-key", "a")], &body).await;
        assert_eq!(second.json()["id"], first.json()["id"], "sent twice, booked once");
        let taken = own.post(&list, &[("idempotency-key", "b")], &body).await;
        assert_eq!(problem(&taken, 409), "scheduling.time_taken");
        for (service, starts_at, status, code) in [
            (service.as_str(), "six o'clock", 422, "integration.bad_moment"),
            ("0000000000001", six, 404, "not_found"),
            ("x", six, 404, "not_found"),
        ] {
            let page = own
                .post(&list, &[("idempotency-key", "c")], &caller(service, starts_at))
                .await;
            assert_eq!(problem(&page, status), code, "{service} {starts_at}");
        }
    });
}

#[test]
fn a_booking_is_called_off_and_the_key_answers_twice() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let booked = house.booked(0).await;
        let path = format!("/api/v1/shops/{}/bookings/{}/cancellation", house.shop, booked.id);
        let tag = format!("\"v{}\"", booked.version);
        let headers = [("if-match", tag.as_str()), ("idempotency-key", "k1")];
        let no_reason = own.post(&path, &headers, "").await;
        assert_eq!(problem(&no_reason, 422), "booking.no_reason");
        let unpaid = own.post(&path, &headers, r#"{"why":"unpaid"}"#).await;
        assert_eq!(
            problem(&unpaid, 422),
            "booking.no_reason",
            "no reason of a shop's"
        );
        let first = own.post(&path, &headers, r#"{"why":"full"}"#).await;
        assert_eq!(first.json()["state"], "cancelled", "{}", first.html());
        let second = own.post(&path, &headers, r#"{"why":"full"}"#).await;
        assert_eq!(second.html(), first.html());
        let other = own.post(&path, &headers, r#"{"why":"closing_early"}"#).await;
        assert_eq!(problem(&other, 409), "db.key_reused");
    });
}

#[test]
fn orders_are_listed_looked_at_and_given_back_by_line() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let booked = house.booked(0).await;
        house.booked(2).await;
        let orders = format!("/api/v1/shops/{}/orders", house.shop);
        let first = own.get(&format!("{orders}?limit=1")).await.json();
        let next = first["next"].as_str().expect("there are two orders");
        let second = own.get(&format!("{orders}?limit=1&cursor={next}")).await.json();
        assert_eq!(
            second["items"][0]["id"],
            booked.order.to_string(),
            "the newest first"
        );
        assert_eq!(second["next"], Value::Null);

        let (order, owner) = (booked.order, house.owner_of(house.shop));
        house
            .write(owner, move |cx, tx| {
                order::take_cash(cx, tx, order, "cash", kernel::Money::yuan(128)).map(drop)
            })
            .await;
        let told = own.get(&format!("{orders}/{order}")).await.json();
        let line = &told["lines"][0];
        assert_eq!(line["booking"], booked.id.to_string());
        assert_eq!(
            line["allocation"],
            json!([{ "tender": "cash", "amount_fen": 12_800 }])
        );
        let path = format!("{orders}/{order}/lines/{}/refunds", line["id"].as_str().unwrap());
        let half = r#"{"percent":50,"reason":"手法太轻"}"#;
        let keyless = own.post(&path, &[], half).await;
        assert_eq!(problem(&keyless, 428), "integration.no_key");
        for (body, code) in [
            (r#"{"percent":0,"reason":"x"}"#, "order.bad_share"),
            (r#"{"percent":101,"reason":"x"}"#, "order.bad_share"),
            (r#"{"percent":50,"reason":" "}"#, "order.no_reason"),
        ] {
            let page = own.post(&path, &[("idempotency-key", "k")], body).await;
            assert_eq!(problem(&page, 422), code, "{body}");
        }
        for _ in 0..2 {
            let page = own.post(&path, &[("idempotency-key", "k")], half).await;
            assert_eq!(page.status, 201, "{}", page.html());
            assert_eq!(page.json()["amount_fen"], 6_400);
        }
        let told = own.get(&format!("{orders}/{order}")).await.json();
        assert_eq!(
            told["order"]["refunded_fen"], 6_400,
            "once, though it was sent twice"
        );
        assert_eq!(told["takings"][0]["returned_fen"], 6_400);
        let payments = own.get(&format!("{orders}/{order}/payments")).await.json();
        assert_eq!(payments["items"], json!([]), "nothing went through WeChat");
    });
}

#[test]
fn the_books_of_a_shop_are_read_by_account_and_by_month() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let (order, owner) = (house.booked(0).await.order, house.owner_of(house.shop));
        house
            .write(owner, move |cx, tx| {
                order::take_cash(cx, tx, order, "cash", kernel::Money::yuan(128)).map(drop)
            })
            .await;
        let accounts = own
            .get(&format!("/api/v1/shops/{}/ledger/accounts", house.shop))
            .await
            .json();
        let cash = accounts["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["kind"] == "cash")
            .expect("the drawer has an account");
        assert_eq!((&cash["unit"], &cash["balance"]), (&json!("fen"), &json!(12_800)));
        let month = own
            .get(&format!("/api/v1/shops/{}/ledger/statements/2026-11", house.shop))
            .await
            .json();
        assert_eq!(month["net_fen"], 12_800, "{month}");
        let page = own
            .get(&format!("/api/v1/shops/{}/ledger/statements/2026-13", house.shop))
            .await;
        assert_eq!(problem(&page, 404), "not_found");
    });
}

#[test]
fn a_token_ends_by_time_by_hand_and_with_its_maker() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let (own, other) = (house.own().await, house.own().await);
        assert_eq!(own.get("/api/v1/shops").await.status, 200);
        let (id, owner, stranger) = (
            own.token,
            house.owner_of(house.shop),
            house.owner_of(house.foreign),
        );
        let cx = house.app.cx(stranger);
        let tried = house
            .app
            .app
            .db
            .write(move |tx| web::tokens::revoke(&cx, tx, id).map(drop));
        assert!(matches!(tried.await, Err(kernel::Error::NotFound)));
        let seen = house.write(owner, web::tokens::kept).await;
        assert!(
            seen.iter()
                .any(|token| token.id == id && token.seen_at == Some(testkit::START))
        );
        house
            .write(owner, move |cx, tx| web::tokens::revoke(cx, tx, id).map(drop))
            .await;
        assert_eq!(problem(&own.get("/api/v1/shops").await, 401), "web.no_token");
        assert_eq!(other.get("/api/v1/shops").await.status, 200);
        house.app.clock.advance_minutes(30 * 24 * 60);
        assert_eq!(problem(&other.get("/api/v1/shops").await, 401), "web.no_token");
        let third = house.own().await;
        assert_eq!(third.get("/api/v1/shops").await.status, 200);
        let Actor::Staff { id, .. } = owner else {
            panic!("an owner is staff")
        };
        house
            .write(owner, move |_, tx| web::sessions::end_all_of(tx, id))
            .await;
        assert_eq!(problem(&third.get("/api/v1/shops").await, 401), "web.no_token");
    });
}

#[test]
fn a_token_asks_so_often_in_a_minute_and_no_more() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let new = web::tokens::NewToken {
            name: "x".to_owned(),
            scopes: vec!["shops:read".to_owned()],
            expires_at: testkit::START.plus_minutes(60),
            per_minute: 3,
        };
        let (_, secret) = house
            .write(house.officer(), move |cx, tx| web::tokens::issue(cx, tx, &new))
            .await;
        let busy = house.own().await.with(&house.app, secret.reveal());
        for _ in 0..3 {
            assert_eq!(busy.get("/api/v1/shops").await.status, 200);
        }
        let page = busy.get("/api/v1/shops").await;
        assert_eq!(problem(&page, 429), "web.too_many");
        let wait: u64 = page.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=61).contains(&wait), "{wait}");
        house.app.clock.advance_minutes(1);
        assert_eq!(busy.get("/api/v1/shops").await.status, 200);
    });
}

#[test]
fn a_problem_speaks_the_language_that_is_asked_for() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let path = "/api/v1/shops?limit=0";
        for (tag, words) in [("zh-CN", "limit 要在"), ("en", "limit must be")] {
            let page = own.send("GET", path, &[("accept-language", tag)], "").await;
            assert_eq!(problem(&page, 422), "integration.bad_limit");
            let detail = page.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.starts_with(words), "{detail}");
        }
        // Cookies of a signed-in owner open nothing here.
        let owner = house.app.signed_in(house.owner_of(house.shop), "店主").await;
        let page = owner.get("/api/v1/shops").await;
        assert_eq!(problem(&page, 401), "web.no_token");
        let document = owner.get("/api/v1/openapi.json").await.json();
        assert_eq!(document["openapi"], "3.1.0");
        assert!(document["paths"]["/api/v1/shops/{shop}/bookings"]["get"].is_object());
    });
}

//! What the pages offer about a booking, by the API: each with its version, its key, and its refusals in words.

use booking::{Booking, State};
use kernel::{Id, Money};
use serde_json::{Value, json};
use testkit::on_each_engine;

use super::house::{House, Program, problem, program};
use crate::Scope;

async fn whole(own: &Program, house: &House, id: Id<Booking>) -> Value {
    own.get(&format!("/api/v1/shops/{}/bookings/{id}", house.shop))
        .await
        .json()
}

#[test]
fn a_booking_gets_another_therapist_and_another_time() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let other = house.hires().await;
        let (own, id) = (house.own().await, house.booked(0).await.id);
        let one = format!("/api/v1/shops/{}/bookings/{id}", house.shop);
        let first = house.booking(id).await.therapist;
        let (other, first) = match first == house.therapist {
            true => (other, first),
            false => (house.therapist, first),
        };
        let could = own.get(&format!("{one}/therapists")).await.json();
        assert_eq!(
            could["items"],
            json!([{ "therapist": other.to_string(), "asks_customer": false }])
        );
        let swapped = own
            .step(&house, id, "move", json!({ "therapist": other.to_string() }))
            .await;
        assert_eq!(
            swapped["therapist"],
            other.to_string(),
            "whom nobody asked for is exchanged at once"
        );
        own.step(&house, id, "move", json!({ "therapist": first.to_string() }))
            .await;

        let times = own.get(&format!("{one}/move")).await.json();
        let free: Vec<&str> = times["items"][0]["times"]
            .as_array()
            .unwrap()
            .iter()
            .map(|time| time["starts_at"].as_str().unwrap())
            .collect();
        let two = "2026-11-22T14:00:00+08:00";
        assert!(
            free.contains(&two) && !free.contains(&"2026-11-22T13:00:00+08:00"),
            "{free:?}"
        );
        let moved = own
            .step(&house, id, "move", json!({ "starts_at": two, "agreed": true }))
            .await;
        assert_eq!(
            (&moved["starts_at"], &moved["state"]),
            (&json!(two), &json!("confirmed"))
        );
    });
}

#[test]
fn a_customer_stays_longer() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let (own, id) = (house.own().await, house.booked(0).await.id);
        let one = format!("/api/v1/shops/{}/bookings/{id}", house.shop);
        house.app.clock.advance_minutes(3 * 60);
        own.step(&house, id, "check-in", json!({})).await;
        let extras = own.get(&format!("{one}/lengthening")).await.json();
        let half = extras["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["minutes"] == 30);
        assert_eq!(
            half.unwrap(),
            &json!({
                "service": null, "name": null, "minutes": 30, "amount_fen": 6_400, "fits": true,
            })
        );
        let version = house.booking(id).await.version;
        for body in [
            json!({}),
            json!({ "minutes": 31 }),
            json!({ "minutes": 30, "service": "0000000000001" }),
        ] {
            let mut body = body;
            body["version"] = version.into();
            let page = own
                .post(&format!("{one}/lengthening"), &[], &body.to_string())
                .await;
            assert_eq!(problem(&page, 422), "booking.no_extra", "{body}");
        }
        let longer = own
            .step(&house, id, "lengthening", json!({ "minutes": 30 }))
            .await;
        assert_eq!(
            (&longer["minutes"], &longer["price_fen"]),
            (&json!(90), &json!(19_200))
        );
    });
}

#[test]
fn a_service_is_handed_over_opened_again_and_broken_off() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let (own, id) = (house.own().await, house.booked(0).await.id);
        let (first, other) = (house.therapist, house.hires().await);
        let one = format!("/api/v1/shops/{}/bookings/{id}", house.shop);
        let one_o_clock = "2026-11-22T13:00:00+08:00";
        house.app.clock.advance_minutes(3 * 60);
        for (step, body) in [
            ("check-in", json!({})),
            ("lengthening", json!({ "minutes": 30 })),
            ("start", json!({})),
        ] {
            own.step(&house, id, step, body).await;
        }
        house.app.clock.advance_minutes(40);
        let could = own.get(&format!("{one}/therapists")).await.json();
        assert_eq!(could["items"][0]["therapist"], other.to_string());
        let body = json!({ "version": house.booking(id).await.version, "therapist": other.to_string() });
        let silent = own
            .post(&format!("{one}/hand-over"), &[], &body.to_string())
            .await;
        assert_eq!(problem(&silent, 422), "booking.no_words");
        let relief = json!({ "therapist": other.to_string(), "words": "刘师傅不舒服" });
        own.step(&house, id, "hand-over", relief).await;
        own.step(&house, id, "completion", json!({})).await;
        let told = whole(&own, &house, id).await;
        assert_eq!(
            told["stretches"],
            json!([
                { "therapist": first.to_string(), "from": one_o_clock, "to": "2026-11-22T13:40:00+08:00" },
                { "therapist": other.to_string(), "from": "2026-11-22T13:40:00+08:00", "to": "2026-11-22T14:30:00+08:00" },
            ])
        );
        assert_eq!(told["extensions"][0]["minutes"], 30);
        let again = own
            .step(&house, id, "reopening", json!({ "words": "按错了" }))
            .await;
        assert_eq!(again["state"], "in_service");
        let bad = json!({ "version": house.booking(id).await.version, "why": "full" });
        let refused = own.post(&format!("{one}/abort"), &[], &bad.to_string()).await;
        assert_eq!(problem(&refused, 422), "booking.no_reason");
        let ended = own
            .step(
                &house,
                id,
                "abort",
                json!({ "why": "customer_stops", "words": "有急事" }),
            )
            .await;
        assert_eq!(ended["state"], "aborted");
        let told = whole(&own, &house, id).await;
        assert_eq!(told["steps"][0]["why"], "customer_stops");
        assert_eq!(
            told["stretches"],
            json!([{ "therapist": first.to_string(), "from": one_o_clock, "to": "2026-11-22T13:40:00+08:00" }]),
            "who took over at that minute has served none"
        );
    });
}

#[test]
fn what_the_customer_is_asked_is_agreed_to_refused_or_taken_back() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let (own, id) = (house.own().await, house.booked(2).await.id);
        let changes = format!("/api/v1/shops/{}/changes", house.shop);
        let one = format!("/api/v1/shops/{}/bookings/{id}", house.shop);
        let later = json!({ "starts_at": "2026-11-22T17:00:00+08:00", "note": "刘师傅要晚到" });
        own.step(&house, id, "move", later.clone()).await;
        let open = own.get(&changes).await.json();
        assert_eq!(
            (
                &open["items"][0]["by"],
                &open["items"][0]["starts_at"],
                &open["items"][0]["note"]
            ),
            (
                &json!("shop"),
                &json!("2026-11-22T17:00:00+08:00"),
                &json!("刘师傅要晚到")
            )
        );
        assert_eq!(whole(&own, &house, id).await["change"], open["items"][0]);
        let mut twice = later.clone();
        twice["starts_at"] = "2026-11-22T18:00:00+08:00".into();
        twice["version"] = house.booking(id).await.version.into();
        let refused = own.post(&format!("{one}/move"), &[], &twice.to_string()).await;
        assert_eq!(problem(&refused, 409), "booking.change_open");
        let seen = json!({ "version": house.booking(id).await.version }).to_string();
        let no = own.post(&format!("{one}/change/refusal"), &[], &seen).await;
        assert_eq!(
            problem(&no, 403),
            "forbidden",
            "nobody refuses what they proposed"
        );
        own.step(&house, id, "change/withdrawal", json!({})).await;
        assert_eq!(own.get(&changes).await.json()["items"], json!([]));
        let seen = json!({ "version": house.booking(id).await.version }).to_string();
        let nothing = own.post(&format!("{one}/change/agreement"), &[], &seen).await;
        assert_eq!(problem(&nothing, 409), "booking.no_change");
        own.step(&house, id, "move", later).await;
        let agreed = own.step(&house, id, "change/agreement", json!({})).await;
        assert_eq!(
            agreed["starts_at"], "2026-11-22T17:00:00+08:00",
            "the customer said yes on the telephone"
        );
    });
}

#[test]
fn a_shop_that_is_asked_takes_time_says_no_to_a_change_and_yes() {
    on_each_engine(program, |app| async move {
        let house = House::accepting(app, shop::Accepts::Manual).await;
        let own = house.own().await;
        let asked = house.booked(4).await;
        assert_eq!(asked.state, State::Requested);
        let list = format!("/api/v1/shops/{}/bookings", house.shop);
        let waiting = own.get(&format!("{list}?state=requested")).await.json();
        assert_eq!(waiting["items"][0]["id"], asked.id.to_string());
        assert_eq!(
            own.get(&format!("{list}?state=confirmed")).await.json()["items"],
            json!([])
        );
        let bad = own.get(&format!("{list}?state=happy")).await;
        assert_eq!(problem(&bad, 422), "integration.bad_state");
        let longer = own.step(&house, asked.id, "extension", json!({})).await;
        assert!(
            longer["answer_by"].as_str() > Some(&asked.answer_by.unwrap().to_string()),
            "{longer}"
        );
        own.step(&house, asked.id, "confirmation", json!({})).await;
        for (step, starts_at) in [("refusal", "17:00"), ("agreement", "18:00")] {
            let (id, at) = (
                asked.id,
                house.wish(if step == "refusal" { 4 } else { 5 }).starts_at,
            );
            let seen = house.booking(id).await.version;
            house
                .write(house.customer, move |cx, tx| {
                    let before = booking::booking(tx, id)?;
                    let to = booking::Proposal::at(&before, at.plus_minutes(0));
                    let to = booking::Proposal {
                        starts_at: at.plus_minutes(60),
                        ..to
                    };
                    booking::propose(cx, tx, id, seen, &to)
                })
                .await;
            let open = own
                .get(&format!("/api/v1/shops/{}/changes", house.shop))
                .await
                .json();
            assert_eq!(open["items"][0]["by"], "customer", "{starts_at} {open}");
            own.step(&house, id, &format!("change/{step}"), json!({})).await;
        }
        assert_eq!(
            whole(&own, &house, asked.id).await["booking"]["starts_at"],
            "2026-11-22T19:00:00+08:00"
        );
    });
}

#[test]
fn what_is_kept_of_a_no_show_can_be_said_later() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let (own, service, wish) = (house.own().await, house.service, house.wish(0));
        let owner = house.owner_of(house.shop);
        house
            .write(owner, move |cx, tx| {
                catalog::set_prepay(cx, tx, service, catalog::Prepay::Full).map(drop)
            })
            .await;
        let held = house
            .write(house.customer, move |cx, tx| {
                booking::request(cx, tx, "paid", &wish)
            })
            .await;
        let order = held.order;
        house
            .write(owner, move |cx, tx| {
                order::take_cash(cx, tx, order, "cash", Money::yuan(128)).map(drop)
            })
            .await;
        house.app.run_jobs().await;
        house.app.clock.advance_minutes(200);
        own.step(&house, held.id, "no-show", json!({ "later": true }))
            .await;
        let cases = format!("/api/v1/shops/{}/cases", house.shop);
        let open = own.get(&cases).await.json()["items"][0].clone();
        assert_eq!(
            (&open["state"], &open["kept_fen"]),
            (&json!("undecided"), &json!(null))
        );
        let most = open["most_fen"].as_i64().unwrap();
        assert!(most > 0, "{open}");
        let path = format!("/api/v1/shops/{}/bookings/{}/fee", house.shop, held.id);
        let version = house.booking(held.id).await.version;
        let much = json!({ "version": version, "amount_fen": most + 1 }).to_string();
        assert_eq!(
            problem(&own.post(&path, &[], &much).await, 422),
            "booking.too_much"
        );
        own.step(&house, held.id, "fee", json!({ "amount_fen": most - 100 }))
            .await;
        let told = whole(&own, &house, held.id).await;
        assert_eq!(
            (&told["case"]["state"], &told["case"]["kept_fen"]),
            (&json!("decided"), &json!(most - 100))
        );
        let version = house.booking(held.id).await.version;
        let again = own
            .post(&path, &[], &json!({ "version": version }).to_string())
            .await;
        assert_eq!(problem(&again, 409), "booking.no_case");
    });
}

#[test]
fn the_centre_books_in_the_shops_name_and_only_what_is_the_shops() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let centre = house.program(house.officer(), Scope::ALL).await;
        let list = format!("/api/v1/shops/{}/bookings", house.shop);
        let elsewhere = format!("/api/v1/shops/{}/bookings", house.foreign);
        let body = json!({
            "service": house.service.to_string(), "starts_at": "2026-11-22T18:00:00+08:00", "name": "王先生",
            "phone": "13987654321", "health_asked": true, "remembered": true,
        });
        let wrong = centre
            .post(&elsewhere, &[("idempotency-key", "a")], &body.to_string())
            .await;
        assert_eq!(problem(&wrong, 404), "not_found", "the service is another shop's");
        let mut unasked = body.clone();
        unasked["health_asked"] = false.into();
        let refused = centre
            .post(&list, &[("idempotency-key", "a")], &unasked.to_string())
            .await;
        assert_eq!(problem(&refused, 422), "booking.not_asked");
        let first = centre
            .post(&list, &[("idempotency-key", "a")], &body.to_string())
            .await;
        assert_eq!(
            (first.status, &first.json()["state"]),
            (201, &json!("confirmed")),
            "{}",
            first.html()
        );
        let second = centre
            .post(&list, &[("idempotency-key", "a")], &body.to_string())
            .await;
        assert_eq!(second.html(), first.html());
        let id: Id<Booking> = first.json()["id"].as_str().unwrap().parse().unwrap();
        let steps = whole(&centre, &house, id).await["steps"].clone();
        let officer = house.officer().to_string();
        assert!(
            steps
                .as_array()
                .unwrap()
                .iter()
                .all(|step| step["actor"] == officer.as_str()),
            "{steps}"
        );
        // The shop remembers the caller, as if its own desk had entered them.
        let (shop, customer) = (house.shop, house.booking(id).await.customer);
        let known = house
            .write(house.owner_of(shop), move |cx, tx| {
                identity::is_remembered(tx, cx.shop()?, customer)
            })
            .await;
        assert!(known);
        let walk_ins = format!("/api/v1/shops/{}/walk-ins", house.shop);
        let guest = json!({ "service": house.service.to_string(), "health_asked": true }).to_string();
        let here = centre.post(&walk_ins, &[("idempotency-key", "b")], &guest).await;
        assert_eq!(
            (here.status, &here.json()["state"]),
            (201, &json!("checked_in")),
            "{}",
            here.html()
        );
    });
}

#[test]
fn who_stands_there_is_entered_and_who_says_a_code_is_checked_in() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let walk_ins = format!("/api/v1/shops/{}/walk-ins", house.shop);
        let guest = json!({ "service": house.service.to_string(), "health_asked": true });
        let keyless = own.post(&walk_ins, &[], &guest.to_string()).await;
        assert_eq!(problem(&keyless, 428), "integration.no_key");
        let first = own
            .post(&walk_ins, &[("idempotency-key", "a")], &guest.to_string())
            .await;
        assert_eq!(first.status, 201, "{}", first.html());
        let told = first.json();
        assert_eq!(
            (&told["state"], &told["customer_name"]),
            (&json!("checked_in"), &json!("散客"))
        );
        let second = own
            .post(&walk_ins, &[("idempotency-key", "a")], &guest.to_string())
            .await;
        assert_eq!(second.html(), first.html(), "sent twice, entered once");
        let nobody = own
            .post(&walk_ins, &[("idempotency-key", "b")], &guest.to_string())
            .await;
        assert_eq!(problem(&nobody, 409), "booking.nobody_free");

        let booked = house.booked(2).await;
        let check_ins = format!("/api/v1/shops/{}/check-ins", house.shop);
        let code = json!({ "code": booked.code }).to_string();
        let early = own.post(&check_ins, &[], &code).await;
        assert_eq!(problem(&early, 409), "booking.too_early");
        house.app.clock.advance_minutes(5 * 60 - 10);
        let headers = [("idempotency-key", "code")];
        for _ in 0..2 {
            let page = own.post(&check_ins, &headers, &code).await;
            assert_eq!(page.json()["state"], "checked_in", "{}", page.html());
        }
        assert_eq!(
            problem(&own.post(&check_ins, &[], &code).await, 409),
            "booking.code_used"
        );
        let wrong = own.post(&check_ins, &[], r#"{"code":"000000x"}"#).await;
        assert_eq!(problem(&wrong, 422), "booking.unknown_code");
    });
}

#[test]
fn a_day_comes_in_pages() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let booked = [
            house.booked(0).await.id,
            house.booked(2).await.id,
            house.booked(4).await.id,
        ];
        let list = format!("/api/v1/shops/{}/bookings?day=2026-11-22&limit=2", house.shop);
        let first = own.get(&list).await.json();
        let ids = |page: &Value| -> Vec<String> {
            let items = page["items"].as_array().unwrap().iter();
            items.map(|one| one["id"].as_str().unwrap().to_owned()).collect()
        };
        let next = first["next"].as_str().unwrap().to_owned();
        let second = own.get(&format!("{list}&cursor={next}")).await.json();
        let all: Vec<String> = [ids(&first), ids(&second)].concat();
        assert_eq!(all, booked.map(|id| id.to_string()));
        assert_eq!(second["next"], json!(null));
        let lost = own.get(&format!("{list}&cursor=x")).await;
        assert_eq!(problem(&lost, 422), "integration.bad_cursor");
    });
}

//! A therapist's calendar through its secret address.

use kernel::Actor;
use serde_json::json;
use testkit::on_each_engine;

use super::house::{House, program};

#[test]
fn a_therapist_reads_the_own_bookings_until_the_address_is_taken_away() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let booked = house.booked(0).await;
        let called_off = house.booked(2).await;
        house
            .write(house.owner_of(house.shop), move |cx, tx| {
                let (id, seen) = (called_off.id, called_off.version);
                booking::cancel(cx, tx, id, seen, booking::Why::Full).map(drop)
            })
            .await;
        let owner = house.app.signed_in(house.owner_of(house.shop), "店主").await;
        let list = format!("/console/shops/{}/calendars", house.shop);
        let give = format!("{list}/{}", house.therapist);
        let shown = owner.post(&give, &[]).await;
        let address = shown
            .attributes("value", "http")
            .into_iter()
            .find(|value| value.ends_with(".ics"))
            .expect("the address is shown");
        let path = address.strip_prefix(testkit::BASE_URL).unwrap().to_owned();
        let guest = house.app.guest();
        let page = guest.get(&path).await;
        assert_eq!(page.headers["content-type"], "text/calendar; charset=utf-8");
        let text = page.html();
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 2, "{text}");
        for wanted in [
            format!("UID:{}@tuina\r\n", booked.id),
            format!("SEQUENCE:{}\r\n", booked.version),
            "DTSTART:20261122T050000Z\r\nDTEND:20261122T060000Z\r\n".to_owned(),
            "SUMMARY:张女士 全身保健按摩\r\n".to_owned(),
            "STATUS:CONFIRMED\r\n".to_owned(),
            "STATUS:CANCELLED\r\n".to_owned(),
        ] {
            assert!(text.contains(&wanted), "{wanted} in {text}");
        }
        assert!(!text.contains("138"), "no telephone number");
        assert!(owner.get(&list).await.text().contains("最近读取"), "{list}");

        let renewed = owner.post(&give, &[]).await;
        assert_eq!(renewed.status, 200);
        assert_eq!(guest.get(&path).await.status, 404, "the former address is dead");
        let path = renewed
            .attributes("value", "http")
            .into_iter()
            .find_map(|value| value.strip_prefix(testkit::BASE_URL).map(str::to_owned))
            .unwrap();
        assert_eq!(guest.get(&path).await.status, 200);
        owner.post(&format!("{give}/removal"), &[]).await;
        assert_eq!(guest.get(&path).await.status, 404);
        for nonsense in ["/calendars/x", "/calendars/.ics", "/calendars/x.ics"] {
            assert_eq!(guest.get(nonsense).await.status, 404, "{nonsense}");
        }
    });
}

#[test]
fn a_foreign_therapist_has_no_calendar_here() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let owner = house.app.signed_in(house.owner_of(house.shop), "店主").await;
        let foreign = house.foreign_therapist;
        for path in [
            format!("/console/shops/{}/calendars/{foreign}", house.shop),
            format!("/console/shops/{}/calendars/{foreign}/removal", house.foreign),
        ] {
            assert_eq!(owner.post(&path, &[]).await.status, 404, "{path}");
        }
        // Whoever has left has no calendar any more.
        let (shop, person) = (house.shop, house.therapist);
        let secret = house
            .write(house.owner_of(shop), move |cx, tx| {
                crate::give_feed(cx, tx, shop, person)
            })
            .await;
        let path = format!("/calendars/{}.ics", secret.reveal());
        assert_eq!(house.app.guest().get(&path).await.status, 200);
        house
            .write(Actor::System("test"), move |cx, tx| {
                let version = therapist::therapist(tx, person)?.version;
                therapist::let_go(cx, tx, person, version).map(drop)
            })
            .await;
        assert_eq!(house.app.guest().get(&path).await.status, 404);
    });
}

/// The calendar of a therapist as a program reads it.
async fn feed(house: &House, therapist: kernel::Id<therapist::Therapist>) -> String {
    let shop = house.shop;
    let secret = house
        .write(house.owner_of(shop), move |cx, tx| {
            crate::give_feed(cx, tx, shop, therapist)
        })
        .await;
    let path = format!("/calendars/{}.ics", secret.reveal());
    house.app.guest().get(&path).await.html().to_owned()
}

#[test]
fn minutes_that_were_added_and_handed_over_stand_where_they_were_served() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let id = house.booked(0).await.id;
        let first = house.therapist;
        let other = house.hires().await;
        house.app.clock.advance_minutes(3 * 60);
        for (step, body) in [
            ("check-in", json!({})),
            ("start", json!({})),
            ("lengthening", json!({ "minutes": 30 })),
        ] {
            own.step(&house, id, step, body).await;
        }
        let whole = "DTSTART:20261122T050000Z\r\nDTEND:20261122T063000Z\r\n";
        assert!(feed(&house, first).await.contains(whole), "an hour and a half");
        house.app.clock.advance_minutes(20);
        let relief = json!({ "therapist": other.to_string(), "words": "刘师傅不舒服" });
        own.step(&house, id, "hand-over", relief).await;
        let (before, after) = (feed(&house, first).await, feed(&house, other).await);
        assert!(
            before.contains("DTSTART:20261122T050000Z\r\nDTEND:20261122T052000Z\r\n"),
            "{before}"
        );
        assert!(
            after.contains("DTSTART:20261122T052000Z\r\nDTEND:20261122T063000Z\r\n"),
            "{after}"
        );
        assert!(
            before.contains(&format!("UID:{id}@tuina\r\n"))
                && after.contains(&format!("UID:{id}-1@tuina\r\n"))
        );
        house.app.clock.advance_minutes(10);
        own.step(&house, id, "abort", json!({ "why": "customer_stops" }))
            .await;
        let ended = feed(&house, other).await;
        assert!(
            ended.contains("DTSTART:20261122T052000Z\r\nDTEND:20261122T053000Z\r\n"),
            "{ended}"
        );
        assert!(
            !ended.contains("CANCELLED"),
            "what was served was served: {ended}"
        );
    });
}

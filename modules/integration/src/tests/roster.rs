//! Shifts, single dates and leave, by the API.

use booking::State;
use scheduling::NewLeave;
use serde_json::{Value, json};
use testkit::{START, on_each_engine};

use super::house::{House, problem, program};

#[test]
fn a_week_and_a_date_are_set_and_free_times_follow() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let shop = format!("/api/v1/shops/{}", house.shop);
        let person = format!("{shop}/therapists/{}", house.therapist);
        let roster = own.get(&format!("{shop}/shifts")).await.json();
        assert_eq!(roster["items"][0]["week"].as_array().unwrap().len(), 7);
        let week = json!({ "week": [{ "weekday": 7, "starts": 840, "ends": 1_200 }] }).to_string();
        for _ in 0..2 {
            let page = own
                .post(&format!("{person}/shifts"), &[("idempotency-key", "w")], &week)
                .await;
            assert_eq!(
                page.json()["week"],
                json!([{ "weekday": 7, "starts": 840, "ends": 1_200 }]),
                "{}",
                page.html()
            );
        }
        let times = format!("{shop}/services/{}/times", house.service);
        let days = own.get(&times).await.json();
        assert_eq!(
            days["items"][0]["times"][0]["starts_at"],
            "2026-11-22T14:00:00+08:00"
        );
        let backwards = json!({ "week": [{ "weekday": 7, "starts": 1_200, "ends": 840 }] }).to_string();
        let refused = own.post(&format!("{person}/shifts"), &[], &backwards).await;
        assert_eq!(problem(&refused, 422), "scheduling.backwards");

        house.booked(2).await;
        let off = json!({ "day": "2026-11-22", "times": [] });
        let days = format!("{person}/days");
        assert_eq!(
            problem(&own.post(&days, &[], &off.to_string()).await, 409),
            "scheduling.day_hits_bookings"
        );
        let bad = own.post(&days, &[], r#"{"day":"tomorrow"}"#).await;
        assert_eq!(problem(&bad, 422), "integration.bad_day");
        let mut sure = off.clone();
        sure["sure"] = true.into();
        let set = own.post(&days, &[], &sure.to_string()).await.json();
        assert_eq!(set["days"], json!([{ "day": "2026-11-22", "times": [] }]));
        let usual = own.post(&days, &[], r#"{"day":"2026-11-22"}"#).await.json();
        assert_eq!(usual["days"], json!([]));
        let elsewhere = format!("{shop}/therapists/{}/days", house.foreign_therapist);
        assert_eq!(
            problem(&own.post(&elsewhere, &[], &off.to_string()).await, 404),
            "not_found"
        );
    });
}

impl House {
    /// The therapist asks for the afternoon off, from one to five.
    async fn leave_is_asked(&self) -> String {
        let new = NewLeave {
            therapist: self.therapist,
            from: START.day().at(13 * 60),
            to: START.day().at(17 * 60),
            reason: "看医生".to_owned(),
        };
        let id = self
            .write(self.owner_of(self.shop), move |cx, tx| {
                scheduling::ask_leave(cx, tx, new.clone())
            })
            .await;
        format!("/api/v1/shops/{}/leaves/{id}", self.shop)
    }
}

#[test]
fn a_leave_is_approved_with_a_decision_on_every_booking() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let (kept, gone) = (house.booked(0).await, house.booked(2).await);
        let one = house.leave_is_asked().await;
        let told = own.get(&one).await;
        assert_eq!(told.headers["etag"], "\"v1\"");
        let hits = told.json()["bookings"].clone();
        assert_eq!(hits.as_array().unwrap().len(), 2, "{hits}");
        assert_eq!(
            (&hits[0]["booking"], &hits[0]["stands"]),
            (&json!(kept.id.to_string()), &json!(true))
        );
        let approval = format!("{one}/approval");
        let undecided = own.post(&approval, &[], r#"{"version":1}"#).await;
        assert_eq!(problem(&undecided, 409), "booking.undecided");
        let on = |booking: &booking::Booking, decision: &str| json!({ "booking": booking.id.to_string(), "version": booking.version, "decision": decision });
        let bad = json!({ "version": 1, "decisions": [on(&kept, "perhaps")] }).to_string();
        assert_eq!(
            problem(&own.post(&approval, &[], &bad).await, 422),
            "integration.bad_decision"
        );
        let decisions = json!([on(&kept, "keep"), on(&gone, "cancel")]);
        let stale = json!({ "version": 9, "decisions": decisions }).to_string();
        assert_eq!(
            problem(&own.post(&approval, &[], &stale).await, 409),
            "scheduling.changed"
        );
        assert_eq!(
            house.booking(gone.id).await.state,
            State::Confirmed,
            "all of it or nothing"
        );
        let body = json!({ "version": 1, "decisions": decisions }).to_string();
        let headers = [("idempotency-key", "yes")];
        let granted = own.post(&approval, &headers, &body).await;
        assert_eq!(granted.status, 200, "{}", granted.html());
        let spans: Vec<Value> = granted.json()["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["from"].clone())
            .collect();
        assert_eq!(
            spans,
            [json!("2026-11-22T14:00:00+08:00")],
            "without the hour that is kept"
        );
        assert_eq!(own.post(&approval, &headers, &body).await.html(), granted.html());
        assert_eq!(house.booking(gone.id).await.state, State::Cancelled);
        assert_eq!(house.booking(kept.id).await.state, State::Confirmed);
    });
}

#[test]
fn a_leave_is_entered_refused_and_taken_back() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let own = house.own().await;
        let list = format!("/api/v1/shops/{}/leaves", house.shop);
        let one = house.leave_is_asked().await;
        let refusal = format!("{one}/refusal");
        assert_eq!(
            problem(&own.post(&refusal, &[], "").await, 428),
            "integration.no_version"
        );
        let silent = own.post(&refusal, &[], r#"{"version":1}"#).await;
        assert_eq!(problem(&silent, 422), "scheduling.no_reason");
        let stale = own
            .post(&refusal, &[], r#"{"version":4,"reason":"人手不够"}"#)
            .await;
        assert_eq!(problem(&stale, 409), "scheduling.changed");
        let no = own
            .post(
                &refusal,
                &[("idempotency-key", "no")],
                r#"{"version":1,"reason":"人手不够"}"#,
            )
            .await;
        assert_eq!(
            (&no.json()["state"], &no.json()["answer"]),
            (&json!("refused"), &json!("人手不够")),
            "{}",
            no.html()
        );

        house.booked(0).await;
        let entered = json!({
            "therapist": house.therapist.to_string(), "from": "2026-11-22T13:00:00+08:00", "to": "2026-11-22T17:00:00+08:00",
            "reason": "看医生",
        });
        assert_eq!(
            problem(&own.post(&list, &[], &entered.to_string()).await, 428),
            "integration.no_key"
        );
        let key = [("idempotency-key", "new")];
        let hits = own.post(&list, &key, &entered.to_string()).await;
        assert_eq!(problem(&hits, 409), "scheduling.leave_hits_bookings");
        let mut sure = entered.clone();
        sure["sure"] = true.into();
        let made = own.post(&list, &key, &sure.to_string()).await;
        assert_eq!(
            (made.status, &made.json()["state"]),
            (201, &json!("granted")),
            "{}",
            made.html()
        );
        assert_eq!(
            own.post(&list, &key, &sure.to_string()).await.html(),
            made.html(),
            "entered once"
        );
        assert_eq!(own.get(&list).await.json()["items"].as_array().unwrap().len(), 1);
        let back = format!("{list}/{}/withdrawal", made.json()["id"].as_str().unwrap());
        assert_eq!(
            problem(&own.post(&back, &[], r#"{"version":3}"#).await, 409),
            "scheduling.changed"
        );
        let taken = own.post(&back, &[("if-match", "\"v1\"")], "").await;
        assert_eq!(taken.json()["state"], "withdrawn", "{}", taken.html());
        let mut foreign = entered.clone();
        foreign["therapist"] = house.foreign_therapist.to_string().into();
        let refused = own
            .post(&list, &[("idempotency-key", "f")], &foreign.to_string())
            .await;
        assert_eq!(problem(&refused, 404), "not_found");
    });
}

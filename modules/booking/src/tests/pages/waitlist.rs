//! The waitlist through the doors.

use super::*;

#[test]
fn a_full_day_is_waited_for_and_what_comes_free_is_booked() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let booked = visit.booked(900).await;
        reach_the_form(&visit).await;
        let own = join(&visit).await;
        let gone = visit.press(&booked, "cancellation", &[("reason", "full")]).await;
        assert_eq!(gone.status, 303, "{}", gone.text());
        visit.app.run_jobs().await;
        let offered = visit.wang.get(&own).await;
        assert!(
            offered.text().contains("今天下午 3 点有空了，刘师傅，为您留到"),
            "{}",
            offered.text()
        );
        take(&visit, &offered, &own).await;
        visit.done();
    });
}

/// From the times of a therapist who has none that suits.
async fn reach_the_form(visit: &Visit) {
    let times = visit
        .wang
        .get(&format!(
            "/shops/{}/book/{}/times?therapist={}",
            visit.shop, visit.service, visit.liu
        ))
        .await;
    assert!(
        times.text().contains("没有合适的时间，候补今天"),
        "{}",
        times.text()
    );
    let door = times
        .attributes("href", "/shops/")
        .into_iter()
        .find(|href| href.contains("/waitlist"))
        .unwrap()
        .replace("&amp;", "&");
    let form = visit.wang.get(&door).await;
    assert!(form.text().contains("刘师傅，有空了告诉您"), "{}", form.text());
}

/// What is wrong is said; then the entry stands, and the desk sees it. Its address.
async fn join(visit: &Visit) -> String {
    let (service, therapist) = (visit.service.to_string(), visit.liu.to_string());
    let day = START.day().to_string();
    let fields = |from: &'static str, to: &'static str| {
        vec![
            ("service", service.clone()),
            ("therapist", therapist.clone()),
            ("day", day.clone()),
            ("from", from.to_owned()),
            ("to", to.to_owned()),
        ]
    };
    let send = async |from, to| {
        let fields = fields(from, to);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        visit.wang.post("/waitlist", &fields).await
    };
    for (from, to, words) in [
        ("960", "900", "时间段不对"),
        ("900", "x", "时间段不对"),
        ("900", "1080", "这段时间现在有空"),
    ] {
        let no = send(from, to).await;
        assert!([409, 422].contains(&no.status), "{}", no.status);
        assert!(no.text().contains(words), "{}", no.text());
    }
    let joined = send("900", "915").await;
    let own = joined.location().unwrap().to_owned();
    let waits = visit.wang.get(&own).await;
    assert!(
        waits
            .text()
            .contains("正在候补：今天下午 3 点到下午 3 点一刻，刘师傅"),
        "{}",
        waits.text()
    );
    assert_eq!(visit.zhang.get(&own).await.status, 404, "another customer's");
    let desk = visit.owner.get("/desk/waitlist").await;
    assert!(desk.text().contains("今天 1 人候补"), "{}", desk.text());
    own
}

/// The offer leads to the details, and they to paying.
async fn take(visit: &Visit, offered: &testkit::Page, own: &str) {
    let (service, therapist) = (visit.service.to_string(), visit.liu.to_string());
    let details = offered
        .attributes("href", "/shops/")
        .into_iter()
        .find(|href| href.contains("/details"))
        .unwrap()
        .replace("&amp;", "&");
    let page = visit.wang.get(&details).await;
    let hidden = |name: &str| {
        page.attribute_after(&format!("name=\"{name}\""), "value")
            .unwrap()
    };
    let (key, slot, entry) = (hidden("key"), hidden("slot"), hidden("entry"));
    let sent = visit
        .wang
        .post(
            "/bookings",
            &[
                ("service", &service),
                ("therapist", &therapist),
                ("slot", &slot),
                ("key", &key),
                ("entry", &entry),
                ("name", "王先生"),
                ("phone", "13912345678"),
                ("strength", "firm"),
                ("health", "1"),
            ],
        )
        .await;
    assert!(
        sent.location().is_some_and(|to| to.ends_with("/payment")),
        "{}",
        sent.text()
    );
    let taken = visit.wang.get(own).await;
    assert!(
        taken.text().contains("已经预约：今天下午 3 点，刘师傅"),
        "{}",
        taken.text()
    );
    let list = visit.wang.get("/waitlist").await;
    assert!(list.text().contains("已预约"), "{}", list.text());
    let late = visit.wang.post(&format!("{own}/withdrawal"), &[]).await;
    assert_eq!(late.status, 409);
    assert!(late.text().contains("已经让给下一位"), "{}", late.text());
}

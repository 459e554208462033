//! Several whom the desk enters at once, through the doors.

use super::*;

const PHONE: &str = "/desk/phone-bookings/together";
const COUNTER: &str = "/desk/walk-ins/together";

/// Loads the form for so many and sends it with these fields.
async fn enters(visit: &Visit, path: &str, people: &str, fields: &[(&str, &str)]) -> testkit::Page {
    let form = visit.owner.get(&format!("{path}?people={people}")).await;
    assert_eq!(form.status, 200, "{}", form.text());
    let key = form.attribute_after("name=\"key\"", "value").unwrap();
    let any = format!("{}.any", visit.service);
    let whats = ["what0", "what1", "what2"].map(|what| (what, any.as_str()));
    let rows = people.parse().unwrap_or(3);
    let mut sent = vec![("key", key.as_str()), ("people", people), ("health", "1")];
    sent.extend(whats.iter().take(rows));
    sent.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
    sent.extend(fields);
    visit.owner.post(path, &sent).await
}

/// What somebody says on the telephone for several, and what of it is different.
fn call<'a>(day: &'a str, different: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("phone", "13912345678"),
        ("name", "张女士"),
        ("name1", "李女士"),
        ("day", day),
        ("clock", "15:00"),
    ];
    fields.retain(|(name, _)| !different.iter().any(|(other, _)| other == name));
    fields.extend(different);
    fields
}

async fn bookings(visit: &Visit) -> usize {
    visit
        .owner
        .get("/desk/bookings")
        .await
        .attributes("href", "/desk/bookings/0")
        .len()
}

#[test]
fn one_rings_for_several() {
    Visit::on_each_engine(Accepts::Manual, async |visit| {
        let single = visit.owner.get("/desk/phone-bookings").await;
        assert!(single.attributes("href", PHONE).len() == 1, "{}", single.html());
        let many = visit.owner.get(PHONE).await;
        assert_eq!(many.attributes("href", PHONE).len(), 6, "{}", many.html());
        assert!(many.text().contains("一位，一项接一项"), "{}", many.text());

        let day = START.day().to_string();
        for (wrong, words, keeps) in [
            (("clock", "早上"), "请写几点", "value=\"早上\""),
            (("phone", "6234"), "手机号应为 11 位", "value=\"李女士\""),
            (("health", ""), "请先口头问健康情况", "value=\"张女士\""),
        ] {
            let page = enters(&visit, PHONE, "2", &call(&day, &[wrong])).await;
            assert_eq!(page.status, 422, "{wrong:?}");
            assert!(page.text().contains(words), "{words}: {}", page.text());
            assert!(page.html().contains(keeps), "{keeps}: {}", page.html());
        }
        let long = "很长的名字".repeat(9);
        let page = enters(&visit, PHONE, "2", &call(&day, &[("name1", &long)])).await;
        assert_eq!(page.status, 422);
        assert!(
            page.html().contains("id=\"f-name1-error\""),
            "it is said at that name: {}",
            page.html()
        );

        let unread = enters(&visit, PHONE, "2", &call(&day, &[("what1", "脚")])).await;
        assert_eq!(unread.status, 422);
        assert!(
            unread.html().contains("id=\"f-what1-error\""),
            "{}",
            unread.html()
        );

        // Three do not fit where two serve: nobody is entered.
        let none = enters(&visit, PHONE, "3", &call(&day, &[])).await;
        assert_eq!(none.status, 409);
        assert!(
            none.text()
                .contains("这个时间 3 个排不下，最多排 2 个。一个也没有约。"),
            "{}",
            none.text()
        );
        assert!(none.html().contains("value=\"李女士\""), "what was typed stays");
        assert_eq!(bookings(&visit).await, 0);

        let sent = enters(&visit, PHONE, "2", &call(&day, &[])).await;
        let to = sent
            .location()
            .unwrap_or_else(|| panic!("{}", sent.text()))
            .to_owned();
        let page = visit.owner.get(&to).await;
        for words in ["已确认 张女士等 2 位 今天下午 3 点", "同一单"] {
            assert!(page.text().contains(words), "{words}: {}", page.text());
        }
        assert_eq!(bookings(&visit).await, 2);

        // The next two are told what is nearest, and take one of it.
        let gone = enters(&visit, PHONE, "2", &call(&day, &[])).await;
        assert_eq!(gone.status, 409);
        assert!(gone.text().contains("这个时间没有了，最近的"), "{}", gone.text());
        let slots = gone.attributes("value", "17");
        assert_eq!(slots.len(), 3, "{}", gone.html());
        let sent = enters(&visit, PHONE, "2", &call(&day, &[("slot", &slots[0])])).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        assert_eq!(bookings(&visit).await, 4);
        visit.done();
    });
}

#[test]
fn one_has_several_services_in_turn() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let day = START.day().to_string();
        let form = visit.owner.get(&format!("{PHONE}?people=in-turn")).await;
        for words in ["第 2 项，服务和师傅", "不加了"] {
            assert!(form.text().contains(words), "{words}: {}", form.text());
        }
        assert!(!form.html().contains("name=\"name1\""), "it is one person");
        let alone = enters(
            &visit,
            PHONE,
            "in-turn",
            &call(&day, &[("what1", ""), ("what2", "")]),
        )
        .await;
        assert_eq!(alone.status, 422);
        let sent = enters(&visit, PHONE, "in-turn", &call(&day, &[("what2", "")])).await;
        let page = visit.owner.get(sent.location().unwrap()).await;
        assert!(
            page.text().contains("已确认 张女士 2 项 今天下午 3 点"),
            "{}",
            page.text()
        );
        visit.done();
    });
}

#[test]
fn several_stand_there_and_begin_wait_for_a_time_or_take_numbers() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        visit.app.clock.advance_minutes(120);
        let form = visit.owner.get(&format!("{COUNTER}?people=2")).await;
        assert!(form.text().contains("现在大家都排得下"), "{}", form.text());
        let sent = enters(&visit, COUNTER, "2", &[]).await;
        let to = sent
            .location()
            .unwrap_or_else(|| panic!("{}", sent.text()))
            .to_owned();
        let page = visit.owner.get(&to).await;
        assert!(page.text().contains("已到店 散客等 2 位"), "{}", page.text());

        let late = enters(&visit, COUNTER, "2", &[("name", "钱女士")]).await;
        assert_eq!(late.status, 409);
        assert!(
            late.text()
                .contains("现在只排得下 0 个，大家一起最早下午 1 点一刻"),
            "{}",
            late.text()
        );
        assert!(late.html().contains("value=\"钱女士\""), "what was typed stays");
        let slot = late.attribute_after("name=\"slot\"", "value").unwrap();
        let taken = enters(&visit, COUNTER, "2", &[("name", "钱女士"), ("queue", "1")]).await;
        assert_eq!(taken.location(), Some("/desk/queue"), "{}", taken.text());
        let queue = visit.owner.get("/desk/queue").await;
        assert!(
            queue.text().contains("A1 到 A2，已取号，钱女士"),
            "{}",
            queue.text()
        );
        assert!(queue.text().contains("A2 钱女士同行 2"), "{}", queue.text());
        let waits = enters(&visit, COUNTER, "2", &[("slot", &slot)]).await;
        let page = visit.owner.get(waits.location().unwrap()).await;
        assert!(page.text().contains("已确认 散客等 2 位"), "{}", page.text());
        visit.done();
    });
}

#[test]
fn another_shops_service_cannot_be_entered() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let day = START.day().to_string();
        let wrong = format!("{}.any", Id::<Shop>::from_raw(5));
        let page = enters(&visit, PHONE, "2", &call(&day, &[("what1", &wrong)])).await;
        assert_eq!(page.status, 404);
        assert_eq!(bookings(&visit).await, 0);
        visit.done();
    });
}

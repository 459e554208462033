//! Several in one visit, through the doors.

use super::*;

fn door(page: &testkit::Page, words: &str) -> String {
    page.attributes("href", "/shops/")
        .into_iter()
        .find(|href| href.contains(words))
        .unwrap_or_else(|| panic!("no door to {words}: {}", page.text()))
        .replace("&amp;", "&")
}

#[test]
fn two_people_book_together_and_one_of_them_cancels() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let chosen = choose_two(&visit).await;
        let carried = carried(&visit, &chosen).await;
        name_two(&visit, &carried).await;
        one_cancels(&visit).await;
        visit.done();
    });
}

/// How many, who and when; the answers as the address carries them.
async fn choose_two(visit: &Visit) -> String {
    let services = visit.zhang.get(&format!("/shops/{}/book", visit.shop)).await;
    let many = visit.zhang.get(&door(&services, "/together")).await;
    assert!(
        many.text().contains("2 位，同时开始") && many.text().contains("一位，一项接一项"),
        "{}",
        many.text()
    );
    let base = format!("/shops/{}/together", visit.shop);
    let who = visit.zhang.get(&format!("{base}/who?people=2")).await;
    assert!(
        who.text().contains("第 1 位，项目（必填）") && who.text().contains("第 2 位，师傅"),
        "{}",
        who.text()
    );
    let none = visit
        .zhang
        .get(&format!("{base}/times?people=2&service0={}", visit.service))
        .await;
    assert_eq!(none.status, 422);
    assert!(none.text().contains("一起预约要 2 到 6 个"), "{}", none.text());
    let chosen = format!(
        "people=2&service0={service}&therapist0={}&service1={service}&therapist1=any",
        visit.liu,
        service = visit.service
    );
    let times = visit.zhang.get(&format!("{base}/times?{chosen}")).await;
    assert!(
        times.text().contains("今天有 53 个时间") && times.text().contains("下午 3 点，2 个都有空，有空"),
        "{}",
        times.text()
    );
    let no_time = visit.zhang.get(&format!("{base}/details?{chosen}")).await;
    assert_eq!(no_time.status, 422);
    assert!(no_time.text().contains("请选一个时间"), "{}", no_time.text());
    chosen
}

/// What the page of details hands on.
async fn carried(visit: &Visit, chosen: &str) -> Vec<(&'static str, String)> {
    let slot = START.day().at(900).ms();
    let details = visit
        .zhang
        .get(&format!(
            "/shops/{}/together/details?{chosen}&slot={slot}",
            visit.shop
        ))
        .await;
    assert!(
        details.text().contains("今天下午 3 点，2 个，¥256"),
        "{}",
        details.text()
    );
    let hidden = |name: &str| {
        details
            .attribute_after(&format!("name=\"{name}\""), "value")
            .unwrap()
    };
    [
        "shop",
        "people",
        "service0",
        "therapist0",
        "service1",
        "therapist1",
        "key",
        "slot",
    ]
    .map(|name| (name, hidden(name)))
    .to_vec()
}

async fn send(visit: &Visit, carried: &[(&'static str, String)], names: [&str; 2]) -> testkit::Page {
    let mut fields: Vec<(&str, &str)> = carried
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    fields.extend([
        ("name0", names[0]),
        ("name1", names[1]),
        ("phone", "13812345678"),
        ("strength", "firm"),
        ("health", "1"),
    ]);
    visit.zhang.post("/together", &fields).await
}

/// A name that is missing leads back to its field; with both the way goes on to paying.
async fn name_two(visit: &Visit, carried: &[(&'static str, String)]) {
    let nameless = send(visit, carried, ["张女士", " "]).await;
    assert_eq!(nameless.status, 422);
    assert!(
        nameless.text().contains("请填写称呼") && nameless.html().contains("#f-name1"),
        "the error leads to the second name: {}",
        nameless.html()
    );
    assert!(
        nameless.html().contains("value=\"张女士\""),
        "what was typed stays"
    );
    let sent = send(visit, carried, ["张女士", "李先生"]).await;
    assert!(
        sent.location().is_some_and(|to| to.ends_with("/payment")),
        "{}",
        sent.text()
    );
}

/// One of both calls off: the other stands.
async fn one_cancels(visit: &Visit) {
    let customer = visit.customer;
    let both = visit
        .app
        .app
        .db
        .read(move |tx| of_customer(tx, customer, 9))
        .await
        .unwrap();
    assert_eq!(both.len(), 2);
    let zhang = both.iter().find(|one| one.contact.name == "张女士").unwrap();
    let own = visit.zhang.get(&format!("/bookings/{}", zhang.id)).await;
    assert!(
        own.text().contains("同一单的其他预约") && own.text().contains("李先生 今天下午 3 点"),
        "{}",
        own.text()
    );
    assert!(own.text().contains("去支付 ¥256"), "{}", own.text());
    let unpaid = visit
        .zhang
        .get(&format!("/bookings/{}/cancellation", zhang.id))
        .await;
    assert!(
        unpaid.text().contains("同一单的 2 个一起取消"),
        "{}",
        unpaid.text()
    );

    visit.pay(zhang.order).await;
    let desk = visit.owner.get("/desk/bookings").await;
    assert!(desk.text().contains("同一单 2 个"), "{}", desk.text());
    let page = visit
        .zhang
        .get(&format!("/bookings/{}/cancellation", zhang.id))
        .await;
    assert!(
        page.text().contains("现在取消，¥128 全部退回。")
            && page.text().contains("只取消张女士的这一个，其他 1 个不变"),
        "{}",
        page.text()
    );
    let version = page.attribute_after("name=\"version\"", "value").unwrap();
    let gone = visit
        .zhang
        .post(
            &format!("/bookings/{}/cancellation", zhang.id),
            &[("version", &version)],
        )
        .await;
    assert_eq!(gone.status, 303, "{}", gone.text());
    let left = both.iter().find(|one| one.id != zhang.id).unwrap().id;
    let left = visit.owner.get(&format!("/desk/bookings/{left}")).await;
    assert!(
        left.text().contains("李先生 下午 3 点 已确认") && left.text().contains("已取消"),
        "{}",
        left.text()
    );
}

/// The way of one person is as it was: the doors to more come after everything that it needs.
#[test]
fn one_person_passes_by_without_a_key_more() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let services = visit.zhang.get(&format!("/shops/{}/book", visit.shop)).await;
        let html = services.html();
        assert!(html.find("/book/").unwrap() < html.find("/together").unwrap());
        let details = visit.zhang.get(&visit.details(900)).await;
        let html = details.html();
        assert!(html.find("name=\"health\"").unwrap() < html.find("/together?").unwrap());
        let several = visit.zhang.get(&door(&details, "/together?")).await;
        assert!(
            several.html().contains(&format!("value=\"{}\"", visit.service)),
            "what was chosen goes along"
        );
        visit.done();
    });
}

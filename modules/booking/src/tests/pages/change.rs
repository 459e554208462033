//! 改约 through the doors.

use testkit::START;

use super::{super::*, visit::Visit};

fn slot(minute: i64) -> String {
    START.day().at(minute).ms().to_string()
}

async fn now(visit: &Visit, booking: &Booking) -> Booking {
    let id = booking.id;
    visit
        .app
        .app
        .db
        .read(move |tx| super::super::booking(tx, id))
        .await
        .unwrap()
}

#[test]
fn a_customer_chooses_another_time() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let booked = visit.booked(1200).await;
        let page = visit.zhang.get(&format!("/bookings/{}", booked.id)).await;
        let door = page
            .attributes("action", &format!("/bookings/{}/move", booked.id))
            .remove(0);
        let times = visit.zhang.get(&door).await;
        let text = times.text();
        assert!(text.contains("改约 今天晚上 8 点"), "{text}");
        assert!(
            text.contains("今天，刘师傅，有") && text.contains("下午 3 点，刘师傅，有空"),
            "{text}"
        );
        assert!(
            !times.html().contains(&slot(1200)),
            "what it is already is no change"
        );
        assert!(times.html().contains(&slot(1215)), "its own time counts as free");
        assert!(
            times
                .html()
                .contains(&format!(r#"method="post" action="{door}""#)),
            "at the same price it is sent from here"
        );
        let unsaid = visit
            .zhang
            .post(&door, &[("version", &booked.version.to_string())])
            .await;
        assert_eq!(unsaid.status, 422);
        assert!(unsaid.text().contains("请选一个时间"), "{}", unsaid.text());
        let unchosen = visit.zhang.get(&format!("{door}/confirmation")).await;
        assert_eq!(unchosen.status, 422);
        assert!(unchosen.text().contains("请选一个时间"), "{}", unchosen.text());
        let confirm = visit
            .zhang
            .get(&format!(
                "{door}/confirmation?therapist=&service=&slot={}",
                slot(900)
            ))
            .await;
        let text = confirm.text();
        assert!(
            text.contains("改到今天下午 3 点") && text.contains("马上改好") && text.contains("原来"),
            "{text}"
        );
        visit.done();
    });
}

#[test]
fn a_customer_moves_a_booking() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let booked = visit.booked(1200).await;
        let door = format!("/bookings/{}/move", booked.id);
        let version = booked.version.to_string();
        let fields = [("version", version.as_str()), ("slot", &slot(900))];
        assert_eq!(visit.wang.get(&door).await.status, 404);
        assert_eq!(visit.wang.post(&door, &fields).await.status, 404);
        let sent = visit.zhang.post(&door, &fields).await;
        assert_eq!(
            (sent.status, sent.location()),
            (303, Some(format!("/bookings/{}", booked.id).as_str()))
        );
        let page = visit.zhang.get(sent.location().unwrap()).await;
        assert!(page.text().contains("改好了，今天下午 3 点"), "{}", page.text());
        assert!(
            page.text().contains("已确认。今天下午 3 点，刘师傅等您。"),
            "{}",
            page.text()
        );
        let stale = visit
            .zhang
            .post(&door, &[("version", version.as_str()), ("slot", &slot(1000))])
            .await;
        assert_eq!(stale.status, 409);
        assert!(stale.text().contains("刚刚有变化"), "{}", stale.text());
        // A time that is gone has the others beside it.
        assert_eq!(visit.send(&visit.wang, 1200, &[]).await.status, 303);
        let version = now(&visit, &booked).await.version.to_string();
        let taken = visit
            .zhang
            .post(&door, &[("version", version.as_str()), ("slot", &slot(1200))])
            .await;
        assert_eq!(taken.status, 409);
        assert!(
            taken.text().contains("刚被别人约了") && taken.html().contains(&slot(1000 + 5)),
            "{}",
            taken.text()
        );
        visit.done();
    });
}

#[test]
fn another_therapist_or_service_is_chosen_on_the_way() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let booked = visit.booked(1200).await;
        let base = format!("/bookings/{}/move", booked.id);
        let people = visit.zhang.get(&format!("{base}/therapists")).await;
        assert!(
            people.text().contains("不指定师傅") && people.text().contains("王师傅，2 号"),
            "{}",
            people.text()
        );
        let wang = people
            .attributes("href", &format!("{base}?"))
            .into_iter()
            .find(|href| {
                !["=any", "therapist=&", &visit.liu.to_string()]
                    .iter()
                    .any(|not| href.contains(not))
            })
            .unwrap();
        let times = visit.zhang.get(&wang.replace("&amp;", "&")).await;
        assert!(
            times.text().contains("晚上 8 点，王师傅，有空"),
            "{}",
            times.text()
        );
        let services = visit.zhang.get(&format!("{base}/services")).await;
        assert!(
            services.text().contains("全身保健按摩，60 分钟，¥128"),
            "{}",
            services.text()
        );
        let foreign = format!("{base}?service={}", Id::<catalog::Service>::from_raw(7));
        assert_eq!(visit.zhang.get(&foreign).await.status, 404);
        visit.done();
    });
}

/// A booking at eight in the evening that the shop has promised.
async fn promised(visit: &Visit) -> Booking {
    let asked = visit.booked(1200).await;
    visit.press(&asked, "confirmation", &[]).await;
    now(visit, &asked).await
}

/// The customer asks for another time.
async fn wished(visit: &Visit, booked: &Booking, minute: i64) {
    let version = now(visit, booked).await.version.to_string();
    let fields = [("version", version.as_str()), ("slot", &slot(minute))];
    let address = format!("/bookings/{}/move", booked.id);
    let sent = visit.zhang.post(&address, &fields).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
}

#[test]
fn a_wish_that_waits_stands_on_the_pages_of_both() {
    Visit::on_each_engine(Accepts::Manual, async |visit| {
        let booked = promised(&visit).await;
        let base = format!("/bookings/{}", booked.id);
        let confirm = visit
            .zhang
            .get(&format!("{base}/move/confirmation?slot={}", slot(900)))
            .await;
        assert!(confirm.text().contains("店里要先答复"), "{}", confirm.text());
        wished(&visit, &booked, 900).await;
        let page = visit.zhang.get(&base).await;
        assert!(
            page.text().contains("您想改到今天下午 3 点，刘师傅")
                && !page.html().contains(&format!("{base}/move")),
            "{}",
            page.text()
        );
        // Whoever wants to move it again is led to what waits.
        assert_eq!(
            visit.zhang.get(&format!("{base}/move")).await.location(),
            Some(format!("{base}/change").as_str())
        );
        let list = visit.owner.get("/desk/changes").await;
        let text = list.text();
        assert!(
            text.contains("1 个改约待答复") && text.contains("张女士 晚上 8 点，想改到今天下午 3 点"),
            "{text}"
        );
        let desk = visit.owner.get(&format!("/desk/bookings/{}", booked.id)).await;
        assert!(desk.text().contains("顾客想改到今天下午 3 点"), "{}", desk.text());
        let one = visit
            .owner
            .get(&format!("/desk/bookings/{}/change", booked.id))
            .await;
        assert!(
            one.text().contains("改约待答复") && one.text().contains("最晚今天中午 12 点 20 分答复"),
            "{}",
            one.text()
        );
        // Pages that know only for what time is claimed lead here too.
        let claimed = visit.app.app.db.read({
            let id = booked.id;
            move |tx| Ok(last_change(tx, id)?.map(|change| change.id))
        });
        let claimed = claimed.await.unwrap().unwrap();
        let led = visit.owner.get(&format!("/desk/bookings/{claimed}")).await;
        assert_eq!(
            led.location(),
            Some(format!("/desk/bookings/{}/change", booked.id).as_str())
        );
        visit.done();
    });
}

#[test]
fn the_shop_says_no_and_the_customer_takes_back_and_then_it_is_moved() {
    Visit::on_each_engine(Accepts::Manual, async |visit| {
        let booked = promised(&visit).await;
        let base = format!("/bookings/{}", booked.id);
        wished(&visit, &booked, 900).await;
        let old = visit.press(&booked, "change/agreement", &[]).await;
        assert_eq!(old.status, 409, "{}", old.text());
        let refused = visit
            .press(&now(&visit, &booked).await, "change/refusal", &[])
            .await;
        assert_eq!(refused.location(), Some("/desk/changes"));
        assert!(
            visit
                .owner
                .get("/desk/changes")
                .await
                .text()
                .contains("没有改约，张女士 今天晚上 8 点")
        );
        assert_eq!(now(&visit, &booked).await.minute(), 1200);

        wished(&visit, &booked, 1005).await;
        let withdrawn = visit
            .zhang
            .post(
                &format!("{base}/change/withdrawal"),
                &[("version", &now(&visit, &booked).await.version.to_string())],
            )
            .await;
        assert_eq!(withdrawn.status, 303);
        wished(&visit, &booked, 900).await;
        visit
            .press(&now(&visit, &booked).await, "change/agreement", &[])
            .await;
        assert_eq!(now(&visit, &booked).await.minute(), 900);
        let none = visit
            .owner
            .get(&format!("/desk/bookings/{}/change", booked.id))
            .await;
        assert!(none.text().contains("没有等答复的改约"), "{}", none.text());
        visit.done();
    });
}

#[test]
fn the_shop_proposes_and_the_customer_answers() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let booked = visit.booked(1200).await;
        let desk = format!("/desk/bookings/{}", booked.id);
        let page = visit.owner.get(&desk).await;
        assert_eq!(
            page.attributes("action", &format!("{desk}/move")).len(),
            1,
            "{}",
            page.html()
        );
        let times = visit.owner.get(&format!("{desk}/move")).await;
        assert!(
            times.text().contains("改约 张女士") && times.text().contains("先问顾客，等答复"),
            "{}",
            times.text()
        );
        let sent = visit
            .press(
                &booked,
                "move",
                &[("slot", &slot(900)), ("agreed", "no"), ("note", "师傅要早走")],
            )
            .await;
        assert_eq!(sent.location(), Some(desk.as_str()), "{}", sent.text());
        let base = format!("/bookings/{}", booked.id);
        let own = visit.zhang.get(&base).await;
        assert!(
            own.text().contains("店里想改到今天下午 3 点，刘师傅"),
            "{}",
            own.text()
        );
        let offer = visit.zhang.get(&format!("{base}/change")).await;
        let text = offer.text();
        assert!(
            text.contains("店里想改您的预约")
                && text.contains("改到今天下午 3 点")
                && text.contains("店里说：师傅要早走"),
            "{text}"
        );
        assert_eq!(visit.wang.get(&format!("{base}/change")).await.status, 404);
        let version = now(&visit, &booked).await.version.to_string();
        let foreign = visit
            .wang
            .post(&format!("{base}/change/agreement"), &[("version", &version)])
            .await;
        assert_eq!(foreign.status, 404);
        let agreed = visit
            .zhang
            .post(&format!("{base}/change/agreement"), &[("version", &version)])
            .await;
        assert_eq!(agreed.status, 303);
        assert!(
            visit
                .zhang
                .get(&base)
                .await
                .text()
                .contains("改好了，今天下午 3 点")
        );
        visit.done();
    });
}

#[test]
fn the_desk_says_when_and_whether_the_customer_knows() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let booked = visit.booked(1200).await;
        let unsaid = visit
            .press(&booked, "move", &[("slot", &slot(900)), ("note", "师傅要早走")])
            .await;
        assert_eq!(unsaid.status, 422);
        assert!(
            unsaid.text().contains("请说明顾客是不是已经同意"),
            "{}",
            unsaid.text()
        );
        assert!(unsaid.html().contains("师傅要早走"), "what was typed stays");
        let timeless = visit.press(&booked, "move", &[("agreed", "no")]).await;
        assert_eq!(timeless.status, 422);
        // With the customer's word on the telephone it is moved at once.
        let said = [("slot", slot(1080)), ("agreed", "yes".to_owned())];
        let said = said.each_ref().map(|(name, value)| (*name, value.as_str()));
        let moved = visit.press(&booked, "move", &said).await;
        assert_eq!(moved.status, 303, "{}", moved.text());
        let page = visit.owner.get(&format!("/desk/bookings/{}", booked.id)).await;
        assert!(
            page.text().contains("已改约，张女士") && page.text().contains("顾客已当面或在电话里同意"),
            "{}",
            page.text()
        );
        visit.done();
    });
}

#[test]
fn another_therapist_at_the_same_time() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let booked = visit.booked(1200).await;
        let desk = format!("/desk/bookings/{}/therapist", booked.id);
        let page = visit.owner.get(&desk).await;
        let text = page.text();
        assert!(
            text.contains("换师傅 张女士") && text.contains("有 1 位师傅这个时间有空"),
            "{text}"
        );
        assert!(
            text.contains("顾客同意，改约"),
            "who was asked for by name is not swapped behind the customer's back"
        );
        let nobody = visit.press(&booked, "therapist", &[("agreed", "no")]).await;
        assert_eq!(nobody.status, 422);
        assert!(nobody.text().contains("请选一位师傅"), "{}", nobody.text());
        let id = visit.shop;
        let wang = visit
            .app
            .app
            .db
            .read(move |tx| therapist::of_shop(tx, id))
            .await
            .unwrap()[1]
            .id
            .to_string();
        let sent = visit
            .press(&booked, "therapist", &[("therapist", &wang), ("agreed", "no")])
            .await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let waits = now(&visit, &booked).await;
        assert_eq!(waits.therapist, visit.liu);
        let base = format!("/bookings/{}", booked.id);
        let offer = visit.zhang.get(&format!("{base}/change")).await;
        assert!(offer.text().contains("今天晚上 8 点，王师傅"), "{}", offer.text());
        let version = waits.version.to_string();
        visit
            .zhang
            .post(&format!("{base}/change/refusal"), &[("version", &version)])
            .await;
        assert_eq!(now(&visit, &booked).await.therapist, visit.liu);
        let again = visit
            .zhang
            .post(&format!("{base}/change/agreement"), &[("version", &version)])
            .await;
        assert_eq!(again.status, 409, "what was refused cannot be agreed to any more");
        visit.done();
    });
}

#[test]
fn who_is_late_is_told_to_call() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let booked = visit.booked(780).await;
        visit.app.clock.advance_minutes(100);
        let page = visit.zhang.get(&format!("/bookings/{}/move", booked.id)).await;
        assert_eq!(page.status, 200);
        assert!(
            page.text().contains("改约请给店里打电话") && page.html().contains("tel:"),
            "{}",
            page.text()
        );
        let version = booked.version.to_string();
        let fields = [("version", version.as_str()), ("slot", &slot(900))];
        let refused = visit
            .zhang
            .post(&format!("/bookings/{}/move", booked.id), &fields)
            .await;
        assert_eq!(refused.status, 409);
        visit.done();
    });
}

//! The desk's own forms: walk-in, telephone, the line; and the customer's ticket.

use super::*;

impl Visit {
    /// Loads a form of the desk and sends it with these fields.
    async fn enters(&self, path: &str, fields: &[(&str, &str)]) -> testkit::Page {
        let form = self.owner.get(path).await;
        assert_eq!(form.status, 200, "{}", form.text());
        let key = form.attribute_after("name=\"key\"", "value").unwrap();
        let what = format!("{}.any", self.service);
        let mut sent = vec![("key", key.as_str()), ("what", what.as_str()), ("health", "1")];
        sent.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
        sent.extend(fields);
        self.owner.post(path, &sent).await
    }

    /// It is noon: the shop opens.
    fn opens(&self) {
        self.app.clock.advance_minutes(120);
    }

    /// Lets everybody be busy.
    async fn fills(&self) {
        for _ in 0..2 {
            let sent = self.enters("/desk/walk-ins", &[]).await;
            assert_eq!(sent.status, 303, "{}", sent.text());
        }
    }
}

/// Where the first form leads whose address ends so.
fn action(page: &testkit::Page, ending: &str) -> String {
    let found = page.attributes("action", "/desk/");
    let found = found.into_iter().find(|address| address.ends_with(ending));
    found.unwrap_or_else(|| panic!("no {ending} in {}", page.html()))
}

#[test]
fn a_walk_in_is_entered_with_two_ticks_and_no_more() {
    Visit::on_each_engine(Accepts::Manual, async |visit| {
        visit.opens();
        let form = visit.owner.get("/desk/walk-ins").await;
        assert!(form.text().contains("现在有 2 位师傅有空"), "{}", form.text());
        assert!(
            form.text().contains("全身保健按摩 60 分钟，轮到的师傅"),
            "{}",
            form.text()
        );
        let bare = visit
            .enters("/desk/walk-ins", &[("health", ""), ("name", "赵先生")])
            .await;
        assert_eq!(bare.status, 422);
        assert!(bare.text().contains("请先口头问健康情况"), "{}", bare.text());
        assert!(bare.html().contains("value=\"赵先生\""), "what was typed stays");
        let none = visit.enters("/desk/walk-ins", &[("what", "")]).await;
        assert_eq!(none.status, 422);
        let wrong = visit.enters("/desk/walk-ins", &[("phone", "62345678")]).await;
        assert_eq!(wrong.status, 422);

        let sent = visit.enters("/desk/walk-ins", &[]).await;
        let to = sent.location().unwrap().to_owned();
        assert!(to.starts_with("/desk/bookings/"), "{to}");
        let page = visit.owner.get(&to).await;
        for words in ["已到店 散客", "没有留电话", "店里登记"] {
            assert!(page.text().contains(words), "{words}: {}", page.text());
        }
        assert!(page.html().contains("/start"), "the service can begin");
        let order = page.attributes("href", "/desk/orders/").pop().unwrap();
        assert!(
            visit
                .owner
                .get(&format!("{order}/cash"))
                .await
                .text()
                .contains("128")
        );
        visit.done();
    });
}

#[test]
fn when_nobody_is_free_the_page_says_when_and_offers_a_number() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        visit.opens();
        visit.fills().await;
        let form = visit.owner.get("/desk/walk-ins").await;
        assert!(
            form.text().contains("现在没有空，最早下午 1 点一刻"),
            "{}",
            form.text()
        );
        let late = visit.enters("/desk/walk-ins", &[]).await;
        assert_eq!(late.status, 409);
        assert!(
            late.text().contains("现在没有空的师傅或者床位"),
            "{}",
            late.text()
        );
        let slot = late.attribute_after("name=\"slot\"", "value").unwrap();
        let booked = visit.enters("/desk/walk-ins", &[("slot", &slot)]).await;
        let page = visit.owner.get(booked.location().unwrap()).await;
        assert!(
            page.text().contains("已确认 散客 下午 1 点一刻"),
            "{}",
            page.text()
        );

        let taken = visit
            .enters("/desk/walk-ins", &[("queue", "1"), ("name", "钱女士")])
            .await;
        let to = taken.location().unwrap().to_owned();
        assert!(to.starts_with("/desk/queue/"), "{to}");
        let ticket = visit.owner.get(&to).await;
        assert!(ticket.text().contains("A1 钱女士，已取号"), "{}", ticket.text());
        assert!(
            ticket.text().contains("前面还有 0 人，大约等 75 分钟"),
            "{}",
            ticket.text()
        );
        assert!(ticket.html().contains("role=\"img\""), "{}", ticket.html());
        visit.done();
    });
}

#[test]
fn the_line_is_called_one_by_one() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        visit.opens();
        for name in ["钱女士", "孙先生"] {
            visit
                .enters("/desk/walk-ins", &[("queue", "1"), ("name", name)])
                .await;
        }
        let page = visit.owner.get("/desk/queue").await;
        assert!(
            page.text().contains("2 人在排队") && page.text().contains("下一位 A1 钱女士"),
            "{}",
            page.text()
        );
        let call = action(&page, "/call");
        let key = page.attribute_after("name=\"key\"", "value").unwrap();
        let fields = [("version", "1"), ("key", key.as_str())];
        let called = visit.owner.post(&call, &fields).await;
        assert_eq!(
            (called.status, called.location()),
            (303, Some("/desk/queue")),
            "{}",
            called.text()
        );
        let page = visit.owner.get("/desk/queue").await;
        assert!(
            page.text().contains("请 A1 钱女士，刘师傅，一号床"),
            "{}",
            page.text()
        );
        assert!(page.text().contains("已叫号，等人来"), "{}", page.text());
        // The button pressed twice calls once; another desk is told.
        assert_eq!(visit.owner.post(&call, &fields).await.status, 303);
        let clerk = visit.app.staff(Role::Clerk, visit.shop).await;
        let other = clerk.post(&call, &[("version", "1"), ("key", "another")]).await;
        assert_eq!(other.status, 409);
        assert!(other.text().contains("A1 刚刚有变化"), "{}", other.text());

        let here = action(&page, "/check-in");
        assert_eq!(visit.owner.post(&here, &[("version", "2")]).await.status, 303);
        let said = visit.owner.get("/desk/queue").await;
        assert!(said.text().contains("已到店 钱女士"), "{}", said.text());
        let page = visit.owner.get("/desk/queue").await;
        assert!(!page.text().contains("钱女士"), "{}", page.text());
        let skip = visit
            .owner
            .get(&page.attributes("href", "/desk/queue/").remove(0))
            .await;
        let skip = action(&skip, "/skip");
        assert_eq!(visit.owner.post(&skip, &[("version", "1")]).await.status, 303);
        let page = visit.owner.get("/desk/queue").await;
        assert!(page.text().contains("已过号 A2 孙先生"), "{}", page.text());
        let stranger = visit.app.staff(Role::Owner, Id::from_raw(5)).await;
        assert_eq!(stranger.post(&call, &fields).await.status, 404);
        visit.done();
    });
}

#[test]
fn a_customer_sees_and_gives_up_the_own_ticket() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        visit.opens();
        let taken = visit.enters("/desk/walk-ins", &[("queue", "1")]).await;
        let desk = visit.owner.get(taken.location().unwrap()).await;
        let address = desk.attributes("href", "/tickets/").remove(0);
        assert!(
            address.len() > "/tickets/".len() + 60,
            "nobody guesses it: {address}"
        );
        let guest = visit.app.guest();
        let page = guest.get(&address).await;
        assert!(
            page.text().contains("A1 排队中") && page.text().contains("前面还有 0 人"),
            "{}",
            page.text()
        );
        assert_eq!(guest.get("/tickets/0000000000000000").await.status, 404);
        let gone = guest.post(&format!("{address}/leaving"), &[]).await;
        assert_eq!(gone.status, 303, "{}", gone.text());
        assert!(guest.get(&address).await.text().contains("这个号已经不用了"));
        let page = visit.owner.get("/desk/queue").await;
        assert!(page.text().contains("没有人在排队"), "{}", page.text());
        visit.done();
    });
}

#[test]
fn a_caller_books_in_four_fields() {
    Visit::on_each_engine(Accepts::Manual, async |visit| {
        visit.opens();
        let today = START.day().to_string();
        let fields = |more: &[(&'static str, &'static str)]| {
            let mut fields = vec![
                ("day", today.as_str()),
                ("phone", "139 1234 5678"),
                ("name", "王先生"),
                ("clock", "1500"),
            ];
            fields.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
            fields.extend(more);
            fields
        };
        let path = "/desk/phone-bookings";
        for (wrong, words) in [
            (("clock", "早上"), "请写几点"),
            (("phone", "6234"), "手机号应为 11 位"),
            (("name", ""), "请填写称呼"),
        ] {
            let page = visit.enters(path, &fields(&[wrong])).await;
            assert_eq!(page.status, 422, "{wrong:?}");
            assert!(page.text().contains(words), "{words}: {}", page.text());
        }
        let sent = visit.enters(path, &fields(&[("remember", "1")])).await;
        let to = sent
            .location()
            .unwrap_or_else(|| panic!("{}", sent.text()))
            .to_owned();
        let page = visit.owner.get(&to).await;
        assert!(
            page.text().contains("已确认 王先生 今天下午 3 点"),
            "{}",
            page.text()
        );
        // The number is known now: the name need not be said again. The second therapist serves, the third time is gone.
        let again = visit
            .enters(path, &fields(&[("clock", "15:00"), ("name", "")]))
            .await;
        assert_eq!(again.status, 303, "{}", again.text());
        let gone = visit.enters(path, &fields(&[("clock", "15点")])).await;
        assert_eq!(gone.status, 409);
        assert!(gone.text().contains("这个时间没有了，最近的"), "{}", gone.text());
        let slots = gone.attributes("value", "17");
        assert_eq!(slots.len(), 3, "{}", gone.html());
        let slot = slots[2].clone();
        let mut other = fields(&[("clock", "15点")]);
        other.push(("slot", &slot));
        assert_eq!(visit.enters(path, &other).await.status, 303);

        // The consent is taken back.
        let forget = action(&page, "/forgetting");
        let stranger = visit.app.staff(Role::Owner, Id::from_raw(5)).await;
        assert_eq!(stranger.post(&forget, &[]).await.status, 404);
        assert_eq!(visit.owner.post(&forget, &[]).await.status, 303);
        let unknown = visit
            .enters(path, &fields(&[("clock", "18"), ("name", "")]))
            .await;
        assert_eq!(unknown.status, 422, "the name is needed again");
        let cancel = visit.owner.get(&format!("{to}/cancellation")).await;
        assert!(cancel.text().contains("还没有付钱"), "{}", cancel.text());
        visit.done();
    });
}

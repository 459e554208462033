//! The end of a visit, through the doors of desk, customer and centre.

use super::*;

impl Visit {
    async fn pass_until(&self, minute: i64) {
        let wait = START.day().at(minute).minutes_since(self.app.clock.now());
        self.app.clock.advance_minutes(wait);
        self.app.run_jobs().await;
    }

    async fn now(&self, id: Id<Booking>) -> Booking {
        self.app.app.db.read(move |tx| booking(tx, id)).await.unwrap()
    }

    fn cx_of_owner(&self) -> kernel::Cx {
        let owner = Actor::Staff {
            id: Id::from_raw(77),
            shop: Some(self.shop),
            role: Role::Owner,
        };
        self.app.cx(owner)
    }

    async fn in_service(&self, minute: i64) -> Booking {
        let paid = self.booked(minute).await;
        self.pass_until(minute).await;
        assert_eq!(self.press(&paid, "check-in", &[]).await.status, 303);
        let here = self.now(paid.id).await;
        assert_eq!(self.press(&here, "start", &[]).await.status, 303);
        self.now(paid.id).await
    }
}

#[test]
fn minutes_are_added_at_the_desk_and_what_does_not_fit_is_said() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        visit.booked(1000).await;
        let serving = visit.in_service(900).await;
        let door = format!("/desk/bookings/{}/lengthening", serving.id);
        let page = visit.owner.get(&door).await;
        let words = page.text();
        assert_eq!(page.status, 200, "{words}");
        assert!(
            words.contains("加钟 张女士 下午 3 点\n最多还能加 30 分钟\n之后是张女士 下午 4 点 40 分的预约。"),
            "{words}"
        );
        assert!(
            words.contains("15 分钟") && words.contains("¥64") && !words.contains("45 分钟"),
            "{words}"
        );
        let nothing = visit.press(&serving, "lengthening", &[]).await;
        assert_eq!(nothing.status, 422);
        assert!(nothing.text().contains("请选加什么"), "{}", nothing.text());
        let much = visit
            .press(&serving, "lengthening", &[("extra", "minutes-45")])
            .await;
        assert_eq!(much.status, 409);
        assert!(
            much.text()
                .contains("下午 4 点 40 分是张女士的预约，最多还能加 30 分钟。"),
            "{}",
            much.text()
        );
        let added = visit
            .press(&serving, "lengthening", &[("extra", "minutes-30")])
            .await;
        assert_eq!(added.status, 303, "{}", added.text());
        let page = visit.owner.get(added.location().unwrap()).await.text();
        assert!(page.contains("加钟 30 分钟，张女士 下午 3 点"), "{page}");
        let order = visit
            .owner
            .get(&format!("/desk/orders/{}", serving.order))
            .await
            .text();
        assert!(order.contains("加钟 30 分钟") && order.contains("¥64"), "{order}");
        let full = visit.owner.get(&door).await.text();
        assert!(full.contains("后面没有空，不能加钟"), "{full}");
        visit.done();
    });
}

#[test]
fn the_desk_hears_of_the_leave_or_the_closing_that_ends_the_time_for_more() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let serving = visit.in_service(900).await;
        let door = format!("/desk/bookings/{}/lengthening", serving.id);
        let at = |minute| START.day().at(minute);
        let cx = visit.cx_of_owner();
        let leave = scheduling::NewLeave {
            therapist: serving.therapist,
            from: at(1000),
            to: at(1300),
            reason: String::new(),
        };
        let granting = {
            let cx = cx.clone();
            move |tx: &mut db::Tx| scheduling::grant_leave(&cx, tx, leave.clone(), false)
        };
        visit.app.app.db.write(granting).await.unwrap();
        let words = visit.owner.get(&door).await.text();
        let said = "最多还能加 40 分钟\n之后师傅下午 4 点 40 分起请假。";
        assert!(words.contains(said), "{words}");
        let much = visit
            .press(&serving, "lengthening", &[("extra", "minutes-45")])
            .await;
        assert_eq!(much.status, 409);
        let said = "师傅下午 4 点 40 分起请假，最多还能加 40 分钟。";
        assert!(much.text().contains(said), "{}", much.text());
        let stretch = (Some(at(980)), at(1100));
        let closing = move |tx: &mut db::Tx| close_shop(&cx, tx, "key", stretch, "停电", (0, Money::ZERO));
        visit.app.app.db.write(closing).await.unwrap();
        let words = visit.owner.get(&door).await.text();
        let said = "最多还能加 20 分钟\n之后下午 4 点 20 分起停业。";
        assert!(words.contains(said), "{words}");
        visit.done();
    });
}

#[test]
fn another_therapist_takes_over_at_the_desk() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let serving = visit.in_service(900).await;
        visit.pass_until(920).await;
        let page = visit
            .owner
            .get(&format!("/desk/bookings/{}/hand-over", serving.id))
            .await;
        let words = page.text();
        assert!(
            words.contains("现在是刘师傅，1 位可接手") && words.contains("王师傅"),
            "{words}"
        );
        let wang = page.attribute_after("name=\"to\"", "value").unwrap();
        let nobody = visit.press(&serving, "hand-over", &[("words", "累了")]).await;
        assert_eq!(nobody.status, 422);
        assert!(
            nobody.text().contains("请选接手的师傅") && nobody.html().contains("累了"),
            "{}",
            nobody.text()
        );
        let silent = visit.press(&serving, "hand-over", &[("to", &wang)]).await;
        assert_eq!(silent.status, 422, "{}", silent.text());
        let done = visit
            .press(&serving, "hand-over", &[("to", &wang), ("words", "手抽筋")])
            .await;
        assert_eq!(done.status, 303, "{}", done.text());
        let page = visit.owner.get(done.location().unwrap()).await.text();
        assert!(
            page.contains("刘师傅 20 分钟") && page.contains("王师傅 40 分钟"),
            "{page}"
        );
        assert!(page.contains("服务中换师傅：手抽筋"), "{page}");
        visit.done();
    });
}

#[test]
fn who_is_late_says_so_and_the_desk_reads_it() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let paid = visit.booked(900).await;
        visit.pass_until(880).await;
        let door = format!("/bookings/{}/lateness", paid.id);
        let page = visit.zhang.get(&door).await.text();
        assert!(
            page.contains("我会晚到\n告诉店里晚到多久") && page.contains("晚 20 分钟，下午 3 点 20 分到"),
            "{page}"
        );
        let version = paid.version.to_string();
        let unsaid = visit.zhang.post(&door, &[("version", &version)]).await;
        assert_eq!(unsaid.status, 422, "{}", unsaid.text());
        let said = visit
            .zhang
            .post(&door, &[("version", &version), ("minutes", "15")])
            .await;
        assert_eq!(said.status, 303, "{}", said.text());
        assert_eq!(
            visit
                .wang
                .post(&door, &[("version", &version), ("minutes", "15")])
                .await
                .status,
            404
        );
        let desk = visit
            .owner
            .get(&format!("/desk/bookings/{}", paid.id))
            .await
            .text();
        assert!(desk.contains("会晚到") && desk.contains("15 分钟"), "{desk}");

        visit.pass_until(915).await;
        let late = visit.now(paid.id).await;
        let early = visit.press(&late, "no-show", &[("fee", "later")]).await;
        assert_eq!(early.status, 409, "{}", early.text());
        visit.done();
    });
}

#[test]
fn who_stays_away_objects_and_the_centre_decides() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let paid = visit.booked(900).await;
        visit.pass_until(920).await;
        let late = visit.now(paid.id).await;
        let unsaid = visit.press(&late, "no-show", &[("fee", "")]).await;
        assert_eq!(unsaid.status, 422, "{}", unsaid.text());
        let much = visit
            .press(&late, "no-show", &[("fee", "part"), ("amount", "40")])
            .await;
        assert_eq!(much.status, 422);
        assert!(
            much.text().contains("最多 ¥38.40") && much.html().contains("value=\"40\""),
            "{}",
            much.text()
        );
        let noted = visit.press(&late, "no-show", &[("fee", "later")]).await;
        assert_eq!(noted.status, 303, "{}", noted.text());
        let list = visit.owner.get("/desk/cases").await.text();
        assert!(
            list.contains("1 件要决定的事") && list.contains("店里还没定"),
            "{list}"
        );
        let absent = visit.now(paid.id).await;
        assert_eq!(visit.press(&absent, "fee", &[("fee", "keep")]).await.status, 303);

        let own = visit.zhang.get(&format!("/bookings/{}", paid.id)).await.text();
        assert!(own.contains("店里留下 ¥38.40 违约金"), "{own}");
        let version = visit.now(paid.id).await.version.to_string();
        let door = format!("/bookings/{}/dispute", paid.id);
        let empty = visit
            .zhang
            .post(&door, &[("version", &version), ("words", " ")])
            .await;
        assert_eq!(empty.status, 422, "{}", empty.text());
        let sent = visit
            .zhang
            .post(&door, &[("version", &version), ("words", "我到了，门锁着")])
            .await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let list = visit.owner.get("/desk/cases").await.text();
        assert!(list.contains("等指导中心裁定"), "{list}");

        let centre = visit.app.centre().await;
        let list = centre.get("/console/cases").await.text();
        assert!(list.contains("1 件要裁定") && list.contains("未到店"), "{list}");
        let door = format!("/console/cases/{}", paid.id);
        let page = centre.get(&door).await.text();
        assert!(page.contains("我到了，门锁着"), "{page}");
        assert_eq!(visit.owner.get(&door).await.status, 403);
        let version = visit.now(paid.id).await.version.to_string();
        let words = ("words", "门前的录像看到了顾客");
        let unsaid = centre.post(&door, &[("version", &version), words]).await;
        assert_eq!(unsaid.status, 422, "{}", unsaid.text());
        let ruling = [("version", version.as_str()), ("back", "all"), words];
        assert_eq!(centre.post(&door, &ruling).await.status, 303);
        let own = visit.zhang.get(&format!("/bookings/{}", paid.id)).await.text();
        assert!(own.contains("指导中心说：门前的录像看到了顾客"), "{own}");
        assert!(
            centre
                .get("/console/cases")
                .await
                .text()
                .contains("没有要裁定的事")
        );
        visit.done();
    });
}

#[test]
fn what_is_broken_off_and_what_is_opened_again() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let first = visit.in_service(900).await;
        let page = visit
            .owner
            .get(&format!("/desk/bookings/{}/abort", first.id))
            .await
            .text();
        assert!(
            page.contains("原因决定钱怎么算，请选") && page.contains("师傅不安全"),
            "{page}"
        );
        let no = visit.press(&first, "abort", &[("words", "说不清")]).await;
        assert_eq!(no.status, 422);
        assert!(no.html().contains("说不清"), "{}", no.text());
        let done = visit.press(&first, "completion", &[]).await;
        assert_eq!(done.status, 303);
        let completed = visit.now(first.id).await;
        let silent = visit.press(&completed, "reopening", &[]).await;
        assert_eq!(silent.status, 422, "{}", silent.text());
        let again = visit.press(&completed, "reopening", &[("words", "按错了")]).await;
        assert_eq!(again.status, 303, "{}", again.text());
        let page = visit.owner.get(again.location().unwrap()).await.text();
        assert!(
            page.contains("服务中") && page.contains("误按完成，重新打开：按错了"),
            "{page}"
        );

        // The safety key works from whatever page, however old.
        let pressed = visit.press(&first, "safety", &[]).await;
        assert_eq!(pressed.status, 303, "{}", pressed.text());
        assert_eq!(visit.now(first.id).await.state, State::Aborted);
        assert!(
            visit
                .owner
                .get("/desk/cases")
                .await
                .text()
                .contains("不安全，中止")
        );
        let own = visit.zhang.get(&format!("/bookings/{}", first.id)).await.text();
        assert!(own.contains("服务中止了"), "{own}");
        let centre = visit.app.centre().await;
        let page = centre.get(&format!("/console/cases/{}", first.id)).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(
            page.text().contains("师傅用了安全键，请了解情况"),
            "{}",
            page.text()
        );
        visit.done();
    });
}

/// Two for one time, paid by one order.
async fn two(visit: &Visit, minute: i64) -> Vec<Booking> {
    let one = Wish {
        service: visit.service,
        therapist: None,
        starts_at: START.day().at(minute),
        contact: Contact {
            name: "张女士".to_owned(),
            phone: "13812345678".to_owned(),
        },
        wishes: Wishes {
            strength: Strength::Medium,
            note: String::new(),
        },
        declared: true,
    };
    let both = GroupWish {
        wishes: vec![one.clone(), one],
        in_turn: false,
        one_room: false,
    };
    let cx = visit.app.cx(Actor::Customer(visit.customer));
    let ask = move |tx: &mut Tx| request_together(&cx, tx, "two", &both);
    let held = visit.app.app.db.write(ask).await.unwrap();
    visit.pay(held[0].order).await;
    held
}

#[test]
fn of_one_of_several_all_is_kept_and_given_back_or_nothing() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let both = two(&visit, 900).await;
        visit.pass_until(920).await;
        let one = visit.now(both[0].id).await;
        let page = visit
            .owner
            .get(&format!("/desk/bookings/{}/no-show", one.id))
            .await;
        let html = page.html();
        assert!(
            html.contains("value=\"keep\"") && html.contains("value=\"waive\""),
            "{}",
            page.text()
        );
        assert!(
            !html.contains("value=\"part\"") && !html.contains("value=\"later\""),
            "{}",
            page.text()
        );
        for fields in [
            [("fee", "later"), ("amount", "")],
            [("fee", "part"), ("amount", "1")],
        ] {
            let no = visit.press(&one, "no-show", &fields).await;
            assert_eq!(no.status, 409);
            assert!(no.text().contains("这是同行的一位"), "{}", no.text());
        }
        let kept = visit.press(&one, "no-show", &[("fee", "keep")]).await;
        assert_eq!(kept.status, 303, "{}", kept.text());

        let version = visit.now(one.id).await.version.to_string();
        let objection = [("version", version.as_str()), ("words", "我到了，门锁着")];
        let door = format!("/bookings/{}/dispute", one.id);
        assert_eq!(visit.zhang.post(&door, &objection).await.status, 303);
        let (centre, door) = (visit.app.centre().await, format!("/console/cases/{}", one.id));
        let page = centre.get(&door).await;
        assert!(
            page.html().contains("value=\"all\"") && !page.html().contains("value=\"part\""),
            "{}",
            page.text()
        );
        let version = visit.now(one.id).await.version.to_string();
        let mut ruling = vec![("version", version.as_str()), ("words", "看到了顾客")];
        ruling.extend([("back", "part"), ("amount", "1")]);
        let no = centre.post(&door, &ruling).await;
        assert_eq!(no.status, 409);
        assert!(no.text().contains("只能全部"), "{}", no.text());
        ruling[2] = ("back", "all");
        assert_eq!(centre.post(&door, &ruling).await.status, 303);
        let order = one.order;
        let paid = visit.app.app.db.read(move |tx| order::paid(tx, order)).await;
        assert_eq!(paid.unwrap(), Money(12_800), "the other's");
        visit.done();
    });
}

//! The desk's roster pages, as owner, therapist and strangers use them.

use testkit::{Page, Person, START, TestApp, on_each_engine};

use super::{
    house::{MASSAGE, furnish},
    *,
};

struct Desk {
    app: TestApp,
    owner: Person,
    shop: Id<Shop>,
    liu: Id<Therapist>,
    wang: Id<Therapist>,
}

impl Desk {
    async fn of(app: TestApp) -> Desk {
        let (shop, liu, wang) = write(&app, furnish).await;
        Desk {
            owner: app.staff(Role::Owner, shop).await,
            app,
            shop,
            liu,
            wang,
        }
    }

    async fn claim(&self, holder: i64, minute: i64, choice: Choice) {
        let wanted = Wanted {
            shop: self.shop,
            choice,
            starts_at: START.day().at(minute),
            length: MASSAGE,
            holder: Id::from_raw(holder),
        };
        write(&self.app, move |cx, tx| claim(cx, tx, &wanted)).await;
    }

    fn shifts(&self, of: Id<Therapist>) -> String {
        format!("/desk/shifts/{of}")
    }

    fn leave(&self, of: Id<Therapist>) -> String {
        format!("/desk/shifts/{of}/leave")
    }

    /// Somebody of another shop, who must not learn that this one's things exist.
    async fn stranger(&self) -> Person {
        self.app.staff(Role::Owner, Id::from_raw(99)).await
    }

    /// Every text that a page asked for was there.
    fn nothing_missing(&self) {
        assert_eq!(self.app.missing_texts(), Vec::<String>::new());
    }
}

async fn write<T: Send + 'static>(
    app: &TestApp,
    mut f: impl FnMut(&Cx, &mut Tx) -> Result<T> + Send + 'static,
) -> T {
    let cx = app.cx(Actor::Staff {
        id: Id::from_raw(1),
        shop: None,
        role: Role::Centre,
    });
    app.app.db.write(move |tx| f(&cx, tx)).await.unwrap()
}

fn at_the_desk<F: Future<Output = ()>>(test: impl Fn(Desk) -> F) {
    let program = || {
        let modules = vec![
            shop::module(),
            catalog::module(),
            therapist::module(),
            crate::module(),
        ];
        (modules, web::Plugs::default())
    };
    on_each_engine(program, async |app| test(Desk::of(app).await).await);
}

#[track_caller]
fn has(page: &Page, words: &[&str]) {
    let text = page.text();
    for said in words {
        assert!(text.contains(said), "{said} is not in:\n{text}");
    }
}

#[track_caller]
fn lacks(page: &Page, words: &str) {
    assert!(!page.text().contains(words), "{words} is in:\n{}", page.text());
}

async fn in_english(person: &Person, path: &str) -> Page {
    let request = http::Request::get(path)
        .header("accept-language", "en")
        .body(axum::body::Body::empty());
    person.send(request.unwrap()).await
}

#[test]
fn everybody_of_the_shop_hears_the_week() {
    at_the_desk(async |desk| {
        let therapist = desk.app.staff(Role::Therapist, desk.shop).await;
        desk.claim(1, 720, Choice::Named(desk.liu)).await;
        let page = therapist.get("/desk/shifts").await;
        assert_eq!(page.status, 200);
        has(
            &page,
            &[
                "排班，今天 2 位师傅上班",
                "今天上班：刘师傅（1 号） 12:00–次日 02:00、王师傅（2 号） 12:00–次日 02:00。",
                "每天 12:00–次日 02:00",
                "今天稍后上班",
                "最早空一小时：今天下午 1 点一刻",
                "最早空一小时：今天中午 12 点",
            ],
        );
        desk.app.clock.advance_minutes(180);
        has(&therapist.get("/desk/shifts").await, &["上班中"]);

        let week = therapist.get(&desk.shifts(desk.liu)).await;
        has(&week, &["刘师傅（1 号）的排班", "每天 12:00–次日 02:00"]);
        assert!(
            !week.html().contains("name=\"day1\""),
            "a therapist changes nothing"
        );
        for path in [
            desk.shifts(desk.liu),
            desk.leave(desk.liu),
            "/desk/beds".to_owned(),
        ] {
            assert_eq!(therapist.post(&path, &[]).await.status, 403, "{path}");
        }
        assert_eq!(desk.app.guest().get("/desk/shifts").await.status, 303);
        desk.nothing_missing();
    });
}

#[test]
fn a_week_is_typed_a_line_a_day() {
    at_the_desk(async |desk| {
        let path = desk.shifts(desk.liu);
        let form = desk.owner.get(&path).await;
        assert_eq!(
            form.attribute_after("id=\"f-day1\"", "value").as_deref(),
            Some("12:00-02:00")
        );
        let was = form.attribute_after("name=\"was\"", "value").unwrap();

        let wrong = [
            ("was", was.as_str()),
            ("day1", "十点"),
            ("day2", "22:00-12:00"),
            ("day3", "10-20"),
        ];
        let refused = desk.owner.post(&path, &wrong).await;
        assert_eq!(refused.status, 422);
        has(&refused, &["时间没有看懂", "结束时间要比开始时间晚"]);
        for (_, typed) in &wrong[1..] {
            assert!(
                refused.html().contains(&format!("value=\"{typed}\"")),
                "{typed} stays typed"
            );
        }

        let right = [
            ("was", was.as_str()),
            ("day1", "10点到14点半，18:00-次日"),
            ("day3", "10-20"),
            ("day7", "12:00-26:00"),
        ];
        assert_eq!(desk.owner.post(&path, &right).await.status, 422);
        let right = [
            ("was", was.as_str()),
            ("day1", "10点到14点半，18:00-02:00"),
            ("day3", "10-20"),
            ("day7", "12-26"),
        ];
        let saved = desk.owner.post(&path, &right).await;
        assert_eq!((saved.status, saved.location()), (303, Some("/desk/shifts")));
        let said = "周一 10:00–14:30、18:00–次日 02:00；周二休息；周三 10:00–20:00；周四到周六休息；周日 12:00–次日 02:00";
        has(
            &desk.owner.get("/desk/shifts").await,
            &["已保存刘师傅（1 号）的排班", said],
        );

        // Sent again from a page that shows the week of before: nothing is overwritten unseen.
        let stale = desk
            .owner
            .post(&path, &[("was", was.as_str()), ("day2", "9-17")])
            .await;
        assert_eq!(stale.status, 409);
        has(&stale, &["刚刚有人改过", said]);
        assert!(stale.html().contains("value=\"9-17\""));
        let was = stale.attribute_after("name=\"was\"", "value").unwrap();
        assert_eq!(
            desk.owner
                .post(&path, &[("was", was.as_str()), ("day2", "9-17")])
                .await
                .status,
            303
        );

        let (stranger, path) = (desk.stranger().await, desk.shifts(desk.liu));
        assert_eq!(stranger.get(&path).await.status, 404);
        assert_eq!(stranger.post(&path, &[("was", was.as_str())]).await.status, 404);
        desk.nothing_missing();
    });
}

#[test]
fn a_leave_over_bookings_is_granted_only_by_who_knows_them() {
    at_the_desk(async |desk| {
        let path = desk.leave(desk.liu);
        desk.claim(71, 900, Choice::Named(desk.liu)).await;
        let today = START.day().to_string();
        let key = desk
            .owner
            .get(&path)
            .await
            .attribute_after("name=\"key\"", "value")
            .unwrap();
        let asked = [
            ("key", key.as_str()),
            ("from_day", &today),
            ("from_time", "14:00"),
            ("to_day", &today),
            ("to_time", "20:00"),
            ("reason", "看牙"),
        ];
        let hit = desk.owner.post(&path, &asked).await;
        assert_eq!(hit.status, 409);
        has(
            &hit,
            &[
                "已经有 1 个预约",
                "今天下午 3 点到下午 4 点 10 分",
                "我知道有这些预约",
            ],
        );
        assert!(hit.html().contains("value=\"看牙\"") && hit.html().contains("value=\"14:00\""));
        let known = hit.attribute_after("name=\"known\"", "value").unwrap();

        // Another booking comes in before the person says that it is sure.
        desk.claim(72, 1000, Choice::Named(desk.liu)).await;
        let mut sure = asked.to_vec();
        sure.extend([("sure", "1"), ("known", known.as_str())]);
        let again = desk.owner.post(&path, &sure).await;
        assert_eq!(again.status, 409);
        has(&again, &["已经有 2 个预约"]);
        let known = again.attributes("value", "");
        sure.extend(
            known
                .iter()
                .filter(|value| value.parse::<Id<Holder>>().is_ok())
                .map(|id| ("known", id.as_str())),
        );
        assert_eq!(desk.owner.post(&path, &sure).await.status, 303);
        assert_eq!(desk.owner.post(&path, &sure).await.status, 303, "sent twice");
        let page = desk.owner.get(&path).await;
        has(
            &page,
            &[
                "刘师傅（1 号）的请假，1 段",
                "今天下午 2 点到晚上 8 点",
                "里面还有 2 个预约",
                "看牙",
            ],
        );
        assert!(
            page.html()
                .contains(&format!("/desk/bookings/{}", Id::<Holder>::from_raw(71)))
        );
        has(
            &desk.owner.get("/desk/shifts").await,
            &["请假：今天下午 2 点到晚上 8 点"],
        );
        desk.nothing_missing();
    });
}

#[test]
fn a_leave_of_whole_days_is_entered_and_withdrawn() {
    at_the_desk(async |desk| {
        let path = desk.leave(desk.wang);
        let (monday, tuesday) = (START.day().plus(1).to_string(), START.day().plus(2).to_string());
        let days = |from: &str, to: &str| [("from_day", from.to_owned()), ("to_day", to.to_owned())];
        let send = async |fields: [(&str, String); 2]| {
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            desk.owner.post(&path, &fields).await
        };
        assert_eq!(send(days("", "")).await.status, 422);
        has(&send(days(&monday, "2026-02-30")).await, &["日期或时间没有看懂"]);
        has(&send(days(&tuesday, &monday)).await, &["结束时间要比开始时间晚"]);
        has(
            &send(days("2026-11-01", "2026-11-02")).await,
            &["这段请假已经过去了"],
        );
        assert_eq!(send(days(&monday, &tuesday)).await.status, 303);
        let page = desk.owner.get(&path).await;
        has(&page, &["已登记王师傅（2 号）请假", "请假：明天到后天全天"]);

        let withdrawal = page
            .attributes("action", &path)
            .into_iter()
            .find(|to| to.ends_with("/withdrawal"))
            .unwrap();
        let stranger = desk.stranger().await;
        assert_eq!(stranger.post(&withdrawal, &[]).await.status, 404);
        assert_eq!(stranger.get(&path).await.status, 404);
        assert_eq!(
            stranger
                .post(&path, &[("from_day", &monday), ("to_day", &monday)])
                .await
                .status,
            404
        );
        has(&desk.owner.get(&path).await, &["1 段"]);
        assert_eq!(desk.owner.post(&withdrawal, &[]).await.status, 303);
        has(&desk.owner.get(&path).await, &["已撤回", "现在没有请假"]);
        desk.nothing_missing();
    });
}

#[test]
fn who_is_on_leave_all_day_does_not_work_today() {
    at_the_desk(async |desk| {
        let today = START.day().to_string();
        let fields = [("from_day", today.as_str()), ("to_day", today.as_str())];
        assert_eq!(desk.owner.post(&desk.leave(desk.liu), &fields).await.status, 303);
        let page = desk.owner.get("/desk/shifts").await;
        has(&page, &["今天 1 位师傅上班", "请假中", "请假：今天全天"]);
        lacks(&page, "今天上班：刘师傅");
        has(
            &desk.owner.get("/desk/rotation").await,
            &["轮钟，轮到王师傅（2 号）", "第 1 位，刘师傅（1 号），请假中"],
        );
        desk.nothing_missing();
    });
}

#[test]
fn beds_are_added_and_retired() {
    at_the_desk(async |desk| {
        desk.claim(1, 900, Choice::Named(desk.liu)).await;
        let page = desk.owner.get("/desk/beds").await;
        has(&page, &["床位，2 张", "在用的床位：一号床、二号床。"]);
        let retirement = page.attributes("action", "/desk/beds/").remove(0);

        assert_eq!(desk.owner.post("/desk/beds", &[("name", " ")]).await.status, 422);
        let used = desk.owner.post("/desk/beds", &[("name", "二号床")]).await;
        assert_eq!(used.status, 409);
        has(&used, &["已经有叫这个名字的床位"]);
        assert!(used.html().contains("value=\"二号床\""));
        assert_eq!(
            desk.owner.post("/desk/beds", &[("name", "靠窗床")]).await.status,
            303
        );
        has(
            &desk.owner.get("/desk/beds").await,
            &["已添加靠窗床", "床位，3 张"],
        );

        assert_eq!(desk.stranger().await.post(&retirement, &[]).await.status, 404);
        assert_eq!(desk.owner.post(&retirement, &[]).await.status, 303);
        let page = desk.owner.get("/desk/beds").await;
        has(
            &page,
            &["已停用一号床，上面还有 1 个预约", "在用的床位：二号床、靠窗床。"],
        );
        for to in page.attributes("action", "/desk/beds/") {
            desk.owner.post(&to, &[]).await;
        }
        has(&desk.owner.get("/desk/beds").await, &["店里还没有床位"]);
        has(
            &desk.owner.get("/desk/shifts").await,
            &["店里还没有床位", "14 天内没有空出的一小时"],
        );
        desk.nothing_missing();
    });
}

#[test]
fn the_rotation_board_tells_the_line_and_the_reasons() {
    at_the_desk(async |desk| {
        let both = || Choice::Rotation(vec![desk.liu, desk.wang]);
        let board = desk.owner.get("/desk/rotation").await;
        has(
            &board,
            &["轮到刘师傅（1 号），接着是王师傅（2 号）。", "还没有安排过"],
        );
        desk.claim(1, 900, both()).await;
        desk.claim(2, 1000, Choice::Named(desk.wang)).await;
        let board = desk.owner.get("/desk/rotation").await;
        has(
            &board,
            &[
                "轮钟，轮到王师傅（2 号）",
                "第 1 位，王师傅（2 号），今天稍后上班，今天 12:00–次日 02:00",
                "第 2 位，刘师傅（1 号）",
                "今天上午 10 点安排，刘师傅（1 号），一号床。",
                "轮钟：有空的师傅里排在最前。",
                "点钟：顾客指定，不占轮次。",
            ],
        );
        lacks(&board, "后来放开了");
        let (named, turned) = (
            board.text().find("点钟：顾客").unwrap(),
            board.text().find("轮钟：有空").unwrap(),
        );
        assert!(named < turned, "the newest first");

        write(&desk.app, |_, tx| release(tx, Id::from_raw(1))).await;
        has(
            &desk.owner.get("/desk/rotation").await,
            &["轮钟，轮到刘师傅（1 号）", "后来放开了"],
        );
        lacks(&desk.stranger().await.get("/desk/rotation").await, "刘师傅");
        desk.nothing_missing();
    });
}

#[test]
fn the_pages_speak_english_too() {
    at_the_desk(async |desk| {
        desk.claim(1, 900, Choice::Rotation(vec![desk.liu])).await;
        for (path, words) in [
            ("/desk/shifts".to_owned(), "First free hour"),
            (desk.shifts(desk.liu), "Every day 12:00–02:00 next day"),
            (desk.leave(desk.liu), "No leave now."),
            ("/desk/beds".to_owned(), "2 in use"),
            ("/desk/rotation".to_owned(), "By rotation"),
        ] {
            let page = in_english(&desk.owner, &path).await;
            assert_eq!(page.status, 200);
            has(&page, &[words]);
        }
        desk.nothing_missing();
    });
}

#[test]
fn a_therapist_asks_for_leave_and_the_owner_finds_the_question() {
    at_the_desk(async |desk| {
        let therapist = desk.app.staff(Role::Therapist, desk.shop).await;
        desk.claim(71, 900, Choice::Named(desk.liu)).await;
        let (path, today) = (desk.leave(desk.liu), START.day().to_string());
        let page = therapist.get(&path).await;
        has(&page, &["申请请假"]);
        let send = format!("/desk/shifts/{}/leave-requests", desk.liu);
        assert!(page.html().contains(&format!("action=\"{send}\"")));
        let key = page.attribute_after("name=\"key\"", "value").unwrap();
        let typed = [
            ("key", key.as_str()),
            ("from_day", &today),
            ("from_time", "14:00"),
            ("to_day", &today),
            ("to_time", "13:00"),
            ("reason", "看牙"),
        ];
        let no = therapist.post(&send, &typed).await;
        assert_eq!(no.status, 422);
        assert!(no.html().contains("value=\"看牙\""));
        let mut right = typed;
        right[4] = ("to_time", "20:00");
        assert_eq!(therapist.post(&send, &right).await.status, 303);
        assert_eq!(therapist.post(&send, &right).await.status, 303, "sent twice");
        has(
            &therapist.get(&path).await,
            &["等店里答复", "里面还有 1 个预约", "现在没有请假"],
        );
        has(&desk.owner.get("/desk/shifts").await, &["1 个请假申请等答复"]);
        let asked = desk.owner.get("/desk/leave").await;
        has(
            &asked,
            &[
                "1 个请假申请等答复",
                "刘师傅（1 号） 今天下午 2 点到晚上 8 点",
                "看牙",
                "有 1 个预约",
            ],
        );
        assert!(asked.html().contains("href=\"/desk/leave/"));
        lacks(&desk.stranger().await.get("/desk/leave").await, "刘师傅");
        assert_eq!(
            therapist.post(&path, &right).await.status,
            403,
            "granting is the shop's"
        );
        let back = therapist.get(&path).await.attributes("action", &path);
        let back = back.into_iter().find(|to| to.ends_with("/withdrawal")).unwrap();
        assert_eq!(therapist.post(&back, &[]).await.status, 303);
        has(&desk.owner.get("/desk/leave").await, &["没有请假申请等答复"]);
        desk.nothing_missing();
    });
}

#[test]
fn a_single_day_is_changed_by_who_knows_the_bookings() {
    at_the_desk(async |desk| {
        let path = format!("{}/days", desk.shifts(desk.liu));
        let today = START.day().to_string();
        has(&desk.owner.get(&path).await, &["近两个月都按每周排班"]);
        let no = desk
            .owner
            .post(&path, &[("day", &today), ("times", "中午")])
            .await;
        assert_eq!(no.status, 422);
        assert!(no.html().contains("value=\"中午\""));
        desk.claim(71, 900, Choice::Named(desk.liu)).await;
        let typed = [("day", today.as_str()), ("times", "18:00-22:00")];
        let hit = desk.owner.post(&path, &typed).await;
        assert_eq!(hit.status, 409);
        has(&hit, &["有 1 个预约在这些时间之外", "我知道有这些预约"]);
        let sure = [typed[0], typed[1], ("sure", "1"), ("known", "0")];
        assert_eq!(
            desk.owner.post(&path, &sure).await.status,
            409,
            "one that the person was not told of"
        );
        let sure = [typed[0], typed[1], ("sure", "1"), ("known", "1")];
        assert_eq!(desk.owner.post(&path, &sure).await.status, 303);
        has(
            &desk.owner.get(&path).await,
            &["已保存刘师傅（1 号）：今天 18:00–22:00"],
        );
        has(
            &desk.owner.get("/desk/shifts").await,
            &["刘师傅（1 号） 18:00–22:00"],
        );
        let stranger = desk.stranger().await;
        assert_eq!(stranger.get(&path).await.status, 404);
        assert_eq!(stranger.post(&path, &typed).await.status, 404);
        let lift = format!("{path}/{today}/removal");
        assert_eq!(stranger.post(&lift, &[]).await.status, 404);
        assert_eq!(desk.owner.post(&lift, &[]).await.status, 303);
        has(&desk.owner.get(&path).await, &["已改回每周排班"]);
        desk.nothing_missing();
    });
}

#[test]
fn a_bed_is_put_into_a_room_and_rests_for_a_while() {
    at_the_desk(async |desk| {
        assert_eq!(desk.owner.post("/desk/rooms", &[("room", "")]).await.status, 422);
        assert_eq!(
            desk.owner.post("/desk/rooms", &[("room", "双人间")]).await.status,
            303
        );
        let bed = desk
            .owner
            .get("/desk/beds")
            .await
            .attributes("href", "/desk/beds/")
            .remove(0);
        let page = desk.owner.get(&bed).await;
        has(&page, &["在用，没有停用安排", "双人间"]);
        let room = page
            .attributes("value", "")
            .into_iter()
            .find(|value| value.parse::<Id<Room>>().is_ok());
        let put = [("room", room.as_deref().unwrap())];
        assert_eq!(desk.owner.post(&format!("{bed}/room"), &put).await.status, 303);
        desk.claim(1, 900, Choice::Named(desk.liu)).await;
        let today = START.day().to_string();
        let typed = [
            ("day", today.as_str()),
            ("from_time", "14:00"),
            ("to_time", "13:00"),
            ("reason", "换床单"),
        ];
        let no = desk.owner.post(&format!("{bed}/pauses"), &typed).await;
        assert_eq!(no.status, 422);
        assert!(no.html().contains("value=\"换床单\""));
        let mut right = typed;
        right[2] = ("to_time", "16:00");
        assert_eq!(
            desk.owner.post(&format!("{bed}/pauses"), &right).await.status,
            303
        );
        let page = desk.owner.get(&bed).await;
        has(&page, &["还有 1 个预约", "停用：今天下午 2 点到下午 4 点 换床单"]);
        has(&desk.owner.get("/desk/beds").await, &["双人间", "停用：今天"]);
        let stranger = desk.stranger().await;
        assert_eq!(stranger.get(&bed).await.status, 404);
        assert_eq!(stranger.post(&format!("{bed}/pauses"), &right).await.status, 404);
        let lift = page.attributes("action", &format!("{bed}/pauses/")).remove(0);
        assert_eq!(stranger.post(&lift, &[]).await.status, 404);
        assert_eq!(desk.owner.post(&lift, &[]).await.status, 303);
        has(&desk.owner.get(&bed).await, &["已恢复使用"]);
        desk.nothing_missing();
    });
}

#[test]
fn the_days_turns_are_read_aloud_and_a_place_is_changed_with_a_reason() {
    at_the_desk(async |desk| {
        desk.claim(1, 900, Choice::Rotation(vec![desk.liu, desk.wang]))
            .await;
        desk.claim(2, 1000, Choice::Named(desk.wang)).await;
        let place = format!("/desk/rotation/places/{}", desk.liu);
        assert!(desk.owner.get("/desk/rotation").await.html().contains(&place));
        has(&desk.owner.get(&place).await, &["改刘师傅（1 号）的轮钟次序"]);
        let no = desk
            .owner
            .post(&place, &[("step", "first"), ("reason", "")])
            .await;
        assert_eq!(no.status, 422);
        has(&no, &["请用几个字说明原因"]);
        let first = [("step", "first"), ("reason", "客人投诉后补一个钟")];
        assert_eq!(desk.owner.post(&place, &first).await.status, 303);
        has(
            &desk.owner.get("/desk/rotation").await,
            &["已把刘师傅（1 号）排到最前", "轮到刘师傅（1 号）"],
        );
        let record = desk.owner.get("/desk/rotation/record").await;
        has(
            &record,
            &[
                "轮钟记录，2 次安排",
                "轮钟 1，点钟 1，加钟 0，人工 1",
                "刘师傅（1 号），一号床。",
                "轮钟：有空的师傅里排在最前。",
                "刘师傅（1 号）排到最前，店主定的。 客人投诉后补一个钟",
            ],
        );
        let therapist = desk.app.staff(Role::Therapist, desk.shop).await;
        has(&therapist.get("/desk/rotation/record").await, &["店主定的"]);
        assert_eq!(therapist.post(&place, &first).await.status, 403);
        assert_eq!(desk.stranger().await.post(&place, &first).await.status, 404);
        let before = format!("/desk/rotation/record?day={}", START.day().plus(-1));
        has(&desk.owner.get(&before).await, &["0 次安排", "还没有安排过"]);
        desk.nothing_missing();
    });
}

#[test]
fn owner_and_centre_say_when_customers_can_book() {
    at_the_desk(async |desk| {
        has(
            &desk.owner.get("/desk/window").await,
            &["随时可约，最远 14 天", "最远 30 天"],
        );
        let no = desk
            .owner
            .post("/desk/window", &[("lead", "30"), ("days", "31")])
            .await;
        assert_eq!(no.status, 422);
        has(&no, &["可以预约的天数请写 1 到 30"]);
        assert_eq!(
            desk.owner
                .post("/desk/window", &[("lead", "x"), ("days", "7")])
                .await
                .status,
            422
        );
        let right = [("lead", "30"), ("days", "7")];
        let therapist = desk.app.staff(Role::Therapist, desk.shop).await;
        assert_eq!(therapist.post("/desk/window", &right).await.status, 403);
        assert_eq!(desk.owner.post("/desk/window", &right).await.status, 303);
        has(
            &therapist.get("/desk/window").await,
            &["至少提前30 分钟，最远 7 天"],
        );
        let centre = desk.app.centre().await;
        has(&centre.get("/console/window").await, &["随时可约，最远 14 天"]);
        let torn = [
            ("lead", "0"),
            ("days", "9"),
            ("most_lead", "60"),
            ("most_days", "5"),
        ];
        assert_eq!(centre.post("/console/window", &torn).await.status, 422);
        let bounds = [
            ("lead", "0"),
            ("days", "5"),
            ("most_lead", "60"),
            ("most_days", "5"),
        ];
        assert_eq!(desk.owner.post("/console/window", &bounds).await.status, 403);
        assert_eq!(centre.post("/console/window", &bounds).await.status, 303);
        has(&desk.owner.get("/desk/window").await, &["最远 5 天"]);
        desk.nothing_missing();
    });
}

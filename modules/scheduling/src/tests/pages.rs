//! The desk's roster pages, as owner, therapist and strangers use them.

use testkit::{Page, Person, START, TestApp, on_each_engine};

use super::{
    house::{MASSAGE, account_of, furnish},
    *,
};

mod roster;

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
            identity::module(),
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

//! Leave that is asked for, single days, rooms, the record of turns, the window of booking.

use super::*;

#[test]
fn a_therapist_asks_for_leave_and_the_owner_finds_the_question() {
    at_the_desk(async |desk| {
        let colleague = desk.app.staff(Role::Therapist, desk.shop).await;
        let (shop, liu) = (desk.shop, desk.liu);
        let account = write(&desk.app, move |cx, tx| account_of(cx, tx, shop, liu)).await;
        let therapist = desk.app.signed_in(account, "刘师傅").await;
        desk.claim(71, 900, Choice::Named(desk.liu)).await;
        let (path, today) = (desk.leave(desk.liu), START.day().to_string());
        let page = colleague.get(&path).await;
        has(&page, &["刘师傅（1 号）的请假由本人申请，或者由店里登记。"]);
        lacks(&page, "申请请假");
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
        let no = colleague.post(&send, &right).await;
        assert_eq!(no.status, 403);
        has(&no, &["只能为自己请假"]);
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

//! Through the doors: what customers and the desk read, and what they may send.

use testkit::START;

use super::*;

mod asked;
mod change;
mod closing;
mod counter;
mod ends;
mod farewell;
mod home;
mod party;
mod together;
mod visit;
mod waitlist;

use visit::{Visit, program};

#[test]
fn service_who_when_details() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let guest = visit.app.guest();
        let services = guest.get(&format!("/shops/{}/book", visit.shop)).await;
        assert!(
            services.text().contains("有 1 项服务可以预约"),
            "{}",
            services.text()
        );
        let mut links = services.attributes("href", "/shops/");
        links.retain(|link| link.contains(&visit.service.to_string()));
        let who = guest.get(&links.pop().unwrap()).await;
        assert!(
            who.text().contains("不指定") && who.text().contains("刘师傅，1 号"),
            "{}",
            who.text()
        );
        assert!(who.text().contains("最早今天"), "{}", who.text());
        let named = guest
            .get(&format!(
                "/shops/{}/book/{}/times?therapist={}",
                visit.shop, visit.service, visit.liu
            ))
            .await;
        let text = named.text();
        // 12:00 to 25:00 in quarters of an hour.
        assert!(
            text.contains("今天，刘师傅，有 53 个时间，最早中午 12 点"),
            "{text}"
        );
        assert!(
            text.contains("下午 3 点，刘师傅，有空") && text.contains("午夜后"),
            "{text}"
        );
        assert_eq!(
            named
                .attributes("href", "/shops/")
                .iter()
                .filter(|href| href.contains("/times?") && href.contains("day="))
                .count(),
            14
        );
        let none = visit
            .zhang
            .get(&format!(
                "/shops/{}/book/{}/details?therapist=any",
                visit.shop, visit.service
            ))
            .await;
        assert_eq!(none.status, 422);
        assert!(none.text().contains("请选一个时间"), "{}", none.text());
        let foreign = guest
            .get(&format!(
                "/shops/{}/book/{}",
                Id::<Shop>::from_raw(5),
                visit.service
            ))
            .await;
        assert_eq!(foreign.status, 404);
        let away = guest.get(&visit.details(900)).await;
        assert!(
            away.location().unwrap().starts_with("/wechat/sign-in"),
            "a guest is led to sign in"
        );
        visit.done();
    });
}

#[test]
fn what_is_wrong_is_said_and_nothing_typed_is_lost() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let cases = [
            ("phone", "62345678", "手机号应为 11 位"),
            ("name", " ", "请填写称呼"),
            ("health", "", "请先看健康提示"),
        ];
        for (field, value, words) in cases {
            let page = visit.send(&visit.zhang, 900, &[(field, value)]).await;
            assert_eq!(page.status, 422);
            assert!(page.text().contains(words), "{}", page.text());
            assert!(page.text().contains("肩酸"), "the note stays typed");
            assert!(
                page.html().contains("value=\"firm\" checked"),
                "the strength stays chosen: {}",
                page.html()
            );
        }
        let sent = visit.send(&visit.zhang, 900, &[]).await;
        assert!(
            sent.location().unwrap().starts_with("/orders/"),
            "{:?}",
            sent.location()
        );
        assert!(sent.location().unwrap().ends_with("/payment"));
        let again = visit.zhang.get(&visit.details(1000)).await;
        assert!(
            again.html().contains("value=\"13812345678\""),
            "the next form is filled in"
        );
        visit.done();
    });
}

#[test]
fn a_taken_time_comes_back_with_three_others() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let other = visit.send(&visit.wang, 900, &[]).await;
        assert_eq!(other.status, 303, "{}", other.text());
        let page = visit.send(&visit.zhang, 900, &[]).await;
        assert_eq!(page.status, 409);
        let text = page.text();
        assert!(
            text.contains("这个时间刚被别人约了") && text.contains("肩酸"),
            "{text}"
        );
        let times = page.attributes("value", "17");
        assert_eq!(times.len(), 3, "{}", page.html());
        let sent = visit.send(&visit.zhang, 975, &[("slot", &times[2])]).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        visit.done();
    });
}

#[test]
fn a_customer_sees_the_code_and_calls_off() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let booking = visit.booked(900).await;
        let address = format!("/bookings/{}", booking.id);
        let page = visit.zhang.get(&address).await;
        let text = page.text();
        assert!(text.contains("已确认。今天下午 3 点，刘师傅等您。"), "{text}");
        assert!(
            text.contains(&format!("{} {}", &booking.code[..3], &booking.code[3..])),
            "{text}"
        );
        assert!(
            page.html().contains("role=\"img\"") && page.html().contains("tel:"),
            "{}",
            page.html()
        );
        assert_eq!(
            visit.wang.get(&address).await.status,
            404,
            "somebody else's booking does not exist"
        );
        let list = visit.zhang.get("/bookings").await;
        assert!(list.text().contains("下一个：今天下午 3 点"), "{}", list.text());

        let ask = visit.zhang.get(&format!("{address}/cancellation")).await;
        assert!(ask.text().contains("¥128 全部退回"), "{}", ask.text());
        let stale = visit
            .zhang
            .post(&format!("{address}/cancellation"), &[("version", "1")])
            .await;
        assert_eq!(stale.status, 409);
        assert!(stale.text().contains("刚刚有变化"), "{}", stale.text());
        let foreign = visit
            .wang
            .post(&format!("{address}/cancellation"), &[("version", "2")])
            .await;
        assert_eq!(foreign.status, 404);
        let gone = visit
            .zhang
            .post(&format!("{address}/cancellation"), &[("version", "2")])
            .await;
        assert_eq!((gone.status, gone.location()), (303, Some(address.as_str())));
        let again = visit.zhang.get(&format!("{address}/cancellation")).await;
        assert_eq!(
            again.location(),
            Some(address.as_str()),
            "nothing is left to call off"
        );
        assert!(
            visit
                .zhang
                .get(&address)
                .await
                .text()
                .contains("已取消：顾客改了主意")
        );
        visit.done();
    });
}

#[test]
fn the_desk_confirms_receives_and_serves() {
    Visit::on_each_engine(Accepts::Manual, async |visit| {
        let asked = visit.booked(900).await;
        let list = visit.owner.get("/desk/bookings").await;
        assert!(list.text().contains("1 个待确认"), "{}", list.text());
        let confirmed = visit.press(&asked, "confirmation", &[]).await;
        assert_eq!(
            (confirmed.status, confirmed.location()),
            (303, Some("/desk/bookings"))
        );
        let list = visit.owner.get("/desk/bookings").await.text();
        assert!(list.contains("已确认 张女士"), "{list}");
        assert!(
            list.contains("下一位 下午 3 点 张女士 全身保健按摩 60 分钟 刘师傅"),
            "{list}"
        );
        let stale = visit.press(&asked, "check-in", &[]).await;
        assert_eq!(stale.status, 409);
        assert!(stale.text().contains("刚刚有变化"), "{}", stale.text());

        let early = visit.owner.post("/desk/check-in", &[("code", &asked.code)]).await;
        assert_eq!(early.status, 409);
        assert!(
            early.text().contains("开始前 30 分钟才能签到"),
            "{}",
            early.text()
        );
        visit.app.clock.advance_minutes(280);
        let wrong = if asked.code == "000000" {
            "111111"
        } else {
            "000000"
        };
        let unknown = visit.owner.post("/desk/check-in", &[("code", wrong)]).await;
        assert_eq!(unknown.status, 422);
        assert!(
            unknown.html().contains(&format!("value=\"{wrong}\"")),
            "the code stays typed"
        );
        assert_eq!(
            visit
                .owner
                .post("/desk/check-in", &[("code", &asked.code)])
                .await
                .status,
            303
        );
        let used = visit.owner.post("/desk/check-in", &[("code", &asked.code)]).await;
        assert!(used.text().contains("张女士已经签到"), "{}", used.text());

        let here = Booking {
            version: 4,
            ..asked.clone()
        };
        assert_eq!(visit.press(&here, "start", &[]).await.status, 303);
        let serving = Booking {
            version: 5,
            ..asked.clone()
        };
        assert_eq!(visit.press(&serving, "completion", &[]).await.status, 303);
        let page = visit
            .owner
            .get(&format!("/desk/bookings/{}", asked.id))
            .await
            .text();
        assert!(page.contains("已完成") && page.contains("服务完成"), "{page}");
        visit.done();
    });
}

#[test]
fn declining_needs_a_reason_and_foreign_bookings_do_not_exist() {
    Visit::on_each_engine(Accepts::Manual, async |visit| {
        let asked = visit.booked(900).await;
        let ask = visit
            .owner
            .get(&format!("/desk/bookings/{}/refusal", asked.id))
            .await;
        assert!(ask.text().contains("钱会全部退给顾客：¥128"), "{}", ask.text());
        let bare = visit.press(&asked, "refusal", &[]).await;
        assert_eq!(bare.status, 422);
        assert!(bare.text().contains("请选一个原因"), "{}", bare.text());
        let stranger = visit.app.staff(Role::Owner, Id::from_raw(5)).await;
        for path in ["", "/refusal", "/cancellation", "/no-show"] {
            assert_eq!(
                stranger
                    .get(&format!("/desk/bookings/{}{path}", asked.id))
                    .await
                    .status,
                404,
                "{path}"
            );
        }
        let version = asked.version.to_string();
        for step in [
            "confirmation",
            "extension",
            "check-in",
            "start",
            "completion",
            "no-show",
        ] {
            let pressed = stranger
                .post(
                    &format!("/desk/bookings/{}/{step}", asked.id),
                    &[("version", &version)],
                )
                .await;
            assert_eq!(pressed.status, 404, "{step}");
        }
        assert_eq!(
            visit
                .press(&asked, "refusal", &[("reason", "therapist_away")])
                .await
                .status,
            303
        );
        let told = visit.zhang.get(&format!("/bookings/{}", asked.id)).await.text();
        assert!(
            told.contains("店里这次不能接待：师傅有事不在。钱会全部退回。"),
            "{told}"
        );
        assert!(told.contains("这些时间可以约"), "{told}");
        visit.done();
    });
}

#[test]
fn a_guests_form_is_kept_over_the_sign_in() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        visit.zhang.get(&visit.details(900)).await;
        visit.zhang.forget("tuina_customer");
        let slot = START.day().at(900).ms().to_string();
        let service = visit.service.to_string();
        let fields = [
            ("service", service.as_str()),
            ("slot", &slot),
            ("name", "赵先生"),
            ("note", "腰酸"),
            ("key", "k"),
        ];
        let sent = visit.zhang.post("/bookings", &fields).await;
        let to = sent.location().unwrap().to_owned();
        assert!(
            to.starts_with("/wechat/sign-in?to=") && to.contains("details"),
            "back to the form: {to}"
        );
        assert!(to.contains("kept"), "with what was typed: {to}");
    });
}

#[test]
fn every_refusal_has_its_words_in_both_languages() {
    let texts = testkit::texts(&program().0);
    for code in Refusal::CODES {
        assert!(texts.has(&code.replace(['.', '_'], "-")), "{code}");
    }
}

/// Liu asks for leave from 14:00 to 20:00, by word of mouth: the clerk enters it.
async fn leave_asked(visit: &Visit) -> Id<scheduling::Leave> {
    let (liu, day) = (visit.liu, START.day());
    let asking = visit.app.cx(Actor::Staff {
        id: Id::from_raw(8),
        shop: Some(visit.shop),
        role: Role::Clerk,
    });
    let leave = scheduling::NewLeave {
        therapist: liu,
        from: day.at(840),
        to: day.at(1200),
        reason: "看牙".to_owned(),
    };
    let asked = visit
        .app
        .app
        .db
        .write(move |tx| scheduling::ask_leave(&asking, tx, leave.clone()));
    asked.await.unwrap()
}

#[test]
fn a_leave_over_bookings_is_decided_on_one_page() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let booked = visit.booked(900).await;
        let path = format!("/desk/leave/{}", leave_asked(&visit).await);
        let page = visit.owner.get(&path).await;
        for words in [
            "有 1 个预约，请逐个决定",
            "看牙",
            "张女士",
            "由店里取消，全额退",
            "顾客指定了这位师傅",
        ] {
            assert!(page.text().contains(words), "{words}: {}", page.text());
        }
        assert!(
            !page.text().contains("时间不变"),
            "the customer asked for Liu: {}",
            page.text()
        );
        let version = page.attribute_after("name=\"version\"", "value").unwrap();
        let (decision, seen) = (format!("decision-{}", booked.id), format!("seen-{}", booked.id));
        let seen_version = booked.version.to_string();
        let open = visit.owner.post(&path, &[("version", &version)]).await;
        assert_eq!(open.status, 409);
        assert!(open.text().contains("还有 1 个预约没有决定"), "{}", open.text());
        let no = visit
            .owner
            .post(
                &format!("{path}/refusal"),
                &[("version", &version), ("reason", "")],
            )
            .await;
        assert_eq!(no.status, 422);
        let stranger = visit.app.staff(Role::Owner, Id::from_raw(99)).await;
        assert_eq!(stranger.get(&path).await.status, 404);
        let therapist = visit.app.staff(Role::Therapist, visit.shop).await;
        assert_eq!(therapist.get(&path).await.status, 403);
        let fields = [
            ("version", version.as_str()),
            (decision.as_str(), "cancel"),
            (seen.as_str(), seen_version.as_str()),
        ];
        assert_eq!(stranger.post(&path, &fields).await.status, 404);
        let done = visit.owner.post(&path, &fields).await;
        assert_eq!((done.status, done.location()), (303, Some("/desk/leave")));
        let page = visit.owner.get("/desk/leave").await;
        assert!(page.text().contains("已同意请假"), "{}", page.text());
        let gone = visit
            .app
            .app
            .db
            .read(move |tx| booking(tx, booked.id))
            .await
            .unwrap();
        assert_eq!(gone.state, State::Cancelled);
        let page = visit.owner.get(&path).await;
        assert!(page.text().contains("这个申请已经有答复"), "{}", page.text());
        assert_eq!(visit.app.missing_texts(), Vec::<String>::new());
    });
}

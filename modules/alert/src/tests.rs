//! Through the front door: a paid booking reaches the desk, the owner and the customer, once, and never too late.

use std::sync::atomic::Ordering;

use booking::Booking;
use db::Tx;
use kernel::{Actor, Cx, Id, Instant, Lang, Result};
use shop::Accepts;

use crate::*;

mod callback;
mod change;
mod connection;
mod ends;
mod farewell;
mod group;
mod house;
mod sms;
mod stream;
mod trouble;
mod waitlist;

use house::{House, OWNER_OPENID};

const AUTOMATIC: Accepts = Accepts::Automatic;
const MANUAL: Accepts = Accepts::Manual;

#[test]
fn a_paid_booking_is_heard_at_the_desk_and_told_to_owner_and_customer_once() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        let booking = house.paid(0, 900).await;
        let alerts = house.alerts().await;
        assert_eq!(alerts.len(), 1);
        assert_eq!((alerts[0].kind, alerts[0].state), (Kind::Order, State::Queued));
        assert_eq!(
            alerts[0].speech,
            "新订单，张女士，今天下午三点，全身保健按摩六十分钟，李师傅"
        );
        let (id, version) = (booking.id, booking.version);
        // The job is delivered again: nothing is said twice.
        house
            .write(Actor::System("again"), move |cx, tx| follow(cx, tx, id, version))
            .await
            .unwrap();
        house.app.run_jobs().await;
        assert_eq!(house.alerts().await.len(), 1);
        let at = |path: &str| format!("{}{path}", testkit::BASE_URL);
        let mut sent = house.outside().sent();
        sent.sort();
        let customer = payment::testing::OPENID.to_owned();
        assert_eq!(
            sent,
            [
                (
                    customer,
                    "id of 预约成功通知".to_owned(),
                    at(&format!("/bookings/{id}"))
                ),
                (
                    OWNER_OPENID.to_owned(),
                    "id of 新订单提醒".to_owned(),
                    at(&format!("/desk/bookings/{id}"))
                ),
            ]
        );
        assert_eq!(house.messages(id.raw()).await, ["booked sent", "new_order sent"]);
    });
}

#[test]
fn the_desk_says_first_what_is_to_be_done_and_confirms_on_the_spot() {
    House::on_each_engine(MANUAL, |house| async move {
        let empty = house.owner.get("/desk").await;
        assert_eq!(empty.status, 200);
        assert!(
            empty.text().starts_with("没有待确认\n今天后面没有预约\n"),
            "{}",
            empty.text()
        );

        let booking = house.paid(0, 900).await;
        assert_eq!(house.states().await, ["request queued"]);
        let page = house.owner.get("/desk").await;
        assert!(
            page.text()
                .starts_with("1 个待确认\n今天后面没有预约\n张女士 下午 3 点\n"),
            "{}",
            page.text()
        );
        let (id, version) = (booking.id, booking.version.to_string());
        let alert = house.alerts().await[0].id.to_string();
        assert_eq!(page.attribute_after("id=\"booking-", "data-alert"), Some(alert));

        let door = format!("/desk/pending/{id}/confirmation");
        let stale = house.owner.post(&door, &[("version", "1")]).await;
        assert_eq!(stale.location(), Some("/desk"));
        assert!(house.owner.get("/desk").await.text().starts_with("错误："));
        let confirmed = house.owner.post(&door, &[("version", &version)]).await;
        assert_eq!((confirmed.status, confirmed.location()), (303, Some("/desk")));
        house.app.run_jobs().await;
        let page = house.owner.get("/desk").await.text();
        assert!(
            page.starts_with(
                "已确认 张女士 下午 3 点\n下一位 下午 3 点 张女士\n下一位 下午 3 点 张女士 全身保健按摩 60 分钟 李师傅\n"
            ),
            "{page}"
        );
        assert_eq!(house.states().await, ["request acknowledged"]);
        assert_eq!(house.messages(id.raw()).await, ["booked sent", "new_order sent"]);
        let part = house.owner.get("/desk/now").await.html();
        assert!(
            part.contains("hx-swap-oob=\"innerHTML:main &gt; h1\"")
                && part.contains("id=\"news\" hx-swap-oob=\"morph\""),
            "{part}"
        );
        assert_eq!(house.app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn the_shop_declines_with_a_reason_and_the_customer_reads_it() {
    House::on_each_engine(MANUAL, |house| async move {
        let booking = house.paid(0, 900).await;
        let door = format!("/desk/pending/{}/refusal", booking.id);
        let version = booking.version.to_string();
        let no_reason = house
            .owner
            .post(&door, &[("version", &version), ("reason", "mood")])
            .await;
        assert_eq!(no_reason.status, 422);
        let done = house
            .owner
            .post(&door, &[("version", &version), ("reason", "therapist_away")])
            .await;
        assert_eq!(done.location(), Some("/desk"));
        house.app.run_jobs().await;
        assert_eq!(house.states().await, ["request acknowledged"]);
        assert_eq!(
            house.messages(booking.id.raw()).await,
            ["declined sent", "new_order sent"]
        );
        let asked = house.outside().asked.lock().unwrap().clone();
        let last = &asked
            .iter()
            .rfind(|(path, _)| path.ends_with("template/send"))
            .unwrap()
            .1;
        assert_eq!(last["data"]["thing4"]["value"], "师傅临时不在");
    });
}

#[test]
fn a_message_is_dropped_when_its_booking_has_moved_on() {
    House::on_each_engine(MANUAL, |house| async move {
        house.outside().away.store(true, Ordering::SeqCst);
        let booking = house.paid(0, 900).await;
        assert_eq!(house.messages(booking.id.raw()).await, ["new_order queued"]);
        let (id, seen) = (booking.id, booking.version);
        house
            .write(house.as_owner(), move |cx, tx| booking::confirm(cx, tx, id, seen))
            .await
            .unwrap();
        house.outside().away.store(false, Ordering::SeqCst);
        house.pass(2).await;
        assert_eq!(
            house.messages(id.raw()).await,
            ["booked sent", "new_order dropped"]
        );
    });
}

#[test]
fn a_lost_answer_is_repeated_under_the_same_number_and_a_refusal_is_not() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        house.outside().away.store(true, Ordering::SeqCst);
        let first = house.paid(0, 900).await;
        house.outside().away.store(false, Ordering::SeqCst);
        house.pass(5).await;
        assert_eq!(
            house.messages(first.id.raw()).await,
            ["booked sent", "new_order sent"]
        );
        assert_eq!(
            house.outside().sent().len(),
            2,
            "one number each, however often it was sent"
        );

        house.outside().refuses.store(true, Ordering::SeqCst);
        let second = house.paid(0, 1000).await;
        assert_eq!(
            house.messages(second.id.raw()).await,
            ["booked refused", "new_order refused"]
        );
        let before = house.outside().count("/cgi-bin/message/template/send");
        house.pass(60).await;
        assert_eq!(house.outside().count("/cgi-bin/message/template/send"), before);
    });
}

#[test]
fn an_order_is_repeated_until_known_and_a_cancellation_is_said_once() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        let booking = house.paid(0, 900).await;
        let id = house.alerts().await[0].id;
        let heard = format!("/desk/alerts/{id}/heard");
        assert_eq!(house.owner.post(&heard, &[]).await.status, 204);
        assert_eq!(house.owner.post(&heard, &[]).await.status, 204);
        assert_eq!(house.states().await, ["order heard"]);
        house.pass(2).await;
        assert_eq!(
            house.states().await,
            ["order lapsed"],
            "an order that asks nothing falls silent"
        );

        house.cancel(booking.id).await;
        assert_eq!(house.states().await, ["order lapsed", "cancelled queued"]);
        let cancelled = house.alerts().await[1].clone();
        assert_eq!(
            cancelled.speech,
            "预约取消，张女士，今天下午三点，全身保健按摩，李师傅"
        );
        house
            .owner
            .post(&format!("/desk/alerts/{}/heard", cancelled.id), &[])
            .await;
        assert_eq!(house.states().await, ["order lapsed", "cancelled acknowledged"]);
        assert_eq!(
            house.messages(booking.id.raw()).await,
            [
                "booked sent",
                "cancelled sent",
                "cancelled_to_shop sent",
                "new_order sent"
            ]
        );

        // Alerts are told apart by when they were made.
        house.pass(1).await;
        house.paid(0, 1000).await;
        let third = house.alerts().await[2].id;
        let known = house
            .owner
            .post(&format!("/desk/alerts/{third}/acknowledgement"), &[])
            .await;
        assert_eq!(known.location(), Some("/desk"));
        assert_eq!(house.states().await[2], "order acknowledged");
    });
}

#[test]
fn money_that_went_back_is_told() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        let booking = house.paid(0, 900).await;
        house.cancel(booking.id).await;
        let purpose = order::purpose(booking.order);
        let refund = house
            .read(move |tx| payment::refunds(tx, &purpose))
            .await
            .remove(0);
        assert_eq!(house.messages(refund.id.raw()).await, Vec::<String>::new());
        let wechat = house.app.app.plug::<payment::testing::FakeWeChat>().clone();
        wechat.refund_ends(&refund.out_refund_no, "SUCCESS");
        house.pass(30).await;
        assert_eq!(house.messages(refund.id.raw()).await, ["refunded sent"]);
        let asked = house.outside().asked.lock().unwrap().clone();
        let last = &asked
            .iter()
            .rfind(|(path, _)| path.ends_with("template/send"))
            .unwrap()
            .1;
        assert_eq!(last["data"]["amount2"]["value"], "¥128");
        assert_eq!(
            last["url"],
            format!("{}/orders/{}", testkit::BASE_URL, booking.order)
        );
    });
}

#[test]
fn the_limit_is_announced_before_the_clock_declines() {
    House::on_each_engine(MANUAL, |house| async move {
        let booking = house.paid(0, 900).await;
        house.pass(9).await;
        assert_eq!(house.states().await, ["request queued", "limit queued"]);
        house.pass(2).await;
        assert_eq!(
            house.states().await,
            ["request lapsed", "limit lapsed", "unanswered queued"]
        );
        assert_eq!(
            house.messages(booking.id.raw()).await,
            ["declined sent", "new_order sent"]
        );
    });
}

#[test]
fn whoever_needs_longer_is_not_hurried() {
    House::on_each_engine(MANUAL, |house| async move {
        let booking = house.paid(0, 900).await;
        let door = format!("/desk/pending/{}/extension", booking.id);
        assert_eq!(
            house.owner.post(&door, &[("version", "2")]).await.location(),
            Some("/desk")
        );
        house.app.run_jobs().await;
        assert!(house.owner.get("/desk").await.text().starts_with("已延长"));
        // Whoever asked for more time has heard the order; the new limit is announced in its turn.
        assert_eq!(house.states().await, ["request acknowledged"]);
        house.pass(11).await;
        assert_eq!(house.booking(booking.id).await.state, booking::State::Requested);
        assert_eq!(house.states().await, ["request acknowledged"]);
        house.pass(8).await;
        assert_eq!(house.states().await, ["request acknowledged", "limit queued"]);
    });
}

#[test]
fn the_customer_is_reminded_a_day_and_two_hours_before_unless_it_is_off() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        let (kept, off) = (house.paid(2, 900).await.id, house.paid(2, 1000).await.id);
        house.pass(60).await;
        house.cancel(off).await;
        house.pass(29 * 60).await;
        assert_eq!(
            house.messages(kept.raw()).await,
            ["booked sent", "new_order sent", "reminder_day sent"]
        );
        house.pass(21 * 60 + 50).await;
        assert_eq!(
            house.messages(kept.raw()).await,
            [
                "booked sent",
                "new_order sent",
                "reminder_day sent",
                "reminder_hours sent"
            ]
        );
        assert!(
            !house
                .messages(off.raw())
                .await
                .iter()
                .any(|message| message.starts_with("reminder"))
        );
    });
}

#[test]
fn edge_case_11_one_message_for_each_customer_and_none_for_each_refund() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        let first = house.paid(0, 780).await;
        let second = house.paid(0, 960).await;
        let until = testkit::START.day().at(1560);
        let shown = (2, kernel::Money::yuan(256));
        let closing = house
            .write(house.as_owner(), move |cx, tx| {
                booking::close_shop(cx, tx, "k", (None, until), "停电", shown)
            })
            .await
            .unwrap();
        house.app.run_jobs().await;
        let told = house.messages(closing.id.raw()).await;
        assert_eq!(told, ["shop_closed sent"]);
        let last = house.outside().sent().pop().unwrap();
        assert_eq!(last.0, payment::testing::OPENID);
        assert_eq!(last.2, format!("{}/bookings", testkit::BASE_URL));
        let sent = house.outside().sent().len();
        // The job runs again, and the money arrives: the customer was told.
        let closed = booking::ShopClosed {
            closing: closing.id,
            customer: house.customer,
        };
        house
            .write(Actor::System("test"), move |cx, tx| {
                crate::message::queue_closing(cx, tx, &closed)
            })
            .await
            .unwrap();
        house.pass(30).await;
        assert_eq!(house.outside().sent().len(), sent);
        for booking in [first, second] {
            let about = house.messages(booking.id.raw()).await;
            assert!(
                !about.iter().any(|told| told.starts_with("cancelled")),
                "{about:?}"
            );
            let order = booking.order;
            let refunds = house
                .read(move |tx| payment::refunds(tx, &order::purpose(order)))
                .await;
            for refund in refunds {
                let refunded = payment::Refunded {
                    purpose: order::purpose(order),
                    refund: refund.id,
                    amount: refund.amount,
                };
                house
                    .write(Actor::System("test"), move |cx, tx| {
                        crate::message::queue_refund(cx, tx, &refunded)
                    })
                    .await
                    .unwrap();
                assert!(house.messages(refund.id.raw()).await.is_empty());
            }
        }
    });
}

#[test]
fn a_completed_service_invites_to_review_it() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        let mut booking = house.paid(0, 660).await;
        house.pass(35).await;
        let owner = house.as_owner();
        for step in [booking::check_in, booking::start, booking::complete] {
            let (id, seen) = (booking.id, booking.version);
            booking = house
                .write(owner, move |cx, tx| step(cx, tx, id, seen))
                .await
                .unwrap();
            house.app.run_jobs().await;
        }
        let last = house.outside().sent().pop().unwrap();
        assert_eq!(last.1, "id of 服务完成通知");
        assert_eq!(
            last.2,
            format!("{}/bookings/{}/review", testkit::BASE_URL, booking.id)
        );
    });
}

#[test]
fn the_menu_is_published_only_where_it_differs() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        for _ in 0..2 {
            house.write(Actor::System("start"), at_start).await.unwrap();
            house.app.run_jobs().await;
        }
        assert_eq!(house.outside().count("/cgi-bin/menu/get"), 2);
        assert_eq!(house.outside().count("/cgi-bin/menu/create"), 1);
    });
}

#[test]
fn another_shop_hears_nothing() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        house.paid(0, 900).await;
        let id = house.alerts().await[0].id;
        let stranger = house.app.staff(kernel::Role::Owner, Id::from_raw(99)).await;
        assert_eq!(stranger.get(&format!("/desk/speech/{id}")).await.status, 404);
        assert_eq!(
            stranger
                .post(&format!("/desk/alerts/{id}/heard"), &[])
                .await
                .status,
            404
        );
        assert!(!stranger.get("/desk").await.text().contains("张女士"));
        let guest = house.app.guest().get("/desk").await;
        assert_eq!(
            (guest.status, guest.location()),
            (303, Some("/sign-in?to=%2Fdesk"))
        );
    });
}

#[test]
fn the_server_speaks_where_the_browser_cannot_and_keeps_what_it_said() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        house.paid(0, 900).await;
        let alert = house.alerts().await.remove(0);
        for _ in 0..3 {
            let sound = house.owner.get(&format!("/desk/speech/{}", alert.id)).await;
            assert_eq!((sound.status, sound.html()), (200, alert.speech.clone()));
            assert_eq!(sound.headers["content-type"], "audio/wav");
        }
        let voice = house.app.app.plug::<std::sync::Arc<house::Counting>>();
        assert_eq!(voice.0.load(Ordering::SeqCst), 1);
        assert_eq!(house.owner.get("/desk/speech/lost").await.html(), "连接断开");
        assert_eq!(house.owner.get("/desk/speech/nothing").await.status, 404);
    });
}

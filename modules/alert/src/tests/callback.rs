//! What WeChat pushes.

use axum::body::Body;
use sha1::{Digest, Sha1};
use testkit::Page;

use super::{house::TOKEN, *};

/// A query signed as WeChat signs it.
fn signed(extra: &str) -> String {
    let (timestamp, nonce) = ("1795312800", "42");
    let mut parts = [TOKEN, timestamp, nonce];
    parts.sort_unstable();
    let signature: String = Sha1::digest(parts.concat().as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("/wechat/callback?signature={signature}&timestamp={timestamp}&nonce={nonce}{extra}")
}

async fn push(house: &House, address: &str, inner: &str) -> Page {
    let body = format!(
        "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[{}]]></FromUserName>{inner}</xml>",
        payment::testing::OPENID
    );
    let request = http::Request::post(address)
        .header("content-type", "text/xml")
        .body(Body::from(body))
        .unwrap();
    house.app.guest().send(request).await
}

fn event(name: &str, at: i64) -> String {
    format!(
        "<CreateTime>{at}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event>\
         <EventKey></EventKey>"
    )
}

fn text(words: &str, id: i64) -> String {
    format!(
        "<CreateTime>1795312800</CreateTime><MsgType><![CDATA[text]]></MsgType>\
         <Content><![CDATA[{words}]]></Content><MsgId>{id}</MsgId>"
    )
}

#[test]
fn the_address_proves_itself() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        let guest = house.app.guest();
        let right = guest.get(&signed("&echostr=5838479218127813673")).await;
        assert_eq!(
            (right.status, right.html()),
            (200, "5838479218127813673".to_owned())
        );
        let wrong = guest
            .get(&signed("&echostr=1").replace("nonce=42", "nonce=43"))
            .await;
        assert_eq!(wrong.status, 401);
        let forged = push(
            &house,
            &signed("").replace("nonce=42", "nonce=43"),
            &event("subscribe", 1),
        )
        .await;
        assert_eq!(forged.status, 401);
        assert_eq!(push(&house, &signed(""), "<CreateTime>").await.status, 400);
    });
}

#[test]
fn who_follows_is_welcomed_and_who_leaves_gets_no_more_messages() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        let welcome = push(&house, &signed(""), &event("subscribe", 1_795_312_800)).await;
        assert_eq!(welcome.headers["content-type"], "text/xml; charset=utf-8");
        let html = welcome.html();
        assert!(
            html.contains("您好，欢迎来到京城盲人按摩") && html.contains("/bookings\">我的预约</a>"),
            "{html}"
        );
        assert!(
            html.contains(&format!("<a href=\"{}/\">附近的店</a>", testkit::BASE_URL)),
            "{html}"
        );

        push(&house, &signed(""), &event("unsubscribe", 1_795_312_900)).await;
        // The first push comes again, late: it is not acted upon, or the person would seem to follow.
        push(&house, &signed(""), &event("subscribe", 1_795_312_800)).await;
        let booking = house.paid(0, 900).await;
        assert_eq!(
            house.messages(booking.id.raw()).await,
            ["booked dropped", "new_order sent"]
        );
        push(&house, &signed(""), &event("subscribe", 1_795_313_000)).await;
        house.cancel(booking.id).await;
        assert!(
            house
                .messages(booking.id.raw())
                .await
                .contains(&"cancelled sent".to_owned())
        );
    });
}

#[test]
fn what_people_write_is_answered_with_the_way_on() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        let near = push(&house, &signed(""), &text("你好，有店吗", 1)).await.html();
        assert!(near.contains("附近的店</a>"), "{near}");
        let own = push(&house, &signed(""), &text("我要取消", 2)).await.html();
        assert!(own.contains("看预约、退订请点这里"), "{own}");
        let place = "<CreateTime>1795312801</CreateTime><MsgType>location</MsgType><Location_X>39.94</Location_X>\
                     <Location_Y>116.39</Location_Y><Scale>16</Scale><Label>鼓楼</Label><MsgId>3</MsgId>";
        let there = push(&house, &signed(""), place).await.html();
        assert!(there.contains("/?lat=39.940000&lng=116.390000"), "{there}");
        let click =
            event("CLICK", 1_795_312_900).replace("<EventKey></EventKey>", "<EventKey>near</EventKey>");
        assert!(
            push(&house, &signed(""), &click)
                .await
                .html()
                .contains("附近的店</a>")
        );
        assert_eq!(
            push(&house, &signed(""), &event("VIEW", 1_795_313_000))
                .await
                .html(),
            "success"
        );
    });
}

#[test]
fn what_became_of_a_message_is_noted() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        let booking = house.paid(0, 900).await;
        let finished = |msg_id: i64, status: &str| {
            format!(
                "{}<MsgID>{msg_id}</MsgID><Status>{status}</Status>",
                event("TEMPLATESENDJOBFINISH", msg_id)
            )
        };
        push(&house, &signed(""), &finished(201, "success")).await;
        push(&house, &signed(""), &finished(202, "failed:user block")).await;
        let mut states: Vec<String> = house.messages(booking.id.raw()).await;
        states
            .iter_mut()
            .for_each(|state| *state = state.split(' ').next_back().unwrap().to_owned());
        states.sort();
        assert_eq!(states, ["delivered", "refused"]);
    });
}

//! The live line of a desk.

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt;
use tower::ServiceExt;

use super::*;

#[test]
fn a_desk_hears_what_it_missed_and_nothing_twice() {
    House::on_each_engine(MANUAL, |house| async move {
        assert_eq!(house.hears(None).await, ["beat"]);
        let booking = house.paid(0, 900).await;
        // News 1: the order; news 2: the page is to look again.
        assert_eq!(house.hears(Some(0)).await, ["order", "refresh"]);
        assert_eq!(house.hears(Some(1)).await, ["refresh"]);
        assert_eq!(house.hears(Some(2)).await, Vec::<String>::new());
        // A desk that has just opened hears what is open; so does one that knows a future that never was.
        assert_eq!(house.hears(None).await, ["order", "beat"]);
        assert_eq!(house.hears(Some(77)).await, ["order", "beat"]);

        let (id, seen) = (booking.id, booking.version);
        house
            .write(house.as_owner(), move |cx, tx| booking::confirm(cx, tx, id, seen))
            .await
            .unwrap();
        house.app.run_jobs().await;
        // Who was away all the while is not called to an order that is settled.
        assert_eq!(
            house.hears(Some(0)).await,
            ["beat", "refresh", "settled", "refresh"]
        );
        assert_eq!(house.hears(Some(2)).await, ["settled", "refresh"]);
        assert_eq!(house.hears(None).await, ["beat"]);
    });
}

#[test]
fn forgotten_news_begin_anew() {
    House::on_each_engine(MANUAL, |house| async move {
        house.paid(0, 900).await;
        house
            .write(Actor::System("prune"), |cx, tx| {
                store::prune(tx, cx.now().plus_minutes(1))
            })
            .await
            .unwrap();
        assert_eq!(house.hears(Some(0)).await, ["order", "beat"]);
    });
}

/// Reads the stream until `text` has come; what had come by then.
async fn until(stream: &mut BodyDataStream, text: &str) -> String {
    let mut heard = String::new();
    let reading = async {
        while !heard.contains(text) {
            let piece = stream.next().await.expect("the stream goes on").unwrap();
            heard += &String::from_utf8_lossy(&piece);
        }
    };
    let patience = std::time::Duration::from_secs(10);
    tokio::time::timeout(patience, reading)
        .await
        .unwrap_or_else(|_| panic!("no {text} in {heard}"));
    heard
}

#[test]
fn the_stream_brings_an_order_as_soon_as_it_is_paid() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        let (actor, app) = (house.as_owner(), house.app.app.clone());
        let begun = house
            .write(actor, move |cx, tx| web::sessions::begin(cx, tx, actor, "刘师傅"))
            .await
            .unwrap();
        let signed_in = begun.set(&app, web::IntoResponse::into_response(()));
        let cookie = signed_in.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        let router = app.router(vec![crate::pages::routes(web::Routes::new("alert"))]);
        let open = |last: &'static str| {
            let request = http::Request::get("/desk/events").header("cookie", cookie.clone());
            let request = request.header("last-event-id", last).body(Body::empty()).unwrap();
            let router = router.clone();
            async move { router.oneshot(request).await.unwrap() }
        };

        let response = open("").await;
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut stream = response.into_body().into_data_stream();
        until(&mut stream, "id: 0\nevent: beat").await;
        house.paid(0, 900).await;
        let heard = until(&mut stream, "event: refresh").await;
        assert!(
            heard.contains("id: 1\nevent: order\n") && heard.contains("今天下午三点"),
            "{heard}"
        );
        drop(stream);

        let mut again = open("1").await.into_body().into_data_stream();
        let heard = until(&mut again, "event: refresh").await;
        assert!(!heard.contains("event: order"), "{heard}");
    });
}

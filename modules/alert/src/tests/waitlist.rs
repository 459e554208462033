//! Who waits is told of what came free, once, and not of what is not kept any more.

use booking::{WaitEntry, WaitWish, withdraw_from_waitlist};
use testkit::START;

use super::*;

const WAITING: &str = "openid-of-one-who-waits";

/// Another customer who waits for the time of a booking.
async fn waits(house: &House, minute: i64) -> WaitEntry {
    let service = house.service;
    let greeted = house
        .write(Actor::Guest, |cx, tx| identity::greet_customer(cx, tx, WAITING))
        .await;
    let wish = WaitWish {
        service,
        therapist: None,
        day: START.day(),
        from: minute,
        to: minute + 15,
    };
    house
        .write(Actor::Customer(greeted.unwrap().id), move |cx, tx| {
            booking::join_waitlist(cx, tx, &wish)
        })
        .await
        .unwrap()
}

#[test]
fn what_came_free_is_told_to_who_waits() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        let (first, second) = (house.paid(0, 900).await, house.paid(0, 1_000).await);
        let (told, late) = (waits(&house, 900).await, waits(&house, 1_000).await);
        house.cancel(first.id).await;
        let message = (
            WAITING.to_owned(),
            "id of 候补成功通知".to_owned(),
            format!("{}/waitlist/{}", testkit::BASE_URL, told.id),
        );
        let offers = |sent: Vec<(String, String, String)>| -> Vec<_> {
            sent.into_iter().filter(|(to, _, _)| to == WAITING).collect()
        };
        assert_eq!(offers(house.outside().sent()), [message]);
        assert_eq!(house.messages(told.id.raw()).await, ["offered sent"]);

        // WeChat is away while the second is offered its time; when it is back, the customer has given up.
        let customer = Actor::Customer(told.customer);
        let give_up = async |id| {
            house
                .write(customer, move |cx, tx| withdraw_from_waitlist(cx, tx, id))
                .await
                .unwrap();
        };
        give_up(told.id).await;
        house.outside().away.store(true, Ordering::SeqCst);
        house.cancel(second.id).await;
        assert_eq!(house.messages(late.id.raw()).await, ["offered queued"]);
        give_up(late.id).await;
        house.outside().away.store(false, Ordering::SeqCst);
        house.pass(5).await;
        assert_eq!(house.messages(late.id.raw()).await, ["offered dropped"]);
    });
}

#[test]
fn who_waits_for_a_time_at_which_the_shop_closes_is_told_so_once() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        house.paid(0, 900).await;
        let inside = waits(&house, 900).await;
        for _ in 0..2 {
            house
                .write(house.as_owner(), |cx, tx| {
                    let until = START.day().at(1_000);
                    let hit = booking::hit_by_closing(cx, tx, cx.shop()?.id(), cx.now(), until)?;
                    let shown = (hit.count(), hit.money());
                    booking::close_shop(cx, tx, "press", (None, until), "停电", shown)
                })
                .await
                .unwrap();
            house.app.run_jobs().await;
        }
        assert_eq!(house.messages(inside.id.raw()).await, ["wait_closed sent"]);
        let sent = house.outside().sent();
        let (_, template, page) = sent.iter().find(|(to, ..)| to == WAITING).unwrap();
        assert_eq!(template, "id of 预约取消通知");
        assert!(page.ends_with(&format!("/waitlist/{}", inside.id)), "{page}");
        assert_eq!(house.app.missing_texts(), Vec::<String>::new());
    });
}

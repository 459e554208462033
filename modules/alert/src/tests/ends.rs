//! What is heard of the end of a visit.

use booking::{Back, Booking, Extra, Fee, Why};
use kernel::Id;

use super::{house::House, *};

async fn seen(house: &House, id: Id<Booking>) -> i64 {
    house.booking(id).await.version
}

async fn serve(house: &House, minute: i64) -> Id<Booking> {
    let id = house.paid(0, minute).await.id;
    let wait = house
        .booking(id)
        .await
        .starts_at
        .minutes_since(house.app.clock.now());
    house.pass(wait).await;
    for step in [booking::check_in, booking::start] {
        let version = seen(house, id).await;
        let done = house.write(house.as_owner(), move |cx, tx| step(cx, tx, id, version));
        done.await.unwrap();
    }
    house.app.run_jobs().await;
    id
}

#[test]
fn the_desk_hears_of_extensions_of_what_runs_over_and_of_danger() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        let id = serve(&house, 900).await;
        let version = seen(&house, id).await;
        let longer = house.write(house.as_owner(), move |cx, tx| {
            booking::lengthen(cx, tx, id, version, Extra::Minutes(30), "加钟")
        });
        let longer = longer.await.unwrap();
        house.app.run_jobs().await;
        let last = house.alerts().await.pop().unwrap();
        assert_eq!(last.kind, Kind::Longer);
        assert_eq!(last.speech, "加钟三十分钟，张女士，今天下午三点，李师傅");
        // Half an hour after its new end it is said once, and not before.
        house.pass(longer.length.minutes + 29).await;
        assert_eq!(house.alerts().await.pop().unwrap().kind, Kind::Longer);
        house.pass(1).await;
        let last = house.alerts().await.pop().unwrap();
        assert_eq!((last.kind, last.state), (Kind::Overdue, State::Queued));
        // Alerts are told apart by when they were made.
        house.pass(1).await;
        let version = seen(&house, id).await;
        let abort = house.write(house.as_owner(), move |cx, tx| {
            booking::abort(cx, tx, id, version, Why::Unsafe, "")
        });
        abort.await.unwrap();
        house.app.run_jobs().await;
        let states = house.states().await;
        assert_eq!(
            states[states.len() - 2..],
            ["overdue acknowledged", "unsafe queued"]
        );
        let messages = house.messages(id.raw()).await;
        assert!(
            messages.contains(&"cancelled_to_shop sent".to_owned()),
            "{messages:?}"
        );
    });
}

#[test]
fn a_no_show_is_told_to_the_customer_and_an_objection_to_the_desk() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        let paid = house.paid(0, 900).await;
        let (id, customer) = (paid.id, Actor::Customer(house.customer));
        house
            .pass(paid.starts_at.minutes_since(house.app.clock.now()))
            .await;
        let version = seen(&house, id).await;
        let late = house.write(customer, move |cx, tx| booking::say_late(cx, tx, id, version, 10));
        late.await.unwrap();
        house.app.run_jobs().await;
        let last = house.alerts().await.pop().unwrap();
        assert_eq!(
            (last.kind, last.speech.as_str()),
            (Kind::Late, "张女士会晚到十分钟，今天下午三点，李师傅")
        );
        house.pass(15).await;
        let version = seen(&house, id).await;
        let absent = house.write(house.as_owner(), move |cx, tx| {
            booking::no_show(cx, tx, id, version, Fee::Later)
        });
        absent.await.unwrap();
        house.app.run_jobs().await;
        assert!(house.messages(id.raw()).await.contains(&"missed sent".to_owned()));
        let objects = house.write(customer, move |cx, tx| {
            booking::dispute(cx, tx, id, version + 1, "我到了")
        });
        objects.await.unwrap();
        house.app.run_jobs().await;
        assert_eq!(house.alerts().await.pop().unwrap().kind, Kind::Dispute);
        let centre = Actor::Staff {
            id: kernel::Id::from_raw(1),
            shop: None,
            role: kernel::Role::Centre,
        };
        let ruled = house.write(centre, move |cx, tx| {
            booking::rule(cx, tx, id, version + 2, Back::All, "看了录像")
        });
        ruled.await.unwrap();
        house.app.run_jobs().await;
        // The messages of the booking are the same as before: one each.
        let told = house.messages(id.raw()).await;
        assert_eq!(told, ["booked sent", "missed sent", "new_order sent"]);
    });
}

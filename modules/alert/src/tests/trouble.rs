//! What waits for a person who looks after money.

use kernel::{Day, Money, Role};
use order::Portion;

use super::{house::*, *};

const OFFICER_OPENID: &str = "openid-of-an-officer";

/// An officer who bound their WeChat, and one who did not.
async fn officers(house: &House) {
    house
        .write(Actor::System("test"), |cx, tx| {
            for (login, openid) in [("zhongxin", Some(OFFICER_OPENID.to_owned())), ("xinren", None)] {
                let officer = identity::NewStaff {
                    shop: None,
                    role: Role::Centre,
                    name: "中心".to_owned(),
                    login: login.to_owned(),
                    password: identity::Password::hash("correct horse")?,
                    openid,
                };
                identity::create_staff(cx, tx, &officer)?;
            }
            Ok(())
        })
        .await
        .unwrap();
}

/// What was sent of trouble with money: to whom, and which page it opens.
fn told(house: &House) -> Vec<(String, String)> {
    let sent = house.outside().sent().into_iter();
    let trouble = sent.filter(|(_, template, _)| template == "id of 系统异常提醒");
    let mut told: Vec<(String, String)> = trouble
        .map(|(openid, _, url)| {
            (
                openid,
                url[url.find("/desk").or(url.find("/console")).unwrap()..].to_owned(),
            )
        })
        .collect();
    told.sort();
    told
}

/// So many refunds of a yuan each that staff ask for at a booking's line, one after the other.
async fn asked_back(house: &House, who: Actor, booking: &Booking, times: usize) {
    let order = booking.order;
    for time in 0..times {
        house
            .write(who, move |cx, tx| {
                let line = order::lines(tx, order)?[0].id;
                let (key, portion) = (format!("press {time}"), Portion::Amount(Money::yuan(1)));
                order::refund_line_at_desk(cx, tx, (order, line), &key, portion, "按得不好")
            })
            .await
            .unwrap();
    }
    house.app.run_jobs().await;
}

#[test]
fn the_owner_reads_that_a_refund_waits_and_not_who_asked_for_it() {
    House::on_each_engine(Accepts::Automatic, |house| async move {
        let booking = house.paid(1, 900).await;
        let clerk = Actor::Staff {
            id: Id::from_raw(77),
            shop: Some(house.shop),
            role: Role::Clerk,
        };
        asked_back(&house, clerk, &booking, 3).await;
        assert_eq!(told(&house), [], "nobody else has to agree to three");
        house.app.clock.advance_ms(1);
        asked_back(&house, clerk, &booking, 4).await;
        assert_eq!(
            told(&house),
            [(OWNER_OPENID.to_owned(), "/desk/refunds".to_owned())]
        );

        // What the only owner asked for, the centre reads.
        officers(&house).await;
        let scope = house.scope();
        let owner = house
            .read(move |tx| identity::staff_of(tx, scope))
            .await
            .into_iter()
            .find(|one| one.openid.is_some())
            .unwrap();
        let owner = Actor::Staff {
            id: owner.id,
            shop: owner.shop,
            role: owner.role,
        };
        let other = house.paid(1, 1_000).await;
        asked_back(&house, owner, &other, 4).await;
        assert_eq!(
            told(&house),
            [
                (
                    OFFICER_OPENID.to_owned(),
                    "/console/payments/approvals".to_owned()
                ),
                (OWNER_OPENID.to_owned(), "/desk/refunds".to_owned())
            ]
        );
    });
}

#[test]
fn owners_and_the_centre_read_of_a_refund_that_is_stuck() {
    House::on_each_engine(Accepts::Automatic, |house| async move {
        officers(&house).await;
        let booking = house.paid(1, 900).await;
        asked_back(&house, house.as_owner(), &booking, 1).await;
        let order = booking.order;
        for _ in 0..2 {
            house
                .write(Actor::System("test"), move |cx, tx| {
                    let purpose = order::purpose(order);
                    let refund = payment::refunds(tx, &purpose)?.remove(0);
                    let (refund, amount) = (refund.id, refund.amount);
                    tx.emit(
                        cx,
                        &payment::RefundTrouble {
                            purpose,
                            refund,
                            amount,
                        },
                    )
                })
                .await
                .unwrap();
            house.app.run_jobs().await;
        }
        let page = "/console/payments/refunds".to_owned();
        assert_eq!(
            told(&house),
            [
                (OFFICER_OPENID.to_owned(), page.clone()),
                (OWNER_OPENID.to_owned(), page)
            ]
        );
    });
}

#[test]
fn the_centre_reads_once_that_a_bill_differs_and_again_when_it_differs_more() {
    House::on_each_engine(Accepts::Automatic, |house| async move {
        officers(&house).await;
        let day = Day::parse("2026-11-20").unwrap();
        for open in [3, 3, 5] {
            house
                .write(Actor::System("test"), move |cx, tx| {
                    tx.emit(cx, &payment::BillDiffers { day, open })
                })
                .await
                .unwrap();
            house.app.run_jobs().await;
        }
        let page = "/console/payments/bills/2026-11-20".to_owned();
        assert_eq!(
            told(&house),
            [
                (OFFICER_OPENID.to_owned(), page.clone()),
                (OFFICER_OPENID.to_owned(), page)
            ]
        );
        assert_eq!(house.app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn the_centre_reads_that_the_books_are_wrong() {
    House::on_each_engine(Accepts::Automatic, |house| async move {
        officers(&house).await;
        for broken in [false, true] {
            house
                .write(Actor::System("test"), move |cx, tx| {
                    let (different, unlisted) = (1, 2);
                    tx.emit(
                        cx,
                        &ledger::Unsound {
                            different,
                            unlisted,
                            broken,
                        },
                    )
                })
                .await
                .unwrap();
            house.app.run_jobs().await;
        }
        assert_eq!(
            told(&house),
            [(OFFICER_OPENID.to_owned(), "/console/ledger".to_owned())],
            "once a day"
        );
        assert_eq!(house.app.missing_texts(), Vec::<String>::new());
    });
}

//! Through the front door: a completed booking is reviewed once, and the shop answers.

use kernel::{Actor, Cx};

use crate::*;

mod house;

use house::House;

const GOOD: [(&str, &str); 2] = [("stars", "5"), ("words", "手法很好，李师傅很耐心。")];

#[test]
fn a_completed_booking_is_reviewed_once_by_its_own_customer() {
    House::on_each_engine(|house| async move {
        let id = house.served(660).await;
        let door = format!("/bookings/{id}/review");
        let page = house.guest.get(&door).await;
        assert_eq!(page.status, 200);
        let words = page.text();
        assert!(
            words.contains("评价 李师傅\n今天上午 11 点 全身保健按摩 李师傅\n"),
            "{words}"
        );
        assert!(
            words.contains("5 星，很满意") && words.contains("总体评分（必填）"),
            "{words}"
        );

        let empty = house
            .guest
            .post(&door, &[("stars", ""), ("words", "写了很多")])
            .await;
        assert_eq!(empty.status, 422);
        assert!(
            empty.text().contains("请选择总体评分") && empty.text().contains("写了很多"),
            "{}",
            empty.text()
        );

        let mut changes = house.app.app.db.changes();
        let written = house.guest.post(&door, &GOOD).await;
        assert_eq!(written.location(), Some(format!("/bookings/{id}").as_str()));
        assert_eq!(
            house.guest.post(&door, &GOOD).await.status,
            303,
            "the same form again does no harm"
        );
        let other = house.guest.post(&door, &[("stars", "1"), ("words", "")]).await;
        assert_eq!(other.status, 409);
        // On PostgreSQL the announcement comes back from the server a moment later.
        let announced = async { while &*changes.recv().await.unwrap() != "shops" {} };
        tokio::time::timeout(std::time::Duration::from_secs(10), announced)
            .await
            .expect("shops are announced");

        let shop = house.shop;
        let (reviews, sum, all) = house
            .read(move |tx| Ok((of_shop(tx, shop, 10)?, score(tx, shop)?, scores(tx)?)))
            .await;
        assert_eq!(
            (reviews.len(), reviews[0].author.as_str(), reviews[0].stars),
            (1, "张**", 5)
        );
        assert_eq!(sum, Score { count: 1, sum: 5 });
        assert_eq!(all[&shop], sum);
        assert!(house.guest.get(&door).await.text().contains("您对 李师傅 的评价"));
        assert_eq!(house.app.missing_texts(), Vec::<String>::new());
    });
}

/// Edge 31, as far as it is about reviews: what is opened again cannot be reviewed until it is done, and what is reviewed
/// cannot be opened again.
#[test]
fn edge_case_31_an_invitation_to_review_what_is_opened_again_is_harmless() {
    House::on_each_engine(|house| async move {
        let id = house.served(660).await;
        let reopen = |seen| {
            house.write(house.as_owner(), move |cx, tx| {
                booking::reopen(cx, tx, id, seen, "按错了")
            })
        };
        let version = house.read(move |tx| booking::booking(tx, id)).await.version;
        reopen(version).await.unwrap();
        let door = format!("/bookings/{id}/review");
        let early = house.guest.post(&door, &[("stars", "5"), ("words", "")]).await;
        assert_eq!(early.status, 409);
        assert!(early.text().contains("还不能评价"), "{}", early.text());
        let done = house.write(house.as_owner(), move |cx, tx| {
            booking::complete(cx, tx, id, version + 1)
        });
        done.await.unwrap();
        assert_eq!(
            house
                .guest
                .post(&door, &[("stars", "5"), ("words", "")])
                .await
                .status,
            303
        );
        let refused = reopen(version + 2).await.unwrap_err();
        assert_eq!(refused.code(), Some("booking.reviewed"));
    });
}

#[test]
fn what_is_not_completed_or_not_own_is_not_reviewed() {
    House::on_each_engine(|house| async move {
        let door = format!("/bookings/{}/review", house.paid(900).await.id);
        assert!(house.guest.get(&door).await.text().contains("还不能评价"));
        assert_eq!(house.guest.post(&door, &GOOD).await.status, 409);
        let stranger = house.app.customer(Id::from_raw(77)).await;
        assert_eq!(stranger.get(&door).await.status, 404);
        assert_eq!(stranger.post(&door, &GOOD).await.status, 404);
        assert_eq!(house.app.guest().get(&door).await.status, 303);
    });
}

/// The visit took place, whatever came of the money; a visit that did not is never reviewed.
#[test]
fn edge_case_30_a_full_refund_after_the_visit_leaves_the_review_and_one_before_it_forbids_it() {
    House::on_each_engine(|house| async move {
        let id = house.served(660).await;
        let given = house.write(house.as_owner(), move |cx, tx| {
            let order = booking::booking(tx, id)?.order;
            let line = order::lines(tx, order)?[0].id;
            order::refund_line_at_desk(
                cx,
                tx,
                (order, line),
                "press",
                order::Portion::Share(10_000),
                "顾客不满意",
            )
        });
        assert_eq!(given.await.unwrap().amount, kernel::Money::yuan(128));
        house.app.run_jobs().await;
        let written = house.guest.post(&format!("/bookings/{id}/review"), &GOOD).await;
        assert_eq!(written.location(), Some(format!("/bookings/{id}").as_str()));

        let off = house.paid(900).await;
        let called_off = house.write(house.as_owner(), move |cx, tx| {
            booking::cancel(cx, tx, off.id, off.version, booking::Why::Full)
        });
        called_off.await.unwrap();
        house.app.run_jobs().await;
        let back = house.read(move |tx| order::paid(tx, off.order)).await;
        assert_eq!(back, kernel::Money::ZERO);
        let refused = house
            .guest
            .post(&format!("/bookings/{}/review", off.id), &GOOD)
            .await;
        assert_eq!(refused.status, 409);
        let shop = house.shop;
        assert_eq!(house.read(move |tx| score(tx, shop)).await.count, 1);
    });
}

#[test]
fn the_shop_answers_in_words_that_it_may_use() {
    House::on_each_engine(|house| async move {
        let none = house.owner.get("/desk/reviews").await.text();
        assert!(
            none.starts_with("评价\n还没有评价\n") || none.contains("还没有评价"),
            "{none}"
        );
        let id = house.served(660).await;
        house.guest.post(&format!("/bookings/{id}/review"), &GOOD).await;
        let list = house.owner.get("/desk/reviews").await;
        let words = list.text();
        assert!(words.contains("1 条评价待回复\n5.0 分，共 1 条评价\n"), "{words}");
        let page = list.attributes("href", "/desk/reviews/").remove(0);
        let door = format!("{page}/reply");
        assert!(
            house
                .owner
                .get(&page)
                .await
                .text()
                .contains("5 星，很满意：手法很好")
        );

        let claim = house
            .owner
            .post(&door, &[("version", "1"), ("reply", "下次来给您治疗颈椎病")])
            .await;
        assert_eq!(claim.status, 422);
        assert!(
            claim.text().contains("下次来给您治疗颈椎病"),
            "what was typed stays: {}",
            claim.text()
        );
        assert_eq!(
            house
                .owner
                .post(&door, &[("version", "1"), ("reply", " ")])
                .await
                .status,
            422
        );
        let replied = house
            .owner
            .post(&door, &[("version", "1"), ("reply", "谢谢张女士，欢迎再来")])
            .await;
        assert_eq!(replied.location(), Some("/desk/reviews"));
        let stale = house
            .owner
            .post(&door, &[("version", "1"), ("reply", "别的话")])
            .await;
        assert_eq!(stale.status, 409);

        let stranger = house.app.staff(kernel::Role::Owner, Id::from_raw(99)).await;
        assert_eq!(
            stranger
                .post(&door, &[("version", "2"), ("reply", "别家店")])
                .await
                .status,
            404
        );
        let therapist = house.app.staff(kernel::Role::Therapist, house.shop).await;
        assert_eq!(
            therapist
                .post(&door, &[("version", "2"), ("reply", "我来回")])
                .await
                .status,
            403
        );
        let own = house.guest.get(&format!("/bookings/{id}/review")).await.text();
        assert!(own.contains("店家回复\n谢谢张女士，欢迎再来"), "{own}");
        assert_eq!(house.app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn many_reviews_at_once_are_all_counted() {
    House::on_each_engine(|house| async move {
        let mut bookings = Vec::new();
        for minute in [660, 780, 900, 1020] {
            bookings.push(house.served(minute).await);
        }
        let writing = bookings.into_iter().zip([5, 4, 3, 1]).map(|(id, stars)| {
            let (cx, db) = (
                house.app.cx(Actor::Customer(house.customer)),
                house.app.app.db.clone(),
            );
            let new = NewReview {
                stars,
                words: String::new(),
            };
            tokio::spawn(async move { db.write(move |tx| write(&cx, tx, id, &new)).await.map(drop) })
        });
        for written in writing.collect::<Vec<_>>() {
            written.await.unwrap().unwrap();
        }
        let shop = house.shop;
        assert_eq!(
            house.read(move |tx| score(tx, shop)).await,
            Score { count: 4, sum: 13 }
        );
    });
}

#[test]
fn every_refusal_has_its_words() {
    let texts = testkit::texts(&[module()]);
    for code in Refusal::CODES {
        let key = code.replace(['.', '_'], "-");
        assert!(texts.has(&key), "{key}");
    }
}

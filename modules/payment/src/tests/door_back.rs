//! Giving back, agreeing, resolving and the bill, through the front door.

use kernel::{Actor, Id, Money, Role};
use testkit::{TestApp, on_each_engine};

use super::door::{knock, prepaid, program, wechat};
use crate::{NewRefund, PAYMENT_NOTICES, Payment, Refund};

const SHOP: Id<kernel::Shop> = Id::from_raw(11);

async fn paid(app: &TestApp) -> Payment {
    let payment = prepaid(app).await;
    wechat(app).customer_pays(&payment.out_trade_no);
    knock(app, PAYMENT_NOTICES, &wechat(app).notice(&payment.out_trade_no)).await;
    app.run_jobs().await;
    payment
}

/// Cash comes into the drawer of the shop's desk, and some of it goes out again, as `order` books it.
async fn cash(app: &TestApp, taken: i64, back: i64) {
    let cx = app.cx(kernel::Actor::System("test"));
    let book = move |tx: &mut db::Tx| {
        let drawer = ledger::Account::money("shop", SHOP.raw(), ledger::Kind::Cash);
        let paid = ledger::Account::money("order", 77, ledger::Kind::Paid);
        for (debit, credit, fen, key) in [(drawer, paid, taken, "in"), (paid, drawer, back, "out")] {
            let transfer = ledger::Transfer {
                debit,
                credit,
                amount: kernel::Money(fen),
                cause: ("test", 77),
                key,
            };
            ledger::transfer(&cx, tx, &transfer)?;
        }
        Ok(())
    };
    app.app.db.write(book).await.unwrap();
}

const CLERK: Actor = Actor::Staff {
    id: Id::from_raw(901),
    shop: Some(SHOP),
    role: Role::Clerk,
};

/// The clerk asks back so much of a payment, as the desk does at the order.
async fn asked_back(app: &TestApp, payment: &Payment, amount: Money) -> Refund {
    let (cx, new) = (
        app.cx(CLERK),
        NewRefund {
            purpose: payment.purpose.clone(),
            amount,
            reason: "多收了".to_owned(),
        },
    );
    let ask = move |tx: &mut db::Tx| crate::ask_refund(&cx, tx, &new);
    app.app.db.write(ask).await.unwrap().remove(0)
}

#[test]
fn the_desk_reads_what_was_paid_and_how_a_refund_stands() {
    on_each_engine(program, |app| async move {
        let payment = paid(&app).await;
        let clerk = app.staff(Role::Clerk, SHOP).await;
        let day = clerk.get("/desk/payments").await;
        assert!(day.text().contains("微信收了 ¥128.50，1 笔"), "{}", day.text());
        assert!(day.text().contains("现金收了 ¥0"), "{}", day.text());
        cash(&app, 3_050, 550).await;
        let day = clerk.get("/desk/payments").await;
        assert!(
            day.text().contains("现金收了 ¥30.50，退了 ¥5.50"),
            "{}",
            day.text()
        );
        assert!(day.text().contains("微信收了 ¥128.50，1 笔"), "{}", day.text());
        let page = day.attributes("href", "/desk/payments/").remove(0);
        let one = clerk.get(&page).await;
        assert!(one.text().contains("还可以退 ¥128.50"), "{}", one.text());
        let order = Id::<()>::from_raw(payment.purpose.id);
        assert_eq!(
            one.attributes("href", "/desk/orders/"),
            [format!("/desk/orders/{order}")],
            "money goes back at the order"
        );
        asked_back(&app, &payment, Money::yuan(20)).await;
        app.run_jobs().await;
        let after = clerk.get(&page).await.text();
        assert!(
            after.contains("还可以退 ¥108.50") && after.contains("微信正在退") && after.contains("多收了"),
            "{after}"
        );
        let stranger = app.staff(Role::Owner, Id::from_raw(12)).await;
        assert_eq!(stranger.get(&page).await.status, 404);
        assert!(
            stranger
                .get("/desk/payments")
                .await
                .text()
                .contains("微信收了 ¥0，0 笔")
        );
        assert_eq!(payment.shop, SHOP);
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn the_fourth_refund_lies_with_a_second_person_who_agrees_or_not() {
    on_each_engine(program, |app| async move {
        let payment = paid(&app).await;
        let (clerk, owner) = (
            app.signed_in(CLERK, "刘师傅").await,
            app.staff(Role::Owner, SHOP).await,
        );
        for count in 0..5 {
            let refund = asked_back(&app, &payment, Money::yuan(1)).await;
            assert_eq!(refund.waits(), count >= 3);
        }
        let own = clerk.get("/desk/refunds").await;
        assert!(
            own.text().contains("2 笔退款等批准") && own.text().contains("要另一个人批准"),
            "{}",
            own.text()
        );
        assert!(
            own.attributes("action", "/desk/refunds/").is_empty(),
            "no button for the first"
        );
        let list = owner.get("/desk/refunds").await;
        let actions = list.attributes("action", "/desk/refunds/");
        assert_eq!(clerk.post(&actions[0], &[]).await.status, 409);
        assert_eq!(owner.post(&actions[0], &[]).await.status, 303);
        let silent = owner.post(&actions[3], &[("note", "")]).await;
        assert_eq!(silent.status, 422);
        assert_eq!(owner.post(&actions[3], &[("note", "没有多收")]).await.status, 303);
        let stranger = app.staff(Role::Owner, Id::from_raw(12)).await;
        assert!(
            stranger
                .get("/desk/refunds")
                .await
                .text()
                .contains("没有等批准的退款")
        );
        assert_eq!(stranger.post(&actions[0], &[]).await.status, 404);
        let centre = app.centre().await;
        assert!(
            centre
                .get("/console/payments/approvals")
                .await
                .text()
                .contains("没有要批准的退款")
        );
        let page = owner.get(&format!("/desk/payments/{}", payment.id)).await.text();
        assert!(
            page.contains("没有批准") && page.contains("马上提交给微信"),
            "{page}"
        );
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn an_owner_resolves_what_is_stuck_at_the_bank() {
    on_each_engine(program, |app| async move {
        let payment = paid(&app).await;
        let owner = app.staff(Role::Owner, SHOP).await;
        asked_back(&app, &payment, Money::yuan(1)).await;
        app.run_jobs().await;
        let purpose = payment.purpose.clone();
        let refunds = app
            .app
            .db
            .read(move |tx| crate::refunds(tx, &purpose))
            .await
            .unwrap();
        let stuck = wechat(&app).refund_ends(&refunds[0].out_refund_no, "ABNORMAL");
        knock(&app, crate::REFUND_NOTICES, &stuck).await;
        app.run_jobs().await;
        let list = owner.get("/console/payments/refunds").await;
        let actions = list.attributes("action", "/console/payments/refunds/");
        assert_eq!(actions.len(), 2, "{}", list.text());
        let stranger = app.staff(Role::Owner, Id::from_raw(12)).await;
        assert!(
            stranger
                .get("/console/payments/refunds")
                .await
                .attributes("action", "/console/payments/refunds/")
                .is_empty()
        );
        for action in &actions {
            assert_eq!(stranger.post(action, &[("note", "现金")]).await.status, 404);
        }
        let settle = &actions[1];
        assert_eq!(owner.post(settle, &[("note", "")]).await.status, 422);
        assert_eq!(owner.post(settle, &[("note", "已付现金")]).await.status, 303);
        assert_eq!(owner.post(&actions[0], &[]).await.status, 409, "no longer stuck");
        assert!(
            owner
                .get("/console/payments/refunds")
                .await
                .text()
                .contains("退款都退成了")
        );
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn the_bill_is_read_and_its_differences_are_explained() {
    on_each_engine(program, |app| async move {
        paid(&app).await;
        let day = app.clock.now().day();
        let bills = "/console/payments/bills";
        assert!(
            app.centre()
                .await
                .get(bills)
                .await
                .text()
                .contains("还没有读过账单")
        );
        let wait = day.plus(1).at(610) - app.clock.now();
        app.clock.advance_ms(wait);
        wechat(&app).clock().pass(wait);
        wechat(&app).falsify_bill(|rows| {
            for row in rows {
                row.insert("货币种类", "USD".to_owned());
            }
        });
        // A working day later nobody is signed in any more.
        let (centre, owner) = (app.centre().await, app.staff(Role::Owner, SHOP).await);
        let again = format!("{bills}/{day}/reading");
        assert_eq!(owner.post(&again, &[]).await.status, 403);
        assert_eq!(centre.post(&again, &[]).await.status, 303);
        app.run_jobs().await;
        let stranger = app.staff(Role::Owner, Id::from_raw(12)).await;
        let page = format!("{bills}/{day}");
        let list = centre.get(&page).await;
        assert!(list.text().contains("币种不对"), "{}", list.text());
        let one = list
            .attributes("href", "/console/payments/differences/")
            .remove(0);
        assert!(owner.get(&one).await.text().contains("只收人民币"));
        assert_eq!(stranger.get(&one).await.status, 404);
        assert_eq!(stranger.get(&page).await.status, 404);
        let note = format!("{one}/note");
        assert_eq!(centre.post(&note, &[("note", "")]).await.status, 422);
        assert_eq!(owner.post(&note, &[("note", "一")]).await.status, 403);
        assert_eq!(centre.post(&note, &[("note", "微信已更正")]).await.status, 303);
        assert!(centre.get(&page).await.text().contains("已说明"));
        assert!(owner.get(bills).await.text().contains("已对平"));
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn every_way_of_differing_has_its_words_and_its_advice() {
    let (modules, _) = program();
    let texts = testkit::texts(&modules);
    for kind in crate::DifferenceKind::ALL {
        let key = format!("payment-differs-{}", kind.code().replace('_', "-"));
        assert!(texts.has(&key) && texts.has(&format!("{key}-help")), "{key}");
    }
}

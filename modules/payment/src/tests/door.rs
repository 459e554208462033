//! Through the front door.

use std::sync::Arc;

use axum::{body::Body, http::Request};
use kernel::{Actor, Id, Money, Role};
use testkit::{Page, START, TestApp, on_each_engine};
use web::{Module, Plugs};

use crate::{
    NewPayment, PAYMENT_NOTICES, Payment, Purpose, REFUND_NOTICES, State, WeChatPay,
    testing::{Clock, FakeWeChat, OPENID, Post, SUB_MCHID, wechat_pay},
};

pub(super) fn program() -> (Vec<Module>, Plugs) {
    let wechat = FakeWeChat::new(&Clock::at(START));
    let pay = Arc::new(wechat_pay(&wechat));
    (
        vec![ledger::module(), crate::module(pay.clone())],
        Plugs::default().with(pay).with(wechat),
    )
}

pub(super) fn wechat(app: &TestApp) -> FakeWeChat {
    app.app.plug::<FakeWeChat>().clone()
}

/// An attempt that WeChat waits for the customer to pay.
pub(super) async fn prepaid(app: &TestApp) -> Payment {
    let cx = app.cx(Actor::System("test"));
    let new = NewPayment {
        purpose: Purpose::new("order", cx.below(1_000_000) as i64),
        shop: Id::from_raw(11),
        sub_mchid: Some(SUB_MCHID.to_owned()),
        amount: Money(12_850),
        description: "全身推拿".to_owned(),
        openid: OPENID.to_owned(),
        expires_at: cx.now().plus_minutes(15),
    };
    let opening = cx.clone();
    let payment = app
        .app
        .db
        .write(move |tx| crate::open(&opening, tx, &new))
        .await
        .unwrap();
    let pay = app.app.plug::<Arc<WeChatPay>>();
    tokio::task::block_in_place(|| crate::prepay(&app.app.db, &cx, pay, payment.id)).unwrap();
    payment
}

pub(super) async fn knock(app: &TestApp, path: &str, post: &Post) -> Page {
    let mut request = Request::post(path).body(Body::from(post.body.clone())).unwrap();
    *request.headers_mut() = post.headers.clone();
    app.guest().send(request).await
}

async fn state(app: &TestApp, id: Id<Payment>) -> State {
    app.app
        .db
        .read(move |tx| crate::payment(tx, id))
        .await
        .unwrap()
        .state
}

async fn notices(app: &TestApp) -> i64 {
    let count = "SELECT CAST(COUNT(*) AS BIGINT) FROM payment_notice";
    app.app
        .db
        .read(move |tx| tx.one(count, db::params![], |row| row.get(0)))
        .await
        .unwrap()
}

#[test]
fn a_notice_is_taken_at_either_door_and_acted_upon_afterwards() {
    on_each_engine(program, |app| async move {
        for path in [PAYMENT_NOTICES, REFUND_NOTICES] {
            let payment = prepaid(&app).await;
            wechat(&app).customer_pays(&payment.out_trade_no);
            let notice = wechat(&app).notice(&payment.out_trade_no);
            let answer = knock(&app, path, &notice).await;
            assert_eq!((answer.status, answer.body.len()), (204, 0));
            assert_eq!(
                state(&app, payment.id).await,
                State::Prepaid,
                "answered before the work"
            );
            app.run_jobs().await;
            assert_eq!(state(&app, payment.id).await, State::Succeeded);
        }
    });
}

#[test]
fn what_wechat_did_not_sign_is_refused_and_leaves_no_trace() {
    on_each_engine(program, |app| async move {
        let payment = prepaid(&app).await;
        wechat(&app).customer_pays(&payment.out_trade_no);
        let notice = wechat(&app).notice(&payment.out_trade_no);
        let mut forged = notice.clone();
        forged.body[60] ^= 1;
        let answer = knock(&app, PAYMENT_NOTICES, &forged).await;
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (401, Some("FAIL"))
        );
        let bare = Post {
            headers: http::HeaderMap::new(),
            body: b"{not json".to_vec(),
        };
        assert_eq!(knock(&app, PAYMENT_NOTICES, &bare).await.status, 401);
        let huge = Post {
            headers: notice.headers.clone(),
            body: vec![b'x'; 70_000],
        };
        assert_eq!(knock(&app, PAYMENT_NOTICES, &huge).await.status, 413);
        app.clock.advance_minutes(6);
        assert_eq!(knock(&app, PAYMENT_NOTICES, &notice).await.status, 401, "too old");
        assert_eq!(notices(&app).await, 0);
    });
}

/// Money that does not fit, found by its notice.
async fn suspect(app: &TestApp) -> String {
    let payment = prepaid(app).await;
    wechat(app).customer_pays(&payment.out_trade_no);
    wechat(app).spoil(&payment.out_trade_no, |there| there.total = 1);
    let notice = wechat(app).notice(&payment.out_trade_no);
    assert_eq!(knock(app, PAYMENT_NOTICES, &notice).await.status, 204);
    app.run_jobs().await;
    payment.out_trade_no
}

#[test]
fn the_centre_sees_what_was_set_aside_and_notes_what_it_did() {
    on_each_engine(program, |app| async move {
        let centre = app.centre().await;
        let empty = centre.get("/console/payments/quarantine").await;
        assert!(empty.text().contains("没有待查的款"), "{}", empty.text());
        let number = suspect(&app).await;
        let list = centre.get("/console/payments/quarantine").await;
        assert!(
            list.text().contains("1 笔款待查") && list.text().contains(&number),
            "{}",
            list.text()
        );
        let path = list.attributes("href", "/console/payments/quarantine/").remove(0);
        let page = centre.get(&path).await;
        assert!(
            page.text().contains("金额不对") && page.text().contains("¥0.01"),
            "{}",
            page.text()
        );
        let note = format!("{path}/note");
        let refused = centre.post(&note, &[("note", " ")]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("请写下您怎么处理的"));
        assert_eq!(centre.post(&note, &[("note", "已原路退回")]).await.status, 303);
        assert!(centre.get(&path).await.text().contains("已原路退回"));
        assert_eq!(centre.post(&note, &[("note", "又一次")]).await.status, 409);
        assert!(
            centre
                .get("/console/payments/refunds")
                .await
                .text()
                .contains("退款都退成了")
        );
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn a_failed_refund_is_listed_and_repeated_once() {
    on_each_engine(program, |app| async move {
        let payment = prepaid(&app).await;
        wechat(&app).customer_pays(&payment.out_trade_no);
        knock(&app, PAYMENT_NOTICES, &wechat(&app).notice(&payment.out_trade_no)).await;
        app.run_jobs().await;
        wechat(&app).spoil(&payment.out_trade_no, |there| there.total = 1);
        let (cx, purpose) = (app.cx(Actor::System("test")), payment.purpose.clone());
        let new = crate::NewRefund {
            purpose,
            amount: Money(5_000),
            reason: String::new(),
        };
        app.app
            .db
            .write(move |tx| crate::refund(&cx, tx, &new))
            .await
            .unwrap();
        app.run_jobs().await;
        let centre = app.centre().await;
        let list = centre.get("/console/payments/refunds").await;
        assert!(
            list.text().contains("1 笔款没退成") && list.text().contains("NOT_ENOUGH"),
            "{}",
            list.text()
        );
        let again = list.attributes("action", "/console/payments/refunds/").remove(0);
        wechat(&app).spoil(&payment.out_trade_no, |there| there.total = 12_850);
        assert_eq!(centre.post(&again, &[]).await.status, 303);
        assert_eq!(centre.post(&again, &[]).await.status, 409, "once");
        app.clock.advance_minutes(2);
        wechat(&app).clock().pass(120_000);
        app.run_jobs().await;
        assert_eq!(wechat(&app).counts().1, 1);
        assert!(
            centre
                .get("/console/payments/refunds")
                .await
                .text()
                .contains("退款都退成了")
        );
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn only_the_centre_sees_it() {
    on_each_engine(program, |app| async move {
        let owner = app.staff(Role::Owner, Id::from_raw(11)).await;
        for path in ["/console/payments/quarantine", "/console/payments/approvals"] {
            assert_eq!(owner.get(path).await.status, 403);
            assert_eq!(app.guest().get(path).await.status, 303);
        }
        let unknown = app
            .centre()
            .await
            .get("/console/payments/quarantine/0000000000000")
            .await;
        assert_eq!(unknown.status, 404);
    });
}

#[test]
fn every_refusal_has_its_words_in_both_languages() {
    let (modules, _) = program();
    let texts = testkit::texts(&modules);
    for code in modules.iter().flat_map(|module| module.refusals) {
        let key = code.replace(['.', '_'], "-");
        assert!(texts.has(&key), "{key}");
    }
}

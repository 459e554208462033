//! Orders and refunds: what is written, and the three outcomes.

use http::{Method, Response};
use serde_json::{Value, json};

use super::support::*;
use crate::pay::{
    Class, Code, JsapiOrder, OutRefundNo, OutTradeNo, Payee, Payer, PrepayId, RefundOrder, RefundStatus,
    Rejected, TradeState,
};
use crate::{Cause, Outcome, TransportError};

fn order() -> JsapiOrder {
    JsapiOrder {
        out_trade_no: OutTradeNo::new("TN20261122000001").unwrap(),
        description: "全身推拿 60 分钟".into(),
        total_fen: 12_800,
        payer: Payer::Caller("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".into()),
        notify_url: "https://a.example/wechat/pay".into(),
        time_expire_s: Some(NOW_S + 900),
        attach: None,
        profit_sharing: false,
    }
}

fn refund_order() -> RefundOrder {
    RefundOrder {
        out_refund_no: OutRefundNo::new("RF1").unwrap(),
        out_trade_no: OutTradeNo::new("TN20261122000001").unwrap(),
        refund_fen: 6_400,
        total_fen: 12_800,
        reason: Some("顾客取消".into()),
        notify_url: Some("https://a.example/wechat/refund".into()),
    }
}

fn refund_answer() -> Value {
    json!({
        "refund_id": "50000000382019052709732678859", "out_refund_no": "RF1",
        "transaction_id": "4200001234202611221234567890", "out_trade_no": "TN20261122000001", "channel": "ORIGINAL",
        "user_received_account": "招商银行信用卡0403", "create_time": "2026-11-22T16:40:00+08:00", "status": "PROCESSING",
        "amount": {
            "total": 12800, "refund": 6400, "payer_total": 12800, "payer_refund": 6400, "settlement_refund": 6400,
            "settlement_total": 12800, "discount_refund": 0, "currency": "CNY"
        }
    })
}

fn with_partner<T>(
    answer: impl Fn() -> Answer + Send + Sync + 'static,
    f: impl Fn(&Payee<'_>, &Wire) -> T,
) -> T {
    let wire = Wire::new(move |_, _| answer());
    let pay = pay(partner(), &wire);
    f(&pay.sub_merchant("1900000109", None).unwrap(), &wire)
}

fn answered(value: Value) -> impl Fn() -> Answer {
    move || signed(200, value.to_string().as_bytes())
}

#[test]
fn prepay_as_provider() {
    with_partner(answered(json!({"prepay_id": "wx1"})), |payee, wire| {
        let outcome = payee.prepay_jsapi(at(), NONCE, &order());
        assert_eq!(
            outcome,
            Outcome::Done(PrepayId {
                prepay_id: "wx1".into()
            })
        );
        assert_eq!(wire.path(0), "/v3/pay/partner/transactions/jsapi");
        assert_eq!(
            wire.body(0),
            json!({
                "sp_appid": "wx2421b1c4370ec43b", "sp_mchid": "1900007291", "sub_mchid": "1900000109",
                "description": "全身推拿 60 分钟", "out_trade_no": "TN20261122000001",
                "time_expire": "2026-09-21T22:28:20+08:00",
                "notify_url": "https://a.example/wechat/pay", "amount": {"total": 12800, "currency": "CNY"},
                "payer": {"sp_openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}
            })
        );
        let seen = wire.seen.lock().unwrap();
        assert_eq!(
            seen[0].headers()["Wechatpay-Serial"],
            PUB_KEY_ID,
            "answers are asked for by public key"
        );
        assert_eq!(seen[0].headers()["Accept"], "application/json");
        assert_eq!(seen[0].headers()["Content-Type"], "application/json");
    });
}

#[test]
fn prepay_as_direct_merchant() {
    let wire = Wire::new(|_, _| signed(200, br#"{"prepay_id":"wx1"}"#));
    let pay = pay(direct(), &wire);
    let with_more = JsapiOrder {
        attach: Some("b7".into()),
        profit_sharing: true,
        time_expire_s: None,
        ..order()
    };
    assert!(matches!(
        pay.own().unwrap().prepay_jsapi(at(), NONCE, &with_more),
        Outcome::Done(_)
    ));
    assert_eq!(wire.path(0), "/v3/pay/transactions/jsapi");
    let body = wire.body(0);
    assert_eq!(
        (&body["appid"], &body["mchid"]),
        (&json!("wx2421b1c4370ec43b"), &json!("1900007291"))
    );
    assert_eq!(body["payer"], json!({"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}));
    assert_eq!(
        (&body["attach"], &body["settle_info"]),
        (&json!("b7"), &json!({"profit_sharing": true}))
    );
    assert!(body.get("time_expire").is_none());
}

#[test]
fn broken_rules_are_refused_before_sending() {
    with_partner(
        || unreachable!("nothing is sent"),
        |payee, _| {
            for broken in [
                JsapiOrder {
                    description: String::new(),
                    ..order()
                },
                JsapiOrder {
                    description: "字".repeat(43),
                    ..order()
                },
                JsapiOrder {
                    total_fen: 0,
                    ..order()
                },
                JsapiOrder {
                    total_fen: -1,
                    ..order()
                },
                JsapiOrder {
                    attach: Some("x".repeat(129)),
                    ..order()
                },
                JsapiOrder {
                    notify_url: "https://a/?b=1".into(),
                    ..order()
                },
                JsapiOrder {
                    notify_url: "ftp://a/".into(),
                    ..order()
                },
                JsapiOrder {
                    payer: Payer::Caller(String::new()),
                    ..order()
                },
                JsapiOrder {
                    payer: Payer::Sub("o1".into()),
                    ..order()
                },
                JsapiOrder {
                    time_expire_s: Some(i64::MAX),
                    ..order()
                },
            ] {
                let Outcome::Refused(error) = payee.prepay_jsapi(at(), NONCE, &broken) else {
                    panic!("{broken:?}")
                };
                assert_eq!((error.status, &error.code), (0, &Code::Local), "{broken:?}");
            }
        },
    );
}

#[test]
fn broken_refunds_are_refused_before_sending() {
    with_partner(
        || unreachable!("nothing is sent"),
        |payee, _| {
            for broken in [
                RefundOrder {
                    refund_fen: 0,
                    ..refund_order()
                },
                RefundOrder {
                    refund_fen: 12_801,
                    ..refund_order()
                },
                RefundOrder {
                    reason: Some("字".repeat(27)),
                    ..refund_order()
                },
            ] {
                assert!(
                    matches!(payee.refund(at(), NONCE, &broken), Outcome::Refused(_)),
                    "{broken:?}"
                );
            }
        },
    );
}

#[test]
fn query_finds_what_was_paid() {
    with_partner(answered(paid()), |payee, wire| {
        let Outcome::Done(found) = payee.query(at(), NONCE, &order().out_trade_no) else {
            panic!()
        };
        assert_eq!(
            wire.path(0),
            "/v3/pay/partner/transactions/out-trade-no/TN20261122000001?sp_mchid=1900007291&sub_mchid=1900000109"
        );
        assert_eq!(
            (&found.trade_state, found.was_paid()),
            (&TradeState::Success, true)
        );
        assert_eq!(found.amount.as_ref().unwrap().total, 12_800);
        assert_eq!(found.success_at_ms(), Some(1_795_336_496_000));
        assert!(matches!(
            payee.query_by_id(at(), NONCE, "4200001234202611221234567890"),
            Outcome::Done(_)
        ));
        assert!(
            wire.path(1)
                .starts_with("/v3/pay/partner/transactions/id/4200001234202611221234567890?sp_mchid=")
        );
    });
}

#[test]
fn states_are_read_and_unknown_ones_kept() {
    for (text, state) in [
        ("NOTPAY", TradeState::NotPay),
        ("CLOSED", TradeState::Closed),
        ("REFUND", TradeState::Refund),
        ("USERPAYING", TradeState::UserPaying),
        ("PAYERROR", TradeState::PayError),
        ("REVOKED", TradeState::Revoked),
        ("ACCEPT", TradeState::Accept),
        ("LEVITATING", TradeState::Other("LEVITATING".into())),
    ] {
        let mut unpaid = paid();
        unpaid["trade_state"] = json!(text);
        unpaid.as_object_mut().unwrap().remove("amount");
        with_partner(answered(unpaid), |payee, _| {
            let Outcome::Done(found) = payee.query(at(), NONCE, &order().out_trade_no) else {
                panic!("{text}")
            };
            assert_eq!(found.trade_state, state);
        });
    }
}

#[test]
fn an_answer_about_something_else_is_unknown() {
    for (field, value, what) in [
        ("out_trade_no", "TN20261122000002", "order"),
        ("sub_mchid", "1900000110", "merchant"),
        ("sp_mchid", "1900007292", "merchant"),
    ] {
        let mut other = paid();
        other[field] = json!(value);
        with_partner(answered(other), |payee, _| {
            let outcome = payee.query(at(), NONCE, &order().out_trade_no);
            assert_eq!(outcome, Outcome::Unknown(Cause::Mismatch(what)), "{field}");
        });
    }
}

#[test]
fn close_is_done_by_a_signed_204_only() {
    with_partner(
        || signed(204, b""),
        |payee, wire| {
            assert_eq!(payee.close(at(), NONCE, &order().out_trade_no), Outcome::Done(()));
            assert_eq!(
                wire.path(0),
                "/v3/pay/partner/transactions/out-trade-no/TN20261122000001/close"
            );
            assert_eq!(
                wire.body(0),
                json!({"sp_mchid": "1900007291", "sub_mchid": "1900000109"})
            );
        },
    );
    let bare = || Ok(Response::builder().status(204).body(Vec::new()).unwrap());
    with_partner(bare, |payee, _| {
        assert_eq!(
            payee.close(at(), NONCE, &order().out_trade_no),
            Outcome::Unknown(Cause::Unverifiable(Rejected::MissingHeader(
                "Wechatpay-Signature"
            )))
        );
    });
    with_partner(
        || pay_error(400, "ORDER_PAID"),
        |payee, _| {
            let Outcome::Refused(error) = payee.close(at(), NONCE, &order().out_trade_no) else {
                panic!()
            };
            assert_eq!(
                (error.code.clone(), error.class()),
                (Code::OrderPaid, Class::Query)
            );
        },
    );
}

#[test]
fn refunds() {
    with_partner(answered(refund_answer()), |payee, wire| {
        let Outcome::Done(refund) = payee.refund(at(), NONCE, &refund_order()) else {
            panic!()
        };
        assert_eq!(
            (&refund.status, refund.amount.refund),
            (&RefundStatus::Processing, 6_400)
        );
        assert_eq!(
            wire.body(0),
            json!({
                "sub_mchid": "1900000109", "out_trade_no": "TN20261122000001", "out_refund_no": "RF1",
                "reason": "顾客取消", "notify_url": "https://a.example/wechat/refund",
                "amount": {"refund": 6400, "total": 12800, "currency": "CNY"}
            })
        );
        let number = refund_order().out_refund_no;
        assert!(matches!(
            payee.query_refund(at(), NONCE, &number),
            Outcome::Done(_)
        ));
        assert_eq!(
            wire.path(1),
            "/v3/refund/domestic/refunds/RF1?sub_mchid=1900000109"
        );
        assert_eq!(wire.seen.lock().unwrap()[1].method(), Method::GET);
        let another = OutRefundNo::new("RF2").unwrap();
        assert_eq!(
            payee.query_refund(at(), NONCE, &another),
            Outcome::Unknown(Cause::Mismatch("refund"))
        );
    });
}

#[test]
fn refusals_and_unknowns_are_told_apart() {
    type Expect = fn(&Outcome<PrepayId>) -> bool;
    let refused: Expect = |o| matches!(o, Outcome::Refused(_));
    let server: Expect = |o| matches!(o, Outcome::Unknown(Cause::Server(_)));
    let unreadable: Expect = |o| matches!(o, Outcome::Unknown(Cause::Unreadable { .. }));
    let cases: Vec<(Answer, Expect)> = vec![
        (pay_error(400, "PARAM_ERROR"), refused),
        (pay_error(401, "SIGN_ERROR"), refused),
        (pay_error(403, "OUT_TRADE_NO_USED"), refused),
        (pay_error(429, "FREQUENCY_LIMITED"), refused),
        (pay_error(500, "SYSTEM_ERROR"), server),
        (pay_error(503, "WHATEVER"), server),
        (pay_error(400, "SYSTEM_ERROR"), server),
        (
            Ok(Response::builder().status(502).body(b"<html>".to_vec()).unwrap()),
            unreadable,
        ),
        (
            Ok(Response::builder().status(404).body(b"<html>".to_vec()).unwrap()),
            unreadable,
        ),
        (
            Ok(Response::builder().status(302).body(Vec::new()).unwrap()),
            unreadable,
        ),
        (signed(200, b"not json"), unreadable),
        (signed(200, b"{}"), unreadable),
        (Err(TransportError::NotSent("x".into())), |o| {
            matches!(o, Outcome::Unknown(Cause::Transport(TransportError::NotSent(_))))
        }),
        (Err(TransportError::Unknown("x".into())), |o| {
            matches!(o, Outcome::Unknown(Cause::Transport(TransportError::Unknown(_))))
        }),
    ];
    for (answer, expected) in cases {
        let shown = format!("{answer:?}");
        with_partner(
            move || answer.clone(),
            |payee, _| {
                let outcome = payee.prepay_jsapi(at(), NONCE, &order());
                assert!(expected(&outcome), "{shown} gave {outcome:?}");
            },
        );
    }
}

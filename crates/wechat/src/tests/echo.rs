//! The self-test, and notices that are neither payment nor refund.

use serde_json::json;

use super::support::*;
use crate::pay::{Content, Rejected};
use crate::{Cause, Outcome, Secret};

#[test]
fn an_echo_proves_both_ways() {
    let wire = Wire::new(|_, _| signed(200, br#"{"echo_message":"hello"}"#));
    let pay = pay(partner(), &wire);
    let secret = Secret::new("世界".to_owned());
    let outcome = pay.echo(
        at(),
        NONCE,
        "hello",
        Some(&secret),
        Some("https://a.example/echo"),
    );
    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
    assert_eq!(wire.path(0), "/v3/security/echo");
    let body = wire.body(0);
    assert_eq!(
        (&body["echo_message"], &body["notify_url"]),
        (&json!("hello"), &json!("https://a.example/echo"))
    );
    assert_eq!(unseal(body["encrypted_echo_message"].as_str().unwrap()), "世界");
    assert_eq!(
        pay.echo(at(), NONCE, "other", None, None),
        Outcome::Unknown(Cause::Mismatch("message"))
    );
    assert_eq!(wire.body(1), json!({"echo_message": "other"}));
    for (message, address) in [("", None), ("hello", Some("https://a/?b=1"))] {
        let outcome = pay.echo(at(), NONCE, message, None, address);
        assert!(matches!(outcome, Outcome::Refused(_)));
    }
    assert_eq!(wire.count("/v3/security/echo"), 2);
}

#[test]
fn the_notice_of_an_echo_is_read() {
    let body = notice_body("SECURITY_ECHO.SUCCESS", "echo", &json!({"echo_message": "hello"}));
    let notice = receiver()
        .open_notice(NOW_S, &signed_headers(NOW_S, &body), &body)
        .unwrap();
    assert_eq!(notice.echo().unwrap().echo_message, "hello");
    assert!(notice.sharing().is_none());
}

/// WeChat Pay documents events of their own, yet sends `TRANSACTION.SUCCESS` with `transaction` for sharings.
#[test]
fn a_sharing_is_not_taken_for_a_payment() {
    let moved = json!({
        "sp_mchid": "1900007291", "sub_mchid": "1900000109", "transaction_id": "42", "order_id": "300", "out_order_no": "P1",
        "receiver": {"type": "MERCHANT_ID", "account": "1900000110", "amount": 888, "description": "分账"},
        "success_time": "2026-11-22T16:34:56+08:00"
    });
    for (event, original) in [
        ("TRANSACTION.SUCCESS", "transaction"),
        ("TRANSACTION.SUCCESS", "profitsharing"),
        ("PROFITSHARING.SUCCESS", "profitsharing"),
        ("PROFITSHARING.RETURN", "profitsharing"),
    ] {
        let body = notice_body(event, original, &moved);
        let notice = receiver()
            .open_notice(NOW_S, &signed_headers(NOW_S, &body), &body)
            .unwrap();
        assert!(matches!(notice.content, Content::Other { .. }), "{event}");
        let sharing = notice.sharing().unwrap();
        assert_eq!(
            (sharing.receiver.amount, sharing.out_order_no.as_str()),
            (888, "P1")
        );
        assert_eq!(sharing.success_at_ms(), Some(1_795_336_496_000));
        assert!(notice.echo().is_none());
    }
    let body = notice_body("TRANSACTION.SUCCESS", "transaction", &paid());
    let notice = receiver()
        .open_notice(NOW_S, &signed_headers(NOW_S, &body), &body)
        .unwrap();
    assert!(notice.sharing().is_none() && matches!(notice.content, Content::Payment(_)));
}

#[test]
fn probes_are_no_reason_for_alarm() {
    for (cause, probe) in [
        (Cause::Unverifiable(Rejected::SignTest), true),
        (Cause::Unverifiable(Rejected::Signature), false),
        (Cause::Mismatch("order"), false),
    ] {
        assert_eq!(cause.is_probe(), probe, "{cause}");
    }
}

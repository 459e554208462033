//! Notices: what is believed, and that nothing else is.

use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;
use serde_json::json;

use super::support::*;
use crate::pay::{Content, Notice, RefundStatus, Rejected, failure_body};

fn payment() -> Vec<u8> {
    notice_body("TRANSACTION.SUCCESS", "transaction", &paid())
}

fn open(headers: &HeaderMap, body: &[u8]) -> Result<Notice, Rejected> {
    receiver().open_notice(NOW_S, headers, body)
}

#[test]
fn a_payment() {
    let body = payment();
    let notice = open(&signed_headers(NOW_S, &body), &body).unwrap();
    assert_eq!(
        (notice.id.as_str(), notice.event_type.as_str()),
        ("EV-2018022511223320873", "TRANSACTION.SUCCESS")
    );
    let Content::Payment(transaction) = notice.content else {
        panic!()
    };
    assert_eq!(transaction.out_trade_no, "TN20261122000001");
    assert_eq!(transaction.amount.as_ref().unwrap().total, 12_800);
    assert_eq!(
        transaction.payer.as_ref().unwrap().sp_openid.as_deref(),
        Some("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")
    );
}

#[test]
fn a_refund() {
    let resource = json!({
        "sp_mchid": "1900007291", "sub_mchid": "1900000109", "out_trade_no": "TN20261122000001",
        "transaction_id": "42000", "out_refund_no": "RF1", "refund_id": "500", "refund_status": "SUCCESS",
        "success_time": "2026-11-22T16:41:00+08:00", "user_received_account": "零钱",
        "amount": {"total": 12800, "refund": 6400, "payer_total": 12800, "payer_refund": 6400}
    });
    let body = notice_body("REFUND.SUCCESS", "refund", &resource);
    let Content::Refund(refund) = open(&signed_headers(NOW_S, &body), &body).unwrap().content else {
        panic!()
    };
    assert_eq!(
        (&refund.refund_status, refund.amount.refund),
        (&RefundStatus::Success, 6_400)
    );
    assert_eq!(refund.success_at_ms(), Some(1_795_336_860_000));
}

#[test]
fn a_kind_without_a_type_is_kept() {
    let body = notice_body("SECURITY_ECHO.SUCCESS", "echo", &json!({"message": "hello"}));
    let Content::Other { original_type, value } = open(&signed_headers(NOW_S, &body), &body).unwrap().content
    else {
        panic!()
    };
    assert_eq!(
        (original_type.as_str(), &value["message"]),
        ("echo", &json!("hello"))
    );
}

#[test]
fn another_merchants_notice_is_refused() {
    let mut foreign = paid();
    foreign["sp_mchid"] = json!("1900009999");
    let body = notice_body("TRANSACTION.SUCCESS", "transaction", &foreign);
    let rejected = open(&signed_headers(NOW_S, &body), &body).unwrap_err();
    assert_eq!(
        (rejected.http_status(), rejected),
        (400, Rejected::ForeignMerchant)
    );
}

#[test]
fn the_clock_may_differ_by_five_minutes() {
    let body = payment();
    for (skew, good) in [
        (-300, true),
        (300, true),
        (-301, false),
        (301, false),
        (-360, false),
        (360, false),
    ] {
        let opened = open(&signed_headers(NOW_S + skew, &body), &body);
        assert_eq!(opened.is_ok(), good, "{skew}");
        if !good {
            assert_eq!(opened.unwrap_err(), Rejected::Stale(skew));
        }
    }
    for bad in ["", "now", "1.5", "99999999999999999999", "-9223372036854775808"] {
        let mut headers = signed_headers(NOW_S, &body);
        headers.insert("wechatpay-timestamp", HeaderValue::from_str(bad).unwrap());
        assert!(open(&headers, &body).is_err(), "{bad}");
    }
}

#[test]
fn each_header_is_needed_once() {
    let body = payment();
    for name in
        ["Timestamp", "Nonce", "Serial", "Signature"].map(|name| format!("wechatpay-{name}").to_lowercase())
    {
        let mut headers = signed_headers(NOW_S, &body);
        let value = headers.remove(name.as_str()).unwrap();
        assert!(
            matches!(open(&headers, &body), Err(Rejected::MissingHeader(_))),
            "{name} missing"
        );
        headers.append(http::HeaderName::try_from(name.clone()).unwrap(), value.clone());
        headers.append(http::HeaderName::try_from(name.clone()).unwrap(), value);
        assert!(
            matches!(open(&headers, &body), Err(Rejected::MissingHeader(_))),
            "{name} twice"
        );
    }
    let mut headers = signed_headers(NOW_S, &body);
    headers.remove("wechatpay-signature-type");
    assert!(open(&headers, &body).is_ok(), "the type may be missing");
    headers.insert(
        "wechatpay-signature-type",
        HeaderValue::from_static("WECHATPAY2-SM2-WITH-SM3"),
    );
    assert_eq!(open(&headers, &body).unwrap_err(), Rejected::SignatureType);
}

#[test]
fn signed_but_unusable() {
    for body in [
        "",
        "{",
        "[]",
        "{}",
        r#"{"id":"1","event_type":"TRANSACTION.SUCCESS","resource":{}}"#,
    ] {
        let headers = signed_headers(NOW_S, body.as_bytes());
        assert_eq!(
            open(&headers, body.as_bytes()).unwrap_err(),
            Rejected::Malformed("envelope"),
            "{body}"
        );
    }
    let change = |from: &str, to: &str| {
        let body = String::from_utf8(payment())
            .unwrap()
            .replace(from, to)
            .into_bytes();
        open(&signed_headers(NOW_S, &body), &body).unwrap_err()
    };
    assert_eq!(
        change("AEAD_AES_256_GCM", "AEAD_SM4_GCM"),
        Rejected::Malformed("algorithm")
    );
    assert_eq!(change("fdasflkja484", "fdasflkja485"), Rejected::Decrypt);
    assert_eq!(change("fdasflkja484", "short"), Rejected::Decrypt);
    assert_eq!(
        change(r#""associated_data":"transaction""#, r#""associated_data":"x""#),
        Rejected::Decrypt
    );
    let body = notice_body("TRANSACTION.SUCCESS", "transaction", &json!({"amount": "12800"}));
    assert_eq!(
        open(&signed_headers(NOW_S, &body), &body).unwrap_err(),
        Rejected::Malformed("transaction")
    );
}

#[test]
fn a_refusal_has_a_body() {
    assert_eq!(
        failure_body("稍后\"再试"),
        r#"{"code":"FAIL","message":"稍后\"再试"}"#
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn no_mutated_body_is_believed(at in any::<prop::sample::Index>(), byte in any::<u8>(), kind in 0..4) {
        let body = payment();
        let headers = signed_headers(NOW_S, &body);
        let mut mutated = body.clone();
        let at = at.index(body.len());
        match kind {
            0 => mutated[at] = byte,
            1 => mutated.insert(at, byte),
            2 => drop(mutated.remove(at)),
            _ => mutated.truncate(at),
        }
        prop_assume!(mutated != body);
        prop_assert_eq!(open(&headers, &mutated).unwrap_err(), Rejected::Signature);
    }

    #[test]
    fn no_mutated_header_is_believed(
        which in 0..4_usize, at in any::<prop::sample::Index>(), letter in "[A-Za-z0-9+/= ]"
    ) {
        let body = payment();
        let mut headers = signed_headers(NOW_S, &body);
        let name = ["wechatpay-timestamp", "wechatpay-nonce", "wechatpay-serial", "wechatpay-signature"][which];
        let value = headers[name].to_str().unwrap().to_owned();
        let mut mutated = value.clone();
        let at = at.index(value.len());
        mutated.replace_range(at..=at, &letter);
        prop_assume!(mutated != value);
        headers.insert(name, HeaderValue::from_str(&mutated).unwrap());
        prop_assert!(open(&headers, &body).is_err());
    }
}

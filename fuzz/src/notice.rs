//! Notices of WeChat Pay: headers and body as anybody may post them, and what stands behind a valid signature.

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use wechat::pay::{Content, RefundNotice, Transaction};

use crate::signed::{self, NOW_S, pay};

/// Header lines, an empty line, the body. Nobody but the holder of the key can make one that is taken, so a notice that is
/// taken must verify again when it is signed anew.
pub(crate) fn headers_and_body(input: &[u8]) {
    let (headers, body) = letter(input);
    match pay().open_notice(NOW_S, &headers, body) {
        Ok(_) => {
            let genuine = signed::headers(body);
            let nonce = headers.get("wechatpay-nonce");
            let same_moment = headers.get("wechatpay-timestamp") == genuine.get("wechatpay-timestamp");
            if same_moment && nonce == genuine.get("wechatpay-nonce") {
                let signature = headers.get("wechatpay-signature");
                assert_eq!(
                    signature,
                    genuine.get("wechatpay-signature"),
                    "a signature that nobody made"
                );
            }
        }
        Err(rejected) => {
            assert!(matches!(rejected.http_status(), 400 | 401));
            assert!(!rejected.to_string().is_empty());
        }
    }
}

/// Takes an input apart.
pub(crate) fn letter(input: &[u8]) -> (HeaderMap, &[u8]) {
    let end = input.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = end.map_or((input, &b""[..]), |at| (&input[..at], &input[at + 2..]));
    let mut headers = HeaderMap::new();
    for line in head.split(|byte| *byte == b'\n') {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let name = HeaderName::from_bytes(&line[..colon]);
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    (headers, body)
}

/// A body that WeChat Pay signed, whatever is in it.
pub(crate) fn envelope(input: &[u8]) {
    let body = enveloped(input);
    match pay().open_notice(NOW_S, &signed::quick_headers(&body), &body) {
        Ok(notice) => match &notice.content {
            Content::Payment(transaction) => {
                assert_eq!(
                    transaction.sp_mchid.as_deref().or(transaction.mchid.as_deref()),
                    Some("1900007291")
                );
            }
            Content::Refund(refund) => {
                assert_eq!(
                    refund.sp_mchid.as_deref().or(refund.mchid.as_deref()),
                    Some("1900007291")
                );
            }
            Content::Other { .. } => {
                assert!(
                    !notice.event_type.starts_with("TRANSACTION.")
                        && !notice.event_type.starts_with("REFUND.")
                );
            }
        },
        Err(rejected) => assert_eq!(rejected.http_status(), 400, "it was signed: {rejected}"),
    }
}

/// The input as a body; what follows an `@` at its beginning becomes the encrypted resource of a good envelope.
pub(crate) fn enveloped(input: &[u8]) -> Vec<u8> {
    let Some((b'@', plain)) = input.split_first() else {
        return input.to_vec();
    };
    json!({
        "id": "EV-1", "create_time": "2026-11-22T16:41:00+08:00", "event_type": "TRANSACTION.SUCCESS",
        "resource_type": "encrypt-resource", "summary": "",
        "resource": {
            "original_type": "transaction", "algorithm": "AEAD_AES_256_GCM", "ciphertext": signed::encrypt(plain),
            "nonce": signed::NONCE, "associated_data": "transaction",
        },
    })
    .to_string()
    .into_bytes()
}

/// The JSON of a resource, read as an order and as a refund. Amounts are whole fen, so what is read is what was written.
pub(crate) fn resource(input: &[u8]) {
    let value = || serde_json::from_slice::<Value>(input).ok();
    if let Ok(transaction) = serde_json::from_slice::<Transaction>(input) {
        let _ = (transaction.success_at_ms(), transaction.was_paid());
        if let (Some(amount), Some(value)) = (&transaction.amount, value()) {
            assert_eq!(Some(amount.total), value["amount"]["total"].as_i64());
        }
    }
    if let Ok(refund) = serde_json::from_slice::<RefundNotice>(input) {
        let _ = refund.success_at_ms();
        if let Some(value) = value() {
            assert_eq!(Some(refund.amount.refund), value["amount"]["refund"].as_i64());
        }
    }
}

//! Platform certificates: fetched, checked, replaced while the program runs, and not fetched too often.

use http::Response;
use serde_json::{Value, json};

use super::support::*;
use crate::pay::{Pay, PlatformKeys, Rejected, Renewal};
use crate::{At, Cause, Endpoints, Outcome};

const HOUR_S: i64 = 3600;

fn encrypted(serial: &str, pem: &str) -> Value {
    json!({
        "serial_no": serial, "effective_time": "2026-09-01T00:00:00+08:00", "expire_time": "2051-08-31T00:00:00+08:00",
        "encrypt_certificate": sealed_resource("certificate", pem.as_bytes())
    })
}

fn list() -> Vec<u8> {
    json!({"data": [encrypted(RENEWED_SERIAL, RENEWED)]})
        .to_string()
        .into_bytes()
}

/// An answer signed by a certificate, at this moment.
fn by_certificate(now_s: i64, (private, serial): (&str, &str), body: &[u8]) -> Answer {
    let mut answer = Response::new(body.to_vec());
    *answer.headers_mut() = headers_by(private, serial, now_s, body);
    Ok(answer)
}

fn renewed(now_s: i64) -> Answer {
    by_certificate(now_s, (PLATFORM_PRIVATE, RENEWED_SERIAL), &list())
}

fn client(keys: PlatformKeys, wire: &std::sync::Arc<Wire>) -> Pay {
    Pay::new(merchant(partner()), keys, &Endpoints::default(), wire.clone())
}

fn payment() -> Vec<u8> {
    notice_body("TRANSACTION.SUCCESS", "transaction", &paid())
}

fn notice(pay: &Pay, now_s: i64, serial: &str) -> Result<(), Rejected> {
    let body = payment();
    let headers = headers_by(PLATFORM_PRIVATE, serial, now_s, &body);
    pay.open_notice(now_s, &headers, &body).map(drop)
}

#[test]
fn the_first_certificates_come_without_any_key() {
    let wire = Wire::new(|_, _| renewed(NOW_S));
    let pay = client(PlatformKeys::new(), &wire);
    assert!(notice(&pay, NOW_S, RENEWED_SERIAL).is_err());
    let outcome = pay.renew_certificates(at(), NONCE);
    assert_eq!(
        outcome,
        Outcome::Done(Renewal::Renewed(vec![RENEWED_SERIAL.into()]))
    );
    assert_eq!(wire.path(0), "/v3/certificates");
    assert_eq!(notice(&pay, NOW_S, RENEWED_SERIAL), Ok(()));
    assert_eq!(pay.keys().expires_s(RENEWED_SERIAL), Some(2_577_139_199));
}

#[test]
fn certificates_are_looked_for_every_eleven_hours() {
    let wire = Wire::new(|n, _| renewed(NOW_S + [0, 11, 22][n] * HOUR_S));
    let pay = client(PlatformKeys::new(), &wire);
    for (hours, looks) in [(0, 1), (1, 1), (10, 1), (11, 2), (12, 2), (21, 2), (22, 3)] {
        let now = At::now(NOW_S + hours * HOUR_S);
        assert_eq!(
            pay.certificates_due(now.now_s),
            wire.count("/v3/certificates") < looks,
            "{hours}"
        );
        let outcome = pay.renew_certificates(now, NONCE);
        assert!(matches!(outcome, Outcome::Done(_)), "{hours}: {outcome:?}");
        assert_eq!(wire.count("/v3/certificates"), looks, "{hours}");
    }
}

#[test]
fn a_strange_serial_brings_one_look_and_floods_bring_no_more() {
    let wire = Wire::new(|n, _| renewed(NOW_S + i64::try_from(n).unwrap() * 600));
    let pay = client(PlatformKeys::new(), &wire);
    assert!(matches!(pay.renew_certificates(at(), NONCE), Outcome::Done(_)));
    for second in (0..1200).step_by(10) {
        let now_s = NOW_S + second;
        let strange = format!("{second:040X}");
        assert_eq!(
            notice(&pay, now_s, &strange),
            Err(Rejected::UnknownSerial(strange.clone()))
        );
        let _ = pay.renew_certificates(At::now(now_s), NONCE);
    }
    assert_eq!(wire.count("/v3/certificates"), 2, "one in ten minutes");
    assert_eq!(
        notice(&pay, NOW_S + 1300, "PUB_KEY_ID_9"),
        Err(Rejected::UnknownSerial("PUB_KEY_ID_9".into()))
    );
}

#[test]
fn an_answers_strange_serial_counts_too() {
    let wire = Wire::new(|n, _| match n {
        0 => by_certificate(
            NOW_S,
            (PLATFORM_PRIVATE, RENEWED_SERIAL),
            paid().to_string().as_bytes(),
        ),
        1 => renewed(NOW_S),
        _ => by_certificate(
            NOW_S,
            (PLATFORM_PRIVATE, RENEWED_SERIAL),
            paid().to_string().as_bytes(),
        ),
    });
    let pay = client(both_keys(), &wire);
    let payee = pay.sub_merchant("1900000109", None).unwrap();
    let number = crate::pay::OutTradeNo::new("TN20261122000001").unwrap();
    assert_eq!(
        payee.query(at(), NONCE, &number),
        Outcome::Unknown(Cause::Unverifiable(Rejected::UnknownSerial(
            RENEWED_SERIAL.into()
        )))
    );
    assert!(matches!(pay.renew_certificates(at(), NONCE), Outcome::Done(_)));
    assert!(matches!(payee.query(at(), NONCE, &number), Outcome::Done(_)));
    let seen = wire.seen.lock().unwrap();
    assert_eq!(
        seen[2].headers()["wechatpay-serial"],
        PUB_KEY_ID,
        "the public key is still preferred"
    );
}

#[test]
fn a_merchant_with_the_public_key_alone_asks_once() {
    let wire = Wire::new(|_, _| pay_error(404, "RESOURCE_NOT_EXISTS"));
    let keys = PlatformKeys::new()
        .with_public_key(PUB_KEY_ID, PLATFORM_PUBLIC)
        .unwrap();
    let pay = client(keys, &wire);
    assert_eq!(
        pay.renew_certificates(at(), NONCE),
        Outcome::Done(Renewal::PublicKeyOnly)
    );
    for hours in 1..100 {
        let now = At::now(NOW_S + hours * HOUR_S);
        assert_eq!(pay.renew_certificates(now, NONCE), Outcome::Done(Renewal::NotDue));
    }
    assert_eq!(wire.count("/v3/certificates"), 1);
    assert_eq!(notice(&pay, NOW_S, PUB_KEY_ID), Ok(()));
}

#[test]
fn a_failed_look_is_repeated_after_ten_minutes() {
    let wire = Wire::new(|n, _| match n {
        0 => pay_error(500, "SYSTEM_ERROR"),
        _ => renewed(NOW_S + 600),
    });
    let pay = client(PlatformKeys::new(), &wire);
    assert!(matches!(pay.renew_certificates(at(), NONCE), Outcome::Unknown(_)));
    let soon = At::now(NOW_S + 599);
    assert_eq!(
        pay.renew_certificates(soon, NONCE),
        Outcome::Done(Renewal::NotDue)
    );
    let later = At::now(NOW_S + 600);
    assert!(matches!(
        pay.renew_certificates(later, NONCE),
        Outcome::Done(Renewal::Renewed(_))
    ));
}

#[test]
fn old_certificates_stay_until_they_end() {
    let wire = Wire::new(|_, _| renewed(NOW_S));
    let keys = both_keys().with_certificate(ENDED).unwrap();
    let pay = client(keys, &wire);
    assert_eq!(pay.keys().expires_s(ENDED_SERIAL), Some(1_765_022_400));
    assert!(matches!(pay.renew_certificates(at(), NONCE), Outcome::Done(_)));
    let keys = pay.keys();
    let mut serials: Vec<_> = keys.serials().collect();
    serials.sort_unstable();
    assert_eq!(serials, [RENEWED_SERIAL, CERTIFICATE_SERIAL, PUB_KEY_ID]);
}

#[test]
fn forged_lists_change_nothing() {
    let foreign_key = json!({"data": [{
        "serial_no": RENEWED_SERIAL,
        "encrypt_certificate": {
            "algorithm": "AEAD_AES_256_GCM", "nonce": "61f9c719728a", "associated_data": "certificate",
            "ciphertext": "ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI="
        }
    }]});
    let other_serial = json!({"data": [encrypted(ENDED_SERIAL, RENEWED)]});
    let no_certificate = json!({"data": [encrypted(RENEWED_SERIAL, "hello")]});
    for (body, rejected) in [
        (foreign_key, Rejected::Decrypt),
        (other_serial, Rejected::Malformed("serial of a certificate")),
        (no_certificate, Rejected::Malformed("certificate")),
        (json!({"data": 7}), Rejected::Malformed("list of certificates")),
        (
            json!({"data": []}),
            Rejected::UnknownSerial(RENEWED_SERIAL.into()),
        ),
    ] {
        let body = body.to_string().into_bytes();
        let wire = Wire::new(move |_, _| by_certificate(NOW_S, (PLATFORM_PRIVATE, RENEWED_SERIAL), &body));
        let pay = client(PlatformKeys::new(), &wire);
        assert_eq!(
            pay.renew_certificates(at(), NONCE),
            Outcome::Unknown(Cause::Unverifiable(rejected))
        );
        assert_eq!(pay.keys().serials().count(), 0);
    }
    let wire = Wire::new(|_, _| by_certificate(NOW_S, (CERTIFICATE_PRIVATE, RENEWED_SERIAL), &list()));
    let pay = client(PlatformKeys::new(), &wire);
    assert_eq!(
        pay.renew_certificates(at(), NONCE),
        Outcome::Unknown(Cause::Unverifiable(Rejected::Signature))
    );
    assert_eq!(pay.keys().serials().count(), 0);
}

//! Public key, certificates, the switch between them, and what is encrypted for them.

use ring::aead;
use rsa::pkcs8::DecodePublicKey;
use serde_json::{Value, json};

use super::payment::{call, call_as, open_resource, order, pay, prepay, signed};
use super::*;

/// `plain` encrypted for WeChat Pay's public key.
pub fn sealed(bench: &Bench, plain: &str) -> String {
    let pem = &bench.credentials.platform.public_key_pem;
    let key = rsa::RsaPublicKey::from_public_key_pem(pem).unwrap();
    let mut random = crate::keys::SeededRandom {
        seed: 7,
        purpose: plain.to_owned(),
        counter: 0,
    };
    crate::crypto::seal_sensitive(&key, &mut random, plain.as_bytes()).unwrap()
}

/// A signed call whose Wechatpay-Serial names the public key.
pub fn call_with_serial(bench: &Bench, method: &str, path: &str, body: &str) -> Answer {
    with_serial(
        bench,
        method,
        path,
        body,
        &bench.credentials.platform.public_key_id,
    )
}

fn with_serial(bench: &Bench, method: &str, path: &str, body: &str, serial: &str) -> Answer {
    let mut request = signed(bench, method, path, body, now_s());
    request
        .headers_mut()
        .insert("wechatpay-serial", serial.parse().unwrap());
    bench.send(request).unwrap()
}

/// The bare keys in the certificates of `GET /v3/certificates`, by serial number.
fn certificates(bench: &Bench) -> Vec<(String, Vec<u8>)> {
    let answer = call(bench, "GET", "/v3/certificates", "").unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    let entry = |entry: &Value| {
        let pem = open_resource(&bench.credentials.partner, &entry["encrypt_certificate"]);
        let der = der(std::str::from_utf8(&pem).unwrap());
        let serial = entry["serial_no"].as_str().unwrap().to_owned();
        assert!(
            contains(&der, &unhex(&serial)),
            "the serial number stands in the certificate"
        );
        // The SPKI of a 2048-bit key ends with its PKCS#1 form: a sequence of 0x010a bytes.
        let at = der
            .windows(8)
            .position(|w| w == [0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01])
            .unwrap();
        (serial, der[at..at + 0x10a + 4].to_vec())
    };
    answer.json()["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(entry)
        .collect()
}

fn contains(whole: &[u8], part: &[u8]) -> bool {
    whole.windows(part.len()).any(|window| window == part)
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = |i| u8::from_str_radix(&text[i..i + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digits).collect()
}

#[test]
fn in_certificate_mode_everything_is_signed_by_the_certificate_that_the_list_shows() {
    let bench = Bench::start();
    assert_eq!(call(&bench, "GET", "/v3/certificates", "").unwrap().status, 404);
    bench.post("/control/keys", json!({"mode": "certificate"}));
    let list = certificates(&bench);
    assert_eq!(list.len(), 1);
    let answer = prepay(&bench, &order(&bench, "BOOKING1"));
    assert_eq!(answer.header("wechatpay-serial"), list[0].0);
    assert!(verifies_with(&list[0].1, &answer.headers, &answer.body));
    assert!(!verifies(&bench.credentials, &answer.headers, &answer.body));
    pay(&bench, "BOOKING1", "paid");
    let notice = &bench.wait_received(1)[0];
    assert!(verifies_with(&list[0].1, &notice.headers, &notice.body));
    let mut foreign = signed(&bench, "GET", "/v3/certificates", "", now_s());
    foreign.headers_mut().insert(
        "wechatpay-serial",
        "7132D72A03E93CDDF8C03BBD1F37EEDF00000000".parse().unwrap(),
    );
    let refused = bench.send(foreign).unwrap();
    assert_eq!(
        (refused.status, refused.json()["code"].clone()),
        (400, json!("INVALID_REQUEST"))
    );
}

#[test]
fn a_new_certificate_shows_a_day_before_it_signs() {
    let bench = Bench::start_with(|config| config.key_mode = crate::KeyMode::Certificate);
    let old = certificates(&bench)[0].0.clone();
    bench.post("/control/keys", json!({"rotate": true}));
    let list = certificates(&bench);
    assert_eq!(list.len(), 2);
    let serial = || {
        call(&bench, "GET", "/v3/certificates", "")
            .unwrap()
            .header("wechatpay-serial")
            .to_owned()
    };
    assert_eq!(serial(), old);
    bench.post("/control/time", json!({"scale": 864_000.0}));
    std::thread::sleep(Duration::from_millis(120));
    assert_eq!(serial(), list[1].0, "a day later the new one signs");
}

#[test]
fn during_the_switch_answers_follow_the_request_and_callbacks_turn_over_in_a_week() {
    let bench = Bench::start_with(|config| config.key_mode = crate::KeyMode::Switching);
    let (serial, key) = certificates(&bench).remove(0);
    let path = "/v3/certificates";
    let unnamed = call(&bench, "GET", path, "").unwrap();
    assert_eq!(
        unnamed.header("wechatpay-serial"),
        serial,
        "who names none gets the certificate"
    );
    let named = call_with_serial(&bench, "GET", path, "");
    assert!(verifies(&bench.credentials, &named.headers, &named.body));
    assert!(verifies_with(&key, &unnamed.headers, &unnamed.body));
    prepay(&bench, &order(&bench, "BOOKING1"));
    pay(&bench, "BOOKING1", "paid");
    let received = bench.wait_received(1);
    let genuine = |one: &Received| {
        verifies(&bench.credentials, &one.headers, &one.body) || verifies_with(&key, &one.headers, &one.body)
    };
    assert!(genuine(&received[0]), "one of both, as its header says");
    bench.post("/control/time", json!({"scale": 1_000_000.0}));
    std::thread::sleep(Duration::from_millis(700));
    let id = bench.get("/control/notices").json()["notices"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for _ in 0..8 {
        bench.post(&format!("/control/notices/{id}/resend"), json!({}));
    }
    let late = bench.received();
    assert!(
        late[1..]
            .iter()
            .all(|one| verifies(&bench.credentials, &one.headers, &one.body)),
        "all by the public key"
    );
}

#[test]
fn the_self_test_echoes_decrypts_and_calls_back() {
    let bench = Bench::start();
    let path = "/v3/security/echo";
    let mut body = json!({"echo_message": "hello", "encrypted_echo_message": sealed(&bench, "秘密")});
    assert_eq!(
        call(&bench, "POST", path, &body.to_string()).unwrap().json()["code"],
        "PARAM_ERROR",
        "no serial"
    );
    body["notify_url"] = json!(format!("{}/echo", bench.program_address));
    let answer = call_with_serial(&bench, "POST", path, &body.to_string());
    assert_eq!(answer.json()["echo_message"], "hello", "{}", answer.text());
    let secret = answer.json()["encrypted_echo_message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        opened(&bench, &secret),
        "秘密",
        "encrypted for the merchant's certificate"
    );
    let (notice, plain) = super::payment::open_notice(&bench, &bench.wait_received(1)[0]);
    assert_eq!(notice["event_type"], "SECURITY_ECHO.SUCCESS");
    assert_eq!(
        (&notice["resource"]["original_type"], &plain["echo_message"]),
        (&json!("security"), &json!("hello"))
    );
    body["encrypted_echo_message"] = json!("not encrypted");
    assert!(
        call_with_serial(&bench, "POST", path, &body.to_string())
            .text()
            .contains("密文")
    );
}

/// What was encrypted for the service provider.
pub fn opened(bench: &Bench, sealed: &str) -> String {
    use rsa::pkcs8::DecodePrivateKey;
    let key = rsa::RsaPrivateKey::from_pkcs8_pem(&bench.credentials.partner.private_key_pem).unwrap();
    crate::crypto::open_sensitive(&key, sealed).unwrap()
}

#[test]
fn the_list_is_under_the_askers_own_key() {
    let bench = Bench::start_with(|config| config.key_mode = crate::KeyMode::Certificate);
    let direct = bench.credentials.direct.clone();
    let list = call_as(&bench, &direct, "GET", "/v3/certificates", "").json();
    let sealed = &list["data"][0]["encrypt_certificate"];
    assert!(open_resource(&direct, sealed).starts_with(b"-----BEGIN CERTIFICATE-----"));
    let key = aead::UnboundKey::new(
        &aead::AES_256_GCM,
        bench.credentials.partner.api_v3_key.as_bytes(),
    )
    .unwrap();
    let nonce = aead::Nonce::try_assume_unique_for_key(sealed["nonce"].as_str().unwrap().as_bytes()).unwrap();
    let mut data = STANDARD.decode(sealed["ciphertext"].as_str().unwrap()).unwrap();
    let other = aead::LessSafeKey::new(key)
        .open_in_place(nonce, aead::Aad::from(b"certificate"), &mut data)
        .is_err();
    assert!(other, "another merchant's key does not open it");
}

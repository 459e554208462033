//! Applications: pictures, forms, states, and the merchant that comes of them.

use serde_json::{Value, json};

use super::keys::{call_with_serial, sealed};
use super::payment::{authorization, call, order, prepay};
use super::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nnot much of a picture";
const APPLYMENT: &str = "/v3/applyment4sub/applyment/";

fn sha256_hex(data: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, data);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An upload signed over `signed`, which is the meta unless a test lies.
fn upload_signed(bench: &Bench, meta: &str, file: &[u8], signed: &str) -> Answer {
    let path = "/v3/merchant/media/upload";
    let mut body = format!(
        "--B\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{meta}\r\n\
         --B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--B--\r\n");
    let merchant = &bench.credentials.partner;
    let request = bench
        .request("POST", path)
        .header(
            "authorization",
            authorization(merchant, "POST", path, signed, now_s()),
        )
        .header("accept", "application/json")
        .header("user-agent", "test")
        .header("content-type", "multipart/form-data; boundary=B");
    bench.send(request.body(body).unwrap()).unwrap()
}

fn upload(bench: &Bench, name: &str, file: &[u8]) -> Answer {
    let meta = json!({"filename": name, "sha256": sha256_hex(file)}).to_string();
    upload_signed(bench, &meta, file, &meta)
}

fn form(bench: &Bench, picture: &str) -> Value {
    let secret = |plain: &str| sealed(bench, plain);
    json!({
        "business_code": "1230000109_0001",
        "contact_info": {
            "contact_type": "LEGAL", "contact_name": secret("张三丰"), "mobile_phone": secret("13800138000"),
            "contact_email": secret("zhang@example.com"),
        },
        "subject_info": {
            "subject_type": "SUBJECT_TYPE_INDIVIDUAL",
            "business_license_info": {
                "license_copy": picture, "license_number": "92110101MA00000000", "merchant_name": "清风堂按摩店",
                "legal_person": "张三丰",
            },
            "identity_info": {
                "id_doc_type": "IDENTIFICATION_TYPE_IDCARD", "owner": true,
                "id_card_info": {
                    "id_card_copy": picture, "id_card_national": picture, "id_card_name": secret("张三丰"),
                    "id_card_number": secret("11010519491231002X"), "card_period_begin": "2019-06-06",
                    "card_period_end": "长期",
                },
            },
        },
        "business_info": {
            "merchant_shortname": "清风堂", "service_phone": "01012345678",
            "sales_info": {
                "sales_scenes_type": ["SALES_SCENES_STORE"],
                "biz_store_info": {
                    "biz_store_name": "清风堂", "biz_address_code": "110101", "biz_store_address": "东单北大街 1 号",
                    "store_entrance_pic": [picture], "indoor_pic": [picture],
                },
            },
        },
        "settlement_info": {"settlement_id": "719", "qualification_type": "保健"},
        "bank_account_info": {
            "bank_account_type": "BANK_ACCOUNT_TYPE_PERSONAL", "account_name": secret("张三丰"),
            "account_bank": "工商银行", "account_number": secret("6222020200112230000"),
        },
    })
}

fn submit(bench: &Bench, form: &Value) -> Answer {
    call_with_serial(bench, "POST", APPLYMENT, &form.to_string())
}

fn picture(bench: &Bench) -> String {
    upload(bench, "a.png", PNG).json()["media_id"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn decide(bench: &Bench, decision: Value) -> Answer {
    bench.post("/control/applyments/1230000109_0001", decision)
}

fn state(bench: &Bench) -> Value {
    call(
        bench,
        "GET",
        &format!("{APPLYMENT}business_code/1230000109_0001"),
        "",
    )
    .unwrap()
    .json()
}

#[test]
fn a_picture_is_signed_over_its_description_and_checked_by_its_content() {
    let bench = Bench::start();
    let good = upload(&bench, "a.png", PNG);
    assert!(good.json()["media_id"].is_string(), "{}", good.text());
    assert!(verifies(&bench.credentials, &good.headers, &good.body));
    let meta = json!({"filename": "a.png", "sha256": sha256_hex(PNG)}).to_string();
    assert_eq!(
        upload_signed(&bench, &meta, PNG, &format!("{meta} ")).json()["code"],
        "SIGN_ERROR"
    );
    assert_eq!(
        upload_signed(&bench, &meta, b"\x89PNG\r\n\x1a\nother", &meta).json()["code"],
        "PARAM_ERROR"
    );
    assert_eq!(upload(&bench, "a.gif", PNG).json()["code"], "PARAM_ERROR");
    assert_eq!(
        upload(&bench, "a.png", b"GIF89a").json()["code"],
        "PARAM_ERROR",
        "not by its name"
    );
    let mut large = PNG.to_vec();
    large.resize(2 * 1024 * 1024 + 1, 0);
    assert!(upload(&bench, "a.png", &large).text().contains("2M"));
}

#[test]
fn an_application_goes_its_way_and_ends_as_a_working_sub_merchant() {
    let bench = Bench::start();
    let form = form(&bench, &picture(&bench));
    let made = submit(&bench, &form);
    let id = made.json()["applyment_id"]
        .as_u64()
        .unwrap_or_else(|| panic!("{}", made.text()));
    assert_eq!(state(&bench)["applyment_state"], "APPLYMENT_STATE_AUDITING");
    let by_id = call(&bench, "GET", &format!("{APPLYMENT}applyment_id/{id}"), "").unwrap();
    assert_eq!(by_id.json(), state(&bench));
    assert_eq!(
        submit(&bench, &form).json()["applyment_id"],
        id,
        "the same application again"
    );
    assert_eq!(
        decide(&bench, json!({"state": "FINISHED"})).status,
        409,
        "no step is left out"
    );
    for next in ["TO_BE_CONFIRMED", "TO_BE_SIGNED"] {
        assert_eq!(decide(&bench, json!({"state": next})).status, 200);
    }
    let sub = state(&bench)["sub_mchid"].as_str().unwrap().to_owned();
    let mut first = order(&bench, "BOOKING1");
    first["sub_mchid"] = json!(sub);
    assert_eq!(
        prepay(&bench, &first).json()["code"],
        "MCH_NOT_EXISTS",
        "not before it is finished"
    );
    for next in ["SIGNING", "FINISHED"] {
        assert_eq!(decide(&bench, json!({"state": next})).status, 200);
    }
    assert_eq!(prepay(&bench, &first).status, 200);
    assert_eq!(state(&bench)["applyment_state_msg"], "已完成");
}

#[test]
fn the_link_to_sign_leads_to_a_page_that_confirms_and_signs() {
    let bench = Bench::start();
    submit(&bench, &form(&bench, &picture(&bench)));
    let link = state(&bench)["sign_url"].as_str().unwrap().to_owned();
    let (address, query) = link.split_once('?').unwrap();
    let path = format!(
        "{}?{query}",
        address.strip_prefix(&bench.credentials.pay).unwrap()
    );
    let press = || {
        let form = bench
            .request("POST", "/public/apply4ec_sign/s")
            .header("content-type", "application/x-www-form-urlencoded");
        bench
            .send(form.body(query.as_bytes().to_vec()).unwrap())
            .unwrap()
            .status
    };
    assert!(bench.get(&path).text().contains("审核中"));
    assert_eq!(press(), 303);
    assert_eq!(
        state(&bench)["applyment_state"],
        "APPLYMENT_STATE_AUDITING",
        "there is nothing to press yet"
    );
    decide(&bench, json!({"state": "TO_BE_CONFIRMED"}));
    assert!(bench.get(&path).text().contains("账户验证"));
    press();
    assert_eq!(state(&bench)["applyment_state"], "APPLYMENT_STATE_TO_BE_SIGNED");
    press();
    assert_eq!(state(&bench)["applyment_state"], "APPLYMENT_STATE_FINISHED");
    let guessed = bench.get(&path.replace("sign=", "sign=x"));
    assert_eq!(guessed.status, 404);
}

#[test]
fn a_rejection_names_the_fields_and_the_same_code_may_try_again() {
    let bench = Bench::start();
    let mut form = form(&bench, &picture(&bench));
    let id = submit(&bench, &form).json()["applyment_id"].clone();
    form["business_info"]["merchant_shortname"] = json!("明月堂");
    assert!(
        submit(&bench, &form).text().contains("重入"),
        "another application under a code in use"
    );
    assert_eq!(
        decide(&bench, json!({"state": "REJECTED"})).status,
        409,
        "a rejection says why"
    );
    let why =
        json!([{"field": "id_card_copy", "field_name": "身份证人像面照片", "reject_reason": "照片模糊"}]);
    decide(&bench, json!({"state": "REJECTED", "audit_detail": why}));
    let rejected = state(&bench);
    assert_eq!(
        (&rejected["applyment_state"], &rejected["audit_detail"]),
        (&json!("APPLYMENT_STATE_REJECTED"), &why)
    );
    assert_eq!(submit(&bench, &form).json()["applyment_id"], id);
    assert_eq!(state(&bench)["applyment_state"], "APPLYMENT_STATE_AUDITING");
}

#[test]
fn time_rejects_the_unconfirmed_and_cancels_the_unsigned() {
    let bench = Bench::start();
    submit(&bench, &form(&bench, &picture(&bench)));
    decide(&bench, json!({"state": "TO_BE_CONFIRMED"}));
    bench.post("/control/time", json!({"scale": 1_000_000.0}));
    std::thread::sleep(Duration::from_millis(1000));
    assert_eq!(
        state(&bench)["applyment_state"],
        "APPLYMENT_STATE_REJECTED",
        "ten days"
    );
    bench.post("/control/time", json!({"scale": 1.0}));
    submit(&bench, &form(&bench, &picture(&bench)));
    decide(&bench, json!({"state": "TO_BE_SIGNED"}));
    bench.post("/control/time", json!({"scale": 1_000_000.0}));
    std::thread::sleep(Duration::from_millis(2700));
    assert_eq!(
        state(&bench)["applyment_state"],
        "APPLYMENT_STATE_CANCELED",
        "thirty days"
    );
}

#[test]
fn a_form_that_breaks_a_rule_is_refused_by_the_name_of_its_field() {
    let bench = Bench::start();
    let good = form(&bench, &picture(&bench));
    let cases = [
        ("/business_code", json!("with-dash"), "business_code"),
        ("/contact_info/contact_type", json!("FRIEND"), "contact_type"),
        (
            "/contact_info/mobile_phone",
            json!(sealed(&bench, "12345")),
            "mobile_phone",
        ),
        ("/contact_info/contact_name", json!("张三丰"), "密文"),
        ("/contact_info/contact_email", json!(""), "空值"),
        (
            "/subject_info/subject_type",
            json!("SUBJECT_TYPE_MICRO"),
            "subject_type",
        ),
        (
            "/subject_info/business_license_info/license_copy",
            json!("unknown"),
            "图片内容无效",
        ),
        (
            "/subject_info/identity_info/id_card_info/id_card_number",
            json!(sealed(&bench, "110105194912310021")),
            "id_card_number",
        ),
        (
            "/business_info/sales_info/sales_scenes_type",
            json!(["SALES_SCENES_MP"]),
            "mp_info",
        ),
        (
            "/bank_account_info/account_name",
            json!(sealed(&bench, "李四")),
            "account_name",
        ),
        (
            "/subject_info/subject_type",
            json!("SUBJECT_TYPE_ENTERPRISE"),
            "id_card_address",
        ),
    ];
    for (pointer, value, words) in cases {
        let mut body = good.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        let answer = submit(&bench, &body);
        assert_eq!(
            (answer.status, answer.json()["code"].clone()),
            (400, json!("PARAM_ERROR")),
            "{pointer}"
        );
        assert!(answer.text().contains(words), "{pointer}: {}", answer.text());
    }
    let unnamed = call(&bench, "POST", APPLYMENT, &good.to_string()).unwrap();
    assert!(unnamed.text().contains("Wechatpay-Serial"), "{}", unnamed.text());
    let direct = bench.credentials.direct.clone();
    let denied = super::payment::call_as(&bench, &direct, "POST", APPLYMENT, &good.to_string());
    assert_eq!(denied.json()["code"], "NO_AUTH");
}

#[test]
fn a_bank_account_is_shown_masked_and_changed_after_an_audit_five_times_a_day() {
    let bench = Bench::start();
    submit(&bench, &form(&bench, &picture(&bench)));
    for next in ["TO_BE_SIGNED", "FINISHED"] {
        decide(&bench, json!({"state": next}));
    }
    let sub = state(&bench)["sub_mchid"].as_str().unwrap().to_owned();
    let base = format!("/v3/apply4sub/sub_merchants/{sub}");
    let shown = call(&bench, "GET", &format!("{base}/settlement"), "")
        .unwrap()
        .json();
    assert_eq!(
        (&shown["account_number"], shown.get("verify_result")),
        (&json!("62***************00"), None)
    );
    let change = json!({
        "account_type": "ACCOUNT_TYPE_PRIVATE", "account_bank": "招商银行", "account_number": sealed(&bench, "6214830100000000"),
    });
    let modify = || {
        call_with_serial(
            &bench,
            "POST",
            &format!("{base}/modify-settlement"),
            &change.to_string(),
        )
    };
    for round in 0..5 {
        let made = modify();
        let number = made.json()["application_no"]
            .as_str()
            .unwrap_or_else(|| panic!("{}", made.text()))
            .to_owned();
        assert_eq!(modify().json()["code"], "INVALID_REQUEST", "one at a time");
        let path = format!("{base}/application/{number}");
        let asked = || call(&bench, "GET", &path, "").unwrap().json();
        assert_eq!(
            (&asked()["verify_result"], &asked()["account_name"]),
            (&json!("AUDITING"), &json!("张**"))
        );
        let result = if round == 0 { "AUDIT_FAIL" } else { "AUDIT_SUCCESS" };
        bench.post(
            &format!("/control/settlements/{number}"),
            json!({"result": result, "reason": "户名不符"}),
        );
        assert_eq!(asked()["verify_result"], result);
        let bank = call(&bench, "GET", &format!("{base}/settlement"), "")
            .unwrap()
            .json()["account_bank"]
            .clone();
        assert_eq!(
            bank,
            if round == 0 {
                "工商银行"
            } else {
                "招商银行"
            }
        );
    }
    let sixth = modify();
    assert_eq!(
        (sixth.status, sixth.json()["code"].clone()),
        (429, json!("FREQUENCY_LIMITED"))
    );
}

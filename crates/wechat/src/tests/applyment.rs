//! Shops become sub-merchants: pictures, the form, its states, and the bank account.

use serde_json::{Value, json};

use super::support::*;
use crate::crypto::{SigningKey, sha256_hex};
use crate::pay::applyment::{
    AccountType, Applied, ApplymentState, AuditResult, BankAccount, BankAccountKind, Business, BusinessCode,
    Certificate, ContactKind, Form, IdCard, IdDocument, IdKind, Identity, Licence, ModifySettlement, Rules,
    Scene, StoreScene, Subject, SubjectKind, Super, VerifyResult,
};
use crate::pay::{MediaId, Picture, PictureError};
use crate::{Cause, Outcome, Secret};

fn media(name: &str) -> MediaId {
    MediaId(name.to_owned())
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn paper() -> IdCard {
    IdCard {
        copy: media("front"),
        copy_back: Some(media("back")),
        name: secret("张三"),
        number: secret("110105199001011234"),
        address: None,
        begin: "2019-06-06".into(),
        end: "长期".into(),
    }
}

fn form() -> Form {
    Form {
        business_code: BusinessCode::new("1900007291_10000001").unwrap(),
        contact: Super {
            kind: ContactKind::Legal,
            name: secret("张三"),
            phone: secret("13800138000"),
            email: None,
            openid: None,
        },
        subject: Subject {
            kind: SubjectKind::Individual,
            licence: Licence::Business {
                copy: media("licence"),
                number: "92110105MA01234567".into(),
                name: "朝阳区三和盲人按摩店".into(),
                legal_person: "张三".into(),
            },
            identity: Identity {
                document: IdDocument::Card(paper()),
                is_owner: None,
            },
            owners: Vec::new(),
        },
        business: Business {
            shortname: "三和按摩".into(),
            service_phone: "01012345678".into(),
            scenes: vec![Scene::Store(StoreScene {
                name: "三和盲人按摩".into(),
                address_code: "110105".into(),
                address: "建国路 1 号".into(),
                entrance: vec![media("door")],
                indoor: vec![media("room")],
                sub_appid: None,
            })],
        },
        rules: Rules {
            settlement_id: "719".into(),
            qualification_type: "居民生活服务".into(),
            qualifications: Vec::new(),
        },
        account: BankAccount {
            kind: BankAccountKind::Personal,
            name: secret("张三"),
            bank: "工商银行".into(),
            address_code: Some("110105".into()),
            branch_id: None,
            branch: Some(String::new()),
            number: secret("6222020200112233445"),
        },
        addition: None,
    }
}

/// Puts the plain text in place of each field that is encrypted.
fn opened(body: &mut Value, names: &[&str]) {
    match body {
        Value::Object(map) => {
            for (name, value) in map.iter_mut() {
                match value {
                    Value::String(text) if names.contains(&name.as_str()) => {
                        *text = format!("🔒{}", unseal(text))
                    }
                    other => opened(other, names),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| opened(value, names)),
        _ => {}
    }
}

const SEALED: &[&str] = &[
    "contact_name",
    "mobile_phone",
    "contact_email",
    "contact_id_number",
    "id_card_name",
    "id_card_number",
    "id_card_address",
    "id_doc_name",
    "id_doc_number",
    "account_name",
    "account_number",
];

#[test]
fn an_individual_applies_and_empty_fields_are_left_out() {
    let wire = Wire::new(|_, _| signed(200, br#"{"applyment_id":2000002124775691}"#));
    let pay = pay(partner(), &wire);
    let outcome = pay.apply(at(), NONCE, &form());
    assert_eq!(
        outcome,
        Outcome::Done(Applied {
            applyment_id: 2_000_002_124_775_691
        })
    );
    assert_eq!(wire.path(0), "/v3/applyment4sub/applyment/");
    assert_eq!(
        wire.seen.lock().unwrap()[0].headers()["wechatpay-serial"],
        PUB_KEY_ID,
        "names the key that encrypts"
    );
    let mut body = wire.body(0);
    opened(&mut body, SEALED);
    assert_eq!(
        body,
        json!({
            "business_code": "1900007291_10000001",
            "contact_info": {"contact_type": "LEGAL", "contact_name": "🔒张三", "mobile_phone": "🔒13800138000"},
            "subject_info": {
                "subject_type": "SUBJECT_TYPE_INDIVIDUAL",
                "business_license_info": {
                    "license_copy": "licence", "license_number": "92110105MA01234567",
                    "merchant_name": "朝阳区三和盲人按摩店", "legal_person": "张三"
                },
                "identity_info": {
                    "id_holder_type": "LEGAL", "id_doc_type": "IDENTIFICATION_TYPE_IDCARD",
                    "id_card_info": {
                        "id_card_copy": "front", "id_card_national": "back", "id_card_name": "🔒张三",
                        "id_card_number": "🔒110105199001011234", "card_period_begin": "2019-06-06",
                        "card_period_end": "长期"
                    }
                }
            },
            "business_info": {
                "merchant_shortname": "三和按摩", "service_phone": "01012345678",
                "sales_info": {
                    "sales_scenes_type": ["SALES_SCENES_STORE"],
                    "biz_store_info": {
                        "biz_store_name": "三和盲人按摩", "biz_address_code": "110105",
                        "biz_store_address": "建国路 1 号", "store_entrance_pic": ["door"], "indoor_pic": ["room"]
                    }
                }
            },
            "settlement_info": {"settlement_id": "719", "qualification_type": "居民生活服务"},
            "bank_account_info": {
                "bank_account_type": "BANK_ACCOUNT_TYPE_PERSONAL", "account_name": "🔒张三", "account_bank": "工商银行",
                "bank_address_code": "110105", "account_number": "🔒6222020200112233445"
            }
        })
    );
    let printed = format!("{:?}", form());
    for personal in ["13800138000", "110105199001011234", "6222020200112233445"] {
        assert!(!printed.contains(personal), "{personal}");
    }
}

#[test]
fn an_organisation_with_a_person_in_charge_applies() {
    let wire = Wire::new(|_, _| signed(200, br#"{"applyment_id":1}"#));
    let pay = pay(partner(), &wire);
    let mut form = form();
    form.contact.kind = ContactKind::InCharge {
        id_kind: IdKind::HongkongMacaoResident,
        id_number: secret("810000199001011234"),
        copy: media("front"),
        copy_back: None,
        begin: "2019-06-06".into(),
        end: "2029-06-06".into(),
        letter: media("letter"),
    };
    form.subject.kind = SubjectKind::Other;
    form.subject.licence = Licence::Registration(Certificate {
        copy: media("certificate"),
        kind: "CERTIFICATE_TYPE_2395".into(),
        number: "52110105".into(),
        name: "朝阳区盲人按摩服务中心".into(),
        address: "建国路 1 号".into(),
        legal_person: "李四".into(),
        begin: "2019-06-06".into(),
        end: "长期".into(),
        letter: Some(media("sealed letter")),
    });
    form.subject.identity.document = IdDocument::Other {
        kind: IdKind::OverseaPassport,
        paper: paper(),
    };
    form.account.kind = BankAccountKind::Corporate;
    assert!(matches!(pay.apply(at(), NONCE, &form), Outcome::Done(_)));
    let mut body = wire.body(0);
    opened(&mut body, SEALED);
    assert_eq!(
        body["contact_info"],
        json!({
            "contact_type": "SUPER", "contact_name": "🔒张三", "mobile_phone": "🔒13800138000",
            "contact_id_doc_type": "IDENTIFICATION_TYPE_HONGKONG_MACAO_RESIDENT",
            "contact_id_number": "🔒810000199001011234", "contact_id_doc_copy": "front",
            "contact_period_begin": "2019-06-06", "contact_period_end": "2029-06-06",
            "business_authorization_letter": "letter"
        })
    );
    let subject = &body["subject_info"];
    assert_eq!(subject["certificate_info"]["cert_type"], "CERTIFICATE_TYPE_2395");
    assert_eq!(subject["certificate_letter_copy"], "sealed letter");
    assert_eq!(subject["identity_info"]["id_doc_info"]["id_doc_name"], "🔒张三");
    assert_eq!(subject.get("business_license_info"), None);
    assert!(!body.to_string().contains(r#":"""#), "{body}");
}

#[test]
fn forms_that_break_the_rules_are_refused() {
    let wire = Wire::new(|_, _| unreachable!("nothing is sent"));
    let mut company = form();
    company.subject.kind = SubjectKind::Enterprise;
    let mut nowhere = form();
    nowhere.business.scenes.clear();
    let provider = pay(partner(), &wire);
    for (form, why) in [(company, "a company's personal account"), (nowhere, "no scene")] {
        assert!(
            matches!(provider.apply(at(), NONCE, &form), Outcome::Refused(_)),
            "{why}"
        );
    }
    let alone = pay(direct(), &wire);
    assert!(matches!(alone.apply(at(), NONCE, &form()), Outcome::Refused(_)));
    for code in ["", "a-b", "盲", &"x".repeat(125)] {
        assert!(BusinessCode::new(code).is_err(), "{code}");
    }
}

#[test]
fn each_state_is_read_and_unknown_ones_kept() {
    for (text, state) in [
        ("EDITTING", ApplymentState::Editing),
        ("AUDITING", ApplymentState::Auditing),
        ("REJECTED", ApplymentState::Rejected),
        ("TO_BE_CONFIRMED", ApplymentState::ToBeConfirmed),
        ("TO_BE_SIGNED", ApplymentState::ToBeSigned),
        ("SIGNING", ApplymentState::Signing),
        ("FINISHED", ApplymentState::Finished),
        ("CANCELED", ApplymentState::Canceled),
        ("NEW", ApplymentState::Other("APPLYMENT_STATE_NEW".into())),
    ] {
        let answer = json!({
            "business_code": "1900007291_1", "applyment_id": 7, "sign_url": "https://pay.weixin.qq.com/public/apply4ec_sign/s",
            "applyment_state": format!("APPLYMENT_STATE_{text}"), "applyment_state_msg": "…",
            "audit_detail": [{"field": "id_card_copy", "field_name": "身份证人像面", "reject_reason": "不清楚"}]
        });
        let wire = Wire::new(move |_, _| signed(200, answer.to_string().as_bytes()));
        let pay = pay(partner(), &wire);
        let code = BusinessCode::new("1900007291_1").unwrap();
        let Outcome::Done(found) = pay.query_applyment(at(), NONCE, &code) else {
            panic!("{text}")
        };
        assert_eq!(
            found.applyment_state.is_final(),
            matches!(text, "FINISHED" | "CANCELED"),
            "{text}"
        );
        assert_eq!((&found.applyment_state, &found.sub_mchid), (&state, &None));
        assert_eq!(found.audit_detail[0].reject_reason, "不清楚");
        assert_eq!(
            wire.path(0),
            "/v3/applyment4sub/applyment/business_code/1900007291_1"
        );
        let by_id = |applyment_id| pay.query_applyment_by_id(at(), NONCE, Applied { applyment_id });
        assert!(matches!(by_id(7), Outcome::Done(_)));
        assert_eq!(wire.path(1), "/v3/applyment4sub/applyment/applyment_id/7");
        assert_eq!(by_id(8), Outcome::Unknown(Cause::Mismatch("application")));
    }
}

#[test]
fn the_bank_account_is_changed_and_asked_for() {
    let wire = Wire::new(|n, _| {
        let answer = match n {
            0 => json!({"application_no": "102329389XXXX"}),
            1 => json!({
                "account_type": "ACCOUNT_TYPE_PRIVATE", "account_bank": "工商银行", "account_number": "62*************78",
                "verify_result": "VERIFY_FAIL", "verify_fail_reason": "户名有误"
            }),
            _ => json!({
                "account_type": "ACCOUNT_TYPE_BUSINESS", "account_bank": "工商银行", "account_number": "62*************78",
                "account_name": "张*", "verify_result": "AUDITING"
            }),
        };
        signed(200, answer.to_string().as_bytes())
    });
    let pay = pay(partner(), &wire);
    let payee = pay.sub_merchant("1900000109", None).unwrap();
    let wish = ModifySettlement {
        kind: AccountType::Private,
        name: Some(secret("张三")),
        bank: "工商银行".into(),
        address_code: "110105".into(),
        branch: None,
        branch_id: None,
        number: secret("6222020200112233445"),
    };
    assert_eq!(
        payee.modify_settlement(at(), NONCE, &wish),
        Outcome::Done("102329389XXXX".into())
    );
    assert_eq!(
        wire.path(0),
        "/v3/apply4sub/sub_merchants/1900000109/modify-settlement"
    );
    let mut body = wire.body(0);
    opened(&mut body, SEALED);
    assert_eq!(
        body,
        json!({
            "modify_mode": "MODIFY_MODE_ASYNC", "account_type": "ACCOUNT_TYPE_PRIVATE", "account_name": "🔒张三",
            "account_bank": "工商银行", "bank_address_code": "110105", "account_number": "🔒6222020200112233445"
        })
    );
    let Outcome::Done(account) = payee.settlement(at(), NONCE) else {
        panic!()
    };
    assert_eq!(account.verify_result, Some(VerifyResult::Fail));
    assert_eq!(wire.path(1), "/v3/apply4sub/sub_merchants/1900000109/settlement");
    let Outcome::Done(change) = payee.settlement_change(at(), NONCE, "102329389XXXX") else {
        panic!()
    };
    assert_eq!(change.verify_result, AuditResult::Auditing);
    assert_eq!(
        wire.path(2),
        "/v3/apply4sub/sub_merchants/1900000109/application/102329389XXXX"
    );
}

/// Of an upload only the description is signed (doc 4012760432).
#[test]
fn a_picture_is_uploaded_and_only_its_description_signed() {
    let wire = Wire::new(|_, _| {
        signed(
            200,
            br#"{"media_id":"jTpGmxUX3FBWVQ5NJTZvlKX_gdU4cRz7z5NxpnFuAxhBTEO1D8daLC"}"#,
        )
    });
    let pay = pay(partner(), &wire);
    let bytes = b"\xFF\xD8\xFF\r\n--wechat\x00".as_slice();
    let Outcome::Done(id) = pay.upload_picture(at(), NONCE, Picture::new("door.JPG", bytes).unwrap()) else {
        panic!()
    };
    assert!(id.0.starts_with("jTpGmxUX"));
    let seen = wire.seen.lock().unwrap();
    let (request, body) = (&seen[0], seen[0].body());
    assert_eq!(request.uri().path(), "/v3/merchant/media/upload");
    let kind = request.headers()["content-type"].to_str().unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    let meta = format!(r#"{{"filename":"door.JPG","sha256":"{}"}}"#, sha256_hex(bytes));
    let expected = [
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{meta}\r\n")
            .as_bytes(),
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"door.JPG\"\r\n").as_bytes(),
        b"Content-Type: image/jpeg\r\n\r\n",
        bytes,
        format!("\r\n--{boundary}--\r\n").as_bytes(),
    ]
    .concat();
    assert_eq!(body, &expected);
    let signed = format!("POST\n/v3/merchant/media/upload\n{NOW_S}\n{NONCE}\n{meta}\n");
    let signature = SigningKey::from_pem(MERCHANT_PRIVATE)
        .unwrap()
        .sign(signed.as_bytes());
    assert!(
        request.headers()["authorization"]
            .to_str()
            .unwrap()
            .contains(&signature)
    );
}

#[test]
fn pictures_keep_the_rules() {
    let most = vec![0; 2 * 1024 * 1024];
    let over = vec![0; most.len() + 1];
    for (name, bytes, expected) in [
        ("a.png", most.as_slice(), None),
        ("a.png", over.as_slice(), Some(PictureError::Size)),
        ("a.bmp", &[], Some(PictureError::Size)),
        ("a.gif", &[1], Some(PictureError::Name)),
        ("png", &[1], Some(PictureError::Name)),
        ("a\"\r\nb.png", &[1], Some(PictureError::Name)),
        ("身份证.jpg", &[1], Some(PictureError::Name)),
    ] {
        assert_eq!(Picture::new(name, bytes).err(), expected, "{name}");
    }
}

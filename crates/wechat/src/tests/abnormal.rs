//! Refunds that need more than the usual: two accounts, goods, and banks that cannot take the money.

use serde_json::json;

use super::support::*;
use crate::pay::{
    AbnormalReceiver, AbnormalRefund, FundsAccount, OutRefundNo, OutTradeNo, Pay, PlatformKeys,
    RefundDetails, RefundGoods, RefundOrder, RefundSource,
};
use crate::{Cause, Endpoints, Outcome, Secret};

fn answer(number: &str) -> Vec<u8> {
    json!({
        "refund_id": "500001", "out_refund_no": number, "transaction_id": "42", "out_trade_no": "TN0001",
        "status": "PROCESSING", "funds_account": "AVAILABLE", "amount": {"total": 12800, "refund": 6400}
    })
    .to_string()
    .into_bytes()
}

fn order() -> RefundOrder {
    RefundOrder {
        out_refund_no: OutRefundNo::new("RF1").unwrap(),
        out_trade_no: OutTradeNo::new("TN0001").unwrap(),
        refund_fen: 6_400,
        total_fen: 12_800,
        reason: None,
        notify_url: None,
    }
}

fn parts(fen: &[i64]) -> RefundDetails {
    let accounts = [FundsAccount::Available, FundsAccount::Unsettled];
    let from = accounts.into_iter().zip(fen);
    RefundDetails {
        from: from
            .map(|(account, fen)| RefundSource { account, fen: *fen })
            .collect(),
        ..RefundDetails::default()
    }
}

#[test]
fn a_refund_can_name_its_account_and_goods() {
    let wire = Wire::new(|_, _| signed(200, &answer("RF1")));
    let pay = pay(direct(), &wire);
    let details = RefundDetails {
        funds_account: Some(FundsAccount::Available),
        goods: vec![RefundGoods {
            merchant_goods_id: "oil-1".into(),
            goods_name: Some("精油".into()),
            unit_price_fen: 6_400,
            refund_fen: 6_400,
            quantity: 1,
        }],
        ..parts(&[6_000, 400])
    };
    let Outcome::Done(refund) = pay.own().unwrap().refund_with(at(), NONCE, &order(), &details) else {
        panic!()
    };
    assert_eq!(refund.funds_account.as_deref(), Some("AVAILABLE"));
    assert_eq!(
        wire.body(0),
        json!({
            "out_trade_no": "TN0001", "out_refund_no": "RF1", "funds_account": "AVAILABLE",
            "amount": {
                "refund": 6400, "total": 12800, "currency": "CNY",
                "from": [{"account": "AVAILABLE", "amount": 6000}, {"account": "UNSETTLED", "amount": 400}]
            },
            "goods_detail": [{
                "merchant_goods_id": "oil-1", "goods_name": "精油", "unit_price": 6400, "refund_amount": 6400,
                "refund_quantity": 1
            }]
        })
    );
}

#[test]
fn parts_that_do_not_make_up_the_refund_are_refused() {
    let wire = Wire::new(|_, _| unreachable!("nothing is sent"));
    let pay = pay(direct(), &wire);
    for broken in [parts(&[6_000]), parts(&[6_401, -1]), parts(&[i64::MAX, i64::MAX])] {
        let outcome = pay.own().unwrap().refund_with(at(), NONCE, &order(), &broken);
        assert!(matches!(outcome, Outcome::Refused(_)), "{broken:?}");
    }
}

fn wish(to: AbnormalReceiver) -> AbnormalRefund {
    AbnormalRefund {
        refund_id: "500001".into(),
        out_refund_no: OutRefundNo::new("RF1").unwrap(),
        to,
    }
}

fn card() -> AbnormalReceiver {
    AbnormalReceiver::UserCard {
        bank_type: "ICBC_DEBIT".into(),
        account: Secret::new("6222020200112233445".into()),
        name: Secret::new("张三".into()),
    }
}

#[test]
fn an_abnormal_refund_goes_to_a_card_whose_number_nobody_reads() {
    let wire = Wire::new(|_, _| signed(200, &answer("RF1")));
    let pay = pay(partner(), &wire);
    let payee = pay.sub_merchant("1900000109", None).unwrap();
    assert!(matches!(
        payee.apply_abnormal_refund(at(), NONCE, &wish(card())),
        Outcome::Done(_)
    ));
    assert_eq!(
        wire.path(0),
        "/v3/refund/domestic/refunds/500001/apply-abnormal-refund"
    );
    let body = wire.body(0);
    assert_eq!(
        (&body["type"], &body["bank_type"], &body["sub_mchid"]),
        (
            &json!("USER_BANK_CARD"),
            &json!("ICBC_DEBIT"),
            &json!("1900000109")
        )
    );
    let field = |name: &str| unseal(body[name].as_str().unwrap());
    assert_eq!(
        (field("bank_account").as_str(), field("real_name").as_str()),
        ("6222020200112233445", "张三")
    );
    let seen = wire.seen.lock().unwrap();
    assert_eq!(seen[0].headers()["wechatpay-serial"], PUB_KEY_ID, "names the key");
    let printed = format!("{:?}", wish(card()));
    assert!(
        !printed.contains("张三") && !printed.contains("6222"),
        "{printed}"
    );
}

#[test]
fn an_abnormal_refund_can_go_to_the_merchant() {
    let wire = Wire::new(|n, _| signed(200, &answer(["RF1", "RF2"][n])));
    let pay = pay(direct(), &wire);
    let payee = pay.own().unwrap();
    let wish = wish(AbnormalReceiver::MerchantAccount);
    assert!(matches!(
        payee.apply_abnormal_refund(at(), NONCE, &wish),
        Outcome::Done(_)
    ));
    assert_eq!(
        wire.body(0),
        json!({"out_refund_no": "RF1", "type": "MERCHANT_BANK_CARD"})
    );
    assert_eq!(
        payee.apply_abnormal_refund(at(), NONCE, &wish),
        Outcome::Unknown(Cause::Mismatch("refund"))
    );
}

/// With certificates alone, the newest that is valid encrypts; without any key nothing is sent.
#[test]
fn the_newest_valid_certificate_encrypts() {
    let with = |keys: PlatformKeys| {
        let wire = Wire::new(|_, _| pay_error(400, "PARAM_ERROR"));
        let pay = Pay::new(merchant(direct()), keys, &Endpoints::default(), wire.clone());
        let outcome = pay
            .own()
            .unwrap()
            .apply_abnormal_refund(at(), NONCE, &wish(card()));
        assert!(matches!(outcome, Outcome::Refused(_)));
        let seen = wire.seen.lock().unwrap();
        seen.first()
            .map(|request| request.headers()["wechatpay-serial"].to_str().unwrap().to_owned())
    };
    let certificate = |keys: PlatformKeys, pem| keys.with_certificate(pem).unwrap();
    let ended = certificate(PlatformKeys::new(), ENDED);
    assert_eq!(with(ended.clone()), None);
    assert_eq!(
        with(certificate(ended, CERTIFICATE)),
        None,
        "one ended, one has not begun"
    );
    assert_eq!(
        with(certificate(certificate(PlatformKeys::new(), ENDED), RENEWED)).as_deref(),
        Some(RENEWED_SERIAL)
    );
}

#[test]
fn fields_that_cannot_be_encrypted_are_refused() {
    let wire = Wire::new(|_, _| unreachable!("nothing is sent"));
    let pay = pay(direct(), &wire);
    for account in [String::new(), "9".repeat(215)] {
        let to = AbnormalReceiver::UserCard {
            bank_type: "ICBC_DEBIT".into(),
            account: Secret::new(account),
            name: Secret::new("张三".into()),
        };
        let outcome = pay.own().unwrap().apply_abnormal_refund(at(), NONCE, &wish(to));
        assert!(matches!(outcome, Outcome::Refused(_)));
    }
}

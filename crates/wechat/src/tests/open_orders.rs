//! Orders paid by scanning and in browsers.

use serde_json::json;

use super::support::*;
use crate::Outcome;
use crate::pay::{CodeUrl, H5Kind, H5Scene, H5Url, OpenOrder, OutTradeNo};

fn order() -> OpenOrder {
    OpenOrder {
        out_trade_no: OutTradeNo::new("TN20261122000001").unwrap(),
        description: "全身推拿".into(),
        total_fen: 12_800,
        notify_url: "https://a.example/wechat/pay".into(),
        time_expire_s: Some(NOW_S + 900),
        attach: None,
        profit_sharing: true,
    }
}

#[test]
fn native_gives_a_code() {
    let wire = Wire::new(|_, _| signed(200, br#"{"code_url":"weixin://wxpay/bizpayurl?pr=1"}"#));
    let pay = pay(partner(), &wire);
    let payee = pay.sub_merchant("1900000109", Some("wxsub")).unwrap();
    assert_eq!(
        payee.prepay_native(at(), NONCE, &order()),
        Outcome::Done(CodeUrl {
            code_url: "weixin://wxpay/bizpayurl?pr=1".into()
        })
    );
    assert_eq!(wire.path(0), "/v3/pay/partner/transactions/native");
    assert_eq!(
        wire.body(0),
        json!({
            "sp_appid": "wx2421b1c4370ec43b", "sp_mchid": "1900007291", "sub_mchid": "1900000109", "sub_appid": "wxsub",
            "description": "全身推拿", "out_trade_no": "TN20261122000001", "time_expire": "2026-09-21T22:28:20+08:00",
            "notify_url": "https://a.example/wechat/pay", "amount": {"total": 12800, "currency": "CNY"},
            "settle_info": {"profit_sharing": true}
        })
    );
}

#[test]
fn h5_says_where_the_person_is() {
    let wire = Wire::new(|_, _| signed(200, br#"{"h5_url":"https://wx.tenpay.com/x"}"#));
    let pay = pay(direct(), &wire);
    for (at_number, (kind, text, address)) in [
        (H5Kind::Wap, "Wap", "203.0.113.7"),
        (H5Kind::Ios, "iOS", "2001:db8::1"),
        (H5Kind::Android, "Android", "203.0.113.8"),
    ]
    .into_iter()
    .enumerate()
    {
        let scene = H5Scene {
            payer_client_ip: address.parse().unwrap(),
            kind,
        };
        assert_eq!(
            pay.own().unwrap().prepay_h5(at(), NONCE, &order(), &scene),
            Outcome::Done(H5Url {
                h5_url: "https://wx.tenpay.com/x".into()
            })
        );
        assert_eq!(wire.path(at_number), "/v3/pay/transactions/h5");
        assert_eq!(
            wire.body(at_number)["scene_info"],
            json!({"payer_client_ip": address, "h5_info": {"type": text}})
        );
    }
}

#[test]
fn the_same_rules_hold_for_every_kind() {
    let wire = Wire::new(|_, _| signed(200, br#"{"code_url":"weixin://1","h5_url":"https://1"}"#));
    let pay = pay(direct(), &wire);
    let payee = pay.own().unwrap();
    let scene = H5Scene {
        payer_client_ip: [203, 0, 113, 7].into(),
        kind: H5Kind::Wap,
    };
    let good = |order: &OpenOrder| {
        let native = matches!(payee.prepay_native(at(), NONCE, order), Outcome::Done(_));
        let h5 = matches!(payee.prepay_h5(at(), NONCE, order, &scene), Outcome::Done(_));
        assert_eq!(native, h5, "{order:?}");
        native
    };
    let changes: [(fn(&mut OpenOrder), bool); 15] = [
        (|o| o.description = "x".repeat(127), true),
        (|o| o.description = "x".repeat(128), false),
        (|o| o.description = " ".into(), false),
        (|o| o.total_fen = 1, true),
        (|o| o.total_fen = 0, false),
        (|o| o.attach = Some("x".repeat(128)), true),
        (|o| o.attach = Some("x".repeat(129)), false),
        (|o| o.attach = Some(String::new()), false),
        (|o| o.notify_url = format!("https://a/{}", "x".repeat(245)), true),
        (|o| o.notify_url = format!("https://a/{}", "x".repeat(246)), false),
        (|o| o.notify_url = "https://a/?b".into(), false),
        (|o| o.time_expire_s = None, true),
        (|o| o.time_expire_s = Some(NOW_S + 90 * 86_400), true),
        (|o| o.time_expire_s = Some(NOW_S + 90 * 86_400 + 1), false),
        (|o| o.time_expire_s = Some(i64::MIN), false),
    ];
    for (change, expected) in changes {
        let mut order = order();
        change(&mut order);
        assert_eq!(good(&order), expected, "{order:?}");
    }
}

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
    type Change = fn(&mut OpenOrder);
    const LONGEST: i64 = NOW_S + 90 * 86_400;
    let fine: [Change; 6] = [
        |order| order.description = "x".repeat(127),
        |order| order.total_fen = 1,
        |order| order.attach = Some("x".repeat(128)),
        |order| order.notify_url = format!("https://a/{}", "x".repeat(245)),
        |order| order.time_expire_s = None,
        |order| order.time_expire_s = Some(LONGEST),
    ];
    let wrong: [Change; 9] = [
        |order| order.description = "x".repeat(128),
        |order| order.description = " ".into(),
        |order| order.total_fen = 0,
        |order| order.attach = Some("x".repeat(129)),
        |order| order.attach = Some(String::new()),
        |order| order.notify_url = format!("https://a/{}", "x".repeat(246)),
        |order| order.notify_url = "https://a/?b".into(),
        |order| order.time_expire_s = Some(LONGEST + 1),
        |order| order.time_expire_s = Some(i64::MIN),
    ];
    let all = fine.map(|change| (change, true)).into_iter();
    for (change, expected) in all.chain(wrong.map(|change| (change, false))) {
        let mut order = order();
        change(&mut order);
        assert_eq!(good(&order), expected, "{order:?}");
    }
}

//! Bills: asked for, downloaded, checked against their hash, read to the fen.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use http::Response;
use proptest::prelude::*;
use serde_json::json;

use super::support::*;
use crate::crypto::sha1_hex;
use crate::pay::bill::{
    AccountKind, BillDay, BillError, BillFile, BillLink, Covered, Direction, Fault, Records, TradeBillKind,
    decompress, read_fund_bill, read_trade_bill,
};
use crate::pay::{Class, Code};
use crate::{Cause, Outcome, Verified};

pub(super) const ALL: &str = "\u{FEFF}交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n\
`2026-11-22 16:34:56,`wx2421b1c4370ec43b,`1900007291,`1900000109,`,`4200001,`TN1,`oPerson,`JSAPI,`SUCCESS,`OTHERS,`CNY,`128.00,`0.00,`0,`0,`0.00,`0.00,`,`,`推拿,60 分钟,`,`0.76800,`0.60%,`128.00,`0.00,`\r\n\
`2026-11-22 18:00:00,`wx2421b1c4370ec43b,`1900007291,`1900000109,`,`4200001,`TN1,`oPerson,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`500001,`RF1,`64.00,`0.00,`ORIGINAL,`PROCESSING,`推拿,60 分钟,`,`-0.38400,`0.60%,`0.00,`64.00,`\r\n\
总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n\
`2,`128.00,`64.00,`0.00,`0.38400,`128.00,`64.00\r\n";

/// pay.weixin.qq.com, bill-download/structure/fund-bill.html.
const FUND: &str = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\n\
`2018-02-01 04:21:23,`50000305742018020103387128253,`1900009231201802015884652186,`退款,`退款,`支出,`0.02,`0.17,`system,`缺货,`REF4200000068201801293084726067\n\
资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n\
`20.0,`17.0,`0.35,`3.0,`0.18\n";

pub(super) fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Asks for a bill and downloads it from a WeChat that says this hash and sends these bytes, unsigned.
pub(super) fn download(hash: &str, file: Vec<u8>, most: u64) -> Outcome<BillFile> {
    let link = json!({
        "hash_type": "SHA1", "hash_value": hash,
        "download_url": "https://api.mch.weixin.qq.com/v3/billdownload/file?token=T%2B0"
    });
    let wire = Wire::new(move |n, _| match n {
        0 => signed(200, link.to_string().as_bytes()),
        _ => Ok(Response::new(file.clone())),
    });
    let pay = pay(partner(), &wire);
    let outcome = match pay.trade_bill(at(), NONCE, (day(), TradeBillKind::All), Some("1900000109")) {
        Outcome::Done(link) => pay.download_bill(at(), NONCE, &link, most),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        wire.path(0),
        "/v3/bill/tradebill?bill_date=2026-11-22&bill_type=ALL&tar_type=GZIP&sub_mchid=1900000109"
    );
    assert_eq!(wire.path(1), "/v3/billdownload/file?token=T%2B0");
    let seen = wire.seen.lock().unwrap();
    assert!(
        seen[1].headers()["authorization"]
            .to_str()
            .unwrap()
            .contains("signature=\""),
        "the download is signed"
    );
    outcome
}

fn day() -> BillDay {
    BillDay::new(2026, 11, 22).unwrap()
}

#[test]
fn the_hash_may_cover_the_text_or_the_file() {
    let (text, packed) = (ALL.as_bytes(), gzip(ALL.as_bytes()));
    for (hashed, file, covered) in [
        (text, packed.clone(), Covered::Text),
        (&packed, packed.clone(), Covered::Compressed),
        (text, text.to_vec(), Covered::Text),
    ] {
        let Outcome::Done(bill) = download(&sha1_hex(hashed).to_uppercase(), file, 1 << 20) else {
            panic!()
        };
        assert_eq!((bill.text.as_slice(), bill.covered), (text, covered));
    }
}

#[test]
fn a_changed_or_cut_bill_is_not_taken() {
    let packed = gzip(ALL.as_bytes());
    let hash = sha1_hex(ALL.as_bytes());
    let changed = gzip(ALL.replace("128.00", "129.00").as_bytes());
    for file in [changed, packed[..packed.len() - 9].to_vec(), Vec::new()] {
        let outcome = download(&hash, file, 1 << 20);
        assert!(
            matches!(outcome, Outcome::Unknown(Cause::Unreadable { status: 200, .. })),
            "{outcome:?}"
        );
    }
}

#[test]
fn a_bomb_is_stopped_while_it_unpacks() {
    let bomb = gzip(&vec![b'0'; 50_000_000]);
    assert!(bomb.len() < 100_000);
    assert!(decompress(bomb, 1_000_000).is_none());
    let text = b"12345".to_vec();
    for (most, good) in [(5, true), (4, false)] {
        assert_eq!(decompress(gzip(&text), most).is_some(), good, "{most}");
        assert_eq!(decompress(text.clone(), most).is_some(), good, "plain, {most}");
    }
    assert_eq!(
        decompress([gzip(b"12"), gzip(b"345")].concat(), 5).unwrap(),
        text,
        "gzip in two members"
    );
}

#[test]
fn a_link_to_elsewhere_is_not_followed() {
    for (address, path) in [
        (
            "https://evil.example/v3/billdownload/file?token=1",
            Some("/v3/billdownload/file?token=1"),
        ),
        ("https://evil.example/", None),
        ("nonsense", None),
    ] {
        let link = json!({"hash_type": "SHA1", "hash_value": "0", "download_url": address});
        let wire = Wire::new(move |n, _| match n {
            0 => signed(200, link.to_string().as_bytes()),
            _ => Ok(Response::new(Vec::new())),
        });
        let pay = pay(direct(), &wire);
        let Outcome::Done(link) = pay.fund_bill(at(), NONCE, (day(), AccountKind::Basic)) else {
            panic!()
        };
        assert!(!format!("{link:?}").contains("token"), "a token shows in Debug");
        assert!(matches!(
            pay.download_bill(at(), NONCE, &link, 9),
            Outcome::Unknown(_)
        ));
        let seen = wire.seen.lock().unwrap();
        assert_eq!(seen.len(), 1 + usize::from(path.is_some()), "{address}");
        for request in seen.iter() {
            assert_eq!(request.uri().host(), Some("api.mch.weixin.qq.com"), "{address}");
        }
    }
}

#[test]
fn each_kind_of_bill_has_its_address() {
    let link = json!({"hash_type": "SHA1", "hash_value": "0", "download_url": "https://a/v3/x"});
    let wire = Wire::new(move |_, _| signed(200, link.to_string().as_bytes()));
    let pay = pay(partner(), &wire);
    let last = || {
        let number = wire.seen.lock().unwrap().len() - 1;
        wire.path(number)
    };
    let done = |outcome: Outcome<Verified<BillLink>>| assert!(matches!(outcome, Outcome::Done(_)));
    for (kind, text) in [
        (TradeBillKind::Success, "SUCCESS"),
        (TradeBillKind::Refund, "REFUND"),
    ] {
        done(pay.trade_bill(at(), NONCE, (day(), kind), None));
        assert_eq!(
            last(),
            format!("/v3/bill/tradebill?bill_date=2026-11-22&bill_type={text}&tar_type=GZIP")
        );
    }
    for (account, text) in [
        (AccountKind::Basic, "BASIC"),
        (AccountKind::Operation, "OPERATION"),
        (AccountKind::Fees, "FEES"),
    ] {
        done(pay.fund_bill(at(), NONCE, (day(), account)));
        assert_eq!(
            last(),
            format!("/v3/bill/fundflowbill?bill_date=2026-11-22&account_type={text}&tar_type=GZIP")
        );
    }
    done(pay.sharing_bill(at(), NONCE, day(), Some("1900000109")));
    assert!(
        wire.path(5)
            .starts_with("/v3/profitsharing/bills?bill_date=2026-11-22")
    );
    let foreign = pay.trade_bill(at(), NONCE, (day(), TradeBillKind::All), Some("1&a=b"));
    assert!(matches!(foreign, Outcome::Refused(_)));
    assert_eq!(BillDay::new(2026, 2, 29), None);
}

#[test]
fn a_missing_bill_is_told_from_one_that_is_made() {
    for (code, named, class) in [
        ("NO_STATEMENT_EXIST", Code::NoStatementExist, Class::Refuse),
        ("STATEMENT_CREATING", Code::StatementCreating, Class::Retry),
    ] {
        let wire = Wire::new(move |_, _| pay_error(400, code));
        let pay = pay(direct(), &wire);
        let Outcome::Refused(error) = pay.fund_bill(at(), NONCE, (day(), AccountKind::Basic)) else {
            panic!()
        };
        assert_eq!((error.code.clone(), error.class()), (named, class));
    }
}

#[test]
fn a_trade_bill() {
    let bill = read_trade_bill(ALL.as_bytes()).unwrap();
    let [payment, refund] = bill.records.as_slice() else {
        panic!()
    };
    assert_eq!((payment.settled_fen, payment.order_fen), (12_800, Some(12_800)));
    assert_eq!(payment.fee_millifen, 76_800, "76.8 fen");
    assert_eq!(payment.at_ms, 1_795_336_496_000);
    assert_eq!(
        (payment.sub_mchid.as_deref(), &payment.refund),
        (Some("1900000109"), &None)
    );
    assert_eq!(payment.goods, "推拿,60 分钟", "a comma in a name is no border");
    let part = refund.refund.as_ref().unwrap();
    assert_eq!(
        (part.refund_fen, part.applied_fen, part.out_refund_no.as_str()),
        (6_400, Some(6_400), "RF1")
    );
    assert_eq!(refund.fee_millifen, -38_400, "the fee comes back");
    assert_eq!((bill.totals.count, bill.totals.settled_fen), (2, 12_800));
    assert_eq!(
        bill.totals.fee_millifen,
        payment.fee_millifen + refund.fee_millifen
    );
    assert_eq!(bill.totals.refund_fen, Some(6_400));
}

/// From the page of the cloud-hosted programs (developers.weixin.qq.com, wxcloudrun/…/pay/order/bill.html).
#[test]
fn a_published_record() {
    let titles = ALL.lines().next().unwrap();
    let text = format!(
        "{titles}\n`2022-03-21 13:51:31,`wxfdc955f7104ad557,`180023671,`176531292,`,`420000612032130748613220688,`2021WERUN1647840687637,`oZWaCKXip5njeEiloC4oeOV1TTsk,`JSAPI,`SUCCESS,`OTHERS,`CNY,`0.01,`0.00,`0,`0,`0.00,`0.00,`,`,`微信云托管支付测试,`,`0.00000,`0.90%,`0.01,`0.00,`\n总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\n`12,`0.06,`0.06,`0.00,`0.00000,`0.06,`0.06\n"
    );
    let bill = read_trade_bill(text.as_bytes()).unwrap();
    assert_eq!(
        (
            bill.records[0].settled_fen,
            bill.totals.count,
            bill.totals.order_fen
        ),
        (1, 12, Some(6))
    );
}

/// Bills of kind SUCCESS and REFUND, titles of old bills, and titles that nobody knows yet.
#[test]
fn other_kinds_old_titles_and_new_columns() {
    let success = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注\n\
        `2026-11-22 16:34:56,`wx1,`19,`0,`d1,`42,`TN1,`o1,`NATIVE,`SUCCESS,`OTHERS,`CNY,`0.10,`0.00,`a,`b7,`0.00060,`0.60%,`0.10,`note\n\
        总交易单数,应结订单总金额,手续费总金额,订单总金额\n`1,`0.10,`0.00060,`0.10\n";
    let bill = read_trade_bill(success.as_bytes()).unwrap();
    let record = &bill.records[0];
    assert_eq!(
        (record.fee_millifen, &record.sub_mchid, record.attach.as_str()),
        (60, &None, "b7")
    );
    assert_eq!(
        (
            record.device.as_deref(),
            record.rate_note.as_deref(),
            bill.totals.refund_fen
        ),
        (Some("d1"), Some("note"), None)
    );

    let refund = ALL
        .replace("微信退款单号,", "退款申请时间,退款成功时间,微信退款单号,")
        .replace("`500001", "`2026-11-22 17:59:00,`2026-11-22 18:00:09,`500001")
        .replace("`0,`0,`0.00,`0.00,`,`,", "`,`,`0,`0,`0.00,`0.00,`,`,");
    let bill = read_trade_bill(refund.as_bytes()).unwrap();
    let part = bill.records[1].refund.as_ref().unwrap();
    assert_eq!(
        (part.applied_at_ms, part.succeeded_at_ms),
        (Some(1_795_341_540_000), Some(1_795_341_609_000))
    );

    let old = success
        .replace("应结订单总金额", "总交易额")
        .replace("应结订单金额", "总金额")
        .replace("代金券金额", "企业红包金额")
        .replace("特约商户号", "子商户号");
    assert_eq!(
        read_trade_bill(old.as_bytes()).unwrap().records[0].settled_fen,
        10
    );

    let new = success
        .replace("费率备注\n", "费率备注,心情\n")
        .replace("`note\n", "`note,`好\n");
    assert_eq!(
        read_trade_bill(new.as_bytes()).unwrap().records[0].other,
        [("心情".to_owned(), "好".to_owned())]
    );
}

#[test]
fn a_fund_bill() {
    let bill = read_fund_bill(FUND.as_bytes()).unwrap();
    let [record] = bill.records.as_slice() else {
        panic!()
    };
    assert_eq!(
        (&record.direction, record.amount_fen, record.balance_fen),
        (&Direction::Out, 2, 17)
    );
    assert_eq!(
        (record.note.as_deref(), record.applicant.as_deref()),
        (Some("缺货"), Some("system"))
    );
    assert_eq!(record.at_ms, 1_517_430_083_000);
    let totals = &bill.totals;
    assert_eq!((totals.count, totals.in_count, totals.in_fen), (20, 17, 35));
    assert_eq!((totals.out_count, totals.out_fen), (3, 18));
}

#[test]
fn broken_bills_name_the_line_and_the_fault() {
    let change = |from: &str, to: &str| read_trade_bill(ALL.replacen(from, to, 1).as_bytes()).unwrap_err();
    let fault = |line, fault| BillError { line, fault };
    for (from, to, expected) in [
        ("`128.00,", "`128.005,", fault(2, Fault::Amount)),
        ("`128.00,", "`1e3,", fault(2, Fault::Amount)),
        ("`128.00,", "`,", fault(2, Fault::Amount)),
        ("`128.00,", "`99999999999999999999,", fault(2, Fault::Amount)),
        ("16:34:56", "16:64:56", fault(2, Fault::Time)),
        (
            ",`JSAPI",
            "",
            fault(
                2,
                Fault::Fields {
                    titles: 27,
                    found: 26,
                },
            ),
        ),
        ("手续费,费率", "手续费用,费率", fault(2, Fault::Column("手续费"))),
        ("`2,`128", "`2.5,`128", fault(5, Fault::Number)),
        (
            "\r\n`2,`128.00",
            "\r\n总\r\n`2,`128.00",
            fault(5, Fault::ThirdTable),
        ),
    ] {
        assert_eq!(change(from, to), expected, "{from} -> {to}");
    }
    let cut = ALL.split("总交易单数").next().unwrap();
    assert_eq!(read_trade_bill(cut.as_bytes()), Err(fault(0, Fault::NoTotals)));
    let twice = format!("{ALL}`2,`1,`1,`1,`1,`1,`1\n");
    assert_eq!(
        read_trade_bill(twice.as_bytes()),
        Err(fault(6, Fault::AfterTotals))
    );
    assert_eq!(read_trade_bill(b"`1,`2\n"), Err(fault(1, Fault::NoTitles)));
    assert_eq!(read_trade_bill(b"a\n\xFF\n"), Err(fault(2, Fault::Encoding)));
    let shown = change("`128.00,", "`12,800,").to_string();
    assert!(!shown.contains("12,800"), "{shown}");
}

#[test]
fn a_line_that_cannot_be_read_does_not_stop_the_rest() {
    let text = "a,b\n`1,`2\n`1\n\n`3,`4\n总\n`5\n";
    let read: Vec<_> = Records::new(text.as_bytes()).collect();
    assert_eq!(
        read.iter().map(Result::is_ok).collect::<Vec<_>>(),
        [true, false, true, true]
    );
    let third = read[2].as_ref().unwrap();
    assert_eq!(
        (third.line, third.get(&["b"]), third.get(&["c"])),
        (5, Some("4"), None)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = (read_trade_bill(&bytes), read_fund_bill(&bytes), decompress(bytes.clone(), 1000));
        prop_assert!(Records::new(&bytes).count() <= bytes.len());
    }

    #[test]
    fn no_mutation_makes_the_reader_panic(
        at in any::<prop::sample::Index>(), bytes in prop::collection::vec(any::<u8>(), 0..8), fund in any::<bool>()
    ) {
        let mut text = if fund { FUND } else { ALL }.as_bytes().to_vec();
        let from = at.index(text.len());
        let to = (from + bytes.len()).min(text.len());
        text.splice(from..to, bytes);
        let _ = (read_trade_bill(&text), read_fund_bill(&text));
    }

    #[test]
    fn every_amount_survives(fen in -999_999_999_999_i64..999_999_999_999) {
        let sign = if fen < 0 { "-" } else { "" };
        let yuan = format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100);
        let bill = read_fund_bill(FUND.replace("`0.17", &format!("`{yuan}")).as_bytes()).unwrap();
        prop_assert_eq!(bill.records[0].balance_fen, fen);
    }
}

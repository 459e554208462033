//! The fake's trade bill: what happened on a day, as WeChat would write it.

use std::collections::BTreeMap;

use kernel::{Day, Instant, Money};
use serde_json::{Value, json};

use super::{
    SP_MCHID,
    truth::{RefundThere, There, Truth, no},
};

/// Where a bill is asked for.
pub(super) const LINK: &str = "/v3/bill/tradebill";
/// Where it lies.
pub(super) const FILE: &str = "/v3/billdownload/file";

const TITLES: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,\
货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,\
订单金额,申请退款金额,费率备注";
const TOTALS: &str =
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";

/// A line by the titles of its columns.
pub type Row = BTreeMap<&'static str, String>;

/// What the office that writes bills knows.
#[derive(Default)]
pub(super) struct Office {
    pub offered: Vec<u8>,
    pub change: Option<Change>,
}

type Change = Box<dyn Fn(&mut Vec<Row>) + Send>;

impl Truth {
    pub(super) fn bill_link(&mut self, query: &str, now: Instant) -> (u16, Value) {
        let day = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("bill_date="))
            .and_then(Day::parse);
        let Some(day) = day else {
            return no("PARAM_ERROR", 400);
        };
        if now < day.plus(1).at(600) {
            return no("STATEMENT_CREATING", 400);
        }
        let mut rows = self.rows(day);
        if let Some(change) = &self.bill.change {
            change(&mut rows);
        }
        if rows.is_empty() {
            return no("NO_STATEMENT_EXIST", 400);
        }
        let text = text(&rows);
        let hash = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
        let hash: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        self.bill.offered = text.into_bytes();
        let url = format!("https://api.mch.weixin.qq.com{FILE}?token=t");
        (
            200,
            json!({"hash_type": "SHA1", "hash_value": hash, "download_url": url}),
        )
    }

    fn rows(&self, day: Day) -> Vec<Row> {
        let within = |at: Instant| at.day() == day;
        let paid = self.orders.values().filter_map(|order| {
            let at = order.paid_at.filter(|at| within(*at))?;
            Some(payment(order, at))
        });
        let given = self.refunds.iter().filter_map(|(number, refund)| {
            let order = self.orders.get(&refund.order)?;
            within(refund.taken_at).then(|| back(order, number, refund))
        });
        let mut rows: Vec<Row> = paid.chain(given).collect();
        rows.sort();
        rows
    }
}

fn alike(order: &There, at: Instant) -> Row {
    let mut row: Row = TITLES.split(',').map(|title| (title, String::new())).collect();
    let (year, month, date) = at.day().ymd();
    let seconds = (at - at.day().at(0)) / 1_000;
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let at = format!("{year:04}-{month:02}-{date:02} {hour:02}:{minute:02}:{second:02}");
    row.extend([
        ("交易时间", at),
        ("公众账号ID", order.appid.clone()),
        ("商户号", SP_MCHID.to_owned()),
        ("特约商户号", order.sub_mchid.clone()),
        ("微信订单号", order.transaction_id.clone()),
        ("商户订单号", order.number.clone()),
        ("用户标识", order.openid.clone()),
        ("交易类型", "JSAPI".to_owned()),
        ("货币种类", "CNY".to_owned()),
        ("代金券金额", yuan(0)),
        ("充值券退款金额", yuan(0)),
        ("费率", "0.60%".to_owned()),
    ]);
    row
}

fn payment(order: &There, at: Instant) -> Row {
    let mut row = alike(order, at);
    row.extend([
        ("交易状态", "SUCCESS".to_owned()),
        ("应结订单金额", yuan(order.total)),
        ("微信退款单号", "0".to_owned()),
        ("商户退款单号", "0".to_owned()),
        ("退款金额", yuan(0)),
        ("手续费", fee(order.total)),
        ("订单金额", yuan(order.total)),
        ("申请退款金额", yuan(0)),
    ]);
    row
}

fn back(order: &There, number: &str, refund: &RefundThere) -> Row {
    let state = match refund.status.as_str() {
        "CLOSED" => "FAIL",
        "ABNORMAL" => "CHANGE",
        other => other,
    };
    let mut row = alike(order, refund.taken_at);
    row.extend([
        ("交易状态", "REFUND".to_owned()),
        ("应结订单金额", yuan(0)),
        ("微信退款单号", format!("50000000{number}")),
        ("商户退款单号", number.to_owned()),
        ("退款金额", yuan(refund.amount)),
        ("退款类型", "ORIGINAL".to_owned()),
        ("退款状态", state.to_owned()),
        ("手续费", format!("-{}", fee(refund.amount))),
        ("订单金额", yuan(0)),
        ("申请退款金额", yuan(refund.amount)),
    ]);
    row
}

fn text(rows: &[Row]) -> String {
    let mut text = format!("{TITLES}\n");
    for row in rows {
        let fields: Vec<String> = TITLES
            .split(',')
            .map(|title| format!("`{}", row[title]))
            .collect();
        text.push_str(&fields.join(","));
        text.push('\n');
    }
    let sum = |title: &str| rows.iter().map(|row| fen(&row[title])).sum::<i64>();
    let (settled, refunded) = (yuan(sum("应结订单金额")), yuan(sum("退款金额")));
    let fees = format!("{}000", yuan(sum("手续费")));
    let sums = [
        rows.len().to_string(),
        settled.clone(),
        refunded.clone(),
        yuan(0),
        fees,
        settled,
        refunded,
    ];
    let sums: Vec<String> = sums.iter().map(|sum| format!("`{sum}")).collect();
    text.push_str(&format!("{TOTALS}\n{}\n", sums.join(",")));
    text
}

fn fee(fen: i64) -> String {
    format!("{}000", yuan((fen * 60 + 5_000) / 10_000))
}

fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100)
}

fn fen(yuan: &str) -> i64 {
    let digits: String = yuan.chars().filter(char::is_ascii_digit).collect();
    let decimals = yuan.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let value: i64 = digits.parse().unwrap_or_default();
    let value = Money(value / 10_i64.pow(u32::try_from(decimals.saturating_sub(2)).unwrap_or(0)));
    if yuan.starts_with('-') {
        -value.fen()
    } else {
        value.fen()
    }
}

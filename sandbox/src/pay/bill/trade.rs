//! The trade bill: payments of the day and refunds asked for on it (交易账单详细说明).

use super::table::{Table, long_yuan, moment, yuan};
use super::{DAY_MS, fault};
use crate::pay::merchant::Account;
use crate::pay::refund::{Refund, Status};
use crate::pay::{Order, funds};
use crate::state::{Sandbox, World};

/// Refunds show in the state they had when the bill was written, at nine in the morning after.
const WRITTEN_MS: i64 = 9 * 3_600_000;

const ALL: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,\
货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,\
订单金额,申请退款金额,费率备注";
const SUCCESS: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,\
货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注";
const REFUND: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,\
货币种类,应结订单金额,代金券金额,退款申请时间,退款成功时间,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,\
商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
const SUMMARY: &str =
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
const SUCCESS_SUMMARY: &str = "总交易单数,应结订单总金额,手续费总金额,订单总金额";

/// Which bill.
pub struct Wanted<'a> {
    /// Who asks.
    pub merchant: &'a Account,
    /// Of which sub-merchant, or of all.
    pub sub: Option<&'a str>,
    /// `ALL`, `SUCCESS` or `REFUND`.
    pub kind: &'a str,
    /// Midnight in Beijing.
    pub day: i64,
}

/// One event of the day, with what every kind of bill may say of it by column name.
pub struct Entry {
    /// When, milliseconds since 1970.
    pub at_ms: i64,
    /// The merchant's number of the order.
    pub out_trade_no: String,
    /// Whether it is a refund.
    pub is_refund: bool,
    /// Fen paid, nothing on refunds.
    pub paid: i64,
    /// Fen given back.
    pub refunded: i64,
    /// Fen of fee.
    pub fee: i64,
    /// The values with their columns.
    pub values: Vec<(&'static str, String)>,
}

impl Entry {
    /// Writes `value` into the column `name`.
    pub fn set(&mut self, name: &'static str, value: String) {
        match self.values.iter_mut().find(|(column, _)| *column == name) {
            Some((_, old)) => *old = value,
            None => self.values.push((name, value)),
        }
    }
}

/// The bill; `None` when nothing happened.
pub fn table(sandbox: &Sandbox, world: &World, wanted: &Wanted<'_>) -> Option<Table> {
    let within = |at_ms: i64| (wanted.day..wanted.day + DAY_MS).contains(&at_ms);
    // A sub-merchant that signs itself sees what its provider took for it.
    let mine = |merchant: &Account, payee: &str| {
        (merchant == wanted.merchant && wanted.sub.is_none_or(|sub| sub == payee))
            || wanted.merchant.mchid == payee
    };
    let paid = world.pay.orders.iter().filter_map(|order| {
        let at_ms = order.paid_ms.filter(|&at_ms| within(at_ms))?;
        (wanted.kind != "REFUND" && mine(&order.merchant, order.payee()))
            .then(|| payment(sandbox, world, order, at_ms))
    });
    let refunded = world.pay.refunds.iter().filter_map(|one| {
        let shown = wanted.kind != "SUCCESS" && within(one.created_ms) && mine(&one.merchant, one.payee());
        let order = world
            .pay
            .orders
            .iter()
            .find(|order| order.transaction_id.as_ref() == Some(&one.transaction_id))?;
        shown.then(|| refund(sandbox, world, order, one, wanted.day + DAY_MS + WRITTEN_MS))
    });
    let mut entries: Vec<Entry> = paid.chain(refunded).collect();
    // Real bills are in no promised order; this one begins with the latest.
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.at_ms));
    fault::disturb_trade(world, wanted, &mut entries);
    (!entries.is_empty()).then(|| write(wanted.kind, &entries))
}

fn write(kind: &str, entries: &[Entry]) -> Table {
    let heading = match kind {
        "SUCCESS" => SUCCESS,
        "REFUND" => REFUND,
        _ => ALL,
    };
    let line = |entry: &Entry| {
        let value = |column: &str| {
            let found = entry.values.iter().find(|(name, _)| *name == column);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        heading.split(',').map(value).collect()
    };
    let sum = |of: fn(&Entry) -> i64| entries.iter().map(of).sum::<i64>();
    let (count, paid) = (entries.len().to_string(), yuan(sum(|entry| entry.paid)));
    let (refunded, fee) = (
        yuan(sum(|entry| entry.refunded)),
        long_yuan(sum(|entry| entry.fee)),
    );
    let (summary_heading, summary) = if kind == "SUCCESS" {
        (SUCCESS_SUMMARY, vec![count, paid.clone(), fee, paid])
    } else {
        let all = vec![
            count,
            paid.clone(),
            refunded.clone(),
            yuan(0),
            fee,
            paid,
            refunded,
        ];
        (SUMMARY, all)
    };
    Table {
        heading,
        lines: entries.iter().map(line).collect(),
        summary_heading,
        summary,
    }
}

/// What payments and refunds say alike.
fn common(sandbox: &Sandbox, world: &World, order: &Order, at_ms: i64) -> Vec<(&'static str, String)> {
    let sub = order.sub_mchid.clone().unwrap_or_else(|| "0".to_owned());
    vec![
        ("交易时间", moment(at_ms)),
        ("公众账号ID", order.appid.clone()),
        ("商户号", order.merchant.mchid.clone()),
        ("特约商户号", sub),
        ("微信订单号", order.transaction_id.clone().unwrap_or_default()),
        ("商户订单号", order.out_trade_no.clone()),
        ("用户标识", order.payer_openid(sandbox, world, &order.appid)),
        ("交易类型", order.product.trade_type().to_owned()),
        ("付款银行", "OTHERS".to_owned()),
        ("货币种类", "CNY".to_owned()),
        ("代金券金额", yuan(0)),
        ("充值券退款金额", yuan(0)),
        ("商品名称", order.description.clone()),
        ("商户数据包", order.attach.clone().unwrap_or_default()),
        ("费率", funds::rate()),
    ]
}

fn payment(sandbox: &Sandbox, world: &World, order: &Order, at_ms: i64) -> Entry {
    let fee = funds::fee(order.total);
    let mut values = common(sandbox, world, order, at_ms);
    values.extend([
        ("交易状态", "SUCCESS".to_owned()),
        ("应结订单金额", yuan(order.total)),
        ("微信退款单号", "0".to_owned()),
        ("商户退款单号", "0".to_owned()),
        ("退款金额", yuan(0)),
        ("手续费", long_yuan(fee)),
        ("订单金额", yuan(order.total)),
        ("申请退款金额", yuan(0)),
    ]);
    Entry {
        at_ms,
        out_trade_no: order.out_trade_no.clone(),
        is_refund: false,
        paid: order.total,
        refunded: 0,
        fee,
        values,
    }
}

fn refund(sandbox: &Sandbox, world: &World, order: &Order, refund: &Refund, written_ms: i64) -> Entry {
    let done_ms = refund.done_ms.filter(|&done_ms| done_ms <= written_ms);
    // The bill's words for the states are not those of the interface.
    let state = match (done_ms, refund.status) {
        (None, _) | (_, Status::Processing) => "PROCESSING",
        (Some(_), Status::Success) => "SUCCESS",
        (Some(_), Status::Abnormal) => "CHANGE",
        (Some(_), Status::Closed) => "FAIL",
    };
    let mut values = common(sandbox, world, order, refund.created_ms);
    values.extend([
        ("交易状态", "REFUND".to_owned()),
        ("应结订单金额", yuan(0)),
        ("退款申请时间", moment(refund.created_ms)),
        (
            "退款成功时间",
            done_ms
                .filter(|_| state == "SUCCESS")
                .map(moment)
                .unwrap_or_default(),
        ),
        ("微信退款单号", refund.refund_id.clone()),
        ("商户退款单号", refund.out_refund_no.clone()),
        ("退款金额", yuan(refund.refund)),
        ("退款类型", "ORIGINAL".to_owned()),
        ("退款状态", state.to_owned()),
        ("手续费", long_yuan(-refund.fee_back)),
        ("订单金额", yuan(0)),
        ("申请退款金额", yuan(refund.refund)),
    ]);
    Entry {
        at_ms: refund.created_ms,
        out_trade_no: order.out_trade_no.clone(),
        is_refund: true,
        paid: 0,
        refunded: refund.refund,
        fee: -refund.fee_back,
        values,
    }
}

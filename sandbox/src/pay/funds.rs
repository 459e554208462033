//! The merchants' money: every movement of every account, from which balances and fund bills follow.

use serde::Serialize;

use super::order::Order;
use crate::clock::{Clock, beijing_digits};
use crate::state::World;

/// The fee of a payment in ten-thousandths (费率 0.60%).
pub const FEE_RATE: i64 = 60;
/// How long money stays frozen for sharing, in WeChat's seconds.
const FROZEN_S: u32 = 30 * 86_400;

/// The fee on `fen`, rounded half up to the fen, as the bills show it.
pub fn fee(fen: i64) -> i64 {
    (fen * FEE_RATE + 5000) / 10_000
}

/// One movement of one account.
#[derive(Clone, Debug, Serialize)]
pub struct Flow {
    /// Whose money.
    pub mchid: String,
    /// When, milliseconds since 1970.
    pub at_ms: i64,
    /// WeChat Pay's number of what caused it (微信支付业务单号).
    pub cause: String,
    /// Its own number (资金流水单号).
    pub number: String,
    /// 业务名称.
    pub name: &'static str,
    /// 业务类型.
    pub kind: &'static str,
    /// Fen, negative when it leaves.
    pub fen: i64,
    /// Fen in the account afterwards.
    pub balance: i64,
    /// Who asked (资金变更提交申请人).
    pub applicant: String,
    /// 备注.
    pub remark: String,
    /// The merchant's number of what caused it (业务凭证号).
    pub voucher: String,
}

/// What is said of a movement.
pub struct Cause<'a> {
    /// 业务名称.
    pub name: &'static str,
    /// 业务类型.
    pub kind: &'static str,
    /// WeChat Pay's number.
    pub number: &'a str,
    /// Who asked.
    pub applicant: &'a str,
    /// 备注.
    pub remark: String,
    /// The merchant's number.
    pub voucher: &'a str,
}

/// Moves `fen` into the account of `mchid`, or out of it when negative.
pub fn post(world: &mut World, mchid: &str, at_ms: i64, fen: i64, cause: Cause<'_>) {
    if fen == 0 {
        return;
    }
    let number = format!("{}{}{}", mchid, beijing_digits(at_ms), world.digits(8));
    let flow = Flow {
        mchid: mchid.to_owned(),
        at_ms,
        cause: cause.number.to_owned(),
        number,
        name: cause.name,
        kind: cause.kind,
        fen,
        balance: balance(world, mchid) + fen,
        applicant: cause.applicant.to_owned(),
        remark: cause.remark,
        voucher: cause.voucher.to_owned(),
    };
    world.pay.flows.push(flow);
}

/// Fen in the account of `mchid`, frozen ones included.
pub fn balance(world: &World, mchid: &str) -> i64 {
    let own = world.pay.flows.iter().rev().find(|flow| flow.mchid == mchid);
    own.map_or(0, |flow| flow.balance)
}

/// Fen in the account of `mchid` that may leave it.
pub fn available(world: &World, clock: &Clock, mchid: &str) -> i64 {
    let orders = world.pay.orders.iter().filter(|order| order.payee() == mchid);
    let frozen: i64 = orders.map(|order| frozen(world, clock, order)).sum();
    balance(world, mchid) - frozen
}

/// Fen of `order` that wait for being shared: paid with the flag, not unfrozen, less than thirty days old.
pub fn frozen(world: &World, clock: &Clock, order: &Order) -> i64 {
    let Some(paid_ms) = order.paid_ms else { return 0 };
    if !order.profit_sharing || order.unfrozen || clock.passed(paid_ms, FROZEN_S) {
        return 0;
    }
    let kept = order.total - order.refunded;
    let shared: i64 = world
        .pay
        .sharing
        .orders
        .iter()
        .filter(|one| Some(&one.transaction_id) == order.transaction_id.as_ref())
        .map(super::sharing::SharingOrder::taken)
        .sum();
    (kept - fee(kept) - shared).max(0)
}

/// The fee that goes back to the merchant with the next refund of `refund` fen: what is kept stays charged at the rate,
/// so a whole refund returns the whole fee.
pub fn fee_back(order: &Order, refund: i64) -> i64 {
    let kept = order.total - order.refunded;
    fee(kept) - fee(kept - refund)
}

/// Books a payment: the whole amount in, the fee out.
pub fn paid(world: &mut World, order: &Order) {
    let (Some(id), Some(at_ms)) = (&order.transaction_id, order.paid_ms) else {
        return;
    };
    let cause = |kind, remark| Cause {
        name: "交易",
        kind,
        number: id,
        applicant: "system",
        remark,
        voucher: &order.out_trade_no,
    };
    post(
        world,
        order.payee(),
        at_ms,
        order.total,
        cause("交易", String::new()),
    );
    let fee = fee(order.total);
    let remark = format!("费率{}", rate());
    post(world, order.payee(), at_ms, -fee, cause("扣除交易手续费", remark));
}

/// The rate as bills write it.
pub fn rate() -> String {
    format!("{}.{:02}%", FEE_RATE / 100, FEE_RATE % 100)
}

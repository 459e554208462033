//! What WeChat says, in our words. The only place where receipts and news of refunds are made from what came over the
//! network, and only from what carries WeChat's signature.

use kernel::{Instant, Money};
use wechat::{
    Verified,
    pay::{self, RefundNotice, Transaction, bill::TradeRecord},
};

use crate::model::{BillLine, BilledRefund, Receipt, RefundNews, RefundStatus};

impl Receipt {
    /// What a verified transaction says; `None` when it says that nothing was paid.
    pub fn of(transaction: &Verified<Transaction>) -> Option<Receipt> {
        if !transaction.was_paid() {
            return None;
        }
        let payer = transaction.payer.clone().unwrap_or_default();
        let amount = transaction.amount.as_ref();
        Some(Receipt {
            mchid: transaction.sp_mchid.clone().or_else(|| transaction.mchid.clone()),
            appid: transaction.sp_appid.clone().or_else(|| transaction.appid.clone()),
            sub_mchid: transaction.sub_mchid.clone(),
            openid: payer.sp_openid.or(payer.openid),
            out_trade_no: transaction.out_trade_no.clone(),
            transaction_id: transaction.transaction_id.clone().unwrap_or_default(),
            amount: amount.map(|amount| Money(amount.total)),
            currency: amount.and_then(|amount| amount.currency.clone()),
            paid_at: transaction.success_at_ms().map(Instant),
        })
    }
}

impl Receipt {
    /// What a line of the bill says was paid. The bill fits the hash that WeChat signed.
    pub fn billed(line: &BillLine) -> Receipt {
        Receipt {
            mchid: Some(line.mchid.clone()),
            appid: Some(line.appid.clone()),
            sub_mchid: line.sub_mchid.clone(),
            openid: Some(line.openid.clone()).filter(|openid| !openid.is_empty()),
            out_trade_no: line.out_trade_no.clone(),
            transaction_id: line.transaction_id.clone(),
            amount: Some(line.amount),
            currency: Some(line.currency.clone()),
            paid_at: Some(line.at),
        }
    }
}

impl From<&TradeRecord> for BillLine {
    fn from(record: &TradeRecord) -> BillLine {
        let asked = record.order_fen.unwrap_or(record.settled_fen + record.coupon_fen);
        BillLine {
            at: Instant(record.at_ms),
            mchid: record.mchid.clone(),
            appid: record.appid.clone(),
            sub_mchid: record.sub_mchid.clone(),
            openid: record.openid.clone(),
            transaction_id: record.transaction_id.clone(),
            out_trade_no: record.out_trade_no.clone(),
            state: record.trade_state.clone(),
            currency: record.currency.clone(),
            amount: Money(asked),
            fee_millifen: record.fee_millifen,
            rate: rate(&record.rate),
            refund: record.refund.as_ref().map(|refund| BilledRefund {
                refund_id: refund.refund_id.clone(),
                out_refund_no: refund.out_refund_no.clone(),
                amount: Money(
                    refund
                        .applied_fen
                        .unwrap_or(refund.refund_fen + refund.coupon_fen),
                ),
                state: refund.state.clone(),
            }),
        }
    }
}

/// `0.60%` in hundred-thousandths: 600.
fn rate(text: &str) -> Option<i64> {
    let (whole, decimals) = text.strip_suffix('%')?.split_once('.')?;
    let decimals = format!("{decimals:0<3}");
    let thousandths: i64 = decimals.get(..3)?.parse().ok()?;
    Some(whole.parse::<i64>().ok()? * 1_000 + thousandths)
}

impl From<&Verified<pay::Refund>> for RefundNews {
    fn from(refund: &Verified<pay::Refund>) -> RefundNews {
        RefundNews {
            out_refund_no: refund.out_refund_no.clone(),
            out_trade_no: refund.out_trade_no.clone(),
            refund_id: refund.refund_id.clone(),
            transaction_id: refund.transaction_id.clone(),
            amount: Money(refund.amount.refund),
            status: status(&refund.status),
            done_at: refund.success_at_ms().map(Instant),
        }
    }
}

impl From<&Verified<RefundNotice>> for RefundNews {
    fn from(notice: &Verified<RefundNotice>) -> RefundNews {
        RefundNews {
            out_refund_no: notice.out_refund_no.clone(),
            out_trade_no: notice.out_trade_no.clone(),
            refund_id: notice.refund_id.clone(),
            transaction_id: notice.transaction_id.clone(),
            amount: Money(notice.amount.refund),
            status: status(&notice.refund_status),
            done_at: notice.success_at_ms().map(Instant),
        }
    }
}

fn status(status: &pay::RefundStatus) -> RefundStatus {
    match status {
        pay::RefundStatus::Success => RefundStatus::Success,
        pay::RefundStatus::Closed => RefundStatus::Closed,
        pay::RefundStatus::Abnormal => RefundStatus::Abnormal,
        // An unknown word is no reason to believe in an end; the next query asks again.
        pay::RefundStatus::Processing | pay::RefundStatus::Other(_) => RefundStatus::Processing,
    }
}

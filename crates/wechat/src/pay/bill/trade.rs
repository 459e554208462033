use super::table::{Bill, BillError, Record, whole};
use super::yuan;

const SETTLED: (&str, &[&str]) = ("应结订单金额", &["总金额"]);
const COUPON: (&str, &[&str]) = ("代金券金额", &["代金券或立减优惠金额", "企业红包金额"]);
const COUPON_REFUND: (&str, &[&str]) = (
    "充值券退款金额",
    &["代金券或立减优惠退款金额", "企业红包退款金额"],
);
const SUB_MCHID: (&str, &[&str]) = ("特约商户号", &["子商户号"]);

/// The columns that [`TradeRecord`] has fields for; everything else is kept by its title.
const KNOWN: &[&str] = &[
    "交易时间",
    "公众账号ID",
    "商户号",
    "特约商户号",
    "子商户号",
    "设备号",
    "微信订单号",
    "商户订单号",
    "用户标识",
    "交易类型",
    "交易状态",
    "付款银行",
    "货币种类",
    "应结订单金额",
    "总金额",
    "代金券金额",
    "代金券或立减优惠金额",
    "企业红包金额",
    "退款申请时间",
    "退款成功时间",
    "微信退款单号",
    "商户退款单号",
    "退款金额",
    "充值券退款金额",
    "代金券或立减优惠退款金额",
    "企业红包退款金额",
    "退款类型",
    "退款状态",
    "商品名称",
    "商户数据包",
    "手续费",
    "费率",
    "订单金额",
    "申请退款金额",
    "费率备注",
];

const KNOWN_TOTALS: &[&str] = &[
    "总交易单数",
    "应结订单总金额",
    "总交易额",
    "退款总金额",
    "总退款金额",
    "充值券退款总金额",
    "总代金券或立减优惠退款金额",
    "手续费总金额",
    "订单总金额",
    "申请退款总金额",
];

/// A payment or a refund in a trade bill of kind ALL, SUCCESS or REFUND
/// (pay.weixin.qq.com, bill-download/format-trade.html). Bills of a long-standing merchant may have older titles, which
/// are read too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TradeRecord {
    /// When it was paid, or when the refund was accepted, in milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    /// The official account of the order.
    pub appid: String,
    /// The merchant or provider.
    pub mchid: String,
    /// The sub-merchant; `None` where a direct merchant's bill says 0.
    pub sub_mchid: Option<String>,
    /// The device of the order.
    pub device: Option<String>,
    /// WeChat Pay's number of the order.
    pub transaction_id: String,
    /// Our number of the order.
    pub out_trade_no: String,
    /// The payer within the order's account.
    pub openid: String,
    /// `JSAPI`, `NATIVE` …
    pub trade_type: String,
    /// `SUCCESS`, `REFUND`, `REVOKED`.
    pub trade_state: String,
    /// The bank, by WeChat Pay's codes.
    pub bank: String,
    /// `CNY`
    pub currency: String,
    /// What is settled for the order, in fen.
    pub settled_fen: i64,
    /// What coupons paid, in fen.
    pub coupon_fen: i64,
    /// The refund, if the record is one.
    pub refund: Option<RefundPart>,
    /// What the order was about.
    pub goods: String,
    /// What we attached to the order.
    pub attach: String,
    /// WeChat Pay's fee in thousandths of a fen; negative when it comes back with a refund.
    pub fee_millifen: i64,
    /// The rate as written, `0.60%`.
    pub rate: String,
    /// What the order asked for, in fen; older bills do not say.
    pub order_fen: Option<i64>,
    /// A remark about the rate.
    pub rate_note: Option<String>,
    /// Columns that this crate does not know, by their titles.
    pub other: Vec<(String, String)>,
}

/// The refund of a [`TradeRecord`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundPart {
    /// WeChat Pay's number of the refund.
    pub refund_id: String,
    /// Our number of the refund.
    pub out_refund_no: String,
    /// What is given back, in fen.
    pub refund_fen: i64,
    /// What of it goes back into coupons, in fen.
    pub coupon_fen: i64,
    /// What was asked for, in fen; older bills do not say.
    pub applied_fen: Option<i64>,
    /// `ORIGINAL`, `BALANCE`.
    pub kind: String,
    /// `SUCCESS`, `PROCESSING`, `FAIL` at the time of the bill; it is not kept up.
    pub state: String,
    /// When it was asked for, in milliseconds; in bills of kind REFUND.
    pub applied_at_ms: Option<i64>,
    /// When it succeeded, in milliseconds; in bills of kind REFUND.
    pub succeeded_at_ms: Option<i64>,
}

/// The sums of a trade bill. Which are there depends on its kind and age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TradeTotals {
    /// How many records.
    pub count: u64,
    /// What is settled, in fen.
    pub settled_fen: i64,
    /// What is given back, in fen.
    pub refund_fen: Option<i64>,
    /// What of it goes back into coupons, in fen.
    pub coupon_refund_fen: Option<i64>,
    /// Fees, in thousandths of a fen.
    pub fee_millifen: i64,
    /// What orders asked for, in fen.
    pub order_fen: Option<i64>,
    /// What refunds asked for, in fen.
    pub applied_refund_fen: Option<i64>,
    /// Columns that this crate does not know, by their titles.
    pub other: Vec<(String, String)>,
}

/// A whole trade bill.
pub type TradeBill = Bill<TradeRecord, TradeTotals>;

/// Reads a trade bill. Any bytes may be given. For bills too long to hold, read [`super::Records`] and give each record
/// to [`TradeRecord::read`].
///
/// # Errors
/// [`BillError`] for the first line that cannot be read, or when the totals are missing.
pub fn read_trade_bill(bytes: &[u8]) -> Result<TradeBill, BillError> {
    whole(bytes, TradeRecord::read, TradeTotals::read)
}

impl TradeRecord {
    /// Reads one record.
    ///
    /// # Errors
    /// [`BillError`] if a column is missing or an amount or time cannot be read.
    pub fn read(record: &Record<'_>) -> Result<Self, BillError> {
        let text = |title| record.need(title, &[]).map(str::to_owned);
        let fen = |(title, aliases)| amount(record, record.need(title, aliases)?);
        let at = record.need("交易时间", &[])?;
        Ok(Self {
            at_ms: yuan::moment_ms(at).map_err(|fault| record.fault(fault))?,
            appid: text("公众账号ID")?,
            mchid: text("商户号")?,
            sub_mchid: some(record.need(SUB_MCHID.0, SUB_MCHID.1)?).filter(|mchid| mchid != "0"),
            device: record.get(&["设备号"]).and_then(some),
            transaction_id: text("微信订单号")?,
            out_trade_no: text("商户订单号")?,
            openid: text("用户标识")?,
            trade_type: text("交易类型")?,
            trade_state: text("交易状态")?,
            bank: text("付款银行")?,
            currency: text("货币种类")?,
            settled_fen: fen(SETTLED)?,
            coupon_fen: fen(COUPON)?,
            refund: RefundPart::read(record)?,
            goods: text("商品名称")?,
            attach: text("商户数据包")?,
            fee_millifen: fee(record, record.need("手续费", &[])?)?,
            rate: text("费率")?,
            order_fen: amount_if(record, "订单金额")?,
            rate_note: record.get(&["费率备注"]).and_then(some),
            other: record.others(KNOWN),
        })
    }
}

impl RefundPart {
    /// `None` for a payment: bills of kind SUCCESS have no such columns, those of kind ALL say 0.
    fn read(record: &Record<'_>) -> Result<Option<Self>, BillError> {
        let Some(refund_id) = record
            .get(&["微信退款单号"])
            .filter(|id| !id.is_empty() && *id != "0")
        else {
            return Ok(None);
        };
        let text = |title| record.need(title, &[]).map(str::to_owned);
        Ok(Some(Self {
            refund_id: refund_id.to_owned(),
            out_refund_no: text("商户退款单号")?,
            refund_fen: amount(record, record.need("退款金额", &[])?)?,
            coupon_fen: amount(record, record.need(COUPON_REFUND.0, COUPON_REFUND.1)?)?,
            applied_fen: amount_if(record, "申请退款金额")?,
            kind: text("退款类型")?,
            state: text("退款状态")?,
            applied_at_ms: moment_if(record, "退款申请时间")?,
            succeeded_at_ms: moment_if(record, "退款成功时间")?,
        }))
    }
}

impl TradeTotals {
    fn read(record: &Record<'_>) -> Result<Self, BillError> {
        let count = record.need("总交易单数", &[])?;
        let optional = |titles: &[&str]| {
            let field = record.get(titles);
            field.map(|field| amount(record, field)).transpose()
        };
        Ok(Self {
            count: yuan::count(count).map_err(|fault| record.fault(fault))?,
            settled_fen: amount(record, record.need("应结订单总金额", &["总交易额"])?)?,
            refund_fen: optional(&["退款总金额", "总退款金额"])?,
            coupon_refund_fen: optional(&["充值券退款总金额", "总代金券或立减优惠退款金额"])?,
            fee_millifen: fee(record, record.need("手续费总金额", &[])?)?,
            order_fen: optional(&["订单总金额"])?,
            applied_refund_fen: optional(&["申请退款总金额"])?,
            other: record.others(KNOWN_TOTALS),
        })
    }
}

fn some(field: &str) -> Option<String> {
    Some(field.to_owned()).filter(|field| !field.is_empty())
}

fn amount(record: &Record<'_>, field: &str) -> Result<i64, BillError> {
    yuan::fen(field).map_err(|fault| record.fault(fault))
}

fn fee(record: &Record<'_>, field: &str) -> Result<i64, BillError> {
    yuan::millifen(field).map_err(|fault| record.fault(fault))
}

fn amount_if(record: &Record<'_>, title: &str) -> Result<Option<i64>, BillError> {
    let field = record.get(&[title]).filter(|field| !field.is_empty());
    field.map(|field| amount(record, field)).transpose()
}

fn moment_if(record: &Record<'_>, title: &str) -> Result<Option<i64>, BillError> {
    let field = record.get(&[title]).filter(|field| !field.is_empty());
    let moment = field.map(yuan::moment_ms).transpose();
    moment.map_err(|fault| record.fault(fault))
}

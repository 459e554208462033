use super::table::{Bill, BillError, Record, whole};
use super::{Fault, yuan};

const KNOWN: &[&str] = &[
    "记账时间",
    "微信支付业务单号",
    "资金流水单号",
    "业务名称",
    "业务类型",
    "收支类型",
    "收支金额(元)",
    "账户结余(元)",
    "资金变更提交申请人",
    "备注",
    "业务凭证号",
];

const KNOWN_TOTALS: &[&str] = &["资金流水总笔数", "收入笔数", "收入金额", "支出笔数", "支出金额"];

/// A movement of money in a fund bill (pay.weixin.qq.com, bill-download/format-fundflow.html).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundRecord {
    /// When the balance changed, in milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    /// WeChat Pay's number of the business: of a payment, a refund …
    pub business_no: String,
    /// The number of this movement.
    pub flow_no: String,
    /// The kind of business, `交易`, `退款`; WeChat Pay changes these names.
    pub business: String,
    /// The finer kind, `扣除交易手续费`.
    pub kind: String,
    /// In or out.
    pub direction: Direction,
    /// How much, in fen; never negative.
    pub amount_fen: i64,
    /// The balance afterwards, in fen.
    pub balance_fen: i64,
    /// Who asked for it.
    pub applicant: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// The number on the business's side, mostly ours.
    pub voucher_no: String,
    /// Columns that this crate does not know, by their titles.
    pub other: Vec<(String, String)>,
}

/// Whether money came or went (收支类型).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Direction {
    /// 收入
    In,
    /// 支出
    Out,
    /// A word that this crate does not know.
    Other(String),
}

/// The sums of a fund bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundTotals {
    /// How many movements.
    pub count: u64,
    /// How many came in.
    pub in_count: u64,
    /// What came in, in fen.
    pub in_fen: i64,
    /// How many went out.
    pub out_count: u64,
    /// What went out, in fen.
    pub out_fen: i64,
    /// Columns that this crate does not know, by their titles.
    pub other: Vec<(String, String)>,
}

/// A whole fund bill.
pub type FundBill = Bill<FundRecord, FundTotals>;

/// Reads a fund bill. Any bytes may be given. For bills too long to hold, read [`super::Records`] and give each record to
/// [`FundRecord::read`].
///
/// # Errors
/// [`BillError`] for the first line that cannot be read, or when the totals are missing.
pub fn read_fund_bill(bytes: &[u8]) -> Result<FundBill, BillError> {
    whole(bytes, FundRecord::read, FundTotals::read)
}

impl FundRecord {
    /// Reads one record.
    ///
    /// # Errors
    /// [`BillError`] if a column is missing or an amount or time cannot be read.
    pub fn read(record: &Record<'_>) -> Result<Self, BillError> {
        let text = |title| record.need(title, &[]).map(str::to_owned);
        let some = |title| {
            record
                .get(&[title])
                .filter(|field| !field.is_empty())
                .map(str::to_owned)
        };
        let at = record.need("记账时间", &[])?;
        let direction = match record.need("收支类型", &[])? {
            "收入" => Direction::In,
            "支出" => Direction::Out,
            other => Direction::Other(other.to_owned()),
        };
        Ok(Self {
            at_ms: yuan::moment_ms(at).map_err(|fault| record.fault(fault))?,
            business_no: text("微信支付业务单号")?,
            flow_no: text("资金流水单号")?,
            business: text("业务名称")?,
            kind: text("业务类型")?,
            direction,
            amount_fen: fen(record, "收支金额(元)")?,
            balance_fen: fen(record, "账户结余(元)")?,
            applicant: some("资金变更提交申请人"),
            note: some("备注"),
            voucher_no: text("业务凭证号")?,
            other: record.others(KNOWN),
        })
    }
}

impl FundTotals {
    fn read(record: &Record<'_>) -> Result<Self, BillError> {
        let count = |title| {
            let field = record.need(title, &[])?;
            yuan::count(field).map_err(|fault| record.fault(fault))
        };
        Ok(Self {
            count: count("资金流水总笔数")?,
            in_count: count("收入笔数")?,
            in_fen: fen(record, "收入金额")?,
            out_count: count("支出笔数")?,
            out_fen: fen(record, "支出金额")?,
            other: record.others(KNOWN_TOTALS),
        })
    }
}

fn fen(record: &Record<'_>, title: &'static str) -> Result<i64, BillError> {
    let field = record.need(title, &[])?;
    yuan::fen(field).map_err(|fault: Fault| record.fault(fault))
}

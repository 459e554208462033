//! Bills (对账单): asked for by day, downloaded, checked and read.
//!
//! The fund bills of single sub-merchants (`/v3/bill/sub-merchant-fundflowbill`) are not covered: WeChat Pay encrypts
//! them for the provider's private key, and providers may not read their sub-merchants' accounts as a rule
//! (pay.weixin.qq.com, partner/products/bill-download/introduction/fund-bill.html).

mod download;
mod fund;
mod table;
mod trade;
mod yuan;

pub use download::{AccountKind, BillDay, BillFile, BillLink, Covered, TradeBillKind, decompress};
pub use fund::{Direction, FundBill, FundRecord, FundTotals, read_fund_bill};
pub use table::{Bill, BillError, Fault, Part, Record, Records};
pub use trade::{RefundPart, TradeBill, TradeRecord, TradeTotals, read_trade_bill};

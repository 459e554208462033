use std::fmt;
use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use serde::Deserialize;

use super::super::client::Call;
use super::super::{ApiError, Pay, PayeeError};
use crate::crypto::{same, sha1_hex};
use crate::{At, BodyLimit, Cause, Outcome, Verified, url};

/// The day of a bill by Beijing's calendar, from 00:00:00 to 23:59:59. The bill is there from ten o'clock of the next
/// day, for three months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BillDay(jiff::civil::Date);

impl BillDay {
    /// A day; `None` if there is no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().map(Self)
    }
}

impl fmt::Display for BillDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a trade bill lists (`bill_type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TradeBillKind {
    /// Payments and refunds.
    All,
    /// Payments.
    Success,
    /// Refunds that were accepted that day.
    Refund,
}

/// Which account a fund bill is about (`account_type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// 基本账户
    Basic,
    /// 运营账户
    Operation,
    /// 手续费账户
    Fees,
}

/// Where a bill lies, for half a minute to five minutes.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct BillLink {
    hash_type: String,
    hash_value: String,
    download_url: String,
}

impl fmt::Debug for BillLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address holds a token.
        f.debug_struct("BillLink").finish_non_exhaustive()
    }
}

/// A bill whose hash was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillFile {
    /// The text, not compressed.
    pub text: Vec<u8>,
    /// Which bytes the hash covered.
    pub covered: Covered,
}

/// Which bytes of a bill its hash covers. The documents say the original text, "gzip needs to be decompressed"
/// (doc 4012791867); clients have seen both, so both are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covered {
    /// The text of the bill.
    Text,
    /// The compressed file.
    Compressed,
}

impl Pay {
    /// Asks for the bill of all payments and refunds of a day, compressed (doc 4012791866). As a provider:
    /// of one sub-merchant, or of all together.
    ///
    /// Refused with `NO_STATEMENT_EXIST` if there was no trade, and with `STATEMENT_CREATING` before the bill is ready.
    pub fn trade_bill(
        &self,
        at: At,
        nonce: &str,
        (day, kind): (BillDay, TradeBillKind),
        sub_mchid: Option<&str>,
    ) -> Outcome<Verified<BillLink>> {
        let kind = match kind {
            TradeBillKind::All => "ALL",
            TradeBillKind::Success => "SUCCESS",
            TradeBillKind::Refund => "REFUND",
        };
        let day = day.to_string();
        let mut pairs = vec![
            ("bill_date", day.as_str()),
            ("bill_type", kind),
            ("tar_type", "GZIP"),
        ];
        match self.of_sub(sub_mchid, &mut pairs) {
            Ok(()) => self.get(at, nonce, &format!("/v3/bill/tradebill?{}", url::query(&pairs))),
            Err(error) => Outcome::Refused(error),
        }
    }

    /// Asks for the bill of what moved on the caller's own account, compressed (doc 4012791867). Refused as
    /// [`Pay::trade_bill`].
    pub fn fund_bill(
        &self,
        at: At,
        nonce: &str,
        (day, account): (BillDay, AccountKind),
    ) -> Outcome<Verified<BillLink>> {
        let account = match account {
            AccountKind::Basic => "BASIC",
            AccountKind::Operation => "OPERATION",
            AccountKind::Fees => "FEES",
        };
        let day = day.to_string();
        let pairs = [
            ("bill_date", day.as_str()),
            ("account_type", account),
            ("tar_type", "GZIP"),
        ];
        self.get(
            at,
            nonce,
            &format!("/v3/bill/fundflowbill?{}", url::query(&pairs)),
        )
    }

    /// Asks for the bill of what was shared, compressed (wechatpay-go, services/profitsharing). Its columns are to be
    /// read by [`super::Records`].
    pub fn sharing_bill(
        &self,
        at: At,
        nonce: &str,
        day: BillDay,
        sub_mchid: Option<&str>,
    ) -> Outcome<Verified<BillLink>> {
        let day = day.to_string();
        let mut pairs = vec![("bill_date", day.as_str()), ("tar_type", "GZIP")];
        match self.of_sub(sub_mchid, &mut pairs) {
            Ok(()) => self.get(
                at,
                nonce,
                &format!("/v3/profitsharing/bills?{}", url::query(&pairs)),
            ),
            Err(error) => Outcome::Refused(error),
        }
    }

    /// Downloads a bill and checks its hash (doc 4012791868): the request is signed, the answer is not. The text is at
    /// most `most` bytes; a longer one is refused while it is unpacked.
    ///
    /// The address is taken from the link, the host from our endpoints, so that a signature goes to WeChat Pay only.
    /// After an unknown outcome: again, or from a new link.
    pub fn download_bill(
        &self,
        at: At,
        nonce: &str,
        link: &Verified<BillLink>,
        most: u64,
    ) -> Outcome<BillFile> {
        let Some(path) = path_of(&link.download_url) else {
            return unreadable("the address of the bill");
        };
        let mut call = Call::get(&path);
        call.limit = BodyLimit::BILL;
        let answer = match self.send(at, nonce, &call, None) {
            Ok(answer) => answer,
            Err(cause) => return cause.unknown(),
        };
        if answer.status() != 200 {
            return Self::judge_failure(&answer);
        }
        check(link, answer.into_body(), most)
    }

    fn of_sub<'p>(
        &self,
        sub_mchid: Option<&'p str>,
        pairs: &mut Vec<(&str, &'p str)>,
    ) -> Result<(), ApiError> {
        if let Some(sub_mchid) = sub_mchid {
            self.sub_merchant(sub_mchid, None)
                .map_err(|error: PayeeError| ApiError::local(&error.to_string()))?;
            pairs.push(("sub_mchid", sub_mchid));
        }
        Ok(())
    }
}

fn path_of(address: &str) -> Option<String> {
    let uri: http::Uri = address.trim().parse().ok()?;
    Some(uri.path_and_query()?.as_str().to_owned()).filter(|path| path.starts_with("/v3/"))
}

fn check(link: &BillLink, file: Vec<u8>, most: u64) -> Outcome<BillFile> {
    if !link.hash_type.eq_ignore_ascii_case("SHA1") {
        return unreadable("the bill's kind of hash");
    }
    let wanted = link.hash_value.to_ascii_lowercase();
    let of_file = same(&sha1_hex(&file), &wanted);
    let Some(text) = decompress(file, most) else {
        return unreadable("a bill that is too long or cannot be unpacked");
    };
    let covered = if same(&sha1_hex(&text), &wanted) {
        Covered::Text
    } else if of_file {
        Covered::Compressed
    } else {
        return unreadable("a bill that does not fit its hash");
    };
    Outcome::Done(BillFile { text, covered })
}

/// Unpacks a file if it is gzip (RFC 1952), else takes it as it is; `None` if it is damaged or longer than `most` bytes.
pub fn decompress(file: Vec<u8>, most: u64) -> Option<Vec<u8>> {
    if !file.starts_with(b"\x1F\x8B") {
        return Some(file).filter(|text| text.len() as u64 <= most);
    }
    let mut text = Vec::new();
    // One byte more than allowed tells a text that is too long from one that just fits.
    let read = MultiGzDecoder::new(file.as_slice())
        .take(most.saturating_add(1))
        .read_to_end(&mut text);
    (read.is_ok() && text.len() as u64 <= most).then_some(text)
}

fn unreadable<T>(what: &str) -> Outcome<T> {
    Outcome::Unknown(Cause::Unreadable {
        status: 200,
        what: what.to_owned(),
    })
}

use std::collections::{BTreeMap, HashSet};

use kernel::{Day, Id, Instant, Money, Shop};

/// One line of WeChat's trade bill: a payment, or a refund of one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BillLine {
    pub(crate) at: Instant,
    pub(crate) mchid: String,
    pub(crate) appid: String,
    pub(crate) sub_mchid: Option<String>,
    pub(crate) openid: String,
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// Our number of the payment.
    pub out_trade_no: String,
    pub(crate) state: String,
    pub(crate) currency: String,
    /// What the order asked for; nothing on refunds.
    pub amount: Money,
    /// WeChat's fee in thousandths of a fen; negative where it comes back.
    pub fee_millifen: i64,
    /// The rate in hundred-thousandths, where the bill names one.
    pub(crate) rate: Option<i64>,
    /// The refund, if the line is one.
    pub refund: Option<BilledRefund>,
}

/// The refund of a line of the bill.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BilledRefund {
    /// WeChat's number.
    pub refund_id: String,
    /// Our number.
    pub out_refund_no: String,
    /// What is given back.
    pub amount: Money,
    pub(crate) state: String,
}

kernel::coded! {
    /// What can differ between WeChat's bill and our books.
    pub enum DifferenceKind {
        /// WeChat lists a payment that we do not know.
        PaymentUnknown = "payment_unknown",
        /// We know a payment of the day that WeChat does not list.
        PaymentUnbilled = "payment_unbilled",
        /// The amounts of a payment differ.
        Amount = "amount",
        /// Another currency than yuan.
        Currency = "currency",
        /// Paid to another merchant, shop or official account than the attempt was made for.
        Merchant = "merchant",
        /// WeChat says paid and our attempt cannot become paid, or the other way round.
        State = "state",
        /// WeChat's number of the payment is not the one that we know.
        Transaction = "transaction",
        /// The same payment or refund stands in the bill more than once.
        Duplicate = "duplicate",
        /// WeChat lists a refund that we do not know.
        RefundUnknown = "refund_unknown",
        /// We sent a refund that WeChat does not list.
        RefundUnbilled = "refund_unbilled",
        /// The amounts of a refund differ.
        RefundAmount = "refund_amount",
        /// WeChat says that a refund ended otherwise than we know.
        RefundState = "refund_state",
        /// The fee is not what amount and rate make.
        Fee = "fee",
        /// Our ledger moved another amount than was paid or given back.
        Books = "books",
        /// The sums of the bill are not those of its lines.
        Total = "total",
        /// Money moved on the account for no payment and no refund of the bill.
        Flow = "flow",
    }
}

/// Something that differs, as a look finds it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// What differs.
    pub kind: DifferenceKind,
    /// Our number, or WeChat's, of what it is about.
    pub number: String,
    /// The shop, where it is known.
    pub shop: Option<Id<Shop>>,
    /// What our books say, in money.
    pub ours: Option<Money>,
    /// What the bill says.
    pub theirs: Option<Money>,
}

/// A difference that was found, and what became of it.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The entry.
    pub id: Id<Difference>,
    /// The day of the bill.
    pub day: Day,
    /// What was found.
    pub found: Found,
    /// When.
    pub found_at: Instant,
    /// When a later look did not find it any more.
    pub gone_at: Option<Instant>,
    /// When a person explained it, who, and how.
    pub explained: Option<(Instant, String, String)>,
}

impl Difference {
    /// Whether it keeps its day open.
    pub fn is_open(&self) -> bool {
        self.gone_at.is_none() && self.explained.is_none()
    }
}

/// What the bill of a day says of one shop.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct BillSum {
    /// How many payments.
    pub payments: i64,
    /// What was paid.
    pub paid: Money,
    /// How many refunds.
    pub refunds: i64,
    /// What goes back.
    pub refunded: Money,
    /// WeChat's fees, less what comes back with refunds.
    pub fee: Money,
}

/// What a look at some lines brought.
#[derive(Clone, Debug, Default)]
pub struct Matched {
    /// What differs.
    pub found: Vec<Found>,
    /// The sums by shop.
    pub sums: BTreeMap<Id<Shop>, BillSum>,
}

impl Matched {
    /// Adds what another look brought.
    pub fn add(&mut self, more: Matched) {
        self.found.extend(more.found);
        for (shop, sum) in more.sums {
            self.sums.entry(shop).or_default().add(sum);
        }
    }

    /// Counts a line for a shop.
    pub(crate) fn count(&mut self, shop: Id<Shop>, line: &BillLine) {
        let (payment, back) = match &line.refund {
            Some(refund) => ((0, Money::ZERO), (1, refund.amount)),
            None => ((1, line.amount), (0, Money::ZERO)),
        };
        self.sums.entry(shop).or_default().add(BillSum {
            payments: payment.0,
            paid: payment.1,
            refunds: back.0,
            refunded: back.1,
            fee: line.fee(),
        });
    }
}

impl BillSum {
    fn add(&mut self, more: BillSum) {
        self.payments += more.payments;
        self.paid += more.paid;
        self.refunds += more.refunds;
        self.refunded += more.refunded;
        self.fee += more.fee;
    }
}

impl BillLine {
    /// The number that a difference of this line is known by.
    pub fn number(&self) -> &str {
        match &self.refund {
            Some(refund) => &refund.out_refund_no,
            None => &self.out_trade_no,
        }
    }

    /// The fee, rounded half up to the fen as WeChat settles it.
    pub fn fee(&self) -> Money {
        Money((self.fee_millifen + 500).div_euclid(1_000))
    }

    /// Whether the fee of a payment is what amount and rate make, to one fen: WeChat rounds by rules of its own.
    pub(crate) fn fee_fits(&self) -> bool {
        self.refund.is_some()
            || self.rate.is_none_or(|rate| {
                // Hundred-thousandths of a fen times fen, brought to thousandths of a fen.
                let wanted = self.amount.fen() * rate / 100;
                (self.fee_millifen - wanted).abs() <= 1_000
            })
    }
}

/// Takes what stands more than once out of the lines; the repeated ones.
pub fn take_repeated(lines: &mut Vec<BillLine>) -> Vec<BillLine> {
    let mut seen = HashSet::new();
    let mut repeated = Vec::new();
    lines.retain(|line| {
        let number = match &line.refund {
            Some(refund) => format!("R{}", refund.refund_id),
            None => format!("P{}", line.transaction_id),
        };
        let first = seen.insert(number);
        if !first {
            repeated.push(line.clone());
        }
        first
    });
    repeated
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(amount: i64, fee_millifen: i64, rate: i64) -> BillLine {
        BillLine {
            at: Instant(0),
            mchid: String::new(),
            appid: String::new(),
            sub_mchid: None,
            openid: String::new(),
            transaction_id: "42".to_owned(),
            out_trade_no: "P1".to_owned(),
            state: "SUCCESS".to_owned(),
            currency: "CNY".to_owned(),
            amount: Money(amount),
            fee_millifen,
            rate: Some(rate),
            refund: None,
        }
    }

    #[test]
    fn a_fee_fits_to_one_fen() {
        // 128.50 yuan at 0.60 % are 77.1 fen.
        for (millifen, fits) in [
            (77_000, true),
            (77_100, true),
            (78_000, true),
            (79_000, false),
            (0, false),
        ] {
            assert_eq!(line(12_850, millifen, 600).fee_fits(), fits, "{millifen}");
        }
        assert_eq!(line(12_850, 77_500, 600).fee(), Money(78));
        assert_eq!(line(12_850, -77_500, 600).fee(), Money(-77));
    }

    #[test]
    fn what_stands_twice_is_taken_out_once() {
        let mut lines = vec![line(1, 0, 0), line(1, 0, 0), line(1, 0, 0)];
        assert_eq!(take_repeated(&mut lines).len(), 2);
        assert_eq!(lines.len(), 1);
    }
}

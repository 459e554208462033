use kernel::{Id, Instant, Money};
use serde::{Deserialize, Serialize};

use super::Payment;

/// What WeChat says was paid. Made only from what carries WeChat's signature, directly or through our own tables.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Receipt {
    pub(crate) mchid: Option<String>,
    pub(crate) appid: Option<String>,
    pub(crate) sub_mchid: Option<String>,
    pub(crate) openid: Option<String>,
    /// Our number.
    pub out_trade_no: String,
    /// WeChat's number.
    pub transaction_id: String,
    /// How much was asked for. Missing where WeChat says nothing.
    pub amount: Option<Money>,
    pub(crate) currency: Option<String>,
    /// When, by WeChat's clock.
    pub paid_at: Option<Instant>,
}

impl Receipt {
    /// The same, without saying who paid.
    pub(crate) fn without_payer(&self) -> Receipt {
        Receipt {
            openid: None,
            ..self.clone()
        }
    }

    /// Whether this is the money that the attempt waits for; else what is wrong with it.
    ///
    /// # Errors
    /// The first [`Doubt`] found.
    pub fn judge(&self, terms: &Terms, payment: &Payment) -> Result<(), Doubt> {
        let same = |ours: &str, theirs: &Option<String>| theirs.as_deref() == Some(ours);
        if !same(&terms.mchid, &self.mchid) {
            Err(Doubt::Merchant)
        } else if payment.sub_mchid != self.sub_mchid {
            Err(Doubt::SubMerchant)
        } else if !same(&terms.appid, &self.appid) {
            Err(Doubt::App)
        } else if self.currency.as_deref().is_some_and(|currency| currency != "CNY") {
            Err(Doubt::Currency)
        } else if self.amount != Some(payment.amount) {
            Err(Doubt::Amount)
        } else if self
            .openid
            .as_ref()
            .is_some_and(|openid| !payment.openid.is_empty() && *openid != payment.openid)
        {
            Err(Doubt::Payer)
        } else if self.transaction_id.is_empty() {
            Err(Doubt::Transaction)
        } else {
            Ok(())
        }
    }
}

/// Who we are at WeChat Pay: what a receipt must name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Terms {
    /// Our merchant number: the service provider's, where we act for shops.
    pub mchid: String,
    /// The official account in which people pay.
    pub appid: String,
}

kernel::coded! {
    /// Where news of money came from.
    pub enum Source {
        /// WeChat told by itself.
        Notice = "notice",
        /// We asked.
        Query = "query",
        /// The bill of the day lists it.
        Bill = "bill",
    }
}

kernel::coded! {
    /// What is wrong with money or news that came.
    pub enum Doubt {
        /// We have no attempt or refund of this number.
        Number = "number",
        /// Another amount than was asked for.
        Amount = "amount",
        /// Another currency than yuan.
        Currency = "currency",
        /// Paid to another service provider.
        Merchant = "merchant",
        /// Paid to another shop.
        SubMerchant = "sub_merchant",
        /// Paid in another official account.
        App = "app",
        /// Paid by somebody else.
        Payer = "payer",
        /// WeChat's number is missing, or stands for another payment of ours, or the attempt was paid under another.
        Transaction = "transaction",
        /// A refund that would give back more than was paid.
        Refund = "refund",
    }
}

/// Money or news that does not fit what we know.
#[derive(Clone, Debug)]
pub struct Suspect {
    /// The entry.
    pub id: Id<Suspect>,
    /// What is wrong.
    pub doubt: Doubt,
    /// Where it came from.
    pub source: Source,
    /// The number of the payment that it names.
    pub out_trade_no: String,
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// Our attempt of that number, if there is one.
    pub payment: Option<Id<Payment>>,
    /// The amount that it names.
    pub amount: Money,
    /// All that it says, as JSON.
    pub body: String,
    /// When it came.
    pub found_at: Instant,
    /// When a person dealt with it, who, and what they wrote.
    pub looked: Option<(Instant, String, String)>,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::{Purpose, State};

    pub(crate) fn payment() -> Payment {
        Payment {
            id: Id::from_raw(1),
            purpose: Purpose::new("order", 7),
            shop: Id::from_raw(2),
            sub_mchid: Some("1900000109".to_owned()),
            amount: Money(12_850),
            description: "全身推拿".to_owned(),
            openid: "o-zhang".to_owned(),
            out_trade_no: Payment::number_of(Id::from_raw(1)),
            state: State::Prepaid,
            asked_at: None,
            prepay_id: None,
            prepaid_at: None,
            ending_at: None,
            transaction_id: None,
            paid_at: None,
            refunded: Money::ZERO,
            expires_at: Instant(0),
            opened_at: Instant(0),
            version: 1,
        }
    }

    #[test]
    fn every_doubt_is_found() {
        let terms = Terms {
            mchid: "1230000109".to_owned(),
            appid: "wx8888888888888888".to_owned(),
        };
        let right = Receipt {
            mchid: Some(terms.mchid.clone()),
            appid: Some(terms.appid.clone()),
            sub_mchid: Some("1900000109".to_owned()),
            openid: Some("o-zhang".to_owned()),
            out_trade_no: payment().out_trade_no,
            transaction_id: "4200".to_owned(),
            amount: Some(Money(12_850)),
            currency: Some("CNY".to_owned()),
            paid_at: Some(Instant(5)),
        };
        assert_eq!(right.judge(&terms, &payment()), Ok(()));
        type Spoil = fn(&mut Receipt);
        let cases: [(Doubt, Spoil); 9] = [
            (Doubt::Amount, |r| r.amount = Some(Money(12_849))),
            (Doubt::Amount, |r| r.amount = None),
            (Doubt::Currency, |r| r.currency = Some("USD".to_owned())),
            (Doubt::Merchant, |r| r.mchid = Some("1230000110".to_owned())),
            (Doubt::SubMerchant, |r| {
                r.sub_mchid = Some("1900000110".to_owned())
            }),
            (Doubt::SubMerchant, |r| r.sub_mchid = None),
            (Doubt::App, |r| r.appid = None),
            (Doubt::Payer, |r| r.openid = Some("o-wang".to_owned())),
            (Doubt::Transaction, |r| r.transaction_id = String::new()),
        ];
        for (doubt, spoil) in cases {
            let mut receipt = right.clone();
            spoil(&mut receipt);
            assert_eq!(receipt.judge(&terms, &payment()), Err(doubt));
        }
    }
}

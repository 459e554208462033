use kernel::Money;
use serde::{Deserialize, Serialize};

/// One account: whose, for what, in which unit. It exists as soon as a transfer names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Account<'a> {
    /// The kind of thing that owns it: `shop`, `order`. Never the platform as a whole: every transfer writes both of its
    /// accounts, so an account that all shops share would make them wait for one another.
    pub owner_kind: &'a str,
    /// The raw identifier of the owner.
    pub owner_id: i64,
    /// What the account is for.
    pub kind: Kind,
    /// What is counted in it.
    pub unit: Unit,
}

impl<'a> Account<'a> {
    /// An account of money.
    pub const fn money(owner_kind: &'a str, owner_id: i64, kind: Kind) -> Account<'a> {
        Account {
            owner_kind,
            owner_id,
            kind,
            unit: Unit::Fen,
        }
    }
}

kernel::coded! {
    /// What an account is for. Accounts that record facts from outside (WeChat, the drawer) are free: refusing to write
    /// down what has happened would help nobody. Accounts that are promises of ours are covered.
    pub enum Kind {
        /// A shop's money at WeChat Pay. Debits add to it. Free: the shop moves this money without us.
        WeChat = "wechat",
        /// A shop's money in the drawer of its desk. Debits add to it. Free: the drawer had money before us.
        Cash = "cash",
        /// What is still to be paid for something already sold: the rest after a deposit, points owed. Debits add to it;
        /// no more can be collected than is due.
        Receivable = "receivable",
        /// What WeChat kept for its service. Debits add to it. Free.
        Fees = "fees",
        /// What a shop has earned. Credits add to it. Free: a refund after the service takes back what was counted.
        Revenue = "revenue",
        /// What a customer has paid for something that is not yet earned nor given back. Credits add to it; it
        /// never falls below nothing.
        Paid = "paid",
        /// What is on its way back to a customer. Credits add to it; no more arrives than was sent.
        Refunding = "refunding",
        /// Money that arrived and fits nothing we know, until a person decides. Credits add to it; no more can be
        /// decided than arrived.
        Suspense = "suspense",
        /// A customer's points; in fen, what those are worth that are being spent. Credits add to them; no more can be
        /// spent than there are.
        Points = "points",
        /// Money a customer stored with one shop. Credits add to it; no more can be spent than there is.
        Value = "value",
        /// What a coupon may still pay. Credits add to it; no more can be redeemed than it is worth.
        Coupon = "coupon",
        /// What a shop gives away in coupons and points, and so does not earn. Debits add to it. Free.
        Discounts = "discounts",
        /// Messages a shop has bought. Credits add to them; alerts may pass nothing by [`Kind::allowance`].
        Sms = "sms",
        /// What points and messages are issued from, owned by the shop that issues or buys. Debits add to it. Free.
        Issued = "issued",
    }
}

/// The side that adds to an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// Debits add: what is had.
    Debit,
    /// Credits add: what is owed or earned.
    Credit,
}

impl Kind {
    /// The side that adds to accounts of this kind.
    pub const fn side(self) -> Side {
        match self {
            Kind::WeChat | Kind::Cash | Kind::Receivable | Kind::Fees | Kind::Discounts | Kind::Issued => {
                Side::Debit
            }
            Kind::Revenue
            | Kind::Paid
            | Kind::Refunding
            | Kind::Suspense
            | Kind::Points
            | Kind::Value
            | Kind::Coupon
            | Kind::Sms => Side::Credit,
        }
    }

    /// Whether an account of this kind can give no more than it received, counting what is reserved. The database
    /// refuses it, by a CHECK on the row of the balance.
    pub const fn covered(self) -> bool {
        !matches!(
            self,
            Kind::WeChat | Kind::Cash | Kind::Fees | Kind::Revenue | Kind::Discounts | Kind::Issued
        )
    }

    /// By how much, in the account's unit, a covered account may pass nothing.
    pub const fn allowance(self) -> i64 {
        match self {
            Kind::Sms => 30,
            _ => 0,
        }
    }
}

kernel::coded! {
    /// What is counted.
    pub enum Unit {
        /// Hundredths of a yuan.
        Fen = "fen",
        /// Points of a membership.
        Points = "points",
        /// Short messages.
        Sms = "sms",
    }
}

/// What an account holds: debits minus credits. Positive where the owner has money, negative where it is owed or
/// earned. Over all accounts of a unit the balances add up to zero.
pub type Balance = Money;

/// The four sums of an account, in its unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Standing {
    /// Debits that have taken effect.
    pub debits_posted: i64,
    /// Credits that have taken effect.
    pub credits_posted: i64,
    /// Debits that are reserved.
    pub debits_pending: i64,
    /// Credits that are reserved.
    pub credits_pending: i64,
}

impl Standing {
    /// Debits minus credits that have taken effect.
    pub fn balance(self) -> Balance {
        Money(self.debits_posted - self.credits_posted)
    }

    /// What has taken effect, positive on the side that adds to the account.
    pub fn posted(self, side: Side) -> i64 {
        match side {
            Side::Debit => self.debits_posted - self.credits_posted,
            Side::Credit => self.credits_posted - self.debits_posted,
        }
    }

    /// What is reserved to be taken from the account.
    pub fn reserved(self, side: Side) -> i64 {
        match side {
            Side::Debit => self.credits_pending,
            Side::Credit => self.debits_pending,
        }
    }

    /// What can still be taken: what has taken effect less what is reserved. What is reserved to be added does not count.
    pub fn available(self, side: Side) -> i64 {
        self.posted(side) - self.reserved(side)
    }
}

impl std::ops::AddAssign for Standing {
    fn add_assign(&mut self, more: Standing) {
        self.debits_posted += more.debits_posted;
        self.credits_posted += more.credits_posted;
        self.debits_pending += more.debits_pending;
        self.credits_pending += more.credits_pending;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reserved_cannot_be_taken_and_what_is_to_come_neither() {
        let standing = Standing {
            debits_posted: 30,
            credits_posted: 100,
            debits_pending: 20,
            credits_pending: 500,
        };
        assert_eq!(
            (standing.posted(Side::Credit), standing.available(Side::Credit)),
            (70, 50)
        );
        assert_eq!(
            (standing.posted(Side::Debit), standing.available(Side::Debit)),
            (-70, -570)
        );
        assert_eq!(standing.balance(), Money(-70));
    }

    #[test]
    fn the_signs_of_the_kinds() {
        let table: String = Kind::ALL
            .iter()
            .map(|kind| {
                let rule = match (kind.covered(), kind.side()) {
                    (false, _) => "free",
                    (true, Side::Credit) => "credits cover debits",
                    (true, Side::Debit) => "debits cover credits",
                };
                format!(
                    "{:<11}{:?} adds, {rule}, allowance {}\n",
                    kind.code(),
                    kind.side(),
                    kind.allowance()
                )
            })
            .collect();
        insta::assert_snapshot!("signs", table);
    }
}

use kernel::Money;

/// One account: whose, for what, in which unit. It exists as soon as a transfer names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Account<'a> {
    /// The kind of thing that owns it: `shop`, `order`.
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
    /// What an account is for.
    pub enum Kind {
        /// A shop's money at WeChat Pay. Debits add to it.
        WeChat = "wechat",
        /// What a customer has paid for something that is not yet earned nor given back. Credits add to it; it
        /// never falls below nothing.
        Paid = "paid",
        /// What a shop has earned. Credits add to it.
        Revenue = "revenue",
    }
}

impl Kind {
    /// Whether the credits of such an account must always cover its debits.
    pub const fn covered(self) -> bool {
        matches!(self, Kind::Paid)
    }
}

kernel::coded! {
    /// What is counted.
    pub enum Unit {
        /// Hundredths of a yuan.
        Fen = "fen",
    }
}

/// An amount moved from one account to another: the debit account receives what the credit account gives.
#[derive(Clone, Copy, Debug)]
pub struct Transfer<'a> {
    /// The account that is debited.
    pub debit: Account<'a>,
    /// The account that is credited.
    pub credit: Account<'a>,
    /// How much; nothing moves when it is zero.
    pub amount: Money,
    /// Why: the kind of thing and its raw identifier, such as `("payment", …)`.
    pub cause: (&'static str, i64),
    /// Tells apart several transfers of one cause. The same cause and key a second time has no second effect.
    pub key: &'a str,
}

/// What an account holds: debits minus credits. Positive where the owner has money, negative where it is owed or
/// earned. Over all accounts of a unit the balances add up to zero.
pub type Balance = Money;

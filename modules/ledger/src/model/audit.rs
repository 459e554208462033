use serde::{Deserialize, Serialize};

use super::{Broken, Kind, Standing, Unit};

/// Differences that a report names; more are only counted.
pub(crate) const NAMED: usize = 50;

/// What a look through the whole books found.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    /// Accounts looked at.
    pub accounts: i64,
    /// Transfers looked at.
    pub transfers: i64,
    /// How many accounts' kept balances differ from the sums over their transfers.
    pub different: i64,
    /// The first of them.
    pub differences: Vec<Difference>,
    /// Transfers that are neither in the journal nor waiting for their place: nobody wrote them by the front door.
    pub unlisted: i64,
    /// The first place where the journal does not hold.
    pub broken: Option<Broken>,
    /// The last place of the journal that holds.
    pub place: i64,
    /// Its hash: kept elsewhere, it proves what the books were.
    pub hash: String,
    /// The sums by kind and unit, over one moment.
    pub totals: Vec<Total>,
}

/// An account whose kept balance is not the sum of its transfers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Difference {
    /// The account: owner's kind, owner, kind, unit, with slashes.
    pub account: String,
    /// What the row of the balance says.
    pub kept: Standing,
    /// What the transfers add up to.
    pub summed: Standing,
    /// Whether the row guards the sign that the kind asks for.
    pub guarded: bool,
}

/// The sums over all accounts of one kind in one unit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Total {
    /// The kind.
    pub kind: Kind,
    /// The unit.
    pub unit: Unit,
    /// How many accounts there are.
    pub accounts: i64,
    /// Their sums.
    pub standing: Standing,
}

impl Report {
    /// Whether the books are right: every balance, the sum of each unit, and the journal.
    pub fn sound(&self) -> bool {
        self.different == 0
            && self.unlisted == 0
            && self.broken.is_none()
            && self.sums().iter().all(|(_, sum)| *sum == 0)
    }

    /// Debits minus credits of each unit that is in use: zero, or the books are wrong.
    pub fn sums(&self) -> Vec<(Unit, i64)> {
        Unit::ALL
            .iter()
            .filter(|unit| self.totals.iter().any(|total| total.unit == **unit))
            .map(|unit| {
                let of_unit = self.totals.iter().filter(|total| total.unit == *unit);
                (*unit, of_unit.map(|total| total.standing.balance().fen()).sum())
            })
            .collect()
    }

    pub(crate) fn note(&mut self, difference: Difference) {
        self.different += 1;
        if self.differences.len() < NAMED {
            self.differences.push(difference);
        }
    }
}

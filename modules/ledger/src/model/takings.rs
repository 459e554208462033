use kernel::Money;

use super::Kind;

/// What one till took, gave back and paid in fees.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Takings {
    /// What came.
    pub taken: Money,
    /// What went back.
    pub given_back: Money,
    /// What was paid in fees.
    pub fee: Money,
}

impl Takings {
    /// Counts a movement: positive where money came into the till, `other` what it came from or went to.
    pub fn count(&mut self, other: Kind, amount: Money) {
        if other == Kind::Fees {
            self.fee -= amount;
        } else if amount >= Money::ZERO {
            self.taken += amount;
        } else {
            self.given_back -= amount;
        }
    }

    /// Adds other takings.
    pub fn add(&mut self, more: Takings) {
        self.taken += more.taken;
        self.given_back += more.given_back;
        self.fee += more.fee;
    }

    /// What is left.
    pub fn net(self) -> Money {
        self.taken - self.given_back - self.fee
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takings_refunds_and_fees_make_the_net() {
        let mut takings = Takings::default();
        for (other, amount) in [
            (Kind::Paid, 12_850),
            (Kind::Paid, -5_000),
            (Kind::Revenue, -100),
            (Kind::Fees, -77),
            (Kind::Fees, 30),
        ] {
            takings.count(other, Money(amount));
        }
        let wanted = Takings {
            taken: Money(12_850),
            given_back: Money(5_100),
            fee: Money(47),
        };
        assert_eq!((takings, takings.net()), (wanted, Money(7_703)));
    }
}

use kernel::{Money, Result};

use super::Refusal;

/// What of a service's price a customer pays before it is booked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Prepay {
    /// All of it.
    #[default]
    Full,
    /// So much of it.
    Deposit(Money),
    /// A share of it, in basis points.
    Share(i64),
    /// Nothing: it is paid at the shop.
    AtShop,
}

impl Prepay {
    /// What is due at once of this price: never more than all of it.
    pub fn due_now(self, price: Money) -> Money {
        match self {
            Prepay::Full => price,
            Prepay::Deposit(amount) => amount.min(price),
            Prepay::Share(share) => price.share(share),
            Prepay::AtShop => Money::ZERO,
        }
    }

    /// The same, if it can be.
    ///
    /// # Errors
    /// `catalog.bad_deposit`: a deposit is at least one fen, a share is more than nothing and less than all.
    pub fn checked(self) -> Result<Prepay> {
        let fits = match self {
            Prepay::Full | Prepay::AtShop => true,
            Prepay::Deposit(amount) => (Money(1)..=Money::yuan(5_000)).contains(&amount),
            Prepay::Share(share) => (1..10_000).contains(&share),
        };
        if fits {
            Ok(self)
        } else {
            Err(Refusal::BadDeposit.into())
        }
    }

    /// The stable code of the way, and its number: fen or basis points.
    pub(crate) fn stored(self) -> (&'static str, i64) {
        match self {
            Prepay::Full => ("full", 0),
            Prepay::Deposit(amount) => ("deposit", amount.fen()),
            Prepay::Share(share) => ("share", share),
            Prepay::AtShop => ("at_shop", 0),
        }
    }

    pub(crate) fn read(how: &str, number: i64) -> Prepay {
        match how {
            "deposit" => Prepay::Deposit(Money(number)),
            "share" => Prepay::Share(number),
            "at_shop" => Prepay::AtShop,
            _ => Prepay::Full,
        }
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn what_is_due_now_never_passes_the_price() {
        let price = Money(12_850);
        for (prepay, due) in [
            (Prepay::Full, 12_850),
            (Prepay::Deposit(Money(5_000)), 5_000),
            (Prepay::Deposit(Money(99_999)), 12_850),
            (Prepay::Share(3_000), 3_855),
            (Prepay::AtShop, 0),
        ] {
            assert_eq!(prepay.due_now(price), Money(due), "{prepay:?}");
            let (how, number) = prepay.stored();
            assert_eq!(Prepay::read(how, number), prepay);
        }
        for wrong in [
            Prepay::Deposit(Money(0)),
            Prepay::Share(0),
            Prepay::Share(10_000),
            Prepay::Deposit(Money(500_001)),
        ] {
            assert!(wrong.checked().is_err(), "{wrong:?}");
        }
        assert!(Prepay::Share(9_999).checked().is_ok());
    }
}

use std::{
    fmt,
    iter::Sum,
    ops::{Add, AddAssign, Neg, Sub, SubAssign},
};

use serde::{Deserialize, Serialize};

/// An amount of Chinese money in integer fen (1 yuan = 100 fen). Never a float.
///
/// Arithmetic that leaves 64 bits is a programmer error and panics: no real amount comes near.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(pub i64);

const OVERFLOW: &str = "amounts stay far below 2^63 fen";

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// Whole yuan.
    pub const fn yuan(yuan: i64) -> Money {
        Money(yuan * 100)
    }

    /// The number of fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// `self` times a whole number, such as pieces of a line.
    pub fn times(self, count: i64) -> Money {
        Money(self.0.checked_mul(count).expect(OVERFLOW))
    }

    /// The given share in basis points (10,000 = all), rounded half up, never more than the amount itself for
    /// shares up to 10,000.
    pub fn share(self, basis_points: i64) -> Money {
        let exact = i128::from(self.0) * i128::from(basis_points);
        let rounded = (exact + 5_000 * i128::from(self.0.signum())) / 10_000;
        Money(i64::try_from(rounded).expect(OVERFLOW))
    }

    /// Splits the amount over weights so that the parts add up to it exactly (largest remainder; ties go to the
    /// earlier part). All-zero weights give everything to the first part; no weights give no parts.
    pub fn split(self, weights: &[i64]) -> Vec<Money> {
        let total: i128 = weights.iter().map(|w| i128::from(*w)).sum();
        if total == 0 {
            return weights
                .iter()
                .enumerate()
                .map(|(i, _)| if i == 0 { self } else { Money::ZERO })
                .collect();
        }
        let exact = |weight: i64| i128::from(self.0) * i128::from(weight);
        let mut parts: Vec<i64> = weights
            .iter()
            .map(|w| i64::try_from(exact(*w).div_euclid(total)).expect(OVERFLOW))
            .collect();
        let mut rest = self.0 - parts.iter().sum::<i64>();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(exact(weights[*i]).rem_euclid(total)));
        for i in order {
            if rest == 0 {
                break;
            }
            parts[i] += 1;
            rest -= 1;
        }
        parts.into_iter().map(Money).collect()
    }
}

/// `¥128.50`, as it is shown; whole yuan lose the fen: `¥128`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (yuan, fen) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        if fen == 0 {
            write!(f, "{sign}¥{yuan}")
        } else {
            write!(f, "{sign}¥{yuan}.{fen:02}")
        }
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0.checked_add(other.0).expect(OVERFLOW))
    }
}
impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0.checked_sub(other.0).expect(OVERFLOW))
    }
}
impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money(self.0.checked_neg().expect(OVERFLOW))
    }
}
impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        *self = *self + other;
    }
}
impl SubAssign for Money {
    fn sub_assign(&mut self, other: Money) {
        *self = *self - other;
    }
}
impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_shown_in_yuan() {
        assert_eq!(Money(12_850).to_string(), "¥128.50");
        assert_eq!(Money(12_800).to_string(), "¥128");
        assert_eq!(Money(-5).to_string(), "-¥0.05");
    }

    #[test]
    fn the_worked_example_of_the_design_splits_exactly() {
        // Lines of 100 and 60 yuan, a coupon of 20 and points worth 8: cash rows of 82.50 and 49.50.
        let lines = [10_000, 6_000];
        let coupon = Money::yuan(20).split(&lines);
        let points = Money::yuan(8).split(&lines);
        let cash: Vec<Money> = (0..2).map(|i| Money(lines[i]) - coupon[i] - points[i]).collect();
        assert_eq!(cash, [Money(8_250), Money(4_950)]);
    }

    proptest! {
        #[test]
        fn parts_add_up(amount in 0..10_000_000i64, weights in prop::collection::vec(0..1_000_000i64, 1..9)) {
            let parts = Money(amount).split(&weights);
            prop_assert_eq!(parts.iter().copied().sum::<Money>(), Money(amount));
            prop_assert!(parts.iter().all(|p| p.0 >= 0));
        }

        #[test]
        fn a_share_stays_within_the_amount(amount in 0..10_000_000i64, bp in 0..=10_000i64) {
            let share = Money(amount).share(bp);
            prop_assert!(Money::ZERO <= share && share <= Money(amount));
        }
    }
}

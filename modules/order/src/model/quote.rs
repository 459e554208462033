use kernel::Money;

use super::Policy;

/// What an order would cost, before it is opened: what the customer sees before paying.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quote {
    /// Each thing and its price.
    pub lines: Vec<(String, Money)>,
    /// Their sum.
    pub total: Money,
    /// What is to be paid at once.
    pub due_now: Money,
    /// What is to be paid at the shop, or in the app, before the end.
    pub due_later: Money,
    /// The rules of cancellation.
    pub policy: Policy,
}

impl Quote {
    /// Adds the lines up. What is due now is never more than all and never less than nothing.
    pub fn new(lines: Vec<(String, Money)>, due_now: Money, policy: Policy) -> Quote {
        let total: Money = lines.iter().map(|line| line.1).sum();
        let due_now = due_now.max(Money::ZERO).min(total);
        Quote {
            lines,
            total,
            due_now,
            due_later: total - due_now,
            policy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn now_and_later_add_up_to_the_lines() {
        let lines = vec![
            ("全身".to_owned(), Money(12_800)),
            ("精油".to_owned(), Money(2_050)),
        ];
        for (asked, now) in [(5_000, 5_000), (0, 0), (99_999, 14_850), (-1, 0)] {
            let quote = Quote::new(lines.clone(), Money(asked), Policy::default());
            assert_eq!(quote.total, Money(14_850));
            assert_eq!(quote.due_now, Money(now));
            assert_eq!(quote.due_now + quote.due_later, quote.total);
        }
    }
}

//! How soon and how far ahead customers may book.

use kernel::Minutes;

use super::Refusal;

/// How soon and how far ahead a shop can be booked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// The earliest start is so many minutes from now; 0: as soon as the shop can get ready.
    pub lead: Minutes,
    /// So many business days can be booked, today's first.
    pub days: i64,
}

/// The centre's default, and how far a shop may go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// Of shops that have said nothing.
    pub usual: Window,
    /// The longest lead that a shop may ask, in minutes.
    pub most_lead: Minutes,
    /// The furthest that a shop may open its book, in business days.
    pub most_days: i64,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds {
            usual: Window {
                lead: 0,
                days: crate::DAYS,
            },
            most_lead: 24 * 60,
            most_days: 30,
        }
    }
}

/// No centre may let shops open their books further: free times are computed for every day of it.
const FURTHEST: i64 = 60;
/// Nor ask for more than a week of notice, in minutes.
const LONGEST: Minutes = 7 * 24 * 60;

impl Bounds {
    /// Refuses bounds that contradict themselves.
    ///
    /// # Errors
    /// `scheduling.bad_bounds`.
    pub fn check(&self) -> Result<(), Refusal> {
        let Bounds {
            usual,
            most_lead,
            most_days,
        } = *self;
        let fits = (0..=LONGEST).contains(&most_lead)
            && (1..=FURTHEST).contains(&most_days)
            && (0..=most_lead).contains(&usual.lead)
            && (1..=most_days).contains(&usual.days);
        if fits { Ok(()) } else { Err(Refusal::BadBounds) }
    }

    /// Refuses a shop's wish outside the bounds.
    ///
    /// # Errors
    /// `scheduling.bad_lead`, `scheduling.bad_days`.
    pub fn allows(&self, wish: Window) -> Result<(), Refusal> {
        if !(0..=self.most_lead).contains(&wish.lead) {
            return Err(Refusal::BadLead { most: self.most_lead });
        }
        if !(1..=self.most_days).contains(&wish.days) {
            return Err(Refusal::BadDays { most: self.most_days });
        }
        Ok(())
    }

    /// What counts for a shop: its own wish, as far as the bounds of today allow it.
    pub fn for_shop(&self, wish: Option<Window>) -> Window {
        wish.map_or(self.usual, |wish| Window {
            lead: wish.lead.min(self.most_lead),
            days: wish.days.min(self.most_days),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_stays_within_the_centres_bounds() {
        let bounds = Bounds::default();
        assert_eq!(bounds.check(), Ok(()));
        let wish = |lead, days| Window { lead, days };
        assert_eq!(bounds.allows(wish(30, 21)), Ok(()));
        assert_eq!(bounds.allows(wish(-1, 21)), Err(Refusal::BadLead { most: 1440 }));
        assert_eq!(
            bounds.allows(wish(1441, 21)),
            Err(Refusal::BadLead { most: 1440 })
        );
        assert_eq!(bounds.allows(wish(30, 31)), Err(Refusal::BadDays { most: 30 }));
        assert_eq!(bounds.allows(wish(30, 0)), Err(Refusal::BadDays { most: 30 }));
        // Bounds that were drawn closer later hold for wishes of before.
        let closer = Bounds {
            usual: wish(0, 7),
            most_lead: 60,
            most_days: 7,
        };
        assert_eq!(closer.for_shop(Some(wish(120, 21))), wish(60, 7));
        assert_eq!(closer.for_shop(None), wish(0, 7));
        let torn = Bounds {
            usual: wish(90, 7),
            ..closer
        };
        assert_eq!(torn.check(), Err(Refusal::BadBounds));
        assert_eq!(
            Bounds {
                most_days: 61,
                ..bounds
            }
            .check(),
            Err(Refusal::BadBounds)
        );
    }
}

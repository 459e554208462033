//! The end of a visit and what may go wrong there: minutes added, a therapist relieved, who stayed away, what was broken off.

use kernel::{Id, Instant, Minutes, Money, Shop};
use order::Order;
use therapist::Therapist;

use super::{Booking, NO_SHOW_MINUTES, State, Why};

/// The desk can add so many minutes at once (加钟).
pub const EXTRA_MINUTES: [Minutes; 4] = [15, 30, 45, 60];
/// The desk is told of a service that nobody ended so many minutes after its time.
pub const PROMPT_MINUTES: Minutes = 30;
/// What was completed by mistake can be opened again for so many minutes.
pub const REOPEN_MINUTES: Minutes = 120;
/// A customer can object to having been called a no-show for so many hours; after as many the centre sees what the shop
/// has not decided.
pub const DISPUTE_HOURS: i64 = 48;
/// A customer can say that they will be so many minutes late.
pub const LATE_MINUTES: [Minutes; 3] = [10, 15, 20];
/// From so many minutes before the start.
pub const LATE_BEFORE: Minutes = 120;
/// Somebody who said that they will be late is waited for so many minutes longer than that.
pub const LATE_GRACE: Minutes = 5;
/// The longest words about an end: a reason, an objection, a ruling; in characters.
pub const WORDS_LENGTH: usize = 200;

/// What was added to a booking while the customer was there: minutes of its service, or another service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extension {
    /// The extension; a line of the order stands for it.
    pub id: Id<Extension>,
    /// What it is called on the order.
    pub title: String,
    /// How long it takes.
    pub minutes: Minutes,
    /// What it costs.
    pub amount: Money,
}

/// What more minutes of a service cost that takes `base` minutes for `price`: its price of a minute, to the fen, halves up.
///
/// # Panics
/// When the service takes no time, which no service does.
pub fn price_of(minutes: Minutes, price: Money, base: Minutes) -> Money {
    assert!(base > 0, "a service takes time");
    let doubled = 2 * i128::from(price.fen()) * i128::from(minutes) + i128::from(base);
    Money(i64::try_from(doubled.div_euclid(2 * i128::from(base))).unwrap_or(i64::MAX))
}

/// Who served how many minutes: those who were relieved, in turn, and then whoever serves last. The minutes add up to the
/// length of the service, however long it really took.
pub fn shares(
    length: Minutes,
    relieved: &[(Id<Therapist>, Minutes)],
    last: Id<Therapist>,
) -> Vec<(Id<Therapist>, Minutes)> {
    let mut left = length;
    let mut shares: Vec<(Id<Therapist>, Minutes)> = Vec::new();
    let mut give = |who: Id<Therapist>, minutes: Minutes| match shares.iter_mut().find(|share| share.0 == who)
    {
        Some(share) => share.1 += minutes,
        None => shares.push((who, minutes)),
    };
    for (who, minutes) in relieved {
        let part = (*minutes).clamp(0, left);
        give(*who, part);
        left -= part;
    }
    give(last, left);
    shares
}

/// How many minutes of a service of `length` have been served at `now`, when it began at `started`.
pub fn served(started: Instant, now: Instant, length: Minutes) -> Minutes {
    now.minutes_since(started).clamp(0, length)
}

/// What the money of a visit follows that was broken off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dues {
    /// Everything is owed, as if it had been done.
    All,
    /// The minutes that were served.
    Served,
    /// What calling off late costs.
    Late,
    /// The way to the customer's home, and no more.
    Way,
    /// Nothing: all of it goes back.
    Nothing,
}

impl Why {
    /// The reasons for breaking off a visit.
    pub const OF_ABORT: [Why; 4] = [
        Why::Unsafe,
        Why::CustomerUnwell,
        Why::CustomerStops,
        Why::ShopTrouble,
    ];

    /// What the money follows when a visit is broken off for this reason, `begun` when the service had begun.
    pub const fn dues(self, begun: bool) -> Dues {
        match (self, begun) {
            // The therapist is paid: leaving a danger must cost nobody anything but the one who made it.
            (Why::Unsafe, _) | (Why::CustomerStops, true) => Dues::All,
            (Why::CustomerUnwell, true) => Dues::Served,
            (Why::CustomerStops, false) => Dues::Late,
            _ => Dues::Nothing,
        }
    }
}

impl Booking {
    /// Whether the customer can say at `now` that they will be late.
    pub fn can_be_late(&self, now: Instant) -> bool {
        self.state == State::Confirmed
            && !self.is_at_home()
            && now >= self.starts_at.plus_minutes(-LATE_BEFORE)
            && now < self.starts_at.plus_minutes(NO_SHOW_MINUTES)
    }
}

/// So many minutes after the start somebody may be called a no-show who said that they will be `late`.
pub const fn wait_minutes(late: Option<Minutes>) -> Minutes {
    match late {
        Some(late) if late + LATE_GRACE > NO_SHOW_MINUTES => late + LATE_GRACE,
        _ => NO_SHOW_MINUTES,
    }
}

/// The most that a shop may keep of what was `paid` for somebody who stayed away from a booking as it stood before: a deposit,
/// as long as no more than that was asked for, else what calling off at `now` would cost. Of a home visit `fare` is for the way,
/// which somebody has gone.
pub fn most_kept(booking: &Booking, order: &Order, (paid, fare): (Money, Money), now: Instant) -> Money {
    let most = match order.deposit {
        Some(deposit) if order.due_now <= deposit => order.due(),
        _ => booking.returned(&order.policy, now).kept(order.due(), fare),
    };
    most.min(paid)
}

/// What a shop keeps of the money of somebody who stayed away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fee {
    /// Nothing.
    Waive,
    /// All that the order's rules allow.
    All,
    /// A part of it.
    Part(Money),
    /// The shop decides later: a task stands on its list until then.
    Later,
}

kernel::coded! {
    /// Why an end needs more than the booking's own steps.
    pub enum CaseKind {
        /// The customer stayed away.
        Absence = "absence",
        /// The therapist broke off because it was not safe.
        Unsafe = "unsafe",
    }
}

kernel::coded! {
    /// Where a case stands.
    pub enum CaseState {
        /// The shop has to say what it keeps.
        Undecided = "undecided",
        /// The shop has said it.
        Decided = "decided",
        /// The centre has to decide: the customer objected, or somebody was in danger.
        Referred = "referred",
        /// The centre has decided.
        Closed = "closed",
    }
}

/// An end that somebody still has to decide on, or had to. A booking has at most one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// Of which booking.
    pub booking: Id<Booking>,
    /// The shop.
    pub shop: Id<Shop>,
    /// What it is about.
    pub kind: CaseKind,
    /// Where it stands.
    pub state: CaseState,
    /// The most that may be kept.
    pub most: Money,
    /// What is kept, once somebody decided.
    pub kept: Option<Money>,
    /// Since when.
    pub opened_at: Instant,
}

impl Case {
    /// What is kept, or would be.
    pub fn at_stake(&self) -> Money {
        self.kept.unwrap_or(self.most)
    }

    /// Until when the customer can object.
    pub fn disputed_until(&self) -> Instant {
        self.opened_at.plus_minutes(DISPUTE_HOURS * 60)
    }

    /// Whether the customer can object at `now`.
    pub fn can_be_disputed(&self, now: Instant) -> bool {
        self.kind == CaseKind::Absence
            && matches!(self.state, CaseState::Undecided | CaseState::Decided)
            && now < self.disputed_until()
    }

    /// Whether it waits for the centre at `now`: it was referred to it, or the shop has not decided for two days.
    pub fn is_for_centre(&self, now: Instant) -> bool {
        match self.state {
            CaseState::Referred => true,
            CaseState::Undecided => now >= self.disputed_until(),
            CaseState::Decided | CaseState::Closed => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn minutes_cost_what_they_cost_in_the_service() {
        let price = |minutes, yuan, base| price_of(minutes, Money::yuan(yuan), base);
        assert_eq!(price(30, 128, 60), Money::yuan(64));
        assert_eq!(price(15, 99, 60), Money(2_475));
        // 168 for 70 minutes: 36 exactly; 100 for 70: 21.428…
        assert_eq!(price(15, 168, 70), Money::yuan(36));
        assert_eq!(price(15, 100, 70), Money(2_143));
        assert_eq!(price(45, 128, 30), Money::yuan(192));
    }

    #[test]
    fn edge_case_10_the_minutes_are_split_between_both() {
        let (liu, wang) = (Id::from_raw(1), Id::from_raw(2));
        assert_eq!(shares(60, &[(liu, 25)], wang), [(liu, 25), (wang, 35)]);
        assert_eq!(shares(60, &[], liu), [(liu, 60)]);
        assert_eq!(shares(90, &[(liu, 25), (wang, 20)], liu), [(liu, 70), (wang, 20)]);
        assert_eq!(shares(60, &[(liu, 75)], wang), [(liu, 60), (wang, 0)]);
    }

    #[test]
    fn the_reason_decides_about_the_money() {
        let dues = |begun| Why::OF_ABORT.map(|why| why.dues(begun));
        use Dues::{All, Late, Nothing, Served};
        assert_eq!(dues(true), [All, Served, All, Nothing]);
        assert_eq!(dues(false), [All, Nothing, Late, Nothing]);
    }

    #[test]
    fn who_said_they_are_late_is_waited_for() {
        assert_eq!(
            [None, Some(10), Some(15), Some(20)].map(wait_minutes),
            [15, 15, 20, 25]
        );
    }

    #[test]
    fn a_case_waits_for_the_shop_then_for_the_centre() {
        let opened = Instant(1_795_000_200_000);
        let case = |kind, state| Case {
            booking: Id::from_raw(1),
            shop: Id::from_raw(2),
            kind,
            state,
            most: Money::yuan(30),
            kept: None,
            opened_at: opened,
        };
        let (early, late) = (opened.plus_minutes(48 * 60 - 1), opened.plus_minutes(48 * 60));
        let told = |now| -> Vec<(bool, bool)> {
            CaseState::ALL
                .iter()
                .map(|state| case(CaseKind::Absence, *state))
                .map(|case| (case.can_be_disputed(now), case.is_for_centre(now)))
                .collect()
        };
        assert_eq!(
            told(early),
            [(true, false), (true, false), (false, true), (false, false)]
        );
        assert_eq!(
            told(late),
            [(false, true), (false, false), (false, true), (false, false)]
        );
        assert!(!case(CaseKind::Unsafe, CaseState::Referred).can_be_disputed(early));
    }

    proptest! {
        #[test]
        fn shares_add_up_to_the_service(
            length in 1..300i64,
            relieved in prop::collection::vec((1..5i64, -10..200i64), 0..5),
            last in 1..5i64,
        ) {
            let relieved: Vec<_> = relieved.into_iter().map(|(who, minutes)| (Id::from_raw(who), minutes)).collect();
            let shares = shares(length, &relieved, Id::from_raw(last));
            prop_assert_eq!(shares.iter().map(|share| share.1).sum::<i64>(), length);
            prop_assert!(shares.iter().all(|share| share.1 >= 0));
        }

        #[test]
        fn minutes_by_parts_cost_what_they_cost_at_once_but_for_halves(price in 0..1_000_000i64, base in 1..300i64) {
            let at_once = price_of(60, Money(price), base).fen();
            let parts = price_of(15, Money(price), base).fen() + price_of(45, Money(price), base).fen();
            prop_assert!((at_once - parts).abs() <= 1);
        }
    }
}

//! What a review is and may say. Pure.

use booking::{Booking, State};
use kernel::{Customer, Id, Instant, Shop};
use text::pinyin;
use therapist::Therapist;

/// What a customer said about a completed booking.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Review {
    /// The review.
    pub id: Id<Review>,
    /// The booking it is about.
    pub booking: Id<Booking>,
    /// The shop.
    pub shop: Id<Shop>,
    /// Who served.
    pub therapist: Id<Therapist>,
    /// Who wrote.
    pub customer: Id<Customer>,
    /// The writer as others see them: 张女士, 张**.
    pub author: String,
    /// The service's name as it was booked.
    pub service_name: String,
    /// 1 to 5.
    pub stars: i64,
    /// In the customer's words; may be empty.
    pub words: String,
    /// When.
    pub created_at: Instant,
    /// The shop's answer.
    pub reply: Option<Reply>,
    /// Counts the changes.
    pub version: i64,
}

/// The shop's answer to a review.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    /// The answer.
    pub words: String,
    /// When it was last changed.
    pub at: Instant,
}

/// What a customer submits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewReview {
    /// 1 to 5.
    pub stars: i64,
    /// May be empty.
    pub words: String,
}

/// The longest review and the longest reply, in characters.
pub const LENGTH: u32 = 500;

kernel::coded! {
    /// What happens to a review.
    pub enum Step {
        /// The customer wrote it.
        Write = "write",
        /// The shop answered, or changed its answer.
        Reply = "reply",
    }
}

kernel::refusals! {
    /// Why a review or a reply says no.
    pub enum Refusal in "review" {
        /// Only a completed booking can be reviewed.
        NotCompleted => 409 "not_completed",
        /// The booking was reviewed before.
        Written => 409 "already_written",
        /// No star was chosen.
        NoStars => 422 "no_stars" on "stars",
        /// More words than anybody reads.
        LongWords { most: u32 } => 422 "long_words" on "words",
        /// The reply is empty.
        NoReply => 422 "no_reply" on "reply",
        /// The reply is too long.
        LongReply { most: u32 } => 422 "long_reply" on "reply",
        /// A colleague replied meanwhile.
        Changed => 409 "changed",
    }
}

impl NewReview {
    /// The same without surrounding blanks.
    ///
    /// # Errors
    /// `review.no_stars`, `review.long_words`.
    pub fn checked(&self) -> Result<NewReview, Refusal> {
        if !(1..=5).contains(&self.stars) {
            return Err(Refusal::NoStars);
        }
        let words = self.words.trim();
        if words.chars().count() > LENGTH as usize {
            return Err(Refusal::LongWords { most: LENGTH });
        }
        Ok(NewReview {
            stars: self.stars,
            words: words.to_owned(),
        })
    }
}

/// A reply without surrounding blanks.
///
/// # Errors
/// `review.no_reply`, `review.long_reply`.
pub fn checked_reply(words: &str) -> Result<&str, Refusal> {
    let words = words.trim();
    match words.chars().count() {
        0 => Err(Refusal::NoReply),
        length if length > LENGTH as usize => Err(Refusal::LongReply { most: LENGTH }),
        _ => Ok(words),
    }
}

/// Whether a booking in this state can be reviewed.
pub fn can_be_reviewed(state: State) -> bool {
    state == State::Completed
}

/// The writer as others may see them: a surname with its title stays (张女士), of a whole name only the surname is shown
/// (张**), of a name in Latin letters the first letter.
pub fn author(name: &str) -> String {
    const TITLES: [&str; 9] = [
        "女士", "先生", "小姐", "老师", "师傅", "阿姨", "大爷", "大妈", "叔叔",
    ];
    let name = name.trim();
    let Some(first) = name.chars().next() else {
        return "**".to_owned();
    };
    if first.is_ascii() {
        return format!("{first}**");
    }
    let surname = pinyin::surname(name);
    let titled = name
        .strip_prefix(surname)
        .is_some_and(|rest| TITLES.contains(&rest));
    if titled {
        name.to_owned()
    } else {
        format!("{surname}**")
    }
}

/// The sum of a shop's stars and how many reviews gave them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Score {
    /// How many reviews.
    pub count: i64,
    /// All their stars.
    pub sum: i64,
}

impl Score {
    /// The average in tenths of a star (10 to 50), rounded half up; `None` without reviews.
    pub fn tenths(self) -> Option<u8> {
        if self.count <= 0 {
            return None;
        }
        u8::try_from((self.sum * 20 + self.count) / (self.count * 2)).ok()
    }

    /// The average as it is written, `4.8`; `None` without reviews.
    pub fn words(self) -> Option<String> {
        self.tenths()
            .map(|tenths| format!("{}.{}", tenths / 10, tenths % 10))
    }
}

#[cfg(test)]
mod unit {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_a_surname_is_shown() {
        for (name, shown) in [
            ("张女士", "张女士"),
            ("张丽", "张**"),
            ("欧阳娜娜", "欧阳**"),
            ("欧阳先生", "欧阳先生"),
            ("王建国先生", "王**"),
            ("Anna", "A**"),
            (" ", "**"),
        ] {
            assert_eq!(author(name), shown, "{name}");
        }
    }

    #[test]
    fn only_the_completed_are_reviewed() {
        let reviewed: Vec<State> = State::ALL
            .iter()
            .copied()
            .filter(|state| can_be_reviewed(*state))
            .collect();
        assert_eq!(reviewed, [State::Completed]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let review = |stars, words: &str| {
            NewReview {
                stars,
                words: words.to_owned(),
            }
            .checked()
        };
        assert_eq!(review(0, "好"), Err(Refusal::NoStars));
        assert_eq!(review(6, "好"), Err(Refusal::NoStars));
        assert_eq!(
            review(5, &"好".repeat(501)),
            Err(Refusal::LongWords { most: 500 })
        );
        assert_eq!(review(5, "  手法好 ").unwrap().words, "手法好");
        assert_eq!(checked_reply("  "), Err(Refusal::NoReply));
        assert_eq!(
            checked_reply(&"谢".repeat(501)),
            Err(Refusal::LongReply { most: 500 })
        );
    }

    #[test]
    fn scores_are_rounded_half_up() {
        assert_eq!(Score::default().words(), None);
        assert_eq!(Score { count: 1, sum: 5 }.words().as_deref(), Some("5.0"));
        // 19/4 = 4.75
        assert_eq!(Score { count: 4, sum: 19 }.words().as_deref(), Some("4.8"));
        // 13/3 = 4.33
        assert_eq!(Score { count: 3, sum: 13 }.words().as_deref(), Some("4.3"));
    }

    proptest! {
        #[test]
        fn an_average_stays_between_the_stars(stars in prop::collection::vec(1..=5i64, 1..200)) {
            let score = Score { count: stars.len() as i64, sum: stars.iter().sum() };
            let tenths = i64::from(score.tenths().unwrap());
            let (least, most) = (stars.iter().min().unwrap(), stars.iter().max().unwrap());
            prop_assert!((least * 10..=most * 10).contains(&tenths));
        }
    }
}

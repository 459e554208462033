//! Who works at a shop. Pure.

use kernel::{Day, Id, Refused, Result, Shop, Staff};

/// A therapist of one shop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Therapist {
    /// Identifier.
    pub id: Id<Therapist>,
    /// Where.
    pub shop: Id<Shop>,
    /// Work number (工号), unique within the shop.
    pub number: i64,
    /// Name: 刘长河.
    pub name: String,
    /// As the person wants it shown.
    pub gender: Gender,
    /// Grade.
    pub level: Level,
    /// A few sentences.
    pub introduction: String,
    /// What the person is good at, separated by 、.
    pub skills: String,
    /// Asset path of a drawn portrait.
    pub portrait: String,
    /// Since when "blind therapist" may be shown, by the person's consent.
    pub blind_shown: Option<Day>,
    /// Whether the person works here now.
    pub active: bool,
    /// Counts the changes.
    pub version: i64,
    /// With which account the person signs in, if with any.
    pub account: Option<Id<Staff>>,
}

impl Therapist {
    /// The single skills.
    pub fn skill_list(&self) -> impl Iterator<Item = &str> {
        self.skills
            .split(['、', '，', ',', ' '])
            .map(str::trim)
            .filter(|skill| !skill.is_empty())
    }
}

kernel::coded! {
    /// As a therapist wants it shown; customers choose by it.
    pub enum Gender {
        /// 女
        Female = "female",
        /// 男
        Male = "male",
    }
}

kernel::coded! {
    /// The grades of the trade's scheme (保健按摩师), lowest first.
    pub enum Level {
        /// 初级
        Junior = "junior",
        /// 中级
        Intermediate = "intermediate",
        /// 高级
        Senior = "senior",
        /// 技师
        Technician = "technician",
        /// 高级技师
        SeniorTechnician = "senior_technician",
    }
}

impl Level {
    /// The catalogue key of the name.
    pub fn text_key(self) -> String {
        format!("therapist-level-{}", self.code().replace('_', "-"))
    }
}

impl Gender {
    /// The catalogue key of the name.
    pub fn text_key(self) -> String {
        format!("therapist-gender-{self}")
    }
}

/// What is said about a therapist, when somebody is taken on or the entry is edited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewTherapist {
    /// Work number, 1 ..= 9999; unique within the shop.
    pub number: i64,
    /// Name.
    pub name: String,
    /// As the person wants it shown.
    pub gender: Gender,
    /// Grade.
    pub level: Level,
    /// A few sentences.
    pub introduction: String,
    /// What the person is good at, separated by 、.
    pub skills: String,
    /// Asset path of a drawn portrait; empty: chosen by number.
    pub portrait: String,
    /// Whether the person agrees that customers read "blind therapist".
    pub shows_blind: bool,
}

/// How many drawn portraits there are.
pub(crate) const PORTRAITS: i64 = 6;

/// The asset path of a drawn portrait, 1 ..= [`PORTRAITS`].
pub(crate) fn portrait(number: i64) -> String {
    format!("scenes/portrait-{number}.svg")
}

impl NewTherapist {
    /// The same with surrounding blanks gone and a portrait.
    ///
    /// # Errors
    /// `therapist.bad_name`, `therapist.bad_number`, `therapist.too_long`, `therapist.bad_portrait`, and `shop.claim…` for
    /// words that this kind of shop may not use.
    pub fn checked(&self, kind: shop::Kind) -> Result<NewTherapist> {
        let trimmed = |text: &str| text.trim().to_owned();
        let chosen = match self.portrait.trim() {
            "" => portrait(self.number.saturating_sub(1).rem_euclid(PORTRAITS) + 1),
            chosen => chosen.to_owned(),
        };
        let checked = NewTherapist {
            name: trimmed(&self.name),
            introduction: trimmed(&self.introduction),
            skills: trimmed(&self.skills),
            portrait: chosen,
            ..self.clone()
        };
        if !(2..=20).contains(&checked.name.chars().count()) {
            return Err(Refusal::BadName.into());
        }
        if !(1..=9999).contains(&checked.number) {
            return Err(Refusal::BadNumber.into());
        }
        if !(1..=PORTRAITS).any(|number| checked.portrait == portrait(number)) {
            return Err(Refusal::BadPortrait.into());
        }
        for (text, field, most) in [
            (&checked.introduction, "introduction", 500),
            (&checked.skills, "skills", 100),
        ] {
            if text.chars().count() > most {
                return Err(Refused::from(Refusal::TooLong { most }).on(field).into());
            }
            shop::publishable(kind, field, text)?;
        }
        Ok(checked)
    }
}

kernel::refusals! {
    /// Why something about a therapist is refused.
    pub enum Refusal in "therapist" {
        /// Somebody else changed it meanwhile.
        Stale => 409 "changed",
        /// The name is missing or too long.
        BadName => 422 "bad_name" on "name",
        /// Work numbers go from 1 to 9999.
        BadNumber => 422 "bad_number" on "number",
        /// Another therapist of the shop has this number.
        NumberUsed => 409 "number_used" on "number",
        /// A text is too long.
        TooLong { most: usize } => 422 "too_long",
        /// No gender was chosen.
        BadGender => 422 "bad_gender" on "gender",
        /// No grade was chosen.
        BadLevel => 422 "bad_level" on "level",
        /// There is no such portrait.
        BadPortrait => 422 "bad_portrait" on "portrait",
        /// The service is another shop's.
        BadService => 422 "bad_service" on "services",
        /// "Only these" was said and nothing chosen.
        NoService => 422 "no_service" on "range",
        /// The account is not a therapist's of this shop, or may not sign in.
        BadAccount => 422 "bad_account" on "account",
        /// Another therapist signs in with the account.
        AccountUsed { who: String } => 409 "account_used" on "account",
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    fn liu() -> NewTherapist {
        NewTherapist {
            number: 8,
            name: " 刘长河 ".into(),
            gender: Gender::Male,
            level: Level::Senior,
            introduction: "从业十二年，手法沉稳。".into(),
            skills: "肩颈、腰背".into(),
            portrait: String::new(),
            shows_blind: true,
        }
    }

    #[test]
    fn a_portrait_is_chosen_by_number() {
        let checked = liu().checked(shop::Kind::Health).unwrap();
        assert_eq!(
            (checked.name.as_str(), checked.portrait.as_str()),
            ("刘长河", "scenes/portrait-2.svg")
        );
    }

    #[test]
    fn what_cannot_be_is_refused_on_its_field() {
        type Spoil = fn(&mut NewTherapist);
        let cases: [(Spoil, &str, &str); 6] = [
            (|liu| liu.name = "刘".into(), "therapist.bad_name", "name"),
            (|liu| liu.number = 0, "therapist.bad_number", "number"),
            (
                |liu| liu.portrait = "https://evil.example/x.png".into(),
                "therapist.bad_portrait",
                "portrait",
            ),
            (
                |liu| liu.skills = "颈".repeat(101),
                "therapist.too_long",
                "skills",
            ),
            (
                |liu| liu.introduction = "专治腰突".into(),
                "shop.claim",
                "introduction",
            ),
            (|liu| liu.skills = "正骨、整脊".into(), "shop.claim", "skills"),
        ];
        for (spoil, code, field) in cases {
            let mut new = liu();
            spoil(&mut new);
            let kernel::Error::Refused(no) = new.checked(shop::Kind::Health).unwrap_err() else {
                panic!("{code}")
            };
            assert!(no.code.starts_with(code), "{code}: {}", no.code);
            assert_eq!(no.field, Some(field), "{code}");
        }
    }
}

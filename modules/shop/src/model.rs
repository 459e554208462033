//! What a shop is and may say. Pure.

mod calendar;
mod closing;
mod district;
mod hours;
mod picture;

use geo::Wgs84;
use kernel::{Day, Id, Instant, Refused, Result};
use text::claims::{self, Finding};

pub use calendar::{Calendar, DayKind, Holiday, HolidayRule, OnHolidays, known_until};
pub use closing::{Closing, ClosingKind};
pub use district::District;
pub use hours::{Exception, Hours, Opening, Span, Today};
pub(crate) use hours::{check_span, check_week};
pub use picture::{Photo, Picture};

/// A shop.
#[derive(Clone, PartialEq, Debug)]
pub struct Shop {
    /// Identifier.
    pub id: Id<kernel::Shop>,
    /// What it is called: 清风堂盲人按摩（鼓楼店）.
    pub name: String,
    /// Which of Beijing's districts.
    pub district: District,
    /// Street and number.
    pub address: String,
    /// The way from the subway in words, for people who do not look at maps.
    pub walking: String,
    /// As dialled: `13812345678`, `01062345678`.
    pub phone: String,
    /// Where the door is.
    pub point: Wgs84,
    /// A few sentences about the shop.
    pub introduction: String,
    /// Health or medical massage.
    pub kind: Kind,
    /// Whether customers see it.
    pub standing: Standing,
    /// The day on which the centre last checked it on the spot.
    pub verified_on: Option<Day>,
    /// The shop's merchant number at WeChat Pay, under the centre as service provider.
    pub sub_mchid: Option<String>,
    /// Whether bookings wait for somebody to accept them.
    pub accepts: Accepts,
    /// The picture shown first: an asset path (`scenes/street.svg`) or the identifier of a [`Photo`].
    pub photo: String,
    /// That picture in words.
    pub photo_words: String,
    /// Counts the changes.
    pub version: i64,
}

impl Shop {
    /// Address of the picture shown first; `asset` turns an asset path into an address.
    pub fn photo_address(&self, asset: &dyn Fn(&str) -> String) -> String {
        match self.photo.parse::<Id<Photo>>() {
            Ok(id) => format!("/photos/{id}"),
            Err(_) => asset(&self.photo),
        }
    }

    /// Where it is: the address behind its district, unless the address names the district itself, as many do.
    pub fn place(&self, district: &str) -> String {
        if self.address.starts_with(self.district.name()) {
            self.address.clone()
        } else {
            format!("{district} {}", self.address)
        }
    }

    /// Whether customers see it.
    pub fn is_active(&self) -> bool {
        self.standing == Standing::Active
    }
}

kernel::coded! {
    /// The trade a shop is licensed for.
    pub enum Kind {
        /// Health massage (保健): may not use medical words.
        Health = "health",
        /// Medical massage (医疗), with a licence that the centre has seen.
        Medical = "medical",
    }
}

kernel::coded! {
    /// How a shop stands with the centre.
    pub enum Standing {
        /// Not checked yet; customers do not see it.
        Applied = "applied",
        /// Shown to customers and bookable.
        Active = "active",
        /// Taken out for now.
        Suspended = "suspended",
        /// No longer a member: not found, not booked; what is owed is still settled.
        Left = "left",
    }
}

kernel::coded! {
    /// How a paid booking becomes a confirmed one.
    pub enum Accepts {
        /// At once.
        Automatic = "automatic",
        /// When somebody at the shop says yes.
        Manual = "manual",
    }
}

kernel::coded! {
    /// What the centre does about a shop's standing.
    pub enum Step {
        /// Checked and shown to customers.
        Activate = "activate",
        /// Checked again on the spot.
        Inspect = "inspect",
        /// Taken out.
        Suspend = "suspend",
        /// The membership ends.
        Leave = "leave",
    }
}

impl Standing {
    /// Where the step leads; `None` where it may not be taken.
    pub fn after(self, step: Step) -> Option<Standing> {
        match (self, step) {
            (Standing::Applied | Standing::Suspended | Standing::Left, Step::Activate) => {
                Some(Standing::Active)
            }
            (Standing::Active, Step::Inspect) => Some(Standing::Active),
            (Standing::Active, Step::Suspend) => Some(Standing::Suspended),
            (Standing::Applied | Standing::Active | Standing::Suspended, Step::Leave) => Some(Standing::Left),
            _ => None,
        }
    }
}

/// What is said about a shop, when it is created or edited.
#[derive(Clone, PartialEq, Debug)]
pub struct NewShop {
    /// What it is called.
    pub name: String,
    /// Which district.
    pub district: District,
    /// Street and number.
    pub address: String,
    /// The way from the subway in words.
    pub walking: String,
    /// Mobile, landline or service number, as typed.
    pub phone: String,
    /// Where the door is.
    pub point: Wgs84,
    /// A few sentences about the shop.
    pub introduction: String,
    /// Health or medical massage; the centre's to say.
    pub kind: Kind,
    /// Merchant number at WeChat Pay; the centre's to say.
    pub sub_mchid: Option<String>,
    /// Whether bookings wait for somebody to accept them.
    pub accepts: Accepts,
    /// Asset path or identifier of the picture shown first.
    pub photo: String,
    /// That picture in words.
    pub photo_words: String,
}

/// The drawn scene of a shop without a picture of its own.
pub const FIRST_SCENE: &str = "scenes/shopfront-hutong.svg";

impl NewShop {
    /// The same with surrounding blanks gone and the phone as dialled.
    ///
    /// # Errors
    /// `shop.bad_name`, `shop.bad_phone`, `shop.bad_address`, `shop.too_long`, `shop.outside_beijing`,
    /// `shop.bad_merchant`, and `shop.claim…` for words the shop may not use.
    pub fn checked(&self) -> Result<NewShop> {
        let trimmed = |text: &str| text.trim().to_owned();
        let phone = text::phone::parse(&self.phone).map_err(|_| Refusal::BadPhone)?;
        let photo = if self.photo.trim().is_empty() {
            FIRST_SCENE.to_owned()
        } else {
            trimmed(&self.photo)
        };
        let checked = NewShop {
            name: trimmed(&self.name),
            address: trimmed(&self.address),
            walking: trimmed(&self.walking),
            phone: phone.number,
            introduction: trimmed(&self.introduction),
            sub_mchid: self
                .sub_mchid
                .as_deref()
                .map(trimmed)
                .filter(|number| !number.is_empty()),
            photo,
            photo_words: trimmed(&self.photo_words),
            ..self.clone()
        };
        checked.check()?;
        Ok(checked)
    }

    fn check(&self) -> Result<()> {
        if !(2..=40).contains(&self.name.chars().count()) {
            return Err(Refusal::BadName.into());
        }
        if !(4..=100).contains(&self.address.chars().count()) {
            return Err(Refusal::BadAddress.into());
        }
        for (text, field, most) in [
            (&self.walking, "walking", 300),
            (&self.introduction, "introduction", 1000),
            (&self.photo_words, "photo_words", 100),
        ] {
            if text.chars().count() > most {
                return Err(Refused::from(Refusal::TooLong { most }).on(field).into());
            }
        }
        let Wgs84 { lat, lng } = self.point;
        if !((39.4..=41.1).contains(&lat) && (115.4..=117.6).contains(&lng)) {
            return Err(Refusal::OutsideBeijing.into());
        }
        let digits =
            |number: &String| (8..=10).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        if self.sub_mchid.as_ref().is_some_and(|number| !digits(number)) {
            return Err(Refusal::BadMerchant.into());
        }
        publishable(self.kind, "name", &self.name)?;
        publishable(self.kind, "introduction", &self.introduction)?;
        publishable(self.kind, "walking", &self.walking)?;
        publishable(self.kind, "photo_words", &self.photo_words)
    }
}

/// Whether a shop of this kind may publish `text`; the refusal names the first word in the way, on `field`.
///
/// # Errors
/// `shop.claim`, or `shop.claim_suggested` where the list knows a better word.
pub fn publishable(kind: Kind, field: &'static str, text: &str) -> Result<()> {
    let medical = kind == Kind::Medical;
    let in_the_way = |finding: &Finding| {
        !(medical
            && matches!(
                finding.kind,
                claims::Kind::ForbiddenTechniques | claims::Kind::Diseases
            ))
    };
    let Some(Finding { word, suggestion, .. }) = claims::check(text, medical).into_iter().find(in_the_way)
    else {
        return Ok(());
    };
    let refusal = match suggestion {
        Some(suggestion) => Refusal::ClaimSuggested { word, suggestion },
        None => Refusal::Claim { word },
    };
    Err(Refused::from(refusal).on(field).into())
}

/// A step in a shop's life, as recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// What was done.
    pub step: Step,
    /// By whom, as [`kernel::Actor`] prints.
    pub actor: String,
    /// Why; may be empty.
    pub reason: String,
    /// When.
    pub at: Instant,
}

kernel::refusals! {
    /// Why something about a shop is refused.
    pub enum Refusal in "shop" {
        /// Somebody else changed it meanwhile.
        Stale => 409 "changed",
        /// The name is missing or too long.
        BadName => 422 "bad_name" on "name",
        /// The address is missing or too long.
        BadAddress => 422 "bad_address" on "address",
        /// The phone number cannot be one.
        BadPhone => 422 "bad_phone" on "phone",
        /// A text is too long.
        TooLong { most: usize } => 422 "too_long",
        /// What was typed is no position.
        BadPoint => 422 "bad_point" on "point",
        /// The position is not in Beijing.
        OutsideBeijing => 422 "outside_beijing" on "point",
        /// The merchant number has 8 to 10 digits.
        BadMerchant => 422 "bad_merchant" on "sub_mchid",
        /// A word that this kind of shop may not use.
        Claim { word: String } => 422 "claim",
        /// The same, where a better word is known.
        ClaimSuggested { word: String, suggestion: String } => 422 "claim_suggested",
        /// The standing does not allow the step.
        BadStep => 409 "bad_step",
        /// Suspending needs a reason.
        NoReason => 422 "no_reason" on "reason",
        /// Opening and closing do not fit together.
        BadHours => 422 "bad_hours",
        /// What was typed is no time of the day.
        BadTime => 422 "bad_time",
        /// What was typed is no day.
        BadDay => 422 "bad_day" on "day",
        /// No district was chosen.
        BadDistrict => 422 "bad_district" on "district",
        /// The day is past.
        PastDay => 422 "past_day" on "day",
        /// The last of several days lies before the first, or too far behind it.
        BadRange { most: i64 } => 422 "bad_range" on "to_day",
        /// A closing that ends before it begins, or is over, or too long.
        BadClosing { most: i64 } => 422 "bad_closing" on "until",
        /// Customers are told why.
        NoClosingReason { most: usize } => 422 "no_closing_reason" on "reason",
        /// A holiday needs a name that can be said.
        BadHoliday => 422 "bad_holiday" on "name",
        /// The file is no picture that we know.
        NoPicture => 422 "no_picture" on "photo",
        /// The picture has too many pixels.
        PictureTooLarge => 422 "picture_too_large" on "photo",
        /// A picture needs words for those who do not see it.
        NoPictureWords => 422 "no_picture_words" on "words",
        /// A shop keeps so many pictures.
        TooManyPictures { most: i64 } => 409 "too_many_pictures" on "photo",
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    pub fn drum_tower() -> NewShop {
        NewShop {
            name: " 清风堂盲人按摩（鼓楼店） ".into(),
            district: District::Dongcheng,
            address: "鼓楼东大街 100 号".into(),
            walking: "鼓楼大街站 B 口出来向东走 200 米".into(),
            phone: "010-6234 5678".into(),
            point: Wgs84 {
                lat: 39.94,
                lng: 116.39,
            },
            introduction: "开业十年，六位师傅。".into(),
            kind: Kind::Health,
            sub_mchid: Some("1900000109".into()),
            accepts: Accepts::Automatic,
            photo: String::new(),
            photo_words: String::new(),
        }
    }

    #[test]
    fn facts_are_tidied() {
        let shop = drum_tower().checked().unwrap();
        assert_eq!(
            (shop.name.as_str(), shop.phone.as_str()),
            ("清风堂盲人按摩（鼓楼店）", "01062345678")
        );
        assert_eq!(shop.photo, FIRST_SCENE);
    }

    #[test]
    fn what_cannot_be_is_refused_on_its_field() {
        type Spoil = fn(&mut NewShop);
        let cases: [(Spoil, &str, &str); 8] = [
            (|shop| shop.name.clear(), "shop.bad_name", "name"),
            (|shop| shop.address = "路".into(), "shop.bad_address", "address"),
            (|shop| shop.phone = "12".into(), "shop.bad_phone", "phone"),
            (|shop| shop.point.lat = 31.2, "shop.outside_beijing", "point"),
            (
                |shop| shop.sub_mchid = Some("19".into()),
                "shop.bad_merchant",
                "sub_mchid",
            ),
            (|shop| shop.walking = "走".repeat(301), "shop.too_long", "walking"),
            (
                |shop| shop.introduction = "专治颈椎病".into(),
                "shop.claim",
                "introduction",
            ),
            (|shop| shop.name = "清风中医推拿".into(), "shop.claim", "name"),
        ];
        for (spoil, code, field) in cases {
            let mut shop = drum_tower();
            spoil(&mut shop);
            let kernel::Error::Refused(no) = shop.checked().unwrap_err() else {
                panic!("{code}")
            };
            assert!(no.code.starts_with(code), "{code}: {}", no.code);
            assert_eq!(no.field, Some(field), "{code}");
        }
    }

    #[test]
    fn a_medical_licence_lifts_the_medical_words_only() {
        assert!(publishable(Kind::Medical, "name", "颈椎病的治疗和正骨").is_ok());
        assert!(publishable(Kind::Medical, "name", "祖传秘方").is_err());
        assert!(publishable(Kind::Health, "name", "正骨").is_err());
    }

    #[test]
    fn standings_and_steps() {
        let mut drawn = String::new();
        for standing in Standing::ALL {
            for step in Step::ALL {
                let after = standing.after(*step).map_or("refused", Standing::code);
                drawn += &format!("{standing} {step} {after}\n");
            }
        }
        assert_eq!(
            drawn,
            "applied activate active\napplied inspect refused\napplied suspend refused\napplied leave left\n\
             active activate refused\nactive inspect active\nactive suspend suspended\nactive leave left\n\
             suspended activate active\nsuspended inspect refused\nsuspended suspend refused\n\
             suspended leave left\n\
             left activate active\nleft inspect refused\nleft suspend refused\nleft leave refused\n"
        );
    }
}

//! What a service is and may be called. Pure.

mod attribute;
mod goods;
mod prepay;

use kernel::{Id, Minutes, Money, Refused, Result, Shop};

pub use attribute::{Attribute, AttributeKind, FIELDS, NewAttribute, read_answers};
pub use goods::{Goods, NewGoods};
pub use prepay::Prepay;

/// A heading over services, goods or therapists.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Category {
    /// Identifier.
    pub id: Id<Category>,
    /// Whose; `None`: the centre's, for every shop.
    pub shop: Option<Id<Shop>>,
    /// What it is called.
    pub name: String,
    /// What stands under it.
    pub kind: CategoryKind,
}

kernel::coded! {
    /// What a category is a heading over.
    pub enum CategoryKind {
        /// Services.
        Service = "service",
        /// Goods.
        Goods = "goods",
        /// Therapists: what it asks is asked when one of them is asked for by name.
        Therapist = "therapist",
    }
}

impl CategoryKind {
    /// The catalogue key of the name.
    pub fn text_key(self) -> String {
        format!("catalog-heading-{}", self.code())
    }
}

/// One thing that a customer can book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Service {
    /// Identifier.
    pub id: Id<Service>,
    /// Whose.
    pub shop: Id<Shop>,
    /// Under which heading.
    pub category: Option<Id<Category>>,
    /// What it is called: 全身保健按摩.
    pub name: String,
    /// How long it takes.
    pub minutes: Minutes,
    /// What it costs.
    pub price: Money,
    /// Minutes of bed and therapist before it starts.
    pub before: Minutes,
    /// Minutes of bed and therapist after it ends.
    pub after: Minutes,
    /// Which kind.
    pub kind: Kind,
    /// A few sentences.
    pub introduction: String,
    /// Whether customers see it.
    pub listed: bool,
    /// Counts the changes.
    pub version: i64,
}

kernel::coded! {
    /// The kinds of services.
    pub enum Kind {
        /// The whole body; at least 45 minutes by the centre's standard.
        FullBody = "full_body",
        /// Neck, back, legs …; at least 30 minutes by the centre's standard.
        Local = "local",
        /// Feet.
        Foot = "foot",
        /// Only together with another service: cupping, scraping.
        AddOn = "add_on",
        /// For children.
        Child = "child",
        /// At the customer's home.
        HomeVisit = "home_visit",
    }
}

impl Kind {
    /// Whether it can be booked by itself, in the shop.
    pub const fn stands_alone(self) -> bool {
        !matches!(self, Kind::AddOn | Kind::HomeVisit)
    }

    /// The least minutes by the centre's standard (DB11/T 589), where it names some.
    pub const fn least_minutes(self) -> Option<Minutes> {
        match self {
            Kind::FullBody => Some(45),
            Kind::Local => Some(30),
            Kind::Foot | Kind::AddOn | Kind::Child | Kind::HomeVisit => None,
        }
    }

    /// The catalogue key of the name.
    pub fn text_key(self) -> String {
        format!("catalog-kind-{}", self.code().replace('_', "-"))
    }
}

/// What is allowed but worth a second look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Warning {
    /// Shorter than the centre's standard asks for.
    Short {
        /// The standard's minutes.
        least: Minutes,
    },
}

impl Service {
    /// What is worth a second look.
    pub fn warning(&self) -> Option<Warning> {
        let least = self.kind.least_minutes()?;
        (self.minutes < least).then_some(Warning::Short { least })
    }

    /// Whether a customer can book it by itself, in the shop.
    pub fn bookable(&self) -> bool {
        self.listed && self.kind.stands_alone()
    }
}

/// What is said about a service, when it is created or edited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewService {
    /// What it is called.
    pub name: String,
    /// Which kind.
    pub kind: Kind,
    /// Under which heading.
    pub category: Option<Id<Category>>,
    /// How long it takes.
    pub minutes: Minutes,
    /// What it costs.
    pub price: Money,
    /// Minutes of bed and therapist before it starts.
    pub before: Minutes,
    /// Minutes of bed and therapist after it ends.
    pub after: Minutes,
    /// A few sentences.
    pub introduction: String,
}

impl NewService {
    /// The same with surrounding blanks gone.
    ///
    /// # Errors
    /// `catalog.bad_name`, `catalog.bad_minutes`, `catalog.bad_price`, `catalog.bad_buffer`, `catalog.too_long`, and
    /// `shop.claim…` for words that this kind of shop may not use.
    pub fn checked(&self, kind: shop::Kind) -> Result<NewService> {
        let checked = NewService {
            name: self.name.trim().to_owned(),
            introduction: self.introduction.trim().to_owned(),
            ..self.clone()
        };
        if !(2..=30).contains(&checked.name.chars().count()) {
            return Err(Refusal::BadName.into());
        }
        if !(10..=240).contains(&checked.minutes) || checked.minutes % 5 != 0 {
            return Err(Refusal::BadMinutes.into());
        }
        if !(Money::ZERO..=Money::yuan(5_000)).contains(&checked.price) {
            return Err(Refusal::BadPrice.into());
        }
        for (minutes, field) in [(checked.before, "before"), (checked.after, "after")] {
            if !(0..=60).contains(&minutes) || minutes % 5 != 0 {
                return Err(Refused::from(Refusal::BadBuffer).on(field).into());
            }
        }
        if checked.introduction.chars().count() > 500 {
            return Err(Refusal::TooLong { most: 500 }.into());
        }
        shop::publishable(kind, "name", &checked.name)?;
        shop::publishable(kind, "introduction", &checked.introduction)?;
        Ok(checked)
    }
}

kernel::refusals! {
    /// Why something about a service is refused.
    pub enum Refusal in "catalog" {
        /// Somebody else changed it meanwhile.
        Stale => 409 "changed",
        /// The name is missing or too long.
        BadName => 422 "bad_name" on "name",
        /// Another service of the shop has this name.
        NameUsed => 409 "name_used" on "name",
        /// No kind was chosen.
        BadKind => 422 "bad_kind" on "kind",
        /// Minutes are multiples of five from 10 to 240.
        BadMinutes => 422 "bad_minutes" on "minutes",
        /// What was typed is no price, or too high.
        BadPrice => 422 "bad_price" on "price",
        /// Buffers are multiples of five up to 60.
        BadBuffer => 422 "bad_buffer",
        /// A text is too long.
        TooLong { most: usize } => 422 "too_long" on "introduction",
        /// The heading is another shop's, or gone.
        BadCategory => 422 "bad_category" on "category",
        /// There is such a heading already.
        HeadingUsed => 409 "heading_used" on "name",
        /// Services or goods still stand under the heading.
        CategoryInUse => 409 "category_in_use",
        /// What is asked needs a name.
        BadAttributeName => 422 "bad_attribute_name" on "name",
        /// No kind of answer was chosen.
        BadAttributeKind => 422 "bad_attribute_kind" on "kind",
        /// The heading asks this already.
        AttributeUsed => 409 "attribute_used" on "name",
        /// A heading asks no more than so much.
        TooManyAttributes { most: usize } => 409 "too_many_attributes" on "name",
        /// A choice needs at least two short choices.
        BadChoices => 422 "bad_choices" on "choices",
        /// What must be answered was not.
        NotAnswered { name: String } => 422 "not_answered",
        /// The answer is not of the kind that is asked for.
        BadAnswer { name: String } => 422 "bad_answer",
        /// What is asked has just changed.
        AskedOther => 409 "asked_other",
        /// No way of paying in advance was chosen.
        BadPrepay => 422 "bad_prepay" on "how",
        /// A deposit is money above nothing, a share is less than all.
        BadDeposit => 422 "bad_deposit" on "amount",
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    fn whole_body() -> NewService {
        NewService {
            name: " 全身保健按摩 ".into(),
            kind: Kind::FullBody,
            category: None,
            minutes: 60,
            price: Money::yuan(128),
            before: 0,
            after: 10,
            introduction: "从头到脚的放松。".into(),
        }
    }

    #[test]
    fn what_cannot_be_is_refused_on_its_field() {
        type Spoil = fn(&mut NewService);
        let cases: [(Spoil, &str, &str); 9] = [
            (|service| service.name = "按".into(), "catalog.bad_name", "name"),
            (|service| service.minutes = 62, "catalog.bad_minutes", "minutes"),
            (|service| service.minutes = 0, "catalog.bad_minutes", "minutes"),
            (|service| service.price = Money(-1), "catalog.bad_price", "price"),
            (|service| service.before = -5, "catalog.bad_buffer", "before"),
            (|service| service.after = 7, "catalog.bad_buffer", "after"),
            (
                |service| service.introduction = "松".repeat(501),
                "catalog.too_long",
                "introduction",
            ),
            (|service| service.name = "正骨按摩".into(), "shop.claim", "name"),
            (
                |service| service.introduction = "缓解颈椎病".into(),
                "shop.claim",
                "introduction",
            ),
        ];
        for (spoil, code, field) in cases {
            let mut service = whole_body();
            spoil(&mut service);
            let kernel::Error::Refused(no) = service.checked(shop::Kind::Health).unwrap_err() else {
                panic!("{code}")
            };
            assert!(no.code.starts_with(code), "{code}: {}", no.code);
            assert_eq!(no.field, Some(field), "{code}");
        }
        assert_eq!(
            whole_body().checked(shop::Kind::Health).unwrap().name,
            "全身保健按摩"
        );
    }

    #[test]
    fn a_licensed_shop_may_offer_what_a_health_shop_may_not() {
        let bones = NewService {
            name: "正骨".into(),
            ..whole_body()
        };
        assert!(bones.checked(shop::Kind::Medical).is_ok());
        assert!(bones.checked(shop::Kind::Health).is_err());
    }

    #[test]
    fn short_services_are_allowed_with_a_warning() {
        let service = |kind, minutes| Service {
            id: Id::from_raw(1),
            shop: Id::from_raw(2),
            category: None,
            name: "肩颈放松".into(),
            minutes,
            price: Money::yuan(50),
            before: 0,
            after: 0,
            kind,
            introduction: String::new(),
            listed: true,
            version: 1,
        };
        assert_eq!(
            service(Kind::FullBody, 40).warning(),
            Some(Warning::Short { least: 45 })
        );
        assert_eq!(service(Kind::FullBody, 45).warning(), None);
        assert_eq!(
            service(Kind::Local, 25).warning(),
            Some(Warning::Short { least: 30 })
        );
        assert_eq!(service(Kind::AddOn, 15).warning(), None);
        assert!(service(Kind::Foot, 60).bookable() && !service(Kind::HomeVisit, 60).bookable());
    }
}

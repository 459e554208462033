use kernel::{Id, Money, Result, Shop};

use super::{Category, Refusal};

/// Something that a shop sells over the desk: an oil, a pad, a pillow.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Goods {
    /// Identifier.
    pub id: Id<Goods>,
    /// Whose.
    pub shop: Id<Shop>,
    /// Under which heading.
    pub category: Option<Id<Category>>,
    /// What it is called.
    pub name: String,
    /// What one piece costs.
    pub price: Money,
    /// A few sentences.
    pub introduction: String,
    /// Whether customers see it.
    pub listed: bool,
    /// Counts the changes.
    pub version: i64,
}

/// What is said about goods, when they are added or edited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewGoods {
    /// What they are called.
    pub name: String,
    /// Under which heading.
    pub category: Option<Id<Category>>,
    /// What one piece costs.
    pub price: Money,
    /// A few sentences.
    pub introduction: String,
}

impl NewGoods {
    /// The same with surrounding blanks gone.
    ///
    /// # Errors
    /// `catalog.bad_name`, `catalog.bad_price`, `catalog.too_long`, and `shop.claim…` for words that this kind of shop may
    /// not use.
    pub fn checked(&self, kind: shop::Kind) -> Result<NewGoods> {
        let checked = NewGoods {
            name: self.name.trim().to_owned(),
            introduction: self.introduction.trim().to_owned(),
            ..self.clone()
        };
        if !(2..=30).contains(&checked.name.chars().count()) {
            return Err(Refusal::BadName.into());
        }
        if !(Money::ZERO..=Money::yuan(5_000)).contains(&checked.price) {
            return Err(Refusal::BadPrice.into());
        }
        if checked.introduction.chars().count() > 500 {
            return Err(Refusal::TooLong { most: 500 }.into());
        }
        shop::publishable(kind, "name", &checked.name)?;
        shop::publishable(kind, "introduction", &checked.introduction)?;
        Ok(checked)
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn what_goods_cannot_be_is_refused_on_its_field() {
        let oil = NewGoods {
            name: " 艾草精油 ".into(),
            category: None,
            price: Money::yuan(68),
            introduction: "按摩时用。".into(),
        };
        assert_eq!(oil.checked(shop::Kind::Health).unwrap().name, "艾草精油");
        type Spoil = fn(&mut NewGoods);
        let cases: [(Spoil, &str, &str); 5] = [
            (|goods| goods.name = "油".into(), "catalog.bad_name", "name"),
            (|goods| goods.price = Money(-1), "catalog.bad_price", "price"),
            (|goods| goods.price = Money(500_001), "catalog.bad_price", "price"),
            (
                |goods| goods.introduction = "油".repeat(501),
                "catalog.too_long",
                "introduction",
            ),
            (
                |goods| goods.introduction = "治疗颈椎病".into(),
                "shop.claim",
                "introduction",
            ),
        ];
        for (spoil, code, field) in cases {
            let mut goods = oil.clone();
            spoil(&mut goods);
            let kernel::Error::Refused(no) = goods.checked(shop::Kind::Health).unwrap_err() else {
                panic!("{code}")
            };
            assert!(no.code.starts_with(code), "{code}: {}", no.code);
            assert_eq!(no.field, Some(field), "{code}");
        }
    }
}

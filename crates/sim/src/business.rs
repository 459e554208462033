//! The parts of the business that take part, and the shops in which it happens.

use std::sync::{Arc, OnceLock};

use alert::OfficialAccount;
use catalog::Service;
use db::Tx;
use kernel::{Actor, Customer, Cx, Id, Money, Result, Role, Shop};
use payment::WeChatPay;
use shop::Accepts;
use therapist::Therapist;

use crate::world::Chance;

/// Every part, each after those it calls, as the program lists them. A new part is added here.
pub(crate) fn modules(pay: Arc<WeChatPay>, account: Arc<OfficialAccount>) -> Vec<web::Module> {
    vec![
        web::module(),
        identity::module(),
        shop::module(),
        catalog::module(),
        therapist::module(),
        scheduling::module(),
        ledger::module(),
        payment::module(pay),
        order::module(),
        booking::module(),
        review::module(),
        alert::module(account),
    ]
}

/// A shop of the town.
#[derive(Clone, Debug)]
pub(crate) struct House {
    pub shop: Id<Shop>,
    pub services: Vec<Service>,
    pub therapists: Vec<Id<Therapist>>,
}

impl House {
    /// The shop's owner.
    pub fn owner(&self) -> Actor {
        Actor::Staff {
            id: Id::from_raw(2),
            shop: Some(self.shop),
            role: Role::Owner,
        }
    }
}

/// An officer of the centre.
pub(crate) const OFFICER: Actor = Actor::Staff {
    id: Id::from_raw(1),
    shop: None,
    role: Role::Centre,
};

/// How a customer is known to WeChat.
pub(crate) fn openid(number: usize) -> String {
    format!("openid-of-customer-{number:04}")
}

/// What one shop is to be like.
#[derive(Clone)]
pub(crate) struct Draft {
    number: usize,
    accepts: Accepts,
    therapists: i64,
    beds: i64,
    opens: i64,
    password: identity::Password,
}

/// Hashing takes time by intention, and nobody signs in here: one for all shops of the process.
static PASSWORD: OnceLock<identity::Password> = OnceLock::new();

impl Draft {
    /// Few people and beds, so that customers meet.
    pub fn drawn(chance: &Chance, number: usize) -> Result<Draft> {
        let accepts = if chance.below(2) == 0 {
            Accepts::Automatic
        } else {
            Accepts::Manual
        };
        let password = match PASSWORD.get() {
            Some(password) => password.clone(),
            None => identity::Password::hash("correct horse")?,
        };
        Ok(Draft {
            number,
            accepts,
            therapists: chance.between(1, 4),
            beds: chance.between(1, 4),
            opens: chance.between(6, 11) * 60,
            password: PASSWORD.get_or_init(|| password).clone(),
        })
    }
}

/// Builds a shop.
pub(crate) fn furnish(cx: &Cx, tx: &mut Tx, draft: &Draft) -> Result<House> {
    let shop = shop::create(cx, tx, &new_shop(draft))?;
    let shop = shop::activate(cx, tx, shop.id, shop.version)?.id;
    // Until half past one at night: a business day may run past midnight.
    let (opens, closes) = (draft.opens, 1_530);
    let opening = |weekday| shop::Opening {
        weekday,
        opens,
        closes,
    };
    shop::set_week(cx, tx, shop, &(1..=7).map(opening).collect::<Vec<_>>())?;
    let mut services = Vec::new();
    for (minutes, yuan) in [(60, 128), (90, 199)] {
        let service = catalog::create(cx, tx, shop, &new_service(minutes, yuan))?;
        services.push(catalog::list(cx, tx, service.id, service.version)?);
    }
    let mut therapists = Vec::new();
    for number in 1..=draft.therapists {
        let hired = therapist::create(cx, tx, shop, &new_therapist(number))?;
        let shift = |weekday| scheduling::Shift {
            weekday,
            starts: opens,
            ends: closes,
        };
        scheduling::set_shifts(cx, tx, hired.id, &(1..=7).map(shift).collect::<Vec<_>>())?;
        therapists.push(hired.id);
    }
    for number in 1..=draft.beds {
        scheduling::add_bed(cx, tx, shop, &format!("{number} 号床"))?;
    }
    let terms = booking::HomeTerms {
        on: true,
        services: services.iter().map(|service| service.id).collect(),
        therapists: therapists.clone(),
        ..booking::HomeTerms::default()
    };
    booking::set_home_terms(cx, tx, shop, &terms)?;
    identity::create_staff(cx, tx, &owner_of(shop, draft))?;
    Ok(House {
        shop,
        services,
        therapists,
    })
}

/// Makes so many customers known.
pub(crate) fn greet(cx: &Cx, tx: &mut Tx, many: usize) -> Result<Vec<Id<Customer>>> {
    (0..many)
        .map(|number| Ok(identity::greet_customer(cx, tx, &openid(number))?.id))
        .collect()
}

fn owner_of(shop: Id<Shop>, draft: &Draft) -> identity::NewStaff {
    let number = draft.number;
    identity::NewStaff {
        shop: Some(shop),
        role: Role::Owner,
        name: "刘师傅".to_owned(),
        login: format!("owner{number}"),
        password: draft.password.clone(),
        openid: Some(format!("openid-of-owner-{number}")),
    }
}

/// Where every shop is.
pub(crate) const SHOP: geo::Wgs84 = geo::Wgs84 {
    lat: 39.94,
    lng: 116.39,
};

fn new_shop(draft: &Draft) -> shop::NewShop {
    shop::NewShop {
        name: format!("清风堂盲人按摩（{} 店）", draft.number + 1),
        district: shop::District::Dongcheng,
        address: "鼓楼东大街 100 号".to_owned(),
        walking: "鼓楼大街站 B 口出来向东走 200 米".to_owned(),
        phone: "01062345678".to_owned(),
        point: SHOP,
        introduction: String::new(),
        kind: shop::Kind::Health,
        sub_mchid: Some(payment::testing::SUB_MCHID.to_owned()),
        accepts: draft.accepts,
        photo: String::new(),
        photo_words: "胡同里的店门".to_owned(),
    }
}

fn new_service(minutes: i64, yuan: i64) -> catalog::NewService {
    catalog::NewService {
        name: format!("全身保健按摩 {minutes} 分钟"),
        kind: catalog::Kind::FullBody,
        category: None,
        minutes,
        price: Money::yuan(yuan),
        before: 0,
        after: 10,
        introduction: String::new(),
    }
}

fn new_therapist(number: i64) -> therapist::NewTherapist {
    therapist::NewTherapist {
        number,
        name: "李强".to_owned(),
        gender: therapist::Gender::ALL[0],
        level: therapist::Level::ALL[0],
        introduction: String::new(),
        skills: String::new(),
        portrait: String::new(),
        shows_blind: false,
    }
}

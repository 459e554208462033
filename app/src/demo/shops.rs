//! Sixty fictional shops at real subway exits, their services, therapists, beds, shifts and accounts.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::Result;
use catalog::{NewService, Service};
use kernel::{Actor, Cx, Id, Lang, Money, Role, Shop};
use serde::Deserialize;
use therapist::{Gender, Level, NewTherapist, Therapist};

use super::{PASSWORD, People, history::Stage};

/// How many shops the demo has.
pub const SHOPS: usize = 60;

/// A shop of the demo.
pub struct Made {
    pub id: Id<Shop>,
    pub therapists: Vec<Id<Therapist>>,
    /// The service that past visitors came for; no longer listed.
    pub trial: Service,
}

const NAMES: [&str; 30] = [
    "清和堂",
    "听松",
    "拾光",
    "暖手",
    "明心",
    "和风里",
    "安然居",
    "舒云",
    "静好",
    "知行",
    "半日闲",
    "松间",
    "一叶",
    "晴川",
    "南枝",
    "温言",
    "同心",
    "归雁",
    "青禾",
    "小满",
    "长乐坊",
    "望舒",
    "缓缓",
    "竹里",
    "春和",
    "秋实",
    "指间",
    "心灯",
    "如常",
    "平安里",
];

const FAMILY: [&str; 24] = [
    "刘", "王", "张", "李", "赵", "陈", "杨", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭", "何", "高",
    "林", "曾", "任", "单", "欧阳", "尉迟", "解",
];

const GIVEN: [(&str, Gender); 16] = [
    ("建国", Gender::Male),
    ("秀兰", Gender::Female),
    ("志强", Gender::Male),
    ("春梅", Gender::Female),
    ("海涛", Gender::Male),
    ("玉华", Gender::Female),
    ("永生", Gender::Male),
    ("桂英", Gender::Female),
    ("立新", Gender::Male),
    ("晓燕", Gender::Female),
    ("文博", Gender::Male),
    ("雪琴", Gender::Female),
    ("国栋", Gender::Male),
    ("丽君", Gender::Female),
    ("长河", Gender::Male),
    ("明珠", Gender::Female),
];

const SKILLS: [&str; 8] = [
    "肩颈",
    "腰背",
    "足部",
    "头部",
    "全身",
    "手法轻柔",
    "力道足",
    "运动后放松",
];

const WORDS: [&str; 6] = [
    "从业多年，手法稳，会先问您哪里紧、喜欢多大力度，再慢慢开始。",
    "性子细，话不多，常有老顾客专门来找。",
    "擅长肩颈和腰背放松，久坐的顾客很喜欢。",
    "手劲足，节奏匀，做完一身轻。",
    "待人温和，老人和第一次来的顾客都说安心。",
    "每年参加中心的继续教育，操作规范，一客一换。",
];

const STORIES: [&str; 5] = [
    "开在胡同口的小店，四张床，一壶热茶。师傅都是中心培训过的盲人按摩师，进门有人招呼，布单一客一换。",
    "街坊们常来的店。师傅手法扎实，明码标价，不推销办卡。店里安静，也欢迎提前说好想要的力度。",
    "离地铁几步路，下班路上就能来歇一歇。五位师傅轮班，晚上也开着灯等您。",
    "老店新装，房间明亮，有无障碍通道。店主自己也是按摩师，二十年手艺。",
    "小而干净的店。您可以指定师傅，也可以按轮钟来，不多等。",
];

const SCENES: [&str; 8] = [
    "scenes/shopfront-hutong.svg",
    "scenes/room-two-beds.svg",
    "scenes/subway-street.svg",
    "scenes/tea-table.svg",
    "scenes/lamp-night.svg",
    "scenes/towels.svg",
    "scenes/hands-shoulders.svg",
    "scenes/foot-bath.svg",
];

const SCENE_WORDS: [&str; 8] = [
    "胡同口的店面，门前一棵槐树",
    "明亮的房间，两张按摩床",
    "地铁口旁的街道",
    "一张茶桌，两只茶杯",
    "夜里亮着灯的店门",
    "叠好的白毛巾",
    "一双手放在肩上",
    "一盆热水，准备泡脚",
];

#[derive(Deserialize)]
struct Catalogue {
    items: Vec<(String, i64, i64, catalog::Kind)>,
}

/// Where a shop stands: an exit of the subway and its district.
struct Place {
    district: shop::District,
    exit: &'static geo::subway::Exit,
}

/// Makes all shops; each is one transaction.
pub fn make(stage: &Stage, people: &Arc<People>, shops: usize) -> Result<Arc<[Made]>> {
    let catalogue: Catalogue = serde_json::from_str(include_str!("../../data/demo_service_catalogue.json"))?;
    let catalogue = Arc::new(catalogue);
    let password = identity::Password::hash(PASSWORD).map_err(crate::program::told)?;
    let mut made = Vec::new();
    for (index, place) in places(shops).into_iter().enumerate() {
        let (catalogue, password, people) = (catalogue.clone(), password.clone(), people.clone());
        made.push(stage.write(move |cx, tx| {
            let shop = open_shop(cx, tx, index, &place)?;
            let trial = list_services(cx, tx, shop.id, index, &catalogue)?;
            let therapists = hire(cx, tx, shop.id, index)?;
            go_to_homes(cx, tx, shop.id, index, &therapists)?;
            give_accounts(cx, tx, shop.id, index, &password, &people)?;
            Ok(Made {
                id: shop.id,
                therapists,
                trial,
            })
        })?);
    }
    stage.write(move |cx, tx| {
        let officer = identity::NewStaff {
            shop: None,
            role: Role::Centre,
            name: "中心值班".to_owned(),
            login: "centre".to_owned(),
            password: password.clone(),
            openid: None,
        };
        identity::create_staff(cx, tx, &officer).map(drop)
    })?;
    Ok(made.into())
}

/// Exits for every district that has some, in turn, so that no district is forgotten.
fn places(shops: usize) -> Vec<Place> {
    let mut by_district: BTreeMap<shop::District, Vec<&'static geo::subway::Exit>> = BTreeMap::new();
    for station in geo::subway::stations() {
        let district = shop::District::ALL.iter().find(|district| {
            station
                .district
                .as_deref()
                .is_some_and(|name| district.name() == name)
        });
        let exit = geo::subway::exits_of(&station.name).next();
        if let (Some(district), Some(exit)) = (district, exit) {
            by_district.entry(*district).or_default().push(exit);
        }
    }
    let mut places = Vec::new();
    for round in 0.. {
        for (district, exits) in &by_district {
            // Spread over the district: neighbouring stations stand side by side in the list.
            let step = (exits.len() / 6).max(1);
            if let Some(exit) = exits.get(round * step) {
                places.push(Place {
                    district: *district,
                    exit,
                });
            }
            if places.len() == shops {
                return places;
            }
        }
        if round > shops {
            return places;
        }
    }
    places
}

fn open_shop(cx: &Cx, tx: &mut db::Tx, index: usize, place: &Place) -> kernel::Result<shop::Shop> {
    let exit = place.exit;
    let (north, east) = (offset(index, 7), offset(index, 11));
    let point = geo::Wgs84 {
        lat: exit.point.lat + north,
        lng: exit.point.lng + east,
    };
    let metres = exit.point.distance_m(point).round() as i64;
    let accepts = if index.is_multiple_of(2) {
        shop::Accepts::Manual
    } else {
        shop::Accepts::Automatic
    };
    let new = shop::NewShop {
        name: format!("{}盲人按摩（{}店）", NAMES[index % NAMES.len()], exit.station),
        district: place.district,
        address: format!(
            "{}{}附近 {} 号",
            place.district.name(),
            exit.station,
            10 + index * 3
        ),
        walking: format!(
            "{}站{}出来向前约 {} 米，临街一层，门口有盲道。",
            exit.station,
            exit.name,
            metres.max(40)
        ),
        phone: format!("010-62{:06}", 100_000 + index * 137),
        point,
        introduction: STORIES[index % STORIES.len()].to_owned(),
        kind: shop::Kind::Health,
        sub_mchid: Some(format!("19{:08}", 10_000 + index)),
        accepts,
        photo: SCENES[index % SCENES.len()].to_owned(),
        photo_words: SCENE_WORDS[index % SCENE_WORDS.len()].to_owned(),
    };
    let shop = shop::create(cx, tx, &new)?;
    let shop = shop::activate(cx, tx, shop.id, shop.version)?;
    let (opens, closes) = [(600, 1320), (540, 1380), (720, 1560), (570, 1380)][index % 4];
    let week: Vec<shop::Opening> = (1..=7)
        .map(|weekday| shop::Opening {
            weekday,
            opens,
            closes,
        })
        .collect();
    shop::set_week(cx, tx, shop.id, &week)?;
    for bed in 1..=3 + index % 3 {
        scheduling::add_bed(cx, tx, shop.id, &format!("{bed} 号床"))?;
    }
    shop::shop(tx, shop.id)
}

/// Up to about 200 metres, by the shop's number.
fn offset(index: usize, prime: usize) -> f64 {
    ((index * prime % 37) as f64 - 18.0) / 10_000.0
}

fn list_services(
    cx: &Cx,
    tx: &mut db::Tx,
    shop: Id<Shop>,
    index: usize,
    catalogue: &Catalogue,
) -> kernel::Result<Service> {
    // Dearer in some places, in whole yuan.
    let dearer = (index % 5) as i64 * 1_000;
    for (name, minutes, price, kind) in &catalogue.items {
        let price = if *price >= 9_000 { price + dearer } else { *price };
        let new = NewService {
            name: name.clone(),
            kind: *kind,
            category: None,
            minutes: *minutes,
            price: Money(price),
            before: 0,
            after: 10,
            introduction: introduction(*kind).to_owned(),
        };
        catalog::create(cx, tx, shop, &new)?;
    }
    let trial = NewService {
        name: "公益体验 肩颈放松".to_owned(),
        kind: catalog::Kind::Local,
        category: None,
        minutes: 30,
        price: Money::ZERO,
        before: 0,
        after: 5,
        introduction: "中心组织的公益体验，免费。".to_owned(),
    };
    catalog::create(cx, tx, shop, &trial)
}

/// Every other shop goes to customers' homes.
fn go_to_homes(
    cx: &Cx,
    tx: &mut db::Tx,
    shop: Id<Shop>,
    index: usize,
    therapists: &[Id<Therapist>],
) -> kernel::Result<()> {
    if !index.is_multiple_of(2) {
        return Ok(());
    }
    let mut services = catalog::services_of(tx, shop)?;
    services.retain(|service| service.price > Money::ZERO);
    let terms = booking::HomeTerms {
        on: true,
        services: services.iter().map(|service| service.id).collect(),
        therapists: therapists.to_vec(),
        ..booking::HomeTerms::default()
    };
    booking::set_home_terms(cx, tx, shop, &terms)
}

fn introduction(kind: catalog::Kind) -> &'static str {
    match kind {
        catalog::Kind::FullBody => "从头颈到腿脚，先松后按，节奏舒缓。",
        catalog::Kind::Local => "专做一处，久坐久站后松一松。",
        catalog::Kind::Foot => "先泡脚，再按足底和小腿。",
        catalog::Kind::AddOn => "与其他项目一起做。",
        catalog::Kind::Child => "手法轻柔，家长陪同。",
        catalog::Kind::HomeVisit => "师傅到您家里来。",
    }
}

fn hire(cx: &Cx, tx: &mut db::Tx, shop: Id<Shop>, index: usize) -> kernel::Result<Vec<Id<Therapist>>> {
    let mut hired = Vec::new();
    for place in 0..3 + index % 4 {
        let seed = index * 5 + place * 3;
        // The first shop's owner works there too.
        let (given, gender) = GIVEN[(seed + place) % GIVEN.len()];
        let new = NewTherapist {
            number: place as i64 + 1,
            name: format!("{}{given}", FAMILY[(seed + index) % FAMILY.len()]),
            gender,
            level: Level::ALL[seed % Level::ALL.len()],
            introduction: WORDS[seed % WORDS.len()].to_owned(),
            skills: format!(
                "{}、{}",
                SKILLS[seed % SKILLS.len()],
                SKILLS[(seed + 3) % SKILLS.len()]
            ),
            portrait: format!("scenes/portrait-{}.svg", seed % 6 + 1),
            shows_blind: !seed.is_multiple_of(4),
        };
        let therapist = therapist::create(cx, tx, shop, &new)?;
        scheduling::set_shifts(cx, tx, therapist.id, &week(index, place))?;
        hired.push(therapist.id);
    }
    Ok(hired)
}

/// Early or late shift, one day off a week.
fn week(index: usize, place: usize) -> Vec<scheduling::Shift> {
    let (opens, closes) = [(600, 1320), (540, 1380), (720, 1560), (570, 1380)][index % 4];
    let day_off = ((index + place) % 7 + 1) as i64;
    let (starts, ends) = if place.is_multiple_of(2) {
        (opens, closes - 120)
    } else {
        (opens + 120, closes)
    };
    (1..=7)
        .filter(|weekday| *weekday != day_off)
        .map(|weekday| scheduling::Shift {
            weekday,
            starts,
            ends,
        })
        .collect()
}

fn give_accounts(
    cx: &Cx,
    tx: &mut db::Tx,
    shop: Id<Shop>,
    index: usize,
    password: &identity::Password,
    people: &People,
) -> kernel::Result<()> {
    let number = index + 1;
    let owner = format!("{}师傅", FAMILY[index % FAMILY.len()]);
    let mut accounts = vec![(Role::Owner, owner, format!("owner{number}"))];
    if index < 3 {
        accounts.push((Role::Clerk, "小陈".to_owned(), format!("clerk{number}")));
        accounts.push((Role::Therapist, "按摩师".to_owned(), format!("therapist{number}")));
    }
    for (role, name, login) in accounts {
        let bound = index == 0 && role == Role::Owner;
        let new = identity::NewStaff {
            shop: Some(shop),
            role,
            name,
            login,
            password: password.clone(),
            openid: bound.then(|| people.get("liu").cloned()).flatten(),
        };
        let account = identity::create_staff(cx, tx, &new)?;
        if role == Role::Therapist
            && let Some(person) = therapist::of_shop(tx, shop)?.first()
        {
            therapist::tie(cx, tx, person.id, person.version, Some(account.id))?;
        }
    }
    Ok(())
}

/// The program itself, as the one who makes the demo.
pub fn maker() -> Actor {
    Actor::System("demo")
}

/// The language of what the demo makes.
pub const LANG: Lang = Lang::Zh;

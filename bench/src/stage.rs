//! A database with one furnished shop, made through the same actions that people use.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use catalog::Service;
use db::{Db, Listeners, Tx, testing::TestDb};
use kernel::{Actor, Cx, Day, Id, Instant, Lang, Money, World};
use therapist::Therapist;

use crate::Outcome;

/// The shop opens at ten and closes at 22, minutes of the business day.
pub(crate) const OPENS: i64 = 600;
pub(crate) const CLOSES: i64 = 1320;

/// The shop and its database.
pub(crate) struct Stage {
    pub db: Db,
    /// One hour, and ten minutes afterwards for the bed.
    pub service: Service,
    pub therapists: Vec<Id<Therapist>>,
    /// The business day on which everything begins; it is eight in the morning.
    pub today: Day,
    // Dropped after `db`.
    _file: TestDb,
}

impl Stage {
    /// A shop with so many therapists and beds, open every day.
    pub(crate) fn open(file: TestDb, therapists: i64, beds: i64) -> Outcome<Stage> {
        let today = Day(20_780);
        let (clock, seeds) = (Arc::new(AtomicI64::new(today.at(480).ms())), AtomicU64::new(1));
        // Every look is a millisecond later: identifiers hold the moment, and many are made here.
        let world = World::new(
            move || Instant(clock.fetch_add(1, Ordering::Relaxed)),
            move || seeds.fetch_add(1, Ordering::Relaxed),
        );
        let mut listeners = Listeners::default();
        for (event, job) in order::LISTENS.into_iter().chain(booking::LISTENS) {
            listeners.on(event, job);
        }
        let db = file.open(world, listeners).map_err(told)?;
        for migrations in [
            identity::module().migrations,
            shop::MIGRATIONS,
            catalog::MIGRATIONS,
            therapist::MIGRATIONS,
            scheduling::MIGRATIONS,
            ledger::MIGRATIONS,
            payment::MIGRATIONS,
            order::MIGRATIONS,
            booking::MIGRATIONS,
        ] {
            db.migrate(migrations).map_err(told)?;
        }
        let cx = maker(&db);
        let (service, therapists) = db
            .write(move |tx| furnish(&cx, tx, therapists, beds))
            .wait()
            .map_err(told)?;
        Ok(Stage {
            db,
            service,
            therapists,
            today,
            _file: file,
        })
    }

    /// One transaction of the program itself.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        mut f: impl FnMut(&Cx, &mut Tx) -> kernel::Result<T> + Send + 'static,
    ) -> kernel::Result<T> {
        let cx = maker(&self.db);
        self.db.write(move |tx| f(&cx, tx)).wait()
    }
}

/// The program itself asks.
fn maker(db: &Db) -> Cx {
    db.world().cx(Actor::System("bench"), Lang::Zh)
}

/// The business's error as this program tells it.
pub(crate) fn told(error: kernel::Error) -> String {
    error.to_string()
}

pub(crate) fn furnish(
    cx: &Cx,
    tx: &mut Tx,
    therapists: i64,
    beds: i64,
) -> kernel::Result<(Service, Vec<Id<Therapist>>)> {
    let shop = shop::create(cx, tx, &new_shop())?;
    let shop = shop::activate(cx, tx, shop.id, shop.version)?.id;
    let opening = |weekday| shop::Opening {
        weekday,
        opens: OPENS,
        closes: CLOSES,
    };
    shop::set_week(cx, tx, shop, &(1..=7).map(opening).collect::<Vec<_>>())?;
    let service = catalog::create(cx, tx, shop, &new_service())?;
    let service = catalog::list(cx, tx, service.id, service.version)?;
    let shift = |weekday| scheduling::Shift {
        weekday,
        starts: OPENS,
        ends: CLOSES,
    };
    let week: Vec<scheduling::Shift> = (1..=7).map(shift).collect();
    let mut hired = Vec::new();
    for number in 1..=therapists {
        let therapist = therapist::create(cx, tx, shop, &new_therapist(number))?;
        scheduling::set_shifts(cx, tx, therapist.id, &week)?;
        hired.push(therapist.id);
    }
    for number in 1..=beds {
        scheduling::add_bed(cx, tx, shop, &format!("{number} 号床"))?;
    }
    Ok((service, hired))
}

fn new_shop() -> shop::NewShop {
    shop::NewShop {
        name: "清风堂盲人按摩（鼓楼店）".to_owned(),
        district: shop::District::Dongcheng,
        address: "鼓楼东大街 100 号".to_owned(),
        walking: "鼓楼大街站 B 口出来向东走 200 米".to_owned(),
        phone: "01062345678".to_owned(),
        point: geo::Wgs84 {
            lat: 39.94,
            lng: 116.39,
        },
        introduction: String::new(),
        kind: shop::Kind::Health,
        sub_mchid: Some("1900000109".to_owned()),
        accepts: shop::Accepts::Automatic,
        photo: String::new(),
        photo_words: "胡同里的店门".to_owned(),
    }
}

fn new_service() -> catalog::NewService {
    catalog::NewService {
        name: "全身保健按摩".to_owned(),
        kind: catalog::Kind::FullBody,
        category: None,
        minutes: 60,
        price: Money::yuan(128),
        before: 0,
        after: 10,
        introduction: String::new(),
    }
}

fn new_therapist(number: i64) -> therapist::NewTherapist {
    therapist::NewTherapist {
        number,
        name: "刘明".to_owned(),
        gender: therapist::Gender::ALL[0],
        level: therapist::Level::ALL[0],
        introduction: String::new(),
        skills: String::new(),
        portrait: String::new(),
        shows_blind: false,
    }
}

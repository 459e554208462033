//! A shop with two therapists and two beds, open 12:00–26:00 every day, on a Monday at ten.

use std::sync::LazyLock;

use kernel::Result;

use super::*;

pub const DAY: Day = Day(20_780);
pub const MASSAGE: Length = Length {
    minutes: 60,
    before: 0,
    after: 10,
};

pub struct House {
    pub db: Db,
    pub world: World,
    pub day: Day,
    pub shop: Id<Shop>,
    pub liu: Id<Therapist>,
    pub wang: Id<Therapist>,
    now: Arc<AtomicI64>,
    // Dropped after `db`.
    _file: TestDb,
}

impl House {
    pub fn on_every_engine(test: impl Fn(&House)) {
        for engine in db::testing::engines() {
            test(&House::on(engine));
        }
    }

    pub fn on(file: TestDb) -> House {
        let now = Arc::new(AtomicI64::new(DAY.at(600).ms()));
        let (clock, seeds) = (now.clone(), AtomicU64::new(1));
        let world = World::new(
            move || Instant(clock.load(Ordering::Relaxed)),
            move || seeds.fetch_add(1, Ordering::Relaxed),
        );
        let db = file.open(world.clone(), Listeners::default()).unwrap();
        for migrations in [
            shop::MIGRATIONS,
            catalog::MIGRATIONS,
            identity::module().migrations,
            therapist::MIGRATIONS,
            MIGRATIONS,
        ] {
            db.migrate(migrations).unwrap();
        }
        let cx = centre(&world);
        let (shop, liu, wang) = db.write(move |tx| furnish(&cx, tx)).wait().unwrap();
        House {
            db,
            world,
            day: DAY,
            shop,
            liu,
            wang,
            now,
            _file: file,
        }
    }

    pub fn clock(&self, now: Instant) {
        self.now.store(now.ms(), Ordering::Relaxed);
    }

    pub fn at(&self, minute: i64) -> Instant {
        self.day.at(minute)
    }

    pub fn cx(&self) -> Cx {
        centre(&self.world)
    }

    /// Somebody of the shop.
    pub fn staff(&self, role: Role) -> Cx {
        let staff = Actor::Staff {
            id: Id::from_raw(7),
            shop: Some(self.shop),
            role,
        };
        self.world.cx(staff, Lang::Zh)
    }

    /// Liu, signed in with an own account.
    pub fn as_liu(&self) -> Cx {
        let (cx, shop, liu) = (self.cx(), self.shop, self.liu);
        let made = self.db.write(move |tx| account_of(&cx, tx, shop, liu)).wait();
        self.world.cx(made.unwrap(), Lang::Zh)
    }

    /// Does something as somebody of the shop.
    pub fn try_as<T: Send + 'static>(
        &self,
        role: Role,
        mut f: impl FnMut(&Cx, &mut Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let cx = self.staff(role);
        self.db.write(move |tx| f(&cx, tx)).wait()
    }

    pub fn try_write<T: Send + 'static>(
        &self,
        mut f: impl FnMut(&Cx, &mut Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let cx = self.cx();
        self.db.write(move |tx| f(&cx, tx)).wait()
    }

    pub fn write<T: Send + 'static>(&self, f: impl FnMut(&Cx, &mut Tx) -> Result<T> + Send + 'static) -> T {
        self.try_write(f).unwrap()
    }

    pub fn read<T: Send + 'static>(&self, f: impl FnMut(&mut Tx) -> Result<T> + Send + 'static) -> T {
        self.db.read(f).wait().unwrap()
    }

    pub fn claim(&self, starts_at: Instant, choice: Choice) -> Result<Claimed> {
        self.claim_for(self.cx().id::<Holder>().raw(), starts_at, choice)
    }

    pub fn claim_for(&self, holder: i64, starts_at: Instant, choice: Choice) -> Result<Claimed> {
        let wanted = Wanted {
            shop: self.shop,
            choice,
            starts_at,
            length: MASSAGE,
            holder: Id::from_raw(holder),
        };
        self.try_write(move |cx, tx| claim(cx, tx, &wanted))
    }

    pub fn free_days(&self, therapists: Vec<Id<Therapist>>) -> Vec<FreeDay> {
        let query = self.query(therapists);
        self.read(move |tx| free_times(tx, &query))
    }

    pub fn query(&self, therapists: Vec<Id<Therapist>>) -> FreeQuery {
        let now = Instant(self.now.load(Ordering::Relaxed));
        FreeQuery {
            shop: self.shop,
            length: MASSAGE,
            therapists,
            now,
            lead_minutes: 10,
            days: DAYS,
            step: STEP,
        }
    }

    pub fn free(&self, therapists: Vec<Id<Therapist>>) -> Vec<Instant> {
        self.free_days(therapists)
            .iter()
            .flat_map(|day| day.times.iter().map(|time| time.starts_at))
            .collect()
    }

    pub fn beds(&self) -> Vec<Id<Bed>> {
        let shop = self.shop;
        self.read(move |tx| Ok(beds(tx, shop)?.into_iter().map(|bed| bed.id).collect()))
    }
}

pub fn code<T: std::fmt::Debug>(answer: Result<T>) -> &'static str {
    let error = answer.unwrap_err();
    error.code().unwrap_or_else(|| panic!("{error}"))
}

fn centre(world: &World) -> Cx {
    world.cx(
        Actor::Staff {
            id: Id::from_raw(1),
            shop: None,
            role: Role::Centre,
        },
        Lang::Zh,
    )
}

pub fn furnish(cx: &Cx, tx: &mut Tx) -> Result<(Id<Shop>, Id<Therapist>, Id<Therapist>)> {
    let shop = shop::create(cx, tx, &new_shop())?;
    let opening = |weekday| shop::Opening {
        weekday,
        opens: 720,
        closes: 1560,
    };
    shop::set_week(cx, tx, shop.id, &(1..=7).map(opening).collect::<Vec<_>>())?;
    let mut therapists = Vec::new();
    for (number, name, bed) in [(1, "刘明", "一号床"), (2, "王芳", "二号床")] {
        let therapist = therapist::create(cx, tx, shop.id, &new_therapist(number, name))?;
        let shift = |weekday| Shift {
            weekday,
            starts: 720,
            ends: 1560,
        };
        set_shifts(cx, tx, therapist.id, &(1..=7).map(shift).collect::<Vec<_>>())?;
        add_bed(cx, tx, shop.id, bed)?;
        therapists.push(therapist.id);
    }
    Ok((shop.id, therapists[0], therapists[1]))
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
        sub_mchid: None,
        accepts: shop::Accepts::Automatic,
        photo: String::new(),
        photo_words: "胡同里的店门".to_owned(),
    }
}

fn new_therapist(number: i64, name: &str) -> therapist::NewTherapist {
    therapist::NewTherapist {
        number,
        name: name.to_owned(),
        gender: therapist::Gender::ALL[0],
        level: therapist::Level::ALL[0],
        introduction: String::new(),
        skills: String::new(),
        portrait: String::new(),
        shows_blind: false,
    }
}

/// The account with which a therapist signs in, made when first asked for.
pub fn account_of(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, id: Id<Therapist>) -> Result<Actor> {
    static PASSWORD: LazyLock<identity::Password> =
        LazyLock::new(|| identity::Password::hash("correct horse").unwrap());
    let person = therapist::therapist(tx, id)?;
    let account = match person.account {
        Some(account) => identity::staff_account(tx, account)?,
        None => {
            let new = identity::NewStaff {
                shop: Some(shop),
                role: Role::Therapist,
                name: person.name.clone(),
                login: format!("therapist{}", person.number),
                password: PASSWORD.clone(),
                openid: None,
            };
            let account = identity::create_staff(cx, tx, &new)?;
            therapist::tie(cx, tx, id, person.version, Some(account.id))?;
            account
        }
    };
    Ok(account.actor())
}

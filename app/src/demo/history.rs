//! Two weeks of visits before today, so that shops have reviews and diaries are used: a free trial week that the centre
//! held, booked, served and reviewed through the same actions as always, in a world whose clock stands in the past.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use anyhow::Result;
use booking::{Booking, Contact, Strength, Wish, Wishes};
use db::{Db, Listeners, Runner, Tx};
use kernel::{Actor, Customer, Cx, Day, Id, Instant, World};

use super::shops::{LANG, Made, maker};
use crate::{config::Config, modules, outside::Outside, program};

pub const DAYS: i64 = 8;

const VISITORS: [&str; 20] = [
    "赵女士",
    "钱先生",
    "孙女士",
    "李先生",
    "周女士",
    "吴先生",
    "郑女士",
    "王先生",
    "冯女士",
    "陈先生",
    "褚女士",
    "卫先生",
    "蒋女士",
    "沈先生",
    "韩女士",
    "杨先生",
    "朱女士",
    "秦先生",
    "许女士",
    "何先生",
];

const PRAISE: [(i64, &str); 12] = [
    (5, "师傅先问了力度，手法很稳，肩膀轻松多了。"),
    (5, "店里很干净，床单是新换的。会再来。"),
    (4, "手法不错，高峰时稍等了几分钟。"),
    (5, "一按就知道哪里紧，聊得也愉快。"),
    (5, "带妈妈来的，师傅很耐心。"),
    (4, "位置好找，出地铁几步就到。"),
    (5, "说好三十分钟，一分钟不少。"),
    (3, "力道对我偏重，说了以后师傅马上调整。"),
    (5, "安静，没人推销办卡，喜欢。"),
    (5, "久坐的人太需要了，下周还约这位师傅。"),
    (4, "环境朴素，手艺是真好。"),
    (5, ""),
];

/// The database and a clock that the maker of the demo turns.
pub struct Stage {
    db: Db,
    clock: Arc<AtomicI64>,
    runner: Runner,
}

impl Stage {
    /// Opens the database of these settings. Of what happens afterwards only orders and bookings are heard: nobody is sent
    /// a message about the past.
    pub fn open(config: &Config, today: Instant) -> Result<Stage> {
        let clock = Arc::new(AtomicI64::new(today.ms()));
        let (hands, seeds) = (clock.clone(), AtomicI64::new(1));
        let world = World::new(
            move || Instant(hands.load(Ordering::SeqCst)),
            move || seeds.fetch_add(1, Ordering::SeqCst).unsigned_abs(),
        );
        let modules = modules::all(&Outside::connect(config)?);
        let mut listeners = Listeners::default();
        let mut jobs = Vec::new();
        let heard = ["order", "booking"];
        for module in modules.iter().filter(|module| heard.contains(&module.name)) {
            for (event, job) in &module.listens {
                listeners.on(event, job);
            }
        }
        let db = Db::open(program::place(config)?, world, listeners).map_err(program::told)?;
        for module in modules {
            db.migrate(module.migrations).map_err(program::told)?;
            if heard.contains(&module.name) {
                jobs.extend(module.jobs);
            }
        }
        Ok(Stage {
            runner: Runner::new(db.clone(), jobs),
            db,
            clock,
        })
    }

    /// Whether no shop is there yet.
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self
            .db
            .read(shop::all_active)
            .wait()
            .map_err(program::told)?
            .is_empty())
    }

    /// One transaction of the program itself.
    pub fn write<T: Send + 'static>(
        &self,
        mut f: impl FnMut(&Cx, &mut Tx) -> kernel::Result<T> + Send + 'static,
    ) -> Result<T> {
        let cx = self.cx(maker());
        self.db.write(move |tx| f(&cx, tx)).wait().map_err(program::told)
    }

    fn cx(&self, actor: Actor) -> Cx {
        self.db.world().cx(actor, LANG)
    }

    fn turn_to(&self, moment: Instant) {
        self.clock.store(moment.ms(), Ordering::SeqCst);
    }
}

/// Lives the past days in all shops.
pub fn live(stage: &Stage, shops: &Arc<[Made]>, days: i64) -> Result<()> {
    let today = stage.cx(maker()).now();
    let visitors = stage.write(|cx, tx| {
        VISITORS
            .iter()
            .enumerate()
            .map(|(index, _)| {
                identity::greet_customer(cx, tx, &format!("demo-visitor-{index}")).map(|c| c.id)
            })
            .collect::<kernel::Result<Arc<[_]>>>()
    })?;
    for past in (1..=days).rev() {
        live_day(stage, shops, &visitors, today.day().plus(-past))?;
    }
    stage.turn_to(today);
    let shops = shops.clone();
    stage.write(move |cx, tx| {
        for made in shops.iter() {
            let trial = catalog::service(tx, made.trial.id)?;
            catalog::unlist(cx, tx, trial.id, trial.version)?;
        }
        Ok(())
    })
}

fn live_day(stage: &Stage, shops: &Arc<[Made]>, visitors: &Arc<[Id<Customer>]>, day: Day) -> Result<()> {
    stage.turn_to(day.at(8 * 60));
    let (shops, visitors) = (shops.clone(), visitors.clone());
    let booked = stage.write(move |cx, tx| {
        let mut booked = Vec::new();
        for (index, made) in shops.iter().enumerate() {
            let turn = index * 7 + (day.0 as usize) * 3;
            // Some shops are busier than others.
            if turn % 5 < 3 {
                let visitor = turn % visitors.len();
                let customer = cx.acting(Actor::Customer(visitors[visitor]));
                // By turn and not by chance: what a shop is worth is the same in every demo of one day.
                let said = &PRAISE[turn / 5 % PRAISE.len()];
                booked.extend(book(&customer, tx, made, day, visitor)?.map(|visit| (visit, said)));
            }
        }
        Ok(booked)
    })?;
    stage.runner.run_due().map_err(program::told)?;
    for (visit, said) in booked {
        stage.turn_to(visit.starts_at);
        stage.write(move |cx, tx| arrive(cx, tx, visit.id))?;
        stage.turn_to(visit.starts_at.plus_minutes(visit.length.minutes));
        stage.write(move |cx, tx| leave(cx, tx, visit.id, said))?;
    }
    Ok(())
}

/// Books the first free afternoon time, if there is one.
fn book(cx: &Cx, tx: &mut Tx, made: &Made, day: Day, visitor: usize) -> kernel::Result<Option<Booking>> {
    let named = made.therapists[visitor % made.therapists.len()];
    let choice = visitor.is_multiple_of(2).then_some(named);
    let free = booking::free_times(tx, cx.now(), &made.trial, choice)?;
    let after = day.at(13 * 60 + (visitor as i64 % 5) * 60);
    let Some(time) = free
        .into_iter()
        .filter(|free| free.day == day)
        .flat_map(|free| free.times)
        .find(|time| time.starts_at >= after)
    else {
        return Ok(None);
    };
    let wish = Wish {
        service: made.trial.id,
        therapist: choice,
        starts_at: time.starts_at,
        contact: Contact::read(VISITORS[visitor], &format!("138000{:05}", 12_000 + visitor))?,
        wishes: Wishes {
            strength: Strength::Medium,
            note: String::new(),
        },
        declared: true,
    };
    let key = format!("demo {} {day}", made.id);
    booking::request(cx, tx, &key, &wish).map(Some)
}

/// The shop accepts, where it does so by hand, and the customer comes in time.
fn arrive(cx: &Cx, tx: &mut Tx, id: Id<Booking>) -> kernel::Result<()> {
    let mut visit = booking::booking(tx, id)?;
    if visit.state == booking::State::Requested {
        visit = booking::confirm(cx, tx, id, visit.version)?;
    }
    let visit = booking::check_in(cx, tx, id, visit.version)?;
    booking::start(cx, tx, id, visit.version).map(drop)
}

/// The service ends, and the customer says how it was.
fn leave(cx: &Cx, tx: &mut Tx, id: Id<Booking>, (stars, words): &(i64, &str)) -> kernel::Result<()> {
    let visit = booking::booking(tx, id)?;
    booking::complete(cx, tx, id, visit.version)?;
    let said = review::NewReview {
        stars: *stars,
        words: (*words).to_owned(),
    };
    let review = review::write(&cx.acting(Actor::Customer(visit.customer)), tx, id, &said)?;
    if *stars < 4 {
        let scope = cx.shop_named(visit.shop)?;
        review::reply(
            cx,
            tx,
            scope,
            review.id,
            review.version,
            "谢谢您告诉我们，下次我们会先确认力度。",
        )?;
    }
    Ok(())
}

//! The whole program in a test, without a network: [`TestApp`] runs the modules it is given over a fresh database; its
//! actors make requests; its clock stands still until the test turns it.
//!
//! ```ignore
//! testkit::on_each_engine(&modules(), |app| async move {
//!     let owner = app.staff(Role::Owner, shop).await;
//!     let page = owner.get("/desk/bookings").await;
//!     assert_eq!(page.status, 200);
//!     assert!(page.text().contains("2 个待确认"));
//! });
//! ```

mod actor;
mod page;
pub mod race;

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

pub use actor::Person;
use db::{Job, Listeners, Runner, testing::TestDb};
use kernel::{Actor, Cx, Id, Instant, Lang, Role, Shop, World};
pub use page::Page;
use text::Texts;
use web::{App, Module, Plugs, Settings};

/// The moment at which every test starts: Sunday, 2026-11-22, 10:00 in Beijing.
pub const START: Instant = Instant(1_795_312_800_000);

/// The address that pages of the tests believe they have.
pub const BASE_URL: &str = "http://tuina.test";

/// A clock that moves only when the test turns it.
#[derive(Clone)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// A clock standing at [`START`].
    pub fn new() -> Clock {
        Clock(Arc::new(AtomicI64::new(START.ms())))
    }

    /// What it shows.
    pub fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }

    /// Turns it forward.
    pub fn advance_minutes(&self, minutes: i64) {
        self.0.fetch_add(minutes * kernel::MINUTE_MS, Ordering::SeqCst);
    }

    /// Turns it forward by milliseconds.
    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    /// A world of this clock whose seeds count up from `seed`: the same test draws the same chance.
    pub fn world(&self, seed: u64) -> World {
        let (clock, seeds) = (self.clone(), AtomicU64::new(seed));
        World::new(move || clock.now(), move || seeds.fetch_add(1, Ordering::SeqCst))
    }
}

impl Default for Clock {
    fn default() -> Self {
        Clock::new()
    }
}

/// The program in a test.
pub struct TestApp {
    /// The program's state: database, texts, things of the outside world.
    pub app: App,
    /// Turn it to let time pass.
    pub clock: Clock,
    router: axum::Router,
    runner: Runner,
    // Dropped last: it removes the database.
    engine: TestDb,
}

impl TestApp {
    /// A program of these modules (the doors' own are added) over a fresh database of `engine`.
    pub fn new(engine: TestDb, modules: Vec<Module>, plugs: Plugs) -> TestApp {
        let clock = Clock::new();
        let mut all = vec![web::module()];
        all.extend(modules);
        let mut listeners = Listeners::default();
        for module in &all {
            for (event, job) in &module.listens {
                listeners.on(event, job);
            }
        }
        let db = engine
            .open(clock.world(1), listeners)
            .expect("a fresh database opens");
        for module in &all {
            db.migrate(module.migrations)
                .expect("migrations apply to a fresh database");
        }
        let texts = texts(&all);
        let mut routes = Vec::new();
        let mut jobs: Vec<Job> = Vec::new();
        for module in all {
            routes.push(module.routes);
            jobs.extend(module.jobs);
        }
        let app = App::new(db.clone(), texts, settings(), plugs, |_, _| Vec::new());
        TestApp {
            router: app.router(routes),
            runner: Runner::new(db, jobs),
            app,
            clock,
            engine,
        }
    }

    /// The engine the test runs on, to tell failures apart.
    pub fn engine(&self) -> &TestDb {
        &self.engine
    }

    /// Somebody unknown.
    pub fn guest(&self) -> Person {
        Person::new(self.router.clone())
    }

    /// A customer known by WeChat, signed in.
    pub async fn customer(&self, id: Id<kernel::Customer>) -> Person {
        self.signed_in(Actor::Customer(id), "顾客").await
    }

    /// A staff member of a shop, signed in.
    pub async fn staff(&self, role: Role, shop: Id<Shop>) -> Person {
        let id = self.cx(Actor::System("test")).id();
        self.signed_in(
            Actor::Staff {
                id,
                shop: Some(shop),
                role,
            },
            "刘师傅",
        )
        .await
    }

    /// An officer of the centre, signed in.
    pub async fn centre(&self) -> Person {
        let id = self.cx(Actor::System("test")).id();
        self.signed_in(
            Actor::Staff {
                id,
                shop: None,
                role: Role::Centre,
            },
            "中心",
        )
        .await
    }

    /// Anyone, signed in under the given name.
    pub async fn signed_in(&self, actor: Actor, name: &str) -> Person {
        let cx = self.cx(Actor::System("test"));
        let name = name.to_owned();
        let begun = self
            .app
            .db
            .write(move |tx| web::sessions::begin(&cx, tx, actor, &name))
            .await;
        let begun = begun.expect("a session begins");
        let response = begun.set(&self.app, web::IntoResponse::into_response(()));
        let person = self.guest();
        person.take_cookies(response.headers());
        person
    }

    /// A context for calling actions directly.
    pub fn cx(&self, actor: Actor) -> Cx {
        self.app.world.cx(actor, Lang::Zh)
    }

    /// Runs every job that is due, and those that they cause, until none is due. Gives how many ran.
    pub async fn run_jobs(&self) -> usize {
        // Jobs block on the database, so they must not hold up the test's own thread.
        tokio::task::block_in_place(|| self.runner.run_due()).expect("the job runner works")
    }

    /// The texts that were asked for but are in no catalogue; a test of pages ends by seeing none.
    pub fn missing_texts(&self) -> Vec<String> {
        self.app.texts.missing()
    }
}

/// Runs `test` on SQLite, and on PostgreSQL where `TUINA_TEST_POSTGRES` names a server.
pub fn on_each_engine<F, Fut>(program: impl Fn() -> (Vec<Module>, Plugs), test: F)
where
    F: Fn(TestApp) -> Fut,
    Fut: Future<Output = ()>,
{
    for engine in db::testing::engines() {
        println!("on {:?}", engine.engine());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime for the test");
        let (modules, plugs) = program();
        runtime.block_on(async { test(TestApp::new(engine, modules, plugs)).await });
    }
}

/// The catalogues of these modules together; panics with every fault they have.
pub fn texts(modules: &[Module]) -> Texts {
    let mut builder = Texts::builder();
    for module in modules {
        for (lang, source) in module.texts {
            builder = builder.add(lang, source);
        }
    }
    builder.build().unwrap_or_else(|faults| panic!("{faults}"))
}

fn settings() -> Settings {
    Settings {
        base_url: BASE_URL.to_owned(),
        jssdk_url: String::new(),
        sign_in_url: "https://open.weixin.qq.com".to_owned(),
        frame_ancestors: Vec::new(),
        tiles: None,
        posts_per_minute: 100_000,
    }
}

//! The program of one life: from a start to the next crash.

use std::sync::Arc;

use alert::{MessageKind, OfficialAccount};
use db::{Db, Listeners, Runner, testing::TestDb};
use kernel::{Actor, Instant, Lang, Result, World};
use payment::{WeChatPay, testing};
use wechat::{
    Endpoints, Secret,
    oa::{Account, Callback, Credentials, MemoryTokens},
};

use crate::{
    business,
    network::{AccountLine, Network, PayLine},
    touched::Touched,
    world::Chance,
};

/// The running program.
#[derive(Clone)]
pub(crate) struct Program {
    pub db: Db,
    pub pay: Arc<WeChatPay>,
    pub runner: Runner,
    pub touched: Touched,
}

impl Program {
    /// Starts it on a database, as the real one starts: what plans itself is planned.
    pub fn start(test: &TestDb, world: World, network: &Arc<Network>) -> Result<Program> {
        let pay = Arc::new(testing::wechat_pay_through(Arc::new(PayLine(network.clone()))));
        let modules = business::modules(pay.clone(), Arc::new(account(network)));
        let mut listeners = Listeners::default();
        for (event, job) in modules.iter().flat_map(|module| &module.listens) {
            listeners.on(event, job);
        }
        let touched = Touched::default();
        let hears = touched.clone();
        listeners.on_statement(move |sql| hears.hear(sql));
        let db = test.open(world, listeners)?;
        let jobs = modules.into_iter().flat_map(|module| module.jobs).collect();
        let runner = Runner::new(db.clone(), jobs);
        let program = Program {
            db,
            pay,
            runner,
            touched,
        };
        let cx = program.db.world().cx(Actor::System("start"), Lang::Zh);
        program.db.write(move |tx| alert::at_start(&cx, tx)).wait()?;
        network.serves(Some(program.clone()));
        Ok(program)
    }

    /// Runs one due job, if there is one; which, chance says. What it did is told.
    pub fn work(&self, network: &Network, chance: &Chance) -> bool {
        let ran = self.runner.run_one(|due| chance.below(due));
        match ran {
            Ok(None) => false,
            Ok(Some(ran)) => {
                let words = format!("job {} {}: {}", ran.name, ran.payload, ran.end);
                network.trace.tell(network.time.now(), &words);
                true
            }
            Err(error) => {
                network
                    .trace
                    .tell(network.time.now(), &format!("a job was cut off: {error}"));
                true
            }
        }
    }
}

fn account(network: &Arc<Network>) -> OfficialAccount {
    let credentials = Credentials {
        appid: testing::SP_APPID.to_owned(),
        secret: Secret::new("nobody checks it here".to_owned()),
    };
    let account = Account::new(
        credentials,
        Endpoints::default(),
        Arc::new(AccountLine(network.clone())),
        Arc::new(MemoryTokens::default()),
    );
    let templates = MessageKind::ALL.iter().map(|kind| (kind.template(), kind.code()));
    OfficialAccount {
        account: Arc::new(account),
        callback: Callback::plain(Secret::new("nobody calls back here".to_owned())),
        templates: templates.collect(),
        base_url: "https://shop.example".to_owned(),
    }
}

/// A database with all tables and nothing in them, from which every seed gets its own copy.
pub struct Template(TestDb);

impl Template {
    /// Makes the tables in an empty database.
    ///
    /// # Errors
    /// A fault when a migration does not fit.
    pub fn new(test: TestDb) -> Result<Template> {
        let fake = testing::FakeWeChat::new(&testing::Clock::new());
        let pay = Arc::new(testing::wechat_pay(&fake));
        let nobody = Arc::new(Network::new(
            0,
            crate::Mix::default(),
            crate::world::Time::new(0, Instant(0)),
            crate::trace::Trace::default(),
            crate::agenda::Agenda::default(),
        ));
        let db = test.open(World::new(|| Instant(0), || 0), Listeners::default())?;
        for module in business::modules(pay, Arc::new(account(&nobody))) {
            db.migrate(module.migrations)?;
        }
        drop(db);
        Ok(Template(test))
    }

    pub(crate) fn copy(&self) -> TestDb {
        self.0.copy()
    }
}

//! One shop in an empty database of its own, in which lives of orders are played through the real actions and jobs. What
//! rows a life leaves behind is what the big database is made of.

use std::{path::PathBuf, sync::Arc, time::Duration};

use alert::{MessageKind, OfficialAccount};
use booking::{Booking, Contact, Entry, Strength, Why, Wish, Wishes};
use db::{Db, Listeners, Runner, Tx, testing::TestDb};
use http::{Request, Response};
use kernel::{Actor, Customer, Cx, Day, Id, Lang, MINUTE_MS, Money, Role, Shop};
use payment::testing::{Clock, FakeWeChat, Post};
use wechat::{
    Endpoints, Secret, Transport, TransportError,
    oa::{Account, Callback, Credentials, MemoryTokens},
};

use crate::{
    Outcome,
    stage::{furnish, told},
};

/// The day on which the first life is played.
const FIRST: Day = Day(20_900);
/// Days between two lives: nothing of one is left to do when the next begins.
const APART: i64 = 40;
/// All visits are played at two in the afternoon.
pub(super) const STARTS: i64 = 840;
pub(super) const OPENID: &str = payment::testing::OPENID;
pub(super) const PHONE: &str = "13812345678";
pub(super) const THERAPISTS: i64 = 6;
pub(super) const BEDS: i64 = 4;

/// How an order goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Kind {
    /// Paid by WeChat a day before, served.
    Served,
    /// The same, and a review is written.
    Reviewed,
    /// Paid, called off in time; the money goes back.
    CalledOff,
    /// Never paid.
    Unpaid,
    /// At the desk, without a booking before, paid in cash.
    WalkIn,
    /// Paid so many days before the visit, which is still to come.
    Coming(i64),
    /// Paid and called off on one day, so many days before the visit.
    Regretted(i64),
}

/// The theatre.
pub(super) struct Theatre {
    pub db: Db,
    pub path: PathBuf,
    pub clock: Clock,
    pub shop: Id<Shop>,
    pub customer: Id<Customer>,
    service: catalog::Service,
    pub therapist: Id<therapist::Therapist>,
    wechat: FakeWeChat,
    pay: Arc<payment::WeChatPay>,
    runner: Runner,
    played: i64,
    // Dropped after `db`.
    _file: TestDb,
}

impl Theatre {
    pub fn open() -> Outcome<Theatre> {
        let file = db::testing::sqlite();
        let db::Config::Sqlite { path } = file.config().clone() else {
            return Err("a theatre is a file".into());
        };
        let clock = Clock::at(FIRST.plus(-APART).at(600));
        let wechat = FakeWeChat::new(&clock);
        let pay = Arc::new(payment::testing::wechat_pay(&wechat));
        let modules = modules(pay.clone());
        let mut listeners = Listeners::default();
        for (event, job) in modules.iter().flat_map(|module| &module.listens) {
            listeners.on(event, job);
        }
        let db = file.open(clock.world(), listeners).map_err(told)?;
        let mut jobs = Vec::new();
        for module in modules {
            db.migrate(module.migrations).map_err(told)?;
            jobs.extend(module.jobs);
        }
        let cx = db.world().cx(Actor::System("bench"), Lang::Zh);
        let made = db.write(move |tx| {
            let (service, therapists) = furnish(&cx, tx, THERAPISTS, BEDS)?;
            staff(&cx, tx, service.shop)?;
            let customer = identity::greet_customer(&cx, tx, OPENID)?.id;
            Ok((service, therapists[0], customer))
        });
        let (service, therapist, customer) = made.wait().map_err(told)?;
        Ok(Theatre {
            runner: Runner::new(db.clone(), jobs),
            shop: service.shop,
            db,
            path,
            clock,
            customer,
            service,
            therapist,
            wechat,
            pay,
            played: 0,
            _file: file,
        })
    }

    /// Plays a life to its end, or until nothing is due any more on the day it was paid; gives the day of the visit.
    pub fn play(&mut self, kind: Kind) -> Outcome<Day> {
        let day = FIRST.plus(self.played * APART);
        self.played += 1;
        self.pass_until(day.plus(-15).at(600))?;
        match kind {
            Kind::Served | Kind::Reviewed => self.serve(day, kind == Kind::Reviewed)?,
            Kind::CalledOff => {
                let visit = self.book(day, 1, 600)?;
                self.pay(&visit)?;
                self.call_off(&visit)?;
            }
            Kind::Unpaid => drop(self.book(day, 1, 600)?),
            Kind::WalkIn => self.walk_in(day)?,
            Kind::Coming(ahead) => {
                let visit = self.book(day, ahead, 600)?;
                self.pay(&visit)?;
                return self.until_next_morning(day, ahead);
            }
            Kind::Regretted(ahead) => {
                let visit = self.book(day, ahead, 600)?;
                self.pay(&visit)?;
                self.call_off(&visit)?;
                return self.until_next_morning(day, ahead);
            }
        }
        self.pass_until(day.plus(15).at(600))?;
        Ok(day)
    }

    /// What was due in the first hours is done. The visit of a copy is up to seven hours later than this one, and its next
    /// morning's half past ten is the moment at which everything is measured.
    fn until_next_morning(&self, day: Day, ahead: i64) -> Outcome<Day> {
        self.pass_until(day.plus(1 - ahead).at(200))?;
        Ok(day)
    }

    /// The shop's account for fees: no bill is read here.
    pub fn open_fees(&self) -> Outcome<()> {
        let shop = self.shop.raw();
        self.act(Actor::System("bench"), move |cx, tx| {
            let transfer = ledger::Transfer {
                debit: ledger::Account::money("shop", shop, ledger::Kind::Fees),
                credit: ledger::Account::money("shop", shop, ledger::Kind::WeChat),
                amount: Money(1),
                cause: ("bill", 1),
                key: "fee",
            };
            ledger::transfer(cx, tx, &transfer).map(drop)
        })
    }

    fn serve(&self, day: Day, reviewed: bool) -> Outcome<()> {
        let visit = self.book(day, 1, 600)?;
        self.pay(&visit)?;
        self.pass_until(visit.starts_at)?;
        let id = visit.id;
        self.act(self.owner(), move |cx, tx| {
            let seen = booking::booking(tx, id)?.version;
            let visit = booking::check_in(cx, tx, id, seen)?;
            booking::start(cx, tx, id, visit.version)
        })?;
        self.pass_until(visit.starts_at.plus_minutes(60))?;
        self.act(self.owner(), move |cx, tx| {
            let seen = booking::booking(tx, id)?.version;
            booking::complete(cx, tx, id, seen)
        })?;
        if reviewed {
            self.pass(90 * MINUTE_MS)?;
            let said = review::NewReview {
                stars: 5,
                words: "手法很稳，肩膀轻松多了。".to_owned(),
            };
            self.act(self.customer(), move |cx, tx| review::write(cx, tx, id, &said))?;
        }
        Ok(())
    }

    fn walk_in(&self, day: Day) -> Outcome<()> {
        self.pass_until(day.at(STARTS - 1))?;
        let entry = Entry {
            service: self.service.id,
            therapist: Some(self.therapist),
            contact: contact(),
            remembered: false,
            asked: true,
        };
        let key = format!("walk-in {day}");
        let visit = self.act(self.owner(), move |cx, tx| {
            booking::walk_in(cx, tx, &key, &entry, None)
        })?;
        self.pass_until(visit.starts_at)?;
        self.act(self.owner(), move |cx, tx| {
            let seen = booking::booking(tx, visit.id)?.version;
            booking::start(cx, tx, visit.id, seen)
        })?;
        self.pass(60 * MINUTE_MS)?;
        let key = format!("cash {day}");
        self.act(self.owner(), move |cx, tx| {
            let seen = booking::booking(tx, visit.id)?.version;
            booking::complete(cx, tx, visit.id, seen)?;
            let due = order::order(tx, visit.order)?.total;
            order::take_cash(cx, tx, visit.order, &key, due)
        })?;
        Ok(())
    }

    /// Books a visit on a day, so many days before it.
    fn book(&self, day: Day, ahead: i64, minute: i64) -> Outcome<Booking> {
        self.pass_until(day.plus(-ahead).at(minute))?;
        let wish = Wish {
            service: self.service.id,
            therapist: Some(self.therapist),
            starts_at: day.at(STARTS),
            contact: contact(),
            wishes: Wishes {
                strength: Strength::Medium,
                note: String::new(),
            },
            declared: true,
        };
        let key = format!("form {day}");
        self.act(self.customer(), move |cx, tx| {
            booking::request(cx, tx, &key, &wish)
        })
    }

    fn pay(&self, visit: &Booking) -> Outcome<()> {
        let order = visit.order;
        let payer = order::Payer {
            openid: OPENID.to_owned(),
            sub_mchid: Some(payment::testing::SUB_MCHID.to_owned()),
        };
        let payment = self.act(self.customer(), move |cx, tx| order::pay(cx, tx, order, &payer))?;
        let cx = self.db.world().cx(self.customer(), Lang::Zh);
        payment::prepay(&self.db, &cx, &self.pay, payment.id).map_err(told)?;
        self.pass(40_000)?;
        if !self.wechat.customer_pays(&payment.out_trade_no) {
            return Err("the sheet could not be paid".into());
        }
        self.tell(&self.wechat.notice(&payment.out_trade_no))?;
        self.pass(3 * MINUTE_MS)
    }

    fn call_off(&self, visit: &Booking) -> Outcome<()> {
        self.pass(120 * MINUTE_MS)?;
        let id = visit.id;
        self.act(self.customer(), move |cx, tx| {
            let seen = booking::booking(tx, id)?.version;
            booking::cancel(cx, tx, id, seen, Why::CustomersPlans)
        })?;
        self.pass(2 * MINUTE_MS)?;
        let under_way: Vec<String> = self.wechat.look(|_, refunds| {
            let open = refunds.iter().filter(|(_, refund)| refund.done_at.is_none());
            open.map(|(number, _)| number.clone()).collect()
        });
        for number in under_way {
            self.tell(&self.wechat.refund_ends(&number, "SUCCESS"))?;
        }
        self.pass(2 * MINUTE_MS)
    }

    fn tell(&self, post: &Post) -> Outcome<()> {
        let cx = self.db.world().cx(Actor::System("notice"), Lang::Zh);
        payment::inbox::receive(&self.db, &cx, &self.pay, &post.headers, &post.body).map_err(told)?;
        Ok(())
    }

    fn act<T: Send + 'static>(
        &self,
        actor: Actor,
        mut f: impl FnMut(&Cx, &mut Tx) -> kernel::Result<T> + Send + 'static,
    ) -> Outcome<T> {
        let cx = self.db.world().cx(actor, Lang::Zh);
        let done = self.db.write(move |tx| f(&cx, tx)).wait().map_err(told)?;
        self.runner.run_due().map_err(told)?;
        Ok(done)
    }

    fn pass(&self, ms: i64) -> Outcome<()> {
        self.pass_until(self.clock.now() + ms)
    }

    /// Lets time pass from job to job.
    fn pass_until(&self, end: kernel::Instant) -> Outcome<()> {
        loop {
            self.runner.run_due().map_err(told)?;
            let now = self.clock.now();
            match self.runner.next_due().map_err(told)? {
                Some(due) if due < end => self.clock.pass((due - now).max(1)),
                _ => break,
            }
        }
        let left = end - self.clock.now();
        self.clock.pass(left.max(0));
        self.runner.run_due().map_err(told)?;
        Ok(())
    }

    fn owner(&self) -> Actor {
        Actor::Staff {
            id: Id::from_raw(2),
            shop: Some(self.shop),
            role: Role::Owner,
        }
    }

    fn customer(&self) -> Actor {
        Actor::Customer(self.customer)
    }
}

fn contact() -> Contact {
    Contact {
        name: "张女士".to_owned(),
        phone: PHONE.to_owned(),
    }
}

fn staff(cx: &Cx, tx: &mut Tx, shop: Id<Shop>) -> kernel::Result<()> {
    let owner = identity::NewStaff {
        shop: Some(shop),
        role: Role::Owner,
        name: "刘师傅".to_owned(),
        login: "big-owner".to_owned(),
        password: identity::Password::hash("nobody signs in with it")?,
        openid: Some("openid-of-big-owner".to_owned()),
    };
    identity::create_staff(cx, tx, &owner).map(drop)
}

/// The parts of the business that leave rows.
fn modules(pay: Arc<payment::WeChatPay>) -> Vec<web::Module> {
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
        alert::module(Arc::new(account())),
    ]
}

/// The official account as everybody wishes it: every message is taken.
struct Willing;

impl Transport for Willing {
    fn send(&self, _: Request<Vec<u8>>, _: Duration) -> Result<Response<Vec<u8>>, TransportError> {
        let yes = r#"{"errcode":0,"errmsg":"ok","msgid":200228332,"access_token":"T","expires_in":7200}"#;
        Ok(Response::new(yes.as_bytes().to_vec()))
    }
}

fn account() -> OfficialAccount {
    let credentials = Credentials {
        appid: payment::testing::SP_APPID.to_owned(),
        secret: Secret::new("nobody checks it here".to_owned()),
    };
    let tokens = Arc::new(MemoryTokens::default());
    let templates = MessageKind::ALL.iter().map(|kind| (kind.template(), kind.code()));
    OfficialAccount {
        account: Arc::new(Account::new(
            credentials,
            Endpoints::default(),
            Arc::new(Willing),
            tokens,
        )),
        callback: Callback::plain(Secret::new("nobody calls back here".to_owned())),
        templates: templates.collect(),
        base_url: "https://shop.example".to_owned(),
    }
}

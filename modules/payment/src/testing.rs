//! A WeChat Pay in memory, for tests: it keeps its own truth about orders and refunds, signs what it says, and fails as
//! it is told to. Not the sandbox, which stands in for WeChat over HTTP; this one sits behind [`wechat::Transport`].

mod bill;
pub mod seal;
mod truth;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use db::{Db, Job, Listeners, Migration, Runner, testing::TestDb};
use http::{HeaderMap, Request, Response};
use kernel::{Actor, Cx, Instant, Lang, World};
use serde_json::{Value, json};
use wechat::{
    Endpoints, Secret, Transport, TransportError,
    pay::{ApiV3Key, Merchant, Mode, Pay, PlatformKeys, Signer},
};

use crate::WeChatPay;
pub use bill::Row;
use truth::Truth;
pub use truth::{RefundThere, There};

/// Our number as a service provider.
pub const SP_MCHID: &str = "1230000109";
/// Our official account.
pub const SP_APPID: &str = "wx8888888888888888";
/// A shop's number.
pub const SUB_MCHID: &str = "1900000109";
/// A customer in our official account.
pub const OPENID: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";

const API_V3_KEY: &str = "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb";
const SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
const KEY_ID: &str = "PUB_KEY_ID_0112300001092026110100000001";

/// A clock that tests turn.
#[derive(Clone)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// A Sunday noon in Beijing.
    pub fn new() -> Clock {
        Clock::at(Instant(1_795_320_000_000))
    }

    /// A clock that shows this.
    pub fn at(now: Instant) -> Clock {
        Clock(Arc::new(AtomicI64::new(now.ms())))
    }

    /// The time now.
    pub fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }

    /// Lets so many milliseconds pass.
    pub fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    /// A world of this clock; each context in it has chance of its own.
    pub fn world(&self) -> World {
        let (clock, seeds) = (self.clone(), AtomicU64::new(1));
        World::new(move || clock.now(), move || seeds.fetch_add(1, Ordering::SeqCst))
    }
}

impl Default for Clock {
    fn default() -> Clock {
        Clock::new()
    }
}

/// How the fake WeChat misbehaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Mood {
    /// It does not.
    #[default]
    Well,
    /// Nothing reaches it.
    Away,
    /// It does what it is asked, and the answer is lost.
    Mute,
    /// It answers `SYSTEM_ERROR` and does nothing.
    Broken,
    /// It refuses a refund that it has taken before instead of finding it again.
    Stubborn,
}

/// What WeChat sends by itself.
#[derive(Clone)]
pub struct Post {
    /// The headers that carry the signature.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// The fake WeChat.
#[derive(Clone)]
pub struct FakeWeChat {
    truth: Arc<Mutex<Truth>>,
    clock: Clock,
}

impl FakeWeChat {
    /// An empty one.
    pub fn new(clock: &Clock) -> FakeWeChat {
        FakeWeChat {
            truth: Arc::default(),
            clock: clock.clone(),
        }
    }

    /// The clock it signs by.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// How it behaves from now on.
    pub fn mood(&self, mood: Mood) {
        self.truth().mood = mood;
    }

    /// An order as WeChat knows it.
    pub fn there(&self, number: &str) -> Option<There> {
        self.truth().orders.get(number).cloned()
    }

    /// A refund as WeChat knows it.
    pub fn refund_there(&self, number: &str) -> Option<RefundThere> {
        self.truth().refunds.get(number).cloned()
    }

    /// How many orders and refunds WeChat knows.
    pub fn counts(&self) -> (usize, usize) {
        let truth = self.truth();
        (truth.orders.len(), truth.refunds.len())
    }

    /// Looks at every order and every refund that WeChat knows, by our numbers.
    pub fn look<T>(
        &self,
        f: impl FnOnce(&BTreeMap<String, There>, &BTreeMap<String, RefundThere>) -> T,
    ) -> T {
        let truth = self.truth();
        f(&truth.orders, &truth.refunds)
    }

    /// The sum of all refunds that are not closed, in fen.
    pub fn given_back(&self) -> i64 {
        self.truth()
            .refunds
            .values()
            .filter(|refund| refund.status != "CLOSED")
            .map(|refund| refund.amount)
            .sum()
    }

    /// The bill says something else than what happened, from now on.
    pub fn falsify_bill(&self, change: impl Fn(&mut Vec<Row>) + Send + 'static) {
        self.truth().bill.change = Some(Box::new(change));
    }

    /// The bill says what happened again.
    pub fn mend_bill(&self) {
        self.truth().bill.change = None;
    }

    /// The paths that were called, in order.
    pub fn calls(&self) -> Vec<String> {
        self.truth().calls.clone()
    }

    /// The customer pays. False when WeChat does not take it: unknown, closed, or paid before.
    pub fn customer_pays(&self, number: &str) -> bool {
        let at = self.clock.now();
        self.truth().pay(number, at)
    }

    /// Something else than was ordered comes to WeChat's books: for what must be set aside.
    pub fn spoil(&self, number: &str, spoil: impl FnOnce(&mut There)) {
        if let Some(order) = self.truth().orders.get_mut(number) {
            spoil(order);
        }
    }

    /// The notice of a paid order, signed now.
    pub fn notice(&self, number: &str) -> Post {
        let transaction = self.truth().transaction(number).expect("WeChat knows the order");
        self.post("TRANSACTION.SUCCESS", &format!("n-{number}"), &transaction)
    }

    /// A refund ends so: `SUCCESS`, `ABNORMAL` or `CLOSED`; its notice.
    pub fn refund_ends(&self, number: &str, status: &str) -> Post {
        let at = self.clock.now();
        let mut notice = {
            let mut truth = self.truth();
            let refund = truth.refunds.get_mut(number).expect("WeChat knows the refund");
            refund.status = status.to_owned();
            refund.done_at = Some(at);
            truth.refund(number).expect("it was just there")
        };
        notice["refund_status"] = notice["status"].take();
        notice["sp_mchid"] = json!(SP_MCHID);
        notice["sub_mchid"] = json!(SUB_MCHID);
        self.post(
            &format!("REFUND.{status}"),
            &format!("n-{number}-{status}"),
            &notice,
        )
    }

    /// A notice about anything, encrypted and signed now.
    pub fn post(&self, event_type: &str, notice_id: &str, resource: &Value) -> Post {
        let sealed = seal::encrypt(API_V3_KEY, resource.to_string().as_bytes());
        let body = json!({
            "id": notice_id,
            "create_time": self.clock.now().to_string(),
            "resource_type": "encrypt-resource",
            "event_type": event_type,
            "summary": "",
            "resource": {
                "original_type": "transaction",
                "algorithm": "AEAD_AES_256_GCM",
                "ciphertext": sealed,
                "nonce": seal::NONCE,
                "associated_data": "transaction",
            },
        })
        .to_string()
        .into_bytes();
        let headers = self.signed(&body);
        Post { headers, body }
    }

    /// A notice that is told again: the same words, signed now.
    pub fn again(&self, post: &Post) -> Post {
        let body = post.body.clone();
        let headers = self.signed(&body);
        Post { headers, body }
    }

    /// What somebody would send who knows our address and an order, and has no key: that it was paid.
    pub fn forged(&self, number: &str) -> Post {
        let mut said = self.truth().transaction(number).unwrap_or_default();
        said["trade_state"] = json!("SUCCESS");
        said["transaction_id"] = json!(format!("49000000{number}"));
        let mut post = self.post("TRANSACTION.SUCCESS", &format!("f-{number}"), &said);
        // The signature of other bytes.
        post.headers = self.signed(b"{}");
        post
    }

    /// The headers by which these bytes are known to be WeChat's, signed now.
    pub fn signed(&self, body: &[u8]) -> HeaderMap {
        seal::headers(KEY_ID, self.clock.now().seconds(), body)
    }

    fn truth(&self) -> MutexGuard<'_, Truth> {
        self.truth.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for FakeWeChat {
    fn send(&self, request: Request<Vec<u8>>, _: Duration) -> Result<Response<Vec<u8>>, TransportError> {
        let mut truth = self.truth();
        let path = request.uri().path().to_owned();
        let query = request.uri().query().unwrap_or_default().to_owned();
        truth.calls.push(format!("{} {path}", request.method()));
        let (status, body) = match truth.mood {
            Mood::Away => return Err(TransportError::NotSent("away".to_owned())),
            Mood::Broken => (500, json!({"code": "SYSTEM_ERROR", "message": "later"})),
            Mood::Well | Mood::Mute | Mood::Stubborn => {
                let now = self.clock.now();
                truth.answer(request.method(), (&path, &query), request.body(), now)
            }
        };
        if truth.mood == Mood::Mute {
            return Err(TransportError::Unknown("timeout".to_owned()));
        }
        if path == bill::FILE {
            let file = truth.bill.offered.clone();
            return Ok(Response::builder()
                .status(200)
                .body(file)
                .expect("a plain answer"));
        }
        drop(truth);
        let body = if status == 204 {
            Vec::new()
        } else {
            body.to_string().into_bytes()
        };
        let mut response = Response::builder()
            .status(status)
            .body(body)
            .expect("a plain answer");
        *response.headers_mut() = self.signed(response.body());
        Ok(response)
    }
}

/// A database with this module's and others' tables, its jobs, a clock and the fake WeChat.
pub struct Stand {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    /// WeChat.
    pub wechat: FakeWeChat,
    /// Our side of it.
    pub pay: Arc<WeChatPay>,
    runner: Runner,
    // Dropped last: the database's file.
    _test: TestDb,
}

/// What a stand is built from.
pub struct Parts<'a> {
    /// The tables, in order.
    pub migrations: &'a [&'a [Migration]],
    /// Jobs beside those of payments.
    pub jobs: Vec<Job>,
    /// Event and job.
    pub listens: &'a [(&'static str, &'static str)],
}

impl Stand {
    /// A stand on a fresh database.
    pub fn new(test: TestDb, parts: Parts) -> Stand {
        let clock = Clock::new();
        let mut listeners = Listeners::default();
        for (event, job) in parts.listens {
            listeners.on(event, job);
        }
        let db = test.open(clock.world(), listeners).expect("the database opens");
        let migrations: Vec<Migration> = parts
            .migrations
            .iter()
            .flat_map(|part| part.iter().copied())
            .collect();
        db.migrate(&migrations).expect("the migrations fit");
        let wechat = FakeWeChat::new(&clock);
        let pay = Arc::new(wechat_pay(&wechat));
        let jobs = crate::jobs(pay.clone()).into_iter().chain(parts.jobs).collect();
        let runner = Runner::new(db.clone(), jobs);
        Stand {
            db,
            clock,
            wechat,
            pay,
            runner,
            _test: test,
        }
    }

    /// A context of now.
    pub fn cx(&self, actor: Actor) -> Cx {
        self.db.world().cx(actor, Lang::Zh)
    }

    /// Runs what is due.
    pub fn work(&self) {
        self.runner.run_due().expect("the database answers");
    }

    /// Lets time pass in small steps, doing what becomes due.
    pub fn pass(&self, ms: i64) {
        let step = (ms / 20).clamp(1_000, 60_000);
        let end = self.clock.now() + ms;
        while self.clock.now() < end {
            self.clock.pass(step.min(end - self.clock.now()));
            self.work();
        }
    }

    /// Delivers what WeChat sends; the HTTP status that it would get.
    pub fn deliver(&self, post: &Post) -> u16 {
        let cx = self.cx(Actor::System("notice"));
        match crate::inbox::receive(&self.db, &cx, &self.pay, &post.headers, &post.body) {
            Ok(crate::inbox::Reception::Taken) => 204,
            Ok(crate::inbox::Reception::Rejected(rejected)) => rejected.http_status(),
            Err(_) => 500,
        }
    }
}

/// WeChat Pay in service-provider mode, on the fake.
pub fn wechat_pay(wechat: &FakeWeChat) -> WeChatPay {
    pay(merchant(), Arc::new(wechat.clone()))
}

/// The same on a transport that leads to the fake in the end, and with signatures that cost nothing: the fake does not look
/// at ours.
pub fn wechat_pay_through(transport: Arc<dyn Transport>) -> WeChatPay {
    let merchant = Merchant::signed_by(mode(), SERIAL, Arc::new(Unsigned), api_v3_key());
    pay(merchant, transport)
}

struct Unsigned;

impl Signer for Unsigned {
    fn sign(&self, _: &[u8]) -> String {
        "bm90IGEgc2lnbmF0dXJl".to_owned()
    }
}

fn pay(merchant: Merchant, transport: Arc<dyn Transport>) -> WeChatPay {
    let client = Pay::new(merchant, platform_keys(), &Endpoints::default(), transport);
    WeChatPay::new(mode(), client, "https://shop.example")
}

/// The same, but the money comes to our own account, so that both bills are read.
pub fn payee_through(transport: Arc<dyn Transport>) -> WeChatPay {
    let client = Pay::new(merchant(), platform_keys(), &Endpoints::default(), transport);
    let mode = Mode::Direct {
        mchid: SP_MCHID.to_owned(),
        appid: SP_APPID.to_owned(),
    };
    WeChatPay::new(mode, client, "https://shop.example")
}

fn mode() -> Mode {
    Mode::Partner {
        sp_mchid: SP_MCHID.to_owned(),
        sp_appid: SP_APPID.to_owned(),
    }
}

fn platform_keys() -> PlatformKeys {
    PlatformKeys::new()
        .with_public_key(KEY_ID, seal::PUBLIC_KEY)
        .expect("the key can be read")
}

fn api_v3_key() -> ApiV3Key {
    ApiV3Key::new(API_V3_KEY).expect("the key has 32 characters")
}

/// Read once: the checks of a private key cost more than a signature.
fn merchant() -> Merchant {
    static MERCHANT: OnceLock<Merchant> = OnceLock::new();
    let read = || {
        let key = Secret::new(include_str!("testing/keys/merchant.pem").to_owned());
        Merchant::new(mode(), SERIAL, &key, api_v3_key()).expect("the key can be read")
    };
    MERCHANT.get_or_init(read).clone()
}

/// What WeChat says about an order, as JSON.
pub fn said(wechat: &FakeWeChat, number: &str) -> Value {
    wechat
        .truth()
        .transaction(number)
        .expect("WeChat knows the order")
}

//! What lies between the program and WeChat: calls and answers get lost, late, doubled and spoiled.

mod account;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use http::{Request, Response};
use kernel::{Instant, MINUTE_MS};
use payment::testing::FakeWeChat;
use serde_json::{Value, json};
use wechat::{Transport, TransportError};

use crate::{
    agenda::{Agenda, Event},
    mix::Mix,
    program::Program,
    trace::Trace,
    world::{Chance, Time},
};

pub(crate) use account::AccountLine;

/// The way to WeChat Pay and to the official account.
pub(crate) struct Network {
    /// What WeChat Pay knows.
    pub wechat: FakeWeChat,
    pub time: Time,
    pub trace: Trace,
    pub agenda: Agenda,
    chance: Chance,
    state: Mutex<State>,
    /// Whether something happens beside a call already.
    busy: AtomicBool,
}

#[derive(Default)]
struct State {
    mix: Mix,
    program: Option<Program>,
    silent_until: Option<Instant>,
    /// Sheets that are open: our numbers, in the order they were opened.
    sheets: Vec<String>,
    /// A message that was sent although its booking had moved on.
    stale: Option<String>,
    calls: u64,
    /// The official account's menu.
    menu: Option<Value>,
}

/// How a call goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Well,
    Lost,
    Mute,
    Broken { done: bool },
    Throttled,
    Spoiled,
    Refused,
    DiesBefore,
    DiesAfter,
}

type Answer = Result<Response<Vec<u8>>, TransportError>;

impl Network {
    pub fn new(seed: u64, mix: Mix, time: Time, trace: Trace, agenda: Agenda) -> Network {
        Network {
            wechat: FakeWeChat::new(&time.clock),
            time,
            trace,
            agenda,
            chance: Chance::new(seed, 3),
            state: Mutex::new(State {
                mix,
                ..State::default()
            }),
            busy: AtomicBool::new(false),
        }
    }

    /// The program that calls from now on.
    pub fn serves(&self, program: Option<Program>) {
        self.state().program = program;
    }

    /// From now on everything goes well.
    pub fn heal(&self) {
        let mut state = self.state();
        state.mix = Mix::default();
        state.silent_until = None;
    }

    pub fn fall_silent(&self, until: Instant) {
        self.state().silent_until = Some(until);
    }

    /// Whether nothing gets through now.
    pub fn is_silent(&self) -> bool {
        self.state()
            .silent_until
            .is_some_and(|until| self.time.now() < until)
    }

    /// How many calls were made.
    pub fn calls(&self) -> u64 {
        self.state().calls
    }

    /// A message that was sent although its booking had moved on, if there was one.
    pub fn stale(&self) -> Option<String> {
        self.state().stale.clone()
    }

    /// A customer's pay sheet is open.
    pub fn sheet_opens(&self, number: &str) {
        let mut state = self.state();
        if !state.sheets.iter().any(|open| open == number) {
            state.sheets.push(number.to_owned());
        }
    }

    /// The numbers whose pay sheets are open.
    pub fn sheets(&self) -> Vec<String> {
        self.state().sheets.clone()
    }

    /// The customer confirms the sheet of a number, if WeChat still takes it; what WeChat then tells is planned.
    pub fn pays(&self, number: &str) {
        self.state().sheets.retain(|open| open != number);
        let expires = self.wechat.there(number).and_then(|there| expiry(&there.asked));
        // WeChat lets a minute pass at least, and whoever types the password may end it.
        let paid = expires.is_none_or(|expires| self.time.now() <= expires + MINUTE_MS)
            && self.wechat.customer_pays(number);
        if !paid {
            return self
                .trace
                .tell(self.time.now(), &format!("WeChat takes no money for {number}"));
        }
        self.trace
            .tell(self.time.now(), &format!("a customer pays {number} at WeChat"));
        let mix = self.state().mix;
        if self.chance.of_thousand(mix.wrong_amount) {
            self.wechat.spoil(number, |there| there.total -= 1);
            self.trace
                .tell(self.time.now(), "WeChat has a fen less in its books");
        }
        let post = self.wechat.notice(number);
        self.tells(post);
        if self.chance.of_thousand(mix.forged) {
            let at = self.time.now() + self.chance.between(100, 60_000);
            self.agenda.plan(at, Event::Forgery(number.to_owned()));
        }
    }

    /// WeChat tells something, as often and as late as the mix has it.
    pub fn tells(&self, post: payment::testing::Post) {
        let mix = self.state().mix;
        if self.chance.of_thousand(mix.notice_lost) {
            return self
                .trace
                .tell(self.time.now(), "WeChat's notice is lost for good");
        }
        let times = if self.chance.of_thousand(mix.notice_twice) {
            self.chance.between(2, 7)
        } else {
            1
        };
        for _ in 0..times {
            let delay = if self.chance.of_thousand(mix.notice_late) {
                self.chance.between(MINUTE_MS, 180 * MINUTE_MS)
            } else {
                self.chance.between(50, 3_000)
            };
            self.agenda
                .plan(self.time.now() + delay, Event::Notice(post.clone(), 0));
        }
    }

    fn fate(&self, path: &str) -> Fate {
        if self.is_silent() {
            return Fate::Lost;
        }
        let mix = self.state().mix;
        let drawn = |rate| self.chance.of_thousand(rate);
        let may_be_refused = path.ends_with("/jsapi") || path.ends_with("/refunds");
        if drawn(mix.lost) {
            Fate::Lost
        } else if drawn(mix.mute) {
            Fate::Mute
        } else if drawn(mix.broken) {
            Fate::Broken {
                done: self.chance.below(2) == 0,
            }
        } else if drawn(mix.throttled) {
            Fate::Throttled
        } else if drawn(mix.spoiled) {
            Fate::Spoiled
        } else if may_be_refused && drawn(mix.refused) {
            Fate::Refused
        } else if drawn(mix.crash / 4) {
            if self.chance.below(2) == 0 {
                Fate::DiesBefore
            } else {
                Fate::DiesAfter
            }
        } else {
            Fate::Well
        }
    }

    /// What happens while the call is under way: the person whose money it is about pays at this very moment, WeChat tells,
    /// another thread does something that is due.
    fn meanwhile(&self, path: &str) {
        let mix = self.state().mix;
        if !self.chance.of_thousand(mix.meanwhile) || self.busy.swap(true, Ordering::SeqCst) {
            return;
        }
        let sheet = self
            .state()
            .sheets
            .iter()
            .find(|number| path.contains(number.as_str()))
            .cloned();
        if let Some(number) = sheet {
            self.pays(&number);
        }
        let program = self.state().program.clone();
        if let Some(program) = program {
            for _ in 0..self.chance.below(3) {
                program.work(self, &self.chance);
            }
        }
        self.busy.store(false, Ordering::SeqCst);
    }

    fn carry(&self, request: Request<Vec<u8>>, deadline: Duration) -> Answer {
        let path = request.uri().path().to_owned();
        let is_refund = path.ends_with("/refunds");
        let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let before = self.wechat.counts().1;
        let answer = Transport::send(&self.wechat, request, deadline);
        if is_refund && self.wechat.counts().1 > before {
            let number = body["out_refund_no"].as_str().unwrap_or_default().to_owned();
            let takes = self.chance.between(2_000, 40 * MINUTE_MS);
            self.agenda
                .plan(self.time.now() + takes, Event::RefundEnds(number));
        }
        answer
    }

    fn dies(&self) {
        if let Some(program) = &self.state().program {
            program.db.stop_writing_after(0);
        }
    }

    fn is_dead(&self) -> bool {
        let state = self.state();
        state
            .program
            .as_ref()
            .is_none_or(|program| program.db.has_stopped_writing())
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The way of the calls to WeChat Pay.
pub(crate) struct PayLine(pub Arc<Network>);

impl Transport for PayLine {
    fn send(&self, request: Request<Vec<u8>>, deadline: Duration) -> Answer {
        let network = &self.0;
        if network.is_dead() {
            return Err(TransportError::NotSent("the process is gone".to_owned()));
        }
        network.state().calls += 1;
        let path = request.uri().path().to_owned();
        let fate = network.fate(&path);
        network.time.clock.pass(network.chance.between(20, 300));
        network.meanwhile(&path);
        network.trace.tell(
            network.time.now(),
            &format!("  call {} {path}: {}", request.method(), fate.words()),
        );
        match fate {
            Fate::Well => network.carry(request, deadline),
            Fate::Lost => {
                network.time.clock.pass(5_000);
                Err(TransportError::Unknown("timeout before it arrived".to_owned()))
            }
            Fate::Mute => {
                drop(network.carry(request, deadline));
                network.time.clock.pass(5_000);
                Err(TransportError::Unknown("timeout after it was done".to_owned()))
            }
            Fate::Broken { done } => {
                if done {
                    drop(network.carry(request, deadline));
                }
                Ok(no(500, "SYSTEM_ERROR"))
            }
            Fate::Throttled => Ok(no(429, "FREQUENCY_LIMITED")),
            Fate::Refused => Ok(no(
                403,
                if path.ends_with("/jsapi") {
                    "RULE_LIMIT"
                } else {
                    "NOT_ENOUGH"
                },
            )),
            Fate::Spoiled => {
                let mut answer = network.carry(request, deadline)?;
                let bad = http::HeaderValue::from_static("bm90IGEgc2lnbmF0dXJl");
                answer.headers_mut().insert("Wechatpay-Signature", bad);
                Ok(answer)
            }
            Fate::DiesBefore => {
                network.dies();
                Err(TransportError::NotSent("the process died".to_owned()))
            }
            Fate::DiesAfter => {
                drop(network.carry(request, deadline));
                network.dies();
                Err(TransportError::Unknown("the process died".to_owned()))
            }
        }
    }
}

impl Fate {
    fn words(self) -> &'static str {
        match self {
            Fate::Well => "well",
            Fate::Lost => "lost",
            Fate::Mute => "done, the answer is lost",
            Fate::Broken { done: true } => "SYSTEM_ERROR, yet done",
            Fate::Broken { done: false } => "SYSTEM_ERROR",
            Fate::Throttled => "too many calls",
            Fate::Spoiled => "the signature does not hold",
            Fate::Refused => "refused",
            Fate::DiesBefore => "the process dies before",
            Fate::DiesAfter => "the process dies after",
        }
    }
}

fn no(status: u16, code: &str) -> Response<Vec<u8>> {
    let body = json!({"code": code, "message": "no"}).to_string().into_bytes();
    let mut answer = Response::new(body);
    *answer.status_mut() = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::BAD_GATEWAY);
    answer
}

/// Until when WeChat takes money for an order, as the order said.
pub(crate) fn expiry(asked: &Value) -> Option<Instant> {
    let text = asked["time_expire"].as_str()?;
    let (day, rest) = text.split_once('T')?;
    let mut parts = rest
        .split(['+', ':'])
        .map(|part| part.parse::<i64>().unwrap_or(0));
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    Some(kernel::Day::parse(day)?.at(hour * 60 + minute) + second * 1_000)
}

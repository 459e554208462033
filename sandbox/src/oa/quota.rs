//! How often the program may call, and what it asked when it was refused (接口调用频次限制说明, openApi 管理).

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use serde::Serialize;
use serde_json::json;

use super::{Answer, Call, Fail, Interface, interfaces, ok, token};
use crate::clock;
use crate::state::Sandbox;

/// How many refusals can be asked for.
const FAILURES_KEPT: usize = 500;
/// For how long, in seconds.
const FAILURES_KEPT_S: i64 = 7 * 86_400;
/// How often a calendar month the counters may be set to zero.
const CLEARINGS_A_MONTH: u32 = 10;

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[
    Interface::post("/cgi-bin/openapi/quota/get", get).daily(0),
    Interface::post("/cgi-bin/clear_quota", clear).daily(0),
    Interface::post("/cgi-bin/clear_quota/v2", clear_by_secret)
        .open()
        .daily(0),
    Interface::post("/cgi-bin/openapi/rid/get", failure).daily(0),
];

/// The counters.
#[derive(Default)]
pub struct Quota {
    used: HashMap<&'static str, Used>,
    limits: HashMap<String, Limit>,
    failures: VecDeque<(String, Failure)>,
    /// The month of the last clearing, and how many there were in it.
    clearings: (String, u32),
}

#[derive(Clone, Copy, Default)]
struct Used {
    day: i64,
    today: u32,
    minute: i64,
    this_minute: u32,
}

/// A limit set at the control desk in place of WeChat's own.
#[derive(Clone, Copy)]
pub struct Limit {
    /// Calls a day; 0 is without limit.
    pub daily: u32,
    /// Calls a minute.
    pub per_minute: Option<u32>,
}

/// A call that was refused.
#[derive(Clone, Serialize)]
pub struct Failure {
    /// When, in seconds since 1970.
    pub invoke_time: i64,
    /// How long it took.
    pub cost_in_ms: u64,
    /// The address, its secrets masked.
    pub request_url: String,
    /// The body, its secrets masked.
    pub request_body: String,
    /// The answer.
    pub response_body: String,
    /// Who asked.
    pub client_ip: String,
}

impl Quota {
    /// Counts a call.
    ///
    /// # Errors
    /// 45009 when the day's calls are used up, 45011 when the minute's are. A refused call is not counted.
    pub fn count(&mut self, interface: &'static Interface, now_ms: i64) -> Result<(), Fail> {
        let limit = self.limit(interface);
        let used = self.used.entry(interface.path).or_default();
        *used = used.at(now_ms);
        if limit.daily > 0 && used.today >= limit.daily {
            return Err(Fail(45009, "reach max api daily quota limit"));
        }
        if limit.per_minute.is_some_and(|most| used.this_minute >= most) {
            let message = "api minute-quota reach limit, must slower, retry next minute";
            return Err(Fail(45011, message));
        }
        used.today += 1;
        used.this_minute += 1;
        Ok(())
    }

    /// Puts another limit in the place of WeChat's own.
    pub fn set_limit(&mut self, path: String, limit: Limit) {
        self.limits.insert(path, limit);
    }

    /// Keeps a refusal for whoever asks for it by its number.
    pub fn remember(&mut self, rid: String, failure: Failure) {
        if self.failures.len() == FAILURES_KEPT {
            self.failures.pop_front();
        }
        self.failures.push_back((rid, failure));
    }

    fn limit(&self, interface: &Interface) -> Limit {
        let own = Limit {
            daily: interface.daily,
            per_minute: interface.per_minute,
        };
        self.limits.get(interface.path).copied().unwrap_or(own)
    }

    fn clear(&mut self, now_ms: i64) -> Result<(), Fail> {
        let month = clock::beijing_digits(now_ms)[..6].to_owned();
        if self.clearings.0 != month {
            self.clearings = (month, 0);
        }
        if self.clearings.1 >= CLEARINGS_A_MONTH {
            return Err(Fail(48006, "forbid to clear quota because of reaching the limit"));
        }
        self.clearings.1 += 1;
        self.used.clear();
        Ok(())
    }
}

impl Used {
    /// The counters as they stand at `now_ms`: a new day and a new minute begin at zero.
    fn at(self, now_ms: i64) -> Self {
        let (day, minute) = (beijing_day(now_ms), now_ms.div_euclid(60_000));
        Self {
            day,
            today: if self.day == day { self.today } else { 0 },
            minute,
            this_minute: if self.minute == minute {
                self.this_minute
            } else {
                0
            },
        }
    }
}

/// The number of the day in Beijing.
pub fn beijing_day(now_ms: i64) -> i64 {
    (now_ms + 8 * 3_600_000).div_euclid(86_400_000)
}

/// The address that `path` names.
///
/// # Errors
/// 76003 without the leading slash, 76021 for one that there is not, 76022 for web authorisation, which has no quota here.
fn named(path: &str) -> Result<&'static Interface, Fail> {
    if !path.starts_with('/') {
        return Err(Fail(76003, "cgi_path must begin with a slash"));
    }
    if path.starts_with("/sns/") {
        return Err(Fail(76022, "could not use this cgi_path, no permission"));
    }
    interfaces()
        .find(|interface| interface.path == path)
        .ok_or(Fail(76021, "cgi_path not found, please check"))
}

/// `POST /cgi-bin/openapi/quota/get`.
fn get(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let interface = named(call.text("cgi_path").unwrap_or_default())?;
    let now_ms = sandbox.clock.now_ms();
    sandbox.look(|world| {
        let quota = &world.account.quota;
        let (limit, used) = (quota.limit(interface), quota.used.get(interface.path));
        let used = used.copied().unwrap_or_default().at(now_ms);
        let mut answer = ok();
        answer["quota"] = json!({
            "daily_limit": limit.daily, "used": used.today, "remain": limit.daily.saturating_sub(used.today),
        });
        if let Some(most) = limit.per_minute {
            answer["rate_limit"] = json!({"call_count": most, "refresh_second": 60});
        }
        Ok(answer)
    })
}

/// `POST /cgi-bin/clear_quota`: ten times a month.
fn clear(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    match call.text("appid") {
        None => return Err(Fail(41002, "appid missing")),
        Some(app_id) if app_id != sandbox.credentials.app_id => return Err(Fail(40013, "invalid appid")),
        Some(_) => {}
    }
    let now_ms = sandbox.clock.now_ms();
    sandbox.change(|world| world.account.quota.clear(now_ms).map(|()| ok()))
}

/// `POST /cgi-bin/clear_quota/v2?appid=…&appsecret=…`: the same ten, for programs that can get no token any more.
fn clear_by_secret(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let given = |name| call.parameter(name).or_else(|| call.text(name));
    token::check_secret(sandbox, given("appid"), given("appsecret"))?;
    let now_ms = sandbox.clock.now_ms();
    sandbox.change(|world| world.account.quota.clear(now_ms).map(|()| ok()))
}

/// `POST /cgi-bin/openapi/rid/get`: what was asked when the answer carried this number.
fn failure(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let rid = call
        .text("rid")
        .ok_or(Fail(76002, "rid is empty or has a wrong format"))?;
    let now_s = sandbox.clock.now_s();
    sandbox.look(|world| {
        let found = world
            .account
            .quota
            .failures
            .iter()
            .find(|(known, _)| known == rid);
        let (_, failure) = found.ok_or(Fail(76001, "rid not found"))?;
        if now_s - failure.invoke_time > FAILURES_KEPT_S {
            return Err(Fail(
                76004,
                "rid expired, only those of seven days can be asked for",
            ));
        }
        let mut answer = ok();
        answer["request"] = json!(failure);
        Ok(answer)
    })
}

//! Access tokens: the classic interface and the stable one, which keep separate tokens.

use std::sync::Arc;

use serde_json::json;

use super::{Answer, Call, Fail, Interface};
use crate::clock::Clock;
use crate::state::Sandbox;

/// Lifetime of a token, in seconds.
const LIFETIME_S: u32 = 7200;
/// How long a replaced token goes on working, and how long before the end the stable interface renews.
const OVERLAP_S: u32 = 300;

/// The addresses of this file, with their quotas (获取 Access token, 获取稳定版接口调用凭据).
pub const INTERFACES: &[Interface] = &[
    Interface::get("/cgi-bin/token", classic).open().daily(2000),
    Interface::post("/cgi-bin/stable_token", stable)
        .open()
        .daily(500_000)
        .per_minute(10_000),
];

/// Every token that was given out and may still work.
#[derive(Default)]
pub struct Tokens {
    given: Vec<Token>,
    forced_ms: Vec<i64>,
    /// Whether the AppSecret is frozen (冻结).
    pub frozen: bool,
    /// Addresses that may ask for tokens; everybody without a list.
    pub whitelist: Option<Vec<String>>,
}

struct Token {
    value: String,
    stable: bool,
    issued_ms: i64,
    /// When a newer one took its place.
    replaced_ms: Option<i64>,
    revoked: bool,
}

impl Token {
    fn lives(&self, clock: &Clock) -> bool {
        !self.revoked
            && !clock.passed(self.issued_ms, LIFETIME_S)
            && self.replaced_ms.is_none_or(|at| !clock.passed(at, OVERLAP_S))
    }
}

impl Tokens {
    /// Whether `token` may call the API.
    ///
    /// # Errors
    /// 41001 without a token, 42001 for an expired one, 40001 for any other that does not work.
    pub fn check(&self, clock: &Clock, token: Option<&str>) -> Result<(), Fail> {
        let value = token
            .filter(|token| !token.is_empty())
            .ok_or(Fail(41001, "access_token missing"))?;
        match self.given.iter().find(|token| token.value == value) {
            Some(token) if token.lives(clock) => Ok(()),
            Some(token) if !token.revoked && clock.passed(token.issued_ms, LIFETIME_S) => {
                Err(Fail(42001, "access_token expired"))
            }
            _ => Err(Fail(
                40001,
                "invalid credential, access_token is invalid or not latest",
            )),
        }
    }

    /// Kills every token before its time.
    pub fn revoke_all(&mut self) {
        self.given.iter_mut().for_each(|token| token.revoked = true);
    }

    fn current(&self, clock: &Clock, stable: bool) -> Option<&Token> {
        self.given
            .iter()
            .rev()
            .find(|token| token.stable == stable && token.replaced_ms.is_none() && token.lives(clock))
    }

    fn issue(&mut self, clock: &Clock, stable: bool, value: String) {
        let now_ms = clock.now_ms();
        self.given
            .retain(|token| !clock.passed(token.issued_ms, LIFETIME_S * 2));
        for token in self.given.iter_mut().filter(|token| token.stable == stable) {
            token.replaced_ms.get_or_insert(now_ms);
        }
        self.given.push(Token {
            value,
            stable,
            issued_ms: now_ms,
            replaced_ms: None,
            revoked: false,
        });
    }
}

/// `GET /cgi-bin/token`: every call gives a new token and retires the former.
fn classic(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    check_application(
        sandbox,
        &call.ip,
        call.parameter("grant_type"),
        call.parameter("appid"),
        call.parameter("secret"),
    )?;
    sandbox.change(|world| {
        let value = format!("90_{}", world.word(133));
        world.account.tokens.issue(&sandbox.clock, false, value.clone());
        Ok(json!({"access_token": value, "expires_in": LIFETIME_S}))
    })
}

/// `POST /cgi-bin/stable_token`: the same token until its last five minutes, unless a refresh is forced.
fn stable(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    check_application(
        sandbox,
        &call.ip,
        call.text("grant_type"),
        call.text("appid"),
        call.text("secret"),
    )?;
    let force = call.body["force_refresh"].as_bool().unwrap_or(false);
    let clock = &sandbox.clock;
    sandbox.change(|world| {
        if force {
            let forced = &mut world.account.tokens.forced_ms;
            forced.retain(|&at| !clock.passed(at, 86_400));
            if forced.len() >= 20 {
                return Err(Fail(45009, "reach max api daily quota limit"));
            }
            if forced.last().is_some_and(|&at| !clock.passed(at, 30)) {
                return Err(Fail(
                    45011,
                    "api minute-quota reach limit, must slower, retry next minute",
                ));
            }
            forced.push(clock.now_ms());
            // A forced refresh takes the former token out of service at once.
            world
                .account
                .tokens
                .given
                .iter_mut()
                .filter(|t| t.stable)
                .for_each(|t| t.revoked = true);
        } else if let Some(token) = world.account.tokens.current(clock, true) {
            let left = clock.left(token.issued_ms, LIFETIME_S);
            if left > OVERLAP_S {
                return Ok(json!({"access_token": token.value, "expires_in": left}));
            }
        }
        let value = format!("91_{}", world.word(133));
        world.account.tokens.issue(clock, true, value.clone());
        Ok(json!({"access_token": value, "expires_in": LIFETIME_S}))
    })
}

fn check_application(
    sandbox: &Sandbox,
    ip: &str,
    grant_type: Option<&str>,
    app_id: Option<&str>,
    secret: Option<&str>,
) -> Result<(), Fail> {
    if grant_type != Some("client_credential") {
        return Err(Fail(40002, "invalid grant_type"));
    }
    check_secret(sandbox, app_id, secret)?;
    sandbox.look(|world| {
        let tokens = &world.account.tokens;
        if tokens.frozen {
            return Err(Fail(40243, "invalid credential, the appsecret is frozen"));
        }
        match &tokens.whitelist {
            Some(list) if !list.iter().any(|known| known == ip) => {
                Err(Fail(40164, "invalid ip, not in whitelist"))
            }
            _ => Ok(()),
        }
    })
}

/// Whether AppID and AppSecret are the account's.
pub fn check_secret(sandbox: &Sandbox, app_id: Option<&str>, secret: Option<&str>) -> Result<(), Fail> {
    let app_id = app_id.ok_or(Fail(41002, "appid missing"))?;
    let secret = secret.ok_or(Fail(41004, "appsecret missing"))?;
    if app_id != sandbox.credentials.app_id {
        return Err(Fail(40013, "invalid appid"));
    }
    if secret != sandbox.credentials.app_secret {
        return Err(Fail(40125, "invalid appsecret"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replaced_token_works_for_five_more_minutes_and_a_revoked_one_not_at_all() {
        let clock = Clock::new(1.0, std::sync::Arc::default());
        let mut tokens = Tokens::default();
        tokens.issue(&clock, false, "first".into());
        tokens.issue(&clock, false, "second".into());
        tokens.issue(&clock, true, "stable".into());
        for token in ["first", "second", "stable"] {
            assert_eq!(tokens.check(&clock, Some(token)), Ok(()));
        }
        tokens.given[0].replaced_ms = Some(clock.now_ms() - 300_000);
        assert_eq!(tokens.check(&clock, Some("first")).unwrap_err().0, 40001);
        tokens.given[1].issued_ms -= 7_200_000;
        assert_eq!(tokens.check(&clock, Some("second")).unwrap_err().0, 42001);
        tokens.revoke_all();
        assert_eq!(tokens.check(&clock, Some("stable")).unwrap_err().0, 40001);
        assert_eq!(tokens.check(&clock, None).unwrap_err().0, 41001);
    }
}

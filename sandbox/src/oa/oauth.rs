//! Web authorisation (网页授权): codes, and what they are exchanged for.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::Query;
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Call, Fail, Interface, ticket, token};
use crate::fault::Kind;
use crate::state::Sandbox;

const CODE_LIFETIME_S: u32 = 300;
const TOKEN_LIFETIME_S: u32 = 7200;
const REFRESH_LIFETIME_S: u32 = 30 * 86_400;

/// The addresses of this file. Web authorisation has a quota a minute and none a day.
pub const INTERFACES: &[Interface] = &[
    Interface::get("/sns/oauth2/access_token", access_token)
        .open()
        .daily(0)
        .per_minute(50_000),
    Interface::get("/sns/oauth2/refresh_token", refresh_token)
        .open()
        .daily(0)
        .per_minute(100_000),
    Interface::get("/sns/userinfo", userinfo)
        .open()
        .daily(0)
        .per_minute(50_000),
    Interface::get("/sns/auth", check_token).open().daily(0),
];

/// An authorisation code: one use, five minutes.
pub struct Code {
    person: String,
    userinfo: bool,
    snapshot: bool,
    issued_ms: i64,
    used: bool,
}

/// An OAuth access token with its refresh token.
pub struct UserToken {
    refresh: String,
    person: String,
    userinfo: bool,
    snapshot: bool,
    issued_ms: i64,
    first_issued_ms: i64,
}

/// The parameters of an authorisation.
#[derive(Clone, Debug, Deserialize)]
pub struct Request {
    #[serde(default)]
    pub(super) appid: String,
    #[serde(default)]
    pub(super) redirect_uri: String,
    #[serde(default)]
    pub(super) response_type: String,
    #[serde(default)]
    pub(super) scope: String,
    #[serde(default)]
    pub(super) state: String,
}

impl Request {
    /// Whether the person has to be asked.
    pub fn asks_for_profile(&self) -> bool {
        self.scope == "snsapi_userinfo"
    }
}

/// Where the browser goes after consent: the redirect address with code and state.
///
/// # Errors
/// What WeChat's error page says.
pub fn grant(sandbox: &Sandbox, person: &str, request: &Request) -> Result<String, &'static str> {
    check(sandbox, request)?;
    let code = sandbox.change(|world| {
        let code = world.word(32);
        let snapshot = world.faults.take(Kind::SnapshotUser).is_some();
        let entry = Code {
            person: person.to_owned(),
            userinfo: request.scope == "snsapi_userinfo",
            snapshot,
            issued_ms: sandbox.clock.now_ms(),
            used: false,
        };
        world.account.codes.insert(code.clone(), entry);
        code
    });
    let (address, fragment) = request
        .redirect_uri
        .split_once('#')
        .unwrap_or((&request.redirect_uri, ""));
    let joint = if address.contains('?') { '&' } else { '?' };
    let fragment = if fragment.is_empty() {
        String::new()
    } else {
        format!("#{fragment}")
    };
    Ok(format!(
        "{address}{joint}code={code}&state={}{fragment}",
        percent(&request.state)
    ))
}

/// `GET /sns/oauth2/access_token`.
fn access_token(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    if call.parameter("grant_type") != Some("authorization_code") {
        return Err(Fail(40002, "invalid grant_type"));
    }
    token::check_secret(sandbox, call.parameter("appid"), call.parameter("secret"))?;
    let value = call.parameter("code").ok_or(Fail(41008, "missing code"))?;
    let clock = &sandbox.clock;
    sandbox.change(|world| {
        let code = world
            .account
            .codes
            .get_mut(value)
            .ok_or(Fail(40029, "invalid code"))?;
        if code.used {
            return Err(Fail(40163, "code been used"));
        }
        if clock.passed(code.issued_ms, CODE_LIFETIME_S) {
            return Err(Fail(42003, "code expired"));
        }
        code.used = true;
        let (person, userinfo, snapshot) = (code.person.clone(), code.userinfo, code.snapshot);
        let (access, refresh) = (format!("92_{}", world.word(83)), format!("92_{}", world.word(83)));
        let now_ms = clock.now_ms();
        let entry = UserToken {
            refresh,
            person,
            userinfo,
            snapshot,
            issued_ms: now_ms,
            first_issued_ms: now_ms,
        };
        let answer = token_answer(world, &access, &entry);
        world.account.user_tokens.insert(access, entry);
        Ok(answer)
    })
}

/// `GET /sns/oauth2/refresh_token`: prolongs a token that lives, replaces one that does not.
fn refresh_token(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    if call.parameter("appid") != Some(&sandbox.credentials.app_id) {
        return Err(Fail(40013, "invalid appid"));
    }
    if call.parameter("grant_type") != Some("refresh_token") {
        return Err(Fail(40002, "invalid grant_type"));
    }
    let refresh = call
        .parameter("refresh_token")
        .ok_or(Fail(41003, "missing refresh_token"))?;
    let clock = &sandbox.clock;
    sandbox.change(|world| {
        let tokens = &mut world.account.user_tokens;
        let found = tokens.iter().find(|(_, token)| token.refresh == refresh);
        let (access, token) = found.ok_or(Fail(40030, "invalid refresh_token"))?;
        if clock.passed(token.first_issued_ms, REFRESH_LIFETIME_S) {
            return Err(Fail(42002, "refresh_token expired"));
        }
        let (old, dead) = (access.clone(), clock.passed(token.issued_ms, TOKEN_LIFETIME_S));
        let access = if dead {
            format!("92_{}", world.word(83))
        } else {
            old.clone()
        };
        let token = world.account.user_tokens.remove(&old).expect("found above");
        let entry = UserToken {
            issued_ms: clock.now_ms(),
            ..token
        };
        let answer = token_answer(world, &access, &entry);
        world.account.user_tokens.insert(access, entry);
        Ok(answer)
    })
}

/// `GET /sns/userinfo`.
fn userinfo(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    with_token(sandbox, call, |world, token| {
        if !token.userinfo {
            return Err(Fail(48001, "api unauthorized"));
        }
        let person = world
            .person(&token.person)
            .expect("a token belongs to a person of the sandbox");
        let (openid, nickname, picture) = if token.snapshot {
            (
                snapshot_openid(&person.openid),
                "微信用户".to_owned(),
                String::new(),
            )
        } else {
            let picture = format!("{}/phone/avatar/{}.svg", sandbox.config.address, person.id);
            (person.openid.clone(), person.name.clone(), picture)
        };
        Ok(json!({
            "openid": openid, "nickname": nickname, "sex": 0, "language": "", "city": "", "province": "",
            "country": "", "headimgurl": picture, "privilege": [], "unionid": person.unionid,
        }))
    })
}

/// `GET /sns/auth`.
fn check_token(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    with_token(sandbox, call, |_, _| Ok(super::ok()))
}

fn with_token(
    sandbox: &Sandbox,
    call: &Call,
    then: impl FnOnce(&crate::state::World, &UserToken) -> Answer,
) -> Answer {
    let value = call
        .parameter("access_token")
        .ok_or(Fail(41001, "access_token missing"))?;
    sandbox.look(|world| {
        let token = world
            .account
            .user_tokens
            .get(value)
            .ok_or(Fail(40001, "invalid credential"))?;
        if sandbox.clock.passed(token.issued_ms, TOKEN_LIFETIME_S) {
            return Err(Fail(42001, "access_token expired"));
        }
        let person = world
            .person(&token.person)
            .expect("a token belongs to a person of the sandbox");
        let openid = if token.snapshot {
            snapshot_openid(&person.openid)
        } else {
            person.openid.clone()
        };
        if call.parameter("openid") != Some(&openid) {
            return Err(Fail(40003, "invalid openid"));
        }
        then(world, token)
    })
}

fn token_answer(world: &crate::state::World, access: &str, token: &UserToken) -> serde_json::Value {
    let person = world
        .person(&token.person)
        .expect("a token belongs to a person of the sandbox");
    let scope = if token.userinfo {
        "snsapi_userinfo"
    } else {
        "snsapi_base"
    };
    let mut answer = json!({
        "access_token": access, "expires_in": TOKEN_LIFETIME_S, "refresh_token": token.refresh,
        "openid": person.openid, "scope": scope, "unionid": person.unionid,
    });
    if token.snapshot {
        answer["openid"] = snapshot_openid(&person.openid).into();
        answer["unionid"] = snapshot_openid(&person.unionid).into();
        answer["is_snapshotuser"] = 1.into();
    }
    answer
}

/// The virtual OpenID of a page that is only being previewed.
fn snapshot_openid(openid: &str) -> String {
    format!("o{}", &crypto_word(openid)[..27])
}

fn crypto_word(text: &str) -> String {
    crate::crypto::sha1_hex(&format!("snapshot {text}"))
}

/// Whether the parameters are as WeChat wants them; the error is what its page says.
pub fn check(sandbox: &Sandbox, request: &Request) -> Result<(), &'static str> {
    if request.appid != sandbox.credentials.app_id {
        return Err("AppID 参数错误 (10013)");
    }
    if request.response_type != "code" {
        return Err("response_type 参数错误 (10004)");
    }
    if !matches!(request.scope.as_str(), "snsapi_base" | "snsapi_userinfo") {
        return Err("Scope 参数错误或没有 Scope 权限 (10005)");
    }
    if request.state.len() > 128 {
        return Err("state 参数过长 (10006)");
    }
    let host = ticket::host(&request.redirect_uri);
    if !sandbox
        .config
        .domains
        .iter()
        .any(|domain| Some(domain.as_str()) == host)
    {
        return Err("redirect_uri 域名与后台配置不一致 (10003)");
    }
    Ok(())
}

fn percent(text: &str) -> String {
    let keep = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(byte);
    text.bytes()
        .map(|byte| {
            if keep(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// The parameters of an authorisation address, for the control API.
pub fn parse(url: &str) -> Option<Request> {
    let uri: http::Uri = url.split('#').next()?.parse().ok()?;
    let Query(fields) = Query::<HashMap<String, String>>::try_from_uri(&uri).ok()?;
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    uri.path()
        .ends_with("/connect/oauth2/authorize")
        .then(|| Request {
            appid: field("appid"),
            redirect_uri: field("redirect_uri"),
            response_type: field("response_type"),
            scope: field("scope"),
            state: field("state"),
        })
}

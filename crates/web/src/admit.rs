//! The guard before every handler: who is it, may they, is the form theirs, is the body small enough.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::Response,
};
use kernel::{Actor, Error, Refused};
use subtle::ConstantTimeEq;

use crate::{
    Allow, App, Ask, Failure,
    ask::Visit,
    body,
    cookies::Cookie,
    failure::{Unspoken, problem, render},
    sessions::hash,
    store,
};

/// How long a form that lost its session is kept: longer than any shift.
const KEPT_MINUTES: i64 = 24 * 60;
const BROWSER_S: i64 = 400 * 24 * 3600;

/// Runs the handler behind `next` for those whom `allow` admits.
pub(crate) async fn admit(allow: Allow, limit: usize, request: Request, next: Next) -> Response {
    let app = request
        .extensions()
        .get::<App>()
        .cloned()
        .expect("the router carries the program's state");
    let (mut parts, body) = request.into_parts();
    let visit = match Visit::read(&app, &parts, allow).await {
        Ok(visit) => Arc::new(visit),
        Err(error) => {
            let ask = Ask::new(app.clone(), Arc::new(Visit::unknown(&app, &parts)));
            return match allow {
                Allow::Token(_) => problem(&ask, &error),
                _ => render(&ask, &error, wants_json(&parts.headers)),
            };
        }
    };
    parts.extensions.insert(visit.clone());
    let json = wants_json(&parts.headers);
    let response = match guard(&app, &visit, allow, limit, &parts, body).await {
        Ok(Passed::On(body)) => next.run(Request::from_parts(parts, body)).await,
        Ok(Passed::Answered(response)) => response,
        Err(error) => Failure(error).into_response_unspoken(),
    };
    finish(&app, &visit, allow, json, response)
}

enum Passed {
    On(Body),
    Answered(Response),
}

async fn guard(
    app: &App,
    visit: &Visit,
    allow: Allow,
    limit: usize,
    parts: &Parts,
    body: Body,
) -> Result<Passed, Error> {
    if let Allow::Token(scope) = allow {
        check_token(app, visit, scope)?;
        return Ok(Passed::On(Body::from(body::within(limit, body).await?)));
    }
    let reads_only = matches!(parts.method, Method::GET | Method::HEAD);
    if reads_only {
        return match allow.admits(visit.actor) {
            true => Ok(Passed::On(body)),
            false => Ok(Passed::Answered(send_to_sign_in(
                visit,
                allow,
                &here(parts),
                None,
            )?)),
        };
    }
    let bytes = body::within(limit, body).await?;
    if allow == Allow::Outside {
        return Ok(Passed::On(Body::from(bytes)));
    }
    if !app
        .limiter
        .pass(&visit.browser, app.settings.posts_per_minute, visit.now)
    {
        return Err(refusal("web.too_many", 429));
    }
    if cross_site(&parts.headers) {
        return Err(refusal("web.stale_form", 403));
    }
    if !allow.admits(visit.actor) {
        let kept = keep(app, visit, parts, &bytes).await?;
        return Ok(Passed::Answered(send_to_sign_in(
            visit,
            allow,
            &form_page(parts),
            kept,
        )?));
    }
    if !same(&visit.csrf, &token_of(parts, &bytes)) {
        return Err(refusal("web.stale_form", 403));
    }
    Ok(Passed::On(Body::from(bytes)))
}

/// Who comes with a token: is it live, may it ask again in this minute, has it the scope?
fn check_token(app: &App, visit: &Visit, scope: &'static str) -> Result<(), Error> {
    let Some(token) = &visit.token else {
        return Err(refusal("web.no_token", 401));
    };
    if !app
        .limiter
        .pass(&format!("token {}", token.id), token.per_minute, visit.now)
    {
        return Err(refusal("web.too_many", 429));
    }
    if token.has(scope) {
        return Ok(());
    }
    Err(Error::Refused(Refused {
        code: "web.no_scope",
        status: 403,
        args: vec![("scope", scope.to_owned())],
        field: None,
    }))
}

fn refusal(code: &'static str, status: u16) -> Error {
    Error::Refused(Refused {
        code,
        status,
        args: Vec::new(),
        field: None,
    })
}

/// A guest is led to sign in and comes back; a known person who may not is told so.
fn send_to_sign_in(visit: &Visit, allow: Allow, to: &str, kept: Option<String>) -> Result<Response, Error> {
    if visit.actor != Actor::Guest {
        return Err(Error::Forbidden);
    }
    let to = match kept {
        Some(key) => format!("{to}{}kept={key}", if to.contains('?') { '&' } else { '?' }),
        None => to.to_owned(),
    };
    let door = if allow == Allow::Customer {
        "/wechat/sign-in"
    } else {
        "/sign-in"
    };
    Ok(crate::ask::redirect(&format!(
        "{door}?to={}",
        crate::cookies::encode(&to)
    )))
}

fn here(parts: &Parts) -> String {
    parts
        .uri
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .to_owned()
}

/// The page that held the form: where the browser says it came from, if that is one of our pages.
fn form_page(parts: &Parts) -> String {
    let host = parts
        .headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let referer = parts
        .headers
        .get(header::REFERER)
        .and_then(|from| from.to_str().ok())
        .unwrap_or_default();
    let path = referer
        .split_once("://")
        .and_then(|(_, rest)| rest.strip_prefix(host))
        .unwrap_or_default();
    if crate::ask::is_local(path) {
        path.to_owned()
    } else {
        "/".to_owned()
    }
}

/// Stores what was typed, without the form token; pictures are not kept.
async fn keep(app: &App, visit: &Visit, parts: &Parts, bytes: &Bytes) -> Result<Option<String>, Error> {
    let is_form = content_type(&parts.headers).starts_with("application/x-www-form-urlencoded");
    let Some(text) = std::str::from_utf8(bytes).ok().filter(|_| is_form) else {
        return Ok(None);
    };
    let body = text
        .split('&')
        .filter(|pair| !pair.starts_with("csrf="))
        .collect::<Vec<_>>()
        .join("&");
    let cx = app.world.cx(visit.actor, visit.lang);
    let (id, until) = (cx.id(), cx.now().plus_minutes(KEPT_MINUTES));
    let browser = hash(&visit.browser);
    app.db
        .write(move |tx| store::keep_form(tx, id, &browser, &body, until))
        .await?;
    Ok(Some(id.to_string()))
}

/// Browsers say whether a request comes from another site; those too old to say are held by the token alone.
fn cross_site(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .and_then(|site| site.to_str().ok())
        .is_some_and(|site| !matches!(site, "same-origin" | "none"))
}

/// The form token: a header, or the field `csrf` of either kind of form.
fn token_of(parts: &Parts, bytes: &[u8]) -> String {
    if let Some(token) = parts
        .headers
        .get("x-csrf-token")
        .and_then(|token| token.to_str().ok())
    {
        return token.to_owned();
    }
    let kind = content_type(&parts.headers);
    if kind.starts_with("application/x-www-form-urlencoded") {
        return field(bytes, b"csrf=", |byte| byte == b'&').unwrap_or_default();
    }
    if kind.starts_with("multipart/form-data") {
        return field(bytes, b"name=\"csrf\"\r\n\r\n", |byte| byte == b'\r').unwrap_or_default();
    }
    String::new()
}

/// What stands between `head` and the first byte that ends it. The token is hexadecimal, so nothing needs decoding.
fn field(bytes: &[u8], head: &[u8], ends: impl Fn(u8) -> bool) -> Option<String> {
    let at = bytes.windows(head.len()).position(|window| window == head)? + head.len();
    let rest = &bytes[at..];
    let end = rest.iter().position(|byte| ends(*byte)).unwrap_or(rest.len());
    std::str::from_utf8(&rest[..end]).ok().map(str::to_owned)
}

fn content_type(headers: &HeaderMap) -> &str {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default()
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default();
    accept.starts_with("application/json") || content_type(headers).starts_with("application/json")
}

/// Gives a failure its words, and every answer its cookies and safety headers.
fn finish(app: &App, visit: &Arc<Visit>, allow: Allow, json: bool, response: Response) -> Response {
    let mut response = match response.extensions().get::<Unspoken>() {
        Some(unspoken) => {
            let (ask, error) = (Ask::new(app.clone(), visit.clone()), unspoken.0.clone());
            match allow {
                Allow::Token(scope) => challenge(scope, visit, problem(&ask, &error)),
                _ if visit.path.starts_with("/api/") => problem(&ask, &error),
                _ => render(&ask, &error, json || allow == Allow::Outside),
            }
        }
        None => response,
    };
    let headers = response.headers_mut();
    if !matches!(allow, Allow::Outside | Allow::Token(_)) {
        if visit.fresh_browser {
            Cookie::Browser.set(&app.settings, &visit.browser, BROWSER_S, headers);
        }
        if visit.said_was_shown() {
            Cookie::Said.set(&app.settings, "", 0, headers);
        }
    }
    secure(app, headers);
    response
}

/// Tells a program how to ask rightly, by the headers made for it (RFC 6750, RFC 6585).
fn challenge(scope: &str, visit: &Visit, mut response: Response) -> Response {
    let told = match response.status().as_u16() {
        401 => (header::WWW_AUTHENTICATE, "Bearer".to_owned()),
        403 if visit.token.as_ref().is_some_and(|token| !token.has(scope)) => (
            header::WWW_AUTHENTICATE,
            format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\""),
        ),
        429 => {
            let left = kernel::MINUTE_MS - visit.now.ms().rem_euclid(kernel::MINUTE_MS);
            (header::RETRY_AFTER, (left / 1000 + 1).to_string())
        }
        _ => return response,
    };
    if let Ok(value) = HeaderValue::from_str(&told.1) {
        response.headers_mut().insert(told.0, value);
    }
    response
}

fn secure(app: &App, headers: &mut HeaderMap) {
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers
        .entry(header::X_CONTENT_TYPE_OPTIONS)
        .or_insert(HeaderValue::from_static("nosniff"));
    headers
        .entry(header::REFERRER_POLICY)
        .or_insert(HeaderValue::from_static("same-origin"));
    if let Ok(policy) = HeaderValue::from_str(&app.settings.policy()) {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
}

/// Comparison whose time does not tell where two tokens part.
fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

impl Failure {
    fn into_response_unspoken(self) -> Response {
        axum::response::IntoResponse::into_response(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_in_both_kinds_of_form() {
        assert_eq!(
            field(b"name=x&csrf=ab12&y=1", b"csrf=", |b| b == b'&').as_deref(),
            Some("ab12")
        );
        let multipart = b"--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nab12\r\n--x--";
        assert_eq!(
            field(multipart, b"name=\"csrf\"\r\n\r\n", |b| b == b'\r').as_deref(),
            Some("ab12")
        );
        assert_eq!(field(b"name=x", b"csrf=", |b| b == b'&'), None);
    }

    #[test]
    fn only_equal_tokens_are_the_same() {
        assert!(same("ab12", "ab12"));
        assert!(!same("ab12", "ab13") && !same("ab12", "ab1") && !same("ab12", ""));
    }
}

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use db::Tx;
use kernel::{Actor, Customer, Cx, Day, Error, Id, Instant, Lang, Refused, Result, ShopScope};
use serde::de::DeserializeOwned;
use text::Args;

use crate::{
    Allow, App, Failure,
    cookies::{Cookie, decode, encode},
    sessions::{self, hash},
    store,
    tokens::{self, Token},
    ui::{Errors, Size, Surface, Theme},
};

/// What is known of a request before its handler runs.
pub(crate) struct Visit {
    pub actor: Actor,
    pub name: Option<String>,
    pub token: Option<Token>,
    pub lang: Lang,
    pub theme: Theme,
    pub size: Size,
    pub browser: String,
    pub fresh_browser: bool,
    pub csrf: String,
    pub now: Instant,
    pub path: String,
    query: String,
    fragment: bool,
    said: Option<String>,
    said_shown: std::sync::atomic::AtomicBool,
}

impl Visit {
    /// Reads the cookies; a live session says who it is.
    pub async fn read(app: &App, parts: &Parts, allow: Allow) -> Result<Visit> {
        let mut visit = Visit::unknown(app, parts);
        if allow == Allow::Outside {
            return Ok(visit);
        }
        if let Allow::Token(_) = allow {
            if let Some(token) = tokens::find(app, &parts.headers).await? {
                (visit.actor, visit.token) = (token.actor, Some(token));
            }
            return Ok(visit);
        }
        let kinds = match allow {
            Allow::Customer => [Some(Cookie::Customer), None],
            Allow::Anyone if !visit.path.starts_with("/desk") && !visit.path.starts_with("/console") => {
                [Some(Cookie::Customer), None]
            }
            _ => [Some(Cookie::Staff), None],
        };
        for kind in kinds.into_iter().flatten() {
            let Some(token) = kind.read(&app.settings, &parts.headers) else {
                continue;
            };
            if let Some(session) = sessions::find(app, token).await? {
                (visit.actor, visit.name) = (session.actor, Some(session.name));
            }
        }
        Ok(visit)
    }

    /// A visit of nobody known.
    pub fn unknown(app: &App, parts: &Parts) -> Visit {
        let cookie = |kind: Cookie| kind.read(&app.settings, &parts.headers);
        let known = cookie(Cookie::Browser)
            .filter(|value| value.len() == 64)
            .map(str::to_owned);
        let fresh_browser = known.is_none();
        let browser = known.unwrap_or_else(|| app.world.cx(Actor::Guest, Lang::Zh).token());
        let mut look = cookie(Cookie::Look).unwrap_or_default().split('.');
        let accepted = parts
            .headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|tags| tags.to_str().ok());
        Visit {
            actor: Actor::Guest,
            name: None,
            token: None,
            theme: look.next().and_then(Theme::from_tag).unwrap_or_default(),
            size: look.next().and_then(Size::from_tag).unwrap_or_default(),
            lang: look
                .next()
                .or(accepted)
                .and_then(Lang::from_tag)
                .unwrap_or_default(),
            csrf: hash(&format!("csrf {browser}")),
            browser,
            fresh_browser,
            now: app.world.now(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            fragment: parts.headers.contains_key("hx-request"),
            said: cookie(Cookie::Said).and_then(decode),
            said_shown: false.into(),
        }
    }

    pub fn said_was_shown(&self) -> bool {
        self.said_shown.load(std::sync::atomic::Ordering::Relaxed)
    }
}

/// One request: who asks, in which language, and the ways to the database and to the words.
pub struct Ask {
    /// The program's state.
    pub app: App,
    /// Who asks and when.
    pub cx: Cx,
    visit: Arc<Visit>,
    number: String,
    tr: Box<dyn Fn(&str) -> String + Send + Sync>,
}

impl FromRequestParts<App> for Ask {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let visit = parts
            .extensions
            .get::<Arc<Visit>>()
            .cloned()
            .ok_or(Error::Forbidden)?;
        Ok(Ask::new(app.clone(), visit))
    }
}

impl Ask {
    pub(crate) fn new(app: App, visit: Arc<Visit>) -> Ask {
        let cx = app.world.cx(visit.actor, visit.lang);
        let (texts, lang) = (app.texts.clone(), visit.lang);
        let tr = Box::new(move |key: &str| texts.label(lang, key).to_owned());
        let number = cx.id::<Ask>().to_string();
        Ask {
            app,
            cx,
            visit,
            number,
            tr,
        }
    }

    /// Reads from the database.
    pub async fn read<T: Send + 'static>(
        &self,
        mut f: impl FnMut(&Cx, &mut Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let cx = self.cx.clone();
        self.app.db.read(move |tx| f(&cx, tx)).await
    }

    /// Runs an action in a transaction.
    pub async fn write<T: Send + 'static>(
        &self,
        mut f: impl FnMut(&Cx, &mut Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let cx = self.cx.clone();
        self.app.db.write(move |tx| f(&cx, tx)).await
    }

    /// Does what must wait for the outside world (WeChat) on threads that may block, outside any transaction.
    pub async fn blocking<T: Send + 'static>(
        &self,
        f: impl FnOnce(&App, &Cx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (app, cx) = (self.app.clone(), self.cx.clone());
        tokio::task::spawn_blocking(move || f(&app, &cx)).await?
    }

    /// A text without values.
    pub fn label(&self, key: &str) -> String {
        (self.tr)(key)
    }

    /// A text with values.
    pub fn say(&self, key: &str, args: &Args) -> String {
        self.app.texts.say(self.lang(), key, args)
    }

    /// Why the business says no, in words.
    pub fn refusal(&self, no: &Refused) -> String {
        let value = |text: &String| match text.parse::<i64>() {
            Ok(number) => text::Value::from(number),
            Err(_) => text::Value::from(text.clone()),
        };
        let args = no.args.iter().map(|(name, text)| (*name, value(text))).collect();
        self.app.texts.say(self.lang(), &no.text_key(), &args)
    }

    /// Looks words up, for components.
    pub fn tr(&self) -> &crate::ui::Tr<'_> {
        &*self.tr
    }

    /// No errors yet, for a form about to be shown.
    pub fn errors(&self) -> Errors<'_> {
        Errors::new(&*self.tr)
    }

    /// The errors of a form that was refused.
    pub fn errors_of(&self, no: &Refused) -> Errors<'_> {
        let mut errors = self.errors();
        errors.add(no.field.unwrap_or_default(), &self.refusal(no));
        errors
    }

    /// The language of the answer.
    pub fn lang(&self) -> Lang {
        self.visit.lang
    }

    /// Today in Beijing.
    pub fn today(&self) -> Day {
        self.cx.now().day()
    }

    /// Who asks.
    pub fn actor(&self) -> Actor {
        self.visit.actor
    }

    /// The customer who asks, or `Forbidden`.
    pub fn customer(&self) -> Result<Id<Customer>> {
        self.cx.customer()
    }

    /// The shop of the staff member who asks, or `Forbidden`.
    pub fn shop(&self) -> Result<ShopScope> {
        self.cx.shop()
    }

    /// The token with which another program asks.
    pub fn token(&self) -> Option<&Token> {
        self.visit.token.as_ref()
    }

    /// The token that this browser's forms carry.
    pub fn csrf(&self) -> &str {
        &self.visit.csrf
    }

    /// The mark of this browser: things bound to it cannot be carried to another. A secret of the browser's.
    pub fn browser(&self) -> &str {
        &self.visit.browser
    }

    /// The number of this request, shown with a fault and logged with it.
    pub fn number(&self) -> String {
        self.number.clone()
    }

    /// The path that was asked for.
    pub fn route(&self) -> &str {
        &self.visit.path
    }

    /// Path and query as they were asked for.
    pub fn address(&self) -> String {
        if self.visit.query.is_empty() {
            self.visit.path.clone()
        } else {
            format!("{}?{}", self.visit.path, self.visit.query)
        }
    }

    /// Whether `htmx` asks for a part of a page.
    pub fn is_fragment(&self) -> bool {
        self.visit.fragment
    }

    /// Counts one more of `what` for `whom`; refused when it is over `most` in this minute.
    pub fn limit(&self, what: &str, whom: &str, most: u32) -> Result<()> {
        if self
            .app
            .limiter
            .pass(&format!("{what} {whom}"), most, self.visit.now)
        {
            return Ok(());
        }
        Err(Error::Refused(Refused {
            code: "web.too_many",
            status: 429,
            args: Vec::new(),
            field: None,
        }))
    }

    /// What the person had typed into this form before the session ended, if this is the way back from signing in.
    pub async fn kept<T: DeserializeOwned>(&self) -> Option<T> {
        let key = self
            .visit
            .query
            .split('&')
            .find_map(|pair| pair.strip_prefix("kept="))?;
        let id = key.parse().ok()?;
        let (browser, now) = (hash(&self.visit.browser), self.cx.now());
        let body = self
            .app
            .db
            .read(move |tx| store::kept_form(tx, id, &browser, now))
            .await
            .ok()??;
        serde_html_form::from_str(&body).ok()
    }

    /// Sends the browser on to another page of ours (303).
    pub fn see(&self, path: &str) -> Response {
        redirect(path)
    }

    /// Sends the browser on to a page that shows and speaks `said`.
    pub fn see_saying(&self, path: &str, said: &str) -> Response {
        let mut response = redirect(path);
        Cookie::Said.set(&self.app.settings, &encode(said), 120, response.headers_mut());
        response
    }

    /// Gives a page shown again with errors the status of its refusal.
    pub fn refused(&self, no: &Refused, mut response: Response) -> Response {
        *response.status_mut() = StatusCode::from_u16(no.status).unwrap_or(StatusCode::CONFLICT);
        response
    }

    /// The surface that the address belongs to.
    pub fn surface(&self) -> Surface {
        let path = &self.visit.path;
        if path.starts_with("/console") {
            Surface::Console
        } else if path.starts_with("/desk") || path.starts_with("/sign-in") {
            Surface::Desk
        } else {
            Surface::Customer
        }
    }

    pub(crate) fn visit(&self) -> &Visit {
        &self.visit
    }

    /// The sentence left by the last step. It is shown once.
    pub(crate) fn said(&self) -> Option<&str> {
        let said = self.visit.said.as_deref()?;
        self.visit
            .said_shown
            .store(true, std::sync::atomic::Ordering::Relaxed);
        Some(said)
    }
}

/// A 303 to a path of ours; anything else leads home.
pub(crate) fn redirect(path: &str) -> Response {
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// Whether `path` leads to a page of this program and nowhere else.
pub fn is_local(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.bytes().any(|byte| byte == b'\\' || byte.is_ascii_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_paths_are_local() {
        assert!(is_local("/bookings?kept=1"));
        for path in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
            "javascript:1",
            "/\nx",
        ] {
            assert!(!is_local(path), "{path:?}");
        }
    }
}

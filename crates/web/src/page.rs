use axum::{
    Router,
    response::{IntoResponse, Response},
};
use kernel::{Actor, Error, Lang};
use serde::Deserialize;

use crate::{
    Allow, Answer, App, Ask, Failure, Form, Markup, Routes, Settings,
    ask::is_local,
    assets,
    cookies::Cookie,
    sessions,
    ui::{Frame, Icon, Nav, Page, Size, Surface, Theme, preferences},
};

/// One entry of a surface's navigation.
#[derive(Debug, Clone)]
pub struct NavEntry {
    /// Address.
    pub href: &'static str,
    /// Catalogue key of the visible name.
    pub label: &'static str,
    /// Drawn beside the name.
    pub icon: Icon,
}

/// The navigation of each surface; the program knows all modules and so lists it.
pub trait Navigation: Send + Sync {
    /// The entries for this person, in reading order.
    fn entries(&self, surface: Surface, actor: Actor) -> Vec<NavEntry>;
}

impl<F: Fn(Surface, Actor) -> Vec<NavEntry> + Send + Sync> Navigation for F {
    fn entries(&self, surface: Surface, actor: Actor) -> Vec<NavEntry> {
        self(surface, actor)
    }
}

impl Ask {
    /// A whole page of a surface, in the look that this person chose.
    pub fn page<F>(&self, surface: Surface, title: &str, build: F) -> Response
    where
        F: for<'p> FnOnce(&'p Frame<'p>, Page<'p>) -> Markup,
    {
        let visit = self.visit();
        let entries = self.app.navigation.entries(surface, visit.actor);
        let labels: Vec<String> = entries.iter().map(|entry| self.label(entry.label)).collect();
        let current = current(&entries, &visit.path);
        let nav: Vec<Nav<'_>> = entries
            .iter()
            .zip(&labels)
            .enumerate()
            .map(|(at, (entry, label))| Nav {
                href: entry.href,
                label,
                icon: entry.icon,
                current: current == Some(at),
                count: None,
            })
            .collect();
        let frame = Frame {
            lang: visit.lang.tag(),
            theme: visit.theme,
            size: visit.size,
            t: self.tr(),
            csrf: &visit.csrf,
            asset: &assets::asset,
            nav: &nav,
            who: visit.name.as_deref(),
        };
        let mut page = Page::new(&frame, surface, title);
        if let Some(said) = self.said() {
            page = page.said(said);
        }
        axum::response::Html(build(&frame, page).into_string()).into_response()
    }
}

/// The entry that the path belongs to: the longest address that begins it.
fn current(entries: &[NavEntry], path: &str) -> Option<usize> {
    let holds = |href: &str| path == href || (href != "/" && path.starts_with(&format!("{href}/")));
    entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| holds(entry.href))
        .max_by_key(|(_, entry)| entry.href.len())
        .map(|(at, _)| at)
}

impl App {
    /// The program's router: all modules' addresses, the assets, and words for what is not there.
    pub fn router(&self, modules: Vec<Routes>) -> Router {
        let mut router = Router::new().route("/assets/{*path}", axum::routing::get(assets::serve));
        let nowhere = Routes::new("web")
            .get("/{*nowhere}", Allow::Anyone, nowhere)
            .into_router();
        for routes in modules {
            router = router.merge(routes.into_router());
        }
        router
            .merge(nowhere)
            .layer(axum::Extension(self.clone()))
            .with_state(self.clone())
    }
}

async fn nowhere() -> Answer {
    Err(Failure(Error::NotFound))
}

pub(crate) fn routes() -> Routes {
    Routes::new("web")
        .get("/preferences", Allow::Anyone, show_preferences)
        .post("/preferences", Allow::Anyone, save_preferences)
        .post("/sign-out", Allow::Anyone, sign_out)
        .post("/desk/sign-out", Allow::Anyone, sign_out)
}

#[derive(Deserialize)]
struct Look {
    theme: Option<String>,
    size: Option<String>,
    lang: Option<String>,
    back: Option<String>,
}

async fn show_preferences(ask: Ask) -> Answer {
    let title = ask.label("web-preferences-title");
    Ok(ask.page(Surface::Customer, &title, |frame, page| {
        page.body(preferences(frame, "/preferences"))
    }))
}

async fn save_preferences(ask: Ask, Form(look): Form<Look>) -> Answer {
    let visit = ask.visit();
    let theme = look
        .theme
        .as_deref()
        .and_then(Theme::from_tag)
        .unwrap_or(visit.theme);
    let size = look
        .size
        .as_deref()
        .and_then(Size::from_tag)
        .unwrap_or(visit.size);
    let lang = look
        .lang
        .as_deref()
        .and_then(Lang::from_tag)
        .unwrap_or(visit.lang);
    let back = look
        .back
        .filter(|path| is_local(path))
        .unwrap_or_else(|| "/preferences".to_owned());
    let said = ask.app.texts.label(lang, "web-preferences-saved").to_owned();
    let mut response = ask.see_saying(&back, &said);
    let value = format!("{}.{}.{}", theme.tag(), size.tag(), lang.tag());
    Cookie::Look.set(&ask.app.settings, &value, 400 * 24 * 3600, response.headers_mut());
    Ok(response)
}

async fn sign_out(ask: Ask, headers: axum::http::HeaderMap) -> Answer {
    let staff = ask.surface() != Surface::Customer;
    let cookie = if staff { Cookie::Staff } else { Cookie::Customer };
    if let Some(token) = cookie.read(&ask.app.settings, &headers) {
        sessions::end(&ask.app, token).await?;
    }
    let to = if staff { "/sign-in" } else { "/" };
    let response = ask.see_saying(to, &ask.label("web-signed-out"));
    Ok(sessions::forget(&ask.app, staff, response))
}

impl Settings {
    /// The Content-Security-Policy of every page: our own files, WeChat's SDK, licensed map tiles, nothing inline.
    pub(crate) fn policy(&self) -> String {
        let sign_in = Settings::origin(&self.sign_in_url);
        let sdk = Settings::origin(&self.jssdk_url);
        let tiles = self
            .tiles
            .as_ref()
            .map(|tiles| Settings::origin(&tiles.template))
            .unwrap_or_default();
        let ancestors = if self.frame_ancestors.is_empty() {
            "'self'".to_owned()
        } else {
            format!("'self' {}", self.frame_ancestors.join(" "))
        };
        format!(
            "default-src 'self'; script-src 'self' {sdk}; img-src 'self' data: {tiles}; object-src 'none'; \
             base-uri 'none'; form-action 'self' {sign_in}; frame-ancestors {ancestors}"
        )
    }
}

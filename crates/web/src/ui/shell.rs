//! The document around every page: skip link, live regions, navigation, one heading, one place for the primary action.

use maud::{DOCTYPE, Markup, html};
use serde_json::Value;

use super::{Errors, Frame, Nav, Surface, icon::Icon, json_block};

/// Leaflet's attribution for map data, fixed by its licence in this wording.
pub(super) const MAP_CREDIT: &str = "© OpenStreetMap contributors";

/// `htmx`'s settings: nothing inline (so a strict Content-Security-Policy holds), no stored pages (they may hold
/// personal data on a shared telephone), and a refused form (422) is shown like an answer.
const HTMX: &str = r#"{"includeIndicatorStyles":false,"allowEval":false,"selfRequestsOnly":true,"historyCacheSize":0,"historyRestoreAsHxRequest":false,"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"422","swap":true},{"code":"[45]..","swap":false,"error":true}]}"#;

/// A page being described; [`Page::body`] finishes it.
pub struct Page<'a> {
    frame: &'a Frame<'a>,
    surface: Surface,
    title: &'a str,
    heading: Option<&'a str>,
    brand: Option<(&'a str, &'a str)>,
    answer: Option<&'a str>,
    back: Option<(&'a str, &'a str)>,
    errors: Option<&'a Errors<'a>>,
    said: Option<&'a str>,
    primary: Option<Markup>,
    scripts: Vec<String>,
    blocks: Vec<(&'a str, Value)>,
    map: bool,
    wide: bool,
    bare: bool,
}

impl<'a> Page<'a> {
    /// A page whose `title` says task and state ("2 个待确认"); it is also the heading.
    pub fn new(frame: &'a Frame<'a>, surface: Surface, title: &'a str) -> Self {
        Page {
            frame,
            surface,
            title,
            heading: None,
            brand: None,
            answer: None,
            back: None,
            errors: None,
            said: None,
            primary: None,
            scripts: Vec::new(),
            blocks: Vec::new(),
            map: false,
            wide: false,
            bare: false,
        }
    }

    /// A heading that differs from the title.
    pub fn heading(mut self, heading: &'a str) -> Self {
        self.heading = Some(heading);
        self
    }

    /// The name in the header and its address, where not the platform's own.
    pub fn brand(mut self, name: &'a str, href: &'a str) -> Self {
        self.brand = Some((name, href));
        self
    }

    /// The first sentence under the heading: what the person came to know, at most 25 characters.
    pub fn answer(mut self, sentence: &'a str) -> Self {
        self.answer = Some(sentence);
        self
    }

    /// Where this page hangs; Esc follows it. `place` is named without the word "back".
    pub fn back(mut self, href: &'a str, place: &'a str) -> Self {
        self.back = Some((href, place));
        self
    }

    /// The refusals of the page's form: summary first, and the title says so.
    pub fn errors(mut self, errors: &'a Errors<'a>) -> Self {
        self.errors = Some(errors);
        self
    }

    /// The result of the step just taken, shown at the top and announced once.
    pub fn said(mut self, sentence: &'a str) -> Self {
        self.said = Some(sentence);
        self
    }

    /// The primary action. It stays in sight at the bottom of the page.
    pub fn primary(mut self, action: Markup) -> Self {
        self.primary = Some(action);
        self
    }

    /// A script of our own, by its path below `assets/`.
    pub fn script(mut self, path: &str) -> Self {
        self.scripts.push((self.frame.asset)(path));
        self
    }

    /// A script of another origin (WeChat's JS-SDK), loaded before those of our own that are added after it.
    pub fn script_src(mut self, address: &str) -> Self {
        self.scripts.push(address.to_owned());
        self
    }

    /// JSON that scripts find by `id`.
    pub fn data(mut self, id: &'a str, value: &Value) -> Self {
        self.blocks.push((id, value.clone()));
        self
    }

    /// The page holds a map: loads it and credits its data.
    pub fn map(mut self) -> Self {
        self.map = true;
        self.script("vendor/leaflet.js").script("js/map.js")
    }

    /// Room for wide tables.
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// Without navigation: sign-in and error pages.
    pub fn bare(mut self) -> Self {
        self.bare = true;
        self
    }

    /// The whole document around `body`.
    pub fn body(self, body: Markup) -> Markup {
        html! {
            (DOCTYPE)
            html lang=(self.frame.lang) data-surface=(self.surface.tag()) data-theme=(self.frame.theme.tag())
                data-size=(self.frame.size.tag()) data-foot=(self.foot()) {
                (self.head())
                body hx-ext="morph" {
                    a class="skip" href="#main" { (self.word("ui-skip")) }
                    (self.header())
                    (self.live_regions())
                    @if self.surface != Surface::Customer { (self.navigation()) }
                    (self.main(&body))
                    @if self.surface == Surface::Customer { (self.navigation()) }
                    @if self.map { footer class="credits" { p { (MAP_CREDIT) } } }
                    @for (id, value) in &self.blocks { (json_block(id, value)) }
                }
            }
        }
    }

    fn word(&self, key: &str) -> String {
        (self.frame.t)(key)
    }

    /// What is fixed to the bottom of the window, so that scrolling to a focused control leaves room for it.
    fn foot(&self) -> &'static str {
        match (&self.primary, self.surface, self.bare) {
            (Some(_), ..) => "action",
            // Tabs stay in sight only where a task begins; deeper pages need the room and must not cover a focus.
            (None, Surface::Customer, false) if self.back.is_none() => "tabs",
            _ => "none",
        }
    }

    fn head(&self) -> Markup {
        let refused = self
            .errors
            .filter(|errors| !errors.is_empty())
            .map(Errors::prefix);
        html! {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="format-detection" content="telephone=no";
                meta name="color-scheme" content="light dark";
                meta name="csrf" content=(self.frame.csrf);
                meta name="htmx-config" content=(HTMX);
                title { @if let Some(refused) = &refused { (refused) } (self.spoken_title()) }
                @if self.map { link rel="stylesheet" href=((self.frame.asset)("vendor/leaflet.css")); }
                link rel="stylesheet" href=((self.frame.asset)("tuina.css"));
                link rel="icon" type="image/svg+xml" href=((self.frame.asset)("icon.svg"));
                @for path in ["vendor/htmx.min.js", "vendor/idiomorph-ext.min.js", "js/focus.js", "js/theme.js"] {
                    script defer src=((self.frame.asset)(path)) {}
                }
                @for address in &self.scripts { script defer src=(address) {} }
            }
        }
    }

    /// What a reader says first of a page: what came of the last step, else where one is. The platform's name is left to the
    /// console, where people have many windows; elsewhere it would be heard on every page.
    fn spoken_title(&self) -> String {
        let title = match self.said {
            Some(said) => format!("{said} · {}", self.title),
            None => self.title.to_owned(),
        };
        match self.surface {
            Surface::Console => format!("{title} · {}", self.named_brand().0),
            Surface::Customer | Surface::Desk => title,
        }
    }

    fn named_brand(&self) -> (String, &str) {
        if let Some((name, href)) = self.brand {
            return (name.to_owned(), href);
        }
        let key = match self.surface {
            Surface::Customer => "ui-brand",
            Surface::Desk => "ui-brand-desk",
            Surface::Console => "ui-brand-console",
        };
        (self.word(key), self.surface.root())
    }

    fn header(&self) -> Markup {
        let (name, href) = self.named_brand();
        html! {
            header class="top" {
                a class="brand" href=(href) { (Icon::Seal) span { (name) } }
                @if let Some(who) = self.frame.who.filter(|who| !who.is_empty()) {
                    div class="who" { span class="vh" { (self.word("ui-signed-in")) } (Icon::Person) (who) }
                }
            }
        }
    }

    /// Both regions stand in every page, empty: a region that arrives with its text is not reliably spoken.
    fn live_regions(&self) -> Markup {
        html! {
            div class="live alert" id="alert" role="alert" aria-live="assertive" aria-atomic="true" hx-preserve {}
            div class="live status" id="status" role="status" aria-live="polite" aria-atomic="true" hx-preserve
                data-failed=(self.word("ui-failed")) data-offline=(self.word("ui-offline")) {}
        }
    }

    fn navigation(&self) -> Markup {
        if self.bare || self.frame.nav.is_empty() {
            return Markup::default();
        }
        html! {
            nav class="main-nav" aria-label=(self.word("ui-nav")) {
                ul role="list" { @for entry in self.frame.nav { (nav_entry(entry)) } }
            }
        }
    }

    fn main(&self, body: &Markup) -> Markup {
        html! {
            main id="main" tabindex="-1" class={ "page" (if self.wide { " wide" } else { "" }) } {
                @if let Some(errors) = self.errors { (errors) }
                @if let Some(said) = self.said {
                    p class="said" tabindex="-1" data-said=(said) { (Icon::Check) span { (said) } }
                }
                @if let Some((href, place)) = self.back {
                    p class="back" { a href=(href) data-back { (Icon::Back) span { (self.word("ui-back")) " " (place) } } }
                }
                h1 { (self.heading.unwrap_or(self.title)) }
                @if let Some(answer) = self.answer { p class="answer" { (answer) } }
                (body)
                @if let Some(primary) = &self.primary { div class="primary-action" { (primary) } }
            }
        }
    }
}

fn nav_entry(entry: &Nav<'_>) -> Markup {
    html! {
        li {
            a href=(entry.href) aria-current=[entry.current.then_some("page")] {
                (entry.icon)
                span { (entry.label) }
                @if let Some(count) = entry.count { " " span class="count" { (count) } }
            }
        }
    }
}

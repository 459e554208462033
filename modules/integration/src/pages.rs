//! The console's pages of what other programs may do, and the page that explains the API.

mod feeds;
mod guide;
mod hooks;
mod tokens;

use kernel::{Actor, Id, Shop};
use web::{
    Allow, Answer, Ask, Markup, Response, Routes, html,
    ui::{Entry, Surface, list},
};

/// The page that leads to everything here.
const HOME: &str = "/console/connections";

pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = routes
        .get(HOME, Allow::Console, home)
        .get("/api", Allow::Anyone, guide::show)
        .get("/calendars/{token}", Allow::Outside, feeds::read);
    hooks::routes(feeds::routes(tokens::routes(routes)))
}

/// `GET /console/connections`
async fn home(ask: Ask) -> Answer {
    let shops: Vec<(Id<Shop>, String)> = ask
        .read(|cx, tx| match cx.actor() {
            Actor::Staff { shop: Some(own), .. } => Ok(vec![(own, shop::shop(tx, own)?.name)]),
            _ => Ok(shop::all(tx)?
                .into_iter()
                .map(|shop| (shop.id, shop.name))
                .collect()),
        })
        .await?;
    let one = shops.len() == 1;
    let named = |key: &str, shop: &str| match one {
        true => ask.label(key),
        false => format!("{} {shop}", ask.label(key)),
    };
    let links: Vec<(String, String)> = shops
        .iter()
        .flat_map(|(id, name)| {
            [
                (hooks::address(*id), named("integration-hooks", name)),
                (feeds::address(*id), named("integration-feeds", name)),
            ]
        })
        .collect();
    let (tokens, guide) = (ask.label("integration-tokens"), ask.label("integration-guide"));
    let (tokens_line, guide_line) = (
        ask.label("integration-tokens-line"),
        ask.label("integration-guide-line"),
    );
    let title = ask.label("integration-title");
    Ok(ask.page(Surface::Console, &title, |_, page| {
        let mut entries = list::entries()
            .level(2)
            .entry(Entry::new(tokens::LIST, &tokens).line(&tokens_line))
            .entry(Entry::new("/api", &guide).line(&guide_line));
        for (href, words) in &links {
            entries = entries.entry(Entry::new(href, words));
        }
        page.answer(&ask.label("integration-answer"))
            .body(html! { (entries) })
    }))
}

/// What is shown once: words, the secret, and the way on.
fn secret_page(
    ask: &Ask,
    title: &str,
    (answer, hint): (&str, &str),
    secret: &str,
    back: (&str, &str),
) -> Response {
    ask.page(Surface::Console, title, |_, page| {
        page.answer(&ask.label(answer)).back(back.0, back.1).body(html! {
            (shown(&ask.label(hint), secret))
        })
    })
}

/// A secret as text that can be selected, in a field so that a screen reader can go through it by character.
fn shown(label: &str, secret: &str) -> Markup {
    html! {
        div class="field" {
            label for="secret" { (label) }
            input id="secret" type="text" readonly value=(secret) autocomplete="off" spellcheck="false";
        }
    }
}

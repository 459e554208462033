//! Calendars of therapists: who has a secret address, and the calendar itself.

use http::header;
use kernel::{Actor, Error, Id, Shop};
use text::args;
use therapist::Therapist;
use web::{
    Allow, Answer, Ask, IntoResponse, Path, Routes, StatusCode, html,
    ui::{Entry, Icon, Surface, Tone, button, list, state},
};

use super::{HOME, secret_page, tokens::when};
use crate::{actions, store};

/// Readings of one calendar in a minute.
const PER_MINUTE: u32 = 30;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/console/shops/{shop}/calendars", Allow::Console, list)
        .post(
            "/console/shops/{shop}/calendars/{therapist}",
            Allow::Console,
            give,
        )
        .post(
            "/console/shops/{shop}/calendars/{therapist}/removal",
            Allow::Console,
            take,
        )
}

pub(super) fn address(shop: Id<Shop>) -> String {
    format!("/console/shops/{shop}/calendars")
}

/// `GET /console/shops/{shop}/calendars`
async fn list(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer {
    let (name, people, feeds) = ask
        .read(move |cx, tx| {
            let scope = cx.shop_named(shop)?;
            Ok((
                shop::shop(tx, shop)?.name,
                therapist::of_shop(tx, shop)?,
                store::feeds_of(tx, scope)?,
            ))
        })
        .await?;
    let title = ask.say("integration-feeds-title", &args![shop => name]);
    let answer = ask.say("integration-feeds-answer", &args![count => feeds.len()]);
    let (own, back) = (address(shop), ask.label("integration-title"));
    Ok(ask.page(Surface::Console, &title, |frame, page| {
        let mut entries = list::entries().level(2);
        for person in &people {
            let feed = feeds.iter().find(|feed| feed.therapist == person.id);
            let (give, take) = (
                format!("{own}/{}", person.id),
                format!("{own}/{}/removal", person.id),
            );
            let (tone, word, verb) = match feed {
                Some(_) => (Tone::Good, "integration-feed-on", "integration-feed-renew"),
                None => (Tone::Plain, "integration-feed-none", "integration-feed-give"),
            };
            let mut entry = Entry::text(&person.name).badge(state::badge(tone, &ask.label(word)));
            if let Some(seen) = feed.and_then(|feed| feed.seen_at) {
                let at = when(&ask, seen);
                entry = entry.line(&ask.say("integration-feed-seen", &args![at => at]));
            }
            let (verb, away) = (ask.label(verb), ask.label("integration-feed-take"));
            entries = entries.entry(entry.action(html! {
                (button::post(frame, &give, &verb).about(&person.name).secondary())
                @if feed.is_some() {
                    (button::post(frame, &take, &away).about(&person.name).quiet())
                }
            }));
        }
        page.answer(&answer).back(HOME, &back).body(html! {
            p { (ask.label("integration-feeds-words")) }
            @if people.is_empty() { (state::empty(Icon::Person, &ask.label("integration-no-people"))) }
            @else { (entries) }
        })
    }))
}

type OfPerson = Path<(Id<Shop>, Id<Therapist>)>;

/// `POST /console/shops/{shop}/calendars/{therapist}`: the answer shows the address, once.
async fn give(ask: Ask, Path((shop, id)): OfPerson) -> Answer {
    let (token, name) = ask
        .write(move |cx, tx| {
            let token = actions::give_feed(cx, tx, shop, id)?;
            Ok((token, therapist::therapist(tx, id)?.name))
        })
        .await?;
    let url = format!("{}/calendars/{}.ics", ask.app.settings.base_url, token.reveal());
    let title = ask.say("integration-feed-made", &args![name => name]);
    let words = ("integration-secret-once", "integration-feed-url");
    let back = ask.label("integration-feeds");
    Ok(secret_page(&ask, &title, words, &url, (&address(shop), &back)))
}

/// `POST /console/shops/{shop}/calendars/{therapist}/removal`
async fn take(ask: Ask, Path((shop, id)): OfPerson) -> Answer {
    ask.write(move |cx, tx| actions::take_feed(cx, tx, shop, id))
        .await?;
    Ok(ask.see_saying(&address(shop), &ask.label("integration-feed-taken")))
}

/// `GET /calendars/{token}.ics`: the secret in the address is the permission.
pub(super) async fn read(ask: Ask, Path(file): Path<String>) -> Answer {
    let token = file.strip_suffix(".ics").ok_or(Error::NotFound)?.to_owned();
    let secret = token.clone();
    let way = actions::WayWords {
        there: ask.label("integration-feed-way-there"),
        back: ask.label("integration-feed-way-back"),
    };
    let (text, seen) = ask
        .read(move |cx, tx| {
            let cx = cx.acting(Actor::System("calendar"));
            actions::read_feed(&cx, tx, &secret, &way)
        })
        .await?;
    ask.limit("calendar", &token, PER_MINUTE)?;
    if let Some(id) = seen {
        ask.write(move |cx, tx| store::see_feed(tx, id, cx.now())).await?;
    }
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CACHE_CONTROL, "private, max-age=300"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"tuina.ics\""),
    ];
    Ok((StatusCode::OK, headers, text).into_response())
}

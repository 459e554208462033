//! `/`: the nearest shops, the open ones first.

use std::sync::Arc;

use geo::Near;
use kernel::{Id, Shop};
use serde::Deserialize;
use text::{args, show};
use web::{
    Answer, Ask, Markup, Query, html,
    ui::{Entry, Icon, Picture, Surface, button, list, map, state, wechat},
};

use super::{words, wx};
use crate::{
    Index,
    index::{Listed, Shown},
    model::{Asked, MIDDLE, Whence},
};

/// Shops on a page.
const PAGE: usize = 20;
/// More than this nobody reads.
const MOST: usize = 60;

#[derive(Deserialize)]
pub(super) struct More {
    count: Option<String>,
}

/// One shop as the list shows it.
struct Row {
    shown: Arc<Shown>,
    metres: Option<f64>,
    id: String,
    href: String,
    photo: String,
}

pub(super) async fn show(ask: Ask, Query(asked): Query<Asked>, Query(more): Query<More>) -> Answer {
    let whence = asked.whence();
    let count = more
        .count
        .and_then(|count| count.parse().ok())
        .unwrap_or(PAGE)
        .clamp(PAGE, MOST);
    let (rows, rest) = rows(&ask, whence, count).await?;
    let sdk = wx::prepare(&ask, None).await;
    let title = title(&ask, whence);
    let answer = answer(&ask, whence, &rows);
    let auto = whence == Whence::Unknown;
    Ok(ask.page(Surface::Customer, &title, |_, page| {
        let body = html! {
            (place_bar(&ask, auto))
            @if rows.is_empty() {
                (state::empty(Icon::Shop, &ask.label("directory-none"))
                    .action(button::link("/stations", &ask.label("directory-choose-place"))))
            } @else {
                div class="beside" {
                    div {
                        (shop_list(&ask, &rows))
                        @if rest { p { (button::link(&more_href(whence, count), &ask.label("directory-more")).secondary()) } }
                    }
                    (shop_map(&ask, whence))
                }
            }
        };
        sdk.on(page.answer(&answer).map().wide()).body(body)
    }))
}

/// The shops to show, and whether there are more.
async fn rows(ask: &Ask, whence: Whence, count: usize) -> kernel::Result<(Vec<Row>, bool)> {
    let index = ask.app.plug::<Index>();
    let now = ask.cx.now();
    let list = index.list(ask).await?;
    let mut found: Vec<Near<'_, Listed>> = match whence {
        Whence::District(district) => list.of_district(district, count + 1, now),
        _ => list.nearest(whence.point().unwrap_or(MIDDLE), count + 1, now),
    };
    let rest = found.len() > count && count < MOST;
    found.truncate(count);
    let ids: Vec<Id<Shop>> = found.iter().map(|near| near.item.id).collect();
    let shown = index.shown(ask, &ids).await?;
    let query = whence.query();
    let row = |shown: Arc<Shown>| {
        let id = shown.shop.id;
        Row {
            metres: whence.point().map(|from| from.distance_m(shown.shop.point)),
            id: format!("shop-{id}"),
            href: format!("/shops/{id}{query}"),
            photo: shown.shop.photo_address(&web::asset),
            shown,
        }
    };
    Ok((shown.into_iter().map(row).collect(), rest))
}

fn title(ask: &Ask, whence: Whence) -> String {
    match whence {
        Whence::Here(_) | Whence::Unknown => ask.label("directory-home-title"),
        Whence::Station(station) => ask.say(
            "directory-home-near",
            &args![place => words::station(ask, station)],
        ),
        Whence::District(district) => ask.say(
            "directory-home-in",
            &args![place => words::district(ask, district)],
        ),
    }
}

fn answer(ask: &Ask, whence: Whence, rows: &[Row]) -> String {
    let open = rows
        .iter()
        .filter(|row| row.shown.hours.at(ask.cx.now()).is_open())
        .count();
    let Some(first) = rows.first() else {
        return ask.label("directory-none-answer");
    };
    match (whence, first.metres) {
        (Whence::Unknown, _) => ask.label("directory-home-unknown"),
        (_, Some(metres)) if open > 0 => {
            let distance = show::distance(ask.lang(), metres);
            ask.say(
                "directory-home-answer",
                &args![open => open, distance => distance],
            )
        }
        _ if open > 0 => ask.say("directory-home-open", &args![open => open]),
        _ => ask.label("directory-home-all-closed"),
    }
}

/// Where from: asked of the telephone, or chosen by hand.
fn place_bar(ask: &Ask, auto: bool) -> Markup {
    html! {
        div class="actions" {
            (wechat::locate_form("/", auto, &ask.label("directory-use-position")))
            (button::link("/stations", &ask.label("directory-choose-place")).secondary().icon(Icon::Subway))
        }
    }
}

fn shop_list(ask: &Ask, rows: &[Row]) -> Markup {
    let dial = ask.label("directory-dial-short");
    let mut entries = list::entries().id("shops").level(2).lead_first();
    for (at, row) in rows.iter().enumerate() {
        let shop = &row.shown.shop;
        let place = shop.point.to_gcj02();
        // The words beside it say what it is; the picture adds no name of its own.
        let mut picture = Picture::decorative(&row.photo);
        if at == 0 {
            picture = picture.eager();
        }
        let mut entry = Entry::new(&row.href, &shop.name)
            .id(&row.id)
            .picture(picture)
            .badge(words::hours_badge(ask, &row.shown.hours));
        if shop.verified_on.is_some() {
            entry = entry
                .badge(html! { span class="soft" { (Icon::Verified) (ask.label("directory-verified")) } });
        }
        entry = match row.metres {
            Some(metres) => entry.line(&words::way(ask, metres)),
            None => entry.line(&words::district(ask, shop.district)),
        };
        entry = entry
            .line_markup(words::rating(ask, row.shown.score))
            .line(&words::free(ask, row.shown.next))
            .place(place.lat, place.lng)
            .action(
                button::dial(&shop.phone, &dial, &shop.name)
                    .about_hidden(&shop.name)
                    .secondary(),
            );
        if let Some(price) = words::lowest(ask, &row.shown) {
            entry = entry.end(price);
        }
        entries = entries.entry(entry);
    }
    html! { (entries) }
}

fn shop_map(ask: &Ask, whence: Whence) -> Markup {
    let (label, here) = (ask.label("directory-map"), ask.label("directory-you"));
    let middle = whence.point().unwrap_or(MIDDLE).to_gcj02();
    let mut view = map::view(&label, "shops")
        .centre(middle.lat, middle.lng)
        .subway("/assets/subway.json");
    if whence.point().is_some() {
        view = view.here(middle.lat, middle.lng, &here);
    }
    let tiles = ask.app.settings.tiles.as_ref();
    if let Some(tiles) = tiles {
        view = view.tiles(&tiles.template, &tiles.credit);
    }
    html! { (view) }
}

fn more_href(whence: Whence, count: usize) -> String {
    let query = whence.query();
    let sign = if query.is_empty() { '?' } else { '&' };
    format!("/{query}{sign}count={}", count + PAGE)
}

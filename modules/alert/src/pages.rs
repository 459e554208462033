//! The desk: what is to be confirmed, who comes next, what was said; and the lines by which it speaks.

use booking::{Booking, State as BookingState, Why};
use db::Tx;
use kernel::{Cx, Error, HOUR_MS, Id, Lang, Result, ShopScope};
use serde::Deserialize;
use text::{args, show};
use web::{
    Allow, Answer, Ask, Form, IntoResponse, Live, Markup, Path, Query, Routes, StatusCode, html,
    ui::{Entry, Frame, Icon, Surface, Tone, button, desk, list, section, state},
};

use crate::{
    Voice, actions,
    model::{Alert, Kind, State},
    news, store,
};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get("/desk", Allow::Desk, show)
        .get("/desk/now", Allow::Desk, refresh)
        .get("/desk/events", Allow::Desk, events)
        .get("/desk/speech/{id}", Allow::Desk, speech)
        .post("/desk/alerts/{id}/heard", Allow::Desk, heard)
        .post("/desk/alerts/{id}/acknowledgement", Allow::Desk, acknowledge)
        .post("/desk/pending/{id}/confirmation", Allow::Desk, confirm)
        .post("/desk/pending/{id}/extension", Allow::Desk, extend)
        .post("/desk/pending/{id}/refusal", Allow::FrontDesk, decline)
}

/// What was said longer ago is no news to anybody.
const NEWS_MS: i64 = 16 * HOUR_MS;
const NEWS_LISTED: i64 = 12;

/// What the desk shows.
struct Now {
    pending: Vec<Item>,
    next: Option<Item>,
    news: Vec<Alert>,
    /// So many changes of bookings wait for the shop's answer.
    changes: usize,
}

/// A booking with what is said of it.
struct Item {
    booking: Booking,
    therapist: String,
    alert: Option<Id<Alert>>,
    /// How many of its order it stands for: a group is answered as a whole.
    people: usize,
}

fn load(cx: &Cx, tx: &mut Tx, shop: ShopScope) -> Result<Now> {
    let (now, today) = (cx.now(), cx.now().day());
    let since = now + -NEWS_MS;
    let open = store::open_at_shop(tx, shop, since)?;
    let mut pending = Vec::new();
    for booking in booking::waiting(tx, shop, today)? {
        let Some(people) = booking::speaks_for(tx, &booking)? else {
            continue;
        };
        let asks = |alert: &&Alert| alert.is_about(&booking) && alert.kind == Kind::Request;
        let alert = open.iter().find(asks).map(|alert| alert.id);
        pending.push(Item {
            therapist: therapist_of(tx, &booking)?,
            booking,
            alert,
            people,
        });
    }
    // After midnight the evening's bookings still belong to yesterday.
    let mut coming = booking::on_day(tx, shop, today.plus(-1))?;
    coming.extend(booking::on_day(tx, shop, today)?);
    let next = coming
        .into_iter()
        .filter(|booking| matches!(booking.state, BookingState::Confirmed | BookingState::CheckedIn))
        .filter(|booking| now < booking.ends_at())
        .min_by_key(|booking| booking.starts_at);
    let next = match next {
        Some(booking) => Some(Item {
            therapist: therapist_of(tx, &booking)?,
            booking,
            alert: None,
            people: 1,
        }),
        None => None,
    };
    Ok(Now {
        pending,
        next,
        news: store::latest(tx, shop, since, NEWS_LISTED)?,
        changes: booking::open_changes(tx, shop)?
            .iter()
            .filter(|change| change.by == booking::Side::Customer)
            .count(),
    })
}

fn therapist_of(tx: &mut Tx, booking: &Booking) -> Result<String> {
    Ok(therapist::therapist(tx, booking.therapist)?.name)
}

async fn show(ask: Ask) -> Answer {
    let shop = ask.shop()?;
    let now = ask.read(move |cx, tx| load(cx, tx, shop)).await?;
    let (title, answer) = (title(&ask, &now), answer(&ask, &now));
    Ok(ask.page(Surface::Desk, &title, |frame, page| {
        let addresses = desk::Addresses {
            events: "/desk/events",
            speech: "/desk/speech/",
        };
        page.answer(&answer).script("js/desk.js").body(html! {
            (pending_part(&ask, frame, &now))
            (desk::workstation(ask.tr(), &addresses))
            (news_part(&ask, frame, &now, false))
            p class="actions" {
                (button::link("/desk/bookings", &ask.label("alert-today")).secondary())
                (button::link("/desk/walk-ins", &ask.label("alert-walk-in")).secondary())
                (button::link("/desk/phone-bookings", &ask.label("alert-phone")).secondary())
                (button::link("/desk/queue", &ask.label("alert-queue")).secondary())
                (button::link("/desk/check-in", &ask.label("alert-check-in")).secondary())
                @if web::Allow::FrontDesk.admits(ask.actor()) {
                    (button::link("/desk/orders", &ask.label("alert-orders")).secondary())
                }
            }
        })
    }))
}

/// What has changed, for the page that is open: its title, heading and answer, the bookings to confirm, and the news.
async fn refresh(ask: Ask) -> Answer {
    let shop = ask.shop()?;
    let now = ask.read(move |cx, tx| load(cx, tx, shop)).await?;
    let (title, answer) = (title(&ask, &now), answer(&ask, &now));
    let frame = Frame {
        lang: ask.lang().tag(),
        theme: web::ui::Theme::default(),
        size: web::ui::Size::default(),
        t: ask.tr(),
        csrf: ask.csrf(),
        asset: &web::asset,
        nav: &[],
        who: None,
    };
    let parts = html! {
        title { (title) " · " (ask.label("ui-brand-desk")) }
        span hx-swap-oob="innerHTML:main > h1" { (title) }
        span hx-swap-oob="innerHTML:main > .answer" { (answer) }
        (pending_part(&ask, &frame, &now))
        (news_part(&ask, &frame, &now, true))
    };
    let kind = [("content-type", "text/html; charset=utf-8")];
    Ok((StatusCode::OK, kind, parts.into_string()).into_response())
}

fn title(ask: &Ask, now: &Now) -> String {
    match (now.pending.len(), &now.next) {
        (0, None) => ask.label("alert-none-pending"),
        (0, Some(item)) => ask.say("alert-next", &args![who => when_and_who(ask, item)]),
        (count, _) => ask.say("alert-pending", &args![count => count]),
    }
}

/// Who comes next: when, who, what, with whom.
fn answer(ask: &Ask, now: &Now) -> String {
    let Some(item) = &now.next else {
        return ask.label("alert-no-next");
    };
    let who = format!("{} {}", when_and_who(ask, item), what(ask, item));
    let here = item.booking.state == BookingState::CheckedIn;
    ask.say(
        if here { "alert-in-shop" } else { "alert-next" },
        &args![who => who],
    )
}

fn when_and_who(ask: &Ask, item: &Item) -> String {
    format!("{} {}", when(ask, &item.booking), item.booking.contact.name)
}

fn when(ask: &Ask, booking: &Booking) -> String {
    let minute = booking.starts_at.minutes_since(booking.day.at(0));
    if booking.day == ask.today() {
        show::time(ask.lang(), minute)
    } else {
        show::when(ask.lang(), booking.day, minute, ask.today())
    }
}

fn what(ask: &Ask, item: &Item) -> String {
    let length = show::duration(ask.lang(), item.booking.length.minutes);
    format!(
        "{} {length} {}",
        item.booking.service_name,
        show::therapist(ask.lang(), &item.therapist)
    )
}

/// The bookings to confirm. Their buttons are the first controls of the page: a heading, Tab, Enter.
fn pending_part(ask: &Ask, frame: &Frame<'_>, now: &Now) -> Markup {
    html! {
        div id="now" hx-get="/desk/now" hx-select="#now" hx-trigger="refresh" hx-swap="morph:outerHTML" {
            @if !now.pending.is_empty() {
                ul class="entries" role="list" {
                    @for item in &now.pending { (pending_item(ask, frame, item)) }
                }
            }
            @if now.changes > 0 {
                @let changes = ask.say("alert-changes", &args![count => now.changes]);
                p class="actions" { (button::link("/desk/changes", &changes)) }
            }
        }
    }
}

fn pending_item(ask: &Ask, frame: &Frame<'_>, item: &Item) -> Markup {
    let booking = &item.booking;
    let whom = match item.people {
        1 => format!("{} {}", booking.contact.name, when(ask, booking)),
        people => {
            let all = ask.say(
                "alert-together",
                &args![customer => booking.contact.name.as_str(), count => people],
            );
            format!("{all} {}", when(ask, booking))
        }
    };
    let base = format!("/desk/bookings/{}", booking.id);
    let door = format!("/desk/pending/{}", booking.id);
    let (confirmation, extension) = (format!("{door}/confirmation"), format!("{door}/extension"));
    let version = booking.version.to_string();
    let answer_by = booking.answer_by.map(|at| {
        let time = show::when(ask.lang(), at.day(), at.minute_of_day(), ask.today());
        ask.say("alert-answer-by", &args![time => time])
    });
    html! {
        li class="entry" id={ "booking-" (booking.id) } data-item data-alert=[item.alert.map(|id| id.to_string())] {
            div class="entry-words" {
                h2 class="entry-title" tabindex="-1" { (whom) }
                p { (what(ask, item)) }
                @if !booking.wishes.note.is_empty() { p { (booking.wishes.note) } }
                div class="actions" {
                    (button::post(frame, &confirmation, &ask.label("alert-confirm")).about_hidden(&whom)
                        .field("version", &version).morph("#now"))
                    (button::link(&base, &ask.label("alert-look")).about_hidden(&whom).secondary())
                }
                @if Allow::FrontDesk.admits(ask.actor()) { (decline_part(ask, frame, booking)) }
                @if let Some(answer_by) = &answer_by {
                    p class="hint" { (answer_by) }
                    (button::post(frame, &extension, &ask.label("alert-extend")).about_hidden(&whom)
                        .field("version", &version).morph("#now").quiet())
                }
            }
        }
    }
}

/// The reasons to decline, each a button: choosing one is all that has to be done, and the page stays.
fn decline_part(ask: &Ask, frame: &Frame<'_>, booking: &Booking) -> Markup {
    // Only who is meant: the time was heard with the button before.
    let whom = &booking.contact.name;
    let refusal = format!("/desk/pending/{}/refusal", booking.id);
    let version = booking.version.to_string();
    html! {
        details {
            summary { (ask.label("alert-decline")) " " span class="vh" { (whom) } }
            div class="actions" {
                @for why in Why::OF_SHOP {
                    (button::post(frame, &refusal, &ask.label(&format!("alert-decline-{}", key(why)))).about_hidden(whom)
                        .field("version", &version).field("reason", why.code()).morph("#now").secondary())
                }
            }
        }
    }
}

fn key(why: Why) -> String {
    why.code().replace('_', "-")
}

/// What was said. As `part` of a page it finds its own place, so that one answer refreshes everything: two at a time would
/// lose the focus between them.
fn news_part(ask: &Ask, frame: &Frame<'_>, now: &Now, part: bool) -> Markup {
    let heading = ask.say("alert-news-heading", &args![count => now.news.len()]);
    let rows: Vec<_> = now.news.iter().map(|alert| news_row(ask, alert)).collect();
    let mut entries = list::entries().level(3);
    for (alert, row) in now.news.iter().zip(&rows) {
        let mut entry = Entry::text(&alert.text)
            .id(&row.id)
            .badge(state::badge(tone(alert.state), &row.state))
            .line(&row.at);
        if alert.state.is_open() && alert.kind != Kind::Request {
            let known = button::post(frame, &row.action, &row.known)
                .about_hidden(&alert.text)
                .secondary()
                .morph("#news");
            entry = entry.alert(&row.alert).action(known);
        }
        entries = entries.entry(entry);
    }
    html! {
        div id="news" hx-swap-oob=[part.then_some("morph")] {
            (section("news-list", &heading, html! {
                @if rows.is_empty() {
                    (state::empty(Icon::Bell, &ask.label("alert-news-none")))
                } @else {
                    (entries)
                }
            }))
        }
    }
}

struct NewsRow {
    id: String,
    alert: String,
    action: String,
    known: String,
    state: String,
    at: String,
}

fn news_row(ask: &Ask, alert: &Alert) -> NewsRow {
    NewsRow {
        id: format!("alert-{}", alert.id),
        alert: alert.id.to_string(),
        action: format!("/desk/alerts/{}/acknowledgement", alert.id),
        known: ask.label("alert-known"),
        state: ask.label(&format!("alert-state-{}", alert.state)),
        at: show::when(
            ask.lang(),
            alert.created_at.day(),
            alert.created_at.minute_of_day(),
            ask.today(),
        ),
    }
}

fn tone(state: State) -> Tone {
    match state {
        State::Queued => Tone::Attention,
        State::Heard | State::Lapsed => Tone::Plain,
        State::Acknowledged => Tone::Good,
    }
}

#[derive(Deserialize)]
struct Last {
    #[serde(rename = "last-event-id")]
    last: Option<String>,
}

/// The desk's live stream. A browser that reconnects by itself says by a header what it has; our script, by the address.
async fn events(ask: Ask, headers: http::HeaderMap, Query(query): Query<Last>) -> Answer {
    let shop = ask.shop()?;
    let header = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok())
        .map(str::to_owned);
    let live = Live {
        topic: actions::topic(shop.id()),
        last: header.or(query.last).filter(|id| !id.is_empty()),
    };
    Ok(web::live(ask, live, move |ask, last| async move {
        let last = last.and_then(|id| id.parse().ok());
        // The stream outlives its request, so the hour is asked anew.
        let from = ask.app.world.now() + -NEWS_MS;
        ask.read(move |_, tx| news::unheard(tx, shop, last, from)).await
    }))
}

/// The sound of an alert, or of one of the three phrases that the script keeps for when the line is down.
async fn speech(ask: Ask, Path(id): Path<String>) -> Answer {
    let shop = ask.shop()?;
    let words = match id.as_str() {
        "greeting" | "lost" | "back" => ask.app.texts.label(Lang::Zh, &format!("ui-desk-{id}")).to_owned(),
        _ => {
            let id: Id<Alert> = id.parse()?;
            ask.read(move |_, tx| store::at_shop(tx, shop, id)).await?.speech
        }
    };
    if ask.app.plug_maybe::<Voice>().is_none() {
        return Err(Error::NotFound.into());
    }
    let sound = ask
        .blocking(move |app, _| app.plug::<Voice>().say(&words))
        .await?;
    let headers = [
        ("content-type", sound.content_type),
        ("cache-control", "private, max-age=3600"),
    ];
    Ok((StatusCode::OK, headers, sound.bytes.clone()).into_response())
}

async fn heard(ask: Ask, Path(id): Path<Id<Alert>>) -> Answer {
    let shop = ask.shop()?;
    ask.write(move |cx, tx| actions::hear(cx, tx, shop, id)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn acknowledge(ask: Ask, Path(id): Path<Id<Alert>>) -> Answer {
    let shop = ask.shop()?;
    let alert = ask
        .write(move |cx, tx| actions::acknowledge(cx, tx, shop, id))
        .await?;
    Ok(ask.see_saying("/desk", &ask.say("alert-known-said", &args![text => alert.text])))
}

#[derive(Deserialize)]
struct Pressed {
    version: i64,
}

#[derive(Deserialize)]
struct Declined {
    version: i64,
    reason: String,
}

/// The same action as on the booking's own page. It leads back here, so that the one long-lived page, and its sound, stay.
async fn confirm(ask: Ask, Path(id): Path<Id<Booking>>, Form(pressed): Form<Pressed>) -> Answer {
    let done = ask
        .write(move |cx, tx| booking::confirm(cx, tx, id, pressed.version))
        .await;
    after(&ask, "alert-confirmed", done)
}

/// The clock is put off: nobody is hurried.
async fn extend(ask: Ask, Path(id): Path<Id<Booking>>, Form(pressed): Form<Pressed>) -> Answer {
    let done = ask
        .write(move |cx, tx| booking::extend(cx, tx, id, pressed.version))
        .await;
    after(&ask, "alert-extended", done)
}

async fn decline(ask: Ask, Path(id): Path<Id<Booking>>, Form(form): Form<Declined>) -> Answer {
    let why = Why::OF_SHOP.into_iter().find(|why| why.code() == form.reason);
    let why = why.ok_or(booking::Refusal::NoReason)?;
    let done = ask
        .write(move |cx, tx| booking::decline(cx, tx, id, form.version, why))
        .await;
    after(&ask, "alert-declined", done)
}

fn after(ask: &Ask, key: &str, done: Result<Booking>) -> Answer {
    let said = match done {
        Ok(booking) => {
            let whom = format!("{} {}", booking.contact.name, when(ask, &booking));
            ask.say(key, &args![whom => whom])
        }
        Err(Error::Refused(no)) => format!("{}{}", ask.label("ui-error-prefix"), ask.refusal(&no)),
        Err(other) => return Err(other.into()),
    };
    Ok(ask.see_saying("/desk", &said))
}

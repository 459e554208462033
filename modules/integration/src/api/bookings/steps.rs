//! The steps of a booking: each names the version that was seen, and calls the action that the desk's button calls.

use booking::{Booking, Extra, Fee, Why};
use db::Tx;
use kernel::{Cx, Id, Money, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use text::{args, show};
use therapist::Therapist;
use web::{Ask, Path};

use super::{BookingView, OfBooking, entry::tell};
use crate::{
    api::{
        Answer, Page, Seen, Version,
        extract::{Body, Told, Writing},
        read_id, seen,
        table::Table,
        whole,
    },
    model::Scope,
};

pub(super) fn add(table: Table) -> Table {
    let (read, write) = (Scope::BookingsRead, Scope::BookingsWrite);
    let table = coming(ending(table));
    table
        .get(
            at!("/bookings/{booking}/lengthening"),
            read,
            "list-extras",
            extras,
        )
        .post(
            at!("/bookings/{booking}/lengthening"),
            write,
            "lengthen-booking",
            lengthen,
        )
        .get(
            at!("/bookings/{booking}/therapists"),
            read,
            "list-substitutes",
            substitutes,
        )
        .post(
            at!("/bookings/{booking}/safety"),
            write,
            "press-safety-key",
            safety,
        )
}

/// From the answer to the start of the service.
fn coming(table: Table) -> Table {
    let table = plain(
        table,
        at!("/bookings/{booking}/confirmation"),
        "confirm-booking",
        booking::confirm,
    );
    let table = plain(
        table,
        at!("/bookings/{booking}/extension"),
        "extend-answer",
        booking::extend,
    );
    let table = said::<Reason>(
        table,
        at!("/bookings/{booking}/refusal"),
        "decline-booking",
        |cx, tx, id, seen, body| booking::decline(cx, tx, id, seen, body.of(&Why::OF_SHOP)?),
    );
    let table = said::<Reason>(
        table,
        at!("/bookings/{booking}/cancellation"),
        "cancel-booking",
        |cx, tx, id, seen, body| booking::cancel(cx, tx, id, seen, body.of(&Why::OF_SHOP)?),
    );
    let table = plain(
        table,
        at!("/bookings/{booking}/check-in"),
        "check-in-booking",
        booking::check_in,
    );
    let table = plain(
        table,
        at!("/bookings/{booking}/departure"),
        "depart-for-booking",
        booking::depart,
    );
    let table = plain(
        table,
        at!("/bookings/{booking}/arrival"),
        "arrive-at-booking",
        booking::arrive,
    );
    let table = plain(
        table,
        at!("/bookings/{booking}/calls"),
        "log-call",
        booking::log_call,
    );
    plain(
        table,
        at!("/bookings/{booking}/start"),
        "start-booking",
        booking::start,
    )
}

/// From the service to whatever its end is.
fn ending(table: Table) -> Table {
    let table = plain(
        table,
        at!("/bookings/{booking}/completion"),
        "complete-booking",
        booking::complete,
    );
    let table = said::<Relief>(
        table,
        at!("/bookings/{booking}/hand-over"),
        "hand-over-booking",
        |cx, tx, id, seen, body| {
            let to = body.therapist.parse::<Id<Therapist>>();
            let to = to.map_err(|_| booking::Refusal::NobodyChosen)?;
            booking::hand_over(cx, tx, id, seen, to, &body.words)
        },
    );
    let table = said::<Words>(
        table,
        at!("/bookings/{booking}/reopening"),
        "reopen-booking",
        |cx, tx, id, seen, body| booking::reopen(cx, tx, id, seen, &body.words),
    );
    let table = said::<Broken>(
        table,
        at!("/bookings/{booking}/abort"),
        "abort-booking",
        |cx, tx, id, seen, body| {
            let why = among(&body.why, &Why::OF_ABORT)?;
            booking::abort(cx, tx, id, seen, why, &body.words)
        },
    );
    let table = said::<Missed>(
        table,
        at!("/bookings/{booking}/no-show"),
        "no-show-booking",
        |cx, tx, id, seen, body| booking::no_show(cx, tx, id, seen, body.fee()),
    );
    said::<Missed>(
        table,
        at!("/bookings/{booking}/fee"),
        "decide-fee",
        |cx, tx, id, seen, body| booking::decide_fee(cx, tx, id, seen, body.fee()),
    )
}

/// A step that says nothing but the version.
type Plain = fn(&Cx, &mut Tx, Id<Booking>, i64) -> Result<Booking>;

/// A step that says more.
type Said<B> = fn(&Cx, &mut Tx, Id<Booking>, i64, &B) -> Result<Booking>;

pub(super) fn plain(table: Table, path: &'static str, name: &'static str, does: Plain) -> Table {
    let handler = move |ask: Ask, of: OfBooking, writing: Writing, Body(body): Body<Version>| async move {
        step(&ask, of, &writing, body, move |cx, tx, id, seen, _| {
            does(cx, tx, id, seen)
        })
        .await
    };
    table.post(path, Scope::BookingsWrite, name, handler)
}

pub(super) fn said<B>(table: Table, path: &'static str, name: &'static str, does: Said<B>) -> Table
where
    B: Seen + Serialize + DeserializeOwned + Default + JsonSchema + Send + 'static,
{
    let handler = move |ask: Ask, of: OfBooking, writing: Writing, Body(body): Body<B>| async move {
        step(&ask, of, &writing, body, does).await
    };
    table.post(path, Scope::BookingsWrite, name, handler)
}

/// Takes a step with a booking of the shop that the address names.
async fn step<B: Seen + Serialize + Send + 'static>(
    ask: &Ask,
    Path((shop, id)): OfBooking,
    writing: &Writing,
    body: B,
    does: impl Fn(&Cx, &mut Tx, Id<Booking>, i64, &B) -> Result<Booking> + Send + 'static,
) -> Answer<BookingView> {
    let seen = writing.seen(body.version())?;
    let asked = serde_json::to_value((seen, &body))?;
    let does = move |cx: &Cx, tx: &mut Tx| {
        booking::at_shop(tx, cx.shop_named(shop)?, id)?;
        Ok(does(cx, tx, id, seen, &body)?.id)
    };
    Ok(writing.write(ask, &asked, does, tell).await?)
}

/// Why a step is taken.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct Reason {
    /// The version that was seen; `If-Match` says the same.
    version: Option<i64>,
    /// `therapist_away`, `full`, `closing_early` or `unsuitable`.
    why: String,
}

impl Reason {
    fn of(&self, known: &[Why]) -> Result<Why> {
        among(&self.why, known)
    }
}

fn among(why: &str, known: &[Why]) -> Result<Why> {
    let why = why.parse::<Why>().ok().filter(|why| known.contains(why));
    why.ok_or_else(|| booking::Refusal::NoReason.into())
}

/// Why a visit is broken off while the customer is there.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct Broken {
    /// The version that was seen; `If-Match` says the same.
    version: Option<i64>,
    /// `unsafe`, `customer_unwell`, `customer_stops` or `shop_trouble`: it decides about the money.
    why: String,
    /// What happened; may be empty.
    words: String,
}

/// A step that must be explained.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct Words {
    /// The version that was seen; `If-Match` says the same.
    version: Option<i64>,
    /// Why, in a sentence.
    words: String,
}

/// Another therapist takes over during the service.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct Relief {
    /// The version that was seen; `If-Match` says the same.
    version: Option<i64>,
    /// Identifier of who takes over.
    therapist: String,
    /// Why, in a sentence.
    words: String,
}

/// What is kept of the money of a customer who did not come.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct Missed {
    /// The version that was seen; `If-Match` says the same.
    version: Option<i64>,
    /// Whether all that the order's rules allow is kept: up to the deposit that was agreed, else the share of a late
    /// cancellation. If not, everything is given back.
    keep_fee: bool,
    /// So much is kept instead, in fen.
    amount_fen: Option<i64>,
    /// Whether that is said later, by `fee`.
    later: bool,
}

impl Missed {
    fn fee(&self) -> Fee {
        match (self.later, self.amount_fen, self.keep_fee) {
            (true, ..) => Fee::Later,
            (_, Some(amount), _) => Fee::Part(Money(amount)),
            (_, None, true) => Fee::All,
            (_, None, false) => Fee::Waive,
        }
    }
}

/// What is added while the customer is there: minutes, or a service.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct More {
    /// The version that was seen; `If-Match` says the same.
    version: Option<i64>,
    /// So many minutes of the same, as they are offered.
    minutes: Option<i64>,
    /// Or the identifier of an add-on service.
    service: Option<String>,
}

seen!(Reason, Broken, Words, Relief, Missed, More);

async fn lengthen(ask: Ask, of: OfBooking, writing: Writing, Body(body): Body<More>) -> Answer<BookingView> {
    let extra = match (body.minutes, read_id(body.service.as_ref())?) {
        (Some(minutes), None) => Extra::Minutes(minutes),
        (None, Some(service)) => Extra::AddOn(service),
        _ => return Err(booking::Refusal::NoExtra.into()),
    };
    let minutes = show::duration(ask.lang(), body.minutes.unwrap_or(0));
    let more = ask.say("booking-extension-line", &args![minutes => minutes]);
    step(&ask, of, &writing, body, move |cx, tx, id, seen, _| {
        let title = match extra {
            Extra::Minutes(_) => more.clone(),
            Extra::AddOn(service) => catalog::service(tx, service)?.name,
        };
        booking::lengthen(cx, tx, id, seen, extra, &title)
    })
    .await
}

/// Something that could be added.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Extra")]
struct ExtraView {
    /// Identifier of the add-on service; missing for minutes of the same.
    service: Option<String>,
    /// The service's name.
    name: Option<String>,
    /// How long.
    minutes: i64,
    /// What it costs, in fen.
    amount_fen: i64,
    /// Whether there is time for it.
    fits: bool,
}

async fn extras(ask: Ask, Path((shop, id)): OfBooking) -> Answer<Page<ExtraView>> {
    let (offers, room) = ask
        .read(move |cx, tx| {
            let found = booking::at_shop(tx, cx.shop_named(shop)?, id)?;
            let offers = booking::offers(tx, &found)?;
            let most = offers.iter().map(|offer| offer.minutes).max().unwrap_or(0);
            Ok((offers, booking::room_after(tx, &found, most)?.minutes))
        })
        .await?;
    let items = offers.into_iter().map(|offer| ExtraView {
        service: match offer.extra {
            Extra::AddOn(service) => Some(service.to_string()),
            Extra::Minutes(_) => None,
        },
        name: offer.name,
        minutes: offer.minutes,
        amount_fen: offer.amount.fen(),
        fits: offer.minutes <= room,
    });
    Ok(whole(items.collect()))
}

/// Who could serve a booking instead of its therapist.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Substitute {
    /// Identifier of the therapist.
    therapist: String,
    /// Whether the customer must agree first, since they asked for another.
    asks_customer: bool,
}

async fn substitutes(ask: Ask, Path((shop, id)): OfBooking) -> Answer<Page<Substitute>> {
    let found = ask
        .read(move |cx, tx| {
            let of = booking::at_shop(tx, cx.shop_named(shop)?, id)?;
            let asked_for = of.reason == scheduling::Reason::Requested;
            let (others, asks_customer) = match of.state {
                booking::State::InService => (booking::could_take_over(cx, tx, &of)?, false),
                _ if asked_for && !of.is_at_home() => (booking::could_serve(tx, &of)?, true),
                _ => (booking::substitutes(tx, &of)?, false),
            };
            let view = |other: Id<Therapist>| Substitute {
                therapist: other.to_string(),
                asks_customer,
            };
            Ok(others.into_iter().map(view).collect())
        })
        .await?;
    Ok(whole(found))
}

/// The safety key asks for no version: one press and it is over, whatever the program knew.
async fn safety(ask: Ask, Path((shop, id)): OfBooking, writing: Writing) -> Answer<BookingView> {
    let does = move |cx: &Cx, tx: &mut Tx| {
        let seen = booking::at_shop(tx, cx.shop_named(shop)?, id)?.version;
        Ok(booking::abort(cx, tx, id, seen, Why::Unsafe, "")?.id)
    };
    let told: Told<BookingView> = writing.write(&ask, &(), does, tell).await?;
    Ok(told)
}

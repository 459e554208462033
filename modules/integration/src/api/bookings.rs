//! A shop's bookings and what the shop does with them.

use booking::{Booking, Contact, Entry, Fee, StepTaken, Why};
use db::Tx;
use kernel::{Cx, Day, Error, Id, Instant, Result, Shop};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::{Ask, Path, Query};

use super::{
    Answer, Page, Version,
    extract::{Body, Told, Writing},
    moment,
    table::Table,
};
use crate::model::{Refusal, Scope};

const ONE: &str = "/api/v1/shops/{shop}/bookings/{booking}";

pub(super) fn add(table: Table) -> Table {
    let write = Scope::BookingsWrite;
    table
        .get(
            "/api/v1/shops/{shop}/bookings",
            Scope::BookingsRead,
            "list-bookings",
            list,
        )
        .post("/api/v1/shops/{shop}/bookings", write, "create-booking", create)
        .get(ONE, Scope::BookingsRead, "get-booking", one)
        .post(
            "/api/v1/shops/{shop}/bookings/{booking}/confirmation",
            write,
            "confirm-booking",
            confirm,
        )
        .post(
            "/api/v1/shops/{shop}/bookings/{booking}/refusal",
            write,
            "decline-booking",
            decline,
        )
        .post(
            "/api/v1/shops/{shop}/bookings/{booking}/cancellation",
            write,
            "cancel-booking",
            cancel,
        )
        .post(
            "/api/v1/shops/{shop}/bookings/{booking}/check-in",
            write,
            "check-in-booking",
            check_in,
        )
        .post(
            "/api/v1/shops/{shop}/bookings/{booking}/start",
            write,
            "start-booking",
            start,
        )
        .post(
            "/api/v1/shops/{shop}/bookings/{booking}/completion",
            write,
            "complete-booking",
            complete,
        )
        .post(
            "/api/v1/shops/{shop}/bookings/{booking}/no-show",
            write,
            "no-show-booking",
            no_show,
        )
}

/// A booking as the desk sees it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Booking")]
struct BookingView {
    /// Identifier.
    id: String,
    /// The order through which it is paid.
    order: String,
    /// Identifier of the service.
    service: String,
    /// The service as it was called when it was booked.
    service_name: String,
    /// Who serves.
    therapist: String,
    /// In which bed; empty when the therapist goes to the customer.
    bed: String,
    /// Whether the therapist goes to the customer. Where the customer lives is told to nobody here.
    at_home: bool,
    /// The business day, which may run past midnight.
    day: String,
    /// When it starts.
    starts_at: String,
    /// How long it takes.
    minutes: i64,
    /// What it costs, in fen.
    price_fen: i64,
    /// Where it stands: `requested`, `confirmed`, `checked_in`, `departed`, `arrived`, `in_service`, `completed`, `declined`, `cancelled` …
    state: String,
    /// How the customer is addressed.
    customer_name: String,
    /// Where to ring the customer; of a home visit empty before the departure and after the end.
    customer_phone: String,
    /// `light`, `medium` or `firm`.
    strength: String,
    /// Anything else, in the customer's words.
    note: String,
    /// Until when the shop must answer, while it is asked.
    answer_by: Option<String>,
    /// Counts the changes; whoever acts says which one they saw.
    version: i64,
}

impl From<&Booking> for BookingView {
    fn from(one: &Booking) -> BookingView {
        BookingView {
            id: one.id.to_string(),
            order: one.order.to_string(),
            service: one.service.to_string(),
            service_name: one.service_name.clone(),
            therapist: one.therapist.to_string(),
            bed: one.bed.map(|bed| bed.to_string()).unwrap_or_default(),
            at_home: one.is_at_home(),
            day: one.day.to_string(),
            starts_at: moment(one.starts_at),
            minutes: one.length.minutes,
            price_fen: one.price.fen(),
            state: one.state.code().to_owned(),
            customer_name: one.contact.name.clone(),
            customer_phone: match one.shows_contact() {
                true => one.contact.phone.clone(),
                false => String::new(),
            },
            strength: one.wishes.strength.code().to_owned(),
            note: one.wishes.note.clone(),
            answer_by: one.answer_by.map(moment),
            version: one.version,
        }
    }
}

/// Which day.
#[derive(Deserialize, JsonSchema)]
struct OnDay {
    /// A business day such as `2026-11-28`; today where it is missing.
    day: Option<String>,
}

async fn list(ask: Ask, Path(shop): Path<Id<Shop>>, Query(on): Query<OnDay>) -> Answer<Page<BookingView>> {
    let day = match &on.day {
        None => ask.today(),
        Some(text) => Day::parse(text).ok_or(Error::from(Refusal::BadDay))?,
    };
    let found = ask
        .read(move |cx, tx| booking::on_day(tx, cx.shop_named(shop)?, day))
        .await?;
    Ok(Told::new(Page {
        items: found.iter().map(BookingView::from).collect(),
        next: None,
    }))
}

/// A booking for a customer who calls: promised at once, paid at the shop.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct NewBooking {
    /// Identifier of the service.
    service: String,
    /// Identifier of a therapist; whoever comes next in turn where it is missing.
    therapist: Option<String>,
    /// RFC 3339, one of the free times.
    starts_at: String,
    /// How the customer is addressed.
    name: String,
    /// A mobile number.
    phone: String,
    /// Whether the customer was asked about health and is well enough.
    health_asked: bool,
    /// Whether the customer agreed that the shop remembers name and number.
    remembered: bool,
}

impl NewBooking {
    fn read(&self) -> Result<(Entry, Instant)> {
        let starts_at: jiff::Timestamp = self
            .starts_at
            .parse()
            .map_err(|_| Error::from(Refusal::BadMoment))?;
        let entry = Entry {
            service: self.service.parse()?,
            therapist: self.therapist.as_deref().map(str::parse).transpose()?,
            contact: Contact::read(&self.name, &self.phone)?,
            remembered: self.remembered,
            asked: self.health_asked,
        };
        Ok((entry, Instant(starts_at.as_millisecond())))
    }
}

async fn create(
    ask: Ask,
    Path(shop): Path<Id<Shop>>,
    writing: Writing,
    Body(body): Body<NewBooking>,
) -> Answer<BookingView> {
    let (key, (entry, starts_at)) = (writing.needed_key(&ask)?, body.read()?);
    let made = ask
        .write(move |cx, tx| {
            cx.shop_named(shop)?;
            if catalog::service(tx, entry.service)?.shop != shop {
                return Err(Error::NotFound);
            }
            booking::phone_booking(cx, tx, &key, &entry, starts_at)
        })
        .await?;
    let told = Told::new(BookingView::from(&made));
    Ok(told.version(made.version).created())
}

/// A booking with what has happened to it.
#[derive(Serialize, Deserialize, JsonSchema)]
struct BookingWithSteps {
    /// The booking.
    booking: BookingView,
    /// What has happened, the latest first.
    steps: Vec<StepView>,
}

/// One recorded change.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Step")]
struct StepView {
    /// What.
    step: String,
    /// Who, such as `owner:…` or `system:…`.
    actor: String,
    /// Why, where the step has a reason.
    why: Option<String>,
    /// When.
    at: String,
}

type OfBooking = Path<(Id<Shop>, Id<Booking>)>;

async fn one(ask: Ask, Path((shop, id)): OfBooking) -> Answer<BookingWithSteps> {
    let (found, steps) = ask
        .read(move |cx, tx| {
            let found = booking::at_shop(tx, cx.shop_named(shop)?, id)?;
            Ok((found, booking::steps(tx, id)?))
        })
        .await?;
    let view = |one: &StepTaken| StepView {
        step: one.step.code().to_owned(),
        actor: one.actor.clone(),
        why: one.why.map(|why| why.code().to_owned()),
        at: moment(one.at),
    };
    let told = BookingWithSteps {
        booking: BookingView::from(&found),
        steps: steps.iter().map(view).collect(),
    };
    Ok(Told::new(told).version(found.version))
}

/// Why a step is taken.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct Reason {
    /// The version that was seen; `If-Match` says the same.
    version: Option<i64>,
    /// `therapist_away`, `full`, `closing_early` or `unsuitable`.
    why: String,
}

impl Reason {
    fn why(&self) -> Result<Why> {
        let why = self.why.parse::<Why>().ok();
        why.filter(|why| Why::OF_SHOP.contains(why))
            .ok_or_else(|| booking::Refusal::NoReason.into())
    }
}

/// What is done about a customer who did not come.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct Missed {
    /// The version that was seen; `If-Match` says the same.
    version: Option<i64>,
    /// Whether all that the order's rules allow is kept: up to the deposit that was agreed, else the share of a late
    /// cancellation. If not, everything is given back.
    keep_fee: bool,
}

async fn confirm(
    ask: Ask,
    of: OfBooking,
    writing: Writing,
    Body(body): Body<Version>,
) -> Answer<BookingView> {
    let seen = writing.seen(body.version)?;
    step(&ask, of, &writing, &format!("{seen}"), move |cx, tx, id| {
        booking::confirm(cx, tx, id, seen)
    })
    .await
}

async fn decline(ask: Ask, of: OfBooking, writing: Writing, Body(body): Body<Reason>) -> Answer<BookingView> {
    let (seen, why) = (writing.seen(body.version)?, body.why()?);
    step(&ask, of, &writing, &format!("{seen} {why}"), move |cx, tx, id| {
        booking::decline(cx, tx, id, seen, why)
    })
    .await
}

async fn cancel(ask: Ask, of: OfBooking, writing: Writing, Body(body): Body<Reason>) -> Answer<BookingView> {
    let (seen, why) = (writing.seen(body.version)?, body.why()?);
    step(&ask, of, &writing, &format!("{seen} {why}"), move |cx, tx, id| {
        booking::cancel(cx, tx, id, seen, why)
    })
    .await
}

async fn check_in(
    ask: Ask,
    of: OfBooking,
    writing: Writing,
    Body(body): Body<Version>,
) -> Answer<BookingView> {
    let seen = writing.seen(body.version)?;
    step(&ask, of, &writing, &format!("{seen}"), move |cx, tx, id| {
        booking::check_in(cx, tx, id, seen)
    })
    .await
}

async fn start(ask: Ask, of: OfBooking, writing: Writing, Body(body): Body<Version>) -> Answer<BookingView> {
    let seen = writing.seen(body.version)?;
    step(&ask, of, &writing, &format!("{seen}"), move |cx, tx, id| {
        booking::start(cx, tx, id, seen)
    })
    .await
}

async fn complete(
    ask: Ask,
    of: OfBooking,
    writing: Writing,
    Body(body): Body<Version>,
) -> Answer<BookingView> {
    let seen = writing.seen(body.version)?;
    step(&ask, of, &writing, &format!("{seen}"), move |cx, tx, id| {
        booking::complete(cx, tx, id, seen)
    })
    .await
}

async fn no_show(ask: Ask, of: OfBooking, writing: Writing, Body(body): Body<Missed>) -> Answer<BookingView> {
    let (seen, keep) = (writing.seen(body.version)?, body.keep_fee);
    let fee = if keep { Fee::All } else { Fee::Waive };
    step(
        &ask,
        of,
        &writing,
        &format!("{seen} {keep}"),
        move |cx, tx, id| booking::no_show(cx, tx, id, seen, fee),
    )
    .await
}

/// Takes a step with a booking of the shop that the address names.
async fn step(
    ask: &Ask,
    Path((shop, id)): OfBooking,
    writing: &Writing,
    asked: &str,
    mut action: impl FnMut(&Cx, &mut Tx, Id<Booking>) -> Result<Booking> + Send + 'static,
) -> Answer<BookingView> {
    let told = writing
        .write(ask, asked, move |cx, tx| {
            booking::at_shop(tx, cx.shop_named(shop)?, id)?;
            let after = action(cx, tx, id)?;
            Ok((BookingView::from(&after), after.version))
        })
        .await?;
    Ok(told)
}

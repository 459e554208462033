//! A booking as programs read it.

use booking::{Booking, Case, Change, Extension, HomeVisit, StepTaken, Stretch};
use db::Tx;
use kernel::{Cx, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::moment;

/// A booking as the desk sees it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Booking")]
pub(crate) struct BookingView {
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
    /// Whether the therapist goes to the customer.
    at_home: bool,
    /// The business day, which may run past midnight.
    day: String,
    /// When it starts.
    starts_at: String,
    /// How long it takes, with what was added.
    minutes: i64,
    /// What it costs, in fen, with what was added and without the way of a home visit.
    price_fen: i64,
    /// Where it stands: `requested`, `confirmed`, `checked_in`, `departed`, `arrived`, `in_service`, `completed`, `declined`,
    /// `cancelled`, `no_show` or `aborted`.
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

/// A booking with what belongs to it and what has happened to it.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct BookingWithSteps {
    /// The booking.
    booking: BookingView,
    /// The way and the address, where the therapist goes to the customer.
    home: Option<HomeView>,
    /// By how many minutes the customer said that they will be late.
    late_minutes: Option<i64>,
    /// What was added while the customer was there, the first first.
    extensions: Vec<ExtensionView>,
    /// Who serves it when: more than one where somebody was relieved.
    stretches: Vec<StretchView>,
    /// The change that waits for an answer.
    change: Option<ChangeView>,
    /// What somebody has to decide about its end, or had to.
    case: Option<CaseView>,
    /// The other bookings of its order: a group is answered as a whole.
    together: Vec<String>,
    /// What has happened, the latest first.
    steps: Vec<StepView>,
}

impl BookingWithSteps {
    pub(super) fn read(cx: &Cx, tx: &mut Tx, of: &Booking) -> Result<BookingWithSteps> {
        let others = booking::of_order(tx, of.order)?;
        let others = others.iter().filter(|other| other.id != of.id);
        Ok(BookingWithSteps {
            booking: BookingView::from(of),
            home: HomeView::read(cx, tx, of)?,
            late_minutes: booking::late(tx, of.id)?,
            extensions: booking::extensions(tx, of.id)?
                .iter()
                .map(ExtensionView::from)
                .collect(),
            stretches: booking::stretches(tx, of)?
                .iter()
                .map(StretchView::from)
                .collect(),
            change: booking::open_change(tx, of.id)?.as_ref().map(ChangeView::from),
            case: booking::case(tx, of.id)?.as_ref().map(CaseView::from),
            together: others.map(|other| other.id.to_string()).collect(),
            steps: booking::steps(tx, of.id)?.iter().map(StepView::from).collect(),
        })
    }
}

/// The way to a customer, and the address while it may be known.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HomeVisit")]
pub(crate) struct HomeView {
    /// Code of the district.
    district: String,
    /// How far, as the crow flies.
    metres: i64,
    /// How long one way takes; kept free before and after the service.
    travel_minutes: i64,
    /// What the way costs, in fen.
    fare_fen: i64,
    /// The earliest departure.
    departure_from: String,
    /// Street, compound and building: for the shop, from the departure to the end.
    street: Option<String>,
    /// Unit, floor and number of the door: likewise.
    house: Option<String>,
    /// When the therapist arrived.
    arrived_at: Option<String>,
    /// Calls since then that nobody answered; two are needed before the customer counts as absent.
    calls: i64,
}

impl HomeView {
    fn read(cx: &Cx, tx: &mut Tx, of: &Booking) -> Result<Option<HomeView>> {
        let Some(HomeVisit { district, trip }) = booking::home_visit(tx, of)? else {
            return Ok(None);
        };
        let address = booking::address_of(cx, tx, of)?;
        let (street, house) = address.map(|address| (address.street, address.house)).unzip();
        let arrival = booking::calls(cx, tx, of.id)?;
        Ok(Some(HomeView {
            district: district.code().to_owned(),
            metres: trip.metres,
            travel_minutes: trip.travel,
            fare_fen: trip.fare.fen(),
            departure_from: moment(of.departure_from()),
            street,
            house,
            arrived_at: arrival.map(|(at, _)| moment(at)),
            calls: arrival.map_or(0, |(_, calls)| calls),
        }))
    }
}

/// Something that was added while the customer was there.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Extension")]
pub(crate) struct ExtensionView {
    /// What it is called on the order.
    title: String,
    /// How long.
    minutes: i64,
    /// What it costs, in fen.
    amount_fen: i64,
}

impl From<&Extension> for ExtensionView {
    fn from(one: &Extension) -> ExtensionView {
        ExtensionView {
            title: one.title.clone(),
            minutes: one.minutes,
            amount_fen: one.amount.fen(),
        }
    }
}

/// A part of a booking that one therapist serves.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Stretch")]
pub(crate) struct StretchView {
    /// Who.
    therapist: String,
    /// From when.
    from: String,
    /// Until when.
    to: String,
}

impl From<&Stretch> for StretchView {
    fn from(one: &Stretch) -> StretchView {
        StretchView {
            therapist: one.therapist.to_string(),
            from: moment(one.from),
            to: moment(one.to),
        }
    }
}

/// A change that one side proposes and the other answers.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Change")]
pub(crate) struct ChangeView {
    /// Of which booking.
    booking: String,
    /// `customer` or `shop`: who proposes.
    by: String,
    /// When it would start.
    starts_at: String,
    /// Who would serve.
    therapist: String,
    /// What would be done.
    service: String,
    /// What that is called.
    service_name: String,
    /// How long it would take.
    minutes: i64,
    /// What it would cost, in fen.
    price_fen: i64,
    /// A word of the shop to the customer; may be empty.
    note: String,
    /// Until when it can be answered.
    answer_by: String,
    /// Of a home visit that would go to another address: the way there. The address is told from the departure on.
    home: Option<WayView>,
}

/// The way of a home visit.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Way")]
pub(crate) struct WayView {
    /// Code of the district.
    district: String,
    /// How far, as the crow flies.
    metres: i64,
    /// How long one way takes; kept free before and after the service.
    travel_minutes: i64,
    /// What the way costs, in fen.
    fare_fen: i64,
}

impl From<HomeVisit> for WayView {
    fn from(HomeVisit { district, trip }: HomeVisit) -> WayView {
        WayView {
            district: district.code().to_owned(),
            metres: trip.metres,
            travel_minutes: trip.travel,
            fare_fen: trip.fare.fen(),
        }
    }
}

impl From<&Change> for ChangeView {
    fn from(one: &Change) -> ChangeView {
        ChangeView {
            booking: one.booking.to_string(),
            by: one.by.code().to_owned(),
            starts_at: moment(one.to.starts_at),
            therapist: one.to.therapist.to_string(),
            service: one.to.service.to_string(),
            service_name: one.to.service_name.clone(),
            minutes: one.to.length.minutes,
            price_fen: one.to.price.fen(),
            note: one.note.clone(),
            answer_by: moment(one.answer_by),
            home: one.visit.map(WayView::from),
        }
    }
}

/// What somebody has to decide about the end of a booking, or had to.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Case")]
pub(crate) struct CaseView {
    /// Of which booking.
    booking: String,
    /// `absence`: a no-show; `unsafe`: the safety key.
    kind: String,
    /// `undecided`: the shop says what it keeps; `decided`; `referred`: the centre decides; `closed`.
    state: String,
    /// The most that may be kept, in fen.
    most_fen: i64,
    /// What is kept, in fen, once that was said.
    kept_fen: Option<i64>,
    /// Since when.
    opened_at: String,
}

impl From<&Case> for CaseView {
    fn from(one: &Case) -> CaseView {
        CaseView {
            booking: one.booking.to_string(),
            kind: one.kind.code().to_owned(),
            state: one.state.code().to_owned(),
            most_fen: one.most.fen(),
            kept_fen: one.kept.map(kernel::Money::fen),
            opened_at: moment(one.opened_at),
        }
    }
}

/// One recorded change.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Step")]
pub(crate) struct StepView {
    /// What.
    step: String,
    /// Who, such as `owner:…` or `system:…`.
    actor: String,
    /// Why, where the step has a reason.
    why: Option<String>,
    /// When.
    at: String,
}

impl From<&StepTaken> for StepView {
    fn from(one: &StepTaken) -> StepView {
        StepView {
            step: one.step.code().to_owned(),
            actor: one.actor.clone(),
            why: one.why.map(|why| why.code().to_owned()),
            at: moment(one.at),
        }
    }
}

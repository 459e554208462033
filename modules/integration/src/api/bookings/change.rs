//! Changes of a booking: another time, another therapist, another service; of a home visit another address.

use booking::{Address, Booking, Proposal, Who};
use catalog::Service;
use db::Tx;
use kernel::{Cx, Id, Result, Shop};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::{Ask, Path, Query};

use super::{
    OfBooking,
    home::Home,
    steps::{plain, said},
    view::ChangeView,
};
use crate::{
    api::{Answer, Page, read_id, read_moment, seen, shops::FreeDayView, table::Table, whole},
    model::Scope,
};

pub(super) fn add(table: Table) -> Table {
    let read = Scope::BookingsRead;
    let table = table.get(at!("/changes"), read, "list-changes", list).get(
        at!("/bookings/{booking}/move"),
        read,
        "list-times-to-move",
        times,
    );
    let table = said::<Move>(table, at!("/bookings/{booking}/move"), "move-booking", propose);
    let table = plain(
        table,
        at!("/bookings/{booking}/change/agreement"),
        "agree-to-change",
        booking::agree,
    );
    let table = plain(
        table,
        at!("/bookings/{booking}/change/refusal"),
        "refuse-change",
        booking::refuse_change,
    );
    plain(
        table,
        at!("/bookings/{booking}/change/withdrawal"),
        "withdraw-change",
        booking::withdraw_change,
    )
}

/// The proposals that wait for an answer, of either side.
async fn list(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer<Page<ChangeView>> {
    let found = ask
        .read(move |cx, tx| booking::open_changes(tx, cx.shop_named(shop)?))
        .await?;
    Ok(whole(found.iter().map(ChangeView::from).collect()))
}

/// What a booking is to become; what is missing stays.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct Move {
    /// The version that was seen; `If-Match` says the same.
    version: Option<i64>,
    /// RFC 3339, one of the times to which it can be moved.
    starts_at: Option<String>,
    /// Identifier of a therapist; `any`: whoever comes next in turn.
    therapist: Option<String>,
    /// Identifier of a service.
    service: Option<String>,
    /// A word to the customer.
    note: String,
    /// Whether the customer has agreed, on the telephone or at the desk. If not, the customer is asked through WeChat.
    agreed: bool,
    /// Another address of a home visit, as the customer told it: only with `agreed`.
    home: Option<Home>,
}

seen!(Move);

fn who(therapist: Option<&String>) -> Result<Who> {
    Ok(match therapist.map(String::as_str) {
        None => Who::AsBefore,
        Some("any") => Who::Anyone,
        Some(named) => Who::Named(named.parse()?),
    })
}

/// As the desk does it: whom the customer did not ask for is exchanged at once, all else is proposed.
fn propose(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64, wish: &Move) -> Result<Booking> {
    let before = booking::booking(tx, id)?;
    let who = who(wish.therapist.as_ref())?;
    let swap_only = wish.starts_at.is_none() && wish.service.is_none() && wish.home.is_none();
    if let (Who::Named(to), true) = (who, swap_only)
        && before.reason != scheduling::Reason::Requested
    {
        return booking::give_to(cx, tx, id, seen, to, &wish.note);
    }
    let starts_at = wish.starts_at.as_deref().map(read_moment).transpose()?;
    let service = read_id(wish.service.as_ref())?.unwrap_or(before.service);
    let proposal = Proposal {
        starts_at: starts_at.unwrap_or(before.starts_at),
        who,
        service,
        note: wish.note.clone(),
        agreed: wish.agreed,
        address: match &wish.home {
            Some(home) => Some(told(cx, tx, &before, service, home)?),
            None => None,
        },
    };
    booking::propose(cx, tx, id, seen, &proposal)
}

/// Keeps an address as it was told the desk; it goes with what it was told for.
fn told(cx: &Cx, tx: &mut Tx, of: &Booking, service: Id<Service>, home: &Home) -> Result<Id<Address>> {
    let service = catalog::service(tx, service)?;
    let lines = (home.street.as_str(), home.house.as_str());
    Ok(booking::keep_told_address(cx, tx, of, &service, home.place()?, lines)?.id)
}

/// With whom, and for what.
#[derive(Deserialize, JsonSchema)]
struct To {
    /// Identifier of a therapist; `any`: whoever comes next in turn; as before where it is missing.
    therapist: Option<String>,
    /// Identifier of a service; as before where it is missing.
    service: Option<String>,
}

async fn times(ask: Ask, Path((shop, id)): OfBooking, Query(to): Query<To>) -> Answer<Page<FreeDayView>> {
    let (who, service): (Who, Option<Id<Service>>) =
        (who(to.therapist.as_ref())?, read_id(to.service.as_ref())?);
    let days = ask
        .read(move |cx, tx| {
            let of = booking::at_shop(tx, cx.shop_named(shop)?, id)?;
            let service = catalog::service(tx, service.unwrap_or(of.service))?;
            if service.shop != shop {
                return Err(kernel::Error::NotFound);
            }
            booking::free_to_move(cx, tx, &of, &service, (who, None))
        })
        .await?;
    Ok(whole(days.iter().map(FreeDayView::from).collect()))
}

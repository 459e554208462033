//! Those who wait: the line at the desk, and the waitlist.

use booking::{Line, Ticket, TicketState, WaitEntry};
use db::Tx;
use kernel::{Cx, Id, Result, Shop};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::{Ask, Path};

use super::{
    Answer, Page, Version,
    bookings::{Guest, check_shop},
    extract::{Body, Told, Writing},
    moment,
    table::Table,
    whole,
};
use crate::model::Scope;

pub(super) fn add(table: Table) -> Table {
    let (read, write) = (Scope::BookingsRead, Scope::BookingsWrite);
    let table = table
        .get(at!("/tickets"), read, "list-tickets", list)
        .post(at!("/tickets"), write, "take-ticket", take)
        .get(at!("/tickets/{ticket}"), read, "get-ticket", one)
        .post(at!("/tickets/{ticket}/call"), write, "call-ticket", call)
        .get(at!("/waitlist"), read, "list-waitlist", waitlist);
    let table = step(table, at!("/tickets/{ticket}/skip"), "skip-ticket", booking::skip);
    step(
        table,
        at!("/tickets/{ticket}/leaving"),
        "leave-with-ticket",
        booking::leave,
    )
}

/// A place in the line of a shop's business day.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Ticket")]
struct TicketView {
    /// Identifier.
    id: String,
    /// As it is printed and called, such as `A5`.
    number: String,
    /// The business day.
    day: String,
    /// What is wanted.
    service: String,
    /// By whom, where the customer asks for somebody.
    therapist: Option<String>,
    /// How the customer is addressed.
    customer_name: String,
    /// Where to ring the customer; often empty.
    customer_phone: String,
    /// `waiting`, `called`, `served`, `skipped` or `left`.
    state: String,
    /// The booking that it has become, once called.
    booking: Option<String>,
    /// So many wait before it; missing where it does not wait.
    before: Option<usize>,
    /// When it can be expected to be called; missing where the day has no time for it.
    expected_at: Option<String>,
    /// The customer's own page, as a path of this program; to be printed or scanned.
    page: String,
    /// When it was taken.
    taken_at: String,
    /// Counts the changes; whoever acts says which one they saw.
    version: i64,
}

impl TicketView {
    fn of(one: &Ticket, line: Option<&Line>) -> TicketView {
        TicketView {
            id: one.id.to_string(),
            number: one.name(),
            day: one.day.to_string(),
            service: one.service.to_string(),
            therapist: one.therapist.map(|id| id.to_string()),
            customer_name: one.contact.name.clone(),
            customer_phone: one.contact.phone.clone(),
            state: one.state.code().to_owned(),
            booking: one.booking.map(|id| id.to_string()),
            before: line.map(|line| line.before),
            expected_at: line.and_then(|line| line.expected).map(moment),
            page: format!("/tickets/{}", one.token),
            taken_at: moment(one.taken_at),
            version: one.version,
        }
    }

    /// With its place in the line of its shop.
    fn read(cx: &Cx, tx: &mut Tx, id: Id<Ticket>) -> Result<Told<TicketView>> {
        let found = booking::ticket(tx, id)?;
        let line = booking::line(tx, cx.shop_named(found.shop)?, cx.now())?;
        let line = line.iter().find(|line| line.ticket.id == id);
        Ok(Told::new(TicketView::of(&found, line)).version(found.version))
    }
}

/// The line of today, then who was called and who was skipped.
async fn list(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer<Page<TicketView>> {
    let found = ask
        .read(move |cx, tx| {
            let shop = cx.shop_named(shop)?;
            let line = booking::line(tx, shop, cx.now())?;
            let mut found: Vec<TicketView> = line
                .iter()
                .map(|line| TicketView::of(&line.ticket, Some(line)))
                .collect();
            for state in [TicketState::Called, TicketState::Skipped] {
                let others = booking::tickets_today(tx, shop, cx.now(), state)?;
                found.extend(others.iter().map(|ticket| TicketView::of(ticket, None)));
            }
            Ok(found)
        })
        .await?;
    Ok(whole(found))
}

type OfTicket = Path<(Id<Shop>, Id<Ticket>)>;

async fn one(ask: Ask, Path((shop, id)): OfTicket) -> Answer<TicketView> {
    let told = ask
        .read(move |cx, tx| {
            booking::ticket_at(tx, cx.shop_named(shop)?, id)?;
            TicketView::read(cx, tx, id)
        })
        .await?;
    Ok(told)
}

async fn take(
    ask: Ask,
    Path(shop): Path<Id<Shop>>,
    writing: Writing,
    Body(body): Body<Guest>,
) -> Answer<TicketView> {
    let key = format!("{} ticket", writing.needed_key(&ask)?);
    let entry = body.entry(&ask)?;
    let does = move |cx: &Cx, tx: &mut Tx| {
        check_shop(cx, tx, shop, &entry)?;
        Ok(booking::take_ticket(cx, tx, &key, &entry)?.id)
    };
    Ok(writing.make(&ask, &body, does, TicketView::read).await?)
}

/// A booking begins here, so it needs a key.
async fn call(
    ask: Ask,
    Path((shop, id)): OfTicket,
    writing: Writing,
    Body(body): Body<Version>,
) -> Answer<TicketView> {
    let (key, seen) = (
        format!("{} call", writing.needed_key(&ask)?),
        writing.seen(body.version)?,
    );
    let does = move |cx: &Cx, tx: &mut Tx| {
        booking::ticket_at(tx, cx.shop_named(shop)?, id)?;
        booking::call(cx, tx, &key, id, seen)?;
        Ok(id)
    };
    Ok(writing.write(&ask, &seen, does, TicketView::read).await?)
}

type Plain = fn(&Cx, &mut Tx, Id<Ticket>, i64) -> Result<Ticket>;

fn step(table: Table, path: &'static str, name: &'static str, does: Plain) -> Table {
    let handler = move |ask: Ask, of: OfTicket, writing: Writing, Body(body): Body<Version>| async move {
        let (Path((shop, id)), seen) = (of, writing.seen(body.version)?);
        let does = move |cx: &Cx, tx: &mut Tx| {
            booking::ticket_at(tx, cx.shop_named(shop)?, id)?;
            Ok(does(cx, tx, id, seen)?.id)
        };
        let told: Answer<TicketView> = Ok(writing.write(&ask, &seen, does, TicketView::read).await?);
        told
    };
    table.post(path, Scope::BookingsWrite, name, handler)
}

/// Somebody who waits for a time to come free. Only the customer joins, takes what is offered and withdraws.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "WaitlistEntry")]
struct WaitView {
    /// Identifier.
    id: String,
    /// For what.
    service: String,
    /// With whom; anybody where it is missing.
    therapist: Option<String>,
    /// The business day.
    day: String,
    /// To start at this moment at the earliest.
    from: String,
    /// And before this one.
    to: String,
    /// `waiting` or `offered`.
    state: String,
    /// The time that is kept for the customer.
    offered: Option<String>,
    /// Until when it is kept.
    offered_until: Option<String>,
}

async fn waitlist(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer<Page<WaitView>> {
    let found = ask
        .read(move |cx, tx| booking::waitlist(tx, cx.shop_named(shop)?, cx.now().day().plus(-1)))
        .await?;
    let view = |one: &WaitEntry| WaitView {
        id: one.id.to_string(),
        service: one.service.to_string(),
        therapist: one.therapist.map(|id| id.to_string()),
        day: one.day.to_string(),
        from: moment(one.day.at(one.from)),
        to: moment(one.day.at(one.to)),
        state: one.state.code().to_owned(),
        offered: one.offer.map(|offer| moment(offer.starts_at)),
        offered_until: one.offer.map(|offer| moment(offer.until)),
    };
    Ok(whole(found.iter().map(view).collect()))
}

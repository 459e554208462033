//! Several in one visit, whom the desk enters at once: all of their time or nothing, on one order.

use booking::{Booking, Contact, Entry, GroupEntry, Item};
use db::Tx;
use kernel::{Cx, Error, Id, Money, Result, Shop};
use order::Order;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::{Ask, Path};

use super::{BookingView, check_shop};
use crate::{
    api::{
        Answer,
        extract::{Body, Told, Writing},
        read_id, read_moment, seen_shop,
        shops::FreeDayView,
        table::Table,
    },
    model::Scope,
};

pub(super) fn add(table: Table) -> Table {
    let write = Scope::BookingsWrite;
    table
        .post(at!("/group-quotes"), Scope::TimesRead, "quote-group", quote)
        .post(at!("/groups"), write, "create-group", create)
        .post(at!("/group-walk-ins"), write, "create-group-walk-in", walk_in)
        .get(at!("/groups/{order}"), Scope::BookingsRead, "get-group", one)
}

/// One person of a group, or one service of a person.
#[derive(Clone, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct Part {
    /// Identifier of the service.
    service: String,
    /// Identifier of a therapist; whoever comes next in turn where it is missing.
    therapist: Option<String>,
    /// How this person is addressed. Where it is empty: the first as who speaks for all, each other after that one, such as
    /// 张女士同行 2.
    name: String,
}

/// What several would have, and how it goes together.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct Thought {
    /// One for each person or service, 2 to 6.
    parts: Vec<Part>,
    /// One after the other for one person; else all at once.
    in_turn: bool,
    /// Whether everybody wants to be in one room.
    one_room: bool,
}

/// Several whom the desk enters together.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct NewGroup {
    /// One for each person or service, 2 to 6.
    parts: Vec<Part>,
    /// One after the other for one person; else all at once.
    in_turn: bool,
    /// Whether everybody wants to be in one room.
    one_room: bool,
    /// RFC 3339. Who calls needs one of the quote's times; who stands there is served as soon as possible where it is missing.
    starts_at: Option<String>,
    /// How the one is addressed who speaks for all; may be empty of who stands there.
    name: String,
    /// A mobile number; may be empty of who stands there.
    phone: String,
    /// Whether everybody was asked about health and is well enough.
    health_asked: bool,
    /// Whether who speaks for all agreed that the shop remembers name and number.
    remembered: bool,
}

impl NewGroup {
    /// The people, each with the number of who speaks for all.
    fn entries(&self, ask: &Ask, read: impl Fn(&str, &str) -> Result<Contact>) -> Result<GroupEntry> {
        let speaker = read(&self.name, &self.phone)?;
        let mut entries = Vec::new();
        for (place, part) in self.parts.iter().enumerate() {
            let contact = match (part.name.trim(), place) {
                ("", 0) => speaker.clone(),
                ("", _) if self.in_turn => speaker.clone(),
                ("", _) => Contact {
                    name: booking::companion(ask, &speaker.name, place),
                    ..speaker.clone()
                },
                (name, _) => read(name, &self.phone)?,
            };
            entries.push(Entry {
                service: part.service.parse()?,
                therapist: read_id(part.therapist.as_ref())?,
                contact,
                remembered: self.remembered,
                asked: self.health_asked,
            });
        }
        Ok(GroupEntry {
            entries,
            in_turn: self.in_turn,
            one_room: self.one_room,
        })
    }
}

/// Several bookings on one order.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Group")]
struct GroupView {
    /// The order through which all are paid.
    order: String,
    /// What all cost together, in fen.
    total_fen: i64,
    /// Each has its own life: `confirmed`, `cancelled` …
    bookings: Vec<BookingView>,
}

impl GroupView {
    fn read(tx: &mut Tx, order: Id<Order>) -> Result<GroupView> {
        let bookings = booking::of_order(tx, order)?;
        Ok(GroupView {
            order: order.to_string(),
            total_fen: bookings.iter().map(|one| one.price.fen()).sum(),
            bookings: bookings.iter().map(BookingView::from).collect(),
        })
    }
}

/// What several would pay, and when all of them can begin.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "GroupQuote")]
struct QuoteView {
    /// What each costs, in fen, in the order of the parts.
    prices_fen: Vec<i64>,
    /// Together, in fen.
    total_fen: i64,
    /// The times at which all find somebody and a bed.
    days: Vec<FreeDayView>,
}

async fn quote(ask: Ask, Path(shop): Path<Id<Shop>>, Body(body): Body<Thought>) -> Answer<QuoteView> {
    let told = ask
        .read(move |cx, tx| {
            seen_shop(cx, tx, shop)?;
            let items = items(tx, shop, &body.parts)?;
            booking::check_group_size(items.len())?;
            let prices: Vec<Money> = items.iter().map(|item| item.service.price).collect();
            let days = booking::free_together(tx, cx.now(), &items, body.in_turn, body.one_room)?;
            Ok(QuoteView {
                prices_fen: prices.iter().map(|price| price.fen()).collect(),
                total_fen: prices.into_iter().sum::<Money>().fen(),
                days: days.iter().map(FreeDayView::from).collect(),
            })
        })
        .await?;
    Ok(Told::new(told))
}

/// The services that are offered at a shop, as the parts name them.
fn items(tx: &mut Tx, shop: Id<Shop>, parts: &[Part]) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    for part in parts {
        let service = catalog::service(tx, part.service.parse()?)?;
        if service.shop != shop || !service.listed {
            return Err(Error::NotFound);
        }
        items.push(Item {
            service,
            therapist: read_id(part.therapist.as_ref())?,
        });
    }
    Ok(items)
}

fn check(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, group: &GroupEntry) -> Result<()> {
    cx.shop_named(shop)?;
    (group.entries.iter()).try_for_each(|entry| check_shop(cx, tx, shop, entry))
}

fn tell(_: &Cx, tx: &mut Tx, order: Id<Order>) -> Result<Told<GroupView>> {
    Ok(Told::new(GroupView::read(tx, order)?))
}

async fn create(
    ask: Ask,
    Path(shop): Path<Id<Shop>>,
    writing: Writing,
    Body(body): Body<NewGroup>,
) -> Answer<GroupView> {
    let key = format!("{} group", writing.needed_key(&ask)?);
    let group = body.entries(&ask, |name, phone| Ok(Contact::read(name, phone)?))?;
    let starts_at = read_moment(body.starts_at.as_deref().unwrap_or_default())?;
    let does = move |cx: &Cx, tx: &mut Tx| {
        check(cx, tx, shop, &group)?;
        order_of(&booking::phone_booking_together(cx, tx, &key, &group, starts_at)?)
    };
    Ok(writing.make(&ask, &body, does, tell).await?)
}

async fn walk_in(
    ask: Ask,
    Path(shop): Path<Id<Shop>>,
    writing: Writing,
    Body(body): Body<NewGroup>,
) -> Answer<GroupView> {
    let key = format!("{} group-walk-in", writing.needed_key(&ask)?);
    let unnamed = ask.label("booking-walk-in-name");
    let group = body.entries(&ask, |name, phone| {
        Ok(Contact::read_present(name, phone, &unnamed)?)
    })?;
    let starts_at = body.starts_at.as_deref().map(read_moment).transpose()?;
    let does = move |cx: &Cx, tx: &mut Tx| {
        check(cx, tx, shop, &group)?;
        order_of(&booking::walk_in_together(cx, tx, &key, &group, starts_at)?)
    };
    Ok(writing.make(&ask, &body, does, tell).await?)
}

fn order_of(made: &[Booking]) -> Result<Id<Order>> {
    made.first().map(|first| first.order).ok_or(Error::NotFound)
}

async fn one(ask: Ask, Path((shop, order)): Path<(Id<Shop>, Id<Order>)>) -> Answer<GroupView> {
    let told = ask
        .read(move |cx, tx| {
            let shop = cx.shop_named(shop)?;
            let first = booking::of_order(tx, order)?.into_iter().next();
            booking::at_shop(tx, shop, first.ok_or(Error::NotFound)?.id)?;
            GroupView::read(tx, order)
        })
        .await?;
    Ok(Told::new(told))
}

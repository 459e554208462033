//! A shop's bookings and what the shop does with them.

mod change;
mod entry;
mod home;
mod party;
mod steps;
mod view;

use booking::Booking;
use kernel::{Day, Error, Id, Result, Shop};
use schemars::JsonSchema;
use serde::Deserialize;
use web::{Ask, Path, Query};

use super::{Answer, Page, Paging, extract::Told, table::Table, whole};
use crate::model::{Refusal, Scope};
use view::{BookingView, BookingWithSteps, CaseView};

pub(super) use entry::{Guest, check_shop};

pub(super) fn add(table: Table) -> Table {
    let read = Scope::BookingsRead;
    let table = table
        .get(at!("/bookings"), read, "list-bookings", list)
        .get(at!("/bookings/{booking}"), read, "get-booking", one)
        .get(at!("/cases"), read, "list-cases", cases);
    change::add(steps::add(home::add(party::add(entry::add(table)))))
}

type OfBooking = Path<(Id<Shop>, Id<Booking>)>;

/// Which bookings of a day.
#[derive(Deserialize, JsonSchema)]
struct OnDay {
    /// A business day such as `2026-11-28`; today where it is missing.
    day: Option<String>,
    /// Only those that stand here, such as `requested`.
    state: Option<String>,
    /// Things on a page: 1 to 100, 50 where it is missing.
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

impl OnDay {
    fn day(&self, today: Day) -> Result<Day> {
        match &self.day {
            None => Ok(today),
            Some(text) => Day::parse(text).ok_or(Refusal::BadDay.into()),
        }
    }

    fn state(&self) -> Result<Option<booking::State>> {
        let read = |state: &String| state.parse().map_err(|_| Error::from(Refusal::BadState));
        self.state.as_ref().map(read).transpose()
    }
}

async fn list(ask: Ask, Path(shop): Path<Id<Shop>>, Query(on): Query<OnDay>) -> Answer<Page<BookingView>> {
    let (day, state) = (on.day(ask.today())?, on.state()?);
    let mut found = ask
        .read(move |cx, tx| booking::on_day(tx, cx.shop_named(shop)?, day))
        .await?;
    found.retain(|booking| state.is_none_or(|state| booking.state == state));
    let paging = Paging {
        limit: on.limit,
        cursor: on.cursor,
    };
    Ok(Told::new(paging.cut(found, |one| one.id.to_string())?))
}

async fn one(ask: Ask, Path((shop, id)): OfBooking) -> Answer<BookingWithSteps> {
    let (told, version) = ask
        .read(move |cx, tx| {
            let found = booking::at_shop(tx, cx.shop_named(shop)?, id)?;
            Ok((BookingWithSteps::read(cx, tx, &found)?, found.version))
        })
        .await?;
    Ok(Told::new(told).version(version))
}

/// What stands open about the ends of bookings: what a no-show pays, objections, danger.
async fn cases(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer<Page<CaseView>> {
    let found = ask
        .read(move |cx, tx| booking::open_cases(tx, cx.shop_named(shop)?))
        .await?;
    Ok(whole(
        found.iter().map(|(case, _)| CaseView::from(case)).collect(),
    ))
}

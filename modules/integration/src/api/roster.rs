//! When therapists work: the week, single dates, and leave with a decision on every booking in it.

use std::collections::HashMap;

use booking::{Booking, Decided, Decision};
use db::Tx;
use kernel::{Cx, Day, Error, Id, Result, Shop};
use scheduling::{Leave, NewLeave, OwnDay, Shift};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use therapist::Therapist;
use web::{Ask, Path};

use super::{
    Answer, Page, Version,
    extract::{Body, Told, Writing},
    moment, read_moment, seen,
    table::Table,
    whole,
};
use crate::model::{Refusal, Scope};

pub(super) fn add(table: Table) -> Table {
    let (read, write) = (Scope::RosterRead, Scope::RosterWrite);
    table
        .get(at!("/shifts"), read, "list-shifts", shifts)
        .post(
            at!("/therapists/{therapist}/shifts"),
            write,
            "set-shifts",
            set_week,
        )
        .post(at!("/therapists/{therapist}/days"), write, "set-day", set_day)
        .get(at!("/leaves"), read, "list-leaves", leaves)
        .post(at!("/leaves"), write, "grant-leave", grant)
        .get(at!("/leaves/{leave}"), read, "get-leave", leave)
        .post(at!("/leaves/{leave}/approval"), write, "approve-leave", approve)
        .post(at!("/leaves/{leave}/refusal"), write, "refuse-leave", refuse)
        .post(
            at!("/leaves/{leave}/withdrawal"),
            write,
            "withdraw-leave",
            withdraw,
        )
}

/// A weekly working time.
#[derive(Serialize, Deserialize, JsonSchema, Default, Clone, Copy)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Shift")]
struct ShiftView {
    /// 1 (Monday) to 7 (Sunday).
    weekday: i64,
    /// Minutes after midnight.
    starts: i64,
    /// Minutes after midnight; past 1440 is after midnight.
    ends: i64,
}

/// Working times of one date.
#[derive(Serialize, Deserialize, JsonSchema, Default, Clone, Copy)]
#[serde(deny_unknown_fields)]
struct Span {
    /// Minutes after midnight.
    starts: i64,
    /// Minutes after midnight; past 1440 is after midnight.
    ends: i64,
}

/// A date whose times are not the week's.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OwnDay")]
struct DayView {
    /// The business day.
    day: String,
    /// When the therapist works on it; a day off where there are none.
    times: Vec<Span>,
}

/// When one therapist works.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Roster")]
struct RosterView {
    /// Who.
    therapist: String,
    /// Every week.
    week: Vec<ShiftView>,
    /// The dates of the next weeks that have their own times.
    days: Vec<DayView>,
}

/// Dates are told for so many days.
const DAYS_AHEAD: i64 = 60;

/// What is known of a shop's weeks and dates.
struct Known {
    weeks: HashMap<Id<Therapist>, Vec<Shift>>,
    days: HashMap<Id<Therapist>, Vec<OwnDay>>,
}

impl Known {
    fn read(cx: &Cx, tx: &mut Tx, shop: Id<Shop>) -> Result<Known> {
        let from = cx.now().day().plus(-1);
        Ok(Known {
            weeks: scheduling::shifts(tx, shop)?,
            days: scheduling::own_days(tx, shop, from, from.plus(DAYS_AHEAD))?,
        })
    }

    fn of(&self, therapist: Id<Therapist>) -> RosterView {
        let shift = |one: &Shift| ShiftView {
            weekday: one.weekday,
            starts: one.starts,
            ends: one.ends,
        };
        let span = |(starts, ends): &(i64, i64)| Span {
            starts: *starts,
            ends: *ends,
        };
        let day = |one: &OwnDay| DayView {
            day: one.day.to_string(),
            times: one.times.iter().map(span).collect(),
        };
        RosterView {
            therapist: therapist.to_string(),
            week: self
                .weeks
                .get(&therapist)
                .into_iter()
                .flatten()
                .map(shift)
                .collect(),
            days: self.days.get(&therapist).into_iter().flatten().map(day).collect(),
        }
    }
}

async fn shifts(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer<Page<RosterView>> {
    let found = ask
        .read(move |cx, tx| {
            let shop = cx.shop_named(shop)?.id();
            let known = Known::read(cx, tx, shop)?;
            let people = therapist::of_shop(tx, shop)?;
            Ok(people.iter().map(|person| known.of(person.id)).collect())
        })
        .await?;
    Ok(whole(found))
}

type OfTherapist = Path<(Id<Shop>, Id<Therapist>)>;

/// A therapist of the shop that the address names.
fn at_shop(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, id: Id<Therapist>) -> Result<()> {
    let scope = cx.shop_named(shop)?;
    match therapist::therapist(tx, id)?.shop == scope.id() {
        true => Ok(()),
        false => Err(Error::NotFound),
    }
}

fn tell_roster(cx: &Cx, tx: &mut Tx, id: Id<Therapist>) -> Result<Told<RosterView>> {
    let shop = therapist::therapist(tx, id)?.shop;
    Ok(Told::new(Known::read(cx, tx, shop)?.of(id)))
}

/// One therapist's whole week: it takes the place of what was.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct NewWeek {
    /// The shifts; none: the therapist does not work.
    week: Vec<ShiftView>,
}

async fn set_week(
    ask: Ask,
    Path((shop, id)): OfTherapist,
    writing: Writing,
    Body(body): Body<NewWeek>,
) -> Answer<RosterView> {
    let shift = |one: &ShiftView| Shift {
        weekday: one.weekday,
        starts: one.starts,
        ends: one.ends,
    };
    let week: Vec<Shift> = body.week.iter().map(shift).collect();
    let does = move |cx: &Cx, tx: &mut Tx| {
        at_shop(cx, tx, shop, id)?;
        scheduling::set_shifts(cx, tx, id, &week)?;
        Ok(id)
    };
    Ok(writing.write(&ask, &body, does, tell_roster).await?)
}

/// The working times of one date.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct NewDay {
    /// The business day, such as `2026-11-28`.
    day: String,
    /// Its own times; an empty list is a day off; the week's times where it is missing.
    times: Option<Vec<Span>>,
    /// Whether that is wanted though bookings stand outside of these times.
    sure: bool,
}

async fn set_day(
    ask: Ask,
    Path((shop, id)): OfTherapist,
    writing: Writing,
    Body(body): Body<NewDay>,
) -> Answer<RosterView> {
    let day = Day::parse(&body.day).ok_or(Error::from(Refusal::BadDay))?;
    let span = |span: &Span| (span.starts, span.ends);
    let times: Option<Vec<(i64, i64)>> = body.times.as_ref().map(|times| times.iter().map(span).collect());
    let sure = body.sure;
    let does = move |cx: &Cx, tx: &mut Tx| {
        at_shop(cx, tx, shop, id)?;
        match &times {
            Some(times) => scheduling::set_day(cx, tx, id, day, times, sure)?,
            None => scheduling::usual_day(cx, tx, id, day)?,
        }
        Ok(id)
    };
    Ok(writing.write(&ask, &body, does, tell_roster).await?)
}

// ---- leave

/// A stretch in which a therapist does not work.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Leave")]
struct LeaveView {
    /// Identifier.
    id: String,
    /// Whose.
    therapist: String,
    /// From when.
    from: String,
    /// Until when.
    to: String,
    /// Why, in a few words; may be empty.
    reason: String,
    /// `asked`, `granted`, `refused` or `withdrawn`.
    state: String,
    /// What the shop answered, when it said no.
    answer: String,
    /// Counts the changes; whoever acts says which one they saw.
    version: i64,
}

impl From<&Leave> for LeaveView {
    fn from(one: &Leave) -> LeaveView {
        LeaveView {
            id: one.id.to_string(),
            therapist: one.therapist.to_string(),
            from: moment(one.from),
            to: moment(one.to),
            reason: one.reason.clone(),
            state: one.state.code().to_owned(),
            answer: one.answer.clone(),
            version: one.version,
        }
    }
}

/// The leaves that are not over: those that are asked for, and those that are granted.
async fn leaves(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer<Page<LeaveView>> {
    let found = ask
        .read(move |cx, tx| {
            let shop = cx.shop_named(shop)?.id();
            let mut found = scheduling::asked_leaves(tx, shop, cx.now())?;
            found.extend(scheduling::leaves(tx, shop, cx.now())?);
            Ok(found)
        })
        .await?;
    Ok(whole(found.iter().map(LeaveView::from).collect()))
}

/// A leave with the bookings that stand in it.
#[derive(Serialize, Deserialize, JsonSchema)]
struct LeaveWithBookings {
    /// The leave.
    leave: LeaveView,
    /// While it is asked for: each needs a decision.
    bookings: Vec<HitView>,
}

/// A booking that stands in a leave, or would after a change that is proposed.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "BookingInLeave")]
struct HitView {
    /// Identifier.
    booking: String,
    /// Its version.
    version: i64,
    /// When it starts.
    starts_at: String,
    /// Whether it stands in the leave itself.
    stands: bool,
    /// Who could serve it instead.
    substitutes: Vec<String>,
    /// Whether a proposed change of it would stand in the leave.
    change: bool,
}

impl HitView {
    fn read(tx: &mut Tx, leave: &Leave, hit: &Booking) -> Result<HitView> {
        let others = booking::substitutes(tx, hit)?;
        let change = booking::open_change(tx, hit.id)?;
        Ok(HitView {
            booking: hit.id.to_string(),
            version: hit.version,
            starts_at: moment(hit.starts_at),
            stands: hit.stands_in(leave),
            substitutes: others.iter().map(Id::to_string).collect(),
            change: change.is_some_and(|change| change.stands_in(leave)),
        })
    }
}

type OfLeave = Path<(Id<Shop>, Id<Leave>)>;

async fn leave(ask: Ask, Path((shop, id)): OfLeave) -> Answer<LeaveWithBookings> {
    let (told, version) = ask
        .read(move |cx, tx| {
            let leave = scheduling::leave(tx, cx.shop_named(shop)?, id)?;
            let hits = match leave.state {
                scheduling::LeaveState::Asked => booking::hit_by(cx, tx, &leave)?,
                _ => Vec::new(),
            };
            let bookings = hits.iter().map(|hit| HitView::read(tx, &leave, hit));
            let told = LeaveWithBookings {
                leave: LeaveView::from(&leave),
                bookings: bookings.collect::<Result<_>>()?,
            };
            Ok((told, leave.version))
        })
        .await?;
    Ok(Told::new(told).version(version))
}

/// A leave that the shop enters.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct Entered {
    /// Identifier of the therapist.
    therapist: String,
    /// RFC 3339.
    from: String,
    /// RFC 3339.
    to: String,
    /// Why, in a few words; may be empty.
    reason: String,
    /// Whether that is wanted though bookings stand in it; somebody must see to each.
    sure: bool,
}

fn tell_leave(cx: &Cx, tx: &mut Tx, id: Id<Leave>) -> Result<Told<LeaveView>> {
    let leave = scheduling::leave_named(cx, tx, id)?;
    Ok(Told::new(LeaveView::from(&leave)).version(leave.version))
}

async fn grant(
    ask: Ask,
    Path(shop): Path<Id<Shop>>,
    writing: Writing,
    Body(body): Body<Entered>,
) -> Answer<LeaveView> {
    let new = NewLeave {
        therapist: body.therapist.parse()?,
        from: read_moment(&body.from)?,
        to: read_moment(&body.to)?,
        reason: body.reason.clone(),
    };
    let sure = body.sure;
    let does = move |cx: &Cx, tx: &mut Tx| {
        at_shop(cx, tx, shop, new.therapist)?;
        scheduling::grant_leave(cx, tx, new.clone(), sure)
    };
    Ok(writing.make(&ask, &body, does, tell_leave).await?)
}

/// What becomes of the bookings in a leave.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct Approval {
    /// The version that was seen; `If-Match` says the same.
    version: Option<i64>,
    /// One for every booking in it.
    decisions: Vec<DecisionOn>,
}

/// What becomes of one booking.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct DecisionOn {
    /// Identifier.
    booking: String,
    /// The version of it that was seen.
    version: i64,
    /// `keep`: the therapist serves it; `cancel`: everything goes back; `swap`: another serves it; `drop_change`: it stays as
    /// it is.
    decision: String,
    /// Identifier of who serves it, for `swap`.
    therapist: Option<String>,
}

impl DecisionOn {
    fn read(&self) -> Result<Decided> {
        let decision = match (self.decision.as_str(), &self.therapist) {
            ("keep", None) => Decision::Keep,
            ("cancel", None) => Decision::Cancel,
            ("drop_change", None) => Decision::DropChange,
            ("swap", Some(to)) => Decision::Swap(to.parse()?),
            _ => return Err(Refusal::BadDecision.into()),
        };
        Ok(Decided {
            booking: self.booking.parse()?,
            seen: self.version,
            decision,
        })
    }
}

/// Answers what was granted: several leaves where bookings are kept in between, none when everything is kept.
async fn approve(
    ask: Ask,
    Path((shop, id)): OfLeave,
    writing: Writing,
    Body(body): Body<Approval>,
) -> Answer<Page<LeaveView>> {
    let seen = writing.seen(body.version)?;
    let decided = body.decisions.iter().map(DecisionOn::read);
    let decided: Vec<Decided> = decided.collect::<Result<_>>()?;
    let does = move |cx: &Cx, tx: &mut Tx| {
        scheduling::leave(tx, cx.shop_named(shop)?, id)?;
        let granted = booking::approve_leave(cx, tx, id, seen, &decided)?;
        Ok(granted.iter().map(|leave| leave.id).collect::<Vec<_>>())
    };
    let told = writing
        .write(&ask, &(seen, &body), does, |cx, tx, granted: Vec<Id<Leave>>| {
            let view = |id| Ok(LeaveView::from(&scheduling::leave_named(cx, tx, id)?));
            Ok(whole(granted.into_iter().map(view).collect::<Result<_>>()?))
        })
        .await?;
    Ok(told)
}

/// A no to a leave that was asked for.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct No {
    /// The version that was seen; `If-Match` says the same.
    version: Option<i64>,
    /// A word for the therapist.
    reason: String,
}

seen!(Approval, No);

async fn refuse(
    ask: Ask,
    Path((shop, id)): OfLeave,
    writing: Writing,
    Body(body): Body<No>,
) -> Answer<LeaveView> {
    let (seen, reason) = (writing.seen(body.version)?, body.reason.clone());
    let does = move |cx: &Cx, tx: &mut Tx| {
        scheduling::leave(tx, cx.shop_named(shop)?, id)?;
        Ok(scheduling::refuse_leave(cx, tx, id, seen, &reason)?.id)
    };
    Ok(writing.write(&ask, &(seen, &body), does, tell_leave).await?)
}

async fn withdraw(
    ask: Ask,
    Path((shop, id)): OfLeave,
    writing: Writing,
    Body(body): Body<Version>,
) -> Answer<LeaveView> {
    let seen = writing.seen(body.version)?;
    let does = move |cx: &Cx, tx: &mut Tx| {
        let leave = scheduling::leave(tx, cx.shop_named(shop)?, id)?;
        let is_over = leave.state == scheduling::LeaveState::Withdrawn;
        if !is_over && leave.version != seen {
            return Err(scheduling::Refusal::Changed.into());
        }
        scheduling::withdraw_leave(cx, tx, shop, id)?;
        Ok(id)
    };
    Ok(writing.write(&ask, &seen, does, tell_leave).await?)
}

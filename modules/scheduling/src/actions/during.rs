//! What becomes of claimed time while it is used: how much could follow it, another therapist for the rest, an early end.

use db::Tx;
use kernel::{Cx, Error, Id, Instant, Minutes, Result};
use therapist::Therapist;

use super::{diary, may_decide, resources, shop_of, turns::reason};
use crate::{
    Assignment, Holder,
    model::{Length, Reason, Refusal, SLOT_MINUTES, moment_of, slot_of},
    store::{self, Span, Taken},
};

/// What follows the time of a holder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct After {
    /// So many minutes are free for therapist and bed right after it, as far as was asked.
    pub minutes: Minutes,
    /// What comes then, if anything does.
    pub next: Option<Next>,
}

/// What ends the free time after a holder's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Next {
    /// Time that is claimed for another.
    Taken(Taken),
    /// The therapist's leave, from this moment.
    Leave(Instant),
    /// The shop closes against its hours, at this moment.
    Closing(Instant),
}

impl After {
    /// Ends it at `from` where it would last longer.
    fn end_at(&mut self, (begins, from): (Instant, Instant), next: Next) {
        let free = from.minutes_since(begins).max(0);
        if free < self.minutes {
            self.minutes = free;
            self.next = Some(next);
        }
    }
}

/// How many minutes are free right after what is claimed for a holder, up to `most`. Shifts and usual hours are no end, for
/// who is there may stay on; a leave is, and a closing. The last `kept` of the claimed minutes are those that are kept free
/// after the service: a leave or a closing may cut them short.
///
/// # Errors
/// Not found when nothing is claimed.
pub fn room_after(tx: &mut Tx, holder: Id<Holder>, most: Minutes, kept: Minutes) -> Result<After> {
    let given = store::last_assignment(tx, holder)?.ok_or(Error::NotFound)?;
    let spans = store::spans_of(tx, holder)?;
    let mut after = After {
        minutes: most,
        next: None,
    };
    let slots = (most + SLOT_MINUTES - 1) / SLOT_MINUTES;
    for resource in resources(given.therapist, given.bed) {
        let end = end_of(&spans, resource)?;
        let begins = moment_of(end);
        let taken = store::taken(tx, given.shop, resource, end, end + slots)?;
        if let Some(next) = taken.into_iter().find(|taken| taken.from >= begins) {
            after.end_at((begins, next.from), Next::Taken(next));
        }
    }
    let end = end_of(&spans, given.therapist.raw())?;
    let served = moment_of(end).plus_minutes(-kept);
    let leaves = store::leaves(tx, given.shop, served)?;
    for leave in leaves.iter().filter(|leave| leave.therapist == given.therapist) {
        after.end_at((served, leave.from), Next::Leave(leave.from));
    }
    for closing in shop::closings(tx, given.shop, served, moment_of(end + slots))? {
        after.end_at((served, closing.from), Next::Closing(closing.from));
    }
    Ok(after)
}

/// The slot after the last that is claimed of a resource.
pub(super) fn end_of(spans: &[Span], resource: i64) -> Result<i64> {
    let of_resource = spans.iter().filter(|span| span.resource == resource);
    of_resource.map(|span| span.to).max().ok_or(Error::NotFound)
}

/// Another therapist for the rest of something that is under way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TakenOver {
    /// For what the time is claimed.
    pub holder: Id<Holder>,
    /// Who serves from now on.
    pub to: Id<Therapist>,
    /// When the service ends.
    pub ends_at: Instant,
    /// Why, in a few words; told with the record of turns.
    pub note: String,
}

/// Another therapist takes over what is under way: the five minutes that run stay with the one who began, the rest is the
/// other's, on the same bed. Nobody's turn in the rotation is used or given back: both have worked.
///
/// # Errors
/// `scheduling.closed` when the other does not work until the end, `scheduling.time_taken` when somebody else holds them,
/// `scheduling.past` when nothing is left of the time, `scheduling.no_reason`, `scheduling.long_reason`; not found when
/// nothing is claimed, or at another shop; forbidden for therapists.
pub fn take_over(cx: &Cx, tx: &mut Tx, new: &TakenOver) -> Result<Assignment> {
    may_decide(cx)?;
    let note = reason(&new.note, true)?;
    let given = store::last_assignment(tx, new.holder)?.ok_or(Error::NotFound)?;
    cx.shop_named(given.shop)?;
    if given.therapist == new.to {
        return Ok(given);
    }
    if shop_of(cx, tx, new.to)? != given.shop {
        return Err(Error::NotFound);
    }
    let cut = slot_of(cx.now()) + 1;
    let rest = shorten(cx, tx, &given, new.holder, cut)?;
    let (Some(from), Some(to)) = (
        rest.iter().map(|part| part.0).min(),
        rest.iter().map(|part| part.1).max(),
    ) else {
        return Err(Refusal::Past.into());
    };
    let served = Length {
        minutes: new.ends_at.minutes_since(moment_of(from)).max(SLOT_MINUTES),
        before: 0,
        after: 0,
    };
    let diary = diary(tx, given.shop, &[new.to], cx.now().day().plus(-1), 2)?;
    if !diary.works_at(moment_of(from), served) {
        return Err(Refusal::Closed.into());
    }
    claim_part(cx, tx, &given, new.to.raw(), (from, to))?;
    let turn = store::turns(tx, given.shop)?.get(&new.to).copied().unwrap_or(0);
    let now = Assignment {
        therapist: new.to,
        reason: Reason::Manual,
        turn_before: turn,
        turn_after: turn,
        ..given
    };
    store::add_assignment(cx, tx, &now, note)?;
    Ok(now)
}

/// Something that is under way ends before its time: what is claimed after the running five minutes, and the `way` back
/// after them, is free again. What was used stays as it was.
pub fn cut(cx: &Cx, tx: &mut Tx, holder: Id<Holder>, way: Minutes) -> Result<()> {
    let Some(given) = store::last_assignment(tx, holder)? else {
        return Ok(());
    };
    let cut = slot_of(cx.now().plus_minutes(way)) + 1;
    for resource in resources(given.therapist, given.bed) {
        shorten_resource(cx, tx, &given, holder, (resource, cut))?;
    }
    Ok(())
}

/// Frees what the therapist has from a slot on, and says what that was.
fn shorten(
    cx: &Cx,
    tx: &mut Tx,
    given: &Assignment,
    holder: Id<Holder>,
    cut: i64,
) -> Result<Vec<(i64, i64)>> {
    shorten_resource(cx, tx, given, holder, (given.therapist.raw(), cut))
}

fn shorten_resource(
    cx: &Cx,
    tx: &mut Tx,
    given: &Assignment,
    holder: Id<Holder>,
    (resource, cut): (i64, i64),
) -> Result<Vec<(i64, i64)>> {
    let mut freed = Vec::new();
    for span in store::spans_of(tx, holder)? {
        if span.resource != resource || span.to <= cut {
            continue;
        }
        store::release(tx, &span)?;
        if span.from < cut {
            claim_part(cx, tx, given, resource, (span.from, cut))?;
        }
        freed.push((span.from.max(cut), span.to));
    }
    Ok(freed)
}

fn claim_part(cx: &Cx, tx: &mut Tx, given: &Assignment, resource: i64, (from, to): (i64, i64)) -> Result<()> {
    let span = Span {
        id: cx.id(),
        resource,
        from,
        to,
    };
    if store::claim(tx, given.shop, given.holder, &span)? {
        Ok(())
    } else {
        Err(Refusal::TimeTaken.into())
    }
}

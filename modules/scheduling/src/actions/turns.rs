//! Who serves, decided by hand, and the line of the rotation.

use db::Tx;
use kernel::{Cx, Error, Id, Instant, Result};
use therapist::Therapist;

use super::{diary, during::end_of, may_decide, resources, shop_of};
use crate::{
    Assignment, Holder, TurnMoved,
    model::{Length, Reason, Refusal, SLOT_MINUTES, TurnStep, moment_of},
    store::{self, Span},
};

/// Characters of a reason.
const REASON: usize = 60;

/// Another therapist for something that is claimed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reassigned {
    /// For what the time is claimed.
    pub holder: Id<Holder>,
    /// Who serves instead.
    pub to: Id<Therapist>,
    /// When the service starts, as it was claimed.
    pub starts_at: Instant,
    /// How long it takes, as it was claimed.
    pub length: Length,
    /// Why, in a few words; told with the record of turns.
    pub note: String,
}

/// Gives what is claimed for a holder to another therapist, at the same time and on the same bed. A turn that had been
/// used for it goes back, and the one who serves now uses theirs; a requested therapist's place is taken without one.
///
/// # Errors
/// `scheduling.closed` when the therapist does not work then, `scheduling.time_taken` when somebody else holds them,
/// `scheduling.no_reason`, `scheduling.long_reason`; not found when nothing is claimed, or at another shop.
pub fn reassign(cx: &Cx, tx: &mut Tx, new: &Reassigned) -> Result<Assignment> {
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
    let spans = store::spans_of(tx, new.holder)?;
    let mut of_therapist = spans
        .iter()
        .filter(|span| span.resource == given.therapist.raw())
        .peekable();
    of_therapist.peek().ok_or(Error::NotFound)?;

    let mut diary = diary(tx, given.shop, &[new.to], new.starts_at.day().plus(-1), 2)?;
    if given.bed.is_none() {
        diary = diary.away();
    }
    if !diary.works_at(new.starts_at, new.length) {
        return Err(Refusal::Closed.into());
    }
    for span in of_therapist {
        store::release(tx, span)?;
        let span = Span {
            id: cx.id(),
            resource: new.to.raw(),
            ..*span
        };
        if !store::claim(tx, given.shop, new.holder, &span)? {
            return Err(Refusal::TimeTaken.into());
        }
    }
    let used_a_turn = given.turn_after != given.turn_before;
    if used_a_turn {
        store::give_turn_back(tx, &given)?;
    }
    let turns = store::turns(tx, given.shop)?;
    let turn_before = turns.get(&new.to).copied().unwrap_or(0);
    let turn_after = match used_a_turn {
        true => turns.values().copied().max().unwrap_or(0) + 1,
        false => turn_before,
    };
    if used_a_turn {
        store::set_turn(tx, given.shop, new.to, turn_after)?;
    }
    let now = Assignment {
        therapist: new.to,
        reason: Reason::Manual,
        turn_before,
        turn_after,
        ..given
    };
    store::add_assignment(cx, tx, &now, note)?;
    Ok(now)
}

/// The customer stays longer (加钟): claims so many more minutes of the therapist and the bed, right after what is
/// claimed. The therapist who serves goes on, without using a turn. Answers until when the time is claimed now.
///
/// # Errors
/// `scheduling.time_taken` when the next booking is too near; not found when nothing is claimed.
pub fn lengthen(cx: &Cx, tx: &mut Tx, holder: Id<Holder>, minutes: i64) -> Result<Instant> {
    assert!(minutes > 0, "an extension takes time");
    let given = store::last_assignment(tx, holder)?.ok_or(Error::NotFound)?;
    let shop = cx.shop_named(given.shop)?.id();
    let spans = store::spans_of(tx, holder)?;
    let mut until = None;
    for resource in resources(given.therapist, given.bed) {
        let from = end_of(&spans, resource)?;
        let to = from + (minutes + SLOT_MINUTES - 1) / SLOT_MINUTES;
        let span = Span {
            id: cx.id(),
            resource,
            from,
            to,
        };
        if !store::claim(tx, shop, holder, &span)? {
            return Err(Refusal::TimeTaken.into());
        }
        until = Some(moment_of(to));
    }
    let turns = store::turns(tx, shop)?;
    let turn = turns.get(&given.therapist).copied().unwrap_or(0);
    let longer = Assignment {
        reason: Reason::Extension,
        turn_before: turn,
        turn_after: turn,
        ..given
    };
    store::add_assignment(cx, tx, &longer, "")?;
    until.ok_or(Error::NotFound)
}

/// Changes a therapist's place in the line: a missed turn goes to the end (过号), and somebody of the shop may put a
/// therapist first or last, with a reason. Bookings that are made stay as they are.
///
/// # Errors
/// `scheduling.no_reason`, `scheduling.long_reason`; forbidden for therapists, not found for one of another shop.
pub fn move_turn(cx: &Cx, tx: &mut Tx, therapist: Id<Therapist>, step: TurnStep, why: &str) -> Result<()> {
    may_decide(cx)?;
    let why = reason(why, step.needs_reason())?;
    let shop = shop_of(cx, tx, therapist)?;
    let turns = store::turns(tx, shop)?;
    // Who has never had a turn stands at 0.
    let present = therapist::of_shop(tx, shop)?;
    let of_present = present
        .iter()
        .map(|person| turns.get(&person.id).copied().unwrap_or(0));
    let (lowest, highest) = of_present.fold((0, 0), |(low, high), turn| (low.min(turn), high.max(turn)));
    let before = turns.get(&therapist).copied().unwrap_or(0);
    let after = step.turn(lowest, highest);
    store::set_turn(tx, shop, therapist, after)?;
    let moved = TurnMoved {
        at: cx.now(),
        therapist,
        step,
        reason: why.to_owned(),
        actor: cx.actor().to_string(),
    };
    store::add_turn_step(cx, tx, shop, &moved, (before, after))?;
    tx.announce("shops")
}

pub(super) fn reason(typed: &str, needed: bool) -> Result<&str> {
    let reason = typed.trim();
    if reason.is_empty() && needed {
        return Err(Refusal::NoReason.into());
    }
    if reason.chars().count() > REASON {
        return Err(Refusal::LongReason { most: REASON }.into());
    }
    Ok(reason)
}

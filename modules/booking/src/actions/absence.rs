//! Who stays away or breaks off: being late, the no-show and what is kept of its money, the objection, and what the centre
//! says about it.

use db::Tx;
use kernel::{Actor, Cx, Error, Id, Minutes, Money, Result, Role, ShopScope};
use order::By;

use super::{
    ALL, at_desk, check_seen, fare,
    group::{end_one, end_with_the_last, is_one_of_several, lines_of, paid_for},
    home, keep,
    service::{said, started},
    take,
};
use crate::{
    model::{
        Booking, Case, CaseKind, CaseState, DISPUTE_HOURS, Dues, Fee, LATE_MINUTES, Refusal, Returned, State,
        Step, Why, most_kept, served, wait_minutes,
    },
    store,
};

/// What the centre gives back of what was kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Back {
    /// Nothing: the shop was right.
    Nothing,
    /// All of it.
    All,
    /// A part.
    Part(Money),
}

/// The customer will be so many minutes late: the desk hears it, and waits longer before it calls them a no-show.
///
/// # Errors
/// `booking.no_minutes` for other minutes than are offered; `booking.not_late` when it is not the hour to say so;
/// `booking.changed`, `booking.not_now`.
pub fn say_late(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64, minutes: Minutes) -> Result<Booking> {
    let booking = crate::own_booking(cx, tx, id)?;
    if store::late(tx, id)? == Some(minutes) {
        return Ok(booking);
    }
    check_seen(&booking, seen)?;
    if !LATE_MINUTES.contains(&minutes) {
        return Err(Refusal::NoMinutes.into());
    }
    let Some(late) = booking.after(Step::Late, cx.now())? else {
        return Ok(booking);
    };
    if !booking.can_be_late(cx.now()) {
        return Err(Refusal::NotLate.into());
    }
    store::set_late(tx, id, minutes)?;
    keep(cx, tx, &late, Step::Late, None)?;
    Ok(late)
}

/// The customer did not come. A person of the shop says what is kept, now or later; the program never charges by itself.
///
/// # Errors
/// `booking.not_late_yet` before a quarter of an hour, or for somebody who said that they will be late; `booking.not_called`
/// at a home where nobody opens, before they were rung twice;
/// `booking.too_much` for more than the order's rules allow; `booking.one_of_several` for a part, or for later, where others
/// were booked with it; `booking.changed`, `booking.not_now`.
pub fn no_show(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64, fee: Fee) -> Result<Booking> {
    let before = at_desk(cx, tx, id)?;
    if before.state == State::NoShow {
        return Ok(before);
    }
    check_seen(&before, seen)?;
    let several = is_one_of_several(tx, &before)?;
    if several && !matches!(fee, Fee::Waive | Fee::All) {
        return Err(Refusal::OneOfSeveral.into());
    }
    home::may_be_absent(cx, tx, &before)?;
    let minutes = wait_minutes(store::late(tx, id)?);
    // The step forgets that somebody had gone to the customer, and with it that the way is kept.
    let most = most_to_keep(cx, tx, &before)?;
    let absent = take(cx, tx, before, Step::NoShow, None)?;
    if cx.now() < absent.starts_at.plus_minutes(minutes) {
        return Err(Refusal::NotLateYet { minutes }.into());
    }
    home::free_time(cx, tx, &absent)?;
    let mut case = Case {
        booking: id,
        shop: absent.shop,
        kind: CaseKind::Absence,
        state: CaseState::Undecided,
        most,
        kept: None,
        opened_at: cx.now(),
    };
    if several {
        return end_absent_one(cx, tx, absent, case, fee);
    }
    store::add_case(tx, &case)?;
    // Where nothing could be kept there is nothing to decide.
    let fee = if case.most == Money::ZERO { Fee::Waive } else { fee };
    if fee != Fee::Later {
        settle_fee(cx, tx, &absent, &mut case, fee)?;
    }
    Ok(absent)
}

/// The most that may be kept of the money of somebody who stays away now: for one of several, what the policy leaves of
/// their own.
pub fn most_to_keep(cx: &Cx, tx: &mut Tx, booking: &Booking) -> Result<Money> {
    let order = order::order(tx, booking.order)?;
    if is_one_of_several(tx, booking)? {
        return kept_of(tx, booking, policy_bp(&order, booking, cx));
    }
    let money = (order::paid(tx, booking.order)?, fare(tx, booking)?);
    Ok(most_kept(booking, &order, money, cx.now()))
}

/// Which share, in basis points, goes back by the policy.
fn policy_bp(order: &order::Order, booking: &Booking, cx: &Cx) -> i64 {
    order.policy.returned_bp(Some(booking.starts_at), cx.now())
}

/// What is kept of what was paid for one of several when such a share, in basis points, goes back.
fn kept_of(tx: &mut Tx, booking: &Booking, returned_bp: i64) -> Result<Money> {
    let paid = paid_for(tx, booking)?;
    Ok(paid - paid.share(returned_bp))
}

/// One of several stayed away: what is theirs of the order ends, and the others stand.
fn end_absent_one(cx: &Cx, tx: &mut Tx, absent: Booking, mut case: Case, fee: Fee) -> Result<Booking> {
    let order = order::order(tx, absent.order)?;
    let (by, returned) = match fee {
        Fee::All if case.most > Money::ZERO => (By::Customer, policy_bp(&order, &absent, cx)),
        _ => (By::Shop, ALL),
    };
    let returned = Returned::both(returned);
    end_one(cx, tx, &absent, by, returned, Step::NoShow.code())?;
    let kept = paid_for(tx, &absent)?;
    case.state = CaseState::Decided;
    case.most = case.most.max(kept);
    case.kept = Some(kept);
    store::add_case(tx, &case)?;
    Ok(absent)
}

/// The shop says what it keeps of a no-show's money, which it had put off.
///
/// # Errors
/// `booking.no_case` when it was said before, or the centre has it; `booking.too_much`, `booking.changed`.
pub fn decide_fee(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64, fee: Fee) -> Result<Booking> {
    let booking = at_desk(cx, tx, id)?;
    check_seen(&booking, seen)?;
    let case = store::case(tx, id)?.filter(|case| case.state == CaseState::Undecided);
    let mut case = case.ok_or(Refusal::NoCase)?;
    if fee == Fee::Later {
        return Ok(booking);
    }
    let decided = take(cx, tx, booking, Step::Fee, None)?;
    settle_fee(cx, tx, &decided, &mut case, fee)?;
    Ok(decided)
}

fn settle_fee(cx: &Cx, tx: &mut Tx, absent: &Booking, case: &mut Case, fee: Fee) -> Result<()> {
    let kept = match fee {
        Fee::Waive | Fee::Later => Money::ZERO,
        Fee::All => case.most,
        Fee::Part(amount) if amount >= Money::ZERO && amount <= case.most => amount,
        Fee::Part(_) => return Err(Refusal::TooMuch { most: case.most }.into()),
    };
    case.state = CaseState::Decided;
    case.kept = Some(kept);
    store::save_case(tx, case)?;
    end_order(cx, tx, absent, kept)
}

/// Ends the order of somebody who stayed away; what is paid beyond `kept` goes back.
fn end_order(cx: &Cx, tx: &mut Tx, absent: &Booking, kept: Money) -> Result<()> {
    let by = if kept > Money::ZERO {
        By::Customer
    } else {
        By::Shop
    };
    order::cancel(cx, tx, absent.order, by, kept, Step::NoShow.code())?;
    Ok(())
}

/// The customer objects to having been called a no-show, in words: the centre decides.
///
/// # Errors
/// `booking.no_dispute` after two days, or when it was decided; `booking.no_words`, `booking.long_words`,
/// `booking.changed`.
pub fn dispute(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64, words: &str) -> Result<Booking> {
    let booking = crate::own_booking(cx, tx, id)?;
    check_seen(&booking, seen)?;
    let case = store::case(tx, id)?.filter(|case| case.can_be_disputed(cx.now()));
    let mut case = case.ok_or(Refusal::NoDispute)?;
    let words = said(words)?;
    let disputed = take(cx, tx, booking, Step::Dispute, None)?;
    store::add_words(tx, &disputed, words)?;
    case.state = CaseState::Referred;
    store::save_case(tx, &case)?;
    Ok(disputed)
}

/// The centre decides about a case, with a reason that shop and customer can read: what is kept stays, or goes back, wholly
/// or in part. A case of danger is about no money here: it is closed with what was done.
///
/// # Errors
/// Forbidden for everybody but the centre; `booking.no_case` when nothing waits for it; `booking.too_much` for more than is
/// kept, `booking.one_of_several` for a part where others were booked with it; `booking.no_words`, `booking.long_words`,
/// `booking.changed`.
pub fn rule(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64, back: Back, words: &str) -> Result<Booking> {
    let Actor::Staff {
        role: Role::Centre, ..
    } = cx.actor()
    else {
        return Err(Error::Forbidden);
    };
    let booking = store::find(tx, id)?;
    check_seen(&booking, seen)?;
    let case = store::case(tx, id)?.filter(|case| case.is_for_centre(cx.now()));
    let mut case = case.ok_or(Refusal::NoCase)?;
    let words = said(words)?;
    let ruled = take(cx, tx, booking, Step::Rule, None)?;
    store::add_words(tx, &ruled, words)?;
    if case.kind == CaseKind::Absence {
        give_back(cx, tx, &ruled, &mut case, back)?;
    }
    case.state = CaseState::Closed;
    store::save_case(tx, &case)?;
    Ok(ruled)
}

fn give_back(cx: &Cx, tx: &mut Tx, ruled: &Booking, case: &mut Case, back: Back) -> Result<()> {
    let at_stake = case.at_stake();
    let several = is_one_of_several(tx, ruled)?;
    if several && matches!(back, Back::Part(_)) {
        return Err(Refusal::OneOfSeveral.into());
    }
    let kept = match back {
        Back::Nothing => at_stake,
        Back::All => Money::ZERO,
        Back::Part(amount) if amount >= Money::ZERO && amount <= at_stake => at_stake - amount,
        Back::Part(_) => return Err(Refusal::TooMuch { most: at_stake }.into()),
    };
    match case.kept.replace(kept) {
        // The shop had never said what it keeps, so the order still stands.
        None => end_order(cx, tx, ruled, kept),
        Some(_) if several => give_back_one(cx, tx, ruled, at_stake - kept),
        Some(_) => order::lower_kept(cx, tx, ruled.order, kept, Step::Rule.code()).map(drop),
    }
}

/// What was kept of one of several goes back: from its own lines, or from what the whole order kept where nobody of it came.
fn give_back_one(cx: &Cx, tx: &mut Tx, ruled: &Booking, amount: Money) -> Result<()> {
    if amount == Money::ZERO {
        return Ok(());
    }
    let order = order::order(tx, ruled.order)?;
    let why = Step::Rule.code();
    if order.state == order::State::Cancelled {
        return order::lower_kept(cx, tx, order.id, order.kept - amount, why).map(drop);
    }
    for line in lines_of(tx, ruled)? {
        order::refund_line(cx, tx, order.id, line.id, ALL, why)?;
    }
    Ok(())
}

/// A visit is broken off while the customer is there. The reason decides about the money ([`Why::dues`]); what was not
/// safe is a case for the centre.
///
/// # Errors
/// `booking.no_reason` for a reason that is none of these; `booking.long_words`, `booking.changed`, `booking.not_now`.
pub fn abort(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64, why: Why, words: &str) -> Result<Booking> {
    let booking = at_desk(cx, tx, id)?;
    if booking.state == State::Aborted {
        return Ok(booking);
    }
    check_seen(&booking, seen)?;
    if !Why::OF_ABORT.contains(&why) {
        return Err(Refusal::NoReason.into());
    }
    let words = if words.trim().is_empty() { "" } else { said(words)? };
    let begun = booking.state == State::InService;
    let aborted = take(cx, tx, booking.clone(), Step::Abort, Some(why))?;
    store::add_words(tx, &aborted, words)?;
    if begun && !booking.is_at_home() {
        scheduling::cut(cx, tx, id.of(), 0)?;
    } else {
        home::free_time(cx, tx, &aborted)?;
    }
    pay_dues(cx, tx, &booking, why)?;
    if why == Why::Unsafe {
        let case = Case {
            booking: id,
            shop: aborted.shop,
            kind: CaseKind::Unsafe,
            state: CaseState::Referred,
            most: Money::ZERO,
            kept: None,
            opened_at: cx.now(),
        };
        store::add_case(tx, &case)?;
    }
    Ok(aborted)
}

/// `before` is the booking as it stood when it was broken off.
fn pay_dues(cx: &Cx, tx: &mut Tx, before: &Booking, why: Why) -> Result<()> {
    let dues = dues_of(before, why);
    if is_one_of_several(tx, before)? {
        return pay_dues_of_one(cx, tx, before, why, dues);
    }
    if dues == Dues::All {
        // What is not paid of it yet stays to be paid, as of everything that was done.
        return order::fulfil(cx, tx, before.order).map(drop);
    }
    let kept = cost_of(cx, tx, before, dues)?;
    let by = if kept > Money::ZERO {
        By::Customer
    } else {
        By::Shop
    };
    order::cancel(cx, tx, before.order, by, kept, why.code()).map(drop)
}

fn pay_dues_of_one(cx: &Cx, tx: &mut Tx, aborted: &Booking, why: Why, dues: Dues) -> Result<()> {
    if dues == Dues::All {
        return end_with_the_last(cx, tx, aborted.order);
    }
    let returned = returned_of(cx, tx, aborted, dues)?;
    let by = if returned < ALL { By::Customer } else { By::Shop };
    end_one(cx, tx, aborted, by, Returned::both(returned), why.code())
}

fn dues_of(booking: &Booking, why: Why) -> Dues {
    match why.dues(booking.state == State::InService) {
        // Whoever came to a customer's home has gone the way.
        Dues::Nothing if why == Why::CustomerUnwell && booking.is_at_home() => Dues::Way,
        dues => dues,
    }
}

/// Which share of what was paid for one of several goes back, in basis points.
fn returned_of(cx: &Cx, tx: &mut Tx, booking: &Booking, dues: Dues) -> Result<i64> {
    let length = booking.length.minutes;
    Ok(match dues {
        Dues::All => 0,
        Dues::Served => ALL - ALL * served(started(tx, booking)?, cx.now(), length) / length,
        Dues::Late => policy_bp(&order::order(tx, booking.order)?, booking, cx),
        Dues::Way | Dues::Nothing => ALL,
    })
}

/// What breaking off now would cost the customer, for this reason.
pub fn cost_of_aborting(cx: &Cx, tx: &mut Tx, booking: &Booking, why: Why) -> Result<Money> {
    cost_of(cx, tx, booking, dues_of(booking, why))
}

fn cost_of(cx: &Cx, tx: &mut Tx, booking: &Booking, dues: Dues) -> Result<Money> {
    if is_one_of_several(tx, booking)? {
        if dues == Dues::All {
            return Ok(booking.price);
        }
        let returned = returned_of(cx, tx, booking, dues)?;
        return kept_of(tx, booking, returned);
    }
    let order = order::order(tx, booking.order)?;
    let paid = order::paid(tx, booking.order)?;
    let length = booking.length.minutes;
    let fare = fare(tx, booking)?.min(order.owed());
    let cost = match dues {
        Dues::All => return Ok(order.owed()),
        Dues::Served => {
            let done = served(started(tx, booking)?, cx.now(), length);
            fare + (order.owed() - fare).split(&[done, length - done])[0]
        }
        Dues::Late => booking.returned(&order.policy, cx.now()).kept(order.due(), fare),
        Dues::Way => fare,
        Dues::Nothing => Money::ZERO,
    };
    Ok(cost.min(paid))
}

/// What stands open about the ends of a shop's bookings, the oldest first.
pub fn open_cases(tx: &mut Tx, shop: ShopScope) -> Result<Vec<(Case, Booking)>> {
    with_bookings(tx, |tx| store::open_cases(tx, shop.id()))
}

/// What waits for the centre: objections, danger, and no-shows that a shop has not decided on for two days.
///
/// # Errors
/// Forbidden for everybody but the centre.
pub fn cases_for_centre(cx: &Cx, tx: &mut Tx) -> Result<Vec<(Case, Booking)>> {
    match cx.actor() {
        Actor::Staff {
            role: Role::Centre, ..
        } => {
            let before = cx.now().plus_minutes(-DISPUTE_HOURS * 60);
            with_bookings(tx, |tx| store::cases_for_centre(tx, before))
        }
        _ => Err(Error::Forbidden),
    }
}

fn with_bookings(
    tx: &mut Tx,
    cases: impl FnOnce(&mut Tx) -> Result<Vec<Case>>,
) -> Result<Vec<(Case, Booking)>> {
    let cases = cases(tx)?;
    cases
        .into_iter()
        .map(|case| {
            let booking = store::find(tx, case.booking)?;
            Ok((case, booking))
        })
        .collect()
}

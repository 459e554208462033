//! Changes of a booking: another time, another therapist, another service. One side proposes, which claims the new time
//! besides the old; the other side answers, or the clock does. Where nobody has to be asked the booking changes at once.

use catalog::Service;
use db::Tx;
use kernel::{Actor, Cx, Error, Id, Instant, Result, ShopScope};
use order::{By, Changed};
use scheduling::{Bed, Choice, FreeDay, FreeQuery, Reason, Wanted};
use serde::{Deserialize, Serialize};
use therapist::Therapist;

use super::{
    ask_until, candidates, check_seen, keep, opening, party,
    request::{business_day, length},
    take,
};
use crate::{
    events::ChangeDue,
    model::{
        Booking, CHANGE_NOTE_LENGTH, Change, ChangeState, Refusal, Side, State, Step, Terms, Why, answer_by,
        consider_until, lead_minutes,
    },
    store,
};

/// Who is to serve after a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Who {
    /// As before: the therapist who was asked for, else whoever comes next in turn, the present one if free.
    AsBefore,
    /// Whoever comes next in turn.
    Anyone,
    /// This therapist.
    Named(Id<Therapist>),
}

/// What somebody wants a booking to become.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// When.
    pub starts_at: Instant,
    /// Who.
    pub who: Who,
    /// What.
    pub service: Id<Service>,
    /// A word of the shop to the customer; may be empty.
    pub note: String,
    /// The shop says that the customer has agreed, on the telephone or at the desk: nobody has to be asked any more.
    pub agreed: bool,
}

impl Proposal {
    /// A booking as it is, at another time.
    pub fn at(booking: &Booking, starts_at: Instant) -> Proposal {
        Proposal {
            starts_at,
            who: Who::AsBefore,
            service: booking.service,
            note: String::new(),
            agreed: false,
        }
    }
}

/// Changes a booking, or proposes it where the other side has to agree. A customer's wish is fulfilled at once where the shop
/// accepts by itself, or has not promised anything yet; a shop's wish where it says that the customer has agreed.
///
/// # Errors
/// `booking.late_to_move`, `booking.begun` for customers; `booking.change_open` while another proposal waits;
/// `booking.long_note`, `booking.not_offered`, `booking.changed`, `booking.not_now`; those of [`scheduling::claim`].
pub fn propose(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64, wish: &Proposal) -> Result<Booking> {
    let booking = store::find(tx, id)?;
    let by = side(cx, &booking)?;
    let open = open_change(tx, id)?;
    if is_so(&booking, wish)
        || open
            .as_ref()
            .is_some_and(|open| open.by == by && asks_for(open, wish))
    {
        return Ok(booking);
    }
    check_seen(&booking, seen)?;
    if booking.is_at_home() {
        return Err(Refusal::StaysAtHome.into());
    }
    if open.is_some() {
        return Err(Refusal::ChangeOpen.into());
    }
    if wish.note.trim().chars().count() > CHANGE_NOTE_LENGTH {
        let most = CHANGE_NOTE_LENGTH;
        return Err(Refusal::LongNote { most }.into());
    }
    let service = catalog::service(tx, wish.service)?;
    let offered = service.shop == booking.shop && (service.listed || service.id == booking.service);
    if !offered {
        return Err(Refusal::NotOffered.into());
    }
    let accepts = shop::shop(tx, booking.shop)?.accepts;
    let asks_nobody = match by {
        Side::Shop => wish.agreed,
        Side::Customer => {
            let policy = order::order(tx, booking.order)?.policy;
            booking.customer_may_change(&policy, cx.now())?;
            if wish.starts_at < cx.now().plus_minutes(lead_minutes(accepts)) {
                return Err(scheduling::Refusal::Past.into());
            }
            scheduling::check_window(cx, tx, booking.shop, wish.starts_at)?;
            booking.state == State::Requested || accepts == shop::Accepts::Automatic
        }
    };
    let plan = plan(cx, tx, &booking, wish, (by, service))?;
    if asks_nobody {
        let why = (by == Side::Shop).then_some(Why::AgreedByPhone);
        return become_it(cx, tx, booking, plan, None, why);
    }
    ask(cx, tx, booking, plan, (by, wish.note.trim()))
}

/// A change as it is to be claimed.
struct Plan {
    service: Service,
    starts_at: Instant,
    choice: Choice,
    reason: Reason,
    /// Who and where, if there is a choice.
    prefer: (Id<Therapist>, Option<Id<Bed>>),
}

fn plan(
    cx: &Cx,
    tx: &mut Tx,
    booking: &Booking,
    wish: &Proposal,
    (by, service): (Side, Service),
) -> Result<Plan> {
    if booking.after(Step::ProposeMove, cx.now())?.is_none() {
        return Err(Refusal::NotNow { state: booking.state }.into());
    }
    let (choice, reason) = match wish.who {
        Who::AsBefore if booking.reason == Reason::Requested => {
            (Choice::Named(booking.therapist), Reason::Requested)
        }
        Who::AsBefore | Who::Anyone => {
            let all = candidates(tx, &service, None)?;
            (Choice::Rotation(all), Reason::Rotation)
        }
        Who::Named(named) if by == Side::Customer || booking.reason == Reason::Requested => {
            // Agreed on by name: from here on this one is not swapped without asking either.
            (Choice::Named(named), Reason::Requested)
        }
        Who::Named(named) if named == booking.therapist => (Choice::Named(named), booking.reason),
        Who::Named(named) => (Choice::Named(named), Reason::Manual),
    };
    if let Choice::Named(named) = choice {
        candidates(tx, &service, Some(named))?;
    }
    // Who gives up the therapist they asked for gets whoever is next, not the same one again.
    let nobody = Id::from_raw(0);
    let stays = wish.who != Who::Anyone || booking.reason != Reason::Requested;
    Ok(Plan {
        starts_at: wish.starts_at,
        choice,
        reason,
        prefer: (if stays { booking.therapist } else { nobody }, booking.bed),
        service,
    })
}

/// Claims the new time besides the old and asks the other side.
fn ask(cx: &Cx, tx: &mut Tx, booking: Booking, plan: Plan, (by, note): (Side, &str)) -> Result<Booking> {
    let Some(mut asked) = booking.after(Step::ProposeMove, cx.now())? else {
        return Ok(booking);
    };
    let id: Id<Change> = cx.id();
    let wanted = Wanted {
        shop: booking.shop,
        choice: plan.choice,
        starts_at: plan.starts_at,
        length: length(&plan.service),
        holder: id.of(),
    };
    let claimed = scheduling::claim_beside(cx, tx, &wanted, booking.id.of(), plan.prefer)?;
    let first = booking.starts_at.min(plan.starts_at);
    let until = match by {
        Side::Shop => consider_until(cx.now(), first),
        Side::Customer => answer_by(cx.now(), opening(tx, booking.shop, cx.now())?, first),
    };
    let change = Change {
        id,
        booking: booking.id,
        shop: booking.shop,
        by,
        state: ChangeState::Proposed,
        to: terms(tx, &booking, &plan.service, &wanted, claimed, plan.reason)?,
        note: note.to_owned(),
        asked_at: cx.now(),
        answer_by: until,
        version: 1,
        proposed_as: asked.version,
    };
    if !store::add_change(tx, &change)? {
        return Err(Refusal::ChangeOpen.into());
    }
    if asked.state == State::Requested {
        // It is the customer's turn: the shop's time to answer begins anew when the proposal is off the table.
        asked.answer_by = Some(until);
    }
    keep(cx, tx, &asked, Step::ProposeMove, None)?;
    let due = ChangeDue {
        change: id,
        version: change.version,
    };
    tx.schedule(cx, "booking.change_due", &due, until, Some(&id.to_string()))?;
    Ok(asked)
}

/// Agrees to the open proposal of the other side: the booking becomes it, the old time is free. The shop may also note that
/// the customer has agreed on the telephone to what it proposed itself.
///
/// # Errors
/// `booking.no_change` when nothing is proposed (any more), `booking.changed`; forbidden for the customer who proposed;
/// `scheduling.past`, `scheduling.closed` when the therapist does not work then after all.
pub fn agree(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64) -> Result<Booking> {
    let booking = store::find(tx, id)?;
    let by = side(cx, &booking)?;
    let change = match store::last_change(tx, id)? {
        Some(change) if change.state == ChangeState::Proposed => change,
        Some(change) if change.state == ChangeState::Accepted && seen < booking.version => {
            return Ok(booking);
        }
        _ => return Err(Refusal::NoChange.into()),
    };
    check_seen(&booking, seen)?;
    let why = match (by, change.by) {
        (Side::Customer, Side::Customer) => return Err(Error::Forbidden),
        (Side::Shop, Side::Shop) => Some(Why::AgreedByPhone),
        _ => None,
    };
    end(cx, tx, &change, ChangeState::Accepted)?;
    let plan = Plan {
        service: catalog::service(tx, change.to.service)?,
        starts_at: change.to.starts_at,
        choice: Choice::Named(change.to.therapist),
        reason: change.to.reason,
        prefer: (change.to.therapist, change.to.bed),
    };
    become_it(cx, tx, booking, plan, Some(&change), why)
}

/// Says no to the open proposal of the other side: the booking stays as it is, the proposed time is free again.
///
/// # Errors
/// `booking.no_change`, `booking.changed`; forbidden for the side that proposed.
pub fn refuse_change(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64) -> Result<Booking> {
    put_off(cx, tx, id, seen, ChangeState::Refused)
}

/// Takes back one's own open proposal: the booking stays as it is, the proposed time is free again.
///
/// # Errors
/// `booking.no_change`, `booking.changed`; forbidden for the side that did not propose.
pub fn withdraw_change(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64) -> Result<Booking> {
    put_off(cx, tx, id, seen, ChangeState::Withdrawn)
}

/// The time to answer is over: the booking stays as it is. Nothing when it was answered meanwhile.
pub(crate) fn expire_change(cx: &Cx, tx: &mut Tx, due: ChangeDue) -> Result<()> {
    let change = store::change(tx, due.change)?;
    if change.state != ChangeState::Proposed || change.version != due.version {
        return Ok(());
    }
    let booking = store::find(tx, change.booking)?;
    drop_it(cx, tx, booking, &change, ChangeState::Expired).map(drop)
}

fn put_off(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64, state: ChangeState) -> Result<Booking> {
    let booking = store::find(tx, id)?;
    let by = side(cx, &booking)?;
    let change = match store::last_change(tx, id)? {
        Some(change) if change.state == ChangeState::Proposed => change,
        Some(change) if change.state == state => return Ok(booking),
        _ => return Err(Refusal::NoChange.into()),
    };
    check_seen(&booking, seen)?;
    if (state == ChangeState::Withdrawn) != (by == change.by) {
        return Err(Error::Forbidden);
    }
    drop_it(cx, tx, booking, &change, state)
}

/// Ends a proposal in a step of its own; what is asked of the shop has its time to be answered anew.
pub(super) fn drop_it(
    cx: &Cx,
    tx: &mut Tx,
    booking: Booking,
    change: &Change,
    state: ChangeState,
) -> Result<Booking> {
    let why = match state {
        ChangeState::Refused => Why::MoveRefused,
        ChangeState::Expired => Why::MoveUnanswered,
        _ => Why::MoveWithdrawn,
    };
    end(cx, tx, change, state)?;
    let Some(mut stays) = booking.after(Step::DropMove, cx.now())? else {
        return Ok(booking);
    };
    let asked = stays.state == State::Requested;
    if asked {
        let opening = opening(tx, stays.shop, cx.now())?;
        stays.answer_by = Some(answer_by(cx.now(), opening, stays.starts_at));
    }
    keep(cx, tx, &stays, Step::DropMove, Some(why))?;
    if asked {
        ask_until(cx, tx, &stays)?;
    }
    Ok(stays)
}

/// The booking came to something else: an open proposal is idle, and its time is free.
pub(super) fn end_idle(cx: &Cx, tx: &mut Tx, booking: Id<Booking>, step: Step) -> Result<()> {
    if step.leaves_proposal() {
        return Ok(());
    }
    match open_change(tx, booking)? {
        Some(open) => end(cx, tx, &open, ChangeState::Withdrawn),
        None => Ok(()),
    }
}

fn end(cx: &Cx, tx: &mut Tx, change: &Change, state: ChangeState) -> Result<()> {
    if !store::end_change(cx, tx, change, state)? {
        return Err(Refusal::Changed.into());
    }
    match state {
        // What was claimed is taken over by the booking.
        ChangeState::Accepted => Ok(()),
        _ => scheduling::release(tx, change.id.of()),
    }
}

/// The booking becomes what was wished: time, order and step.
fn become_it(
    cx: &Cx,
    tx: &mut Tx,
    booking: Booking,
    plan: Plan,
    agreed: Option<&Change>,
    why: Option<Why>,
) -> Result<Booking> {
    let Some(mut moved) = booking.after(Step::Move, cx.now())? else {
        return Ok(booking);
    };
    let wanted = Wanted {
        shop: booking.shop,
        choice: plan.choice,
        starts_at: plan.starts_at,
        length: agreed.map_or_else(|| length(&plan.service), |change| change.to.length),
        holder: booking.id.of(),
    };
    let proposed = agreed.map(|change| change.id.of());
    let how = (plan.prefer, plan.reason);
    let claimed = scheduling::take_instead(cx, tx, &wanted, proposed, how)?;
    let mut terms = terms(tx, &booking, &plan.service, &wanted, claimed, claimed.reason)?;
    if let Some(change) = agreed {
        // What was agreed on, not what the list says by now.
        (terms.price, terms.service_name) = (change.to.price, change.to.service_name.clone());
    }
    let changed = Changed {
        title: terms.service_name.clone(),
        starts_at: Some(terms.starts_at),
        minutes: terms.length.minutes,
        dearer: terms.price - booking.price,
    };
    let thing = (crate::MODULE, booking.id.raw());
    order::change_line(cx, tx, booking.order, thing, &changed)?;
    moved.take_on(terms);
    let asked = moved.state == State::Requested;
    if asked {
        let opening = opening(tx, moved.shop, cx.now())?;
        moved.answer_by = Some(answer_by(cx.now(), opening, moved.starts_at));
    }
    store::save_terms(tx, &moved)?;
    keep(cx, tx, &moved, Step::Move, why)?;
    match (asked, agreed.map(|change| change.by)) {
        // The shop has said itself what it can do: it has promised.
        (true, Some(Side::Shop)) => take(cx, tx, moved, Step::Confirm, None),
        (true, _) => {
            ask_until(cx, tx, &moved)?;
            Ok(moved)
        }
        (false, _) => Ok(moved),
    }
}

fn terms(
    tx: &mut Tx,
    booking: &Booking,
    service: &Service,
    wanted: &Wanted,
    claimed: scheduling::Claimed,
    reason: Reason,
) -> Result<Terms> {
    // The same service keeps the price at which it was booked.
    let same = service.id == booking.service;
    let (name, price) = match same {
        true => (booking.service_name.clone(), booking.price),
        false => (service.name.clone(), service.price),
    };
    Ok(Terms {
        service: service.id,
        service_name: name,
        therapist: claimed.therapist,
        bed: claimed.bed,
        day: business_day(tx, booking.shop, wanted.starts_at)?,
        starts_at: wanted.starts_at,
        length: wanted.length,
        price,
        reason,
    })
}

/// Whether the booking is what somebody wishes: a form that was sent twice.
fn is_so(booking: &Booking, wish: &Proposal) -> bool {
    let same_who = match wish.who {
        Who::AsBefore => true,
        Who::Anyone => booking.reason != Reason::Requested,
        Who::Named(named) => booking.therapist == named,
    };
    booking.starts_at == wish.starts_at && booking.service == wish.service && same_who
}

fn asks_for(open: &Change, wish: &Proposal) -> bool {
    let same_who = match wish.who {
        Who::AsBefore | Who::Anyone => true,
        Who::Named(named) => open.to.therapist == named,
    };
    open.to.starts_at == wish.starts_at && open.to.service == wish.service && same_who
}

/// For whom somebody speaks; to strangers the booking does not exist. The centre speaks for the shop.
fn side(cx: &Cx, booking: &Booking) -> Result<Side> {
    Ok(match party(cx, booking)? {
        By::Customer => Side::Customer,
        By::Shop | By::Centre => Side::Shop,
    })
}

/// The proposal about a booking that waits for an answer, if there is one.
pub fn open_change(tx: &mut Tx, booking: Id<Booking>) -> Result<Option<Change>> {
    let last = store::last_change(tx, booking)?;
    Ok(last.filter(|change| change.state == ChangeState::Proposed))
}

/// The proposals at a shop that wait for an answer, of either side, the soonest first.
pub fn open_changes(tx: &mut Tx, shop: ShopScope) -> Result<Vec<Change>> {
    store::open_changes(tx, shop)
}

/// The times to which a booking can be moved, as if its own time were free. The shop may move sooner than it is booked.
pub fn free_to_move(
    cx: &Cx,
    tx: &mut Tx,
    booking: &Booking,
    service: &Service,
    who: Who,
) -> Result<Vec<FreeDay>> {
    let named = match who {
        Who::AsBefore if booking.reason == Reason::Requested => Some(booking.therapist),
        Who::AsBefore | Who::Anyone => None,
        Who::Named(named) => Some(named),
    };
    let window = scheduling::window(tx, service.shop)?;
    let lead = match cx.actor() {
        Actor::Customer(_) => lead_minutes(shop::shop(tx, service.shop)?.accepts).max(window.lead),
        _ => 1,
    };
    let query = FreeQuery {
        shop: service.shop,
        length: length(service),
        therapists: candidates(tx, service, named)?,
        now: cx.now(),
        lead_minutes: lead,
        days: window.days,
        step: scheduling::STEP,
    };
    let mut days = scheduling::free_times_beside(tx, &query, &[booking.id.of()])?;
    if booking.service == service.id && !matches!(who, Who::Named(other) if other != booking.therapist) {
        // What it is already is no change.
        days.iter_mut()
            .for_each(|day| day.times.retain(|time| time.starts_at != booking.starts_at));
    }
    Ok(days)
}

/// Who could serve a promised booking instead of its therapist, at the same time, by work number; whether the customer
/// has to agree is another question.
pub fn could_serve(tx: &mut Tx, booking: &Booking) -> Result<Vec<Id<Therapist>>> {
    if booking.state.after(Step::ProposeMove).is_none() {
        return Ok(Vec::new());
    }
    let mut others = therapist::who_offers(tx, booking.service)?;
    others.retain(|other| *other != booking.therapist);
    scheduling::free_therapists(tx, booking.shop, &others, booking.starts_at, booking.length)
}

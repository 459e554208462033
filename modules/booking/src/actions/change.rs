//! Changes of a booking: another time, another therapist, another service, another address. One side proposes, which claims
//! the new time besides the old; the other side answers, or the clock does. Where nobody has to be asked the booking changes at
//! once.

mod door;
mod free;

use catalog::Service;
use db::Tx;
use kernel::{Cx, Error, Id, Instant, Minutes, Result, ShopScope};
use order::{By, Changed};
use scheduling::{Bed, Choice, Length, Reason, Wanted};
use serde::{Deserialize, Serialize};
use therapist::Therapist;

use super::{
    ask_until, check_seen, group::asked_with, keep, limit, opening, party, request::business_day, take,
    time_freed, wait_as_one,
};
use crate::{
    events::ChangeDue,
    model::{
        Address, Booking, CHANGE_NOTE_LENGTH, Change, ChangeState, Refusal, Side, State, Step, Terms, Why,
        answer_by, consider_until, lead_minutes,
    },
    store,
};
use door::{Going, going};
use free::length_with;

pub use door::{address_for, address_proposed, keep_told_address, visit_after};
pub use free::{candidates_for, could_serve, free_to_move};

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
    /// Another address of a home visit, kept for this ([`super::keep_address`], [`keep_told_address`]).
    pub address: Option<Id<Address>>,
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
            address: None,
        }
    }
}

/// Changes a booking, or proposes it where the other side has to agree. A customer's wish is fulfilled at once where the shop
/// accepts by itself, or has not promised anything yet; a shop's wish where it says that the customer has agreed. The shop
/// puts in another address only with the customer's word.
///
/// # Errors
/// `booking.late_to_move`, `booking.begun` for customers; `booking.change_open` while another proposal waits;
/// `booking.no_consent` for an address that nobody told the shop; `booking.not_at_home`, `booking.outside_area`;
/// `booking.long_note`, `booking.not_offered`, `booking.changed`, `booking.not_now`; those of [`scheduling::claim`].
pub fn propose(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64, wish: &Proposal) -> Result<Booking> {
    let booking = store::find(tx, id)?;
    let by = side(cx, &booking)?;
    let open = open_change(tx, id)?;
    if is_so(tx, &booking, wish)? {
        return Ok(booking);
    }
    if let Some(open) = &open
        && open.by == by
        && asks_for(tx, open, wish)?
    {
        return Ok(booking);
    }
    check_seen(&booking, seen)?;
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
    let asks_nobody = asks_nobody(cx, tx, &booking, (by, wish))?;
    let going = going(cx, tx, &booking, &service, wish.address)?;
    check_time(cx, tx, &booking, (by, wish.starts_at), travel_of(going.as_ref()))?;
    let plan = plan(cx, tx, &booking, wish, (by, service, going))?;
    if asks_nobody {
        let why = (by == Side::Shop).then_some(Why::AgreedByPhone);
        return become_it(cx, tx, booking, plan, None, why);
    }
    ask(cx, tx, booking, plan, (by, wish.note.trim()))
}

/// Whether nobody has to be asked, where somebody may change the booking at all.
fn asks_nobody(cx: &Cx, tx: &mut Tx, booking: &Booking, (by, wish): (Side, &Proposal)) -> Result<bool> {
    match by {
        Side::Shop if wish.address.is_some() && !wish.agreed => Err(Refusal::NoConsent.into()),
        Side::Shop => Ok(wish.agreed),
        Side::Customer => {
            let policy = order::order(tx, booking.order)?.policy;
            booking.customer_may_change(&policy, cx.now())?;
            let accepts = shop::shop(tx, booking.shop)?.accepts;
            Ok(booking.state == State::Requested || accepts == shop::Accepts::Automatic)
        }
    }
}

/// There is time enough before it, the way included; and a customer books no sooner and no further ahead than everybody.
fn check_time(
    cx: &Cx,
    tx: &mut Tx,
    booking: &Booking,
    (by, starts_at): (Side, Instant),
    travel: Minutes,
) -> Result<()> {
    let lead = match by {
        Side::Shop => 0,
        Side::Customer => lead_minutes(shop::shop(tx, booking.shop)?.accepts),
    };
    if starts_at < cx.now().plus_minutes(lead + travel) {
        return Err(scheduling::Refusal::Past.into());
    }
    match by {
        Side::Shop => Ok(()),
        Side::Customer => scheduling::check_window(cx, tx, booking.shop, starts_at),
    }
}

fn travel_of(going: Option<&Going>) -> Minutes {
    going.map_or(0, |going| going.visit.trip.travel)
}

/// A change as it is to be claimed.
struct Plan {
    service: Service,
    starts_at: Instant,
    length: Length,
    choice: Choice,
    reason: Reason,
    /// Who and where, if there is a choice.
    prefer: (Id<Therapist>, Option<Id<Bed>>),
    /// Of a home visit: where it goes.
    going: Option<Going>,
}

fn plan(
    cx: &Cx,
    tx: &mut Tx,
    booking: &Booking,
    wish: &Proposal,
    (by, service, going): (Side, Service, Option<Going>),
) -> Result<Plan> {
    if booking.after(Step::ProposeMove, cx.now())?.is_none() {
        return Err(Refusal::NotNow { state: booking.state }.into());
    }
    let (choice, reason) = match wish.who {
        Who::AsBefore if booking.reason == Reason::Requested => {
            (Choice::Named(booking.therapist), Reason::Requested)
        }
        Who::AsBefore | Who::Anyone => {
            let all = candidates_for(tx, booking, &service, None)?;
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
        candidates_for(tx, booking, &service, Some(named))?;
    }
    // Who gives up the therapist they asked for gets whoever is next, not the same one again.
    let nobody = Id::from_raw(0);
    let stays = wish.who != Who::Anyone || booking.reason != Reason::Requested;
    Ok(Plan {
        starts_at: wish.starts_at,
        length: length_with(&service, going.as_ref().map(|going| going.visit.trip)),
        choice,
        reason,
        prefer: (if stays { booking.therapist } else { nobody }, booking.bed),
        going,
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
        length: plan.length,
        holder: id.of(),
    };
    let claimed = scheduling::claim_beside(cx, tx, &wanted, booking.id.of(), plan.prefer)?;
    // It must be answered before somebody would have to set out.
    let present = super::home_visit(tx, &booking)?.map_or(0, |visit| visit.trip.travel);
    let sets_out = plan.starts_at.plus_minutes(-travel_of(plan.going.as_ref()));
    let first = booking.starts_at.plus_minutes(-present).min(sets_out);
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
        visit: plan.going.as_ref().and_then(Going::elsewhere),
        note: note.to_owned(),
        asked_at: cx.now(),
        answer_by: until,
        version: 1,
        proposed_as: asked.version,
    };
    if !store::add_change(tx, &change)? {
        return Err(Refusal::ChangeOpen.into());
    }
    door::keep_proposed(cx, tx, &change, plan.going.as_ref())?;
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
    wait_as_one(cx, tx, &asked)?;
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
    let going = door::agreed(tx, &booking, &change)?;
    if change.to.starts_at < cx.now().plus_minutes(travel_of(going.as_ref())) {
        return Err(scheduling::Refusal::Past.into());
    }
    let plan = Plan {
        service: catalog::service(tx, change.to.service)?,
        starts_at: change.to.starts_at,
        length: change.to.length,
        going,
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
        stays.answer_by = Some(limit(cx, tx, &stays)?);
    }
    keep(cx, tx, &stays, Step::DropMove, Some(why))?;
    if asked {
        ask_until(cx, tx, &stays)?;
        wait_as_one(cx, tx, &stays)?;
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
    if state == ChangeState::Accepted {
        // What was claimed is taken over by the booking, and so is the address.
        return Ok(());
    }
    store::forget_proposed_address(tx, change.id)?;
    scheduling::release(tx, change.id.of())?;
    time_freed(cx, tx, change.shop)
}

/// A booking was given to another therapist: what a proposal with the one `before` shared with it is claimed for the proposal
/// alone. Where that cannot be had any more, the proposal is off the table.
pub(super) fn claim_anew(cx: &Cx, tx: &mut Tx, given: Booking, before: Id<Therapist>) -> Result<Booking> {
    let open = open_change(tx, given.id)?;
    let Some(change) = open.filter(|change| change.to.therapist == before) else {
        return Ok(given);
    };
    scheduling::release(tx, change.id.of())?;
    let wanted = Wanted {
        shop: change.shop,
        choice: Choice::Named(change.to.therapist),
        starts_at: change.to.starts_at,
        length: change.to.length,
        holder: change.id.of(),
    };
    let prefer = (change.to.therapist, change.to.bed);
    match scheduling::claim_beside(cx, tx, &wanted, given.id.of(), prefer) {
        Ok(_) => Ok(given),
        Err(Error::Refused(_)) => drop_it(cx, tx, given, &change, ChangeState::Withdrawn),
        Err(other) => Err(other),
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
        length: plan.length,
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
    if let Some(going) = &plan.going {
        door::go_there(cx, tx, &moved, going)?;
    }
    let asked = moved.state == State::Requested;
    if asked {
        moved.answer_by = Some(limit(cx, tx, &moved)?);
    }
    store::save_terms(tx, &moved)?;
    keep(cx, tx, &moved, Step::Move, why)?;
    match (asked, agreed.map(|change| change.by)) {
        // The shop has said itself what it can do: it has promised, unless it is asked about others of the group as well.
        (true, Some(Side::Shop)) if asked_with(tx, &moved)?.is_empty() => {
            take(cx, tx, moved, Step::Confirm, None)
        }
        (true, _) => {
            ask_until(cx, tx, &moved)?;
            wait_as_one(cx, tx, &moved)?;
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
fn is_so(tx: &mut Tx, booking: &Booking, wish: &Proposal) -> Result<bool> {
    let same_who = match wish.who {
        Who::AsBefore => true,
        Who::Anyone => booking.reason != Reason::Requested,
        Who::Named(named) => booking.therapist == named,
    };
    let same = booking.starts_at == wish.starts_at && booking.service == wish.service && same_who;
    Ok(same && door::is_there(tx, booking, wish.address)?)
}

fn asks_for(tx: &mut Tx, open: &Change, wish: &Proposal) -> Result<bool> {
    let same_who = match wish.who {
        Who::AsBefore | Who::Anyone => true,
        Who::Named(named) => open.to.therapist == named,
    };
    let same = open.to.starts_at == wish.starts_at && open.to.service == wish.service && same_who;
    Ok(same && door::is_proposed(tx, open, wish.address)?)
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

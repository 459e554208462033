//! The pages of bookings: choosing a time, the customer's own bookings, the shop's desk.

mod cases;
mod change;
mod choose;
mod desk;
mod details;
mod farewell;
mod home;
mod leaving;
mod own;
mod terms;
mod ticket;
mod together;
mod trouble;
mod waitlist;

pub use desk::companion;
use kernel::Id;
use text::{args, show};
use web::{
    Allow, Ask, Markup, Routes, html,
    ui::{Tone, list, state},
};

use crate::model::{Booking, Case, CaseState, State, Why};

/// Who may call what.
pub(crate) fn routes() -> Routes {
    let routes = customers(Routes::new("booking"));
    closings(ends(at_the_desk(entering(changes(routes)))))
}

/// A shop that closes suddenly, or leaves; a customer who goes.
fn closings(routes: Routes) -> Routes {
    routes
        .get("/me/deletion", Allow::Customer, farewell::ask)
        .post("/me/deletion", Allow::Customer, farewell::delete)
        .get("/desk/closing", Allow::Owner, desk::ask_to_close)
        .get("/desk/closing/confirmation", Allow::Owner, desk::check_closing)
        .post("/desk/closings", Allow::Owner, desk::close)
        .get("/desk/closings/{id}", Allow::Owner, desk::closed)
        .post("/desk/closings/{id}/lifting", Allow::Owner, desk::open_again)
        .get("/console/shops/{shop}/leaving", Allow::Centre, leaving::ask)
        .get(
            "/console/shops/{shop}/leaving/confirmation",
            Allow::Centre,
            leaving::check,
        )
        .post("/console/shops/{shop}/leaving", Allow::Centre, leaving::leave)
}

/// One booking of a customer; several at once; waiting where nothing is free.
fn customers(routes: Routes) -> Routes {
    routes
        .get("/shops/{shop}/book", Allow::Anyone, choose::service)
        .get("/shops/{shop}/book/{service}", Allow::Anyone, choose::therapist)
        .get("/shops/{shop}/book/{service}/home", Allow::Customer, home::show)
        .post("/shops/{shop}/book/{service}/home", Allow::Customer, home::send)
        .get("/shops/{shop}/book/{service}/times", Allow::Anyone, choose::time)
        .get(
            "/shops/{shop}/book/{service}/details",
            Allow::Customer,
            details::show,
        )
        .post("/bookings", Allow::Customer, details::send)
        .get("/bookings", Allow::Customer, own::list)
        .get("/bookings/{id}", Allow::Customer, own::show)
        .get("/bookings/{id}/cancellation", Allow::Customer, own::ask_to_cancel)
        .post("/bookings/{id}/cancellation", Allow::Customer, own::cancel)
        .get("/shops/{shop}/together", Allow::Anyone, together::how_many)
        .get("/shops/{shop}/together/who", Allow::Anyone, together::who)
        .get("/shops/{shop}/together/times", Allow::Anyone, together::times)
        .get(
            "/shops/{shop}/together/details",
            Allow::Customer,
            together::details,
        )
        .post("/together", Allow::Customer, together::send)
        .get(
            "/shops/{shop}/book/{service}/waitlist",
            Allow::Customer,
            waitlist::ask_to_join,
        )
        .get("/waitlist", Allow::Customer, waitlist::list)
        .post("/waitlist", Allow::Customer, waitlist::join)
        .get("/waitlist/{id}", Allow::Customer, waitlist::show)
        .post("/waitlist/{id}/withdrawal", Allow::Customer, waitlist::withdraw)
        .get("/tickets/{token}", Allow::Anyone, ticket::show)
        .post("/tickets/{token}/leaving", Allow::Anyone, ticket::leave)
}

/// Whom the desk enters itself, its line and its waitlist, and who arrives.
fn entering(routes: Routes) -> Routes {
    routes
        .get("/desk/waitlist", Allow::Desk, desk::waitlist)
        .get("/desk/walk-ins", Allow::Desk, desk::walk_in_form)
        .post("/desk/walk-ins", Allow::Desk, desk::walk_in)
        .get("/desk/phone-bookings", Allow::Desk, desk::phone_form)
        .post("/desk/phone-bookings", Allow::Desk, desk::phone)
        .get(
            "/desk/walk-ins/together",
            Allow::Desk,
            desk::walk_in_together_form,
        )
        .post("/desk/walk-ins/together", Allow::Desk, desk::walk_in_together)
        .get(
            "/desk/phone-bookings/together",
            Allow::Desk,
            desk::phone_together_form,
        )
        .post("/desk/phone-bookings/together", Allow::Desk, desk::phone_together)
        .get("/desk/queue", Allow::Desk, desk::queue)
        .get("/desk/queue/{ticket}", Allow::Desk, desk::ticket)
        .post("/desk/queue/{ticket}/call", Allow::Desk, desk::call_ticket)
        .post("/desk/queue/{ticket}/skip", Allow::Desk, desk::skip_ticket)
        .post("/desk/queue/{ticket}/leaving", Allow::Desk, desk::ticket_leaves)
        .post("/desk/bookings/{id}/forgetting", Allow::Desk, desk::forget)
        .get("/desk/check-in", Allow::Desk, desk::enter_code)
        .post("/desk/check-in", Allow::Desk, desk::check_in_by_code)
}

/// What the desk does with bookings and leave.
fn at_the_desk(routes: Routes) -> Routes {
    routes
        .get("/desk/bookings", Allow::Desk, desk::list)
        .get("/desk/bookings/{id}", Allow::Desk, desk::show)
        .post("/desk/bookings/{id}/confirmation", Allow::Desk, desk::confirm)
        .post("/desk/bookings/{id}/extension", Allow::Desk, desk::extend)
        .get(
            "/desk/bookings/{id}/refusal",
            Allow::FrontDesk,
            desk::ask_to_decline,
        )
        .post("/desk/bookings/{id}/refusal", Allow::FrontDesk, desk::decline)
        .post("/desk/bookings/{id}/check-in", Allow::Desk, desk::check_in)
        .post("/desk/bookings/{id}/departure", Allow::Desk, desk::depart)
        .post("/desk/bookings/{id}/arrival", Allow::Desk, desk::arrive)
        .post("/desk/bookings/{id}/calls", Allow::Desk, desk::log_call)
        .post("/desk/bookings/{id}/start", Allow::Desk, desk::start)
        .post("/desk/bookings/{id}/completion", Allow::Desk, desk::complete)
        .get(
            "/desk/bookings/{id}/no-show",
            Allow::FrontDesk,
            desk::ask_about_no_show,
        )
        .post("/desk/bookings/{id}/no-show", Allow::FrontDesk, desk::no_show)
        .get(
            "/desk/bookings/{id}/cancellation",
            Allow::FrontDesk,
            desk::ask_to_cancel,
        )
        .post("/desk/bookings/{id}/cancellation", Allow::FrontDesk, desk::cancel)
        .get("/desk/leave/{leave}", Allow::FrontDesk, desk::leave)
        .post("/desk/leave/{leave}", Allow::FrontDesk, desk::approve_leave)
        .post(
            "/desk/leave/{leave}/refusal",
            Allow::FrontDesk,
            desk::refuse_leave,
        )
        .get(terms::PAGE, Allow::Console, terms::show)
        .post(terms::PAGE, Allow::Console, terms::save)
        .get("/console/home-visits", Allow::Centre, terms::shops)
}

/// What may happen at the end of a visit.
fn ends(routes: Routes) -> Routes {
    routes
        .get(
            "/desk/bookings/{id}/lengthening",
            Allow::Desk,
            desk::ask_to_lengthen,
        )
        .post("/desk/bookings/{id}/lengthening", Allow::Desk, desk::lengthen)
        .get(
            "/desk/bookings/{id}/hand-over",
            Allow::FrontDesk,
            desk::ask_to_hand_over,
        )
        .post("/desk/bookings/{id}/hand-over", Allow::FrontDesk, desk::hand_over)
        .get(
            "/desk/bookings/{id}/reopening",
            Allow::FrontDesk,
            desk::ask_to_reopen,
        )
        .post("/desk/bookings/{id}/reopening", Allow::FrontDesk, desk::reopen)
        .get("/desk/bookings/{id}/abort", Allow::Desk, desk::ask_to_abort)
        .post("/desk/bookings/{id}/abort", Allow::Desk, desk::abort)
        .post("/desk/bookings/{id}/safety", Allow::Desk, desk::safety)
        .get("/desk/bookings/{id}/fee", Allow::FrontDesk, desk::ask_fee)
        .post("/desk/bookings/{id}/fee", Allow::FrontDesk, desk::decide_fee)
        .get("/desk/cases", Allow::FrontDesk, desk::cases)
        .get("/bookings/{id}/lateness", Allow::Customer, trouble::ask_late)
        .post("/bookings/{id}/lateness", Allow::Customer, trouble::say_late)
        .get("/bookings/{id}/dispute", Allow::Customer, trouble::ask_dispute)
        .post("/bookings/{id}/dispute", Allow::Customer, trouble::dispute)
        .get("/console/cases", Allow::Centre, cases::list)
        .get("/console/cases/{id}", Allow::Centre, cases::show)
        .post("/console/cases/{id}", Allow::Centre, cases::rule)
}

/// Where a case stands, in a word or two.
fn case_badge(ask: &Ask, case: &Case) -> Markup {
    let (tone, key) = match case.state {
        CaseState::Undecided => (Tone::Attention, "booking-case-undecided"),
        CaseState::Decided => (Tone::Plain, "booking-case-decided"),
        CaseState::Referred => (Tone::Bad, "booking-case-referred"),
        CaseState::Closed => (Tone::Plain, "booking-case-closed"),
    };
    state::badge(tone, &ask.label(key))
}

/// What a case is about.
fn case_word(ask: &Ask, case: &Case) -> String {
    ask.label(&format!("booking-case-{}", case.kind.code()))
}

/// Moves and swaps: of the customer, and at the desk.
fn changes(routes: Routes) -> Routes {
    routes
        .get("/bookings/{id}/move", Allow::Customer, change::times)
        .post("/bookings/{id}/move", Allow::Customer, change::send)
        .get(
            "/bookings/{id}/move/therapists",
            Allow::Customer,
            change::therapists,
        )
        .get("/bookings/{id}/move/services", Allow::Customer, change::services)
        .get("/bookings/{id}/move/address", Allow::Customer, change::address)
        .post(
            "/bookings/{id}/move/address",
            Allow::Customer,
            change::send_address,
        )
        .get(
            "/bookings/{id}/move/confirmation",
            Allow::Customer,
            change::ask_to_confirm,
        )
        .get("/bookings/{id}/change", Allow::Customer, change::show_open)
        .post("/bookings/{id}/change/agreement", Allow::Customer, change::agree)
        .post("/bookings/{id}/change/refusal", Allow::Customer, change::refuse)
        .post(
            "/bookings/{id}/change/withdrawal",
            Allow::Customer,
            change::withdraw,
        )
        .get("/desk/changes", Allow::Desk, desk::changes)
        .get("/desk/bookings/{id}/change", Allow::Desk, desk::open_change)
        .post(
            "/desk/bookings/{id}/change/agreement",
            Allow::Desk,
            desk::agree_to_change,
        )
        .post(
            "/desk/bookings/{id}/change/refusal",
            Allow::Desk,
            desk::refuse_change,
        )
        .post(
            "/desk/bookings/{id}/change/withdrawal",
            Allow::FrontDesk,
            desk::withdraw_change,
        )
        .get("/desk/bookings/{id}/move", Allow::FrontDesk, desk::times)
        .post("/desk/bookings/{id}/move", Allow::FrontDesk, desk::propose)
        .get(
            "/desk/bookings/{id}/move/services",
            Allow::FrontDesk,
            desk::other_services,
        )
        .get(
            "/desk/bookings/{id}/move/address",
            Allow::FrontDesk,
            desk::other_address,
        )
        .post(
            "/desk/bookings/{id}/move/address",
            Allow::FrontDesk,
            desk::send_other_address,
        )
        .get("/desk/bookings/{id}/therapist", Allow::FrontDesk, desk::swap)
        .post("/desk/bookings/{id}/therapist", Allow::FrontDesk, desk::send_swap)
}

/// 今天下午 3 点
fn when(ask: &Ask, booking: &Booking) -> String {
    show::when(ask.lang(), booking.day, booking.minute(), ask.today())
}

/// 张女士 下午 3 点: the object that controls name.
fn whom(ask: &Ask, booking: &Booking) -> String {
    format!(
        "{} {}",
        booking.contact.name,
        show::time(ask.lang(), booking.minute())
    )
}

fn state_word(ask: &Ask, state: State) -> String {
    ask.label(&format!("booking-state-{}", state.code().replace('_', "-")))
}

fn why_word(ask: &Ask, why: Why) -> String {
    ask.label(&format!("booking-why-{}", why.code().replace('_', "-")))
}

fn badge(ask: &Ask, booking: &Booking) -> Markup {
    let tone = match booking.state {
        State::Held | State::Requested => Tone::Attention,
        State::Confirmed | State::CheckedIn | State::Departed | State::Arrived | State::InService => {
            Tone::Good
        }
        State::Declined | State::Cancelled | State::NoShow | State::Aborted => Tone::Bad,
        State::Completed | State::Expired => Tone::Plain,
    };
    state::badge(tone, &state_word(ask, booking.state))
}

/// 刘师傅（点钟）
fn served_by(ask: &Ask, name: &str, booking: &Booking) -> String {
    let who = show::therapist(ask.lang(), name);
    ask.say(
        "booking-served-by",
        &args![who => who, reason => booking.reason.code()],
    )
}

/// A term and its value.
type Row = (String, Markup);

/// Pairs of term and value, where their number depends on the booking.
fn facts(rows: &[Row]) -> Markup {
    let facts = rows
        .iter()
        .fold(list::facts(), |facts, (term, value)| facts.row(term, value));
    html! { (facts) }
}

/// A therapist in an address: `any` is nobody in particular.
fn therapist_tag(named: Option<Id<therapist::Therapist>>) -> String {
    named.map_or_else(|| "any".to_owned(), |id| id.to_string())
}

fn therapist_of(tag: Option<&str>) -> kernel::Result<Option<Id<therapist::Therapist>>> {
    match tag {
        None | Some("" | "any") => Ok(None),
        Some(id) => Ok(Some(id.parse()?)),
    }
}

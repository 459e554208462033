//! A customer's own bookings: where they stand in one sentence, the code to show or say, how to call off.

use kernel::{Error, Id, Instant, Money, Refused, Result};
use qrcode::{QrCode, render::svg};
use serde::Deserialize;
use text::{args, show};
use web::{
    Answer, Ask, Form, Markup, Path, html,
    ui::{Entry, Icon, Surface, button, csrf, field, list, money, section, state},
};

use super::{badge, change, choose::minute_of, desk::open_with_name, home, served_by, when, why_word};
use crate::{
    StepTaken, actions, entries_of,
    model::{Address, Booking, Case, CaseKind, CaseState, Change, HomeVisit, State, Step, Why},
    of_customer, of_order, own_booking, steps, store,
};

/// So many bookings are listed.
const MOST: i64 = 50;

pub(super) async fn list(ask: Ask) -> Answer {
    let customer = ask.customer()?;
    let (waits, bookings) = ask
        .read(move |_, tx| {
            let bookings = of_customer(tx, customer, MOST)?;
            let bookings = bookings
                .into_iter()
                .map(|booking| Ok((shop::shop(tx, booking.shop)?.name, booking)))
                .collect::<Result<Vec<_>>>()?;
            Ok((!entries_of(tx, customer, 1)?.is_empty(), bookings))
        })
        .await?;
    let now = ask.cx.now();
    let (mut coming, past): (Vec<_>, Vec<_>) = bookings
        .into_iter()
        .partition(|(_, booking)| booking.state.is_live() && booking.ends_at() > now);
    coming.sort_by_key(|(_, booking)| booking.starts_at);
    let answer = match coming.first() {
        Some((shop, next)) => ask.say(
            "booking-next-answer",
            &args![when => when(&ask, next), service => next.service_name.as_str(), shop => shop.as_str()],
        ),
        None => ask.label("booking-none-coming"),
    };
    Ok(ask.page(Surface::Customer, &ask.label("booking-own-title"), |_, page| {
        page.answer(&answer).body(html! {
            @if coming.is_empty() && past.is_empty() {
                (state::empty(Icon::Calendar, &ask.label("booking-none")).action(button::link("/", &ask.label("booking-find-shop"))))
            }
            @if !coming.is_empty() { (section("coming", &ask.label("booking-coming"), entries(&ask, &coming))) }
            @if !past.is_empty() { (section("past", &ask.label("booking-past"), entries(&ask, &past))) }
            @if waits { div class="actions" { (button::link("/waitlist", &ask.label("booking-wait-own")).secondary()) } }
        })
    }))
}

fn entries(ask: &Ask, bookings: &[(String, Booking)]) -> Markup {
    let addresses: Vec<(String, String)> = bookings
        .iter()
        .map(|(_, booking)| {
            (
                format!("/bookings/{}", booking.id),
                format!("{} {}", when(ask, booking), booking.service_name),
            )
        })
        .collect();
    let mut entries = list::entries().level(3);
    for ((shop, booking), (address, title)) in bookings.iter().zip(&addresses) {
        entries = entries.entry(Entry::new(address, title).line(shop).badge(badge(ask, booking)));
    }
    html! { (entries) }
}

/// Everything that a customer is told about one booking.
struct Told {
    booking: Booking,
    shop: shop::Shop,
    therapist: String,
    steps: Vec<StepTaken>,
    others: Vec<Instant>,
    case: Option<Case>,
    /// What it is to become, and the name of who would serve, while somebody is asked.
    change: Option<(Change, String)>,
    /// The other bookings of its order.
    with: Vec<Booking>,
    /// What is to be paid at once, for all of them.
    due: Money,
    /// Of a home visit: the way, and the address while it is known.
    home: Option<(HomeVisit, Option<Address>)>,
}

async fn told(ask: &Ask, id: Id<Booking>) -> Result<Told> {
    ask.read(move |cx, tx| {
        let booking = own_booking(cx, tx, id)?;
        let others = if booking.state == State::Declined {
            others(cx.now(), tx, &booking)?
        } else {
            Vec::new()
        };
        let visit = actions::home_visit(tx, &booking)?;
        let address = actions::address_of(cx, tx, &booking)?;
        Ok(Told {
            home: visit.map(|visit| (visit, address)),
            shop: shop::shop(tx, booking.shop)?,
            therapist: therapist::therapist(tx, booking.therapist)?.name,
            steps: steps(tx, id)?,
            change: open_with_name(tx, id)?,
            others,
            case: store::case(tx, id)?,
            with: with(tx, &booking)?,
            due: order::order(tx, booking.order)?.due_now,
            booking,
        })
    })
    .await
}

/// The other bookings of its order, the earliest first.
fn with(tx: &mut db::Tx, booking: &Booking) -> Result<Vec<Booking>> {
    let mut others = of_order(tx, booking.order)?;
    others.retain(|other| other.id != booking.id);
    Ok(others)
}

/// Three other times, with anybody, for somebody who was declined.
fn others(now: Instant, tx: &mut db::Tx, booking: &Booking) -> Result<Vec<Instant>> {
    let service = catalog::service(tx, booking.service)?;
    match actions::alternatives(tx, now, &service, None, booking.starts_at) {
        Ok(times) => Ok(times.into_iter().map(|time| time.starts_at).collect()),
        Err(Error::Refused(_)) => Ok(Vec::new()),
        Err(other) => Err(other),
    }
}

pub(super) async fn show(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    let told = told(&ask, id).await?;
    let booking = &told.booking;
    let answer = sentence(&ask, &told);
    let title = ask.say(
        "booking-title",
        &args![when => when(&ask, booking), service => booking.service_name.as_str()],
    );
    let pay = format!("/orders/{}/payment", booking.order);
    let back = ask.label("booking-own-title");
    let pay_words = ask.say("booking-go-to-pay", &args![price => show::money(told.due)]);
    Ok(ask.page(Surface::Customer, &title, |_, page| {
        let page = page.answer(&answer).back("/bookings", &back);
        let page = match booking.state {
            State::Held => page.primary(html! { (button::link(&pay, &pay_words)) }),
            _ => page,
        };
        page.body(html! {
            p { (badge(&ask, booking)) }
            @if let Some((open, name)) = &told.change { (change::door(&ask, booking, open, name)) }
            @if matches!(booking.state, State::Requested | State::Confirmed) && !booking.is_at_home() { (code(&ask, booking)) }
            @if !told.others.is_empty() { (other_times(&ask, &told)) }
            (facts(&ask, &told))
            (case_told(&ask, &told))
            @if !told.with.is_empty() { (together(&ask, &told.with)) }
            (doors(&ask, &told))
        })
    }))
}

/// Where it stands, in one sentence.
fn sentence(ask: &Ask, told: &Told) -> String {
    let booking = &told.booking;
    let why = told
        .steps
        .first()
        .and_then(|step| step.why)
        .map(|why| why_word(ask, why))
        .unwrap_or_default();
    let until = booking
        .answer_by
        .map(|at| show::time(ask.lang(), minute_of(at.day(), at)))
        .unwrap_or_default();
    let key = match booking.state {
        State::Confirmed if booking.is_at_home() => "booking-sentence-confirmed-home".to_owned(),
        State::NoShow if booking.is_at_home() => "booking-sentence-no-show-home".to_owned(),
        state => format!("booking-sentence-{}", state.code().replace('_', "-")),
    };
    let who = show::therapist(ask.lang(), &told.therapist);
    ask.say(
        &key,
        &args![when => when(ask, booking), who => who, until => until, why => why],
    )
}

/// The six digits, to be said or shown.
fn code(ask: &Ask, booking: &Booking) -> Markup {
    let address = format!(
        "{}/desk/check-in?code={}",
        ask.app.settings.base_url, booking.code
    );
    // A short address always fits into a QR code.
    let drawing = QrCode::new(address.as_bytes()).ok().map(|qr| {
        qr.render::<svg::Color<'_>>()
            .min_dimensions(180, 180)
            .quiet_zone(true)
            .build()
    });
    section(
        "code",
        &ask.label("booking-code"),
        html! {
            p class="code" { (show::code(&booking.code)) }
            p { (ask.label("booking-code-hint")) }
            @if let Some(drawing) = drawing {
                div class="qr" role="img" aria-label=(ask.label("booking-qr")) {
                    (maud::PreEscaped(drawing.split_once("?>").map_or(drawing.as_str(), |(_, svg)| svg).to_owned()))
                }
            }
        },
    )
}

fn other_times(ask: &Ask, told: &Told) -> Markup {
    let booking = &told.booking;
    section(
        "others",
        &ask.label("booking-other-times-short"),
        html! {
            ul role="list" {
                @for at in &told.others {
                    li {
                        a href=(format!("/shops/{}/book/{}/details?therapist=any&slot={}", booking.shop, booking.service, at.ms())) {
                            (show::when(ask.lang(), at.day(), minute_of(at.day(), *at), ask.today()))
                        }
                    }
                }
            }
        },
    )
}

fn facts(ask: &Ask, told: &Told) -> Markup {
    let booking = &told.booking;
    let row = |key: &str, value: Markup| (ask.label(key), value);
    let length = show::duration(ask.lang(), booking.length.minutes);
    let (name, phone) = (&booking.contact.name, show::phone(&booking.contact.phone));
    let mut rows = vec![
        row("booking-service", html! { (booking.service_name) "，" (length) }),
        row("booking-when", html! { (when(ask, booking)) }),
        row(
            "booking-who",
            html! { (served_by(ask, &told.therapist, booking)) },
        ),
    ];
    match &told.home {
        None => rows.extend([
            row(
                "booking-where",
                html! { (told.shop.name) "，" (told.shop.address) },
            ),
            row("booking-way", html! { (told.shop.walking) }),
            row("booking-price", money::amount(booking.price.fen())),
        ]),
        Some((visit, address)) => rows.extend([
            row(
                "booking-where",
                html! { (ask.label("booking-at-home")) "，" (told.shop.name) },
            ),
            row(
                "booking-home-address",
                html! {
                    (home::district_word(ask, visit.district))
                    @if let Some(address) = address { " " (address.street) " " (address.house) }
                },
            ),
            row("booking-price", money::amount(booking.price.fen())),
            row("booking-fare", money::amount(visit.trip.fare.fen())),
        ]),
    }
    rows.push(row("booking-contact", html! { (name) " " (phone) }));
    super::facts(&rows)
}

/// What became of a no-show: what is kept, who looks at it, what was said.
fn case_told(ask: &Ask, told: &Told) -> Markup {
    let Some(case) = told.case.as_ref().filter(|case| case.kind == CaseKind::Absence) else {
        return html! {};
    };
    let kept = show::money(case.at_stake());
    let key = match case.state {
        CaseState::Undecided => "booking-own-undecided",
        CaseState::Decided => "booking-own-decided",
        CaseState::Referred => "booking-own-referred",
        CaseState::Closed => "booking-own-closed",
    };
    let ruling = told.steps.iter().find(|step| step.step == Step::Rule);
    html! {
        p { (ask.say(key, &args![kept => kept])) }
        @if let Some(ruling) = ruling { p { (ask.say("booking-own-ruling", &args![words => ruling.words.as_str()])) } }
    }
}

/// The others of the same order, each with a page and a code of its own.
fn together(ask: &Ask, with: &[Booking]) -> Markup {
    let words: Vec<(String, String)> = with
        .iter()
        .map(|other| {
            let title = format!(
                "{} {} {}",
                other.contact.name,
                when(ask, other),
                other.service_name
            );
            (format!("/bookings/{}", other.id), title)
        })
        .collect();
    let mut entries = list::entries().level(3);
    for (other, (address, title)) in with.iter().zip(&words) {
        entries = entries.entry(Entry::new(address, title).badge(badge(ask, other)));
    }
    section(
        "together",
        &ask.label("booking-together-others"),
        html! { (entries) },
    )
}

/// What can be done from here.
fn doors(ask: &Ask, told: &Told) -> Markup {
    let (booking, shop) = (&told.booking, &told.shop);
    let cancellation = format!("/bookings/{}/cancellation", booking.id);
    let change = format!("/bookings/{}/move", booking.id);
    let elsewhere = format!("/bookings/{}/move/address", booking.id);
    let review = format!("/bookings/{}/review", booking.id);
    let again = format!("/shops/{}/book/{}", booking.shop, booking.service);
    let receipt = format!("/orders/{}", booking.order);
    let (lateness, dispute) = (
        format!("/bookings/{}/lateness", booking.id),
        format!("/bookings/{}/dispute", booking.id),
    );
    html! {
        div class="actions" {
            @if booking.state == State::Completed { (button::link(&review, &ask.label("booking-review"))) }
            (button::dial(&shop.phone, &ask.label("booking-dial"), &shop.name).secondary())
            @if told.change.is_none() && booking.state.after(Step::Move).is_some() && ask.cx.now() < booking.starts_at {
                (button::open(&change, &ask.label("booking-move")).secondary())
                @if told.home.is_some() { (button::open(&elsewhere, &ask.label("booking-move-address")).secondary()) }
            }
            @if booking.can_be_called_off(ask.cx.now()) {
                (button::open(&cancellation, &ask.label("booking-call-off")).secondary())
            }
            @if booking.can_be_late(ask.cx.now()) {
                (button::open(&lateness, &ask.label("booking-late")).secondary())
            }
            @if told.case.as_ref().is_some_and(|case| case.can_be_disputed(ask.cx.now())) {
                (button::open(&dispute, &ask.label("booking-dispute")).secondary())
            }
            @if !booking.state.is_live() { (button::link(&again, &ask.label("booking-again")).secondary()) }
            @if booking.state != State::Held { (button::link(&receipt, &ask.label("booking-receipt")).quiet()) }
        }
    }
}

/// Says what calling off costs before it is done: money is confirmed, nothing else.
pub(super) async fn ask_to_cancel(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    cancellation_page(&ask, id, None).await
}

async fn cancellation_page(ask: &Ask, id: Id<Booking>, no: Option<&Refused>) -> Answer {
    let (booking, (paid, kept), others) = ask
        .read(move |cx, tx| {
            let booking = own_booking(cx, tx, id)?;
            let kept = actions::cost_of_cancelling(cx, tx, &booking)?;
            let paid = actions::paid_for(tx, &booking)?;
            let others = with(tx, &booking)?
                .iter()
                .filter(|other| other.state.is_live())
                .count();
            Ok((booking, (paid, kept), others))
        })
        .await?;
    if no.is_none() && !booking.can_be_called_off(ask.cx.now()) {
        return Ok(ask.see(&format!("/bookings/{id}")));
    }
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let answer = cost_sentence(ask, &booking, paid, kept);
    let stand = match (others, booking.state) {
        (0, _) => None,
        (_, State::Held) => Some(ask.say("booking-together-cancel-all", &args![count => others + 1])),
        _ => Some(ask.say(
            "booking-together-cancel-one",
            &args![who => booking.contact.name.as_str(), count => others],
        )),
    };
    let (address, back) = (format!("/bookings/{id}/cancellation"), format!("/bookings/{id}"));
    Ok(ask.page(
        Surface::Customer,
        &ask.label("booking-cancel-title"),
        |frame, page| {
            page.answer(&answer)
                .errors(&errors)
                .back(&back, &ask.label("booking-this"))
                .body(html! {
                    p { (when(ask, &booking)) "，" (booking.service_name) }
                    @if let Some(stand) = &stand { p { (stand) } }
                    form method="post" action=(address) novalidate {
                        (csrf(frame))
                        (field::hidden("version", &booking.version.to_string()))
                        (button::submit(&ask.label("booking-cancel")).danger())
                    }
                })
        },
    ))
}

fn cost_sentence(ask: &Ask, booking: &Booking, paid: Money, kept: Money) -> String {
    if booking.state == State::Held {
        return ask.label("booking-cancel-unpaid");
    }
    let back = show::money(paid - kept);
    if kept == Money::ZERO {
        ask.say("booking-cancel-free", &args![back => back])
    } else {
        ask.say(
            "booking-cancel-costs",
            &args![back => back, kept => show::money(kept)],
        )
    }
}

#[derive(Deserialize)]
pub(super) struct Seen {
    version: i64,
}

pub(super) async fn cancel(ask: Ask, Path(id): Path<Id<Booking>>, Form(seen): Form<Seen>) -> Answer {
    let cancelled = ask
        .write(move |cx, tx| {
            // To strangers the booking does not exist, whatever they send.
            own_booking(cx, tx, id)?;
            actions::cancel(cx, tx, id, seen.version, Why::CustomersPlans)
        })
        .await;
    match cancelled {
        Ok(_) => Ok(ask.see_saying(&format!("/bookings/{id}"), &ask.label("booking-cancelled-said"))),
        Err(Error::Refused(no)) => Ok(ask.refused(&no, cancellation_page(&ask, id, Some(&no)).await?)),
        Err(other) => Err(other.into()),
    }
}

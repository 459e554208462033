//! 改约 by the customer: choose another time (therapist, service, address), look at what becomes of it, confirm; and answer
//! what the shop proposes. Every page is an address that can be come back to.

mod address;
mod answer;
mod case;

use catalog::Service;
use kernel::{Day, Error, Id, Refused, Result};
use text::{args, show};
use web::{
    Answer, Ask, Form, Markup, Path, Query, Response, html,
    ui::{Entry, Surface, button, csrf, field, list},
};

use super::{
    choose::{TimesInWords, current_of, minute_of, sentence_of},
    home::trip_sentence,
    when,
};
use crate::{
    actions,
    model::{Booking, Refusal},
    open_change, own_booking,
};

pub(super) use address::{send as send_address, show as address};
pub(super) use answer::{Pressed, agree, door, refuse, show_open, withdraw};
pub(super) use case::{Case, Wished, terms_words};

/// When: the free times, as if the booking's own were free.
pub(super) async fn times(ask: Ask, Path(id): Path<Id<Booking>>, Query(wished): Query<Wished>) -> Answer {
    times_page(&ask, id, &wished, None).await
}

/// The title of choosing a time: what is to be another.
pub(super) fn title_of(wished: &Wished) -> &'static str {
    match wished.home.is_empty() {
        true => "booking-move-title",
        false => "booking-move-address-title",
    }
}

/// The day to show: the one asked for, or that of the time asked for; where more than the time is another, the booking's own.
pub(super) fn day_of(case: &Case, wished: &Wished) -> Option<Day> {
    let own = case.is_other_service() || !wished.home.is_empty();
    Day::parse(&wished.day)
        .or(wished.starts_at().map(|at| at.day()))
        .or(own.then_some(case.booking.day))
}

async fn times_page(ask: &Ask, id: Id<Booking>, wished: &Wished, no: Option<&Refused>) -> Answer {
    let case = Case::own(ask, id, wished).await?;
    if case.open.is_some() {
        return Ok(ask.see(&format!("/bookings/{id}/change")));
    }
    if let Err(no) = may_change(ask, &case).await? {
        return Ok(call_page(ask, &case, &no));
    }
    let days = case.times(ask, wished).await?;
    let current = current_of(&days, day_of(&case, wished));
    let base = format!("/bookings/{id}/move");
    let words = TimesInWords::new(ask, case.named.as_ref(), &days, current, |day| {
        format!("{base}?{}&day={day}", wished.query())
    })
    .chosen(wished.starts_at().unwrap_or(case.booking.starts_at));
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let answer = sentence_of(ask, case.named.as_ref(), &days, current);
    let title = ask.say(title_of(wished), &args![what => when(ask, &case.booking)]);
    let (next, back) = (format!("{base}/confirmation"), format!("/bookings/{id}"));
    // Another price is read and confirmed on a page of its own.
    let at_once = case.difference(ask).is_none();
    let (method, action, button) = match at_once {
        true => ("post", base.as_str(), "booking-move-send"),
        false => ("get", next.as_str(), "booking-move-next"),
    };
    let response = ask.page(Surface::Customer, &title, |frame, page| {
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &ask.label("booking-this"))
            .primary(html! { (button::submit(&ask.label(button)).form("choose")) })
            .body(html! {
                p { (case.service_words(ask)) }
                @if let (Some(visit), false) = (&case.visit, wished.home.is_empty()) { p { (trip_sentence(ask, visit)) } }
                p { (ask.label(case.consequence())) }
                form id="choose" method=(method) action=(action) novalidate {
                    @if at_once {
                        (csrf(frame))
                        (field::hidden("version", &case.booking.version.to_string()))
                    }
                    (wished.hidden())
                    (words.choice(&errors))
                }
                (others(ask, &case, wished))
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

/// Whether the customer may change it without the telephone.
async fn may_change(ask: &Ask, case: &Case) -> Result<Result<(), Refused>> {
    let order = case.booking.order;
    let policy = ask.read(move |_, tx| Ok(order::order(tx, order)?.policy)).await?;
    let may = case.booking.customer_may_change(&policy, ask.cx.now());
    Ok(may.map_err(Into::into))
}

/// What else can be another: the therapist, the service, of a home visit the address.
fn others(ask: &Ask, case: &Case, wished: &Wished) -> Markup {
    let base = format!("/bookings/{}/move", case.booking.id);
    let link = |path: &str, key: &str| {
        let address = format!("{base}/{path}?{}", wished.query());
        html! { (button::link(&address, &ask.label(key)).secondary()) }
    };
    html! {
        div class="actions" {
            (link("therapists", "booking-move-therapist"))
            (link("services", "booking-move-service"))
            @if case.visit.is_some() { (link("address", "booking-move-address")) }
        }
    }
}

/// Why the customer cannot change it here, and the telephone.
pub(super) fn call_page(ask: &Ask, case: &Case, no: &Refused) -> Response {
    let title = ask.say("booking-move-title", &args![what => when(ask, &case.booking)]);
    let back = format!("/bookings/{}", case.booking.id);
    ask.page(Surface::Customer, &title, |_, page| {
        page.answer(&ask.refusal(no))
            .back(&back, &ask.label("booking-this"))
            .body(html! {
                div class="actions" {
                    (button::dial(&case.shop.phone, &ask.label("booking-dial"), &case.shop.name))
                }
            })
    })
}

/// Who else could serve.
pub(super) async fn therapists(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Query(wished): Query<Wished>,
) -> Answer {
    let case = Case::own(&ask, id, &wished).await?;
    let (service, booking) = (case.service.clone(), case.booking.clone());
    let people = ask
        .read(move |_, tx| {
            let offering = match actions::candidates_for(tx, &booking, &service, None) {
                Err(Error::Refused(_)) => Vec::new(),
                offering => offering?,
            };
            let mut people = therapist::of_shop(tx, booking.shop)?;
            people.retain(|person| offering.contains(&person.id));
            Ok(people)
        })
        .await?;
    let address = |tag: &str| {
        let with = Wished {
            therapist: tag.to_owned(),
            ..wished.clone()
        };
        format!("/bookings/{id}/move?{}", with.query())
    };
    let mut rows = vec![(address("any"), ask.label("booking-any"))];
    rows.extend(people.iter().map(|person| {
        let name = show::therapist(ask.lang(), &person.name);
        let words = ask.say("booking-numbered", &args![who => name, number => person.number]);
        (address(&person.id.to_string()), words)
    }));
    let answer = ask.say(
        "booking-who-answer",
        &args![service => case.service.name.as_str(), count => people.len()],
    );
    Ok(choices_page(
        &ask,
        id,
        &wished,
        ("booking-choose-who", &answer),
        &rows,
    ))
}

/// What else could be done.
pub(super) async fn services(ask: Ask, Path(id): Path<Id<Booking>>, Query(wished): Query<Wished>) -> Answer {
    let case = Case::own(&ask, id, &wished).await?;
    let rows = service_rows(&ask, &case, &format!("/bookings/{id}/move"), &wished).await?;
    let answer = ask.say("booking-services-answer", &args![count => rows.len()]);
    Ok(choices_page(
        &ask,
        id,
        &wished,
        ("booking-choose-service", &answer),
        &rows,
    ))
}

/// The services that a booking could become, each with the address of its times: of a home visit those done at home.
pub(super) async fn service_rows(
    ask: &Ask,
    case: &Case,
    base: &str,
    wished: &Wished,
) -> Result<Vec<(String, String)>> {
    let (shop, at_home) = (case.shop.id, case.booking.is_at_home());
    let services = ask
        .read(move |_, tx| {
            let terms = actions::home_terms(tx, shop)?;
            let mut services = catalog::services_of(tx, shop)?;
            services.retain(|service| !at_home || terms.offers(service.id));
            Ok(services)
        })
        .await?;
    let row = |service: &Service| {
        let minutes = show::duration(ask.lang(), service.minutes);
        let with = Wished {
            service: service.id.to_string(),
            ..wished.clone()
        };
        let address = format!("{base}?{}", with.query());
        (
            address,
            format!("{}，{minutes}，{}", service.name, show::money(service.price)),
        )
    };
    Ok(services.iter().map(row).collect())
}

fn choices_page(
    ask: &Ask,
    id: Id<Booking>,
    wished: &Wished,
    (title, answer): (&str, &str),
    rows: &[(String, String)],
) -> Response {
    let back = format!("/bookings/{id}/move?{}", wished.query());
    ask.page(Surface::Customer, &ask.label(title), |_, page| {
        let entries = rows.iter().fold(list::entries(), |entries, (address, words)| {
            entries.entry(Entry::new(address, words))
        });
        page.answer(answer)
            .back(&back, &ask.label("booking-choose-when"))
            .body(html! { (entries) })
    })
}

// ---- confirming

/// What it was and what it becomes, at which price, and whether the shop has to be asked.
pub(super) async fn ask_to_confirm(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Query(wished): Query<Wished>,
) -> Answer {
    if wished.starts_at().is_none() {
        return times_page(&ask, id, &wished, Some(&Refusal::NoTime.into())).await;
    }
    confirm_page(&ask, id, &wished, None).await
}

async fn confirm_page(ask: &Ask, id: Id<Booking>, wished: &Wished, no: Option<&Refused>) -> Answer {
    let case = Case::own(ask, id, wished).await?;
    let booking = &case.booking;
    let to = wished.starts_at().unwrap_or(booking.starts_at);
    let to = show::when(ask.lang(), to.day(), minute_of(to.day(), to), ask.today());
    let who = case.named.as_ref().map_or_else(
        || ask.label("booking-anyone"),
        |named| show::therapist(ask.lang(), &named.name),
    );
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let (send, back) = (
        format!("/bookings/{id}/move"),
        format!("/bookings/{id}/move?{}", wished.query()),
    );
    let response = ask.page(Surface::Customer, &ask.label("booking-move-confirm"), |frame, page| {
        page.answer(&ask.say("booking-move-to", &args![to => to.as_str()]))
            .errors(&errors)
            .back(&back, &ask.label("booking-choose-when"))
            .primary(html! { (button::submit(&ask.label("booking-move-send")).about(&to).form("move")) })
            .body(html! {
                p { (ask.label(case.consequence())) }
                @if let Some(words) = case.difference(ask) { p { (words) } }
                (list::facts()
                    .row(&ask.label("booking-move-before"), html! { (when(ask, booking)) "，" (show::therapist(ask.lang(), &case.present)) "，" (booking.service_name) })
                    .row(&ask.label("booking-move-after"), html! { (to) "，" (who) "，" (case.service_words(ask)) }))
                @if let (Some(visit), false) = (&case.visit, wished.home.is_empty()) { p { (trip_sentence(ask, visit)) } }
                form id="move" method="post" action=(send) novalidate {
                    (csrf(frame))
                    (field::hidden("version", &booking.version.to_string()))
                    (wished.hidden())
                    (field::hidden("slot", &wished.slot))
                }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

pub(super) async fn send(ask: Ask, Path(id): Path<Id<Booking>>, Form(wished): Form<Wished>) -> Answer {
    let wish = wished.clone();
    let done = ask
        .write(move |cx, tx| {
            let booking = own_booking(cx, tx, id)?;
            let moved = actions::propose(cx, tx, id, wish.version, &wish.proposal(&booking, false)?)?;
            Ok((open_change(tx, id)?.is_some(), moved))
        })
        .await;
    match done {
        Ok((asked, moved)) => {
            let said = match (asked, wished.home.is_empty()) {
                (true, _) => ask.label("booking-move-asked-said"),
                (false, true) => ask.say("booking-moved-said", &args![when => when(&ask, &moved)]),
                (false, false) => ask.say("booking-moved-there-said", &args![when => when(&ask, &moved)]),
            };
            Ok(ask.see_saying(&format!("/bookings/{id}"), &said))
        }
        // The shop does not go there any more.
        Err(Error::Refused(no)) if no.code == "booking.outside_area" => {
            address::refused(&ask, id, &wished, &no).await
        }
        // A time that is gone has the others beside it, and so has what was not chosen.
        Err(Error::Refused(no)) if no.field == Some("slot") || wished.starts_at().is_none() => {
            times_page(&ask, id, &wished, Some(&no)).await
        }
        Err(Error::Refused(no)) => confirm_page(&ask, id, &wished, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

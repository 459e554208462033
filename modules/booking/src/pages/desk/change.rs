//! Changes at the desk: what customers wish, to be answered; a time, or another therapist, proposed for a booking.

use kernel::{Day, Error, Id, Refused, Result};
use text::{args, show};
use therapist::Therapist;
use web::{
    Answer, Ask, Form, Markup, Path, Query, html,
    ui::{Choice, Entry, Errors, Frame, Icon, Surface, button, csrf, field, list, money, section, state},
};

use super::super::{
    change::{Case, Pressed, Wished, difference, terms_words},
    choose::{TimesInWords, current_of, minute_of, sentence_of},
    when, whom,
};
use crate::{
    actions::{self, Proposal, Who},
    model::{Booking, CHANGE_NOTE_LENGTH, Change, Refusal, Side},
    open_change, open_changes, store,
};

/// The changes that wait, the customers' wishes first.
pub(in crate::pages) async fn list(ask: Ask) -> Answer {
    let rows = ask
        .read(|cx, tx| {
            let open = open_changes(tx, cx.shop()?)?;
            let read = |change: Change| {
                let booking = store::find(tx, change.booking)?;
                let therapist = therapist::therapist(tx, change.to.therapist)?.name;
                Ok((booking, change, therapist))
            };
            open.into_iter().map(read).collect::<Result<Vec<_>>>()
        })
        .await?;
    let (asked, offered): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .partition(|(_, change, _)| change.by == Side::Customer);
    let title = ask.say("booking-changes-title", &args![count => asked.len()]);
    let answer = match asked.first() {
        Some((booking, change, therapist)) => ask.say(
            "booking-changes-first",
            &args![who => whom(&ask, booking), to => terms_words(&ask, change, therapist)],
        ),
        None => ask.label("booking-changes-none"),
    };
    Ok(ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer).back("/desk", &ask.label("booking-desk-home")).body(html! {
            @if asked.is_empty() && offered.is_empty() {
                (state::empty(Icon::Calendar, &ask.label("booking-changes-none")))
            }
            @if !asked.is_empty() {
                (section("asked", &ask.label("booking-changes-asked"), entries(&ask, frame, &asked)))
            }
            @if !offered.is_empty() {
                (section("offered", &ask.label("booking-changes-offered"), entries(&ask, frame, &offered)))
            }
        })
    }))
}

fn entries(ask: &Ask, frame: &Frame<'_>, rows: &[(Booking, Change, String)]) -> Markup {
    let words: Vec<[String; 4]> = rows
        .iter()
        .map(|(booking, change, therapist)| {
            let title = format!("{} {}", booking.contact.name, when(ask, booking));
            let to = ask.say(
                "booking-move-to",
                &args![to => terms_words(ask, change, therapist)],
            );
            let base = format!("/desk/bookings/{}/change", booking.id);
            [format!("{base}/agreement"), base, title, to]
        })
        .collect();
    let label = ask.label("booking-change-agree");
    let mut entries = list::entries().level(3);
    for ((booking, change, _), [agreement, address, title, to]) in rows.iter().zip(&words) {
        let entry = Entry::new(address, title).line(to);
        let version = booking.version.to_string();
        entries = entries.entry(match change.by {
            Side::Customer => {
                let agree = button::post(frame, agreement, &label)
                    .about_hidden(title)
                    .field("version", &version);
                entry.action(html! { (agree) })
            }
            Side::Shop => entry,
        });
    }
    html! { (entries) }
}

// ---- answering

/// One open change: agree, refuse; or, the shop's own, take it back or note that the customer agreed.
pub(in crate::pages) async fn show(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    open_page(&ask, id, None).await
}

async fn open_page(ask: &Ask, id: Id<Booking>, no: Option<&Refused>) -> Answer {
    let case = Case::at_desk(ask, id, &Wished::default()).await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let whom = whom(ask, &case.booking);
    let (title, answer) = match &case.open {
        None => (
            format!("{} {whom}", ask.label("booking-move")),
            ask.label("booking-change-none-answer"),
        ),
        Some(open) => {
            let key = match open.by {
                Side::Customer => "booking-change-to-answer",
                Side::Shop => "booking-change-waits",
            };
            let at = show::when(ask.lang(), open.to.day, open.minute(), ask.today());
            let answer = ask.say("booking-move-to", &args![to => at]);
            (format!("{whom} {}", ask.label(key)), answer)
        }
    };
    let back = format!("/desk/bookings/{id}");
    let response = ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &whom)
            .body(html! {
                @if let Some(open) = &case.open { (open_body(ask, frame, &case, open)) }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn open_body(ask: &Ask, frame: &Frame<'_>, case: &Case, open: &Change) -> Markup {
    let booking = &case.booking;
    let base = format!("/desk/bookings/{}/change", booking.id);
    let (version, whom) = (booking.version.to_string(), whom(ask, booking));
    let post = |path: &str, key: &str| {
        let (address, label) = (format!("{base}/{path}"), ask.label(key));
        let button = button::post(frame, &address, &label)
            .about_hidden(&whom)
            .field("version", &version);
        match path {
            "agreement" => html! { (button) },
            _ => html! { (button.secondary()) },
        }
    };
    let (agree, no) = match open.by {
        Side::Customer => ("booking-change-agree", ("refusal", "booking-change-refuse")),
        Side::Shop => (
            "booking-change-agreed-by-phone",
            ("withdrawal", "booking-change-withdraw"),
        ),
    };
    let limit = open.answer_by;
    let until = show::when(
        ask.lang(),
        limit.day(),
        minute_of(limit.day(), limit),
        ask.today(),
    );
    html! {
        div class="actions" {
            (post("agreement", agree))
            (post(no.0, no.1))
        }
        p { (ask.say("booking-change-until", &args![until => until])) }
        @if let Some(words) = difference(ask, open.dearer(booking)) { p { (words) } }
        (list::facts()
            .row(&ask.label("booking-move-before"), html! { (when(ask, booking)) "，" (show::therapist(ask.lang(), &case.present)) "，" (booking.service_name) })
            .row(&ask.label("booking-move-after"), html! { (terms_words(ask, open, &case.proposed)) })
            .row(&ask.label("booking-price"), money::amount(open.to.price.fen()))
            .row(&ask.label("booking-phone-short"), html! {
                @if booking.contact.phone.is_empty() { (ask.label("booking-no-phone")) } @else {
                    (button::dial(&booking.contact.phone, &ask.label("booking-dial"), &booking.contact.name).quiet())
                }
            }))
    }
}

type Answering = fn(&kernel::Cx, &mut db::Tx, Id<Booking>, i64) -> Result<Booking>;

pub(in crate::pages) async fn agree(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    answer(&ask, id, pressed.version, actions::agree, "booking-desk-moved").await
}

pub(in crate::pages) async fn refuse(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    answer(
        &ask,
        id,
        pressed.version,
        actions::refuse_change,
        "booking-desk-stays",
    )
    .await
}

pub(in crate::pages) async fn withdraw(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    answer(
        &ask,
        id,
        pressed.version,
        actions::withdraw_change,
        "booking-desk-stays",
    )
    .await
}

async fn answer(ask: &Ask, id: Id<Booking>, seen: i64, how: Answering, said: &str) -> Answer {
    let done = ask
        .write(move |cx, tx| {
            crate::at_shop(tx, cx.shop()?, id)?;
            how(cx, tx, id, seen)
        })
        .await;
    match done {
        Ok(booking) => {
            let what = format!("{} {}", booking.contact.name, when(ask, &booking));
            Ok(ask.see_saying("/desk/changes", &ask.say(said, &args![what => what])))
        }
        Err(Error::Refused(no)) => open_page(ask, id, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

// ---- proposing

/// Another time for a booking: the times as radios, whether the customer knows, and one button.
pub(in crate::pages) async fn times(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Query(wished): Query<Wished>,
) -> Answer {
    times_page(&ask, id, &wished, None).await
}

async fn times_page(ask: &Ask, id: Id<Booking>, wished: &Wished, no: Option<&Refused>) -> Answer {
    let case = Case::at_desk(ask, id, wished).await?;
    if case.open.is_some() {
        return Ok(ask.see(&format!("/desk/bookings/{id}/change")));
    }
    let days = case.times(ask, wished).await?;
    let chosen = wished.starts_at().map(|at| at.day());
    let current = current_of(&days, Day::parse(&wished.day).or(chosen));
    let base = format!("/desk/bookings/{id}/move");
    let words = TimesInWords::new(ask, case.named.as_ref(), &days, current, |day| {
        format!("{base}?{}&day={day}", wished.query())
    });
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let whom = whom(ask, &case.booking);
    let name = &case.booking.contact.name;
    let title = format!("{} {name}", ask.label("booking-move"));
    let answer = sentence_of(ask, case.named.as_ref(), &days, current);
    let (back, anyone) = (
        format!("/desk/bookings/{id}"),
        format!("{base}?therapist=any&service={}", wished.service),
    );
    let response = ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &whom)
            .body(html! {
                form method="post" action=(base) novalidate {
                    (csrf(frame))
                    (field::hidden("version", &case.booking.version.to_string()))
                    (field::hidden("therapist", &wished.therapist))
                    (field::hidden("service", &wished.service))
                    (words.choice(&errors))
                    (consent(ask, wished, &errors))
                }
                @if case.named.is_some() {
                    p class="actions" { (button::link(&anyone, &ask.label("booking-any")).quiet()) }
                }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

pub(in crate::pages) async fn send(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(wished): Form<Wished>,
) -> Answer {
    let wish = wished.clone();
    let done = ask
        .write(move |cx, tx| {
            let booking = crate::at_shop(tx, cx.shop()?, id)?;
            let wanted = wish.proposal(&booking, agreed(&wish)?)?;
            let done = actions::propose(cx, tx, id, wish.version, &wanted)?;
            Ok((open_change(tx, id)?.is_some(), done))
        })
        .await;
    match done {
        Ok(done) => Ok(proposed(&ask, done)),
        Err(Error::Refused(no)) => times_page(&ask, id, &wished, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

/// What the desk tells the customer, and two buttons: the customer has agreed already, or is to be asked.
fn consent(ask: &Ask, wished: &Wished, errors: &Errors<'_>) -> Markup {
    let note = ask.label("booking-change-note");
    let most = u32::try_from(CHANGE_NOTE_LENGTH).unwrap_or(u32::MAX);
    let (agreed, to_ask) = (ask.label("booking-agreed-yes"), ask.label("booking-agreed-no"));
    html! {
        // A form's first button answers Enter in its fields; agreeing for a customer takes a press of its own.
        button type="submit" disabled hidden {}
        (field::text("note", &note).value(&wished.note).autocomplete("off").max(most).errors(errors))
        div class="actions" {
            (button::submit(&agreed).id("agreed").name_value("agreed", "yes"))
            (button::submit(&to_ask).name_value("agreed", "no").secondary())
        }
    }
}

/// Whether the customer knows, as the desk has said.
fn agreed(wished: &Wished) -> Result<bool> {
    match wished.agreed.as_str() {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Refusal::NoConsent.into()),
    }
}

/// Back to the booking, which says what was done.
fn proposed(ask: &Ask, (asked, booking): (bool, Booking)) -> web::Response {
    let what = format!("{} {}", booking.contact.name, when(ask, &booking));
    let key = if asked {
        "booking-desk-offered"
    } else {
        "booking-desk-moved"
    };
    ask.see_saying(
        &format!("/desk/bookings/{}", booking.id),
        &ask.say(key, &args![what => what]),
    )
}

/// Another therapist at the same time. Who was asked for by name is swapped only with the customer's word.
pub(in crate::pages) async fn swap(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    swap_page(&ask, id, &Wished::default(), None).await
}

async fn swap_page(ask: &Ask, id: Id<Booking>, wished: &Wished, no: Option<&Refused>) -> Answer {
    // What was typed is of no use to the page that asks who is free.
    let case = Case::at_desk(ask, id, &Wished::default()).await?;
    if case.open.is_some() {
        return Ok(ask.see(&format!("/desk/bookings/{id}/change")));
    }
    let booking = case.booking.clone();
    let others: Vec<Therapist> = ask
        .read(move |_, tx| {
            let free = actions::could_serve(tx, &booking)?;
            free.into_iter().map(|id| therapist::therapist(tx, id)).collect()
        })
        .await?;
    let booking = &case.booking;
    let named = booking.reason == scheduling::Reason::Requested;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let whom = whom(ask, booking);
    let title = format!("{} {}", ask.label("booking-swap"), booking.contact.name);
    let answer = match others.len() {
        0 => ask.label("booking-swap-nobody"),
        count => ask.say("booking-swap-answer", &args![count => count]),
    };
    let legend = ask.label("booking-swap-who");
    let choices: Vec<(String, String)> = others
        .iter()
        .map(|other| (other.id.to_string(), show::therapist(ask.lang(), &other.name)))
        .collect();
    // Whoever stands first is chosen until another one is.
    let first = choices.first().map_or("", |(value, _)| value.as_str());
    let chosen = if wished.therapist.is_empty() {
        first
    } else {
        &wished.therapist
    };
    let (back, send) = (
        format!("/desk/bookings/{id}"),
        format!("/desk/bookings/{id}/therapist"),
    );
    let response = ask.page(Surface::Desk, &title, |frame, page| {
        let radios = choices.iter().fold(
            field::radios("therapist", &legend).value(chosen).errors(&errors),
            |radios, (value, name)| radios.option(Choice::new(value, name)),
        );
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &whom)
            .body(html! {
                @if choices.is_empty() {
                    (state::empty(Icon::Person, &ask.label("booking-swap-nobody")))
                } @else {
                    form method="post" action=(send) novalidate {
                        (csrf(frame))
                        (field::hidden("version", &booking.version.to_string()))
                        (radios)
                        @if named { (consent(ask, wished, &errors)) }
                        @else { (button::submit(&ask.label("booking-swap")).about(&booking.contact.name)) }
                    }
                }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

pub(in crate::pages) async fn send_swap(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(wished): Form<Wished>,
) -> Answer {
    let wish = wished.clone();
    let done = ask
        .write(move |cx, tx| {
            let booking = crate::at_shop(tx, cx.shop()?, id)?;
            let to: Id<Therapist> = wish.therapist.parse().map_err(|_| Refusal::NoTherapist)?;
            if booking.reason != scheduling::Reason::Requested {
                return Ok((false, actions::give_to(cx, tx, id, wish.version, to, "")?));
            }
            let wanted = Proposal {
                who: Who::Named(to),
                note: wish.note.clone(),
                agreed: agreed(&wish)?,
                ..Proposal::at(&booking, booking.starts_at)
            };
            let done = actions::propose(cx, tx, id, wish.version, &wanted)?;
            Ok((open_change(tx, id)?.is_some(), done))
        })
        .await;
    match done {
        Ok(done) => Ok(proposed(&ask, done)),
        Err(Error::Refused(no)) => swap_page(&ask, id, &wished, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

/// The open change on the desk's page of the booking.
pub(in crate::pages) fn door(ask: &Ask, booking: &Booking, open: &Change, therapist: &str) -> Markup {
    let key = match open.by {
        Side::Customer => "booking-desk-change-asked",
        Side::Shop => "booking-desk-change-offered",
    };
    let words = ask.say(key, &args![to => terms_words(ask, open, therapist)]);
    let address = format!("/desk/bookings/{}/change", booking.id);
    let whom = whom(ask, booking);
    html! {
        (state::notice(web::ui::Tone::Attention, &words)
            .body(html! { (button::link(&address, &ask.label("booking-change-look")).about_hidden(&whom)) }))
    }
}

//! What goes wrong at the end, at the desk: who stays away and what is kept, what is broken off, and the list of what is
//! still to be decided.

use kernel::{Error, Id, Money, Refused, Result};
use serde::Deserialize;
use text::{args, show};
use web::{
    Answer, Ask, Form, Path, html,
    ui::{Choice, Entry, Icon, Surface, button, csrf, field, list, state},
};

use super::{
    super::{case_badge, case_word, when, whom, why_word},
    after,
    service::MOST_WORDS,
};
use crate::{
    Refusal,
    actions::{self, at_desk},
    model::{Booking, Case, CaseKind, Fee, Why},
    store,
};

/// What the shop keeps, as it was chosen.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::pages) struct Kept {
    version: i64,
    fee: String,
    amount: String,
}

impl Kept {
    fn read(&self) -> Result<Fee, Refusal> {
        match self.fee.as_str() {
            "waive" => Ok(Fee::Waive),
            "keep" => Ok(Fee::All),
            "later" => Ok(Fee::Later),
            "part" => catalog::price(&self.amount)
                .map(Fee::Part)
                .ok_or(Refusal::NoAmount),
            _ => Err(Refusal::NoFee),
        }
    }
}

/// `GET /desk/bookings/{id}/no-show`
pub(in crate::pages) async fn ask_about_no_show(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    fee_page(&ask, id, &Kept::default(), (true, None)).await
}

/// `GET /desk/bookings/{id}/fee`
pub(in crate::pages) async fn ask_fee(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    fee_page(&ask, id, &Kept::default(), (false, None)).await
}

/// Asks what is kept; `noting` when the absence is noted with it, and then it can be put off.
async fn fee_page(
    ask: &Ask,
    id: Id<Booking>,
    typed: &Kept,
    (noting, no): (bool, Option<&Refused>),
) -> Answer {
    let (booking, most, several) = ask.read(move |cx, tx| with_most(cx, tx, id)).await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let whom = whom(ask, &booking);
    let (label, path) = match noting {
        true => (ask.label("booking-absent"), "no-show"),
        false => (ask.label("booking-decide-fee"), "fee"),
    };
    let (action, back) = (
        format!("/desk/bookings/{id}/{path}"),
        format!("/desk/bookings/{id}"),
    );
    let keep = ask.say("booking-keep-fee", &args![fee => show::money(most)]);
    let (waive, part, later) = (
        ask.label("booking-waive-fee"),
        ask.label("booking-part-fee"),
        ask.label("booking-later-fee"),
    );
    let chosen = match typed.fee.as_str() {
        "" if noting && !several => "later",
        fee => fee,
    };
    let legend = ask.label("booking-fee");
    let hint = ask.say("booking-part-hint", &args![most => show::money(most)]);
    Ok(ask.page(Surface::Desk, &format!("{label} {whom}"), |frame, page| {
        let mut radios = field::radios("fee", &legend)
            .errors(&errors)
            .value(chosen)
            .option(Choice::new("waive", &waive))
            .option(Choice::new("keep", &keep));
        if !several {
            radios = radios.option(Choice::new("part", &part));
        }
        if noting && !several {
            radios = radios.option(Choice::new("later", &later));
        }
        page.answer(&ask.label("booking-absent-answer"))
            .errors(&errors)
            .back(&back, &whom)
            .body(html! {
                form method="post" action=(action) novalidate {
                    (csrf(frame))
                    (field::hidden("version", &booking.version.to_string()))
                    @if most == Money::ZERO { p { (ask.label("booking-no-fee-due")) } (field::hidden("fee", "waive")) }
                    @else {
                        (radios)
                        @if !several {
                            (field::yuan("amount", &ask.label("booking-part-amount")).short().hint(&hint)
                                .value(&typed.amount).errors(&errors))
                        }
                    }
                    (button::submit(&label).about(&whom).danger())
                }
            })
    }))
}

/// The most that may be kept of a booking's money, and whether it is one of several.
fn with_most(cx: &kernel::Cx, tx: &mut db::Tx, id: Id<Booking>) -> Result<(Booking, Money, bool)> {
    let booking = at_desk(cx, tx, id)?;
    let several = actions::is_one_of_several(tx, &booking)?;
    let most = match store::case(tx, id)? {
        Some(case) => case.most,
        None => actions::most_to_keep(cx, tx, &booking)?,
    };
    Ok((booking, most, several))
}

/// `POST /desk/bookings/{id}/no-show`
pub(in crate::pages) async fn no_show(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(form): Form<Kept>,
) -> Answer {
    let done = match form.read() {
        Ok(fee) => {
            let seen = form.version;
            ask.write(move |cx, tx| actions::no_show(cx, tx, id, seen, fee))
                .await
        }
        Err(no) => Err(no.into()),
    };
    fee_answer(&ask, id, &form, (true, done)).await
}

/// `POST /desk/bookings/{id}/fee`
pub(in crate::pages) async fn decide_fee(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(form): Form<Kept>,
) -> Answer {
    let done = match form.read() {
        Ok(fee) => {
            let seen = form.version;
            ask.write(move |cx, tx| actions::decide_fee(cx, tx, id, seen, fee))
                .await
        }
        Err(no) => Err(no.into()),
    };
    fee_answer(&ask, id, &form, (false, done)).await
}

async fn fee_answer(
    ask: &Ask,
    id: Id<Booking>,
    form: &Kept,
    (noting, done): (bool, Result<Booking>),
) -> Answer {
    match done {
        Err(Error::Refused(no)) => {
            let page = fee_page(ask, id, form, (noting, Some(&no))).await?;
            Ok(ask.refused(&no, page))
        }
        done => after(ask, id, done).await,
    }
}

// ---- broken off

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::pages) struct Broken {
    version: i64,
    reason: String,
    words: String,
}

/// `GET /desk/bookings/{id}/abort`
pub(in crate::pages) async fn ask_to_abort(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    abort_page(&ask, id, &Broken::default(), None).await
}

async fn abort_page(ask: &Ask, id: Id<Booking>, typed: &Broken, no: Option<&Refused>) -> Answer {
    let (booking, costs) = ask
        .read(move |cx, tx| {
            let booking = at_desk(cx, tx, id)?;
            let costs = Why::OF_ABORT
                .into_iter()
                .map(|why| Ok((why, actions::cost_of_aborting(cx, tx, &booking, why)?)))
                .collect::<Result<Vec<_>>>()?;
            Ok((booking, costs))
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let (whom, label) = (whom(ask, &booking), ask.label("booking-abort"));
    let reasons: Vec<(&str, String, String)> = costs
        .iter()
        .map(|(why, cost)| {
            let cost = ask.say("booking-abort-cost", &args![amount => show::money(*cost)]);
            (why.code(), why_word(ask, *why), cost)
        })
        .collect();
    let (action, back) = (
        format!("/desk/bookings/{id}/abort"),
        format!("/desk/bookings/{id}"),
    );
    Ok(
        ask.page(Surface::Desk, &format!("{label} {whom}"), |frame, page| {
            let legend = ask.label("booking-reason");
            let radios = reasons.iter().fold(
                field::radios("reason", &legend)
                    .value(&typed.reason)
                    .errors(&errors),
                |radios, (code, words, cost)| radios.option(Choice::new(code, words).end(cost)),
            );
            page.answer(&ask.label("booking-abort-answer"))
                .errors(&errors)
                .back(&back, &whom)
                .body(html! {
                    form method="post" action=(action) novalidate {
                        (csrf(frame))
                        (field::hidden("version", &booking.version.to_string()))
                        (radios)
                        (field::textarea("words", &ask.label("booking-abort-words")).rows(2).max(MOST_WORDS)
                            .value(&typed.words).errors(&errors))
                        (button::submit(&label).about(&whom).danger())
                    }
                })
        }),
    )
}

/// `POST /desk/bookings/{id}/abort`
pub(in crate::pages) async fn abort(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(form): Form<Broken>,
) -> Answer {
    let why = Why::OF_ABORT.into_iter().find(|why| why.code() == form.reason);
    let (seen, words) = (form.version, form.words.clone());
    let done = ask
        .write(move |cx, tx| {
            at_desk(cx, tx, id)?;
            let why = why.ok_or(Refusal::NoReason)?;
            actions::abort(cx, tx, id, seen, why, &words)
        })
        .await;
    match done {
        Err(Error::Refused(no)) => {
            let page = abort_page(&ask, id, &form, Some(&no)).await?;
            Ok(ask.refused(&no, page))
        }
        done => after(&ask, id, done).await,
    }
}

#[derive(Deserialize)]
pub(in crate::pages) struct Key {}

/// `POST /desk/bookings/{id}/safety`: the safety key. One press and it is over, whatever the page knew; words can wait.
pub(in crate::pages) async fn safety(ask: Ask, Path(id): Path<Id<Booking>>, Form(_): Form<Key>) -> Answer {
    let done = ask
        .write(move |cx, tx| {
            let seen = at_desk(cx, tx, id)?.version;
            actions::abort(cx, tx, id, seen, Why::Unsafe, "")
        })
        .await;
    after(&ask, id, done).await
}

// ---- what is still to be decided

/// `GET /desk/cases`
pub(in crate::pages) async fn cases(ask: Ask) -> Answer {
    let cases = ask.read(|cx, tx| actions::open_cases(tx, cx.shop()?)).await?;
    let title = ask.say("booking-cases-title", &args![count => cases.len()]);
    let answer = match cases.first() {
        Some((case, booking)) => format!("{}，{}", whom(&ask, booking), case_word(&ask, case)),
        None => ask.label("booking-cases-none"),
    };
    let told: Vec<(String, String, String, &Case)> = cases
        .iter()
        .map(|(case, booking)| {
            let address = match (case.kind, case.state) {
                (CaseKind::Absence, crate::CaseState::Undecided) => {
                    format!("/desk/bookings/{}/fee", booking.id)
                }
                _ => format!("/desk/bookings/{}", booking.id),
            };
            let title = format!("{} {}", booking.contact.name, when(&ask, booking));
            (address, title, case_word(&ask, case), case)
        })
        .collect();
    Ok(ask.page(Surface::Desk, &title, |_, page| {
        let mut entries = list::entries();
        for (address, title, kind, case) in &told {
            entries = entries.entry(
                Entry::new(address, title)
                    .line(kind)
                    .badge(case_badge(&ask, case)),
            );
        }
        page.answer(&answer)
            .back("/desk/bookings", &ask.label("booking-desk-bookings"))
            .body(html! {
                @if told.is_empty() { (state::empty(Icon::Check, &ask.label("booking-cases-empty"))) }
                @else { (entries) }
            })
    }))
}

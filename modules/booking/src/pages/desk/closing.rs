//! The shop closes suddenly: until when and why, what it would meet, and what was done. Only the last step changes anything.

use db::Tx;
use kernel::{Cx, Day, Error, Id, Instant, Money, Refused, Result};
use serde::{Deserialize, Serialize};
use shop::Closing;
use text::{args, show};
use web::{
    Answer, Ask, Form, Markup, Path, Query, html,
    ui::{Choice, Entry, Frame, Surface, button, csrf, field, list, section},
};

use super::{
    super::{state_word, when},
    counter::moment,
};
use crate::{
    actions,
    model::{Hit, Met, Refusal},
};

const PAGE: &str = "/desk/closing";
/// Closings of so many days ahead are listed.
const AHEAD: i64 = 100;

/// What is typed and carried on.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(in crate::pages) struct Typed {
    /// `today`, `moment` or `days`.
    how: String,
    clock: String,
    first: String,
    last: String,
    reason: String,
    /// What was shown: bookings, and fen.
    count: String,
    amount: String,
    /// Made with the page: sent twice, it closes once.
    key: String,
}

impl Typed {
    /// From when, where that is not now, and until when.
    fn span(&self, cx: &Cx, tx: &mut Tx) -> Result<(Option<Instant>, Instant)> {
        let shop = cx.shop()?.id();
        let today = actions::today(tx, shop, cx.now())?;
        match self.how.as_str() {
            "today" => Ok((None, actions::day_ends(tx, shop, today)?)),
            "moment" => {
                let minute = scheduling::read_clock(&self.clock).ok_or(Refusal::BadClock)?;
                Ok((None, today.at(minute)))
            }
            "days" => {
                let day = |typed: &str, field| {
                    Day::parse(typed.trim()).ok_or_else(|| Refused::from(shop::Refusal::BadDay).on(field))
                };
                let (first, last) = (day(&self.first, "first")?, day(&self.last, "last")?);
                let from = actions::day_ends(tx, shop, first.plus(-1))?;
                let from = (first > today).then_some(from);
                Ok((from, actions::day_ends(tx, shop, last)?))
            }
            _ => Err(Refusal::NoClosing.into()),
        }
    }

    fn shown(&self) -> actions::Shown {
        let amount = self.amount.parse().unwrap_or(-1);
        (self.count.parse().unwrap_or(usize::MAX), Money(amount))
    }

    /// What is carried on to the next page.
    fn carried(&self) -> [(&'static str, &str); 5] {
        [
            ("how", &self.how),
            ("clock", &self.clock),
            ("first", &self.first),
            ("last", &self.last),
            ("reason", &self.reason),
        ]
    }
}

/// `GET /desk/closing`
pub(in crate::pages) async fn ask(ask: Ask, Query(typed): Query<Typed>) -> Answer {
    form_page(&ask, &typed, None).await
}

async fn form_page(ask: &Ask, typed: &Typed, no: Option<&Refused>) -> Answer {
    let live = ask
        .read(|cx, tx| {
            let (shop, now) = (cx.shop()?.id(), cx.now());
            shop::closings(tx, shop, now, now.day().plus(AHEAD).at(0))
        })
        .await?;
    // What is wrong with the end stands at the choice of it.
    let moved = no.map(|no| match no.field {
        Some("until") => Refused {
            field: Some("how"),
            ..no.clone()
        },
        _ => no.clone(),
    });
    let errors = moved
        .as_ref()
        .map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let answer = match live.first() {
        Some(closing) if closing.contains(ask.cx.now()) => ask.say(
            "booking-closing-until",
            &args![until => moment(ask, closing.until)],
        ),
        Some(_) => ask.label("booking-closing-planned"),
        None => ask.label("booking-closing-none"),
    };
    let choices = ["today", "moment", "days"].map(|how| (how, ask.label(&format!("booking-closing-{how}"))));
    let legend = ask.label("booking-closing-how");
    let radios = choices.iter().fold(
        field::radios("how", &legend).value(&typed.how).errors(&errors),
        |radios, (how, words)| radios.option(Choice::new(how, words)),
    );
    let response = ask.page(Surface::Desk, &ask.label("booking-closing"), |frame, page| {
        page.answer(&answer).back("/desk/bookings", &ask.label("booking-desk-bookings")).errors(&errors).body(html! {
            @if !live.is_empty() { (section("live", &ask.label("booking-closings"), live_list(ask, frame, &live))) }
            form method="get" action="/desk/closing/confirmation" novalidate {
                (radios)
                (field::time("clock", &ask.label("booking-closing-clock")).value(&typed.clock).errors(&errors))
                (field::date("first", &ask.label("booking-closing-first")).value(&typed.first).errors(&errors))
                (field::date("last", &ask.label("booking-closing-last")).value(&typed.last).errors(&errors))
                (field::text("reason", &ask.label("booking-closing-reason")).hint(&ask.label("booking-closing-reason-hint"))
                    .value(&typed.reason).autocomplete("off").errors(&errors))
                (button::submit(&ask.label("booking-closing-look")))
            }
        })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

/// 今天下午 3 点到晚上 9 点，停电
fn span_words(ask: &Ask, closing: &Closing) -> String {
    ask.say(
        "booking-closing-span",
        &args![from => moment(ask, closing.from), until => moment(ask, closing.until), reason => closing.reason.as_str()],
    )
}

fn live_list(ask: &Ask, frame: &Frame<'_>, live: &[Closing]) -> Markup {
    let told: Vec<(String, String)> = live
        .iter()
        .map(|closing| (format!("/desk/closings/{}", closing.id), span_words(ask, closing)))
        .collect();
    let mut entries = list::entries().level(3);
    for (address, words) in &told {
        entries = entries.entry(Entry::new(address, words).action(html! {
            (button::post(frame, &format!("{address}/lifting"), &ask.label("booking-closing-lift")).about_hidden(words).quiet())
        }));
    }
    html! { (entries) }
}

/// `GET /desk/closing/confirmation`: how many bookings and how much money it concerns.
pub(in crate::pages) async fn check(ask: Ask, Query(typed): Query<Typed>) -> Answer {
    preview(&ask, typed, None).await
}

async fn preview(ask: &Ask, typed: Typed, no: Option<&Refused>) -> Answer {
    let wish = typed.clone();
    let looked = ask
        .read(move |cx, tx| {
            let span = wish.span(cx, tx)?;
            let hit = actions::would_close(cx, tx, span, &wish.reason)?;
            Ok((span, hit))
        })
        .await;
    let ((from, until), hit) = match looked {
        Ok(looked) => looked,
        Err(Error::Refused(no)) => return form_page(ask, &typed, Some(&no)).await,
        Err(other) => return Err(other.into()),
    };
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let answer = concerns(ask, &hit);
    let carried = serde_html_form::to_string(typed.carried()).unwrap_or_default();
    let back = format!("{PAGE}?{carried}");
    let from = from.map_or_else(|| ask.label("booking-closing-now"), |from| moment(ask, from));
    let span = ask.say(
        "booking-closing-span",
        &args![from => from, until => moment(ask, until), reason => typed.reason.trim()],
    );
    let label = ask.label("booking-closing-confirm");
    // What is about to happen is heard first, not the name of the page.
    let response = ask.page(Surface::Desk, &answer, |frame, page| {
        page.heading(&label)
            .answer(&answer)
            .back(&back, &ask.label("booking-closing"))
            .errors(&errors)
            .body(html! {
                p { (span) }
                (hit_words(ask, &hit))
                form method="post" action="/desk/closings" novalidate {
                    (csrf(frame))
                    @for (name, value) in typed.carried() { (field::hidden(name, value)) }
                    (field::hidden("count", &hit.count().to_string()))
                    (field::hidden("amount", &hit.money().fen().to_string()))
                    (field::hidden("key", &ask.cx.token()))
                    (button::submit(&label).danger())
                }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

/// 会取消 5 个预约，退 640 元
pub(in crate::pages) fn concerns(ask: &Ask, hit: &Hit) -> String {
    ask.say(
        "booking-closing-asks",
        &args![count => hit.count(), amount => show::money(hit.money())],
    )
}

/// What is called off, what is let go unpaid, and what is left.
pub(in crate::pages) fn hit_words(ask: &Ask, hit: &Hit) -> Markup {
    let ends: Vec<&Met> = hit.ends().collect();
    let stays: Vec<&Met> = hit.met.iter().filter(|met| met.stays).collect();
    html! {
        @if !ends.is_empty() { (section("ends", &ask.label("booking-closing-ends"), list::sentences(&lines(ask, &ends)))) }
        @if !hit.held.is_empty() { p { (ask.say("booking-closing-held", &args![count => hit.held.len()])) } }
        @if !stays.is_empty() { (section("stays", &ask.label("booking-closing-stays"), list::sentences(&lines(ask, &stays)))) }
    }
}

/// 张女士 今天下午 3 点，服务中
fn lines(ask: &Ask, met: &[&Met]) -> Vec<String> {
    met.iter()
        .map(|met| {
            let booking = &met.booking;
            let whom = format!("{} {}", booking.contact.name, when(ask, booking));
            match met.stays {
                true => format!("{whom}，{}", state_word(ask, booking.state)),
                false => format!("{whom}，{}", show::money(met.amount)),
            }
        })
        .collect()
}

/// `POST /desk/closings`
pub(in crate::pages) async fn close(ask: Ask, Form(typed): Form<Typed>) -> Answer {
    let wish = typed.clone();
    let closed = ask
        .write(move |cx, tx| {
            let span = wish.span(cx, tx)?;
            actions::close_shop(cx, tx, &wish.key, span, wish.reason.trim(), wish.shown())
        })
        .await;
    match closed {
        Ok(closing) => Ok(ask.see_saying(
            &format!("/desk/closings/{}", closing.id),
            &ask.label("booking-closing-closed"),
        )),
        Err(Error::Refused(no)) => preview(&ask, typed, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

/// `GET /desk/closings/{id}`: what was done.
pub(in crate::pages) async fn done(ask: Ask, Path(id): Path<Id<Closing>>) -> Answer {
    let (closing, met) = ask
        .read(move |cx, tx| Ok((actions::closing_at(cx, tx, id)?, actions::met_by(tx, id)?)))
        .await?;
    let ended: Vec<&Met> = met.iter().filter(|met| !met.stays).collect();
    let stays: Vec<&Met> = met.iter().filter(|met| met.stays).collect();
    let mut customers: Vec<i64> = ended.iter().map(|met| met.booking.customer.raw()).collect();
    customers.sort_unstable();
    customers.dedup();
    let amount: Money = ended.iter().map(|met| met.amount).sum();
    let answer = ask.say(
        "booking-closing-done",
        &args![count => ended.len(), amount => show::money(amount)],
    );
    let told = ask.say("booking-closing-told", &args![count => customers.len()]);
    let title = ask.label(match closing.lifted_at {
        None => "booking-closing-title",
        Some(_) => "booking-closing-lifted",
    });
    let span = span_words(&ask, &closing);
    Ok(ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer).back(PAGE, &ask.label("booking-closing")).body(html! {
            p { (span) }
            @if !ended.is_empty() { p { (told) } }
            @if !stays.is_empty() {
                (section("stays", &ask.label("booking-closing-stays"), list::sentences(&lines(&ask, &stays))))
            }
            @if !ended.is_empty() { (section("ends", &ask.label("booking-closing-ended"), list::sentences(&lines(&ask, &ended)))) }
            @if closing.lifted_at.is_none() && closing.kind == shop::ClosingKind::Sudden {
                p { (ask.label("booking-closing-lift-means")) }
                (button::post(frame, &format!("/desk/closings/{id}/lifting"), &ask.label("booking-closing-lift")).secondary())
            }
        })
    }))
}

/// `POST /desk/closings/{id}/lifting`
pub(in crate::pages) async fn lift(ask: Ask, Path(id): Path<Id<Closing>>) -> Answer {
    ask.write(move |cx, tx| {
        actions::closing_at(cx, tx, id)?;
        actions::reopen_shop(cx, tx, id)
    })
    .await?;
    Ok(ask.see_saying(PAGE, &ask.label("booking-closing-opened")))
}

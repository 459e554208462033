//! WeChat's bill, day by day, and what differs from our books.

use kernel::{Cx, Day, Error, Id, Money, Refused, ShopScope};
use text::{args, show};
use web::{
    Allow, Answer, Ask, Form, Markup, Path, Routes, html,
    ui::{self, Entry, Frame, Icon, Surface, Tone, button, csrf, field, list, state},
};

use super::{NoteForm, when};
use crate::{
    Difference, DifferenceKind, actions, reconcile,
    store::{self, BillDay},
};

const BILLS: &str = "/console/payments/bills";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(BILLS, Allow::Console, days)
        .get("/console/payments/bills/{day}", Allow::Console, day)
        .post("/console/payments/bills/{day}/reading", Allow::Centre, read_again)
        .get("/console/payments/differences/{id}", Allow::Console, difference)
        .post("/console/payments/differences/{id}/note", Allow::Centre, explain)
}

/// The own shop; `None` for the centre, which sees all.
fn own(cx: &Cx) -> Option<ShopScope> {
    cx.shop().ok()
}

async fn days(ask: Ask) -> Answer {
    let days = ask.read(|cx, tx| store::bill_days(tx, own(cx))).await?;
    let open: i64 = days.iter().map(|day| day.open).sum();
    let title = ask.say("payment-bills-title", &args![count => open]);
    let answer = ask.label(if open == 0 {
        "payment-bills-sound"
    } else {
        "payment-bills-open"
    });
    let lines: Vec<Line> = days.iter().map(|day| day_line(&ask, day)).collect();
    Ok(ask.page(Surface::Console, &title, |_, page| {
        page.answer(&answer).body(html! {
            @if days.is_empty() { (state::empty(Icon::Receipt, &ask.label("payment-bills-empty"))) }
            @else { (entries(&lines)) }
        })
    }))
}

/// One entry of a list, in words.
struct Line {
    href: String,
    title: String,
    state: (Tone, String),
    line: String,
}

fn entries(lines: &[Line]) -> Markup {
    let mut entries = list::entries();
    for line in lines {
        entries = entries.entry(
            Entry::new(&line.href, &line.title)
                .badge(state::badge(line.state.0, &line.state.1))
                .line(&line.line),
        );
    }
    html! { (entries) }
}

fn day_line(ask: &Ask, day: &BillDay) -> Line {
    let state = if day.open > 0 {
        (
            Tone::Attention,
            ask.say("payment-bill-differs", &args![count => day.open]),
        )
    } else if day.closed_at.is_some() {
        (Tone::Good, ask.label("payment-bill-closed"))
    } else {
        (Tone::Plain, ask.label("payment-bill-not-closed"))
    };
    Line {
        href: format!("{BILLS}/{}", day.day),
        title: show::day(ask.lang(), day.day, ask.today()),
        state,
        line: sums(ask, day),
    }
}

fn sums(ask: &Ask, day: &BillDay) -> String {
    let (paid, refunded, fee) = (
        show::money(day.paid),
        show::money(day.refunded),
        show::money(day.fee),
    );
    ask.say(
        "payment-bill-sums",
        &args![
            count => day.lines,
            paid => paid.as_str(),
            refunded => refunded.as_str(),
            fee => fee.as_str()
        ],
    )
}

async fn day(ask: Ask, Path(text): Path<String>) -> Answer {
    let day = Day::parse(&text).ok_or(Error::NotFound)?;
    let (bill, differences) = ask
        .read(move |cx, tx| {
            let scope = own(cx);
            let bill = store::bill_days(tx, scope)?
                .into_iter()
                .find(|bill| bill.day == day);
            Ok((bill, store::differences(tx, day, scope)?))
        })
        .await?;
    let bill = bill.ok_or(Error::NotFound)?;
    let words = show::day(ask.lang(), day, ask.today());
    let title = ask.say(
        "payment-bill-title",
        &args![day => words.as_str(), count => bill.open],
    );
    let answer = sums(&ask, &bill);
    let back = ask.label("payment-bills-back");
    let centre = Allow::Centre.admits(ask.actor());
    let again = format!("{BILLS}/{day}/reading");
    let lines: Vec<Line> = differences
        .iter()
        .map(|difference| Line {
            href: format!("/console/payments/differences/{}", difference.id),
            title: heading(&ask, difference),
            state: standing(&ask, difference),
            line: amounts(&ask, difference),
        })
        .collect();
    Ok(ask.page(Surface::Console, &title, |frame, page| {
        page.back(BILLS, &back)
            .answer(&ask.label(if bill.open == 0 {
                "payment-bills-sound"
            } else {
                "payment-bills-open"
            }))
            .body(html! {
                p { (answer) }
                @if differences.is_empty() { (state::empty(Icon::Check, &ask.label("payment-bill-same"))) }
                @else { (entries(&lines)) }
                @if centre { (button::post(frame, &again, &ask.label("payment-bill-again")).about(&words).secondary()) }
            })
    }))
}

fn heading(ask: &Ask, difference: &Difference) -> String {
    format!(
        "{} {}",
        ask.label(kind_key(difference.found.kind)),
        difference.found.number
    )
}

fn standing(ask: &Ask, difference: &Difference) -> (Tone, String) {
    if difference.explained.is_some() {
        (Tone::Good, ask.label("payment-difference-explained"))
    } else if difference.gone_at.is_some() {
        (Tone::Good, ask.label("payment-difference-gone"))
    } else {
        (Tone::Attention, ask.label("payment-to-look"))
    }
}

fn amounts(ask: &Ask, difference: &Difference) -> String {
    let words = |amount: Option<Money>| amount.map_or_else(|| ask.label("payment-nothing"), show::money);
    ask.say(
        "payment-difference-amounts",
        &args![
            ours => words(difference.found.ours).as_str(),
            theirs => words(difference.found.theirs).as_str()
        ],
    )
}

#[derive(serde::Deserialize)]
struct Asked {}

async fn read_again(ask: Ask, Path(text): Path<String>, Form(_): Form<Asked>) -> Answer {
    let day = Day::parse(&text).ok_or(Error::NotFound)?;
    ask.write(move |cx, tx| reconcile::plan(cx, tx, day)).await?;
    Ok(ask.see_saying(&format!("{BILLS}/{day}"), &ask.label("payment-bill-soon")))
}

async fn difference(ask: Ask, Path(id): Path<Id<Difference>>) -> Answer {
    difference_page(&ask, id, &NoteForm::default(), None).await
}

async fn difference_page(ask: &Ask, id: Id<Difference>, form: &NoteForm, no: Option<&Refused>) -> Answer {
    let difference = ask
        .read(move |cx, tx| {
            let difference = store::difference(tx, id)?;
            match own(cx) {
                Some(scope) if difference.found.shop != Some(scope.id()) => Err(Error::NotFound),
                _ => Ok(difference),
            }
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let title = heading(ask, &difference);
    let back_to = format!("{BILLS}/{}", difference.day);
    let back = show::day(ask.lang(), difference.day, ask.today());
    let writes = difference.is_open() && Allow::Centre.admits(ask.actor());
    let response = ask.page(Surface::Console, &title, |frame, page| {
        page.back(&back_to, &back)
            .errors(&errors)
            .answer(&standing(ask, &difference).1)
            .body(html! {
                p { (amounts(ask, &difference)) }
                p { (ask.label(&format!("{}-help", kind_key(difference.found.kind)))) }
                @if let Some((at, who, words)) = &difference.explained {
                    (state::notice(Tone::Good, &ask.label("payment-difference-explained")).body(html! {
                        p { (when(ask, *at)) " " (who) }
                        p { (words) }
                    }))
                }
                @if writes { (note_form(ask, frame, (id, &difference.found.number), form, &errors)) }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn note_form(
    ask: &Ask,
    frame: &Frame<'_>,
    (id, number): (Id<Difference>, &str),
    form: &NoteForm,
    errors: &ui::Errors<'_>,
) -> Markup {
    let action = format!("/console/payments/differences/{id}/note");
    html! {
        form method="post" action=(action) novalidate {
            (csrf(frame))
            (field::textarea("note", &ask.label("payment-why")).hint(&ask.label("payment-why-hint"))
                .value(&form.note).rows(3).max(500).errors(errors))
            (button::submit(&ask.label("payment-why-save")).about(number))
        }
    }
}

async fn explain(ask: Ask, Path(id): Path<Id<Difference>>, Form(form): Form<NoteForm>) -> Answer {
    let note = form.note.clone();
    match ask.write(move |cx, tx| actions::explain(cx, tx, id, &note)).await {
        Ok(day) => Ok(ask.see_saying(&format!("{BILLS}/{day}"), &ask.label("payment-why-saved"))),
        Err(Error::Refused(no)) => difference_page(&ask, id, &form, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

fn kind_key(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::PaymentUnknown => "payment-differs-payment-unknown",
        DifferenceKind::PaymentUnbilled => "payment-differs-payment-unbilled",
        DifferenceKind::Amount => "payment-differs-amount",
        DifferenceKind::Currency => "payment-differs-currency",
        DifferenceKind::Merchant => "payment-differs-merchant",
        DifferenceKind::State => "payment-differs-state",
        DifferenceKind::Transaction => "payment-differs-transaction",
        DifferenceKind::Duplicate => "payment-differs-duplicate",
        DifferenceKind::RefundUnknown => "payment-differs-refund-unknown",
        DifferenceKind::RefundUnbilled => "payment-differs-refund-unbilled",
        DifferenceKind::RefundAmount => "payment-differs-refund-amount",
        DifferenceKind::RefundState => "payment-differs-refund-state",
        DifferenceKind::Fee => "payment-differs-fee",
        DifferenceKind::Books => "payment-differs-books",
        DifferenceKind::Total => "payment-differs-total",
        DifferenceKind::Flow => "payment-differs-flow",
    }
}

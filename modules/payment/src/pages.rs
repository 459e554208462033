//! What a person at the centre has to decide about money.

mod bill;
mod refund;

use std::sync::Arc;

use kernel::{Error, Id, Refused};
use serde::{Deserialize, Serialize};
use text::{args, show};
use web::{
    Allow, Answer, Ask, Form, Markup, Path, Routes, html,
    ui::{self, Entry, Icon, Surface, Tone, button, csrf, field, list, money, state},
};

use crate::{Refund, Suspect, WeChatPay, actions, model::RefundState, store};

const LIST: &str = "/console/payments/quarantine";
const REFUNDS: &str = "/console/payments/refunds";

pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = bill::routes(refund::routes(routes));
    routes
        .get(LIST, Allow::Centre, quarantine)
        .get("/console/payments/quarantine/{id}", Allow::Centre, suspect)
        .post("/console/payments/quarantine/{id}/note", Allow::Centre, note)
        .get(REFUNDS, Allow::Console, refunds)
        .post(
            "/console/payments/refunds/{id}/settlement",
            Allow::Console,
            settle,
        )
        .post(
            "/console/payments/refunds/{id}/redirection",
            Allow::Console,
            redirect,
        )
        .post("/console/payments/refunds/{id}/repetition", Allow::Centre, repeat)
}

async fn quarantine(ask: Ask) -> Answer {
    let suspects = ask.read(|_, tx| store::quarantined(tx)).await?;
    let waiting = suspects.iter().filter(|suspect| suspect.looked.is_none()).count();
    let title = ask.say("payment-quarantine-title", &args![count => waiting]);
    let lines: Vec<Line> = suspects.iter().map(|suspect| Line::of(&ask, suspect)).collect();
    Ok(ask.page(Surface::Console, &title, |_, page| {
        page.answer(&ask.label(if waiting == 0 {
            "payment-quarantine-none"
        } else {
            "payment-quarantine-some"
        }))
        .body(html! {
            @if lines.is_empty() {
                (state::empty(Icon::Check, &ask.label("payment-quarantine-empty")))
            } @else { (entries(&lines)) }
            (list::items(&[
                html! { a href=(REFUNDS) { (ask.label("payment-refunds-link")) } },
                html! { a href="/console/payments/approvals" { (ask.label("payment-approvals-link")) } },
                html! { a href="/console/payments/bills" { (ask.label("payment-bills-link")) } },
            ]))
        })
    }))
}

/// One entry of the list, in words.
struct Line {
    href: String,
    title: String,
    when: String,
    state: (Tone, String),
    amount: i64,
}

impl Line {
    fn of(ask: &Ask, suspect: &Suspect) -> Line {
        let state = match suspect.looked {
            Some(_) => (Tone::Good, ask.label("payment-looked")),
            None => (Tone::Attention, ask.label("payment-to-look")),
        };
        Line {
            href: format!("{LIST}/{}", suspect.id),
            title: format!("{} {}", ask.label(doubt_key(suspect)), suspect.out_trade_no),
            when: when(ask, suspect.found_at),
            state,
            amount: suspect.amount.fen(),
        }
    }
}

fn entries(lines: &[Line]) -> Markup {
    let mut entries = list::entries();
    for line in lines {
        entries = entries.entry(
            Entry::new(&line.href, &line.title)
                .badge(state::badge(line.state.0, &line.state.1))
                .line(&line.when)
                .end(money::amount(line.amount)),
        );
    }
    html! { (entries) }
}

#[derive(Serialize, Deserialize, Default)]
pub(crate) struct NoteForm {
    #[serde(default)]
    note: String,
}

async fn suspect(ask: Ask, Path(id): Path<Id<Suspect>>) -> Answer {
    let form = ask.kept().await.unwrap_or_default();
    suspect_page(&ask, id, &form, None).await
}

async fn suspect_page(ask: &Ask, id: Id<Suspect>, form: &NoteForm, no: Option<&Refused>) -> Answer {
    let suspect = ask.read(move |_, tx| store::suspect(tx, id)).await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let title = format!("{} {}", ask.label(doubt_key(&suspect)), suspect.out_trade_no);
    let action = format!("{LIST}/{id}/note");
    let back = ask.label("payment-quarantine-back");
    let response = ask.page(Surface::Console, &title, |frame, page| {
        page.back(LIST, &back).errors(&errors).answer(&ask.label("payment-suspect-answer")).body(html! {
            (facts(ask, &suspect))
            @if let Some((at, who, words)) = &suspect.looked {
                (state::notice(Tone::Good, &ask.label("payment-looked")).body(html! {
                    p { (when(ask, *at)) " " (who) }
                    p { (words) }
                }))
            } @else {
                form method="post" action=(action) novalidate {
                    (csrf(frame))
                    (field::textarea("note", &ask.label("payment-note")).hint(&ask.label("payment-note-hint"))
                        .value(&form.note).rows(3).max(500).errors(&errors))
                    (button::submit(&ask.label("payment-note-save")).about(&suspect.out_trade_no))
                }
            }
        })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn facts(ask: &Ask, suspect: &Suspect) -> Markup {
    let word = |key: &str| ask.label(key);
    let (amount, number, transaction, source, found, body) = (
        word("payment-amount"),
        word("payment-number"),
        word("payment-transaction"),
        word("payment-source"),
        word("payment-found"),
        word("payment-body"),
    );
    html! {
        (list::facts()
            .row(&amount, money::amount(suspect.amount.fen()))
            .row(&number, html! { (suspect.out_trade_no) })
            .row(&transaction, html! { (suspect.transaction_id) })
            .row(&source, html! { (ask.label(match suspect.source {
                crate::Source::Notice => "payment-source-notice",
                crate::Source::Query => "payment-source-query",
                crate::Source::Bill => "payment-source-bill",
            })) })
            .row(&found, html! { (when(ask, suspect.found_at)) })
            .row(&body, html! { code { (suspect.body) } }))
    }
}

async fn note(ask: Ask, Path(id): Path<Id<Suspect>>, Form(form): Form<NoteForm>) -> Answer {
    let words = form.note.trim().to_owned();
    let noted = if words.is_empty() {
        Err(crate::Refusal::NoNote.into())
    } else {
        ask.write(move |cx, tx| crate::look_at(cx, tx, id, &words)).await
    };
    match noted {
        Ok(()) => Ok(ask.see_saying(LIST, &ask.label("payment-note-saved"))),
        Err(Error::Refused(no)) => suspect_page(&ask, id, &form, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

async fn refunds(ask: Ask) -> Answer {
    refunds_page(&ask, None).await
}

async fn refunds_page(ask: &Ask, no: Option<&Refused>) -> Answer {
    let centre = is_centre(ask);
    let troubled = ask
        .read(move |cx, tx| {
            if centre {
                store::troubled_refunds(tx)
            } else {
                store::troubled_refunds_of(tx, cx.shop()?)
            }
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let title = ask.say("payment-refunds-title", &args![count => troubled.len()]);
    let back = ask.label("payment-quarantine-back");
    let response = ask.page(Surface::Console, &title, |frame, page| {
        let page = if centre { page.back(LIST, &back) } else { page };
        page.errors(&errors).answer(&ask.label("payment-refunds-answer")).body(html! {
            @if troubled.is_empty() { (state::empty(Icon::Check, &ask.label("payment-refunds-empty"))) }
            ul class="sentences" role="list" {
                @for refund in &troubled { li id={ "r" (refund.id) } { (troubled_refund(ask, frame, refund)) } }
            }
        })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn troubled_refund(ask: &Ask, frame: &ui::Frame<'_>, refund: &Refund) -> Markup {
    let what = show::money(refund.amount);
    let sentence = ask.say(
        if refund.state == RefundState::Abnormal {
            "payment-refund-stuck"
        } else {
            "payment-refund-failed"
        },
        &args![
            number => refund.out_refund_no.as_str(),
            amount => what.as_str(),
            why => refund.trouble.as_deref().unwrap_or_default()
        ],
    );
    let action = format!("{REFUNDS}/{}/repetition", refund.id);
    html! {
        p { (sentence) }
        @if refund.state == RefundState::Abnormal { (ways_out(ask, frame, refund, &what)) }
        @if refund.state == RefundState::Failed && is_centre(ask) {
            (button::post(frame, &action, &ask.label("payment-refund-again")).about(&what).secondary())
        }
    }
}

/// What can be done about a refund that the customer's bank does not take.
fn ways_out(ask: &Ask, frame: &ui::Frame<'_>, refund: &Refund, what: &str) -> Markup {
    let (settle, redirect) = (
        format!("{REFUNDS}/{}/settlement", refund.id),
        format!("{REFUNDS}/{}/redirection", refund.id),
    );
    let name = format!("note-{}", refund.id);
    html! {
        p { (ask.label("payment-redirect-hint")) }
        (button::post(frame, &redirect, &ask.label("payment-redirect")).about(what).secondary())
        form method="post" action=(settle) novalidate {
            (csrf(frame))
            p {
                label for=(name) { (ask.say("payment-settle-how", &args![amount => what])) }
                input id=(name) name="note" maxlength="200" autocomplete="off";
            }
            (button::submit(&ask.label("payment-settle")).about(what).secondary())
        }
    }
}

fn is_centre(ask: &Ask) -> bool {
    Allow::Centre.admits(ask.actor())
}

async fn settle(ask: Ask, Path(id): Path<Id<Refund>>, Form(form): Form<NoteForm>) -> Answer {
    let done = ask
        .write(move |cx, tx| actions::settle_refund(cx, tx, id, &form.note))
        .await;
    resolved(&ask, done, "payment-settled-by-hand").await
}

#[derive(Deserialize)]
struct Asked {}

async fn redirect(ask: Ask, Path(id): Path<Id<Refund>>, Form(_): Form<Asked>) -> Answer {
    let send = move |app: &web::App, cx: &kernel::Cx| {
        crate::redirect_refund(&app.db, cx, app.plug::<Arc<WeChatPay>>(), id)
    };
    let done = ask.blocking(send).await;
    resolved(&ask, done, "payment-redirected").await
}

async fn resolved(ask: &Ask, done: kernel::Result<()>, said: &str) -> Answer {
    match done {
        Ok(()) => Ok(ask.see_saying(REFUNDS, &ask.label(said))),
        Err(Error::Refused(no)) => refunds_page(ask, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

async fn repeat(ask: Ask, Path(id): Path<Id<Refund>>) -> Answer {
    match ask.write(move |cx, tx| actions::refund_again(cx, tx, id)).await {
        Ok(_) => Ok(ask.see_saying(REFUNDS, &ask.label("payment-refund-repeated"))),
        Err(Error::Refused(no)) => refunds_page(&ask, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

fn doubt_key(suspect: &Suspect) -> &'static str {
    use crate::Doubt;
    match suspect.doubt {
        Doubt::Number => "payment-doubt-number",
        Doubt::Amount => "payment-doubt-amount",
        Doubt::Currency => "payment-doubt-currency",
        Doubt::Merchant => "payment-doubt-merchant",
        Doubt::SubMerchant => "payment-doubt-sub-merchant",
        Doubt::App => "payment-doubt-app",
        Doubt::Payer => "payment-doubt-payer",
        Doubt::Transaction => "payment-doubt-transaction",
        Doubt::Refund => "payment-doubt-refund",
    }
}

fn when(ask: &Ask, at: kernel::Instant) -> String {
    show::when(ask.lang(), at.day(), at.minute_of_day(), ask.today())
}

//! The desk's forms about money. Each says first what will be done; sent twice, each does it once.

use kernel::{Error, Id, Money, Refused, Result};
use serde::Deserialize;
use text::{args, show};
use web::{
    Answer, Ask, Form, Path, html,
    ui::{Surface, button, csrf, field},
};

use super::super::{line_words, told_at_desk, words_of};
use crate::{AskedBack, Line, Order, Portion, Refusal, Return, actions, store};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Cash {
    amount: String,
    key: String,
}

/// `GET /desk/orders/{id}/cash`
pub(super) async fn ask_cash(ask: Ask, Path(id): Path<Id<Order>>) -> Answer {
    cash_page(&ask, id, None, None).await
}

async fn cash_page(ask: &Ask, id: Id<Order>, typed: Option<Cash>, no: Option<&Refused>) -> Answer {
    let told = told_at_desk(ask, id).await?;
    let open = super::open_amount(&told);
    let typed = typed.unwrap_or_else(|| Cash {
        amount: open.to_string().trim_start_matches('¥').to_owned(),
        key: ask.cx.token(),
    });
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let amount = show::money(open);
    let title = ask.say(
        "order-cash-title",
        &args![number => told.order.number.as_str(), title => told.order.title.as_str()],
    );
    let answer = ask.say("order-cash-answer", &args![amount => amount]);
    let (here, back) = (format!("/desk/orders/{id}/cash"), format!("/desk/orders/{id}"));
    Ok(ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &told.order.number)
            .body(html! {
                form method="post" action=(here) novalidate {
                    (csrf(frame))
                    (field::hidden("key", &typed.key))
                    (field::yuan("amount", &ask.label("order-cash-amount")).short()
                        .hint(&ask.label("order-cash-hint")).value(&typed.amount).errors(&errors))
                    (button::submit(&ask.label("order-cash-taken")).about(&told.order.title))
                }
            })
    }))
}

/// `POST /desk/orders/{id}/cash`
pub(super) async fn take_cash(ask: Ask, Path(id): Path<Id<Order>>, Form(cash): Form<Cash>) -> Answer {
    let taken = match catalog::price(&cash.amount) {
        Some(amount) => {
            let key = cash.key.clone();
            let take = move |cx: &kernel::Cx, tx: &mut db::Tx| {
                actions::take_cash(cx, tx, id, &key, amount).map(|order| (order, amount))
            };
            ask.write(take).await
        }
        None => Err(Refusal::NoAmount.into()),
    };
    match taken {
        Ok((_, amount)) => {
            let said = ask.say("order-cash-said", &args![amount => show::money(amount)]);
            Ok(ask.see_saying(&format!("/desk/orders/{id}"), &said))
        }
        Err(Error::Refused(no)) => {
            let page = cash_page(&ask, id, Some(cash), Some(&no)).await?;
            Ok(ask.refused(&no, page))
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Deserialize)]
pub(super) struct Pressed {}

/// `POST /desk/orders/{id}/handing-out`
pub(super) async fn hand_out(ask: Ask, Path(id): Path<Id<Order>>, Form(_): Form<Pressed>) -> Answer {
    let done = ask.write(move |cx, tx| actions::hand_out(cx, tx, id)).await;
    let said = match done {
        Ok(order) => ask.say("order-handed-out-said", &args![title => order.title]),
        Err(error) => words_of(&ask, error)?,
    };
    Ok(ask.see_saying(&format!("/desk/orders/{id}"), &said))
}

/// `POST /desk/orders/{id}/returns/{given}/handing-over`
pub(super) async fn hand_over(
    ask: Ask,
    Path((id, given)): Path<(Id<Order>, Id<Return>)>,
    Form(_): Form<Pressed>,
) -> Answer {
    let done = ask
        .write(move |cx, tx| {
            let known = store::returns(tx, id)?;
            if !known.iter().any(|known| known.id == given) {
                return Err(Error::NotFound);
            }
            actions::hand_over(cx, tx, given)
        })
        .await?;
    let said = ask.say(
        "order-handed-over-said",
        &args![amount => show::money(done.amount)],
    );
    Ok(ask.see_saying("/desk/orders", &said))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct LineRefund {
    amount: String,
    reason: String,
    key: String,
}

impl LineRefund {
    /// How much, and why.
    fn read(&self) -> Result<(Money, String)> {
        let amount = catalog::price(&self.amount).ok_or(Refusal::NoAmount)?;
        let reason = self.reason.trim();
        if reason.is_empty() || reason.chars().count() > 80 {
            return Err(Refusal::NoReason.into());
        }
        Ok((amount, reason.to_owned()))
    }
}

type OfOrder = Path<(Id<Order>, Id<Line>)>;

/// `GET /desk/orders/{id}/lines/{line}/refund`
pub(super) async fn ask_refund(ask: Ask, Path((id, line)): OfOrder) -> Answer {
    refund_page(&ask, id, line, None, None).await
}

async fn refund_page(
    ask: &Ask,
    id: Id<Order>,
    line: Id<Line>,
    typed: Option<LineRefund>,
    no: Option<&Refused>,
) -> Answer {
    let told = told_at_desk(ask, id).await?;
    let left = ask
        .read(move |_, tx| {
            let matrix = store::matrix(tx, id)?;
            let row = matrix.rows.into_iter().find(|row| row.line == line);
            row.map(|row| row.returnable()).ok_or(Error::NotFound)
        })
        .await?;
    let found = told.lines.iter().find(|found| found.id == line);
    let words = found.map_or_else(String::new, |found| line_words(ask, found));
    let typed = typed.unwrap_or_else(|| LineRefund {
        amount: left.to_string().trim_start_matches('¥').to_owned(),
        reason: String::new(),
        key: ask.cx.token(),
    });
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let title = ask.say("order-refund-title", &args![amount => show::money(left)]);
    let answer = ask.say("order-refund-answer", &args![what => words.as_str()]);
    let (here, back) = (
        format!("/desk/orders/{id}/lines/{line}/refund"),
        format!("/desk/orders/{id}"),
    );
    Ok(ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &told.order.number)
            .body(html! {
                p { (ask.label("order-refund-seen")) }
                form method="post" action=(here) novalidate {
                    (csrf(frame))
                    (field::hidden("key", &typed.key))
                    (field::yuan("amount", &ask.label("order-refund-amount")).short()
                        .value(&typed.amount).errors(&errors))
                    (field::text("reason", &ask.label("order-refund-reason"))
                        .value(&typed.reason).errors(&errors))
                    (button::submit(&ask.label("order-refund-line")).about(&words).danger())
                }
            })
    }))
}

/// `POST /desk/orders/{id}/lines/{line}/refund`
pub(super) async fn refund(ask: Ask, Path((id, line)): OfOrder, Form(form): Form<LineRefund>) -> Answer {
    let done: Result<AskedBack> = match form.read() {
        Ok((amount, reason)) => {
            let (key, portion) = (form.key.clone(), Portion::Amount(amount));
            ask.write(move |cx, tx| actions::refund_line_at_desk(cx, tx, (id, line), &key, portion, &reason))
                .await
        }
        Err(no) => Err(no),
    };
    match done {
        Ok(AskedBack { amount, waits }) => {
            let key = if waits {
                "order-refund-waits-said"
            } else {
                "order-refund-said"
            };
            let said = ask.say(key, &args![amount => show::money(amount)]);
            Ok(ask.see_saying(&format!("/desk/orders/{id}"), &said))
        }
        Err(Error::Refused(no)) => {
            let page = refund_page(&ask, id, line, Some(form), Some(&no)).await?;
            Ok(ask.refused(&no, page))
        }
        Err(other) => Err(other.into()),
    }
}

//! The pay page. It shows paid only from the server's own knowledge: coming back from WeChat's sheet makes the server ask
//! WeChat, and while that is unknown the page asks the server again every few seconds.

use std::sync::Arc;

use kernel::{Id, Money, Result};
use payment::WeChatPay;
use serde::Deserialize;
use serde_json::{Value, json};
use text::{args, show};
use web::{
    Answer, Ask, Form, IntoResponse, Markup, Path, Query, Response, html,
    ui::{self, Surface, Tone, button, state},
};

use super::{Told, amounts, facts, told, words_of};
use crate::{Order, Payer, State, actions};

#[derive(Deserialize)]
pub(crate) struct Returned {
    /// Set on the address that WeChat's sheet leads back to.
    paid: Option<String>,
}

/// `GET /orders/{id}/payment`
pub(crate) async fn show(ask: Ask, Path(id): Path<Id<Order>>, Query(query): Query<Returned>) -> Answer {
    let mut told = told(&ask, id).await?;
    let returned = query.paid.is_some();
    let unpaid = matches!(told.order.state, State::Open | State::Closing);
    if unpaid || (returned && told.due() > Money::ZERO) {
        inquire(&ask, id).await?;
        told = super::told(&ask, id).await?;
    }
    match told.order.state {
        State::Open if !returned => pay_page(&ask, &told).await,
        // The rest was asked for and is not there.
        State::Placed | State::Fulfilled if told.due() > Money::ZERO => pay_page(&ask, &told).await,
        _ => Ok(state_page(&ask, &told)),
    }
}

/// `GET /orders/{id}/payment/state`: the part of the page that changes by itself.
pub(crate) async fn part(ask: Ask, Path(id): Path<Id<Order>>) -> Answer {
    inquire(&ask, id).await?;
    let told = told(&ask, id).await?;
    Ok(axum::response::Html(state_part(&ask, &told).into_string()).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Withdrawal {}

/// `POST /orders/{id}/withdrawal`: the customer does not want it any more.
pub(crate) async fn withdraw(ask: Ask, Path(id): Path<Id<Order>>, Form(_): Form<Withdrawal>) -> Answer {
    let withdrawn = ask
        .write(move |cx, tx| {
            actions::own(cx, tx, id)?;
            actions::abandon(cx, tx, id)
        })
        .await;
    let path = format!("/orders/{id}");
    match withdrawn {
        Ok(_) => Ok(ask.see_saying(&path, &ask.label("order-withdrawn"))),
        Err(error) => Ok(ask.see_saying(&path, &words_of(&ask, error)?)),
    }
}

/// `POST /orders/{id}/rest`: the customer pays the rest in the app.
pub(crate) async fn rest(ask: Ask, Path(id): Path<Id<Order>>, Form(_): Form<Withdrawal>) -> Answer {
    let asked = ask.write(move |cx, tx| actions::ask_rest(cx, tx, id)).await;
    match asked {
        Ok(_) => Ok(ask.see(&format!("/orders/{id}/payment"))),
        Err(error) => Ok(ask.see_saying(&format!("/orders/{id}"), &words_of(&ask, error)?)),
    }
}

/// Asks WeChat about a running attempt, and lets the order follow what it says without waiting for a job.
async fn inquire(ask: &Ask, id: Id<Order>) -> Result<()> {
    let live = ask
        .read(move |cx, tx| {
            actions::own(cx, tx, id)?;
            payment::live(tx, &actions::purpose(id))
        })
        .await?;
    if let Some(payment) = live.filter(|payment| payment.prepaid_at.is_some()) {
        ask.limit("payment", &id.to_string(), 60)?;
        ask.blocking(move |app, cx| payment::check(&app.db, cx, app.plug::<Arc<WeChatPay>>(), payment.id))
            .await?;
    }
    ask.write(move |cx, tx| actions::settle(cx, tx, id)).await
}

/// What the page needs to open the sheet, or in words why it cannot.
async fn sheet(ask: &Ask, told: &Told) -> Result<Result<Value, String>> {
    let (id, customer, sub_mchid) = (told.order.id, ask.customer()?, told.sub_mchid.clone());
    let opened = ask
        .write(move |cx, tx| {
            let openid = identity::openid_of(tx, customer)?.ok_or(crate::Refusal::NoWeChat)?;
            let sub_mchid = sub_mchid.clone();
            actions::pay(cx, tx, id, &Payer { openid, sub_mchid })
        })
        .await;
    let prepaid = match opened {
        Ok(payment) => {
            let pay = move |app: &web::App, cx: &kernel::Cx| {
                payment::prepay(&app.db, cx, app.plug::<Arc<WeChatPay>>(), payment.id)
            };
            ask.blocking(pay).await
        }
        Err(error) => Err(error),
    };
    match prepaid {
        Ok(params) => Ok(Ok(serde_json::to_value(params)?)),
        Err(error) => words_of(ask, error).map(Err),
    }
}

async fn pay_page(ask: &Ask, told: &Told) -> Answer {
    let order = &told.order;
    let price = show::money(told.due());
    let title = ask.say("order-pay-title", &args![amount => price.as_str()]);
    let sheet = sheet(ask, told).await?;
    let payment = format!("/orders/{}/payment", order.id);
    let returning = format!("{payment}?paid=1");
    let mut wx = json!({ "words": ui::wechat::words(ask.tr()) });
    if let Ok(params) = &sheet {
        wx["pay"] = json!({ "params": params, "return": returning });
    }
    let label = ask.say("order-pay-button", &args![amount => price.as_str()]);
    let (asked, again) = (ask.label("order-i-paid"), ask.label("order-pay-again"));
    let (what, money, give_up) = (
        ask.label("order-what"),
        ask.label("order-money"),
        ask.label("order-withdraw"),
    );
    let withdrawal = format!("/orders/{}/withdrawal", order.id);
    let answer = super::sentence(ask, told);
    Ok(ask.page(Surface::Customer, &title, |frame, page| {
        // WeChat brings the bridge for paying itself; other places that show this page bring it with the SDK.
        let page = match &ask.app.settings.jssdk_url {
            none if none.is_empty() => page,
            sdk => page.script_src(sdk),
        };
        page.answer(&answer)
            .script("js/wechat.js")
            .data("wx", &wx)
            .primary(html! {
                @match &sheet {
                    Ok(_) => {
                        (ui::wechat::pay_button(&label))
                        (button::link(&returning, &asked).secondary())
                    }
                    Err(_) => (button::link(&payment, &again).about(&price).large())
                }
            })
            .body(html! {
                @if let Err(why) = &sheet {
                    (state::notice(Tone::Attention, &ask.label("order-no-sheet")).body(html! { p { (why) } }))
                }
                (ui::section("what", &what, facts(ask, told)))
                (ui::section("money", &money, html! {
                    (amounts(ask, told))
                    p { (policy_words(ask, order)) }
                }))
                @if order.state == State::Open {
                    (button::post(frame, &withdrawal, &give_up).about_hidden(&order.title).quiet())
                }
            })
    }))
}

/// What cancelling would cost, said before paying.
fn policy_words(ask: &Ask, order: &Order) -> String {
    let hours = order.policy.free_until_minutes / 60;
    let percent = order.policy.late_fee_bp / 100;
    ask.say("order-policy", &args![hours => hours, percent => percent])
}

/// Every state but "to be paid now".
fn state_page(ask: &Ask, told: &Told) -> Response {
    let order = &told.order;
    let title = ask.label(title_key(told));
    let (what, money, look) = (
        ask.label("order-what"),
        ask.label("order-money"),
        ask.label("order-look"),
    );
    ask.page(Surface::Customer, &title, |_, page| {
        let page = match order.state {
            State::Placed | State::Fulfilled => page.primary(html! {
                (button::link(&order.page, &look).about(&order.title).large())
            }),
            _ => page,
        };
        page.body(html! {
            (state_part(ask, told))
            (ui::section("what", &what, facts(ask, told)))
            (ui::section("money", &money, amounts(ask, told)))
        })
    })
}

fn title_key(told: &Told) -> &'static str {
    match told.order.state {
        State::Open | State::Closing => "order-title-asking",
        State::Placed | State::Fulfilled if told.rest() > Money::ZERO => "order-title-booked",
        State::Placed | State::Fulfilled => "order-title-paid",
        State::Cancelled => "order-title-cancelled",
        State::Closed => "order-title-closed",
    }
}

/// While the answer is open this part fetches itself again; with no script the link does.
fn state_part(ask: &Ask, told: &Told) -> Markup {
    let order = &told.order;
    let (path, payment) = (
        format!("/orders/{}/payment/state", order.id),
        format!("/orders/{}/payment", order.id),
    );
    let returning = format!("{payment}?paid=1");
    let asking = matches!(order.state, State::Open | State::Closing);
    let words = if asking {
        ask.label("order-asking")
    } else {
        super::sentence(ask, told)
    };
    let (refresh, to_pay) = (ask.label("order-ask-again"), ask.label("order-back-to-pay"));
    html! {
        div id="payment-state" hx-get=[asking.then_some(path)] hx-trigger=[asking.then_some("every 3s")]
            hx-swap=[asking.then_some("morph:outerHTML")] {
            p class="answer" { (words) }
            @if asking {
                p { a href=(returning) { (refresh) } }
                @if order.state == State::Open { p { a href=(payment) { (to_pay) } } }
            }
            @if matches!(order.state, State::Closed | State::Cancelled) {
                p { (button::link("/", &ask.label("order-book-again")).secondary()) }
            }
        }
    }
}

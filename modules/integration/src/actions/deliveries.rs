//! News on their way to other programs.

use booking::Booking;
use db::Tx;
use kernel::{Cx, Error, Id, Instant, Result, Shop};
use order::Order;
use serde_json::{Value, json};

use super::hooks;
use crate::{
    jobs::{DELIVER, Deliver},
    model::{
        Delivery, DeliveryState, Hook, HookState, HookStep, LONGEST_FAILING_MS, News, Outcome, Refusal, pause,
    },
    store,
};

/// Puts an event on its way to every address of its shop that wants it. The same news again changes nothing.
pub fn announce(cx: &Cx, tx: &mut Tx, event: &str, news: &News) -> Result<()> {
    let Some(told) = told(tx, news)? else {
        return Ok(());
    };
    let cause = format!("{event} {}", told.cause);
    let body = json!({ "type": event, "timestamp": cx.now().to_string(), "data": told.data }).to_string();
    for hook in store::hooks_of(tx, told.shop)? {
        let wants = hook.events.iter().any(|wanted| wanted == event);
        if !wants || hook.state != HookState::Active {
            continue;
        }
        let delivery = Delivery {
            id: cx.id(),
            hook: hook.id,
            event: event.to_owned(),
            body: body.clone(),
            state: DeliveryState::Pending,
            attempts: 0,
            status: None,
            trouble: None,
            made_at: cx.now(),
            next_at: Some(cx.now()),
            ended_at: None,
        };
        if store::add_delivery(tx, &delivery, &cause)? {
            plan(cx, tx, &delivery, cx.now())?;
        }
    }
    Ok(())
}

/// What an event says to others: identifiers and where things stand. Whoever may know more asks the API for it.
struct Told {
    shop: Id<Shop>,
    cause: String,
    data: Value,
}

fn told(tx: &mut Tx, news: &News) -> Result<Option<Told>> {
    if let Some(id) = news.booking {
        let found: Booking = booking::booking(tx, id)?;
        let version = news.version.unwrap_or(found.version);
        return Ok(Some(Told {
            shop: found.shop,
            cause: format!("{id} {version}"),
            data: json!({
                "shop": found.shop, "booking": id, "version": version, "order": found.order,
                "starts_at": found.starts_at.to_string(),
            }),
        }));
    }
    let of_payment =
        |purpose: &payment::Purpose| (purpose.module == "order").then(|| Id::<Order>::from_raw(purpose.id));
    let Some(id) = news.order.or(news.purpose.as_ref().and_then(of_payment)) else {
        return Ok(None);
    };
    let found = order::order(tx, id)?;
    let mut data = json!({ "shop": found.shop, "order": id, "number": found.number });
    let mut cause = format!("{id}");
    if let Some(refund) = news.refund {
        data["refund"] = refund.to_string().into();
        cause = format!("{cause} {refund}");
    }
    if let Some(amount) = news.amount {
        data["amount_fen"] = amount.fen().into();
    }
    Ok(Some(Told {
        shop: found.shop,
        cause,
        data,
    }))
}

fn plan(cx: &Cx, tx: &mut Tx, delivery: &Delivery, due: Instant) -> Result<()> {
    let attempt = Deliver {
        delivery: delivery.id,
        attempts: delivery.attempts,
    };
    let key = format!("{} {}", delivery.id, delivery.attempts);
    tx.schedule(cx, DELIVER, &attempt, due, Some(&key))
}

/// Keeps how an attempt ended: done, again later, or given up. An address that fails for too long, or says that it is
/// gone, is switched off.
pub fn record(cx: &Cx, tx: &mut Tx, sent: &Deliver, outcome: &Outcome) -> Result<()> {
    let before = store::delivery(tx, sent.delivery)?;
    if before.state != DeliveryState::Pending || before.attempts != sent.attempts {
        return Ok(());
    }
    let mut after = Delivery {
        attempts: before.attempts + 1,
        status: None,
        trouble: None,
        next_at: None,
        ended_at: Some(cx.now()),
        ..before
    };
    match outcome {
        Outcome::Answered(status) => after.status = Some(i64::from(*status)),
        Outcome::Unanswered(why) => after.trouble = Some(why.chars().take(200).collect()),
    }
    let hook = store::hook(tx, after.hook)?;
    let wait = pause(after.attempts, cx.below(1_000) as i64);
    after.state = match wait {
        _ if outcome.is_taken() => DeliveryState::Delivered,
        Some(wait) if hook.state == HookState::Active && !outcome.is_gone() => {
            (after.next_at, after.ended_at) = (Some(cx.now() + wait), None);
            DeliveryState::Pending
        }
        _ => DeliveryState::Dead,
    };
    if !store::save_delivery(tx, &after, sent.attempts)? {
        return Ok(());
    }
    if let Some(due) = after.next_at {
        plan(cx, tx, &after, due)?;
    }
    judge(cx, tx, hook, outcome)
}

/// What an attempt says about its address.
fn judge(cx: &Cx, tx: &mut Tx, hook: Hook, outcome: &Outcome) -> Result<()> {
    if outcome.is_taken() {
        return match hook.failing_since {
            Some(_) => store::set_failing(tx, hook.id, None),
            None => Ok(()),
        };
    }
    let since = hook.failing_since.unwrap_or(cx.now());
    if hook.failing_since.is_none() {
        store::set_failing(tx, hook.id, Some(since))?;
    }
    let too_long = cx.now() - since >= LONGEST_FAILING_MS;
    if hook.state == HookState::Active && (too_long || outcome.is_gone()) {
        tracing::warn!(hook = %hook.id, shop = %hook.shop, "a webhook was switched off: nothing arrives there");
        let hook = Hook {
            failing_since: Some(since),
            ..hook
        };
        hooks::take(cx, tx, hook, HookStep::SwitchOff)?;
    }
    Ok(())
}

/// Sends again what was given up or has arrived, with the same id.
///
/// # Errors
/// `integration.still_sending`, `integration.hook_gone` where the address is not in use; `NotFound`.
pub fn send_again(
    cx: &Cx,
    tx: &mut Tx,
    shop: Id<Shop>,
    hook: Id<Hook>,
    id: Id<Delivery>,
) -> Result<Delivery> {
    let hook = hooks::at_shop(cx, tx, shop, hook)?;
    let before = store::delivery(tx, id)?;
    if before.hook != hook.id {
        return Err(Error::NotFound);
    }
    if before.state == DeliveryState::Pending {
        return Err(Refusal::StillSending.into());
    }
    if hook.state != HookState::Active {
        return Err(Refusal::HookGone.into());
    }
    let attempts = before.attempts;
    let after = Delivery {
        state: DeliveryState::Pending,
        attempts: 0,
        next_at: Some(cx.now()),
        ended_at: None,
        ..before
    };
    if !store::save_delivery(tx, &after, attempts)? {
        return Err(Refusal::StillSending.into());
    }
    plan(cx, tx, &after, cx.now())?;
    Ok(after)
}

/// So long deliveries that ended are kept.
const KEPT_MS: i64 = 30 * crate::model::DAY_MS;

/// Forgets deliveries that ended long ago; how many.
pub fn forget(cx: &Cx, tx: &mut Tx) -> Result<u64> {
    store::forget_deliveries(tx, Instant(cx.now().ms() - KEPT_MS))
}

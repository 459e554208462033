//! Webhooks by API: the same actions as the console's pages.

use std::sync::Arc;

use db::Tx;
use kernel::{Cx, Id, Result, Shop};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::{Ask, Path, Query};

use super::{
    Answer, Page, Paging,
    extract::{Body, Told, Writing},
    moment,
    table::Table,
    whole,
};
use crate::{
    Post, actions,
    model::{Delivery, Hook, Refusal, Scope},
    store,
};

pub(super) fn add(table: Table) -> Table {
    let (read, write) = (Scope::WebhooksRead, Scope::WebhooksWrite);
    table
        .get(at!("/webhooks"), read, "list-webhooks", list)
        .post(at!("/webhooks"), write, "create-webhook", create)
        .post(
            at!("/webhooks/{webhook}/secret"),
            write,
            "rotate-webhook-secret",
            rotate,
        )
        .post(at!("/webhooks/{webhook}/opening"), write, "open-webhook", open)
        .post(
            at!("/webhooks/{webhook}/removal"),
            write,
            "remove-webhook",
            remove,
        )
        .get(
            at!("/webhooks/{webhook}/deliveries"),
            read,
            "list-deliveries",
            deliveries,
        )
        .post(
            at!("/webhooks/{webhook}/deliveries/{delivery}/repetition"),
            write,
            "repeat-delivery",
            repeat,
        )
}

/// An address that hears what happens at a shop.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Webhook")]
struct HookView {
    /// Identifier.
    id: String,
    /// Where.
    url: String,
    /// Names of events.
    events: Vec<String>,
    /// `active`, `off` or `removed`.
    state: String,
    /// Since when nothing arrives.
    failing_since: Option<String>,
    /// What signs; told when it is made and when it is changed, never again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    secret: Option<String>,
    /// Counts the changes.
    version: i64,
}

impl From<&Hook> for HookView {
    fn from(one: &Hook) -> HookView {
        HookView {
            id: one.id.to_string(),
            url: one.url.clone(),
            events: one.events.clone(),
            state: one.state.code().to_owned(),
            failing_since: one.failing_since.map(moment),
            secret: None,
            version: one.version,
        }
    }
}

impl HookView {
    fn with_secret(hook: &Hook) -> HookView {
        HookView {
            secret: Some(hook.secret.reveal().clone()),
            ..HookView::from(hook)
        }
    }
}

async fn list(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer<Page<HookView>> {
    let found = ask
        .read(move |cx, tx| store::hooks_of(tx, cx.shop_named(shop)?.id()))
        .await?;
    Ok(whole(found.iter().map(HookView::from).collect()))
}

/// What is registered.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct NewHook {
    /// https, on the public network.
    url: String,
    /// Names of events.
    events: Vec<String>,
}

async fn create(
    ask: Ask,
    Path(shop): Path<Id<Shop>>,
    writing: Writing,
    Body(body): Body<NewHook>,
) -> Answer<HookView> {
    let guard = ask.app.plug::<Arc<Post>>().guard();
    let asked = serde_json::to_value(&body)?;
    let does = move |cx: &Cx, tx: &mut Tx| {
        let (hook, _) = actions::register(cx, tx, guard, shop, (&body.url, &body.events))?;
        Ok(hook.id)
    };
    let told = writing
        .write(&ask, &asked, does, move |cx, tx, id| {
            let hook = actions::at_shop(cx, tx, shop, id)?;
            Ok(Told::new(HookView::with_secret(&hook)).version(hook.version))
        })
        .await?;
    Ok(told.created())
}

type OfHook = Path<(Id<Shop>, Id<Hook>)>;

/// What can be done with an address.
type Doing = fn(&Cx, &mut Tx, Id<Shop>, Id<Hook>) -> Result<Hook>;

/// Takes a step with an address; a version that was sent must be the one that it has.
async fn step(
    ask: &Ask,
    Path((shop, id)): OfHook,
    writing: &Writing,
    (does, view): (Doing, fn(&Hook) -> HookView),
) -> Answer<HookView> {
    let seen = writing.sent();
    let does = move |cx: &Cx, tx: &mut Tx| {
        let before = actions::at_shop(cx, tx, shop, id)?;
        if seen.is_some_and(|seen| seen != before.version) {
            return Err(Refusal::HookGone.into());
        }
        Ok(does(cx, tx, shop, id)?.id)
    };
    let told = writing
        .write(ask, &seen, does, move |cx, tx, id| {
            let hook = actions::at_shop(cx, tx, shop, id)?;
            Ok(Told::new(view(&hook)).version(hook.version))
        })
        .await?;
    Ok(told)
}

async fn rotate(ask: Ask, of: OfHook, writing: Writing) -> Answer<HookView> {
    let rotate: Doing = |cx, tx, shop, id| Ok(actions::rotate(cx, tx, shop, id)?.0);
    step(&ask, of, &writing, (rotate, HookView::with_secret)).await
}

async fn open(ask: Ask, of: OfHook, writing: Writing) -> Answer<HookView> {
    step(
        &ask,
        of,
        &writing,
        (actions::switch_on, |hook| HookView::from(hook)),
    )
    .await
}

async fn remove(ask: Ask, of: OfHook, writing: Writing) -> Answer<HookView> {
    step(&ask, of, &writing, (actions::remove, |hook| HookView::from(hook))).await
}

/// One piece of news for one address.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Delivery")]
struct DeliveryView {
    /// The message's id: the same in every attempt.
    id: String,
    /// Which event.
    event: String,
    /// `pending`, `delivered` or `dead`.
    state: String,
    /// How often it was sent.
    attempts: i64,
    /// HTTP status of the last answer.
    status: Option<i64>,
    /// Why the last attempt had no answer.
    trouble: Option<String>,
    /// When it happened.
    made_at: String,
    /// When it is sent next.
    next_at: Option<String>,
    /// When it arrived or was given up.
    ended_at: Option<String>,
}

impl From<&Delivery> for DeliveryView {
    fn from(one: &Delivery) -> DeliveryView {
        DeliveryView {
            id: one.id.to_string(),
            event: one.event.clone(),
            state: one.state.code().to_owned(),
            attempts: one.attempts,
            status: one.status,
            trouble: one.trouble.clone(),
            made_at: moment(one.made_at),
            next_at: one.next_at.map(moment),
            ended_at: one.ended_at.map(moment),
        }
    }
}

async fn deliveries(
    ask: Ask,
    Path((shop, id)): OfHook,
    Query(paging): Query<Paging>,
) -> Answer<Page<DeliveryView>> {
    let (limit, before) = (paging.limit()?, paging.before()?);
    let found = ask
        .read(move |cx, tx| {
            let hook = actions::at_shop(cx, tx, shop, id)?;
            store::deliveries(tx, hook.id, before, limit + 1)
        })
        .await?;
    Ok(Told::new(paging.page(found, |one| one.id.to_string())))
}

async fn repeat(
    ask: Ask,
    Path((shop, hook, id)): Path<(Id<Shop>, Id<Hook>, Id<Delivery>)>,
    writing: Writing,
) -> Answer<DeliveryView> {
    let does = move |cx: &Cx, tx: &mut Tx| Ok(actions::send_again(cx, tx, shop, hook, id)?.id);
    let told = writing
        .write(&ask, &(), does, |_, tx, id| {
            Ok(Told::new(DeliveryView::from(&store::delivery(tx, id)?)))
        })
        .await?;
    Ok(told)
}

//! The console's pages of webhooks: the addresses of a shop, what was sent to each, and what did not arrive.

use std::sync::Arc;

use kernel::{Error, Id, Refused, Shop};
use serde::Deserialize;
use text::args;
use web::{
    Allow, Answer, Ask, Form, Markup, Path, Routes, html,
    ui::{Choice, Entry, Icon, Surface, Tone, button, csrf, field, list, section, state},
};

use super::{HOME, secret_page, tokens::when};
use crate::{
    Post, actions,
    model::{ANNOUNCED, Delivery, DeliveryState, Hook, HookState},
    store,
};

/// So many deliveries are shown.
const SHOWN: i64 = 50;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/console/shops/{shop}/webhooks", Allow::Console, list)
        .post("/console/shops/{shop}/webhooks", Allow::Console, create)
        .get("/console/shops/{shop}/webhooks/new", Allow::Console, show_new)
        .get("/console/shops/{shop}/webhooks/{webhook}", Allow::Console, show)
        .post(
            "/console/shops/{shop}/webhooks/{webhook}/secret",
            Allow::Console,
            rotate,
        )
        .post(
            "/console/shops/{shop}/webhooks/{webhook}/opening",
            Allow::Console,
            open,
        )
        .post(
            "/console/shops/{shop}/webhooks/{webhook}/removal",
            Allow::Console,
            remove,
        )
        .post(
            "/console/shops/{shop}/webhooks/{webhook}/deliveries/{delivery}/repetition",
            Allow::Console,
            repeat,
        )
}

pub(super) fn address(shop: Id<Shop>) -> String {
    format!("/console/shops/{shop}/webhooks")
}

fn badge(ask: &Ask, hook: &Hook) -> Markup {
    let (tone, word) = match (hook.state, hook.failing_since) {
        (HookState::Active, None) => (Tone::Good, "integration-hook-active"),
        (HookState::Active, Some(_)) => (Tone::Attention, "integration-hook-failing"),
        (HookState::Off, _) => (Tone::Bad, "integration-hook-off"),
        (HookState::Removed, _) => (Tone::Plain, "integration-hook-removed"),
    };
    state::badge(tone, &ask.label(word))
}

/// `GET /console/shops/{shop}/webhooks`
async fn list(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer {
    let (name, hooks) = ask
        .read(move |cx, tx| {
            cx.shop_named(shop)?;
            Ok((shop::shop(tx, shop)?.name, store::hooks_of(tx, shop)?))
        })
        .await?;
    let own = address(shop);
    let off = hooks.iter().filter(|hook| hook.state == HookState::Off).count();
    let failing = hooks.iter().filter(|hook| hook.failing_since.is_some()).count();
    let title = ask.say(
        "integration-hooks-title",
        &args![shop => name, count => hooks.len()],
    );
    let answer = match (off, failing) {
        (0, 0) => ask.label("integration-hooks-well"),
        (0, _) => ask.say("integration-hooks-failing", &args![count => failing]),
        _ => ask.say("integration-hooks-off", &args![count => off]),
    };
    let addresses: Vec<String> = hooks.iter().map(|hook| format!("{own}/{}", hook.id)).collect();
    let (back, new) = (ask.label("integration-title"), format!("{own}/new"));
    Ok(ask.page(Surface::Console, &title, |_, page| {
        let mut entries = list::entries().level(2);
        for (hook, href) in hooks.iter().zip(&addresses) {
            let entry = Entry::new(href, &hook.url).badge(badge(&ask, hook));
            entries = entries.entry(entry.line(&events_words(&ask, hook)));
        }
        page.answer(&answer)
            .back(HOME, &back)
            .primary(html! { (button::link(&new, &ask.label("integration-hook-add"))) })
            .body(html! {
                @if off > 0 {
                    (state::notice(Tone::Bad, &ask.label("integration-hook-off-why")).body(html! {}))
                }
                @if hooks.is_empty() { (state::empty(Icon::List, &ask.label("integration-no-hooks"))) }
                @else { (entries) }
            })
    }))
}

fn event_words(ask: &Ask, event: &str) -> String {
    ask.label(&format!("integration-event-{}", event.replace(['.', '_'], "-")))
}

fn events_words(ask: &Ask, hook: &Hook) -> String {
    let words: Vec<String> = hook.events.iter().map(|event| event_words(ask, event)).collect();
    words.join(&ask.label("integration-and"))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct HookForm {
    url: String,
    events: Vec<String>,
}

/// `GET /console/shops/{shop}/webhooks/new`
async fn show_new(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer {
    new_page(&ask, shop, &HookForm::default(), None).await
}

async fn new_page(ask: &Ask, shop: Id<Shop>, form: &HookForm, no: Option<&Refused>) -> Answer {
    ask.read(move |cx, _| cx.shop_named(shop).map(drop)).await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let words: Vec<(&str, String)> = ANNOUNCED
        .iter()
        .map(|(event, _)| (*event, event_words(ask, event)))
        .collect();
    let chosen: Vec<&str> = form.events.iter().map(String::as_str).collect();
    let (own, title) = (address(shop), ask.label("integration-hook-new-title"));
    let (url, hint) = (ask.label("integration-url"), ask.label("integration-url-hint"));
    let (legend, back) = (ask.label("integration-events"), ask.label("integration-hooks"));
    let response = ask.page(Surface::Console, &title, |frame, page| {
        let mut events = field::checkboxes("events", &legend);
        for (event, label) in &words {
            events = events.option(Choice::new(event, label).hint(event));
        }
        page.answer(&ask.label("integration-hook-new-answer"))
            .errors(&errors)
            .back(&own, &back)
            .body(html! {
                form method="post" action=(own) novalidate {
                    (csrf(frame))
                    (field::text("url", &url).hint(&hint).value(&form.url).errors(&errors))
                    (events.values(&chosen).errors(&errors))
                    (button::submit(&ask.label("integration-hook-make")))
                }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

/// `POST /console/shops/{shop}/webhooks`: the answer shows the secret.
async fn create(ask: Ask, Path(shop): Path<Id<Shop>>, Form(form): Form<HookForm>) -> Answer {
    let guard = ask.app.plug::<Arc<Post>>().guard();
    let (url, events) = (form.url.clone(), form.events.clone());
    let made = ask
        .write(move |cx, tx| actions::register(cx, tx, guard, shop, (&url, &events)))
        .await;
    match made {
        Ok((hook, secret)) => Ok(hook_secret(&ask, "integration-hook-made", &hook, secret.reveal())),
        Err(Error::Refused(no)) => new_page(&ask, shop, &form, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

fn hook_secret(ask: &Ask, title: &str, hook: &Hook, secret: &str) -> web::Response {
    let own = format!("{}/{}", address(hook.shop), hook.id);
    let words = ("integration-secret-once", "integration-hook-secret");
    secret_page(ask, &ask.label(title), words, secret, (&own, &hook.url))
}

type OfHook = Path<(Id<Shop>, Id<Hook>)>;

/// `GET /console/shops/{shop}/webhooks/{webhook}`
async fn show(ask: Ask, Path((shop, id)): OfHook) -> Answer {
    let (hook, deliveries) = ask
        .read(move |cx, tx| {
            let hook = actions::at_shop(cx, tx, shop, id)?;
            Ok((hook, store::deliveries(tx, id, None, SHOWN)?))
        })
        .await?;
    let own = format!("{}/{id}", address(shop));
    let [secret, opening, removal] = ["secret", "opening", "removal"].map(|path| format!("{own}/{path}"));
    let count = |state| deliveries.iter().filter(|one| one.state == state).count();
    let title = ask.say("integration-hook-title", &args![url => hook.url.as_str()]);
    let answer = ask.say(
        "integration-hook-answer",
        &args![dead => count(DeliveryState::Dead), pending => count(DeliveryState::Pending)],
    );
    let (list, back) = (address(shop), ask.label("integration-hooks"));
    let removed = hook.state == HookState::Removed;
    Ok(ask.page(Surface::Console, &title, |frame, page| {
        let mut entries = list::entries().level(3);
        let actions: Vec<String> = deliveries
            .iter()
            .map(|one| format!("{own}/deliveries/{}/repetition", one.id))
            .collect();
        let titles: Vec<String> = deliveries.iter().map(|one| delivery_title(&ask, one)).collect();
        for ((one, action), title) in deliveries.iter().zip(&actions).zip(&titles) {
            let entry = Entry::text(title).badge(delivery_badge(&ask, one)).line(&outcome_words(&ask, one));
            let again = one.state != DeliveryState::Pending && hook.state == HookState::Active;
            entries = entries.entry(if again {
                let words = ask.label("integration-send-again");
                entry.action(html! { (button::post(frame, action, &words).about(title).secondary()) })
            } else {
                entry
            });
        }
        page.answer(&answer).back(&list, &back).body(html! {
            p { (badge(&ask, &hook)) " " (events_words(&ask, &hook)) }
            @if hook.state == HookState::Off {
                (state::notice(Tone::Bad, &ask.label("integration-hook-off-why")).body(html! {
                    (button::post(frame, &opening, &ask.label("integration-switch-on")).about(&hook.url))
                }))
            }
            (section("sent", &ask.label("integration-sent"), html! {
                @if deliveries.is_empty() { (state::empty(Icon::List, &ask.label("integration-nothing-sent"))) }
                @else { (entries) }
            }))
            @if !removed {
                div class="actions" {
                    (button::post(frame, &secret, &ask.label("integration-rotate")).about(&hook.url).secondary())
                    (button::post(frame, &removal, &ask.label("integration-remove")).about(&hook.url).danger())
                }
            }
        })
    }))
}

fn delivery_title(ask: &Ask, one: &Delivery) -> String {
    format!("{} {}", event_words(ask, &one.event), when(ask, one.made_at))
}

fn delivery_badge(ask: &Ask, one: &Delivery) -> Markup {
    let (tone, word) = match one.state {
        DeliveryState::Pending => (Tone::Attention, "integration-pending"),
        DeliveryState::Delivered => (Tone::Good, "integration-delivered"),
        DeliveryState::Dead => (Tone::Bad, "integration-dead"),
    };
    state::badge(tone, &ask.label(word))
}

/// How the last attempt ended and when the next one is.
fn outcome_words(ask: &Ask, one: &Delivery) -> String {
    let last = match (one.status, &one.trouble) {
        (Some(status), _) => ask.say(
            "integration-answered",
            &args![count => one.attempts, status => status.to_string()],
        ),
        (None, Some(why)) => ask.say(
            "integration-unanswered",
            &args![count => one.attempts, why => why.as_str()],
        ),
        (None, None) => ask.label("integration-not-yet"),
    };
    match one.next_at {
        Some(at) if one.attempts > 0 => {
            format!(
                "{last} {}",
                ask.say("integration-next", &args![at => when(ask, at)])
            )
        }
        _ => last,
    }
}

/// `POST …/secret`
async fn rotate(ask: Ask, Path((shop, id)): OfHook) -> Answer {
    let (hook, secret) = ask.write(move |cx, tx| actions::rotate(cx, tx, shop, id)).await?;
    Ok(hook_secret(&ask, "integration-rotated", &hook, secret.reveal()))
}

/// `POST …/opening`
async fn open(ask: Ask, Path((shop, id)): OfHook) -> Answer {
    ask.write(move |cx, tx| actions::switch_on(cx, tx, shop, id))
        .await?;
    let said = ask.label("integration-switched-on");
    Ok(ask.see_saying(&format!("{}/{id}", address(shop)), &said))
}

/// `POST …/removal`
async fn remove(ask: Ask, Path((shop, id)): OfHook) -> Answer {
    ask.write(move |cx, tx| actions::remove(cx, tx, shop, id)).await?;
    Ok(ask.see_saying(&address(shop), &ask.label("integration-removed")))
}

/// `POST …/deliveries/{delivery}/repetition`
async fn repeat(ask: Ask, Path((shop, hook, id)): Path<(Id<Shop>, Id<Hook>, Id<Delivery>)>) -> Answer {
    let sent = ask
        .write(move |cx, tx| actions::send_again(cx, tx, shop, hook, id))
        .await;
    let said = match sent {
        Ok(_) => ask.label("integration-sent-again"),
        Err(Error::Refused(no)) => ask.refusal(&no),
        Err(other) => return Err(other.into()),
    };
    Ok(ask.see_saying(&format!("{}/{hook}", address(shop)), &said))
}

//! The console's pages about shops, and the pictures.

mod facts;
mod holidays;
mod hours;
mod photos;

use kernel::{Actor, Error, Id, Refused, Role};
use serde::Deserialize;
use text::{args, show};
use web::{
    Allow, Answer, Ask, Form, Markup, Path, Response, Routes, html,
    ui::{Entry, Errors, Frame, Icon, Surface, Tone, button, csrf, field, list, section, state},
};

use crate::{Hours, Shop, Standing, actions, model::Recorded, store};

pub(crate) fn routes() -> Routes {
    Routes::new("shop")
        .get("/console", Allow::Console, start)
        .get("/console/shop", Allow::Console, own)
        .get("/console/shops", Allow::Console, show_all)
        .post("/console/shops", Allow::Centre, facts::create)
        .get("/console/shops/new", Allow::Centre, facts::show_new)
        .get("/console/shops/{shop}", Allow::Console, show_one)
        .get("/console/shops/{shop}/facts", Allow::Console, facts::show)
        .post("/console/shops/{shop}/facts", Allow::Console, facts::save)
        .post("/console/shops/{shop}/activation", Allow::Centre, activate)
        .post("/console/shops/{shop}/inspection", Allow::Centre, inspect)
        .post("/console/shops/{shop}/suspension", Allow::Centre, suspend)
        .get("/console/shops/{shop}/hours", Allow::Console, hours::show)
        .post("/console/shops/{shop}/hours", Allow::Console, hours::save)
        .post(
            "/console/shops/{shop}/exceptions",
            Allow::Console,
            hours::add_exception,
        )
        .post(
            "/console/shops/{shop}/exceptions/{day}/removal",
            Allow::Console,
            hours::lift_exception,
        )
        .post("/console/shops/{shop}/holidays", Allow::Console, hours::save_rule)
        .get("/console/holidays", Allow::Console, holidays::show)
        .post("/console/holidays", Allow::Centre, holidays::enter)
        .post("/console/holidays/{day}/removal", Allow::Centre, holidays::lift)
        .get("/console/shops/{shop}/photos", Allow::Console, photos::show)
        .upload("/console/shops/{shop}/photos", Allow::Console, photos::add)
        .post(
            "/console/shops/{shop}/photos/{photo}/front",
            Allow::Console,
            photos::to_front,
        )
        .post(
            "/console/shops/{shop}/photos/{photo}/removal",
            Allow::Console,
            photos::remove,
        )
        .get("/photos/{photo}", Allow::Anyone, photos::serve)
}

/// Whether the centre asks.
fn is_centre(ask: &Ask) -> bool {
    matches!(
        ask.actor(),
        Actor::Staff {
            role: Role::Centre,
            ..
        }
    )
}

fn own_shop(ask: &Ask) -> Option<Id<kernel::Shop>> {
    match ask.actor() {
        Actor::Staff { shop, .. } => shop,
        _ => None,
    }
}

/// `GET /console`: what waits, and where everything is.
async fn start(ask: Ask) -> Answer {
    let own = own_shop(&ask);
    let (shops, own) = ask
        .read(move |_, tx| match own {
            Some(own) => Ok((Vec::new(), Some(store::shop(tx, own)?))),
            None => Ok((store::all(tx)?, None)),
        })
        .await?;
    let waiting = shops
        .iter()
        .filter(|shop| shop.standing == Standing::Applied)
        .count();
    let answer = match &own {
        Some(shop) => ask.say(
            "shop-start-own",
            &args![name => shop.name.as_str(), standing => standing_word(&ask, shop)],
        ),
        None if waiting > 0 => ask.say("shop-start-waiting", &args![count => waiting]),
        None => ask.say("shop-start-calm", &args![count => shops.len()]),
    };
    let links = match &own {
        Some(shop) => places(&ask, shop.id),
        None => vec![
            ("/console/shops".to_owned(), ask.label("shop-list-title")),
            ("/console/staff".to_owned(), ask.label("shop-to-staff-centre")),
            ("/console/holidays".to_owned(), ask.label("shop-holidays-title")),
            ("/console/window".to_owned(), ask.label("shop-to-window")),
            (
                "/console/home-visits".to_owned(),
                ask.label("shop-to-home-visits"),
            ),
        ],
    };
    Ok(
        ask.page(Surface::Console, &ask.label("shop-start-title"), |_, page| {
            page.answer(&answer).body(link_list(&links))
        }),
    )
}

async fn own(ask: Ask) -> Answer {
    Ok(match own_shop(&ask) {
        Some(shop) => ask.see(&format!("/console/shops/{shop}")),
        None => ask.see("/console/shops"),
    })
}

fn link_list(links: &[(String, String)]) -> Markup {
    let items: Vec<Markup> = links
        .iter()
        .map(|(href, label)| html! { a href=(href) { (label) } })
        .collect();
    list::items(&items)
}

/// Where the parts of a shop are kept.
fn places(ask: &Ask, shop: Id<kernel::Shop>) -> Vec<(String, String)> {
    [
        ("facts", "facts"),
        ("hours", "hours"),
        ("photos", "photos"),
        ("services", "services"),
        ("therapists", "therapists"),
        ("home-visits", "home-visits"),
    ]
    .into_iter()
    .map(|(path, key)| {
        (
            format!("/console/shops/{shop}/{path}"),
            ask.label(&format!("shop-to-{key}")),
        )
    })
    .chain([(format!("/console/staff?shop={shop}"), ask.label("shop-to-staff"))])
    .collect()
}

/// `GET /console/shops`: all shops, those that wait for the centre first.
async fn show_all(ask: Ask) -> Answer {
    if let Some(own) = own_shop(&ask) {
        return Ok(ask.see(&format!("/console/shops/{own}")));
    }
    let shops = ask.read(|_, tx| store::all(tx)).await?;
    let count = |standing| shops.iter().filter(|shop| shop.standing == standing).count();
    let answer = ask.say(
        "shop-list-answer",
        &args![active => count(Standing::Active), waiting => count(Standing::Applied)],
    );
    Ok(ask.page(Surface::Console, &ask.label("shop-list-title"), |_, page| {
        let hrefs: Vec<String> = shops.iter().map(|shop| format!("/console/shops/{}", shop.id)).collect();
        let mut entries = list::entries();
        for (shop, href) in shops.iter().zip(&hrefs) {
            let place = shop.place(&ask.label(&shop.district.text_key()));
            entries = entries.entry(Entry::new(href, &shop.name).badge(standing_badge(&ask, shop)).line(&place));
        }
        page.answer(&answer).back("/console", &ask.label("shop-start-title")).body(html! {
            p { (button::link("/console/shops/new", &ask.label("shop-new")).icon(Icon::Plus)) }
            @if shops.is_empty() { (state::empty(Icon::Shop, &ask.label("shop-list-empty"))) } @else { (entries) }
        })
    }))
}

fn standing_word(ask: &Ask, shop: &Shop) -> String {
    ask.label(&format!("shop-standing-{}", shop.standing))
}

fn standing_badge(ask: &Ask, shop: &Shop) -> Markup {
    let tone = match shop.standing {
        Standing::Applied => Tone::Attention,
        Standing::Active => Tone::Good,
        Standing::Suspended | Standing::Left => Tone::Bad,
    };
    state::badge(tone, &standing_word(ask, shop))
}

async fn show_one(ask: Ask, Path(id): Path<Id<kernel::Shop>>) -> Answer {
    one_page(&ask, id, "", None).await
}

/// One shop: how it stands, what is missing, what the centre can do, where its parts are kept.
async fn one_page(ask: &Ask, id: Id<kernel::Shop>, reason: &str, no: Option<&Refused>) -> Answer {
    let (shop, hours, steps) = ask
        .read(move |cx, tx| {
            let id = cx.shop_named(id)?.id();
            Ok((
                store::shop(tx, id)?,
                store::hours(tx, id, cx.now().day())?,
                store::steps(tx, id)?,
            ))
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let answer = match shop.verified_on {
        Some(day) => {
            let day = show::full_date(ask.lang(), day);
            ask.say(
                "shop-one-verified",
                &args![standing => standing_word(ask, &shop), day => day],
            )
        }
        None => standing_word(ask, &shop),
    };
    let back = if is_centre(ask) {
        ("/console/shops", "shop-list-title")
    } else {
        ("/console", "shop-start-title")
    };
    let response = ask.page(Surface::Console, &shop.name, |frame, page| {
        let missing = missing(ask, &shop, &hours);
        page.answer(&answer).back(back.0, &ask.label(back.1)).errors(&errors).body(html! {
            @if !missing.is_empty() {
                (state::notice(Tone::Attention, &ask.label("shop-missing")).body(list::sentences(&missing)))
            }
            (link_list(&places(ask, id)))
            @if shop.is_active() { p { a href={ "/shops/" (id) } { (ask.label("shop-as-customers-see")) } } }
            @if is_centre(ask) {
                (section("standing", &ask.label("shop-standing-title"), standing_forms(ask, frame, &shop, reason, &errors)))
            }
            @if !steps.is_empty() { (section("steps", &ask.label("shop-steps"), steps_list(ask, &steps))) }
        })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

/// What customers would miss.
fn missing(ask: &Ask, shop: &Shop, hours: &Hours) -> Vec<String> {
    [
        (!hours.any(), "shop-missing-hours"),
        (shop.sub_mchid.is_none(), "shop-missing-merchant"),
        (shop.walking.is_empty(), "shop-missing-walking"),
    ]
    .into_iter()
    .filter(|(missing, _)| *missing)
    .map(|(_, key)| ask.label(key))
    .collect()
}

fn standing_forms(ask: &Ask, frame: &Frame<'_>, shop: &Shop, reason: &str, errors: &Errors<'_>) -> Markup {
    let action = |path: &str| format!("/console/shops/{}/{path}", shop.id);
    let version = shop.version.to_string();
    html! {
        p { (standing_badge(ask, shop)) }
        @if shop.is_active() {
            (button::post(frame, &action("inspection"), &ask.label("shop-inspect")).about(&shop.name)
                .field("version", &version).secondary())
            form method="post" action=(action("suspension")) novalidate {
                (csrf(frame))
                (field::hidden("version", &version))
                (field::text("reason", &ask.label("shop-reason")).value(reason).errors(errors))
                (button::submit(&ask.label("shop-suspend")).about(&shop.name).danger())
            }
        } @else {
            (button::post(frame, &action("activation"), &ask.label("shop-activate")).about(&shop.name)
                .field("version", &version))
        }
        p { a href=(action("leaving")) { (ask.label("shop-to-leaving")) } }
    }
}

fn steps_list(ask: &Ask, steps: &[Recorded]) -> Markup {
    let sentences: Vec<String> = steps
        .iter()
        .map(|step| {
            let when = show::full_date(ask.lang(), step.at.day());
            let what = ask.label(&format!("shop-step-{}", step.step));
            let reason = if step.reason.is_empty() {
                String::new()
            } else {
                format!("：{}", step.reason)
            };
            format!("{when} {what}{reason}")
        })
        .collect();
    list::sentences(&sentences)
}

#[derive(Deserialize)]
struct StepForm {
    version: i64,
    #[serde(default)]
    reason: String,
}

async fn activate(ask: Ask, Path(id): Path<Id<kernel::Shop>>, Form(form): Form<StepForm>) -> Answer {
    let done = ask
        .write(move |cx, tx| actions::activate(cx, tx, id, form.version))
        .await;
    after_step(&ask, id, "", done, "shop-activated").await
}

async fn inspect(ask: Ask, Path(id): Path<Id<kernel::Shop>>, Form(form): Form<StepForm>) -> Answer {
    let done = ask
        .write(move |cx, tx| actions::inspect(cx, tx, id, form.version))
        .await;
    after_step(&ask, id, "", done, "shop-inspected").await
}

async fn suspend(ask: Ask, Path(id): Path<Id<kernel::Shop>>, Form(form): Form<StepForm>) -> Answer {
    let reason = form.reason.clone();
    let done = ask
        .write(move |cx, tx| actions::suspend(cx, tx, id, form.version, &reason))
        .await;
    after_step(&ask, id, &form.reason, done, "shop-suspended").await
}

async fn after_step(
    ask: &Ask,
    id: Id<kernel::Shop>,
    reason: &str,
    done: kernel::Result<Shop>,
    said: &str,
) -> Answer {
    match done {
        Ok(shop) => {
            let said = ask.say(said, &args![name => shop.name.as_str()]);
            Ok(ask.see_saying(&format!("/console/shops/{id}"), &said))
        }
        Err(Error::Refused(no)) => one_page(ask, id, reason, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

/// A page shown again, with the status of the refusal if there is one.
fn answered(ask: &Ask, no: Option<&Refused>, response: Response) -> Response {
    match no {
        Some(no) => ask.refused(no, response),
        None => response,
    }
}

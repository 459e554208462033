//! The console's pages of who works at a shop.

mod account;
mod form;
mod offers;

use std::collections::HashMap;

use catalog::Service;
use db::Tx;
use kernel::{Cx, Error, Id, Refused, Result};
use text::{args, show};
use web::{
    Allow, Answer, Ask, Form, Path, Routes, html,
    ui::{Entry, Frame, Icon, Surface, Tone, button, list, state},
};

use crate::{Therapist, actions, store};

pub(crate) fn routes() -> Routes {
    Routes::new("therapist")
        .get(
            "/console/shops/{shop}/therapists",
            Allow::Console,
            show_therapists,
        )
        .post("/console/shops/{shop}/therapists", Allow::Console, form::create)
        .get(
            "/console/shops/{shop}/therapists/new",
            Allow::Console,
            form::show_new,
        )
        .get(
            "/console/shops/{shop}/therapists/{therapist}",
            Allow::Console,
            form::show_edit,
        )
        .post(
            "/console/shops/{shop}/therapists/{therapist}",
            Allow::Console,
            form::edit,
        )
        .get(
            "/console/shops/{shop}/therapists/{therapist}/services",
            Allow::Console,
            offers::show,
        )
        .post(
            "/console/shops/{shop}/therapists/{therapist}/services",
            Allow::Console,
            offers::save,
        )
        .get(
            "/console/shops/{shop}/therapists/{therapist}/account",
            Allow::Console,
            account::show,
        )
        .post(
            "/console/shops/{shop}/therapists/{therapist}/account",
            Allow::Console,
            account::save,
        )
        .post(
            "/console/shops/{shop}/therapists/{therapist}/departure",
            Allow::Console,
            let_go,
        )
        .post(
            "/console/shops/{shop}/therapists/{therapist}/return",
            Allow::Console,
            welcome_back,
        )
        .post(
            "/console/shops/{shop}/therapists/{therapist}/consent/withdrawal",
            Allow::Console,
            take_back,
        )
}

/// A shop, its people and what they offer.
struct House {
    shop: shop::Shop,
    therapists: Vec<Therapist>,
    services: Vec<Service>,
    named: HashMap<Id<Therapist>, Vec<Id<Service>>>,
}

impl House {
    fn find(cx: &Cx, tx: &mut Tx, shop: Id<kernel::Shop>) -> Result<House> {
        cx.shop_named(shop)?;
        Ok(House {
            shop: shop::shop(tx, shop)?,
            therapists: store::all_of(tx, shop)?,
            services: catalog::all_of(tx, shop)?,
            named: store::offered_at(tx, shop)?,
        })
    }

    /// The therapist of this shop, or `NotFound`: another shop's does not exist here.
    fn therapist(&self, id: Id<Therapist>) -> Result<&Therapist> {
        self.therapists
            .iter()
            .find(|therapist| therapist.id == id)
            .ok_or(Error::NotFound)
    }

    /// The services a therapist has named; none: all.
    fn named(&self, id: Id<Therapist>) -> &[Id<Service>] {
        self.named.get(&id).map_or(&[], Vec::as_slice)
    }

    fn address(&self) -> String {
        address(self.shop.id)
    }
}

fn address(shop: Id<kernel::Shop>) -> String {
    format!("/console/shops/{shop}/therapists")
}

/// Checks that the therapist is this shop's before anything is done.
fn therapist_here(cx: &Cx, tx: &mut Tx, shop: Id<kernel::Shop>, id: Id<Therapist>) -> Result<Therapist> {
    cx.shop_named(shop)?;
    let therapist = store::therapist(tx, id)?;
    if therapist.shop == shop {
        Ok(therapist)
    } else {
        Err(Error::NotFound)
    }
}

type InShop = Path<(Id<kernel::Shop>, Id<Therapist>)>;

async fn show_therapists(ask: Ask, Path(shop): Path<Id<kernel::Shop>>) -> Answer {
    therapists_page(&ask, shop, None).await
}

async fn therapists_page(ask: &Ask, shop: Id<kernel::Shop>, no: Option<&Refused>) -> Answer {
    let house = ask.read(move |cx, tx| House::find(cx, tx, shop)).await?;
    let mut errors = ask.errors();
    if let Some(no) = no {
        errors.add("", &ask.refusal(no));
    }
    let active = house
        .therapists
        .iter()
        .filter(|therapist| therapist.active)
        .count();
    let left = house.therapists.len() - active;
    let title = ask.say(
        "therapist-title",
        &args![shop => house.shop.name.as_str(), count => active],
    );
    let answer = ask.say("therapist-answer", &args![active => active, left => left]);
    let (back, new) = (
        format!("/console/shops/{shop}"),
        format!("{}/new", house.address()),
    );
    let addresses: Vec<String> = house
        .therapists
        .iter()
        .map(|therapist| format!("{}/{}", house.address(), therapist.id))
        .collect();
    let response = ask.page(Surface::Console, &title, |frame, page| {
        let mut entries = list::entries().level(2);
        for (therapist, address) in house.therapists.iter().zip(&addresses) {
            entries = entries.entry(therapist_entry(ask, frame, &house, therapist, address));
        }
        page.answer(&answer)
            .back(&back, &house.shop.name)
            .errors(&errors)
            .primary(html! { (button::link(&new, &ask.label("therapist-add"))) })
            .body(html! {
                @if house.therapists.is_empty() {
                    (state::empty(Icon::People, &ask.label("therapist-none")))
                } @else {
                    (entries)
                }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn therapist_entry<'a>(
    ask: &Ask,
    frame: &Frame<'_>,
    house: &House,
    therapist: &'a Therapist,
    address: &'a str,
) -> Entry<'a> {
    let (tone, word, path, verb) = if therapist.active {
        (Tone::Good, "therapist-active", "departure", "therapist-let-go")
    } else {
        (Tone::Plain, "therapist-left", "return", "therapist-welcome-back")
    };
    let name = therapist.name.as_str();
    let consent = match therapist.blind_shown {
        Some(day) => ask.say(
            "therapist-blind-since",
            &args![date => show::full_date(ask.lang(), day)],
        ),
        None => ask.label("therapist-blind-not"),
    };
    let mut entry = Entry::new(address, name)
        .badge(state::badge(tone, &ask.label(word)))
        .line(&therapist_line(ask, therapist))
        .line(&offers_line(ask, house, therapist))
        .line(&consent);
    let services = format!("{address}/services");
    entry = entry.action(
        button::link(&services, &ask.label("therapist-choose-services"))
            .about(name)
            .secondary(),
    );
    let account = format!("{address}/account");
    entry = entry.action(
        button::link(&account, &ask.label("therapist-choose-account"))
            .about(name)
            .secondary(),
    );
    if therapist.blind_shown.is_some() {
        let withdrawal = format!("{address}/consent/withdrawal");
        let verb = ask.label("therapist-take-back");
        entry = entry.action(button::post(frame, &withdrawal, &verb).about(name).secondary());
    }
    let (action, version, verb) = (
        format!("{address}/{path}"),
        therapist.version.to_string(),
        ask.label(verb),
    );
    entry.action(
        button::post(frame, &action, &verb)
            .about(name)
            .field("version", &version)
            .secondary(),
    )
}

/// 8 号 · 男 · 高级
fn therapist_line(ask: &Ask, therapist: &Therapist) -> String {
    let (gender, level) = (
        ask.label(&therapist.gender.text_key()),
        ask.label(&therapist.level.text_key()),
    );
    let values = args![number => therapist.number, gender => gender, level => level];
    ask.say("therapist-line", &values)
}

fn offers_line(ask: &Ask, house: &House, therapist: &Therapist) -> String {
    let named = house.named(therapist.id);
    if named.is_empty() {
        return ask.label("therapist-offers-all");
    }
    let names: Vec<&str> = house
        .services
        .iter()
        .filter(|service| named.contains(&service.id))
        .map(|service| service.name.as_str())
        .collect();
    let between = if ask.lang() == kernel::Lang::Zh {
        "、"
    } else {
        ", "
    };
    ask.say(
        "therapist-offers-some",
        &args![count => names.len(), names => names.join(between)],
    )
}

#[derive(serde::Deserialize)]
struct Seen {
    version: i64,
}

async fn let_go(ask: Ask, Path((shop, id)): InShop, Form(seen): Form<Seen>) -> Answer {
    let left = ask.write(move |cx, tx| {
        therapist_here(cx, tx, shop, id)?;
        actions::let_go(cx, tx, id, seen.version)
    });
    after_step(&ask, shop, left.await, "therapist-said-left").await
}

async fn welcome_back(ask: Ask, Path((shop, id)): InShop, Form(seen): Form<Seen>) -> Answer {
    let back = ask.write(move |cx, tx| {
        therapist_here(cx, tx, shop, id)?;
        actions::welcome_back(cx, tx, id, seen.version)
    });
    after_step(&ask, shop, back.await, "therapist-said-back").await
}

/// Takes no version: whatever else has changed, a consent taken back is taken back.
async fn take_back(ask: Ask, Path((shop, id)): InShop) -> Answer {
    let taken = ask.write(move |cx, tx| {
        let therapist = therapist_here(cx, tx, shop, id)?;
        actions::take_back(cx, tx, id)?;
        Ok(therapist)
    });
    after_step(&ask, shop, taken.await, "therapist-said-taken-back").await
}

async fn after_step(ask: &Ask, shop: Id<kernel::Shop>, done: Result<Therapist>, said: &str) -> Answer {
    match done {
        Ok(therapist) => {
            let said = ask.say(said, &args![name => therapist.name.as_str()]);
            Ok(ask.see_saying(&address(shop), &said))
        }
        Err(Error::Refused(no)) => therapists_page(ask, shop, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

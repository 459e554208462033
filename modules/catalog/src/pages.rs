//! The console's pages of what a shop offers.

mod categories;
mod form;
mod goods;
mod prepay;
mod questions;

use db::Tx;
use kernel::{Cx, Error, Id, Refused, Result};
use text::{args, show};
use web::{
    Allow, Answer, Ask, Form, Path, Routes, html,
    ui::{Entry, Frame, Icon, Surface, Tone, button, list, money, state},
};

pub use form::price;
pub use questions::question_fields;

use crate::{Category, Service, Warning, actions, store};

pub(crate) fn routes() -> Routes {
    let routes = Routes::new("catalog")
        .get("/console/shops/{shop}/services", Allow::Console, show_services)
        .post("/console/shops/{shop}/services", Allow::Console, form::create)
        .get(
            "/console/shops/{shop}/services/new",
            Allow::Console,
            form::show_new,
        )
        .get(
            "/console/shops/{shop}/services/{service}",
            Allow::Console,
            form::show_edit,
        )
        .post(
            "/console/shops/{shop}/services/{service}",
            Allow::Console,
            form::edit,
        )
        .post(
            "/console/shops/{shop}/services/{service}/listing",
            Allow::Console,
            list,
        )
        .post(
            "/console/shops/{shop}/services/{service}/unlisting",
            Allow::Console,
            unlist,
        );
    questions::routes(goods::routes(prepay::routes(categories::routes(routes))))
}

/// What one shop offers.
struct Offered {
    shop: shop::Shop,
    services: Vec<Service>,
    categories: Vec<Category>,
}

impl Offered {
    fn find(cx: &Cx, tx: &mut Tx, shop: Id<kernel::Shop>) -> Result<Offered> {
        cx.shop_named(shop)?;
        Ok(Offered {
            shop: shop::shop(tx, shop)?,
            services: store::all_of(tx, shop)?,
            categories: store::categories(tx, shop)?,
        })
    }

    /// The service of this shop, or `NotFound`: another shop's does not exist here.
    fn service(&self, id: Id<Service>) -> Result<&Service> {
        self.services
            .iter()
            .find(|service| service.id == id)
            .ok_or(Error::NotFound)
    }

    fn address(&self) -> String {
        format!("/console/shops/{}/services", self.shop.id)
    }
}

/// Checks that the service is this shop's before anything is done to it.
fn service_here(cx: &Cx, tx: &mut Tx, shop: Id<kernel::Shop>, id: Id<Service>) -> Result<Service> {
    cx.shop_named(shop)?;
    let service = store::service(tx, id)?;
    if service.shop == shop {
        Ok(service)
    } else {
        Err(Error::NotFound)
    }
}

async fn show_services(ask: Ask, Path(shop): Path<Id<kernel::Shop>>) -> Answer {
    services_page(&ask, shop, None).await
}

async fn services_page(ask: &Ask, shop: Id<kernel::Shop>, no: Option<&Refused>) -> Answer {
    let offered = ask.read(move |cx, tx| Offered::find(cx, tx, shop)).await?;
    let mut errors = ask.errors();
    if let Some(no) = no {
        errors.add("", &ask.refusal(no));
    }
    let listed = offered.services.iter().filter(|service| service.listed).count();
    let unlisted = offered.services.len() - listed;
    let title = ask.say(
        "catalog-title",
        &args![shop => offered.shop.name.as_str(), count => offered.services.len()],
    );
    let answer = ask.say("catalog-answer", &args![listed => listed, unlisted => unlisted]);
    let back = format!("/console/shops/{shop}");
    let (new, headings, goods) = (
        format!("{}/new", offered.address()),
        format!("/console/shops/{shop}/categories"),
        format!("/console/shops/{shop}/goods"),
    );
    let addresses: Vec<String> = offered
        .services
        .iter()
        .map(|service| format!("{}/{}", offered.address(), service.id))
        .collect();
    let response = ask.page(Surface::Console, &title, |frame, page| {
        let mut entries = list::entries().level(2);
        for (service, address) in offered.services.iter().zip(&addresses) {
            entries = entries.entry(service_entry(ask, frame, &offered, service, address));
        }
        page.answer(&answer)
            .back(&back, &offered.shop.name)
            .errors(&errors)
            .primary(html! { (button::link(&new, &ask.label("catalog-add"))) })
            .body(html! {
                p {
                    (button::link(&headings, &ask.label("catalog-manage-categories")).about(&offered.shop.name).quiet())
                    (button::link(&goods, &ask.label("catalog-goods")).about(&offered.shop.name).quiet())
                }
                @if offered.services.is_empty() {
                    (state::empty(Icon::List, &ask.label("catalog-none")))
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

fn service_entry<'a>(
    ask: &Ask,
    frame: &Frame<'_>,
    offered: &Offered,
    service: &'a Service,
    address: &'a str,
) -> Entry<'a> {
    let (tone, word, path, verb) = if service.listed {
        (Tone::Good, "catalog-listed", "unlisting", "catalog-unlist")
    } else {
        (Tone::Plain, "catalog-unlisted", "listing", "catalog-list")
    };
    let (action, version) = (format!("{address}/{path}"), service.version.to_string());
    let mut entry = Entry::new(address, &service.name)
        .badge(state::badge(tone, &ask.label(word)))
        .line(&service_line(ask, offered, service));
    if service.before + service.after > 0 {
        let buffers = args![before => service.before, after => service.after];
        entry = entry.line(&ask.say("catalog-buffers", &buffers));
    }
    if let Some(Warning::Short { least }) = service.warning() {
        let words = ask.say("catalog-short", &args![least => least]);
        entry = entry.line_markup(state::badge(Tone::Attention, &words));
    }
    let verb = ask.label(verb);
    entry.end(money::amount(service.price.fen())).action(
        button::post(frame, &action, &verb)
            .about(&service.name)
            .field("version", &version)
            .secondary(),
    )
}

/// 全身 · 60 分钟 · 本店特色
fn service_line(ask: &Ask, offered: &Offered, service: &Service) -> String {
    let kind = ask.label(&service.kind.text_key());
    let duration = show::duration(ask.lang(), service.minutes);
    let heading = offered
        .categories
        .iter()
        .find(|heading| Some(heading.id) == service.category);
    match heading {
        Some(heading) => ask.say(
            "catalog-line-under",
            &args![kind => kind, duration => duration, category => heading.name.as_str()],
        ),
        None => ask.say("catalog-line", &args![kind => kind, duration => duration]),
    }
}

#[derive(serde::Deserialize)]
struct Seen {
    version: i64,
}

type InShop = Path<(Id<kernel::Shop>, Id<Service>)>;

async fn list(ask: Ask, Path((shop, id)): InShop, Form(seen): Form<Seen>) -> Answer {
    let listed = ask.write(move |cx, tx| {
        service_here(cx, tx, shop, id)?;
        actions::list(cx, tx, id, seen.version)
    });
    after_listing(&ask, shop, listed.await, "catalog-said-listed").await
}

async fn unlist(ask: Ask, Path((shop, id)): InShop, Form(seen): Form<Seen>) -> Answer {
    let unlisted = ask.write(move |cx, tx| {
        service_here(cx, tx, shop, id)?;
        actions::unlist(cx, tx, id, seen.version)
    });
    after_listing(&ask, shop, unlisted.await, "catalog-said-unlisted").await
}

async fn after_listing(ask: &Ask, shop: Id<kernel::Shop>, done: Result<Service>, said: &str) -> Answer {
    match done {
        Ok(service) => {
            let said = ask.say(said, &args![name => service.name.as_str()]);
            Ok(ask.see_saying(&format!("/console/shops/{shop}/services"), &said))
        }
        Err(Error::Refused(no)) => services_page(ask, shop, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

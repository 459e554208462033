//! `/therapists/{therapist}`: who would serve.

use kernel::Id;
use text::{args, show};
use therapist::Therapist;
use web::{
    Answer, Ask, Markup, Path, html,
    ui::{Entry, Picture, Surface, Tone, button, list, money, section, state},
};

use super::words;
use crate::{Index, index::Shown};

pub(super) async fn show(ask: Ask, Path(id): Path<Id<Therapist>>) -> Answer {
    let shop = ask
        .read(move |_, tx| Ok(therapist::therapist(tx, id)?.shop))
        .await?;
    let shown = ask.app.plug::<Index>().shown_one(&ask, shop).await?;
    let therapist = shown
        .therapists
        .iter()
        .find(|therapist| therapist.id == id)
        .ok_or(kernel::Error::NotFound)?;
    let title = words::therapist(&ask, therapist);
    let answer = match shown.next_with.get(&id) {
        Some(free) => words::free(&ask, Some(*free)),
        None => ask.label("directory-ask-times"),
    };
    let offered: Vec<&catalog::Service> = shown
        .services
        .iter()
        .filter(|service| shown.offers(id, service.id))
        .collect();
    let back = format!("/shops/{shop}");
    let portrait = web::asset(&therapist.portrait);
    let portrait_words = ask.say("directory-portrait", &args![name => therapist.name.as_str()]);
    Ok(ask.page(Surface::Customer, &title, |_, page| {
        let body = html! {
            (Picture::portrait(&portrait, &portrait_words).size(240, 240).eager())
            p { (words::credentials(&ask, therapist)) }
            @if therapist.blind_shown.is_some() {
                p { (state::badge(Tone::Plain, &ask.label("directory-blind"))) }
            }
            @if !therapist.introduction.is_empty() { p class="prose" { (therapist.introduction) } }
            (section("services", &ask.label("directory-services"), services(&ask, &shown, therapist, &offered)))
        };
        let mut page = page.answer(&answer).back(&back, &shown.shop.name);
        if let Some(first) = offered.first() {
            let (book, about) = (times(&shown, first, therapist), format!("{title} {}", first.name));
            page = page.primary(html! { (button::link(&book, &ask.label("directory-book")).about(&about)) });
        }
        page.body(body)
    }))
}

fn services(ask: &Ask, shown: &Shown, therapist: &Therapist, offered: &[&catalog::Service]) -> Markup {
    if offered.is_empty() {
        return html! { p { (ask.label("directory-no-services")) } };
    }
    let book = ask.label("directory-book");
    let rows: Vec<(String, String)> = offered
        .iter()
        .map(|service| {
            (
                format!("/services/{}", service.id),
                times(shown, service, therapist),
            )
        })
        .collect();
    let mut entries = list::entries().level(3);
    for (service, (href, to_book)) in offered.iter().zip(&rows) {
        entries = entries.entry(
            Entry::new(href, &service.name)
                .line(&show::duration(ask.lang(), service.minutes))
                .end(money::amount(service.price.fen()))
                .action(
                    button::link(to_book, &book)
                        .about_hidden(&service.name)
                        .secondary(),
                ),
        );
    }
    html! { (entries) }
}

/// Where the times of a service with one therapist are chosen.
fn times(shown: &Shown, service: &catalog::Service, therapist: &Therapist) -> String {
    format!(
        "/shops/{}/book/{}/times?therapist={}",
        shown.shop.id, service.id, therapist.id
    )
}

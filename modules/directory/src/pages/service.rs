//! `/services/{service}`: what would be done.

use catalog::Service;
use kernel::Id;
use text::{args, show};
use web::{
    Answer, Ask, Markup, Path, html,
    ui::{Entry, Picture, Surface, button, list, money, section},
};

use super::words;
use crate::{Index, index::Shown};

pub(super) async fn show(ask: Ask, Path(id): Path<Id<Service>>) -> Answer {
    let shop = ask.read(move |_, tx| Ok(catalog::service(tx, id)?.shop)).await?;
    let shown = ask.app.plug::<Index>().shown_one(&ask, shop).await?;
    let service = shown
        .services
        .iter()
        .find(|service| service.id == id)
        .ok_or(kernel::Error::NotFound)?;
    let duration = show::duration(ask.lang(), service.minutes);
    let answer = ask.say(
        "directory-service-answer",
        &args![price => show::money(service.price), duration => duration],
    );
    let back = format!("/shops/{shop}");
    let book = format!("/shops/{shop}/book/{id}");
    Ok(ask.page(Surface::Customer, &service.name, |_, page| {
        let body = html! {
            p { (ask.label(&service.kind.text_key())) }
            @if !service.introduction.is_empty() { p class="prose" { (service.introduction) } }
            (section("who", &ask.label("directory-who"), who(&ask, &shown, service)))
        };
        page.answer(&answer)
            .back(&back, &shown.shop.name)
            .primary(html! {
                (button::link(&book, &ask.label("directory-book")).about(&service.name))
                (money::amount(service.price.fen()))
            })
            .body(body)
    }))
}

/// The therapists who offer it.
fn who(ask: &Ask, shown: &Shown, service: &Service) -> Markup {
    let rows: Vec<(&therapist::Therapist, [String; 4])> = shown
        .therapists
        .iter()
        .filter(|therapist| shown.offers(therapist.id, service.id))
        .map(|therapist| {
            let times = format!(
                "/shops/{}/book/{}/times?therapist={}",
                shown.shop.id, service.id, therapist.id
            );
            let (name, portrait) = (words::therapist(ask, therapist), web::asset(&therapist.portrait));
            (
                therapist,
                [format!("/therapists/{}", therapist.id), name, portrait, times],
            )
        })
        .collect();
    if rows.is_empty() {
        return html! { p { (ask.label("directory-no-therapists")) } };
    }
    let book = ask.label("directory-book");
    let mut entries = list::entries().level(3);
    for (therapist, [href, name, portrait, times]) in &rows {
        entries = entries.entry(
            Entry::new(href, name)
                .picture(Picture::portrait(portrait, ""))
                .line(&words::credentials(ask, therapist))
                .action(button::link(times, &book).about_hidden(name).secondary()),
        );
    }
    html! { (entries) }
}

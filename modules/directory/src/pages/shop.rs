//! `/shops/{shop}`: what a customer wants to know of a shop before booking.

use kernel::{Id, Shop};
use text::{args, show};
use web::{
    Answer, Ask, Markup, Path, Query, html,
    ui::{Entry, Picture, Surface, Tone, button, list, money, section, state, wechat},
};

use super::{words, wx};
use crate::{
    Index,
    index::Shown,
    model::{Asked, Whence},
};

pub(super) async fn show(ask: Ask, Path(id): Path<Id<Shop>>, Query(asked): Query<Asked>) -> Answer {
    let whence = asked.whence();
    let shown = ask.app.plug::<Index>().shown_one(&ask, id).await?;
    let shop = &shown.shop;
    let photo = shop.photo_address(&web::asset);
    let (_, now) = words::hours_now(&ask, &shown.hours);
    let now = ask.say(
        "directory-shop-now",
        &args![now => now, free => words::free(&ask, shown.next)],
    );
    // Price and address first: they are asked for most, and a line is heard from its beginning.
    let address = shop.place(&words::district(&ask, shop.district));
    let answer = match shown.lowest() {
        Some(price) => ask.say(
            "directory-shop-answer",
            &args![price => show::money(price).as_str(), address => address, now => now],
        ),
        None => ask.say(
            "directory-shop-answer-free",
            &args![address => address, now => now],
        ),
    };
    let share = wx::Share {
        title: &shop.name,
        words: &shop.introduction,
        picture: &photo,
    };
    let sdk = wx::prepare(&ask, Some(share)).await;
    let home = format!("/{}", whence.query());
    let (book, shelf) = (format!("/shops/{id}/book"), format!("/shops/{id}/goods"));
    let sells = ask
        .read(move |_, tx| Ok(catalog::all_goods_of(tx, id)?.iter().any(|goods| goods.listed)))
        .await?;
    Ok(ask.page(Surface::Customer, &shop.name, |_, page| {
        let back = ask.label("directory-home-title");
        let body = html! {
            (Picture::new(&photo, &shop.photo_words).eager())
            (badges(&ask, &shown))
            (closed(&ask, &shown))
            p { (words::rating(&ask, shown.score)) }
            (reach(&ask, &shown, whence))
            @if !shop.introduction.is_empty() { p class="prose" { (shop.introduction) } }
            (section("services", &ask.label("directory-services"), services(&ask, &shown)))
            @if sells { p { (button::link(&shelf, &ask.label("directory-goods")).about(&shop.name).quiet()) } }
            (section("therapists", &ask.label("directory-therapists"), therapists(&ask, &shown)))
            (section("reviews", &ask.label("directory-reviews"), reviews(&ask, &shown)))
            (section("hours", &ask.label("directory-hours"), hours(&ask, &shown)))
            @if !shown.photos.is_empty() {
                (section("photos", &ask.label("directory-photos"), photos(&shown)))
            }
        };
        let mut page = sdk.on(page.answer(&answer).back(&home, &back));
        if !shown.services.is_empty() {
            page =
                page.primary(html! { (button::link(&book, &ask.label("directory-book")).about(&shop.name)) });
        }
        page.body(body)
    }))
}

fn badges(ask: &Ask, shown: &Shown) -> Markup {
    let shop = &shown.shop;
    html! {
        p class="badges" {
            (words::hours_badge(ask, &shown.hours)) " "
            @if let Some(day) = shop.verified_on {
                (state::badge(Tone::Good, &ask.say("directory-verified-on", &args![day => show::full_date(ask.lang(), day)])))
            }
            " "
            @if shop.kind == shop::Kind::Medical { (state::badge(Tone::Plain, &ask.label("directory-medical"))) }
        }
    }
}

/// Until when the shop is closed against its hours, and why.
fn closed(ask: &Ask, shown: &Shown) -> Markup {
    let now = ask.cx.now();
    let told: Vec<String> = shown
        .hours
        .closings()
        .iter()
        .filter(|closing| closing.until > now)
        .map(|closing| {
            let moment =
                |at: kernel::Instant| show::when(ask.lang(), at.day(), at.minute_of_day(), ask.today());
            let (until, reason) = (moment(closing.until), closing.reason.as_str());
            if closing.contains(now) {
                return ask.say("directory-closed-until", &args![until => until, reason => reason]);
            }
            ask.say(
                "directory-closed-from",
                &args![from => moment(closing.from), until => until, reason => reason],
            )
        })
        .collect();
    html! { @for words in &told { (state::notice(Tone::Attention, words)) } }
}

/// How to get there and how to call.
fn reach(ask: &Ask, shown: &Shown, whence: Whence) -> Markup {
    let shop = &shown.shop;
    let place = shop.point.to_gcj02();
    let address = shop.place(&words::district(ask, shop.district));
    let labels =
        ["address", "distance", "walking", "phone"].map(|row| ask.label(&format!("directory-row-{row}")));
    let mut facts = list::facts().row(&labels[0], html! { (address) });
    if let Some(from) = whence.point() {
        facts = facts.row(&labels[1], words::way(ask, from.distance_m(shop.point)).as_str());
    }
    if !shop.walking.is_empty() {
        facts = facts.row(&labels[2], shop.walking.as_str());
    }
    facts = facts.row(&labels[3], show::phone(&shop.phone).as_str());
    let on_map = wechat::Place {
        lat: place.lat,
        lng: place.lng,
        name: &shop.name,
        address: &shop.address,
    };
    // Without WeChat the map of the list shows the shop and its neighbours.
    let fallback = format!("/{}", Whence::Here(shop.point).query());
    html! {
        (facts)
        div class="actions" {
            (button::dial(&shop.phone, &ask.label("directory-dial"), &shop.name).secondary())
            (wechat::open_location(&on_map, &fallback, &ask.label("directory-open-map")))
        }
    }
}

fn services(ask: &Ask, shown: &Shown) -> Markup {
    if shown.services.is_empty() {
        return html! { p { (ask.label("directory-no-services")) } };
    }
    let book = ask.label("directory-book");
    let rows: Vec<(String, String)> = shown
        .services
        .iter()
        .map(|service| {
            (
                format!("/services/{}", service.id),
                format!("/shops/{}/book/{}", shown.shop.id, service.id),
            )
        })
        .collect();
    let mut entries = list::entries().level(3);
    for (service, (href, to_book)) in shown.services.iter().zip(&rows) {
        entries = entries.entry(
            Entry::new(href, &service.name)
                .line(&show::duration(ask.lang(), service.minutes))
                .line(&service.introduction)
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

fn therapists(ask: &Ask, shown: &Shown) -> Markup {
    if shown.therapists.is_empty() {
        return html! { p { (ask.label("directory-no-therapists")) } };
    }
    let rows: Vec<(String, String, String)> = shown
        .therapists
        .iter()
        .map(|therapist| {
            let href = format!("/therapists/{}", therapist.id);
            (
                href,
                words::therapist(ask, therapist),
                web::asset(&therapist.portrait),
            )
        })
        .collect();
    let mut entries = list::entries().level(3);
    for (therapist, (href, name, portrait)) in shown.therapists.iter().zip(&rows) {
        let mut entry = Entry::new(href, name)
            .picture(Picture::portrait(portrait, ""))
            .line(&words::credentials(ask, therapist));
        if let Some(free) = shown.next_with.get(&therapist.id) {
            entry = entry.line(&words::free(ask, Some(*free)));
        }
        entries = entries.entry(entry);
    }
    html! { (entries) }
}

fn reviews(ask: &Ask, shown: &Shown) -> Markup {
    if shown.reviews.is_empty() {
        return html! { p { (ask.label("directory-no-reviews")) } };
    }
    let titles: Vec<String> = shown
        .reviews
        .iter()
        .map(|review| {
            ask.say(
                "directory-review-by",
                &args![author => review.author.as_str(), stars => review.stars],
            )
        })
        .collect();
    let mut entries = list::entries().level(3);
    for (review, title) in shown.reviews.iter().zip(&titles) {
        let day = show::day(ask.lang(), review.created_at.day(), ask.today());
        let mut entry = Entry::text(title).line(&format!("{} · {day}", review.service_name));
        if !review.words.is_empty() {
            entry = entry.line_markup(html! { span class="prose" { (review.words) } });
        }
        if let Some(reply) = &review.reply {
            entry = entry.line(&ask.say("directory-reply", &args![words => reply.words.as_str()]));
        }
        entries = entries.entry(entry);
    }
    html! { p { (words::rating(ask, shown.score)) } (entries) }
}

fn hours(ask: &Ask, shown: &Shown) -> Markup {
    let names: Vec<String> = (1..=7)
        .map(|weekday| ask.label(&format!("directory-weekday-{weekday}")))
        .collect();
    let mut facts = list::facts();
    for (weekday, name) in (1..=7).zip(&names) {
        facts = facts.row(name, words::span(ask, shown.hours.on_weekday(weekday)).as_str());
    }
    let soon: Vec<String> = shown
        .hours
        .special_days(ask.today(), 31)
        .iter()
        .map(|special| {
            let (day, hours) = (
                show::date(ask.lang(), special.day),
                words::span(ask, special.hours),
            );
            if special.reason.is_empty() {
                return ask.say("directory-exception", &args![day => day, hours => hours]);
            }
            let reason = special.reason.as_str();
            ask.say(
                "directory-exception-because",
                &args![day => day, hours => hours, reason => reason],
            )
        })
        .collect();
    html! {
        @if !soon.is_empty() { (list::sentences(&soon)) }
        (facts)
    }
}

fn photos(shown: &Shown) -> Markup {
    html! {
        div class="stack" {
            @for photo in &shown.photos {
                (Picture::new(&format!("/photos/{}", photo.id), &photo.words)
                    .size(u32::try_from(photo.width).unwrap_or(640), u32::try_from(photo.height).unwrap_or(480)))
            }
        }
    }
}

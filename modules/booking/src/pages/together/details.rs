//! The last page before paying for several: who they are, what they would like, the declaration for everybody.

use catalog::Service;
use kernel::{Error, Id, Instant, Money, Refused, Result, Shop};
use scheduling::FreeDay;
use text::{args, show};
use web::{
    Answer, Ask, Form, Markup, Path, Query, Response, html,
    ui::{Choice, Errors, Frame, Surface, button, csrf, field, list, money},
};

use super::{super::choose::minute_of, Typed, free, items, refs, times_page, who_page};
use crate::{
    GroupWish, Item, Wish, actions,
    model::{Contact, NAME_LENGTH, NOTE_LENGTH, Refusal, Strength, Wishes},
};

/// The names of the fields for the names.
pub(in crate::pages) const NAMES: [&str; 6] = ["name0", "name1", "name2", "name3", "name4", "name5"];

/// Who they are; what is known of the customer is filled in.
pub(in crate::pages) async fn details(
    ask: Ask,
    Path(shop): Path<Id<Shop>>,
    Query(typed): Query<Typed>,
) -> Answer {
    let items = match items(&ask, shop, &typed).await {
        Ok(items) => items,
        Err(Error::Refused(no)) => return who_page(&ask, shop, &typed, Some(&no)).await,
        Err(other) => return Err(other.into()),
    };
    if typed.starts_at().is_none() {
        let no = Refused::from(Refusal::NoTime);
        return times_page(&ask, shop, &typed, &items, Some(&no)).await;
    }
    let id = ask.customer()?;
    let known = ask.read(move |_, tx| identity::customer(tx, id)).await?;
    let typed = ask.kept().await.unwrap_or_else(|| {
        let mut typed = typed;
        typed.fill("name0", known.name.unwrap_or_default());
        typed.fill("phone", known.phone.unwrap_or_default());
        typed.fill("strength", Strength::Medium.code().to_owned());
        typed.fill("key", ask.cx.token());
        typed
    });
    details_page(&ask, shop, &typed, &items, None).await
}

/// Claims the time of everybody and leads on to paying.
pub(in crate::pages) async fn send(ask: Ask, Form(typed): Form<Typed>) -> Answer {
    let shop: Id<Shop> = typed.of("shop").parse()?;
    let items = items(&ask, shop, &typed).await?;
    let requested = match wish(&typed, &items) {
        Ok(group) => {
            let key = typed.of("key").to_owned();
            ask.write(move |cx, tx| actions::request_together(cx, tx, &key, &group))
                .await
        }
        Err(no) => Err(no),
    };
    match requested {
        Ok(bookings) => {
            let order = bookings
                .first()
                .map(|booking| booking.order)
                .ok_or(Error::NotFound)?;
            Ok(ask.see(&format!("/orders/{order}/payment")))
        }
        Err(Error::Refused(no)) => details_page(&ask, shop, &typed, &items, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

fn wish(typed: &Typed, items: &[Item]) -> Result<GroupWish> {
    let starts_at = typed.starts_at().ok_or(Refusal::NoTime)?;
    let wishes = Wishes::read(
        typed.of("strength").parse().unwrap_or(Strength::Medium),
        typed.of("note"),
    )?;
    let mut all = Vec::new();
    for (place, item) in items.iter().enumerate() {
        // One who has several services has one name.
        let place = if typed.in_turn() { 0 } else { place };
        let contact = Contact::read(typed.at("name", place), typed.of("phone")).map_err(|no| {
            let mut no = Refused::from(no);
            // Each name has a field of its own.
            no.field = no
                .field
                .map(|field| if field == "name" { NAMES[place] } else { field });
            Error::Refused(no)
        })?;
        all.push(Wish {
            service: item.service.id,
            therapist: item.therapist,
            starts_at,
            contact,
            wishes: wishes.clone(),
            declared: typed.of("health") == "1",
        });
    }
    Ok(GroupWish {
        wishes: all,
        in_turn: typed.in_turn(),
        one_room: typed.one_room(),
    })
}

async fn details_page(
    ask: &Ask,
    shop: Id<Shop>,
    typed: &Typed,
    items: &[Item],
    no: Option<&Refused>,
) -> Answer {
    let starts_at = typed.starts_at().ok_or(Error::NotFound)?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let others = match no {
        Some(no) if no.field == Some("slot") => nearest(&free(ask, typed, items).await?, starts_at),
        _ => Vec::new(),
    };
    let services: Vec<Id<Service>> = items.iter().map(|item| item.service.id).collect();
    let prices: Vec<Money> = items.iter().map(|item| item.service.price).collect();
    let due_now = ask
        .read(move |_, tx| {
            let mut due = Money::ZERO;
            for (service, price) in services.iter().zip(&prices) {
                due += catalog::prepay(tx, *service)?.due_now(*price);
            }
            Ok(due)
        })
        .await?;
    let response = draw_details(ask, shop, typed, items, (starts_at, due_now), (&errors, &others));
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

/// The three times nearest to one that cannot be had, the earliest first.
fn nearest(days: &[FreeDay], wanted: Instant) -> Vec<Instant> {
    let times = days.iter().flat_map(|day| &day.times);
    let mut times: Vec<Instant> = times.map(|time| time.starts_at).collect();
    times.sort_by_key(|at| ((*at - wanted).abs(), *at));
    times.truncate(3);
    times.sort();
    times
}

/// 明天下午 3 点
fn moment(ask: &Ask, at: Instant) -> String {
    show::when(ask.lang(), at.day(), minute_of(at.day(), at), ask.today())
}

fn draw_details(
    ask: &Ask,
    shop: Id<Shop>,
    typed: &Typed,
    items: &[Item],
    (starts_at, due_now): (Instant, Money),
    (errors, others): (&Errors<'_>, &[Instant]),
) -> Response {
    let total: Money = items.iter().map(|item| item.service.price).sum();
    let answer = ask.say(
        "booking-together-details-answer",
        &args![when => moment(ask, starts_at), count => items.len(), price => show::money(total)],
    );
    let pay = match due_now {
        Money::ZERO => ask.label("booking-book"),
        due => ask.say("booking-go-to-pay", &args![price => show::money(due)]),
    };
    let (back, place) = (typed.address(shop, "/times"), ask.label("booking-choose-when"));
    let offsets = actions::offsets(items, typed.in_turn());
    let rows: Vec<(String, String)> = items
        .iter()
        .zip(&offsets)
        .enumerate()
        .map(|(place, (item, offset))| {
            let key = if typed.in_turn() {
                "booking-together-nth-service"
            } else {
                "booking-together-nth-person"
            };
            let nth = ask.say(key, &args![number => place + 1]);
            let at = starts_at.plus_minutes(*offset);
            let words = format!(
                "{}，{}，{}",
                show::time(ask.lang(), minute_of(at.day(), at)),
                item.service.name,
                show::duration(ask.lang(), item.service.minutes)
            );
            (nth, words)
        })
        .collect();
    ask.page(
        Surface::Customer,
        &ask.label("booking-details-title"),
        |frame, page| {
            let mut facts = list::facts();
            for (nth, words) in &rows {
                facts = facts.row(nth, html! { (words) });
            }
            page.answer(&answer)
                .errors(errors)
                .back(&back, &place)
                .primary(html! { (button::submit(&pay).form("book")) })
                .body(html! {
                    (form(ask, frame, (shop, items.len()), typed, (errors, others)))
                    (facts.row(&ask.label("booking-price"), money::amount(total.fen())))
                })
        },
    )
}

fn form(
    ask: &Ask,
    frame: &Frame<'_>,
    (shop, count): (Id<Shop>, usize),
    typed: &Typed,
    (errors, others): (&Errors<'_>, &[Instant]),
) -> Markup {
    let label = |key: &str| ask.label(key);
    let strengths: Vec<(String, String)> = Strength::ALL
        .iter()
        .map(|strength| {
            (
                strength.code().to_owned(),
                label(&format!("booking-strength-{strength}")),
            )
        })
        .collect();
    let names = if typed.in_turn() { 1 } else { count };
    html! {
        form method="post" action="/together" id="book" novalidate {
            (csrf(frame))
            (field::hidden("shop", &shop.to_string()))
            (typed.carried_fields())
            (field::hidden("key", typed.of("key")))
            @if others.is_empty() { (field::hidden("slot", typed.of("slot"))) } @else {
                @let legend = label("booking-other-times");
                @let words: Vec<(String, String)> = others.iter().map(|at| (at.ms().to_string(), moment(ask, *at))).collect();
                @let radios = field::radios("slot", &legend).errors(errors);
                (words.iter().fold(radios, |radios, (value, words)| radios.option(Choice::new(value, words))))
            }
            @for place in 0..names {
                @let words = if names == 1 { label("booking-name") } else {
                    ask.say("booking-together-name", &args![number => place + 1])
                };
                (field::text(&format!("name{place}"), &words)
                    .value(typed.at("name", place)).hint(&label("booking-name-hint"))
                    .autocomplete(if place == 0 { "name" } else { "off" })
                    .max(u32::try_from(NAME_LENGTH).unwrap_or(u32::MAX)).errors(errors))
            }
            (field::tel("phone", &label("booking-phone")).value(typed.of("phone")).autocomplete("tel").errors(errors))
            (field::radios("strength", &label("booking-strength")).options(&refs(&strengths)).value(typed.of("strength")).inline())
            (field::textarea("note", &label("booking-note"))
                .value(typed.of("note")).rows(2).max(u32::try_from(NOTE_LENGTH).unwrap_or(u32::MAX)).errors(errors))
            p { (label("booking-health-text")) }
            (field::checkbox("health", &label("booking-together-health")).checked(typed.of("health") == "1").errors(errors))
        }
    }
}

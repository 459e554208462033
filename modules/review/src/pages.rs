//! The customer's page for reviewing a booking, and the shop's pages for answering.

use booking::Booking;
use db::Tx;
use kernel::{Cx, Error, Id, Refused, Result};
use serde::{Deserialize, Serialize};
use text::{args, show};
use web::{
    Allow, Answer, Ask, Form, Path, Response, Routes, html,
    ui::{Entry, Icon, Surface, Tone, button, csrf, field, list, section, stars, state},
};

use crate::{
    Review, Score, actions,
    model::{LENGTH, NewReview, can_be_reviewed},
    store,
};

/// How many reviews the shop's list shows.
const LISTED: i64 = 100;

pub(crate) fn routes() -> Routes {
    Routes::new("review")
        .get("/bookings/{id}/review", Allow::Customer, show_form)
        .post("/bookings/{id}/review", Allow::Customer, write)
        .get("/desk/reviews", Allow::Desk, show_reviews)
        .get("/desk/reviews/{id}", Allow::Desk, show_reply)
        .post("/desk/reviews/{id}/reply", Allow::FrontDesk, reply)
}

#[derive(Deserialize, Serialize, Default, Clone)]
struct ReviewForm {
    #[serde(default)]
    stars: String,
    #[serde(default)]
    words: String,
}

struct Reviewed {
    booking: Booking,
    therapist: String,
    review: Option<Review>,
}

fn find(cx: &Cx, tx: &mut Tx, id: Id<Booking>) -> Result<Reviewed> {
    let booking = booking::own_booking(cx, tx, id)?;
    let therapist = therapist::therapist(tx, booking.therapist)?.name;
    Ok(Reviewed {
        review: store::of_booking(tx, id)?,
        booking,
        therapist,
    })
}

async fn show_form(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    let found = ask.read(move |cx, tx| find(cx, tx, id)).await?;
    let form = ask.kept().await.unwrap_or_default();
    Ok(form_page(&ask, &found, &form, None))
}

fn form_page(ask: &Ask, found: &Reviewed, form: &ReviewForm, no: Option<&Refused>) -> Response {
    let booking = &found.booking;
    let whom = show::therapist(ask.lang(), &found.therapist);
    let answer = format!(
        "{} {} {whom}",
        show::when(ask.lang(), booking.day, minute_of(booking), ask.today()),
        booking.service_name,
    );
    let back = format!("/bookings/{}", booking.id);
    if let Some(review) = &found.review {
        let title = ask.say("review-written-title", &args![whom => whom.as_str()]);
        return ask.page(Surface::Customer, &title, |_, page| {
            page.answer(&answer)
                .back(&back, &ask.label("review-booking"))
                .body(html! {
                    (own_review(ask, review))
                })
        });
    }
    if !can_be_reviewed(booking.state) {
        let title = ask.label("review-not-yet-title");
        return ask.page(Surface::Customer, &title, |_, page| {
            page.answer(&ask.label("review-not-completed"))
                .back(&back, &ask.label("review-booking"))
                .body(html! {})
        });
    }
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let title = ask.say("review-title", &args![whom => whom.as_str()]);
    let choices: Vec<(String, String)> = (1..=5)
        .rev()
        .map(|n| (n.to_string(), ask.label(&format!("review-stars-{n}"))))
        .collect();
    let choices: Vec<(&str, &str)> = choices
        .iter()
        .map(|(n, label)| (n.as_str(), label.as_str()))
        .collect();
    let action = format!("/bookings/{}/review", booking.id);
    ask.page(Surface::Customer, &title, |frame, page| {
        page.answer(&answer)
            .back(&back, &ask.label("review-booking"))
            .errors(&errors)
            .primary(html! { (button::submit(&ask.label("review-submit")).about(&whom).form("review")) })
            .body(html! {
                form method="post" action=(action) id="review" novalidate {
                    (csrf(frame))
                    (stars::input("stars", &ask.label("review-stars"), &choices).value(&form.stars).errors(&errors))
                    (field::textarea("words", &ask.label("review-words")).rows(4).max(LENGTH)
                        .hint(&ask.label("review-words-hint")).value(&form.words).errors(&errors))
                }
            })
    })
}

fn own_review(ask: &Ask, review: &Review) -> web::Markup {
    html! {
        p { (stars::rating(tenths(review.stars), &ask.label(&format!("review-stars-{}", review.stars)), "")) }
        @if !review.words.is_empty() { p { (review.words) } }
        @if let Some(reply) = &review.reply {
            (section("reply", &ask.label("review-reply-heading"), html! { p { (reply.words) } }))
        }
    }
}

async fn write(ask: Ask, Path(id): Path<Id<Booking>>, Form(form): Form<ReviewForm>) -> Answer {
    let new = NewReview {
        stars: form.stars.trim().parse().unwrap_or_default(),
        words: form.words.clone(),
    };
    match ask.write(move |cx, tx| actions::write(cx, tx, id, &new)).await {
        Ok(_) => Ok(ask.see_saying(&format!("/bookings/{id}"), &ask.label("review-thanks"))),
        Err(Error::Refused(no)) => {
            let found = ask.read(move |cx, tx| find(cx, tx, id)).await?;
            Ok(ask.refused(&no, form_page(&ask, &found, &form, Some(&no))))
        }
        Err(other) => Err(other.into()),
    }
}

async fn show_reviews(ask: Ask) -> Answer {
    let shop = ask.shop()?;
    let (reviews, unanswered, score) = ask
        .read(move |_, tx| {
            let reviews = store::of_shop(tx, shop.id(), LISTED)?;
            Ok((
                reviews,
                store::unanswered(tx, shop)?,
                store::score(tx, shop.id())?,
            ))
        })
        .await?;
    let title = match unanswered {
        0 => ask.label("review-desk-title"),
        count => ask.say("review-desk-title-open", &args![count => count]),
    };
    let answer = score_words(&ask, score);
    Ok(ask.page(Surface::Desk, &title, |_, page| {
        page.answer(&answer)
            .back("/desk", &ask.label("review-desk"))
            .body(html! {
                @if reviews.is_empty() {
                    (state::empty(Icon::Star, &ask.label("review-desk-empty")))
                } @else {
                    (review_list(&ask, &reviews))
                }
            })
    }))
}

fn review_list(ask: &Ask, reviews: &[Review]) -> web::Markup {
    let rows: Vec<_> = reviews
        .iter()
        .map(|review| {
            let title = ask.say(
                "review-entry",
                &args![stars => review.stars, author => review.author.as_str()],
            );
            let day = show::day(ask.lang(), review.created_at.day(), ask.today());
            (
                format!("review-{}", review.id),
                format!("/desk/reviews/{}", review.id),
                title,
                day,
                review,
            )
        })
        .collect();
    let mut entries = list::entries();
    for (id, href, title, day, review) in &rows {
        let badge = match review.reply {
            Some(_) => state::badge(Tone::Good, &ask.label("review-answered")),
            None => state::badge(Tone::Attention, &ask.label("review-unanswered")),
        };
        let mut entry = Entry::new(href, title)
            .id(id)
            .badge(badge)
            .line(&format!("{day} {}", review.service_name));
        if !review.words.is_empty() {
            entry = entry.line(&review.words);
        }
        entries = entries.entry(entry);
    }
    html! { (entries) }
}

fn score_words(ask: &Ask, score: Score) -> String {
    match score.words() {
        Some(words) => ask.say("review-score", &args![score => words, count => score.count]),
        None => ask.label("review-no-score"),
    }
}

#[derive(Deserialize, Serialize, Default)]
struct ReplyForm {
    #[serde(default)]
    reply: String,
    #[serde(default)]
    version: i64,
}

async fn show_reply(ask: Ask, Path(id): Path<Id<Review>>) -> Answer {
    let shop = ask.shop()?;
    let review = ask.read(move |_, tx| store::at_shop(tx, shop, id)).await?;
    let kept: Option<ReplyForm> = ask.kept().await;
    let words = kept
        .map(|form| form.reply)
        .or(review.reply.as_ref().map(|reply| reply.words.clone()));
    Ok(reply_page(&ask, &review, &words.unwrap_or_default(), None))
}

fn reply_page(ask: &Ask, review: &Review, words: &str, no: Option<&Refused>) -> Response {
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let author = review.author.as_str();
    let title = ask.say("review-reply-title", &args![author => author]);
    let said = if review.words.is_empty() {
        ask.label("review-no-words")
    } else {
        review.words.clone()
    };
    let answer = format!("{}：{said}", ask.label(&format!("review-stars-{}", review.stars)));
    let action = format!("/desk/reviews/{}/reply", review.id);
    let label = ask.say("review-reply-label", &args![author => author]);
    let version = review.version.to_string();
    ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer)
            .back("/desk/reviews", &ask.label("review-desk-title"))
            .errors(&errors)
            .primary(html! { (button::submit(&ask.label("review-reply")).about(author).form("reply-form")) })
            .body(html! {
                form method="post" action=(action) id="reply-form" novalidate {
                    (csrf(frame))
                    (field::hidden("version", &version))
                    (field::textarea("reply", &label).rows(3).max(LENGTH).value(words)
                        .hint(&ask.label("review-reply-hint")).errors(&errors))
                }
            })
    })
}

async fn reply(ask: Ask, Path(id): Path<Id<Review>>, Form(form): Form<ReplyForm>) -> Answer {
    let shop = ask.shop()?;
    let (words, seen) = (form.reply.clone(), form.version);
    match ask
        .write(move |cx, tx| actions::reply(cx, tx, shop, id, seen, &words))
        .await
    {
        Ok(review) => {
            let said = ask.say("review-replied", &args![author => review.author]);
            Ok(ask.see_saying("/desk/reviews", &said))
        }
        Err(Error::Refused(no)) => {
            let review = ask.read(move |_, tx| store::at_shop(tx, shop, id)).await?;
            Ok(ask.refused(&no, reply_page(&ask, &review, &form.reply, Some(&no))))
        }
        Err(other) => Err(other.into()),
    }
}

/// Minutes of the business day at which a booking starts.
fn minute_of(booking: &Booking) -> kernel::Minutes {
    booking.starts_at.minutes_since(booking.day.at(0))
}

fn tenths(stars: i64) -> u8 {
    u8::try_from(stars.clamp(0, 5) * 10).unwrap_or(0)
}

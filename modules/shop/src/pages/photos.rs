//! The pictures of a shop: sent, put first, removed, and served.

use http::header;
use kernel::{Error, Id, Refused};
use text::args;
use web::{
    Answer, Ask, Failure, IntoResponse, Markup, Multipart, Path, html,
    ui::{Frame, Icon, Picture as Img, Surface, Tone, button, csrf, field, section, state},
};

use super::answered;
use crate::{Photo, Picture, Shop, actions, store};

/// `GET /photos/{photo}`: a picture never changes under its identifier.
pub(super) async fn serve(ask: Ask, Path(id): Path<Id<Photo>>) -> Answer {
    let jpeg = ask.read(move |_, tx| store::jpeg(tx, id)).await?;
    let headers = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, jpeg).into_response())
}

pub(super) async fn show(ask: Ask, Path(id): Path<Id<kernel::Shop>>) -> Answer {
    page(&ask, id, "", None).await
}

/// What the form sent: the file and its words.
#[derive(Default)]
struct Sent {
    words: String,
    file: Vec<u8>,
}

pub(super) async fn add(ask: Ask, Path(id): Path<Id<kernel::Shop>>, form: Multipart) -> Answer {
    let sent = read(form).await?;
    let words = sent.words.clone();
    let file = sent.file;
    let added = match ask.blocking(move |_, _| Picture::read(&file)).await {
        Ok(picture) => {
            ask.write(move |cx, tx| actions::add_photo(cx, tx, id, &words, &picture))
                .await
        }
        Err(no) => Err(no),
    };
    match added {
        Ok(_) => Ok(ask.see_saying(&address(id), &ask.label("shop-photo-added"))),
        Err(Error::Refused(no)) => page(&ask, id, &sent.words, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

async fn read(form: Multipart) -> Result<Sent, Failure> {
    let mut sent = Sent::default();
    for (name, content) in form.parts().await? {
        match name.as_str() {
            "words" => sent.words = String::from_utf8_lossy(&content).into_owned(),
            "photo" => sent.file = content.to_vec(),
            _ => {}
        }
    }
    Ok(sent)
}

pub(super) async fn to_front(ask: Ask, Path((id, photo)): Path<(Id<kernel::Shop>, Id<Photo>)>) -> Answer {
    ask.write(move |cx, tx| actions::show_photo(cx, tx, id, photo))
        .await?;
    Ok(ask.see_saying(&address(id), &ask.label("shop-photo-in-front")))
}

pub(super) async fn remove(ask: Ask, Path((id, photo)): Path<(Id<kernel::Shop>, Id<Photo>)>) -> Answer {
    ask.write(move |cx, tx| actions::remove_photo(cx, tx, id, photo))
        .await?;
    Ok(ask.see_saying(&address(id), &ask.label("shop-photo-removed")))
}

fn address(id: Id<kernel::Shop>) -> String {
    format!("/console/shops/{id}/photos")
}

async fn page(ask: &Ask, id: Id<kernel::Shop>, words: &str, no: Option<&Refused>) -> Answer {
    let (shop, photos) = ask
        .read(move |cx, tx| {
            let id = cx.shop_named(id)?.id();
            Ok((store::shop(tx, id)?, store::photos(tx, id)?))
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let title = ask.say("shop-photos-title", &args![name => shop.name.as_str()]);
    let answer = ask.say("shop-photos-answer", &args![count => photos.len()]);
    let back = format!("/console/shops/{id}");
    let response = ask.page(Surface::Console, &title, |frame, page| {
        page.answer(&answer).back(&back, &shop.name).errors(&errors).body(html! {
            @for photo in &photos { (one(ask, frame, &shop, photo)) }
            (section("new", &ask.label("shop-photo-new"), html! {
                form method="post" action=(address(id)) enctype="multipart/form-data" novalidate {
                    (csrf(frame))
                    (field::file("photo", &ask.label("shop-photo-file")).hint(&ask.label("shop-photo-file-hint"))
                        .accept("image/jpeg,image/png").errors(&errors))
                    (field::text("words", &ask.label("shop-photo-what")).hint(&ask.label("shop-photo-what-hint"))
                        .value(words).errors(&errors))
                    (button::submit(&ask.label("shop-photo-send")).icon(Icon::Plus))
                }
            }))
        })
    });
    Ok(answered(ask, no, response))
}

fn one(ask: &Ask, frame: &Frame<'_>, shop: &Shop, photo: &Photo) -> Markup {
    let (src, action) = (
        format!("/photos/{}", photo.id),
        format!("{}/{}", address(shop.id), photo.id),
    );
    let size = |pixels: i64| u32::try_from(pixels).unwrap_or(640);
    html! {
        figure {
            (Img::new(&src, &photo.words).size(size(photo.width), size(photo.height)))
            figcaption { (photo.words) }
            div class="actions" {
                @if shop.photo == photo.id.to_string() {
                    (state::badge(Tone::Good, &ask.label("shop-photo-is-first")))
                } @else {
                    (button::post(frame, &format!("{action}/front"), &ask.label("shop-photo-front"))
                        .about_hidden(&photo.words).secondary())
                }
                (button::post(frame, &format!("{action}/removal"), &ask.label("shop-photo-remove"))
                    .about_hidden(&photo.words).quiet())
            }
        }
    }
}

//! The shop's beds.

use kernel::{Error, Id, Refused};
use serde::{Deserialize, Serialize};
use text::args;
use web::{
    Answer, Ask, Form, Path, html,
    ui::{Entry, Icon, Surface, button, csrf, field, list, section, state},
};

mod one;

pub(super) use one::{lift_pause, one, pause, put_in_room};

use super::{joined, may_change};
use crate::{Bed, actions, model::slot_of, store};

#[derive(Deserialize, Serialize, Default, Clone)]
pub(super) struct BedForm {
    #[serde(default)]
    name: String,
    /// The name of a new room.
    #[serde(default)]
    room: String,
}

pub(super) async fn show(ask: Ask) -> Answer {
    let form = ask.kept().await.unwrap_or_default();
    beds_page(&ask, &form, None).await
}

async fn beds_page(ask: &Ask, form: &BedForm, no: Option<&Refused>) -> Answer {
    let (beds, rooms, pauses) = ask
        .read(move |cx, tx| {
            let shop = cx.shop()?.id();
            Ok((
                store::beds(tx, shop)?,
                store::rooms(tx, shop)?,
                store::pauses(tx, shop, cx.now())?,
            ))
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let title = ask.say("scheduling-beds-title", &args![count => beds.len()]);
    let names: Vec<String> = beds.iter().map(|bed| bed.name.clone()).collect();
    let answer = if beds.is_empty() {
        ask.label("scheduling-no-beds")
    } else {
        ask.say("scheduling-beds-are", &args![names => joined(ask, &names)])
    };
    let pages: Vec<String> = beds.iter().map(|bed| format!("/desk/beds/{}", bed.id)).collect();
    let response = ask.page(Surface::Desk, &title, |frame, page| {
        let mut entries = list::entries().level(2);
        for (bed, page) in beds.iter().zip(&pages) {
            let mut entry = Entry::new(page, &bed.name);
            if let Some(room) = rooms.iter().find(|room| Some(room.id) == bed.room) {
                entry = entry.line(&room.name);
            }
            for pause in pauses.iter().filter(|pause| pause.bed == bed.id) {
                entry = entry.line(&one::pause_in_words(ask, pause));
            }
            let address = format!("/desk/beds/{}/retirement", bed.id);
            entries = entries.entry(if may_change(ask) {
                entry.action(html! {
                    (button::post(frame, &address, &ask.label("scheduling-retire")).about_hidden(&bed.name).secondary())
                })
            } else {
                entry
            });
        }
        page.answer(&answer).back("/desk/shifts", &ask.label("scheduling-shifts")).errors(&errors).body(html! {
            @if beds.is_empty() { (state::empty(Icon::List, &answer)) } @else { (entries) }
            @if may_change(ask) {
                (section("new", &ask.label("scheduling-bed-new"), html! {
                    form method="post" action="/desk/beds" novalidate {
                        (csrf(frame))
                        (field::text("name", &ask.label("scheduling-bed-label"))
                            .hint(&ask.label("scheduling-bed-hint")).value(&form.name).autocomplete("off").errors(&errors))
                        (button::submit(&ask.label("scheduling-bed-add")))
                    }
                }))
                (section("rooms", &ask.label("scheduling-rooms"), html! {
                    @if !rooms.is_empty() {
                        (list::sentences(&rooms.iter().map(|room| room.name.clone()).collect::<Vec<_>>()))
                    }
                    form method="post" action="/desk/rooms" novalidate {
                        (csrf(frame))
                        (field::text("room", &ask.label("scheduling-room-label"))
                            .hint(&ask.label("scheduling-room-hint")).value(&form.room).autocomplete("off").errors(&errors))
                        (button::submit(&ask.label("scheduling-room-add")).secondary())
                    }
                }))
            }
        })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

pub(super) async fn add(ask: Ask, Form(form): Form<BedForm>) -> Answer {
    let name = form.name.clone();
    let added = ask
        .write(move |cx, tx| {
            let shop = cx.shop()?.id();
            actions::add_bed(cx, tx, shop, &name)
        })
        .await;
    match added {
        Ok(_) => {
            let said = ask.say("scheduling-bed-added", &args![name => form.name.trim()]);
            Ok(ask.see_saying("/desk/beds", &said))
        }
        Err(Error::Refused(no)) => beds_page(&ask, &form, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn add_room(ask: Ask, Form(form): Form<BedForm>) -> Answer {
    let name = form.room.clone();
    let added = ask
        .write(move |cx, tx| {
            let shop = cx.shop()?.id();
            actions::add_room(cx, tx, shop, &name)
        })
        .await;
    match added {
        Ok(_) => {
            let said = ask.say("scheduling-bed-added", &args![name => form.room.trim()]);
            Ok(ask.see_saying("/desk/beds", &said))
        }
        Err(Error::Refused(no)) => beds_page(&ask, &form, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

/// What is booked on the bed stays there; the answer says how much.
pub(super) async fn retire(ask: Ask, Path(id): Path<Id<Bed>>) -> Answer {
    let (bed, booked) = ask
        .write(move |cx, tx| {
            let shop = cx.shop()?.id();
            actions::retire_bed(cx, tx, shop, id)?;
            let booked = store::taken(tx, shop, id.raw(), slot_of(cx.now()), i64::MAX)?.len();
            Ok((store::bed(tx, id)?, booked))
        })
        .await?;
    let said = ask.say(
        "scheduling-bed-retired",
        &args![name => bed.name, count => booked],
    );
    Ok(ask.see_saying("/desk/beds", &said))
}

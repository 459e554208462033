//! What people do: the same addresses serve the phone and the tests.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Unable;
use crate::message::{Author, Thread};
use crate::oa::content;
use crate::oa::menu::{self, Button};
use crate::oa::oauth;
use crate::pay::{self, SheetRequest};
use crate::place::{self, Place};
use crate::push::{self, Act, Delivery};
use crate::state::Sandbox;

/// The sandbox, as handlers get it.
pub type Shared = State<Arc<Sandbox>>;
/// What handlers answer.
pub type Reply = Result<Json<Value>, Unable>;

/// Addresses below `/control/people`.
pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/control/people", get(list))
        .route("/control/people/{person}/messages", get(messages))
        .route("/control/people/{person}/follow", post(follow))
        .route("/control/people/{person}/unfollow", post(unfollow))
        .route("/control/people/{person}/scan", post(scan))
        .route("/control/people/{person}/menu", post(tap_menu))
        .route("/control/people/{person}/place", post(set_place))
        .route(
            "/control/people/{person}/location-consent",
            post(set_location_consent),
        )
        .route("/control/people/{person}/network", post(set_network))
        .route("/control/people/{person}/authorize", post(authorize))
        .route("/control/people/{person}/sheet", post(open_sheet))
}

async fn list(State(sandbox): Shared) -> Json<Value> {
    Json(sandbox.look(|world| {
        let person = |person: &crate::person::Person| {
            json!({
                "id": person.id, "name": person.name, "openid": person.openid, "unionid": person.unionid,
                "following": person.following_since_ms.is_some(), "place": person.place,
                "location_allowed": person.location_allowed, "scene": person.scene,
                "slow": world.phone.slow.contains(&person.id), "tags": person.tags, "remark": person.remark,
                "blocked": person.blocked, "refuses": person.refuses,
                "typing": person.typing_until_ms > sandbox.clock.now_ms(),
            })
        };
        json!({"people": world.people.iter().map(person).collect::<Vec<_>>()})
    }))
}

async fn messages(
    State(sandbox): Shared,
    Path(person): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Reply {
    known(&sandbox, &person)?;
    let after = query
        .get("after")
        .and_then(|after| after.parse().ok())
        .unwrap_or(0);
    Ok(Json(
        json!({"messages": messages_after(&sandbox, &person, after)}),
    ))
}

#[derive(Deserialize)]
struct Code {
    scene: Option<String>,
    ticket: Option<String>,
    url: Option<String>,
}

impl Code {
    /// The QR code meant: by its ticket, by what stands in it, or by its scene.
    fn find(&self, sandbox: &Sandbox) -> Result<Option<(String, String)>, Unable> {
        if self.scene.is_none() && self.ticket.is_none() && self.url.is_none() {
            return Ok(None);
        }
        let found = sandbox.look(|world| {
            let meant = |code: &&crate::oa::Scene| {
                code.lives(&sandbox.clock)
                    && (self.ticket.as_ref() == Some(&code.ticket)
                        || self.url.as_ref() == Some(&code.url)
                        || self.scene.as_ref() == Some(&code.scene))
            };
            let code = world.account.scenes.iter().rev().find(meant);
            code.map(|code| (code.scene.clone(), code.ticket.clone()))
        });
        found
            .map(Some)
            .ok_or_else(|| Unable::because("this QR code does not exist or has expired"))
    }
}

async fn follow(State(sandbox): Shared, Path(person): Path<String>, Json(code): Json<Code>) -> Reply {
    if following(&sandbox, &person)? {
        return Err(Unable::because("follows already"));
    }
    let code = code.find(&sandbox)?;
    act(&sandbox, &person, Act::Follow(code)).await
}

async fn unfollow(State(sandbox): Shared, Path(person): Path<String>) -> Reply {
    if !following(&sandbox, &person)? {
        return Err(Unable::because("does not follow"));
    }
    act(&sandbox, &person, Act::Unfollow).await
}

async fn scan(State(sandbox): Shared, Path(person): Path<String>, Json(code): Json<Code>) -> Reply {
    let follows = following(&sandbox, &person)?;
    let code = code
        .find(&sandbox)?
        .ok_or_else(|| Unable::because("nothing to scan"))?;
    let scanned = if follows {
        Act::Scan(code.0, code.1)
    } else {
        Act::Follow(Some(code))
    };
    act(&sandbox, &person, scanned).await
}

#[derive(Deserialize)]
struct Tap {
    name: Option<String>,
    key: Option<String>,
    url: Option<String>,
    scanned: Option<String>,
}

async fn tap_menu(State(sandbox): Shared, Path(person): Path<String>, Json(tap): Json<Tap>) -> Reply {
    must_follow(&sandbox, &person)?;
    let buttons = sandbox.look(|world| world.person(&person).map(|person| menu::buttons(world, person)));
    let buttons = buttons.unwrap_or_default();
    let all = buttons.into_iter().flat_map(|button| {
        let below = button.sub_button.clone();
        std::iter::once(button).chain(below)
    });
    let meant = |button: &Button| {
        tap.name.as_ref().is_some_and(|name| *name == button.name)
            || tap
                .key
                .as_ref()
                .is_some_and(|key| !key.is_empty() && *key == button.key)
            || tap
                .url
                .as_ref()
                .is_some_and(|url| !url.is_empty() && *url == button.url)
    };
    let button = all.filter(|button| !button.kind.is_empty()).find(meant);
    let button = button.ok_or_else(|| Unable::unknown("menu button"))?;
    tap_button(&sandbox, &person, &button, tap.scanned).await
}

/// What a tap on `button` does; the scanner of a scancode button reads `scanned`.
async fn tap_button(sandbox: &Arc<Sandbox>, person: &str, button: &Button, scanned: Option<String>) -> Reply {
    let key = button.key.clone();
    match button.kind.as_str() {
        "view" => act(sandbox, person, Act::View(button.url.clone())).await,
        "click" => act(sandbox, person, Act::Click(key)).await,
        "miniprogram" => act(sandbox, person, Act::ViewMiniProgram(button.pagepath.clone())).await,
        "scancode_push" | "scancode_waitmsg" => {
            let scanned = scanned.ok_or_else(|| Unable::because("nothing to scan"))?;
            let event = ["scancode_push", "scancode_waitmsg"];
            let event = event[usize::from(button.kind == "scancode_waitmsg")];
            act(sandbox, person, Act::ScanCode(event, key, scanned)).await
        }
        "location_select" => {
            let own = sandbox.look(|world| world.person(person).map(|person| person.place.gcj02()));
            let own = own.ok_or_else(|| Unable::unknown("person"))?;
            let label = "我的位置".to_owned();
            let chosen = Act::ChoosePlace(key, own.lat, own.lng, label.clone());
            push::act(sandbox, person, chosen).await;
            act(sandbox, person, Act::Location(own.lat, own.lng, label)).await
        }
        kind => {
            let pictures = ["pic_sysphoto", "pic_photo_or_album", "pic_weixin"];
            if let Some(event) = pictures.into_iter().find(|picture| *picture == kind) {
                push::act(sandbox, person, Act::TakePicture(event, key)).await;
                return act(sandbox, person, Act::Image(None)).await;
            }
            show_content(sandbox, person, button)
        }
    }
}

/// Buttons that show material or an article at once, without asking the program.
fn show_content(sandbox: &Sandbox, person: &str, button: &Button) -> Reply {
    let before = sandbox.look(|world| world.seq());
    let body = sandbox.look(|world| match button.kind.as_str() {
        "media_id" | "view_limited" => content::of_material(sandbox, world, &button.media_id),
        _ => content::published(sandbox, world, &button.article_id),
    });
    let body = body.map_err(|_| Unable::unknown("content of this button"))?;
    let now = sandbox.clock.now_ms();
    sandbox.change(|world| world.say(person, Thread::Account, Author::Account, now, body));
    let messages = messages_after(sandbox, person, before);
    Ok(Json(
        json!({"delivered": true, "attempts": 0, "messages": messages, "open": null}),
    ))
}

/// A place on the earth, or a station.
#[derive(Deserialize)]
pub struct Spot {
    /// Latitude in degrees.
    pub lat: Option<f64>,
    /// Longitude in degrees.
    pub lng: Option<f64>,
    /// What the place is called.
    pub label: Option<String>,
    /// Name of a subway station.
    pub station: Option<String>,
}

async fn set_place(State(sandbox): Shared, Path(person): Path<String>, Json(spot): Json<Spot>) -> Reply {
    let place = match (&spot.station, spot.lat, spot.lng) {
        (Some(name), ..) => place::station(name).ok_or_else(|| Unable::unknown("station"))?,
        (None, Some(lat), Some(lng)) if lat.abs() <= 90.0 && lng.abs() <= 180.0 => Place { lat, lng },
        _ => {
            return Err(Unable::because(
                "a station, or latitude and longitude, are wanted",
            ));
        }
    };
    sandbox.change(|world| {
        let person = world
            .person_mut(&person)
            .ok_or_else(|| Unable::unknown("person"))?;
        person.place = place;
        Ok(Json(json!({"place": place, "gcj02": place.gcj02()})))
    })
}

#[derive(Deserialize)]
struct Answer {
    allowed: bool,
}

async fn set_location_consent(
    State(sandbox): Shared,
    Path(person): Path<String>,
    Json(answer): Json<Answer>,
) -> Reply {
    sandbox.change(|world| {
        let person = world
            .person_mut(&person)
            .ok_or_else(|| Unable::unknown("person"))?;
        person.location_allowed = answer.allowed;
        Ok(Json(json!({"allowed": answer.allowed})))
    })
}

#[derive(Deserialize)]
struct Network {
    slow: bool,
}

async fn set_network(
    State(sandbox): Shared,
    Path(person): Path<String>,
    Json(network): Json<Network>,
) -> Reply {
    known(&sandbox, &person)?;
    sandbox.change(|world| {
        if network.slow {
            world.phone.slow.insert(person);
        } else {
            world.phone.slow.remove(&person);
        }
    });
    Ok(Json(json!({"slow": network.slow})))
}

#[derive(Deserialize)]
struct Authorization {
    url: String,
    #[serde(default)]
    consent: bool,
}

async fn authorize(
    State(sandbox): Shared,
    Path(person): Path<String>,
    Json(asked): Json<Authorization>,
) -> Reply {
    known(&sandbox, &person)?;
    let request = oauth::parse(&asked.url).ok_or_else(|| Unable::because("no address of authorisation"))?;
    if request.asks_for_profile() && !asked.consent {
        return Err(Unable::because("snsapi_userinfo needs consent"));
    }
    let location = oauth::grant(&sandbox, &person, &request).map_err(Unable::because)?;
    Ok(Json(json!({"location": location})))
}

async fn open_sheet(
    State(sandbox): Shared,
    Path(person): Path<String>,
    Json(request): Json<SheetRequest>,
) -> Reply {
    let sheet = pay::open_sheet(&sandbox, &person, &request).map_err(Unable::because)?;
    Ok(Json(json!(sheet)))
}

/// Acts, and tells what appeared on the phone meanwhile.
pub async fn act(sandbox: &Arc<Sandbox>, person: &str, act: Act) -> Reply {
    let before = sandbox.look(|world| world.seq());
    let open = match &act {
        Act::View(url) => Some(url.clone()),
        _ => None,
    };
    let Delivery { delivered, attempts } = push::act(sandbox, person, act).await;
    let messages = messages_after(sandbox, person, before);
    Ok(Json(
        json!({"delivered": delivered, "attempts": attempts, "messages": messages, "open": open}),
    ))
}

fn messages_after(sandbox: &Sandbox, person: &str, after: u64) -> Vec<crate::message::Message> {
    sandbox.look(|world| {
        let new = world
            .messages
            .iter()
            .filter(|message| message.person == person && message.seq > after);
        new.cloned().collect()
    })
}

/// Whether there is such a person.
///
/// # Errors
/// 404 when not.
pub fn known(sandbox: &Sandbox, person: &str) -> Result<(), Unable> {
    following(sandbox, person).map(|_| ())
}

fn following(sandbox: &Sandbox, person: &str) -> Result<bool, Unable> {
    let following = sandbox.look(|world| {
        world
            .person(person)
            .map(|person| person.following_since_ms.is_some())
    });
    following.ok_or_else(|| Unable::unknown("person"))
}

/// Whether the person follows the account.
///
/// # Errors
/// 404 for a stranger, 409 for one who does not follow.
pub fn must_follow(sandbox: &Sandbox, person: &str) -> Result<(), Unable> {
    if following(sandbox, person)? {
        Ok(())
    } else {
        Err(Unable::because("does not follow the account"))
    }
}

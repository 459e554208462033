//! What a person does that the program hears of.

use std::sync::Arc;

use super::delivery::{Delivery, deliver};
use super::event::event;
use super::{Fields, delivery};
use crate::message::{Author, Body, Thread};
use crate::oa::media::{self, Kind};
use crate::oa::menu;
use crate::person::{Person, Trigger};
use crate::phone::album::{self, File};
use crate::state::Sandbox;
use crate::xml::Field;

/// What a person reads when the program does not answer properly.
const OUT_OF_ORDER: &str = "该公众号提供的服务出现故障，请稍后再试";

/// Something a person does that the program hears of.
#[derive(Clone, Debug)]
pub enum Act {
    /// Follows, perhaps by a QR code (scene, ticket).
    Follow(Option<(String, String)>),
    /// Stops following.
    Unfollow,
    /// Scans a QR code as a follower (scene, ticket).
    Scan(String, String),
    /// Taps a click button.
    Click(String),
    /// Taps a view button.
    View(String),
    /// Taps a button that opens a page of a mini program.
    ViewMiniProgram(String),
    /// Taps a button of the scancode kinds (event, key), and scans this.
    ScanCode(&'static str, String, String),
    /// Taps a button of the picture kinds (event, key); a picture follows.
    TakePicture(&'static str, String),
    /// Taps a button that asks for a place (key, latitude, longitude, name); the place follows.
    ChoosePlace(String, f64, f64, String),
    /// Sends words.
    Text(String),
    /// Chooses an answer of a menu message (id, words).
    Choose(String, String),
    /// Sends a picture of the album; without one, a picture of the sandbox's own.
    Image(Option<File>),
    /// Sends a recording of the album with what was said, as far as WeChat understood it; without one, a silent one.
    Voice(Option<File>, String),
    /// Sends a film, or a short one taken in the chat.
    Video(bool),
    /// Sends a link (title, description, address).
    Link(String, String, String),
    /// Sends a place in GCJ-02 with its name.
    Location(f64, f64, String),
}

impl Act {
    /// Whether it is a message, and no event.
    fn is_message(&self) -> bool {
        use Act::{Choose, Image, Link, Location, Text, Video, Voice};
        matches!(
            self,
            Text(_) | Choose(..) | Image(_) | Voice(..) | Video(_) | Link(..) | Location(..)
        )
    }

    /// Whether the person waits for an answer.
    fn wants_answer(&self) -> bool {
        self.is_message() || matches!(self, Self::Click(_) | Self::ScanCode("scancode_waitmsg", ..))
    }
}

/// Pushes `act` of `person` and puts the reply into the chat.
pub async fn act(sandbox: &Arc<Sandbox>, person: &str, act: Act) -> Delivery {
    let (mut fields, body) = told(sandbox, person, &act);
    if act.is_message() {
        let id = sandbox.change(|world| format!("24{}", world.digits(15)));
        fields.push(("MsgId", Field::Number(id)));
    }
    begin(sandbox, person, &act, body);
    let delivery = deliver(sandbox, Some(person), &delivery::openid(sandbox, person), fields).await;
    if !delivery.delivered && act.wants_answer() {
        let now = sandbox.clock.now_ms();
        let body = Body::text(OUT_OF_ORDER);
        sandbox.change(|world| world.say(person, Thread::Account, Author::System, now, body));
    }
    delivery
}

/// What changes on WeChat's own side when a person acts, whether or not the program hears of it.
fn begin(sandbox: &Sandbox, id: &str, act: &Act, said: Option<Body>) {
    let now = sandbox.clock.now_ms();
    sandbox.change(|world| {
        let Some(person) = world.person_mut(id) else {
            return;
        };
        earn(person, act, now);
        if let Some(body) = said {
            person.allow(Trigger::Message, now);
            person.talked_ms = now;
            world.say(id, Thread::Account, Author::Me, now, body);
        }
    });
}

/// What the account may do after `act`.
fn earn(person: &mut Person, act: &Act, now: i64) {
    match act {
        Act::Follow(code) => {
            person.following_since_ms = Some(now);
            person.scene = code.as_ref().map(|(scene, _)| scene.clone()).unwrap_or_default();
            person.allow(Trigger::Follow, now);
            if code.is_some() {
                person.allow(Trigger::Scan, now);
            }
        }
        Act::Unfollow => person.leave(),
        Act::Scan(..) => person.allow(Trigger::Scan, now),
        Act::Click(_) | Act::ScanCode(..) => person.allow(Trigger::Menu, now),
        _ => {}
    }
}

/// What the program hears, and what stands in the chat.
fn told(sandbox: &Sandbox, person: &str, act: &Act) -> (Fields, Option<Body>) {
    match act {
        Act::Text(text) => {
            let fields = message("text", [("Content", Field::words(text))]);
            (fields, Some(Body::text(text)))
        }
        Act::Choose(id, text) => {
            let menu = ("bizmsgmenuid", Field::words(id));
            let fields = message("text", [("Content", Field::words(text)), menu]);
            (fields, Some(Body::text(text)))
        }
        Act::Image(file) => picture(sandbox, file.as_ref()),
        Act::Voice(file, words) => recording(sandbox, file.as_ref(), words),
        Act::Video(short) => film(sandbox, *short),
        Act::Link(title, description, url) => {
            let fields = message(
                "link",
                [
                    ("Title", Field::words(title)),
                    ("Description", Field::words(description)),
                    ("Url", Field::words(url)),
                ],
            );
            (fields, Some(Body::text(format!("{title} {url}"))))
        }
        Act::Location(lat, lng, label) => {
            let mut fields = message("location", place(*lat, *lng));
            fields.push(("Label", Field::words(label)));
            let body = Body::Location {
                lat: *lat,
                lng: *lng,
                text: label.clone(),
            };
            (fields, Some(body))
        }
        happening => (happened(sandbox, person, happening), None),
    }
}

/// The fields of an event.
fn happened(sandbox: &Sandbox, person: &str, act: &Act) -> Fields {
    let menu = || {
        let id = sandbox.look(|world| {
            world
                .person(person)
                .map_or(menu::DEFAULT_ID, |person| world.account.menu.of(person).0)
        });
        ("MenuId", Field::number(id))
    };
    match act {
        Act::Follow(None) => event("subscribe", Some("")),
        Act::Follow(Some((scene, ticket))) => {
            let mut fields = event("subscribe", Some(&format!("qrscene_{scene}")));
            fields.push(("Ticket", Field::words(ticket)));
            fields
        }
        Act::Unfollow => event("unsubscribe", Some("")),
        Act::Scan(scene, ticket) => {
            let mut fields = event("SCAN", Some(scene));
            fields.push(("Ticket", Field::words(ticket)));
            fields
        }
        Act::Click(key) => event("CLICK", Some(key)),
        Act::View(url) => {
            let mut fields = event("VIEW", Some(url));
            fields.push(menu());
            fields
        }
        Act::ViewMiniProgram(page) => {
            let mut fields = event("view_miniprogram", Some(page));
            fields.push(menu());
            fields
        }
        Act::ScanCode(name, key, scanned) => {
            let info = Field::inside([
                ("ScanType", Field::words("qrcode")),
                ("ScanResult", Field::words(scanned)),
            ]);
            let mut fields = event(name, Some(key));
            fields.push(("ScanCodeInfo", info));
            fields
        }
        Act::TakePicture(name, key) => {
            let sum = Field::words("1b5f7c23b5bf75682a53e7b6d163e185");
            let item = Field::inside([("PicMd5Sum", sum)]);
            let info = Field::inside([
                ("Count", Field::number(1)),
                ("PicList", Field::inside([("item", item)])),
            ]);
            let mut fields = event(name, Some(key));
            fields.push(("SendPicsInfo", info));
            fields
        }
        Act::ChoosePlace(key, lat, lng, label) => {
            let spot = place(*lat, *lng).map(|(name, field)| match field {
                Field::Number(number) => (name, Field::Words(number)),
                other => (name, other),
            });
            let words = [("Label", Field::words(label)), ("Poiname", Field::words(""))];
            let mut fields = event("location_select", Some(key));
            fields.push(("SendLocationInfo", Field::inside(spot.into_iter().chain(words))));
            fields
        }
        _ => Vec::new(),
    }
}

fn message<const N: usize>(kind: &str, fields: [(&'static str, Field); N]) -> Fields {
    let mut all = vec![("MsgType", Field::words(kind))];
    all.extend(fields);
    all
}

fn place(lat: f64, lng: f64) -> [(&'static str, Field); 3] {
    [
        ("Location_X", Field::Number(format!("{lat:.6}"))),
        ("Location_Y", Field::Number(format!("{lng:.6}"))),
        ("Scale", Field::number(15)),
    ]
}

fn picture(sandbox: &Sandbox, file: Option<&File>) -> (Fields, Option<Body>) {
    let (id, _) = media::from_person(sandbox, Kind::Image, file);
    let url = file.map_or_else(
        || media::address(sandbox, &id),
        |file| album::address(sandbox, &file.id),
    );
    let fields = message(
        "image",
        [("PicUrl", Field::words(&url)), ("MediaId", Field::words(id))],
    );
    let text = "我发的图片".into();
    (fields, Some(Body::Image { url, text }))
}

fn recording(sandbox: &Sandbox, file: Option<&File>, words: &str) -> (Fields, Option<Body>) {
    let (id, format) = media::from_person(sandbox, Kind::Voice, file);
    let url = media::address(sandbox, &id);
    let format = Field::words(format.extension());
    let mut fields = message("voice", [("MediaId", Field::words(id)), ("Format", format)]);
    if !words.is_empty() {
        fields.push(("Recognition", Field::words(words)));
    }
    let text = if words.is_empty() {
        "我发的语音".into()
    } else {
        words.to_owned()
    };
    (fields, Some(Body::Voice { url, text }))
}

fn film(sandbox: &Sandbox, short: bool) -> (Fields, Option<Body>) {
    let (id, _) = media::from_person(sandbox, Kind::Video, None);
    let (thumb, _) = media::from_person(sandbox, Kind::Thumb, None);
    let url = media::address(sandbox, &id);
    let fields = message(
        if short { "shortvideo" } else { "video" },
        [
            ("MediaId", Field::words(id)),
            ("ThumbMediaId", Field::words(thumb)),
        ],
    );
    let body = Body::Video {
        url,
        title: String::new(),
        description: String::new(),
        text: "[视频]".into(),
    };
    (fields, Some(body))
}

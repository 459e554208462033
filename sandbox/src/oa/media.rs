//! Temporary material (临时素材): pictures, recordings and films that live for three days.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::upload::{Format, Upload, amr_ms};
use super::{Answer, Call, Fail, Interface};
use crate::clock::Clock;
use crate::phone::album::File;
use crate::state::{Sandbox, World};

/// How long temporary material lives, in seconds.
const LIFETIME_S: u32 = 3 * 86_400;
/// Longest recording.
const RECORDING_MS: u32 = 60_000;

/// The refusal of material that there is not, or not any more.
pub const UNKNOWN: Fail = Fail(40007, "invalid media_id");

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[
    Interface::post("/cgi-bin/media/upload", upload).daily(100_000),
    Interface::file("/cgi-bin/media/get", get).daily(200_000),
    Interface::post("/cgi-bin/media/uploadimg", upload_picture).daily(100_000),
];

/// All material.
#[derive(Default)]
pub struct Shelf {
    items: HashMap<String, Media>,
}

/// One piece.
#[derive(Clone)]
pub struct Media {
    /// What it is.
    pub kind: Kind,
    /// In which format.
    pub format: Format,
    /// The file.
    pub bytes: Bytes,
    /// Name of the file.
    pub name: String,
    /// Headline and introduction of a permanent film.
    pub words: (String, String),
    /// When it came.
    pub since_ms: i64,
    /// Whether it lives for ever.
    pub permanent: bool,
    /// Whether it is a picture inside an article, which has an address and no id.
    pub inside: bool,
}

/// What a piece of material is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A picture.
    Image,
    /// A recording.
    Voice,
    /// A film.
    Video,
    /// A small picture.
    Thumb,
}

impl Kind {
    /// The kind by WeChat's name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "image" => Self::Image,
            "voice" => Self::Voice,
            "video" => Self::Video,
            "thumb" => Self::Thumb,
            _ => return None,
        })
    }

    /// WeChat's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Voice => "voice",
            Self::Video => "video",
            Self::Thumb => "thumb",
        }
    }

    /// The formats taken, the largest size in bytes, and the refusal of a larger file.
    fn limits(self) -> (&'static [Format], usize, Fail) {
        const MEGABYTE: usize = 1024 * 1024;
        match self {
            Self::Image => (
                &[Format::Jpeg, Format::Png, Format::Gif, Format::Bmp],
                10 * MEGABYTE,
                Fail(40009, "invalid image size"),
            ),
            Self::Voice => (
                &[Format::Amr, Format::Mp3],
                2 * MEGABYTE,
                Fail(40010, "invalid voice size"),
            ),
            Self::Video => (&[Format::Mp4], 10 * MEGABYTE, Fail(40011, "invalid video size")),
            Self::Thumb => (&[Format::Jpeg], 64 * 1024, Fail(40012, "invalid thumb size")),
        }
    }

    /// Whether `upload` is a file of this kind.
    ///
    /// # Errors
    /// 41005 without a file, 44001 for an empty one, 40113 for a wrong format, 40009 to 40012 for one that is too large,
    /// 45007 for a recording of more than a minute.
    pub fn check(self, upload: Option<&Upload>) -> Result<(Format, &Upload), Fail> {
        let upload = upload.ok_or(Fail(41005, "media data missing"))?;
        let bytes = &upload.bytes;
        if bytes.is_empty() {
            return Err(Fail(44001, "empty media data"));
        }
        let (formats, most, too_large) = self.limits();
        let format = Format::of(bytes)
            .filter(|format| formats.contains(format))
            .ok_or(Fail(40113, "unsupported file type"))?;
        if bytes.len() > most {
            return Err(too_large);
        }
        if format == Format::Amr && amr_ms(bytes) > RECORDING_MS {
            return Err(Fail(45007, "playtime out of limit"));
        }
        Ok((format, upload))
    }
}

impl Shelf {
    /// The piece with this id, temporary or permanent, if it still lives.
    pub fn living(&self, id: &str, clock: &Clock) -> Option<&Media> {
        self.items
            .get(id)
            .filter(|media| !media.inside && (media.permanent || !clock.passed(media.since_ms, LIFETIME_S)))
    }

    /// The permanent piece with this id.
    pub fn permanent(&self, id: &str) -> Option<&Media> {
        self.items
            .get(id)
            .filter(|media| media.permanent && !media.inside)
    }

    /// All permanent pieces with their ids, the newest first.
    pub fn all_permanent(&self) -> Vec<(&String, &Media)> {
        let mut all: Vec<_> = self.items.iter().collect();
        all.retain(|(_, media)| media.permanent && !media.inside);
        all.sort_by(|a, b| (b.1.since_ms, b.0).cmp(&(a.1.since_ms, a.0)));
        all
    }

    /// Forgets a piece.
    pub fn remove(&mut self, id: &str) {
        self.items.remove(id);
    }
}

/// Puts a piece on the shelf and gives its id.
pub fn keep(world: &mut World, media: Media) -> String {
    let id = world.word(64);
    world.account.media.items.insert(id.clone(), media);
    id
}

/// Where people see the piece `id`.
pub fn address(sandbox: &Sandbox, id: &str) -> String {
    format!("{}/mmbiz/{id}", sandbox.config.address)
}

/// What a person sends to the account, which WeChat keeps as temporary material: its id and format. Without a file of the
/// album it is one of the sandbox's own.
pub fn from_person(sandbox: &Sandbox, kind: Kind, file: Option<&File>) -> (String, Format) {
    let (own, bytes): (_, &'static [u8]) = match kind {
        Kind::Voice => (Format::Amr, b"#!AMR\n\x0c\0\0\0\0\0\0\0\0\0\0\0\0"),
        Kind::Video => (Format::Mp4, b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"),
        Kind::Image | Kind::Thumb => (Format::Png, include_bytes!("../../assets/picture.png")),
    };
    let bytes = file.map_or(Bytes::from_static(bytes), |file| file.bytes.clone());
    // What is none of WeChat's formats a telephone would have turned into one.
    let format = Format::of(&bytes).unwrap_or(own);
    let media = Media {
        kind,
        format,
        bytes,
        name: format!("{}.{}", kind.name(), format.extension()),
        words: Default::default(),
        since_ms: sandbox.clock.now_ms(),
        permanent: false,
        inside: false,
    };
    (sandbox.change(|world| keep(world, media)), format)
}

/// `POST /cgi-bin/media/upload?type=…`.
fn upload(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let kind = call
        .parameter("type")
        .and_then(Kind::named)
        .ok_or(Fail(40004, "invalid media type"))?;
    let (format, upload) = kind.check(call.upload.as_ref())?;
    let since_ms = sandbox.clock.now_ms();
    let media = Media {
        kind,
        format,
        bytes: upload.bytes.clone(),
        name: upload.name.clone(),
        words: Default::default(),
        since_ms,
        permanent: false,
        inside: false,
    };
    let id = sandbox.change(|world| keep(world, media));
    // A small picture is the only one that answers under a name of its own.
    let name = if kind == Kind::Thumb {
        "thumb_media_id"
    } else {
        "media_id"
    };
    Ok(json!({"type": kind.name(), name: id, "created_at": since_ms / 1000}))
}

/// `GET /cgi-bin/media/get?media_id=…`: the file, or for a film its address.
fn get(sandbox: &Arc<Sandbox>, call: &Call) -> Result<Response, Fail> {
    let id = call
        .parameter("media_id")
        .ok_or(Fail(41006, "media_id missing"))?;
    sandbox.look(|world| {
        let media = world.account.media.living(id, &sandbox.clock).ok_or(UNKNOWN)?;
        if media.kind == Kind::Video {
            return Ok(Json(json!({"video_url": address(sandbox, id)})).into_response());
        }
        Ok(file(id, media))
    })
}

/// A piece as a download.
pub fn file(id: &str, media: &Media) -> Response {
    let name = format!("attachment; filename=\"{id}.{}\"", media.format.extension());
    let headers = [
        (header::CONTENT_TYPE, media.format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    (headers, media.bytes.clone()).into_response()
}

/// `POST /cgi-bin/media/uploadimg`: a picture for the inside of an article. It counts with no material.
fn upload_picture(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let (format, upload) = Kind::Image.check(call.upload.as_ref())?;
    if !matches!(format, Format::Jpeg | Format::Png) {
        return Err(Fail(40005, "invalid file type"));
    }
    if upload.bytes.len() > 1024 * 1024 {
        return Err(Fail(40009, "invalid image size"));
    }
    let media = Media {
        kind: Kind::Image,
        format,
        bytes: upload.bytes.clone(),
        name: upload.name.clone(),
        words: Default::default(),
        since_ms: sandbox.clock.now_ms(),
        permanent: true,
        inside: true,
    };
    let id = sandbox.change(|world| keep(world, media));
    Ok(json!({"url": address(sandbox, &id)}))
}

/// `GET /mmbiz/{media}`: a piece as phones show it.
pub async fn show(State(sandbox): State<Arc<Sandbox>>, Path(id): Path<String>) -> Response {
    let found = sandbox.look(|world| world.account.media.items.get(&id).cloned());
    let Some(media) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [(header::CONTENT_TYPE, media.format.content_type())];
    (headers, media.bytes).into_response()
}

/// The description of a piece in a list.
pub fn entry(sandbox: &Sandbox, id: &str, media: &Media) -> Value {
    json!({
        "media_id": id, "name": media.name, "update_time": media.since_ms / 1000, "url": address(sandbox, id),
    })
}

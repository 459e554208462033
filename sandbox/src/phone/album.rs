//! Pictures and voices that people chose or recorded on their phones.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::state::{Sandbox, World};

/// Largest file in bytes: what WeChat lets a picture have.
pub const FILE_LIMIT: usize = 10 * 1024 * 1024;
/// How many files are kept.
const KEPT: usize = 200;
/// Samples of the sample voice, per second.
const RATE: u32 = 16_000;

/// A picture or a voice.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name in addresses.
    pub id: String,
    /// Media type, such as `image/jpeg`.
    pub kind: String,
    /// Content.
    pub bytes: Bytes,
}

/// `POST /phone/files`: takes a picture or a voice into the album. The body is the file, `Content-Type` its type.
pub async fn keep(
    State(sandbox): State<Arc<Sandbox>>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Json<Value>, StatusCode> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = kind.filter(|kind| kind.starts_with("image/") || kind.starts_with("audio/"));
    let kind = kind.ok_or(StatusCode::UNSUPPORTED_MEDIA_TYPE)?;
    if bytes.is_empty() {
        return Err(StatusCode::BAD_REQUEST);
    }
    let id = sandbox.change(|world| put(world, kind, bytes));
    Ok(Json(json!({"id": id, "url": address(&sandbox, &id)})))
}

/// `GET /phone/files/{id}`.
pub async fn fetch(State(sandbox): State<Arc<Sandbox>>, Path(id): Path<String>) -> Response {
    let file = sandbox.look(|world| find(world, &id).cloned());
    let Some(File { kind, bytes, .. }) = file else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        // A picture that somebody chose must not be taken for a page.
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
        (header::CONTENT_SECURITY_POLICY, "sandbox".into()),
    ];
    (headers, bytes).into_response()
}

/// The file with this id.
pub fn find<'a>(world: &'a World, id: &str) -> Option<&'a File> {
    world.phone.files.iter().find(|file| file.id == id)
}

/// Where a file can be fetched.
pub fn address(sandbox: &Sandbox, id: &str) -> String {
    format!("{}/phone/files/{id}", sandbox.config.address)
}

/// Puts a file into the album and gives its id.
pub fn put(world: &mut World, kind: &str, bytes: Bytes) -> String {
    let id = world.word(64);
    let files = &mut world.phone.files;
    if files.len() == KEPT {
        files.remove(0);
    }
    files.push(File {
        id: id.clone(),
        kind: kind.to_owned(),
        bytes,
    });
    id
}

/// A voice for those who have no microphone: two seconds of a hummed tone, as WAV (PCM, mono, 16 bit).
pub fn sample_voice() -> Bytes {
    let samples = RATE * 2;
    let size = samples * 2;
    let mut wav = Vec::with_capacity(44 + size as usize);
    wav.extend(b"RIFF");
    wav.extend((36 + size).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend([1_u16, 1].map(u16::to_le_bytes).concat());
    wav.extend([RATE, RATE * 2].map(u32::to_le_bytes).concat());
    wav.extend([2_u16, 16].map(u16::to_le_bytes).concat());
    wav.extend(b"data");
    wav.extend(size.to_le_bytes());
    for sample in 0..samples {
        let t = f64::from(sample) / f64::from(RATE);
        // Rising and falling like a spoken question, soft at both ends.
        let pitch = 180.0 + 40.0 * (t * 3.0).sin();
        let loud = 8000.0 * (t * std::f64::consts::FRAC_PI_2).sin();
        #[expect(clippy::cast_possible_truncation, reason = "8000 fits sixteen bits")]
        let value = (loud * (t * pitch * std::f64::consts::TAU).sin()) as i16;
        wav.extend(value.to_le_bytes());
    }
    wav.into()
}

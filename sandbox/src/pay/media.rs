//! Pictures for applications (图片上传, doc 4012760432).

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::{Extension, Json};
use serde_json::{Value, json};

use super::{Merchant, Refused, read_json};
use crate::crypto;
use crate::state::{Sandbox, World};

/// Where pictures go.
pub const PATH: &str = "/v3/merchant/media/upload";
/// Largest picture, in bytes.
const LARGEST: usize = 2 * 1024 * 1024;

/// An uploaded picture; its content is not kept.
pub struct Picture {
    /// Its media_id.
    pub id: String,
    /// Who uploaded it.
    pub mchid: String,
}

/// Whether `id` is a picture that `mchid` uploaded.
pub fn knows(world: &World, mchid: &str, id: &str) -> bool {
    let pictures = &world.pay.pictures;
    pictures
        .iter()
        .any(|picture| picture.id == id && picture.mchid == mchid)
}

/// The description in an upload: the part that is signed.
///
/// # Errors
/// PARAM_ERROR when the body is no such upload.
pub async fn meta(parts: &Parts, body: &Bytes) -> Result<Bytes, Refused> {
    read(parts, body).await.map(|(meta, _)| meta)
}

/// `POST /v3/merchant/media/upload`.
pub async fn upload(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    request: Request,
) -> Result<Json<Value>, Refused> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 2 * LARGEST)
        .await
        .map_err(|_| unreadable())?;
    let (meta, file) = read(&parts, &body).await?;
    let meta = read_json(&meta)?;
    let named = meta["filename"].as_str().unwrap_or_default().to_ascii_lowercase();
    if ![".jpg", ".jpeg", ".png", ".bmp"]
        .iter()
        .any(|end| named.ends_with(end))
    {
        return Err(Refused::parameter("/filename", "只支持 JPG、PNG、BMP 格式"));
    }
    let told = meta["sha256"].as_str().unwrap_or_default();
    if !told.eq_ignore_ascii_case(&crypto::hex(&crypto::sha256(&file))) {
        return Err(Refused::parameter("/sha256", "与文件内容不一致"));
    }
    if file.len() > LARGEST {
        return Err(Refused::parameter("/file", "图片大小不能超过2M"));
    }
    // By what the file is, not by how it is called.
    let known: [&[u8]; 3] = [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM"];
    if !known.iter().any(|start| file.starts_with(start)) {
        return Err(Refused::parameter("/file", "图片内容无效"));
    }
    sandbox.change(|world| {
        let id = format!("{}_{}", world.word(40), world.word(24));
        world.pay.pictures.push(Picture {
            id: id.clone(),
            mchid: merchant.mchid.clone(),
        });
        Ok(Json(json!({"media_id": id})))
    })
}

async fn read(parts: &Parts, body: &Bytes) -> Result<(Bytes, Bytes), Refused> {
    let mut request = Request::from_parts(parts.clone(), Body::from(body.clone()));
    if let Some(kind) = with_boundary(parts, body) {
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    // The door has limited it already, and a picture that is too large has words of its own.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| unreadable())?;
    let (mut meta, mut file) = (None, None);
    while let Some(field) = form.next_field().await.map_err(|_| unreadable())? {
        let name = field.name().unwrap_or_default().to_owned();
        let content = field.bytes().await.map_err(|_| unreadable())?;
        match name.as_str() {
            "meta" => meta = Some(content),
            "file" => file = Some(content),
            _ => {}
        }
    }
    meta.zip(file).ok_or_else(unreadable)
}

/// For a form whose header names no boundary, as some clients in use send it: the type with the one that the body begins
/// with.
fn with_boundary(parts: &Parts, body: &Bytes) -> Option<HeaderValue> {
    let kind = parts.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    if kind.contains("boundary=") {
        return None;
    }
    let first = body.split(|&byte| byte == b'\r').next()?.strip_prefix(b"--")?;
    HeaderValue::from_str(&format!("{kind}; boundary={}", std::str::from_utf8(first).ok()?)).ok()
}

fn unreadable() -> Refused {
    Refused::new(400, "PARAM_ERROR", "须以 multipart/form-data 上传 meta 与 file")
}

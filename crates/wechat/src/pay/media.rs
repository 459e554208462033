use serde::Deserialize;
use serde_json::json;

use super::Pay;
use super::client::{Call, parse};
use crate::crypto::sha256_hex;
use crate::{At, Outcome, Verified};

/// The longest picture: 2 MB (doc 4012760432).
const MOST: usize = 2 * 1024 * 1024;

/// WeChat Pay's number of an uploaded picture, for applications.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, Deserialize)]
#[serde(transparent)]
pub struct MediaId(pub String);

/// A picture that keeps the rules of uploads: JPEG, PNG or BMP by its name, 2 MB at most.
#[derive(Clone, Copy)]
pub struct Picture<'a> {
    name: &'a str,
    bytes: &'a [u8],
    kind: &'static str,
}

/// A picture that breaks the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// The name does not end in `.jpg`, `.jpeg`, `.png` or `.bmp`, or has signs besides letters, digits, `.`, `_`, `-`.
    #[error("the picture's name is not plain, or not that of a JPEG, PNG or BMP")]
    Name,
    /// Empty, or longer than 2 MB.
    #[error("a picture has 1 byte to 2 MB")]
    Size,
}

impl<'a> Picture<'a> {
    /// A picture by its name and contents. The name is only for WeChat; give one without personal data.
    ///
    /// # Errors
    /// [`PictureError`].
    pub fn new(name: &'a str, bytes: &'a [u8]) -> Result<Self, PictureError> {
        // The name goes into a header of the upload as it is.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let (_, extension) = name.rsplit_once('.').ok_or(PictureError::Name)?;
        let kind = match extension.to_ascii_lowercase().as_str() {
            "jpg" | "jpeg" => "image/jpeg",
            "png" => "image/png",
            "bmp" => "image/bmp",
            _ => return Err(PictureError::Name),
        };
        if !name.bytes().all(plain) || name.len() > 100 {
            return Err(PictureError::Name);
        }
        if bytes.is_empty() || bytes.len() > MOST {
            return Err(PictureError::Size);
        }
        Ok(Self { name, bytes, kind })
    }
}

#[derive(Deserialize)]
struct Uploaded {
    media_id: MediaId,
}

impl Pay {
    /// Uploads a picture for an application (doc 4012760432): a multipart body, of which only the description `meta` is
    /// signed. May be repeated; each upload gives another number.
    pub fn upload_picture(&self, at: At, nonce: &str, picture: Picture<'_>) -> Outcome<MediaId> {
        let hash = sha256_hex(picture.bytes);
        let meta = json!({"filename": picture.name, "sha256": hash}).to_string();
        // The hash in the boundary keeps it from occurring in the picture.
        let boundary = format!("wechat-{}", &hash[..32]);
        let content_type = format!("multipart/form-data; boundary={boundary}");
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n\
             {meta}\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\
             Content-Type: {}\r\n\r\n",
            picture.name, picture.kind
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        let body = [head.as_bytes(), picture.bytes, tail.as_bytes()].concat();
        let call = Call::upload(
            "/v3/merchant/media/upload",
            (&content_type, body),
            meta.into_bytes(),
        );
        self.exchange(at, nonce, &call)
            .and_then(|body| parse(&body))
            .map(|uploaded: Verified<Uploaded>| uploaded.into_inner().media_id)
    }
}

//! Forms with a file (`multipart/form-data`), and what kinds of file WeChat takes.

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use serde_json::Value;

use super::Fail;

/// A file as it came.
#[derive(Clone)]
pub struct Upload {
    /// Its name; a form without one is refused.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// The fields of a form, and its file in the field `media`.
///
/// # Errors
/// 41005 when the form is broken, 47001 when a field that should be JSON is none.
pub async fn read(request: Request) -> Result<(Value, Option<Upload>), Fail> {
    let missing = Fail(41005, "media data missing");
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| missing)?;
    let (mut fields, mut upload) = (serde_json::Map::new(), None);
    while let Some(field) = form.next_field().await.map_err(|_| missing)? {
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(|_| missing)?;
        match file {
            Some(file) if name == "media" => upload = Some(Upload { name: file, bytes }),
            _ => {
                let value = serde_json::from_slice(&bytes).map_err(|_| Fail(47001, "data format error"))?;
                fields.insert(name, value);
            }
        }
    }
    Ok((Value::Object(fields), upload))
}

/// What is in a file, by its first bytes. Names lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// Windows bitmap.
    Bmp,
    /// AMR, narrow band.
    Amr,
    /// MP3.
    Mp3,
    /// MP4.
    Mp4,
    /// WAV, which only the phone's recordings are: WeChat takes none.
    Wav,
}

impl Format {
    /// The format of `bytes`; `None` for what WeChat does not take.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let begins = |magic: &[u8]| bytes.starts_with(magic);
        Some(if begins(b"\xff\xd8\xff") {
            Self::Jpeg
        } else if begins(b"\x89PNG\r\n\x1a\n") {
            Self::Png
        } else if begins(b"GIF8") {
            Self::Gif
        } else if begins(b"BM") {
            Self::Bmp
        } else if begins(b"#!AMR\n") {
            Self::Amr
        } else if begins(b"ID3") || matches!(bytes, [0xff, second, ..] if second & 0xe0 == 0xe0) {
            Self::Mp3
        } else if bytes.get(4..8) == Some(b"ftyp") {
            Self::Mp4
        } else if begins(b"RIFF") && bytes.get(8..12) == Some(b"WAVE") {
            Self::Wav
        } else {
            return None;
        })
    }

    /// The media type of HTTP.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Bmp => "image/bmp",
            Self::Amr => "audio/amr",
            Self::Mp3 => "audio/mp3",
            Self::Mp4 => "video/mp4",
            Self::Wav => "audio/wav",
        }
    }

    /// The ending of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Bmp => "bmp",
            Self::Amr => "amr",
            Self::Mp3 => "mp3",
            Self::Mp4 => "mp4",
            Self::Wav => "wav",
        }
    }
}

/// How many milliseconds an AMR recording lasts: 20 for each frame, whose length its first byte tells (RFC 4867).
pub fn amr_ms(bytes: &[u8]) -> u32 {
    const FRAME: [usize; 9] = [13, 14, 16, 18, 20, 21, 27, 32, 6];
    let (mut at, mut frames) = (6, 0_u32);
    while let Some(head) = bytes.get(at) {
        at += FRAME.get(usize::from(head >> 3 & 0x0f)).copied().unwrap_or(1);
        frames += 1;
    }
    frames.saturating_mul(20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_as_long_as_its_frames() {
        let mut recording = b"#!AMR\n".to_vec();
        for _ in 0..50 {
            recording.push(0x3c);
            recording.extend([0; 31]);
        }
        assert_eq!(amr_ms(&recording), 1000);
        assert_eq!(Format::of(&recording), Some(Format::Amr));
        assert_eq!(Format::of(b"<svg>"), None);
    }
}

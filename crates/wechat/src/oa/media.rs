use serde::Deserialize;

use super::request::{Answer, Form, Request, unreadable};
use super::{Account, Error, lenient};
use crate::{At, BodyLimit};

/// The largest file that is read, in bytes: a video has at most 10 MB.
pub(super) const LARGEST_FILE: BodyLimit = BodyLimit(32 * 1024 * 1024);

/// A file to be uploaded. Any bytes; WeChat judges the kind by name and content type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The file's name with its ending.
    pub name: String,
    /// Such as `image/jpeg`.
    pub content_type: String,
    /// The contents.
    pub bytes: Vec<u8>,
}

/// The kinds of media and their limits (`doc/service/api/material/temporary/api_uploadtempmedia`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    /// At most 10 MB: PNG, JPEG, JPG, GIF, permanently BMP too.
    Image,
    /// At most 2 MB and 60 s: AMR, MP3, permanently WMA and WAV too.
    Voice,
    /// At most 10 MB: MP4.
    Video,
    /// At most 64 KB: JPG.
    Thumb,
}

impl MediaKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Voice => "voice",
            Self::Video => "video",
            Self::Thumb => "thumb",
        }
    }

    pub(super) fn check(self, file: &Upload) -> Result<(), Error> {
        let most = match self {
            Self::Image | Self::Video => 10 << 20,
            Self::Voice => 2 << 20,
            Self::Thumb => 64 << 10,
        };
        if file.bytes.is_empty() {
            return Err(Error::Invalid("a file is not empty"));
        }
        if file.bytes.len() > most {
            return Err(Error::Invalid(
                "a picture or video has at most 10 MB, a voice 2 MB, a thumbnail 64 KB",
            ));
        }
        Ok(())
    }
}

/// A file that WeChat keeps for three days.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TemporaryMedia {
    /// For messages, and for [`Account::media`].
    #[serde(alias = "thumb_media_id")]
    pub media_id: String,
    /// Seconds since 1970-01-01 UTC.
    #[serde(default)]
    pub created_at: i64,
}

/// A file from WeChat.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MediaFile {
    /// As WeChat says, such as `image/jpeg`; may be empty.
    pub content_type: String,
    /// The name that WeChat gave, if any.
    pub name: Option<String>,
    /// The contents.
    pub bytes: Vec<u8>,
}

/// What a media id leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Media {
    /// The file itself.
    File(MediaFile),
    /// A video's address, from where it is to be fetched without a token.
    Video {
        /// The address.
        url: String,
    },
}

impl Account {
    /// Uploads a file for three days.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty file or one that is too large; 40004, 40005 another kind than said, 45007 a voice
    /// that lasts too long.
    pub fn upload_media(&self, at: At, kind: MediaKind, file: &Upload) -> Result<TemporaryMedia, Error> {
        kind.check(file)?;
        let form = Form::default().with_file("media", file);
        let query = [("type", kind.name())];
        self.call(at, &Request::upload("/cgi-bin/media/upload", &query, form))
    }

    /// Fetches a temporary file, also one that a person sent
    /// (`doc/service/api/material/temporary/api_getmedia`).
    ///
    /// # Errors
    /// 40007 no such file, or its three days are over.
    pub fn media(&self, at: At, media_id: &str) -> Result<Media, Error> {
        self.fetched(at, "/cgi-bin/media/get", media_id)
    }

    /// Fetches a voice message that the JS-SDK recorded, in its better quality (speex, 16 kHz).
    ///
    /// # Errors
    /// As [`Self::media`].
    pub fn recorded_voice(&self, at: At, media_id: &str) -> Result<Media, Error> {
        self.fetched(at, "/cgi-bin/media/get/jssdk", media_id)
    }

    fn fetched(&self, at: At, path: &str, media_id: &str) -> Result<Media, Error> {
        #[derive(Deserialize)]
        struct Video {
            video_url: String,
        }
        let query = [("media_id", media_id)];
        let request = Request::get(path, &query).with_limit(LARGEST_FILE);
        match self.ask(at, &request)? {
            Answer::File(head, bytes) => Ok(Media::File(MediaFile::from_answer(&head, bytes)?)),
            json => json
                .into_json::<Video>()
                .map(|video| Media::Video { url: video.video_url }),
        }
    }

    /// Uploads a picture for use in the text of articles and returns its address. It counts against no limit of the
    /// media (`doc/service/api/material/permanent/api_uploadimage`).
    ///
    /// # Errors
    /// [`Error::Invalid`] for 1 MB and more or an empty file; 40005, 40009 no JPG or PNG.
    pub fn upload_article_image(&self, at: At, file: &Upload) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(deserialize_with = "lenient::text")]
            url: String,
        }
        if file.bytes.is_empty() || file.bytes.len() >= 1 << 20 {
            return Err(Error::Invalid(
                "a picture for articles is not empty and has less than 1 MB",
            ));
        }
        let form = Form::default().with_file("media", file);
        self.call::<Answer>(at, &Request::upload("/cgi-bin/media/uploadimg", &[], form))
            .map(|answer| answer.url)
    }
}

impl MediaFile {
    pub(super) fn from_answer(head: &http::response::Parts, bytes: Vec<u8>) -> Result<Self, Error> {
        if bytes.is_empty() {
            return Err(unreadable(200, "the file is empty"));
        }
        let text = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
        Ok(Self {
            content_type: text(http::header::CONTENT_TYPE).unwrap_or_default().to_owned(),
            name: text(http::header::CONTENT_DISPOSITION).and_then(file_name),
            bytes,
        })
    }
}

/// The name in `attachment; filename="…"`.
fn file_name(disposition: &str) -> Option<String> {
    let (_, rest) = disposition.split_once("filename=")?;
    let name = rest.split(';').next()?.trim().trim_matches('"');
    (!name.is_empty()).then(|| name.to_owned())
}

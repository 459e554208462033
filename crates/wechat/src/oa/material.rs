use serde::Deserialize;
use serde_json::json;

use super::draft::check_page;
use super::media::LARGEST_FILE;
use super::request::{Answer, Form, Request};
use super::{Account, Error, MediaFile, MediaKind, Page, StoredArticles, Upload};
use crate::At;

/// A file that WeChat keeps until it is deleted (`doc/service/api/material/permanent/api_addmaterial`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct StoredMaterial {
    /// For messages, menus and articles.
    pub media_id: String,
    /// A picture's address, good within WeChat only.
    #[serde(default)]
    pub url: Option<String>,
}

/// What a permanent media id leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Material {
    /// A picture, a voice or a thumbnail.
    File(MediaFile),
    /// A video.
    Video {
        /// Title.
        title: String,
        /// Description.
        description: String,
        /// From where it is to be fetched without a token.
        url: String,
    },
    /// Articles of old; new ones are drafts.
    Articles(StoredArticles),
}

/// How many permanent media there are of each kind. At most 100 000 pictures (and articles), 1000 of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct MaterialCount {
    /// Voices.
    #[serde(rename = "voice_count")]
    pub voices: i64,
    /// Videos.
    #[serde(rename = "video_count")]
    pub videos: i64,
    /// Pictures.
    #[serde(rename = "image_count")]
    pub images: i64,
    /// Articles of old.
    #[serde(rename = "news_count")]
    pub articles: i64,
}

/// A permanent medium in a list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct MaterialItem {
    /// Which.
    pub media_id: String,
    /// The file's name.
    #[serde(default)]
    pub name: String,
    /// A picture's address.
    #[serde(default)]
    pub url: String,
    /// Seconds since 1970-01-01 UTC.
    #[serde(default)]
    pub update_time: i64,
}

/// The words that go with a permanent video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoWords {
    /// Title.
    pub title: String,
    /// Description.
    pub introduction: String,
}

impl Account {
    /// Uploads a file for good. For a video use [`Self::add_video`].
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty file, one that is too large, or [`MediaKind::Video`]; 45001 too large, 40005 another
    /// kind than said.
    pub fn add_material(&self, at: At, kind: MediaKind, file: &Upload) -> Result<StoredMaterial, Error> {
        if kind == MediaKind::Video {
            return Err(Error::Invalid("a permanent video has a title"));
        }
        self.add(at, kind, file, Form::default())
    }

    /// Uploads a video for good.
    ///
    /// # Errors
    /// As [`Self::add_material`].
    pub fn add_video(&self, at: At, file: &Upload, words: &VideoWords) -> Result<StoredMaterial, Error> {
        let description = json!({"title": words.title, "introduction": words.introduction});
        let form = Form::default().with_text("description", &description.to_string());
        self.add(at, MediaKind::Video, file, form)
    }

    fn add(&self, at: At, kind: MediaKind, file: &Upload, form: Form) -> Result<StoredMaterial, Error> {
        kind.check(file)?;
        let query = [("type", kind.name())];
        let form = form.with_file("media", file);
        self.call(
            at,
            &Request::upload("/cgi-bin/material/add_material", &query, form),
        )
    }

    /// Fetches a permanent medium (`doc/service/api/material/permanent/api_getmaterial`).
    ///
    /// # Errors
    /// 40007 no such medium.
    pub fn material(&self, at: At, media_id: &str) -> Result<Material, Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Described {
            Articles {
                news_item: Vec<super::StoredArticle>,
            },
            Video {
                #[serde(default)]
                title: String,
                #[serde(default)]
                description: String,
                down_url: String,
            },
        }
        let body = json!({"media_id": media_id});
        let request = Request::post("/cgi-bin/material/get_material", body).with_limit(LARGEST_FILE);
        match self.ask(at, &request)? {
            Answer::File(head, bytes) => Ok(Material::File(MediaFile::from_answer(&head, bytes)?)),
            described => Ok(match described.into_json::<Described>()? {
                Described::Articles { news_item } => Material::Articles(StoredArticles {
                    articles: news_item,
                    ..StoredArticles::default()
                }),
                Described::Video {
                    title,
                    description,
                    down_url,
                } => Material::Video {
                    title,
                    description,
                    url: down_url,
                },
            }),
        }
    }

    /// Deletes a permanent medium. Cannot be undone.
    ///
    /// # Errors
    /// 40007 no such medium, 48005 a menu or an automatic reply uses it.
    pub fn delete_material(&self, at: At, media_id: &str) -> Result<(), Error> {
        self.order(
            at,
            &Request::post("/cgi-bin/material/del_material", json!({"media_id": media_id})),
        )
    }

    /// How many permanent media there are.
    ///
    /// # Errors
    /// As every call.
    pub fn material_count(&self, at: At) -> Result<MaterialCount, Error> {
        self.call(at, &Request::get("/cgi-bin/material/get_materialcount", &[]))
    }

    /// Up to 20 permanent pictures, voices or videos from `offset` on.
    ///
    /// # Errors
    /// [`Error::Invalid`] for none or more than 20, or for thumbnails, which cannot be listed.
    pub fn materials(
        &self,
        at: At,
        kind: MediaKind,
        offset: u32,
        count: u32,
    ) -> Result<Page<MaterialItem>, Error> {
        check_page(count)?;
        if kind == MediaKind::Thumb {
            return Err(Error::Invalid("thumbnails cannot be listed"));
        }
        let body = json!({"type": kind.name(), "offset": offset, "count": count});
        self.call(at, &Request::post("/cgi-bin/material/batchget_material", body))
    }
}

//! Articles as drafts and publications write them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Comments, Error, lenient};

/// An article to be drafted (`doc/service/api/draftbox/draftmanage/api_draft_add`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DraftArticle {
    /// `news`: a text with a cover.
    Text(TextArticle),
    /// `newspic`: pictures with a few words.
    Pictures(PictureArticle),
}

/// A text with a cover.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextArticle {
    /// At most 32 characters.
    pub title: String,
    /// At most 16 characters; may be empty.
    pub author: String,
    /// At most 128 characters, used for a single article; when empty WeChat takes the first 54 of the text.
    pub digest: String,
    /// HTML without scripts, fewer than 20 000 characters and 1 MB. Its pictures must be from
    /// [`super::Account::upload_article_image`].
    pub content: String,
    /// Where "read the original" leads, at most 1 KB; may be empty.
    pub source_url: String,
    /// The cover, from the permanent media.
    pub cover_media_id: String,
    /// Who may comment.
    pub comments: Comments,
}

/// Pictures with a few words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PictureArticle {
    /// At most 32 characters.
    pub title: String,
    /// Plain text.
    pub content: String,
    /// From the permanent media, 1 to 20; the first is the cover.
    pub media_ids: Vec<String>,
    /// Who may comment.
    pub comments: Comments,
}

/// An article as WeChat keeps it. Articles of both kinds; what a kind does not have is empty.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct StoredArticle {
    /// `news`, `newspic`, or empty in old answers, which means `news`.
    pub article_type: String,
    /// Title.
    pub title: String,
    /// Author.
    pub author: String,
    /// Digest.
    pub digest: String,
    /// HTML; missing when the list was asked for without contents.
    pub content: String,
    /// Where "read the original" leads.
    pub content_source_url: String,
    /// The cover in the permanent media.
    pub thumb_media_id: String,
    /// The cover's address.
    pub thumb_url: String,
    /// The article's address: temporary for drafts.
    pub url: String,
    /// `need_open_comment`
    #[serde(deserialize_with = "lenient::flag")]
    pub need_open_comment: bool,
    /// `only_fans_can_comment`
    #[serde(deserialize_with = "lenient::flag")]
    pub only_fans_can_comment: bool,
    /// Whether a published article was deleted.
    #[serde(deserialize_with = "lenient::flag")]
    pub is_deleted: bool,
    /// The pictures of a `newspic`.
    pub image_info: ImageInfo,
}

/// The pictures of a `newspic`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ImageInfo {
    /// In their order.
    pub image_list: Vec<ArticleImage>,
}

/// A picture of a `newspic`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ArticleImage {
    /// In the permanent media.
    pub image_media_id: String,
}

/// The articles of a draft or a publication.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct StoredArticles {
    /// From top to bottom.
    #[serde(rename = "news_item")]
    pub articles: Vec<StoredArticle>,
    /// Seconds since 1970-01-01 UTC.
    pub create_time: Option<i64>,
    /// Seconds since 1970-01-01 UTC.
    pub update_time: Option<i64>,
}

impl DraftArticle {
    pub(super) fn to_json(&self) -> Result<Value, Error> {
        match self {
            Self::Text(article) => article.to_json(),
            Self::Pictures(article) => article.to_json(),
        }
    }
}

impl TextArticle {
    fn to_json(&self) -> Result<Value, Error> {
        check_title(&self.title)?;
        if self.author.chars().count() > 16 {
            return Err(Error::Invalid("an article's author has at most 16 characters"));
        }
        if self.digest.chars().count() > 128 {
            return Err(Error::Invalid("an article's digest has at most 128 characters"));
        }
        if self.content.is_empty() || self.content.len() >= 1 << 20 || self.content.chars().count() >= 20_000
        {
            return Err(Error::Invalid(
                "an article's text is not empty, under 20000 characters and under 1 MB",
            ));
        }
        if self.source_url.len() > 1024 {
            return Err(Error::Invalid("an article's source address has at most 1 KB"));
        }
        if self.cover_media_id.is_empty() {
            return Err(Error::Invalid("an article has a cover"));
        }
        let (open, followers) = self.comments.numbers();
        Ok(json!({
            "article_type": "news", "title": self.title, "author": self.author, "digest": self.digest,
            "content": self.content, "content_source_url": self.source_url, "thumb_media_id": self.cover_media_id,
            "need_open_comment": open, "only_fans_can_comment": followers
        }))
    }
}

impl PictureArticle {
    fn to_json(&self) -> Result<Value, Error> {
        check_title(&self.title)?;
        if !(1..=20).contains(&self.media_ids.len()) {
            return Err(Error::Invalid("a message of pictures has 1 to 20 pictures"));
        }
        let (open, followers) = self.comments.numbers();
        let images: Vec<_> = self
            .media_ids
            .iter()
            .map(|id| json!({"image_media_id": id}))
            .collect();
        Ok(json!({
            "article_type": "newspic", "title": self.title, "content": self.content,
            "image_info": {"image_list": images}, "need_open_comment": open, "only_fans_can_comment": followers
        }))
    }
}

fn check_title(title: &str) -> Result<(), Error> {
    if (1..=32).contains(&title.chars().count()) {
        Ok(())
    } else {
        Err(Error::Invalid("an article's title has 1 to 32 characters"))
    }
}

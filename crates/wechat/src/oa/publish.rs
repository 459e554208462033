//! Publishing a draft without sending it to anybody: `doc/service/api/public/`, 100 a day. The end comes as
//! [`super::Event::PublishFinished`].

use serde::Deserialize;
use serde_json::json;

use super::draft::check_page;
use super::request::Request;
use super::{Account, Error, Page, StoredArticles, lenient};
use crate::At;

/// How far a publication is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Publication {
    /// Which.
    #[serde(deserialize_with = "lenient::text")]
    pub publish_id: String,
    /// How far.
    #[serde(rename = "publish_status")]
    pub status: PublishStatus,
    /// Set on success, for [`Account::published_article`] and messages.
    #[serde(default)]
    pub article_id: Option<String>,
    /// Set on success.
    #[serde(default, rename = "article_detail")]
    pub articles: PublishedArticles,
    /// The articles (counted from 1) that stopped it.
    #[serde(default, rename = "fail_idx")]
    pub failed: Vec<i64>,
}

/// The addresses of what was published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PublishedArticles {
    /// From top to bottom.
    pub item: Vec<PublishedAddress>,
}

/// The address of one published article.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PublishedAddress {
    /// Counted from 1.
    pub idx: i64,
    /// For ever.
    #[serde(rename = "article_url")]
    pub url: String,
}

/// How far a publication is (`doc/service/api/public/api_freepublish_get`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "i64")]
pub enum PublishStatus {
    /// 0
    Published,
    /// 1
    Publishing,
    /// 2: the check of originality failed.
    NotOriginal,
    /// 3
    Failed,
    /// 4: WeChat's review refused it.
    Refused,
    /// 5: published, then all articles were deleted by the account.
    Deleted,
    /// 6: published, then all articles were banned.
    Banned,
    /// Another number.
    Other(i64),
}

impl From<i64> for PublishStatus {
    fn from(number: i64) -> Self {
        match number {
            0 => Self::Published,
            1 => Self::Publishing,
            2 => Self::NotOriginal,
            3 => Self::Failed,
            4 => Self::Refused,
            5 => Self::Deleted,
            6 => Self::Banned,
            other => Self::Other(other),
        }
    }
}

/// A publication in a list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Published {
    /// Which.
    pub article_id: String,
    /// Its articles.
    pub content: StoredArticles,
    /// Seconds since 1970-01-01 UTC.
    pub update_time: i64,
}

impl Account {
    /// Publishes a draft and returns the number of the task. That it was taken does not mean that it succeeds.
    ///
    /// # Errors
    /// 53503 the draft does not pass the checks, 53504, 53505 look at it on WeChat's website first.
    pub fn publish(&self, at: At, media_id: &str) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(deserialize_with = "lenient::text")]
            publish_id: String,
        }
        self.call::<Answer>(
            at,
            &Request::post("/cgi-bin/freepublish/submit", json!({"media_id": media_id})),
        )
        .map(|answer| answer.publish_id)
    }

    /// How far a publication is.
    ///
    /// # Errors
    /// As every call.
    pub fn publication(&self, at: At, publish_id: &str) -> Result<Publication, Error> {
        self.call(
            at,
            &Request::post("/cgi-bin/freepublish/get", json!({"publish_id": publish_id})),
        )
    }

    /// Deletes a published article, counted from 1, or all of them. Cannot be undone.
    ///
    /// # Errors
    /// 53600 no such article_id.
    pub fn delete_published(&self, at: At, article_id: &str, index: Option<u8>) -> Result<(), Error> {
        let body = json!({"article_id": article_id, "index": index.unwrap_or(0)});
        self.order(at, &Request::post("/cgi-bin/freepublish/delete", body))
    }

    /// The articles of a publication.
    ///
    /// # Errors
    /// 53600 no such article_id.
    pub fn published_article(&self, at: At, article_id: &str) -> Result<StoredArticles, Error> {
        self.call(
            at,
            &Request::post(
                "/cgi-bin/freepublish/getarticle",
                json!({"article_id": article_id}),
            ),
        )
    }

    /// Up to 20 publications from `offset` on, with or without their texts.
    ///
    /// # Errors
    /// [`Error::Invalid`] for none or more than 20.
    pub fn published(
        &self,
        at: At,
        offset: u32,
        count: u32,
        with_texts: bool,
    ) -> Result<Page<Published>, Error> {
        check_page(count)?;
        let body = json!({"offset": offset, "count": count, "no_content": u8::from(!with_texts)});
        self.call(at, &Request::post("/cgi-bin/freepublish/batchget", body))
    }
}

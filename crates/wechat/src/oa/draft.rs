use serde::Deserialize;
use serde_json::json;

use super::request::Request;
use super::{Account, DraftArticle, Error, StoredArticles};
use crate::At;

/// A draft in a list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Draft {
    /// The draft, for publishing and mass sending.
    pub media_id: String,
    /// Its articles.
    pub content: StoredArticles,
    /// Seconds since 1970-01-01 UTC.
    pub update_time: i64,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// How many there are over all pages.
    #[serde(rename = "total_count")]
    pub total: i64,
    /// Those of this page.
    #[serde(rename = "item", default = "Vec::new")]
    pub items: Vec<T>,
}

impl Account {
    /// Stores articles (at most eight) as a draft and returns its media id; 1000 a day. A draft is gone when it has been
    /// published or sent (`doc/service/api/draftbox/draftmanage/api_draft_add`).
    ///
    /// # Errors
    /// [`Error::Invalid`] for an article that breaks a rule; 40007 no such cover, 45003, 45004 too long.
    pub fn add_draft(&self, at: At, articles: &[DraftArticle]) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Answer {
            media_id: String,
        }
        if !(1..=8).contains(&articles.len()) {
            return Err(Error::Invalid("a draft has 1 to 8 articles"));
        }
        let articles: Vec<_> = articles
            .iter()
            .map(DraftArticle::to_json)
            .collect::<Result<_, _>>()?;
        self.call::<Answer>(
            at,
            &Request::post("/cgi-bin/draft/add", json!({"articles": articles})),
        )
        .map(|answer| answer.media_id)
    }

    /// The articles of a draft.
    ///
    /// # Errors
    /// 40007 no such draft.
    pub fn draft(&self, at: At, media_id: &str) -> Result<StoredArticles, Error> {
        self.call(
            at,
            &Request::post("/cgi-bin/draft/get", json!({"media_id": media_id})),
        )
    }

    /// Replaces one article of a draft, counted from 0.
    ///
    /// # Errors
    /// As [`Self::add_draft`]; 40114 no such article.
    pub fn update_draft(
        &self,
        at: At,
        media_id: &str,
        index: u8,
        article: &DraftArticle,
    ) -> Result<(), Error> {
        let body = json!({"media_id": media_id, "index": index, "articles": article.to_json()?});
        self.order(at, &Request::post("/cgi-bin/draft/update", body))
    }

    /// Removes a draft. Cannot be undone.
    ///
    /// # Errors
    /// 40007 no such draft.
    pub fn delete_draft(&self, at: At, media_id: &str) -> Result<(), Error> {
        self.order(
            at,
            &Request::post("/cgi-bin/draft/delete", json!({"media_id": media_id})),
        )
    }

    /// How many drafts there are.
    ///
    /// # Errors
    /// As every call.
    pub fn draft_count(&self, at: At) -> Result<i64, Error> {
        #[derive(Deserialize)]
        struct Answer {
            total_count: i64,
        }
        self.call::<Answer>(at, &Request::get("/cgi-bin/draft/count", &[]))
            .map(|answer| answer.total_count)
    }

    /// Up to 20 drafts from `offset` on, with or without their texts.
    ///
    /// # Errors
    /// [`Error::Invalid`] for none or more than 20.
    pub fn drafts(&self, at: At, offset: u32, count: u32, with_texts: bool) -> Result<Page<Draft>, Error> {
        check_page(count)?;
        let body = json!({"offset": offset, "count": count, "no_content": u8::from(!with_texts)});
        self.call(at, &Request::post("/cgi-bin/draft/batchget", body))
    }
}

/// The size of a page of drafts, publications and media.
pub(super) fn check_page(count: u32) -> Result<(), Error> {
    if (1..=20).contains(&count) {
        Ok(())
    } else {
        Err(Error::Invalid("1 to 20 can be asked for at once"))
    }
}

//! Drafts of articles (草稿箱).

use std::sync::Arc;

use serde_json::{Value, json};

use super::material::window;
use super::media::{self, UNKNOWN};
use super::{Answer, Call, Fail, Interface, ok};
use crate::state::{Sandbox, World};

/// How many articles stand in one message.
const ARTICLES: usize = 8;

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[
    Interface::post("/cgi-bin/draft/add", add).daily(1000),
    Interface::post("/cgi-bin/draft/get", get).daily(500),
    Interface::post("/cgi-bin/draft/update", update).daily(1000),
    Interface::post("/cgi-bin/draft/delete", delete).daily(1000),
    Interface::get("/cgi-bin/draft/count", count).daily(1000),
    Interface::post("/cgi-bin/draft/batchget", list).daily(1000),
];

/// One draft.
#[derive(Clone)]
pub struct Draft {
    /// Its `media_id`.
    pub id: String,
    /// The articles as they were given.
    pub articles: Vec<Value>,
    updated_ms: i64,
}

/// The draft with this id.
///
/// # Errors
/// 40007 when there is none.
pub fn find<'a>(world: &'a World, id: &str) -> Result<&'a Draft, Fail> {
    let found = world.account.drafts.iter().find(|draft| draft.id == id);
    found.ok_or(UNKNOWN)
}

/// Takes a draft out of the box, which WeChat does when it is sent or published.
///
/// # Errors
/// 40007 when there is none.
pub fn take(world: &mut World, id: &str) -> Result<Draft, Fail> {
    let at = world.account.drafts.iter().position(|draft| draft.id == id);
    Ok(world.account.drafts.remove(at.ok_or(UNKNOWN)?))
}

/// `POST /cgi-bin/draft/add`.
fn add(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let articles = call.body["articles"]
        .as_array()
        .filter(|articles| !articles.is_empty())
        .ok_or(Fail(44003, "empty news data"))?;
    if articles.len() > ARTICLES {
        return Err(Fail(45008, "article size out of limit"));
    }
    let updated_ms = sandbox.clock.now_ms();
    sandbox.change(|world| {
        for article in articles {
            check(world, article)?;
        }
        let id = world.word(64);
        world.account.drafts.push(Draft {
            id: id.clone(),
            articles: articles.clone(),
            updated_ms,
        });
        Ok(json!({"media_id": id}))
    })
}

/// Whether an article is as WeChat wants it (新增草稿).
fn check(world: &World, article: &Value) -> Result<(), Fail> {
    let field = |name: &str| article[name].as_str().unwrap_or_default();
    let longer = |name: &str, most: usize| field(name).chars().count() > most;
    if field("title").trim().is_empty() || longer("title", 32) {
        return Err(Fail(45003, "title size out of limit"));
    }
    if longer("author", 16) {
        return Err(Fail(45110, "author size out of limit"));
    }
    if longer("digest", 128) {
        return Err(Fail(45004, "description size out of limit"));
    }
    if field("content").is_empty() {
        return Err(Fail(44003, "empty news data"));
    }
    if longer("content", 20_000) || field("content").len() >= 1024 * 1024 {
        return Err(Fail(45002, "content size out of limit"));
    }
    if field("content_source_url").len() > 1024 {
        return Err(Fail(45005, "url size out of limit"));
    }
    let pictures: Vec<&str> = match article["article_type"].as_str() {
        None | Some("" | "news") => vec![field("thumb_media_id")],
        Some("newspic") => {
            let list = article["image_info"]["image_list"].as_array();
            let ids = list.into_iter().flatten();
            ids.map(|image| image["image_media_id"].as_str().unwrap_or_default())
                .collect()
        }
        Some(_) => return Err(Fail(40035, "invalid article_type")),
    };
    let known = |id: &&str| world.account.media.permanent(id).is_some();
    if pictures.is_empty() || !pictures.iter().all(known) {
        return Err(UNKNOWN);
    }
    Ok(())
}

/// The articles as WeChat gives them back, with the addresses that only it knows.
pub fn described(sandbox: &Sandbox, articles: &[Value], address: impl Fn(usize) -> String) -> Vec<Value> {
    let one = |(at, article): (usize, &Value)| {
        let mut article = article.clone();
        let thumb = article["thumb_media_id"].as_str().unwrap_or_default();
        article["thumb_url"] = media::address(sandbox, thumb).into();
        article["url"] = address(at + 1).into();
        article
    };
    articles.iter().enumerate().map(one).collect()
}

fn news(sandbox: &Sandbox, draft: &Draft) -> Vec<Value> {
    // The page of a draft is temporary and opens for nobody but the editor, so it has an address and no page.
    let address = |at: usize| format!("{}/s/draft-{}-{at}", sandbox.config.address, &draft.id[..16]);
    described(sandbox, &draft.articles, address)
}

/// `POST /cgi-bin/draft/get`.
fn get(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let id = call.text("media_id").ok_or(UNKNOWN)?;
    sandbox.look(|world| Ok(json!({"news_item": news(sandbox, find(world, id)?)})))
}

/// `POST /cgi-bin/draft/update`: one article of a draft.
fn update(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let id = call.text("media_id").ok_or(UNKNOWN)?;
    let article = &call.body["articles"];
    let index = call.number("index").and_then(|at| usize::try_from(at).ok());
    let updated_ms = sandbox.clock.now_ms();
    sandbox.change(|world| {
        find(world, id)?;
        check(world, article)?;
        let draft = world.account.drafts.iter_mut().find(|draft| draft.id == id);
        let draft = draft.ok_or(UNKNOWN)?;
        let place = index.and_then(|at| draft.articles.get_mut(at));
        *place.ok_or(Fail(40114, "invalid index value"))? = article.clone();
        draft.updated_ms = updated_ms;
        Ok(ok())
    })
}

/// `POST /cgi-bin/draft/delete`.
fn delete(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let id = call.text("media_id").ok_or(UNKNOWN)?;
    sandbox.change(|world| take(world, id).map(|_| ok()))
}

/// `GET /cgi-bin/draft/count`.
fn count(sandbox: &Arc<Sandbox>, _call: &Call) -> Answer {
    Ok(json!({"total_count": sandbox.look(|world| world.account.drafts.len())}))
}

/// `POST /cgi-bin/draft/batchget`: the newest first.
fn list(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let (offset, count) = window(call)?;
    let bare = call.number("no_content") == Some(1);
    sandbox.look(|world| {
        let drafts = &world.account.drafts;
        let entry = |draft: &Draft| {
            let mut items = news(sandbox, draft);
            if bare {
                items.iter_mut().for_each(without_content);
            }
            json!({
                "media_id": draft.id, "content": {"news_item": items}, "update_time": draft.updated_ms / 1000,
            })
        };
        let items: Vec<Value> = drafts.iter().rev().skip(offset).take(count).map(entry).collect();
        Ok(json!({"total_count": drafts.len(), "item_count": items.len(), "item": items}))
    })
}

/// Leaves the text out, as `no_content` asks.
pub fn without_content(article: &mut Value) {
    if let Some(fields) = article.as_object_mut() {
        fields.remove("content");
    }
}

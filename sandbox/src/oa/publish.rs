//! Publishing (发布能力): an article gets an address for everybody, and nobody is told.

use std::sync::Arc;

use serde_json::{Value, json};

use super::draft::{self, described, without_content};
use super::material::window;
use super::media::UNKNOWN;
use super::{Answer, Call, Fail, Interface, ok};
use crate::fault::Kind;
use crate::push;
use crate::state::{Sandbox, World};
use crate::xml::Field;

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[
    Interface::post("/cgi-bin/freepublish/submit", submit).daily(100),
    Interface::post("/cgi-bin/freepublish/get", status).daily(1000),
    Interface::post("/cgi-bin/freepublish/delete", delete).daily(100),
    Interface::post("/cgi-bin/freepublish/getarticle", article).daily(1000),
    Interface::post("/cgi-bin/freepublish/batchget", list).daily(1000),
];

const NO_SUCH_ARTICLE: Fail = Fail(53600, "invalid article_id");

/// Everything that was published.
#[derive(Default)]
pub struct Press {
    jobs: Vec<Job>,
    published: Vec<Published>,
}

/// The publication of one draft.
struct Job {
    id: String,
    /// The id of the articles; nothing when the review refused them.
    article_id: Option<String>,
}

/// Articles with addresses.
pub struct Published {
    /// Their `article_id`.
    pub id: String,
    /// The articles as they were given.
    pub articles: Vec<Value>,
    deleted: Vec<bool>,
    since_ms: i64,
    /// Whether they were published, not sent to many: only those are listed.
    listed: bool,
}

impl Press {
    /// The published articles with this id.
    pub fn article(&self, id: &str) -> Option<&Published> {
        self.published
            .iter()
            .find(|published| published.id == id && published.deleted.contains(&false))
    }

    /// The article that stands at `/s/{id}-{index}`, `None` when it was deleted or never was.
    pub fn page(&self, key: &str) -> Option<&Value> {
        let (id, at) = key.rsplit_once('-')?;
        let at = at.parse::<usize>().ok()?.checked_sub(1)?;
        let published = self.article(id)?;
        published.articles.get(at).filter(|_| !published.deleted[at])
    }

    /// Deletes article `index` (from 1) of `id`, or all for 0.
    pub fn delete(&mut self, id: &str, index: usize) -> bool {
        let Some(published) = self.published.iter_mut().find(|published| published.id == id) else {
            return false;
        };
        match index.checked_sub(1) {
            None => published.deleted.fill(true),
            Some(at) if at < published.deleted.len() => published.deleted[at] = true,
            Some(_) => return false,
        }
        true
    }
}

/// Gives articles an id and addresses.
pub fn print(world: &mut World, articles: Vec<Value>, now_ms: i64, listed: bool) -> String {
    let id = world.word(40);
    world.account.press.published.push(Published {
        id: id.clone(),
        deleted: vec![false; articles.len()],
        articles,
        since_ms: now_ms,
        listed,
    });
    id
}

/// Where article `index` (from 1) of `id` stands.
pub fn address(sandbox: &Sandbox, id: &str, index: usize) -> String {
    format!("{}/s/{id}-{index}", sandbox.config.address)
}

/// `POST /cgi-bin/freepublish/submit`. How it went is told by PUBLISHJOBFINISH.
fn submit(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let media_id = call.text("media_id").ok_or(UNKNOWN)?;
    let now_ms = sandbox.clock.now_ms();
    let (job, article_id, count, data) = sandbox.change(|world| {
        draft::find(world, media_id)?;
        let rejected = world.faults.take(Kind::PublishRejected).is_some();
        let job = format!("22474{}", world.digits(5));
        let data = format!("22474{}", world.digits(5));
        let (article_id, count) = if rejected {
            (None, 0)
        } else {
            let draft = draft::take(world, media_id)?;
            let count = draft.articles.len();
            (Some(print(world, draft.articles, now_ms, true)), count)
        };
        world.account.press.jobs.push(Job {
            id: job.clone(),
            article_id: article_id.clone(),
        });
        Ok((job, article_id, count, data))
    })?;
    let mut info = vec![("publish_id", Field::number(&job))];
    match &article_id {
        Some(id) => {
            let item = |at: usize| {
                let url = Field::words(address(sandbox, id, at));
                (
                    "item",
                    Field::inside([("idx", Field::number(at)), ("article_url", url)]),
                )
            };
            let items = (1..=count).map(item);
            let detail = [("count", Field::number(count))].into_iter().chain(items);
            info.push(("publish_status", Field::number(0)));
            info.push(("article_id", Field::words(id)));
            info.push(("article_detail", Field::inside(detail)));
        }
        None => {
            info.push(("publish_status", Field::number(4)));
            info.push(("fail_idx", Field::number(1)));
        }
    }
    push::announce(
        sandbox,
        "PUBLISHJOBFINISH",
        vec![("PublishEventInfo", Field::inside(info))],
    );
    Ok(json!({"errcode": 0, "errmsg": "ok", "publish_id": job, "msg_data_id": data}))
}

/// `POST /cgi-bin/freepublish/get`: how a publication went.
fn status(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let id = call.number("publish_id").unwrap_or_default().to_string();
    sandbox.look(|world| {
        let press = &world.account.press;
        let job = press.jobs.iter().find(|job| job.id == id);
        let job = job.ok_or(Fail(53503, "invalid publish_id"))?;
        let Some(article_id) = &job.article_id else {
            return Ok(json!({"publish_id": id, "publish_status": 4, "fail_idx": [1]}));
        };
        let Some(published) = press.article(article_id) else {
            return Ok(json!({"publish_id": id, "publish_status": 5, "fail_idx": []}));
        };
        let item = |at: usize| json!({"idx": at, "article_url": address(sandbox, article_id, at)});
        let items: Vec<Value> = (1..=published.articles.len()).map(item).collect();
        Ok(json!({
            "publish_id": id, "publish_status": 0, "article_id": article_id,
            "article_detail": {"count": items.len(), "item": items}, "fail_idx": [],
        }))
    })
}

/// `POST /cgi-bin/freepublish/delete`: one article, or all without an index.
fn delete(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let id = call.text("article_id").ok_or(NO_SUCH_ARTICLE)?;
    let index = call.number("index").unwrap_or(0);
    let index = usize::try_from(index).map_err(|_| Fail(40114, "invalid index value"))?;
    sandbox.change(|world| {
        world.account.press.article(id).ok_or(NO_SUCH_ARTICLE)?;
        if world.account.press.delete(id, index) {
            Ok(ok())
        } else {
            Err(Fail(40114, "invalid index value"))
        }
    })
}

fn news(sandbox: &Sandbox, published: &Published) -> Vec<Value> {
    let mut items = described(sandbox, &published.articles, |at| {
        address(sandbox, &published.id, at)
    });
    for (item, deleted) in items.iter_mut().zip(&published.deleted) {
        item["is_deleted"] = (*deleted).into();
    }
    items
}

/// `POST /cgi-bin/freepublish/getarticle`.
fn article(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let id = call.text("article_id").ok_or(NO_SUCH_ARTICLE)?;
    sandbox.look(|world| {
        let published = world.account.press.article(id).ok_or(NO_SUCH_ARTICLE)?;
        Ok(json!({"news_item": news(sandbox, published)}))
    })
}

/// `POST /cgi-bin/freepublish/batchget`: the newest first.
fn list(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let (offset, count) = window(call)?;
    let bare = call.number("no_content") == Some(1);
    sandbox.look(|world| {
        let mut all: Vec<&Published> = world.account.press.published.iter().rev().collect();
        all.retain(|published| published.listed && published.deleted.contains(&false));
        let entry = |published: &&Published| {
            let mut items = news(sandbox, published);
            if bare {
                items.iter_mut().for_each(without_content);
            }
            json!({
                "article_id": published.id, "content": {"news_item": items},
                "update_time": published.since_ms / 1000,
            })
        };
        let items: Vec<Value> = all.iter().skip(offset).take(count).map(entry).collect();
        Ok(json!({"total_count": all.len(), "item_count": items.len(), "item": items}))
    })
}

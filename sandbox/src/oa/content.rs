//! What a message of the account looks like on a phone, made from what the program sends.

use serde_json::Value;

use super::media::{self, Kind, UNKNOWN};
use super::publish;
use super::{Fail, draft};
use crate::message::{Article, Body, Choice};
use crate::state::{Sandbox, World};
use crate::xml::Element;

/// Longest text, in bytes.
const TEXT: usize = 2048;

const INVALID: Fail = Fail(47003, "argument invalid!");

/// The body of a customer-service message (客服消息).
///
/// # Errors
/// 40008 for a kind that there is not, 44004 and 45002 for texts, 40007 for material that does not live, 45008 for more than
/// one article, 53600 for an article that was not published, 47003 for what is missing.
pub fn customer_service(sandbox: &Sandbox, world: &World, body: &Value) -> Result<Body, Fail> {
    let kind = body["msgtype"].as_str().unwrap_or_default();
    let part = &body[kind];
    Ok(match kind {
        "text" => text(part["content"].as_str())?,
        "image" => picture(sandbox, world, id_of(part, "media_id")?)?,
        "voice" => recording(sandbox, world, id_of(part, "media_id")?)?,
        "video" => {
            existing(sandbox, world, id_of(part, "thumb_media_id")?, None)?;
            film(
                sandbox,
                world,
                id_of(part, "media_id")?,
                word(part, "title"),
                word(part, "description"),
            )?
        }
        "music" => {
            existing(sandbox, world, id_of(part, "thumb_media_id")?, None)?;
            let url = part["musicurl"].as_str().ok_or(INVALID)?;
            music(word(part, "title"), word(part, "description"), url.to_owned())
        }
        "news" => news(part)?,
        "mpnews" => {
            let draft = draft::find(world, part["media_id"].as_str().ok_or(UNKNOWN)?)?;
            if draft.articles.len() > 1 {
                return Err(Fail(45008, "article size out of limit"));
            }
            articles(sandbox, &draft.articles, |_| String::new())
        }
        "mpnewsarticle" => published(sandbox, world, part["article_id"].as_str().unwrap_or_default())?,
        "msgmenu" => menu(part)?,
        "wxcard" if part["card_id"].is_string() => Body::Other {
            text: "[卡券]".into(),
        },
        "miniprogrampage" => {
            existing(sandbox, world, id_of(part, "thumb_media_id")?, None)?;
            mini_program(sandbox, part)?
        }
        "wxcard" => return Err(INVALID),
        _ => return Err(Fail(40008, "invalid message type")),
    })
}

/// The body of a message to many (群发), with the articles that it prints. `msgtype` and fields differ from those of
/// customer service: films are `mpvideo`, pictures may be several.
///
/// # Errors
/// As with [`customer_service`].
pub fn mass(sandbox: &Sandbox, world: &World, body: &Value) -> Result<Body, Fail> {
    let kind = body["msgtype"].as_str().unwrap_or_default();
    let part = &body[kind];
    Ok(match kind {
        "text" => text(part["content"].as_str())?,
        "image" => {
            let first = body["images"]["media_ids"][0].as_str();
            let id = first.or_else(|| part["media_id"].as_str()).ok_or(UNKNOWN)?;
            picture(sandbox, world, id)?
        }
        "voice" => recording(sandbox, world, id_of(part, "media_id")?)?,
        "mpvideo" => film(
            sandbox,
            world,
            id_of(part, "media_id")?,
            word(part, "title"),
            word(part, "description"),
        )?,
        "mpnews" => {
            let draft = draft::find(world, part["media_id"].as_str().ok_or(UNKNOWN)?)?;
            articles(sandbox, &draft.articles, |_| String::new())
        }
        "wxcard" if part["card_id"].is_string() => Body::Other {
            text: "[卡券]".into(),
        },
        _ => return Err(Fail(40008, "invalid message type")),
    })
}

/// The body of a passive reply (被动回复消息).
///
/// # Errors
/// What is wrong with it, in words.
pub fn reply(sandbox: &Sandbox, world: &World, reply: &Element) -> Result<Body, &'static str> {
    let missing = "a field of the reply is missing";
    let inside = |element: &'static str, name: &'static str| {
        reply
            .child(element)
            .and_then(|element| element.text_of(name))
            .map(str::to_owned)
    };
    let known = |body: Result<Body, Fail>| body.map_err(|_| "MediaId is none that lives");
    match reply.text_of("MsgType").ok_or(missing)? {
        "text" => Ok(Body::text(reply.text_of("Content").ok_or(missing)?)),
        "image" => known(picture(
            sandbox,
            world,
            &inside("Image", "MediaId").ok_or(missing)?,
        )),
        "voice" => known(recording(
            sandbox,
            world,
            &inside("Voice", "MediaId").ok_or(missing)?,
        )),
        "video" => known(film(
            sandbox,
            world,
            &inside("Video", "MediaId").ok_or(missing)?,
            inside("Video", "Title").unwrap_or_default(),
            inside("Video", "Description").unwrap_or_default(),
        )),
        "music" => {
            let thumb = inside("Music", "ThumbMediaId").ok_or(missing)?;
            existing(sandbox, world, &thumb, None).map_err(|_| "ThumbMediaId is none that lives")?;
            Ok(music(
                inside("Music", "Title").unwrap_or_default(),
                inside("Music", "Description").unwrap_or_default(),
                inside("Music", "MusicUrl").unwrap_or_default(),
            ))
        }
        "news" => {
            let items = &reply.child("Articles").ok_or(missing)?.children;
            let text = |item: &Element, name: &str| item.text_of(name).unwrap_or_default().to_owned();
            let article = |item: &Element| Article {
                title: text(item, "Title"),
                description: text(item, "Description"),
                url: text(item, "Url"),
                picture: text(item, "PicUrl"),
            };
            let items = items.iter().filter(|item| item.name == "item");
            // Of several articles only the first is shown, since 2018.
            let articles: Vec<Article> = items.take(1).map(article).collect();
            if articles.is_empty() {
                return Err(missing);
            }
            Ok(Body::News { articles })
        }
        _ => Err("MsgType is unknown"),
    }
}

/// The published article `id`.
///
/// # Errors
/// 53600 when there is none.
pub fn published(sandbox: &Sandbox, world: &World, id: &str) -> Result<Body, Fail> {
    let found = world.account.press.article(id);
    let found = found.ok_or(Fail(53600, "invalid article_id"))?;
    Ok(articles(sandbox, &found.articles, |at| {
        publish::address(sandbox, id, at)
    }))
}

/// A news message of `articles`, each with its address.
pub fn articles(sandbox: &Sandbox, articles: &[Value], address: impl Fn(usize) -> String) -> Body {
    let article = |(at, article): (usize, &Value)| Article {
        title: word(article, "title"),
        description: word(article, "digest"),
        url: address(at + 1),
        picture: media::address(sandbox, &word(article, "thumb_media_id")),
    };
    Body::News {
        articles: articles.iter().enumerate().map(article).collect(),
    }
}

/// A piece of permanent or temporary material as a message.
///
/// # Errors
/// 40007 when it does not live.
pub fn of_material(sandbox: &Sandbox, world: &World, id: &str) -> Result<Body, Fail> {
    match existing(sandbox, world, id, None)? {
        Kind::Image | Kind::Thumb => picture(sandbox, world, id),
        Kind::Voice => recording(sandbox, world, id),
        Kind::Video => film(sandbox, world, id, String::new(), String::new()),
    }
}

fn word(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn id_of<'a>(part: &'a Value, name: &str) -> Result<&'a str, Fail> {
    part[name].as_str().filter(|id| !id.is_empty()).ok_or(UNKNOWN)
}

/// The kind of the piece `id`, which must be `wanted` where one is.
fn existing(sandbox: &Sandbox, world: &World, id: &str, wanted: Option<Kind>) -> Result<Kind, Fail> {
    let media = world.account.media.living(id, &sandbox.clock).ok_or(UNKNOWN)?;
    match wanted {
        Some(kind) if kind != media.kind => Err(UNKNOWN),
        _ => Ok(media.kind),
    }
}

fn text(content: Option<&str>) -> Result<Body, Fail> {
    match content.unwrap_or_default() {
        "" => Err(Fail(44004, "empty content")),
        content if content.len() > TEXT => Err(Fail(45002, "content size out of limit")),
        content => Ok(Body::text(content)),
    }
}

fn picture(sandbox: &Sandbox, world: &World, id: &str) -> Result<Body, Fail> {
    existing(sandbox, world, id, Some(Kind::Image))?;
    Ok(Body::Image {
        url: media::address(sandbox, id),
        text: "图片".into(),
    })
}

fn recording(sandbox: &Sandbox, world: &World, id: &str) -> Result<Body, Fail> {
    existing(sandbox, world, id, Some(Kind::Voice))?;
    Ok(Body::Voice {
        url: media::address(sandbox, id),
        text: "[语音]".into(),
    })
}

fn film(
    sandbox: &Sandbox,
    world: &World,
    id: &str,
    title: String,
    description: String,
) -> Result<Body, Fail> {
    existing(sandbox, world, id, Some(Kind::Video))?;
    Ok(Body::Video {
        url: media::address(sandbox, id),
        text: format!("[视频] {title}"),
        title,
        description,
    })
}

fn music(title: String, description: String, url: String) -> Body {
    Body::Music {
        url,
        text: format!("[音乐] {title}"),
        title,
        description,
    }
}

fn news(part: &Value) -> Result<Body, Fail> {
    let list = part["articles"].as_array().ok_or(INVALID)?;
    let article = |item: &Value| Article {
        title: word(item, "title"),
        description: word(item, "description"),
        url: word(item, "url"),
        picture: word(item, "picurl"),
    };
    match list.len() {
        0 => Err(Fail(44003, "empty news data")),
        1 => Ok(Body::News {
            articles: list.iter().map(article).collect(),
        }),
        _ => Err(Fail(45008, "article size out of limit")),
    }
}

fn menu(part: &Value) -> Result<Body, Fail> {
    let list = part["list"].as_array().filter(|list| !list.is_empty());
    let answer = |item: &Value| {
        let id = item["id"].as_str().map(str::to_owned);
        let id = id.or_else(|| item["id"].as_i64().map(|id| id.to_string()));
        let content = item["content"].as_str().filter(|content| !content.is_empty());
        Some(Choice {
            id: id?,
            content: content?.to_owned(),
        })
    };
    let answers: Option<Vec<Choice>> = list.ok_or(INVALID)?.iter().map(answer).collect();
    let answers = answers.ok_or(INVALID)?;
    let (head, tail) = (word(part, "head_content"), word(part, "tail_content"));
    let lines = std::iter::once(head.clone()).chain(answers.iter().map(|answer| answer.content.clone()));
    let lines: Vec<String> = lines.chain([tail.clone()]).collect();
    Ok(Body::Menu {
        head,
        answers,
        tail,
        text: lines.join("\n"),
    })
}

fn mini_program(sandbox: &Sandbox, part: &Value) -> Result<Body, Fail> {
    let (title, appid, pagepath) = (word(part, "title"), word(part, "appid"), word(part, "pagepath"));
    if appid.is_empty() || pagepath.is_empty() {
        return Err(INVALID);
    }
    Ok(Body::MiniProgram {
        picture: media::address(sandbox, &word(part, "thumb_media_id")),
        text: format!("[小程序] {title}"),
        title,
        appid,
        pagepath,
    })
}

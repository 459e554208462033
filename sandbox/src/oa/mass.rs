//! Messages to many (群发): to everybody, to a tag, to a list; four a month for each person.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::call::number;
use super::quota::beijing_day;
use super::{Answer, Call, Fail, Interface, NO_SUCH_PERSON, content, draft, ok, publish};
use crate::clock;
use crate::crypto;
use crate::fault::Kind;
use crate::message::{Author, Body, Thread};
use crate::push;
use crate::state::{Sandbox, World};
use crate::xml::Field;

/// How many such messages a person gets in a calendar month, and how often everybody may be addressed in one.
const A_MONTH: usize = 4;
/// For how long a `clientmsgid` sends nothing more, in seconds.
const DEDUPLICATED_S: u32 = 86_400;
/// Longest `clientmsgid`, in bytes.
const CLIENT_ID: usize = 64;
/// Speeds from 0, in ten thousands of people a minute.
const SPEEDS: [u32; 5] = [80, 60, 45, 30, 10];

const NO_SUCH_MESSAGE: Fail = Fail(40059, "invalid msg id");

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[
    Interface::post("/cgi-bin/message/mass/sendall", send_all)
        .daily(100)
        .per_minute(60),
    Interface::post("/cgi-bin/message/mass/send", send_list)
        .daily(100)
        .per_minute(60),
    Interface::post("/cgi-bin/message/mass/preview", preview).daily(100),
    Interface::post("/cgi-bin/message/mass/delete", delete).daily(10),
    Interface::post("/cgi-bin/message/mass/get", status),
    Interface::post("/cgi-bin/message/mass/speed/get", speed),
    Interface::post("/cgi-bin/message/mass/speed/set", set_speed),
];

/// What was sent.
#[derive(Default)]
pub struct Mass {
    jobs: Vec<Job>,
    client_ids: HashMap<String, (i64, i64)>,
    to_all_ms: Vec<i64>,
    /// Place in [`SPEEDS`]; an account begins with the fastest.
    speed: usize,
}

struct Job {
    id: i64,
    status: &'static str,
    /// The articles it printed.
    article_id: Option<String>,
}

/// Whom a message is for.
struct Audience {
    /// Ids of the people meant.
    people: Vec<String>,
    /// Whether it is everybody.
    all: bool,
}

/// `POST /cgi-bin/message/mass/sendall`: to everybody, or to those with a tag.
fn send_all(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let filter = &call.body["filter"];
    let all = filter["is_to_all"].as_bool().unwrap_or(false);
    send(sandbox, call, |world| {
        let mut people: Vec<_> = world.people.iter().collect();
        people.retain(|person| person.following_since_ms.is_some());
        if !all {
            let tag = number(&filter["tag_id"]).and_then(|tag| u32::try_from(tag).ok());
            let tag = tag
                .filter(|tag| world.account.tags.has(*tag))
                .ok_or(Fail(45159, "invalid tag id"))?;
            people.retain(|person| person.tags.contains(&tag));
        }
        Ok(Audience {
            people: people.iter().map(|person| person.id.clone()).collect(),
            all,
        })
    })
}

/// `POST /cgi-bin/message/mass/send`: to a list of two to ten thousand.
fn send_list(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let openids = call.texts("touser").ok_or(Fail(40031, "invalid openid list"))?;
    match openids.len() {
        0..2 => return Err(Fail(40130, "invalid openid list size, at least two openid")),
        2..=10_000 => {}
        _ => return Err(Fail(40032, "invalid openid list size")),
    }
    send(sandbox, call, |world| {
        let mut people = Vec::new();
        for openid in &openids {
            let found = world.people.iter().find(|person| person.openid == *openid);
            people.push(found.ok_or(NO_SUCH_PERSON)?.id.clone());
        }
        people.sort_unstable();
        people.dedup();
        Ok(Audience { people, all: false })
    })
}

/// The id under which a repetition is known: the program's own, else made of audience and content, as WeChat does.
fn client_id(call: &Call) -> Result<String, Fail> {
    match call.text("clientmsgid") {
        Some(id) if id.len() > CLIENT_ID => Err(Fail(45067, "clientmsgid size out of limit")),
        Some(id) => Ok(id.to_owned()),
        None => Ok(crypto::sha1_hex(&call.body.to_string())),
    }
}

fn send(
    sandbox: &Arc<Sandbox>,
    call: &Call,
    audience: impl FnOnce(&World) -> Result<Audience, Fail>,
) -> Answer {
    let client_id = client_id(call)?;
    let now_ms = sandbox.clock.now_ms();
    let (answer, event) = sandbox.change(|world| {
        if let Some(&(id, at)) = world.account.mass.client_ids.get(&client_id)
            && !sandbox.clock.passed(at, DEDUPLICATED_S)
        {
            return Ok((
                json!({"errcode": 45065, "errmsg": "clientmsgid exist", "msg_id": id}),
                None,
            ));
        }
        let audience = audience(world)?;
        let body = content::mass(sandbox, world, &call.body)?;
        if audience.all {
            spend_broadcast(world, now_ms)?;
        }
        let (id, data) = (format!("3147{}", world.digits(6)), world.digits(10));
        let id: i64 = id.parse().expect("ten digits fit an i64");
        world.account.mass.client_ids.insert(client_id, (id, now_ms));
        let sent = deliver(sandbox, world, call, &audience, body, now_ms)?;
        world.account.mass.jobs.push(Job {
            id,
            status: sent.status,
            article_id: sent.article_id.clone(),
        });
        let answer = json!({
            "errcode": 0, "errmsg": "send job submission success", "msg_id": id, "msg_data_id": data,
        });
        Ok((answer, Some(finished(sandbox, id, &sent))))
    })?;
    if let Some(fields) = event {
        push::announce(sandbox, "MASSSENDJOBFINISH", fields);
    }
    Ok(answer)
}

/// Everybody may be addressed once a day and four times a month.
fn spend_broadcast(world: &mut World, now_ms: i64) -> Result<(), Fail> {
    let earlier = &mut world.account.mass.to_all_ms;
    let today = |at: &&i64| beijing_day(**at) == beijing_day(now_ms);
    let this_month = |at: &&i64| same_month(**at, now_ms);
    if earlier.iter().any(|at| today(&at)) || earlier.iter().filter(this_month).count() >= A_MONTH {
        return Err(Fail(45028, "has no masssend quota"));
    }
    earlier.push(now_ms);
    Ok(())
}

fn same_month(a: i64, b: i64) -> bool {
    clock::beijing_digits(a)[..6] == clock::beijing_digits(b)[..6]
}

/// How a message went.
struct Sent {
    status: &'static str,
    told: String,
    total: usize,
    filtered: usize,
    article_id: Option<String>,
    articles: usize,
}

fn deliver(
    sandbox: &Sandbox,
    world: &mut World,
    call: &Call,
    audience: &Audience,
    mut body: Body,
    now_ms: i64,
) -> Result<Sent, Fail> {
    let mut sent = Sent {
        status: "SEND_SUCCESS",
        told: "send success".into(),
        total: audience.people.len(),
        filtered: 0,
        article_id: None,
        articles: 0,
    };
    if let Some(fault) = world.faults.take(Kind::MassRejected) {
        sent.status = "SEND_FAIL";
        sent.told = match fault.errcode {
            0 => "send fail".into(),
            code => format!("err({code})"),
        };
        return Ok(sent);
    }
    if call.text("msgtype") == Some("mpnews") {
        let draft = draft::take(
            world,
            call.body["mpnews"]["media_id"].as_str().unwrap_or_default(),
        )?;
        sent.articles = draft.articles.len();
        let id = publish::print(world, draft.articles, now_ms, false);
        body = content::published(sandbox, world, &id)?;
        sent.article_id = Some(id);
    }
    for id in &audience.people {
        let Some(person) = world.person_mut(id) else {
            continue;
        };
        let had = person
            .mass_received_ms
            .iter()
            .filter(|at| same_month(**at, now_ms));
        let reached = person.following_since_ms.is_some() && !person.blocked && !person.refuses;
        if reached && had.count() < A_MONTH {
            person.mass_received_ms.push(now_ms);
            sent.filtered += 1;
            world.say(id, Thread::Account, Author::Account, now_ms, body.clone());
        }
    }
    Ok(sent)
}

fn finished(sandbox: &Sandbox, id: i64, sent: &Sent) -> Vec<(&'static str, Field)> {
    let copyright = Field::inside([
        ("Count", Field::number(0)),
        ("ResultList", Field::inside([])),
        ("CheckState", Field::number(2)),
    ]);
    let article = sent.article_id.as_deref().unwrap_or_default();
    let item = |at: usize| {
        let url = Field::words(publish::address(sandbox, article, at));
        (
            "item",
            Field::inside([("ArticleIdx", Field::number(at)), ("ArticleUrl", url)]),
        )
    };
    let urls = Field::inside([
        ("Count", Field::number(sent.articles)),
        ("ResultList", Field::inside((1..=sent.articles).map(item))),
    ]);
    vec![
        ("MsgID", Field::number(id)),
        ("Status", Field::words(&sent.told)),
        ("TotalCount", Field::number(sent.total)),
        ("FilterCount", Field::number(sent.filtered)),
        ("SentCount", Field::number(sent.filtered)),
        ("ErrorCount", Field::number(0)),
        ("CopyrightCheckResult", copyright),
        ("ArticleUrlResult", urls),
    ]
}

/// `POST /cgi-bin/message/mass/preview`: to one person, outside the four a month.
fn preview(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let openid = call.text("touser").ok_or(NO_SUCH_PERSON)?;
    let now_ms = sandbox.clock.now_ms();
    sandbox.change(|world| {
        let body = content::mass(sandbox, world, &call.body)?;
        let person = world.person_by_openid(openid).ok_or(NO_SUCH_PERSON)?;
        if person.following_since_ms.is_none() {
            return Err(Fail(43004, "require subscribe"));
        }
        let id = person.id.clone();
        world.say(&id, Thread::Account, Author::Account, now_ms, body);
        let id = format!("3147{}", world.digits(6))
            .parse::<i64>()
            .unwrap_or_default();
        Ok(json!({"errcode": 0, "errmsg": "preview success", "msg_id": id}))
    })
}

/// `POST /cgi-bin/message/mass/delete`: the pages of the articles go, the cards in the chats stay.
fn delete(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let (id, index) = (call.number("msg_id"), call.number("article_idx").unwrap_or(0));
    let index = usize::try_from(index).map_err(|_| Fail(40060, "invalid article idx"))?;
    sandbox.change(|world| {
        let mass = &mut world.account.mass;
        let job = mass.jobs.iter_mut().find(|job| Some(job.id) == id);
        let job = job.ok_or(NO_SUCH_MESSAGE)?;
        // Texts, pictures and recordings cannot be taken back.
        let article = job.article_id.clone().ok_or(NO_SUCH_MESSAGE)?;
        if index == 0 {
            job.status = "DELETE";
        }
        if world.account.press.delete(&article, index) {
            Ok(ok())
        } else {
            Err(Fail(40060, "invalid article idx"))
        }
    })
}

/// `POST /cgi-bin/message/mass/get`.
fn status(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let id = call.number("msg_id");
    sandbox.look(|world| {
        let job = world.account.mass.jobs.iter().find(|job| Some(job.id) == id);
        let job = job.ok_or(NO_SUCH_MESSAGE)?;
        Ok(json!({"msg_id": job.id, "msg_status": job.status}))
    })
}

/// `POST /cgi-bin/message/mass/speed/get`.
fn speed(sandbox: &Arc<Sandbox>, _call: &Call) -> Answer {
    let speed = sandbox.look(|world| world.account.mass.speed);
    Ok(json!({"speed": speed, "realspeed": SPEEDS[speed]}))
}

/// `POST /cgi-bin/message/mass/speed/set`.
fn set_speed(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    if call.body["speed"] == Value::Null {
        return Err(Fail(45084, "no speed param"));
    }
    let speed = call.number("speed").and_then(|speed| usize::try_from(speed).ok());
    let speed = speed
        .filter(|speed| *speed < SPEEDS.len())
        .ok_or(Fail(45083, "speed param is not in 0 to 4"))?;
    sandbox.change(|world| world.account.mass.speed = speed);
    Ok(ok())
}

//! Subscription notices (订阅通知): a person's consent to a template is good for one notice.

use std::sync::Arc;

use serde_json::{Value, json};

use super::call::number;
use super::template_value::fill;
use super::{Answer, Call, Fail, Interface, NO_SUCH_PERSON, blocklist, ok};
use crate::message::{Author, Body, Thread};
use crate::push;
use crate::state::Sandbox;
use crate::xml::Field;

/// How many templates an account may keep.
const TEMPLATES: usize = 50;
/// The category of the account (类目).
const CATEGORY: u32 = 612;
/// The public library: number, title, and keywords as kind and name, numbered from 1.
const LIBRARY: [(u32, &str, &[(&str, &str)]); 3] = [
    (
        12_001,
        "预约成功通知",
        &[
            ("thing", "门店名称"),
            ("time", "预约时间"),
            ("thing", "服务项目"),
            ("thing", "温馨提示"),
        ],
    ),
    (
        12_002,
        "服务开始提醒",
        &[
            ("thing", "服务项目"),
            ("time", "开始时间"),
            ("thing", "门店地址"),
            ("phone_number", "联系电话"),
        ],
    ),
    (
        12_003,
        "退款成功通知",
        &[
            ("character_string", "订单号"),
            ("amount", "退款金额"),
            ("time", "退款时间"),
            ("thing", "退款说明"),
        ],
    ),
];

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[
    Interface::post("/wxaapi/newtmpl/addtemplate", add).daily(1000),
    Interface::post("/wxaapi/newtmpl/deltemplate", delete).daily(1000),
    Interface::get("/wxaapi/newtmpl/gettemplate", list),
    Interface::get("/wxaapi/newtmpl/getcategory", categories),
    Interface::get("/wxaapi/newtmpl/getpubtemplatetitles", titles),
    Interface::get("/wxaapi/newtmpl/getpubtemplatekeywords", keywords),
    Interface::post("/cgi-bin/message/subscribe/bizsend", send),
];

/// The account's own templates.
#[derive(Default)]
pub struct Notices {
    own: Vec<Notice>,
}

struct Notice {
    id: String,
    title: &'static str,
    keys: Vec<(String, String)>,
}

impl Notices {
    /// What a person is asked about a template: its title.
    pub fn title(&self, id: &str) -> Option<&'static str> {
        self.find(id).map(|notice| notice.title)
    }

    fn find(&self, id: &str) -> Option<&Notice> {
        self.own.iter().find(|notice| notice.id == id)
    }
}

fn titled(
    tid: Option<i64>,
) -> Result<&'static (u32, &'static str, &'static [(&'static str, &'static str)]), Fail> {
    let found = LIBRARY.iter().find(|(known, ..)| Some(i64::from(*known)) == tid);
    found.ok_or(Fail(200_014, "invalid tid"))
}

/// `POST /wxaapi/newtmpl/addtemplate`: two to five keywords of a title.
fn add(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let (_, title, words) = titled(call.number("tid"))?;
    let wrong = Fail(200_020, "invalid kid list");
    let list = call.body["kidList"].as_array().ok_or(wrong)?;
    let key = |kid: &Value| {
        let kid = usize::try_from(number(kid)?).ok()?;
        let (kind, label) = words.get(kid.checked_sub(1)?)?;
        Some((format!("{kind}{kid}"), (*label).to_owned()))
    };
    let keys: Option<Vec<_>> = list.iter().map(key).collect();
    let keys = keys.filter(|keys| (2..=5).contains(&keys.len())).ok_or(wrong)?;
    if call
        .text("sceneDesc")
        .is_some_and(|text| text.chars().count() > 15)
    {
        return Err(Fail(200_021, "invalid sceneDesc"));
    }
    sandbox.change(|world| {
        if world.account.notices.own.len() >= TEMPLATES {
            return Err(Fail(200_012, "private template num exceeds limit"));
        }
        let id = world.word(43);
        let own = &mut world.account.notices.own;
        own.push(Notice {
            id: id.clone(),
            title,
            keys,
        });
        Ok(json!({"errcode": 0, "errmsg": "ok", "priTmplId": id}))
    })
}

/// `POST /wxaapi/newtmpl/deltemplate`.
fn delete(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let id = call.text("priTmplId").unwrap_or_default();
    sandbox.change(|world| {
        let own = &mut world.account.notices.own;
        let at = own.iter().position(|notice| notice.id == id);
        own.remove(at.ok_or(Fail(200_014, "invalid priTmplId"))?);
        Ok(ok())
    })
}

/// `GET /wxaapi/newtmpl/gettemplate`.
fn list(sandbox: &Arc<Sandbox>, _call: &Call) -> Answer {
    sandbox.look(|world| {
        let entry = |notice: &Notice| {
            let line = |(key, label): &(String, String)| format!("{label}:{{{{{key}.DATA}}}}");
            let content: Vec<String> = notice.keys.iter().map(line).collect();
            let example: Vec<String> = notice
                .keys
                .iter()
                .map(|(_, label)| format!("{label}:示例"))
                .collect();
            json!({
                "priTmplId": notice.id, "title": notice.title, "content": content.join("\n"),
                "example": example.join("\n"), "type": 2,
            })
        };
        let mut answer = ok();
        answer["data"] = world.account.notices.own.iter().map(entry).collect();
        Ok(answer)
    })
}

/// `GET /wxaapi/newtmpl/getcategory`.
fn categories(_sandbox: &Arc<Sandbox>, _call: &Call) -> Answer {
    let mut answer = ok();
    answer["data"] = json!([{"id": CATEGORY, "name": "生活服务"}]);
    Ok(answer)
}

/// `GET /wxaapi/newtmpl/getpubtemplatetitles?ids=…&start=…&limit=…`.
fn titles(_sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let number = |name: &str| call.parameter(name).and_then(|text| text.parse::<usize>().ok());
    let (start, limit) = (number("start"), number("limit").filter(|limit| *limit <= 30));
    let (start, limit) = start.zip(limit).ok_or(Fail(47003, "argument invalid!"))?;
    let ids = call.parameter("ids").unwrap_or_default();
    let ours = ids.split(',').any(|id| id == CATEGORY.to_string());
    let all = if ours { &LIBRARY[..] } else { &[] };
    let entry = |(tid, title, _): &(u32, &str, &[(&str, &str)])| json!({"tid": tid, "title": title, "type": 2, "categoryId": CATEGORY.to_string()});
    let shown: Vec<Value> = all.iter().skip(start).take(limit).map(entry).collect();
    Ok(json!({"errcode": 0, "errmsg": "ok", "count": all.len(), "data": shown}))
}

/// `GET /wxaapi/newtmpl/getpubtemplatekeywords?tid=…`.
fn keywords(_sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let (_, _, words) = titled(call.parameter("tid").and_then(|tid| tid.parse().ok()))?;
    let entry = |(at, (kind, name)): (usize, &(&str, &str))| json!({"kid": at + 1, "name": name, "example": "示例", "rule": kind});
    let data: Vec<Value> = words.iter().enumerate().map(entry).collect();
    Ok(json!({"errcode": 0, "errmsg": "ok", "count": data.len(), "data": data}))
}

/// `POST /cgi-bin/message/subscribe/bizsend`. The outcome follows as the event subscribe_msg_sent_event.
fn send(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let openid = call.text("touser").ok_or(NO_SUCH_PERSON)?;
    let id = call
        .text("template_id")
        .ok_or(Fail(40037, "invalid template_id"))?;
    let (person, msgid) = sandbox.change(|world| {
        let notice = world
            .account
            .notices
            .find(id)
            .ok_or(Fail(40037, "invalid template_id"))?;
        let (title, keys) = (notice.title, notice.keys.clone());
        let person = world.person_by_openid(openid).ok_or(NO_SUCH_PERSON)?;
        let rows = fill(&keys, &call.body["data"])?;
        if person.blocked {
            return Err(blocklist::BLOCKED);
        }
        let left = person
            .wanted_notices
            .get_mut(id)
            .filter(|left| **left > 0)
            .ok_or(Fail(43101, "user refuse to accept the msg"))?;
        *left -= 1;
        let person = person.id.clone();
        let card = Body::Card {
            title: title.to_owned(),
            rows,
            url: call.text("page").unwrap_or_default().to_owned(),
        };
        let now_ms = sandbox.clock.now_ms();
        world.say(&person, Thread::Account, Author::Account, now_ms, card);
        Ok((person, format!("17{}", world.digits(17))))
    })?;
    let outcome = Field::inside([
        ("TemplateId", Field::words(id)),
        ("MsgID", Field::number(msgid)),
        ("ErrorCode", Field::number(0)),
        ("ErrorStatus", Field::words("success")),
    ]);
    let fields = vec![("SubscribeMsgSentEvent", Field::inside([("List", outcome)]))];
    push::announce_of(sandbox, &person, "subscribe_msg_sent_event", fields);
    Ok(ok())
}

/// A person answers the question for a subscription on one of the account's pages. A yes is good for one notice more.
///
/// # Errors
/// In words, when person or template do not exist.
pub fn consent(
    sandbox: &Arc<Sandbox>,
    person: &str,
    template: &str,
    accept: bool,
) -> Result<u32, &'static str> {
    let left = sandbox.change(|world| {
        world
            .account
            .notices
            .find(template)
            .ok_or("no such subscription template")?;
        let person = world.person_mut(person).ok_or("no such person")?;
        let left = person.wanted_notices.entry(template.to_owned()).or_default();
        *left += u32::from(accept);
        Ok::<_, &'static str>(*left)
    })?;
    let status = if accept { "accept" } else { "reject" };
    let entry = Field::inside([
        ("TemplateId", Field::words(template)),
        ("SubscribeStatusString", Field::words(status)),
        // 1 is a page, 2 an article.
        ("PopupScene", Field::number(1)),
    ]);
    let fields = vec![("SubscribeMsgPopupEvent", Field::inside([("List", entry)]))];
    push::announce_of(sandbox, person, "subscribe_msg_popup_event", fields);
    Ok(left)
}

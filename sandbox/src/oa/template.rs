//! Template messages (模板消息) and the library they come from.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Answer, Call, Fail, ok};
use crate::config::Template;
use crate::message::{Author, Body, Thread};
use crate::push;
use crate::state::{Sandbox, World};

/// `POST /cgi-bin/message/template/send`. The outcome follows as the event TEMPLATESENDJOBFINISH.
pub fn send(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let openid = call.text("touser").ok_or(Fail(40003, "invalid openid"))?;
    let wanted = call
        .text("template_id")
        .ok_or(Fail(40037, "invalid template_id"))?;
    let client_msg_id = call.text("client_msg_id").map(str::to_owned);
    let (person, msgid) = sandbox.change(|world| {
        let template = library(sandbox, world)
            .into_iter()
            .find(|template| template.template_id == wanted)
            .ok_or(Fail(40037, "invalid template_id"))?;
        let person = world
            .person_by_openid(openid)
            .ok_or(Fail(40003, "invalid openid"))?;
        if person.following_since_ms.is_none() {
            return Err(Fail(43004, "require subscribe"));
        }
        let person = person.id.clone();
        let rows = fill(&template, &call.body["data"])?;
        if let Some(&msgid) = client_msg_id
            .as_ref()
            .and_then(|id| world.account.client_msg_ids.get(id))
        {
            return Ok((None, msgid));
        }
        let msgid: i64 = format!("4{}", world.digits(17))
            .parse()
            .expect("eighteen digits fit an i64");
        if let Some(id) = client_msg_id {
            world.account.client_msg_ids.insert(id, msgid);
        }
        let url = call.text("url").unwrap_or_default().to_owned();
        let card = Body::Card {
            title: template.title.clone(),
            rows,
            url,
        };
        world.say(
            &person,
            Thread::Account,
            Author::Account,
            sandbox.clock.now_ms(),
            card,
        );
        Ok((Some(person), msgid))
    })?;
    if let Some(person) = person {
        push::template_finished(sandbox, &person, msgid);
    }
    Ok(json!({"errcode": 0, "errmsg": "ok", "msgid": msgid}))
}

/// `GET /cgi-bin/template/get_all_private_template`.
pub fn list(sandbox: &Arc<Sandbox>, _call: &Call) -> Answer {
    let templates = sandbox.look(|world| library(sandbox, world));
    let entry = |template: &Template| {
        json!({
            "template_id": template.template_id, "title": template.title, "primary_industry": "生活服务",
            "deputy_industry": "丽人/养生", "content": template.content(), "example": "",
        })
    };
    Ok(json!({"template_list": templates.iter().map(entry).collect::<Vec<_>>()}))
}

/// `POST /cgi-bin/template/del_private_template`.
pub fn delete(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let wanted = call
        .text("template_id")
        .ok_or(Fail(40037, "invalid template_id"))?;
    sandbox.change(|world| {
        if !library(sandbox, world)
            .iter()
            .any(|template| template.template_id == wanted)
        {
            return Err(Fail(40037, "invalid template_id"));
        }
        world.account.deleted_templates.push(wanted.to_owned());
        Ok(ok())
    })
}

fn library(sandbox: &Sandbox, world: &World) -> Vec<Template> {
    let kept = |template: &&Template| !world.account.deleted_templates.contains(&template.template_id);
    sandbox
        .credentials
        .templates
        .iter()
        .filter(kept)
        .cloned()
        .collect()
}

/// The labels of the template with the values sent. All keys are wanted, none may be long or broken into lines.
fn fill(template: &Template, data: &Value) -> Result<Vec<(String, String)>, Fail> {
    let mut rows = Vec::new();
    for (key, label) in &template.keys {
        let value = data[key]["value"].as_str().unwrap_or_default();
        if value.is_empty() {
            return Err(Fail(47003, "argument invalid! data value is empty"));
        }
        let limit = if key.starts_with("character_string") {
            32
        } else {
            20
        };
        if value.chars().count() > limit || value.contains('\n') {
            return Err(Fail(
                47003,
                "argument invalid! data value is too long or has a line break",
            ));
        }
        rows.push((label.clone(), value.to_owned()));
    }
    Ok(rows)
}

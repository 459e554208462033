//! The templates that the account uses, and the library and industries from which they come.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Answer, Call, Fail, Interface, ok};
use crate::clock;
use crate::config::Template;
use crate::state::{Sandbox, World};

/// How many templates an account may use at once.
const TEMPLATES: usize = 25;
/// Number of the first template of the library; the account's first templates stand there in their order.
const FIRST_SHORT: usize = 43_216;
/// The industries by their numbers from 1 (设置所属行业).
const INDUSTRIES: [&str; 41] = [
    "IT科技 互联网|电子商务",
    "IT科技 IT软件与服务",
    "IT科技 IT硬件与设备",
    "IT科技 电子技术",
    "IT科技 通信与运营商",
    "IT科技 网络游戏",
    "金融业 银行",
    "金融业 证券|基金|理财|信托",
    "金融业 保险",
    "餐饮 餐饮",
    "酒店旅游 酒店",
    "酒店旅游 旅游",
    "运输与仓储 快递",
    "运输与仓储 物流",
    "运输与仓储 仓储",
    "教育 培训",
    "教育 院校",
    "政府与公共事业 学术科研",
    "政府与公共事业 交警",
    "政府与公共事业 博物馆",
    "政府与公共事业 公共事业|非盈利机构",
    "医药护理 医药医疗",
    "医药护理 护理美容",
    "医药护理 保健与卫生",
    "交通工具 汽车相关",
    "交通工具 摩托车相关",
    "交通工具 火车相关",
    "交通工具 飞机相关",
    "房地产 建筑",
    "房地产 物业",
    "消费品 消费品",
    "商业服务 法律",
    "商业服务 会展",
    "商业服务 中介服务",
    "商业服务 认证",
    "商业服务 审计",
    "文体娱乐 传媒",
    "文体娱乐 体育",
    "文体娱乐 娱乐休闲",
    "印刷 印刷",
    "其它 其它",
];

const UNKNOWN: Fail = Fail(40037, "invalid template_id");

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[
    Interface::get("/cgi-bin/template/get_all_private_template", list),
    Interface::post("/cgi-bin/template/api_add_template", add).daily(1000),
    Interface::post("/cgi-bin/template/del_private_template", delete).daily(1000),
    Interface::post("/cgi-bin/template/api_set_industry", set_industry),
    Interface::get("/cgi-bin/template/get_industry", industry),
];

/// What changed since the account was set up.
#[derive(Default)]
pub struct Templates {
    /// Person and `client_msg_id` of template messages, with the number each got and when.
    pub sent: HashMap<(String, String), (i64, i64)>,
    added: Vec<Template>,
    deleted: Vec<String>,
    industries: Option<(usize, usize)>,
    /// The month in which the industry was last changed.
    changed: String,
}

/// The templates that the account may send.
pub fn library(sandbox: &Sandbox, world: &World) -> Vec<Template> {
    let templates = &world.account.templates;
    let all = sandbox.credentials.templates.iter().chain(&templates.added);
    all.filter(|template| !templates.deleted.contains(&template.template_id))
        .cloned()
        .collect()
}

fn industry_named(number: usize) -> Value {
    let (first, second) = INDUSTRIES[number - 1]
        .split_once(' ')
        .expect("each has two names");
    json!({"first_class": first, "second_class": second})
}

/// `GET /cgi-bin/template/get_all_private_template`.
fn list(sandbox: &Arc<Sandbox>, _call: &Call) -> Answer {
    sandbox.look(|world| {
        let industries = world.account.templates.industries;
        let industry = industries.map(|(primary, _)| industry_named(primary));
        let name = |class: &str| match &industry {
            Some(industry) => industry[class].clone(),
            None => "".into(),
        };
        let entry = |template: &Template| {
            let example: Vec<String> = template
                .keys
                .iter()
                .map(|(_, label)| format!("{label}：示例"))
                .collect();
            json!({
                "template_id": template.template_id, "title": template.title,
                "primary_industry": name("first_class"), "deputy_industry": name("second_class"),
                "content": template.content(), "example": example.join("\n"),
            })
        };
        let list: Vec<Value> = library(sandbox, world).iter().map(entry).collect();
        Ok(json!({"template_list": list}))
    })
}

/// `POST /cgi-bin/template/api_add_template`: by the number in the library, with some of its keywords.
fn add(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let number = call
        .number("template_id_short")
        .and_then(|number| usize::try_from(number).ok());
    let found = number
        .and_then(|number| number.checked_sub(FIRST_SHORT))
        .and_then(|at| sandbox.credentials.templates.get(at));
    let found = found.ok_or(Fail(40036, "invalid template_id_short"))?;
    let wanted = call.texts("keyword_name_list").unwrap_or_default();
    let key = |label: &&str| found.keys.iter().find(|(_, known)| known == label).cloned();
    let keys: Option<Vec<_>> = wanted.iter().map(key).collect();
    let keys = keys.ok_or(Fail(47003, "argument invalid! keyword_name_list"))?;
    sandbox.change(|world| {
        if library(sandbox, world).len() >= TEMPLATES {
            return Err(Fail(45026, "template num exceeds limit"));
        }
        let template = Template {
            template_id: world.word(43),
            title: found.title.clone(),
            keys: if keys.is_empty() { found.keys.clone() } else { keys },
        };
        let mut answer = ok();
        answer["template_id"] = template.template_id.clone().into();
        world.account.templates.added.push(template);
        Ok(answer)
    })
}

/// `POST /cgi-bin/template/del_private_template`.
fn delete(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let wanted = call.text("template_id").ok_or(UNKNOWN)?;
    sandbox.change(|world| {
        let known = library(sandbox, world);
        if !known.iter().any(|template| template.template_id == wanted) {
            return Err(UNKNOWN);
        }
        world.account.templates.deleted.push(wanted.to_owned());
        Ok(ok())
    })
}

/// `POST /cgi-bin/template/api_set_industry`: once a month.
fn set_industry(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let number = |name: &str| {
        let number = call.number(name).and_then(|number| usize::try_from(number).ok());
        number
            .filter(|number| (1..=INDUSTRIES.len()).contains(number))
            .ok_or(Fail(40102, "invalid industry id"))
    };
    let industries = (number("industry_id1")?, number("industry_id2")?);
    let month = clock::beijing_digits(sandbox.clock.now_ms())[..6].to_owned();
    sandbox.change(|world| {
        let templates = &mut world.account.templates;
        if templates.changed == month {
            return Err(Fail(43100, "change template too frequently"));
        }
        templates.changed = month;
        templates.industries = Some(industries);
        Ok(ok())
    })
}

/// `GET /cgi-bin/template/get_industry`.
fn industry(sandbox: &Arc<Sandbox>, _call: &Call) -> Answer {
    sandbox.look(|world| {
        let industries = world.account.templates.industries;
        let (primary, secondary) = industries.ok_or(Fail(40102, "no industry is set"))?;
        Ok(json!({
            "primary_industry": industry_named(primary), "secondary_industry": industry_named(secondary),
        }))
    })
}

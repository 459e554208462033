//! Events that no tap of a person causes.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::Fields;
use super::delivery::{self, Delivery, deliver};
use crate::state::Sandbox;
use crate::xml::Field;

/// Who sends events that belong to no person (公众号群发助手).
const HELPER_ACCOUNT: &str = "mphelper";
/// The events that exist (接收事件推送 and the pages of the single abilities).
const EVENTS: [&str; 40] = [
    "subscribe",
    "unsubscribe",
    "SCAN",
    "LOCATION",
    "CLICK",
    "VIEW",
    "view_miniprogram",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
    "MASSSENDJOBFINISH",
    "TEMPLATESENDJOBFINISH",
    "PUBLISHJOBFINISH",
    "user_info_modified",
    "user_authorization_revoke",
    "user_authorization_cancellation",
    "card_pass_check",
    "card_not_pass_check",
    "user_get_card",
    "user_gifting_card",
    "user_del_card",
    "user_consume_card",
    "user_pay_from_pay_cell",
    "user_view_card",
    "user_enter_session_from_card",
    "update_member_card",
    "card_sku_remind",
    "card_pay_order",
    "submit_membercard_user_info",
    "kf_create_session",
    "kf_close_session",
    "kf_switch_session",
    "subscribe_msg_popup_event",
    "subscribe_msg_change_event",
    "subscribe_msg_sent_event",
    "qualification_verify_success",
    "annual_renew",
];

/// The first fields of the event `name`.
pub fn event(name: &str, key: Option<&str>) -> Fields {
    let mut fields = vec![("MsgType", Field::words("event")), ("Event", Field::words(name))];
    fields.extend(key.map(|key| ("EventKey", Field::words(key))));
    fields
}

/// Tells the program, a moment later, of something that concerns `person`.
pub fn announce_of(sandbox: &Arc<Sandbox>, person: &str, name: &str, fields: Fields) {
    let openid = delivery::openid(sandbox, person);
    spawn(sandbox, Some(person.to_owned()), openid, name, fields);
}

/// Tells the program, a moment later, of something that concerns the account.
pub fn announce(sandbox: &Arc<Sandbox>, name: &str, fields: Fields) {
    spawn(sandbox, None, HELPER_ACCOUNT.to_owned(), name, fields);
}

fn spawn(sandbox: &Arc<Sandbox>, person: Option<String>, openid: String, name: &str, fields: Fields) {
    let mut all = event(name, None);
    all.extend(fields);
    let sandbox = sandbox.clone();
    tokio::spawn(async move { deliver(&sandbox, person.as_deref(), &openid, all).await });
}

/// Pushes any event of `person`: `body` holds `Event` and its fields as WeChat names them. Objects become elements, lists
/// repeated elements.
///
/// # Errors
/// In words, when there is no such event.
pub async fn send_event(
    sandbox: &Arc<Sandbox>,
    person: &str,
    body: &Map<String, Value>,
) -> Result<Delivery, String> {
    let name = body.get("Event").and_then(Value::as_str).unwrap_or_default();
    if !EVENTS.contains(&name) {
        return Err(format!("WeChat has no event {name:?}"));
    }
    let fields = body.iter().filter(|(name, _)| *name != "Event");
    let mut inside = Vec::new();
    for (name, value) in fields {
        inside.extend(elements(name, value).ok_or_else(|| format!("{name} is no name of an element"))?);
    }
    let openid = delivery::openid(sandbox, person);
    let head = event(name, None);
    Ok(delivery::deliver_with(sandbox, Some(person), &openid, head, inside).await)
}

/// `value` as elements called `name`; `None` when that is no name.
fn elements(name: &str, value: &Value) -> Option<Vec<(String, Field)>> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(fits) {
        return None;
    }
    let one = |field| Some(vec![(name.to_owned(), field)]);
    match value {
        Value::String(words) => one(Field::words(words)),
        Value::Array(list) => {
            let all: Option<Vec<_>> = list.iter().map(|value| elements(name, value)).collect();
            Some(all?.concat())
        }
        Value::Object(fields) => {
            let inside: Option<Vec<_>> = fields.iter().map(|(name, value)| elements(name, value)).collect();
            one(Field::Inside(inside?.concat()))
        }
        other => one(Field::number(other)),
    }
}

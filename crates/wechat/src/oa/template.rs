use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::notice::data;
use super::request::Request;
use super::{Account, Error, lenient};
use crate::At;

/// A notice by a template of the account (`doc/service/api/notify/template/api_sendtemplatemessage`). Since
/// 2023-05-04 there is no opening, no remark and no colour; a field has at most 20 characters and no line
/// break, by its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateMessage {
    /// Who gets it; must follow the account.
    pub openid: String,
    /// The template in the account's own list.
    pub template_id: String,
    /// The page that tapping opens.
    pub url: Option<String>,
    /// The mini program that tapping opens, before the page.
    pub mini_program: Option<MiniProgram>,
    /// Fields by name, such as `thing1`, `time2`.
    pub fields: Vec<(String, String)>,
    /// With the same number WeChat sends only once, also when we call twice. At most 32 characters.
    pub client_msg_id: Option<String>,
}

/// A page of a mini program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MiniProgram {
    /// Which; it must be linked to the account.
    pub appid: String,
    /// Its page.
    pub pagepath: String,
}

impl Account {
    /// Sends a template message and returns its number. Whether it arrived comes later, as
    /// [`super::Event::TemplateSendFinished`] with the same number.
    ///
    /// # Errors
    /// 43004 not following, 43019 blocked, 48002 messages turned off, 47003 a field does not fit.
    pub fn send_template(&self, at: At, message: &TemplateMessage) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(deserialize_with = "lenient::text")]
            msgid: String,
        }
        let body = message.to_json()?;
        self.call::<Answer>(at, &Request::post("/cgi-bin/message/template/send", body))
            .map(|answer| answer.msgid)
    }
}

impl TemplateMessage {
    fn to_json(&self) -> Result<Value, Error> {
        if self
            .client_msg_id
            .as_ref()
            .is_some_and(|id| id.is_empty() || id.chars().count() > 32)
        {
            return Err(Error::Invalid("a client_msg_id has 1 to 32 characters"));
        }
        let mut body =
            json!({"touser": self.openid, "template_id": self.template_id, "data": data(&self.fields)?});
        if let Some(url) = &self.url {
            body["url"] = json!(url);
        }
        if let Some(mini_program) = &self.mini_program {
            body["miniprogram"] = json!(mini_program);
        }
        if let Some(id) = &self.client_msg_id {
            body["client_msg_id"] = json!(id);
        }
        Ok(body)
    }
}

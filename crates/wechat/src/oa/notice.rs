//! Subscription notices (订阅通知): one consent, one notice. Long-term ones are for public services only. Not to be
//! confused with template messages, nor with the older one-time 订阅消息 of `/cgi-bin/message/template/subscribe`.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::request::Request;
use super::{Account, Error, MiniProgram, lenient};
use crate::At;

/// A subscription notice (`doc/service/api/notify/notify/api_sendnewsubscribemsg`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionNotice {
    /// Who gets it; need not follow the account.
    pub openid: String,
    /// Of the account's own list: [`NoticeTemplate::id`].
    pub template_id: String,
    /// The page that tapping opens.
    pub page: Option<String>,
    /// The mini program that tapping opens, before the page.
    pub mini_program: Option<MiniProgram>,
    /// Fields by name, such as `thing1`, `time2`.
    pub fields: Vec<(String, String)>,
}

/// A category of the account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NoticeCategory {
    /// For [`Account::notice_titles`].
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// A title of the public library.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NoticeTitle {
    /// For [`Account::notice_keywords`].
    #[serde(deserialize_with = "lenient::text")]
    pub tid: String,
    /// Its words.
    pub title: String,
    /// 2 one-time, 3 long-term.
    #[serde(rename = "type")]
    pub kind: i64,
    /// Its category.
    #[serde(rename = "categoryId", deserialize_with = "lenient::text")]
    pub category: String,
}

/// A keyword of a title.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NoticeKeyword {
    /// For [`Account::add_notice_template`].
    pub kid: i64,
    /// Its label.
    pub name: String,
    /// An example.
    #[serde(default)]
    pub example: String,
    /// Its kind, which is the first part of the field's name, such as `thing`.
    #[serde(default)]
    pub rule: String,
}

/// A template of the account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NoticeTemplate {
    /// For [`SubscriptionNotice::template_id`].
    #[serde(rename = "priTmplId")]
    pub id: String,
    /// Its title.
    pub title: String,
    /// Fields as `{{thing1.DATA}}`, each with its label.
    pub content: String,
    /// The same, filled.
    #[serde(default)]
    pub example: String,
    /// 2 one-time, 3 long-term.
    #[serde(rename = "type")]
    pub kind: i64,
}

#[derive(Deserialize)]
struct List<T> {
    #[serde(default = "Vec::new")]
    data: Vec<T>,
}

impl Account {
    /// Sends a subscription notice. It uses up one consent of the person; there is no dedup number.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty field or one of several lines; 43101 the person did not consent or every consent is
    /// used up, 40037 no such template, 47003 a field does not fit, 41030 the page is wrong.
    pub fn send_notice(&self, at: At, notice: &SubscriptionNotice) -> Result<(), Error> {
        let mut body = json!({
            "touser": notice.openid, "template_id": notice.template_id, "data": data(&notice.fields)?
        });
        if let Some(page) = &notice.page {
            body["page"] = json!(page);
        }
        if let Some(mini_program) = &notice.mini_program {
            body["miniprogram"] = json!(mini_program);
        }
        self.order(at, &Request::post("/cgi-bin/message/subscribe/bizsend", body))
    }

    /// The account's categories.
    ///
    /// # Errors
    /// As every call.
    pub fn notice_categories(&self, at: At) -> Result<Vec<NoticeCategory>, Error> {
        self.listed(at, &Request::get("/wxaapi/newtmpl/getcategory", &[]))
    }

    /// The public titles of these categories: up to 30 from `start` on.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a limit over 30; 200016 to 200019 for wrong parameters.
    pub fn notice_titles(
        &self,
        at: At,
        categories: &[i64],
        start: u32,
        limit: u32,
    ) -> Result<Vec<NoticeTitle>, Error> {
        if !(1..=30).contains(&limit) {
            return Err(Error::Invalid("1 to 30 titles can be asked for at once"));
        }
        let ids: Vec<String> = categories.iter().map(i64::to_string).collect();
        let (ids, start, limit) = (ids.join(","), start.to_string(), limit.to_string());
        let query = [
            ("ids", ids.as_str()),
            ("start", start.as_str()),
            ("limit", limit.as_str()),
        ];
        self.listed(at, &Request::get("/wxaapi/newtmpl/getpubtemplatetitles", &query))
    }

    /// The keywords of a public title.
    ///
    /// # Errors
    /// 200014 no such title.
    pub fn notice_keywords(&self, at: At, tid: &str) -> Result<Vec<NoticeKeyword>, Error> {
        self.listed(
            at,
            &Request::get("/wxaapi/newtmpl/getpubtemplatekeywords", &[("tid", tid)]),
        )
    }

    /// Takes a public title into the account's list, with 2 to 5 of its keywords in the wanted order, and returns its id.
    ///
    /// # Errors
    /// [`Error::Invalid`] for another number of keywords or a use of more than 15 characters; 200012 there are 25 already,
    /// 200014 no such title, 200020 wrong keywords, 200021 a wrong use.
    pub fn add_notice_template(
        &self,
        at: At,
        tid: &str,
        kids: &[i64],
        used_for: &str,
    ) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(rename = "priTmplId")]
            id: String,
        }
        if !(2..=5).contains(&kids.len()) {
            return Err(Error::Invalid("a notice has 2 to 5 keywords"));
        }
        if !(1..=15).contains(&used_for.chars().count()) {
            return Err(Error::Invalid("what a notice is used for has 1 to 15 characters"));
        }
        let body = json!({"tid": tid, "kidList": kids, "sceneDesc": used_for});
        self.call::<Answer>(at, &Request::post("/wxaapi/newtmpl/addtemplate", body))
            .map(|answer| answer.id)
    }

    /// The account's notice templates.
    ///
    /// # Errors
    /// As every call.
    pub fn notice_templates(&self, at: At) -> Result<Vec<NoticeTemplate>, Error> {
        self.listed(at, &Request::get("/wxaapi/newtmpl/gettemplate", &[]))
    }

    /// Removes a notice template from the account's list.
    ///
    /// # Errors
    /// 200014 no such template.
    pub fn delete_notice_template(&self, at: At, id: &str) -> Result<(), Error> {
        let body = json!({"priTmplId": id});
        self.order(at, &Request::post("/wxaapi/newtmpl/deltemplate", body))
    }

    fn listed<T: serde::de::DeserializeOwned>(&self, at: At, request: &Request<'_>) -> Result<Vec<T>, Error> {
        self.call::<List<T>>(at, request).map(|list| list.data)
    }
}

/// Fields as notices and template messages write them.
pub(super) fn data(fields: &[(String, String)]) -> Result<Map<String, Value>, Error> {
    if fields
        .iter()
        .any(|(_, value)| value.is_empty() || value.contains(['\n', '\r']))
    {
        return Err(Error::Invalid(
            "a template field is neither empty nor of several lines",
        ));
    }
    Ok(fields
        .iter()
        .map(|(name, value)| (name.clone(), json!({"value": value})))
        .collect())
}

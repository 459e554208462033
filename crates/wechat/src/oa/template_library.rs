use serde::Deserialize;
use serde_json::json;

use super::request::Request;
use super::{Account, Error};
use crate::At;

/// The two industries of an account, which decide what templates it may choose
/// (`doc/service/api/notify/template/api_getindustry`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Industries {
    /// The first.
    #[serde(rename = "primary_industry")]
    pub primary: Industry,
    /// The second.
    #[serde(rename = "secondary_industry")]
    pub secondary: Industry,
}

/// An industry in WeChat's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Industry {
    /// Such as 医药护理.
    pub first_class: String,
    /// Such as 保健与卫生.
    pub second_class: String,
}

/// A template of the account (`doc/service/api/notify/template/api_getalltemplates`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Template {
    /// For [`super::TemplateMessage::template_id`].
    #[serde(rename = "template_id")]
    pub id: String,
    /// Such as 预约成功通知.
    pub title: String,
    /// The first industry; empty for templates of the category library.
    #[serde(default)]
    pub primary_industry: String,
    /// The second industry.
    #[serde(default)]
    pub deputy_industry: String,
    /// Fields as `{{thing1.DATA}}`, each with its label.
    pub content: String,
    /// The same, filled.
    #[serde(default)]
    pub example: String,
}

impl Template {
    /// The names of the fields in their order, such as `thing1`.
    pub fn fields(&self) -> Vec<&str> {
        self.content
            .split("{{")
            .skip(1)
            .filter_map(|rest| rest.split_once(".DATA}}").map(|(name, _)| name))
            .collect()
    }
}

impl Account {
    /// Chooses the account's two industries by WeChat's numbers, once a month at most
    /// (`doc/service/api/notify/template/api_setindustry`).
    ///
    /// # Errors
    /// 40102 no such number, 43100 changed too often.
    pub fn set_industries(&self, at: At, primary: u32, secondary: u32) -> Result<(), Error> {
        let body = json!({"industry_id1": primary.to_string(), "industry_id2": secondary.to_string()});
        self.order(at, &Request::post("/cgi-bin/template/api_set_industry", body))
    }

    /// The account's two industries.
    ///
    /// # Errors
    /// 40102 none has been chosen.
    pub fn industries(&self, at: At) -> Result<Industries, Error> {
        self.call(at, &Request::get("/cgi-bin/template/get_industry", &[]))
    }

    /// Takes a template from the library by its short number (such as `TM00015` or `45000`) and returns its id. For the
    /// category library `keywords` names the chosen fields in their order; empty takes the template as it is
    /// (`doc/service/api/notify/template/api_addtemplate`).
    ///
    /// # Errors
    /// 45026 there are 25 already, 45027 of another industry.
    pub fn add_template(&self, at: At, short_id: &str, keywords: &[&str]) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Answer {
            template_id: String,
        }
        let mut body = json!({"template_id_short": short_id});
        if !keywords.is_empty() {
            body["keyword_name_list"] = json!(keywords);
        }
        self.call::<Answer>(at, &Request::post("/cgi-bin/template/api_add_template", body))
            .map(|answer| answer.template_id)
    }

    /// The account's templates.
    ///
    /// # Errors
    /// As every call.
    pub fn templates(&self, at: At) -> Result<Vec<Template>, Error> {
        #[derive(Deserialize)]
        struct Answer {
            template_list: Vec<Template>,
        }
        self.call::<Answer>(
            at,
            &Request::get("/cgi-bin/template/get_all_private_template", &[]),
        )
        .map(|answer| answer.template_list)
    }

    /// Removes a template from the account's list.
    ///
    /// # Errors
    /// 40037 no such template.
    pub fn delete_template(&self, at: At, id: &str) -> Result<(), Error> {
        self.order(
            at,
            &Request::post(
                "/cgi-bin/template/del_private_template",
                json!({"template_id": id}),
            ),
        )
    }
}

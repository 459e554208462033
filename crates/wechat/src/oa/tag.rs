use serde::{Deserialize, Serialize};
use serde_json::json;

use super::request::Request;
use super::user::PageAnswer;
use super::{Account, Error, OpenidPage};
use crate::At;

/// A tag for people (`doc/service/api/usermanage/usertag/`). An account has at most 100, a person at most 20.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tag {
    /// The number; 0, 1 and 2 belong to WeChat.
    pub id: i64,
    /// The name, at most 30 characters.
    pub name: String,
    /// How many people bear it.
    #[serde(default, skip_serializing)]
    pub count: i64,
}

#[derive(Deserialize)]
struct TagAnswer {
    tag: Tag,
}

impl Account {
    /// Makes a tag.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a name that breaks its rule; 45157 it exists, 45056 there are 100 already.
    pub fn create_tag(&self, at: At, name: &str) -> Result<Tag, Error> {
        check_name(name)?;
        self.call::<TagAnswer>(
            at,
            &Request::post("/cgi-bin/tags/create", json!({"tag": {"name": name}})),
        )
        .map(|answer| answer.tag)
    }

    /// The account's tags, WeChat's own ones too.
    ///
    /// # Errors
    /// As every call.
    pub fn tags(&self, at: At) -> Result<Vec<Tag>, Error> {
        #[derive(Deserialize)]
        struct Answer {
            tags: Vec<Tag>,
        }
        self.call::<Answer>(at, &Request::get("/cgi-bin/tags/get", &[]))
            .map(|answer| answer.tags)
    }

    /// Gives a tag another name.
    ///
    /// # Errors
    /// As [`Self::create_tag`]; 45058 for WeChat's own tags.
    pub fn rename_tag(&self, at: At, id: i64, name: &str) -> Result<(), Error> {
        check_name(name)?;
        let body = json!({"tag": {"id": id, "name": name}});
        self.order(at, &Request::post("/cgi-bin/tags/update", body))
    }

    /// Removes a tag.
    ///
    /// # Errors
    /// 45057 when more than 100 000 people bear it: take it from some first. 45058 for WeChat's own tags.
    pub fn delete_tag(&self, at: At, id: i64) -> Result<(), Error> {
        self.order(
            at,
            &Request::post("/cgi-bin/tags/delete", json!({"tag": {"id": id}})),
        )
    }

    /// A page of those who bear a tag, from the beginning or after `next` of the page before.
    ///
    /// # Errors
    /// 40003, 45159 no such tag.
    pub fn tagged(&self, at: At, id: i64, next: Option<&str>) -> Result<OpenidPage, Error> {
        let body = json!({"tagid": id, "next_openid": next.unwrap_or_default()});
        self.call::<PageAnswer>(at, &Request::post("/cgi-bin/user/tag/get", body))
            .map(OpenidPage::from)
    }

    /// Gives a tag to up to 50 people.
    ///
    /// # Errors
    /// [`Error::Invalid`] for none or more than 50; 45159 no such tag, 45059 somebody has 20 already, 49003 somebody is
    /// of another account.
    pub fn tag(&self, at: At, id: i64, openids: &[&str]) -> Result<(), Error> {
        self.change_tag(at, "/cgi-bin/tags/members/batchtagging", id, openids)
    }

    /// Takes a tag from up to 50 people.
    ///
    /// # Errors
    /// As [`Self::tag`].
    pub fn untag(&self, at: At, id: i64, openids: &[&str]) -> Result<(), Error> {
        self.change_tag(at, "/cgi-bin/tags/members/batchuntagging", id, openids)
    }

    /// The numbers of the tags that a person bears.
    ///
    /// # Errors
    /// 40003, 49003 the person is of another account.
    pub fn tags_of(&self, at: At, openid: &str) -> Result<Vec<i64>, Error> {
        #[derive(Deserialize)]
        struct Answer {
            tagid_list: Vec<i64>,
        }
        self.call::<Answer>(
            at,
            &Request::post("/cgi-bin/tags/getidlist", json!({"openid": openid})),
        )
        .map(|answer| answer.tagid_list)
    }

    fn change_tag(&self, at: At, path: &str, id: i64, openids: &[&str]) -> Result<(), Error> {
        if !(1..=50).contains(&openids.len()) {
            return Err(Error::Invalid("1 to 50 people can be tagged or untagged at once"));
        }
        self.order(
            at,
            &Request::post(path, json!({"openid_list": openids, "tagid": id})),
        )
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    if (1..=30).contains(&name.chars().count()) {
        Ok(())
    } else {
        Err(Error::Invalid("a tag's name has 1 to 30 characters"))
    }
}

use serde::Deserialize;
use serde_json::{Value, json};

use super::request::Request;
use super::{Account, Error};
use crate::At;

/// What an account knows of a person (`doc/service/api/usermanage/userinfo/api_userinfo`). Name and picture
/// are not given here since 2021-12-27; see [`super::OauthProfile`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct UserInfo {
    /// 1 follows, 0 does not; then nothing but the openid is given.
    pub subscribe: i64,
    /// The person within this account.
    pub openid: String,
    /// `zh_CN` …
    #[serde(default)]
    pub language: String,
    /// Seconds since 1970-01-01 UTC.
    #[serde(default)]
    pub subscribe_time: i64,
    /// The person across accounts of one owner.
    #[serde(default)]
    pub unionid: Option<String>,
    /// The account's note about the person.
    #[serde(default)]
    pub remark: String,
    /// The account's tags.
    #[serde(default)]
    pub tagid_list: Vec<i64>,
    /// `ADD_SCENE_QR_CODE` …
    #[serde(default)]
    pub subscribe_scene: String,
    /// The scene of the QR code that led here.
    #[serde(default)]
    pub qr_scene_str: String,
}

impl UserInfo {
    /// Whether the person follows the account now.
    pub fn follows(&self) -> bool {
        self.subscribe == 1
    }
}

impl Account {
    /// What the account knows of a person.
    ///
    /// # Errors
    /// 40003 if the openid is of another account.
    pub fn user_info(&self, at: At, openid: &str) -> Result<UserInfo, Error> {
        self.call(
            at,
            &Request::get("/cgi-bin/user/info", &[("openid", openid), ("lang", "zh_CN")]),
        )
    }
}

/// A page of a list of people: at most 10 000 openids, or 1000 of the block list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenidPage {
    /// How many there are over all pages; a tag's list does not say.
    pub total: Option<i64>,
    /// The openids of this page.
    pub openids: Vec<String>,
    /// Where the next page begins; `None` when this one is empty, which ends the list.
    pub next: Option<String>,
}

/// As WeChat writes a page: `data` is missing when it is empty.
#[derive(Deserialize)]
pub(super) struct PageAnswer {
    #[serde(default)]
    total: Option<i64>,
    #[serde(default)]
    data: Option<PageData>,
    #[serde(default)]
    next_openid: String,
}

#[derive(Deserialize)]
struct PageData {
    #[serde(default)]
    openid: Vec<String>,
}

impl From<PageAnswer> for OpenidPage {
    fn from(answer: PageAnswer) -> Self {
        let openids = answer.data.map_or_else(Vec::new, |data| data.openid);
        let more = !openids.is_empty() && !answer.next_openid.is_empty();
        Self {
            total: answer.total,
            next: more.then_some(answer.next_openid),
            openids,
        }
    }
}

impl Account {
    /// A page of those who follow the account, from the beginning or after `next` of the page before
    /// (`doc/service/api/usermanage/userinfo/api_getfans`).
    ///
    /// # Errors
    /// As every call.
    pub fn followers(&self, at: At, next: Option<&str>) -> Result<OpenidPage, Error> {
        let query: Vec<_> = next.into_iter().map(|next| ("next_openid", next)).collect();
        self.call::<PageAnswer>(at, &Request::get("/cgi-bin/user/get", &query))
            .map(OpenidPage::from)
    }

    /// What the account knows of up to 100 people at once, in any order
    /// (`doc/service/api/usermanage/userinfo/api_batchuserinfo`).
    ///
    /// # Errors
    /// [`Error::Invalid`] for none or more than 100; 40003 if one of them is of another account.
    pub fn user_infos(&self, at: At, openids: &[&str]) -> Result<Vec<UserInfo>, Error> {
        #[derive(Deserialize)]
        struct Answer {
            user_info_list: Vec<UserInfo>,
        }
        if !(1..=100).contains(&openids.len()) {
            return Err(Error::Invalid("1 to 100 people can be asked about at once"));
        }
        let list: Vec<Value> = openids
            .iter()
            .map(|openid| json!({"openid": openid, "lang": "zh_CN"}))
            .collect();
        self.call::<Answer>(
            at,
            &Request::post("/cgi-bin/user/info/batchget", json!({"user_list": list})),
        )
        .map(|answer| answer.user_info_list)
    }

    /// Sets the account's note about a person; an empty one removes it
    /// (`doc/service/api/usermanage/userinfo/api_updateremark`).
    ///
    /// # Errors
    /// [`Error::Invalid`] for more than 29 characters (the document says: fewer than 30).
    pub fn set_remark(&self, at: At, openid: &str, remark: &str) -> Result<(), Error> {
        if remark.chars().count() > 29 {
            return Err(Error::Invalid("a remark has at most 29 characters"));
        }
        self.order(
            at,
            &Request::post(
                "/cgi-bin/user/info/updateremark",
                json!({"openid": openid, "remark": remark}),
            ),
        )
    }

    /// A page of those whom the account blocks (`doc/service/api/usermanage/userinfo/api_getblacklist`).
    ///
    /// # Errors
    /// As every call.
    pub fn blocked(&self, at: At, next: Option<&str>) -> Result<OpenidPage, Error> {
        let body = json!({"begin_openid": next.unwrap_or_default()});
        self.call::<PageAnswer>(at, &Request::post("/cgi-bin/tags/members/getblacklist", body))
            .map(OpenidPage::from)
    }

    /// Blocks up to 20 people: what they send is not pushed and nothing can be sent to them.
    ///
    /// # Errors
    /// [`Error::Invalid`] for none or more than 20; 49003 if one of them is of another account.
    pub fn block(&self, at: At, openids: &[&str]) -> Result<(), Error> {
        self.change_blocked(at, "/cgi-bin/tags/members/batchblacklist", openids)
    }

    /// Lifts the block of up to 20 people.
    ///
    /// # Errors
    /// As [`Self::block`].
    pub fn unblock(&self, at: At, openids: &[&str]) -> Result<(), Error> {
        self.change_blocked(at, "/cgi-bin/tags/members/batchunblacklist", openids)
    }

    fn change_blocked(&self, at: At, path: &str, openids: &[&str]) -> Result<(), Error> {
        if !(1..=20).contains(&openids.len()) {
            return Err(Error::Invalid(
                "1 to 20 people can be blocked or unblocked at once",
            ));
        }
        self.order(at, &Request::post(path, json!({"openid_list": openids})))
    }
}

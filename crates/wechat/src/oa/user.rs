use serde::Deserialize;

use super::account::Request;
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

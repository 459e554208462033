use serde::Deserialize;

use super::request::Request;
use super::{Account, Error};
use crate::{At, Secret, url};

/// What a page asks a person for (`doc/service/guide/h5/auth.html`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// `snsapi_base`: the openid only, without a question.
    Base,
    /// `snsapi_userinfo`: name and picture, with a consent page.
    UserInfo,
}

/// Who came back from the authorisation page.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// A person.
    Person(OauthGrant),
    /// A person who looks at the page in snapshot mode (`is_snapshotuser=1`): the openid and unionid are
    /// virtual. No account may be made of them and nothing be paid; ask to open the whole page.
    Snapshot,
}

/// What an OAuth code was exchanged for.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct OauthGrant {
    /// The person within this account.
    pub openid: String,
    /// The person across accounts of one owner, when these are linked.
    #[serde(default)]
    pub unionid: Option<String>,
    /// The scopes that were granted, comma-separated.
    #[serde(default)]
    pub scope: String,
    /// For [`Account::oauth_profile`]. Not the account's access token.
    pub access_token: Secret<String>,
    /// Good for 30 days.
    pub refresh_token: Secret<String>,
    /// Seconds, 7200.
    pub expires_in: i64,
}

/// What a person consented to show. Sex and region are empty since 2021-10-20 and left out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OauthProfile {
    /// The person within this account.
    pub openid: String,
    /// The chosen name, any Unicode.
    #[serde(default)]
    pub nickname: String,
    /// The picture's address; empty without a picture.
    #[serde(default, rename = "headimgurl")]
    pub picture_url: String,
    /// The person across accounts of one owner.
    #[serde(default)]
    pub unionid: Option<String>,
}

impl Account {
    /// The address to send a person to. `redirect_uri` must lie on the domain that is registered for the
    /// account; the answer comes there as `?code=…&state=…`, also when the person declined (without code).
    ///
    /// # Errors
    /// [`Error::Invalid`] unless `state` is 0 to 128 ASCII letters and digits.
    pub fn authorize_url(&self, redirect_uri: &str, scope: Scope, state: &str) -> Result<String, Error> {
        if state.len() > 128 || !state.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Error::Invalid("an OAuth state is at most 128 letters and digits"));
        }
        let scope = match scope {
            Scope::Base => "snsapi_base",
            Scope::UserInfo => "snsapi_userinfo",
        };
        // The order of the parameters is prescribed.
        Ok(format!(
            "{}/connect/oauth2/authorize?appid={}&redirect_uri={}&response_type=code&scope={scope}&state={state}\
             #wechat_redirect",
            self.endpoints.open,
            self.credentials.appid,
            url::encode(redirect_uri)
        ))
    }

    /// Exchanges a code, which is good once and for five minutes.
    ///
    /// # Errors
    /// 40029 wrong, 40163 used, 42003 expired, 41008 missing: start the authorisation again.
    pub fn oauth_sign_in(&self, at: At, code: &str) -> Result<SignIn, Error> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(default)]
            is_snapshotuser: i64,
            #[serde(flatten)]
            grant: OauthGrant,
        }
        let request = Request::get(
            "/sns/oauth2/access_token",
            &[
                ("appid", &self.credentials.appid),
                ("secret", self.credentials.secret.expose()),
                ("code", code),
                ("grant_type", "authorization_code"),
            ],
        );
        let answer: Answer = self.exchange(at, &request)?;
        Ok(if answer.is_snapshotuser == 1 {
            SignIn::Snapshot
        } else {
            SignIn::Person(answer.grant)
        })
    }

    /// Name and picture, with a grant of [`Scope::UserInfo`].
    ///
    /// # Errors
    /// 48001 if the grant is for the base scope only.
    pub fn oauth_profile(&self, at: At, grant: &OauthGrant) -> Result<OauthProfile, Error> {
        let request = Request::get(
            "/sns/userinfo",
            &[
                ("access_token", grant.access_token.expose()),
                ("openid", &grant.openid),
                ("lang", "zh_CN"),
            ],
        );
        self.exchange(at, &request)
    }

    /// Renews a grant by its refresh token.
    ///
    /// # Errors
    /// 40030, 42002, 42007: ask the person again.
    pub fn oauth_refresh(&self, at: At, refresh_token: &Secret<String>) -> Result<OauthGrant, Error> {
        let request = Request::get(
            "/sns/oauth2/refresh_token",
            &[
                ("appid", &self.credentials.appid),
                ("grant_type", "refresh_token"),
                ("refresh_token", refresh_token.expose()),
            ],
        );
        self.exchange(at, &request)
    }
}

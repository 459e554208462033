use serde::Deserialize;
use serde_json::json;

use super::order::check_notify_url;
use super::{ApiError, Pay};
use crate::{At, Outcome, Secret, Verified};

/// What WeChat Pay echoes (doc 4015139289).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Echo {
    /// What was sent in plain.
    pub echo_message: String,
    /// What was sent encrypted, encrypted again for us.
    #[serde(default)]
    pub encrypted_echo_message: Option<String>,
}

impl Pay {
    /// Tests signing, verification and encryption with WeChat Pay itself, without any effect (doc 4015139289): to be
    /// called by a check of the installation. With a `notify_url` the notice `SECURITY_ECHO.SUCCESS` comes there, which
    /// [`super::Notice::echo`] reads. `secret` is sent encrypted, so that a wrong platform key shows here rather than
    /// with the first application.
    ///
    /// `Done` says that our signature was accepted, that the answer's signature holds, and that it echoes `message`.
    pub fn echo(
        &self,
        at: At,
        nonce: &str,
        message: &str,
        secret: Option<&Secret<String>>,
        notify_url: Option<&str>,
    ) -> Outcome<Verified<Echo>> {
        if message.is_empty() {
            return Outcome::Refused(ApiError::local("a message to echo is not empty"));
        }
        let mut body = json!({"echo_message": message});
        if let Some(notify_url) = notify_url {
            if let Err(wrong) = check_notify_url(notify_url) {
                return Outcome::Refused(ApiError::local(wrong));
            }
            body["notify_url"] = json!(notify_url);
        }
        let answer: Outcome<Verified<Echo>> = self.post_sealed(at, nonce, "/v3/security/echo", |sealer| {
            if let Some(sealed) = sealer.seal_some(secret)? {
                body["encrypted_echo_message"] = json!(sealed);
            }
            Ok(body)
        });
        answer.and_then(|echo| {
            if echo.echo_message == message {
                Outcome::Done(echo)
            } else {
                super::order::mismatch("message")
            }
        })
    }
}

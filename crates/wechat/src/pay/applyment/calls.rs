use serde::Deserialize;

use super::super::{ApiError, Mode, NumberError, Pay};
use super::Form;
use crate::{At, Cause, Outcome, Verified, url};

/// Our number of an application: 1 to 124 of `0-9 A-Z a-z _`, unique per provider; best begun with the provider's own
/// number (doc 4012719997).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BusinessCode(String);

impl BusinessCode {
    /// Checks the rules.
    ///
    /// # Errors
    /// [`NumberError`].
    pub fn new(text: &str) -> Result<Self, NumberError> {
        if !text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            return Err(NumberError::Character);
        }
        if !(1..=124).contains(&text.len()) {
            return Err(NumberError::Length(1, 124));
        }
        Ok(Self(text.to_owned()))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An application was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Applied {
    /// WeChat Pay's number of it.
    pub applyment_id: u64,
}

/// An application as WeChat Pay knows it (doc 4012697168).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Applyment {
    /// Our number.
    pub business_code: String,
    /// WeChat Pay's number.
    pub applyment_id: u64,
    /// The new sub-merchant, once there is one.
    #[serde(default)]
    pub sub_mchid: Option<String>,
    /// What the administrator opens to confirm and to sign; to be shown as a QR code.
    #[serde(default)]
    pub sign_url: Option<String>,
    /// The state.
    pub applyment_state: ApplymentState,
    /// The state in words.
    #[serde(default)]
    pub applyment_state_msg: String,
    /// What to put right.
    #[serde(default)]
    pub audit_detail: Vec<Rejection>,
}

/// Something to put right.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct Rejection {
    /// The field, as the form calls it.
    pub field: String,
    /// The field in words.
    pub field_name: String,
    /// Why.
    pub reject_reason: String,
}

/// The state of an application.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub enum ApplymentState {
    /// Begun but not submitted.
    #[serde(rename = "APPLYMENT_STATE_EDITTING")]
    Editing,
    /// Examined: one to three working days.
    #[serde(rename = "APPLYMENT_STATE_AUDITING")]
    Auditing,
    /// Refused: put it right and submit it again under the same code.
    #[serde(rename = "APPLYMENT_STATE_REJECTED")]
    Rejected,
    /// The account is to be verified by the administrator, within ten days.
    #[serde(rename = "APPLYMENT_STATE_TO_BE_CONFIRMED")]
    ToBeConfirmed,
    /// To be signed by the administrator, within thirty days.
    #[serde(rename = "APPLYMENT_STATE_TO_BE_SIGNED")]
    ToBeSigned,
    /// Signed; WeChat Pay is switching things on, which takes about half an hour.
    #[serde(rename = "APPLYMENT_STATE_SIGNING")]
    Signing,
    /// The sub-merchant can take money.
    #[serde(rename = "APPLYMENT_STATE_FINISHED")]
    Finished,
    /// Given up.
    #[serde(rename = "APPLYMENT_STATE_CANCELED")]
    Canceled,
    /// A state that this crate does not know.
    #[serde(untagged)]
    Other(String),
}

impl ApplymentState {
    /// Whether nothing more will come of it by itself.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Finished | Self::Canceled)
    }
}

impl Pay {
    /// Submits an application, or one that was refused again under the same code. For providers. After an unknown
    /// outcome: a query by the code.
    pub fn apply(&self, at: At, nonce: &str, form: &Form) -> Outcome<Applied> {
        if let Err(error) = self.provider() {
            return Outcome::Refused(error);
        }
        self.post_sealed(at, nonce, "/v3/applyment4sub/applyment/", |sealer| {
            form.json(sealer)
        })
        .map(Verified::into_inner)
    }

    /// Finds an application by our number.
    ///
    /// Refused with `RESOURCE_NOT_EXISTS` if there is none.
    pub fn query_applyment(&self, at: At, nonce: &str, code: &BusinessCode) -> Outcome<Verified<Applyment>> {
        let path = format!(
            "/v3/applyment4sub/applyment/business_code/{}",
            url::encode(code.as_str())
        );
        self.get(at, nonce, &path).and_then(|found: Verified<Applyment>| {
            if found.business_code == code.as_str() {
                Outcome::Done(found)
            } else {
                Outcome::Unknown(Cause::Mismatch("application"))
            }
        })
    }

    /// Finds an application by WeChat Pay's number. Refused as [`Pay::query_applyment`].
    pub fn query_applyment_by_id(
        &self,
        at: At,
        nonce: &str,
        applied: Applied,
    ) -> Outcome<Verified<Applyment>> {
        let path = format!(
            "/v3/applyment4sub/applyment/applyment_id/{}",
            applied.applyment_id
        );
        self.get(at, nonce, &path).and_then(|found: Verified<Applyment>| {
            if found.applyment_id == applied.applyment_id {
                Outcome::Done(found)
            } else {
                Outcome::Unknown(Cause::Mismatch("application"))
            }
        })
    }

    fn provider(&self) -> Result<(), ApiError> {
        match self.merchant.mode {
            Mode::Partner { .. } => Ok(()),
            Mode::Direct { .. } => Err(ApiError::local("only a service provider brings in merchants")),
        }
    }
}

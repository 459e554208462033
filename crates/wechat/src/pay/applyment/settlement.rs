use serde::Deserialize;

use super::super::{ApiError, Payee};
use super::fields::Fields;
use crate::{At, Outcome, Secret, Verified, url};

/// Another bank account for a sub-merchant, up to five times a day (doc 4012761138).
#[derive(Clone, Debug)]
pub struct ModifySettlement {
    /// Whose account.
    pub kind: AccountType,
    /// The holder's name, if it changes too.
    pub name: Option<Secret<String>>,
    /// The bank, from WeChat Pay's list.
    pub bank: String,
    /// The code of province and city.
    pub address_code: String,
    /// The branch's whole name; this or its number for banks that ask for it.
    pub branch: Option<String>,
    /// The branch's number.
    pub branch_id: Option<String>,
    /// The number.
    pub number: Secret<String>,
}

/// Whose account (`account_type`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub enum AccountType {
    /// The body's.
    #[serde(rename = "ACCOUNT_TYPE_BUSINESS")]
    Business,
    /// The owner's own.
    #[serde(rename = "ACCOUNT_TYPE_PRIVATE")]
    Private,
    /// A kind that this crate does not know; it cannot be asked for.
    #[serde(untagged)]
    Other(String),
}

/// WeChat Pay's number of a change.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Changed {
    application_no: String,
}

/// The bank account that a sub-merchant's money goes to, masked (doc 4012761142).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SettlementAccount {
    /// Whose account.
    pub account_type: AccountType,
    /// The bank.
    pub account_bank: String,
    /// The branch.
    #[serde(default)]
    pub bank_name: Option<String>,
    /// The branch's number.
    #[serde(default)]
    pub bank_branch_id: Option<String>,
    /// The number, masked by WeChat Pay.
    pub account_number: String,
    /// How the last transfer to it went; missing while nothing is wrong with a new merchant's.
    #[serde(default)]
    pub verify_result: Option<VerifyResult>,
    /// Why it went wrong.
    #[serde(default)]
    pub verify_fail_reason: Option<String>,
}

/// How a bank account's proof by a small transfer went.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub enum VerifyResult {
    /// The account is good.
    #[serde(rename = "VERIFY_SUCCESS")]
    Success,
    /// The transfer came back.
    #[serde(rename = "VERIFY_FAIL")]
    Fail,
    /// Under way.
    #[serde(rename = "VERIFYING")]
    Verifying,
    /// A result that this crate does not know.
    #[serde(untagged)]
    Other(String),
}

/// A wish to change the account, as WeChat Pay knows it (doc 4012761169).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SettlementChange {
    /// The holder's name, masked.
    #[serde(default)]
    pub account_name: Option<String>,
    /// Whose account.
    pub account_type: AccountType,
    /// The bank.
    pub account_bank: String,
    /// The branch.
    #[serde(default)]
    pub bank_name: Option<String>,
    /// The number, masked.
    pub account_number: String,
    /// How it went.
    pub verify_result: AuditResult,
    /// Why it was refused.
    #[serde(default)]
    pub verify_fail_reason: Option<String>,
    /// When it was decided, RFC 3339.
    #[serde(default)]
    pub verify_finish_time: Option<String>,
}

/// How a wish to change the account went.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub enum AuditResult {
    /// The account is changed.
    #[serde(rename = "AUDIT_SUCCESS")]
    Success,
    /// Looked at.
    #[serde(rename = "AUDITING")]
    Auditing,
    /// Refused.
    #[serde(rename = "AUDIT_FAIL")]
    Fail,
    /// A result that this crate does not know.
    #[serde(untagged)]
    Other(String),
}

impl Payee<'_> {
    /// Asks for another bank account; gives WeChat Pay's number of the wish. For a provider's sub-merchant. After an
    /// unknown outcome: look at [`Payee::settlement`] first, since each wish counts.
    pub fn modify_settlement(&self, at: At, nonce: &str, wish: &ModifySettlement) -> Outcome<String> {
        let path = match self.settlement_path("modify-settlement") {
            Ok(path) => path,
            Err(error) => return Outcome::Refused(error),
        };
        let answer = self.pay.post_sealed(at, nonce, &path, |sealer| {
            let kind = match wish.kind {
                AccountType::Business => "ACCOUNT_TYPE_BUSINESS",
                AccountType::Private => "ACCOUNT_TYPE_PRIVATE",
                AccountType::Other(_) => return Err(ApiError::local("this kind of account is not known")),
            };
            let fields = Fields::new(sealer)
                .text("modify_mode", "MODIFY_MODE_ASYNC")
                .text("account_type", kind)
                .sealed("account_name", wish.name.as_ref())?
                .text("account_bank", &wish.bank)
                .text("bank_address_code", &wish.address_code)
                .some("bank_name", wish.branch.as_ref())
                .some("bank_branch_id", wish.branch_id.as_ref())
                .sealed("account_number", Some(&wish.number))?;
            Ok(fields.json())
        });
        answer.map(|changed: Verified<Changed>| changed.into_inner().application_no)
    }

    /// The bank account that the sub-merchant's money goes to.
    pub fn settlement(&self, at: At, nonce: &str) -> Outcome<Verified<SettlementAccount>> {
        match self.settlement_path("settlement") {
            Ok(path) => self.pay.get(at, nonce, &path),
            Err(error) => Outcome::Refused(error),
        }
    }

    /// How a wish to change the account went.
    pub fn settlement_change(
        &self,
        at: At,
        nonce: &str,
        application_no: &str,
    ) -> Outcome<Verified<SettlementChange>> {
        match self.settlement_path(&format!("application/{}", url::encode(application_no))) {
            Ok(path) => self.pay.get(at, nonce, &path),
            Err(error) => Outcome::Refused(error),
        }
    }

    fn settlement_path(&self, what: &str) -> Result<String, ApiError> {
        let sub_mchid = self
            .sub_mchid()
            .ok_or_else(|| ApiError::local("only a provider's sub-merchant has a settlement account here"))?;
        Ok(format!("/v3/apply4sub/sub_merchants/{sub_mchid}/{what}"))
    }
}

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::keys::Sealer;
use super::super::{ApiError, Payee};
use crate::{At, Cause, Outcome, Secret, Verified};

/// Who may get a part.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// What kind of account.
    pub kind: ReceiverKind,
    /// The merchant's number, or the person's openid.
    pub account: String,
    /// The merchant's whole name, which must be given, or the person's name, which is then checked. Sent encrypted.
    pub name: Option<Secret<String>>,
}

/// The kind of a receiver's account (`type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiverKind {
    /// A merchant.
    Merchant,
    /// A person within the caller's official account.
    Person,
    /// A person within the sub-merchant's official account.
    SubPerson,
}

/// What a receiver is to the merchant (`relation_type`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation {
    /// 服务商
    ServiceProvider,
    /// 门店
    Store,
    /// 员工
    Staff,
    /// 店主
    StoreOwner,
    /// 合作伙伴
    Partner,
    /// 总部
    Headquarter,
    /// 品牌方
    Brand,
    /// 分销商
    Distributor,
    /// 用户
    User,
    /// 供应商
    Supplier,
    /// Something else, in 1 to 10 characters.
    Custom(String),
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "type")]
    kind: String,
    account: String,
}

impl Payee<'_> {
    /// Adds a receiver, up to 20,000; once is enough, and again does no harm.
    pub fn add_receiver(&self, at: At, nonce: &str, receiver: &Receiver, relation: &Relation) -> Outcome<()> {
        let answer = self
            .pay
            .post_sealed(at, nonce, "/v3/profitsharing/receivers/add", |sealer| {
                if receiver.kind == ReceiverKind::Merchant && receiver.name.is_none() {
                    return Err(ApiError::local("a merchant is added with its whole name"));
                }
                let mut body = self.receiver_body(receiver)?;
                receiver.seal_name(&mut body, sealer)?;
                body.insert("relation_type".to_owned(), json!(relation.as_str()));
                if let Relation::Custom(words) = relation {
                    if !(1..=10).contains(&words.chars().count()) {
                        return Err(ApiError::local("a relation of our own has 1 to 10 characters"));
                    }
                    body.insert("custom_relation".to_owned(), json!(words));
                }
                Ok(Value::Object(body))
            });
        answer.and_then(|answer| receiver.is_meant(&answer))
    }

    /// Takes a receiver away; may be repeated.
    pub fn delete_receiver(&self, at: At, nonce: &str, receiver: &Receiver) -> Outcome<()> {
        match self.receiver_body(receiver) {
            Ok(body) => {
                let path = "/v3/profitsharing/receivers/delete";
                let answer = self.pay.post(at, nonce, path, &Value::Object(body));
                answer.and_then(|answer| receiver.is_meant(&answer))
            }
            Err(error) => Outcome::Refused(error),
        }
    }

    fn receiver_body(&self, receiver: &Receiver) -> Result<Map<String, Value>, ApiError> {
        let mut body = self.sharing_body();
        body.extend(self.sharing_appids());
        body.extend(receiver.json(self)?);
        Ok(body)
    }

    /// The sub-merchant, if there is one; the caller's own number is never part of these bodies.
    pub(super) fn sharing_body(&self) -> Map<String, Value> {
        let sub_mchid = self.sub_mchid();
        sub_mchid
            .map(|sub_mchid| ("sub_mchid".to_owned(), json!(sub_mchid)))
            .into_iter()
            .collect()
    }

    /// `appid` is the caller's here, also for a provider.
    pub(super) fn sharing_appids(&self) -> Map<String, Value> {
        let mut appids = self.appids();
        if let Some(appid) = appids.remove("sp_appid") {
            appids.insert("appid".to_owned(), appid);
        }
        appids
    }
}

impl Receiver {
    pub(super) fn json(&self, payee: &Payee<'_>) -> Result<Map<String, Value>, ApiError> {
        if self.kind == ReceiverKind::SubPerson && payee.sub_appid().is_none() {
            return Err(ApiError::local(
                "a person of the sub-merchant's account needs its appid",
            ));
        }
        if self.account.is_empty() || self.account.len() > 64 {
            return Err(ApiError::local("a receiver's account has 1 to 64 bytes"));
        }
        Ok(Map::from_iter([
            ("type".to_owned(), json!(self.kind.as_str())),
            ("account".to_owned(), json!(self.account)),
        ]))
    }

    pub(super) fn seal_name(
        &self,
        body: &mut Map<String, Value>,
        sealer: &Sealer<'_>,
    ) -> Result<(), ApiError> {
        if let Some(sealed) = sealer.seal_some(self.name.as_ref())? {
            body.insert("name".to_owned(), json!(sealed));
        }
        Ok(())
    }

    fn is_meant(&self, answer: &Verified<Answer>) -> Outcome<()> {
        if answer.kind == self.kind.as_str() && answer.account == self.account {
            Outcome::Done(())
        } else {
            Outcome::Unknown(Cause::Mismatch("receiver"))
        }
    }
}

impl ReceiverKind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Merchant => "MERCHANT_ID",
            Self::Person => "PERSONAL_OPENID",
            Self::SubPerson => "PERSONAL_SUB_OPENID",
        }
    }
}

impl Relation {
    fn as_str(&self) -> &'static str {
        match self {
            Self::ServiceProvider => "SERVICE_PROVIDER",
            Self::Store => "STORE",
            Self::Staff => "STAFF",
            Self::StoreOwner => "STORE_OWNER",
            Self::Partner => "PARTNER",
            Self::Headquarter => "HEADQUARTER",
            Self::Brand => "BRAND",
            Self::Distributor => "DISTRIBUTOR",
            Self::User => "USER",
            Self::Supplier => "SUPPLIER",
            Self::Custom(_) => "CUSTOM",
        }
    }
}

use serde_json::{Map, Value, json};

use super::{Mode, Pay};

/// Who gets the money: the merchant itself, or a sub-merchant of the provider. Orders are made, queried, closed
/// and refunded through it.
#[derive(Clone)]
pub struct Payee<'a> {
    pub(super) pay: &'a Pay,
    sub: Option<Sub>,
}

#[derive(Clone)]
struct Sub {
    mchid: String,
    appid: Option<String>,
}

/// A payee that does not fit the mode of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayeeError {
    /// A direct merchant has no sub-merchants.
    #[error("a direct merchant has no sub-merchants")]
    NotPartner,
    /// A provider takes no money itself.
    #[error("a service provider acts for sub-merchants only")]
    NotDirect,
    /// A merchant number is digits, 32 at most.
    #[error("a merchant number is 1 to 32 digits")]
    Mchid,
}

impl Pay {
    /// A sub-merchant. `sub_appid` is its own official account, if people pay in that one.
    ///
    /// # Errors
    /// [`PayeeError`].
    pub fn sub_merchant(&self, sub_mchid: &str, sub_appid: Option<&str>) -> Result<Payee<'_>, PayeeError> {
        if matches!(self.merchant.mode, Mode::Direct { .. }) {
            return Err(PayeeError::NotPartner);
        }
        if !(1..=32).contains(&sub_mchid.len()) || !sub_mchid.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PayeeError::Mchid);
        }
        let sub = Sub {
            mchid: sub_mchid.to_owned(),
            appid: sub_appid.map(str::to_owned),
        };
        Ok(Payee {
            pay: self,
            sub: Some(sub),
        })
    }

    /// The direct merchant itself.
    ///
    /// # Errors
    /// [`PayeeError::NotDirect`].
    pub fn own(&self) -> Result<Payee<'_>, PayeeError> {
        match self.merchant.mode {
            Mode::Direct { .. } => Ok(Payee { pay: self, sub: None }),
            Mode::Partner { .. } => Err(PayeeError::NotDirect),
        }
    }
}

impl Payee<'_> {
    /// Where orders live.
    pub(super) fn orders(&self) -> &'static str {
        match self.sub {
            None => "/v3/pay/transactions",
            Some(_) => "/v3/pay/partner/transactions",
        }
    }

    /// The merchant numbers, for bodies.
    pub(super) fn mchids(&self) -> Map<String, Value> {
        self.pairs()
            .into_iter()
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect()
    }

    /// The merchant numbers, for queries.
    pub(super) fn pairs(&self) -> Vec<(&'static str, &str)> {
        let caller = self.pay.merchant.mchid();
        match &self.sub {
            None => vec![("mchid", caller)],
            Some(sub) => vec![("sp_mchid", caller), ("sub_mchid", &sub.mchid)],
        }
    }

    /// The appids, for bodies.
    pub(super) fn appids(&self) -> Map<String, Value> {
        let mut out = Map::new();
        match &self.pay.merchant.mode {
            Mode::Direct { appid, .. } => out.insert("appid".to_owned(), json!(appid)),
            Mode::Partner { sp_appid, .. } => out.insert("sp_appid".to_owned(), json!(sp_appid)),
        };
        if let Some(sub_appid) = self.sub_appid() {
            out.insert("sub_appid".to_owned(), json!(sub_appid));
        }
        out
    }

    /// The appid that a page signs with: the sub-merchant's when the order carried one.
    pub(super) fn page_appid(&self) -> &str {
        match (&self.pay.merchant.mode, self.sub_appid()) {
            (_, Some(sub_appid)) => sub_appid,
            (Mode::Direct { appid, .. }, None) => appid,
            (Mode::Partner { sp_appid, .. }, None) => sp_appid,
        }
    }

    pub(super) fn sub_appid(&self) -> Option<&str> {
        self.sub.as_ref()?.appid.as_deref()
    }

    pub(super) fn sub_mchid(&self) -> Option<&str> {
        self.sub.as_ref().map(|sub| sub.mchid.as_str())
    }
}

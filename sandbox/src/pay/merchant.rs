//! The merchants: service providers, direct merchants, and the sub-merchants of the providers.

use std::sync::Arc;

use rsa::RsaPublicKey;
use serde_json::{Value, json};

use super::Refused;
use crate::config::{Credentials, Error, MerchantCredentials, MerchantSetup, Role};
use crate::keys::{Keys, PARTNER_MCHID};
use crate::state::{Sandbox, World};

/// How much of an order may be shared when nothing else was agreed, in ten-thousandths (分账比例默认 30%).
const MAX_RATIO: i64 = 3000;

/// The merchant who asks, put into the request by the door after the signature is verified.
pub type Merchant = Arc<Account>;

/// One merchant.
pub struct Account {
    /// Its number.
    pub mchid: String,
    /// Its full name (商户全称).
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Apps bound to it; for a sub-merchant, those that may stand as `sub_appid`. None listed: any.
    pub app_ids: Vec<String>,
    /// Its certificate and key, when it can sign.
    pub api: Option<Api>,
    /// How much of an order it lets share, in ten-thousandths.
    pub max_ratio: i64,
}

/// How a merchant signs.
pub struct Api {
    /// Numbers and secrets.
    pub credentials: MerchantCredentials,
    /// Public key of its API certificate.
    pub key: RsaPublicKey,
}

impl PartialEq for Account {
    fn eq(&self, other: &Self) -> bool {
        self.mchid == other.mchid
    }
}

impl Account {
    /// The account that `setup` describes. Makes a key when it signs, which takes about a second the first time.
    ///
    /// # Errors
    /// [`Error`] when its key cannot be read or written.
    pub fn new(keys: &Keys, credentials: &Credentials, setup: &MerchantSetup) -> Result<Self, Error> {
        let api = if setup.signs {
            let (key, credentials) = keys.merchant(&setup.mchid)?;
            Some(Api { credentials, key })
        } else {
            None
        };
        let mut app_ids = setup.app_ids.clone();
        if app_ids.is_empty() && !matches!(setup.role, Role::Sub { .. }) {
            app_ids.push(credentials.app_id.clone());
        }
        Ok(Self {
            mchid: setup.mchid.clone(),
            name: setup.name.clone(),
            role: setup.role.clone(),
            app_ids,
            api,
            max_ratio: MAX_RATIO,
        })
    }

    /// The service provider and the direct merchant that always exist, and the configured ones.
    ///
    /// # Errors
    /// [`Error`] when a key cannot be read or written.
    pub fn all(
        keys: &Keys,
        credentials: &Credentials,
        setups: &[MerchantSetup],
    ) -> Result<Vec<Merchant>, Error> {
        let own = |api: &MerchantCredentials, key: &RsaPublicKey, name: &str, role: Role| {
            Arc::new(Self {
                mchid: api.mchid.clone(),
                name: name.to_owned(),
                role,
                app_ids: vec![credentials.app_id.clone()],
                api: Some(Api {
                    credentials: api.clone(),
                    key: key.clone(),
                }),
                max_ratio: MAX_RATIO,
            })
        };
        let mut all = vec![
            own(
                &credentials.partner,
                &keys.partner,
                "京城盲人按摩服务中心",
                Role::Provider,
            ),
            own(
                &credentials.direct,
                &keys.direct,
                "京城盲人按摩直营店",
                Role::Direct,
            ),
        ];
        for setup in setups {
            all.push(Arc::new(Self::new(keys, credentials, setup)?));
        }
        Ok(all)
    }

    /// Whether it is a service provider.
    pub fn is_provider(&self) -> bool {
        self.role == Role::Provider
    }

    /// Its APIv3 key. Only merchants that sign reach the interfaces that need one.
    pub fn api_v3_key(&self) -> &[u8; 32] {
        let api = self.api.as_ref().expect("who signed has a certificate");
        api.credentials
            .api_v3_key
            .as_bytes()
            .try_into()
            .expect("APIv3 keys are 32 characters")
    }

    /// What the control API tells of it.
    pub fn describe(&self) -> Value {
        let mut told = json!(self.role);
        told["mchid"] = self.mchid.clone().into();
        told["name"] = self.name.clone().into();
        told["app_ids"] = self.app_ids.clone().into();
        told["max_ratio"] = self.max_ratio.into();
        told["credentials"] = json!(self.api.as_ref().map(|api| &api.credentials));
        told
    }
}

/// Whether `number` may stand for a sub-merchant that nobody registered: ten digits beginning with 19 belong to the
/// first service provider.
fn is_implicit(number: &str) -> bool {
    number.len() == 10 && number.starts_with("19") && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `number` is a sub-merchant of `provider`.
///
/// # Errors
/// MCH_NOT_EXISTS for a number that nobody has, NO_AUTH for another provider's.
pub fn check_sub_merchant(world: &World, provider: &Account, number: &str) -> Result<(), Refused> {
    let own = match world.pay.merchant(number) {
        Some(account) => {
            account.role
                == Role::Sub {
                    provider: provider.mchid.clone(),
                }
        }
        None if is_implicit(number) => provider.mchid == PARTNER_MCHID,
        None => return Err(Refused::new(400, "MCH_NOT_EXISTS", "商户号不存在")),
    };
    if own {
        Ok(())
    } else {
        Err(Refused::new(403, "NO_AUTH", "特约商户与服务商没有受理关系"))
    }
}

/// The sub-merchant named in a request: needed from a service provider, unknown to others.
///
/// # Errors
/// PARAM_ERROR without it; otherwise as [`check_sub_merchant`].
pub fn named_sub_merchant(
    world: &World,
    merchant: &Account,
    named: Option<&str>,
) -> Result<Option<String>, Refused> {
    match (&merchant.role, named) {
        (Role::Direct, _) => Ok(None),
        (Role::Sub { .. }, _) => Err(Refused::new(403, "NO_AUTH", "特约商户的交易须由服务商发起")),
        (Role::Provider, None) => Err(Refused::parameter("/sub_mchid", "为必填参数")),
        (Role::Provider, Some(sub)) => {
            check_sub_merchant(world, merchant, sub)?;
            Ok(Some(sub.to_owned()))
        }
    }
}

/// Whether the numbers named in a request about an order are the asker's own; the sub-merchant, for a service provider.
///
/// # Errors
/// INVALID_REQUEST for another merchant's number; otherwise as [`named_sub_merchant`].
pub fn check_owner(
    sandbox: &Sandbox,
    merchant: &Account,
    field: impl Fn(&str) -> Option<String>,
) -> Result<Option<String>, Refused> {
    let name = if merchant.is_provider() {
        "sp_mchid"
    } else {
        "mchid"
    };
    let number = field(name).ok_or_else(|| Refused::parameter(&format!("/{name}"), "为必填参数"))?;
    if number != merchant.mchid {
        let words = format!("{name} 与请求签名的商户号不一致");
        return Err(Refused::new(400, "INVALID_REQUEST", words));
    }
    sandbox.look(|world| named_sub_merchant(world, merchant, field("sub_mchid").as_deref()))
}

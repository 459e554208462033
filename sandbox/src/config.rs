//! What the sandbox is told at start, and what a program needs to know to talk to it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use serde::{Deserialize, Serialize};

/// How the local WeChat is set up. [`Config::local`] fills every field; change what differs.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where keys and `credentials.json` are kept; made when absent.
    pub folder: PathBuf,
    /// Makes identities, numbers and keys repeatable.
    pub seed: u64,
    /// Base address of the sandbox as browsers and the program reach it, without a trailing slash.
    pub address: String,
    /// Base address of the program under test, without a trailing slash.
    pub program: String,
    /// Address to which messages and events are pushed (服务器地址).
    pub callback: String,
    /// Name of the official account as people see it.
    pub account_name: String,
    /// Hosts on which OAuth may end and the JS-SDK may run (网页授权域名, JS接口安全域名); ports are ignored.
    pub domains: Vec<String>,
    /// Ids of the people who follow the account at start.
    pub followers: Vec<String>,
    /// Names of the program's cookies that belong to one phone and change hands with it.
    pub session_cookies: Vec<String>,
    /// How many times faster expiries and notice retries run; 1.0 is the real pace.
    pub time_scale: f64,
    /// How many milliseconds the sandbox's clock goes before the machine's. A program whose clock is turned along shares it:
    /// each side refuses what the other stamps more than five minutes off.
    pub ahead_ms: Arc<AtomicI64>,
    /// How long a refund stays PROCESSING, in milliseconds.
    pub refund_delay_ms: u64,
    /// The template library of the account (模板库).
    pub templates: Vec<Template>,
    /// Merchants beside the service provider and the direct merchant that always exist.
    pub merchants: Vec<MerchantSetup>,
    /// By which keys WeChat Pay signs and reads at start.
    pub key_mode: KeyMode,
}

/// One more merchant of WeChat Pay.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MerchantSetup {
    /// Merchant number: eight to ten digits.
    pub mchid: String,
    /// Full name (商户全称).
    pub name: String,
    /// What it is.
    #[serde(flatten)]
    pub role: Role,
    /// Apps bound to it; empty stands for the official account of the sandbox.
    #[serde(default)]
    pub app_ids: Vec<String>,
    /// Whether it has an API certificate of its own and can sign.
    #[serde(default)]
    pub signs: bool,
}

/// What a merchant is to WeChat Pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Role {
    /// A service provider (服务商).
    Provider,
    /// A merchant that is paid directly (直连商户).
    Direct,
    /// A sub-merchant (特约商户) of one service provider.
    Sub {
        /// The service provider's number.
        provider: String,
    },
}

/// By which keys WeChat Pay signs and reads (doc 4012154180).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyMode {
    /// The WeChat Pay public key alone: all that new merchants know.
    PublicKey,
    /// Platform certificates alone: the older way.
    Certificate,
    /// On the way from certificates to the public key.
    Switching,
}

impl Config {
    /// Defaults for one machine: the sandbox on port 8701, the program on port 8700.
    #[must_use]
    pub fn local(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            seed: 1,
            address: "http://127.0.0.1:8701".into(),
            program: "http://127.0.0.1:8700".into(),
            callback: "http://127.0.0.1:8700/wechat/callback".into(),
            account_name: "京城盲人按摩".into(),
            domains: vec!["127.0.0.1".into(), "localhost".into()],
            followers: vec!["liu".into()],
            session_cookies: vec!["tuina_customer".into()],
            time_scale: 1.0,
            ahead_ms: Arc::default(),
            refund_delay_ms: 1500,
            templates: default_templates(),
            merchants: Vec::new(),
            key_mode: KeyMode::PublicKey,
        }
    }
}

/// One message template of the account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Template {
    /// Filled from seed and title when left empty.
    pub template_id: String,
    /// Headline of the card.
    pub title: String,
    /// The keys with their labels, in order, such as `("thing1", "门店")`.
    pub keys: Vec<(String, String)>,
}

impl Template {
    /// The template as WeChat writes it: one `label：{{key.DATA}}` per line.
    #[must_use]
    pub fn content(&self) -> String {
        let lines: Vec<String> = self
            .keys
            .iter()
            .map(|(key, label)| format!("{label}：{{{{{key}.DATA}}}}"))
            .collect();
        lines.join("\n")
    }
}

/// What the program under test must be configured with. Also written to `credentials.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Credentials {
    /// Base address of the official-account API.
    pub api: String,
    /// Base address of the OAuth pages.
    pub open: String,
    /// Base address of WeChat Pay v3.
    pub pay: String,
    /// Address of the JS-SDK script.
    pub jssdk: String,
    /// AppID of the official account.
    pub app_id: String,
    /// AppSecret of the official account.
    pub app_secret: String,
    /// Token of the message push.
    pub callback_token: String,
    /// EncodingAESKey of the message push, 43 characters.
    pub encoding_aes_key: String,
    /// The service provider (服务商); its `mchid` is the `sp_mchid`.
    pub partner: MerchantCredentials,
    /// A merchant that is paid directly (直连商户).
    pub direct: MerchantCredentials,
    /// The key with which WeChat Pay signs.
    pub platform: PlatformCredentials,
    /// The further merchants that can sign.
    #[serde(default)]
    pub merchants: Vec<MerchantCredentials>,
    /// The template library.
    pub templates: Vec<Template>,
    /// The people with phones.
    pub people: Vec<PersonCredentials>,
}

/// One merchant's account with WeChat Pay.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MerchantCredentials {
    /// Merchant number.
    pub mchid: String,
    /// Serial number of the merchant's certificate, 40 hexadecimal digits.
    pub serial: String,
    /// File with the PKCS#8 private key.
    pub private_key_file: PathBuf,
    /// The same key as PEM text.
    pub private_key_pem: String,
    /// APIv3 key, 32 bytes.
    pub api_v3_key: String,
}

/// WeChat Pay's own signing key as a merchant sees it (微信支付公钥).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlatformCredentials {
    /// `PUB_KEY_ID_…`, the `Wechatpay-Serial` of every signature.
    pub public_key_id: String,
    /// File with the public key (SPKI, PEM).
    pub public_key_file: PathBuf,
    /// The same key as PEM text.
    pub public_key_pem: String,
}

/// One person with a phone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PersonCredentials {
    /// Id in the addresses of the phone and of the control API.
    pub id: String,
    /// Nickname.
    pub name: String,
    /// OpenID with the official account.
    pub openid: String,
}

/// Why the sandbox cannot start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of the folder cannot be read or written.
    #[error("sandbox file {0}: {1}")]
    File(PathBuf, std::io::Error),
    /// A key file holds no usable RSA key.
    #[error("sandbox key {0}: {1}")]
    Key(PathBuf, String),
    /// The listener failed.
    #[error("sandbox listener: {0}")]
    Listener(std::io::Error),
}

fn default_templates() -> Vec<Template> {
    [
        (
            "新订单提醒",
            "character_string1=订单号 thing2=服务项目 time3=预约时间 thing4=客户 amount5=金额",
        ),
        (
            "预约成功通知",
            "thing1=门店 thing2=服务项目 time3=预约时间 thing4=技师 character_string5=核销码",
        ),
        (
            "预约取消通知",
            "thing1=门店 thing2=服务项目 time3=预约时间 thing4=取消原因",
        ),
        (
            "预约未成功通知",
            "thing1=门店 thing2=服务项目 time3=预约时间 thing4=原因",
        ),
        (
            "退款通知",
            "character_string1=订单号 amount2=退款金额 thing3=退款原因 time4=退款时间",
        ),
        (
            "到店提醒",
            "thing1=门店 thing2=服务项目 time3=预约时间 thing4=地址",
        ),
        (
            "服务完成通知",
            "thing1=门店 thing2=服务项目 time3=完成时间 thing4=温馨提示",
        ),
        (
            "预约变更通知",
            "thing1=门店 thing2=服务项目 time3=预约时间 thing4=说明",
        ),
        (
            "候补成功通知",
            "thing1=门店 thing2=服务项目 time3=预约时间 thing4=温馨提示",
        ),
        (
            "系统异常提醒",
            "thing1=门店 thing2=异常内容 time3=发生时间 thing4=处理建议",
        ),
        (
            "上门服务提醒",
            "thing1=门店 thing2=服务项目 time3=预约时间 thing4=温馨提示",
        ),
    ]
    .into_iter()
    .map(|(title, keys)| Template {
        template_id: String::new(),
        title: title.into(),
        keys: keys
            .split(' ')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, label)| (key.into(), label.into()))
            .collect(),
    })
    .collect()
}

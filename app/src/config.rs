//! The configuration: one file with commented defaults (`tuina config` prints it), and the environment over it.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use anyhow::{Context, Result};
use kernel::Secret;
use serde::Deserialize;
use toml::{Table, Value};

/// The commented defaults: every setting stands in it.
pub const DEFAULTS: &str = include_str!("../tuina.toml");

/// All settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub server: Server,
    pub database: Database,
    pub wechat: WeChat,
    pub pay: Pay,
    pub speech: Speech,
    pub map: Map,
    pub webhooks: Webhooks,
    pub log: Log,
}

/// The doors.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: SocketAddr,
    pub base_url: String,
    pub frame_ancestors: Vec<String>,
    pub posts_per_minute: u32,
    pub job_threads: usize,
}

/// Where everything is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub path: PathBuf,
    pub url: Secret<String>,
    pub threads: usize,
}

/// The official account.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeChat {
    pub app_id: String,
    pub app_secret: Secret<String>,
    pub callback_token: Secret<String>,
    pub encoding_aes_key: Secret<String>,
    pub jssdk_url: String,
    pub api: String,
    pub open: String,
    pub pay_api: String,
    pub templates: BTreeMap<String, String>,
}

/// WeChat Pay.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pay {
    pub sp_mchid: String,
    pub serial: String,
    pub private_key_file: PathBuf,
    pub api_v3_key: Secret<String>,
    pub believes: Believes,
    pub public_key_id: String,
    pub public_key_file: PathBuf,
}

/// By what WeChat Pay's signatures are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Believes {
    /// The public key of WeChat Pay, which merchants of today get.
    PublicKey,
    /// Platform certificates, which older merchants have; they are fetched and renewed.
    Certificates,
    /// Either, by the serial that a signature names: while a merchant changes from one to the other.
    Both,
}

impl Believes {
    /// Whether there is a public key to read.
    pub fn public_key(self) -> bool {
        self != Believes::Certificates
    }

    /// Whether certificates are fetched.
    pub fn certificates(self) -> bool {
        self != Believes::PublicKey
    }
}

/// Speech from the server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speech {
    pub espeak: String,
}

/// Map tiles.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    pub tiles: String,
    pub credit: String,
}

/// News for other programs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhooks {
    pub loopback: bool,
}

/// The log.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub filter: String,
    pub format: String,
}

impl Config {
    /// The settings of a file (or none) over the defaults, and of the environment over both.
    pub fn load(
        file: Option<&std::path::Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Config> {
        let mut table: Table = DEFAULTS.parse().context("the built-in defaults")?;
        if let Some(file) = file {
            let text =
                std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
            let own: Table = text
                .parse()
                .with_context(|| format!("reading {}", file.display()))?;
            lay_over(&mut table, own);
        }
        for (name, value) in environment {
            set(&mut table, &name, &value);
        }
        Value::Table(table).try_into().context("the settings")
    }
}

fn lay_over(under: &mut Table, over: Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Value::Table(under)), Value::Table(over)) => lay_over(under, over),
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}

/// `TUINA_SERVER_LISTEN=…` sets `[server] listen`; the value takes the type that the default has. Names that are no setting
/// are left alone: other programs' variables may begin alike.
fn set(table: &mut Table, name: &str, value: &str) {
    let Some((section, key)) = name.strip_prefix("TUINA_").and_then(|rest| rest.split_once('_')) else {
        return;
    };
    let Some(Value::Table(section)) = table.get_mut(&section.to_lowercase()) else {
        return;
    };
    let Some(slot) = section.get_mut(&key.to_lowercase()) else {
        return;
    };
    *slot = match slot {
        Value::String(_) => Value::String(value.to_owned()),
        Value::Array(_) => Value::Array(
            value
                .split(',')
                .map(|part| Value::String(part.trim().to_owned()))
                .collect(),
        ),
        _ => value
            .parse()
            .map_or_else(|_| Value::String(value.to_owned()), Value::Integer),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(environment: &[(&str, &str)]) -> Result<Config> {
        Config::load(
            None,
            environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        )
    }

    #[test]
    fn the_commented_defaults_are_complete() {
        let config = with(&[]).unwrap();
        assert_eq!(config.server.listen.port(), 8700);
        assert_eq!(config.wechat.api, "https://api.weixin.qq.com");
    }

    #[test]
    fn the_environment_wins_and_keeps_the_type() {
        let config = with(&[
            ("TUINA_SERVER_LISTEN", "127.0.0.1:9000"),
            ("TUINA_SERVER_JOB_THREADS", "2"),
            ("TUINA_SERVER_FRAME_ANCESTORS", "http://a, http://b"),
            ("TUINA_PAY_API_V3_KEY", "k"),
            ("TUINA_TEST_POSTGRES", "not ours"),
        ])
        .unwrap();
        assert_eq!(
            (config.server.listen.port(), config.server.job_threads),
            (9000, 2)
        );
        assert_eq!(config.server.frame_ancestors, ["http://a", "http://b"]);
        assert_eq!(config.pay.api_v3_key.reveal(), "k");
        assert!(with(&[("TUINA_SERVER_JOB_THREADS", "many")]).is_err());
    }

    #[test]
    fn a_merchant_says_by_what_signatures_are_checked() {
        let believes = |name| with(&[("TUINA_PAY_BELIEVES", name)]).map(|config| config.pay.believes);
        assert_eq!(with(&[]).unwrap().pay.believes, Believes::PublicKey);
        assert_eq!(believes("certificates").unwrap(), Believes::Certificates);
        let both = believes("both").unwrap();
        assert!(both.public_key() && both.certificates());
        let why = format!("{:#}", believes("anything").unwrap_err());
        assert!(why.contains("`public-key`, `certificates`, `both`"), "{why}");
    }

    #[test]
    fn no_secret_is_printed() {
        let config = with(&[
            ("TUINA_WECHAT_APP_SECRET", "hunter2"),
            ("TUINA_PAY_API_V3_KEY", "hunter2"),
        ])
        .unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}

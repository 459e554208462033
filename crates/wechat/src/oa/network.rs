use serde::Deserialize;
use serde_json::json;

use super::request::Request;
use super::{Account, Error};
use crate::At;

/// What is to be checked of the way from WeChat to the callback address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkCheck {
    /// Name and way.
    All,
    /// The name only.
    Dns,
    /// The way only.
    Ping,
}

/// From which network it is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// WeChat chooses.
    Default,
    /// 电信
    ChinaNet,
    /// 联通
    Unicom,
    /// 腾讯自建
    Cap,
}

/// What a check found (`doc/service/api/base/api_callbackcheck`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct NetworkReport {
    /// The addresses that the name leads to.
    pub dns: Vec<DnsAnswer>,
    /// How each of them answers.
    pub ping: Vec<PingAnswer>,
}

/// An address that a name leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct DnsAnswer {
    /// The address.
    pub ip: String,
    /// Its network.
    pub real_operator: String,
}

/// How an address answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PingAnswer {
    /// The address.
    pub ip: String,
    /// The network that asked.
    pub from_operator: String,
    /// Such as `0%`.
    pub package_loss: String,
    /// Such as `23.079ms`.
    pub time: String,
}

#[derive(Deserialize)]
struct Addresses {
    ip_list: Vec<String>,
}

impl Account {
    /// The addresses of WeChat's API, for firewalls (`doc/service/api/base/api_getapidomainip`).
    ///
    /// # Errors
    /// As every call.
    pub fn api_addresses(&self, at: At) -> Result<Vec<String>, Error> {
        self.addresses(at, "/cgi-bin/get_api_domain_ip")
    }

    /// The addresses and networks from which WeChat pushes (`doc/service/api/base/api_getcallbackip`).
    ///
    /// # Errors
    /// As every call.
    pub fn callback_addresses(&self, at: At) -> Result<Vec<String>, Error> {
        self.addresses(at, "/cgi-bin/getcallbackip")
    }

    fn addresses(&self, at: At, path: &str) -> Result<Vec<String>, Error> {
        self.call::<Addresses>(at, &Request::get(path, &[]))
            .map(|answer| answer.ip_list)
    }

    /// Lets WeChat try the way to the callback address. Takes some seconds.
    ///
    /// # Errors
    /// 40201 no callback address is set, 40202, 40203 wrong parameters.
    pub fn check_network(&self, at: At, check: NetworkCheck, from: Operator) -> Result<NetworkReport, Error> {
        let action = match check {
            NetworkCheck::All => "all",
            NetworkCheck::Dns => "dns",
            NetworkCheck::Ping => "ping",
        };
        let operator = match from {
            Operator::Default => "DEFAULT",
            Operator::ChinaNet => "CHINANET",
            Operator::Unicom => "UNICOM",
            Operator::Cap => "CAP",
        };
        let body = json!({"action": action, "check_operator": operator});
        self.call(at, &Request::post("/cgi-bin/callback/check", body))
    }
}

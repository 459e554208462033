//! WeChat's servers: their addresses, and how well they reach the program's (基础接口).

use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Answer, Call, Fail, Interface};
use crate::state::Sandbox;

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[
    Interface::get("/cgi-bin/get_api_domain_ip", addresses),
    Interface::get("/cgi-bin/getcallbackip", addresses),
    Interface::post("/cgi-bin/callback/check", check),
];

/// `GET /cgi-bin/get_api_domain_ip` and `GET /cgi-bin/getcallbackip`: the cheapest way to try a token.
fn addresses(_sandbox: &Arc<Sandbox>, _call: &Call) -> Answer {
    Ok(json!({"ip_list": ["127.0.0.1"]}))
}

/// `POST /cgi-bin/callback/check`: name resolution and reachability of the program's address. The reachability is that of a
/// connection, since a machine does not always let ping out.
fn check(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let action = call
        .text("action")
        .filter(|action| matches!(*action, "dns" | "ping" | "all"))
        .ok_or(Fail(40202, "invalid action"))?;
    let operator = call.text("check_operator").unwrap_or("DEFAULT");
    if !matches!(operator, "CHINANET" | "UNICOM" | "CAP" | "DEFAULT") {
        return Err(Fail(40203, "invalid check_operator"));
    }
    let address: http::Uri = sandbox
        .config
        .callback
        .parse()
        .map_err(|_| Fail(40201, "invalid url"))?;
    let host = address.host().ok_or(Fail(40201, "invalid url"))?;
    let port = address.port_u16().unwrap_or(80);
    let found: Vec<SocketAddr> = (host, port)
        .to_socket_addrs()
        .map(Iterator::collect)
        .unwrap_or_default();
    let (mut dns, mut ping) = (Vec::new(), Vec::new());
    for address in &found {
        let ip = address.ip().to_string();
        dns.push(json!({"ip": ip, "real_operator": "OTHER"}));
        ping.push(reach(address, &ip));
    }
    let mut answer = json!({});
    if action != "ping" {
        answer["dns"] = dns.into();
    }
    if action != "dns" {
        answer["ping"] = ping.into();
    }
    Ok(answer)
}

fn reach(address: &SocketAddr, ip: &str) -> Value {
    let started = Instant::now();
    let reached = TcpStream::connect_timeout(address, Duration::from_secs(1)).is_ok();
    let micros = u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX);
    json!({
        "ip": ip, "from_operator": "OTHER", "package_loss": if reached { "0%" } else { "100%" },
        "time": format!("{:.3}ms", f64::from(micros) / 1000.0),
    })
}

//! The sandbox seen from outside: a client and a program written for the tests alone, on another cryptographic
//! library, speak HTTP with it.

mod account;
mod applyment;
mod audience;
mod bills;
mod keys;
mod mass;
mod material;
mod merchants;
mod misbehaviour;
mod orders;
mod payment;
mod person;
mod phone;
mod probes;
mod pushes;
mod refunds;
mod server;
mod sharing;
mod talk;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::{rand, signature};
use serde_json::{Value, json};

use crate::{Config, Credentials};

/// A call that the program under test received.
#[derive(Clone)]
struct Received {
    uri: Uri,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// The program: answers as told, otherwise `success`, and keeps what it got.
#[derive(Default)]
struct Program {
    received: Vec<Received>,
    answers: VecDeque<(u16, String)>,
}

/// A sandbox with a program behind it.
struct Bench {
    credentials: Credentials,
    program: Arc<Mutex<Program>>,
    program_address: String,
    agent: ureq::Agent,
    _runtime: tokio::runtime::Runtime,
}

/// One HTTP answer.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

impl Bench {
    fn start() -> Self {
        Self::start_with(|_| {})
    }

    fn start_with(adjust: impl FnOnce(&mut Config)) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let program = Arc::new(Mutex::new(Program::default()));
        let bind = || {
            runtime
                .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
                .unwrap()
        };
        let (listener, program_listener) = (bind(), bind());
        let mut config = Config::local(keys_folder());
        config.address = format!("http://{}", listener.local_addr().unwrap());
        config.program = format!("http://{}", program_listener.local_addr().unwrap());
        config.callback = format!("{}/wechat/callback", config.program);
        config.refund_delay_ms = 50;
        adjust(&mut config);
        let program_address = config.program.clone();
        let (_, credentials) = crate::keys::Keys::open(&config).unwrap();
        let door = axum::Router::new().fallback(receive).with_state(program.clone());
        runtime.spawn(async move { axum::serve(program_listener, door).await });
        runtime.spawn(async move { crate::serve(config, listener).await });
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(8)))
            .build()
            .new_agent();
        Self {
            credentials,
            program,
            program_address,
            agent,
            _runtime: runtime,
        }
    }

    fn send(&self, request: http::Request<Vec<u8>>) -> Option<Answer> {
        let mut response = self.agent.run(request).ok()?;
        let body = response.body_mut().read_to_vec().unwrap();
        Some(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body,
        })
    }

    fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path).body(Vec::new()).unwrap())
            .unwrap()
    }

    fn post(&self, path: &str, body: Value) -> Answer {
        let request = self
            .request("POST", path)
            .header("content-type", "application/json");
        self.send(request.body(body.to_string().into_bytes()).unwrap())
            .unwrap()
    }

    fn request(&self, method: &str, path: &str) -> http::request::Builder {
        http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.credentials.api))
    }

    fn fault(&self, kind: &str, times: u32, delay_ms: u32) {
        let answer = self.post(
            "/control/faults",
            json!({"kind": kind, "times": times, "delay_ms": delay_ms}),
        );
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    fn openid(&self, person: &str) -> String {
        self.credentials
            .people
            .iter()
            .find(|p| p.id == person)
            .unwrap()
            .openid
            .clone()
    }

    fn answer_next(&self, status: u16, body: &str) {
        self.program
            .lock()
            .unwrap()
            .answers
            .push_back((status, body.to_owned()));
    }

    fn received(&self) -> Vec<Received> {
        self.program.lock().unwrap().received.clone()
    }

    /// Waits until the program got `count` calls.
    fn wait_received(&self, count: usize) -> Vec<Received> {
        wait_for(|| self.received().len() >= count);
        self.received()
    }
}

/// The account's API with a token in hand.
struct Api<'a> {
    bench: &'a Bench,
    token: String,
}

impl<'a> Api<'a> {
    fn open(bench: &'a Bench) -> Self {
        let c = &bench.credentials;
        let body = json!({"grant_type": "client_credential", "appid": c.app_id, "secret": c.app_secret});
        let answer = bench.post("/cgi-bin/stable_token", body).json();
        let token = answer["access_token"].as_str().unwrap().to_owned();
        Self { bench, token }
    }

    fn path(&self, path: &str) -> String {
        let joint = if path.contains('?') { '&' } else { '?' };
        format!("{path}{joint}access_token={}", self.token)
    }

    fn get(&self, path: &str, query: &str) -> Value {
        self.bench.get(&self.path(&format!("{path}?{query}"))).json()
    }

    fn post(&self, path: &str, body: Value) -> Value {
        self.bench.post(&self.path(path), body).json()
    }
}

async fn receive(
    State(program): State<Arc<Mutex<Program>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    let mut program = program.lock().unwrap();
    program.received.push(Received {
        uri,
        headers,
        body: body.to_vec(),
    });
    let (status, text) = program
        .answers
        .pop_front()
        .unwrap_or_else(|| (200, "success".into()));
    (StatusCode::from_u16(status).unwrap(), text)
}

/// One folder for all tests of the process: making RSA keys is the slowest thing they do.
fn keys_folder() -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER
        .get_or_init(|| {
            let folder = std::env::temp_dir().join("local-wechat-test-keys");
            let config = Config::local(&folder);
            crate::prepare(&config).unwrap();
            let (keys, _) = crate::keys::Keys::open(&config).unwrap();
            for number in 0..2 {
                keys.platform_certificate_key(number).unwrap();
            }
            for mchid in ["1230000111", "1710000001"] {
                keys.merchant(mchid).unwrap();
            }
            folder
        })
        .clone()
}

fn wait_for(mut condition: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(10);
    while !condition() {
        assert!(Instant::now() < until, "waited ten seconds in vain");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn now_s() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs()
        .try_into()
        .unwrap()
}

fn der(pem: &str) -> Vec<u8> {
    let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(base64).unwrap()
}

/// SHA256-RSA2048 by ring.
fn sign(private_key_pem: &str, message: &[u8]) -> String {
    let key = signature::RsaKeyPair::from_pkcs8(&der(private_key_pem)).unwrap();
    let mut out = vec![0; key.public().modulus_len()];
    key.sign(
        &signature::RSA_PKCS1_SHA256,
        &rand::SystemRandom::new(),
        message,
        &mut out,
    )
    .unwrap();
    STANDARD.encode(out)
}

/// Verification by ring of the headers that stand on responses and notices.
fn verifies(credentials: &Credentials, headers: &HeaderMap, body: &[u8]) -> bool {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    // ring wants the bare PKCS#1 key, which stands behind the 24-byte SPKI header of a 2048-bit RSA key.
    let spki = der(&credentials.platform.public_key_pem);
    header("wechatpay-serial") == credentials.platform.public_key_id
        && verifies_with(&spki[24..], headers, body)
}

/// The same with a bare PKCS#1 key.
fn verifies_with(key: &[u8], headers: &HeaderMap, body: &[u8]) -> bool {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let mut message = format!(
        "{}\n{}\n",
        header("wechatpay-timestamp"),
        header("wechatpay-nonce")
    )
    .into_bytes();
    message.extend_from_slice(body);
    message.push(b'\n');
    let key = signature::UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, key);
    STANDARD
        .decode(header("wechatpay-signature"))
        .is_ok_and(|sig| key.verify(&message, &sig).is_ok())
}

fn sha1_hex(text: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

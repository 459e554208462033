//! Bills (账单): asking for one, downloading it.

mod fault;
mod fund;
mod table;
mod trade;

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::merchant::check_sub_merchant;
use super::{Merchant, Refused};
use crate::clock::parse_rfc3339;
use crate::crypto;
use crate::state::{Sandbox, World};

pub use fault::BillFault;
use table::Table;

/// Where the files are fetched.
pub const DOWNLOAD_PATH: &str = "/v3/billdownload/file";
/// How long a download address lives, in WeChat's seconds.
const DOWNLOAD_S: u32 = 300;
/// A day, in milliseconds.
const DAY_MS: i64 = 86_400_000;
/// Bills show at this hour of the next day in Beijing, in milliseconds.
const READY_MS: i64 = 10 * 3_600_000;
/// Bills are kept so many days (三个月).
const KEPT_DAYS: i64 = 92;

/// What is remembered of bills.
#[derive(Default)]
pub struct Bills {
    /// Planted differences.
    pub faults: Vec<BillFault>,
    /// How files are written.
    pub format: Format,
    files: Vec<File>,
}

/// How bill files are written, where documents and reports differ.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Format {
    /// Whether the hash is over the file as it is fetched; the documents say over the plain text (原始账单).
    pub hash_of_file: bool,
    /// Whether the text begins with a byte order mark.
    pub byte_order_mark: bool,
    /// Whether lines end with a line feed alone instead of CR LF.
    pub line_feed: bool,
}

struct File {
    token: String,
    mchid: String,
    made_ms: i64,
    content: Vec<u8>,
}

/// The addresses of bills.
pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/v3/bill/tradebill", get(trade_bill))
        .route("/v3/bill/fundflowbill", get(fund_bill))
        .route("/v3/bill/sub-merchant-fundflowbill", get(sub_merchant_fund_bill))
        .route(DOWNLOAD_PATH, get(download))
}

type Parameters = Query<HashMap<String, String>>;

/// `GET /v3/bill/tradebill`: of one sub-merchant, or of all of a service provider.
async fn trade_bill(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Query(query): Parameters,
) -> Result<Json<Value>, Refused> {
    let day = read_day(&sandbox, &query)?;
    let kind = one_of(&query, "bill_type", &["ALL", "SUCCESS", "REFUND"])?.unwrap_or("ALL");
    sandbox.change(|world| {
        let sub = query.get("sub_mchid").map(String::as_str);
        if let Some(sub) = sub.filter(|_| merchant.is_provider()) {
            check_sub_merchant(world, &merchant, sub)?;
        }
        let wanted = trade::Wanted {
            merchant: &merchant,
            sub,
            kind,
            day,
        };
        let table = trade::table(&sandbox, world, &wanted);
        let file = Plain::new(world, table, &query)?;
        Ok(Json(file.offer(&sandbox, world, &merchant)))
    })
}

/// `GET /v3/bill/fundflowbill`: of the merchant's own account.
async fn fund_bill(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Query(query): Parameters,
) -> Result<Json<Value>, Refused> {
    let day = read_day(&sandbox, &query)?;
    let account = one_of(&query, "account_type", &["BASIC", "OPERATION", "FEES"])?.unwrap_or("BASIC");
    sandbox.change(|world| {
        let table = fund::table(world, &merchant.mchid, account, day);
        let file = Plain::new(world, table, &query)?;
        Ok(Json(file.offer(&sandbox, world, &merchant)))
    })
}

/// `GET /v3/bill/sub-merchant-fundflowbill`: of one sub-merchant, encrypted with a key that only the service provider's
/// API certificate opens (doc 4012760249).
async fn sub_merchant_fund_bill(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Query(query): Parameters,
) -> Result<Json<Value>, Refused> {
    let day = read_day(&sandbox, &query)?;
    let accounts = ["BASIC", "OPERATION", "FEES", "DEPOSIT"];
    let account = one_of(&query, "account_type", &accounts)?.ok_or_else(|| missing("account_type"))?;
    one_of(&query, "algorithm", &["AEAD_AES_256_GCM"])?.ok_or_else(|| missing("algorithm"))?;
    let sub = query.get("sub_mchid").ok_or_else(|| missing("sub_mchid"))?;
    if !merchant.is_provider() {
        return Err(Refused::new(403, "NO_AUTH", "商户无权限"));
    }
    sandbox.change(|world| {
        check_sub_merchant(world, &merchant, sub)?;
        let table = fund::table(world, sub, account, day);
        let mut file = Plain::new(world, table, &query)?;
        // The key is used as it is decrypted, so it is text like an APIv3 key.
        let (key, nonce) = (world.word(32), world.word(12));
        let key_bytes: [u8; 32] = key.as_bytes().try_into().expect("32 characters");
        let nonce_bytes: [u8; 12] = nonce.as_bytes().try_into().expect("12 characters");
        file.content = crypto::seal_file(&key_bytes, &nonce_bytes, "", &file.content);
        let api = merchant.api.as_ref().expect("who signed has a certificate");
        let sealed = world
            .seal_sensitive(&api.key, key.as_bytes())
            .expect("32 bytes fit");
        let mut offer = file.offer(&sandbox, world, &merchant);
        offer["bill_sequence"] = 1.into();
        offer["encrypt_key"] = sealed.into();
        offer["nonce"] = nonce.into();
        Ok(Json(
            json!({"download_bill_count": 1, "download_bill_list": [offer]}),
        ))
    })
}

/// `GET /v3/billdownload/file?token=…`: a signed request, an answer without a signature.
async fn download(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Query(query): Parameters,
) -> Result<Response, Refused> {
    let token = query.get("token").ok_or_else(|| missing("token"))?;
    sandbox.look(|world| {
        let wanted = |file: &&File| {
            file.token == *token
                && file.mchid == merchant.mchid
                && !sandbox.clock.passed(file.made_ms, DOWNLOAD_S)
        };
        let file = world.pay.bills.files.iter().find(wanted);
        let file = file.ok_or_else(|| Refused::new(400, "PARAM_ERROR", "token无效或已过期"))?;
        let kind = [("content-type", "application/octet-stream")];
        Ok((kind, file.content.clone()).into_response())
    })
}

/// A bill before it is offered.
struct Plain {
    text: Vec<u8>,
    content: Vec<u8>,
    gzip: bool,
}

impl Plain {
    fn new(world: &World, table: Option<Table>, query: &HashMap<String, String>) -> Result<Self, Refused> {
        let gzip = one_of(query, "tar_type", &["GZIP"])?.is_some();
        let table = table.ok_or_else(no_statement)?;
        let text = table.text(world.pay.bills.format).into_bytes();
        let content = if gzip { compress(&text) } else { text.clone() };
        Ok(Self { text, content, gzip })
    }

    fn offer(self, sandbox: &Sandbox, world: &mut World, merchant: &Merchant) -> Value {
        let token = format!("{}{}", world.word(40), world.word(24));
        let hashed = if world.pay.bills.format.hash_of_file {
            &self.content
        } else {
            &self.text
        };
        let hash = crypto::sha1_hex_of(hashed);
        let end = if self.gzip { "&tartype=gzip" } else { "" };
        let url = format!("{}{DOWNLOAD_PATH}?token={token}{end}", sandbox.config.address);
        world.pay.bills.files.push(File {
            token,
            mchid: merchant.mchid.clone(),
            made_ms: sandbox.clock.now_ms(),
            content: self.content,
        });
        json!({"hash_type": "SHA1", "hash_value": hash, "download_url": url})
    }
}

fn compress(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(text)
        .and_then(|()| encoder.finish())
        .expect("memory takes whatever is written")
}

/// Midnight in Beijing of the day asked for, when its bill is ready.
fn read_day(sandbox: &Sandbox, query: &HashMap<String, String>) -> Result<i64, Refused> {
    let text = query.get("bill_date").ok_or_else(|| missing("bill_date"))?;
    let day = (text.len() == 10)
        .then(|| parse_rfc3339(&format!("{text}T00:00:00+08:00")))
        .flatten();
    let day = day.ok_or_else(|| wrong("bill_date"))?;
    let now_ms = sandbox.clock.now_ms();
    if now_ms < day + DAY_MS {
        return Err(wrong("bill_date"));
    }
    if now_ms < day + DAY_MS + READY_MS {
        return Err(Refused::new(
            400,
            "STATEMENT_CREATING",
            "账单文件正在生成中，请稍后再试",
        ));
    }
    if now_ms > day + KEPT_DAYS * DAY_MS {
        return Err(no_statement());
    }
    Ok(day)
}

fn one_of<'a>(
    query: &HashMap<String, String>,
    name: &str,
    values: &[&'a str],
) -> Result<Option<&'a str>, Refused> {
    let Some(given) = query.get(name) else {
        return Ok(None);
    };
    let value = values.iter().find(|value| *value == given);
    value.map(|value| Some(*value)).ok_or_else(|| wrong(name))
}

fn missing(name: &str) -> Refused {
    Refused::new(400, "PARAM_ERROR", format!("缺少参数 {name}"))
}

fn wrong(name: &str) -> Refused {
    Refused::new(400, "PARAM_ERROR", format!("参数 {name} 取值有误"))
}

fn no_statement() -> Refused {
    Refused::new(400, "NO_STATEMENT_EXIST", "请求的账单文件不存在")
}

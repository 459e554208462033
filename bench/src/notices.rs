//! Notices of WeChat Pay at a thousand a second, three of ten repeated and one of ten forged, and what is left of them when the
//! program is killed.

use std::{
    collections::HashSet,
    fs,
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use db::{Db, Listeners, testing::TestDb};
use kernel::{Secret, World};
use ring::{aead, rand::SystemRandom, signature};
use serde_json::{Value, json};

use crate::{
    Measured, Outcome, Target,
    demo::{Demo, Folder},
    load::{CONNECTIONS, Connection},
    pgbench,
    stage::told,
};

const RATE: u32 = 1000;
const LENGTH: Duration = Duration::from_secs(60);
/// When the program is killed, after the first notice.
const KILLED_AFTER: Duration = Duration::from_secs(4);
const KILLS: usize = 3;
const SIGNERS: u32 = 2;

pub(crate) fn sqlite() -> Outcome<Vec<Measured>> {
    measure(
        [
            "notices, p99, SQLite",
            "notices, slowest, SQLite",
            "acknowledged notices lost by SIGKILL, SQLite",
        ],
        None,
    )
}

pub(crate) fn postgres() -> Outcome<Vec<Measured>> {
    let database = db::testing::postgres(&pgbench::server()?);
    let names = [
        "notices, p99, PostgreSQL",
        "notices, slowest, PostgreSQL",
        "acknowledged notices lost by SIGKILL, PostgreSQL",
    ];
    measure(names, Some(&database))
}

fn measure(names: [&'static str; 3], database: Option<&TestDb>) -> Outcome<Vec<Measured>> {
    let folder = Folder::new()?;
    let database = match database.map(TestDb::config) {
        Some(db::Config::Postgres { url, .. }) => Some(url.reveal().clone()),
        _ => None,
    };
    let mut demo = Demo::start_on(&folder, database.as_deref())?;
    let office = Office::open(folder.path())?;
    let letters = office.letters("load", u32::try_from(LENGTH.as_secs())? * RATE)?;
    let fresh = letters.iter().filter(|letter| letter.kind == Kind::Fresh).count();
    let whole = send(demo.address, letters, None)?;
    let wrong = whole
        .iter()
        .filter(|answer| answer.status != answer.awaited)
        .count();
    if wrong > 0 {
        return Err(format!("{wrong} notices were answered wrongly").into());
    }
    let mut waits: Vec<f64> = whole
        .iter()
        .map(|answer| answer.wait.as_secs_f64() * 1e3)
        .collect();
    if std::env::var_os("TUINA_BENCH_SECONDS").is_some() {
        print_seconds(&whole);
    }
    waits.sort_by(f64::total_cmp);
    let p99 = waits[waits.len() * 99 / 100];
    let slowest = waits[waits.len() - 1];
    let mut lost = Vec::new();
    let mut acknowledged = taken(&whole);
    for kill in 0..KILLS {
        // More than can be sent before the end.
        let letters = office.letters(
            &format!("kill{kill}"),
            2 * RATE * u32::try_from(KILLED_AFTER.as_secs())?,
        )?;
        acknowledged.extend(taken(&send(demo.address, letters, Some(demo))?));
        demo = Demo::start_on(&folder, database.as_deref())?;
        let inbox = inbox(folder.path(), database.as_deref())?;
        lost.push(acknowledged.difference(&inbox).count() as f64);
    }
    let row = |what, unit, ours, target, remark| Measured {
        what,
        unit,
        ours,
        target,
        remark,
    };
    let mixed = format!(
        "{RATE}/s for {} s: {fresh} new, 30 % repeated, 10 % forged",
        LENGTH.as_secs()
    );
    let killed = format!(
        "{KILLS} times killed and started again; {} were acknowledged",
        acknowledged.len()
    );
    Ok(vec![
        row(names[0], "ms", vec![p99], Target::AtMost(500.0), mixed),
        row(
            names[1],
            "ms",
            vec![slowest],
            Target::AtMost(5000.0),
            String::new(),
        ),
        row(names[2], "lost", lost, Target::Always(0.0), killed),
    ])
}

/// The longest wait of the notices that were due in each second: shows whether one stall or a slow program is behind a p99.
fn print_seconds(answers: &[Answer]) {
    let mut longest = vec![0.0_f64; LENGTH.as_secs() as usize + 1];
    for answer in answers {
        let second = &mut longest[answer.due.as_secs() as usize];
        *second = second.max(answer.wait.as_secs_f64() * 1e3);
    }
    let words: Vec<String> = longest.iter().map(|wait| format!("{wait:.0}")).collect();
    eprintln!("longest wait in each second, ms: {}", words.join(" "));
}

/// What a letter is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Fresh,
    Repeated,
    Forged,
}

/// A notice as it goes over the line.
struct Letter {
    id: Arc<str>,
    kind: Kind,
    request: String,
}

/// What was said to it.
struct Answer {
    id: Arc<str>,
    status: u16,
    awaited: u16,
    /// From the first notice on.
    due: Duration,
    /// From the moment it was due.
    wait: Duration,
}

fn taken(answers: &[Answer]) -> HashSet<String> {
    let taken = answers.iter().filter(|answer| answer.status == 204);
    taken.map(|answer| answer.id.to_string()).collect()
}

/// WeChat Pay's own keys, as the local WeChat keeps them.
struct Office {
    platform: signature::RsaKeyPair,
    serial: String,
    api_v3_key: String,
    mchid: String,
    app_id: String,
}

impl Office {
    fn open(folder: &Path) -> Outcome<Office> {
        let folder = folder.join("sandbox");
        let credentials: Value = serde_json::from_slice(&fs::read(folder.join("credentials.json"))?)?;
        let text = |pointer: &str| {
            let found = credentials.pointer(pointer).and_then(Value::as_str);
            found
                .map(str::to_owned)
                .ok_or_else(|| format!("credentials without {pointer}"))
        };
        let pem = fs::read_to_string(folder.join("platform_key.pem"))?;
        let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        Ok(Office {
            platform: signature::RsaKeyPair::from_pkcs8(&BASE64_STANDARD.decode(base64)?)
                .map_err(|error| format!("the platform's key: {error}"))?,
            serial: text("/platform/public_key_id")?,
            api_v3_key: text("/partner/api_v3_key")?,
            mchid: text("/partner/mchid")?,
            app_id: text("/app_id")?,
        })
    }

    /// So many notices; of ten, three repeat an earlier one and one is changed after it was signed. Signing is slow, so it is
    /// done beforehand by several threads; what one repeats it has made itself.
    fn letters(&self, name: &str, count: u32) -> Outcome<Vec<Letter>> {
        let share = count / SIGNERS;
        let shares: Vec<Outcome<Vec<Letter>>> = thread::scope(|scope| {
            let signing: Vec<_> = (0..SIGNERS)
                .map(|signer| {
                    scope.spawn(move || {
                        self.share(&format!("{name}-{signer}"), share)
                            .map_err(|error| error.to_string())
                    })
                })
                .collect();
            let joined = signing
                .into_iter()
                .map(|signing| signing.join().expect("signing does not panic"));
            joined.map(|share| share.map_err(Into::into)).collect()
        });
        // One from each in turn: a repetition comes a while after the first.
        let mut shares = shares.into_iter().collect::<Outcome<Vec<_>>>()?;
        let mut letters = Vec::new();
        while shares.iter().any(|share| !share.is_empty()) {
            letters.extend(shares.iter_mut().filter_map(Vec::pop));
        }
        letters.reverse();
        Ok(letters)
    }

    fn share(&self, name: &str, count: u32) -> Outcome<Vec<Letter>> {
        let mut letters: Vec<Letter> = Vec::new();
        for number in 0..count {
            letters.push(match number % 10 {
                3 | 6 | 9 => {
                    let first = &letters[letters.len() / 10 * 10];
                    Letter {
                        id: first.id.clone(),
                        kind: Kind::Repeated,
                        request: first.request.clone(),
                    }
                }
                4 => self.letter(&format!("{name}-{number}"), Kind::Forged)?,
                _ => self.letter(&format!("{name}-{number}"), Kind::Fresh)?,
            });
        }
        Ok(letters)
    }

    fn letter(&self, id: &str, kind: Kind) -> Outcome<Letter> {
        let nonce = "uluk4a9R25RW";
        let plain = json!({
            "sp_appid": self.app_id, "sp_mchid": self.mchid, "sub_mchid": "1900000109", "out_trade_no": id,
            "transaction_id": id, "trade_type": "JSAPI", "trade_state": "SUCCESS", "trade_state_desc": "支付成功",
            "bank_type": "OTHERS", "attach": "", "success_time": "2026-11-22T16:34:56+08:00",
            "payer": {"sp_openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
            "amount": {"total": 12800, "payer_total": 12800, "currency": "CNY", "payer_currency": "CNY"},
        });
        let key = aead::UnboundKey::new(&aead::AES_256_GCM, self.api_v3_key.as_bytes());
        let key = aead::LessSafeKey::new(key.map_err(|_| "the APIv3 key has not 32 bytes")?);
        let mut sealed = plain.to_string().into_bytes();
        let once = aead::Nonce::try_assume_unique_for_key(nonce.as_bytes()).expect("12 bytes");
        key.seal_in_place_append_tag(once, aead::Aad::from("transaction"), &mut sealed)
            .expect("a short text");
        let body = json!({
            "id": id, "create_time": "2026-11-22T16:34:56+08:00", "resource_type": "encrypt-resource",
            "event_type": "TRANSACTION.SUCCESS", "summary": "支付成功",
            "resource": {
                "original_type": "transaction", "algorithm": "AEAD_AES_256_GCM", "associated_data": "transaction",
                "ciphertext": BASE64_STANDARD.encode(sealed), "nonce": nonce,
            },
        })
        .to_string();
        let now_s = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let signature = self.sign(&format!("{now_s}\n{nonce}\n{body}\n"));
        let body = match kind {
            Kind::Forged => body.replace("TRANSACTION.SUCCESS", "TRANSACTION.SUCCESs"),
            Kind::Fresh | Kind::Repeated => body,
        };
        let request = format!(
            "POST /wechat/pay/notices/payment HTTP/1.1\r\nHost: tuina\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nWechatpay-Timestamp: {now_s}\r\nWechatpay-Nonce: {nonce}\r\nWechatpay-Serial: {}\r\n\
             Wechatpay-Signature-Type: WECHATPAY2-SHA256-RSA2048\r\nWechatpay-Signature: {signature}\r\n\r\n{body}",
            body.len(),
            self.serial
        );
        Ok(Letter {
            id: id.into(),
            kind,
            request,
        })
    }

    fn sign(&self, message: &str) -> String {
        let mut signed = vec![0; self.platform.public().modulus_len()];
        self.platform
            .sign(
                &signature::RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message.as_bytes(),
                &mut signed,
            )
            .expect("the buffer fits");
        BASE64_STANDARD.encode(signed)
    }
}

/// Sends each at its moment. A program to be killed is killed in the middle; then the answers until then are given.
fn send(address: SocketAddr, letters: Vec<Letter>, victim: Option<Demo>) -> Outcome<Vec<Answer>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let letters: Arc<[Letter]> = letters.into();
    let killed = Arc::new(AtomicBool::new(false));
    let executioner = victim.map(|victim| {
        let killed = killed.clone();
        thread::spawn(move || {
            thread::sleep(KILLED_AFTER);
            killed.store(true, Ordering::SeqCst);
            drop(victim);
        })
    });
    let begun = Instant::now();
    let answers = runtime.block_on(async {
        let delivering: Vec<_> = (0..CONNECTIONS)
            .map(|first| tokio::spawn(deliver(address, letters.clone(), first, begun, killed.clone())))
            .collect();
        let mut answers = Vec::new();
        for connection in delivering {
            answers.extend(connection.await??);
        }
        Ok::<_, Box<dyn std::error::Error>>(answers)
    });
    if let Some(executioner) = executioner {
        executioner
            .join()
            .map_err(|_| "the program could not be killed")?;
    }
    answers
}

/// One connection's letters. After the killing a broken line is the end, before it an error.
async fn deliver(
    address: SocketAddr,
    letters: Arc<[Letter]>,
    first: u32,
    begun: Instant,
    killed: Arc<AtomicBool>,
) -> std::io::Result<Vec<Answer>> {
    let mut connection = Connection::open(address).await?;
    let mut answers = Vec::new();
    for number in (first..).step_by(CONNECTIONS as usize) {
        let Some(letter) = letters.get(number as usize) else {
            break;
        };
        let after = Duration::from_secs(1) / RATE * number;
        let due = begun + after;
        tokio::time::sleep_until(due.into()).await;
        match connection.ask(&letter.request).await {
            Ok(status) => answers.push(Answer {
                id: letter.id.clone(),
                status,
                awaited: if letter.kind == Kind::Forged { 401 } else { 204 },
                due: after,
                wait: due.elapsed(),
            }),
            Err(_) if killed.load(Ordering::SeqCst) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(answers)
}

/// The numbers of the notices that lie in the inbox.
fn inbox(folder: &Path, database: Option<&str>) -> Outcome<HashSet<String>> {
    let config = match database {
        Some(url) => db::Config::Postgres {
            url: Secret::new(url.to_owned()),
            threads: 1,
        },
        None => db::Config::Sqlite {
            path: folder.join("demo.db"),
        },
    };
    let world = World::new(|| kernel::Instant(0), || 1);
    let db = Db::open(config, world, Listeners::default()).map_err(told)?;
    let found = db.read(payment::taken_notices).wait().map_err(told)?;
    Ok(found.into_iter().collect())
}

//! `tuina doctor`: says in plain words what is missing or wrong, and what to do about it.

use anyhow::{Result, bail};
use kernel::{Actor, Lang};

use crate::{books, config::Config, outside::Outside, program};

/// One thing looked at.
pub(crate) struct Finding {
    pub(crate) good: bool,
    pub(crate) words: String,
}

fn good(words: impl Into<String>) -> Finding {
    Finding {
        good: true,
        words: words.into(),
    }
}

fn bad(words: impl Into<String>) -> Finding {
    Finding {
        good: false,
        words: words.into(),
    }
}

/// Looks at everything, prints a line for each, and fails when something is wrong.
pub fn examine(config: &Config) -> Result<()> {
    let mut findings = vec![doors(config)];
    findings.extend(database(config));
    findings.extend(wechat(config));
    findings.extend(pay(config));
    findings.push(voice(config));
    findings.push(map(config));
    let wrong = findings.iter().filter(|finding| !finding.good).count();
    for finding in findings {
        println!(
            "{} {}",
            if finding.good { "ok   " } else { "WRONG" },
            finding.words
        );
    }
    if wrong > 0 {
        bail!("{wrong} of these must be put right");
    }
    Ok(())
}

fn doors(config: &Config) -> Finding {
    let url = &config.server.base_url;
    if url.starts_with("https://") {
        good(format!("people reach the program at {url}"))
    } else if url.starts_with("http://127.0.0.1") || url.starts_with("http://localhost") {
        good(format!(
            "people reach the program at {url}: on this machine only; WeChat needs HTTPS and a registered domain"
        ))
    } else {
        bad(format!(
            "[server] base_url is {url}: WeChat and browsers need https:// here"
        ))
    }
}

fn database(config: &Config) -> Vec<Finding> {
    let db = match program::open(config, &[]) {
        Ok(db) => db,
        Err(error) => return vec![bad(format!("the database cannot be opened: {error:#}"))],
    };
    let mut findings = Vec::new();
    match db.health().wait() {
        Ok(health) => {
            findings.push(good(format!("the database answers: {}", health.version)));
            findings.push(match health.dead_jobs {
                0 => good("no job has given up"),
                dead => bad(format!(
                    "{dead} jobs have given up: look at the log for their names, mend the cause"
                )),
            });
            if let Some(due) = health.oldest_due {
                let minutes = db.world().now().minutes_since(due);
                findings.push(if minutes > 10 {
                    bad(format!(
                        "the oldest waiting job has been due for {minutes} minutes: is `tuina serve` running?"
                    ))
                } else {
                    good("no job waits long")
                });
            }
        }
        Err(error) => {
            findings.push(bad(format!(
                "the database does not answer: {error}; run `tuina migrate` if it is new"
            )));
        }
    }
    match db.quick_check() {
        Ok(faults) if faults.is_empty() => findings.push(good("the database file is sound")),
        Ok(faults) => findings.push(bad(format!(
            "the database file is damaged: {}; restore a backup",
            faults.join("; ")
        ))),
        Err(error) => findings.push(bad(format!("the database file cannot be checked: {error}"))),
    }
    findings.extend(ledger(&db));
    findings
}

/// The whole books: every balance, every hash.
pub(crate) fn ledger(db: &db::Db) -> Vec<Finding> {
    let report = match ledger::audit(db) {
        Ok(report) => report,
        Err(error) => {
            return vec![bad(format!(
                "the books cannot be read: {error}; run `tuina migrate` if the database is new"
            ))];
        }
    };
    if report.sound() {
        return vec![good(format!(
            "the books are right: {} accounts, {} transfers, the journal holds up to entry {}",
            report.accounts, report.transfers, report.place
        ))];
    }
    let mut findings: Vec<Finding> = report
        .differences
        .iter()
        .map(|found| {
            bad(format!(
                "account {}: the balance says {:?}, its transfers add up to {:?}{}",
                found.account,
                found.kept,
                found.summed,
                if found.guarded {
                    ""
                } else {
                    "; its guard was changed"
                }
            ))
        })
        .collect();
    if let Some(broken) = &report.broken {
        findings.push(bad(books::words(broken)));
    }
    if report.unlisted > 0 {
        findings.push(bad(format!(
            "{} transfers were not made by this program",
            report.unlisted
        )));
    }
    for (unit, sum) in report.sums().into_iter().filter(|(_, sum)| *sum != 0) {
        findings.push(bad(format!(
            "all accounts in {unit} add up to {sum} instead of zero"
        )));
    }
    findings
}

fn wechat(config: &Config) -> Vec<Finding> {
    let wechat = &config.wechat;
    if wechat.app_id.is_empty() {
        return vec![bad(
            "[wechat] app_id is missing: customers cannot sign in and no message is sent",
        )];
    }
    let mut findings = Vec::new();
    if wechat.callback_token.reveal().is_empty() || wechat.encoding_aes_key.reveal().is_empty() {
        findings.push(bad(
            "[wechat] callback_token and encoding_aes_key are missing: messages from WeChat are refused",
        ));
    }
    let templates: alert::Templates = wechat.templates.clone().into_iter().collect();
    for title in templates.missing() {
        findings.push(bad(format!(
            "[wechat.templates] has no \"{title}\": that message is not sent"
        )));
    }
    let now = program::world().cx(Actor::System("doctor"), Lang::Zh).now();
    findings.push(match Outside::connect(config) {
        Ok(outside) => match outside.official.account.access_token(wechat::At::now(now.seconds())) {
            Ok(_) => good(format!("WeChat gives account {} a token", wechat.app_id)),
            Err(error) => bad(format!(
                "WeChat gives account {} no token: {error}; check app_secret and the IP whitelist (IP 白名单)",
                wechat.app_id
            )),
        },
        Err(error) => bad(format!("{error:#}")),
    });
    findings
}

fn pay(config: &Config) -> Vec<Finding> {
    if config.pay.sp_mchid.is_empty() {
        return vec![bad("[pay] sp_mchid is missing: nobody can pay")];
    }
    let outside = match Outside::connect(config) {
        Ok(outside) => outside,
        Err(error) => return vec![bad(format!("{error:#}"))],
    };
    let mut findings = vec![good(format!(
        "the keys of merchant {} can be read",
        config.pay.sp_mchid
    ))];
    if config.pay.believes.certificates() {
        findings.push(certificates(&outside));
    }
    findings
}

/// Whether WeChat Pay gives the certificates by which its signatures are to be checked.
fn certificates(outside: &Outside) -> Finding {
    const DAY_S: i64 = 86_400;
    let cx = program::world().cx(Actor::System("doctor"), Lang::Zh);
    outside.pay.renew_certificates(&cx);
    let believed = outside.pay.believed();
    let ends = believed.iter().filter_map(|(_, ends_s)| *ends_s).max();
    match ends.map(|ends_s| (ends_s - cx.now().seconds()) / DAY_S) {
        Some(days) => good(format!(
            "WeChat Pay gives its certificates; the youngest is good for {days} days"
        )),
        None => bad(
            "WeChat Pay gives no certificates, so nothing it says is believed: check serial, private_key_file and api_v3_key, or set [pay] believes to \"public-key\" if the merchant has only that",
        ),
    }
}

fn voice(config: &Config) -> Finding {
    match telecom::EspeakNg::new(&config.speech.espeak).version() {
        Ok(version) => good(format!("the server can speak: {version}")),
        Err(error) => bad(format!(
            "the server cannot speak for browsers without a Mandarin voice: {error}"
        )),
    }
}

fn map(config: &Config) -> Finding {
    match (config.map.tiles.is_empty(), config.map.credit.is_empty()) {
        (true, _) => good("the map shows the subway diagram; no tiles are configured"),
        (false, false) => good("the map shows the configured tiles with their credit"),
        (false, true) => {
            bad("[map] credit is missing: public maps must show the map approval number (审图号)")
        }
    }
}

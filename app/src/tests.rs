//! What only the whole program can be asked.

mod books;
mod contract;
mod foreign;

use std::{collections::BTreeSet, fs};

use crate::{config::Config, modules, outside::Outside};

/// Keys that protect nothing, so that the program can be put together without a WeChat.
fn outside() -> Outside {
    Outside::connect(&config()).unwrap()
}

fn config() -> Config {
    let folder = tidy::root().join("crates/wechat/tests/keys");
    let mut config = Config::load(None, std::iter::empty()).unwrap();
    config.wechat.app_id = "wx0000000000000000".to_owned();
    config.wechat.encoding_aes_key = kernel::Secret::new("A".repeat(43));
    config.pay.sp_mchid = "1900000001".to_owned();
    config.pay.serial = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1".to_owned();
    config.pay.api_v3_key = kernel::Secret::new("0123456789abcdef0123456789abcdef".to_owned());
    config.pay.public_key_id = "PUB_KEY_ID_0000000000000000000000000001".to_owned();
    config.pay.private_key_file = folder.join("merchant_private.pem");
    config.pay.public_key_file = folder.join("platform_public.pem");
    config
}

#[test]
fn permissions_stand_in_the_checked_in_list() {
    let mut lines: Vec<String> = modules::all(&outside())
        .iter()
        .flat_map(|module| module.routes.entries().to_vec())
        .map(|entry| {
            format!(
                "{:<6}{:<81} {:<11} {}",
                entry.method, entry.path, entry.allow, entry.module
            )
        })
        .collect();
    lines.sort_by_key(|line| line[6..].to_owned());
    let now = format!(
        "# Who may call what. Made by: UPDATE=1 cargo test -p tuina permissions\n{}\n",
        lines.join("\n")
    );
    let file = tidy::root().join("docs/api/permissions.txt");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, &now).unwrap();
    }
    let listed = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        now == listed,
        "docs/api/permissions.txt is not what the routes say; run with UPDATE=1 and read the diff"
    );
}

#[test]
fn every_refusal_has_its_words() {
    let modules = modules::all(&outside());
    let texts = crate::program::texts(&modules).unwrap();
    let missing: Vec<String> = modules
        .iter()
        .flat_map(|module| module.refusals)
        .map(|code| code.replace(['.', '_'], "-"))
        .filter(|key| !texts.has(key))
        .collect();
    assert!(missing.is_empty(), "refusals without words: {missing:?}");
}

#[test]
fn every_listener_is_a_job() {
    let modules = modules::all(&outside());
    let jobs: BTreeSet<&str> = modules
        .iter()
        .flat_map(|module| &module.jobs)
        .map(db::Job::name)
        .collect();
    for (event, job) in modules.iter().flat_map(|module| &module.listens) {
        assert!(jobs.contains(job), "{event} wakes {job}, which is no job");
    }
}

#[test]
fn every_statement_is_understood_by_both_engines() {
    let statements = tidy::statements();
    assert!(statements.len() > 100, "the stores were found");
    for engine in db::testing::engines() {
        let clock = kernel::World::new(|| kernel::Instant(1_795_312_800_000), || 1);
        let db = engine.open(clock, db::Listeners::default()).unwrap();
        for module in modules::all(&outside()) {
            db.migrate(module.migrations).unwrap();
        }
        let wrong: Vec<String> = statements
            .iter()
            .filter_map(|statement| {
                let sql = statement.sql.clone();
                let checked = db.read(move |tx| tx.check(&sql)).wait();
                checked
                    .err()
                    .map(|error| format!("{}:{} {error}", statement.file, statement.line))
            })
            .collect();
        assert!(
            wrong.is_empty(),
            "{:?} does not understand\n{}",
            engine.engine(),
            wrong.join("\n")
        );
    }
}

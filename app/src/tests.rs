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

/// Tables that get rows with every order and keep them.
const GROWING: [&str; 31] = [
    "alert",
    "alert_message",
    "alert_step",
    "assignment",
    "booking",
    "booking_change",
    "booking_step",
    "claim",
    "customer",
    "integration_delivery",
    "ledger_account",
    "ledger_balance",
    "ledger_journal",
    "ledger_transfer",
    "order_allocation",
    "order_answer",
    "order_asked_refund",
    "order_line",
    "order_line_refund",
    "order_order",
    "order_return",
    "order_step",
    "order_taking",
    "payment_bill_shop",
    "payment_notice",
    "payment_payment",
    "payment_refund",
    "payment_refund_step",
    "payment_step",
    "review",
    "span",
];
/// Indices that hold only what somebody still has to do something about.
const FEW: [&str; 6] = [
    "booking_change_shop",
    "order_order_at_work",
    "payment_refund_troubled",
    "payment_refund_unbilled",
    "payment_refund_waiting",
    "review_unanswered",
];
/// Who may read through everything: the nightly look through the books, and checks after a crash. And through all that one
/// customer ever did: the deletion of the account.
const READ_THROUGH: [&str; 6] = [
    "ledger_balance b JOIN ledger_account a",
    "notice_id FROM payment_notice",
    "FROM booking b JOIN booking_case c",
    "IN (SELECT id FROM booking WHERE customer_id = $1)",
    "UPDATE booking SET name = $2",
    "UPDATE review SET author = $2",
];

/// A page that reads all that a shop ever did grows slower with every order, and nobody sees it in a young database.
#[test]
fn no_statement_reads_through_what_grows() {
    let engine = db::testing::sqlite();
    let clock = kernel::World::new(|| kernel::Instant(1_795_312_800_000), || 1);
    let db = engine.open(clock, db::Listeners::default()).unwrap();
    for module in modules::all(&outside()) {
        db.migrate(module.migrations).unwrap();
    }
    let (mut looked_at, mut slow) = (0, Vec::new());
    // The invariants of the simulation look at everything, in a small world.
    let statements = tidy::statements().into_iter();
    for statement in statements.filter(|statement| !statement.file.starts_with("crates/sim/")) {
        let sql = statement.sql.clone();
        // What PostgreSQL alone understands is not looked at.
        let Ok(plan) = db.read(move |tx| tx.plan(&sql)).wait() else {
            continue;
        };
        looked_at += 1;
        if plan.iter().any(|step| reads_through(&statement.sql, step, &plan)) {
            slow.push(format!("{}:{} {plan:?}", statement.file, statement.line));
        }
    }
    assert!(looked_at > 200, "{looked_at} statements were looked at");
    assert!(slow.is_empty(), "read through what grows:\n{}", slow.join("\n"));
    let old = "SELECT id FROM order_order WHERE shop_id = $1 AND state = 'open' ORDER BY id DESC LIMIT 500";
    let plan = db.read(move |tx| tx.plan(old)).wait().unwrap();
    assert!(
        plan.iter().any(|step| reads_through(old, step, &plan)),
        "{plan:?}"
    );
}

fn reads_through(sql: &str, step: &str, plan: &[String]) -> bool {
    let mut words = step.split(' ');
    let (verb, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let grows = GROWING
        .iter()
        .any(|table| name == *table || sql.contains(&format!(" {table} {name} ")));
    let whole = verb == "SCAN" || step.ends_with("(shop_id=?)") || step.ends_with("(customer_id=?)");
    // The first so many in the order of an index.
    let first = sql.contains(" LIMIT ")
        && !sql.contains(" AND ")
        && !plan.iter().any(|step| step.contains("TEMP B-TREE"));
    let allowed =
        FEW.iter().any(|index| step.contains(index)) || READ_THROUGH.iter().any(|known| sql.contains(known));
    grows && whole && !first && !allowed
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

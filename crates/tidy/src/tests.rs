mod edge_cases;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use crate::{Source, is_sql, root, sources, statements};

/// Fails with every finding at once, each on its line.
fn none(rule: &str, findings: Vec<String>) {
    assert!(findings.is_empty(), "{rule}\n  {}", findings.join("\n  "));
}

/// The names of the workspace's members that `member` depends on, outside tests.
fn arrows_of(member: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join(member).join("Cargo.toml")).expect("a member has a manifest");
    let manifest: toml::Table = text.parse().expect("a manifest is TOML");
    let ours = members();
    manifest
        .get("dependencies")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flat_map(toml::Table::keys)
        .filter(|name| ours.contains_key(*name))
        .cloned()
        .collect()
}

/// Folder of each member by its crate's name.
fn members() -> BTreeMap<String, String> {
    let mut found = BTreeMap::from([
        ("tuina".to_owned(), "app".to_owned()),
        ("sandbox".to_owned(), "sandbox".to_owned()),
        ("bench".to_owned(), "bench".to_owned()),
        ("fuzz".to_owned(), "fuzz".to_owned()),
    ]);
    for tier in ["modules", "crates"] {
        for entry in fs::read_dir(root().join(tier))
            .expect("the tier exists")
            .flatten()
        {
            if entry.path().join("Cargo.toml").exists() {
                let name = entry.file_name().to_string_lossy().into_owned();
                found.insert(name.clone(), format!("{tier}/{name}"));
            }
        }
    }
    found
}

/// The arrows that ARCHITECTURE.md allows: lines `name -> name, name` in its block marked `arrows`.
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md exists");
    let (_, rest) = text
        .split_once("```arrows\n")
        .expect("ARCHITECTURE.md has a block marked arrows");
    let (block, _) = rest.split_once("```").expect("the block ends");
    block
        .lines()
        .filter_map(|line| line.split_once("->"))
        .map(|(from, to)| {
            let to = to
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect();
            (from.trim().to_owned(), to)
        })
        .collect()
}

#[test]
fn every_arrow_stands_in_the_architecture() {
    let allowed = allowed();
    let mut wrong = Vec::new();
    for (name, folder) in members() {
        let may = allowed.get(&name).cloned().unwrap_or_default();
        if !allowed.contains_key(&name) {
            wrong.push(format!("{folder}: ARCHITECTURE.md does not know it"));
        }
        for to in arrows_of(&folder).difference(&may) {
            wrong.push(format!("{name} -> {to}"));
        }
    }
    none("These arrows do not stand in ARCHITECTURE.md:", wrong);
}

#[test]
fn no_arrow_points_up() {
    let members = members();
    let tier = |name: &str| match members.get(name).map(String::as_str) {
        // The simulation plays the whole program: nothing but a person stands above it.
        Some("crates/sim") => 2,
        Some(folder) if folder.starts_with("crates/") => 0,
        Some(folder) if folder.starts_with("modules/") => 1,
        _ => 2,
    };
    let mut wrong = Vec::new();
    for (name, folder) in &members {
        for to in arrows_of(folder) {
            if tier(&to) > tier(name) {
                wrong.push(format!("{name} -> {to}"));
            }
        }
    }
    none("Arrows only go down:", wrong);
}

#[test]
fn payment_does_not_know_what_is_paid_for() {
    let arrows = arrows_of("modules/payment");
    for module in ["order", "booking", "scheduling"] {
        assert!(!arrows.contains(module), "payment must not know {module}");
    }
}

#[test]
fn only_stores_speak_sql() {
    let mut wrong = Vec::new();
    for source in sources() {
        let may = source.is_store() || source.is_test() || source.path.starts_with("crates/db/");
        if may || source.member() == "bench" || source.member() == "crates/tidy" {
            continue;
        }
        for literal in source.literals().iter().filter(|literal| is_sql(&literal.text)) {
            wrong.push(format!("{}:{}", source.path, literal.line));
        }
    }
    none("SQL stands outside a store:", wrong);
}

#[test]
fn a_store_touches_its_own_tables_only() {
    let mut tables: BTreeMap<String, String> = BTreeMap::new();
    for folder in members().into_values() {
        let Ok(files) = fs::read_dir(root().join(&folder).join("migrations")) else {
            continue;
        };
        for file in files.flatten() {
            let text = fs::read_to_string(file.path()).expect("a migration is readable");
            for created in text.split("CREATE TABLE ").skip(1) {
                let name = created
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .next()
                    .unwrap_or_default();
                tables.insert(name.to_owned(), folder.clone());
            }
        }
    }
    assert!(tables.len() > 10, "the migrations were found");
    let mut wrong = Vec::new();
    for statement in statements() {
        let Some(member) = statement.file.split("/src/").next() else {
            continue;
        };
        // The invariants of the simulation span all parts, and must not believe what the parts say of themselves.
        if member == "crates/sim" {
            continue;
        }
        for name in tables_in(&statement.sql) {
            if tables.get(name).is_some_and(|owner| owner != member) {
                wrong.push(format!(
                    "{}:{} reads or writes {name}",
                    statement.file, statement.line
                ));
            }
        }
    }
    none("A store touches a table of another part:", wrong);
}

/// The words that follow FROM, JOIN, INTO and UPDATE.
fn tables_in(sql: &str) -> Vec<&str> {
    let words: Vec<&str> = sql
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect();
    words
        .windows(2)
        .filter(|pair| matches!(pair[0], "FROM" | "JOIN" | "INTO" | "UPDATE"))
        .map(|pair| pair[1])
        .collect()
}

#[test]
fn nothing_but_the_program_reads_a_clock_or_draws_chance() {
    const CLOCKS: [&str; 6] = [
        "SystemTime::now",
        "time::Instant::now",
        "rand::rng()",
        "thread_rng",
        "getrandom::",
        "Timestamp::now",
    ];
    let mut wrong = Vec::new();
    for source in sources() {
        let may = source.is_test()
            || matches!(source.member(), "app" | "bench" | "sandbox" | "crates/tidy")
            // The front door of the simulation says how fast it was.
            || source.path == "crates/sim/src/main.rs"
            // Those who kill the real program measure how long it is away.
            || source.path.starts_with("crates/sim/src/kills/")
            // The stores' own threads measure how long they wait; no action sees it.
            || source.path.starts_with("crates/db/")
            // Speaking has a time limit of its own.
            || source.path.starts_with("crates/telecom/");
        if may {
            continue;
        }
        for (line, text) in source.code().lines().enumerate() {
            if CLOCKS.iter().any(|clock| text.contains(clock)) {
                wrong.push(format!("{}:{}", source.path, line + 1));
            }
        }
    }
    none("Time and chance come from Cx alone:", wrong);
}

#[test]
fn rules_do_no_io() {
    const IO: [&str; 9] = [
        "db::",
        "web::",
        "wechat::",
        "tokio::",
        "std::fs",
        "std::net",
        "std::process",
        "std::thread",
        "ureq",
    ];
    let mut wrong = Vec::new();
    for source in sources() {
        if !(source.is_model() || source.path.starts_with("crates/kernel/")) {
            continue;
        }
        for (line, text) in source.code().lines().enumerate() {
            let is_code = !text.trim_start().starts_with("//");
            // `wechat::` data without a call may stand in payment's rules: a state's name is not I/O.
            if is_code && IO.iter().any(|io| text.contains(io)) {
                wrong.push(format!("{}:{}", source.path, line + 1));
            }
        }
    }
    none("A model does no I/O:", wrong);
}

#[test]
fn money_is_never_a_float() {
    let mut wrong = Vec::new();
    for source in sources() {
        let about_money = [
            "modules/order/",
            "modules/payment/",
            "modules/ledger/",
            "crates/kernel/src/money.rs",
        ]
        .iter()
        .any(|part| source.path.starts_with(part));
        if !about_money {
            continue;
        }
        for (line, text) in source.text.lines().enumerate() {
            if text.contains("f64") || text.contains("f32") {
                wrong.push(format!("{}:{}", source.path, line + 1));
            }
        }
    }
    none("Money is integer fen:", wrong);
}

#[test]
fn files_stay_short() {
    let long = |source: &Source| source.text.lines().count() > 600;
    none(
        "Files over 600 lines; split them by noun:",
        sources()
            .iter()
            .filter(|source| long(source))
            .map(|source| source.path.clone())
            .collect(),
    );
}

#[test]
fn no_file_is_a_drawer() {
    const DRAWERS: [&str; 9] = [
        "utils", "util", "common", "helpers", "helper", "misc", "manager", "core", "dto",
    ];
    let wrong = sources()
        .iter()
        .map(|source| source.path.clone())
        .filter(|path| path.split(['/', '.']).any(|part| DRAWERS.contains(&part)))
        .collect();
    none("A name must say what is inside:", wrong);
}

#[test]
fn no_working_notes_stand_in_the_tree() {
    let mut notes = Vec::new();
    for folder in [
        "",
        "docs",
        "docs/decisions",
        "app",
        "e2e",
        "crates",
        "modules",
        "sandbox",
    ] {
        let Ok(entries) = fs::read_dir(root().join(folder)) else {
            continue;
        };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().to_lowercase();
            let is_note = ["plan", "todo", "notes", "progress", "summary", "status"]
                .iter()
                .any(|word| name.strip_suffix(".md").is_some_and(|stem| stem.contains(word)));
            if is_note {
                notes.push(entry.path().display().to_string());
            }
        }
    }
    none("Working notes:", notes);
}

#[test]
fn every_module_has_the_same_files() {
    let mut missing = Vec::new();
    for (name, folder) in members()
        .into_iter()
        .filter(|(_, folder)| folder.starts_with("modules/"))
    {
        for part in ["src/lib.rs", "texts/zh-CN.ftl", "texts/en.ftl"] {
            if !root().join(&folder).join(part).exists() {
                missing.push(format!("{folder}/{part}"));
            }
        }
        let lib = fs::read_to_string(root().join(&folder).join("src/lib.rs")).unwrap_or_default();
        if !lib.starts_with("//!") {
            missing.push(format!("{name}: lib.rs does not say what the module is for"));
        }
        if !lib.contains("pub fn module(") {
            missing.push(format!("{name}: no pub fn module()"));
        }
    }
    none("A module lacks a part:", missing);
}

#[test]
fn unfinished_marks_are_absent() {
    // Written apart, so that this file does not find itself.
    let marks = [
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["XX", "X:"].concat(),
    ];
    let mut wrong = Vec::new();
    for source in sources() {
        for (line, text) in source.text.lines().enumerate() {
            if marks.iter().any(|mark| text.contains(mark.as_str())) {
                wrong.push(format!("{}:{}", source.path, line + 1));
            }
        }
    }
    none("Unfinished marks:", wrong);
}

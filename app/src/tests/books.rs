//! `tuina ledger`: what is exported is checked without the database.

use kernel::{Actor, Lang, Money};
use ledger::{Account, Kind, Transfer};

use super::config;
use crate::{books, doctor, program};

#[test]
fn an_exported_journal_is_checked_alone_and_the_first_wrong_line_is_named() {
    let folder = std::env::temp_dir().join(format!("tuina-books-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut config = config();
    config.database.path = folder.join("tuina.db");
    program::migrate(&config).unwrap();
    let db = program::open(&config, &[]).unwrap();
    let cx = program::world().cx(Actor::System("test"), Lang::Zh);
    let write = db.write(move |tx| {
        for id in 1..=5 {
            let transfer = Transfer {
                debit: Account::money("shop", 1, Kind::WeChat),
                credit: Account::money("order", id, Kind::Paid),
                amount: Money(100 * id),
                cause: ("payment", id),
                key: "settled",
            };
            ledger::transfer(&cx, tx, &transfer)?;
        }
        Ok(())
    });
    write.wait().unwrap();
    let mut file = Vec::new();
    let end = books::export(&config, &mut file).unwrap();
    assert_eq!(end.place, 5);
    assert_eq!(books::verify(file.as_slice()).unwrap(), end);
    let text = String::from_utf8(file).unwrap();
    let changed = text.replacen("\"amount\":300", "\"amount\":301", 1);
    let lines: Vec<&str> = text.lines().collect();
    // Not the order of amounts: transfers of one moment have no other order than that of their identifiers.
    let at = 1 + lines
        .iter()
        .position(|line| line.contains("\"amount\":300"))
        .unwrap();
    let said = books::verify(changed.as_bytes()).unwrap_err().to_string();
    assert_eq!(said, format!("line {at}: entry {at} of the journal was changed"));
    let removed = [&lines[..1], &lines[2..]].concat().join("\n");
    let said = books::verify(removed.as_bytes()).unwrap_err().to_string();
    assert!(
        said.starts_with("line 2: entry 2 of the journal is not here"),
        "{said}"
    );
    let mut moved = lines.clone();
    moved.swap(3, 4);
    let said = books::verify(moved.join("\n").as_bytes())
        .unwrap_err()
        .to_string();
    assert!(
        said.starts_with("line 4: entry 4 of the journal is not here"),
        "{said}"
    );

    let sound = doctor::ledger(&db);
    assert!(sound.iter().all(|finding| finding.good), "{}", sound[0].words);
    let tamper = db.write(|tx| {
        tx.run(
            "UPDATE ledger_transfer SET amount = 301 WHERE amount = 300",
            db::params![],
        )
    });
    tamper.wait().unwrap();
    let wrong = doctor::ledger(&db);
    assert_eq!(wrong.iter().filter(|finding| !finding.good).count(), 3);
    assert!(wrong[0].words.starts_with("account "), "{}", wrong[0].words);
    assert_eq!(wrong[2].words, format!("entry {at} of the journal was changed"));
    drop(db);
    std::fs::remove_dir_all(&folder).unwrap();
}

use super::{SCHEMA, on_each};
use crate::{EngineName, Listeners, Migration};

fn changed(sql: &'static str) -> Migration {
    Migration { sql, ..SCHEMA[0] }
}

#[test]
fn migrations_are_applied_once_and_a_changed_text_is_refused() {
    on_each(&Listeners::default(), |_, db, _| {
        assert_eq!(db.migrate(SCHEMA).unwrap(), Vec::<String>::new());
        let next = Migration {
            number: 2,
            name: "0002_next",
            sql: "ALTER TABLE item ADD COLUMN more BIGINT;",
            ..SCHEMA[0]
        };
        assert_eq!(db.migrate(&[SCHEMA[0], next]).unwrap(), ["test/0002_next"]);
        let refused = db
            .migrate(&[changed("CREATE TABLE other (\n id BIGINT\n);")])
            .unwrap_err()
            .to_string();
        assert!(refused.contains("test/0001_test was changed"), "{refused}");
    });
}

#[test]
fn a_migration_that_fails_leaves_nothing() {
    on_each(&Listeners::default(), |_, db, _| {
        let broken = Migration {
            number: 2,
            sql: "CREATE TABLE half (\n id BIGINT\n);\nCREATE TABLE item (\n id BIGINT\n);",
            ..SCHEMA[0]
        };
        assert!(db.migrate(&[broken]).is_err());
        let repaired = Migration {
            number: 2,
            sql: "CREATE TABLE half (\n id BIGINT\n);",
            ..SCHEMA[0]
        };
        assert_eq!(db.migrate(&[repaired]).unwrap().len(), 1);
    });
}

#[test]
fn a_table_that_would_be_loose_on_sqlite_is_refused() {
    on_each(&Listeners::default(), |engine, db, _| {
        let loose = Migration {
            number: 2,
            sql: "CREATE TABLE loose (id BIGINT PRIMARY KEY);",
            ..SCHEMA[0]
        };
        let migrated = db.migrate(&[loose]);
        assert_eq!(
            migrated.is_err(),
            engine.engine() == EngineName::Sqlite,
            "{migrated:?}"
        );
    });
}

#[test]
fn two_nodes_that_migrate_at_once_agree() {
    on_each(&Listeners::default(), |engine, _, clock| {
        let next = Migration {
            number: 2,
            name: "0002_next",
            sql: "CREATE TABLE next (\n id BIGINT PRIMARY KEY\n);",
            ..SCHEMA[0]
        };
        let nodes: Vec<_> = (0..4)
            .map(|_| {
                let db = engine.open(clock.world(), Listeners::default()).unwrap();
                std::thread::spawn(move || db.migrate(&[next]).map(|applied| applied.len()))
            })
            .collect();
        let applied: usize = nodes.into_iter().map(|node| node.join().unwrap().unwrap()).sum();
        assert_eq!(applied, 1);
    });
}

#[test]
fn every_statement_of_the_database_itself_is_valid_on_both() {
    // The literals of this crate's own sources, as `tidy` finds those of the modules.
    let sources = [
        include_str!("../answer.rs"),
        include_str!("../jobs/mod.rs"),
        include_str!("../jobs/runner.rs"),
    ];
    let statements: Vec<&str> = sources
        .iter()
        .flat_map(|source| source.split("const ").skip(1))
        .filter_map(|item| {
            item.split_once(": &str =")?
                .1
                .trim_start()
                .strip_prefix('"')?
                .split_once("\";")
        })
        .map(|(sql, _)| sql)
        .filter(|sql| sql.contains(' '))
        .collect();
    assert!(statements.len() >= 19, "{statements:#?}");
    on_each(&Listeners::default(), move |_, db, _| {
        for sql in &statements {
            let sql = (*sql).to_owned();
            db.write(move |tx| tx.check(&sql)).wait().unwrap();
        }
        assert!(
            db.read(|tx| tx.check("SELECT nothing FROM nowhere"))
                .wait()
                .is_err()
        );
    });
}

use std::fmt::Write;

use anyhow::anyhow;
use kernel::{Error, Result};
use sha2::{Digest, Sha256};

use crate::{Db, EngineName, Tx, params};

/// One step of the schema, never changed once released. Made by [`migrations!`](crate::migrations).
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// The module it belongs to.
    pub module: &'static str,
    /// Its number within the module, from 1.
    pub number: u32,
    /// The name of its file without the ending, such as `0001_booking`.
    pub name: &'static str,
    /// The text in PostgreSQL's words, translated for SQLite.
    pub sql: &'static str,
    /// The text for PostgreSQL, only where it must differ.
    pub pg: Option<&'static str>,
}

/// The migrations of the module that calls it, from its folder `migrations`:
/// `db::migrations!("booking": "0001_booking", "0002_waitlist")` is a `&'static [Migration]`.
///
/// A name followed by `pg` has a second text `NAME.pg.sql` for PostgreSQL.
#[macro_export]
macro_rules! migrations {
    ($module:literal: $($name:literal $($pg:ident)?),* $(,)?) => {
        const { &[$($crate::Migration {
            module: $module,
            number: $crate::migration_number($name),
            name: $name,
            sql: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $name, ".sql")),
            pg: $crate::migrations!(@pg $name $($pg)?),
        }),*] as &'static [$crate::Migration] }
    };
    (@pg $name:literal) => { None };
    (@pg $name:literal pg) => {
        Some(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $name, ".pg.sql")))
    };
}

/// The number that a migration's name begins with.
#[doc(hidden)]
pub const fn migration_number(name: &str) -> u32 {
    let digits = name.as_bytes();
    let (mut number, mut i) = (0, 0);
    while i < digits.len() && digits[i].is_ascii_digit() {
        number = number * 10 + (digits[i] - b'0') as u32;
        i += 1;
    }
    assert!(
        i == 4 && i < digits.len() && digits[i] == b'_',
        "a migration is named like 0001_booking"
    );
    number
}

const OWN: &[Migration] = migrations!("db": "0001_db");
const RECORDS: &str = "CREATE TABLE IF NOT EXISTS migration (
    module TEXT NOT NULL,
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    applied_at BIGINT NOT NULL,
    PRIMARY KEY (module, number)
);";
const RECORD: &str =
    "INSERT INTO migration (module, number, name, hash, applied_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING";
const HASH: &str = "SELECT hash FROM migration WHERE module = $1 AND number = $2";
const NOT_STRICT: &str = "SELECT name FROM pragma_table_list
     WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'";

pub(crate) fn migrate(db: &Db, migrations: &[Migration]) -> Result<Vec<String>> {
    db.write(|tx| tx.batch(&text(RECORDS, tx.engine()))).wait()?;
    let mut applied = Vec::new();
    for migration in OWN.iter().chain(migrations).copied() {
        let now = db.world().now();
        if db.write(move |tx| apply(tx, &migration, now)).wait()? {
            tracing::info!(module = migration.module, name = migration.name, "migrated");
            applied.push(format!("{}/{}", migration.module, migration.name));
        }
    }
    Ok(applied)
}

/// Applies one migration in one transaction unless it is applied already.
fn apply(tx: &mut Tx<'_>, migration: &Migration, now: kernel::Instant) -> Result<bool> {
    let Migration { module, name, .. } = *migration;
    let number = i64::from(migration.number);
    let hash = hash(migration);
    // The record first: of two nodes that migrate at once, the second waits here for the first.
    if tx.run(RECORD, params![module, number, name, &hash, now])? == 0 {
        let known: String = tx.one(HASH, params![module, number], |row| row.get(0))?;
        if known == hash {
            return Ok(false);
        }
        return Err(Error::Fault(anyhow!(
            "migration {module}/{name} was changed after it was applied; a released migration is never edited, add a \
             new one"
        )));
    }
    let source = match tx.engine() {
        EngineName::Postgres => migration.pg.unwrap_or(migration.sql),
        EngineName::Sqlite => migration.sql,
    };
    tx.batch(&text(source, tx.engine()))?;
    if tx.engine() == EngineName::Sqlite {
        let loose = tx.all(NOT_STRICT, params![], |row| row.get::<String>(0))?;
        if !loose.is_empty() {
            return Err(Error::Fault(anyhow!(
                "migration {module}/{name} makes {loose:?} without STRICT: the closing `);` of a table starts a line"
            )));
        }
    }
    Ok(true)
}

fn hash(migration: &Migration) -> String {
    let mut sha = Sha256::new();
    sha.update(migration.sql);
    sha.update([0]);
    sha.update(migration.pg.unwrap_or_default());
    sha.finalize().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes every text");
        text
    })
}

/// The migration in the words of the engine. Closing lines of tables and the names of types differ.
fn text(sql: &str, engine: EngineName) -> String {
    let mut text = String::with_capacity(sql.len() + 64);
    for line in sql.lines() {
        let code = line.split("--").next().unwrap_or_default().trim_end();
        text += &match (engine, code) {
            (EngineName::Postgres, ") WITHOUT ROWID;") => ");".to_owned(),
            (EngineName::Postgres, code) => code.to_owned(),
            (EngineName::Sqlite, ");") => ") STRICT;".to_owned(),
            (EngineName::Sqlite, ") WITHOUT ROWID;") => ") STRICT, WITHOUT ROWID;".to_owned(),
            (EngineName::Sqlite, code) => sqlite_types(code),
        };
        text.push('\n');
    }
    text
}

fn sqlite_types(line: &str) -> String {
    let line = line.replace("DOUBLE PRECISION", "REAL");
    let mut out = String::with_capacity(line.len());
    for piece in line.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
        let word = piece.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let translated = match word {
            "BIGINT" => "INTEGER",
            "BYTEA" => "BLOB",
            other => other,
        };
        out.push_str(translated);
        out.push_str(&piece[word.len()..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_closing_lines_are_translated() {
        let sql = "CREATE TABLE a (\n  id BIGINT PRIMARY KEY, -- BIGINT; it's\n  at DOUBLE PRECISION,\n  b BYTEA\n);\n\
                   CREATE TABLE c (\n  my_BIGINT BIGINT,PRIMARY KEY (x)\n) WITHOUT ROWID;";
        assert_eq!(
            text(sql, EngineName::Sqlite),
            "CREATE TABLE a (\n  id INTEGER PRIMARY KEY,\n  at REAL,\n  b BLOB\n) STRICT;\n\
             CREATE TABLE c (\n  my_BIGINT INTEGER,PRIMARY KEY (x)\n) STRICT, WITHOUT ROWID;\n"
        );
        assert!(text(sql, EngineName::Postgres).ends_with("PRIMARY KEY (x)\n);\n"));
        assert_eq!(migration_number("0012_waitlist"), 12);
    }
}

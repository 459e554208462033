//! Fresh databases for tests, on every engine that is at hand.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use ::postgres::NoTls;
use kernel::{Result, Secret, World};

use crate::{Config, Db, EngineName, Listeners, sqlite::Alone};

/// The environment variable with the address of a PostgreSQL server on which tests may create databases, such as
/// `postgres://postgres@localhost:5432/postgres`.
pub const POSTGRES: &str = "TUINA_TEST_POSTGRES";

/// An empty database of its own, gone when dropped. Drop every [`Db`] opened on it first.
pub struct TestDb {
    config: Config,
    server: Option<(String, String)>,
    alone: Option<Arc<Alone>>,
}

/// A fresh database on each engine: SQLite always, PostgreSQL when [`POSTGRES`] is set.
pub fn engines() -> Vec<TestDb> {
    let mut engines = vec![sqlite()];
    if let Ok(server) = std::env::var(POSTGRES) {
        engines.push(postgres(&server));
    }
    engines
}

/// A fresh SQLite file in the system's folder for temporary files.
pub fn sqlite() -> TestDb {
    TestDb {
        config: Config::Sqlite {
            path: std::env::temp_dir().join(format!("{}.sqlite", unique())),
        },
        server: None,
        alone: None,
    }
}

/// A fresh SQLite without a file and without threads: every unit runs in the thread that asks. For simulations, which do one
/// thing at a time. It can be copied at any moment.
pub fn sqlite_alone() -> TestDb {
    TestDb::of_alone(Alone::new().expect("SQLite opens in memory"))
}

/// A fresh database on the PostgreSQL server at this address.
pub fn postgres(server: &str) -> TestDb {
    made_from(server, "template0")
}

fn made_from(server: &str, template: &str) -> TestDb {
    let name = unique();
    on_server(server, format!("CREATE DATABASE {name} TEMPLATE {template}"))
        .expect("tests may create databases");
    TestDb {
        config: Config::Postgres {
            url: Secret::new(with_database(server, &name)),
            threads: 8,
        },
        server: Some((server.to_owned(), name)),
        alone: None,
    }
}

impl Db {
    /// As if the process were killed after so many more writes: each later one is refused and nothing of it is kept. For
    /// simulations; what was committed before is found when the same database is opened again.
    pub fn stop_writing_after(&self, units: u64) {
        self.hub().stop_writing_after(units);
    }

    /// Whether it writes nothing any more since [`Db::stop_writing_after`].
    pub fn has_stopped_writing(&self) -> bool {
        self.hub().writes_left() == 0
    }

    /// How many writing transactions this process has committed: the same number says that nothing has changed.
    pub fn committed(&self) -> u64 {
        self.hub().counted().0
    }
}

impl TestDb {
    fn of_alone(alone: Alone) -> TestDb {
        TestDb {
            config: Config::Sqlite {
                path: ":memory:".into(),
            },
            server: None,
            alone: Some(Arc::new(alone)),
        }
    }

    /// Another database with the same contents. Every [`Db`] on this one must be closed.
    pub fn copy(&self) -> TestDb {
        if let Some(alone) = &self.alone {
            return TestDb::of_alone(alone.copy().expect("memory can be copied"));
        }
        match (&self.config, &self.server) {
            (Config::Sqlite { path }, _) => {
                let to = path.with_file_name(format!("{}.sqlite", unique()));
                for ending in ["", "-wal"] {
                    // The log stays behind where a reader was the last to leave; it holds what the file lacks.
                    let copied = std::fs::copy(with_ending(path, ending), with_ending(&to, ending));
                    assert!(
                        copied.is_ok() || !ending.is_empty(),
                        "the database was closed and can be copied"
                    );
                }
                TestDb {
                    config: Config::Sqlite { path: to },
                    server: None,
                    alone: None,
                }
            }
            (Config::Postgres { .. }, Some((server, name))) => made_from(server, name),
            (Config::Postgres { .. }, None) => unreachable!("a database of tests knows its server"),
        }
    }

    /// Opens it; more than once is allowed and looks like several nodes.
    pub fn open(&self, world: World, listeners: Listeners) -> Result<Db> {
        match &self.alone {
            Some(alone) => Ok(Db::alone(alone.clone(), world, listeners)),
            None => Db::open(self.config.clone(), world, listeners),
        }
    }

    /// How it is opened.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Which engine it is.
    pub fn engine(&self) -> EngineName {
        match self.config {
            Config::Sqlite { .. } => EngineName::Sqlite,
            Config::Postgres { .. } => EngineName::Postgres,
        }
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        match (&self.config, &self.server) {
            (Config::Sqlite { path }, _) if self.alone.is_none() => remove(path),
            (Config::Sqlite { .. }, _) => {}
            (Config::Postgres { .. }, Some((server, name))) => {
                // A database that stays behind harms no other test.
                let _ = on_server(server, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            }
            (Config::Postgres { .. }, None) => {}
        }
    }
}

/// In a thread of its own: the client may not be used on a thread that runs async tasks.
fn on_server(server: &str, sql: String) -> std::result::Result<(), ::postgres::Error> {
    let server = server.to_owned();
    let done = std::thread::spawn(move || ::postgres::Client::connect(&server, NoTls)?.batch_execute(&sql));
    done.join()
        .expect("the client does not panic on a thread of its own")
}

fn remove(path: &Path) {
    for ending in ["", "-wal", "-shm"] {
        // Some of the three may not exist.
        let _ = std::fs::remove_file(with_ending(path, ending));
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut file = path.to_owned().into_os_string();
    file.push(ending);
    file.into()
}

/// `server` with another database: a URL's path or the `dbname` of a key-value list.
fn with_database(server: &str, name: &str) -> String {
    let Some((scheme, rest)) = server.split_once("://") else {
        return format!("{server} dbname={name}");
    };
    let (address, options) = rest.split_once('?').map_or((rest, None), |(a, o)| (a, Some(o)));
    let host = address.split('/').next().unwrap_or_default();
    let options = options.map(|options| format!("?{options}")).unwrap_or_default();
    format!("{scheme}://{host}/{name}{options}")
}

fn unique() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!(
        "tuina_test_{}_{}_{count}",
        std::process::id(),
        crate::news::node()
    )
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn an_address_gets_another_database_in_every_form() {
        let cases = [
            ("postgres://a:b@h:5432/postgres", "postgres://a:b@h:5432/x"),
            ("postgres://a@h", "postgres://a@h/x"),
            (
                "postgresql:///postgres?host=/run&user=a",
                "postgresql:///x?host=/run&user=a",
            ),
            (
                "postgres://a@%2Frun%2Fpg/postgres?port=5",
                "postgres://a@%2Frun%2Fpg/x?port=5",
            ),
            ("host=/run user=a", "host=/run user=a dbname=x"),
        ];
        for (server, database) in cases {
            assert_eq!(with_database(server, "x"), database);
            assert_eq!(
                database.parse::<::postgres::Config>().unwrap().get_dbname(),
                Some("x")
            );
        }
    }
}

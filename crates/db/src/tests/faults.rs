use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant as Moment},
};

use postgres::NoTls;

use super::{SCHEMA, add, clock, ids, on_each};
use crate::{
    Config, Db, EngineName, Listeners, Unavailable, params,
    queue::{self, Queue},
    testing,
};

/// The negative twin of `writes::looking_first_is_enough_inside_one_transaction`: the same two steps without isolation
/// and without a key take one time twice.
#[test]
fn looking_first_without_isolation_books_twice() {
    let look = "SELECT CAST(COUNT(*) AS BIGINT) FROM unguarded WHERE slot = 5";
    on_each(&Listeners::default(), |engine, db, _| {
        match engine.config() {
            Config::Sqlite { path } => {
                let two = [(); 2].map(|()| rusqlite::Connection::open(path).unwrap());
                let free = [0, 1]
                    .map(|i: usize| two[i].query_row(look, [], |row| row.get::<_, i64>(0)).unwrap() == 0);
                for i in (0..2).filter(|i| free[*i]) {
                    two[i]
                        .execute("INSERT INTO unguarded (id, slot) VALUES (?1, 5)", [i as i64])
                        .unwrap();
                }
            }
            Config::Postgres { url, .. } => {
                let mut two = [(); 2].map(|()| postgres::Client::connect(url.reveal(), NoTls).unwrap());
                let free = [0, 1].map(|i: usize| {
                    two[i]
                        .batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED")
                        .unwrap();
                    two[i].query_one(look, &[]).unwrap().get::<_, i64>(0) == 0
                });
                for i in (0..2).filter(|i| free[*i]) {
                    two[i]
                        .execute("INSERT INTO unguarded (id, slot) VALUES ($1, 5)", &[&(i as i64)])
                        .unwrap();
                    two[i].batch_execute("COMMIT").unwrap();
                }
            }
        }
        let booked = db
            .read(move |tx| tx.one(look, params![], |row| row.get::<i64>(0)))
            .wait()
            .unwrap();
        assert_eq!(booked, 2, "the guard's absence shows");
    });
}

#[test]
fn a_full_disk_is_said_reads_go_on_and_writing_recovers() {
    let engine = testing::sqlite();
    let db = engine.open(clock().world(), Listeners::default()).unwrap();
    db.migrate(SCHEMA).unwrap();
    db.write(|tx| add(tx, 1, "before")).wait().unwrap();
    // A limit on pages makes SQLite say what a full disk makes it say.
    db.write(|tx| tx.batch("PRAGMA max_page_count = 1"))
        .wait()
        .unwrap();
    let long = "x".repeat(100_000);
    let full = {
        let long = long.clone();
        db.write(move |tx| add(tx, 2, &long)).wait().unwrap_err()
    };
    assert!(full.to_string().contains("full"), "{full}");
    assert_eq!(ids(&db), [1]);
    db.write(|tx| tx.batch("PRAGMA max_page_count = 1000000"))
        .wait()
        .unwrap();
    db.write(move |tx| add(tx, 3, &long)).wait().unwrap();
    assert_eq!(ids(&db), [1, 3]);
    assert!(db.health().wait().unwrap().stopped.is_none());
}

#[test]
fn a_queue_that_stays_full_refuses_at_once() {
    let queue = Queue::new(3);
    let waiting: Vec<_> = (0..7)
        .map(|n| {
            let (unit, pending) = queue::unit(true, move |_| Ok(n));
            queue.push(unit);
            pending
        })
        .collect();
    // Three fit and three more may wait for a second.
    let mut waiting = waiting.into_iter();
    let seventh = waiting.next_back().unwrap().wait().unwrap_err();
    assert!(Unavailable::is(&seventh), "{seventh}");
    thread::sleep(Duration::from_millis(1100));
    assert!(queue.try_pop().is_some());
    let (unit, late) = queue::unit(true, |_| Ok(8));
    queue.push(unit);
    assert!(Unavailable::is(&late.wait().unwrap_err()));
    queue.abandon("the test is over");
    assert!(waiting.all(|pending| Unavailable::is(&pending.wait().unwrap_err())));
}

#[test]
fn units_that_wait_at_the_end_are_still_run() {
    on_each(&Listeners::default(), |engine, _, clock| {
        let db = engine.open(clock.world(), Listeners::default()).unwrap();
        let units: Vec<_> = (0..50).map(|id| db.write(move |tx| add(tx, id, "x"))).collect();
        drop(db);
        assert!(units.into_iter().all(|unit| unit.wait().is_ok()));
    });
}

#[test]
fn the_last_clone_may_be_dropped_by_a_unit() {
    on_each(&Listeners::default(), |engine, first, clock| {
        let db = engine.open(clock.world(), Listeners::default()).unwrap();
        let inside = Arc::new(std::sync::Mutex::new(Some(db.clone())));
        let unit = db.write(move |tx| {
            thread::sleep(Duration::from_millis(50));
            drop(inside.lock().unwrap().take());
            add(tx, 1, "x")
        });
        drop(db);
        assert!(unit.wait().is_ok());
        assert_eq!(ids(first), [1]);
    });
}

#[test]
fn a_lost_server_is_said_within_a_second_and_found_again() {
    on_each(&Listeners::default(), |engine, db, _| {
        let Config::Postgres { url, .. } = engine.config() else {
            return assert_eq!(engine.engine(), EngineName::Sqlite);
        };
        db.write(|tx| add(tx, 1, "before")).wait().unwrap();
        let server = std::env::var(testing::POSTGRES).unwrap();
        let mut admin = postgres::Client::connect(&server, NoTls).unwrap();
        let name = url
            .reveal()
            .parse::<postgres::Config>()
            .unwrap()
            .get_dbname()
            .unwrap()
            .to_owned();
        let mut down = |allowed: bool| {
            admin
                .batch_execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}"))
                .unwrap();
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
            if !allowed {
                admin.query(end, &[&name]).unwrap();
            }
        };
        down(false);
        let start = Moment::now();
        let lost = db.write(|tx| add(tx, 2, "lost")).wait().unwrap_err();
        assert!(
            Unavailable::is(&lost) && start.elapsed() < Duration::from_secs(1),
            "{lost} {:?}",
            start.elapsed()
        );
        down(true);
        let found = (0..50).any(|_| {
            thread::sleep(Duration::from_millis(50));
            db.write(|tx| add(tx, 3, "after")).wait().is_ok()
        });
        assert!(found, "the server was not found again");
        assert_eq!(ids(db), [1, 3]);
    });
}

#[test]
fn a_database_that_cannot_be_opened_says_so() {
    let missing = Config::Sqlite {
        path: "/nonexistent/folder/tuina.sqlite".into(),
    };
    let words = Db::open(missing, clock().world(), Listeners::default())
        .unwrap_err()
        .to_string();
    assert!(words.contains("/nonexistent/folder/tuina.sqlite"), "{words}");
    let secret = "postgres://tuina:hunter2@127.0.0.1:9/none";
    let unreachable = Config::Postgres {
        url: kernel::Secret::new(secret.to_owned()),
        threads: 1,
    };
    let words = Db::open(unreachable, clock().world(), Listeners::default())
        .unwrap_err()
        .to_string();
    assert!(
        words.contains("PostgreSQL") && !words.contains("hunter2"),
        "{words}"
    );
}

#[test]
fn everything_may_be_opened_and_dropped_inside_async_tasks() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        for engine in testing::engines() {
            let db = engine.open(clock().world(), Listeners::default()).unwrap();
            db.migrate(SCHEMA).unwrap();
            assert_eq!(db.write(|tx| add(tx, 1, "x")).await.unwrap(), 1);
            assert_eq!(db.read(|_| Ok(2)).await.unwrap(), 2);
        }
    });
}

#[test]
fn a_backup_is_whole_and_overwrites_nothing() {
    let engine = testing::sqlite();
    let db = engine.open(clock().world(), Listeners::default()).unwrap();
    db.migrate(SCHEMA).unwrap();
    let written: Vec<_> = (0..200).map(|id| db.write(move |tx| add(tx, id, "x"))).collect();
    written.into_iter().for_each(|unit| assert!(unit.wait().is_ok()));
    let copy = testing::sqlite();
    let Config::Sqlite { path } = copy.config() else {
        panic!("not SQLite")
    };
    db.backup(path).unwrap();
    assert!(db.backup(path).is_err(), "an older backup is not overwritten");
    db.write(|tx| add(tx, 1000, "later")).wait().unwrap();
    let copied = copy.open(clock().world(), Listeners::default()).unwrap();
    assert_eq!(ids(&copied), (0..200).collect::<Vec<i64>>());
}

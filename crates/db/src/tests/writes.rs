use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use kernel::{Actor, Error, Id, Lang, Refused};

use super::{add, cx, ids, items, on_each};
use crate::{EngineName, Listeners, params};

fn no() -> Error {
    Error::Refused(Refused {
        code: "test.no",
        status: 409,
        args: vec![],
        field: None,
    })
}

#[test]
fn what_is_written_is_read() {
    on_each(&Listeners::default(), |_, db, _| {
        assert_eq!(db.write(|tx| add(tx, 7, "丝绸")).wait().unwrap(), 1);
        assert_eq!(items(db), [(7, "丝绸".to_owned())]);
        let missing = db.read(|tx| {
            tx.one("SELECT note FROM item WHERE id = $1", params![8], |row| {
                row.get::<String>(0)
            })
        });
        assert!(matches!(missing.wait(), Err(Error::NotFound)));
        db.write(|tx| add(tx, 8, "x")).wait().unwrap();
        let two = db.read(|tx| tx.maybe("SELECT id FROM item", params![], |row| row.get::<i64>(0)));
        assert!(matches!(two.wait(), Err(Error::Fault(_))));
    });
}

#[test]
fn a_refusal_rolls_back_and_comes_through() {
    on_each(&Listeners::default(), |_, db, _| {
        let refused = db.write(|tx| {
            add(tx, 1, "gone")?;
            Err::<(), _>(no())
        });
        assert_eq!(refused.wait().unwrap_err().code(), Some("test.no"));
        assert!(ids(db).is_empty());
    });
}

#[test]
fn reading_cannot_write() {
    on_each(&Listeners::default(), |_, db, _| {
        assert!(matches!(
            db.read(|tx| add(tx, 1, "no")).wait(),
            Err(Error::Fault(_))
        ));
        assert!(matches!(
            db.read(|tx| tx.announce("no")).wait(),
            Err(Error::Fault(_))
        ));
        assert!(ids(db).is_empty());
        // The reader is as good as before.
        assert_eq!(db.read(|_| Ok(5)).wait().unwrap(), 5);
    });
}

#[test]
fn a_failed_statement_whose_error_is_dropped_is_not_committed() {
    on_each(&Listeners::default(), |_, db, _| {
        db.write(|tx| add(tx, 1, "first")).wait().unwrap();
        let careless = db.write(|tx| {
            add(tx, 2, "second")?;
            let _ = add(tx, 1, "twice");
            Ok(())
        });
        assert!(matches!(careless.wait(), Err(Error::Fault(_))));
        assert_eq!(ids(db), [1]);
    });
}

#[test]
fn a_panic_is_a_fault_of_that_unit_alone() {
    on_each(&Listeners::default(), |_, db, _| {
        let panicking = db.write(|tx| {
            add(tx, 1, "gone")?;
            if tx.writing().is_ok() {
                panic!("on purpose");
            }
            Ok(())
        });
        let words = panicking.wait().unwrap_err().to_string();
        assert!(words.contains("on purpose"), "{words}");
        db.write(|tx| add(tx, 2, "kept")).wait().unwrap();
        assert_eq!(ids(db), [2]);
    });
}

#[test]
fn units_that_wait_together_are_committed_together_and_fail_alone() {
    on_each(&Listeners::default(), |engine, db, _| {
        let before = db.health().wait().unwrap();
        // The first unit holds the writer until all others wait.
        let gate = Arc::new(Barrier::new(2));
        let held = {
            let gate = gate.clone();
            db.write(move |_| {
                gate.wait();
                Ok(())
            })
        };
        let waiting: Vec<_> = (0..100i64)
            .map(|id| {
                db.write(move |tx| {
                    add(tx, id, "x")?;
                    match id % 10 {
                        3 => Err(no()),
                        7 => panic!("on purpose"),
                        _ => Ok(()),
                    }
                })
            })
            .collect();
        gate.wait();
        held.wait().unwrap();
        let answers: Vec<_> = waiting.into_iter().map(|pending| pending.wait()).collect();
        for (id, answer) in answers.iter().enumerate() {
            assert_eq!(answer.is_ok(), ![3, 7].contains(&(id % 10)), "{id}: {answer:?}");
        }
        let kept: Vec<i64> = (0..100).filter(|id| ![3, 7].contains(&(id % 10))).collect();
        assert_eq!(ids(db), kept);
        let after = db.health().wait().unwrap();
        let commits = after.commits - before.commits;
        if engine.engine() == EngineName::Sqlite {
            assert!((2..=3).contains(&commits), "101 units took {commits} commits");
        } else {
            assert_eq!(commits, 81);
        }
    });
}

#[test]
fn two_hundred_at_once_on_one_key_have_one_winner() {
    on_each(&Listeners::default(), |_, db, _| {
        for slot in 0..5i64 {
            let claims: Vec<_> = (0..200i64)
                .map(|owner| {
                    db.write(move |tx| {
                        let sql = "INSERT INTO claim (resource, slot, owner) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
                        match tx.run(sql, params![1, slot, owner])? {
                            1 => Ok(owner),
                            _ => Err(no()),
                        }
                    })
                })
                .collect();
            let answers: Vec<_> = claims.into_iter().map(|claim| claim.wait()).collect();
            let won = answers.iter().filter(|answer| answer.is_ok()).count();
            let refused = answers
                .iter()
                .filter(|a| a.as_ref().is_err_and(|e| e.code() == Some("test.no")))
                .count();
            assert_eq!((won, refused), (1, 199));
        }
    });
}

#[test]
fn looking_first_is_enough_inside_one_transaction() {
    // Isolation alone guards here; `faults::looking_first_without_isolation_books_twice` is the negative twin.
    on_each(&Listeners::default(), |_, db, _| {
        let tries: Vec<_> = (0..40i64)
            .map(|id| {
                db.write(move |tx| {
                    let taken = "SELECT CAST(COUNT(*) AS BIGINT) FROM unguarded WHERE slot = 5";
                    if tx.one(taken, params![], |row| row.get::<i64>(0))? > 0 {
                        return Err(no());
                    }
                    tx.run("INSERT INTO unguarded (id, slot) VALUES ($1, 5)", params![id])
                })
            })
            .collect();
        let won = tries.into_iter().filter_map(|unit| unit.wait().ok()).count();
        assert_eq!(won, 1);
    });
}

#[test]
fn transactions_that_meet_are_started_again() {
    on_each(&Listeners::default(), |engine, db, _| {
        db.write(|tx| tx.run("INSERT INTO counter (id, n) VALUES (1, 0)", params![]))
            .wait()
            .unwrap();
        let runs = Arc::new(AtomicU64::new(0));
        let added: Vec<_> = (0..60)
            .map(|_| {
                let runs = runs.clone();
                db.write(move |tx| {
                    runs.fetch_add(1, Ordering::Relaxed);
                    let n: i64 = tx.one("SELECT n FROM counter WHERE id = 1", params![], |row| row.get(0))?;
                    thread::sleep(Duration::from_millis(1));
                    tx.run("UPDATE counter SET n = $1 WHERE id = 1", params![n + 1])
                })
            })
            .collect();
        let done = added.into_iter().filter_map(|unit| unit.wait().ok()).count();
        let n: i64 = db
            .read(|tx| tx.one("SELECT n FROM counter WHERE id = 1", params![], |row| row.get(0)))
            .wait()
            .unwrap();
        assert_eq!(n, done as i64, "an answered increment was lost or doubled");
        let runs = runs.load(Ordering::Relaxed);
        println!("{done} of 60 in {runs} runs");
        match engine.engine() {
            EngineName::Sqlite => assert_eq!((done, runs), (60, 60)),
            EngineName::Postgres => {
                assert!(done > 50 && runs > 60, "{done} of 60 came through in {runs} runs")
            }
        }
    });
}

#[test]
fn the_same_question_gets_the_first_answer() {
    on_each(&Listeners::default(), |_, db, clock| {
        let ask = |key: &'static str, print: &'static str, id: i64, actor| {
            let cx = db.world().cx(actor, Lang::Zh);
            db.write(move |tx| {
                tx.once(&cx, key, print, |tx| {
                    add(tx, id, print)?;
                    Ok(id)
                })
            })
            .wait()
        };
        let (a, b) = (Actor::Customer(Id::from_raw(1)), Actor::Customer(Id::from_raw(2)));
        assert_eq!(ask("k", "foot 60", 1, a).unwrap(), 1);
        assert_eq!(ask("k", "foot 60", 2, a).unwrap(), 1);
        assert_eq!(
            ask("k", "foot 90", 3, a).unwrap_err().code(),
            Some("db.key_reused")
        );
        // Another person's key is another key.
        assert_eq!(ask("k", "foot 90", 4, b).unwrap(), 4);
        assert_eq!(ids(db), [1, 4]);
        clock.forward(crate::KEPT_MS + 1);
        assert_eq!(ask("k", "foot 90", 5, a).unwrap(), 5);
    });
}

#[test]
fn the_same_question_at_the_same_time_is_done_once() {
    on_each(&Listeners::default(), |_, db, _| {
        let asked: Vec<_> = (0..40i64)
            .map(|id| {
                let cx = cx(db);
                db.write(move |tx| {
                    tx.once(&cx, "pay", "same", |tx| {
                        add(tx, id, "done")?;
                        Ok(id)
                    })
                })
            })
            .collect();
        let answers: Vec<i64> = asked.into_iter().map(|unit| unit.wait().unwrap()).collect();
        assert_eq!(ids(db), [answers[0]]);
        assert!(answers.iter().all(|id| *id == answers[0]));
    });
}

#[test]
fn a_refusal_is_not_kept_as_the_answer() {
    on_each(&Listeners::default(), |_, db, _| {
        let cx1 = cx(db);
        let refused = db
            .write(move |tx| tx.once(&cx1, "k", "p", |_| Err::<i64, _>(no())))
            .wait();
        assert!(refused.is_err());
        let cx2 = cx(db);
        assert_eq!(
            db.write(move |tx| tx.once(&cx2, "k", "p", |_| Ok(3)))
                .wait()
                .unwrap(),
            3
        );
    });
}

#[test]
fn topics_arrive_after_the_commit_and_only_then() {
    on_each(&Listeners::default(), |engine, db, clock| {
        let other = engine.open(clock.world(), Listeners::default()).unwrap();
        // The other node's listening connection may still be on its way.
        let heard = |changes: &mut tokio::sync::broadcast::Receiver<Arc<str>>, most: u64| {
            for _ in 0..most / 10 {
                if let Ok(topic) = changes.try_recv() {
                    return Some(topic.to_string());
                }
                thread::sleep(Duration::from_millis(10));
            }
            None
        };
        let (mut here, mut there) = (db.changes(), other.changes());
        thread::sleep(Duration::from_millis(300));
        let refused = db.write(|tx| {
            tx.announce("shop:1")?;
            Err::<(), _>(no())
        });
        assert!(refused.wait().is_err());
        db.write(|tx| tx.announce("shop:2")).wait().unwrap();
        assert_eq!(heard(&mut here, 2000).as_deref(), Some("shop:2"));
        assert_eq!(heard(&mut here, 100), None, "announced once");
        if engine.engine() == EngineName::Postgres {
            assert_eq!(heard(&mut there, 3000).as_deref(), Some("shop:2"));
        }
        assert!(db.write(|tx| tx.announce("!job")).wait().is_err());
    });
}

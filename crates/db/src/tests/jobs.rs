use std::{
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant as Moment},
};

use anyhow::anyhow;
use kernel::{Actor, Error, HOUR_MS, Id};
use serde::{Deserialize, Serialize};

use super::{cx, on_each};
use crate::{
    Db, Event, Job, Listeners, Runner,
    jobs::{self, Queued},
    params,
};

#[derive(Serialize, Deserialize)]
struct Settled {
    order: i64,
}

impl Event for Settled {
    const NAME: &'static str = "payment.settled";
}

type Log = Arc<Mutex<Vec<String>>>;

fn logging(name: &'static str, log: &Log) -> Job {
    let log = log.clone();
    Job::new(name, move |work, event: Settled| {
        assert_eq!(work.cx.actor(), Actor::System(name));
        log.lock()
            .unwrap()
            .push(format!("{name} {} #{}", event.order, work.attempt));
        Ok(())
    })
}

fn listeners() -> Listeners {
    let mut listeners = Listeners::default();
    listeners.on("payment.settled", "order.paid");
    listeners.on("payment.settled", "alert.ring");
    listeners
}

fn rows(db: &Db) -> i64 {
    db.read(|tx| {
        tx.one("SELECT CAST(COUNT(*) AS BIGINT) FROM job", params![], |row| {
            row.get(0)
        })
    })
    .wait()
    .unwrap()
}

fn emit(db: &Db, order: i64) {
    let cx = cx(db);
    db.write(move |tx| tx.emit(&cx, &Settled { order }))
        .wait()
        .unwrap();
}

#[test]
fn every_listener_gets_the_event_once_it_is_committed() {
    on_each(&listeners(), |_, db, _| {
        let log = Log::default();
        let runner = Runner::new(
            db.clone(),
            vec![logging("order.paid", &log), logging("alert.ring", &log)],
        );
        let cx = cx(db);
        let rolled_back = db.write(move |tx| {
            tx.emit(&cx, &Settled { order: 1 })?;
            Err::<(), _>(Error::NotFound)
        });
        assert!(rolled_back.wait().is_err());
        emit(db, 2);
        assert_eq!(runner.run_due().unwrap(), 2);
        let mut done = log.lock().unwrap().clone();
        done.sort();
        assert_eq!(done, ["alert.ring 2 #1", "order.paid 2 #1"]);
        assert_eq!((rows(db), runner.run_due().unwrap()), (0, 0));
    });
}

#[test]
fn jobs_run_when_due_in_order() {
    on_each(&Listeners::default(), |_, db, clock| {
        let log = Log::default();
        let runner = Runner::new(db.clone(), vec![logging("remind", &log)]);
        for (order, after) in [(1, 3000), (2, 1000), (3, 2000)] {
            let cx = cx(db);
            db.write(move |tx| tx.schedule(&cx, "remind", &Settled { order }, cx.now() + after, None))
                .wait()
                .unwrap();
        }
        assert_eq!(runner.run_due().unwrap(), 0);
        clock.forward(2000);
        assert_eq!(runner.run_due().unwrap(), 2);
        clock.forward(1000);
        assert_eq!(runner.run_due().unwrap(), 1);
        assert_eq!(
            *log.lock().unwrap(),
            ["remind 2 #1", "remind 3 #1", "remind 1 #1"]
        );
    });
}

#[test]
fn one_key_is_queued_once_and_free_again_while_its_job_runs() {
    on_each(&Listeners::default(), |_, db, _| {
        let schedule = |db: &Db| {
            let cx = cx(db);
            db.write(move |tx| tx.schedule(&cx, "sync", &Settled { order: 1 }, cx.now(), Some("shop:1")))
                .wait()
        };
        schedule(db).unwrap();
        schedule(db).unwrap();
        assert_eq!(rows(db), 1);
        // A job that queues its own successor once: the key is not in the way.
        let job = Job::new("sync", |work, event: Settled| {
            let cx = work.cx.clone();
            let next = Settled {
                order: event.order + 1,
            };
            if next.order > 2 {
                return Ok(());
            }
            let write =
                move |tx: &mut crate::Tx<'_>| tx.schedule(&cx, "sync", &next, cx.now(), Some("shop:1"));
            work.db.write(move |tx| write(tx)).wait()
        });
        assert_eq!(Runner::new(db.clone(), vec![job]).run_due().unwrap(), 2);
        assert_eq!(rows(db), 0);
    });
}

#[test]
fn a_failed_job_yields_to_the_twin_queued_meanwhile() {
    on_each(&Listeners::default(), |_, db, clock| {
        let failing = Job::new("sync", |work, event: Settled| {
            if event.order > 1 {
                return Ok(());
            }
            let cx = work.cx.clone();
            work.db
                .write(move |tx| {
                    tx.schedule(
                        &cx,
                        "sync",
                        &Settled { order: 2 },
                        cx.now() + HOUR_MS,
                        Some("shop:1"),
                    )
                })
                .wait()?;
            Err(Error::Fault(anyhow!("no line")))
        });
        let runner = Runner::new(db.clone(), vec![failing]);
        let cx = cx(db);
        db.write(move |tx| tx.schedule(&cx, "sync", &Settled { order: 1 }, cx.now(), Some("shop:1")))
            .wait()
            .unwrap();
        assert_eq!((runner.run_due().unwrap(), rows(db)), (1, 1));
        clock.forward(HOUR_MS);
        assert_eq!((runner.run_due().unwrap(), rows(db)), (1, 0));
    });
}

#[test]
fn a_fault_is_tried_again_later_and_then_given_up_for_a_person() {
    on_each(&listeners(), |_, db, clock| {
        let tries = Arc::new(Mutex::new(Vec::new()));
        let job = {
            let (tries, clock) = (tries.clone(), clock.clone());
            Job::new("order.paid", move |work, _: Settled| {
                tries.lock().unwrap().push((work.attempt, clock.now()));
                if work.attempt == 2 {
                    panic!("a panic is a fault too");
                }
                Err(Error::Fault(anyhow!("no line to the gateway")))
            })
            .attempts(3)
        };
        let log = Log::default();
        let runner = Runner::new(db.clone(), vec![job, logging("alert.ring", &log)]);
        emit(db, 9);
        assert_eq!(runner.run_due().unwrap(), 2);
        for _ in 0..40 {
            clock.forward(1000);
            runner.run_due().unwrap();
        }
        let tries = tries.lock().unwrap().clone();
        assert_eq!(
            tries.iter().map(|(attempt, _)| *attempt).collect::<Vec<_>>(),
            [1, 2, 3]
        );
        let waits = [tries[1].1 - tries[0].1, tries[2].1 - tries[1].1];
        assert!(
            (3_000..=8_000).contains(&waits[0]) && (7_000..=14_000).contains(&waits[1]),
            "{waits:?}"
        );

        let dead = db.read(jobs::dead).wait().unwrap();
        assert_eq!(
            (dead.len(), dead[0].name.as_str(), dead[0].attempts),
            (1, "order.paid", 3)
        );
        assert!(dead[0].error.as_ref().unwrap().contains("no line to the gateway"));
        assert_eq!(db.health().wait().unwrap().dead_jobs, 1);

        let (cx, id) = (cx(db), dead[0].id);
        db.write(move |tx| jobs::retry(&cx, tx, id)).wait().unwrap();
        let healed = Runner::new(db.clone(), vec![logging("order.paid", &log)]);
        assert_eq!(healed.run_due().unwrap(), 1);
        assert_eq!(log.lock().unwrap().last().unwrap(), "order.paid 9 #1");
        assert_eq!(rows(db), 0);
        let gone = db.write(|tx| jobs::discard(tx, Id::<Queued>::from_raw(1))).wait();
        assert!(matches!(gone, Err(Error::NotFound)));
    });
}

#[test]
fn a_refusal_or_an_unreadable_payload_kills_at_once() {
    on_each(&listeners(), |_, db, _| {
        #[derive(Serialize, Deserialize)]
        struct Other {
            name: String,
        }
        impl Event for Other {
            const NAME: &'static str = "other";
        }
        let refusing = Job::new("order.paid", |_, _: Settled| Err(Error::NotFound));
        let unreadable = Job::new("alert.ring", |_, _: Other| Ok(()));
        emit(db, 1);
        assert_eq!(
            Runner::new(db.clone(), vec![refusing, unreadable])
                .run_due()
                .unwrap(),
            2
        );
        let dead = db.read(jobs::dead).wait().unwrap();
        let errors: Vec<_> = dead.iter().map(|job| job.error.clone().unwrap()).collect();
        assert_eq!(errors.len(), 2);
        assert!(errors.iter().any(|e| e == "not found"), "{errors:?}");
        assert!(errors.iter().any(|e| e.contains("cannot be read")), "{errors:?}");
    });
}

#[test]
fn a_job_whose_runner_died_is_rescued_after_its_lease() {
    on_each(&Listeners::default(), |_, db, clock| {
        let cx = cx(db);
        db.write(move |tx| tx.schedule(&cx, "send", &Settled { order: 1 }, cx.now(), None))
            .wait()
            .unwrap();
        // What a runner leaves behind that was killed in the middle.
        let lease = clock.now() + 60_000;
        let claim = "UPDATE job SET state = 'running', attempt = attempt + 1, due_at = $1";
        db.write(move |tx| tx.run(claim, params![lease])).wait().unwrap();
        let log = Log::default();
        let runner = Runner::new(db.clone(), vec![logging("send", &log).attempts(2)]);
        assert_eq!(runner.run_due().unwrap(), 0);
        clock.forward(60_000);
        assert_eq!(runner.run_due().unwrap(), 1);
        assert_eq!(*log.lock().unwrap(), ["send 1 #2"]);

        // The same with no attempt left: a person sees it.
        let cx = db.world().cx(Actor::Guest, kernel::Lang::Zh);
        db.write(move |tx| tx.schedule(&cx, "send", &Settled { order: 2 }, cx.now(), None))
            .wait()
            .unwrap();
        let twice = "UPDATE job SET state = 'running', attempt = 2";
        db.write(move |tx| tx.run(twice, params![])).wait().unwrap();
        assert_eq!(runner.run_due().unwrap(), 0);
        assert_eq!(db.read(jobs::dead).wait().unwrap().len(), 1);
    });
}

#[test]
fn a_job_of_a_newer_program_is_left_alone() {
    on_each(&listeners(), |_, db, clock| {
        let log = Log::default();
        let old = Runner::new(db.clone(), vec![logging("order.paid", &log)]);
        emit(db, 1);
        assert_eq!((old.run_due().unwrap(), rows(db)), (1, 1));
        clock.forward(61_000);
        let new = Runner::new(
            db.clone(),
            vec![logging("order.paid", &log), logging("alert.ring", &log)],
        );
        assert_eq!((new.run_due().unwrap(), rows(db)), (1, 0));
        assert_eq!(*log.lock().unwrap(), ["order.paid 1 #1", "alert.ring 1 #1"]);
    });
}

#[test]
fn runners_are_woken_by_the_commit_and_two_do_not_do_it_twice() {
    on_each(&listeners(), |engine, db, clock| {
        let log = Log::default();
        let jobs = || vec![logging("order.paid", &log), logging("alert.ring", &log)];
        let other = engine.open(clock.world(), listeners()).unwrap();
        let here = Runner::new(db.clone(), jobs()).start(3);
        let there = Runner::new(other, jobs()).start(3);
        thread::sleep(Duration::from_millis(200));
        let start = Moment::now();
        emit(db, 0);
        while log.lock().unwrap().len() < 2 {
            assert!(start.elapsed() < Duration::from_secs(10), "nobody came");
            thread::sleep(Duration::from_millis(1));
        }
        let woken = start.elapsed();
        assert!(woken < Duration::from_millis(800), "polled, not woken: {woken:?}");
        for order in 1..40 {
            emit(db, order);
        }
        while rows_but_hourly(db) > 0 {
            assert!(start.elapsed() < Duration::from_secs(30), "jobs are left over");
            thread::sleep(Duration::from_millis(20));
        }
        here.stop();
        there.stop();
        let mut done = log.lock().unwrap().clone();
        done.sort();
        done.dedup();
        assert_eq!((done.len(), log.lock().unwrap().len()), (80, 80));
    });
}

fn rows_but_hourly(db: &Db) -> i64 {
    db.read(|tx| {
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE key IS NULL OR key <> 'hourly'";
        tx.one(sql, params![], |row| row.get(0))
    })
    .wait()
    .unwrap()
}

#[test]
fn old_answers_are_forgotten_by_the_databases_own_job() {
    on_each(&Listeners::default(), |_, db, clock| {
        for key in ["a", "b"] {
            let cx = cx(db);
            db.write(move |tx| tx.once(&cx, key, "p", |_| Ok(1)))
                .wait()
                .unwrap();
        }
        clock.forward(crate::KEPT_MS - HOUR_MS);
        let cx = cx(db);
        db.write(move |tx| tx.once(&cx, "young", "p", |_| Ok(1)))
            .wait()
            .unwrap();
        clock.forward(2 * HOUR_MS);
        Runner::new(db.clone(), vec![]).start(1).stop();
        Runner::new(db.clone(), vec![]).run_due().unwrap();
        let left = db.read(|tx| tx.all("SELECT key FROM answer", params![], |row| row.get::<String>(0)));
        assert_eq!(left.wait().unwrap(), ["young"]);
        assert_eq!(rows(db), 1, "it comes back in an hour");
    });
}

//! Two hundred customers want one time at once: one is booked, the others are told that it is taken.

use std::{sync::Arc, time::Instant};

use booking::{Contact, Strength, Wish, Wishes};
use db::testing::TestDb;
use kernel::{Actor, Customer, Error, Id, Lang};
use tokio::{runtime::Runtime, sync::Barrier};

use crate::{
    Measured, Outcome, Target, pgbench,
    stage::{OPENS, Stage, told},
};

const CUSTOMERS: usize = 200;
const TIMES: i64 = 100;
/// Times that one therapist has on a day, 75 minutes apart.
const A_DAY: i64 = 9;

pub(crate) fn sqlite() -> Outcome<Vec<Measured>> {
    rush(
        "200 customers at once on one time, 100 times, SQLite",
        db::testing::sqlite(),
    )
}

pub(crate) fn postgres() -> Outcome<Vec<Measured>> {
    let server = pgbench::server()?;
    rush(
        "200 customers at once on one time, 100 times, PostgreSQL",
        db::testing::postgres(&server),
    )
}

fn rush(what: &'static str, file: TestDb) -> Outcome<Vec<Measured>> {
    let stage = Stage::open(file, 1, 1)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()?;
    let (mut won, mut seconds) = (Vec::<usize>::new(), 0.0);
    for time in 0..TIMES {
        let customers = greet(&stage, &runtime, time)?;
        let wish = wish(&stage, time);
        let begun = Instant::now();
        won.push(runtime.block_on(all_at_once(&stage, customers, wish))?);
        seconds += begun.elapsed().as_secs_f64();
    }
    let shop = stage.service.shop;
    let orders = stage
        .write(move |cx, tx| order::of_shop(tx, cx.shop_named(shop)?, 10 * TIMES))
        .map_err(told)?;
    if orders.len() != won.iter().sum::<usize>() {
        return Err(format!("{} orders were left behind", orders.len()).into());
    }
    let asked = CUSTOMERS as f64 * TIMES as f64;
    Ok(vec![Measured {
        what,
        unit: "booked each time",
        ours: won.iter().map(|booked| *booked as f64).collect(),
        target: Target::Always(1.0),
        remark: format!(
            "all others heard scheduling.time_taken; {seconds:.1} s, {:.0} answers/s",
            asked / seconds
        ),
    }])
}

/// Customers who have not booked before, so that none is refused for holding too many.
fn greet(stage: &Stage, runtime: &Runtime, time: i64) -> Outcome<Vec<Id<Customer>>> {
    let greetings: Vec<_> = (0..CUSTOMERS)
        .map(|number| {
            let cx = stage.db.world().cx(Actor::Guest, Lang::Zh);
            let openid = format!("customer {time} {number}");
            stage
                .db
                .write(move |tx| identity::greet_customer(&cx, tx, &openid))
        })
        .collect();
    runtime.block_on(async {
        let mut customers = Vec::new();
        for greeting in greetings {
            customers.push(greeting.await.map_err(told)?.id);
        }
        Ok(customers)
    })
}

fn wish(stage: &Stage, time: i64) -> Wish {
    Wish {
        service: stage.service.id,
        therapist: Some(stage.therapists[0]),
        starts_at: stage.today.plus(1 + time / A_DAY).at(OPENS + time % A_DAY * 75),
        contact: Contact {
            name: "张女士".to_owned(),
            phone: "13812345678".to_owned(),
        },
        wishes: Wishes {
            strength: Strength::Medium,
            note: String::new(),
        },
        declared: true,
    }
}

/// How many are booked. An error when anybody hears something else than that the time is taken.
async fn all_at_once(stage: &Stage, customers: Vec<Id<Customer>>, wish: Wish) -> Outcome<usize> {
    let start = Arc::new(Barrier::new(customers.len()));
    let asking: Vec<_> = customers
        .into_iter()
        .map(|customer| {
            let (db, wish, start) = (stage.db.clone(), wish.clone(), start.clone());
            tokio::spawn(async move {
                let cx = db.world().cx(Actor::Customer(customer), Lang::Zh);
                let key = cx.token();
                start.wait().await;
                db.write(move |tx| booking::request(&cx, tx, &key, &wish)).await
            })
        })
        .collect();
    let mut booked = 0;
    for answer in asking {
        match answer.await? {
            Ok(_) => booked += 1,
            Err(Error::Refused(no)) if no.code == "scheduling.time_taken" => {}
            Err(other) => return Err(format!("no clear answer: {other}").into()),
        }
    }
    Ok(booked)
}

//! The real program on the big database: orders placed beside readers, and what the pages of every day cost.

use std::{
    fs,
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use kernel::Id;
use rusqlite::Connection;

use super::{
    Size, TODAY,
    people::{Place, browser, cookies, form_token, sign_in, three},
};
use crate::{
    Outcome,
    demo::{Demo, Folder},
    load::{self, Answers, Pace},
    process::{memory, process_time},
};

const ORDERS_A_SECOND: f64 = 100.0;
const READS_A_SECOND: f64 = 1_000.0;
const LENGTH: Duration = Duration::from_secs(20);
/// How often a page is asked for.
const ASKED: u32 = 60;
const PLACES: usize = 400;

/// The program, started a while later every time: what was held and not paid the last time is free again.
pub(super) struct Running {
    pub demo: Demo,
    run: i64,
}

impl Running {
    pub fn start(size: Size) -> Outcome<Running> {
        let conn = Connection::open(size.file()?)?;
        sign_in(&conn, size, (ORDERS_A_SECOND * LENGTH.as_secs_f64()) as i64)?;
        drop(conn);
        let counter = size.folder()?.join("runs");
        let run = fs::read_to_string(&counter)
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(0);
        fs::write(&counter, format!("{}", run + 1))?;
        let minute = 630 + run * 17 % 600;
        let at = format!("{TODAY}T{:02}:{:02}", minute / 60, minute % 60);
        let demo = Demo::start_with(&Folder::kept(size.folder()?)?, &["--at", &at])?;
        Ok(Running { demo, run })
    }

    /// Waits until the jobs that were due are done: the processor rests.
    pub fn rest(&self) -> Outcome<()> {
        for _ in 0..180 {
            let before = process_time(self.demo.pid())?;
            thread::sleep(Duration::from_secs(1));
            if process_time(self.demo.pid())? - before < Duration::from_millis(60) {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// What came of a rush.
pub(super) struct Rush {
    pub orders: Answers,
    pub reads: Answers,
    pub memory: f64,
}

/// Orders are placed and pages are read at once.
pub(super) fn rush(size: Size, running: &Running) -> Outcome<Rush> {
    let conn = Connection::open(size.file()?)?;
    let known = PLACES.min(size.shops as usize);
    let places = (0..known).map(|nth| Place::find(&conn, nth as i64 * size.shops / known as i64));
    let places = places.collect::<Outcome<Vec<_>>>()?;
    drop(conn);
    let address = running.demo.address;
    let count = (ORDERS_A_SECOND * LENGTH.as_secs_f64()) as usize;
    let orders: Vec<String> = (0..count)
        .map(|nth| order(address, &places, nth, running.run))
        .collect();
    let reads = readings(address, size, &places);
    // The first reader of a page waits for the disk.
    load::run_mixed(
        address,
        &reads,
        200,
        Pace::PerSecond(READS_A_SECOND / 2.0),
        LENGTH / 4,
    )?;
    let reader = thread::spawn(move || {
        load::run_mixed(address, &reads, 200, Pace::PerSecond(READS_A_SECOND), LENGTH)
            .map_err(|error| error.to_string())
    });
    let placed = load::run_mixed(address, &orders, 303, Pace::PerSecond(ORDERS_A_SECOND), LENGTH);
    let read = reader.join().map_err(|_| "the readers panicked")?;
    Ok(Rush {
        orders: placed?,
        reads: read?,
        memory: memory(running.demo.pid(), "VmHWM")?,
    })
}

/// A form that books: on mornings of the days to come, which the filling has left free; four beds at each time.
fn order(address: SocketAddr, places: &[Place], nth: usize, run: i64) -> String {
    let place = &places[nth % places.len()];
    let turn = (nth / places.len()) as i64;
    let (day, time) = (1 + turn % 12, turn / 12 % 3);
    let starts = TODAY.plus(day).at(600 + time * 70).ms();
    let (number, service) = (nth as i64, Id::<()>::from_raw(place.service));
    let body = format!(
        "csrf={}&service={service}&therapist=&slot={starts}&key=big-{run}-{nth}&asked=&name=%E5%BC%A0%E5%A5%B3%E5%A3%AB\
         &phone=13812345678&strength=medium&note=&health=1",
        form_token(number)
    );
    format!(
        "POST /bookings HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\nCookie: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        cookies("customer", number),
        body.len()
    )
}

/// Of twenty questions eleven are for a shop's page, four for its times, two for the list of shops, two for the customer's own
/// bookings, one for a desk's.
fn readings(address: SocketAddr, size: Size, places: &[Place]) -> Vec<String> {
    let guest = format!("tuina_browser={}", browser(-1));
    let asked = (0..4_000_usize).map(|nth| {
        let place = &places[nth * 13 % places.len()];
        let number = nth as i64;
        match nth % 20 {
            0..11 => load::get(address, &place.page(""), &guest),
            11..15 => load::get(address, &place.times(), &guest),
            15 | 16 => load::get(address, "/", &guest),
            17 | 18 => load::get(address, "/bookings", &cookies("customer", number % 2_000)),
            _ => load::get(
                address,
                "/desk/bookings",
                &cookies("owner", number / 20 % 20.min(size.shops)),
            ),
        }
    });
    asked.collect()
}

/// Milliseconds that the program's processor works for each page, in a shop that was always full.
pub(super) fn pages(size: Size, running: &Running) -> Outcome<Vec<(&'static str, f64, f64)>> {
    let conn = Connection::open(size.file()?)?;
    let full = Place::find(&conn, three(size)[0])?;
    drop(conn);
    let month = "2026-10";
    let shop = Id::<()>::from_raw(full.shop);
    let (guest, owner) = (format!("tuina_browser={}", browser(-1)), cookies("owner", 0));
    let (customer, centre) = (cookies("customer", 5), cookies("centre", 0));
    let asked: [(&'static str, String, &str); 17] = [
        ("nearest shops", "/".to_owned(), &guest),
        ("a shop", full.page(""), &guest),
        ("its free times", full.times(), &guest),
        ("own bookings", "/bookings".to_owned(), &customer),
        ("desk", "/desk".to_owned(), &owner),
        ("desk's bookings", "/desk/bookings".to_owned(), &owner),
        ("desk's orders", "/desk/orders".to_owned(), &owner),
        ("desk's rotation", "/desk/rotation".to_owned(), &owner),
        ("desk's reviews", "/desk/reviews".to_owned(), &owner),
        ("shop's orders", "/console/orders".to_owned(), &owner),
        ("all orders", "/console/orders".to_owned(), &centre),
        ("shop's bills", "/console/payments/bills".to_owned(), &owner),
        ("all bills", "/console/payments/bills".to_owned(), &centre),
        ("approvals", "/console/payments/approvals".to_owned(), &centre),
        ("quarantine", "/console/payments/quarantine".to_owned(), &centre),
        ("shop's accounts", format!("/console/ledger/shops/{shop}"), &owner),
        (
            "month statement",
            format!("/console/ledger/shops/{shop}/months/{month}"),
            &owner,
        ),
    ];
    let address = running.demo.address;
    let mut costs = Vec::new();
    for (name, path, who) in asked {
        let request = load::get(address, &path, who);
        let (status, _) = load::once(address, &request)?;
        if status != 200 {
            eprintln!("{name}: {path} answers {status}");
            continue;
        }
        let (before, begun) = (process_time(running.demo.pid())?, Instant::now());
        for _ in 0..ASKED {
            load::once(address, &request)?;
        }
        let used = process_time(running.demo.pid())? - before;
        let each = |time: Duration| time.as_secs_f64() * 1e3 / f64::from(ASKED);
        costs.push((name, each(used), each(begun.elapsed())));
    }
    Ok(costs)
}

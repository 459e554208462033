//! One engine's round: the load goes on while the program dies.

use std::{
    collections::HashSet,
    os::unix::process::ExitStatusExt,
    sync::{Arc, atomic::Ordering},
    thread,
    time::{Duration, Instant},
};

use sim::kills::{owners, tables};

use crate::{
    Args, Outcome, Score,
    browser::Browser,
    chance::Chance,
    check,
    load::{Load, Town, leave_prepaid},
    server::{Server, Stop},
    stage::{Stage, wait},
    told::Told,
    wechat::Desk,
};

/// The owners who keep their desks.
const SHOPS: usize = 4;
/// How long the load may need to come to a named place.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a request may take to say that it cannot be answered.
const CLEAR: Duration = Duration::from_secs(2);
/// Within which the program serves again after its database came back.
const RECOVERY: Duration = Duration::from_secs(5);
/// How far the clocks are turned at the end, each time: over the deadlines of orders, leases and questions.
const TURN_MINUTES: i64 = 25;

pub(crate) struct Round {
    name: &'static str,
    stage: Stage,
    /// Ends after the program.
    server: Option<Server>,
    town: Town,
    load: Option<Load>,
    chance: Chance,
    within: Duration,
    /// The bookings of the demo's past.
    before: HashSet<String>,
    slowest: Duration,
}

impl Round {
    /// Everything is started, and the load begins.
    pub(crate) fn begin(postgres: bool, args: &Args) -> Outcome<Round> {
        let name = if postgres { "PostgreSQL" } else { "SQLite" };
        let folder = std::env::temp_dir().join(format!("tuina-kills-{}-{name}", std::process::id()));
        let server = match postgres {
            true => Some(Server::new(&folder.with_extension("server"))?),
            false => None,
        };
        let mut stage = Stage::new(&folder, server.as_ref().map(Server::config))?;
        stage.start_first()?;
        let before = stage
            .read(tables)?
            .bookings
            .into_iter()
            .map(|row| row.id)
            .collect();
        // Those who accept by themselves come first, those who wait for a person last: the load needs both.
        let mut shops = stage.read(owners)?;
        let last = shops.split_off(shops.len().saturating_sub(SHOPS / 2));
        shops.truncate(SHOPS / 2);
        shops.extend(last);
        let town = Town {
            program: stage.address(),
            wechat: Desk::new(&stage.wechat()),
            shops,
            told: Arc::new(Told::default()),
        };
        let load = Some(Load::start(&town, args.seed));
        Ok(Round {
            name,
            stage,
            server,
            town,
            load,
            chance: Chance::new(args.seed),
            within: Duration::from_millis(args.within),
            before,
            slowest: Duration::ZERO,
        })
    }

    /// The program is started so that it dies at the named place, and then as always.
    pub(crate) fn die_at(&mut self, place: &str, passing: u64, score: &mut Score) -> Outcome<()> {
        let case = format!("{}, {place}, passing {passing}", self.name);
        self.stage.kill()?;
        if place.contains("refund_query") {
            // Whoever hears of the end of a refund does not ask for it.
            self.town.wechat.fault("notice_lost", 20, Some("REFUND"))?;
        }
        self.stage.start(Some(&format!("{place}:{passing}")))?;
        let (begun, mut ended) = (Instant::now(), None);
        while ended.is_none() && begun.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(10));
            ended = self.stage.ended()?;
        }
        let mut wrong = match ended {
            None => vec![format!("it did not come there in {} s", PATIENCE.as_secs())],
            Some(status) if status.signal() != Some(9) => vec![format!("it ended by itself ({status})")],
            Some(_) => Vec::new(),
        };
        self.stage.kill()?;
        self.town.wechat.clear_faults()?;
        let words = self.come_back(&mut wrong)?;
        self.add(score, &case, &words, &wrong);
        Ok(())
    }

    /// SIGKILL while the load goes on.
    pub(crate) fn die_at_any_moment(&mut self, number: u64, score: &mut Score) -> Outcome<()> {
        thread::sleep(Duration::from_micros(self.chance.below(350_000)));
        self.stage.kill()?;
        let mut wrong = Vec::new();
        let words = self.come_back(&mut wrong)?;
        self.add(
            score,
            &format!("{}, at any moment, {number}", self.name),
            &words,
            &wrong,
        );
        Ok(())
    }

    /// Starts the program on what it left behind and looks at it.
    fn come_back(&mut self, wrong: &mut Vec<String>) -> Outcome<String> {
        let took = self.stage.start(None)?;
        self.slowest = self.slowest.max(took);
        if took > self.within {
            wrong.push(format!("it served again after {} ms", took.as_millis()));
        }
        wrong.extend(check::after_a_death(
            &self.stage,
            &self.town.wechat,
            &self.town.told,
        )?);
        let told = self.town.told.so_far();
        Ok(format!(
            "served again after {} ms; {} bookings, {} payments, {} cancellations so far",
            took.as_millis(),
            told.booked.len(),
            told.paid.len(),
            told.cancelled.len()
        ))
    }

    /// The database server goes away beneath the program and comes back.
    pub(crate) fn outage(&mut self, how: Stop, score: &mut Score) -> Outcome<()> {
        let Some(server) = &self.server else {
            return Ok(());
        };
        let case = format!("{}, stopped {how:?} and started", self.name);
        let (mut wrong, open) = (Vec::new(), leave_prepaid(&self.town));
        let before = self
            .town
            .wechat
            .answers_to_notices()?
            .get(&503)
            .copied()
            .unwrap_or(0);
        server.stop(how)?;
        wrong.extend(self.doors_while_away());
        match &open {
            Some((name, number)) if self.town.wechat.pay(name, number) => {
                let said = || {
                    let answers = self.town.wechat.answers_to_notices();
                    answers.is_ok_and(|answers| answers.get(&503).copied().unwrap_or(0) > before)
                };
                let heard = wait(Duration::from_secs(5), "WeChat's notice got no 503", said);
                wrong.extend(heard.err().map(|error| error.to_string()));
            }
            Some(_) => wrong.push("WeChat took no money for an order that waits".to_owned()),
            None => wrong.push("nobody could book and come to the sheet".to_owned()),
        }
        thread::sleep(Duration::from_millis(300 + self.chance.below(1_500)));
        server.start()?;
        let mut browser = Browser::new(&self.stage.address());
        let path = self.a_page();
        let back = wait(RECOVERY, "it did not recover", || {
            browser.get(&path).is_ok_and(|page| page.status == 200)
        });
        let words = match back {
            Ok(took) => format!("served again {} ms after the server came back", took.as_millis()),
            Err(error) => {
                wrong.push(error.to_string());
                "it was waited for".to_owned()
            }
        };
        if let Some(status) = self.stage.ended()? {
            wrong.push(format!("the program ended ({status})"));
            self.stage.start(None)?;
        }
        thread::sleep(Duration::from_millis(500));
        wrong.extend(check::after_a_death(
            &self.stage,
            &self.town.wechat,
            &self.town.told,
        )?);
        self.add(score, &case, &words, &wrong);
        Ok(())
    }

    /// Everybody hears at once that it cannot be answered now: people in words, programs in JSON.
    fn doors_while_away(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut browser = Browser::new(&self.stage.address());
        let path = self.a_page();
        for json in [false, true, false, true] {
            let begun = Instant::now();
            let page = if json {
                browser.get_json(&path)
            } else {
                browser.get(&path)
            };
            let clear = page.as_ref().is_ok_and(|page| {
                let words = if json { "\"unavailable\"" } else { "<h1" };
                page.status == 503 && page.body.contains(words)
            });
            if !clear {
                let status = page.map_or(0, |page| page.status);
                wrong.push(format!(
                    "no clear 503 while the server was away, but {status} (JSON: {json})"
                ));
            }
            if begun.elapsed() > CLEAR {
                wrong.push(format!("the 503 took {} ms", begun.elapsed().as_millis()));
            }
        }
        wrong
    }

    /// A page that reads the database.
    fn a_page(&self) -> String {
        let shop = self.town.shops.first().map(|(_, shop)| shop.as_str());
        format!("/shops/{}/book", shop.unwrap_or_default())
    }

    /// Nobody presses anything any more, the clocks are turned over every deadline, and all must be settled.
    pub(crate) fn end(mut self, score: &mut Score) -> Outcome<()> {
        if let Some(load) = self.load.take() {
            load.stop();
        }
        self.town.wechat.clear_faults()?;
        let mut left = None;
        for _ in 0..4 {
            self.stage.turn_clock(TURN_MINUTES)?;
            // What is due runs at once; what failed meanwhile is due after the next turn.
            for _ in 0..40 {
                thread::sleep(Duration::from_millis(250));
                left = check::not_settled(&self.stage)?;
                if left.is_none() {
                    break;
                }
            }
            if left.is_none() {
                break;
            }
        }
        let wrong = check::at_the_end(&self.stage, &self.town.wechat, &self.town.told, &self.before)?;
        let told = self.town.told.so_far();
        let words = format!(
            "{} bookings, {} payments, {} withdrawals, {} cancellations, {} confirmations, {} refusals; {} requests sent again, \
             {} answered 503; slowest start {} ms",
            told.booked.len(),
            told.paid.len(),
            told.withdrawn.len(),
            told.cancelled.len(),
            told.confirmed.len(),
            told.declined.len(),
            self.town.told.repeated.load(Ordering::Relaxed),
            self.town.told.unavailable.load(Ordering::Relaxed),
            self.slowest.as_millis()
        );
        let case = format!("{}, everything settled", self.name);
        self.add(score, &case, &words, &wrong);
        Ok(())
    }

    fn add(&mut self, score: &mut Score, case: &str, words: &str, wrong: &[String]) {
        score.add(case, words, wrong);
        if !wrong.is_empty() && !self.stage.keep {
            self.stage.keep = true;
            println!(
                "        its data stay in {}; the log ends:",
                self.stage.folder().display()
            );
            println!("{}", self.stage.last_words());
        }
    }
}

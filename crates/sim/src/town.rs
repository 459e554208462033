//! One seed, played: the loop over what happens, and how it fails.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use crate::{
    Mix, Template,
    agenda::{Agenda, Event},
    business::{self, Draft, House},
    counter,
    customer::Intent,
    invariants::Watch,
    network::Network,
    program::Program,
    trace::Trace,
    world::{Chance, Time},
};
use db::{Tx, Unavailable, testing::TestDb};
use kernel::{Actor, Customer, Cx, Day, Error, HOUR_MS, Id, Instant, Lang, MINUTE_MS, Result};

/// What one seed came to.
#[derive(Clone, Debug)]
pub struct Played {
    /// The seed.
    pub seed: u64,
    /// Its faults.
    pub mix: Mix,
    /// How many things happened.
    pub steps: u64,
    /// How many calls the program made to WeChat.
    pub calls: u64,
    /// How often the process died.
    pub crashes: u64,
    /// How many bookings there were.
    pub bookings: usize,
    /// Simulated milliseconds.
    pub lasted: i64,
    /// The whole trace as one number.
    pub hash: u64,
    /// What broke, if something did.
    pub failure: Option<Failure>,
}

/// What broke in a seed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The step after which it was found.
    pub step: u64,
    /// The invariant, in words.
    pub words: String,
    /// The last things that happened.
    pub last: Vec<String>,
}

impl fmt::Display for Played {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.failure {
            None => write!(
                f,
                "seed {}: {} steps, trace {:016x}",
                self.seed, self.steps, self.hash
            ),
            Some(failure) => {
                writeln!(
                    f,
                    "seed {} fails at step {}: {}",
                    self.seed, failure.step, failure.words
                )?;
                writeln!(f, "faults: {}", self.mix)?;
                writeln!(f, "the last steps:")?;
                failure.last.iter().try_for_each(|line| writeln!(f, "  {line}"))?;
                write!(f, "replay: bin/sim --from {} --seeds 1 --trace", self.seed)
            }
        }
    }
}

/// Plays a seed on a copy of the template; `most` steps at the most, `aloud` prints every step.
///
/// # Errors
/// A fault when the database cannot be opened or the shops not be built.
pub fn play(seed: u64, template: &Template, most: u64, aloud: bool) -> Result<Played> {
    let mut town = Town::build(seed, template, aloud)?;
    let broken = town.live(most);
    let (failure, last) = (broken.err(), town.trace.last());
    town.network.serves(None);
    Ok(Played {
        seed,
        mix: town.mix,
        steps: town.steps,
        calls: town.network.calls(),
        crashes: town.crashes,
        bookings: town.known.len(),
        lasted: town.network.time.now() - START,
        hash: town.trace.hash(),
        failure: failure.map(|words| Failure {
            step: town.steps,
            words,
            last,
        }),
    })
}

/// A Monday morning in Beijing.
const START: Instant = Day(20_780).at(8 * 60);
/// When everything has healed, it all must come to its end within so long: a refund is asked about for ten days.
const TO_THE_END_MS: i64 = 40 * 24 * HOUR_MS;
/// Refusals that nobody can hear here: nobody pays with what the books could lack, nor says how much is to go back, so it was
/// the program that asked for too much.
const NEVER_HEARD: [&str; 2] = ["ledger.not_covered", "payment.refund_too_much"];
/// But an officer may repeat a failed refund whose money has gone back by another one meanwhile.
pub(crate) const AGAIN: &str = "repeats a refund";

/// The town of one seed.
pub(crate) struct Town {
    pub mix: Mix,
    pub network: Arc<Network>,
    pub program: Program,
    pub houses: Vec<House>,
    pub customers: Vec<Id<Customer>>,
    /// The bookings that were made.
    pub known: BTreeSet<i64>,
    /// What people decide on the way.
    pub people: Chance,
    pub trace: Trace,
    agenda: Agenda,
    watch: Watch,
    steps: u64,
    crashes: u64,
    healed_at: Option<Instant>,
    /// The first thing that broke while somebody acted.
    pub fault: Option<String>,
    ends_at: Instant,
    world: kernel::World,
    // Dropped last: the database's file.
    test: TestDb,
}

impl Town {
    fn build(seed: u64, template: &Template, aloud: bool) -> Result<Town> {
        let mix = Mix::drawn(seed);
        let (time, trace, agenda) = (Time::new(seed, START), Trace::new(aloud), Agenda::default());
        let network = Arc::new(Network::new(
            seed,
            mix,
            time.clone(),
            trace.clone(),
            agenda.clone(),
        ));
        let test = template.copy();
        let world = time.world();
        let program = Program::start(&test, world.clone(), &network)?;
        let plan = Chance::new(seed, 2);
        let customers = plan.between(2, 7) as usize;
        let drafts: Vec<Draft> = (0..plan.between(1, 3) as usize)
            .map(|number| Draft::drawn(&plan, number))
            .collect::<Result<_>>()?;
        let shops = drafts.len();
        let cx = program.db.world().cx(Actor::System("sim"), Lang::Zh);
        let (houses, people) = program
            .db
            .write(move |tx| {
                let houses: Result<Vec<House>> = drafts
                    .iter()
                    .map(|draft| business::furnish(&cx, tx, draft))
                    .collect();
                Ok((houses?, business::greet(&cx, tx, customers)?))
            })
            .wait()?;
        let mut town = Town {
            mix,
            network,
            program,
            houses,
            customers: people,
            known: BTreeSet::new(),
            people: Chance::new(seed, 4),
            trace,
            agenda,
            watch: Watch::default(),
            steps: 0,
            crashes: 0,
            healed_at: None,
            fault: None,
            ends_at: START,
            world,
            test,
        };
        town.draw_agenda(seed, &plan, (customers, shops));
        Ok(town)
    }

    /// Who wants to book when, and the weather.
    fn draw_agenda(&mut self, seed: u64, plan: &Chance, (customers, shops): (usize, usize)) {
        // Most seeds are a few crowded hours, where people meet; some are a whole month.
        let days = if plan.below(4) == 0 {
            plan.between(2, 31)
        } else {
            1
        };
        let hours = if days == 1 { plan.between(1, 14) } else { 24 * days };
        self.ends_at = START + hours * HOUR_MS;
        for number in 0..plan.between(4, 15) as usize {
            let at = START + plan.between(0, hours * HOUR_MS);
            let intent = Intent::drawn(seed, number, (customers, shops));
            self.plan(at, Event::Books(intent));
            // Two for the same time at the same moment.
            if plan.below(4) == 0 {
                let mut rival = intent;
                rival.number += 100;
                rival.customer = (intent.customer + 1) % customers;
                self.plan(at, Event::Books(rival));
            }
        }
        // Drawn beside the plan: who is entered at a desk changes nothing about the others.
        let desk = Chance::new(seed, 5);
        for number in 0..desk.between(0, 6) as usize {
            let at = START + desk.between(0, hours * HOUR_MS);
            let intent = Intent::drawn(seed, counter::DESK + number, (customers, shops));
            self.plan(at, Event::Enters(intent, None));
            // A rival at another desk of the same shop.
            if desk.below(3) == 0 {
                let mut rival = intent;
                rival.number += 100;
                self.plan(at, Event::Enters(rival, None));
            }
        }
        self.draw_absences(seed, shops, START, hours);
        self.plan(START + 6 * HOUR_MS, Event::OfficerLooks);
        let steps = hours * 6;
        for _ in 0..steps.min(200) {
            let at = START + plan.between(0, hours * HOUR_MS);
            if plan.of_thousand(self.mix.silence) {
                let until = at + plan.between(MINUTE_MS, 45 * MINUTE_MS);
                self.plan(at, Event::FallsSilent(until));
            }
            if plan.of_thousand(self.mix.crash * 4) {
                self.plan(at, Event::Dies(plan.between(0, 12) as u64));
            }
            if plan.of_thousand(self.mix.clock) {
                let wrong = plan.between(-10 * MINUTE_MS, 10 * MINUTE_MS);
                self.plan(at, Event::ClockJumps(wrong));
                self.plan(at + plan.between(MINUTE_MS, 90 * MINUTE_MS), Event::ClockJumps(0));
            }
        }
    }

    /// Lets everything happen to the end. The words of the first invariant that broke, else.
    fn live(&mut self, most: u64) -> std::result::Result<(), String> {
        while self.steps < most {
            if self.healed_at.is_none() && self.network.time.now() >= self.ends_at {
                self.heal();
            }
            if self.healed_at.is_some() && self.is_over()? {
                return self.ended();
            }
            if let Some(healed) = self.healed_at
                && self.network.time.now() - healed > TO_THE_END_MS
            {
                return self.ended().and(Err("it does not come to its end".to_owned()));
            }
            self.step()?;
        }
        Err(format!("it did not end within {most} steps"))
    }

    fn heal(&mut self) {
        self.tell("the faults end");
        self.network.heal();
        self.network.time.set_skew(0);
        self.mix = Mix::default();
        self.healed_at = Some(self.network.time.now());
    }

    /// The next thing: an event of the agenda or a job that is due, whichever comes first.
    fn step(&mut self) -> std::result::Result<(), String> {
        self.steps += 1;
        let due = self.program.runner.next_due().map_err(told)?;
        // Threads look within a second.
        let due = due.map(|due| due + -self.network.time.skew() + self.people.between(0, 1_000));
        let event = self.agenda.next();
        match (event, due) {
            (Some(at), due) if due.is_none_or(|due| at <= due) => {
                self.network.time.run_to(at);
                if let Some(event) = self.agenda.take() {
                    self.happens(event);
                }
            }
            (_, Some(due)) => {
                self.network.time.run_to(due);
                let program = self.program.clone();
                program.work(&self.network, &self.people);
            }
            (_, None) => return Err("nothing is left to happen".to_owned()),
        }
        if self.program.db.has_stopped_writing() {
            self.starts_again()?;
        }
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        match self.watch.broken(&self.program, &self.network) {
            Ok(None) => Ok(()),
            Ok(Some(words)) => Err(words),
            Err(error) => Err(told(error)),
        }
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::Books(intent) => self.books(&intent),
            Event::Enters(intent, at) => self.enters(&intent, at),
            Event::PaysCash(visit) => self.pays_cash(&visit),
            Event::CallsNumber(intent, ticket, tries) => self.calls_number(&intent, ticket, tries),
            Event::OpensSheet(visit, tries) => self.opens_sheet(visit, tries),
            Event::Pays(visit, number) => self.pays(visit, &number),
            Event::Returns(visit) => self.returns(&visit),
            Event::PaysAgain(visit) => self.pays_again(&visit),
            Event::ClosesWindow(visit) => self.closes_window(&visit),
            Event::CallsOff(visit) => self.calls_off(&visit),
            Event::WishesMove(visit) => self.wishes_move(visit),
            Event::AnswersMove(visit) => self.answers_move(&visit),
            Event::Reviews(visit) => self.reviews(&visit),
            Event::Waits(visit) => self.waits(&visit),
            Event::LooksAtOffer(intent, entry) => self.looks_at_offer(intent, entry),
            Event::Notice(post, tries) => self.notice(post, tries),
            Event::Forgery(number) => self.forgery(&number),
            Event::RefundEnds(number) => self.refund_ends(&number),
            Event::ShopLooks(visit) => self.shop_looks(visit),
            Event::Arrives(visit) => self.arrives(visit),
            Event::Reaches(visit) => self.reaches(visit),
            Event::AtTheDoor(visit) => self.at_the_door(visit),
            Event::Begins(visit) => self.begins(visit),
            Event::Ends(visit) => self.ends(visit),
            Event::Lengthens(visit) => self.lengthens(&visit),
            Event::HandsOver(visit) => self.hands_over(&visit),
            Event::Reopens(visit) => self.reopens(visit),
            Event::Aborts(visit) => self.aborts(&visit),
            Event::Complains(visit, tries) => self.complains(&visit, tries),
            Event::DecidesRefunds(visit) => self.decides_refunds(&visit),
            Event::Objects(visit) => self.objects(&visit),
            Event::DecidesFee(visit) => self.decides_fee(visit),
            Event::Tidies(visit) => self.tidies(visit),
            Event::AsksLeave(absence) => self.asks_leave(absence),
            Event::AnswersLeave(absence, leave, tries) => self.answers_leave(absence, leave, tries),
            Event::TakesLeaveBack(absence, leave) => self.takes_leave_back(&absence, leave),
            Event::ClosesShop(absence) => self.closes_shop(absence),
            Event::OpensShop(absence, closing) => self.opens_shop(&absence, closing),
            Event::SaysLate(visit, minutes) => self.says_late(&visit, minutes),
            Event::Misses(visit) => self.misses(&visit),
            Event::OfficerLooks => self.officer_looks(),
            Event::ClockJumps(wrong) if self.healed_at.is_none() => {
                self.tell(&format!("the program's clock is wrong by {wrong} ms"));
                self.network.time.set_skew(wrong);
            }
            Event::FallsSilent(until) if self.healed_at.is_none() => {
                self.tell(&format!("WeChat falls silent until {until}"));
                self.network.fall_silent(until);
            }
            Event::Dies(writes) if self.healed_at.is_none() => {
                self.tell(&format!("the process will die after {writes} writes"));
                self.program.db.stop_writing_after(writes);
            }
            Event::ClockJumps(_) | Event::FallsSilent(_) | Event::Dies(_) => {}
        }
    }

    /// The process died: what was not committed is gone; after a while it starts on what is there.
    fn starts_again(&mut self) -> std::result::Result<(), String> {
        self.crashes += 1;
        self.tell("the process died and starts again");
        self.watch.forgets();
        self.network.serves(None);
        self.network.time.clock.pass(self.people.between(1_000, 90_000));
        self.program = Program::start(&self.test, self.world.clone(), &self.network).map_err(told)?;
        Ok(())
    }

    /// A context of now.
    pub(crate) fn cx(&self, actor: Actor) -> Cx {
        self.program.db.world().cx(actor, Lang::Zh)
    }

    /// Somebody acts: one transaction. What broke is kept for the end of the step; a no of the business is none.
    pub(crate) fn act<T: Send + 'static>(
        &mut self,
        words: &str,
        actor: Actor,
        mut f: impl FnMut(&Cx, &mut Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let cx = self.cx(actor);
        let done = self.program.db.write(move |tx| f(&cx, tx)).wait();
        let words = format!("{actor} {words}");
        self.judge(&words, done)
    }

    /// Tells how something went. Only a process that died may fail without a refusal.
    pub(crate) fn judge<T>(&mut self, words: &str, done: Result<T>) -> Result<T> {
        let outcome = match &done {
            Ok(_) => "done".to_owned(),
            Err(error) => error.to_string(),
        };
        self.tell(&format!("{words}: {outcome}"));
        let may_be = match &done {
            Err(Error::Refused(no)) => !NEVER_HEARD.contains(&no.code) || words.ends_with(AGAIN),
            Ok(_) => true,
            Err(error) => Unavailable::is(error) && self.program.db.has_stopped_writing(),
        };
        if !may_be {
            self.fault
                .get_or_insert(format!("somebody got a fault: {words}: {outcome}"));
        }
        done
    }

    pub(crate) fn tell(&self, words: &str) {
        self.trace.tell(self.network.time.now(), words);
    }

    pub(crate) fn plan(&self, at: Instant, event: Event) {
        self.agenda.plan(at, event);
    }

    /// Whether nothing more is to come but what repeats itself.
    fn is_over(&self) -> std::result::Result<bool, String> {
        if !self.agenda.has_only_officers() {
            return Ok(false);
        }
        let quiet = self.program.db.read(|tx| {
            let waits = crate::store::waiting_jobs(tx)? > 0;
            let troubled = !payment::troubled_refunds(tx)?.is_empty();
            let dead = !db::jobs::dead(tx)?.is_empty();
            Ok(!waits && !troubled && !dead)
        });
        quiet.wait().map_err(told)
    }

    fn ended(&self) -> std::result::Result<(), String> {
        match crate::ending::broken(&self.program, &self.network) {
            Ok(None) => Ok(()),
            Ok(Some(words)) => Err(format!("at the end: {words}")),
            Err(error) => Err(told(error)),
        }
    }
}

fn told(error: Error) -> String {
    error.to_string()
}

/// The sums by the orders' raw identifiers.
pub(crate) type ByOrder = BTreeMap<i64, i64>;

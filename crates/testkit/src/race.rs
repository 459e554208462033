//! Races: two hundred ask for one thing at once, round after round, and exactly as many get it as there is of it.
//!
//! Each race has its negative twin in the tests: the same with the guard left out, which must show the fault. The clock of a
//! race must move, a millisecond for everybody who asks: of the many identifiers that are made in one millisecond two may be
//! the same.

use std::{
    io::{self, Write as _},
    time::Instant,
};

use db::{Db, EngineName, Pending, Tx};
use kernel::Result;

/// So many ask at once.
pub const RIVALS: i64 = 200;

/// The environment variable with the number of rounds of every race on every engine: `bin/race` sets it to a hundred.
pub const ROUNDS: &str = "TUINA_RACE_ROUNDS";

/// Plays the rounds of a race, counted from nought, and says on the standard error how long they took; how many there were.
/// That is as many as [`ROUNDS`] says, else what every run of the tests has time for: the first number on SQLite, the second on
/// PostgreSQL, where those who lose try again.
pub fn rounds(what: &str, db: &Db, usual: (i64, i64), play: impl FnMut(i64)) -> i64 {
    rounds_of((what, RIVALS), db, usual, play)
}

/// The same of a race in which there cannot be two hundred: so many ask at once.
pub fn rounds_of(
    (what, rivals): (&str, i64),
    db: &Db,
    (sqlite, postgres): (i64, i64),
    play: impl FnMut(i64),
) -> i64 {
    let (engine, usual) = match db.engine() {
        EngineName::Sqlite => ("SQLite", sqlite),
        EngineName::Postgres => ("PostgreSQL", postgres),
    };
    let asked = std::env::var(ROUNDS).ok();
    let rounds = asked.map_or(usual, |rounds| rounds.parse().expect("a number of rounds"));
    let begun = Instant::now();
    (0..rounds).for_each(play);
    let seconds = begun.elapsed().as_secs_f64();
    // Not by a macro: those are kept back while all is well.
    writeln!(
        io::stderr(),
        "race for {what}: {rounds} rounds of {rivals} on {engine} in {seconds:.1} s"
    )
    .expect("there is a standard error");
    rounds
}

/// Hands in all writes before one is waited for; the answers, in the same order.
pub fn at_once<T: Send + 'static>(
    db: &Db,
    units: impl IntoIterator<Item = impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static>,
) -> Vec<Result<T>> {
    all(units.into_iter().map(|unit| db.write(unit)).collect())
}

/// The same for those who only look.
pub fn look_at_once<T: Send + 'static>(
    db: &Db,
    units: impl IntoIterator<Item = impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static>,
) -> Vec<T> {
    let seen = all(units.into_iter().map(|unit| db.read(unit)).collect());
    seen.into_iter()
        .map(|seen| seen.expect("everybody may look"))
        .collect()
}

fn all<T>(waiting: Vec<Pending<T>>) -> Vec<Result<T>> {
    waiting.into_iter().map(Pending::wait).collect()
}

/// What the winners of a race got.
///
/// # Panics
/// When a loser heard anything but `no`: a fault is no refusal, and another refusal another race.
pub fn won<T>(answers: Vec<Result<T>>, no: &str) -> Vec<T> {
    let winners = answers.into_iter().filter_map(|answer| match answer {
        Ok(got) => Some(got),
        Err(error) => {
            assert_eq!(error.code(), Some(no), "{error}");
            None
        }
    });
    winners.collect()
}

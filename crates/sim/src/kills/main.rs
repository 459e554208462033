//! `kills`: the real program under the load of people, killed at every named place and at any moment, and a PostgreSQL server
//! stopped and started beneath it. After each death it must serve again within two seconds, everything that was acknowledged
//! must be there, and nothing twice. `bin/kill` builds and runs it.

mod browser;
mod chance;
mod check;
mod load;
mod points;
mod round;
mod server;
mod stage;
mod told;
mod wechat;

use std::process::ExitCode;

use clap::{Parser, ValueEnum};

use round::Round;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Kills the real program again and again and looks for what it lost.
#[derive(Parser)]
struct Args {
    /// How many times at any moment.
    #[arg(long, default_value_t = 200)]
    random: u64,
    /// On which engine.
    #[arg(long, value_enum, default_value_t = Engine::Both)]
    engine: Engine,
    /// How often the database server is stopped in each way.
    #[arg(long, default_value_t = 2)]
    outages: u64,
    /// Die once at each named place in place of several times.
    #[arg(long)]
    short: bool,
    /// Only the named places that hold this.
    #[arg(long)]
    place: Option<String>,
    /// Where chance begins.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// In how many milliseconds the program must serve again.
    #[arg(long, default_value_t = 2_000)]
    within: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    Sqlite,
    Postgres,
    Both,
}

/// Counts.
#[derive(Default)]
struct Score {
    passed: u64,
    failed: u64,
}

impl Score {
    /// One case; it passed when nothing is wrong.
    fn add(&mut self, name: &str, words: &str, wrong: &[String]) {
        if wrong.is_empty() {
            self.passed += 1;
            println!("ok      {name}: {words}");
            return;
        }
        self.failed += 1;
        println!("FAILED  {name}: {words}");
        for sentence in wrong.iter().take(8) {
            println!("        {sentence}");
        }
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    let mut score = Score::default();
    let engines = match args.engine {
        Engine::Both => vec![Engine::Sqlite, Engine::Postgres],
        one => vec![one],
    };
    for engine in engines {
        if let Err(error) = run(engine, &args, &mut score) {
            score.add(name_of(engine), "the run came to no end", &[error.to_string()]);
        }
    }
    println!("{} passed, {} failed", score.passed, score.failed);
    match score.failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn name_of(engine: Engine) -> &'static str {
    match engine {
        Engine::Postgres => "PostgreSQL",
        _ => "SQLite",
    }
}

fn run(engine: Engine, args: &Args, score: &mut Score) -> Outcome<()> {
    let mut round = Round::begin(engine == Engine::Postgres, args)?;
    for point in points::POINTS {
        if args
            .place
            .as_ref()
            .is_some_and(|place| !point.name.contains(place.as_str()))
        {
            continue;
        }
        let most = if args.short { 1 } else { point.passings.len() };
        // The last of them lies deepest in the load.
        for passing in point.passings.iter().rev().take(most) {
            round.die_at(point.name, *passing, score)?;
        }
    }
    for number in 1..=args.random {
        round.die_at_any_moment(number, score)?;
    }
    if engine == Engine::Postgres {
        for _ in 0..args.outages {
            round.outage(server::Stop::Fast, score)?;
            round.outage(server::Stop::Immediate, score)?;
        }
    }
    round.end(score)
}

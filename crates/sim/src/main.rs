//! `sim`: plays seeds and says which of them break what. `bin/sim` runs it optimised.

use std::{
    process::ExitCode,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Instant,
};

use clap::Parser;
use sim::{Played, Template, play};

/// A seeded month of business with faults, over the real actions on a real database.
#[derive(Parser)]
struct Args {
    /// How many seeds to play.
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// The most steps of one seed.
    #[arg(long, default_value_t = 100_000)]
    steps: u64,
    /// A PostgreSQL server on which databases may be made, in place of SQLite in memory.
    #[arg(long)]
    postgres: Option<String>,
    /// How many seeds are played beside one another.
    #[arg(long)]
    threads: Option<usize>,
    /// Print every step.
    #[arg(long)]
    trace: bool,
    /// Go on after a seed that failed.
    #[arg(long)]
    all: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let test = match &args.postgres {
        Some(server) => db::testing::postgres(server),
        None => db::testing::sqlite_alone(),
    };
    let template = match Template::new(test) {
        Ok(template) => template,
        Err(error) => {
            eprintln!("the tables could not be made: {error}");
            return ExitCode::FAILURE;
        }
    };
    let begun = Instant::now();
    let played = run(&args, &template);
    let seconds = begun.elapsed().as_secs_f64().max(0.001);
    let failed = played.iter().filter(|played| played.failure.is_some()).count();
    let sum = |f: fn(&Played) -> u64| played.iter().map(f).sum::<u64>();
    let (steps, days) = (sum(|p| p.steps), sum(|p| p.lasted as u64) / 86_400_000);
    println!(
        "{} seeds, {failed} failed; {steps} steps, {} calls, {} crashes, {} bookings, {days} days of business in {seconds:.1} s: \
         {:.1} seeds/s, {:.0} steps/s",
        played.len(),
        sum(|p| p.calls),
        sum(|p| p.crashes),
        sum(|p| p.bookings as u64),
        played.len() as f64 / seconds,
        steps as f64 / seconds,
    );
    // The sum of all traces: the same seeds of the same commit give the same number.
    println!(
        "trace {:016x}",
        played
            .iter()
            .fold(0u64, |sum, played| sum.wrapping_add(played.hash))
    );
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn run(args: &Args, template: &Template) -> Vec<Played> {
    let (next, end) = (AtomicU64::new(args.from), args.from + args.seeds);
    let done = Mutex::new(Vec::new());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = if args.trace {
        1
    } else {
        args.threads.unwrap_or(cores).max(1)
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= end {
                        return;
                    }
                    match play(seed, template, args.steps, args.trace) {
                        Ok(played) => {
                            if played.failure.is_some() {
                                println!("{played}\n");
                                if !args.all {
                                    next.store(end, Ordering::SeqCst);
                                }
                            }
                            done.lock().unwrap_or_else(PoisonError::into_inner).push(played);
                        }
                        Err(error) => {
                            eprintln!("seed {seed} could not be played: {error}");
                            std::process::exit(2);
                        }
                    }
                }
            });
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

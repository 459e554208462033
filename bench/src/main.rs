//! Measures Tuina against its limits and prints one table: `bin/bench [part of a row's name]`.
//!
//! A figure stands beside a reference measured in the same run, or against a fixed limit. A measurement is a function that
//! returns [`Measured`] rows; a new one is added to [`ROWS`].

mod big;
mod booking;
mod demo;
mod free;
mod load;
mod nearest;
mod notices;
mod page;
mod pgbench;
mod process;
mod rush;
mod stage;

use std::error::Error;

/// The measurements: what to ask for them by, and how they are made.
const ROWS: &[(&str, Measure)] = &[
    ("booking transaction, SQLite on disk", booking::sqlite_on_disk),
    (
        "booking transaction, SQLite in memory (/dev/shm)",
        booking::sqlite_in_memory,
    ),
    ("booking transaction, PostgreSQL", pgbench::postgres),
    ("free times of one shop", free::times),
    ("nearest shops", nearest::shops),
    ("200 customers at once, SQLite", rush::sqlite),
    ("200 customers at once, PostgreSQL", rush::postgres),
    ("shop page over HTTP, memory, start", page::shop),
    ("notices of payments, SQLite", notices::sqlite),
    ("notices of payments, PostgreSQL", notices::postgres),
];

/// Measured only when asked for by a name that begins with "big": to fill the databases takes long.
const BIG: &[(&str, Measure)] = &[
    ("big: size", big::fill),
    ("big: free times", big::free_times),
    ("big: pages", big::daily_pages),
    ("big: orders", big::orders),
    ("big: bills", big::reconciliation),
    ("big: audit", big::audit),
];

/// How often a thing is measured; the median counts.
const ROUNDS: usize = 5;

type Outcome<T> = Result<T, Box<dyn Error>>;
type Measure = fn() -> Outcome<Vec<Measured>>;

/// One row of the table.
struct Measured {
    what: &'static str,
    unit: &'static str,
    /// One figure of each round.
    ours: Vec<f64>,
    target: Target,
    /// What else is worth knowing.
    remark: String,
}

/// What is good enough.
enum Target {
    /// The median, divided by that of a reference measured in the same run and unit.
    Ratio {
        reference: Vec<f64>,
        named: &'static str,
        least: f64,
    },
    /// The median.
    AtLeast(f64),
    /// The median.
    AtMost(f64),
    /// Every single figure.
    Always(f64),
}

fn main() {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    println!("| what | ours, median (least–most) | reference | ratio | target | | remark |");
    println!("|---|---|---|---|---|---|---|");
    let rows = if wanted.starts_with("big") { BIG } else { ROWS };
    for (name, measure) in rows.iter().filter(|(name, _)| name.contains(&wanted)) {
        match measure() {
            Ok(rows) => rows.iter().for_each(print_row),
            Err(error) => {
                let why = error.to_string();
                println!(
                    "| {name} | no figure: {} | | | | SHORT | |",
                    why.lines().next().unwrap_or_default()
                );
            }
        }
    }
}

fn print_row(row: &Measured) {
    let Measured {
        what,
        unit,
        ours,
        target,
        remark,
    } = row;
    let middle = median(ours);
    let (reference, ratio, limit, good) = match target {
        Target::Ratio {
            reference,
            named,
            least,
        } => {
            let ratio = middle / median(reference);
            let beside = format!(
                "{} {unit} ({}), {named}",
                figure(median(reference)),
                spread(reference)
            );
            (
                beside,
                format!("{ratio:.2}"),
                format!("ratio ≥ {least}"),
                ratio >= *least,
            )
        }
        Target::AtLeast(least) => (
            String::new(),
            String::new(),
            format!("≥ {least}"),
            middle >= *least,
        ),
        Target::AtMost(most) => (String::new(), String::new(), format!("≤ {most}"), middle <= *most),
        Target::Always(exact) => {
            let good = ours.iter().all(|figure| (figure - exact).abs() < 1e-9);
            (String::new(), String::new(), format!("always {exact}"), good)
        }
    };
    let verdict = if good { "good" } else { "SHORT" };
    println!(
        "| {what} | {} {unit} ({}) | {reference} | {ratio} | {limit} | {verdict} | {remark} |",
        figure(middle),
        spread(ours)
    );
}

fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

fn spread(figures: &[f64]) -> String {
    let least = figures.iter().copied().fold(f64::INFINITY, f64::min);
    let most = figures.iter().copied().fold(0.0, f64::max);
    format!("{}–{}", figure(least), figure(most))
}

/// With about three digits that count.
fn figure(value: f64) -> String {
    match value {
        100.0.. => format!("{value:.0}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => format!("{value:.3}")
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_three_digits_that_count() {
        assert_eq!(
            [1234.5, 45.67, 0.464, 1.0, 0.0].map(figure),
            ["1234", "45.7", "0.464", "1", "0"]
        );
    }

    #[test]
    fn the_middle_of_five_counts() {
        assert!((median(&[9.0, 1.0, 3.0, 100.0, 2.0]) - 3.0).abs() < 1e-9);
    }
}

//! The twenty shops nearest to a person, among a city's and among a hundred thousand.

use geo::{Nearest, Wgs84};
use kernel::{Actor, Cx, Lang, World};

use crate::{Measured, Outcome, ROUNDS, Target, process::thread_time};

const COUNT: usize = 20;
const QUESTIONS: usize = 20_000;

pub(crate) fn shops() -> Outcome<Vec<Measured>> {
    Ok(vec![
        among(1_000, "nearest 20 of 1,000 shops", 20.0)?,
        among(100_000, "nearest 20 of 100,000 shops", 100.0)?,
    ])
}

fn among(shops: usize, what: &'static str, most: f64) -> Outcome<Measured> {
    let chance = World::new(|| kernel::Instant(0), || 20).cx(Actor::Guest, Lang::Zh);
    let index = Nearest::new((0..shops).map(|shop| (somewhere(&chance), shop)));
    let people: Vec<Wgs84> = (0..QUESTIONS).map(|_| somewhere(&chance)).collect();
    let mut ours = Vec::new();
    for _ in 0..ROUNDS {
        let begun = thread_time()?;
        let found: usize = people
            .iter()
            .map(|from| index.nearest(*from, COUNT, |_| true).len())
            .sum();
        let took = thread_time()? - begun;
        assert_eq!(found, COUNT * QUESTIONS, "there are enough shops for everybody");
        ours.push(took.as_secs_f64() * 1e6 / QUESTIONS as f64);
    }
    let target = Target::AtMost(most);
    Ok(Measured {
        what,
        unit: "µs of CPU",
        ours,
        target,
        remark: String::new(),
    })
}

/// Within about three kilometres of a subway exit for three of four, anywhere in the city's rectangle for the fourth.
fn somewhere(chance: &Cx) -> Wgs84 {
    let part = |span: f64| chance.below(1_000_000) as f64 / 1_000_000.0 * span;
    if chance.below(4) == 0 {
        return Wgs84 {
            lat: 39.44 + part(1.62),
            lng: 115.42 + part(2.08),
        };
    }
    let exits = geo::subway::exits();
    let exit = &exits[chance.below(exits.len() as u64) as usize];
    Wgs84 {
        lat: exit.point.lat - 0.03 + part(0.06),
        lng: exit.point.lng - 0.04 + part(0.08),
    }
}

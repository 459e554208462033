use crate::{Played, Template, play};

/// Seeds that once found a fault in the program.
const REGRESSIONS: &[u64] = &[8];

fn template() -> Template {
    Template::new(db::testing::sqlite_in_memory()).unwrap()
}

fn played(seed: u64, template: &Template) -> Played {
    let played = play(seed, template, 100_000, false).unwrap();
    assert!(played.failure.is_none(), "{played}");
    played
}

#[test]
fn many_seeds_break_nothing() {
    let template = template();
    let mut crashes = 0;
    for seed in 1..=40 {
        crashes += played(seed, &template).crashes;
    }
    assert!(crashes > 10, "the process dies now and then: {crashes}");
}

#[test]
fn seeds_that_once_failed_break_nothing() {
    let template = template();
    for seed in REGRESSIONS {
        played(*seed, &template);
    }
}

#[test]
fn a_seed_replays_exactly_on_every_engine() {
    let hashes = |seed| -> Vec<u64> {
        let mut templates: Vec<Template> = db::testing::engines()
            .into_iter()
            .map(|engine| Template::new(engine).unwrap())
            .collect();
        templates.push(template());
        templates
            .iter()
            .map(|template| played(seed, template).hash)
            .collect()
    };
    for seed in [3, 4, 5] {
        let hashes = hashes(seed);
        assert!(hashes.windows(2).all(|pair| pair[0] == pair[1]), "{hashes:016x?}");
    }
}

#[test]
fn another_seed_is_another_story() {
    let template = template();
    assert_ne!(played(1, &template).hash, played(2, &template).hash);
}

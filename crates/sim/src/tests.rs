use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write as _},
    ops::RangeInclusive,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Instant,
};

use crate::{Played, Template, play};

/// Seeds that once found a fault in the program.
const REGRESSIONS: &[u64] = &[8, 90, 407, 823, 1070, 1433, 1639];

fn template() -> Template {
    Template::new(db::testing::sqlite_alone()).unwrap()
}

fn played(seed: u64, template: &Template) -> Played {
    let played = play(seed, template, 100_000, false).unwrap();
    assert!(played.failure.is_none(), "{played}");
    played
}

/// How many seeds a run plays; the variable asks for more or fewer.
const SEEDS: (&str, u64) = ("TUINA_SEEDS", 2_000);

/// Plays seeds, as many at a time as there are processors.
fn beside_one_another(seeds: RangeInclusive<u64>, play: impl Fn(u64) + Sync) {
    let next = AtomicU64::new(*seeds.start());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed > *seeds.end() {
                        return;
                    }
                    play(seed);
                }
            });
        }
    });
}

#[test]
fn many_seeds_break_nothing() {
    let asked = std::env::var(SEEDS.0).ok().and_then(|seeds| seeds.parse().ok());
    let (seeds, template) = (asked.unwrap_or(SEEDS.1), template());
    let [steps, crashes] = [0, 0].map(AtomicU64::new);
    let begun = Instant::now();
    beside_one_another(1..=seeds, |seed| {
        let played = played(seed, &template);
        steps.fetch_add(played.steps, Ordering::SeqCst);
        crashes.fetch_add(played.crashes, Ordering::SeqCst);
    });
    let (steps, crashes) = (steps.into_inner(), crashes.into_inner());
    let seconds = begun.elapsed().as_secs_f64();
    let speed = |count: u64| count as f64 / seconds;
    let words = format!(
        "{seeds} seeds, {steps} steps, {crashes} crashes in {seconds:.0} s: {:.1} seeds/s, {:.0} steps/s",
        speed(seeds),
        speed(steps)
    );
    // Not by a macro: those are kept back while all is well.
    writeln!(io::stderr(), "{words}").unwrap();
    assert!(crashes > 10, "the process dies now and then: {crashes}");
}

#[test]
fn seeds_that_once_failed_break_nothing() {
    let template = template();
    for seed in REGRESSIONS {
        played(*seed, &template);
    }
}

/// The seeds that are played on every engine: PostgreSQL takes some seconds for each.
const REPLAYED: RangeInclusive<u64> = 3..=10;

#[test]
fn a_seed_replays_exactly_on_every_engine() {
    let mut templates: Vec<Template> = db::testing::engines()
        .into_iter()
        .map(|engine| Template::new(engine).unwrap())
        .collect();
    templates.push(template());
    beside_one_another(REPLAYED, |seed| {
        let hashes: Vec<u64> = templates
            .iter()
            .map(|template| played(seed, template).hash)
            .collect();
        assert!(
            hashes.windows(2).all(|pair| pair[0] == pair[1]),
            "seed {seed}: {hashes:016x?}"
        );
    });
}

#[test]
fn another_seed_is_another_story() {
    let template = template();
    assert_ne!(played(1, &template).hash, played(2, &template).hash);
}

/// The files of a patch, and the patch.
fn planted() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("faults");
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "patch"))
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect();
    found.sort();
    found
}

fn touched(patch: &str) -> impl Iterator<Item = &str> {
    patch.lines().filter_map(|line| line.strip_prefix("+++ b/"))
}

#[test]
fn there_are_forty_planted_faults_and_each_says_how_it_must_be_found() {
    let planted = planted();
    assert!(planted.len() >= 40, "only {}", planted.len());
    for (path, patch) in planted {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let expects = patch.lines().find_map(|line| line.strip_prefix("Expects: "));
        assert!(
            expects.is_some_and(|words| words.len() > 8),
            "{name} expects nothing"
        );
        assert!(
            patch.contains(&format!("Ok(\"{name}\")")),
            "{name} is not asked for by its name"
        );
        assert!(touched(&patch).count() > 0, "{name} changes nothing");
    }
}

/// A patch that no longer fits would be noticed only by `bin/sharpness`, which nobody runs every day.
#[test]
fn every_planted_fault_still_fits_the_program_and_beside_the_others() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let copy = std::env::temp_dir().join(format!("tuina-planted-{}", std::process::id()));
    let planted = planted();
    let files: BTreeSet<&str> = planted.iter().flat_map(|(_, patch)| touched(patch)).collect();
    for file in files {
        let to = copy.join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(root.join(file), to).unwrap();
    }
    let unfit: Vec<_> = planted
        .iter()
        .filter(|(path, _)| {
            let applied = Command::new("git")
                .args(["apply", "--recount", "--whitespace=nowarn"])
                .arg(path)
                .current_dir(&copy)
                .env("GIT_CEILING_DIRECTORIES", std::env::temp_dir())
                .status()
                .unwrap();
            !applied.success()
        })
        .map(|(path, _)| path.file_name().unwrap())
        .collect();
    fs::remove_dir_all(&copy).unwrap();
    assert!(unfit.is_empty(), "these do not fit any more: {unfit:?}");
}

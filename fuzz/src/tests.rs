use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use crate::{
    Mutator, TARGETS, Target, bill, notice, push,
    signed::{self, NOW_S, pay},
};

/// How long each target is tried with changed inputs.
const TURN: Duration = Duration::from_millis(2500);

fn kept(target: &Target) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target.name);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

#[test]
fn every_target_has_kept_inputs() {
    for target in TARGETS {
        assert!(kept(target).len() >= 3, "{}", target.name);
    }
}

fn input(target: &str, name: &str) -> Vec<u8> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    fs::read(corpus.join(target).join(name)).unwrap()
}

/// Inputs that are all refused at the first check would try nothing behind it.
#[test]
fn the_good_ones_among_the_kept_inputs_are_taken() {
    for name in ["payment", "refund"] {
        let input = input("notice", name);
        let (headers, body) = notice::letter(&input);
        assert!(pay().open_notice(NOW_S, &headers, body).is_ok(), "{name}");
    }
    for name in ["payment", "refund", "other", "sealed-payment", "sealed-direct"] {
        let body = notice::enveloped(&input("envelope", name));
        assert!(
            pay()
                .open_notice(NOW_S, &signed::quick_headers(&body), &body)
                .is_ok(),
            "{name}"
        );
    }
    for name in [
        "text",
        "location",
        "link",
        "mass",
        "popup",
        "scan",
        "template",
        "declaration",
    ] {
        assert!(push::is_taken(&input("push", name)[1..]), "{name}");
    }
    for name in ["trade", "trade-packed", "fund", "fund-packed"] {
        assert!(bill::is_read(&input("bill", name)), "{name}");
    }
    for name in ["doctype", "deep", "attribute"] {
        assert!(!push::is_taken(&input("push", name)[1..]), "{name}");
    }
}

/// A broken promise shows the input on the last line of what the test prints.
#[test]
fn kept_and_changed_inputs_break_no_promise() {
    for (number, target) in TARGETS.iter().enumerate() {
        let inputs = kept(target);
        let mut mutator = Mutator::new(0x9E37_79B9 + number as u64);
        let mut tried = 0u32;
        let begun = Instant::now();
        for input in &inputs {
            attempt(target, input);
        }
        while begun.elapsed() < TURN {
            attempt(target, &mutator.changed(&inputs));
            tried += 1;
        }
        println!(
            "{}: {} kept inputs, {tried} changed ones",
            target.name,
            inputs.len()
        );
        assert!(tried > 0, "{}", target.name);
    }
}

fn attempt(target: &Target, input: &[u8]) {
    let tried = std::panic::catch_unwind(|| (target.run)(input));
    if tried.is_err() {
        panic!("{} breaks at {:?}", target.name, String::from_utf8_lossy(input));
    }
}

#[test]
fn the_same_seed_changes_the_same_way() {
    let inputs = [b"<xml><a>1</a></xml>".to_vec(), b"two".to_vec()];
    let made = |seed| {
        let mut mutator = Mutator::new(seed);
        (0..50).map(|_| mutator.changed(&inputs)).collect::<Vec<_>>()
    };
    assert_eq!(made(7), made(7));
    assert_ne!(made(7), made(9));
}

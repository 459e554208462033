//! `docs/edge-cases.md` names the test of every edge case, and the tests exist.

use std::{collections::BTreeSet, fs};

use super::none;
use crate::{root, sources};

/// How many there are.
const CASES: usize = 32;

/// A row of the table: its number and what stands in its last column.
fn rows() -> Vec<(usize, String)> {
    let text = fs::read_to_string(root().join("docs/edge-cases.md")).expect("the table exists");
    text.lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ");
            let number = cells.next()?.parse().ok()?;
            Some((number, cells.nth(1)?.to_owned()))
        })
        .collect()
}

/// The names between backticks.
fn named(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The names of all tests: functions under `#[test]`, or in `proptest!`.
fn tests() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in sources() {
        for (before, rest) in source
            .text
            .match_indices("fn ")
            .map(|(at, _)| source.text.split_at(at))
        {
            let mut attributes = before.lines().rev().take(6);
            if attributes.any(|line| line.trim() == "#[test]") {
                let name = rest[3..].split(['(', '<']).next().unwrap_or_default();
                found.insert(name.to_owned());
            }
        }
    }
    found
}

#[test]
fn every_edge_case_has_its_row() {
    let numbers: Vec<usize> = rows().iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=CASES).collect::<Vec<_>>());
}

#[test]
fn every_test_that_an_edge_case_names_exists() {
    let tests = tests();
    let mut wrong = Vec::new();
    for (number, cell) in rows() {
        let names = named(&cell);
        wrong.extend(
            names
                .iter()
                .filter(|name| !tests.contains(**name))
                .map(|name| format!("{number}: no test is named {name}")),
        );
        let bears_its_number = |name: &&str| {
            let rest = name.strip_prefix("edge_case_").unwrap_or_default();
            rest.split('_').next().and_then(|digits| digits.parse().ok()) == Some(number)
        };
        if !cell.starts_with("comes with ") && !names.first().is_some_and(bears_its_number) {
            wrong.push(format!(
                "{number}: neither a test edge_case_{number:02}_… nor what it comes with"
            ));
        }
    }
    none("docs/edge-cases.md:", wrong);
}

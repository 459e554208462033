//! The named places at which the program is killed. A test compares them with the program's text.

/// A place, and the passings at which the program dies there in a round each: the first passings of what happens all the time
/// belong to its start.
pub(crate) struct Point {
    pub name: &'static str,
    pub passings: &'static [u64],
}

const fn rare(name: &'static str) -> Point {
    Point {
        name,
        passings: &[1, 2],
    }
}

const fn frequent(name: &'static str) -> Point {
    Point {
        name,
        passings: &[1, 25, 60],
    }
}

/// All of them.
pub(crate) const POINTS: &[Point] = &[
    frequent("db.commit.before"),
    frequent("db.commit.after"),
    frequent("job.claimed"),
    frequent("job.done"),
    rare("payment.prepay.before"),
    rare("payment.prepay.after"),
    rare("payment.query.before"),
    rare("payment.query.after"),
    rare("payment.close.before"),
    rare("payment.close.after"),
    rare("payment.refund.before"),
    rare("payment.refund.after"),
    rare("payment.refund_query.before"),
    rare("payment.refund_query.after"),
    rare("payment.notice.verified"),
    rare("payment.notice.taken"),
];

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::POINTS;

    /// The names that the program's own text gives to its crash points.
    fn named(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir()
                && path
                    .file_name()
                    .is_some_and(|name| name != "target" && name != "tests")
            {
                named(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                // Written apart, so that this file does not find itself.
                let call = ["crash_", "point(\""].concat();
                found.extend(
                    text.split(&call)
                        .skip(1)
                        .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())),
                );
            }
        }
    }

    #[test]
    fn every_crash_point_of_the_program_is_killed_at() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        let mut found = BTreeSet::new();
        for part in ["app/src", "crates", "modules"] {
            named(&root.join(part), &mut found);
        }
        let listed: BTreeSet<String> = POINTS.iter().map(|point| point.name.to_owned()).collect();
        assert_eq!(found, listed);
    }
}

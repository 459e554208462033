//! Several services in one visit: whether everybody finds a therapist and a bed, and who serves whom.

use kernel::{Id, Instant, Minutes};
use therapist::Therapist;

use super::{Diary, FreeDay, FreeTime, Length, SLOT_MINUTES, Slots, slot_of};
use crate::Bed;

/// One service of a visit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// Who may serve, the one to be asked first first.
    pub therapists: Vec<Id<Therapist>>,
    /// How long it takes.
    pub length: Length,
    /// So many minutes after the visit begins; a multiple of [`SLOT_MINUTES`].
    pub after: Minutes,
}

/// A visit of several services against a diary.
#[derive(Debug)]
pub struct Together {
    parts: Vec<Wanted>,
}

#[derive(Debug)]
struct Wanted {
    /// The slots that are claimed, from the start of the visit.
    claimed: (i64, i64),
    /// The start of the service, from the start of the visit.
    after: i64,
    therapists: Vec<(Id<Therapist>, Slots)>,
    beds: Vec<(Id<Bed>, Slots)>,
}

/// Who serves a part and where.
pub type Place = (Id<Therapist>, Id<Bed>);

impl Together {
    /// What the diary says of these parts; `beds` narrows the beds to those of one room.
    pub fn new(diary: &Diary, parts: &[Part], beds: Option<&[Id<Bed>]>) -> Together {
        let wanted = |part: &Part| {
            let after = part.after / SLOT_MINUTES;
            let therapists = part.therapists.iter();
            Wanted {
                claimed: part.length.claimed(after),
                after,
                therapists: therapists
                    .filter_map(|id| Some((*id, diary.starts_of(*id, part.length)?)))
                    .collect(),
                beds: diary
                    .starts_on_beds(part.length)
                    .filter(|(bed, _)| beds.is_none_or(|beds| beds.contains(bed)))
                    .collect(),
            }
        };
        Together {
            parts: parts.iter().map(wanted).collect(),
        }
    }

    /// Who serves which part where, when the visit begins then; `None` when somebody finds nobody, or no bed. Who is named
    /// first for a part serves it unless another part needs them.
    pub fn at(&self, starts_at: Instant) -> Option<Vec<Place>> {
        let slot = slot_of(starts_at);
        let spans: Vec<(i64, i64)> = self.parts.iter().map(|part| part.claimed).collect();
        let free = |part: &Wanted, starts: &Slots| starts.contains(slot + part.after);
        let mut therapists: Vec<Vec<Id<Therapist>>> = Vec::new();
        let mut beds: Vec<Vec<Id<Bed>>> = Vec::new();
        for part in &self.parts {
            let those = part.therapists.iter().filter(|(_, starts)| free(part, starts));
            therapists.push(those.map(|(id, _)| *id).collect());
            let those = part.beds.iter().filter(|(_, starts)| free(part, starts));
            beds.push(those.map(|(id, _)| *id).collect());
        }
        let therapists = give(&therapists, &spans)?;
        Some(therapists.into_iter().zip(give(&beds, &spans)?).collect())
    }

    /// The days with the times at which the visit can begin. `days` are those of its first part.
    pub fn narrow(&self, mut days: Vec<FreeDay>) -> Vec<FreeDay> {
        for day in &mut days {
            let times = std::mem::take(&mut day.times);
            let fits = |time: FreeTime| {
                let places = self.at(time.starts_at)?;
                Some(FreeTime {
                    therapists: places.into_iter().map(|(therapist, _)| therapist).collect(),
                    ..time
                })
            };
            day.times = times.into_iter().filter_map(fits).collect();
        }
        days
    }
}

/// Gives each part one of its choices so that none is used twice at a time; the first such giving in the order of the
/// choices. Parts are few, so trying is quick.
fn give<T: Copy + PartialEq>(choices: &[Vec<T>], spans: &[(i64, i64)]) -> Option<Vec<T>> {
    let mut given: Vec<T> = Vec::new();
    fn next<T: Copy + PartialEq>(choices: &[Vec<T>], spans: &[(i64, i64)], given: &mut Vec<T>) -> bool {
        let place = given.len();
        let Some(those) = choices.get(place) else {
            return true;
        };
        let (from, to) = spans[place];
        for one in those {
            let mut earlier = given.iter().zip(spans);
            if earlier.any(|(known, span)| known == one && span.0 < to && from < span.1) {
                continue;
            }
            given.push(*one);
            if next(choices, spans, given) {
                return true;
            }
            given.pop();
        }
        false
    }
    next(choices, spans, &mut given).then_some(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_serves_two_at_a_time_and_the_first_choice_yields_only_to_need() {
        let at_once = [(0, 14), (0, 14), (0, 14)];
        assert_eq!(
            give(&[vec!['a', 'b'], vec!['a'], vec!['a', 'b', 'c']], &at_once),
            Some(vec!['b', 'a', 'c'])
        );
        assert_eq!(
            give(&[vec!['a', 'b'], vec!['a', 'b'], vec!['b', 'a']], &at_once),
            None
        );
        assert_eq!(give(&[vec!['a'], vec![]], &at_once), None);
        // One after the other: the same therapist goes on.
        assert_eq!(
            give(&[vec!['a', 'b'], vec!['a', 'b']], &[(0, 14), (14, 22)]),
            Some(vec!['a', 'a'])
        );
        assert_eq!(
            give(&[vec!['a', 'b'], vec!['a', 'b']], &[(0, 14), (13, 22)]),
            Some(vec!['a', 'b'])
        );
    }
}

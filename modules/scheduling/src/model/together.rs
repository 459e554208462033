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
        places(&self.parts.iter().collect::<Vec<_>>(), slot_of(starts_at))
    }

    /// How many of the parts find somebody and a bed together, when the visit begins then: as many as can.
    pub fn most_at(&self, starts_at: Instant) -> usize {
        let some = |chosen: u32| -> Vec<&Wanted> {
            let parts = self.parts.iter().enumerate();
            parts
                .filter(|(place, _)| chosen >> place & 1 == 1)
                .map(|(_, part)| part)
                .collect()
        };
        let sets = (0..1_u32 << self.parts.len()).map(some);
        let fitting = sets.filter(|parts| places(parts, slot_of(starts_at)).is_some());
        fitting.map(|parts| parts.len()).max().unwrap_or(0)
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

/// Who serves which of the parts where, when their visit begins at a slot.
fn places(parts: &[&Wanted], slot: i64) -> Option<Vec<Place>> {
    let spans: Vec<(i64, i64)> = parts.iter().map(|part| part.claimed).collect();
    let free = |part: &Wanted, starts: &Slots| starts.contains(slot + part.after);
    let mut therapists: Vec<Vec<Id<Therapist>>> = Vec::new();
    let mut beds: Vec<Vec<Id<Bed>>> = Vec::new();
    for part in parts {
        let those = part.therapists.iter().filter(|(_, starts)| free(part, starts));
        therapists.push(those.map(|(id, _)| *id).collect());
        let those = part.beds.iter().filter(|(_, starts)| free(part, starts));
        beds.push(those.map(|(id, _)| *id).collect());
    }
    let therapists = give(&therapists, &spans)?;
    Some(therapists.into_iter().zip(give(&beds, &spans)?).collect())
}

/// Gives each part one of its choices so that none is used twice at a time; the first such giving in the order of the
/// choices. Parts are few, so trying is quick.
fn give<T: Copy + PartialEq>(choices: &[Vec<T>], spans: &[(i64, i64)]) -> Option<Vec<T>> {
    // Tried out, this would be found only after everything before it.
    if choices.iter().any(Vec::is_empty) {
        return None;
    }
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

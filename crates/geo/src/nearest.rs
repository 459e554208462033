//! The exact nearest places to a point: a k-d tree over points on the unit sphere.

use crate::Wgs84;
use std::collections::BinaryHeap;

/// An index of places, built once and asked often. Answers are exact; places at the same distance come in the
/// order in which they were given.
#[derive(Debug)]
pub struct Nearest<T> {
    /// Reordered so that every branch of the tree is a consecutive run.
    places: Vec<Place<T>>,
}

/// A place that was found.
#[derive(Debug)]
pub struct Near<'a, T> {
    /// What was put into the index.
    pub item: &'a T,
    /// Where it is.
    pub point: Wgs84,
    /// Metres along the great circle.
    pub metres: f64,
}

impl<T> Nearest<T> {
    /// Builds the index.
    ///
    /// # Panics
    /// When a coordinate is not a finite number: positions are checked where they enter ([`Wgs84::new`]).
    pub fn new(places: impl IntoIterator<Item = (Wgs84, T)>) -> Self {
        let mut places: Vec<_> = places
            .into_iter()
            .enumerate()
            .map(|(rank, (point, item))| {
                assert!(
                    point.lat.is_finite() && point.lng.is_finite(),
                    "a place without a position"
                );
                Place {
                    at: point.on_unit_sphere(),
                    split: Axis::X,
                    rank,
                    point,
                    item,
                }
            })
            .collect();
        arrange(&mut places);
        Self { places }
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no place at all.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The `count` places nearest to `from` that pass `wanted`, nearest first.
    pub fn nearest(&self, from: Wgs84, count: usize, wanted: impl Fn(&T) -> bool) -> Vec<Near<'_, T>> {
        self.search(from, count, f64::INFINITY, &wanted)
    }

    /// All places that pass `wanted` within `metres` of `from`, nearest first.
    pub fn within(&self, from: Wgs84, metres: f64, wanted: impl Fn(&T) -> bool) -> Vec<Near<'_, T>> {
        // A little more than the chord of that arc; the exact distance decides below.
        let chord = 2.0
            * (metres.max(0.0) / (2.0 * 6_371_008.8))
                .min(std::f64::consts::FRAC_PI_2)
                .sin();
        let reach = chord * chord * (1.0 + 1e-9) + 1e-18;
        let mut found = self.search(from, usize::MAX, reach, &wanted);
        found.retain(|near| near.metres <= metres);
        found
    }

    fn search(&self, from: Wgs84, count: usize, reach: f64, wanted: &dyn Fn(&T) -> bool) -> Vec<Near<'_, T>> {
        if count == 0 {
            return Vec::new();
        }
        let mut search = Search {
            from: from.on_unit_sphere(),
            count,
            reach,
            wanted,
            best: BinaryHeap::new(),
        };
        search.visit(&self.places, 0);
        let mut best = search.best.into_vec();
        best.sort_unstable();
        best.into_iter()
            .map(|candidate| {
                let place = &self.places[candidate.index];
                Near {
                    item: &place.item,
                    point: place.point,
                    metres: from.distance_m(place.point),
                }
            })
            .collect()
    }
}

/// Runs shorter than this are looked through one by one.
const LEAF: usize = 12;

#[derive(Debug)]
struct Place<T> {
    at: [f64; 3],
    /// The axis by which the run around this place is parted, when it stands in the middle of one.
    split: Axis,
    rank: usize,
    point: Wgs84,
    item: T,
}

#[derive(Clone, Copy, Debug)]
enum Axis {
    X,
    Y,
    Z,
}

/// Puts the median of the widest axis in the middle, the smaller before it, the greater behind, and so on down.
fn arrange<T>(run: &mut [Place<T>]) {
    if run.len() <= LEAF {
        return;
    }
    let axis = widest(run);
    let middle = run.len() / 2;
    run.select_nth_unstable_by(middle, |a, b| a.at[axis as usize].total_cmp(&b.at[axis as usize]));
    run[middle].split = axis;
    let (before, rest) = run.split_at_mut(middle);
    arrange(before);
    arrange(&mut rest[1..]);
}

fn widest<T>(run: &[Place<T>]) -> Axis {
    let spread = |axis: Axis| {
        let values = run.iter().map(|place| place.at[axis as usize]);
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
            (low.min(v), high.max(v))
        });
        high - low
    };
    [Axis::Y, Axis::Z].into_iter().fold(
        Axis::X,
        |best, axis| if spread(axis) > spread(best) { axis } else { best },
    )
}

/// One walk through the tree.
struct Search<'a, T> {
    from: [f64; 3],
    count: usize,
    /// Squared chord beyond which nothing is of interest.
    reach: f64,
    wanted: &'a dyn Fn(&T) -> bool,
    /// The worst on top.
    best: BinaryHeap<Candidate>,
}

impl<T> Search<'_, T> {
    fn visit(&mut self, run: &[Place<T>], offset: usize) {
        if run.len() <= LEAF {
            for (index, place) in run.iter().enumerate() {
                self.consider(place, offset + index);
            }
            return;
        }
        let middle = run.len() / 2;
        let place = &run[middle];
        let gap = self.from[place.split as usize] - place.at[place.split as usize];
        let (before, behind) = (
            (&run[..middle], offset),
            (&run[middle + 1..], offset + middle + 1),
        );
        let (near, far) = if gap < 0.0 {
            (before, behind)
        } else {
            (behind, before)
        };
        self.visit(near.0, near.1);
        self.consider(place, offset + middle);
        // "Not farther" instead of "nearer": a place at the same distance may come earlier in the order given.
        if gap * gap <= self.limit() {
            self.visit(far.0, far.1);
        }
    }

    fn consider(&mut self, place: &Place<T>, index: usize) {
        let [x, y, z] = [0, 1, 2].map(|axis| self.from[axis] - place.at[axis]);
        let candidate = Candidate {
            chord: x * x + y * y + z * z,
            rank: place.rank,
            index,
        };
        if candidate.chord > self.reach {
            return;
        }
        let full = self.best.len() >= self.count;
        if full && self.best.peek().is_some_and(|worst| candidate >= *worst) || !(self.wanted)(&place.item) {
            return;
        }
        if full {
            self.best.pop();
        }
        self.best.push(candidate);
    }

    fn limit(&self) -> f64 {
        match self.best.peek() {
            Some(worst) if self.best.len() >= self.count => worst.chord,
            _ => self.reach,
        }
    }
}

/// A place found so far, ordered by squared chord, then by the order given.
struct Candidate {
    chord: f64,
    rank: usize,
    index: usize,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.chord
            .total_cmp(&other.chord)
            .then(self.rank.cmp(&other.rank))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Candidate {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same order, computed without the tree.
    fn by_brute_force(
        points: &[Wgs84],
        from: Wgs84,
        count: usize,
        wanted: impl Fn(usize) -> bool,
    ) -> Vec<usize> {
        let origin = from.on_unit_sphere();
        let mut all: Vec<(f64, usize)> = (0..points.len())
            .filter(|&rank| wanted(rank))
            .map(|rank| {
                let at = points[rank].on_unit_sphere();
                ((0..3).map(|axis| (origin[axis] - at[axis]).powi(2)).sum(), rank)
            })
            .collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        all.into_iter().take(count).map(|(_, rank)| rank).collect()
    }

    fn index(points: &[Wgs84]) -> Nearest<usize> {
        Nearest::new(points.iter().copied().zip(0..))
    }

    fn ranks(found: &[Near<'_, usize>]) -> Vec<usize> {
        found.iter().map(|near| *near.item).collect()
    }

    /// Places in Beijing on a coarse grid, so that equal positions and equal distances really occur.
    fn grid() -> impl Strategy<Value = Wgs84> {
        (0..40i32, 0..40i32).prop_map(|(y, x)| Wgs84 {
            lat: 39.7 + f64::from(y) * 0.01,
            lng: 116.2 + f64::from(x) * 0.01,
        })
    }

    fn anywhere() -> impl Strategy<Value = Wgs84> {
        (-90.0f64..=90.0, -180.0f64..=180.0).prop_map(|(lat, lng)| Wgs84 { lat, lng })
    }

    proptest! {
        #[test]
        fn same_as_brute_force_in_the_city(
            points in prop::collection::vec(grid(), 0..400), from in grid(), count in 0usize..40, every in 1usize..5,
        ) {
            let index = index(&points);
            let found = index.nearest(from, count, |rank| rank % every == 0);
            prop_assert_eq!(ranks(&found), by_brute_force(&points, from, count, |rank| rank % every == 0));
            prop_assert!(found.is_sorted_by(|a, b| a.metres <= b.metres + 1e-6));
        }

        #[test]
        fn same_as_brute_force_on_the_globe(
            points in prop::collection::vec(anywhere(), 0..300), from in anywhere(), count in 1usize..30,
        ) {
            let found = index(&points);
            let found = found.nearest(from, count, |_| true);
            prop_assert_eq!(ranks(&found), by_brute_force(&points, from, count, |_| true));
        }

        #[test]
        fn within_is_the_same_as_measuring_all(
            points in prop::collection::vec(grid(), 0..300), from in grid(), metres in 0.0f64..30_000.0,
        ) {
            let index = index(&points);
            let mut found = ranks(&index.within(from, metres, |_| true));
            found.sort_unstable();
            let want: Vec<usize> =
                (0..points.len()).filter(|&rank| from.distance_m(points[rank]) <= metres).collect();
            prop_assert_eq!(found, want);
        }
    }

    #[test]
    fn a_hundred_thousand_places_are_searched_exactly() {
        let mut seed = 7u64;
        let mut next = || {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 11) as f64 / (1u64 << 53) as f64
        };
        let points: Vec<Wgs84> = (0..100_000)
            .map(|_| Wgs84 {
                lat: 39.4 + next() * 1.7,
                lng: 115.4 + next() * 2.1,
            })
            .collect();
        let index = index(&points);
        assert_eq!(index.len(), 100_000);
        for _ in 0..20 {
            let from = Wgs84 {
                lat: 39.4 + next() * 1.7,
                lng: 115.4 + next() * 2.1,
            };
            let found = index.nearest(from, 20, |rank| rank % 3 != 0);
            assert_eq!(
                ranks(&found),
                by_brute_force(&points, from, 20, |rank| rank % 3 != 0)
            );
        }
    }
}

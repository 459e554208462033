//! A set of slots as bits: fourteen days are sixty-odd words, so a whole fortnight is tested at once.

/// A set of slots within one stretch of time. Slots outside the stretch are never in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slots {
    first: i64,
    length: i64,
    words: Vec<u64>,
}

const BITS: i64 = 64;

impl Slots {
    /// The empty set over `length` slots from `first` on.
    pub fn none(first: i64, length: i64) -> Slots {
        let words = vec![0; usize::try_from((length + BITS - 1) / BITS).unwrap_or(0)];
        Slots { first, length, words }
    }

    /// Puts `from ..to` in; what lies outside the stretch is left out.
    pub fn add(&mut self, from: i64, to: i64) {
        self.each_word(from, to, |word, mask| *word |= mask);
    }

    /// Takes `from ..to` out.
    pub fn remove(&mut self, from: i64, to: i64) {
        self.each_word(from, to, |word, mask| *word &= !mask);
    }

    /// Whether a slot is in the set.
    pub fn contains(&self, slot: i64) -> bool {
        let at = slot - self.first;
        (0..self.length).contains(&at) && self.words[(at / BITS) as usize] >> (at % BITS) & 1 == 1
    }

    /// All slots of the stretch that are not in the set.
    pub fn complement(&self) -> Slots {
        let mut all = Slots::none(self.first, self.length);
        all.add(self.first, self.first + self.length);
        for (word, other) in all.words.iter_mut().zip(&self.words) {
            *word &= !other;
        }
        all
    }

    /// Every slot from which on `length` slots in a row are in the set.
    pub fn runs(mut self, length: i64) -> Slots {
        // Doubling: after a round each bit says that `done` slots in a row are in.
        let mut done = 1;
        while done < length {
            let step = done.min(length - done);
            self.and_later(step);
            done += step;
        }
        self
    }

    /// The slots `by` later: `s` is in the answer when `s - by` was in the set.
    pub fn later(&self, by: i64) -> Slots {
        let mut moved = Slots::none(self.first, self.length);
        let (whole, bits) = ((by / BITS) as usize, (by % BITS) as u32);
        for at in (whole..self.words.len()).rev() {
            let low = self.words[at - whole] << bits;
            let high = match (bits, at.checked_sub(whole + 1)) {
                (1.., Some(below)) => self.words[below] >> (64 - bits),
                _ => 0,
            };
            moved.words[at] = low | high;
        }
        moved.remove_beyond();
        moved
    }

    /// Keeps what is in both sets, which must cover the same stretch.
    pub fn and(&mut self, other: &Slots) {
        self.words
            .iter_mut()
            .zip(&other.words)
            .for_each(|(word, other)| *word &= other);
    }

    /// Adds what is in the other set, which must cover the same stretch.
    pub fn or(&mut self, other: &Slots) {
        self.words
            .iter_mut()
            .zip(&other.words)
            .for_each(|(word, other)| *word |= other);
    }

    fn and_later(&mut self, by: i64) {
        let (whole, bits) = ((by / BITS) as usize, (by % BITS) as u32);
        for at in 0..self.words.len() {
            let word = |index: usize| self.words.get(index).copied().unwrap_or(0);
            let high = if bits == 0 {
                0
            } else {
                word(at + whole + 1) << (64 - bits)
            };
            self.words[at] &= word(at + whole) >> bits | high;
        }
    }

    fn remove_beyond(&mut self) {
        let end = self.words.len() as i64 * BITS;
        let first = self.first;
        let length = std::mem::replace(&mut self.length, end);
        self.remove(first + length, first + end);
        self.length = length;
    }

    fn each_word(&mut self, from: i64, to: i64, change: impl Fn(&mut u64, u64)) {
        let (mut from, to) = ((from - self.first).max(0), (to - self.first).min(self.length));
        while from < to {
            let bit = from % BITS;
            let count = (BITS - bit).min(to - from);
            let mask = (u64::MAX >> (BITS - count)) << bit;
            change(&mut self.words[(from / BITS) as usize], mask);
            from += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    const FIRST: i64 = 1000;
    const LENGTH: i64 = 200;

    fn of(pieces: &[(i64, i64, bool)]) -> (Slots, BTreeSet<i64>) {
        let (mut bits, mut set) = (Slots::none(FIRST, LENGTH), BTreeSet::new());
        for &(from, length, add) in pieces {
            let range = from.max(FIRST)..(from + length).min(FIRST + LENGTH);
            if add {
                bits.add(from, from + length);
                set.extend(range);
            } else {
                bits.remove(from, from + length);
                set.retain(|slot| !range.contains(slot));
            }
        }
        (bits, set)
    }

    fn members(slots: &Slots) -> BTreeSet<i64> {
        (FIRST - 80..FIRST + LENGTH + 80)
            .filter(|slot| slots.contains(*slot))
            .collect()
    }

    fn pieces() -> impl Strategy<Value = Vec<(i64, i64, bool)>> {
        prop::collection::vec(
            (
                FIRST - 20..FIRST + LENGTH + 20,
                0..90i64,
                prop::bool::weighted(0.7),
            ),
            0..12,
        )
    }

    proptest! {
        #[test]
        fn bits_are_the_same_set(pieces in pieces()) {
            let (bits, set) = of(&pieces);
            prop_assert_eq!(members(&bits), set.clone());
            let rest: BTreeSet<i64> = (FIRST..FIRST + LENGTH).filter(|slot| !set.contains(slot)).collect();
            prop_assert_eq!(members(&bits.complement()), rest);
        }

        #[test]
        fn runs_are_stretches_that_are_wholly_in(pieces in pieces(), length in 1..140i64) {
            let (bits, set) = of(&pieces);
            let expected: BTreeSet<i64> =
                set.iter().copied().filter(|from| (*from..from + length).all(|slot| set.contains(&slot))).collect();
            prop_assert_eq!(members(&bits.runs(length)), expected);
        }

        #[test]
        fn later_moves_every_slot(pieces in pieces(), by in 0..150i64) {
            let (bits, set) = of(&pieces);
            let expected: BTreeSet<i64> =
                set.iter().map(|slot| slot + by).filter(|slot| *slot < FIRST + LENGTH).collect();
            prop_assert_eq!(members(&bits.later(by)), expected);
        }
    }
}

//! Everything that decides what is free at one shop for some days: hours, shifts, leave, beds, claims.

use kernel::{Day, Id, Instant, Minutes};
use therapist::Therapist;

use super::{Length, Slots, Work, moment_of, slot_of};
use crate::Bed;

/// One business day and its free times.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FreeDay {
    /// The business day; its times may lie past midnight.
    pub day: Day,
    /// Whether the shop opens at all.
    pub open: bool,
    /// The times, earliest first.
    pub times: Vec<FreeTime>,
}

/// One time that can be booked now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FreeTime {
    /// When the service starts.
    pub starts_at: Instant,
    /// Who is free then, in the order asked.
    pub therapists: Vec<Id<Therapist>>,
}

/// The shop's time for some business days, complete enough to answer any start in them.
#[derive(Debug)]
pub struct Diary {
    first_day: Day,
    hours: Vec<Option<(Minutes, Minutes)>>,
    therapists: Vec<(Id<Therapist>, Lane)>,
    beds: Vec<(Id<Bed>, Lane)>,
    away: bool,
}

#[derive(Debug)]
struct Lane {
    works: Slots,
    free: Slots,
}

/// Slots of a day, kept on both sides of the asked days: buffers reach out of them, and business days run past midnight.
const MARGIN: i64 = 288;

impl Diary {
    /// An empty diary: `hours` are the shop's, one entry for each business day from `first_day` on.
    pub fn new(first_day: Day, hours: Vec<Option<(Minutes, Minutes)>>) -> Diary {
        Diary {
            first_day,
            hours,
            therapists: Vec::new(),
            beds: Vec::new(),
            away: false,
        }
    }

    /// The same for work at the customer's: no bed is needed, and the time around the service, the way there and back,
    /// is working time too.
    pub fn away(self) -> Diary {
        Diary { away: true, ..self }
    }

    /// The slots that the diary covers: claims within them must be told to it.
    pub fn covers(&self) -> (i64, i64) {
        let first = slot_of(self.first_day.at(0)) - MARGIN;
        (first, first + (self.hours.len() as i64 + 2) * MARGIN)
    }

    /// Adds a therapist with their working times and their leaves (slots, the end exclusive).
    pub fn add_therapist(&mut self, id: Id<Therapist>, work: &Work<'_>, leaves: &[(i64, i64)]) {
        let mut lane = self.lane();
        for (day, hours) in (0..).zip(&self.hours) {
            let Some(hours) = *hours else { continue };
            let day = self.first_day.plus(day);
            for (starts, ends) in work.on(day, hours) {
                lane.works.add(slot_of(day.at(starts)), slot_of(day.at(ends)));
            }
        }
        leaves
            .iter()
            .for_each(|leave| lane.works.remove(leave.0, leave.1));
        self.therapists.push((id, lane));
    }

    /// Adds a bed with the stretches in which it is out of use (slots, the end exclusive).
    pub fn add_bed(&mut self, id: Id<Bed>, pauses: &[(i64, i64)]) {
        let mut lane = self.lane();
        pauses.iter().for_each(|pause| lane.free.remove(pause.0, pause.1));
        self.beds.push((id, lane));
    }

    /// Marks a stretch of a therapist or bed, by their raw identifier, as claimed. Others are not in this diary.
    pub fn take(&mut self, resource: i64, from: i64, to: i64) {
        let therapists = self.therapists.iter_mut().map(|(id, lane)| (id.raw(), lane));
        let beds = self.beds.iter_mut().map(|(id, lane)| (id.raw(), lane));
        if let Some((_, lane)) = therapists.chain(beds).find(|(id, _)| *id == resource) {
            lane.free.remove(from, to);
        }
    }

    /// Every free time from `earliest` on, at multiples of `step` minutes of the business day.
    pub fn free_days(&self, length: Length, earliest: Instant, step: Minutes) -> Vec<FreeDay> {
        let therapists: Vec<(Id<Therapist>, Slots)> = self
            .therapists
            .iter()
            .map(|(id, lane)| (*id, lane.starts(length, self.worked(length))))
            .collect();
        let (first, last) = self.covers();
        let mut bed = Slots::none(first, last - first);
        if self.away {
            bed = bed.complement();
        }
        self.beds
            .iter()
            .for_each(|(_, lane)| bed.or(&lane.unclaimed(length)));

        let mut seen = i64::MIN;
        let day_of = |(index, hours): (i64, &Option<(Minutes, Minutes)>)| {
            let day = self.first_day.plus(index);
            let (opens, closes) = hours.unwrap_or((0, 0));
            let mut times = Vec::new();
            let mut minute = (opens + step - 1).div_euclid(step) * step;
            while minute < closes {
                let starts_at = day.at(minute);
                let slot = slot_of(starts_at);
                minute += step;
                if starts_at < earliest || slot <= seen || !bed.contains(slot) {
                    continue;
                }
                let free = therapists.iter().filter(|(_, starts)| starts.contains(slot));
                let therapists: Vec<_> = free.map(|(id, _)| *id).collect();
                if !therapists.is_empty() {
                    seen = slot;
                    times.push(FreeTime {
                        starts_at,
                        therapists,
                    });
                }
            }
            FreeDay {
                day,
                open: hours.is_some(),
                times,
            }
        };
        (0..).zip(&self.hours).map(day_of).collect()
    }

    /// Whether any of the therapists works through a service that starts then, claimed or not.
    pub fn works_at(&self, starts_at: Instant, length: Length) -> bool {
        let start = slot_of(starts_at);
        let (from, to) = self.worked(length);
        let works = |lane: &Lane| (start + from..start + to).all(|slot| lane.works.contains(slot));
        moment_of(start) == starts_at && self.therapists.iter().any(|(_, lane)| works(lane))
    }

    /// Who of the therapists can serve then.
    pub fn therapists_at(&self, starts_at: Instant, length: Length) -> Vec<Id<Therapist>> {
        let slot = slot_of(starts_at);
        let free = self
            .therapists
            .iter()
            .filter(|(_, lane)| lane.starts(length, self.worked(length)).contains(slot));
        free.map(|(id, _)| *id).collect()
    }

    /// The beds that are free then, in the order they are filled.
    pub fn beds_at(&self, starts_at: Instant, length: Length) -> impl Iterator<Item = Id<Bed>> {
        let slot = slot_of(starts_at);
        let free = move |(_, lane): &&(Id<Bed>, Lane)| lane.unclaimed(length).contains(slot);
        self.beds.iter().filter(free).map(|(id, _)| *id)
    }

    /// The starts at which a therapist of this diary can serve.
    pub fn starts_of(&self, therapist: Id<Therapist>, length: Length) -> Option<Slots> {
        let mut lanes = self.therapists.iter();
        let (_, lane) = lanes.find(|(id, _)| *id == therapist)?;
        Some(lane.starts(length, self.worked(length)))
    }

    /// The beds with the starts at which they are free, in the order they are filled.
    pub fn starts_on_beds(&self, length: Length) -> impl Iterator<Item = (Id<Bed>, Slots)> {
        self.beds
            .iter()
            .map(move |(id, lane)| (*id, lane.unclaimed(length)))
    }

    /// The slots around a start in which the therapist must be at work.
    fn worked(&self, length: Length) -> (i64, i64) {
        match self.away {
            true => length.claimed(0),
            false => length.service(0),
        }
    }

    fn lane(&self) -> Lane {
        let (first, last) = self.covers();
        let nothing = Slots::none(first, last - first);
        Lane {
            free: nothing.complement(),
            works: nothing,
        }
    }
}

impl Lane {
    /// The starts at which service and buffers are unclaimed.
    fn unclaimed(&self, length: Length) -> Slots {
        let (from, to) = length.claimed(0);
        self.free.clone().runs(to - from).later(-from)
    }

    /// The starts at which the therapist moreover works through the slots `from ..to` around the start.
    fn starts(&self, length: Length, (from, to): (i64, i64)) -> Slots {
        let mut starts = self.works.clone().runs(to - from).later(-from);
        starts.and(&self.unclaimed(length));
        starts
    }
}

#[cfg(test)]
mod tests;

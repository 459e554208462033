//! A queue ticket (排队号): a booking without a time. Pure.

use catalog::Service;
use kernel::{Customer, Day, Id, Instant, Shop};
use scheduling::{FreeTime, Length};
use therapist::Therapist;

use super::{Booking, Contact, Refusal};

/// A place in the line of a shop's business day. Called, it becomes a booking.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ticket {
    /// The ticket.
    pub id: Id<Ticket>,
    /// Whose line.
    pub shop: Id<Shop>,
    /// The business day; the numbers of each begin at 1.
    pub day: Day,
    /// The number; people see and say A5.
    pub number: i64,
    /// By which its page is found: nobody can guess it.
    pub token: String,
    /// The desk's record of the customer.
    pub customer: Id<Customer>,
    /// What is wanted.
    pub service: Id<Service>,
    /// By whom, where the customer asks for somebody.
    pub therapist: Option<Id<Therapist>>,
    /// How the customer is addressed and reached.
    pub contact: Contact,
    /// Where it stands.
    pub state: TicketState,
    /// What it has become, once called.
    pub booking: Option<Id<Booking>>,
    /// When it was taken.
    pub taken_at: Instant,
    /// Counts the changes; whoever acts says which one they saw.
    pub version: i64,
}

kernel::coded! {
    /// Where a ticket stands.
    pub enum TicketState {
        /// In the line.
        Waiting = "waiting",
        /// Called: therapist and bed are claimed, the customer is expected at once.
        Called = "called",
        /// The customer came when called.
        Served = "served",
        /// Called in vain (过号); may be called once more.
        Skipped = "skipped",
        /// The customer has gone, or the day is over.
        Left = "left",
    }
}

kernel::coded! {
    /// What can happen to a ticket.
    pub enum TicketStep {
        /// Taken.
        Take = "take",
        /// Called (叫号).
        Call = "call",
        /// The customer is checked in.
        Serve = "serve",
        /// Nobody came.
        Skip = "skip",
        /// The customer goes.
        Leave = "leave",
    }
}

impl TicketState {
    /// The state after a step; `None` when the step is not possible here. This is the whole life of a ticket.
    pub const fn after(self, step: TicketStep) -> Option<TicketState> {
        Some(match (self, step) {
            (TicketState::Waiting | TicketState::Skipped, TicketStep::Call) => TicketState::Called,
            (TicketState::Called, TicketStep::Serve) => TicketState::Served,
            (TicketState::Waiting | TicketState::Called, TicketStep::Skip) => TicketState::Skipped,
            (TicketState::Waiting | TicketState::Called | TicketState::Skipped, TicketStep::Leave) => {
                TicketState::Left
            }
            _ => return None,
        })
    }

    /// Whether the step has brought the ticket here already: asking again is then success without effect.
    pub const fn is_after(self, step: TicketStep) -> bool {
        matches!(
            (self, step),
            (TicketState::Served, TicketStep::Serve)
                | (TicketState::Skipped, TicketStep::Skip)
                | (TicketState::Left, TicketStep::Leave)
        )
    }
}

impl Ticket {
    /// The ticket after a step. `None` when it is there already.
    ///
    /// # Errors
    /// `booking.ticket_not_now` when the step is not possible where the ticket stands. To be called is possible once: who
    /// calls a called ticket is refused, since two desks would send one customer two ways.
    pub fn after(&self, step: TicketStep) -> Result<Option<Ticket>, Refusal> {
        match self.state.after(step) {
            Some(state) => Ok(Some(Ticket {
                state,
                version: self.version + 1,
                ..self.clone()
            })),
            None if self.state.is_after(step) => Ok(None),
            None => Err(Refusal::TicketNotNow {
                ticket: self.name(),
                state: self.state,
            }),
        }
    }

    /// A5: as it is printed and called.
    pub fn name(&self) -> String {
        format!("A{}", self.number)
    }
}

/// What one ticket waits for.
#[derive(Clone, Copy, Debug)]
pub struct Waits<'a> {
    /// The times at which its service could start, as the diary has them now.
    pub free: &'a [FreeTime],
    /// The therapist who is asked for.
    pub therapist: Option<Id<Therapist>>,
    /// How long it takes, and what is kept free around it.
    pub length: Length,
}

/// When each ticket of a line can be expected to be called, the first in line first: each takes the first time at which
/// somebody is free whom nobody before it has. `None` where the day has no such time. An estimate: services run longer,
/// and people go.
pub fn expected(line: &[Waits<'_>]) -> Vec<Option<Instant>> {
    let mut busy: Vec<(Id<Therapist>, Instant, Instant)> = Vec::new();
    line.iter()
        .map(|waits| {
            let stretch = |starts: Instant| {
                let ends = starts.plus_minutes(waits.length.minutes + waits.length.after);
                (starts.plus_minutes(-waits.length.before), ends)
            };
            let open = |therapist: Id<Therapist>, starts: Instant| {
                let (from, to) = stretch(starts);
                !busy
                    .iter()
                    .any(|(who, since, until)| *who == therapist && *since < to && from < *until)
            };
            let found = waits.free.iter().find_map(|time| {
                let fits = |who: &&Id<Therapist>| {
                    waits.therapist.is_none_or(|named| named == **who) && open(**who, time.starts_at)
                };
                time.therapists
                    .iter()
                    .find(fits)
                    .map(|who| (*who, time.starts_at))
            });
            found.map(|(who, starts)| {
                let (from, to) = stretch(starts);
                busy.push((who, from, to));
                starts
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Instant = Instant(1_795_000_200_000);
    const HOUR: Length = Length {
        minutes: 60,
        before: 0,
        after: 10,
    };

    fn times(every: i64, therapists: &[i64]) -> Vec<FreeTime> {
        (0..200)
            .map(|index| FreeTime {
                starts_at: NOW.plus_minutes(index * every),
                therapists: therapists.iter().map(|raw| Id::from_raw(*raw)).collect(),
            })
            .collect()
    }

    fn minutes(line: &[Waits<'_>]) -> Vec<Option<i64>> {
        let when = |at: Option<Instant>| at.map(|at| at.minutes_since(NOW));
        expected(line).into_iter().map(when).collect()
    }

    #[test]
    fn the_life_of_a_ticket() {
        let mut diagram = String::new();
        for state in TicketState::ALL {
            for step in TicketStep::ALL {
                let next = match state.after(*step) {
                    Some(next) => next.code(),
                    None if state.is_after(*step) => "(so already)",
                    None => "-",
                };
                diagram.push_str(&format!("{:8} {:6} {next}\n", state.code(), step.code()));
            }
        }
        insta::assert_snapshot!(diagram);
    }

    #[test]
    fn two_therapists_serve_two_at_once_and_the_third_waits_for_the_first_of_them() {
        let free = times(5, &[1, 2]);
        let waits = |therapist: Option<i64>| Waits {
            free: &free,
            therapist: therapist.map(Id::from_raw),
            length: HOUR,
        };
        assert_eq!(
            minutes(&[
                waits(None),
                waits(None),
                waits(None),
                waits(Some(2)),
                waits(Some(2))
            ]),
            [Some(0), Some(0), Some(70), Some(70), Some(140)]
        );
        assert_eq!(
            minutes(&[waits(Some(2)), waits(Some(3)), waits(None)]),
            [Some(0), None, Some(0)],
            "one who waits for somebody absent holds nobody up"
        );
    }

    proptest! {
        /// Nobody is expected while the one who is to serve them is expected to serve another.
        #[test]
        fn nobody_is_promised_to_two(named in prop::collection::vec(prop::option::of(1..4i64), 1..20), every in 1..40i64) {
            let free = times(every, &[1, 2, 3]);
            let line: Vec<Waits> = named
                .iter()
                .map(|named| Waits { free: &free, therapist: named.map(Id::from_raw), length: HOUR })
                .collect();
            let expected = minutes(&line);
            for at in expected.iter().flatten() {
                let together = expected.iter().flatten().filter(|other| (**other - at).abs() < 70).count();
                prop_assert!(together <= 6, "three therapists, and those just before and after: {:?}", expected);
                let just_then = expected.iter().flatten().filter(|other| *at <= **other && **other < at + 70).count();
                prop_assert!(just_then <= 3, "{:?}", expected);
            }
            // Who joins the line changes nothing for those before.
            let shorter = minutes(&line[..line.len() - 1]);
            prop_assert_eq!(&shorter[..], &expected[..expected.len() - 1]);
        }
    }
}

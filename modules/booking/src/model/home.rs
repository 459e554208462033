//! Home visits (上门): where a shop goes, what the way costs and takes, and who may know the address. Pure.

use std::fmt;

use catalog::Service;
use geo::Wgs84;
use kernel::{Customer, Id, Instant, Minutes, Money};
use order::Policy;
use scheduling::{Length, SLOT_MINUTES};
use serde::{Deserialize, Serialize};
use shop::District;
use therapist::Therapist;

use super::{Booking, CHECK_IN_MINUTES, Change, NO_SHOW_MINUTES, Refusal, State};

/// What a shop does at customers' homes, and where.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HomeTerms {
    /// Whether home visits can be booked now.
    pub on: bool,
    /// So many kilometres around the shop, as the crow flies; `None` where only the districts count.
    pub radius_km: Option<i64>,
    /// Only in these districts; in all where there are none.
    pub districts: Vec<District>,
    /// What the way costs at least.
    pub base: Money,
    /// So many kilometres are in it.
    pub base_km: i64,
    /// What each further kilometre costs that is begun.
    pub per_km: Money,
    /// Minutes that a kilometre of the way takes.
    pub pace: Minutes,
    /// No way takes less than this.
    pub least: Minutes,
    /// What can be done at home.
    pub services: Vec<Id<Service>>,
    /// Who goes.
    pub therapists: Vec<Id<Therapist>>,
}

impl Default for HomeTerms {
    /// Off, with the centre's suggestion of an area, a fare and a pace.
    fn default() -> HomeTerms {
        HomeTerms {
            on: false,
            radius_km: Some(5),
            districts: Vec::new(),
            base: Money::yuan(20),
            base_km: 3,
            per_km: Money::yuan(5),
            pace: 6,
            least: 15,
            services: Vec::new(),
            therapists: Vec::new(),
        }
    }
}

/// The widest circle, in kilometres.
pub const MOST_RADIUS_KM: i64 = 50;
/// The longest way, one way.
pub const MOST_TRAVEL: Minutes = 180;
/// The highest fare that a shop may set, for the beginning and for each kilometre.
pub const MOST_FARE: Money = Money::yuan(500);
/// A home visit is called off for nothing until so many minutes before its start.
pub const HOME_FREE_UNTIL: Minutes = 240;
/// Calls without an answer before a customer who does not open counts as absent.
pub const CALLS_NEEDED: i64 = 2;
/// A visit's address is forgotten so many days after its start.
pub const ADDRESS_DAYS: i64 = 30;
/// An address that was not used for a booking is forgotten after so many minutes.
pub const ADDRESS_UNUSED_MINUTES: Minutes = 24 * 60;
/// The longest street and house number, in characters.
pub const ADDRESS_LENGTH: usize = 60;

/// The way to one customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Trip {
    /// How far, as the crow flies, in whole hundreds of metres.
    pub metres: i64,
    /// How long one way takes; claimed before and after the service.
    pub travel: Minutes,
    /// What the customer pays for it.
    pub fare: Money,
}

impl HomeTerms {
    /// Checks what a shop sets. Switched off, anything sensible is kept for later.
    ///
    /// # Errors
    /// `booking.bad_radius`, `booking.bad_fare`, `booking.bad_pace`; switched on also `booking.no_area`,
    /// `booking.no_home_service`, `booking.nobody_goes`.
    pub fn check(&self) -> Result<(), Refusal> {
        let radius = self.radius_km.unwrap_or(1);
        if !(1..=MOST_RADIUS_KM).contains(&radius) {
            return Err(Refusal::BadRadius { most: MOST_RADIUS_KM });
        }
        let is_fare = |fare: Money| (Money::ZERO..=MOST_FARE).contains(&fare);
        if !is_fare(self.base) || !is_fare(self.per_km) || !(0..=MOST_RADIUS_KM).contains(&self.base_km) {
            return Err(Refusal::BadFare {
                most: MOST_FARE.fen() / 100,
            });
        }
        if !(1..=30).contains(&self.pace) || !(0..=MOST_TRAVEL).contains(&self.least) {
            return Err(Refusal::BadPace);
        }
        if !self.on {
            return Ok(());
        }
        if self.radius_km.is_none() && self.districts.is_empty() {
            return Err(Refusal::NoArea);
        }
        if self.services.is_empty() {
            return Err(Refusal::NoHomeService);
        }
        if self.therapists.is_empty() {
            return Err(Refusal::NobodyGoes);
        }
        Ok(())
    }

    /// Whether a service can be booked at home.
    pub fn offers(&self, service: Id<Service>) -> bool {
        self.on && self.services.contains(&service)
    }

    /// The way from the shop to a place.
    ///
    /// # Errors
    /// `booking.outside_area`.
    pub fn trip(&self, shop: Wgs84, place: Place) -> Result<Trip, Refusal> {
        let metres = hundreds(shop.distance_m(place.point));
        let in_circle = self.radius_km.is_none_or(|radius| metres <= radius * 1000);
        let in_district = self.districts.is_empty() || self.districts.contains(&place.district);
        let travel = up((metres * self.pace + 999) / 1000, SLOT_MINUTES).max(up(self.least, SLOT_MINUTES));
        if !in_circle || !in_district || travel > MOST_TRAVEL {
            return Err(Refusal::OutsideArea);
        }
        let beyond = (metres - self.base_km * 1000).max(0);
        Ok(Trip {
            metres,
            travel,
            fare: self.base + self.per_km.times((beyond + 999) / 1000),
        })
    }
}

impl Trip {
    /// A service with the way on both sides.
    pub const fn around(self, service: Length) -> Length {
        Length {
            minutes: service.minutes,
            before: service.before + self.travel,
            after: service.after + self.travel,
        }
    }
}

fn hundreds(metres: f64) -> i64 {
    (metres / 100.0).ceil() as i64 * 100
}

/// The next multiple of `grain`.
const fn up(minutes: Minutes, grain: Minutes) -> Minutes {
    (minutes + grain - 1) / grain * grain
}

/// The rules of cancellation of a home visit.
pub fn home_policy() -> Policy {
    Policy {
        free_until_minutes: HOME_FREE_UNTIL,
        ..Policy::default()
    }
}

/// Where a home visit goes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Place {
    /// Which district.
    pub district: District,
    /// The door, or the subway station next to it.
    pub point: Wgs84,
}

/// What an address is kept for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeptFor {
    /// The customer is still choosing.
    Choosing,
    /// The desk is still choosing: it wrote down what it was told for a change of this booking.
    ToldFor(Id<Booking>),
    /// A change that is proposed.
    Change(Id<Change>),
    /// A booking.
    Booking(Id<Booking>),
}

/// Where a customer lives. It stands in a table of its own, is shown only while a therapist is on the way or there, and
/// cannot be printed by mistake.
#[derive(Clone, PartialEq)]
pub struct Address {
    /// The address.
    pub id: Id<Address>,
    /// Whose.
    pub customer: Id<Customer>,
    /// What it is kept for.
    pub kept_for: KeptFor,
    /// Where.
    pub place: Place,
    /// Street, compound and building.
    pub street: String,
    /// Unit, floor and number of the door.
    pub house: String,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Address {
    /// Street and house as one line of `most` characters at most each.
    ///
    /// # Errors
    /// `booking.bad_street`, `booking.bad_house`.
    pub fn read(street: &str, house: &str) -> Result<(String, String), Refusal> {
        let line = |typed: &str| {
            let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
            let fits = (1..=ADDRESS_LENGTH).contains(&line.chars().count());
            (fits && !line.chars().any(char::is_control)).then_some(line)
        };
        let bad = ADDRESS_LENGTH;
        Ok((
            line(street).ok_or(Refusal::BadStreet { most: bad })?,
            line(house).ok_or(Refusal::BadHouse { most: bad })?,
        ))
    }
}

/// What everybody of the shop may know of a home visit before somebody sets out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HomeVisit {
    /// Which district.
    pub district: District,
    /// The way.
    pub trip: Trip,
}

impl Booking {
    /// Whether the therapist goes to the customer.
    pub fn is_at_home(&self) -> bool {
        self.bed.is_none()
    }

    /// Whether the shop may see address and telephone number now: always of somebody who comes to the shop, of a home visit
    /// from the departure to the end.
    pub fn shows_contact(&self) -> bool {
        let under_way = matches!(self.state, State::Departed | State::Arrived | State::InService);
        !self.is_at_home() || under_way
    }

    /// The earliest departure: half an hour before the time that is claimed for the way.
    pub fn departure_from(&self) -> Instant {
        self.starts_at.plus_minutes(-self.departure_minutes())
    }

    /// The same in minutes before the start.
    pub(crate) fn departure_minutes(&self) -> Minutes {
        self.length.before + CHECK_IN_MINUTES
    }

    /// Which shares go back when the customer calls off at `now`: what the policy says, and once somebody has set out nothing
    /// of the fare.
    pub fn returned(&self, policy: &Policy, now: Instant) -> Returned {
        let service = self.returned_bp(policy, now);
        let fare = match self.state {
            State::Departed | State::Arrived => 0,
            _ => service,
        };
        Returned { service, fare }
    }
}

/// Which shares, in basis points, go back of what was paid for a booking.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Returned {
    /// Of the service.
    pub service: i64,
    /// Of the way of a home visit.
    pub fare: i64,
}

impl Returned {
    /// Everything.
    pub const ALL: Returned = Returned::both(10_000);

    /// The same share of both.
    pub const fn both(share: i64) -> Returned {
        Returned {
            service: share,
            fare: share,
        }
    }

    /// What is kept of `paid`, of which `fare` is for the way.
    pub fn kept(self, paid: Money, fare: Money) -> Money {
        let fare = fare.min(paid);
        match self.service == self.fare {
            true => paid.share(10_000 - self.service),
            false => fare.share(10_000 - self.fare) + (paid - fare).share(10_000 - self.service),
        }
    }
}

/// Whether a customer who does not open may be called absent: a quarter of an hour after arrival and start, and two calls.
///
/// # Errors
/// `booking.not_late_yet`, `booking.not_called`.
pub fn check_absence(arrived_at: Instant, calls: i64, now: Instant) -> Result<(), Refusal> {
    if now < arrived_at.plus_minutes(NO_SHOW_MINUTES) {
        return Err(Refusal::NotLateYet {
            minutes: NO_SHOW_MINUTES,
        });
    }
    if calls < CALLS_NEEDED {
        return Err(Refusal::NotCalled {
            needed: CALLS_NEEDED,
            calls,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;

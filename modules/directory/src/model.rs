//! Where a customer wants to go from, and how far that is on foot. Pure.

use geo::{Gcj02, Wgs84, subway::Station};
use kernel::Minutes;
use serde::{Deserialize, Serialize};
use shop::District;

/// Where from, as an address says it. Every field may be missing or nonsense.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
pub(crate) struct Asked {
    #[serde(skip_serializing_if = "Option::is_none")]
    lat: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lng: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    datum: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    station: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    district: Option<String>,
}

/// Where a customer wants to go from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Whence {
    /// From here, says the telephone.
    Here(Wgs84),
    /// From a subway station.
    Station(&'static Station),
    /// Anywhere in a district.
    District(District),
    /// Nobody said.
    Unknown,
}

impl Asked {
    /// What it means; what makes no sense is as if it were not said.
    pub fn whence(&self) -> Whence {
        if let Some(point) = self.point() {
            return Whence::Here(point);
        }
        if let Some(station) = self.station.as_deref().and_then(geo::subway::station) {
            return Whence::Station(station);
        }
        match self.district.as_deref().and_then(|code| code.parse().ok()) {
            Some(district) => Whence::District(district),
            None => Whence::Unknown,
        }
    }

    fn point(&self) -> Option<Wgs84> {
        let degrees = |text: &Option<String>| text.as_deref()?.trim().parse::<f64>().ok();
        let (lat, lng) = (degrees(&self.lat)?, degrees(&self.lng)?);
        match self.datum.as_deref() {
            Some("wgs84") => Wgs84::new(lat, lng),
            _ => Gcj02::new(lat, lng).map(Gcj02::to_wgs84),
        }
    }
}

impl Whence {
    /// The point to measure from.
    pub fn point(self) -> Option<Wgs84> {
        match self {
            Whence::Here(point) => Some(point),
            Whence::Station(station) => Some(station.point),
            Whence::District(_) | Whence::Unknown => None,
        }
    }

    /// The same for an address: `?station=…`, or nothing. Positions are rounded to about ten metres.
    pub fn query(self) -> String {
        let asked = match self {
            Whence::Here(point) => {
                let here = point.to_gcj02();
                Asked {
                    lat: Some(format!("{:.4}", here.lat)),
                    lng: Some(format!("{:.4}", here.lng)),
                    datum: Some("gcj02".to_owned()),
                    ..Asked::default()
                }
            }
            Whence::Station(station) => Asked {
                station: Some(station.name.clone()),
                ..Asked::default()
            },
            Whence::District(district) => Asked {
                district: Some(district.code().to_owned()),
                ..Asked::default()
            },
            Whence::Unknown => return String::new(),
        };
        serde_html_form::to_string(&asked)
            .map(|query| format!("?{query}"))
            .unwrap_or_default()
    }
}

/// Where the city's middle is: people who say nothing see the shops around it first.
pub(crate) const MIDDLE: Wgs84 = Wgs84 {
    lat: 39.9075,
    lng: 116.3912,
};

/// Streets make the way longer than the line between two points.
const DETOUR: f64 = 1.3;
/// Metres a minute of an unhurried walk.
const PACE: f64 = 75.0;
/// Nobody walks further than this many metres.
const WALKABLE: f64 = 3_000.0;

/// About how many minutes it is on foot; `None` where nobody would walk.
pub(crate) fn walking_minutes(metres: f64) -> Option<Minutes> {
    (metres <= WALKABLE).then(|| ((metres * DETOUR / PACE).ceil() as Minutes).max(1))
}

#[cfg(test)]
mod unit {
    use super::*;

    fn asked(query: &str) -> Whence {
        serde_html_form::from_str::<Asked>(query).unwrap().whence()
    }

    #[test]
    fn a_position_in_wechats_datum_is_moved_by_half_a_kilometre() {
        let Whence::Here(point) = asked("lat=39.908700&lng=116.397500&datum=gcj02") else {
            panic!("no point")
        };
        let raw = Wgs84 {
            lat: 39.9087,
            lng: 116.3975,
        };
        assert!((300.0..800.0).contains(&point.distance_m(raw)), "{point:?}");
        assert_eq!(asked("lat=39.9087&lng=116.3975&datum=wgs84"), Whence::Here(raw));
    }

    #[test]
    fn nonsense_is_as_if_it_were_not_said() {
        for query in [
            "",
            "lat=&lng=&datum=",
            "lat=NaN&lng=116",
            "lat=200&lng=116",
            "station=nowhere",
            "district=1",
        ] {
            assert_eq!(asked(query), Whence::Unknown, "{query}");
        }
        assert!(
            matches!(asked("lat=x&lng=y&station=国贸"), Whence::Station(station) if station.name == "国贸")
        );
    }

    #[test]
    fn an_address_means_the_same_again() {
        for query in ["station=国贸", "district=110105", ""] {
            let whence = asked(query);
            assert_eq!(asked(whence.query().trim_start_matches('?')), whence);
        }
        let here = asked("lat=39.9087&lng=116.3975&datum=wgs84");
        let again = asked(here.query().trim_start_matches('?'));
        let (a, b) = (here.point().unwrap(), again.point().unwrap());
        assert!(a.distance_m(b) < 12.0);
    }

    #[test]
    fn walking_takes_a_detour() {
        assert_eq!(walking_minutes(950.0), Some(17));
        assert_eq!(walking_minutes(3.0), Some(1));
        assert_eq!(walking_minutes(3_500.0), None);
    }
}

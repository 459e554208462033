//! Where people stand: Beijing's subway stations, and the datums in which a place is told.

use serde::Serialize;

const STATIONS: &str = include_str!("../assets/stations.csv");

/// The square that everyone knows, for lack of a better place.
pub const TIANANMEN: Place = Place {
    lat: 39.9087,
    lng: 116.3975,
};

/// A point in WGS-84 degrees unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Place {
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lng: f64,
}

impl Place {
    /// The same place in GCJ-02, the datum of Chinese maps and of `wx.getLocation({type: 'gcj02'})`.
    /// Outside China nothing is shifted.
    pub fn gcj02(self) -> Self {
        if !(72.004..=137.8347).contains(&self.lng) || !(0.8293..=55.8271).contains(&self.lat) {
            return self;
        }
        const A: f64 = 6_378_245.0;
        const EE: f64 = 0.006_693_421_622_965_943;
        let (x, y) = (self.lng - 105.0, self.lat - 35.0);
        let phi = self.lat.to_radians();
        let magic = 1.0 - EE * phi.sin() * phi.sin();
        let dlat =
            shift_lat(x, y) * 180.0 / ((A * (1.0 - EE)) / (magic * magic.sqrt()) * std::f64::consts::PI);
        let dlng = shift_lng(x, y) * 180.0 / (A / magic.sqrt() * phi.cos() * std::f64::consts::PI);
        Self {
            lat: self.lat + dlat,
            lng: self.lng + dlng,
        }
    }
}

/// All stations as (name, lines, place).
pub fn stations() -> impl Iterator<Item = (&'static str, &'static str, Place)> {
    STATIONS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut fields = line.split(',');
            let (name, lines) = (fields.next()?, fields.next()?);
            let (lat, lng) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
            Some((name, lines, Place { lat, lng }))
        })
}

/// A spot about 120 m from the station `name`: people stand near a station, not in it.
pub fn station(name: &str) -> Option<Place> {
    let (_, _, place) = stations().find(|(station, _, _)| *station == name)?;
    Some(Place {
        lat: place.lat + 0.0009,
        lng: place.lng + 0.0008,
    })
}

fn shift_lat(x: f64, y: f64) -> f64 {
    use std::f64::consts::PI;
    let waves = (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0
        + (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0
        + (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
    -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * x.abs().sqrt() + waves
}

fn shift_lng(x: f64, y: f64) -> f64 {
    use std::f64::consts::PI;
    let waves = (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0
        + (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0
        + (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;
    300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * x.abs().sqrt() + waves
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_point_is_shifted_as_published() {
        let shifted = Place {
            lat: 39.915,
            lng: 116.404,
        }
        .gcj02();
        assert!((shifted.lng - 116.410_244_499_169_38).abs() < 1e-9);
        assert!((shifted.lat - 39.916_404_281_501_64).abs() < 1e-9);
        let paris = Place {
            lat: 48.85,
            lng: 2.35,
        };
        assert_eq!(paris.gcj02(), paris);
    }

    #[test]
    fn the_stations_are_those_of_beijing() {
        assert!(stations().count() > 400);
        assert!(stations().all(|(_, _, p)| (39.4..41.1).contains(&p.lat) && (115.4..117.6).contains(&p.lng)));
        assert!(station("西单").is_some());
        assert!(station("人民广场").is_none());
    }
}

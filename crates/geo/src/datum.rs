//! The datums WGS-84, GCJ-02 and BD-09, conversion between them, and great-circle distance.
//!
//! GCJ-02 is WGS-84 with a published, position-dependent shift inside China; BD-09 shifts GCJ-02 once more. The
//! formulas are the ones in use by every open implementation (checked against gcoord and coordtransform).

use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// A position as GPS gives it: degrees on the WGS-84 ellipsoid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wgs84 {
    /// Latitude in degrees, north positive.
    pub lat: f64,
    /// Longitude in degrees, east positive.
    pub lng: f64,
}

/// A position in the datum of Chinese public maps (WeChat, Tencent, AMap), in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gcj02 {
    /// Latitude in degrees, north positive.
    pub lat: f64,
    /// Longitude in degrees, east positive.
    pub lng: f64,
}

/// A position in the datum of Baidu's maps, in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bd09 {
    /// Latitude in degrees, north positive.
    pub lat: f64,
    /// Longitude in degrees, east positive.
    pub lng: f64,
}

impl Wgs84 {
    /// A position, or nothing when a number is not finite or out of range (±90°, ±180°).
    pub fn new(lat: f64, lng: f64) -> Option<Self> {
        in_range(lat, lng).then_some(Self { lat, lng })
    }

    /// The same place in GCJ-02. Outside China the two datums are the same.
    pub fn to_gcj02(self) -> Gcj02 {
        let (lat, lng) = shifted(self.lat, self.lng);
        Gcj02 { lat, lng }
    }

    /// The same place in BD-09.
    pub fn to_bd09(self) -> Bd09 {
        self.to_gcj02().to_bd09()
    }

    /// Metres along the great circle to `other` (haversine, mean Earth radius; within 0.6 % of the ellipsoid).
    pub fn distance_m(self, other: Self) -> f64 {
        let (lat, other_lat) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = ((other.lat - self.lat).to_radians() / 2.0).sin();
        let half_lng = ((other.lng - self.lng).to_radians() / 2.0).sin();
        let h = half_lat * half_lat + lat.cos() * other_lat.cos() * half_lng * half_lng;
        2.0 * EARTH_RADIUS_M * h.sqrt().min(1.0).asin()
    }

    /// The point on the unit sphere: the straight-line distance of two such points grows with the distance over
    /// the ground, and needs no special case at the poles or the date line.
    pub(crate) fn on_unit_sphere(self) -> [f64; 3] {
        let (sin_lat, cos_lat) = self.lat.to_radians().sin_cos();
        let (sin_lng, cos_lng) = self.lng.to_radians().sin_cos();
        [cos_lat * cos_lng, cos_lat * sin_lng, sin_lat]
    }
}

impl Gcj02 {
    /// A position, or nothing when a number is not finite or out of range (±90°, ±180°).
    pub fn new(lat: f64, lng: f64) -> Option<Self> {
        in_range(lat, lng).then_some(Self { lat, lng })
    }

    /// The same place in WGS-84. The shift has no closed inverse: it is found by iteration, to within 1e-9 degrees.
    pub fn to_wgs84(self) -> Wgs84 {
        let (mut lat, mut lng) = (self.lat, self.lng);
        for _ in 0..20 {
            let (there_lat, there_lng) = shifted(lat, lng);
            let (off_lat, off_lng) = (self.lat - there_lat, self.lng - there_lng);
            lat += off_lat;
            lng += off_lng;
            if off_lat.abs() < 1e-10 && off_lng.abs() < 1e-10 {
                break;
            }
        }
        Wgs84 { lat, lng }
    }

    /// The same place in BD-09.
    pub fn to_bd09(self) -> Bd09 {
        let radius = self.lng.hypot(self.lat) + 0.00002 * (self.lat * BD_FACTOR).sin();
        let angle = self.lat.atan2(self.lng) + 0.000003 * (self.lng * BD_FACTOR).cos();
        Bd09 {
            lat: radius * angle.sin() + BD_LAT,
            lng: radius * angle.cos() + BD_LNG,
        }
    }
}

impl Bd09 {
    /// A position, or nothing when a number is not finite or out of range (±90°, ±180°).
    pub fn new(lat: f64, lng: f64) -> Option<Self> {
        in_range(lat, lng).then_some(Self { lat, lng })
    }

    /// The same place in GCJ-02, by the published one-step inverse (within 2e-6 degrees, 0.2 m, of the true one).
    pub fn to_gcj02(self) -> Gcj02 {
        let (lat, lng) = (self.lat - BD_LAT, self.lng - BD_LNG);
        let radius = lng.hypot(lat) - 0.00002 * (lat * BD_FACTOR).sin();
        let angle = lat.atan2(lng) - 0.000003 * (lng * BD_FACTOR).cos();
        Gcj02 {
            lat: radius * angle.sin(),
            lng: radius * angle.cos(),
        }
    }

    /// The same place in WGS-84.
    pub fn to_wgs84(self) -> Wgs84 {
        self.to_gcj02().to_wgs84()
    }
}

/// Mean radius of the Earth (IUGG), metres.
const EARTH_RADIUS_M: f64 = 6_371_008.8;
/// Semi-major axis of the Krasovsky 1940 ellipsoid, metres.
const KRASOVSKY_A: f64 = 6_378_245.0;
/// Squared eccentricity of the same ellipsoid.
const KRASOVSKY_EE: f64 = 0.006_693_421_622_965_943;
const BD_FACTOR: f64 = PI * 3000.0 / 180.0;
const BD_LAT: f64 = 0.006;
const BD_LNG: f64 = 0.0065;

fn in_range(lat: f64, lng: f64) -> bool {
    lat.abs() <= 90.0 && lng.abs() <= 180.0
}

/// WGS-84 to GCJ-02; positions outside the bounding box of China stay where they are.
fn shifted(lat: f64, lng: f64) -> (f64, f64) {
    if !((72.004..=137.8347).contains(&lng) && (0.8293..=55.8271).contains(&lat)) {
        return (lat, lng);
    }
    let (north, east) = shift_metres(lat - 35.0, lng - 105.0);
    let (sin_lat, cos_lat) = lat.to_radians().sin_cos();
    let magic = 1.0 - KRASOVSKY_EE * sin_lat * sin_lat;
    let root = magic.sqrt();
    let north = (north * 180.0) / ((KRASOVSKY_A * (1.0 - KRASOVSKY_EE)) / (magic * root) * PI);
    let east = (east * 180.0) / (KRASOVSKY_A / root * cos_lat * PI);
    (lat + north, lng + east)
}

/// The shift in metres (north, east) at `y` degrees north of 35°N and `x` degrees east of 105°E.
fn shift_metres(y: f64, x: f64) -> (f64, f64) {
    let common = (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0;
    let north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * x.abs().sqrt();
    let north = north + common + (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0;
    let north = north + (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
    let east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * x.abs().sqrt();
    let east = east + common + (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0;
    let east = east + (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;
    (north, east)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    /// The reference pairs were printed to seven digits and computed by others: this is what they agree to.
    const PUBLISHED: f64 = 7.5e-6;

    fn vectors() -> Value {
        serde_json::from_str(include_str!("../data/coords.json")).unwrap()
    }

    fn pair(value: &Value) -> (f64, f64) {
        (value[1].as_f64().unwrap(), value[0].as_f64().unwrap())
    }

    #[track_caller]
    fn assert_near(got: (f64, f64), want: (f64, f64), tolerance: f64, what: &str) {
        let off = (got.0 - want.0).abs().max((got.1 - want.1).abs());
        assert!(
            off <= tolerance,
            "{what}: {got:?} instead of {want:?}, off by {off}"
        );
    }

    #[test]
    fn the_published_point_converts_exactly() {
        let vectors = vectors();
        let (lat, lng) = pair(&vectors["point"]);
        let want = |name: &str| pair(&vectors["expected"][name]);
        let gcj = Wgs84 { lat, lng }.to_gcj02();
        assert_near(
            (gcj.lat, gcj.lng),
            want("wgs84_to_gcj02"),
            1e-11,
            "wgs84 to gcj02",
        );
        let bd = Gcj02 { lat, lng }.to_bd09();
        assert_near((bd.lat, bd.lng), want("gcj02_to_bd09"), 1e-11, "gcj02 to bd09");
        let gcj = Bd09 { lat, lng }.to_gcj02();
        assert_near((gcj.lat, gcj.lng), want("bd09_to_gcj02"), 1e-11, "bd09 to gcj02");
        let wgs = Gcj02 { lat, lng }.to_wgs84();
        assert_near(
            (wgs.lat, wgs.lng),
            pair(&vectors["gcj02_to_wgs84_iterative"]),
            1e-9,
            "gcj02 to wgs84",
        );
    }

    #[test]
    fn the_cities_convert_within_tolerance() {
        let vectors = vectors();
        let cities = vectors["cities"].as_array().unwrap();
        assert_eq!(cities.len(), 331);
        for city in cities {
            let name = city["name"].as_str().unwrap();
            let (wgs, gcj, bd) = (pair(&city["wgs84"]), pair(&city["gcj02"]), pair(&city["bd09"]));
            let to_gcj = Wgs84 {
                lat: wgs.0,
                lng: wgs.1,
            }
            .to_gcj02();
            assert_near((to_gcj.lat, to_gcj.lng), gcj, PUBLISHED, name);
            let to_bd = Gcj02 {
                lat: gcj.0,
                lng: gcj.1,
            }
            .to_bd09();
            assert_near((to_bd.lat, to_bd.lng), bd, 1e-7, name);
            let to_wgs = Gcj02 {
                lat: gcj.0,
                lng: gcj.1,
            }
            .to_wgs84();
            assert_near((to_wgs.lat, to_wgs.lng), wgs, PUBLISHED, name);
            let from_bd = Bd09 { lat: bd.0, lng: bd.1 }.to_gcj02();
            assert_near((from_bd.lat, from_bd.lng), gcj, 1.6e-6, name);
        }
    }

    #[test]
    fn positions_abroad_are_not_shifted() {
        let paris = Wgs84 {
            lat: 48.8566,
            lng: 2.3522,
        };
        let shifted = paris.to_gcj02();
        assert_near((shifted.lat, shifted.lng), (paris.lat, paris.lng), 0.0, "Paris");
    }

    #[test]
    fn numbers_that_are_no_position_are_refused() {
        for (lat, lng) in [(91.0, 0.0), (0.0, 180.5), (f64::NAN, 1.0), (1.0, f64::INFINITY)] {
            assert!(
                Wgs84::new(lat, lng).is_none() && Gcj02::new(lat, lng).is_none(),
                "{lat} {lng}"
            );
        }
        assert!(Bd09::new(39.9, 116.4).is_some());
    }

    #[test]
    fn known_distances() {
        let tiananmen = Wgs84 {
            lat: 39.9087,
            lng: 116.3975,
        };
        let guomao = Wgs84 {
            lat: 39.9087,
            lng: 116.4575,
        };
        let metres = tiananmen.distance_m(guomao);
        assert!((metres - 5117.8).abs() < 1.0, "{metres}");
        assert!(tiananmen.distance_m(tiananmen).abs() < 1e-9);
        let quarter = Wgs84 { lat: 0.0, lng: 0.0 }.distance_m(Wgs84 { lat: 90.0, lng: 0.0 });
        assert!((quarter - 10_007_557.2).abs() < 1.0, "{quarter}");
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_place(lat in 18.0f64..53.0, lng in 74.0f64..134.0) {
            let there = Wgs84 { lat, lng };
            let back = there.to_gcj02().to_wgs84();
            prop_assert!((back.lat - lat).abs() < 1e-8 && (back.lng - lng).abs() < 1e-8, "{back:?}");
            let back = there.to_bd09().to_wgs84();
            prop_assert!(back.distance_m(there) < 0.6, "{back:?}");
        }
    }
}

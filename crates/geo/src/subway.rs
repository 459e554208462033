//! The Beijing subway: stations, lines and exits, all in WGS-84.
//!
//! The data are from OpenStreetMap (ODbL 1.0): show [`ATTRIBUTION`] wherever they are drawn. Lines are straight
//! from stop to stop; they are a diagram, not the track.

use crate::{Near, Nearest, Wgs84};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The words that the licence of the data asks for on every map drawn from them.
pub const ATTRIBUTION: &str = "© OpenStreetMap contributors";

/// A station; one entry also where several lines meet.
#[derive(Clone, Debug, PartialEq)]
pub struct Station {
    /// Chinese name without 站, unique.
    pub name: String,
    /// Name in Latin letters.
    pub name_en: String,
    /// Names of the lines that stop here, such as `1号线`.
    pub lines: Vec<String>,
    /// District, such as `朝阳区`; unknown for one station.
    pub district: Option<String>,
    /// Middle of the station.
    pub point: Wgs84,
}

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Short sign of the line, such as `01`.
    pub id: String,
    /// Name, such as `1号线`.
    pub name: String,
    /// Official colour, `#RRGGBB`.
    pub color: String,
    /// Colour of text on the official colour, `#RRGGBB`.
    pub text_color: String,
    /// Station names in order; a stop without a name in the data is left out.
    pub stops: Vec<String>,
    /// Positions of all stops in order.
    pub path: Vec<Wgs84>,
}

/// A way out of a station to the street.
#[derive(Clone, Debug, PartialEq)]
pub struct Exit {
    /// Name of the station.
    pub station: String,
    /// Name of the exit, such as `A出口`.
    pub name: String,
    /// Where it meets the street.
    pub point: Wgs84,
    /// Whether a wheelchair gets through; nothing when the map does not say.
    pub step_free: Option<bool>,
}

/// All stations.
pub fn stations() -> &'static [Station] {
    &NETWORK.stations
}

/// All lines, numbered ones first.
pub fn lines() -> &'static [Line] {
    &NETWORK.lines
}

/// All exits.
pub fn exits() -> &'static [Exit] {
    &NETWORK.exits
}

/// The station of that name; a 站 at the end is ignored.
pub fn station(name: &str) -> Option<&'static Station> {
    let find = |name: &str| NETWORK.by_name.get(name).map(|&index| &NETWORK.stations[index]);
    find(name).or_else(|| find(name.strip_suffix('站')?))
}

/// The exits of a station, given by its exact name.
pub fn exits_of(station: &str) -> impl Iterator<Item = &'static Exit> {
    exits().iter().filter(move |exit| exit.station == station)
}

/// The `count` stations nearest to a place, nearest first.
pub fn nearest_stations(from: Wgs84, count: usize) -> Vec<Near<'static, &'static Station>> {
    static INDEX: LazyLock<Nearest<&Station>> =
        LazyLock::new(|| Nearest::new(stations().iter().map(|station| (station.point, station))));
    INDEX.nearest(from, count, |_| true)
}

/// The exit nearest to a place.
pub fn nearest_exit(from: Wgs84) -> Option<Near<'static, &'static Exit>> {
    static INDEX: LazyLock<Nearest<&Exit>> =
        LazyLock::new(|| Nearest::new(exits().iter().map(|exit| (exit.point, exit))));
    INDEX.nearest(from, 1, |_| true).pop()
}

struct Network {
    stations: Vec<Station>,
    by_name: HashMap<String, usize>,
    lines: Vec<Line>,
    exits: Vec<Exit>,
}

static NETWORK: LazyLock<Network> = LazyLock::new(|| {
    let stations = read_stations(include_str!("../data/beijing_subway_stations.geojson"));
    let by_name = stations
        .iter()
        .enumerate()
        .map(|(index, station)| (station.name.clone(), index))
        .collect();
    let lines = read_lines(include_str!("../data/beijing_subway_lines.geojson"));
    let exits = read_exits(include_str!("../data/beijing_subway_exits.csv"));
    Network {
        stations,
        by_name,
        lines,
        exits,
    }
});

#[derive(Deserialize)]
struct Collection<P, G> {
    features: Vec<Feature<P, G>>,
}

#[derive(Deserialize)]
struct Feature<P, G> {
    properties: P,
    geometry: Geometry<G>,
}

#[derive(Deserialize)]
struct Geometry<G> {
    coordinates: G,
}

#[derive(Deserialize)]
struct StationProperties {
    name: String,
    name_en: Option<String>,
    lines: Vec<String>,
    district: Option<String>,
}

#[derive(Deserialize)]
struct LineProperties {
    line_id: String,
    name: String,
    color: String,
    text_color: String,
    stops: Vec<String>,
}

fn read_stations(geojson: &str) -> Vec<Station> {
    let collection: Collection<StationProperties, [f64; 2]> =
        serde_json::from_str(geojson).expect("the embedded stations are checked by a test");
    let station = |Feature { properties, geometry }: Feature<StationProperties, _>| Station {
        name_en: properties.name_en.unwrap_or_default(),
        name: properties.name,
        lines: properties.lines,
        district: properties.district,
        point: place(geometry.coordinates),
    };
    collection.features.into_iter().map(station).collect()
}

fn read_lines(geojson: &str) -> Vec<Line> {
    let collection: Collection<LineProperties, Vec<[f64; 2]>> =
        serde_json::from_str(geojson).expect("the embedded lines are checked by a test");
    let line = |Feature { properties, geometry }: Feature<LineProperties, Vec<[f64; 2]>>| Line {
        id: properties.line_id,
        name: properties.name,
        color: properties.color,
        text_color: properties.text_color,
        stops: properties
            .stops
            .into_iter()
            .filter(|name| !name.is_empty())
            .collect(),
        path: geometry.coordinates.into_iter().map(place).collect(),
    };
    collection.features.into_iter().map(line).collect()
}

fn read_exits(csv: &str) -> Vec<Exit> {
    csv.lines()
        .skip(1)
        .map(|row| exit(row).expect("the embedded exits are checked by a test"))
        .collect()
}

/// One row of `station,exit,lon,lat,wheelchair,osm`; no field of the file holds a comma.
fn exit(row: &str) -> Option<Exit> {
    let mut fields = row.split(',');
    let (station, name) = (fields.next()?.to_owned(), fields.next()?.to_owned());
    let (lng, lat) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    let step_free = match fields.next()? {
        "yes" | "wheelchair" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    Some(Exit {
        station,
        name,
        point: Wgs84::new(lat, lng)?,
        step_free,
    })
}

/// GeoJSON writes longitude first.
fn place([lng, lat]: [f64; 2]) -> Wgs84 {
    Wgs84 { lat, lng }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_network_is_there() {
        assert_eq!((stations().len(), lines().len(), exits().len()), (408, 27, 1087));
        for line in lines() {
            assert!(line.path.len() >= 2 && line.color.len() == 7, "{}", line.name);
            for stop in &line.stops {
                let station = station(stop).unwrap_or_else(|| panic!("{stop} of {}", line.name));
                assert!(
                    station.lines.contains(&line.name),
                    "{stop} does not name {}",
                    line.name
                );
            }
        }
        for station in stations() {
            let Wgs84 { lat, lng } = station.point;
            assert!(
                (39.4..41.1).contains(&lat) && (115.4..117.6).contains(&lng),
                "{}",
                station.name
            );
        }
        for exit in exits() {
            let station = station(&exit.station).unwrap_or_else(|| panic!("{}", exit.station));
            assert!(
                station.point.distance_m(exit.point) < 1500.0,
                "{} {}",
                exit.station,
                exit.name
            );
        }
    }

    #[test]
    fn a_station_is_found_by_name_with_its_exits() {
        let guomao = station("国贸站").unwrap();
        assert_eq!(guomao.district.as_deref(), Some("朝阳区"));
        assert!(guomao.lines.contains(&"10号线".to_owned()));
        assert!(exits_of("国贸").count() >= 4);
        assert!(station("不存在").is_none());
    }

    #[test]
    fn the_nearest_station_to_an_exit_is_its_own() {
        let exit = exits_of("古城").next().unwrap();
        assert_eq!(nearest_stations(exit.point, 3)[0].item.name, "古城");
        let nearest = nearest_exit(exit.point).unwrap();
        assert_eq!(
            (nearest.item.station.as_str(), nearest.metres < 0.001),
            ("古城", true)
        );
    }
}

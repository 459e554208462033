//! The subway as the map draws it.

use std::sync::LazyLock;

use geo::{Wgs84, subway};
use serde_json::{Value, json};
use web::Bytes;

/// The diagram as JSON, in GCJ-02 like everything on a page's map.
pub(crate) static DIAGRAM: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(diagram().to_string()));

fn diagram() -> Value {
    let lines: Vec<Value> = subway::lines()
        .iter()
        .map(|line| {
            let points: Vec<[f64; 2]> = line.path.iter().map(|point| shown(*point)).collect();
            json!({ "name": line.name, "color": line.color, "points": points })
        })
        .collect();
    let stations: Vec<Value> = subway::stations()
        .iter()
        .map(|station| {
            let [lat, lng] = shown(station.point);
            json!({ "name": station.name, "lat": lat, "lng": lng, "lines": station.lines })
        })
        .collect();
    json!({ "datum": "gcj02", "credit": subway::ATTRIBUTION, "lines": lines, "stations": stations })
}

/// Degrees of GCJ-02, to about a metre.
fn shown(point: Wgs84) -> [f64; 2] {
    let moved = point.to_gcj02();
    let round = |degrees: f64| (degrees * 100_000.0).round() / 100_000.0;
    [round(moved.lat), round(moved.lng)]
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn the_diagram_is_whole_and_in_the_maps_datum() {
        let drawn: Value = serde_json::from_slice(&DIAGRAM).unwrap();
        assert_eq!(drawn["datum"], "gcj02");
        assert_eq!(drawn["lines"].as_array().unwrap().len(), subway::lines().len());
        let guomao = drawn["stations"]
            .as_array()
            .unwrap()
            .iter()
            .find(|station| station["name"] == "国贸")
            .unwrap();
        let wgs = subway::station("国贸").unwrap().point;
        assert!(
            (guomao["lng"].as_f64().unwrap() - wgs.lng).abs() > 0.003,
            "moved out of WGS-84"
        );
    }
}

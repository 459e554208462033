//! A map beside a list. The list holds everything; the map only shows where.

use maud::{Markup, Render, html};

/// A map named `label` that shows the entries of the list with id `list` which have a place.
pub fn view<'a>(label: &'a str, list: &'a str) -> View<'a> {
    View {
        label,
        list,
        centre: None,
        here: None,
        tiles: None,
        subway: None,
    }
}

/// A map being described; it renders itself, hidden until `map.js` has drawn it.
///
/// All coordinates are degrees in GCJ-02, the datum of WeChat and of Chinese tiles.
pub struct View<'a> {
    label: &'a str,
    list: &'a str,
    centre: Option<(f64, f64)>,
    here: Option<(f64, f64, &'a str)>,
    tiles: Option<(&'a str, &'a str)>,
    subway: Option<&'a str>,
}

impl<'a> View<'a> {
    /// Latitude and longitude of the middle, where the list has no places.
    pub fn centre(mut self, lat: f64, lng: f64) -> Self {
        self.centre = Some((lat, lng));
        self
    }

    /// Where the person is, and the words for it ("您在这里").
    pub fn here(mut self, lat: f64, lng: f64, words: &'a str) -> Self {
        self.here = Some((lat, lng, words));
        self
    }

    /// Raster tiles as a Leaflet address template with their attribution; without it no tile is asked for.
    pub fn tiles(mut self, template: &'a str, attribution: &'a str) -> Self {
        self.tiles = Some((template, attribution));
        self
    }

    /// Address of the subway diagram (JSON with datum `gcj02`).
    pub fn subway(mut self, address: &'a str) -> Self {
        self.subway = Some(address);
        self
    }
}

impl Render for View<'_> {
    fn render(&self) -> Markup {
        html! {
            section class="map" id={ (self.list) "-map" } aria-label=(self.label) hidden data-map
                data-list=(self.list) data-subway=[self.subway] data-tiles=[self.tiles.map(|tiles| tiles.0)]
                data-tiles-credit=[self.tiles.map(|tiles| tiles.1)]
                data-lat=[self.centre.map(|at| at.0)] data-lng=[self.centre.map(|at| at.1)]
                data-here-lat=[self.here.map(|at| at.0)] data-here-lng=[self.here.map(|at| at.1)]
                data-here-words=[self.here.map(|at| at.2)] {}
        }
    }
}

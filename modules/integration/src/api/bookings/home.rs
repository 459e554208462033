//! Home visits: what one would cost, and when; where it goes.

use booking::Place;
use geo::{Gcj02, Wgs84, subway};
use kernel::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::{Ask, Path};

use crate::{
    api::{
        Answer,
        extract::{Body, Told},
        read_id, seen_shop,
        shops::{FreeDayView, OfService},
        table::Table,
    },
    model::{Refusal, Scope},
};

pub(super) fn add(table: Table) -> Table {
    let path = at!("/services/{service}/home-quotes");
    table.post(path, Scope::TimesRead, "quote-home-visit", quote)
}

/// Where a customer is. It is sent in a body, so that it stands in no record of addresses.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Spot {
    /// Code of the district, such as `110101`.
    district: String,
    /// Degrees.
    latitude: Option<f64>,
    /// Degrees.
    longitude: Option<f64>,
    /// `wgs84`: as GPS says it; `gcj02`: as Chinese maps and WeChat say it.
    datum: String,
    /// Name of the nearest subway station, in place of a position.
    station: Option<String>,
}

impl Spot {
    /// A station says more than a position, as on the pages.
    fn read(&self) -> Result<Place> {
        let station = self.station.as_deref().unwrap_or_default().trim();
        let point = match station.trim_end_matches('站') {
            "" => self.position()?,
            name => subway::station(name).ok_or(booking::Refusal::NoPlace)?.point,
        };
        let district = self
            .district
            .parse()
            .map_err(|_| Error::from(booking::Refusal::NoDistrict))?;
        Ok(Place { district, point })
    }

    fn position(&self) -> Result<Wgs84> {
        let (Some(lat), Some(lng)) = (self.latitude, self.longitude) else {
            return Err(booking::Refusal::NoPlace.into());
        };
        let point = match self.datum.as_str() {
            "wgs84" => Wgs84::new(lat, lng),
            "gcj02" => Gcj02::new(lat, lng).map(Gcj02::to_wgs84),
            _ => return Err(Refusal::BadDatum.into()),
        };
        point.ok_or_else(|| Refusal::BadPlace.into())
    }
}

/// Where a home visit is to go.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Home {
    /// The place on the map.
    place: Spot,
    /// Street, compound and building.
    pub(super) street: String,
    /// Unit, floor and number of the door.
    pub(super) house: String,
}

impl Home {
    pub(super) fn place(&self) -> Result<Place> {
        self.place.read()
    }
}

/// A home visit that is thought of. Nothing of it is kept.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct Thought {
    /// Where.
    place: Spot,
    /// Identifier of a therapist; anybody who goes where it is missing.
    therapist: Option<String>,
}

/// What a home visit would cost, and when it can begin.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HomeQuote")]
struct QuoteView {
    /// How far, as the crow flies.
    metres: i64,
    /// How long one way takes; kept free before and after the service.
    travel_minutes: i64,
    /// What the way costs, in fen.
    fare_fen: i64,
    /// What the service costs, in fen.
    price_fen: i64,
    /// Both together, in fen.
    total_fen: i64,
    /// The free times, the way on both sides.
    days: Vec<FreeDayView>,
}

async fn quote(
    ask: Ask,
    Path((shop, service)): Path<OfService>,
    Body(body): Body<Thought>,
) -> Answer<QuoteView> {
    let told = ask
        .read(move |cx, tx| {
            seen_shop(cx, tx, shop)?;
            let service = catalog::service(tx, service)?;
            if service.shop != shop || !service.listed {
                return Err(Error::NotFound);
            }
            let (place, named) = (body.place.read()?, read_id(body.therapist.as_ref())?);
            let trip = booking::trip_to(tx, &service, place)?;
            let days = booking::free_times_at_home(tx, cx.now(), &service, named, trip)?;
            Ok(QuoteView {
                metres: trip.metres,
                travel_minutes: trip.travel,
                fare_fen: trip.fare.fen(),
                price_fen: service.price.fen(),
                total_fen: (trip.fare + service.price).fen(),
                days: days.iter().map(FreeDayView::from).collect(),
            })
        })
        .await?;
    Ok(Told::new(told))
}

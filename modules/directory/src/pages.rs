//! The customers' pages.

mod home;
mod service;
mod shop;
mod stations;
mod therapist;
mod words;
mod wx;

use http::header;
use web::{Allow, Answer, IntoResponse, Routes};

pub(crate) fn routes() -> Routes {
    Routes::new("directory")
        .get("/", Allow::Anyone, home::show)
        .get("/stations", Allow::Anyone, stations::show)
        .get("/shops/{shop}", Allow::Anyone, shop::show)
        .get("/therapists/{therapist}", Allow::Anyone, therapist::show)
        .get("/services/{service}", Allow::Anyone, service::show)
        .get("/assets/subway.json", Allow::Anyone, diagram)
}

/// `GET /assets/subway.json`: the diagram that the map draws.
async fn diagram() -> Answer {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
    ];
    Ok((headers, crate::subway::DIAGRAM.clone()).into_response())
}

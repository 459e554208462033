//! Where a customer wants a home visit. The address is sent once and kept; the pages after it name only its number.

use catalog::Service;
use geo::{Gcj02, Wgs84, subway};
use kernel::{Error, Id, Refused, Result, Shop};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shop::District;
use text::{args, show};
use web::{
    Answer, Ask, Form, Markup, Path, Response, html,
    ui::{self, Errors, Frame, Surface, button, csrf, field, wechat},
};

use super::choose::Offer;
use crate::{
    actions,
    model::{Address, HomeVisit, Place, Refusal, Trip},
};

/// A home visit that is being chosen: the address, by its number, and what it means.
#[derive(Clone, Copy, Debug)]
pub(super) struct AtHome {
    pub address: Id<Address>,
    pub visit: HomeVisit,
}

impl AtHome {
    /// Reads it from an address of a page; anybody else's does not exist. Where the shop does not go any more, nothing is
    /// chosen.
    pub async fn read(ask: &Ask, service: &Service, tag: Option<&str>) -> Result<Option<AtHome>> {
        let address: Id<Address> = match tag {
            None | Some("") => return Ok(None),
            Some(tag) => tag.parse()?,
        };
        let service = service.clone();
        let visit = ask.read(move |cx, tx| {
            let place = actions::own_address(cx, tx, address)?.place;
            Ok(HomeVisit {
                district: place.district,
                trip: actions::trip_to(tx, &service, place)?,
            })
        });
        match visit.await {
            Ok(visit) => Ok(Some(AtHome { address, visit })),
            Err(Error::Refused(_) | Error::Forbidden) => Err(Error::NotFound),
            Err(other) => Err(other),
        }
    }

    pub fn trip(&self) -> Trip {
        self.visit.trip
    }
}

/// 上门到朝阳区，离店约 3.2 公里，车费 ¥25
pub(in crate::pages) fn trip_sentence(ask: &Ask, visit: &HomeVisit) -> String {
    let fare = show::money(visit.trip.fare);
    ask.say(
        "booking-home-trip",
        &args![
            district => district_word(ask, visit.district),
            distance => distance(ask, visit.trip),
            fare => fare,
        ],
    )
}

/// 离店约 3.2 公里，单程约 25 分钟
pub(in crate::pages) fn way_line(ask: &Ask, trip: Trip) -> String {
    let travel = show::duration(ask.lang(), trip.travel);
    ask.say(
        "booking-home-way-line",
        &args![distance => distance(ask, trip), travel => travel],
    )
}

pub(in crate::pages) fn district_word(ask: &Ask, district: District) -> String {
    ask.label(&district.text_key())
}

pub(in crate::pages) fn distance(ask: &Ask, trip: Trip) -> String {
    show::distance(ask.lang(), trip.metres as f64)
}

/// The form as it is typed. It is never kept over a sign-in: whoever reads this page is signed in.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Typed {
    lat: String,
    lng: String,
    datum: String,
    station: String,
    district: String,
    street: String,
    house: String,
}

impl Typed {
    fn of(address: &Address) -> Typed {
        let here = address.place.point.to_gcj02();
        Typed {
            lat: here.lat.to_string(),
            lng: here.lng.to_string(),
            datum: "gcj02".to_owned(),
            station: String::new(),
            district: address.place.district.code().to_owned(),
            street: address.street.clone(),
            house: address.house.clone(),
        }
    }

    /// The two lines of the address.
    pub fn lines(&self) -> (String, String) {
        (self.street.clone(), self.house.clone())
    }

    /// A station that was typed says more than a position that was taken before.
    pub fn place(&self) -> Result<Place, Refusal> {
        let station = self.station.trim().trim_end_matches('站');
        let point = match station {
            "" => self.position().ok_or(Refusal::NoPlace)?,
            name => subway::station(name).ok_or(Refusal::NoPlace)?.point,
        };
        let district = self.district.parse().map_err(|_| Refusal::NoDistrict)?;
        Ok(Place { district, point })
    }

    fn position(&self) -> Option<Wgs84> {
        let degrees = |typed: &str| typed.trim().parse::<f64>().ok();
        let (lat, lng) = (degrees(&self.lat)?, degrees(&self.lng)?);
        match self.datum.as_str() {
            "wgs84" => Wgs84::new(lat, lng),
            _ => Gcj02::new(lat, lng).map(Gcj02::to_wgs84),
        }
    }
}

type InShop = Path<(Id<Shop>, Id<Service>)>;

pub(super) async fn show(ask: Ask, Path((shop, service)): InShop) -> Answer {
    let offer = Offer::read(&ask, shop, service, None).await?;
    let last = ask.read(actions::last_address).await?;
    page(
        &ask,
        &offer,
        &last.as_ref().map(Typed::of).unwrap_or_default(),
        None,
    )
    .await
}

/// Keeps the address and leads on to who goes.
pub(super) async fn send(ask: Ask, Path((shop, service)): InShop, Form(typed): Form<Typed>) -> Answer {
    let offer = Offer::read(&ask, shop, service, None).await?;
    let kept = match typed.place() {
        Ok(place) => {
            let (service, lines) = (offer.service.clone(), typed.lines());
            ask.write(move |cx, tx| actions::keep_address(cx, tx, &service, place, (&lines.0, &lines.1)))
                .await
        }
        Err(no) => Err(no.into()),
    };
    match kept {
        Ok(address) => Ok(ask.see(&format!("{}?home={}", offer.address(""), address.id))),
        Err(Error::Refused(no)) => page(&ask, &offer, &typed, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

async fn page(ask: &Ask, offer: &Offer, typed: &Typed, no: Option<&Refused>) -> Answer {
    let service = offer.service.clone();
    let terms = ask
        .read(move |_, tx| actions::home_terms(tx, service.shop))
        .await?;
    if !terms.offers(offer.service.id) {
        return Err(Error::NotFound.into());
    }
    let page = AddressPage {
        surface: Surface::Customer,
        title: ask.label("booking-home-title"),
        answer: ask.label("booking-home-answer"),
        here: offer.address("/home"),
        back: (offer.address(""), ask.label("booking-choose-who")),
        next: ask.label("booking-home-next"),
    };
    page.draw(ask, typed, no).await
}

/// A page on which an address is given: by the customer, with the help of WeChat, or at the desk as it is told.
pub(in crate::pages) struct AddressPage {
    pub surface: Surface,
    pub title: String,
    pub answer: String,
    /// Where it is sent to.
    pub here: String,
    pub back: (String, String),
    pub next: String,
}

impl AddressPage {
    /// The page with what was typed, and why it was refused.
    pub async fn draw(&self, ask: &Ask, typed: &Typed, no: Option<&Refused>) -> Answer {
        let own = self.surface == Surface::Customer;
        let sdk = if own { sdk(ask).await } else { None };
        let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
        let mut wx = json!({ "words": wechat::words(ask.tr()) });
        if let Some(config) = &sdk {
            wx["config"] = config.clone();
        }
        let response: Response = ask.page(self.surface, &self.title, |frame, page| {
            let page = match (own, sdk.is_some()) {
                (true, true) => page.script_src(&ask.app.settings.jssdk_url),
                _ => page,
            };
            let page = match own {
                true => page.script("js/wechat.js").data("wx", &wx),
                false => page,
            };
            page.answer(&self.answer)
                .errors(&errors)
                .back(&self.back.0, &self.back.1)
                .primary(html! { (button::submit(&self.next).form("home")) })
                .body(html! {
                    (form(ask, frame, (&self.here, own), typed, &errors))
                    @if own { p class="soft" { (ask.label("booking-home-privacy")) } }
                })
        });
        Ok(match no {
            Some(no) => ask.refused(no, response),
            None => response,
        })
    }
}

/// The fields. Where the desk stands says nothing about where the customer lives.
fn form(
    ask: &Ask,
    frame: &Frame<'_>,
    (here, own): (&str, bool),
    typed: &Typed,
    errors: &Errors<'_>,
) -> Markup {
    let mut districts = vec![("", ask.label("booking-home-choose"))];
    districts.extend(
        District::ALL
            .iter()
            .map(|district| (district.code(), district_word(ask, *district))),
    );
    let districts: Vec<(&str, &str)> = districts
        .iter()
        .map(|(code, name)| (*code, name.as_str()))
        .collect();
    let station_hint = match own {
        true => "booking-home-station-hint",
        false => "booking-home-station-needed",
    };
    html! {
        form id="home" method="post" action=(here) novalidate autocomplete="on" {
            (csrf(frame))
            @if own {
                (wechat::position_fields((&typed.lat, &typed.lng, &typed.datum),
                    &ask.label("booking-home-use-position"), &ask.label("booking-home-position-taken")))
            }
            (field::text("station", &ask.label("booking-home-station")).value(&typed.station).autocomplete("off")
                .hint(&ask.label(station_hint)).errors(errors))
            @if own { (wechat::address_button("f-street", &ask.label("booking-home-use-address"))) }
            (field::select("district", &ask.label("booking-home-district")).options(&districts)
                .value(&typed.district).errors(errors))
            (field::text("street", &ask.label("booking-home-street")).value(&typed.street)
                .autocomplete("address-line1").errors(errors))
            (field::text("house", &ask.label("booking-home-house")).value(&typed.house)
                .autocomplete("address-line2").errors(errors))
        }
    }
}

/// The page's signature for WeChat's script; without it the page works too.
async fn sdk(ask: &Ask) -> Option<Value> {
    let settings = &ask.app.settings;
    let known = ask.app.plug_maybe::<identity::WeChat>()?;
    if settings.jssdk_url.is_empty() {
        return None;
    }
    let url = format!("{}{}", settings.base_url, ask.address());
    if let Some(config) = known.page_config_at_hand(&ask.cx, &url) {
        return Some(config);
    }
    let config = ask
        .blocking(move |app, cx| app.plug::<identity::WeChat>().page_config(cx, &url))
        .await;
    config
        .inspect_err(|error| tracing::warn!("no signature for a page: {error}"))
        .ok()
}

/// The door to a home visit on the page of who serves; or back to the shop.
pub(super) fn door(ask: &Ask, offer: &Offer) -> Markup {
    match &offer.home {
        Some(home) => html! {
            p { (trip_sentence(ask, &home.visit)) }
            p class="actions" {
                (button::link(&offer.address(""), &ask.label("booking-home-shop-instead")).quiet())
            }
        },
        None => html! {
            p class="actions" {
                (button::link(&offer.address("/home"), &ask.label("booking-at-home")).secondary().icon(ui::Icon::Pin))
                span class="soft" { (ask.label("booking-at-home-line")) }
            }
        },
    }
}

//! The few controls that WeChat's JS-SDK answers (`wechat.js`). Each has a way without it.

use maud::{Markup, html};
use serde_json::{Value, json};

use super::{Icon, Tr};

/// The words that `wechat.js` shows, for the entry `words` of the page's JSON block `wx`.
pub fn words(t: &Tr<'_>) -> Value {
    json!({
        "locating": t("ui-wx-locating"),
        "denied": t("ui-wx-denied"),
        "cancelled": t("ui-wx-cancelled"),
        "failed": t("ui-wx-failed"),
        "outside": t("ui-wx-outside"),
        "paying": t("ui-wx-paying"),
    })
}

/// A GET form that a script fills with `lat`, `lng` (degrees) and `datum` (`gcj02` from WeChat, `wgs84` from a plain
/// browser) and sends; with `at_once` without waiting for the button. Hidden where no script runs.
pub fn locate_form(action: &str, at_once: bool, label: &str) -> Markup {
    html! {
        form id="locate" class="button-form" method="get" action=(action) hidden
            data-wx-locate=(if at_once { "auto" } else { "ask" }) {
            input type="hidden" name="lat" value="";
            input type="hidden" name="lng" value="";
            input type="hidden" name="datum" value="";
            button type="submit" class="button secondary" { (Icon::Pin) span { (label) } }
        }
    }
}

/// The position of whoever fills in the form around it: hidden fields `lat`, `lng` (degrees) and `datum`, and a button by
/// which a script fills them and says `taken`. It is sent with the form, never in an address. The button is hidden where
/// no script runs: have a way without it.
pub fn position_fields((lat, lng, datum): (&str, &str, &str), label: &str, taken: &str) -> Markup {
    html! {
        input type="hidden" name="lat" value=(lat);
        input type="hidden" name="lng" value=(lng);
        input type="hidden" name="datum" value=(datum);
        p { button type="button" class="button secondary" data-wx-position=(taken) hidden {
            (Icon::Pin) span { (label) }
        } }
    }
}

/// A button by which WeChat's own list of addresses fills the field `input_id`. Hidden where WeChat has no such list.
pub fn address_button(input_id: &str, label: &str) -> Markup {
    html! {
        p { button type="button" class="button secondary" data-wx-address=(input_id) hidden { span { (label) } } }
    }
}

/// A place to open in WeChat's map.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Degrees, GCJ-02.
    pub lat: f64,
    /// Degrees, GCJ-02.
    pub lng: f64,
    /// Name on the map.
    pub name: &'a str,
    /// Address below the name.
    pub address: &'a str,
}

/// A link that opens WeChat's own map, elsewhere the page `fallback`.
pub fn open_location(place: &Place<'_>, fallback: &str, label: &str) -> Markup {
    html! {
        a class="button secondary" href=(fallback) data-open-location data-lat=(place.lat) data-lng=(place.lng)
            data-name=(place.name) data-address=(place.address) { (Icon::Pin) span { (label) } }
    }
}

/// The button that opens WeChat's pay sheet with the parameters of the block `wx`. Hidden where no script runs: put a
/// link to the page that asks the server about the payment beside it.
pub fn pay_button(label: &str) -> Markup {
    html! { button type="button" class="button primary large" data-wx-pay hidden { (Icon::Card) span { (label) } } }
}

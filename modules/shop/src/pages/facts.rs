//! What is said about a shop: one form, for a new shop and for one that is there.

use geo::{Bd09, Gcj02, Wgs84};
use kernel::{Error, Id, Refused, Result};
use serde::{Deserialize, Serialize};
use text::args;
use web::{
    Answer, Ask, Form, Markup, Path, html,
    ui::{Choice, Errors, Frame, Surface, button, csrf, field},
};

use super::{answered, is_centre};
use crate::{Accepts, District, Kind, NewShop, Refusal, Shop, actions, store};

#[derive(Deserialize, Serialize, Default, Clone)]
#[serde(default)]
pub(super) struct FactsForm {
    name: String,
    district: String,
    address: String,
    walking: String,
    phone: String,
    point: String,
    datum: String,
    introduction: String,
    kind: String,
    sub_mchid: String,
    accepts: String,
    photo_words: String,
    version: String,
}

pub(super) async fn show_new(ask: Ask) -> Answer {
    let form = ask.kept().await.unwrap_or(FactsForm {
        kind: Kind::Health.code().to_owned(),
        accepts: Accepts::Automatic.code().to_owned(),
        datum: GCJ.to_owned(),
        ..FactsForm::default()
    });
    Ok(page(&ask, None, &form, None))
}

pub(super) async fn create(ask: Ask, Form(form): Form<FactsForm>) -> Answer {
    let created = match form.read(None) {
        Ok(new) => ask.write(move |cx, tx| actions::create(cx, tx, &new)).await,
        Err(no) => Err(no),
    };
    match created {
        Ok(shop) => {
            let said = ask.say("shop-created", &args![name => shop.name.as_str()]);
            Ok(ask.see_saying(&format!("/console/shops/{}", shop.id), &said))
        }
        Err(Error::Refused(no)) => Ok(page(&ask, None, &form, Some(&no))),
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn show(ask: Ask, Path(id): Path<Id<kernel::Shop>>) -> Answer {
    let shop = find(&ask, id).await?;
    let form = ask.kept().await.unwrap_or_else(|| FactsForm::of(&shop));
    Ok(page(&ask, Some(&shop), &form, None))
}

pub(super) async fn save(ask: Ask, Path(id): Path<Id<kernel::Shop>>, Form(form): Form<FactsForm>) -> Answer {
    let before = find(&ask, id).await?;
    let version = form.version.parse().unwrap_or(0);
    let saved = match form.read(Some(&before)) {
        Ok(new) => {
            ask.write(move |cx, tx| actions::edit(cx, tx, id, version, &new))
                .await
        }
        Err(no) => Err(no),
    };
    match saved {
        Ok(shop) => {
            let said = ask.say("shop-saved", &args![name => shop.name.as_str()]);
            Ok(ask.see_saying(&format!("/console/shops/{id}"), &said))
        }
        Err(Error::Refused(no)) => Ok(page(&ask, Some(&before), &form, Some(&no))),
        Err(other) => Err(other.into()),
    }
}

async fn find(ask: &Ask, id: Id<kernel::Shop>) -> Result<Shop> {
    ask.read(move |cx, tx| store::shop(tx, cx.shop_named(id)?.id()))
        .await
}

const GCJ: &str = "gcj02";

impl FactsForm {
    fn of(shop: &Shop) -> FactsForm {
        FactsForm {
            name: shop.name.clone(),
            district: shop.district.code().to_owned(),
            address: shop.address.clone(),
            walking: shop.walking.clone(),
            phone: shop.phone.clone(),
            point: shown_point(shop.point),
            datum: GCJ.to_owned(),
            introduction: shop.introduction.clone(),
            kind: shop.kind.code().to_owned(),
            sub_mchid: shop.sub_mchid.clone().unwrap_or_default(),
            accepts: shop.accepts.code().to_owned(),
            photo_words: shop.photo_words.clone(),
            version: shop.version.to_string(),
        }
    }

    /// What the form says. An owner's form has no kind and no merchant number: those stay as they are.
    fn read(&self, before: Option<&Shop>) -> Result<NewShop> {
        let district = self
            .district
            .parse::<District>()
            .map_err(|_| Refusal::BadDistrict)?;
        let kind = match (self.kind.as_str(), before) {
            ("", Some(shop)) => shop.kind,
            (code, _) => code.parse().unwrap_or(Kind::Health),
        };
        let sub_mchid = match (self.kind.as_str(), before) {
            ("", Some(shop)) => shop.sub_mchid.clone(),
            _ => Some(self.sub_mchid.trim().to_owned()).filter(|number| !number.is_empty()),
        };
        let point = match before {
            // Shown and sent back, a position would creep by centimetres.
            Some(shop) if self.datum == GCJ && self.point == shown_point(shop.point) => shop.point,
            _ => read_point(&self.point, &self.datum)?,
        };
        Ok(NewShop {
            name: self.name.clone(),
            district,
            address: self.address.clone(),
            walking: self.walking.clone(),
            phone: self.phone.clone(),
            point,
            introduction: self.introduction.clone(),
            kind,
            sub_mchid,
            accepts: self.accepts.parse().unwrap_or(Accepts::Automatic),
            photo: before.map(|shop| shop.photo.clone()).unwrap_or_default(),
            photo_words: self.photo_words.clone(),
        })
    }
}

fn shown_point(point: Wgs84) -> String {
    let Gcj02 { lat, lng } = point.to_gcj02();
    format!("{lat:.6}, {lng:.6}")
}

/// A position as maps copy it: two numbers, latitude and longitude in either order.
fn read_point(text: &str, datum: &str) -> Result<Wgs84, Refusal> {
    let numbers: Vec<f64> = text
        .split([',', '，', ' ', '、', ';'])
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().map_err(|_| Refusal::BadPoint))
        .collect::<Result<_, _>>()?;
    let [a, b] = numbers[..] else {
        return Err(Refusal::BadPoint);
    };
    // In China every longitude is above 70 and every latitude below.
    let (lat, lng) = if a > 60.0 { (b, a) } else { (a, b) };
    match datum {
        "wgs84" => Wgs84::new(lat, lng),
        "bd09" => Bd09::new(lat, lng).map(Bd09::to_wgs84),
        _ => Gcj02::new(lat, lng).map(Gcj02::to_wgs84),
    }
    .ok_or(Refusal::BadPoint)
}

fn page(ask: &Ask, shop: Option<&Shop>, form: &FactsForm, no: Option<&Refused>) -> web::Response {
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let (title, back, place, action) = match shop {
        Some(shop) => {
            let title = ask.say("shop-facts-title", &args![name => shop.name.as_str()]);
            let back = format!("/console/shops/{}", shop.id);
            let action = format!("{back}/facts");
            (title, back, shop.name.clone(), action)
        }
        None => {
            let back = "/console/shops".to_owned();
            (
                ask.label("shop-new-title"),
                back.clone(),
                ask.label("shop-list-title"),
                back,
            )
        }
    };
    let response = ask.page(Surface::Console, &title, |frame, page| {
        page.back(&back, &place).errors(&errors).body(html! {
            form method="post" action=(action) novalidate {
                (csrf(frame))
                (field::hidden("version", &form.version))
                (fields(ask, frame, form, &errors))
                @if is_centre(ask) { (centre_fields(ask, form, &errors)) }
                (button::submit(&ask.label("shop-save")).about(&form.name))
            }
        })
    });
    answered(ask, no, response)
}

fn fields(ask: &Ask, _frame: &Frame<'_>, form: &FactsForm, errors: &Errors<'_>) -> Markup {
    let names: Vec<(&str, String)> = District::ALL
        .iter()
        .map(|district| (district.code(), ask.label(&district.text_key())))
        .collect();
    let districts: Vec<(&str, &str)> = names.iter().map(|(code, name)| (*code, name.as_str())).collect();
    html! {
        (field::text("name", &ask.label("shop-name")).value(&form.name).errors(errors))
        (field::select("district", &ask.label("shop-district")).options(&districts).value(&form.district).errors(errors))
        (field::text("address", &ask.label("shop-address")).value(&form.address).errors(errors))
        (field::textarea("walking", &ask.label("shop-walking")).hint(&ask.label("shop-walking-hint"))
            .value(&form.walking).rows(3).errors(errors))
        (field::tel("phone", &ask.label("shop-phone")).value(&form.phone).errors(errors))
        (field::text("point", &ask.label("shop-point")).hint(&ask.label("shop-point-hint")).value(&form.point).errors(errors))
        (field::radios("datum", &ask.label("shop-datum"))
            .option(Choice::new(GCJ, &ask.label("shop-datum-gcj02")))
            .option(Choice::new("bd09", &ask.label("shop-datum-bd09")))
            .option(Choice::new("wgs84", &ask.label("shop-datum-wgs84")))
            .value(&form.datum))
        (field::textarea("introduction", &ask.label("shop-introduction")).hint(&ask.label("shop-introduction-hint"))
            .value(&form.introduction).rows(5).errors(errors))
        (field::text("photo_words", &ask.label("shop-photo-words")).hint(&ask.label("shop-photo-words-hint"))
            .value(&form.photo_words).errors(errors))
        (field::radios("accepts", &ask.label("shop-accepts"))
            .option(Choice::new("automatic", &ask.label("shop-accepts-automatic")))
            .option(Choice::new("manual", &ask.label("shop-accepts-manual")))
            .value(&form.accepts))
    }
}

fn centre_fields(ask: &Ask, form: &FactsForm, errors: &Errors<'_>) -> Markup {
    html! {
        (field::radios("kind", &ask.label("shop-kind"))
            .option(Choice::new("health", &ask.label("shop-kind-health")))
            .option(Choice::new("medical", &ask.label("shop-kind-medical")))
            .value(&form.kind))
        (field::text("sub_mchid", &ask.label("shop-sub-mchid")).hint(&ask.label("shop-sub-mchid-hint"))
            .value(&form.sub_mchid).errors(errors))
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn a_position_is_read_in_either_order_and_any_datum() {
        let straight = read_point("39.908700,116.397500", "gcj02").unwrap();
        assert_eq!(read_point("116.397500， 39.908700", "gcj02").unwrap(), straight);
        let baidu = Gcj02 {
            lat: 39.9087,
            lng: 116.3975,
        }
        .to_bd09();
        let same = read_point(&format!("{} {}", baidu.lat, baidu.lng), "bd09").unwrap();
        assert!(same.distance_m(straight) < 2.0);
        for nonsense in ["", "39.9", "x, y", "39.9,116.4,3", "NaN,116"] {
            assert!(read_point(nonsense, "gcj02").is_err(), "{nonsense}");
        }
    }
}

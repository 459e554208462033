//! Shops and what they offer: what every customer may see.

use catalog::Service;
use kernel::{Error, Id, Shop};
use scheduling::{FreeDay, FreeTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use therapist::Therapist;
use web::{Ask, Path, Query};

use super::{Answer, Page, Paging, extract::Told, moment, read_id, seen_shop, table::Table, whole};
use crate::model::{Refusal, Scope};

pub(super) fn add(table: Table) -> Table {
    table
        .get("/api/v1/shops", Scope::ShopsRead, "list-shops", list)
        .get(
            "/api/v1/shops/nearest",
            Scope::ShopsRead,
            "nearest-shops",
            nearest,
        )
        .get("/api/v1/shops/{shop}", Scope::ShopsRead, "get-shop", one)
        .get(
            at!("/categories"),
            Scope::ServicesRead,
            "list-categories",
            categories,
        )
        .get(at!("/services"), Scope::ServicesRead, "list-services", services)
        .get(
            at!("/therapists"),
            Scope::TherapistsRead,
            "list-therapists",
            therapists,
        )
        .get(
            at!("/services/{service}/times"),
            Scope::TimesRead,
            "list-free-times",
            times,
        )
        .get(at!("/reviews"), Scope::ReviewsRead, "list-reviews", reviews)
}

/// A shop.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Shop")]
struct ShopView {
    /// Identifier.
    id: String,
    /// What it is called.
    name: String,
    /// Code of the district.
    district: String,
    /// Street and number.
    address: String,
    /// The way from the subway in words.
    walking: String,
    /// As dialled.
    phone: String,
    /// WGS-84, degrees.
    latitude: f64,
    /// WGS-84, degrees.
    longitude: f64,
    /// A few sentences.
    introduction: String,
    /// `health` or `medical`.
    kind: String,
    /// `active`: customers see it.
    standing: String,
    /// Counts the changes.
    version: i64,
}

impl From<&shop::Shop> for ShopView {
    fn from(shop: &shop::Shop) -> ShopView {
        ShopView {
            id: shop.id.to_string(),
            name: shop.name.clone(),
            district: shop.district.code().to_owned(),
            address: shop.address.clone(),
            walking: shop.walking.clone(),
            phone: shop.phone.clone(),
            latitude: shop.point.lat,
            longitude: shop.point.lng,
            introduction: shop.introduction.clone(),
            kind: shop.kind.code().to_owned(),
            standing: shop.standing.code().to_owned(),
            version: shop.version,
        }
    }
}

async fn list(ask: Ask, Query(paging): Query<Paging>) -> Answer<Page<ShopView>> {
    let (limit, after) = (paging.limit()?, paging.before::<Shop>()?);
    let mut found = ask.read(|_, tx| shop::all_active(tx)).await?;
    found.retain(|shop| after.is_none_or(|after| shop.id > after));
    found.truncate(usize::try_from(limit + 1).unwrap_or(0));
    let page = paging.page(found, |shop| shop.id.to_string());
    Ok(Told::new(page))
}

/// From where, and how many.
#[derive(Deserialize, JsonSchema)]
struct FromHere {
    /// WGS-84, degrees.
    latitude: f64,
    /// WGS-84, degrees.
    longitude: f64,
    /// 1 to 50; 10 where it is missing.
    limit: Option<i64>,
}

/// A shop and how far it is.
#[derive(Serialize, Deserialize, JsonSchema)]
struct NearShop {
    /// Metres along the great circle.
    metres: i64,
    /// The shop.
    shop: ShopView,
}

const MOST_NEAR: i64 = 50;

async fn nearest(ask: Ask, Query(from): Query<FromHere>) -> Answer<Page<NearShop>> {
    let limit = from.limit.unwrap_or(10);
    if !(1..=MOST_NEAR).contains(&limit) {
        return Err(Refusal::BadLimit { most: MOST_NEAR }.into());
    }
    if !(-90.0..=90.0).contains(&from.latitude) || !(-180.0..=180.0).contains(&from.longitude) {
        return Err(Refusal::BadPlace.into());
    }
    let point = geo::Wgs84 {
        lat: from.latitude,
        lng: from.longitude,
    };
    let near = directory::nearest(&ask, point, usize::try_from(limit).unwrap_or(1)).await?;
    let items = ask
        .read(move |_, tx| {
            near.iter()
                .map(|(id, metres)| {
                    let shop = shop::shop(tx, *id)?;
                    Ok(NearShop {
                        metres: metres.round() as i64,
                        shop: ShopView::from(&shop),
                    })
                })
                .collect()
        })
        .await?;
    Ok(whole(items))
}

async fn one(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer<ShopView> {
    let found = ask.read(move |cx, tx| seen_shop(cx, tx, shop)).await?;
    Ok(Told::new(ShopView::from(&found)).version(found.version))
}

/// A heading over services, goods or therapists.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Category")]
struct CategoryView {
    /// Identifier.
    id: String,
    /// What it is called.
    name: String,
    /// `service`, `goods` or `therapist`.
    kind: String,
    /// Whether it is the centre's, for every shop.
    of_centre: bool,
}

async fn categories(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer<Page<CategoryView>> {
    let found = ask
        .read(move |cx, tx| {
            seen_shop(cx, tx, shop)?;
            catalog::headings(tx, shop)
        })
        .await?;
    let view = |one: &catalog::Category| CategoryView {
        id: one.id.to_string(),
        name: one.name.clone(),
        kind: one.kind.code().to_owned(),
        of_centre: one.shop.is_none(),
    };
    Ok(whole(found.iter().map(view).collect()))
}

/// One thing that a customer can book.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Service")]
struct ServiceView {
    /// Identifier.
    id: String,
    /// Under which heading.
    category: Option<String>,
    /// What it is called.
    name: String,
    /// `full_body`, `local`, `foot`, `add_on`, `child` or `home_visit`.
    kind: String,
    /// How long it takes.
    minutes: i64,
    /// What it costs, in fen.
    price_fen: i64,
    /// A few sentences.
    introduction: String,
    /// Counts the changes.
    version: i64,
}

async fn services(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer<Page<ServiceView>> {
    let found = ask
        .read(move |cx, tx| {
            seen_shop(cx, tx, shop)?;
            let mut found = catalog::all_of(tx, shop)?;
            found.retain(|service| service.listed);
            Ok(found)
        })
        .await?;
    let view = |one: &Service| ServiceView {
        id: one.id.to_string(),
        category: one.category.map(|category| category.to_string()),
        name: one.name.clone(),
        kind: one.kind.code().to_owned(),
        minutes: one.minutes,
        price_fen: one.price.fen(),
        introduction: one.introduction.clone(),
        version: one.version,
    };
    Ok(whole(found.iter().map(view).collect()))
}

/// Who works at a shop.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Therapist")]
struct TherapistView {
    /// Identifier.
    id: String,
    /// Work number.
    number: i64,
    /// Name.
    name: String,
    /// As the person wants it shown: `female` or `male`.
    gender: String,
    /// Grade.
    level: String,
    /// A few sentences.
    introduction: String,
    /// What the person is good at.
    skills: Vec<String>,
    /// The services that the person offers; every one where it is missing.
    services: Option<Vec<String>>,
}

async fn therapists(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer<Page<TherapistView>> {
    let (found, mut offered) = ask
        .read(move |cx, tx| {
            seen_shop(cx, tx, shop)?;
            Ok((therapist::of_shop(tx, shop)?, therapist::offered_at(tx, shop)?))
        })
        .await?;
    let mut named = |id: &Id<Therapist>| {
        let services = offered.remove(id)?;
        Some(services.iter().map(Id::to_string).collect())
    };
    let items = found.iter().map(|one| TherapistView {
        id: one.id.to_string(),
        number: one.number,
        name: one.name.clone(),
        gender: one.gender.code().to_owned(),
        level: one.level.code().to_owned(),
        introduction: one.introduction.clone(),
        skills: one.skill_list().map(str::to_owned).collect(),
        services: named(&one.id),
    });
    Ok(whole(items.collect()))
}

/// With whom.
#[derive(Deserialize, JsonSchema)]
struct With {
    /// Identifier of a therapist; anybody where it is missing.
    therapist: Option<String>,
}

/// The free times of one business day.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FreeDay")]
pub(super) struct FreeDayView {
    /// `2026-11-28`; its times may run past midnight.
    day: String,
    /// The free times.
    times: Vec<FreeTimeView>,
}

/// A time at which somebody is free.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FreeTime")]
struct FreeTimeView {
    /// When it starts.
    starts_at: String,
    /// Who is free then.
    therapists: Vec<String>,
}

impl From<&FreeDay> for FreeDayView {
    fn from(day: &FreeDay) -> FreeDayView {
        let time = |time: &FreeTime| FreeTimeView {
            starts_at: moment(time.starts_at),
            therapists: time.therapists.iter().map(Id::to_string).collect(),
        };
        FreeDayView {
            day: day.day.to_string(),
            times: day.times.iter().map(time).collect(),
        }
    }
}

pub(super) type OfService = (Id<Shop>, Id<Service>);

async fn times(
    ask: Ask,
    Path((shop, service)): Path<OfService>,
    Query(with): Query<With>,
) -> Answer<Page<FreeDayView>> {
    let therapist: Option<Id<Therapist>> = read_id(with.therapist.as_ref())?;
    let days = ask
        .read(move |cx, tx| {
            seen_shop(cx, tx, shop)?;
            let service = catalog::service(tx, service)?;
            if service.shop != shop || !service.listed {
                return Err(Error::NotFound);
            }
            booking::free_times(tx, cx.now(), &service, therapist)
        })
        .await?;
    Ok(whole(days.iter().map(FreeDayView::from).collect()))
}

/// What a customer said about a completed booking.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Review")]
struct ReviewView {
    /// Identifier.
    id: String,
    /// The writer as others see them.
    author: String,
    /// The service as it was booked.
    service: String,
    /// Who served.
    therapist: String,
    /// 1 to 5.
    stars: i64,
    /// In the customer's words; may be empty.
    words: String,
    /// When.
    created_at: String,
    /// The shop's answer.
    reply: Option<String>,
}

impl From<&review::Review> for ReviewView {
    fn from(one: &review::Review) -> ReviewView {
        ReviewView {
            id: one.id.to_string(),
            author: one.author.clone(),
            service: one.service_name.clone(),
            therapist: one.therapist.to_string(),
            stars: one.stars,
            words: one.words.clone(),
            created_at: moment(one.created_at),
            reply: one.reply.as_ref().map(|reply| reply.words.clone()),
        }
    }
}

async fn reviews(
    ask: Ask,
    Path(shop): Path<Id<Shop>>,
    Query(paging): Query<Paging>,
) -> Answer<Page<ReviewView>> {
    let (limit, before) = (paging.limit()?, paging.before()?);
    let found = ask
        .read(move |cx, tx| {
            seen_shop(cx, tx, shop)?;
            review::page_of_shop(tx, shop, before, limit + 1)
        })
        .await?;
    Ok(Told::new(paging.page(found, |one| one.id.to_string())))
}

//! The JSON API: one table of addresses, from which the router, the permission list, the OpenAPI document and the page
//! for people are made.
//!
//! What customers may see of a shop every token with the scope may read; what only a shop sees is there for tokens of that
//! shop and of the centre, and to others it does not exist. Each handler calls the action that the pages call.

/// An address of a shop's, from what stands behind the shop.
macro_rules! at {
    ($rest:literal) => {
        concat!("/api/v1/shops/{shop}", $rest)
    };
}

mod bookings;
mod document;
mod extract;
mod hooks;
mod ledger;
mod orders;
mod roster;
mod shops;
mod table;
mod tickets;

use kernel::{Cx, Error, Id, Result, Shop};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::{Allow, Ask, IntoResponse, Routes, StatusCode};

pub(crate) use document::document;
pub(crate) use table::Table;

use crate::model::{Refusal, Scope};
use extract::Told;

/// Where the OpenAPI document stands.
pub(crate) const DOCUMENT: &str = "/api/v1/openapi.json";

/// What a handler of the API returns.
type Answer<A> = Result<Told<A>, web::Failure>;

/// Every address of the API.
pub(crate) fn table() -> Table {
    let table = Table::new("integration");
    let table = tickets::add(bookings::add(shops::add(table)));
    let table = hooks::add(ledger::add(orders::add(roster::add(table))));
    debug_assert!(
        Scope::ALL
            .iter()
            .all(|scope| table.endpoints().iter().any(|one| one.scope == *scope))
    );
    table
}

/// The addresses of the API and of its document.
pub(crate) fn routes() -> Routes {
    table().into_routes().get(DOCUMENT, Allow::Anyone, openapi).get(
        "/api/v1/{*nowhere}",
        Allow::Anyone,
        nowhere,
    )
}

/// `GET /api/v1/openapi.json`, in the language that is asked for.
async fn openapi(ask: Ask) -> web::Answer {
    let base_url = ask.app.settings.base_url.clone();
    let document = document(table(), &base_url, &|key| ask.label(key));
    let headers = [(http::header::CONTENT_TYPE, "application/json")];
    Ok((StatusCode::OK, headers, document.to_string()).into_response())
}

async fn nowhere() -> web::Answer {
    Err(Error::NotFound.into())
}

/// One page of a long list.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PageOf{T}")]
pub(crate) struct Page<T> {
    /// The things of this page.
    items: Vec<T>,
    /// Send this as `cursor` for the page that follows; missing on the last one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    next: Option<String>,
}

/// Which page of a list.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Paging {
    /// Things on a page: 1 to 100, 50 where it is missing.
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

const PAGE: i64 = 50;
const LONGEST_PAGE: i64 = 100;

impl Paging {
    fn limit(&self) -> Result<i64> {
        let limit = self.limit.unwrap_or(PAGE);
        if (1..=LONGEST_PAGE).contains(&limit) {
            Ok(limit)
        } else {
            Err(Refusal::BadLimit { most: LONGEST_PAGE }.into())
        }
    }

    fn before<T>(&self) -> Result<Option<Id<T>>> {
        let parse = |text: &String| text.parse().map_err(|_| Error::from(Refusal::BadCursor));
        self.cursor.as_ref().map(parse).transpose()
    }

    /// A page of what was found: one more than fits was looked for, by which the end is known.
    fn page<T, V>(&self, mut found: Vec<T>, id: impl Fn(&T) -> String) -> Page<V>
    where
        V: for<'a> From<&'a T>,
    {
        let limit = usize::try_from(self.limit.unwrap_or(PAGE)).unwrap_or(0);
        let more = found.len() > limit;
        found.truncate(limit);
        Page {
            items: found.iter().map(V::from).collect(),
            next: found.last().filter(|_| more).map(id),
        }
    }
}

impl Paging {
    /// A page of what was found whole, such as a day.
    fn cut<T, V>(&self, found: Vec<T>, id: impl Fn(&T) -> String) -> Result<Page<V>>
    where
        V: for<'a> From<&'a T>,
    {
        let limit = usize::try_from(self.limit()?).unwrap_or(0);
        let from = match &self.cursor {
            None => 0,
            Some(cursor) => {
                let last = found.iter().position(|one| id(one) == *cursor);
                last.ok_or(Refusal::BadCursor)? + 1
            }
        };
        let rest = found.into_iter().skip(from).take(limit + 1).collect();
        Ok(self.page(rest, id))
    }
}

/// All of something that is never long.
fn whole<V>(items: Vec<V>) -> Told<Page<V>> {
    Told::new(Page { items, next: None })
}

/// A shop that whoever asks may read about: one that customers see, or the own.
fn seen_shop(cx: &Cx, tx: &mut db::Tx, shop: Id<Shop>) -> Result<shop::Shop> {
    let found = shop::shop(tx, shop)?;
    if found.is_active() || cx.shop_named(shop).is_ok() {
        Ok(found)
    } else {
        Err(Error::NotFound)
    }
}

/// A moment as the API writes it: RFC 3339 in Beijing's offset.
fn moment(at: kernel::Instant) -> String {
    at.to_string()
}

/// A moment as programs write it.
fn read_moment(text: &str) -> Result<kernel::Instant> {
    let read: jiff::Timestamp = text.parse().map_err(|_| Error::from(Refusal::BadMoment))?;
    Ok(kernel::Instant(read.as_millisecond()))
}

/// An identifier that may be missing.
fn read_id<T>(text: Option<&String>) -> Result<Option<Id<T>>> {
    Ok(text.map(|id| id.parse()).transpose()?)
}

/// What the body of a step says at least.
trait Seen {
    /// The version that was seen.
    fn version(&self) -> Option<i64>;
}

macro_rules! seen {
    ($($body:ident),+) => {
        $(impl crate::api::Seen for $body {
            fn version(&self) -> Option<i64> {
                self.version
            }
        })+
    };
}
use seen;

/// What a step says of itself beside its address.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Version {
    /// The version that was seen; `If-Match` says the same.
    version: Option<i64>,
}

seen!(Version);

//! What the customers' pages show, kept in memory.
//!
//! Two things are kept: a list of all active shops to search by distance, and for each shop that somebody looked at what its
//! page shows. Both are dropped when a committed change to them is announced, and when they are too old. The news are read at
//! the next request, so the index needs no thread, and no request shows what an announcement before it has changed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use catalog::Service;
use db::{Db, Tx};
use geo::{Near, Nearest, Wgs84};
use kernel::{Day, Id, Instant, MINUTE_MS, Minutes, Money, Result, Shop};
use review::{Review, Score};
use shop::{Hours, Photo};
use therapist::Therapist;
use tokio::sync::broadcast::{Receiver, error::TryRecvError};
use web::Ask;

/// What the customers' pages show. One per program, put in as a plug.
#[derive(Default)]
pub struct Index(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// Heard from the first request on; before it nothing is kept.
    news: Option<Receiver<Arc<str>>>,
    /// Grows with each piece of news, so that nothing read before it is kept after it.
    generation: u64,
    list: Option<Arc<List>>,
    shown: HashMap<Id<Shop>, Arc<Shown>>,
    wechat_away_until: Instant,
}

/// The list is made anew after this many milliseconds even without news.
const LIST_MS: i64 = 10 * MINUTE_MS;
/// A shop's page is made anew after this many milliseconds: free times pass without news.
const SHOWN_MS: i64 = 30_000;
/// More shops than anybody looks at within half a minute.
const MOST_SHOWN: usize = 4_000;

/// All active shops, to search by distance.
pub(crate) struct List {
    made_at: Instant,
    nearest: Nearest<Listed>,
}

/// A shop in the list.
pub(crate) struct Listed {
    /// The shop.
    pub id: Id<Shop>,
    /// Its district.
    pub district: shop::District,
    /// When it is open.
    pub hours: Hours,
}

/// What a shop's pages show.
pub(crate) struct Shown {
    made_at: Instant,
    /// The shop.
    pub shop: shop::Shop,
    /// When it is open.
    pub hours: Hours,
    /// What can be booked.
    pub services: Vec<Service>,
    /// Who works there.
    pub therapists: Vec<Therapist>,
    /// What each therapist has named; who is missing offers everything.
    pub offered: HashMap<Id<Therapist>, Vec<Id<Service>>>,
    /// The first free time of the shop's first service.
    pub next: Option<Free>,
    /// The same with each therapist.
    pub next_with: HashMap<Id<Therapist>, Free>,
    /// Stars.
    pub score: Score,
    /// The latest reviews.
    pub reviews: Vec<Review>,
    /// Pictures beside the first one.
    pub photos: Vec<Photo>,
}

/// A free time, in the business day it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Free {
    pub day: Day,
    pub minutes: Minutes,
}

impl Shown {
    /// The lowest price that can be booked.
    pub fn lowest(&self) -> Option<Money> {
        self.services.iter().map(|service| service.price).min()
    }

    /// Whether a therapist offers a service.
    pub fn offers(&self, therapist: Id<Therapist>, service: Id<Service>) -> bool {
        self.offered
            .get(&therapist)
            .is_none_or(|named| named.contains(&service))
    }
}

impl Index {
    /// An empty index that hears of the database's changes from now on; an [`Index::default`] does from its first request.
    pub fn new(db: &Db) -> Index {
        Index(Mutex::new(Kept {
            news: Some(db.changes()),
            ..Kept::default()
        }))
    }

    /// All active shops.
    pub(crate) async fn list(&self, ask: &Ask) -> Result<Arc<List>> {
        let now = ask.cx.now();
        let generation = {
            let mut kept = self.fresh(&ask.app.db);
            if let Some(list) = kept.list.as_ref().filter(|list| now - list.made_at < LIST_MS) {
                return Ok(list.clone());
            }
            kept.list = None;
            kept.generation
        };
        let list = Arc::new(ask.read(move |_, tx| read_list(tx, now)).await?);
        let mut kept = self.fresh(&ask.app.db);
        if kept.generation == generation {
            kept.list = Some(list.clone());
        }
        Ok(list)
    }

    /// What the pages of these shops show, in the same order; who is no longer active is missing.
    pub(crate) async fn shown(&self, ask: &Ask, ids: &[Id<Shop>]) -> Result<Vec<Arc<Shown>>> {
        let now = ask.cx.now();
        let (generation, mut found) = {
            let kept = self.fresh(&ask.app.db);
            let young = |id: &Id<Shop>| {
                kept.shown
                    .get(id)
                    .filter(|shown| now - shown.made_at < SHOWN_MS)
                    .cloned()
            };
            let found: HashMap<Id<Shop>, Arc<Shown>> =
                ids.iter().filter_map(|id| Some((*id, young(id)?))).collect();
            (kept.generation, found)
        };
        let missing: Vec<Id<Shop>> = ids.iter().copied().filter(|id| !found.contains_key(id)).collect();
        if !missing.is_empty() {
            let read = ask
                .read(move |_, tx| {
                    missing
                        .iter()
                        .map(|id| read_shown(tx, *id, now))
                        .collect::<Result<Vec<_>>>()
                })
                .await?;
            let read: Vec<Arc<Shown>> = read.into_iter().map(Arc::new).collect();
            let mut kept = self.fresh(&ask.app.db);
            if kept.shown.len() > MOST_SHOWN {
                kept.shown.clear();
            }
            for shown in read {
                if kept.generation == generation {
                    kept.shown.insert(shown.shop.id, shown.clone());
                }
                found.insert(shown.shop.id, shown);
            }
        }
        Ok(ids
            .iter()
            .filter_map(|id| found.remove(id))
            .filter(|shown| shown.shop.is_active())
            .collect())
    }

    /// What one shop's page shows; `NotFound` where it is not active.
    pub(crate) async fn shown_one(&self, ask: &Ask, id: Id<Shop>) -> Result<Arc<Shown>> {
        self.shown(ask, &[id]).await?.pop().ok_or(kernel::Error::NotFound)
    }

    /// Whether it makes sense to ask WeChat now.
    pub(crate) fn wechat_answers(&self, now: Instant) -> bool {
        now >= self.kept().wechat_away_until
    }

    /// WeChat did not answer: for a minute nobody waits for it.
    pub(crate) fn wechat_is_away(&self, now: Instant) {
        self.kept().wechat_away_until = now.plus_minutes(1);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Whoever panicked left whole values behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is kept, after the news.
    fn fresh(&self, db: &Db) -> MutexGuard<'_, Kept> {
        let mut kept = self.kept();
        loop {
            match kept.news.get_or_insert_with(|| db.changes()).try_recv() {
                Ok(topic) => kept.hear(&topic),
                Err(TryRecvError::Lagged(_)) => kept.hear("*"),
                Err(TryRecvError::Empty | TryRecvError::Closed) => return kept,
            }
        }
    }
}

impl Kept {
    fn hear(&mut self, topic: &str) {
        let of_shop = |prefix: &str| {
            topic
                .strip_prefix(prefix)
                .and_then(|id| id.parse::<Id<Shop>>().ok())
        };
        match topic {
            "*" | "shops" => {
                self.list = None;
                self.shown.clear();
            }
            _ => match of_shop("shop/").or_else(|| of_shop("bookings ")) {
                Some(shop) => _ = self.shown.remove(&shop),
                None => return,
            },
        }
        self.generation += 1;
    }
}

impl List {
    /// The nearest shops, the open ones first.
    pub fn nearest(&self, from: Wgs84, count: usize, now: Instant) -> Vec<Near<'_, Listed>> {
        self.search(from, count, now, |_| true)
    }

    /// The shops of a district, the open ones first, those in the middle of the city before those outside.
    pub fn of_district(&self, district: shop::District, count: usize, now: Instant) -> Vec<Near<'_, Listed>> {
        self.search(crate::model::MIDDLE, count, now, |listed| {
            listed.district == district
        })
    }

    fn search(
        &self,
        from: Wgs84,
        count: usize,
        now: Instant,
        wanted: impl Fn(&Listed) -> bool,
    ) -> Vec<Near<'_, Listed>> {
        let open = |listed: &Listed| listed.hours.at(now).is_open();
        let mut found = self
            .nearest
            .nearest(from, count, |listed| wanted(listed) && open(listed));
        let rest = count - found.len();
        if rest > 0 {
            found.extend(
                self.nearest
                    .nearest(from, rest, |listed| wanted(listed) && !open(listed)),
            );
        }
        found
    }
}

fn read_list(tx: &mut Tx, now: Instant) -> Result<List> {
    // Yesterday's business day may still run.
    let mut hours = shop::hours_of_all(tx, now.day().plus(-1))?;
    let places = shop::all_active(tx)?.into_iter().map(|shop| {
        let listed = Listed {
            id: shop.id,
            district: shop.district,
            hours: hours.remove(&shop.id).unwrap_or_default(),
        };
        (shop.point, listed)
    });
    Ok(List {
        made_at: now,
        nearest: Nearest::new(places.collect::<Vec<_>>()),
    })
}

fn read_shown(tx: &mut Tx, id: Id<Shop>, now: Instant) -> Result<Shown> {
    let shop = shop::shop(tx, id)?;
    let services = catalog::services_of(tx, id)?;
    let therapists = therapist::of_shop(tx, id)?;
    let (next, next_with) = match services.first() {
        Some(first) if shop.is_active() && !therapists.is_empty() => read_free(tx, first, now)?,
        _ => (None, HashMap::new()),
    };
    let photos = shop::photos(tx, id)?
        .into_iter()
        .filter(|photo| photo.id.to_string() != shop.photo)
        .collect();
    Ok(Shown {
        made_at: now,
        hours: shop::hours(tx, id, now.day().plus(-1))?,
        offered: therapist::offered_at(tx, id)?,
        score: review::score(tx, id)?,
        reviews: review::of_shop(tx, id, 5)?,
        shop,
        services,
        therapists,
        next,
        next_with,
        photos,
    })
}

/// The first free time of a service, and the first with each therapist.
type FreeTimes = (Option<Free>, HashMap<Id<Therapist>, Free>);

/// Looks the next fortnight through.
fn read_free(tx: &mut Tx, service: &Service, now: Instant) -> Result<FreeTimes> {
    let days = match booking::free_times(tx, now, service, None) {
        // Nobody offers it: then there is no free time.
        Err(kernel::Error::Refused(_)) => Vec::new(),
        days => days?,
    };
    let (mut first, mut with) = (None, HashMap::new());
    for day in &days {
        for time in &day.times {
            let free = Free {
                day: day.day,
                minutes: time.starts_at.minutes_since(day.day.at(0)),
            };
            first.get_or_insert(free);
            for therapist in &time.therapists {
                with.entry(*therapist).or_insert(free);
            }
        }
    }
    Ok((first, with))
}

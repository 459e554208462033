//! Which service, who, when: one page each, every one of them an address that can be come back to.

use std::collections::HashMap;

use catalog::Service;
use kernel::{Day, Error, Id, Instant, Lang, Minutes, Refused, Result, Shop};
use scheduling::FreeDay;
use serde::Deserialize;
use text::{args, show};
use therapist::Therapist;
use web::{
    Answer, Ask, Path, Query, Response, html,
    ui::{self, Entry, Errors, Icon, Surface, TimeChoice, button, field, list, money, state},
};

use super::{
    home::{self, AtHome},
    therapist_of, therapist_tag, waitlist,
};
use crate::actions;

/// What is being booked: the shop, the service, and who was asked for.
pub(super) struct Offer {
    pub shop: shop::Shop,
    pub service: Service,
    pub named: Option<Therapist>,
    /// Whether the shop does this service at homes.
    pub goes: bool,
    /// Where the therapist is to go, when that was chosen.
    pub home: Option<AtHome>,
}

impl Offer {
    /// Reads it; a service of another shop, or one that is not listed, does not exist.
    pub async fn read(ask: &Ask, shop: Id<Shop>, service: Id<Service>, tag: Option<&str>) -> Result<Offer> {
        let named = therapist_of(tag)?;
        ask.read(move |_, tx| {
            let service = catalog::service(tx, service)?;
            if service.shop != shop || !service.listed {
                return Err(Error::NotFound);
            }
            let named = named.map(|id| therapist::therapist(tx, id)).transpose()?;
            Ok(Offer {
                shop: bookable(tx, shop)?,
                goes: actions::home_terms(tx, shop)?.offers(service.id),
                service,
                named,
                home: None,
            })
        })
        .await
    }

    /// The same at the address that a page names.
    pub async fn at(mut self, ask: &Ask, home: Option<&str>) -> Result<Offer> {
        self.home = AtHome::read(ask, &self.service, home).await?;
        Ok(self)
    }

    /// The free times, in the shop or at the customer's.
    pub fn free_times(
        &self,
        ask: &Ask,
        named: Option<Id<Therapist>>,
    ) -> impl Future<Output = Result<Vec<FreeDay>>> {
        let (service, trip) = (self.service.clone(), self.home.map(|home| home.trip()));
        ask.read(move |cx, tx| match trip {
            Some(trip) => actions::free_times_at_home(tx, cx.now(), &service, named, trip),
            None => actions::free_times(tx, cx.now(), &service, named),
        })
    }

    pub fn address(&self, page: &str) -> String {
        format!("/shops/{}/book/{}{page}", self.shop.id, self.service.id)
    }

    /// The page of times for whoever was asked for.
    pub fn times_address(&self) -> String {
        let home = self.home.map(|home| format!("&home={}", home.address));
        format!(
            "{}?therapist={}{}",
            self.address("/times"),
            self.therapist_tag(),
            home.unwrap_or_default()
        )
    }

    pub fn therapist_tag(&self) -> String {
        therapist_tag(self.named.as_ref().map(|named| named.id))
    }

    /// 刘师傅, or 轮到的师傅.
    pub fn who(&self, ask: &Ask) -> String {
        match &self.named {
            Some(named) => show::therapist(ask.lang(), &named.name),
            None => ask.label("booking-anyone"),
        }
    }
}

fn bookable(tx: &mut db::Tx, id: Id<Shop>) -> Result<shop::Shop> {
    let shop = shop::shop(tx, id)?;
    if shop.is_active() {
        Ok(shop)
    } else {
        Err(Error::NotFound)
    }
}

#[derive(Deserialize)]
pub(super) struct With {
    therapist: Option<String>,
}

/// Which service.
pub(super) async fn service(ask: Ask, Path(shop): Path<Id<Shop>>, Query(with): Query<With>) -> Answer {
    let named = therapist_of(with.therapist.as_deref())?;
    let (shop, services) = ask
        .read(move |_, tx| {
            let mut services = catalog::services_of(tx, shop)?;
            if let Some(named) = named {
                let offered: HashMap<Id<Service>, bool> = services
                    .iter()
                    .map(|service| {
                        Ok((
                            service.id,
                            therapist::who_offers(tx, service.id)?.contains(&named),
                        ))
                    })
                    .collect::<Result<_>>()?;
                services.retain(|service| offered[&service.id]);
            }
            Ok((bookable(tx, shop)?, services))
        })
        .await?;
    let addresses: Vec<String> = services
        .iter()
        .map(|service| match named {
            Some(named) => format!("/shops/{}/book/{}/times?therapist={named}", shop.id, service.id),
            None => format!("/shops/{}/book/{}", shop.id, service.id),
        })
        .collect();
    let answer = ask.say("booking-services-answer", &args![count => services.len()]);
    let back = format!("/shops/{}", shop.id);
    let (together, several) = (
        format!("/shops/{}/together", shop.id),
        ask.label("booking-together-door"),
    );
    Ok(ask.page(
        Surface::Customer,
        &ask.label("booking-choose-service"),
        |_, page| {
            let mut entries = list::entries();
            for (service, address) in services.iter().zip(&addresses) {
                let minutes = show::duration(ask.lang(), service.minutes);
                entries = entries.entry(
                    Entry::new(address, &service.name)
                        .line(&minutes)
                        .end(money::amount(service.price.fen())),
                );
            }
            page.answer(&answer).back(&back, &shop.name).body(html! {
                @if services.is_empty() { (state::empty(Icon::Hands, &ask.label("booking-no-services"))) }
                @else {
                    (entries)
                    div class="actions" { (button::link(&together, &several).secondary()) }
                }
            })
        },
    ))
}

/// Who.
pub(super) async fn therapist(
    ask: Ask,
    Path((shop, service)): Path<(Id<Shop>, Id<Service>)>,
    Query(going): Query<Going>,
) -> Answer {
    let offer = Offer::read(&ask, shop, service, None).await?;
    let offer = offer.at(&ask, going.home.as_deref()).await?;
    let days = offer.free_times(&ask, None).await?;
    let people = people(&ask, &offer).await?;
    let earliest = |who: Option<Id<Therapist>>| {
        let first = days.iter().find_map(|day| {
            let free = |time: &&scheduling::FreeTime| who.is_none_or(|who| time.therapists.contains(&who));
            Some((day.day, day.times.iter().find(free)?.starts_at))
        });
        match first {
            Some((day, at)) => {
                let when = show::when(ask.lang(), day, minute_of(day, at), ask.today());
                ask.say("booking-earliest", &args![when => when])
            }
            None => ask.label("booking-nothing-free"),
        }
    };
    let home = offer
        .home
        .map(|home| format!("&home={}", home.address))
        .unwrap_or_default();
    let address = |tag: &str| format!("{}?therapist={tag}{home}", offer.address("/times"));
    let rows: Vec<(String, String, String, String)> = people
        .iter()
        .map(|person| {
            let name = show::therapist(ask.lang(), &person.name);
            let title = ask.say("booking-numbered", &args![who => name, number => person.number]);
            (
                address(&person.id.to_string()),
                title,
                earliest(Some(person.id)),
                person.skills.clone(),
            )
        })
        .collect();
    let (any, anyone) = (address("any"), ask.label("booking-any"));
    let answer = ask.say(
        "booking-who-answer",
        &args![service => offer.service.name.as_str(), count => people.len()],
    );
    let back = format!("/shops/{}/book", offer.shop.id);
    Ok(
        ask.page(Surface::Customer, &ask.label("booking-choose-who"), |_, page| {
            let mut entries = list::entries()
                .lead_first()
                .entry(Entry::new(&any, &anyone).line(&earliest(None)));
            for (address, title, free, skills) in &rows {
                let entry = Entry::new(address, title).line(free);
                entries = entries.entry(if skills.is_empty() {
                    entry
                } else {
                    entry.line(skills)
                });
            }
            page.answer(&answer)
                .back(&back, &ask.label("booking-choose-service"))
                .body(html! {
                    (entries)
                    @if offer.goes { (home::door(&ask, &offer)) }
                })
        }),
    )
}

#[derive(Deserialize)]
pub(super) struct Going {
    home: Option<String>,
}

/// Who may serve, as the customer chooses among them.
async fn people(ask: &Ask, offer: &Offer) -> Result<Vec<Therapist>> {
    let (service, at_home) = (offer.service.clone(), offer.home.is_some());
    ask.read(move |_, tx| {
        let offering = match at_home {
            true => actions::candidates_at_home(tx, &service, None)?,
            false => therapist::who_offers(tx, service.id)?,
        };
        let mut people = therapist::of_shop(tx, service.shop)?;
        people.retain(|person| offering.contains(&person.id));
        Ok(people)
    })
    .await
}

#[derive(Deserialize)]
pub(super) struct Times {
    home: Option<String>,
    therapist: Option<String>,
    day: Option<String>,
}

/// When.
pub(super) async fn time(
    ask: Ask,
    Path((shop, service)): Path<(Id<Shop>, Id<Service>)>,
    Query(query): Query<Times>,
) -> Answer {
    let offer = Offer::read(&ask, shop, service, query.therapist.as_deref()).await?;
    let offer = offer.at(&ask, query.home.as_deref()).await?;
    let day = query.day.as_deref().and_then(Day::parse);
    times_page(&ask, &offer, day, None).await
}

/// The times of one day; `no` says why none has been taken yet.
pub(super) async fn times_page(ask: &Ask, offer: &Offer, day: Option<Day>, no: Option<&Refused>) -> Answer {
    let named = offer.named.as_ref().map(|named| named.id);
    let days = offer.free_times(ask, named).await?;
    let current = current_of(&days, day);
    let answer = sentence_of(ask, offer.named.as_ref(), &days, current);
    Ok(draw_times(ask, offer, &days, current, &answer, no))
}

/// The day to show: the one asked for, else the first with anything to choose.
pub(super) fn current_of(days: &[FreeDay], asked: Option<Day>) -> Option<&FreeDay> {
    let first = days.iter().find(|free| !free.times.is_empty());
    asked
        .and_then(|day| days.iter().find(|free| free.day == day))
        .or(first)
        .or(days.first())
}

/// What is free on the day shown, or on the first that has anything.
pub(super) fn sentence_of(
    ask: &Ask,
    named: Option<&Therapist>,
    days: &[FreeDay],
    current: Option<&FreeDay>,
) -> String {
    let has_times = |free: &&FreeDay| !free.times.is_empty();
    match current.filter(has_times).or(days.iter().find(has_times)) {
        Some(day) => free_sentence(ask, named, day),
        None => ask.label("booking-nothing-free"),
    }
}

/// The words of days and times, which a [`TimeChoice`] borrows.
pub(super) struct TimesInWords<'a> {
    days: &'a [FreeDay],
    current: Option<&'a FreeDay>,
    tabs: Vec<[String; 4]>,
    rows: Vec<TimeWords>,
    chosen: String,
    legend: String,
    pick_day: String,
}

impl<'a> TimesInWords<'a> {
    /// Of these days, with the times of the current one; `href` is the address of another day.
    pub fn new(
        ask: &Ask,
        named: Option<&Therapist>,
        days: &'a [FreeDay],
        current: Option<&'a FreeDay>,
        href: impl Fn(Day) -> String,
    ) -> Self {
        TimesInWords {
            tabs: days
                .iter()
                .map(|day| day_words(ask, href(day.day), day))
                .collect(),
            rows: current.map(|day| time_words(ask, named, day)).unwrap_or_default(),
            chosen: String::new(),
            legend: ask.label("booking-choose-time"),
            pick_day: ask.label("booking-choose-day"),
            days,
            current,
        }
    }

    /// The same with a time that is set already, if it is among them.
    pub fn chosen(self, at: Instant) -> Self {
        let chosen = at.ms().to_string();
        TimesInWords { chosen, ..self }
    }

    /// The choice of a `slot`.
    pub fn choice<'b>(&'b self, errors: &'b Errors<'b>) -> TimeChoice<'b> {
        let mut choice = TimeChoice::new("slot", &self.legend, &self.pick_day)
            .value(&self.chosen)
            .errors(errors);
        for (day, [href, label, date, free]) in self.days.iter().zip(&self.tabs) {
            choice = choice.day(ui::Day {
                href,
                label,
                date,
                free,
                open: !day.times.is_empty(),
                current: self.current.is_some_and(|current| current.day == day.day),
            });
        }
        let mut part = "";
        for row in &self.rows {
            if row.part != part {
                part = &row.part;
                choice = choice.part(part);
            }
            choice = choice.time(&row.value, &row.label, &row.time, &row.who);
        }
        choice
    }
}

fn draw_times(
    ask: &Ask,
    offer: &Offer,
    days: &[FreeDay],
    current: Option<&FreeDay>,
    answer: &str,
    no: Option<&Refused>,
) -> Response {
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let times = offer.times_address();
    let words = TimesInWords::new(ask, offer.named.as_ref(), days, current, |day| {
        format!("{times}&day={day}")
    });
    let (details, tag) = (offer.address("/details"), offer.therapist_tag());
    let home = offer.home.map(|home| home.address.to_string());
    let back = match &home {
        Some(home) => format!("{}?home={home}", offer.address("")),
        None => offer.address(""),
    };
    let next = ask.label("booking-next");
    // Who waits, waits for a time in the shop.
    let open = current.filter(|day| day.open && home.is_none());
    let wait = open.map(|day| {
        let named = show::day(ask.lang(), day.day, ask.today());
        let words = ask.say("booking-wait-instead", &args![day => named]);
        (waitlist::address(offer, day.day), words)
    });
    ask.page(Surface::Customer, &ask.label("booking-choose-when"), |_, page| {
        page.answer(answer)
            .errors(&errors)
            .back(&back, &ask.label("booking-choose-who"))
            .primary(html! { (button::submit(&next).form("choose")) })
            .body(html! {
                form id="choose" method="get" action=(details) novalidate {
                    (field::hidden("therapist", &tag))
                    @if let Some(home) = &home { (field::hidden("home", home)) }
                    (words.choice(&errors))
                }
                @if let Some((address, words)) = &wait {
                    div class="actions" { (button::link(address, words).secondary()) }
                }
            })
    })
}

/// 明天，刘师傅，有 6 个时间，最早上午 10 点
fn free_sentence(ask: &Ask, named: Option<&Therapist>, day: &FreeDay) -> String {
    let Some(first) = day.times.first() else {
        return ask.label("booking-nothing-free");
    };
    let who = named.map(|named| show::therapist(ask.lang(), &named.name));
    let named = show::day(ask.lang(), day.day, ask.today());
    let earliest = show::time(ask.lang(), minute_of(day.day, first.starts_at));
    let count = day.times.len();
    match who {
        Some(who) => ask.say(
            "booking-free-sentence-with",
            &args![day => named, who => who, count => count, earliest => earliest],
        ),
        None => ask.say(
            "booking-free-sentence",
            &args![day => named, count => count, earliest => earliest],
        ),
    }
}

/// Address, name, date and how much is free.
fn day_words(ask: &Ask, href: String, day: &FreeDay) -> [String; 4] {
    let date = show::date(ask.lang(), day.day);
    let named = show::day(ask.lang(), day.day, ask.today());
    let free = match (day.open, day.times.len()) {
        (false, _) => ask.label("booking-day-closed"),
        (true, 0) => ask.label("booking-day-full"),
        (true, count) => ask.say("booking-day-free", &args![count => count]),
    };
    if named != date {
        return [href, named, date, free];
    }
    // Only the weekday is large, so that it stands on one line of a narrow telephone.
    let parts = match ask.lang() {
        Lang::Zh => date.rsplit_once(' ').map(|(date, weekday)| (weekday, date)),
        Lang::En => date.split_once(' '),
    };
    match parts {
        Some((weekday, date)) => [href, weekday.to_owned(), date.to_owned(), free],
        None => [href, date, String::new(), free],
    }
}

struct TimeWords {
    part: String,
    value: String,
    label: String,
    time: String,
    who: String,
}

fn time_words(ask: &Ask, named: Option<&Therapist>, day: &FreeDay) -> Vec<TimeWords> {
    let words = |time: &scheduling::FreeTime| {
        let minute = minute_of(day.day, time.starts_at);
        let spoken = show::time(ask.lang(), minute);
        let who = match named {
            Some(named) => show::therapist(ask.lang(), &named.name),
            None => ask.say("booking-therapists-free", &args![count => time.therapists.len()]),
        };
        TimeWords {
            part: ask.label(part_of(minute)),
            value: time.starts_at.ms().to_string(),
            label: ask.say(
                "booking-time-free",
                &args![time => spoken.as_str(), who => who.as_str()],
            ),
            time: spoken,
            who,
        }
    };
    day.times.iter().map(words).collect()
}

pub(super) const fn part_of(minute: Minutes) -> &'static str {
    match minute {
        ..720 => "booking-part-morning",
        720..1080 => "booking-part-afternoon",
        1080..1440 => "booking-part-evening",
        _ => "booking-part-night",
    }
}

pub(super) fn minute_of(day: Day, at: Instant) -> Minutes {
    at.minutes_since(day.at(0))
}

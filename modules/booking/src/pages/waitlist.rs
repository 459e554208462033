//! The waitlist, for the customer: joining where nothing is free, the own entries, the time that is offered.

use catalog::Service;
use kernel::{Day, Error, Id, Minutes, Refused, Result};
use serde::{Deserialize, Serialize};
use text::{args, show};
use web::{
    Answer, Ask, Form, Markup, Path, Query, html,
    ui::{Entry, Icon, Surface, Tone, button, csrf, field, list, section, state},
};

use super::{
    choose::{Offer as Offered, minute_of},
    therapist_of,
};
use crate::{
    WaitWish, actions, entries_of,
    model::{Refusal, WaitEntry, WaitState},
    own_entry,
};

/// So many entries are listed.
const MOST: i64 = 20;

/// The form, as it is typed, kept over a sign-in, and shown again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    service: String,
    #[serde(default)]
    therapist: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

impl Typed {
    fn wish(&self, service: Id<Service>) -> Result<WaitWish> {
        let minute = |typed: &str| typed.parse::<Minutes>().map_err(|_| Refusal::BadSpan);
        Ok(WaitWish {
            service,
            therapist: therapist_of(Some(&self.therapist))?,
            day: Day::parse(&self.day).ok_or(Refusal::BadSpan)?,
            from: minute(&self.from)?,
            to: minute(&self.to)?,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    therapist: Option<String>,
    day: Option<String>,
}

/// Where to wait for a service with somebody on a day.
pub(super) fn address(offer: &Offered, day: Day) -> String {
    format!(
        "{}?therapist={}&day={day}",
        offer.address("/waitlist"),
        offer.therapist_tag()
    )
}

/// What to wait for: the day, and from when until when it may start.
pub(super) async fn ask_to_join(
    ask: Ask,
    Path((shop, service)): Path<(Id<kernel::Shop>, Id<Service>)>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let offer = Offered::read(&ask, shop, service, wanted.therapist.as_deref()).await?;
    let typed = ask.kept().await.unwrap_or_else(|| Typed {
        service: service.to_string(),
        therapist: offer.therapist_tag(),
        day: wanted.day.unwrap_or_default(),
        ..Typed::default()
    });
    join_page(&ask, &offer, &typed, None).await
}

/// The days that can be waited for, each with the hours that the shop is open.
async fn open_days(ask: &Ask, shop: Id<kernel::Shop>) -> Result<Vec<(Day, (Minutes, Minutes))>> {
    ask.read(move |cx, tx| {
        let (today, days) = (cx.now().day(), scheduling::window(tx, shop)?.days);
        let hours = shop::hours_between(tx, shop, today, days)?;
        let open = (0..)
            .zip(hours)
            .filter_map(|(index, hours)| Some((today.plus(index), hours?)));
        Ok(open
            .filter(|(day, (_, closes))| day.at(*closes) > cx.now())
            .collect())
    })
    .await
}

async fn join_page(ask: &Ask, offer: &Offered, typed: &Typed, no: Option<&Refused>) -> Answer {
    let days = open_days(ask, offer.shop.id).await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let hours = days
        .iter()
        .find(|(day, _)| day.to_string() == typed.day)
        .or(days.first());
    let (opens, closes) = hours.map_or((0, scheduling::DAY_END), |(_, hours)| *hours);
    let earliest = days.iter().map(|(_, hours)| hours.0).min().unwrap_or(0) / 60;
    let latest = days.iter().map(|(_, hours)| hours.1).max().unwrap_or(1440) / 60;
    let words = |minute: Minutes| (minute.to_string(), show::time(ask.lang(), minute));
    let times: Vec<(String, String)> = (earliest..=latest).map(|hour| words(hour * 60)).collect();
    let day_words: Vec<(String, String)> = days
        .iter()
        .map(|(day, _)| (day.to_string(), show::day(ask.lang(), *day, ask.today())))
        .collect();
    let or_else = |typed: &str, usual: Minutes| match typed {
        "" => usual.to_string(),
        typed => typed.to_owned(),
    };
    let (from, to) = (
        or_else(&typed.from, opens / 60 * 60),
        or_else(&typed.to, closes / 60 * 60),
    );
    let who = offer.who(ask);
    let answer = ask.say(
        "booking-wait-answer",
        &args![service => offer.service.name.as_str(), who => who],
    );
    let (back, submit) = (offer.times_address(), ask.label("booking-wait-join"));
    let [day_label, from_label, to_label] =
        ["booking-wait-day", "booking-wait-from", "booking-wait-to"].map(|key| ask.label(key));
    let response = ask.page(Surface::Customer, &ask.label("booking-wait-title"), |frame, page| {
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &ask.label("booking-choose-when"))
            .primary(html! { (button::submit(&submit).form("wait")) })
            .body(html! {
                form method="post" action="/waitlist" id="wait" novalidate {
                    (csrf(frame))
                    (field::hidden("service", &typed.service))
                    (field::hidden("therapist", &typed.therapist))
                    (field::select("day", &day_label).options(&choices(&day_words)).value(&typed.day).errors(&errors))
                    (field::select("from", &from_label).options(&choices(&times)).value(&from).errors(&errors))
                    (field::select("to", &to_label).options(&choices(&times)).value(&to).errors(&errors))
                }
                p { (ask.label("booking-wait-how")) }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn choices(words: &[(String, String)]) -> Vec<(&str, &str)> {
    words
        .iter()
        .map(|(value, words)| (value.as_str(), words.as_str()))
        .collect()
}

pub(super) async fn join(ask: Ask, Form(typed): Form<Typed>) -> Answer {
    let service: Id<Service> = typed.service.parse()?;
    let joined = match typed.wish(service) {
        Ok(wish) => {
            ask.write(move |cx, tx| actions::join_waitlist(cx, tx, &wish))
                .await
        }
        Err(no) => Err(no),
    };
    match joined {
        Ok(entry) => Ok(ask.see_saying(
            &format!("/waitlist/{}", entry.id),
            &ask.label("booking-wait-joined"),
        )),
        Err(Error::Refused(no)) => {
            let shop = ask
                .read(move |_, tx| Ok(catalog::service(tx, service)?.shop))
                .await?;
            let offer = Offered::read(&ask, shop, service, Some(&typed.therapist)).await?;
            join_page(&ask, &offer, &typed, Some(&no)).await
        }
        Err(other) => Err(other.into()),
    }
}

/// An entry with the names of what it is about.
struct Told {
    entry: WaitEntry,
    service: String,
    shop: String,
    /// Who is asked for, or who would serve.
    who: Option<String>,
}

fn told(tx: &mut db::Tx, entry: WaitEntry) -> Result<Told> {
    let who = entry.offer.map(|offer| offer.therapist).or(entry.therapist);
    Ok(Told {
        service: catalog::service(tx, entry.service)?.name,
        shop: shop::shop(tx, entry.shop)?.name,
        who: who
            .map(|id| therapist::therapist(tx, id).map(|known| known.name))
            .transpose()?,
        entry,
    })
}

impl Told {
    /// 刘师傅, or 轮到的师傅.
    fn who(&self, ask: &Ask) -> String {
        match &self.who {
            Some(name) => show::therapist(ask.lang(), name),
            None => ask.label("booking-anyone"),
        }
    }

    /// 明天下午 2 点到 6 点
    fn span(&self, ask: &Ask) -> String {
        span(ask, &self.entry)
    }

    /// Where it stands, in one sentence.
    fn sentence(&self, ask: &Ask) -> String {
        let entry = &self.entry;
        let moment =
            |at: kernel::Instant, day: Day| show::when(ask.lang(), day, minute_of(day, at), ask.today());
        let offer = entry.offer;
        let when = offer.map_or_else(String::new, |offer| moment(offer.starts_at, entry.day));
        let until = offer.map_or_else(String::new, |offer| {
            show::time(ask.lang(), minute_of(offer.until.day(), offer.until))
        });
        ask.say(
            &format!("booking-wait-sentence-{}", entry.state),
            &args![span => self.span(ask), when => when, until => until, who => self.who(ask)],
        )
    }
}

pub(super) fn span(ask: &Ask, entry: &WaitEntry) -> String {
    ask.say(
        "booking-wait-span",
        &args![
            from => show::when(ask.lang(), entry.day, entry.from, ask.today()),
            to => show::time(ask.lang(), entry.to),
        ],
    )
}

pub(super) fn badge(ask: &Ask, entry: &WaitEntry) -> Markup {
    let tone = match entry.state {
        WaitState::Waiting => Tone::Plain,
        WaitState::Offered => Tone::Attention,
        WaitState::Taken => Tone::Good,
        WaitState::Lapsed | WaitState::Withdrawn | WaitState::Over => Tone::Bad,
    };
    state::badge(tone, &ask.label(&format!("booking-wait-state-{}", entry.state)))
}

/// What the customer waits for and waited for.
pub(super) async fn list(ask: Ask) -> Answer {
    let customer = ask.customer()?;
    let entries = ask
        .read(move |_, tx| {
            let entries = entries_of(tx, customer, MOST)?;
            entries
                .into_iter()
                .map(|entry| told(tx, entry))
                .collect::<Result<Vec<_>>>()
        })
        .await?;
    let (live, past): (Vec<Told>, Vec<Told>) =
        entries.into_iter().partition(|told| told.entry.state.is_live());
    let answer = match live.iter().find(|told| told.entry.state == WaitState::Offered) {
        Some(offered) => offered.sentence(&ask),
        None => ask.say("booking-wait-list-answer", &args![count => live.len()]),
    };
    Ok(ask.page(Surface::Customer, &ask.label("booking-wait-own"), |_, page| {
        page.answer(&answer).back("/bookings", &ask.label("booking-own-title")).body(html! {
            @if live.is_empty() && past.is_empty() { (state::empty(Icon::Calendar, &ask.label("booking-wait-none"))) }
            @if !live.is_empty() { (section("live", &ask.label("booking-wait-live"), rows(&ask, &live))) }
            @if !past.is_empty() { (section("past", &ask.label("booking-past"), rows(&ask, &past))) }
        })
    }))
}

fn rows(ask: &Ask, entries: &[Told]) -> Markup {
    let words: Vec<(String, String)> = entries
        .iter()
        .map(|told| {
            let address = format!("/waitlist/{}", told.entry.id);
            (address, format!("{} {}", told.span(ask), told.service))
        })
        .collect();
    let mut rows = list::entries().level(3);
    for (told, (address, title)) in entries.iter().zip(&words) {
        rows = rows.entry(
            Entry::new(address, title)
                .line(&told.shop)
                .badge(badge(ask, &told.entry)),
        );
    }
    html! { (rows) }
}

/// One entry; where a time is offered, the way to book it.
pub(super) async fn show(ask: Ask, Path(id): Path<Id<WaitEntry>>) -> Answer {
    page(&ask, id, None).await
}

async fn page(ask: &Ask, id: Id<WaitEntry>, no: Option<&Refused>) -> Answer {
    let told = ask
        .read(move |cx, tx| {
            let entry = own_entry(cx, tx, id)?;
            told(tx, entry)
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let (entry, answer) = (&told.entry, told.sentence(ask));
    let title = ask.say(
        "booking-wait-entry-title",
        &args![state => ask.label(&format!("booking-wait-state-{}", entry.state)), service => told.service.as_str()],
    );
    let (book, own) = (ask.label("booking-wait-book"), ask.label("booking-wait-own"));
    let when = told.span(ask);
    let response = ask.page(Surface::Customer, &title, |frame, page| {
        let page = page
            .answer(&answer)
            .errors(&errors)
            .back("/waitlist", &own);
        let page = match entry.offer {
            Some(offer) if entry.state == WaitState::Offered => {
                let address = format!(
                    "/shops/{}/book/{}/details?therapist={}&slot={}&entry={}",
                    entry.shop,
                    entry.service,
                    super::therapist_tag(entry.therapist),
                    offer.starts_at.ms(),
                    entry.id
                );
                page.primary(html! { (button::link(&address, &book)) })
            }
            _ => page,
        };
        let withdrawal = format!("/waitlist/{}/withdrawal", entry.id);
        page.body(html! {
            p { (badge(ask, entry)) }
            (list::facts()
                .row(&ask.label("booking-service"), html! { (told.service) })
                .row(&ask.label("booking-when"), html! { (when) })
                .row(&ask.label("booking-who"), html! { (told.who(ask)) })
                .row(&ask.label("booking-where"), html! { (told.shop) }))
            div class="actions" {
                @if entry.state.is_live() {
                    (button::post(frame, &withdrawal, &ask.label("booking-wait-withdraw")).about_hidden(&when).secondary())
                } @else if let Some(booking) = entry.booking {
                    (button::link(&format!("/bookings/{booking}"), &ask.label("booking-this")))
                } @else {
                    @let times = format!("/shops/{}/book/{}/times?therapist={}", entry.shop, entry.service,
                        super::therapist_tag(entry.therapist));
                    (button::link(&times, &ask.label("booking-choose-when")).secondary())
                }
            }
        })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

pub(super) async fn withdraw(ask: Ask, Path(id): Path<Id<WaitEntry>>) -> Answer {
    let withdrawn = ask
        .write(move |cx, tx| actions::withdraw_from_waitlist(cx, tx, id))
        .await;
    match withdrawn {
        Ok(entry) => Ok(ask.see_saying(
            &format!("/waitlist/{}", entry.id),
            &ask.label("booking-wait-withdrawn"),
        )),
        Err(Error::Refused(no)) => page(&ask, id, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

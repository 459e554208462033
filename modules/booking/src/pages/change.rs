//! 改约 by the customer: choose another time (therapist, service), look at what becomes of it, confirm; and answer what the shop
//! proposes. Every page is an address that can be come back to.

use catalog::Service;
use kernel::{Day, Error, Id, Instant, Money, Refused, Result};
use scheduling::FreeDay;
use serde::Deserialize;
use text::{args, show};
use therapist::Therapist;
use web::{
    Answer, Ask, Form, Markup, Path, Query, Response, html,
    ui::{Entry, Frame, Surface, button, csrf, field, list, money},
};

use super::{
    choose::{TimesInWords, current_of, minute_of, sentence_of},
    therapist_of, when,
};
use crate::{
    actions::{self, Proposal, Who},
    model::{Booking, Change, Refusal, Side, State},
    open_change, own_booking,
};

/// What of a booking is to change, in an address or a form.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Wished {
    #[serde(default)]
    pub therapist: String,
    #[serde(default)]
    pub service: String,
    #[serde(default)]
    pub day: String,
    #[serde(default)]
    pub slot: String,
    #[serde(default)]
    pub version: i64,
    /// The desk's: whether the customer has agreed.
    #[serde(default)]
    pub agreed: String,
    /// The desk's word to the customer.
    #[serde(default)]
    pub note: String,
}

impl Wished {
    fn who(&self) -> Result<Who> {
        Ok(match self.therapist.as_str() {
            "" => Who::AsBefore,
            "any" => Who::Anyone,
            named => therapist_of(Some(named))?.map_or(Who::Anyone, Who::Named),
        })
    }

    fn service(&self, booking: &Booking) -> Result<Id<Service>> {
        if self.service.is_empty() {
            Ok(booking.service)
        } else {
            Ok(self.service.parse()?)
        }
    }

    /// The part of an address that says it.
    pub fn query(&self) -> String {
        format!("therapist={}&service={}", self.therapist, self.service)
    }

    pub fn starts_at(&self) -> Option<Instant> {
        self.slot.parse().ok().map(Instant)
    }

    /// What is proposed with it.
    ///
    /// # Errors
    /// `booking.no_time` when none was chosen.
    pub fn proposal(&self, booking: &Booking, agreed: bool) -> Result<Proposal> {
        Ok(Proposal {
            starts_at: self.starts_at().ok_or(Refusal::NoTime)?,
            who: self.who()?,
            service: self.service(booking)?,
            note: self.note.clone(),
            agreed,
        })
    }
}

/// Everything that a page about a change tells.
pub(super) struct Case {
    pub booking: Booking,
    pub shop: shop::Shop,
    /// What it would be.
    pub service: Service,
    /// Whose times are shown, if anybody's.
    pub named: Option<Therapist>,
    /// The name of who serves now.
    pub present: String,
    pub open: Option<Change>,
    /// The name of who would serve after the open change.
    pub proposed: String,
}

impl Case {
    fn of(tx: &mut db::Tx, booking: Booking, wished: &Wished) -> Result<Case> {
        let service = catalog::service(tx, wished.service(&booking)?)?;
        if service.shop != booking.shop || (!service.listed && service.id != booking.service) {
            return Err(Error::NotFound);
        }
        let named = match wished.who()? {
            Who::AsBefore if booking.reason == scheduling::Reason::Requested => Some(booking.therapist),
            Who::AsBefore | Who::Anyone => None,
            Who::Named(named) => Some(named),
        };
        let open = open_change(tx, booking.id)?;
        let proposed = open.as_ref().map_or(booking.therapist, |open| open.to.therapist);
        Ok(Case {
            shop: shop::shop(tx, booking.shop)?,
            named: named.map(|id| therapist::therapist(tx, id)).transpose()?,
            present: therapist::therapist(tx, booking.therapist)?.name,
            proposed: therapist::therapist(tx, proposed)?.name,
            service,
            open,
            booking,
        })
    }

    /// For the customer who booked.
    pub async fn own(ask: &Ask, id: Id<Booking>, wished: &Wished) -> Result<Case> {
        let wished = wished.clone();
        ask.read(move |cx, tx| {
            let booking = own_booking(cx, tx, id)?;
            Case::of(tx, booking, &wished)
        })
        .await
    }

    /// For the shop.
    pub async fn at_desk(ask: &Ask, id: Id<Booking>, wished: &Wished) -> Result<Case> {
        let wished = wished.clone();
        ask.read(move |cx, tx| {
            let booking = crate::at_shop(tx, cx.shop()?, id)?;
            Case::of(tx, booking, &wished)
        })
        .await
    }

    /// The times that can be had; none where nobody offers it.
    pub async fn times(&self, ask: &Ask, wished: &Wished) -> Result<Vec<FreeDay>> {
        let (booking, service, who) = (self.booking.clone(), self.service.clone(), wished.who()?);
        let days = ask
            .read(move |cx, tx| actions::free_to_move(cx, tx, &booking, &service, who))
            .await;
        match days {
            Err(Error::Refused(_)) => Ok(Vec::new()),
            days => days,
        }
    }

    /// 全身保健按摩 60 分钟，¥128
    fn service_words(&self, ask: &Ask) -> String {
        let price = match self.service.id == self.booking.service {
            true => self.booking.price,
            false => self.service.price,
        };
        let minutes = show::duration(ask.lang(), self.service.minutes);
        format!("{}，{minutes}，{}", self.service.name, show::money(price))
    }

    fn dearer(&self) -> Money {
        match self.service.id == self.booking.service {
            true => Money::ZERO,
            false => self.service.price - self.booking.price,
        }
    }

    /// What happens when the customer sends it: whether the shop is asked, as a key of the catalogue.
    fn consequence(&self) -> &'static str {
        let asks = self.booking.state == State::Confirmed && self.shop.accepts == shop::Accepts::Manual;
        if asks {
            "booking-move-asks"
        } else {
            "booking-move-at-once"
        }
    }
}

/// What a price difference means, if there is one.
pub(super) fn difference(ask: &Ask, dearer: Money) -> Option<String> {
    match dearer {
        Money::ZERO => None,
        dearer if dearer > Money::ZERO => {
            Some(ask.say("booking-change-dearer", &args![amount => show::money(dearer)]))
        }
        cheaper => Some(ask.say("booking-change-cheaper", &args![amount => show::money(-cheaper)])),
    }
}

/// 明天下午 3 点，刘师傅，全身保健按摩
pub(super) fn terms_words(ask: &Ask, change: &Change, therapist: &str) -> String {
    let when = show::when(ask.lang(), change.to.day, change.minute(), ask.today());
    let who = show::therapist(ask.lang(), therapist);
    format!("{when}，{who}，{}", change.to.service_name)
}

// ---- choosing

/// When: the free times, as if the booking's own were free.
pub(super) async fn times(ask: Ask, Path(id): Path<Id<Booking>>, Query(wished): Query<Wished>) -> Answer {
    times_page(&ask, id, &wished, None).await
}

async fn times_page(ask: &Ask, id: Id<Booking>, wished: &Wished, no: Option<&Refused>) -> Answer {
    let case = Case::own(ask, id, wished).await?;
    if case.open.is_some() {
        return Ok(ask.see(&format!("/bookings/{id}/change")));
    }
    let order = case.booking.order;
    let policy = ask.read(move |_, tx| Ok(order::order(tx, order)?.policy)).await?;
    if let Err(no) = case.booking.customer_may_change(&policy, ask.cx.now()) {
        return Ok(call_page(ask, &case, &no.into()));
    }
    let days = case.times(ask, wished).await?;
    let current = current_of(&days, Day::parse(&wished.day));
    let base = format!("/bookings/{id}/move");
    let words = TimesInWords::new(ask, case.named.as_ref(), &days, current, |day| {
        format!("{base}?{}&day={day}", wished.query())
    });
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let answer = sentence_of(ask, case.named.as_ref(), &days, current);
    let title = ask.say("booking-move-title", &args![what => when(ask, &case.booking)]);
    let (next, back) = (format!("{base}/confirmation"), format!("/bookings/{id}"));
    let (therapists, services) = (
        format!("{base}/therapists?{}", wished.query()),
        format!("{base}/services?{}", wished.query()),
    );
    // Another price is read and confirmed on a page of its own.
    let at_once = case.dearer() == Money::ZERO;
    let (method, action, button) = match at_once {
        true => ("post", base.as_str(), "booking-move-send"),
        false => ("get", next.as_str(), "booking-move-next"),
    };
    let response = ask.page(Surface::Customer, &title, |frame, page| {
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &ask.label("booking-this"))
            .primary(html! { (button::submit(&ask.label(button)).form("choose")) })
            .body(html! {
                p { (case.service_words(ask)) }
                p { (ask.label(case.consequence())) }
                form id="choose" method=(method) action=(action) novalidate {
                    @if at_once {
                        (csrf(frame))
                        (field::hidden("version", &case.booking.version.to_string()))
                    }
                    (field::hidden("therapist", &wished.therapist))
                    (field::hidden("service", &wished.service))
                    (words.choice(&errors))
                }
                div class="actions" {
                    (button::link(&therapists, &ask.label("booking-move-therapist")).secondary())
                    (button::link(&services, &ask.label("booking-move-service")).secondary())
                }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

/// Why the customer cannot change it here, and the telephone.
fn call_page(ask: &Ask, case: &Case, no: &Refused) -> Response {
    let title = ask.say("booking-move-title", &args![what => when(ask, &case.booking)]);
    let back = format!("/bookings/{}", case.booking.id);
    ask.page(Surface::Customer, &title, |_, page| {
        page.answer(&ask.refusal(no))
            .back(&back, &ask.label("booking-this"))
            .body(html! {
                div class="actions" {
                    (button::dial(&case.shop.phone, &ask.label("booking-dial"), &case.shop.name))
                }
            })
    })
}

/// Who else could serve.
pub(super) async fn therapists(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Query(wished): Query<Wished>,
) -> Answer {
    let case = Case::own(&ask, id, &wished).await?;
    let (service, shop) = (case.service.id, case.shop.id);
    let people = ask
        .read(move |_, tx| {
            let offering = therapist::who_offers(tx, service)?;
            let mut people = therapist::of_shop(tx, shop)?;
            people.retain(|person| offering.contains(&person.id));
            Ok(people)
        })
        .await?;
    let address = |tag: &str| format!("/bookings/{id}/move?therapist={tag}&service={}", wished.service);
    let mut rows = vec![(address("any"), ask.label("booking-any"))];
    rows.extend(people.iter().map(|person| {
        let name = show::therapist(ask.lang(), &person.name);
        let words = ask.say("booking-numbered", &args![who => name, number => person.number]);
        (address(&person.id.to_string()), words)
    }));
    let answer = ask.say(
        "booking-who-answer",
        &args![service => case.service.name.as_str(), count => people.len()],
    );
    Ok(choices_page(
        &ask,
        id,
        &wished,
        ("booking-choose-who", &answer),
        &rows,
    ))
}

/// What else could be done.
pub(super) async fn services(ask: Ask, Path(id): Path<Id<Booking>>, Query(wished): Query<Wished>) -> Answer {
    let case = Case::own(&ask, id, &wished).await?;
    let shop = case.shop.id;
    let services = ask.read(move |_, tx| catalog::services_of(tx, shop)).await?;
    let rows: Vec<(String, String)> = services
        .iter()
        .map(|service| {
            let minutes = show::duration(ask.lang(), service.minutes);
            let address = format!(
                "/bookings/{id}/move?therapist={}&service={}",
                wished.therapist, service.id
            );
            (
                address,
                format!("{}，{minutes}，{}", service.name, show::money(service.price)),
            )
        })
        .collect();
    let answer = ask.say("booking-services-answer", &args![count => rows.len()]);
    Ok(choices_page(
        &ask,
        id,
        &wished,
        ("booking-choose-service", &answer),
        &rows,
    ))
}

fn choices_page(
    ask: &Ask,
    id: Id<Booking>,
    wished: &Wished,
    (title, answer): (&str, &str),
    rows: &[(String, String)],
) -> Response {
    let back = format!("/bookings/{id}/move?{}", wished.query());
    ask.page(Surface::Customer, &ask.label(title), |_, page| {
        let entries = rows.iter().fold(list::entries(), |entries, (address, words)| {
            entries.entry(Entry::new(address, words))
        });
        page.answer(answer)
            .back(&back, &ask.label("booking-choose-when"))
            .body(html! { (entries) })
    })
}

// ---- confirming

/// What it was and what it becomes, at which price, and whether the shop has to be asked.
pub(super) async fn ask_to_confirm(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Query(wished): Query<Wished>,
) -> Answer {
    if wished.starts_at().is_none() {
        return times_page(&ask, id, &wished, Some(&Refusal::NoTime.into())).await;
    }
    confirm_page(&ask, id, &wished, None).await
}

async fn confirm_page(ask: &Ask, id: Id<Booking>, wished: &Wished, no: Option<&Refused>) -> Answer {
    let case = Case::own(ask, id, wished).await?;
    let booking = &case.booking;
    let to = wished.starts_at().unwrap_or(booking.starts_at);
    let to = show::when(ask.lang(), to.day(), minute_of(to.day(), to), ask.today());
    let who = case.named.as_ref().map_or_else(
        || ask.label("booking-anyone"),
        |named| show::therapist(ask.lang(), &named.name),
    );
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let (send, back) = (
        format!("/bookings/{id}/move"),
        format!("/bookings/{id}/move?{}", wished.query()),
    );
    let response = ask.page(Surface::Customer, &ask.label("booking-move-confirm"), |frame, page| {
        page.answer(&ask.say("booking-move-to", &args![to => to.as_str()]))
            .errors(&errors)
            .back(&back, &ask.label("booking-choose-when"))
            .primary(html! { (button::submit(&ask.label("booking-move-send")).about(&to).form("move")) })
            .body(html! {
                p { (ask.label(case.consequence())) }
                @if let Some(words) = difference(ask, case.dearer()) { p { (words) } }
                (list::facts()
                    .row(&ask.label("booking-move-before"), html! { (when(ask, booking)) "，" (show::therapist(ask.lang(), &case.present)) "，" (booking.service_name) })
                    .row(&ask.label("booking-move-after"), html! { (to) "，" (who) "，" (case.service_words(ask)) }))
                form id="move" method="post" action=(send) novalidate {
                    (csrf(frame))
                    (field::hidden("version", &booking.version.to_string()))
                    (field::hidden("therapist", &wished.therapist))
                    (field::hidden("service", &wished.service))
                    (field::hidden("slot", &wished.slot))
                }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

pub(super) async fn send(ask: Ask, Path(id): Path<Id<Booking>>, Form(wished): Form<Wished>) -> Answer {
    let wish = wished.clone();
    let done = ask
        .write(move |cx, tx| {
            let booking = own_booking(cx, tx, id)?;
            let moved = actions::propose(cx, tx, id, wish.version, &wish.proposal(&booking, false)?)?;
            Ok((open_change(tx, id)?.is_some(), moved))
        })
        .await;
    match done {
        Ok((asked, moved)) => {
            let said = if asked {
                ask.label("booking-move-asked-said")
            } else {
                ask.say("booking-moved-said", &args![when => when(&ask, &moved)])
            };
            Ok(ask.see_saying(&format!("/bookings/{id}"), &said))
        }
        // A time that is gone has the others beside it, and so has what was not chosen.
        Err(Error::Refused(no)) if no.field == Some("slot") || wished.starts_at().is_none() => {
            times_page(&ask, id, &wished, Some(&no)).await
        }
        Err(Error::Refused(no)) => confirm_page(&ask, id, &wished, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

// ---- answering

/// The open change: the shop's is to be answered, the own one can be taken back.
pub(super) async fn show_open(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    open_page(&ask, id, None).await
}

async fn open_page(ask: &Ask, id: Id<Booking>, no: Option<&Refused>) -> Answer {
    let case = Case::own(ask, id, &Wished::default()).await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let back = format!("/bookings/{id}");
    let (title, answer) = match &case.open {
        None => (
            ask.label("booking-change-none"),
            ask.label("booking-change-none-answer"),
        ),
        Some(open) => {
            let title = match open.by {
                Side::Shop => ask.label("booking-change-offered-title"),
                Side::Customer => ask.label("booking-change-asked-title"),
            };
            let at = show::when(ask.lang(), open.to.day, open.minute(), ask.today());
            (title, ask.say("booking-move-to", &args![to => at]))
        }
    };
    let response = ask.page(Surface::Customer, &title, |frame, page| {
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &ask.label("booking-this"))
            .body(html! {
                @if let Some(open) = &case.open { (open_body(ask, frame, &case, open)) }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn open_body(ask: &Ask, frame: &Frame<'_>, case: &Case, open: &Change) -> Markup {
    let booking = &case.booking;
    let to = terms_words(ask, open, &case.proposed);
    let base = format!("/bookings/{}/change", booking.id);
    let version = booking.version.to_string();
    let post = |path: &str, key: &str| (format!("{base}/{path}"), ask.label(key));
    let (agreement, agree) = post("agreement", "booking-change-agree");
    let (refusal, refuse) = post("refusal", "booking-change-refuse");
    let (withdrawal, withdraw) = post("withdrawal", "booking-change-withdraw");
    let until = show::when(
        ask.lang(),
        open.answer_by.day(),
        minute_of(open.answer_by.day(), open.answer_by),
        ask.today(),
    );
    let about = when(ask, booking);
    html! {
        (list::facts()
            .row(&ask.label("booking-move-before"), html! { (about) "，" (show::therapist(ask.lang(), &case.present)) "，" (booking.service_name) })
            .row(&ask.label("booking-move-after"), html! { (to) })
            .row(&ask.label("booking-price"), money::amount(open.to.price.fen())))
        @if let Some(words) = difference(ask, open.dearer(booking)) { p { (words) } }
        @if !open.note.is_empty() { p { (ask.say("booking-change-note-said", &args![note => open.note.as_str()])) } }
        p { (ask.say("booking-change-until", &args![until => until])) }
        div class="actions" {
            @if open.by == Side::Shop {
                (button::post(frame, &agreement, &agree).about_hidden(&to).field("version", &version))
                (button::post(frame, &refusal, &refuse).about_hidden(&to).field("version", &version).secondary())
            } @else {
                (button::post(frame, &withdrawal, &withdraw).about_hidden(&to).field("version", &version).secondary())
            }
            (button::dial(&case.shop.phone, &ask.label("booking-dial"), &case.shop.name).quiet())
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Pressed {
    pub version: i64,
}

pub(super) async fn agree(ask: Ask, Path(id): Path<Id<Booking>>, Form(pressed): Form<Pressed>) -> Answer {
    answer(&ask, id, pressed.version, actions::agree, "booking-moved-said").await
}

pub(super) async fn refuse(ask: Ask, Path(id): Path<Id<Booking>>, Form(pressed): Form<Pressed>) -> Answer {
    answer(
        &ask,
        id,
        pressed.version,
        actions::refuse_change,
        "booking-stays-said",
    )
    .await
}

pub(super) async fn withdraw(ask: Ask, Path(id): Path<Id<Booking>>, Form(pressed): Form<Pressed>) -> Answer {
    answer(
        &ask,
        id,
        pressed.version,
        actions::withdraw_change,
        "booking-stays-said",
    )
    .await
}

type Answering = fn(&kernel::Cx, &mut db::Tx, Id<Booking>, i64) -> Result<Booking>;

async fn answer(ask: &Ask, id: Id<Booking>, seen: i64, how: Answering, said: &str) -> Answer {
    let done = ask
        .write(move |cx, tx| {
            // To strangers the booking does not exist, whatever they send.
            own_booking(cx, tx, id)?;
            how(cx, tx, id, seen)
        })
        .await;
    match done {
        Ok(booking) => {
            let said = ask.say(said, &args![when => when(ask, &booking)]);
            Ok(ask.see_saying(&format!("/bookings/{id}"), &said))
        }
        Err(Error::Refused(no)) => open_page(ask, id, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

/// The open change on the page of the booking, where there is one: what is asked, and the way to answer it.
pub(super) fn door(ask: &Ask, booking: &Booking, open: &Change, therapist: &str) -> Markup {
    let key = match open.by {
        Side::Shop => "booking-change-offered",
        Side::Customer => "booking-change-asked",
    };
    let words = ask.say(key, &args![to => terms_words(ask, open, therapist)]);
    let address = format!("/bookings/{}/change", booking.id);
    html! {
        (web::ui::state::notice(web::ui::Tone::Attention, &words)
            .body(html! { (button::link(&address, &ask.label("booking-change-look"))) }))
    }
}

//! A change as it is wished for, and everything that the pages about it tell.

use std::cmp::Ordering;

use catalog::Service;
use kernel::{Cx, Error, Id, Instant, Money, Result};
use scheduling::FreeDay;
use serde::Deserialize;
use text::{args, show};
use therapist::Therapist;
use web::{
    Ask, Markup, html,
    ui::{field, money},
};

use super::super::{
    Row,
    home::{distance, district_word, way_line},
    therapist_of,
};
use crate::{
    actions::{self, Proposal, Who},
    model::{Address, Booking, Change, HomeVisit, Refusal, State},
    open_change, own_booking,
};

/// What of a booking is to change, in an address or a form.
#[derive(Clone, Debug, Default, Deserialize)]
pub(in crate::pages) struct Wished {
    #[serde(default)]
    pub therapist: String,
    #[serde(default)]
    pub service: String,
    #[serde(default)]
    pub day: String,
    #[serde(default)]
    pub slot: String,
    /// Another address of a home visit, by its number.
    #[serde(default)]
    pub home: String,
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
    pub fn who(&self) -> Result<Who> {
        Ok(match self.therapist.as_str() {
            "" => Who::AsBefore,
            "any" => Who::Anyone,
            named => therapist_of(Some(named))?.map_or(Who::Anyone, Who::Named),
        })
    }

    pub fn service(&self, booking: &Booking) -> Result<Id<Service>> {
        if self.service.is_empty() {
            Ok(booking.service)
        } else {
            Ok(self.service.parse()?)
        }
    }

    /// The other address, where there is one.
    pub fn address(&self) -> Result<Option<Id<Address>>> {
        match self.home.as_str() {
            "" => Ok(None),
            id => Ok(Some(id.parse()?)),
        }
    }

    /// The same wish with another address.
    pub fn at(&self, home: String) -> Wished {
        Wished { home, ..self.clone() }
    }

    /// The part of an address that says it.
    pub fn query(&self) -> String {
        let home = match self.home.as_str() {
            "" => String::new(),
            home => format!("&home={home}"),
        };
        format!("therapist={}&service={}{home}", self.therapist, self.service)
    }

    /// What of it a form carries on.
    pub fn hidden(&self) -> Markup {
        html! {
            (field::hidden("therapist", &self.therapist))
            (field::hidden("service", &self.service))
            @if !self.home.is_empty() { (field::hidden("home", &self.home)) }
        }
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
            address: self.address()?,
        })
    }
}

/// Everything that a page about a change tells.
pub(in crate::pages) struct Case {
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
    /// Where the open change would go, as only the customer may read it.
    pub proposed_address: Option<Address>,
    /// Of a home visit: the way as it is,
    pub before: Option<HomeVisit>,
    /// and as it would be.
    pub visit: Option<HomeVisit>,
}

impl Case {
    fn of(cx: &Cx, tx: &mut db::Tx, booking: Booking, wished: &Wished) -> Result<Case> {
        let service = catalog::service(tx, wished.service(&booking)?)?;
        if service.shop != booking.shop || (!service.listed && service.id != booking.service) {
            return Err(Error::NotFound);
        }
        let named = match wished.who()? {
            Who::AsBefore if booking.reason == scheduling::Reason::Requested => Some(booking.therapist),
            Who::AsBefore | Who::Anyone => None,
            Who::Named(named) => Some(named),
        };
        let visit = match actions::visit_after(cx, tx, &booking, &service, wished.address()?) {
            // Where the shop does not go, or not for this, there is nothing to choose.
            Err(Error::Refused(_)) => return Err(Error::NotFound),
            visit => visit?,
        };
        let open = open_change(tx, booking.id)?;
        let proposed_address = match &open {
            Some(open) => actions::address_proposed(cx, tx, &booking, open)?,
            None => None,
        };
        let proposed = open.as_ref().map_or(booking.therapist, |open| open.to.therapist);
        Ok(Case {
            shop: shop::shop(tx, booking.shop)?,
            named: named.map(|id| therapist::therapist(tx, id)).transpose()?,
            present: therapist::therapist(tx, booking.therapist)?.name,
            proposed: therapist::therapist(tx, proposed)?.name,
            before: actions::home_visit(tx, &booking)?,
            service,
            visit,
            proposed_address,
            open,
            booking,
        })
    }

    /// For the customer who booked.
    pub async fn own(ask: &Ask, id: Id<Booking>, wished: &Wished) -> Result<Case> {
        let wished = wished.clone();
        ask.read(move |cx, tx| {
            let booking = own_booking(cx, tx, id)?;
            Case::of(cx, tx, booking, &wished)
        })
        .await
    }

    /// For the shop.
    pub async fn at_desk(ask: &Ask, id: Id<Booking>, wished: &Wished) -> Result<Case> {
        let wished = wished.clone();
        ask.read(move |cx, tx| {
            let booking = crate::at_shop(tx, cx.shop()?, id)?;
            Case::of(cx, tx, booking, &wished)
        })
        .await
    }

    /// The times that can be had; none where nobody offers it.
    pub async fn times(&self, ask: &Ask, wished: &Wished) -> Result<Vec<FreeDay>> {
        let (booking, service) = (self.booking.clone(), self.service.clone());
        let (who, address) = (wished.who()?, wished.address()?);
        let days = ask
            .read(move |cx, tx| actions::free_to_move(cx, tx, &booking, &service, (who, address)))
            .await;
        match days {
            Err(Error::Refused(_)) => Ok(Vec::new()),
            days => days,
        }
    }

    /// 全身保健按摩 60 分钟，¥128
    pub fn service_words(&self, ask: &Ask) -> String {
        let price = match self.is_other_service() {
            true => self.service.price,
            false => self.booking.price,
        };
        let minutes = show::duration(ask.lang(), self.service.minutes);
        format!("{}，{minutes}，{}", self.service.name, show::money(price))
    }

    /// What the wished change costs more, the way included.
    fn dearer(&self) -> Money {
        let service = match self.is_other_service() {
            true => self.service.price - self.booking.price,
            false => Money::ZERO,
        };
        let fare = |visit: Option<HomeVisit>| visit.map_or(Money::ZERO, |visit| visit.trip.fare);
        service + fare(self.visit) - fare(self.before)
    }

    pub fn is_other_service(&self) -> bool {
        self.service.id != self.booking.service
    }

    /// What the wished change means for the price, in words, if anything.
    pub fn difference(&self, ask: &Ask) -> Option<String> {
        difference(ask, &self.booking, self.dearer())
    }

    /// The same of the open change.
    pub fn open_difference(&self, ask: &Ask, open: &Change) -> Option<String> {
        let fare = self.before.map_or(Money::ZERO, |visit| visit.trip.fare);
        difference(ask, &self.booking, open.dearer(&self.booking, fare))
    }

    /// District, way and fare of the open change, where it goes elsewhere.
    pub fn new_door(&self, ask: &Ask, open: &Change) -> Vec<Row> {
        let Some(visit) = open.visit else {
            return Vec::new();
        };
        let row = |key: &str, value: Markup| (ask.label(key), value);
        vec![
            row(
                "booking-move-address-new",
                html! { (district_word(ask, visit.district)) },
            ),
            row("booking-home-way", html! { (way_line(ask, visit.trip)) }),
            row("booking-fare", money::amount(visit.trip.fare.fen())),
        ]
    }

    /// What happens when the customer sends it: whether the shop is asked, as a key of the catalogue.
    pub fn consequence(&self) -> &'static str {
        let asks = self.booking.state == State::Confirmed && self.shop.accepts == shop::Accepts::Manual;
        if asks {
            "booking-move-asks"
        } else {
            "booking-move-at-once"
        }
    }
}

/// What a price difference means, if there is one.
fn difference(ask: &Ask, booking: &Booking, dearer: Money) -> Option<String> {
    let key = match (dearer.cmp(&Money::ZERO), booking.is_at_home()) {
        (Ordering::Equal, _) => return None,
        (Ordering::Less, _) => "booking-change-cheaper",
        (Ordering::Greater, false) => "booking-change-dearer",
        (Ordering::Greater, true) => "booking-change-dearer-home",
    };
    let amount = show::money(dearer.max(-dearer));
    Some(ask.say(key, &args![amount => amount]))
}

/// 明天下午 3 点，刘师傅，全身保健按摩; with another address also where that is.
pub(in crate::pages) fn terms_words(ask: &Ask, change: &Change, therapist: &str) -> String {
    let when = show::when(ask.lang(), change.to.day, change.minute(), ask.today());
    let who = show::therapist(ask.lang(), therapist);
    let words = format!("{when}，{who}，{}", change.to.service_name);
    match change.visit {
        None => words,
        Some(visit) => format!("{words}，{}", new_door(ask, &visit)),
    }
}

/// 新地址在朝阳区，离店约 3.2 公里
fn new_door(ask: &Ask, visit: &HomeVisit) -> String {
    let district = district_word(ask, visit.district);
    ask.say(
        "booking-move-new-door",
        &args![district => district, distance => distance(ask, visit.trip)],
    )
}

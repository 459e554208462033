//! The words of alerts and messages, made once where they arise. The same words are read, spoken and sent.

use std::sync::LazyLock;

use booking::HomeVisit;
use kernel::{Day, Instant, Lang, Minutes, Money};
use shop::District;
use text::{Args, Texts, args, show, speech};

use crate::model::{Kind, LIMIT_MINUTES, MessageKind};

pub(crate) const ZH_CN: &str = include_str!("../texts/zh-CN.ftl");
pub(crate) const EN: &str = include_str!("../texts/en.ftl");

/// The words of this module, for jobs: what leaves through WeChat or is spoken is Chinese.
static OWN: LazyLock<Texts> = LazyLock::new(|| {
    let texts = Texts::builder().add(Lang::Zh, ZH_CN).add(Lang::En, EN).build();
    texts.unwrap_or_else(|faults| panic!("the catalogues of this program are checked by its tests: {faults}"))
});

/// A Chinese text of this module.
pub(crate) fn say(key: &str, args: &Args) -> String {
    OWN.say(Lang::Zh, key, args)
}

/// What is said about a booking.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Facts {
    /// How the customer wants to be called: 张女士.
    pub customer: String,
    /// The business day and the minute in it at which the service starts.
    pub day: Day,
    /// See `day`.
    pub minute: Minutes,
    /// What is done.
    pub service: String,
    /// How long.
    pub minutes: Minutes,
    /// The therapist's name.
    pub therapist: String,
    /// So many minutes later, or longer, where the news is that.
    pub more: Minutes,
    /// What it is to become, while somebody is asked.
    pub wanted: Option<Wanted>,
    /// Those that it is said of at once, where they are several.
    pub together: Option<Together>,
    /// Of a home visit the district and the metres from the shop. Nobody is told more before the departure, and nothing
    /// through WeChat or a loudspeaker after it.
    pub home: Option<(District, i64)>,
}

/// What a booking is to become.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Wanted {
    /// When it would start.
    pub starts_at: Instant,
    /// The business day and the minute in it.
    pub day: Day,
    /// See `day`.
    pub minute: Minutes,
    /// The therapist's name.
    pub therapist: String,
    /// What would be done.
    pub service: String,
    /// Of a home visit that would go to another address: the district and the way. Nobody is told more before the departure.
    pub door: Option<HomeVisit>,
}

/// How a way is told, to be read or to be spoken: by which words; its distance, its time and its fare.
type Way = (
    &'static str,
    fn(f64) -> String,
    fn(Minutes) -> String,
    fn(Money) -> String,
);

impl Wanted {
    /// 足底按摩；去新地址的是“新地址在朝阳区，离店约 3.1 公里，单程约 25 分钟，车费 ¥25，足底按摩”。
    fn service(&self, (words, distance, duration, money): Way) -> String {
        let Some(HomeVisit { district, trip }) = self.door else {
            return self.service.clone();
        };
        say(
            words,
            &args![
                district => district.name(),
                distance => distance(trip.metres as f64),
                travel => duration(trip.travel),
                fare => money(trip.fare),
                service => self.service.as_str(),
            ],
        )
    }
}

impl Facts {
    /// Day, minute, therapist and service as they would be; as they are where nothing is asked.
    fn to(&self, way: Way) -> (Day, Minutes, &str, String) {
        match &self.wanted {
            Some(to) => (to.day, to.minute, &to.therapist, to.service(way)),
            None => (self.day, self.minute, &self.therapist, self.service.clone()),
        }
    }
}

/// Several bookings of one order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Together {
    /// People who come at once.
    People(usize),
    /// Services of one person, one after the other.
    Services(usize),
}

impl Together {
    const fn parts(self) -> (&'static str, usize, &'static str) {
        match self {
            Together::People(count) => ("alert-people", count, "个人"),
            Together::Services(count) => ("alert-services", count, "项"),
        }
    }
}

impl Facts {
    /// 张女士等 3 个人, to be read.
    fn customer_shown(&self) -> String {
        let Some(together) = self.together else {
            return self.customer.clone();
        };
        let (key, count, _) = together.parts();
        let shown = args![customer => self.customer.as_str(), count => count];
        say(&format!("{key}-text"), &shown)
    }

    /// 张女士等三个人, to be spoken.
    fn customer_spoken(&self) -> String {
        let name = speech::read(&self.customer);
        let Some(together) = self.together else {
            return name;
        };
        let (key, count, unit) = together.parts();
        let spoken = args![customer => name, count => speech::count(count as u64, unit)];
        say(&format!("{key}-speech"), &spoken)
    }

    /// 全身保健按摩；上门的是“上门，朝阳区，离店约 3.1 公里，全身保健按摩”。
    fn service(&self, distance: fn(f64) -> String) -> String {
        match self.home {
            None => self.service.clone(),
            Some((district, metres)) => say(
                "alert-at-home",
                &args![
                    district => district.name(),
                    distance => distance(metres as f64),
                    service => self.service.as_str(),
                ],
            ),
        }
    }
}

/// Text and speech of an alert made today. The answer (who, when) comes within the first thirty characters.
pub(crate) fn alert(kind: Kind, facts: &Facts, today: Day) -> (String, String) {
    let read: Way = (
        "alert-new-door-text",
        |metres| show::distance(Lang::Zh, metres),
        |minutes| show::duration(Lang::Zh, minutes),
        show::money,
    );
    let heard: Way = (
        "alert-new-door-speech",
        speech::distance,
        speech::duration,
        speech::money,
    );
    let (day, minute, therapist, to_read) = facts.to(read);
    let (.., to_speak) = facts.to(heard);
    let shown = args![
        customer => facts.customer_shown(),
        when => show::when(Lang::Zh, facts.day, facts.minute, today),
        service => facts.service(|metres| show::distance(Lang::Zh, metres)),
        length => show::duration(Lang::Zh, facts.minutes),
        therapist => speech::therapist(&facts.therapist),
        minutes => LIMIT_MINUTES,
        more => show::duration(Lang::Zh, facts.more),
        to => show::when(Lang::Zh, day, minute, today),
        to_therapist => speech::therapist(therapist),
        to_service => to_read,
    ];
    let spoken = args![
        customer => facts.customer_spoken(),
        when => speech::when(facts.day, facts.minute, today),
        service => speech::read(&facts.service(speech::distance)),
        length => speech::duration(facts.minutes),
        therapist => speech::therapist(&facts.therapist),
        minutes => speech::count(LIMIT_MINUTES.unsigned_abs(), "分钟"),
        more => speech::duration(facts.more),
        to => speech::when(day, minute, today),
        to_therapist => speech::therapist(therapist),
        to_service => speech::read(&to_speak),
    ];
    let key = kind.code();
    (
        say(&format!("alert-{key}-text"), &shown),
        say(&format!("alert-{key}-speech"), &spoken),
    )
}

/// Text and speech of the alert that an address was switched off. A machine's name is read, and not spoken: nobody
/// understands it.
pub(crate) fn disconnected(host: &str) -> (String, String) {
    (
        say("alert-disconnected-text", &args![host => host]),
        say("alert-disconnected-speech", &args![]),
    )
}

/// The fields of the message that an address was switched off.
pub(crate) fn disconnected_fields(shop: &str, host: &str, now: Instant) -> Vec<(String, String)> {
    fitted(vec![
        ("thing1", shop.to_owned()),
        ("thing2", say("alert-disconnected-what", &args![host => host])),
        ("time3", clock(now)),
        ("thing4", say("alert-disconnected-do", &args![])),
    ])
}

/// What a message through WeChat is made of.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// The shop's name.
    pub shop: String,
    /// Its street and number.
    pub address: String,
    /// The order's number.
    pub number: String,
    /// The booking.
    pub facts: Facts,
    /// When it starts.
    pub starts_at: Instant,
    /// What it costs.
    pub price: Money,
    /// The six digits to show.
    pub code: String,
    /// The code of the reason, where there is one.
    pub why: Option<String>,
}

/// The fields of a message about a booking, in the order of its template. WeChat refuses empty fields, line breaks and more
/// than 20 characters (32 in `character_string`).
pub(crate) fn fields(kind: MessageKind, told: &Told, now: Instant) -> Vec<(String, String)> {
    let facts = &told.facts;
    let service = match facts.home {
        None => facts.service.clone(),
        Some(_) => say("alert-home-service", &args![service => facts.service.as_str()]),
    };
    let time = clock(told.starts_at);
    let therapist = speech::therapist(&facts.therapist);
    let why = || match kind {
        MessageKind::Missed if facts.home.is_some() => reason(Some("no_show_at_home")),
        MessageKind::Missed => reason(Some("no_show")),
        _ => reason(told.why.as_deref()),
    };
    let place = || match facts.home {
        None => told.address.clone(),
        Some(_) => say("alert-wait-at-home", &args![]),
    };
    // Most templates: the shop, the service, a time, and what there is to say.
    let told_that = |time: String, what: String| {
        vec![
            ("thing1", told.shop.clone()),
            ("thing2", service.clone()),
            ("time3", time),
            ("thing4", what),
        ]
    };
    let fields: Vec<(&str, String)> = match kind {
        MessageKind::NewOrder => vec![
            ("character_string1", told.number.clone()),
            ("thing2", service.clone()),
            ("time3", time),
            ("thing4", facts.customer.clone()),
            ("amount5", told.price.to_string()),
        ],
        MessageKind::Booked => {
            let mut fields = told_that(time, therapist);
            fields.push(("character_string5", told.code.clone()));
            fields
        }
        MessageKind::Cancelled
        | MessageKind::CancelledToShop
        | MessageKind::Declined
        | MessageKind::Missed => told_that(time, why()),
        MessageKind::ReminderDay | MessageKind::ReminderHours => told_that(time, place()),
        MessageKind::Departed => {
            let on_the_way = say("alert-on-the-way", &args![therapist => therapist]);
            told_that(time, on_the_way)
        }
        MessageKind::Completed => told_that(clock(now), say("alert-invitation", &args![])),
        MessageKind::ChangeAsked
        | MessageKind::MovedToShop
        | MessageKind::StaysToShop
        | MessageKind::ChangeOffered
        | MessageKind::Moved
        | MessageKind::Stays => change_fields(kind, told),
        MessageKind::Refunded
        | MessageKind::Offered
        | MessageKind::ShopClosed
        | MessageKind::WaitClosed
        | MessageKind::Disconnected
        | MessageKind::RefundWaits
        | MessageKind::RefundTrouble
        | MessageKind::BillDiffers
        | MessageKind::BooksUnsound => Vec::new(),
    };
    fitted(fields)
}

fn change_fields(kind: MessageKind, told: &Told) -> Vec<(&'static str, String)> {
    let (facts, code) = (&told.facts, kind.code().replace('_', "-"));
    let starts_at = facts.wanted.as_ref().map_or(told.starts_at, |to| to.starts_at);
    let therapist = speech::therapist(&facts.therapist);
    vec![
        ("thing1", told.shop.clone()),
        (
            "thing2",
            facts
                .wanted
                .as_ref()
                .map_or(&facts.service, |to| &to.service)
                .clone(),
        ),
        ("time3", clock(starts_at)),
        (
            "thing4",
            say(&format!("alert-{code}"), &args![therapist => therapist]),
        ),
    ]
}

/// The fields of the message that money went back.
pub(crate) fn refund_fields(number: &str, amount: Money, why: &str, now: Instant) -> Vec<(String, String)> {
    fitted(vec![
        ("character_string1", number.to_owned()),
        ("amount2", amount.to_string()),
        ("thing3", reason(Some(why))),
        ("time4", clock(now)),
    ])
}

/// What is said in place of whoever has deleted the account.
pub(crate) fn gone() -> String {
    say("alert-gone-customer", &args![])
}

/// The fields of the message that a shop closes: the first booking that is called off, and how many there are.
pub(crate) fn closing_fields(
    shop: &str,
    service: &str,
    (starts_at, count): (Instant, usize),
) -> Vec<(String, String)> {
    let what = match count {
        1 => service.to_owned(),
        many => say("alert-closed-several", &args![count => many]),
    };
    fitted(vec![
        ("thing1", shop.to_owned()),
        ("thing2", what),
        ("time3", clock(starts_at)),
        ("thing4", reason(Some("shop_closed"))),
    ])
}

/// The fields of the message that somebody waits in vain.
pub(crate) fn wait_closed_fields(shop: &str, service: &str, from: Instant) -> Vec<(String, String)> {
    fitted(vec![
        ("thing1", shop.to_owned()),
        ("thing2", say("alert-wait-closed", &args![service => service])),
        ("time3", clock(from)),
        ("thing4", reason(Some("shop_closed"))),
    ])
}

/// The fields of the message that a time is kept for somebody who waited.
pub(crate) fn offer_fields(shop: &str, service: &str, starts_at: Instant) -> Vec<(String, String)> {
    fitted(vec![
        ("thing1", shop.to_owned()),
        ("thing2", service.to_owned()),
        ("time3", clock(starts_at)),
        ("thing4", say("alert-offer", &args![])),
    ])
}

/// A reason in words, by the code that its step recorded.
fn reason(code: Option<&str>) -> String {
    let key = code
        .filter(|code| !code.is_empty())
        .map(|code| format!("alert-why-{}", code.replace('_', "-")));
    match key.filter(|key| OWN.has(key)) {
        Some(key) => say(&key, &args![]),
        None => say("alert-why-other", &args![]),
    }
}

/// `2026年11月22日 15:00`, as fields of the kind `time` want it.
pub(crate) fn clock(moment: Instant) -> String {
    let ((year, month, day), minute) = (moment.day().ymd(), moment.minute_of_day());
    format!("{year}年{month}月{day}日 {:02}:{:02}", minute / 60, minute % 60)
}

pub(crate) fn fitted(fields: Vec<(&str, String)>) -> Vec<(String, String)> {
    let fit = |name: &str, value: String| {
        let most = if name.starts_with("character_string") {
            32
        } else {
            20
        };
        let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.chars().count() {
            0 => "—".to_owned(),
            length if length > most => line.chars().take(most - 1).chain(['…']).collect(),
            _ => line,
        }
    };
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), fit(name, value)))
        .collect()
}

#[cfg(test)]
mod unit;

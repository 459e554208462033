//! What the customers' pages say, the same way everywhere.

use kernel::Lang;
use review::Score;
use shop::{Hours, Today};
use text::{args, show};
use web::{
    Ask, Markup, html,
    ui::{Tone, money, stars, state},
};

use crate::{
    index::{Free, Shown},
    model::walking_minutes,
};

/// What the hours say now: 营业到 24:00.
pub(super) fn hours_now(ask: &Ask, hours: &Hours) -> (Tone, String) {
    let lang = ask.lang();
    match hours.at(ask.cx.now()) {
        Today::Open { closes, .. } if closes > 1440 => {
            let until = show::clock(closes - 1440);
            (
                Tone::Good,
                ask.say("directory-open-until-night", &args![time => until]),
            )
        }
        Today::Open { closes, .. } => (
            Tone::Good,
            ask.say("directory-open-until", &args![time => show::clock(closes)]),
        ),
        Today::Opens { day, at } => {
            let when = show::when(lang, day, at, ask.today());
            (Tone::Plain, ask.say("directory-opens", &args![when => when]))
        }
        Today::Closed => (Tone::Plain, ask.label("directory-closed")),
    }
}

/// The same as a badge.
pub(super) fn hours_badge(ask: &Ask, hours: &Hours) -> Markup {
    let (tone, words) = hours_now(ask, hours);
    state::badge(tone, &words)
}

/// How far it is: 约 950 米，步行约 17 分钟.
pub(super) fn way(ask: &Ask, metres: f64) -> String {
    let distance = show::distance(ask.lang(), metres);
    match walking_minutes(metres) {
        Some(minutes) => ask.say("directory-way", &args![distance => distance, minutes => minutes]),
        None => distance,
    }
}

/// The first free time: 最早今天下午 3 点.
pub(super) fn free(ask: &Ask, free: Option<Free>) -> String {
    match free {
        Some(Free { day, minutes }) => {
            let when = show::when(ask.lang(), day, minutes, ask.today());
            ask.say("directory-free", &args![when => when])
        }
        None => ask.label("directory-full"),
    }
}

/// Stars and the number of reviews; words where there are none yet.
pub(super) fn rating(ask: &Ask, score: Score) -> Markup {
    match (score.tenths(), score.words()) {
        (Some(tenths), Some(words)) => {
            let words = ask.say("directory-score", &args![score => words]);
            stars::rating(
                tenths.min(50),
                &words,
                &ask.say("directory-reviews-count", &args![count => score.count]),
            )
        }
        _ => html! { span class="soft" { (ask.label("directory-no-reviews")) } },
    }
}

/// The lowest price, as the figure at the end of an entry.
pub(super) fn lowest(ask: &Ask, shown: &Shown) -> Option<Markup> {
    shown
        .lowest()
        .map(|price| money::from(price.fen(), &ask.label("directory-from")))
}

/// 8 号 刘长河师傅
pub(super) fn therapist(ask: &Ask, therapist: &therapist::Therapist) -> String {
    ask.say(
        "directory-therapist",
        &args![number => therapist.number, name => therapist.name.as_str()],
    )
}

/// 高级 · 男 · 擅长肩颈、腰背
pub(super) fn credentials(ask: &Ask, therapist: &therapist::Therapist) -> String {
    let mut words = vec![
        ask.label(&therapist.level.text_key()),
        ask.label(&therapist.gender.text_key()),
    ];
    if !therapist.skills.is_empty() {
        words.push(ask.say("directory-skills", &args![skills => therapist.skills.as_str()]));
    }
    words.join(" · ")
}

/// Opening hours of one day, or that it is closed.
pub(super) fn span(ask: &Ask, span: Option<shop::Span>) -> String {
    match span {
        Some((opens, closes)) => show::hours(ask.lang(), opens, closes),
        None => ask.label("directory-rest"),
    }
}

/// A name as the language writes it.
pub(super) fn district(ask: &Ask, district: shop::District) -> String {
    ask.label(&district.text_key())
}

/// A station: 国贸站, Guomao station.
pub(super) fn station(ask: &Ask, station: &geo::subway::Station) -> String {
    let name = match ask.lang() {
        Lang::Zh => &station.name,
        Lang::En => &station.name_en,
    };
    ask.say("directory-station", &args![name => name.as_str()])
}

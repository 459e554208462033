//! `/stations`: a place to start from, by hand.

use geo::subway::{self, Station};
use serde::Deserialize;
use shop::District;
use text::{args, pinyin};
use web::{
    Answer, Ask, Markup, Query, html,
    ui::{Surface, button, field, list, section},
};

use super::words;
use crate::model::Whence;

/// As many stations answer a search at most.
const MOST: usize = 30;

#[derive(Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
}

pub(super) async fn show(ask: Ask, Query(search): Query<Search>) -> Answer {
    let wanted = search.q.trim().trim_end_matches('站').to_owned();
    let found: Vec<&Station> = if wanted.is_empty() {
        Vec::new()
    } else {
        matching(&wanted)
    };
    let answer = match (wanted.is_empty(), found.len()) {
        (true, _) => ask.label("directory-stations-answer"),
        (false, 0) => ask.say("directory-stations-none", &args![wanted => wanted.as_str()]),
        (false, count) => ask.say("directory-stations-found", &args![count => count]),
    };
    Ok(ask.page(Surface::Customer, &ask.label("directory-stations-title"), |_, page| {
        let back = ask.label("directory-home-title");
        page.answer(&answer).back("/", &back).body(html! {
            form method="get" action="/stations" role="search" {
                (field::search("q", &ask.label("directory-stations-search"))
                    .value(&search.q)
                    .hint(&ask.label("directory-stations-hint")))
                (button::submit(&ask.label("directory-stations-submit")).about(&ask.label("directory-stations-what")))
            }
            @if !found.is_empty() {
                (section("found", &ask.label("directory-stations-results"), stations(&ask, &found)))
            }
            (section("districts", &ask.label("directory-districts"), districts(&ask)))
            (section("lines", &ask.label("directory-lines"), lines(&ask)))
        })
    }))
}

/// The stations whose name the search begins or holds, those that begin with it first.
fn matching(wanted: &str) -> Vec<&'static Station> {
    let latin = wanted.to_lowercase();
    let mut found: Vec<&Station> = subway::stations()
        .iter()
        .filter(|station| {
            pinyin::matches(&station.name, wanted) || station.name_en.to_lowercase().starts_with(&latin)
        })
        .collect();
    found.sort_by_key(|station| (!station.name.starts_with(wanted), station.name.chars().count()));
    found.truncate(MOST);
    found
}

fn stations(ask: &Ask, found: &[&'static Station]) -> Markup {
    let links: Vec<Markup> = found.iter().copied().map(|station| link(ask, station)).collect();
    list::items(&links)
}

fn link(ask: &Ask, station: &'static Station) -> Markup {
    html! {
        a href={ "/" (Whence::Station(station).query()) } { (words::station(ask, station)) }
        " " span class="soft" { (station.lines.join("、")) }
    }
}

fn districts(ask: &Ask) -> Markup {
    let links: Vec<Markup> = District::ALL
        .iter()
        .map(|district| {
            html! { a href={ "/" (Whence::District(*district).query()) } { (words::district(ask, *district)) } }
        })
        .collect();
    list::items(&links)
}

fn lines(ask: &Ask) -> Markup {
    html! {
        @for line in subway::lines() {
            details {
                summary { (line.name) }
                ul class="sentences" role="list" {
                    @for stop in &line.stops {
                        @if let Some(station) = subway::station(stop) {
                            li { a href={ "/" (Whence::Station(station).query()) } { (words::station(ask, station)) } }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn stations_are_found_by_name_pinyin_and_initials() {
        for wanted in ["国贸", "guomao", "gm", "Guomao"] {
            let found = matching(wanted);
            assert!(found.iter().any(|station| station.name == "国贸"), "{wanted}");
        }
        assert_eq!(matching("国贸")[0].name, "国贸");
        assert!(matching("不存在的站").is_empty());
    }
}

//! The statement of a shop's month: what its tills took, gave back and paid in fees, by day.

use std::collections::BTreeMap;

use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use kernel::{Day, Error, Id, Money, Result, Shop};
use text::{args, show};
use web::{
    Answer, Ask, IntoResponse, Markup, Path, html,
    ui::{self, Icon, Surface, list, money, state, table},
};

use super::{BOOKS, kind_key, statement::Month};
use crate::model::{Kind, Takings};

struct Statement {
    shop: String,
    days: BTreeMap<(Day, Kind), Takings>,
    tills: BTreeMap<Kind, Takings>,
    all: Takings,
}

/// Where the statement of the month of a day stands.
pub(super) fn address(shop: Id<Shop>, day: Day) -> String {
    format!("{BOOKS}/shops/{shop}/months/{}", Month::of(day).code())
}

/// `GET /console/ledger/shops/{shop}/months/2026-11`
pub(crate) async fn show(ask: Ask, Path((shop, month)): Path<(Id<Shop>, String)>) -> Answer {
    let month = Month::parse(&month).ok_or(Error::NotFound)?;
    let told = statement(&ask, shop, month).await?;
    let net = show::money(told.all.net());
    let title = ask.say(
        "ledger-month-title",
        &args![month => month.words(&ask).as_str(), shop => told.shop.as_str()],
    );
    let answer = ask.say("ledger-month-answer", &args![amount => net.as_str()]);
    let sentences: Vec<String> = told
        .tills
        .iter()
        .map(|(till, takings)| till_words(&ask, *till, *takings))
        .collect();
    let own = format!("{BOOKS}/shops/{shop}");
    let mut links = vec![
        html! { a href=(address(shop, month.before().0)) { (month.before().words(&ask)) } },
        html! { a href={ (own) "/months/" (month.code()) "/table" } { (ask.label("ledger-month-table")) } },
    ];
    if month.next().0 <= ask.today() {
        links.push(html! { a href=(address(shop, month.next().0)) { (month.next().words(&ask)) } });
    }
    Ok(ask.page(Surface::Console, &title, |_, page| {
        page.wide().back(&own, &told.shop).answer(&answer).body(html! {
            @if told.days.is_empty() { (state::empty(Icon::Receipt, &ask.label("ledger-no-movements"))) }
            @else {
                (ui::section("tills", &ask.label("ledger-month-tills"), list::sentences(&sentences)))
                (days_table(&ask, &title, &told))
                p { (ask.label("ledger-month-note")) }
            }
            (list::items(&links))
        })
    }))
}

async fn statement(ask: &Ask, shop: Id<Shop>, month: Month) -> Result<Statement> {
    let (from, to) = (month.0, month.next().0);
    let (name, days) = ask
        .read(move |cx, tx| {
            let scope = cx.shop_named(shop)?;
            Ok((shop::shop(tx, shop)?.name, crate::takings(tx, scope, from, to)?))
        })
        .await?;
    let mut told = Statement {
        shop: name,
        days,
        tills: BTreeMap::new(),
        all: Takings::default(),
    };
    for ((_, till), takings) in &told.days {
        told.tills.entry(*till).or_default().add(*takings);
        told.all.add(*takings);
    }
    Ok(told)
}

fn till_words(ask: &Ask, till: Kind, takings: Takings) -> String {
    let word = ask.label(kind_key(till));
    let [taken, back, fee, net] = figures(takings).map(show::money);
    ask.say(
        "ledger-month-till",
        &args![
            till => word.as_str(),
            taken => taken.as_str(),
            back => back.as_str(),
            fee => fee.as_str(),
            net => net.as_str()
        ],
    )
}

fn figures(takings: Takings) -> [Money; 4] {
    [takings.taken, takings.given_back, takings.fee, takings.net()]
}

fn heads(ask: &Ask) -> [String; 6] {
    ["day", "till", "taken", "back", "fee", "net"].map(|word| ask.label(&format!("ledger-month-{word}-head")))
}

fn days_table(ask: &Ask, caption: &str, told: &Statement) -> Markup {
    let heads = heads(ask);
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = table::table(caption)
        .head(&heads)
        .numeric(2)
        .numeric(3)
        .numeric(4)
        .numeric(5);
    let cells = |first: String, second: String, takings: Takings| {
        let amounts = figures(takings).map(|amount| money::amount(amount.fen()));
        [html! { (first) }, html! { (second) }]
            .into_iter()
            .chain(amounts)
            .collect::<Vec<Markup>>()
    };
    for ((day, till), takings) in &told.days {
        let day = show::date(ask.lang(), *day);
        table = table.row(cells(day, ask.label(kind_key(*till)), *takings));
    }
    let table = table.foot(cells(ask.label("ledger-month-all"), String::new(), told.all));
    html! { (table) }
}

/// `GET /console/ledger/shops/{shop}/months/2026-11/table`: the same as comma-separated values in UTF-8, with the mark
/// by which spreadsheets know it.
pub(crate) async fn csv(ask: Ask, Path((shop, month)): Path<(Id<Shop>, String)>) -> Answer {
    let month = Month::parse(&month).ok_or(Error::NotFound)?;
    let told = statement(&ask, shop, month).await?;
    let mut text = format!("\u{feff}{}\r\n", heads(&ask).join(","));
    for ((day, till), takings) in &told.days {
        text.push_str(&line(&day.to_string(), &ask.label(kind_key(*till)), *takings));
    }
    text.push_str(&line(&ask.label("ledger-month-all"), "", told.all));
    let name = format!("attachment; filename=\"statement-{}.csv\"", month.code());
    let heads = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((heads, text).into_response())
}

fn line(first: &str, second: &str, takings: Takings) -> String {
    let figures = figures(takings).map(yuan).join(",");
    format!("{first},{second},{figures}\r\n")
}

/// Yuan with two decimals: what spreadsheets can add up.
fn yuan(amount: Money) -> String {
    let (sign, fen) = (
        if amount < Money::ZERO { "-" } else { "" },
        amount.fen().unsigned_abs(),
    );
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

//! The books as people read them: whether they are right, and what moved on a shop's accounts.

mod month;
mod statement;

use kernel::{Actor, Id, Instant, Money, Shop};
use text::{args, show};
use web::{
    Allow, Answer, Ask, Form, Markup, Path, Routes, html,
    ui::{self, Entry, Icon, Surface, Tone, button, list, money, state, table},
};

use crate::{
    jobs,
    model::{Difference, Flaw, Kind, Report, Total, Unit},
    store,
};

pub(crate) const BOOKS: &str = "/console/ledger";

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(BOOKS, Allow::Console, books)
        .post("/console/ledger/audits", Allow::Centre, look)
        .get("/console/ledger/shops/{shop}", Allow::Console, of_shop)
        .get(
            "/console/ledger/shops/{shop}/months/{month}",
            Allow::Console,
            month::show,
        )
        .get(
            "/console/ledger/shops/{shop}/months/{month}/table",
            Allow::Console,
            month::csv,
        )
        .get(
            "/console/ledger/shops/{shop}/{account}",
            Allow::Console,
            statement::show,
        )
}

/// `GET /console/ledger`: an owner is led to the own shop's accounts.
async fn books(ask: Ask) -> Answer {
    if let Actor::Staff { shop: Some(own), .. } = ask.actor() {
        return Ok(ask.see(&format!("{BOOKS}/shops/{own}")));
    }
    let (last, shops) = ask
        .read(|_, tx| {
            let names = shop::names_of(tx)?;
            let mut shops: Vec<(String, Id<Shop>)> = store::shops(tx)?
                .into_iter()
                .filter_map(|shop| Some((names.get(&shop)?.clone(), shop)))
                .collect();
            shops.sort();
            Ok((store::last_report(tx)?, shops))
        })
        .await?;
    let title = ask.label(match &last {
        None => "ledger-title-never",
        Some((_, report)) if report.sound() => "ledger-title-sound",
        Some(_) => "ledger-title-wrong",
    });
    let answer = last.as_ref().map_or_else(
        || ask.label("ledger-answer-never"),
        |(at, _)| ask.say("ledger-answer-at", &args![at => when(&ask, *at).as_str()]),
    );
    let word = |key: &str| ask.label(key);
    let (look, totals, by_shop) = (word("ledger-look"), word("ledger-totals"), word("ledger-shops"));
    Ok(ask.page(Surface::Console, &title, |frame, page| {
        page.wide().answer(&answer).body(html! {
            @if let Some((_, report)) = &last {
                @if !report.sound() { (wrong(&ask, report)) }
                (ui::section("totals", &totals, html! {
                    (list::sentences(&sums(&ask, report)))
                    (totals_table(&ask, report))
                    (list::sentences(&[looked_at(&ask, report)]))
                }))
            }
            (button::post(frame, "/console/ledger/audits", &look).secondary())
            (ui::section("shops", &by_shop, html! {
                @if shops.is_empty() { (state::empty(Icon::Receipt, &ask.label("ledger-no-accounts"))) }
                @else {
                    ul class="sentences" role="list" {
                        @for (name, shop) in &shops { li { a href={ (BOOKS) "/shops/" (shop) } { (name) } } }
                    }
                }
            }))
        })
    }))
}

#[derive(serde::Deserialize)]
struct Asked {}

/// `POST /console/ledger/audits`: the answer comes by a job.
async fn look(ask: Ask, Form(_): Form<Asked>) -> Answer {
    ask.write(jobs::look).await?;
    Ok(ask.see_saying(BOOKS, &ask.label("ledger-look-soon")))
}

/// `GET /console/ledger/shops/{shop}`
async fn of_shop(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer {
    let (name, accounts) = ask
        .read(move |cx, tx| {
            let scope = cx.shop_named(shop)?;
            Ok((shop::shop(tx, shop)?.name, store::of_shop(tx, scope)?))
        })
        .await?;
    let title = ask.say("ledger-shop-title", &args![shop => name.as_str()]);
    let answer = ask.label(if accounts.is_empty() {
        "ledger-no-accounts"
    } else {
        "ledger-shop-answer"
    });
    let back = ask.label("ledger-all");
    let rows: Vec<(String, String, Option<String>, Markup)> = accounts
        .iter()
        .map(|account| {
            let side = account.kind.side();
            let reserved = account.standing.reserved(side);
            let reserved = (reserved != 0).then(|| {
                ask.say(
                    "ledger-reserved",
                    &args![amount => words(&ask, account.unit, reserved).as_str()],
                )
            });
            (
                format!("{BOOKS}/shops/{shop}/{}", account.id),
                ask.label(kind_key(account.kind)),
                reserved,
                figure(&ask, account.unit, account.standing.posted(side)),
            )
        })
        .collect();
    let centre = matches!(ask.actor(), Actor::Staff { shop: None, .. });
    Ok(ask.page(Surface::Console, &title, |_, page| {
        let page = if centre { page.back(BOOKS, &back) } else { page };
        let mut entries = list::entries();
        for (href, title, reserved, amount) in &rows {
            let mut entry = Entry::new(href, title).end(amount.clone());
            if let Some(reserved) = reserved {
                entry = entry.line(reserved);
            }
            entries = entries.entry(entry);
        }
        page.answer(&answer).body(html! {
            (entries)
            p { a href=(month::address(shop, ask.today())) { (ask.label("ledger-month-link")) } }
        })
    }))
}

/// What is wrong with the books, first of all.
fn wrong(ask: &Ask, report: &Report) -> Markup {
    let mut sentences = Vec::new();
    if let Some(broken) = &report.broken {
        let key = match broken.flaw {
            Flaw::Unreadable => "ledger-flaw-unreadable",
            Flaw::Place => "ledger-flaw-place",
            Flaw::Hash => "ledger-flaw-hash",
            Flaw::Gone => "ledger-flaw-gone",
        };
        sentences.push(ask.say(key, &args![place => broken.place]));
    }
    if report.unlisted > 0 {
        sentences.push(ask.say("ledger-unlisted", &args![count => report.unlisted]));
    }
    if report.different > 0 {
        sentences.push(ask.say("ledger-different", &args![count => report.different]));
    }
    sentences.extend(report.differences.iter().map(|found| difference(ask, found)));
    let heading = ask.label("ledger-wrong");
    html! {
        (state::notice(Tone::Bad, &heading).body(list::sentences(&sentences)))
    }
}

fn difference(ask: &Ask, found: &Difference) -> String {
    let (kept, summed) = (found.kept, found.summed);
    let figures = |sums: crate::Standing| {
        format!(
            "{}/{}/{}/{}",
            sums.debits_posted, sums.credits_posted, sums.debits_pending, sums.credits_pending
        )
    };
    if kept == summed {
        return ask.say("ledger-unguarded", &args![account => found.account.as_str()]);
    }
    ask.say(
        "ledger-difference",
        &args![
            account => found.account.as_str(),
            kept => figures(kept).as_str(),
            summed => figures(summed).as_str()
        ],
    )
}

/// The sum of each unit: zero, or the books are wrong.
fn sums(ask: &Ask, report: &Report) -> Vec<String> {
    let say = |(unit, sum): &(Unit, i64)| {
        let key = if *sum == 0 {
            "ledger-sum-zero"
        } else {
            "ledger-sum-wrong"
        };
        let (unit_word, amount) = (ask.label(unit_key(*unit)), words(ask, *unit, *sum));
        ask.say(key, &args![unit => unit_word.as_str(), amount => amount.as_str()])
    };
    report.sums().iter().map(say).collect()
}

fn looked_at(ask: &Ask, report: &Report) -> String {
    ask.say(
        "ledger-looked-at",
        &args![
            accounts => report.accounts,
            transfers => report.transfers,
            place => report.place,
            hash => report.hash.get(..8).unwrap_or_default()
        ],
    )
}

fn totals_table(ask: &Ask, report: &Report) -> Markup {
    let heads: Vec<String> = ["kind", "unit", "accounts", "holding", "reserved-head"]
        .iter()
        .map(|word| ask.label(&format!("ledger-{word}")))
        .collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let caption = ask.label("ledger-totals-caption");
    let mut table = table::table(&caption)
        .head(&heads)
        .numeric(2)
        .numeric(3)
        .numeric(4);
    for Total {
        kind,
        unit,
        accounts,
        standing,
    } in &report.totals
    {
        table = table.row(vec![
            html! { (ask.label(kind_key(*kind))) },
            html! { (ask.label(unit_key(*unit))) },
            html! { (accounts) },
            figure(ask, *unit, standing.posted(kind.side())),
            figure(ask, *unit, standing.reserved(kind.side())),
        ]);
    }
    html! { (table) }
}

/// An amount in its unit, as a figure.
fn figure(ask: &Ask, unit: Unit, amount: i64) -> Markup {
    match unit {
        Unit::Fen => money::amount(amount),
        Unit::Points | Unit::Sms => html! { (words(ask, unit, amount)) },
    }
}

/// An amount in its unit, in words.
fn words(ask: &Ask, unit: Unit, amount: i64) -> String {
    match unit {
        Unit::Fen => show::money(Money(amount)),
        Unit::Points => ask.say("ledger-points", &args![count => amount]),
        Unit::Sms => ask.say("ledger-sms", &args![count => amount]),
    }
}

fn unit_key(unit: Unit) -> &'static str {
    match unit {
        Unit::Fen => "ledger-unit-fen",
        Unit::Points => "ledger-unit-points",
        Unit::Sms => "ledger-unit-sms",
    }
}

fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::WeChat => "ledger-kind-wechat",
        Kind::Cash => "ledger-kind-cash",
        Kind::Receivable => "ledger-kind-receivable",
        Kind::Fees => "ledger-kind-fees",
        Kind::Revenue => "ledger-kind-revenue",
        Kind::Paid => "ledger-kind-paid",
        Kind::Refunding => "ledger-kind-refunding",
        Kind::Suspense => "ledger-kind-suspense",
        Kind::Points => "ledger-kind-points",
        Kind::Value => "ledger-kind-value",
        Kind::Coupon => "ledger-kind-coupon",
        Kind::Discounts => "ledger-kind-discounts",
        Kind::Sms => "ledger-kind-sms",
        Kind::Issued => "ledger-kind-issued",
    }
}

fn when(ask: &Ask, at: Instant) -> String {
    show::when(ask.lang(), at.day(), at.minute_of_day(), ask.today())
}

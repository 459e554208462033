//! What moved on one account of a shop in a month.

use kernel::{Day, Error, Id, Result, Shop};
use serde::Deserialize;
use text::args;
use web::{
    Answer, Ask, Markup, Path, Query, html,
    ui::{Icon, Surface, list, state, table},
};

use super::{BOOKS, figure, kind_key, when, words};
use crate::{
    model::Side,
    store::{self, Book, Movement, ShopAccount},
};

/// Lines on one page.
const SHOWN: usize = 100;

#[derive(Deserialize)]
pub(crate) struct Which {
    /// `2026-11`; the month of today where it is missing.
    month: Option<String>,
    /// Counted from 1.
    page: Option<usize>,
}

/// A calendar month by its first day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Month(pub(super) Day);

impl Month {
    pub(super) fn of(day: Day) -> Month {
        let (_, _, date) = day.ymd();
        Month(day.plus(1 - i64::from(date)))
    }

    pub(super) fn parse(text: &str) -> Option<Month> {
        Day::parse(&format!("{text}-01")).map(Month)
    }

    pub(super) fn next(self) -> Month {
        Month::of(self.0.plus(31))
    }

    pub(super) fn before(self) -> Month {
        Month::of(self.0.plus(-1))
    }

    /// `2026-11`
    pub(super) fn code(self) -> String {
        let (year, month, _) = self.0.ymd();
        format!("{year:04}-{month:02}")
    }

    pub(super) fn words(self, ask: &Ask) -> String {
        let (year, month, _) = self.0.ymd();
        ask.say(
            "ledger-month",
            &args![year => format!("{year}").as_str(), month => i64::from(month)],
        )
    }
}

/// One line with what the account held after it.
struct Line {
    movement: Movement,
    balance: i64,
}

struct Statement {
    shop: String,
    account: ShopAccount,
    opening: i64,
    closing: i64,
    lines: Vec<Line>,
}

/// `GET /console/ledger/shops/{shop}/{account}?month=2026-11&page=2`
pub(crate) async fn show(
    ask: Ask,
    Path((shop, account)): Path<(Id<Shop>, Id<Book>)>,
    Query(which): Query<Which>,
) -> Answer {
    let month = match &which.month {
        None => Month::of(ask.today()),
        Some(text) => Month::parse(text).ok_or(Error::NotFound)?,
    };
    let statement = statement(&ask, shop, account, month).await?;
    let pages = statement.lines.len().div_ceil(SHOWN).max(1);
    let page = which.page.unwrap_or(1);
    if page == 0 || page > pages {
        return Err(Error::NotFound.into());
    }
    let unit = statement.account.unit;
    let kind = ask.label(kind_key(statement.account.kind));
    let title = ask.say(
        "ledger-statement-title",
        &args![month => month.words(&ask).as_str(), account => kind.as_str()],
    );
    let answer = ask.say(
        "ledger-statement-answer",
        &args![
            count => statement.lines.len(),
            amount => words(&ask, unit, statement.closing).as_str()
        ],
    );
    let (opening, closing, none) = (
        ask.label("ledger-opening"),
        ask.label("ledger-closing"),
        ask.label("ledger-no-movements"),
    );
    let own = format!("{BOOKS}/shops/{shop}");
    let links = links(&ask, &format!("{own}/{account}"), month, (page, pages));
    Ok(ask.page(Surface::Console, &title, |_, shell| {
        shell
            .wide()
            .back(&own, &statement.shop)
            .answer(&answer)
            .body(html! {
                (list::facts()
                    .row(&opening, figure(&ask, unit, statement.opening))
                    .row(&closing, figure(&ask, unit, statement.closing)))
                @if statement.lines.is_empty() { (state::empty(Icon::Receipt, &none)) }
                @else { (lines_table(&ask, &title, &statement, page)) }
                (list::items(&links))
            })
    }))
}

async fn statement(ask: &Ask, shop: Id<Shop>, account: Id<Book>, month: Month) -> Result<Statement> {
    let (from, to) = (month.0.at(0), month.next().0.at(0));
    let (name, account, since, movements) = ask
        .read(move |cx, tx| {
            let scope = cx.shop_named(shop)?;
            let account = store::of_shop(tx, scope)?
                .into_iter()
                .find(|found| found.id == account)
                .ok_or(Error::NotFound)?;
            let since = store::moved_since(tx, account.id, to)?;
            let movements = store::movements(tx, &account, from, to)?;
            Ok((shop::shop(tx, shop)?.name, account, since, movements))
        })
        .await?;
    // From the kept balance backwards: what came before this month need not be read.
    let side = account.kind.side();
    let sign = if side == Side::Debit { 1 } else { -1 };
    let closing = account.standing.posted(side) - sign * since;
    let opening = closing - movements.iter().map(|movement| movement.amount).sum::<i64>();
    let mut balance = opening;
    let lines = movements
        .into_iter()
        .map(|movement| {
            balance += movement.amount;
            Line { movement, balance }
        })
        .collect();
    Ok(Statement {
        shop: name,
        account,
        opening,
        closing,
        lines,
    })
}

fn lines_table(ask: &Ask, caption: &str, statement: &Statement, page: usize) -> Markup {
    let heads: Vec<String> = ["when", "cause", "amount", "balance"]
        .iter()
        .map(|word| ask.label(&format!("ledger-{word}")))
        .collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let unit = statement.account.unit;
    let mut table = table::table(caption).head(&heads).numeric(2).numeric(3);
    for line in statement.lines.iter().skip((page - 1) * SHOWN).take(SHOWN) {
        table = table.row(vec![
            html! { (when(ask, line.movement.made_at)) },
            html! { (cause(ask, &line.movement)) },
            figure(ask, unit, line.movement.amount),
            figure(ask, unit, line.balance),
        ]);
    }
    html! { (table) }
}

/// Why it moved. A cause without words of its own is shown by its code, so that nothing is ever left out.
fn cause(ask: &Ask, movement: &Movement) -> String {
    let key = format!("ledger-cause-{}-{}", movement.cause, words_of(&movement.key));
    if ask.app.texts.has(&key) {
        return ask.label(&key);
    }
    ask.say(
        "ledger-cause-other",
        &args![cause => movement.cause.as_str(), key => movement.key.as_str()],
    )
}

/// What of a key says why: without the version that tells one time from another.
fn words_of(key: &str) -> String {
    let words = key.trim_end_matches(|last: char| last.is_ascii_digit() || last == ' ');
    words.replace(' ', "-")
}

/// To the pages of this month and to the months beside it.
fn links(ask: &Ask, own: &str, month: Month, (page, pages): (usize, usize)) -> Vec<Markup> {
    let mut links = Vec::new();
    let mut link = |month: Month, page: usize, words: String| {
        let href = if page == 1 {
            format!("{own}?month={}", month.code())
        } else {
            format!("{own}?month={}&page={page}", month.code())
        };
        links.push(html! { a href=(href) { (words) } });
    };
    if page > 1 {
        link(month, page - 1, ask.say("ledger-page", &args![page => page - 1]));
    }
    if page < pages {
        link(month, page + 1, ask.say("ledger-page", &args![page => page + 1]));
    }
    link(month.before(), 1, month.before().words(ask));
    if month.next().0 <= ask.today() {
        link(month.next(), 1, month.next().words(ask));
    }
    links
}

#[cfg(test)]
mod tests {
    use super::{Month, words_of};

    #[test]
    fn the_version_in_a_key_does_not_hide_its_words() {
        for (key, words) in [
            ("kept", "kept"),
            ("fulfilled 5", "fulfilled"),
            ("taken back 12", "taken-back"),
        ] {
            assert_eq!(words_of(key), words);
        }
    }

    #[test]
    fn months_follow_one_another_over_the_turn_of_the_year() {
        let december = Month::parse("2026-12").unwrap();
        assert_eq!(december.next().code(), "2027-01");
        assert_eq!(december.next().before(), december);
        assert_eq!(Month::parse("2026-01").unwrap().before().code(), "2025-12");
        assert_eq!(Month::parse("2026-02").unwrap().next().code(), "2026-03");
        assert_eq!(Month::parse("2026-13"), None);
        assert_eq!(Month::parse("2026-11-05"), None);
    }
}

//! The lives that the big database is made of, read off the theatre.

use std::collections::{BTreeMap, HashMap, HashSet};

use kernel::Day;
use rusqlite::{Connection, types::Value};

use super::{
    life::{Cell, Life, Names, Plain, Reader, Row, Rows, columns, read_all},
    theatre::{Kind, Theatre},
};
use crate::Outcome;

/// Tables of which a life changes rows that are there, or that nobody keeps for long.
const LEFT_OUT: [&str; 12] = [
    "alert_desk",
    "alert_news",
    "answer",
    "customer",
    "ledger_audit",
    "ledger_balance",
    "ledger_journal",
    "ledger_unchained",
    "migration",
    "review_score",
    "rotation",
    "session",
];
/// What the first lives at a shop leave there for all later ones.
const OF_SHOP_LATER: [&str; 5] = [
    "alert_desk",
    "desk_customer",
    "ledger_account",
    "ledger_balance",
    "rotation",
];

/// Everything that is copied.
pub(super) struct Score {
    pub names: Names,
    pub columns: HashMap<String, Vec<String>>,
    /// The rows of a shop.
    pub house: Vec<(String, Vec<Cell>)>,
    /// The shop's therapists and beds, as places in [`Names::shop`].
    pub therapists: Vec<usize>,
    pub beds: Vec<usize>,
    /// The shop itself, as a place.
    pub shop_place: usize,
    /// The shop's accounts: places in [`Names::shop`], and what they are for.
    pub accounts: Vec<(usize, String)>,
    pub lives: HashMap<Kind, Life>,
    /// How many rows each kind leaves in each table.
    pub counts: Vec<(Kind, BTreeMap<String, usize>)>,
}

/// Plays every kind of life once to furnish the shop's books, and once more to read it off.
pub(super) fn rehearse(kinds: &[Kind]) -> Outcome<Score> {
    let mut theatre = Theatre::open()?;
    let conn = Connection::open(&theatre.path)?;
    let bare = read_all(&conn)?;
    for kind in [Kind::Served, Kind::CalledOff, Kind::WalkIn] {
        theatre.play(kind)?;
    }
    theatre.open_fees()?;
    let mut before = read_all(&conn)?;
    let mut named = HashMap::new();
    for table in before.keys() {
        named.insert(table.clone(), columns(&conn, table)?);
    }
    let house = house_rows(&bare, &before, &named);
    let names = names_of(&theatre, &house);
    let mut score = Score {
        therapists: places(&names, &house, "therapist"),
        beds: places(&names, &house, "bed"),
        shop_place: places(&names, &house, "shop")[0],
        accounts: accounts(&names, &house, &named),
        house: Vec::new(),
        lives: HashMap::new(),
        counts: Vec::new(),
        columns: named,
        names,
    };
    let reader = Reader::new(&score.names, Day(0));
    for (table, rows) in &house {
        for row in rows {
            let cells = row
                .iter()
                .map(|plain| of_house(&score.names, &reader, plain))
                .collect();
            score.house.push((table.clone(), cells));
        }
    }
    for kind in kinds {
        let day = theatre.play(*kind)?;
        let after = read_all(&conn)?;
        score.read(*kind, day, &before, &after);
        before = after;
    }
    Ok(score)
}

impl Score {
    fn read(&mut self, kind: Kind, day: Day, before: &Rows, after: &Rows) {
        let coming = matches!(kind, Kind::Coming(_) | Kind::Regretted(_));
        let mut new: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for (table, rows) in after {
            if LEFT_OUT.contains(&table.as_str()) {
                continue;
            }
            let mut rows: Vec<Row> = rows.difference(&before[table]).cloned().collect();
            rows.sort();
            if !rows.is_empty() {
                new.insert(table.clone(), rows);
            }
        }
        let counts = new.iter().map(|(table, rows)| (table.clone(), rows.len()));
        self.counts.push((kind, counts.collect()));
        let (mut balances, of_orders) = self.balances(before, after);
        balances.sort_unstable();
        new.insert("ledger_balance".to_owned(), of_orders);
        let mut reader = Reader::new(&self.names, day);
        reader.learn(&self.columns, &new);
        let mut rows = Vec::new();
        for (table, found) in &new {
            let columns = &self.columns[table];
            for row in found {
                let cells = columns
                    .iter()
                    .zip(row)
                    .map(|(column, plain)| reader.cell(column, plain));
                let mut cells: Vec<Cell> = cells.collect();
                if !coming {
                    mark_billed(columns, row, &mut cells, day);
                }
                rows.push((table.clone(), cells));
            }
        }
        let reviewed = new.contains_key("review");
        self.lives.insert(
            kind,
            Life {
                rows,
                balances,
                reviewed,
            },
        );
    }

    /// What changed of the shop's balances, and the balances of the order's own accounts.
    fn balances(&self, before: &Rows, after: &Rows) -> (Vec<(usize, [i64; 4])>, Vec<Row>) {
        let sums = |row: &Row| [4, 5, 6, 7].map(|at| row[at].int());
        let old: HashMap<i64, [i64; 4]> = before["ledger_balance"]
            .iter()
            .map(|row| (row[0].int(), sums(row)))
            .collect();
        let (mut changed, mut own) = (Vec::new(), Vec::new());
        for row in &after["ledger_balance"] {
            match self.names.shop.binary_search(&row[0].int()) {
                Ok(at) => {
                    let (new, old) = (sums(row), old[&row[0].int()]);
                    changed.push((at, [0, 1, 2, 3].map(|n| new[n] - old[n])));
                }
                Err(_) if !old.contains_key(&row[0].int()) => own.push(row.clone()),
                Err(_) => {}
            }
        }
        changed.retain(|(_, by)| by.iter().any(|by| *by != 0));
        own.sort();
        (changed, own)
    }
}

/// Bills of past days have listed what was paid and given back.
fn mark_billed(columns: &[String], row: &Row, cells: &mut [Cell], day: Day) {
    let at = |name: &str| columns.iter().position(|column| column == name);
    let (Some(billed), Some(moment)) = (at("billed_on"), at("paid_at").or(at("requested_at"))) else {
        return;
    };
    if let Plain::Int(paid) = row[moment] {
        cells[billed] = Cell::Day(kernel::Instant(paid).day().0 - day.0);
    }
}

fn house_rows(
    bare: &Rows,
    used: &Rows,
    columns: &HashMap<String, Vec<String>>,
) -> BTreeMap<String, Vec<Row>> {
    let mut house: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for (table, rows) in bare
        .iter()
        .filter(|(table, _)| !LEFT_OUT.contains(&table.as_str()))
    {
        house
            .entry(table.clone())
            .or_default()
            .extend(rows.iter().cloned());
    }
    let owner = columns["ledger_account"]
        .iter()
        .position(|name| name == "owner_kind");
    let owner = owner.expect("accounts have owners");
    let accounts: HashSet<i64> = used["ledger_account"]
        .iter()
        .filter(|row| row[owner].text() == "shop")
        .map(|row| row[0].int())
        .collect();
    for table in OF_SHOP_LATER {
        let rows = used[table]
            .iter()
            .filter(|row| !table.starts_with("ledger") || accounts.contains(&row[0].int()));
        house.insert(table.to_owned(), rows.cloned().collect());
    }
    house.retain(|table, rows| !rows.is_empty() && table != "job");
    house.values_mut().for_each(|rows| rows.sort());
    house
}

fn names_of(theatre: &Theatre, house: &BTreeMap<String, Vec<Row>>) -> Names {
    let cells = house.values().flatten().flatten();
    let mut shop: Vec<i64> = cells.map(Plain::int).filter(|value| *value >= 1 << 50).collect();
    shop.sort_unstable();
    shop.dedup();
    // The bed that is filled first: its place stands in the fourth column.
    let bed = house["bed"].iter().min_by_key(|row| row[3].int());
    Names {
        shop,
        therapist: theatre.therapist.raw(),
        bed: bed.map_or(0, |row| row[0].int()),
        customer: theatre.customer.raw(),
    }
}

fn places(names: &Names, house: &BTreeMap<String, Vec<Row>>, table: &str) -> Vec<usize> {
    let ids = house[table].iter().map(|row| row[0].int());
    ids.filter_map(|id| names.shop.binary_search(&id).ok()).collect()
}

fn accounts(
    names: &Names,
    house: &BTreeMap<String, Vec<Row>>,
    columns: &HashMap<String, Vec<String>>,
) -> Vec<(usize, String)> {
    let kind = columns["ledger_account"].iter().position(|name| name == "kind");
    let kind = kind.expect("accounts are for something");
    let rows = house["ledger_account"].iter();
    rows.filter_map(|row| {
        Some((
            names.shop.binary_search(&row[0].int()).ok()?,
            row[kind].text().to_owned(),
        ))
    })
    .collect()
}

/// A shop's own rows keep their moments; only identifiers are new.
fn of_house(names: &Names, reader: &Reader, plain: &Plain) -> Cell {
    match plain {
        Plain::Int(value) => match names.shop.binary_search(value) {
            Ok(at) => Cell::Known(super::life::Known::OfShop(at)),
            Err(_) => Cell::Same(Value::Integer(*value)),
        },
        other => reader.cell("", other),
    }
}

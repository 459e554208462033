//! The rows of a life, and the same life again with other people at another time.

use std::collections::{BTreeMap, HashMap, HashSet};

use kernel::{Day, Id};
use rusqlite::{Connection, types::Value};

use super::theatre::{OPENID, PHONE, STARTS};
use crate::Outcome;

/// Identifiers hold milliseconds since this moment above 22 bits of chance.
const EPOCH_MS: i64 = 1_704_067_200_000;
const RANDOM_BITS: u32 = 22;
/// The milliseconds that tell lives apart, as a mask of their bits.
const LIVES_MS: i64 = 255;
/// Identifiers that one life may make.
pub(super) const PER_LIFE: i64 = 128;
/// Below lie amounts, versions and minutes, above identifiers.
const LEAST_ID: i64 = 1 << 50;
const MOMENTS: std::ops::Range<i64> = 1_600_000_000_000..2_000_000_000_000;
const SLOT_MS: i64 = 300_000;

/// All rows of all tables, each once.
pub(super) type Rows = BTreeMap<String, HashSet<Row>>;

/// A row whose reals are kept by their bits.
#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub(super) enum Plain {
    Null,
    Int(i64),
    Real(u64),
    Text(String),
    Blob(Vec<u8>),
}

pub(super) type Row = Vec<Plain>;

/// The names of a table's columns.
pub(super) fn columns(conn: &Connection, table: &str) -> Outcome<Vec<String>> {
    let mut asked = conn.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
    let names = asked.query_map([table], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

pub(super) fn read_all(conn: &Connection) -> Outcome<Rows> {
    let mut asked =
        conn.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")?;
    let tables: Vec<String> = asked.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut all = Rows::new();
    for table in tables {
        let mut asked = conn.prepare(&format!("SELECT * FROM {table}"))?;
        let width = asked.column_count();
        let rows = asked.query_map([], |row| {
            (0..width)
                .map(|at| row.get(at))
                .collect::<Result<Vec<Value>, _>>()
        })?;
        let rows = rows.map(|row| row.map(|row| row.into_iter().map(Plain::from).collect()));
        all.insert(table, rows.collect::<Result<_, _>>()?);
    }
    Ok(all)
}

impl From<Value> for Plain {
    fn from(value: Value) -> Plain {
        match value {
            Value::Null => Plain::Null,
            Value::Integer(value) => Plain::Int(value),
            Value::Real(value) => Plain::Real(value.to_bits()),
            Value::Text(value) => Plain::Text(value),
            Value::Blob(value) => Plain::Blob(value),
        }
    }
}

/// What stands in a place of a row.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    Same(Value),
    Known(Known),
    Moment(i64),
    Slot(i64),
    Day(i64),
    Text(Vec<Piece>),
}

/// A part of a text.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Words(String),
    Known(Known),
    Moment(i64),
    Openid,
    Phone,
    /// The order's number: the day it was opened, counted from the visit's, and six digits.
    Number(i64),
    /// Six digits.
    Code,
    /// The last digits of a number of WeChat's; which of the life.
    Digits(i64),
}

/// An identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Known {
    /// Made with the shop.
    OfShop(usize),
    Therapist,
    Bed,
    Customer,
    /// Made in the life: when, in milliseconds from the visit's start, and the how manieth.
    Fresh(i64, i64),
}

/// What the rows of lives name.
pub(super) struct Names {
    /// The identifiers of the shop and of everything in it, ascending.
    pub shop: Vec<i64>,
    pub therapist: i64,
    pub bed: i64,
    pub customer: i64,
}

/// A life, ready to be lived again.
pub(super) struct Life {
    pub rows: Vec<(String, Vec<Cell>)>,
    /// What it adds to the kept balances of the shop's accounts.
    pub balances: Vec<(usize, [i64; 4])>,
    pub reviewed: bool,
}

/// A life is read by this: the day of its visit, and what it names.
pub(super) struct Reader<'a> {
    pub names: &'a Names,
    pub day: Day,
    fresh: HashMap<i64, Known>,
    texts: Vec<(String, Piece)>,
    digits: Vec<String>,
}

impl<'a> Reader<'a> {
    pub fn new(names: &'a Names, day: Day) -> Reader<'a> {
        Reader {
            names,
            day,
            fresh: HashMap::new(),
            texts: Vec::new(),
            digits: Vec::new(),
        }
    }

    fn start(&self) -> i64 {
        self.day.at(STARTS).ms()
    }

    /// Learns which numbers and texts belong to this life alone.
    pub fn learn(&mut self, columns: &HashMap<String, Vec<String>>, rows: &BTreeMap<String, Vec<Row>>) {
        let cells = rows.values().flatten().flatten();
        let mut ids: Vec<i64> = cells.filter_map(Plain::id).collect();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            let known = self.of_house(id).unwrap_or_else(|| {
                let made_ms = (id >> RANDOM_BITS) + EPOCH_MS;
                let made = self.fresh.len() as i64;
                assert!(made < PER_LIFE, "a life makes few identifiers");
                Known::Fresh(made_ms - self.start(), made)
            });
            if matches!(known, Known::Fresh(..)) {
                self.fresh.insert(id, known);
            }
            self.texts
                .push((Id::<()>::from_raw(id).to_string(), Piece::Known(known)));
        }
        self.texts.push((OPENID.to_owned(), Piece::Openid));
        self.texts.push((PHONE.to_owned(), Piece::Phone));
        let numbers = [
            ("payment_payment", "transaction_id"),
            ("payment_payment", "prepay_id"),
            ("payment_refund", "refund_id"),
            ("payment_notice", "notice_id"),
            ("alert_message", "msg_id"),
        ];
        for (table, column) in numbers {
            for number in texts_of(columns, rows, table, column) {
                self.digits.push(number);
            }
        }
        for number in texts_of(columns, rows, "order_order", "number") {
            let opened = Day::parse(&format!("20{}-{}-{}", &number[..2], &number[2..4], &number[4..6]));
            let days = opened.map_or(0, |opened| opened.0 - self.day.0);
            self.texts.push((number, Piece::Number(days)));
        }
    }

    fn of_house(&self, id: i64) -> Option<Known> {
        let names = self.names;
        if id == names.therapist {
            Some(Known::Therapist)
        } else if id == names.bed {
            Some(Known::Bed)
        } else if id == names.customer {
            Some(Known::Customer)
        } else {
            names.shop.binary_search(&id).ok().map(Known::OfShop)
        }
    }

    pub fn cell(&self, column: &str, plain: &Plain) -> Cell {
        match plain {
            Plain::Null => Cell::Same(Value::Null),
            Plain::Real(bits) => Cell::Same(Value::Real(f64::from_bits(*bits))),
            Plain::Blob(bytes) => Cell::Same(Value::Blob(bytes.clone())),
            Plain::Int(value) if *value >= LEAST_ID => Cell::Known(self.known(*value)),
            Plain::Int(value) if MOMENTS.contains(value) => Cell::Moment(value - self.start()),
            Plain::Int(value) if column.ends_with("slot") => Cell::Slot(value - self.start() / SLOT_MS),
            Plain::Int(value) if ["day", "billed_on"].contains(&column) => Cell::Day(value - self.day.0),
            Plain::Int(value) => Cell::Same(Value::Integer(*value)),
            Plain::Text(text) if column == "code" && text.len() == 6 => Cell::Text(vec![Piece::Code]),
            Plain::Text(text) => self.text(text),
        }
    }

    fn known(&self, id: i64) -> Known {
        let known = self.of_house(id).or_else(|| self.fresh.get(&id).copied());
        known.expect("every identifier was learnt")
    }

    fn text(&self, text: &str) -> Cell {
        let mut pieces = Vec::new();
        let mut words = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            match self.piece_at(rest) {
                Some((length, mut found)) => {
                    // The digits that make a number of WeChat's this life's own are its last ten.
                    if let Piece::Digits(_) = found {
                        words.push_str(&rest[..length.saturating_sub(10)]);
                    }
                    if !words.is_empty() {
                        pieces.push(Piece::Words(std::mem::take(&mut words)));
                    }
                    if let Piece::Moment(at) = &mut found {
                        *at -= self.start();
                    }
                    pieces.push(found);
                    rest = &rest[length..];
                }
                None => {
                    words.push(first);
                    rest = &rest[first.len_utf8()..];
                }
            }
        }
        if pieces.is_empty() {
            return Cell::Same(Value::Text(words));
        }
        if !words.is_empty() {
            pieces.push(Piece::Words(words));
        }
        Cell::Text(pieces)
    }

    fn piece_at(&self, rest: &str) -> Option<(usize, Piece)> {
        if let Some((text, piece)) = self
            .texts
            .iter()
            .find(|(text, _)| rest.starts_with(text.as_str()))
        {
            return Some((text.len(), piece.clone()));
        }
        // Where it is made of our own number, that is replaced within it.
        for (number, digits) in (0..).zip(&self.digits) {
            let ours = self.texts.iter().any(|(text, _)| digits.contains(text.as_str()));
            if !ours && rest.starts_with(digits.as_str()) {
                return Some((digits.len(), Piece::Digits(number)));
            }
        }
        let moment: i64 = rest.get(..13)?.parse().ok()?;
        let longer = rest.as_bytes().get(13).is_some_and(u8::is_ascii_digit);
        (MOMENTS.contains(&moment) && !longer).then_some((13, Piece::Moment(moment)))
    }
}

impl Plain {
    fn id(&self) -> Option<i64> {
        match self {
            Plain::Int(value) if *value >= LEAST_ID => Some(*value),
            _ => None,
        }
    }

    pub fn int(&self) -> i64 {
        match self {
            Plain::Int(value) => *value,
            _ => 0,
        }
    }

    pub fn text(&self) -> &str {
        match self {
            Plain::Text(text) => text,
            _ => "",
        }
    }
}

fn texts_of(
    columns: &HashMap<String, Vec<String>>,
    rows: &BTreeMap<String, Vec<Row>>,
    table: &str,
    column: &str,
) -> Vec<String> {
    let at = columns[table].iter().position(|name| name == column);
    let at = at.expect("the column is there");
    let rows = rows.get(table).into_iter().flatten();
    rows.map(|row| row[at].text().to_owned())
        .filter(|text| !text.is_empty())
        .collect()
}

/// Who and when, in place of the theatre's.
pub(super) struct Cast<'a> {
    /// The shop's identifiers, in the order of [`Names::shop`].
    pub shop: &'a [i64],
    pub therapist: i64,
    pub bed: i64,
    pub customer: i64,
    /// How many customers and lives were before.
    pub customer_number: i64,
    pub seq: i64,
    pub day: Day,
    pub starts_ms: i64,
}

impl Cast<'_> {
    pub fn id(&self, known: Known) -> i64 {
        match known {
            Known::OfShop(at) => self.shop[at],
            Known::Therapist => self.therapist,
            Known::Bed => self.bed,
            Known::Customer => self.customer,
            Known::Fresh(at_ms, made) => life_id(self.starts_ms + at_ms, self.seq * PER_LIFE + made),
        }
    }

    pub fn value(&self, cell: &Cell) -> Value {
        match cell {
            Cell::Same(value) => value.clone(),
            Cell::Known(known) => Value::Integer(self.id(*known)),
            Cell::Moment(at) => Value::Integer(self.starts_ms + at),
            Cell::Slot(at) => Value::Integer(self.starts_ms / SLOT_MS + at),
            Cell::Day(at) => Value::Integer(self.day.0 + at),
            Cell::Text(pieces) => Value::Text(self.text(pieces)),
        }
    }

    fn text(&self, pieces: &[Piece]) -> String {
        use std::fmt::Write;
        let mut text = String::new();
        for piece in pieces {
            let written = match piece {
                Piece::Words(words) => write!(text, "{words}"),
                Piece::Known(known) => write!(text, "{}", Id::<()>::from_raw(self.id(*known))),
                Piece::Moment(at) => write!(text, "{}", self.starts_ms + at),
                Piece::Openid => write!(text, "{}", openid(self.customer_number)),
                Piece::Phone => write!(text, "{}", phone(self.customer_number)),
                Piece::Number(days) => {
                    let (year, month, day) = self.day.plus(*days).ymd();
                    write!(
                        text,
                        "{:02}{month:02}{day:02}{:06}",
                        year % 100,
                        scatter(self.seq)
                    )
                }
                Piece::Code => write!(text, "{:06}", scatter(self.seq * 7 + 3)),
                Piece::Digits(number) => write!(text, "{:010}", self.seq * 8 + number),
            };
            written.expect("a text takes everything");
        }
        text
    }
}

/// Six digits that look drawn; no two of a million neighbours are the same.
fn scatter(number: i64) -> i64 {
    number * 387_420_489 % 1_000_000
}

/// An identifier that nothing else made outside of lives has: of a moment after those of all lives near it.
pub(super) fn new_id(ms: i64, low: i64) -> i64 {
    id_at(ms | LIVES_MS, low)
}

/// The identifier of the `number`-th thing that lives make. What does not fit into the bits of chance moves it by milliseconds
/// within a quarter of a second, so no two are the same whatever their moments are.
fn life_id(ms: i64, number: i64) -> i64 {
    let later = number >> RANDOM_BITS;
    assert!(later < LIVES_MS, "more lives than identifiers can tell apart");
    id_at((ms & !LIVES_MS) | later, number)
}

fn id_at(ms: i64, low: i64) -> i64 {
    ((ms - EPOCH_MS) << RANDOM_BITS) | (low & ((1 << RANDOM_BITS) - 1))
}

pub(super) fn openid(number: i64) -> String {
    format!("oBig{number:024}")
}

pub(super) fn phone(number: i64) -> String {
    format!("139{:08}", number % 100_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_things_have_one_identifier() {
        let start = Day(20_780).at(600).ms();
        let wraps = (0..3).flat_map(|wrap| (0..2).map(move |low| low + (wrap << RANDOM_BITS)));
        let mut ids: Vec<i64> = wraps
            // Moments apart by less than what tells lives apart.
            .map(|number| life_id(start + 2 - (number >> RANDOM_BITS), number))
            .collect();
        ids.extend([new_id(start, 0), new_id(start, 1)]);
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all);
    }
}

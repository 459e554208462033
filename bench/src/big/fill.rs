//! Fills a database that the program itself has made: shops, customers, and lives of orders over four hundred days, by plain
//! INSERTs into the real tables. The same numbers give the same rows.

use std::{collections::HashMap, path::Path, time::Instant};

use kernel::{Day, Id};
use ledger::{Chain, Entry};
use rusqlite::{Connection, types::Value};

use super::{
    Size, TODAY,
    life::{Cast, Cell, Known, Life, new_id, openid, phone},
    score::Score,
    theatre::Kind,
};
use crate::Outcome;

/// So far the past goes back.
pub(super) const PAST_DAYS: i64 = 400;
/// Bookings to come lie on today and the days after it.
pub(super) const COMING_DAYS: i64 = 13;
/// Of each shop: paid yesterday for a day to come, and of these called off the same day.
const PAID_YESTERDAY: i64 = 48;
const REGRETTED: i64 = 2;
/// Every hundredth shop is always full: forty visits a day.
pub(super) const FULL_EVERY: i64 = 100;
const PLACES: i64 = 40;
const BEDS: i64 = 4;
/// Visits begin at ten and last with what is around them seventy minutes.
const OPENS: i64 = 600;
const TURN: i64 = 70;
/// Of a full shop's days to come, half is taken.
const FULL_COMING: i64 = 16;
const PER_COMMIT: i64 = 50_000;
/// What WeChat keeps, in ten-thousandths.
const FEE: i64 = 60;

/// The kinds of lives that the filling needs.
pub(super) fn kinds() -> Vec<Kind> {
    let mut kinds = vec![
        Kind::Served,
        Kind::Reviewed,
        Kind::CalledOff,
        Kind::Unpaid,
        Kind::WalkIn,
    ];
    kinds.extend((1..=COMING_DAYS).map(Kind::Coming));
    kinds.extend((1..=COMING_DAYS).map(Kind::Regretted));
    kinds
}

/// A copied shop.
pub(super) struct House {
    pub ids: Vec<i64>,
    /// Names of its accounts in the journal, by place.
    accounts: HashMap<i64, String>,
    balances: HashMap<usize, [i64; 4]>,
    reviews: i64,
    /// What was paid and given back on a day, for its bill.
    billed: Sums,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    payments: i64,
    paid: i64,
    refunds: i64,
    refunded: i64,
}

pub(super) struct Filler<'a> {
    conn: Connection,
    score: &'a Score,
    size: Size,
    pub houses: Vec<House>,
    inserts: HashMap<String, String>,
    chain: Chain,
    seq: i64,
    begun: Instant,
}

impl<'a> Filler<'a> {
    pub fn open(file: &Path, score: &'a Score, size: Size) -> Outcome<Filler<'a>> {
        let conn = Connection::open(file)?;
        conn.execute_batch(
            "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
             PRAGMA locking_mode = EXCLUSIVE; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -2500000;
             PRAGMA temp_store = MEMORY;",
        )?;
        // The orders that the demo itself made have drawn numbers, which ours must not meet.
        conn.execute("UPDATE order_order SET number = 'D' || number", [])?;
        conn.set_prepared_statement_cache_capacity(256);
        let mut inserts = HashMap::new();
        for (table, columns) in &score.columns {
            let places: Vec<String> = (1..=columns.len()).map(|at| format!("?{at}")).collect();
            let names = columns.join(", ");
            let insert = format!("INSERT INTO {table} ({names}) VALUES ({})", places.join(", "));
            inserts.insert(table.clone(), insert);
        }
        let last = conn.query_row(
            "SELECT place, hash FROM ledger_journal ORDER BY place DESC LIMIT 1",
            [],
            |row| {
                Ok(Chain {
                    place: row.get(0)?,
                    hash: row.get(1)?,
                })
            },
        );
        Ok(Filler {
            conn,
            score,
            size,
            houses: Vec::new(),
            inserts,
            chain: last.unwrap_or_default(),
            seq: 0,
            begun: Instant::now(),
        })
    }

    pub fn fill(mut self) -> Outcome<()> {
        self.conn.execute_batch("BEGIN")?;
        for number in 0..=self.size.shops {
            self.add_house(number)?;
        }
        self.add_customers()?;
        let coming = (0..self.size.shops).map(|shop| self.coming_of(shop)).sum::<i64>();
        let past = self.size.orders - coming;
        let full = (self.size.shops + FULL_EVERY - 1) / FULL_EVERY;
        let others =
            (past - full * PLACES * PAST_DAYS).max(0) as f64 / ((self.size.shops - full) * PAST_DAYS) as f64;
        for back in (1..=PAST_DAYS).rev() {
            self.live_day(back, others)?;
        }
        for shop in 0..self.size.shops {
            self.add_coming(shop)?;
        }
        self.end_shops()?;
        self.conn.execute_batch("COMMIT; PRAGMA synchronous = FULL;")?;
        let lived = self.seq;
        eprintln!("{lived} orders in {:.0} s", self.begun.elapsed().as_secs_f64());
        Ok(())
    }

    fn is_full(shop: i64) -> bool {
        shop % FULL_EVERY == 0
    }

    fn coming_of(&self, shop: i64) -> i64 {
        let more = if Self::is_full(shop) {
            FULL_COMING * (COMING_DAYS - 1)
        } else {
            0
        };
        PAID_YESTERDAY + more
    }

    /// The last one has neither past nor future.
    fn add_house(&mut self, number: i64) -> Outcome<()> {
        let made_ms = TODAY.plus(-PAST_DAYS - 30).at(600).ms();
        let names = &self.score.names.shop;
        let ids: Vec<i64> = (0..names.len() as i64)
            .map(|place| new_id(made_ms, number * 256 + place))
            .collect();
        let at = |known: &Cell| match known {
            Cell::Known(Known::OfShop(place)) => Value::Integer(ids[*place]),
            Cell::Same(value) => value.clone(),
            other => unreachable!("a shop's rows are plain: {other:?}"),
        };
        let mut accounts = HashMap::new();
        let exits = geo::subway::exits();
        let exit = &exits[number as usize * 31 % exits.len()];
        for (table, cells) in &self.score.house {
            let mut values: Vec<Value> = cells.iter().map(at).collect();
            let columns = &self.score.columns[table];
            let place = |name: &str| columns.iter().position(|column| column == name);
            if let (Some(lat), Some(lng)) = (place("lat"), place("lng")) {
                values[lat] = Value::Real(exit.point.lat + (number % 13) as f64 * 0.0007);
                values[lng] = Value::Real(exit.point.lng + (number % 17) as f64 * 0.0007);
                values[1] = Value::Text(format!("清风堂盲人按摩（{number} 店）"));
            }
            if let Some(login) = place("login") {
                values[login] = Value::Text(format!("big-owner-{number}"));
            }
            if table == "ledger_account" {
                accounts.insert(integer(&values[0]), account_name(&values));
            }
            if table == "ledger_balance" {
                values[4..8].fill(Value::Integer(0));
            }
            insert(&self.conn, &self.inserts[table], &values)?;
        }
        self.houses.push(House {
            ids,
            accounts,
            balances: HashMap::new(),
            reviews: 0,
            billed: Sums::default(),
        });
        Ok(())
    }

    fn add_customers(&mut self) -> Outcome<()> {
        let mut added = self.conn.prepare(
            "INSERT INTO customer (id, openid, name, phone, nickname, created_at, version)
             VALUES (?1, ?2, '张女士', ?3, NULL, ?4, 2)",
        )?;
        for number in 0..self.size.customers {
            let at = TODAY.plus(-PAST_DAYS).at(0).ms();
            added.execute((customer_id(number), openid(number), phone(number), at))?;
        }
        Ok(())
    }

    /// One past day of all shops, and the bill of what was paid for it.
    fn live_day(&mut self, back: i64, others: f64) -> Outcome<()> {
        let day = TODAY.plus(-back);
        let turn = PAST_DAYS - back;
        for shop in 0..self.size.shops {
            let count = match Self::is_full(shop) {
                true => PLACES,
                // Each shop's days of more and of less lie elsewhere.
                false => ((turn + 1 + shop) as f64 * others) as i64 - ((turn + shop) as f64 * others) as i64,
            };
            for nth in 0..count.min(PLACES) {
                let kind = match drawn(self.seq, 100) {
                    0..62 => Kind::Served,
                    62..77 => Kind::Reviewed,
                    77..85 => Kind::CalledOff,
                    85..91 => Kind::Unpaid,
                    _ => Kind::WalkIn,
                };
                self.live(shop, kind, day, (nth * 7 + shop + turn) % PLACES)?;
            }
        }
        self.add_bill(day.plus(-1))?;
        if back % 20 == 0 {
            eprintln!(
                "day {turn} of {PAST_DAYS}, {} orders, {:.0} s",
                self.seq,
                self.begun.elapsed().as_secs_f64()
            );
        }
        Ok(())
    }

    fn add_coming(&mut self, shop: i64) -> Outcome<()> {
        for nth in 0..PAID_YESTERDAY {
            let ahead = nth % COMING_DAYS;
            let kind = if nth < PAID_YESTERDAY - REGRETTED {
                Kind::Coming(ahead + 1)
            } else {
                Kind::Regretted(ahead + 1)
            };
            self.live(
                shop,
                kind,
                TODAY.plus(ahead),
                place_to_come(nth / COMING_DAYS, shop),
            )?;
        }
        if Self::is_full(shop) {
            for ahead in 0..COMING_DAYS - 1 {
                for nth in 4..4 + FULL_COMING {
                    self.live(
                        shop,
                        Kind::Coming(ahead + 2),
                        TODAY.plus(ahead),
                        place_to_come(nth, shop),
                    )?;
                }
            }
        }
        Ok(())
    }

    /// One life; a place is a bed and a turn of the day.
    fn live(&mut self, shop: i64, kind: Kind, day: Day, place: i64) -> Outcome<()> {
        let (bed, turn) = (place % BEDS, place / BEDS);
        let house = &self.houses[shop as usize];
        let customer = drawn(self.seq ^ 0x5a5a, self.size.customers);
        let therapists = &self.score.therapists;
        let cast = Cast {
            shop: &house.ids,
            therapist: house.ids[therapists[((bed + day.0) % therapists.len() as i64) as usize]],
            bed: house.ids[self.score.beds[bed as usize]],
            customer: customer_id(customer),
            customer_number: customer,
            seq: self.seq,
            day,
            starts_ms: day.at(OPENS + turn * TURN).ms(),
        };
        let life = &self.score.lives[&kind];
        let mut accounts: HashMap<i64, String> = HashMap::new();
        for (table, cells) in &life.rows {
            let values: Vec<Value> = cells.iter().map(|cell| cast.value(cell)).collect();
            insert(&self.conn, &self.inserts[table], &values)
                .map_err(|error| format!("{table}, life {} {kind:?}: {error}", self.seq))?;
            if table == "ledger_account" {
                accounts.insert(integer(&values[0]), account_name(&values));
            } else if table == "ledger_transfer" {
                let columns = &self.score.columns[table];
                let name = |id: &Value| {
                    let id = integer(id);
                    accounts
                        .get(&id)
                        .or_else(|| house.accounts.get(&id))
                        .cloned()
                        .unwrap_or_default()
                };
                chain(&self.conn, &mut self.chain, &entry(columns, &values, name)?)?;
            }
        }
        self.remember(shop, kind);
        self.seq += 1;
        if self.seq % PER_COMMIT == 0 {
            self.conn.execute_batch("COMMIT; BEGIN")?;
        }
        Ok(())
    }

    fn remember(&mut self, shop: i64, kind: Kind) {
        let life: &Life = &self.score.lives[&kind];
        let house = &mut self.houses[shop as usize];
        for (place, by) in &life.balances {
            let sums = house.balances.entry(*place).or_default();
            sums.iter_mut().zip(by).for_each(|(sum, by)| *sum += by);
        }
        house.reviews += i64::from(life.reviewed);
        let price = 12_800;
        match kind {
            Kind::Served | Kind::Reviewed => {
                house.billed.payments += 1;
                house.billed.paid += price;
            }
            Kind::CalledOff => {
                house.billed.payments += 1;
                house.billed.paid += price;
                house.billed.refunds += 1;
                house.billed.refunded += price;
            }
            Kind::Unpaid | Kind::WalkIn | Kind::Coming(_) | Kind::Regretted(_) => {}
        }
    }

    /// The bill of a day, closed, and the fees of each shop in the books.
    fn add_bill(&mut self, day: Day) -> Outcome<()> {
        let made_ms = day.plus(1).at(606).ms();
        let place = |kind: &str| {
            self.score
                .accounts
                .iter()
                .find(|(_, of)| of == kind)
                .map(|(at, _)| *at)
        };
        let (fees, till) = place("fees")
            .zip(place("wechat"))
            .ok_or("a shop has both accounts")?;
        let (mut lines, mut all, mut fee_of_all) = (0, Sums::default(), 0);
        for (number, house) in self.houses.iter_mut().enumerate() {
            let sums = std::mem::take(&mut house.billed);
            let fee = (sums.paid - sums.refunded) * FEE / 10_000;
            if sums.payments == 0 {
                continue;
            }
            lines += sums.payments + sums.refunds;
            all.paid += sums.paid;
            all.refunded += sums.refunded;
            fee_of_all += fee;
            let row = new_id(made_ms, number as i64 * 4);
            let shop = house.ids[self.score.shop_place];
            self.conn
                .prepare_cached(
                    "INSERT INTO payment_bill_shop (id, day, shop_id, payments, paid, refunds, refunded, fee, revision)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1)",
                )?
                .execute((row, day.0, shop, sums.payments, sums.paid, sums.refunds, sums.refunded, fee))?;
            if fee == 0 {
                continue;
            }
            let (debit, credit) = (house.ids[fees], house.ids[till]);
            let transfer = new_id(made_ms, number as i64 * 4 + 1);
            self.conn
                .prepare_cached(
                    "INSERT INTO ledger_transfer (id, phase, debit_id, credit_id, unit, amount, cause, cause_id, key, made_at)
                     VALUES (?1, 'direct', ?2, ?3, 'fen', ?4, 'bill', ?5, 'fee', ?6)",
                )?
                .execute((transfer, debit, credit, fee, row, made_ms))?;
            let entry = fee_entry(
                (transfer, row, fee, made_ms),
                &house.accounts[&debit],
                &house.accounts[&credit],
            );
            chain(&self.conn, &mut self.chain, &entry)?;
            house.balances.entry(fees).or_default()[0] += fee;
            house.balances.entry(till).or_default()[1] += fee;
        }
        self.conn.execute(
            "INSERT INTO payment_bill (day, fetched_at, lines, paid, refunded, fee, closed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?2)",
            (day.0, made_ms, lines, all.paid, all.refunded, fee_of_all),
        )?;
        Ok(())
    }

    fn end_shops(&mut self) -> Outcome<()> {
        for house in &self.houses {
            for (place, sums) in &house.balances {
                self.conn.execute(
                    "UPDATE ledger_balance SET debits_posted = ?2, credits_posted = ?3, debits_pending = ?4,
                            credits_pending = ?5 WHERE account_id = ?1",
                    (house.ids[*place], sums[0], sums[1], sums[2], sums[3]),
                )?;
            }
            self.conn.execute(
                "INSERT INTO review_score (shop_id, count, sum) VALUES (?1, ?2, ?2 * 5)",
                (house.ids[self.score.shop_place], house.reviews),
            )?;
        }
        Ok(())
    }
}

/// In the afternoon, so that today's are still to come.
fn place_to_come(nth: i64, shop: i64) -> i64 {
    12 + (nth + shop) % (PLACES - 12)
}

pub(super) fn customer_id(number: i64) -> i64 {
    new_id(TODAY.plus(-PAST_DAYS).at(0).ms(), number)
}

/// A number below `below` that looks drawn.
fn drawn(number: i64, below: i64) -> i64 {
    let mixed = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((mixed >> 20) % below as u64) as i64
}

fn insert(conn: &Connection, sql: &str, values: &[Value]) -> Outcome<()> {
    conn.prepare_cached(sql)?
        .execute(rusqlite::params_from_iter(values))?;
    Ok(())
}

fn integer(value: &Value) -> i64 {
    match value {
        Value::Integer(value) => *value,
        _ => 0,
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    }
}

/// Owner's kind, owner, kind, unit, as the journal names an account.
fn account_name(values: &[Value]) -> String {
    let owner = Id::<()>::from_raw(integer(&values[2]));
    format!(
        "{}/{owner}/{}/{}",
        text(&values[1]),
        text(&values[3]),
        text(&values[4])
    )
}

fn entry(columns: &[String], values: &[Value], name: impl Fn(&Value) -> String) -> Outcome<Entry> {
    let at = |column: &str| {
        let place = columns.iter().position(|name| name == column);
        &values[place.expect("the column is there")]
    };
    let maybe = |column: &str| match at(column) {
        Value::Integer(value) => Some(*value),
        _ => None,
    };
    let shown = |id: i64| Id::<()>::from_raw(id).to_string();
    Ok(Entry {
        v: 1,
        place: 0,
        transfer: shown(integer(at("id"))),
        phase: text(at("phase")).parse().map_err(|_| "a phase")?,
        debit: name(at("debit_id")),
        credit: name(at("credit_id")),
        unit: text(at("unit")).parse().map_err(|_| "a unit")?,
        amount: integer(at("amount")),
        cause: text(at("cause")),
        cause_id: shown(integer(at("cause_id"))),
        key: text(at("key")),
        pending: maybe("pending_id").map(shown),
        pending_amount: maybe("pending_amount"),
        due_ms: maybe("due_at"),
        made_ms: integer(at("made_at")),
    })
}

fn fee_entry((transfer, row, fee, made_ms): (i64, i64, i64, i64), debit: &str, credit: &str) -> Entry {
    Entry {
        v: 1,
        place: 0,
        transfer: Id::<()>::from_raw(transfer).to_string(),
        phase: ledger::Phase::Direct,
        debit: debit.to_owned(),
        credit: credit.to_owned(),
        unit: ledger::Unit::Fen,
        amount: fee,
        cause: "bill".to_owned(),
        cause_id: Id::<()>::from_raw(row).to_string(),
        key: "fee".to_owned(),
        pending: None,
        pending_amount: None,
        due_ms: None,
        made_ms,
    }
}

/// Gives a transfer its place in the journal.
fn chain(conn: &Connection, chain: &mut Chain, entry: &Entry) -> Outcome<()> {
    let place = chain.place + 1;
    let line = chain.add(Entry {
        place,
        ..entry.clone()
    });
    let id: Id<()> = entry.transfer.parse().map_err(|_| "an identifier")?;
    conn.prepare_cached("INSERT INTO ledger_journal (place, transfer_id, hash) VALUES (?1, ?2, ?3)")?
        .execute((place, id.raw(), line.hash))?;
    Ok(())
}

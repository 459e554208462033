//! Who asks: signed-in customers and shops' owners, and where they ask.

use kernel::Id;
use rusqlite::Connection;

use super::{
    Size, TODAY,
    fill::{FULL_EVERY, customer_id},
};
use crate::Outcome;

/// Shops whose owners are signed in.
const OWNERS: i64 = 20;

/// A shop as its pages are addressed.
pub(super) struct Place {
    pub shop: i64,
    pub service: i64,
}

impl Place {
    pub fn find(conn: &Connection, number: i64) -> Outcome<Place> {
        let login = format!("big-owner-{number}");
        let shop = conn.query_row("SELECT shop_id FROM staff WHERE login = ?1", [login], |row| {
            row.get(0)
        })?;
        let first = |sql: &str| conn.query_row(sql, [shop], |row| row.get(0));
        Ok(Place {
            shop,
            service: first("SELECT id FROM service WHERE shop_id = ?1 ORDER BY id LIMIT 1")?,
        })
    }

    pub fn page(&self, rest: &str) -> String {
        format!("/shops/{}{rest}", Id::<()>::from_raw(self.shop))
    }

    pub fn times(&self) -> String {
        let service = Id::<()>::from_raw(self.service);
        self.page(&format!("/book/{service}/times"))
    }
}

/// A shop whose days are always full, one like most, and one that opened today.
pub(super) fn three(size: Size) -> [i64; 3] {
    [0, FULL_EVERY.min(size.shops) / 2 + 3, size.shops]
}

/// Signs in so many customers, some owners and an officer, as the program itself would: rows of sessions.
pub(super) fn sign_in(conn: &Connection, size: Size, customers: i64) -> Outcome<()> {
    let now = TODAY.at(620).ms();
    let mut begun = conn.prepare(
        "INSERT OR REPLACE INTO session (token_hash, customer_id, staff_id, shop_id, role, name, created_at, seen_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, '张女士', ?6, ?7, ?8)",
    )?;
    // Nobody's session needs to be prolonged while it is measured.
    let (seen, until) = (now + 86_400_000, now + 30 * 86_400_000);
    let none: Option<i64> = None;
    for number in 0..customers {
        let hash = sha256(&token("customer", number));
        let id = customer_id(number % size.customers);
        begun.execute((hash, id, none, none, Option::<&str>::None, now, seen, until))?;
    }
    let owner = "SELECT id, shop_id FROM staff WHERE login = ?1";
    for number in (0..OWNERS.min(size.shops)).chain(three(size)) {
        let login = format!("big-owner-{number}");
        let (id, shop): (i64, i64) = conn.query_row(owner, [login], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let hash = sha256(&token("owner", number));
        begun.execute((hash, none, id, shop, "owner", now, seen, until))?;
    }
    let centre = "SELECT id FROM staff WHERE shop_id IS NULL ORDER BY id LIMIT 1";
    let id: i64 = conn.query_row(centre, [], |row| row.get(0))?;
    begun.execute((
        sha256(&token("centre", 0)),
        none,
        id,
        none,
        "centre",
        now,
        seen,
        until,
    ))?;
    Ok(())
}

fn token(who: &str, number: i64) -> String {
    sha256(&format!("{who} {number}"))
}

/// A browser that is signed in.
pub(super) fn cookies(who: &str, number: i64) -> String {
    let kind = if who == "customer" { "customer" } else { "staff" };
    format!(
        "tuina_browser={}; tuina_{kind}={}",
        browser(number),
        token(who, number)
    )
}

pub(super) fn browser(number: i64) -> String {
    sha256(&format!("browser {number}"))
}

/// What the forms of that browser carry.
pub(super) fn form_token(number: i64) -> String {
    sha256(&format!("csrf {}", browser(number)))
}

fn sha256(text: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

use std::collections::HashMap;

use booking::Booking;
use db::{Row, Tx, params};
use kernel::{Customer, Cx, Id, Instant, Result, Shop, ShopScope};

use crate::model::{Reply, Review, Score, Step};

/// Writes a review; false when the booking has one.
pub(crate) fn insert(tx: &mut Tx, new: &Review) -> Result<bool> {
    let written = tx.run(
        "INSERT INTO review
             (id, booking_id, shop_id, therapist_id, customer_id, author, service_name, stars, words, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (booking_id) DO NOTHING",
        params![
            new.id,
            new.booking,
            new.shop,
            new.therapist,
            new.customer,
            &new.author,
            &new.service_name,
            new.stars,
            &new.words,
            new.created_at,
            new.version
        ],
    )?;
    Ok(written == 1)
}

pub(crate) fn count(tx: &mut Tx, shop: Id<Shop>, stars: i64) -> Result<()> {
    tx.run(
        "INSERT INTO review_score (shop_id, count, sum) VALUES ($1, 1, $2)
         ON CONFLICT (shop_id) DO UPDATE SET count = review_score.count + 1, sum = review_score.sum + excluded.sum",
        params![shop, stars],
    )?;
    Ok(())
}

/// Keeps a reply if the review is still as it was.
pub(crate) fn set_reply(tx: &mut Tx, id: Id<Review>, seen: i64, words: &str, now: Instant) -> Result<bool> {
    let saved = tx.run(
        "UPDATE review SET reply = $3, replied_at = $4, version = version + 1 WHERE id = $1 AND version = $2",
        params![id, seen, words, now],
    )?;
    Ok(saved == 1)
}

pub(crate) fn record(cx: &Cx, tx: &mut Tx, review: Id<Review>, step: Step) -> Result<()> {
    tx.run(
        "INSERT INTO review_step (id, review_id, step, actor, at) VALUES ($1, $2, $3, $4, $5)",
        params![
            cx.id::<Step>(),
            review,
            step.code(),
            cx.actor().to_string(),
            cx.now()
        ],
    )?;
    Ok(())
}

pub(crate) fn of_booking(tx: &mut Tx, booking: Id<Booking>) -> Result<Option<Review>> {
    tx.maybe(
        "SELECT id, booking_id, shop_id, therapist_id, customer_id, author, service_name, stars, words, created_at,
                reply, replied_at, version
         FROM review WHERE booking_id = $1",
        params![booking],
        review,
    )
}

/// One review of a shop.
pub(crate) fn at_shop(tx: &mut Tx, shop: ShopScope, id: Id<Review>) -> Result<Review> {
    tx.one(
        "SELECT id, booking_id, shop_id, therapist_id, customer_id, author, service_name, stars, words, created_at,
                reply, replied_at, version
         FROM review WHERE id = $1 AND shop_id = $2",
        params![id, shop.id()],
        review,
    )
}

/// What a customer wrote stays under another name.
pub(crate) fn forget_author(tx: &mut Tx, customer: Id<Customer>, name: &str) -> Result<u64> {
    tx.run(
        "UPDATE review SET author = $2 WHERE customer_id = $1",
        params![customer, name],
    )
}

/// The newest reviews of a shop.
pub(crate) fn of_shop(tx: &mut Tx, shop: Id<Shop>, limit: i64) -> Result<Vec<Review>> {
    tx.all(
        "SELECT id, booking_id, shop_id, therapist_id, customer_id, author, service_name, stars, words, created_at,
                reply, replied_at, version
         FROM review WHERE shop_id = $1 ORDER BY id DESC LIMIT $2",
        params![shop, limit],
        review,
    )
}

/// The reviews of a shop before one of them, the newest first.
pub(crate) fn page_of_shop(
    tx: &mut Tx,
    shop: Id<Shop>,
    before: Option<Id<Review>>,
    limit: i64,
) -> Result<Vec<Review>> {
    tx.all(
        "SELECT id, booking_id, shop_id, therapist_id, customer_id, author, service_name, stars, words, created_at,
                reply, replied_at, version
         FROM review WHERE shop_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        params![shop, before.map_or(i64::MAX, Id::raw), limit],
        review,
    )
}

/// How many reviews of a shop have no answer.
pub(crate) fn unanswered(tx: &mut Tx, shop: ShopScope) -> Result<i64> {
    tx.one(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM review WHERE shop_id = $1 AND reply IS NULL",
        params![shop.id()],
        |row| row.get(0),
    )
}

pub(crate) fn score(tx: &mut Tx, shop: Id<Shop>) -> Result<Score> {
    let score = tx.maybe(
        "SELECT count, sum FROM review_score WHERE shop_id = $1",
        params![shop],
        |row| {
            Ok(Score {
                count: row.get(0)?,
                sum: row.get(1)?,
            })
        },
    )?;
    Ok(score.unwrap_or_default())
}

pub(crate) fn scores(tx: &mut Tx) -> Result<HashMap<Id<Shop>, Score>> {
    let rows = tx.all("SELECT shop_id, count, sum FROM review_score", &[], |row| {
        Ok((
            row.get(0)?,
            Score {
                count: row.get(1)?,
                sum: row.get(2)?,
            },
        ))
    })?;
    Ok(rows.into_iter().collect())
}

fn review(row: &Row) -> Result<Review> {
    let (reply, replied_at): (Option<String>, Option<Instant>) = (row.get(10)?, row.get(11)?);
    Ok(Review {
        id: row.get(0)?,
        booking: row.get(1)?,
        shop: row.get(2)?,
        therapist: row.get(3)?,
        customer: row.get(4)?,
        author: row.get(5)?,
        service_name: row.get(6)?,
        stars: row.get(7)?,
        words: row.get(8)?,
        created_at: row.get(9)?,
        reply: reply.zip(replied_at).map(|(words, at)| Reply { words, at }),
        version: row.get(12)?,
    })
}

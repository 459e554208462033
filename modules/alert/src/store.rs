use db::{Row, Tx, params};
use kernel::{Cx, Id, Instant, Result, Shop, ShopScope};

use crate::{
    message::Message,
    model::{Alert, MessageState, State, Step},
};

/// Writes an alert; false when it was made before.
pub(crate) fn insert(tx: &mut Tx, new: &Alert) -> Result<bool> {
    let written = tx.run(
        "INSERT INTO alert (id, shop_id, kind, booking_id, version, text, speech, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (booking_id, version, kind) DO NOTHING",
        params![
            new.id,
            new.shop,
            new.kind.code(),
            new.subject,
            new.version,
            &new.text,
            &new.speech,
            new.state.code(),
            new.created_at
        ],
    )?;
    Ok(written == 1)
}

/// Moves an alert on, if it still stands where it stood, and records the step.
pub(crate) fn save(cx: &Cx, tx: &mut Tx, before: &Alert, after: State, step: Step) -> Result<bool> {
    let saved = tx.run(
        "UPDATE alert SET state = $3 WHERE id = $1 AND state = $2",
        params![before.id, before.state.code(), after.code()],
    )?;
    if saved == 1 {
        tx.run(
            "INSERT INTO alert_step (id, alert_id, step, actor, at) VALUES ($1, $2, $3, $4, $5)",
            params![
                cx.id::<Step>(),
                before.id,
                step.code(),
                cx.actor().to_string(),
                cx.now()
            ],
        )?;
    }
    Ok(saved == 1)
}

pub(crate) fn alert(tx: &mut Tx, id: Id<Alert>) -> Result<Alert> {
    tx.one(
        "SELECT id, shop_id, kind, booking_id, version, text, speech, state, created_at FROM alert WHERE id = $1",
        params![id],
        read_alert,
    )
}

/// One alert of a shop.
pub(crate) fn at_shop(tx: &mut Tx, shop: ShopScope, id: Id<Alert>) -> Result<Alert> {
    tx.one(
        "SELECT id, shop_id, kind, booking_id, version, text, speech, state, created_at
         FROM alert WHERE id = $1 AND shop_id = $2",
        params![id, shop.id()],
        read_alert,
    )
}

/// The alerts about something that somebody still has to hear or act upon.
pub(crate) fn open_about(tx: &mut Tx, subject: i64) -> Result<Vec<Alert>> {
    tx.all(
        "SELECT id, shop_id, kind, booking_id, version, text, speech, state, created_at
         FROM alert WHERE booking_id = $1 AND state IN ('queued', 'heard') ORDER BY id",
        params![subject],
        read_alert,
    )
}

/// What a desk still has to hear or act upon, the oldest first.
pub(crate) fn open_at_shop(tx: &mut Tx, shop: ShopScope, from: Instant) -> Result<Vec<Alert>> {
    tx.all(
        "SELECT id, shop_id, kind, booking_id, version, text, speech, state, created_at
         FROM alert WHERE shop_id = $1 AND state IN ('queued', 'heard') AND created_at >= $2
         ORDER BY created_at, id",
        params![shop.id(), from],
        read_alert,
    )
}

/// The last alerts of a shop, the newest first.
pub(crate) fn latest(tx: &mut Tx, shop: ShopScope, from: Instant, limit: i64) -> Result<Vec<Alert>> {
    tx.all(
        "SELECT id, shop_id, kind, booking_id, version, text, speech, state, created_at
         FROM alert WHERE shop_id = $1 AND created_at >= $2
         ORDER BY created_at DESC, id DESC LIMIT $3",
        params![shop.id(), from, limit],
        read_alert,
    )
}

fn read_alert(row: &Row) -> Result<Alert> {
    Ok(Alert {
        id: row.get(0)?,
        shop: row.get(1)?,
        kind: row.code(2)?,
        subject: row.get(3)?,
        version: row.get(4)?,
        text: row.get(5)?,
        speech: row.get(6)?,
        state: row.code(7)?,
        created_at: row.get(8)?,
    })
}

/// Something that a desk is to be told, numbered without a gap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct News {
    pub seq: i64,
    pub event: String,
    pub alert: Option<Alert>,
}

/// Adds news for a desk.
pub(crate) fn add_news(
    tx: &mut Tx,
    shop: Id<Shop>,
    event: &str,
    alert: Option<Id<Alert>>,
    now: Instant,
) -> Result<()> {
    let seq: i64 = tx.one(
        "INSERT INTO alert_desk (shop_id, last) VALUES ($1, 1)
         ON CONFLICT (shop_id) DO UPDATE SET last = alert_desk.last + 1 RETURNING last",
        params![shop],
        |row| row.get(0),
    )?;
    tx.run(
        "INSERT INTO alert_news (shop_id, seq, event, alert_id, at) VALUES ($1, $2, $3, $4, $5)",
        params![shop, seq, event, alert, now],
    )?;
    Ok(())
}

/// The number of a desk's last news; 0 before the first.
pub(crate) fn last_news(tx: &mut Tx, shop: ShopScope) -> Result<i64> {
    let last = tx.maybe(
        "SELECT last FROM alert_desk WHERE shop_id = $1",
        params![shop.id()],
        |row| row.get(0),
    )?;
    Ok(last.unwrap_or(0))
}

/// The news of a desk after a number, at most 200.
pub(crate) fn news_after(tx: &mut Tx, shop: ShopScope, seq: i64) -> Result<Vec<News>> {
    tx.all(
        "SELECT a.id, a.shop_id, a.kind, a.booking_id, a.version, a.text, a.speech, a.state, a.created_at,
                n.seq, n.event, n.alert_id
         FROM alert_news n LEFT JOIN alert a ON a.id = n.alert_id
         WHERE n.shop_id = $1 AND n.seq > $2 ORDER BY n.seq LIMIT 200",
        params![shop.id(), seq],
        |row| {
            let about: Option<i64> = row.get(11)?;
            let alert = about.map(|_| read_alert(row)).transpose()?;
            Ok(News {
                seq: row.get(9)?,
                event: row.get(10)?,
                alert,
            })
        },
    )
}

/// Writes a message that is to be sent; false when it was made before.
pub(crate) fn insert_message(tx: &mut Tx, new: &Message, now: Instant) -> Result<bool> {
    let written = tx.run(
        "INSERT INTO alert_message
             (id, kind, subject_id, version, openid, template, fields, page, until_at, state, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (kind, subject_id, version, openid) DO NOTHING",
        params![
            new.id,
            new.kind.code(),
            new.subject,
            new.version,
            &new.openid,
            &new.template,
            serde_json::to_string(&new.fields)?,
            &new.page,
            new.until,
            new.state.code(),
            now
        ],
    )?;
    Ok(written == 1)
}

pub(crate) fn message(tx: &mut Tx, id: Id<Message>) -> Result<Message> {
    tx.one(
        "SELECT id, kind, subject_id, version, openid, template, fields, page, until_at, state, trouble
         FROM alert_message WHERE id = $1",
        params![id],
        read_message,
    )
}

/// The messages about a booking or refund, in the order they were made.
#[cfg(test)]
pub(crate) fn messages_of(tx: &mut Tx, subject: i64) -> Result<Vec<Message>> {
    tx.all(
        "SELECT id, kind, subject_id, version, openid, template, fields, page, until_at, state, trouble
         FROM alert_message WHERE subject_id = $1 ORDER BY made_at, kind, openid",
        params![subject],
        read_message,
    )
}

fn read_message(row: &Row) -> Result<Message> {
    let fields: String = row.get(6)?;
    Ok(Message {
        id: row.get(0)?,
        kind: row.code(1)?,
        subject: row.get(2)?,
        version: row.get(3)?,
        openid: row.get(4)?,
        template: row.get(5)?,
        fields: serde_json::from_str(&fields)?,
        page: row.get(7)?,
        until: row.get(8)?,
        state: row.code(9)?,
        trouble: row.get(10)?,
    })
}

/// How a message ended, if it was still queued.
pub(crate) fn end_message(
    tx: &mut Tx,
    id: Id<Message>,
    state: MessageState,
    msg_id: Option<&str>,
    trouble: Option<&str>,
) -> Result<()> {
    tx.run(
        "UPDATE alert_message SET state = $2, msg_id = $3, trouble = $4 WHERE id = $1 AND state = 'queued'",
        params![id, state.code(), msg_id, trouble],
    )?;
    Ok(())
}

/// What WeChat says later about a message that it took.
pub(crate) fn message_arrived(
    tx: &mut Tx,
    msg_id: &str,
    state: MessageState,
    trouble: Option<&str>,
) -> Result<()> {
    tx.run(
        "UPDATE alert_message SET state = $2, trouble = $3 WHERE msg_id = $1 AND state = 'sent'",
        params![msg_id, state.code(), trouble],
    )?;
    Ok(())
}

/// Notes a push of WeChat; false when it was acted upon before.
pub(crate) fn first_push(tx: &mut Tx, key: &str, now: Instant) -> Result<bool> {
    let written = tx.run(
        "INSERT INTO alert_push (key, at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING",
        params![key, now],
    )?;
    Ok(written == 1)
}

/// Notes who follows the account. What happened earlier, but is heard later, changes nothing.
pub(crate) fn set_follower(tx: &mut Tx, openid: &str, follows: bool, at: Instant) -> Result<()> {
    tx.run(
        "INSERT INTO alert_follower (openid, follows, at) VALUES ($1, $2, $3)
         ON CONFLICT (openid) DO UPDATE SET follows = excluded.follows, at = excluded.at
         WHERE alert_follower.at <= excluded.at",
        params![openid, follows, at],
    )?;
    Ok(())
}

/// Whether the person is known to have left the account.
pub(crate) fn has_left(tx: &mut Tx, openid: &str) -> Result<bool> {
    let follows: Option<bool> = tx.maybe(
        "SELECT follows FROM alert_follower WHERE openid = $1",
        params![openid],
        |row| row.get(0),
    )?;
    Ok(follows == Some(false))
}

/// Forgets news and pushes from before `until`; nobody asks for them any more.
pub(crate) fn prune(tx: &mut Tx, until: Instant) -> Result<()> {
    tx.run("DELETE FROM alert_news WHERE at < $1", params![until])?;
    tx.run("DELETE FROM alert_push WHERE at < $1", params![until])?;
    Ok(())
}

/// The alerts of a booking say nobody's name any more.
pub(crate) fn forget_alerts(tx: &mut Tx, booking: Id<booking::Booking>, words: &str) -> Result<()> {
    tx.run(
        "UPDATE alert SET text = $2, speech = $2 WHERE booking_id = $1",
        params![booking, words],
    )?;
    Ok(())
}

/// What was sent about something to a customer has no addressee any more, and what was sent to others about it no words. Of
/// a closing, which concerns many, only the customer's own is forgotten.
pub(crate) fn forget_messages(tx: &mut Tx, subject: i64, openid: &str) -> Result<()> {
    tx.run(
        "UPDATE alert_message SET fields = '[]' WHERE subject_id = $1 AND kind <> 'shop_closed'",
        params![subject],
    )?;
    tx.run(
        "UPDATE alert_message SET fields = '[]', openid = CAST(id AS TEXT),
                state = CASE WHEN state = 'queued' THEN 'dropped' ELSE state END
         WHERE subject_id = $1 AND openid = $2",
        params![subject, openid],
    )?;
    Ok(())
}

/// Forgets whether somebody follows the account.
pub(crate) fn forget_follower(tx: &mut Tx, openid: &str) -> Result<()> {
    tx.run("DELETE FROM alert_follower WHERE openid = $1", params![openid])?;
    Ok(())
}

//! Who is signed in: sessions as rows, so that signing out, a changed role or a lost telephone ends them at once.

use axum::response::Response;
use db::{Event, Job, Tx};
use kernel::{Actor, Customer, Cx, Id, Instant, MINUTE_MS, Result, Staff};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{App, cookies::Cookie, store};

/// A customer stays signed in for 30 days after the last visit; WeChat signs in again without a question.
const CUSTOMER_MS: i64 = 30 * 24 * 60 * MINUTE_MS;
/// A staff member stays signed in for 20 hours after the last sign of life: a shift is never cut off.
const STAFF_MS: i64 = 20 * 60 * MINUTE_MS;
/// How often a sign of life is written down.
const SEEN_MS: i64 = 10 * MINUTE_MS;

/// One signed-in person.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who it is.
    pub actor: Actor,
    /// The name shown on the pages.
    pub name: String,
    /// When it ends unless seen before.
    pub expires_at: Instant,
    /// The last sign of life that was written down.
    pub seen_at: Instant,
}

/// A session just begun: put it on the response with [`Begun::set`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Begun {
    token: String,
    staff: bool,
}

/// Signs `actor` in under the name the pages show.
pub fn begin(cx: &Cx, tx: &mut Tx, actor: Actor, name: &str) -> Result<Begun> {
    let token = cx.token();
    let staff = matches!(actor, Actor::Staff { .. });
    let session = Session {
        actor,
        name: name.to_owned(),
        expires_at: cx.now() + life_ms(actor),
        seen_at: cx.now(),
    };
    store::insert_session(tx, &hash(&token), &session, cx.now())?;
    Ok(Begun { token, staff })
}

/// Ends every session and every token of a staff account: after a changed password, role or shop.
pub fn end_all_of(tx: &mut Tx, staff: Id<Staff>) -> Result<()> {
    store::delete_tokens_of_staff(tx, staff)?;
    store::delete_sessions_of_staff(tx, staff).map(drop)
}

/// Ends every session of a customer, who has deleted the account.
pub fn end_all_of_customer(tx: &mut Tx, customer: Id<Customer>) -> Result<()> {
    store::delete_sessions_of_customer(tx, customer).map(drop)
}

impl Begun {
    /// Hands the session to the browser.
    pub fn set(&self, app: &App, mut response: Response) -> Response {
        let (cookie, life) = if self.staff {
            (Cookie::Staff, STAFF_MS)
        } else {
            (Cookie::Customer, CUSTOMER_MS)
        };
        cookie.set(&app.settings, &self.token, life / 1000, response.headers_mut());
        response
    }
}

/// Makes the browser forget its session of that kind.
pub fn forget(app: &App, staff: bool, mut response: Response) -> Response {
    let cookie = if staff { Cookie::Staff } else { Cookie::Customer };
    cookie.set(&app.settings, "", 0, response.headers_mut());
    response
}

/// The live session behind a token; now and then its life is prolonged.
pub(crate) async fn find(app: &App, token: &str) -> Result<Option<Session>> {
    let (hash, now) = (hash(token), app.world.now());
    let key = hash.clone();
    let found = app.db.read(move |tx| store::session(tx, &key, now)).await?;
    if let Some(session) = &found
        && now - session.seen_at > SEEN_MS
    {
        let until = now + life_ms(session.actor);
        app.db
            .write(move |tx| store::see_session(tx, &hash, now, until))
            .await?;
    }
    Ok(found)
}

/// Ends the session behind a token.
pub(crate) async fn end(app: &App, token: &str) -> Result<()> {
    let hash = hash(token);
    app.db.write(move |tx| store::delete_session(tx, &hash)).await
}

/// SHA-256 in hexadecimal: what is stored in place of a token.
pub(crate) fn hash(token: &str) -> String {
    Sha256::digest(token.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn life_ms(actor: Actor) -> i64 {
    if matches!(actor, Actor::Staff { .. }) {
        STAFF_MS
    } else {
        CUSTOMER_MS
    }
}

/// Sweeps ended sessions and kept forms; plans its own next run.
#[derive(Serialize, Deserialize)]
pub struct Sweep;

impl Event for Sweep {
    const NAME: &'static str = "web.sweep";
}

pub(crate) fn sweep_job() -> Job {
    Job::new(Sweep::NAME, |work, _: Sweep| {
        let cx = work.cx.clone();
        work.db
            .write(move |tx| {
                store::delete_expired(tx, cx.now())?;
                plan_sweep(&cx, tx)
            })
            .wait()
    })
}

/// Plans the next sweep, one hour from now, unless one is planned already.
pub fn plan_sweep(cx: &Cx, tx: &mut Tx) -> Result<()> {
    let due = cx.now().plus_minutes(60);
    // The hour is part of the key: the sweep that plans the next one is itself still queued.
    let key = format!("web.sweep.{}", due.ms() / (60 * MINUTE_MS));
    tx.schedule(cx, Sweep::NAME, &Sweep, due, Some(&key))
}

use kernel::{Actor, Cx, HOUR_MS, Refused, Result};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Tx, params};

/// How long the first answer to a key is kept, in milliseconds: longer than WeChat Pay repeats its notices (24 h 4 min).
pub const KEPT_MS: i64 = 72 * HOUR_MS;

const FIND: &str = "SELECT fingerprint, body, made_at FROM answer WHERE actor = $1 AND key = $2";
const FORGET: &str = "DELETE FROM answer WHERE actor = $1 AND key = $2";
const KEEP: &str = "INSERT INTO answer (actor, key, fingerprint, body, made_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING";
const FORGET_ALL: &str = "DELETE FROM answer WHERE actor = $1";
const PRUNE: &str = "DELETE FROM answer WHERE (actor, key) IN
     (SELECT actor, key FROM answer WHERE made_at < $1 ORDER BY made_at LIMIT 500)";

impl Tx<'_> {
    /// Runs `f` once per person and `key`: the first answer is stored in this transaction for 72 hours and given again to
    /// the same question. The same key with another `fingerprint` of the question is refused: `db.key_reused` (409).
    /// A refusal of `f` is not stored; the next try asks anew.
    pub fn once<T: Serialize + DeserializeOwned>(
        &mut self,
        cx: &Cx,
        key: &str,
        fingerprint: &str,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        let actor = cx.actor().to_string();
        let known = self.maybe(FIND, params![&actor, key], |row| {
            Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<i64>(2)?))
        })?;
        if let Some((asked, body, made_at)) = known {
            if made_at >= cx.now().ms() - KEPT_MS {
                if asked != fingerprint {
                    return Err(key_reused().into());
                }
                return Ok(serde_json::from_str(&body)?);
            }
            self.run(FORGET, params![&actor, key])?;
        }
        let answer = f(self)?;
        let body = serde_json::to_string(&answer)?;
        let kept = self.run(KEEP, params![&actor, key, fingerprint, &body, cx.now()])?;
        if kept == 0 {
            // Somebody asked the same at the same time and came first.
            return Err(self.again());
        }
        Ok(answer)
    }

    /// Forgets every answer to a person, and with it what they had asked.
    pub fn forget_answers(&mut self, actor: Actor) -> Result<u64> {
        self.run(FORGET_ALL, params![actor.to_string()])
    }
}

/// Forgets up to 500 answers older than [`KEPT_MS`]; how many.
pub(crate) fn prune(tx: &mut Tx<'_>, now: kernel::Instant) -> Result<u64> {
    tx.run(PRUNE, params![now + -KEPT_MS])
}

fn key_reused() -> Refused {
    Refused {
        code: "db.key_reused",
        status: 409,
        args: Vec::new(),
        field: None,
    }
}

//! One verb, one transaction.

mod deliveries;
mod feeds;
mod hooks;

pub use deliveries::{announce, forget, record, send_again};
pub use feeds::{WayWords, give_feed, read_feed, take_feed};
pub use hooks::{at_shop, register, remove, rotate, switch_on};

use db::Tx;
use kernel::{Cx, Instant, Result, Secret};
use web::tokens::{NewToken, PER_MINUTE, Token};

use crate::model::{Refusal, Scope};

/// The longest name of a token, in characters.
const NAME_LENGTH: usize = 40;
/// A token lives so many days at most.
pub(crate) const MOST_DAYS: i64 = 730;

/// Makes a token for so many days. The secret is given here and never again.
///
/// # Errors
/// `integration.no_name`, `integration.no_scopes`, `integration.bad_days`; `Forbidden` for everybody but owners and the
/// centre.
pub fn issue_token(
    cx: &Cx,
    tx: &mut Tx,
    name: &str,
    scopes: &[Scope],
    days: i64,
) -> Result<(Token, Secret<String>)> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_LENGTH || name.chars().any(char::is_control) {
        return Err(Refusal::NoName { most: NAME_LENGTH }.into());
    }
    if scopes.is_empty() {
        return Err(Refusal::NoScopes.into());
    }
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Refusal::BadDays.into());
    }
    let mut scopes: Vec<Scope> = scopes.to_vec();
    scopes.sort();
    scopes.dedup();
    let new = NewToken {
        name: name.to_owned(),
        scopes: scopes.iter().map(|scope| scope.code().to_owned()).collect(),
        expires_at: Instant(cx.now().ms() + days * crate::model::DAY_MS),
        per_minute: PER_MINUTE,
    };
    web::tokens::issue(cx, tx, &new)
}

//! Keys of other programs: a token acts in the name of the person who made it, within its scopes, until it ends.
//!
//! The person sees the token once; only its SHA-256 is stored. When the person's account is shut or gets a new password, the
//! tokens made by it are gone too.

use axum::http::{HeaderMap, header};
use db::Tx;
use kernel::{Actor, Cx, Error, Id, Instant, MINUTE_MS, Result, Role, Secret, Shop};

use crate::{App, sessions::hash, store};

/// Requests that a token may make in a minute, where nothing else was said.
pub const PER_MINUTE: u32 = 600;
/// How a token begins, so that people and scanners of leaked secrets know one.
pub const PREFIX: &str = "tuina_";
/// How often a use is written down.
const SEEN_MS: i64 = MINUTE_MS;
/// So many characters of a token stay readable, to tell tokens apart.
const HEAD: usize = PREFIX.len() + 6;

/// A token without its secret.
#[derive(Clone, Debug)]
pub struct Token {
    /// The token.
    pub id: Id<Token>,
    /// Its first characters.
    pub head: String,
    /// What it is for, in the words of whoever made it.
    pub name: String,
    /// In whose name it acts.
    pub actor: Actor,
    /// For which shop; `None`: the centre's, for all.
    pub shop: Option<Id<Shop>>,
    /// What the person who made it may do.
    pub role: Role,
    /// What it may be used for.
    pub scopes: Vec<String>,
    /// Requests that it may make in a minute.
    pub per_minute: u32,
    /// When it was made.
    pub made_at: Instant,
    /// When it ends by itself.
    pub expires_at: Instant,
    /// When it was last used, to the minute.
    pub seen_at: Option<Instant>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Instant>,
}

impl Token {
    /// Whether it opens anything at `now`.
    pub fn is_live(&self, now: Instant) -> bool {
        self.revoked_at.is_none() && self.expires_at > now
    }

    /// Whether it may be used for `scope`.
    pub fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|own| own == scope)
    }
}

/// What is said of a token when it is made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<String>,
    /// When it ends by itself.
    pub expires_at: Instant,
    /// Requests that it may make in a minute.
    pub per_minute: u32,
}

/// Makes a token in the name of the owner (for the own shop) or the officer of the centre (for all shops) who asks. The
/// secret is given here and never again.
///
/// # Errors
/// `Forbidden` for everybody else.
pub fn issue(cx: &Cx, tx: &mut Tx, new: &NewToken) -> Result<(Token, Secret<String>)> {
    let Actor::Staff { id, shop, role } = cx.actor() else {
        return Err(Error::Forbidden);
    };
    if !matches!(role, Role::Owner | Role::Centre) {
        return Err(Error::Forbidden);
    }
    let secret = format!("{PREFIX}{}", cx.token());
    let token = Token {
        id: cx.id(),
        head: secret[..HEAD].to_owned(),
        name: new.name.clone(),
        actor: cx.actor(),
        shop,
        role,
        scopes: new.scopes.clone(),
        per_minute: new.per_minute,
        made_at: cx.now(),
        expires_at: new.expires_at,
        seen_at: None,
        revoked_at: None,
    };
    store::insert_token(tx, &hash(&secret), &token, id)?;
    Ok((token, Secret::new(secret)))
}

/// The tokens that whoever asks keeps: of the own shop, or the centre's own; the newest first.
///
/// # Errors
/// `Forbidden` for everybody but owners and the centre.
pub fn kept(cx: &Cx, tx: &mut Tx) -> Result<Vec<Token>> {
    match cx.actor() {
        Actor::Staff {
            role: Role::Owner,
            shop: Some(shop),
            ..
        } => store::tokens_of_shop(tx, shop),
        Actor::Staff {
            role: Role::Centre, ..
        } => store::tokens_of_centre(tx),
        _ => Err(Error::Forbidden),
    }
}

/// The tokens of one shop, for its owner and for the centre; the newest first.
pub fn of_shop(cx: &Cx, tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<Token>> {
    store::tokens_of_shop(tx, cx.shop_named(shop)?.id())
}

/// Ends a token at once. A second time is success without effect.
///
/// # Errors
/// `NotFound` for a token of somebody else's shop.
pub fn revoke(cx: &Cx, tx: &mut Tx, id: Id<Token>) -> Result<Token> {
    let token = store::token(tx, id)?;
    match cx.actor() {
        Actor::Staff {
            role: Role::Centre, ..
        } => {}
        Actor::Staff {
            role: Role::Owner,
            shop: own,
            ..
        } if own.is_some() && own == token.shop => {}
        _ => return Err(Error::NotFound),
    }
    store::revoke_token(cx, tx, id)?;
    Ok(token)
}

/// The live token that a request carries as `Authorization: Bearer …`; now and then its use is written down.
pub(crate) async fn find(app: &App, headers: &HeaderMap) -> Result<Option<Token>> {
    let Some(secret) = bearer(headers) else {
        return Ok(None);
    };
    let (hash, now) = (hash(secret), app.world.now());
    let found = app
        .db
        .read(move |tx| store::token_by_hash(tx, &hash, now))
        .await?;
    if let Some(token) = &found
        && token.seen_at.is_none_or(|seen| now - seen >= SEEN_MS)
    {
        let id = token.id;
        app.db.write(move |tx| store::see_token(tx, id, now)).await?;
    }
    Ok(found)
}

/// The scheme's name is written in any case (RFC 9110).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    let secret = secret.trim();
    (scheme.eq_ignore_ascii_case("bearer") && secret.starts_with(PREFIX)).then_some(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bearer_token_of_ours_is_looked_up() {
        let read = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(read("Bearer tuina_ab").as_deref(), Some("tuina_ab"));
        assert_eq!(read("bearer  tuina_ab ").as_deref(), Some("tuina_ab"));
        for other in ["Basic tuina_ab", "tuina_ab", "Bearer ghp_ab", "Bearer"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}

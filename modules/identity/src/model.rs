//! The rules of people and sign-in.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use kernel::{Actor, Customer, Id, Role, Shop, Staff};

kernel::refusals! {
    /// Why a sign-in or an account says no.
    pub enum Refusal in "identity" {
        /// Wrong name or wrong password: which of the two is not said.
        WrongPassword => 401 "wrong_password",
        /// The sign-in through WeChat was too old, used before, or began in another browser.
        StaleSignIn => 400 "stale_sign_in",
        /// WeChat shows the page as a snapshot to somebody who has not agreed to be known.
        Snapshot => 403 "snapshot",
        /// WeChat did not answer.
        WeChatAway => 503 "wechat_away",
        /// Somebody has this sign-in name already.
        LoginTaken => 409 "login_taken" on "login",
        /// The sign-in name has other signs than small letters, digits, dot and hyphen, or is too short or long.
        BadLogin => 422 "bad_login" on "login",
        /// The password is shorter than eight signs.
        ShortPassword => 422 "short_password" on "password",
        /// The name is missing or too long.
        BadName => 422 "bad_name" on "name",
        /// Shops have owners, clerks and therapists; the centre has officers.
        BadRole => 422 "bad_role" on "role",
        /// Nobody shuts the own account.
        OwnAccount => 409 "own_account",
        /// The phone number cannot be one.
        BadPhone => 422 "bad_phone" on "phone",
    }
}

/// A person known by WeChat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRecord {
    /// Identifier.
    pub id: Id<Customer>,
    /// The person's openid at the official account.
    pub openid: String,
    /// How the person wants to be called; from the last booking.
    pub name: Option<String>,
    /// Mobile number, 11 digits; from the last booking.
    pub phone: Option<String>,
    /// The name in WeChat, where the person agreed to show it.
    pub nickname: Option<String>,
}

/// A person of a shop or of the centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffAccount {
    /// Identifier.
    pub id: Id<Staff>,
    /// The shop; `None` for the centre.
    pub shop: Option<Id<Shop>>,
    /// What the account may do.
    pub role: Role,
    /// The person's name.
    pub name: String,
    /// The name typed to sign in.
    pub login: String,
    /// The person's openid, where WeChat messages may be sent.
    pub openid: Option<String>,
    /// Whether the account may sign in.
    pub active: bool,
}

impl StaffAccount {
    /// The account as the one who asks.
    pub fn actor(&self) -> Actor {
        Actor::Staff {
            id: self.id,
            shop: self.shop,
            role: self.role,
        }
    }
}

/// A password as it is stored: argon2id with its own salt (PHC string).
#[derive(Clone, PartialEq, Eq)]
pub struct Password(pub(crate) String);

impl Password {
    /// Hashes a password; takes some tens of milliseconds by intention, so never inside a transaction.
    pub fn hash(plain: &str) -> kernel::Result<Password> {
        if plain.chars().count() < 8 {
            return Err(Refusal::ShortPassword.into());
        }
        let hash = Argon2::default()
            .hash_password(plain.as_bytes())
            .map_err(|error| kernel::Error::fault(format!("password hash: {error}")))?;
        Ok(Password(hash.to_string()))
    }

    /// Whether `plain` is this password. As slow as [`Password::hash`].
    pub fn is(&self, plain: &str) -> bool {
        PasswordHash::new(&self.0)
            .is_ok_and(|hash| Argon2::default().verify_password(plain.as_bytes(), &hash).is_ok())
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// A sign-in name: 3 to 32 small letters, digits, dots and hyphens.
pub(crate) fn check_login(login: &str) -> kernel::Result<()> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    if (3..=32).contains(&login.len()) && login.bytes().all(fits) {
        Ok(())
    } else {
        Err(Refusal::BadLogin.into())
    }
}

/// A person's name: 1 to 20 signs.
pub(crate) fn check_name(name: &str) -> kernel::Result<()> {
    if (1..=20).contains(&name.trim().chars().count()) {
        Ok(())
    } else {
        Err(Refusal::BadName.into())
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn a_password_is_recognised_and_never_shown() {
        let password = Password::hash("一二三四五六七八").unwrap();
        assert!(password.is("一二三四五六七八") && !password.is("一二三四五六七"));
        assert!(password.0.starts_with("$argon2id$"));
        assert_eq!(format!("{password:?}"), "***");
        assert_eq!(
            Password::hash("short").unwrap_err().code(),
            Some("identity.short_password")
        );
    }

    #[test]
    fn sign_in_names_are_plain() {
        assert!(check_login("qingfeng.liu").is_ok());
        for login in ["ab", "Liu", "刘师傅", "a b c", "x'; --"] {
            assert!(check_login(login).is_err(), "{login}");
        }
    }
}

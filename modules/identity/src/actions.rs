//! What people do about accounts: each verb is one transaction.

mod at_desk;
mod leaving;

use db::Tx;
use kernel::{Actor, Customer, Cx, Error, Id, Result, Role, Shop, Staff};

pub use leaving::{CustomerLeft, leave};

pub use at_desk::{Caller, customer_at_desk, forget_at_desk, is_remembered, known_at_desk};

use crate::{
    CustomerRecord, Password, Refusal, StaffAccount,
    model::{check_login, check_name},
    store,
};

/// Makes the person behind an openid known; who was here before stays the same.
pub fn greet_customer(cx: &Cx, tx: &mut Tx, openid: &str) -> Result<CustomerRecord> {
    store::insert_customer(tx, cx.id(), openid, cx.now())?;
    store::customer_by_openid(tx, openid)?.ok_or(Error::NotFound)
}

/// Remembers what a customer typed, so that the next form is filled in. `phone` is 11 digits.
pub fn remember_contact(cx: &Cx, tx: &mut Tx, customer: Id<Customer>, name: &str, phone: &str) -> Result<()> {
    if !matches!(cx.actor(), Actor::Customer(own) if own == customer) {
        return Err(Error::NotFound);
    }
    store::update_contact(tx, customer, name, phone)
}

/// A staff account to be created. `password` is hashed already, outside the transaction.
#[derive(Debug, Clone)]
pub struct NewStaff {
    /// The shop; `None` makes an officer of the centre.
    pub shop: Option<Id<Shop>>,
    /// What the account may do.
    pub role: Role,
    /// The person's name.
    pub name: String,
    /// The name typed to sign in.
    pub login: String,
    /// The password.
    pub password: Password,
    /// The person's openid, if known.
    pub openid: Option<String>,
}

/// Creates a staff account: the centre for anyone, an owner for the own shop.
pub fn create_staff(cx: &Cx, tx: &mut Tx, new: &NewStaff) -> Result<StaffAccount> {
    may_keep(cx, new.shop)?;
    check_login(&new.login)?;
    check_name(&new.name)?;
    if (new.role == Role::Centre) != new.shop.is_none() {
        return Err(Refusal::BadRole.into());
    }
    let account = StaffAccount {
        id: cx.id(),
        shop: new.shop,
        role: new.role,
        name: new.name.trim().to_owned(),
        login: new.login.clone(),
        openid: new.openid.clone(),
        active: true,
    };
    if store::insert_staff(tx, &account, &new.password, cx.now())? == 0 {
        return Err(Refusal::LoginTaken.into());
    }
    Ok(account)
}

/// Gives an account a new password and ends its sessions.
pub fn reset_password(cx: &Cx, tx: &mut Tx, id: Id<Staff>, password: &Password) -> Result<StaffAccount> {
    let account = kept(cx, tx, id)?;
    store::update_password(tx, id, password)?;
    web::sessions::end_all_of(tx, id)?;
    Ok(account)
}

/// Opens or shuts an account; a shut one is signed out everywhere at once.
pub fn set_active(cx: &Cx, tx: &mut Tx, id: Id<Staff>, active: bool) -> Result<StaffAccount> {
    let account = kept(cx, tx, id)?;
    if matches!(cx.actor(), Actor::Staff { id: own, .. } if own == id) {
        return Err(Refusal::OwnAccount.into());
    }
    store::update_active(tx, id, active)?;
    if !active {
        web::sessions::end_all_of(tx, id)?;
    }
    Ok(account)
}

/// Binds a staff account to the WeChat of the person, so that messages about orders reach it.
pub fn bind_wechat(cx: &Cx, tx: &mut Tx, id: Id<Staff>, openid: &str) -> Result<()> {
    match cx.actor() {
        Actor::Staff { id: own, .. } if own == id => store::update_openid(tx, id, openid),
        Actor::System(_) => store::update_openid(tx, id, openid),
        _ => Err(Error::NotFound),
    }
}

/// The account, if the one who asks keeps the accounts of its shop.
pub(crate) fn kept(cx: &Cx, tx: &mut Tx, id: Id<Staff>) -> Result<StaffAccount> {
    let account = store::staff_account(tx, id)?;
    may_keep(cx, account.shop)?;
    Ok(account)
}

/// The centre and the program keep every account; an owner keeps those of the own shop.
fn may_keep(cx: &Cx, shop: Option<Id<Shop>>) -> Result<()> {
    match cx.actor() {
        Actor::System(_)
        | Actor::Staff {
            role: Role::Centre, ..
        } => Ok(()),
        Actor::Staff {
            role: Role::Owner,
            shop: own,
            ..
        } if own.is_some() && own == shop => Ok(()),
        _ => Err(Error::NotFound),
    }
}

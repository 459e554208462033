//! Addresses that hear what happens at a shop.

use db::Tx;
use kernel::{Cx, Error, Id, Result, Secret, Shop};

use crate::{
    jobs::HookTurned,
    model::{ANNOUNCED, Guard, Hook, HookState, HookStep, MOST_HOOKS, OLD_SECRET_MS, Refusal, new_secret},
    store,
};

/// Registers an address. The secret is given here, and again only when it is changed.
///
/// # Errors
/// `integration.bad_url`, `integration.no_events`, `integration.too_many_hooks`; `NotFound` for a foreign shop.
pub fn register(
    cx: &Cx,
    tx: &mut Tx,
    guard: Guard,
    shop: Id<Shop>,
    (url, events): (&str, &[String]),
) -> Result<(Hook, Secret<String>)> {
    cx.shop_named(shop)?;
    let url = url.trim();
    if !guard.admits_url(url) {
        return Err(Refusal::BadUrl.into());
    }
    let known = |event: &String| ANNOUNCED.iter().any(|(known, _)| known == event);
    if events.is_empty() || !events.iter().all(known) {
        return Err(Refusal::NoEvents.into());
    }
    if store::hooks_of(tx, shop)?.len() as i64 >= MOST_HOOKS {
        return Err(Refusal::TooManyHooks { most: MOST_HOOKS }.into());
    }
    let mut events = events.to_vec();
    events.sort();
    events.dedup();
    let secret = new_secret(&cx.token());
    let hook = Hook {
        id: cx.id(),
        shop,
        url: url.to_owned(),
        secret: secret.clone(),
        old: None,
        events,
        state: HookState::Active,
        failing_since: None,
        made_at: cx.now(),
        version: 1,
    };
    store::add_hook(tx, &hook)?;
    store::add_step(cx, tx, hook.id.raw(), HookStep::Register)?;
    Ok((hook, secret))
}

/// Gives an address a new secret; for a day both sign.
///
/// # Errors
/// `integration.hook_gone`, `NotFound`.
pub fn rotate(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, id: Id<Hook>) -> Result<(Hook, Secret<String>)> {
    let hook = at_shop(cx, tx, shop, id)?;
    let secret = new_secret(&cx.token());
    let until = kernel::Instant(cx.now().ms() + OLD_SECRET_MS);
    let changed = Hook {
        old: Some((hook.secret.clone(), until)),
        secret: secret.clone(),
        ..hook
    };
    Ok((take(cx, tx, changed, HookStep::Rotate)?, secret))
}

/// Switches an address on again that the program had switched off.
///
/// # Errors
/// `integration.hook_gone`, `NotFound`.
pub fn switch_on(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, id: Id<Hook>) -> Result<Hook> {
    let hook = at_shop(cx, tx, shop, id)?;
    if hook.state == HookState::Active {
        return Ok(hook);
    }
    let hook = Hook {
        failing_since: None,
        ..hook
    };
    take(cx, tx, hook, HookStep::SwitchOn)
}

/// Removes an address: it hears no more. A second time is success without effect.
///
/// # Errors
/// `NotFound`.
pub fn remove(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, id: Id<Hook>) -> Result<Hook> {
    let hook = at_shop(cx, tx, shop, id)?;
    if hook.state == HookState::Removed {
        return Ok(hook);
    }
    take(cx, tx, hook, HookStep::Remove)
}

/// An address of the shop; those of others do not exist.
pub fn at_shop(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, id: Id<Hook>) -> Result<Hook> {
    let scope = cx.shop_named(shop)?;
    let hook = store::hook(tx, id)?;
    if hook.shop == scope.id() {
        Ok(hook)
    } else {
        Err(Error::NotFound)
    }
}

/// Takes a step and records it.
pub(super) fn take(cx: &Cx, tx: &mut Tx, hook: Hook, step: HookStep) -> Result<Hook> {
    let state = hook.state.after(step).ok_or(Refusal::HookGone)?;
    let after = Hook {
        state,
        version: hook.version + 1,
        ..hook
    };
    if !store::save_hook(tx, &after)? {
        return Err(Refusal::HookGone.into());
    }
    store::add_step(cx, tx, after.id.raw(), step)?;
    tell(cx, tx, &after, step)?;
    Ok(after)
}

/// An address that hears no more, though nobody of the shop wanted it so, must reach a person.
fn tell(cx: &Cx, tx: &mut Tx, hook: &Hook, step: HookStep) -> Result<()> {
    if matches!(step, HookStep::Register | HookStep::Rotate) {
        return Ok(());
    }
    let turned = HookTurned {
        hook: hook.id,
        shop: hook.shop,
        version: hook.version,
        off: step == HookStep::SwitchOff,
        host: hook.host().to_owned(),
    };
    tx.emit(cx, &turned)
}

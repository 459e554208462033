use kernel::Result;
use text::args;
use wechat::{
    At,
    oa::{Account, Action, Button, Item, Menu},
};

use crate::words;

/// Publishes the account's menu where it differs from ours; whether it did. Clients show a new menu within a day.
///
/// # Errors
/// A fault when WeChat does not answer or refuses.
pub fn publish_menu(account: &Account, base_url: &str, now_s: i64) -> Result<bool> {
    let wanted = menu(base_url);
    if account.menu(At::now(now_s))?.as_ref() == Some(&wanted) {
        return Ok(false);
    }
    account.create_menu(At::now(now_s), &wanted)?;
    Ok(true)
}

fn menu(base_url: &str) -> Menu {
    let view = |key: &str, path: &str| {
        let url = format!("{base_url}{path}");
        Button::Item(Item {
            name: words::say(key, &args![]),
            action: Action::View { url },
        })
    };
    Menu {
        button: vec![
            // Through WeChat's door, so that the list already knows who looks; it costs the person nothing.
            view("alert-menu-near", "/wechat/sign-in?to=/"),
            view("alert-menu-bookings", "/bookings"),
            view("alert-menu-me", "/me"),
        ],
    }
}

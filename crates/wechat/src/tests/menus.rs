//! Conditional menus and the menu in force.

use serde_json::json;

use super::calls::{get, ok, post, refused, sent, wire};
use super::support::*;
use crate::oa::{Action, Button, Item, Menu};

fn menu() -> Menu {
    Menu {
        button: vec![Button::Item(Item {
            name: "我的预约".into(),
            action: Action::Click {
                key: "bookings".into(),
            },
        })],
    }
}

fn written() -> serde_json::Value {
    json!([{"type": "click", "name": "我的预约", "key": "bookings"}])
}

#[test]
fn conditional_menus_match_by_tag_alone() {
    assert_eq!(
        sent(&json!({"menuid": 208_379_533}), |a| {
            assert_eq!(a.add_conditional_menu(at(), &menu(), 134).unwrap(), "208379533");
        }),
        post(
            "/cgi-bin/menu/addconditional",
            json!({"button": written(), "matchrule": {"tag_id": "134"}})
        )
    );
    assert_eq!(
        sent(&ok(), |a| a.delete_conditional_menu(at(), "208379533").unwrap()),
        post("/cgi-bin/menu/delconditional", json!({"menuid": "208379533"}))
    );
    assert_eq!(
        sent(&json!({"button": written()}), |a| {
            assert_eq!(a.menu_for(at(), "o1").unwrap(), menu());
        }),
        post("/cgi-bin/menu/trymatch", json!({"user_id": "o1"}))
    );
    refused(|a| a.add_conditional_menu(at(), &Menu { button: Vec::new() }, 134));
}

#[test]
fn all_menus_at_once() {
    let answer = json!({
        "menu": {"button": written(), "menuid": 208_396_938},
        "conditionalmenu": [
            {"button": written(), "matchrule": {"tag_id": "134"}, "menuid": 208_396_993},
            {"button": written(), "matchrule": {"group_id": 2}, "menuid": 208_396_994}
        ]
    });
    assert_eq!(
        sent(&answer, |a| {
            let menus = a.menus(at()).unwrap().unwrap();
            assert_eq!(menus.menu, menu());
            let rules: Vec<_> = menus
                .conditional
                .iter()
                .map(|conditional| (conditional.id.as_str(), conditional.rule.tag_id.as_deref()))
                .collect();
            assert_eq!(rules, [("208396993", Some("134")), ("208396994", Some("2"))]);
        }),
        get("/cgi-bin/menu/get")
    );
    let none = wire(json!({"errcode": 46003, "errmsg": "menu no exist"}));
    assert_eq!(account(&none).menus(at()).unwrap(), None);
}

#[test]
fn the_menu_in_force() {
    let answer = json!({"is_menu_open": 1, "selfmenu_info": {"button": [
        {"type": "view", "name": "v", "url": "https://a"},
        {"name": "list", "sub_button": {"list": [{"type": "news", "name": "n", "value": "M", "news_info": {"list": []}}]}}
    ]}});
    assert_eq!(
        sent(&answer, |a| {
            let menu = a.current_menu(at()).unwrap();
            assert!(menu.open);
            assert_eq!(menu.buttons[1]["sub_button"]["list"][0]["value"], "M");
        }),
        get("/cgi-bin/get_current_selfmenu_info")
    );
    let closed = wire(json!({"is_menu_open": 0}));
    let menu = account(&closed).current_menu(at()).unwrap();
    assert!(!menu.open && menu.buttons.is_empty());
}

//! What each call of the official account writes and reads.

use serde_json::{Value, json};

use super::support::*;
use crate::oa::{
    Account, Action, Article, Button, CustomerMessage, CustomerWindow, Error, Item, Menu, MenuChoice,
    MiniProgram, Scene, Scope, SignIn, TemplateMessage,
};

/// Answers every token request, and everything else with this.
pub(super) fn wire(answer: Value) -> std::sync::Arc<Wire> {
    Wire::new(move |_, request| {
        if request.uri().path() == "/cgi-bin/stable_token" {
            json_answer(&json!({"access_token": "T", "expires_in": 7200}))
        } else {
            json_answer(&answer)
        }
    })
}

pub(super) fn ok() -> Value {
    json!({"errcode": 0, "errmsg": "ok"})
}

/// What one call sent once it had its token `T`: method, path and query without the token; the JSON body.
pub(super) fn sent(answer: &Value, call: impl FnOnce(&Account)) -> (String, Value) {
    let wire = wire(answer.clone());
    call(&account(&wire));
    let seen = wire.seen.lock().unwrap();
    let last = seen.last().expect("something was sent");
    let target = last.uri().path_and_query().unwrap().as_str();
    let target = target
        .replace("?access_token=T&", "?")
        .replace("?access_token=T", "");
    let body = serde_json::from_slice(last.body()).unwrap_or(Value::Null);
    (format!("{} {target}", last.method()), body)
}

/// A call that must be refused before anything is sent, the token included.
pub(super) fn refused<T: std::fmt::Debug>(call: impl FnOnce(&Account) -> Result<T, Error>) {
    let wire = wire(ok());
    let outcome = call(&account(&wire));
    assert!(matches!(outcome, Err(Error::Invalid(_))), "{outcome:?}");
    assert!(wire.seen.lock().unwrap().is_empty());
}

pub(super) fn get(target: &str) -> (String, Value) {
    (format!("GET {target}"), Value::Null)
}

pub(super) fn post(target: &str, body: Value) -> (String, Value) {
    (format!("POST {target}"), body)
}

#[test]
fn authorisation_address() {
    let account = account(&wire(ok()));
    assert_eq!(
        account
            .authorize_url("https://a.example/me?x=1&y=盲", Scope::Base, "abc123")
            .unwrap(),
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx2421b1c4370ec43b\
         &redirect_uri=https%3A%2F%2Fa.example%2Fme%3Fx%3D1%26y%3D%E7%9B%B2\
         &response_type=code&scope=snsapi_base&state=abc123#wechat_redirect"
    );
    assert!(
        account
            .authorize_url("https://a", Scope::UserInfo, "")
            .unwrap()
            .contains("snsapi_userinfo")
    );
    for state in ["a&b", "中", &"x".repeat(129)] {
        assert!(matches!(
            account.authorize_url("https://a", Scope::Base, state),
            Err(Error::Invalid(_))
        ));
    }
}

#[test]
fn sign_in_profile_and_refresh() {
    let grant = json!({
        "access_token": "A", "expires_in": 7200, "refresh_token": "R", "openid": "o1", "scope": "snsapi_userinfo",
        "unionid": "u1", "nickname": "张丽😀", "headimgurl": "https://p", "sex": 0, "privilege": []
    });
    let wire = wire(grant);
    let account = account(&wire);
    let SignIn::Person(grant) = account.oauth_sign_in(at(), "CODE&1").unwrap() else {
        panic!("snapshot")
    };
    assert_eq!(
        (grant.openid.as_str(), grant.unionid.as_deref()),
        ("o1", Some("u1"))
    );
    assert_eq!(
        wire.path(0),
        "/sns/oauth2/access_token?appid=wx2421b1c4370ec43b&secret=app-secret&code=CODE%261&grant_type=authorization_code"
    );
    assert_eq!(account.oauth_profile(at(), &grant).unwrap().nickname, "张丽😀");
    assert_eq!(wire.path(1), "/sns/userinfo?access_token=A&openid=o1&lang=zh_CN");
    account.oauth_refresh(at(), &grant.refresh_token).unwrap();
    assert_eq!(
        wire.path(2),
        "/sns/oauth2/refresh_token?appid=wx2421b1c4370ec43b&grant_type=refresh_token&refresh_token=R"
    );
    assert!(!format!("{grant:?}").contains("\"A\""), "a token shows in Debug");
}

#[test]
fn page_config_uses_the_stored_ticket() {
    let wire = wire(json!({"errcode": 0, "errmsg": "ok", "ticket": "TICKET", "expires_in": 7200}));
    let account = account(&wire);
    let config = account
        .page_config(at(), "N", "https://a.example/shops?x=1#map")
        .unwrap();
    let same = account
        .page_config(at(), "N", "https://a.example/shops?x=1")
        .unwrap();
    assert_eq!(config, same, "the fragment is not signed");
    assert_eq!(
        wire.path(1),
        "/cgi-bin/ticket/getticket?access_token=T&type=jsapi"
    );
    assert_eq!(wire.count("/cgi-bin/ticket/getticket"), 1);
    let json = serde_json::to_value(&config).unwrap();
    assert_eq!(json["appId"], "wx2421b1c4370ec43b");
    assert_eq!(json["timestamp"], NOW_S);
    assert_eq!(json["nonceStr"], "N");
    assert_eq!(json["signature"].as_str().unwrap().len(), 40);
}

fn item(name: &str, action: Action) -> Item {
    Item {
        name: name.into(),
        action,
    }
}

#[test]
fn menus() {
    let menu = Menu {
        button: vec![
            Button::Item(item(
                "附近的店",
                Action::View {
                    url: "https://a.example/".into(),
                },
            )),
            Button::Group {
                name: "我的".into(),
                sub_button: vec![item(
                    "我的预约",
                    Action::Click {
                        key: "bookings".into(),
                    },
                )],
            },
        ],
    };
    let sent = json!({"button": [
        {"type": "view", "name": "附近的店", "url": "https://a.example/"},
        {"name": "我的", "sub_button": [{"type": "click", "name": "我的预约", "key": "bookings"}]}
    ]});
    let creating = wire(ok());
    account(&creating).create_menu(at(), &menu).unwrap();
    assert_eq!(creating.body(1), sent);

    // WeChat adds an empty list to each entry when asked for the menu.
    let mut stored = sent;
    stored["button"][0]["sub_button"] = json!([]);
    let reading = wire(json!({"menu": stored}));
    assert_eq!(account(&reading).menu(at()).unwrap(), Some(menu));
    let none = wire(json!({"errcode": 46003, "errmsg": "menu no exist"}));
    assert_eq!(account(&none).menu(at()).unwrap(), None);
    account(&creating).delete_menu(at()).unwrap();
}

#[test]
fn impossible_menus_are_not_sent() {
    let wire = wire(ok());
    let account = account(&wire);
    let view = |name: &str| {
        Button::Item(item(
            name,
            Action::View {
                url: "https://a".into(),
            },
        ))
    };
    let click = |key: String| Button::Item(item("a", Action::Click { key }));
    for button in [
        vec![],
        vec![view("a"), view("a"), view("a"), view("a")],
        vec![view("超过十六个字节")],
        vec![view("")],
        vec![click("x".repeat(129))],
        vec![Button::Item(item(
            "a",
            Action::View {
                url: "x".repeat(1025),
            },
        ))],
        vec![Button::Group {
            name: "a".into(),
            sub_button: vec![],
        }],
    ] {
        assert!(matches!(
            account.create_menu(at(), &Menu { button }),
            Err(Error::Invalid(_))
        ));
    }
    assert!(wire.seen.lock().unwrap().is_empty());
}

#[test]
fn qr_codes() {
    let wire = wire(json!({"ticket": "K", "expire_seconds": 60, "url": "http://weixin.qq.com/q/k"}));
    let account = account(&wire);
    let scene = Scene::Text {
        id: "shop-7".into(),
        seconds: 60,
    };
    assert_eq!(
        account.create_qr(at(), &scene).unwrap().url,
        "http://weixin.qq.com/q/k"
    );
    assert_eq!(
        wire.body(1),
        json!({
            "expire_seconds": 60, "action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "shop-7"}}
        })
    );
    for scene in [
        Scene::Text {
            id: String::new(),
            seconds: 60,
        },
        Scene::Text {
            id: "a".into(),
            seconds: 2_592_001,
        },
        Scene::Number { id: 0, seconds: 60 },
        Scene::PermanentNumber(100_001),
        Scene::PermanentText("x".repeat(65)),
    ] {
        assert!(matches!(account.create_qr(at(), &scene), Err(Error::Invalid(_))));
    }
}

#[test]
fn customer_messages() {
    let wire = wire(ok());
    let account = account(&wire);
    let send = |message: &CustomerMessage, agent| {
        account.send_customer_message(at(), "o1", message, agent).unwrap();
        let sent = wire.seen.lock().unwrap().len();
        wire.body(sent - 1)
    };
    assert_eq!(
        send(&CustomerMessage::Text("您好".into()), Some("kf1@gh")),
        json!({
            "touser": "o1", "msgtype": "text", "text": {"content": "您好"},
            "customservice": {"kf_account": "kf1@gh"}
        })
    );
    let article = Article {
        title: "t".into(),
        description: "d".into(),
        url: "https://a".into(),
        picture_url: "https://p".into(),
    };
    assert_eq!(
        send(&CustomerMessage::News(article), None)["news"],
        json!({"articles": [{"title": "t", "description": "d", "url": "https://a", "picurl": "https://p"}]})
    );
    assert_eq!(
        send(&CustomerMessage::Image { media_id: "m".into() }, None)["image"],
        json!({"media_id": "m"})
    );
    let menu = CustomerMessage::Menu {
        head: "满意吗".into(),
        choices: vec![MenuChoice {
            id: "101".into(),
            content: "满意".into(),
        }],
        tail: "谢谢".into(),
    };
    assert_eq!(
        send(&menu, None)["msgmenu"],
        json!({"head_content": "满意吗", "list": [{"id": "101", "content": "满意"}], "tail_content": "谢谢"})
    );
}

#[test]
fn every_kind_of_customer_message() {
    let id = |text: &str| text.to_owned();
    for (message, kind, content) in [
        (
            CustomerMessage::Voice { media_id: id("m") },
            "voice",
            json!({"media_id": "m"}),
        ),
        (
            CustomerMessage::Video {
                media_id: id("m"),
                thumb_media_id: id("t"),
                title: id("a"),
                description: id("b"),
            },
            "video",
            json!({"media_id": "m", "thumb_media_id": "t", "title": "a", "description": "b"}),
        ),
        (
            CustomerMessage::Music {
                title: id("a"),
                description: id("b"),
                url: id("https://m"),
                hq_url: id("https://h"),
                thumb_media_id: id("t"),
            },
            "music",
            json!({
                "title": "a", "description": "b", "musicurl": "https://m", "hqmusicurl": "https://h",
                "thumb_media_id": "t"
            }),
        ),
        (
            CustomerMessage::PublishedArticle { article_id: id("A") },
            "mpnewsarticle",
            json!({"article_id": "A"}),
        ),
        (
            CustomerMessage::Card { card_id: id("c") },
            "wxcard",
            json!({"card_id": "c"}),
        ),
        (
            CustomerMessage::MiniProgram {
                appid: id("wxmini"),
                pagepath: id("p"),
                title: id("a"),
                thumb_media_id: id("t"),
            },
            "miniprogrampage",
            json!({"appid": "wxmini", "pagepath": "p", "title": "a", "thumb_media_id": "t"}),
        ),
    ] {
        let body = json!({"touser": "o1", "msgtype": kind, kind: content});
        assert_eq!(
            sent(&ok(), |a| a
                .send_customer_message(at(), "o1", &message, None)
                .unwrap()),
            post("/cgi-bin/message/custom/send", body)
        );
    }
    refused(|a| a.send_customer_message(at(), "o1", &CustomerMessage::Text(String::new()), None));
}

#[test]
fn typing() {
    for (typing, command) in [(true, "Typing"), (false, "CancelTyping")] {
        assert_eq!(
            sent(&ok(), |a| a.show_typing(at(), "o1", typing).unwrap()),
            post(
                "/cgi-bin/message/custom/typing",
                json!({"touser": "o1", "command": command})
            )
        );
    }
}

#[test]
fn windows_of_customer_messages() {
    for (window, messages, seconds) in [
        (CustomerWindow::Message, Some(5), 172_800),
        (CustomerWindow::MenuClick, Some(3), 60),
        (CustomerWindow::Follow, Some(3), 60),
        (CustomerWindow::Scan, Some(3), 60),
        (CustomerWindow::Payment, None, 172_800),
    ] {
        assert_eq!(
            (window.messages(), window.seconds()),
            (messages, seconds),
            "{window:?}"
        );
        let most = messages.unwrap_or(1000);
        assert!(window.is_open(100, most - 1, 100 + seconds - 1));
        assert!(!window.is_open(100, 0, 100 + seconds), "over");
        assert_eq!(window.is_open(100, most, 100), messages.is_none(), "used up");
    }
}

#[test]
fn template_messages() {
    let wire = wire(json!({"errcode": 0, "errmsg": "ok", "msgid": 3_000_000_000_000_000_001_i64}));
    let account = account(&wire);
    let mut message = TemplateMessage {
        openid: "o1".into(),
        template_id: "TPL".into(),
        url: Some("https://a/b".into()),
        mini_program: Some(MiniProgram {
            appid: "wxmini".into(),
            pagepath: "p".into(),
        }),
        fields: vec![
            ("thing1".into(), "全身推拿".into()),
            ("time2".into(), "15:00".into()),
        ],
        client_msg_id: Some("alert-1".into()),
    };
    assert_eq!(
        account.send_template(at(), &message).unwrap(),
        "3000000000000000001"
    );
    assert_eq!(
        wire.body(1),
        json!({
            "touser": "o1", "template_id": "TPL", "url": "https://a/b", "client_msg_id": "alert-1",
            "miniprogram": {"appid": "wxmini", "pagepath": "p"},
            "data": {"thing1": {"value": "全身推拿"}, "time2": {"value": "15:00"}}
        })
    );
    message.fields[0].1 = "two\nlines".into();
    assert!(matches!(
        account.send_template(at(), &message),
        Err(Error::Invalid(_))
    ));
}

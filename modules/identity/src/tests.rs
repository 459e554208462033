mod at_desk;
mod tokens;

use std::sync::{Arc, Mutex};

use kernel::{Actor, Id, Role};
use testkit::{Page, Person, TestApp, on_each_engine};
use web::{Module, Plugs};
use wechat::{
    Endpoints, Secret, Transport, TransportError,
    oa::{Account, Credentials, MemoryTokens},
};

use crate::{NewStaff, Password, WeChat, actions, store};

/// WeChat's side of a sign-in: each code is good once.
#[derive(Default)]
struct Codes(Mutex<Vec<String>>);

impl Transport for Codes {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        _: std::time::Duration,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let code = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("code="))
            .unwrap_or_default()
            .to_owned();
        let mut used = self.0.lock().unwrap();
        let answer = if used.contains(&code) {
            r#"{"errcode":40163,"errmsg":"code been used"}"#.to_owned()
        } else {
            used.push(code.clone());
            let snapshot = if code == "snapshot" {
                r#","is_snapshotuser":1"#
            } else {
                ""
            };
            format!(
                r#"{{"access_token":"T","expires_in":7200,"refresh_token":"R","openid":"openid-{code}","scope":"snsapi_base"{snapshot}}}"#
            )
        };
        Ok(http::Response::new(answer.into_bytes()))
    }
}

fn program() -> (Vec<Module>, Plugs) {
    let credentials = Credentials {
        appid: "wx0".to_owned(),
        secret: Secret::new("s".to_owned()),
    };
    let endpoints = Endpoints::default();
    let account = Account::new(
        credentials,
        endpoints,
        Arc::new(Codes::default()),
        Arc::new(MemoryTokens::default()),
    );
    (
        vec![crate::module()],
        Plugs::default().with(WeChat {
            account: Arc::new(account),
        }),
    )
}

async fn hire(app: &TestApp, shop: Option<i64>, role: Role, login: &str) {
    let (cx, new) = (
        app.cx(Actor::System("test")),
        NewStaff {
            shop: shop.map(Id::from_raw),
            role,
            name: "刘师傅".to_owned(),
            login: login.to_owned(),
            password: Password::hash("correct horse").unwrap(),
            openid: None,
        },
    );
    app.app
        .db
        .write(move |tx| actions::create_staff(&cx, tx, &new))
        .await
        .unwrap();
}

async fn sign_in(person: &Person, login: &str, password: &str) -> Page {
    person
        .post("/sign-in", &[("login", login), ("password", password)])
        .await
}

/// Goes to WeChat and comes back with `code`; gives the page behind.
async fn through_wechat(person: &Person, to: &str, code: &str) -> Page {
    let away = person.get(&format!("/wechat/sign-in?to={to}")).await;
    person
        .get(&format!(
            "/wechat/sign-in/return?code={code}&state={}",
            state(&away)
        ))
        .await
}

fn state(away: &Page) -> String {
    let url = away.location().unwrap();
    assert!(
        url.starts_with("https://open.weixin.qq.com/connect/oauth2/authorize?"),
        "{url}"
    );
    url.split("state=")
        .nth(1)
        .unwrap()
        .split(['&', '#'])
        .next()
        .unwrap()
        .to_owned()
}

#[test]
fn staff_sign_in_with_the_right_password_only() {
    on_each_engine(program, async |app| {
        hire(&app, Some(7), Role::Owner, "liu.shifu").await;
        let owner = app.guest();
        let wrong = sign_in(&owner, "liu.shifu", "wrong horse").await;
        assert_eq!(wrong.status, 401);
        assert!(wrong.text().contains("登录名或密码不对"), "{}", wrong.text());
        assert!(
            wrong.html().contains("value=\"liu.shifu\""),
            "the name stays typed"
        );
        assert!(
            !wrong.html().contains("wrong horse"),
            "a password is never shown again"
        );
        assert_eq!(sign_in(&owner, "nobody", "correct horse").await.status, 401);

        let right = sign_in(&owner, "liu.shifu", "correct horse").await;
        assert_eq!((right.status, right.location()), (303, Some("/desk")));
        assert_eq!(owner.get("/console/staff").await.status, 200);
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn too_many_tries_are_stopped_until_the_next_minute() {
    on_each_engine(program, async |app| {
        hire(&app, Some(7), Role::Owner, "liu.shifu").await;
        let thief = app.guest();
        for _ in 0..10 {
            assert_eq!(sign_in(&thief, "liu.shifu", "guess guess").await.status, 401);
        }
        assert_eq!(sign_in(&thief, "liu.shifu", "correct horse").await.status, 429);
        app.clock.advance_minutes(1);
        assert_eq!(sign_in(&thief, "liu.shifu", "correct horse").await.status, 303);
    });
}

#[test]
fn a_customer_comes_back_from_wechat_known() {
    on_each_engine(program, async |app| {
        let person = app.guest();
        let guest = person.get("/me").await;
        assert_eq!(guest.location(), Some("/wechat/sign-in?to=%2Fme"));
        let back = through_wechat(&person, "/me", "one").await;
        assert_eq!((back.status, back.location()), (303, Some("/me")));
        assert_eq!(person.get("/me").await.status, 200);
        let known = app
            .app
            .db
            .read(|tx| store::customer_by_openid(tx, "openid-one"))
            .await
            .unwrap();
        assert!(known.is_some());
        // The same person in another browser is the same customer.
        let second = app.guest();
        let away = second.get("/wechat/sign-in?to=//evil.example").await;
        let back = second
            .get(&format!("/wechat/sign-in/return?code=two&state={}", state(&away)))
            .await;
        assert_eq!(back.location(), Some("/"), "nobody is led away from our pages");
    });
}

#[test]
fn a_sign_in_is_good_once_and_in_one_browser() {
    on_each_engine(program, async |app| {
        let (person, other) = (app.guest(), app.guest());
        let away = person.get("/wechat/sign-in?to=/me").await;
        other.get("/preferences").await;
        let path = format!("/wechat/sign-in/return?code=one&state={}", state(&away));
        assert_eq!(other.get(&path).await.status, 400, "begun in another browser");

        let away = person.get("/wechat/sign-in?to=/me").await;
        let path = format!("/wechat/sign-in/return?code=one&state={}", state(&away));
        assert_eq!(person.get(&path).await.status, 303);
        assert_eq!(person.get(&path).await.status, 400, "used before");

        let known = person.get("/wechat/sign-in?to=/orders").await;
        assert_eq!(known.location(), Some("/orders"), "no need to ask WeChat again");

        let away = other.get("/wechat/sign-in?to=/me").await;
        app.clock.advance_minutes(6);
        let path = format!("/wechat/sign-in/return?code=three&state={}", state(&away));
        assert_eq!(other.get(&path).await.status, 400, "too old");
    });
}

#[test]
fn a_snapshot_gets_no_account() {
    on_each_engine(program, async |app| {
        let person = app.guest();
        let refused = through_wechat(&person, "/me", "snapshot").await;
        assert_eq!(refused.status, 403);
        assert!(refused.text().contains("快照"), "{}", refused.text());
        let known = app
            .app
            .db
            .read(|tx| store::customer_by_openid(tx, "openid-snapshot"))
            .await
            .unwrap();
        assert!(known.is_none());
        let looking_round = through_wechat(&person, "/", "snapshot").await;
        assert_eq!(
            looking_round.location(),
            Some("/"),
            "the list of shops is for everybody"
        );
    });
}

#[test]
fn what_was_typed_survives_an_ended_session() {
    on_each_engine(program, async |app| {
        let person = app.guest();
        through_wechat(&person, "/me", "one").await;
        person.get("/me").await;
        person.forget("tuina_customer");
        let sent = person
            .post("/me", &[("name", "张女士"), ("phone", "138 1234 5678")])
            .await;
        assert_eq!(sent.status, 303);
        let to = sent.location().unwrap().to_owned();
        assert!(to.starts_with("/wechat/sign-in?to=%2Fme%3Fkept%3D"), "{to}");

        let away = person.get(&to).await;
        let back = person
            .get(&format!(
                "/wechat/sign-in/return?code=again&state={}",
                state(&away)
            ))
            .await;
        let form = person.get(back.location().unwrap()).await;
        assert_eq!(form.status, 200);
        assert!(form.html().contains("value=\"张女士\""), "{}", form.html());
        // To another browser the kept form does not exist.
        let stranger = app.guest();
        through_wechat(&stranger, "/me", "stranger").await;
        assert!(
            !stranger
                .get(back.location().unwrap())
                .await
                .html()
                .contains("张女士")
        );
    });
}

#[test]
fn a_wrong_phone_keeps_what_was_typed() {
    on_each_engine(program, async |app| {
        let person = app.guest();
        through_wechat(&person, "/me", "one").await;
        let refused = person
            .post("/me", &[("name", "张女士"), ("phone", "12345")])
            .await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("手机号应为 11 位"), "{}", refused.text());
        assert!(refused.html().contains("value=\"12345\"") && refused.html().contains("value=\"张女士\""));
        let saved = person
            .post("/me", &[("name", "张女士"), ("phone", "138-1234-5678")])
            .await;
        assert_eq!(saved.status, 303);
        assert!(person.get("/me").await.html().contains("value=\"13812345678\""));
    });
}

#[test]
fn a_form_from_elsewhere_is_refused() {
    on_each_engine(program, async |app| {
        hire(&app, Some(7), Role::Owner, "liu.shifu").await;
        let person = app.guest();
        let fields = [("login", "liu.shifu"), ("password", "correct horse")];
        assert_eq!(
            person.post_as_is("/sign-in", &fields).await.status,
            403,
            "no token"
        );
        let token = person.get("/sign-in").await.csrf().unwrap();
        let request = axum_request(
            "/sign-in",
            &format!("login=liu.shifu&password=correct+horse&csrf={token}"),
        );
        assert_eq!(
            person.send(request).await.status,
            403,
            "the browser says that another site sent it"
        );
    });
}

fn axum_request(path: &str, body: &str) -> http::Request<axum::body::Body> {
    http::Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .body(body.to_owned().into())
        .unwrap()
}

#[test]
fn a_body_over_the_limit_is_refused_in_words() {
    on_each_engine(program, async |app| {
        let person = app.guest();
        let long = "x".repeat(70 << 10);
        let refused = person.post("/sign-in", &[("login", &long)]).await;
        assert_eq!(refused.status, 413);
        assert!(refused.text().contains("内容太大"), "{}", refused.text());
    });
}

#[test]
fn an_owner_keeps_the_accounts_of_the_own_shop_only() {
    on_each_engine(program, async |app| {
        hire(&app, Some(7), Role::Owner, "owner7").await;
        hire(&app, Some(8), Role::Clerk, "clerk8").await;
        let clerk = app
            .app
            .db
            .read(|tx| store::password_of(tx, "clerk8"))
            .await
            .unwrap()
            .unwrap()
            .0;
        let owner = app.guest();
        sign_in(&owner, "owner7", "correct horse").await;
        for verb in ["closure", "opening"] {
            assert_eq!(
                owner
                    .post(&format!("/console/staff/{clerk}/{verb}"), &[])
                    .await
                    .status,
                404
            );
        }
        assert_eq!(
            owner
                .get(&format!("/console/staff/{clerk}/password"))
                .await
                .status,
            404
        );
        let path = format!("/console/staff/{clerk}/password");
        assert_eq!(
            owner.post(&path, &[("password", "new password")]).await.status,
            404
        );

        let made = [
            ("name", "陈店员"),
            ("login", "chen"),
            ("password", "long enough"),
            ("role", "clerk"),
        ];
        assert_eq!(owner.post("/console/staff", &made).await.status, 303);
        assert!(owner.get("/console/staff").await.text().contains("陈店员"));
        assert_eq!(
            owner.post("/console/staff", &made).await.status,
            409,
            "the sign-in name is taken"
        );
        let officer = [
            ("name", "假官员"),
            ("login", "fake"),
            ("password", "long enough"),
            ("role", "centre"),
        ];
        assert_eq!(owner.post("/console/staff", &officer).await.status, 422);
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn a_shut_account_is_signed_out_at_once() {
    on_each_engine(program, async |app| {
        hire(&app, Some(7), Role::Owner, "owner7").await;
        hire(&app, Some(7), Role::Clerk, "clerk7").await;
        let (owner, clerk) = (app.guest(), app.guest());
        sign_in(&owner, "owner7", "correct horse").await;
        sign_in(&clerk, "clerk7", "correct horse").await;
        assert_eq!(
            clerk.get("/console/staff").await.status,
            403,
            "a clerk keeps no accounts"
        );
        let id = app
            .app
            .db
            .read(|tx| store::password_of(tx, "clerk7"))
            .await
            .unwrap()
            .unwrap()
            .0;
        assert_eq!(
            owner
                .post(&format!("/console/staff/{id}/closure"), &[])
                .await
                .status,
            303
        );
        assert_eq!(
            clerk.get("/console/staff").await.location(),
            Some("/sign-in?to=%2Fconsole%2Fstaff")
        );
        assert_eq!(sign_in(&clerk, "clerk7", "correct horse").await.status, 401);
    });
}

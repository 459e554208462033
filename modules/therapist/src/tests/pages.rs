//! The console's pages through the front door.

use catalog::{NewService, Service};
use kernel::{Actor, Id, Money, Role};
use testkit::{Page, Person, TestApp, on_each_engine};
use web::{Module, Plugs};

use super::{account, new, new_shop};
use crate::{Therapist, actions, store};

fn program() -> (Vec<Module>, Plugs) {
    (
        vec![
            shop::module(),
            catalog::module(),
            identity::module(),
            crate::module(),
        ],
        Plugs::default(),
    )
}

async fn open_shop(app: &TestApp) -> Id<kernel::Shop> {
    let cx = app.cx(Actor::System("test"));
    let made = app.app.db.write(move |tx| shop::create(&cx, tx, &new_shop()));
    made.await.unwrap().id
}

async fn hire(app: &TestApp, shop: Id<kernel::Shop>, number: i64, name: &'static str) -> Therapist {
    let cx = app.cx(Actor::System("test"));
    let made = app
        .app
        .db
        .write(move |tx| actions::create(&cx, tx, shop, &new(number, name)));
    made.await.unwrap()
}

async fn offer(app: &TestApp, shop: Id<kernel::Shop>, name: &'static str) -> Service {
    let cx = app.cx(Actor::System("test"));
    let service = NewService {
        name: name.into(),
        kind: catalog::Kind::Local,
        category: None,
        minutes: 45,
        price: Money::yuan(98),
        before: 0,
        after: 5,
        introduction: String::new(),
    };
    let made = app
        .app
        .db
        .write(move |tx| catalog::create(&cx, tx, shop, &service));
    made.await.unwrap()
}

async fn stored(app: &TestApp, id: Id<Therapist>) -> Therapist {
    app.app.db.read(move |tx| store::therapist(tx, id)).await.unwrap()
}

/// The page to which an answer leads, with what is said there.
async fn follow(person: &Person, answer: Page) -> Page {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = person.get(answer.location().unwrap()).await;
    assert_eq!(page.status, 200);
    page
}

fn typed<'a>(number: &'a str, name: &'a str, level: &'a str, version: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("name", name),
        ("number", number),
        ("gender", "male"),
        ("level", level),
        ("skills", "肩颈、腰背"),
        ("introduction", ""),
        ("portrait", ""),
        ("version", version),
    ]
}

#[test]
fn an_owner_takes_a_therapist_on() {
    on_each_engine(program, async |app| {
        let shop = open_shop(&app).await;
        let owner = app.staff(Role::Owner, shop).await;
        let path = format!("/console/shops/{shop}/therapists");
        assert!(owner.get(&path).await.text().contains("还没有师傅"));
        assert_eq!(owner.get(&format!("{path}/new")).await.status, 200);
        let mut fields = typed("8", "刘长河", "senior", "0");
        fields.push(("shows_blind", "1"));
        let added = owner.post(&path, &fields).await;
        let list = follow(&owner, added).await;
        for words in [
            "清风堂的师傅，在职 1 位",
            "已添加刘长河",
            "8 号 · 男 · 高级",
            "做全部项目",
            "2026 年 11 月 22 日",
        ] {
            assert!(list.text().contains(words), "{words}: {}", list.text());
        }
        let next = owner.get(&format!("{path}/new")).await;
        assert!(
            next.html().contains("value=\"9\""),
            "the next free number is there"
        );
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn a_refused_form_keeps_what_was_typed() {
    on_each_engine(program, async |app| {
        let shop = open_shop(&app).await;
        hire(&app, shop, 8, "刘长河").await;
        let owner = app.staff(Role::Owner, shop).await;
        let path = format!("/console/shops/{shop}/therapists");
        let mut healing = typed("9", "王明远", "senior", "0");
        healing[4].1 = "正骨";
        let mut nowhere = typed("9", "王明远", "senior", "0");
        nowhere[6].1 = "scenes/portrait-9.svg";
        let mut nobody = typed("9", "王明远", "senior", "0");
        nobody[2].1 = "";
        let cases = [
            (typed("九", "王明远", "senior", "0"), 422, "工号要填 1 到 9999"),
            (typed("9", "王", "senior", "0"), 422, "请填写姓名"),
            (typed("9", "王明远", "", "0"), 422, "请选择等级"),
            (nobody, 422, "请选择性别"),
            (typed("8", "王明远", "senior", "0"), 409, "店里已有人用这个工号"),
            (healing, 422, "“正骨”不能用在"),
            (nowhere, 422, "没有这张画像"),
        ];
        for (fields, status, words) in cases {
            let refused = owner.post(&path, &fields).await;
            assert_eq!(refused.status, status, "{words}");
            assert!(refused.text().contains(words), "{words}: {}", refused.text());
            for (name, value) in &fields[..2] {
                assert!(
                    refused.html().contains(&format!("value=\"{value}\"")),
                    "{name} stays typed"
                );
            }
        }
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn an_edit_over_somebody_elses_shows_theirs_and_gives_no_consent_again() {
    on_each_engine(program, async |app| {
        let shop = open_shop(&app).await;
        let liu = hire(&app, shop, 8, "刘长河").await;
        let owner = app.staff(Role::Owner, shop).await;
        let path = format!("/console/shops/{shop}/therapists/{}", liu.id);
        let form = owner.get(&path).await;
        assert!(form.text().contains("修改刘长河的资料"), "{}", form.text());
        assert!(
            form.html().contains("name=\"shows_blind\" value=\"1\" checked"),
            "{}",
            form.html()
        );

        let taken = owner.post(&format!("{path}/consent/withdrawal"), &[]).await;
        let list = follow(&owner, taken).await;
        assert!(
            list.text().contains("顾客不再看到刘长河是盲人按摩师"),
            "{}",
            list.text()
        );
        assert!(list.text().contains("没有同意显示"), "{}", list.text());
        assert_eq!(stored(&app, liu.id).await.blind_shown, None);

        let mut fields = typed("8", "刘长江", "senior", "1");
        fields.push(("shows_blind", "1"));
        let stale = owner.post(&path, &fields).await;
        assert_eq!(stale.status, 409);
        assert!(stale.text().contains("别人刚保存的内容"), "{}", stale.text());
        assert!(stale.html().contains("value=\"刘长江\""), "what was typed stays");
        assert!(
            !stale.html().contains("name=\"shows_blind\" value=\"1\" checked"),
            "taken back stays taken back"
        );
        let version = stale.attribute_after("name=\"version\"", "value").unwrap();
        let saved = owner.post(&path, &typed("8", "刘长江", "senior", &version)).await;
        assert!(follow(&owner, saved).await.text().contains("已保存刘长江的资料"));
        let read = stored(&app, liu.id).await;
        assert_eq!((read.name.as_str(), read.blind_shown), ("刘长江", None));
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn what_a_therapist_offers_is_chosen_in_words() {
    on_each_engine(program, async |app| {
        let shop = open_shop(&app).await;
        let liu = hire(&app, shop, 8, "刘长河").await;
        let (neck, foot) = (
            offer(&app, shop, "肩颈放松").await,
            offer(&app, shop, "足部保健").await,
        );
        let elsewhere = open_shop(&app).await;
        let foreign = offer(&app, elsewhere, "别店项目").await.id.to_string();
        let owner = app.staff(Role::Owner, shop).await;
        let path = format!("/console/shops/{shop}/therapists/{}/services", liu.id);
        let form = owner.get(&path).await;
        assert!(form.text().contains("现在做全部项目"), "{}", form.text());

        let none = owner.post(&path, &[("range", "some")]).await;
        assert_eq!(none.status, 422);
        assert!(none.text().contains("请至少选一个项目"), "{}", none.text());
        let (neck, foot) = (neck.id.to_string(), foot.id.to_string());
        let mixed = owner
            .post(
                &path,
                &[("range", "some"), ("services", &neck), ("services", &foreign)],
            )
            .await;
        assert_eq!(mixed.status, 422);
        assert!(
            mixed.html().contains(&format!("value=\"{neck}\" checked")),
            "the choice stays: {}",
            mixed.html()
        );

        let saved = owner
            .post(
                &path,
                &[("range", "some"), ("services", &neck), ("services", &foot)],
            )
            .await;
        let list = follow(&owner, saved).await;
        assert!(list.text().contains("刘长河现在做 2 个项目"), "{}", list.text());
        assert!(
            list.text().contains("做 2 个项目：肩颈放松、足部保健"),
            "{}",
            list.text()
        );
        let all = owner.post(&path, &[("range", "all"), ("services", &neck)]).await;
        assert!(follow(&owner, all).await.text().contains("刘长河现在做全部项目"));
        let id = liu.id;
        let named = app
            .app
            .db
            .read(move |tx| store::offered_by(tx, id))
            .await
            .unwrap();
        assert_eq!(named, []);
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn a_therapist_leaves_and_comes_back() {
    on_each_engine(program, async |app| {
        let shop = open_shop(&app).await;
        let liu = hire(&app, shop, 8, "刘长河").await;
        let owner = app.staff(Role::Owner, shop).await;
        let path = format!("/console/shops/{shop}/therapists/{}", liu.id);
        let left = owner
            .post(&format!("{path}/departure"), &[("version", "1")])
            .await;
        let list = follow(&owner, left).await;
        assert!(list.text().contains("在职 0 位，已离开 1 位"), "{}", list.text());
        let stale = owner.post(&format!("{path}/return"), &[("version", "1")]).await;
        assert_eq!(stale.status, 409);
        assert!(stale.text().contains("刚刚被别人改过"), "{}", stale.text());
        let back = owner.post(&format!("{path}/return"), &[("version", "2")]).await;
        assert!(follow(&owner, back).await.text().contains("刘长河已恢复在职"));
        assert!(stored(&app, liu.id).await.active);
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn another_shops_therapists_do_not_exist() {
    on_each_engine(program, async |app| {
        let (own, other) = (open_shop(&app).await, open_shop(&app).await);
        let foreign = hire(&app, other, 8, "刘长河").await;
        let owner = app.staff(Role::Owner, own).await;
        for shop in [own, other] {
            let path = format!("/console/shops/{shop}/therapists/{}", foreign.id);
            assert_eq!(owner.get(&path).await.status, 404);
            assert_eq!(owner.get(&format!("{path}/services")).await.status, 404);
            for (verb, fields) in [
                ("", typed("8", "刘长江", "senior", "1")),
                ("", typed("九", "刘长江", "senior", "1")),
                ("/services", vec![("range", "all")]),
                ("/services", vec![("range", "some")]),
                ("/departure", vec![("version", "1")]),
                ("/return", vec![("version", "1")]),
                ("/consent/withdrawal", vec![]),
            ] {
                assert_eq!(
                    owner.post(&format!("{path}{verb}"), &fields).await.status,
                    404,
                    "{verb}"
                );
            }
        }
        let list = format!("/console/shops/{other}/therapists");
        assert_eq!(owner.get(&list).await.status, 404);
        assert_eq!(owner.get(&format!("{list}/new")).await.status, 404);
        assert_eq!(
            owner
                .post(&list, &typed("1", "王明远", "senior", "0"))
                .await
                .status,
            404
        );
        let clerk = app.staff(Role::Clerk, own).await;
        assert_eq!(
            clerk
                .get(&format!("/console/shops/{own}/therapists"))
                .await
                .status,
            403
        );
        assert_eq!(
            app.centre().await.get(&list).await.status,
            200,
            "the centre sees every shop"
        );
        assert_eq!(stored(&app, foreign.id).await, foreign);
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn an_owner_says_with_which_account_a_therapist_signs_in() {
    on_each_engine(program, async |app| {
        let shop = open_shop(&app).await;
        let liu = hire(&app, shop, 8, "刘长河").await;
        let owner = app.staff(Role::Owner, shop).await;
        let list = format!("/console/shops/{shop}/therapists");
        let path = format!("{list}/{}/account", liu.id);
        assert!(owner.get(&list).await.html().contains(&path));
        let page = owner.get(&path).await;
        assert!(page.text().contains("店里还没有按摩师的账号，先添加一个。"));
        let cx = app.cx(Actor::System("test"));
        let made = app
            .app
            .db
            .write(move |tx| account(&cx, tx, shop, Role::Therapist, "liu8"));
        let made = made.await.unwrap().id.to_string();
        let page = owner.get(&path).await;
        assert!(page.text().contains("刘长河用哪个账号登录") && page.text().contains("liu8（liu8）"));
        let version = page.attribute_after("name=\"version\"", "value").unwrap();
        let no = owner.post(&path, &[("account", ""), ("version", &version)]).await;
        assert_eq!(no.status, 422);
        assert!(no.text().contains("请选择本店一个在用的按摩师账号"));
        let sent = [("account", made.as_str()), ("version", &version)];
        let saved = owner.post(&path, &sent).await;
        assert!(
            follow(&owner, saved)
                .await
                .text()
                .contains("刘长河的账号已保存，可以自己申请请假")
        );
        assert!(owner.get(&path).await.text().contains("现在用账号 liu8"));
        let wang = hire(&app, shop, 9, "王小雨").await;
        let other = format!("{list}/{}/account", wang.id);
        assert!(owner.get(&other).await.text().contains("现在是刘长河的"));
        let no = owner.post(&other, &sent).await;
        assert_eq!(no.status, 409);
        assert!(no.text().contains("这个账号已经是刘长河的"));
        let stranger = app.staff(Role::Owner, Id::from_raw(99)).await;
        assert_eq!(stranger.get(&path).await.status, 404);
        assert_eq!(stranger.post(&path, &sent).await.status, 404);
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

//! The console's pages through the front door.

use kernel::{Actor, Id, Money, Role};
use testkit::{Page, Person, TestApp, on_each_engine};
use web::{Module, Plugs};

use super::{new, new_shop};
use crate::{Category, CategoryKind, Kind, NewService, Service, actions, store};

pub(super) fn program() -> (Vec<Module>, Plugs) {
    (vec![shop::module(), crate::module()], Plugs::default())
}

pub(super) async fn open_shop(app: &TestApp) -> Id<kernel::Shop> {
    let cx = app.cx(Actor::System("test"));
    let made = app.app.db.write(move |tx| shop::create(&cx, tx, &new_shop()));
    made.await.unwrap().id
}

pub(super) async fn offer(app: &TestApp, shop: Id<kernel::Shop>, service: NewService) -> Service {
    let cx = app.cx(Actor::System("test"));
    let made = app
        .app
        .db
        .write(move |tx| actions::create(&cx, tx, shop, &service));
    made.await.unwrap()
}

async fn heading(app: &TestApp, shop: Option<Id<kernel::Shop>>, name: &'static str) -> Category {
    heading_over(app, shop, name, CategoryKind::Service).await
}

pub(super) async fn heading_over(
    app: &TestApp,
    shop: Option<Id<kernel::Shop>>,
    name: &'static str,
    over: CategoryKind,
) -> Category {
    let cx = app.cx(Actor::System("test"));
    let made = app
        .app
        .db
        .write(move |tx| actions::create_heading(&cx, tx, shop, over, name));
    made.await.unwrap()
}

async fn stored(app: &TestApp, id: Id<Service>) -> Service {
    app.app.db.read(move |tx| store::service(tx, id)).await.unwrap()
}

/// The page to which an answer leads, with what is said there.
pub(super) async fn follow(person: &Person, answer: Page) -> Page {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = person.get(answer.location().unwrap()).await;
    assert_eq!(page.status, 200);
    page
}

fn typed<'a>(name: &'a str, kind: &'a str, minutes: &'a str, price: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("name", name),
        ("kind", kind),
        ("category", ""),
        ("minutes", minutes),
        ("price", price),
        ("before", "0"),
        ("after", "10"),
        ("introduction", ""),
    ]
}

#[test]
fn an_owner_adds_a_service_and_reads_it_in_the_list() {
    on_each_engine(program, async |app| {
        let shop = open_shop(&app).await;
        let owner = app.staff(Role::Owner, shop).await;
        let path = format!("/console/shops/{shop}/services");
        let empty = owner.get(&path).await;
        assert_eq!(empty.status, 200);
        assert!(empty.text().contains("还没有服务项目"), "{}", empty.text());
        assert_eq!(owner.get(&format!("{path}/new")).await.status, 200);

        let added = owner
            .post(&path, &typed("全身保健按摩", "full_body", "40", "128.50"))
            .await;
        let list = follow(&owner, added).await;
        for words in [
            "清风堂的服务项目，共 1 项",
            "上架 1 项，下架 0 项",
            "全身 · 40 分钟",
            "128.50",
            "收拾 10 分钟",
        ] {
            assert!(list.text().contains(words), "{words}: {}", list.text());
        }
        assert!(list.text().contains("已添加全身保健按摩"), "{}", list.text());
        assert!(
            list.text().contains("不少于 45 分钟"),
            "shorter than the centre's standard"
        );
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn a_refused_form_keeps_what_was_typed() {
    on_each_engine(program, async |app| {
        let shop = open_shop(&app).await;
        let owner = app.staff(Role::Owner, shop).await;
        let path = format!("/console/shops/{shop}/services");
        let cases = [
            (typed("全身按摩", "", "60", "128"), 422, "请选择种类"),
            (typed("按", "local", "60", "128"), 422, "请填写名称"),
            (
                typed("全身按摩", "local", "一小时", "128"),
                422,
                "时长要填 10 到 240",
            ),
            (typed("全身按摩", "local", "62", "128"), 422, "时长要填 10 到 240"),
            (
                typed("全身按摩", "local", "60", "一百"),
                422,
                "价格要填 0 到 5000",
            ),
            (typed("正骨按摩", "local", "60", "128"), 422, "“正骨”不能用在"),
        ];
        for (fields, status, words) in cases {
            let refused = owner.post(&path, &fields).await;
            assert_eq!(refused.status, status, "{words}");
            assert!(refused.text().contains(words), "{words}: {}", refused.text());
            for (name, value) in &fields[..1] {
                assert!(
                    refused.html().contains(&format!("value=\"{value}\"")),
                    "{name} stays typed"
                );
            }
        }
        let mut buffer = typed("全身按摩", "local", "60", "128");
        buffer[5].1 = "7";
        let refused = owner.post(&path, &buffer).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.html().contains("id=\"f-before-error\""),
            "the refusal stands on its field"
        );

        offer(&app, shop, new("足部保健", Kind::Foot, 118)).await;
        let used = owner.post(&path, &typed("足部保健", "foot", "60", "100")).await;
        assert_eq!(used.status, 409);
        assert!(used.text().contains("店里已有同名的上架项目"), "{}", used.text());
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn an_edit_over_somebody_elses_shows_theirs_first() {
    on_each_engine(program, async |app| {
        let shop = open_shop(&app).await;
        let service = offer(&app, shop, new("全身保健按摩", Kind::FullBody, 128)).await;
        let owner = app.staff(Role::Owner, shop).await;
        let path = format!("/console/shops/{shop}/services/{}", service.id);
        let form = owner.get(&path).await;
        assert!(form.text().contains("修改全身保健按摩"), "{}", form.text());
        assert!(form.html().contains("value=\"128\""));

        let with_version = |price, version| {
            let mut fields = typed("全身保健按摩", "full_body", "60", price);
            fields.push(("version", version));
            fields
        };
        let saved = owner.post(&path, &with_version("138", "1")).await;
        assert!(follow(&owner, saved).await.text().contains("已保存全身保健按摩"));
        let stale = owner.post(&path, &with_version("148", "1")).await;
        assert_eq!(stale.status, 409);
        assert!(
            stale.text().contains("¥138"),
            "what was saved meanwhile: {}",
            stale.text()
        );
        assert!(stale.html().contains("value=\"148\""), "what was typed stays");
        let version = stale.attribute_after("name=\"version\"", "value").unwrap();
        assert_eq!(stored(&app, service.id).await.price, Money::yuan(138));
        assert_eq!(
            owner.post(&path, &with_version("148", &version)).await.status,
            303
        );
        assert_eq!(stored(&app, service.id).await.price, Money::yuan(148));
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn a_service_is_taken_off_the_list_and_put_back() {
    on_each_engine(program, async |app| {
        let shop = open_shop(&app).await;
        let service = offer(&app, shop, new("足部保健", Kind::Foot, 118)).await;
        let owner = app.staff(Role::Owner, shop).await;
        let path = format!("/console/shops/{shop}/services/{}", service.id);
        let list = owner.get(&format!("/console/shops/{shop}/services")).await;
        assert!(
            list.html().contains(&format!("{path}/unlisting")),
            "{}",
            list.html()
        );

        let off = owner
            .post(&format!("{path}/unlisting"), &[("version", "1")])
            .await;
        let list = follow(&owner, off).await;
        assert!(list.text().contains("足部保健已下架"), "{}", list.text());
        assert!(!stored(&app, service.id).await.listed);

        let stale = owner.post(&format!("{path}/listing"), &[("version", "1")]).await;
        assert_eq!(stale.status, 409);
        assert!(stale.text().contains("刚刚被别人改过"), "{}", stale.text());
        let on = owner.post(&format!("{path}/listing"), &[("version", "2")]).await;
        assert!(follow(&owner, on).await.text().contains("足部保健已上架"));
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn another_shops_things_do_not_exist() {
    on_each_engine(program, async |app| {
        let (own, other) = (open_shop(&app).await, open_shop(&app).await);
        let foreign = offer(&app, other, new("足部保健", Kind::Foot, 118)).await;
        let under = heading(&app, Some(other), "别店特色").await;
        let owner = app.staff(Role::Owner, own).await;
        for shop in [own, other] {
            // In the address of the own shop as little as in that of the other.
            let path = format!("/console/shops/{shop}/services/{}", foreign.id);
            assert_eq!(owner.get(&path).await.status, 404);
            let mut fields = typed("足部按摩", "foot", "60", "1");
            fields.push(("version", "1"));
            assert_eq!(owner.post(&path, &fields).await.status, 404);
            for verb in ["listing", "unlisting"] {
                let step = owner.post(&format!("{path}/{verb}"), &[("version", "1")]).await;
                assert_eq!(step.status, 404, "{verb}");
            }
            let removal = format!("/console/shops/{shop}/categories/{}/removal", under.id);
            assert_eq!(owner.post(&removal, &[]).await.status, 404);
        }
        for page in ["services", "services/new", "categories"] {
            assert_eq!(
                owner.get(&format!("/console/shops/{other}/{page}")).await.status,
                404,
                "{page}"
            );
        }
        let services = format!("/console/shops/{other}/services");
        assert_eq!(
            owner
                .post(&services, &typed("全身按摩", "local", "60", "1"))
                .await
                .status,
            404
        );
        assert_eq!(
            owner
                .post(&services, &typed("全身按摩", "", "60", "1"))
                .await
                .status,
            404
        );
        let clerk = app.staff(Role::Clerk, own).await;
        assert_eq!(
            clerk.get(&format!("/console/shops/{own}/services")).await.status,
            403
        );
        let centre = app.centre().await;
        assert_eq!(
            centre.get(&services).await.status,
            200,
            "the centre sees every shop"
        );
        assert_eq!(stored(&app, foreign.id).await, foreign);
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn headings_are_kept_by_the_centre_and_by_shops() {
    on_each_engine(program, async |app| {
        let shop = open_shop(&app).await;
        let (owner, centre) = (app.staff(Role::Owner, shop).await, app.centre().await);
        assert_eq!(owner.get("/console/categories").await.status, 403);
        assert_eq!(
            owner
                .post("/console/categories", &[("name", "全身放松")])
                .await
                .status,
            403
        );
        let made = centre.post("/console/categories", &[("name", "全身放松")]).await;
        assert!(follow(&centre, made).await.text().contains("已添加分类全身放松"));

        let path = format!("/console/shops/{shop}/categories");
        let twice = owner.post(&path, &[("name", "全身放松")]).await;
        assert_eq!(twice.status, 409);
        assert!(twice.html().contains("value=\"全身放松\""));
        let made = owner.post(&path, &[("name", "本店特色")]).await;
        let page = follow(&owner, made).await;
        assert!(
            page.text().contains("清风堂的服务分类，共 1 个"),
            "{}",
            page.text()
        );
        assert!(
            page.text().contains("全身放松"),
            "the centre's stand beside: {}",
            page.text()
        );

        let used = heading(&app, Some(shop), "肩颈专区").await;
        offer(
            &app,
            shop,
            NewService {
                category: Some(used.id),
                ..new("肩颈放松", Kind::Local, 68)
            },
        )
        .await;
        let no = owner.post(&format!("{path}/{}/removal", used.id), &[]).await;
        assert_eq!(no.status, 409);
        assert!(no.text().contains("这个分类下还有项目"), "{}", no.text());
        let removal = page.attributes("action", &format!("{path}/")).remove(0);
        let gone = owner.post(&removal, &[]).await;
        assert!(follow(&owner, gone).await.text().contains("已删除分类本店特色"));
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

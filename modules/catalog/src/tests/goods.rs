//! Goods, what is asked under a category, and prepayment, through the front door.

use kernel::{Id, Money, Role};
use testkit::on_each_engine;

use super::pages::{follow, heading_over, offer, open_shop, program};
use super::*;
use crate::{CategoryKind, Prepay};

#[test]
fn a_shop_asks_in_its_categories_and_the_centre_in_its_own() {
    on_each_engine(program, async |app| {
        let shop = open_shop(&app).await;
        let (owner, centre) = (app.staff(Role::Owner, shop).await, app.centre().await);
        let own = heading_over(&app, Some(shop), "上门服务", CategoryKind::Service).await;
        let common = heading_over(&app, None, "全城通用", CategoryKind::Service).await;
        let path = format!("/console/shops/{shop}/categories/{}/attributes", own.id);
        let empty = owner.get(&path).await;
        assert!(
            empty.text().contains("上门服务：下单要填 0 项"),
            "{}",
            empty.text()
        );
        let cases = [
            (vec![("name", "时"), ("kind", "time")], "2 到 20 个字"),
            (vec![("name", "上门时间")], "请选择怎样填"),
            (
                vec![("name", "力度"), ("kind", "choice"), ("choices", "轻")],
                "2 到 12 个选项",
            ),
        ];
        for (typed, words) in cases {
            let no = owner.post(&path, &typed).await;
            assert_eq!(no.status, 422);
            assert!(no.text().contains(words), "{words} in {}", no.text());
            assert!(no.html().contains(typed[0].1), "what was typed stays");
        }
        let time = [("name", "上门时间"), ("kind", "time"), ("required", "1")];
        let added = owner.post(&path, &time).await;
        assert!(follow(&owner, added).await.text().contains("时间，必填"));
        assert_eq!(owner.post(&path, &time).await.status, 409, "asked once");
        let choice = [("name", "力度"), ("kind", "choice"), ("choices", "轻\r\n重\r\n")];
        let page = owner.post(&path, &choice).await;
        let page = follow(&owner, page).await;
        assert!(page.text().contains("选择，可以不填：轻、重"), "{}", page.text());

        let foreign = format!("/console/shops/{shop}/categories/{}/attributes", common.id);
        assert_eq!(owner.get(&foreign).await.status, 404);
        assert_eq!(owner.post(&foreign, &time).await.status, 404);
        let of_centre = format!("/console/categories/{}/attributes", common.id);
        assert_eq!(owner.post(&of_centre, &time).await.status, 403);
        assert_eq!(centre.post(&of_centre, &time).await.status, 303);

        let service = NewService {
            category: Some(own.id),
            ..new("上门推拿", Kind::Local, 198)
        };
        let service = offer(&app, shop, service).await;
        let asked = app
            .app
            .db
            .read(move |tx| asked(tx, &service, false))
            .await
            .unwrap();
        assert_eq!(
            asked.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
            ["上门时间", "力度"]
        );
        let removal = page.attributes("action", &format!("{path}/")).remove(0);
        let gone = owner.post(&removal, &[]).await;
        assert!(follow(&owner, gone).await.text().contains("下单要填 1 项"));
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn what_is_asked_can_be_edited_and_two_editors_do_not_undo_each_other() {
    on_each_engine(program, async |app| {
        let shop = open_shop(&app).await;
        let owner = app.staff(Role::Owner, shop).await;
        let own = heading_over(&app, Some(shop), "上门服务", CategoryKind::Service).await;
        let path = format!("/console/shops/{shop}/categories/{}/attributes", own.id);
        for name in ["力度", "上门时间"] {
            owner.post(&path, &[("name", name), ("kind", "text")]).await;
        }
        let page = owner
            .get(&path)
            .await
            .attributes("href", &format!("{path}/"))
            .remove(0);
        let form = owner.get(&page).await;
        assert!(
            form.text().contains("修改要填的内容：力度，上门服务"),
            "{}",
            form.text()
        );
        let as_choice = [
            ("name", "按摩力度"),
            ("kind", "choice"),
            ("choices", "轻\n中\n重"),
            ("required", "1"),
            ("version", "1"),
        ];
        let done = owner.post(&page, &as_choice).await;
        let list = follow(&owner, done).await.text();
        assert!(
            list.contains("按摩力度") && list.contains("选择，必填：轻、中、重"),
            "{list}"
        );
        let late = owner.post(&page, &as_choice).await;
        assert_eq!(late.status, 409, "somebody changed it meanwhile");
        assert!(late.html().contains("按摩力度"), "what was typed stays");
        let twice = [("name", "上门时间"), ("kind", "text"), ("version", "2")];
        assert_eq!(owner.post(&page, &twice).await.status, 409, "asked already");
        let bad = [("name", "力"), ("kind", "text"), ("version", "2")];
        assert_eq!(owner.post(&page, &bad).await.status, 422);
        // Another category's, and another shop's.
        let other = heading_over(&app, Some(shop), "店里的", CategoryKind::Service).await;
        let moved = page.replace(&own.id.to_string(), &other.id.to_string());
        assert_eq!(owner.get(&moved).await.status, 404);
        assert_eq!(owner.post(&moved, &twice).await.status, 404);
        let centre = app.centre().await;
        let of_centre = page.replace(&format!("/shops/{shop}"), "");
        assert_eq!(centre.get(&of_centre).await.status, 404);
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn what_headings_over_therapists_ask_is_asked_only_with_a_name() {
    on_engines(|db, world, shop| {
        let owner = staff(world, Some(shop), Role::Owner);
        let names = act(db, &owner, move |cx, tx| {
            let masters = create_heading(cx, tx, Some(shop), CategoryKind::Therapist, "推拿师")?;
            let question = NewAttribute {
                name: "想和师傅说的话".into(),
                kind: AttributeKind::Text,
                required: false,
                choices: Vec::new(),
            };
            add_attribute(cx, tx, masters.id, &question)?;
            let service = create(cx, tx, shop, &new("全身放松", Kind::FullBody, 128))?;
            assert_eq!(asked(tx, &service, false)?, []);
            asked(tx, &service, true)
        })
        .unwrap();
        assert_eq!(names[0].name, "想和师傅说的话");
    });
}

#[test]
fn a_category_asks_no_more_than_a_form_holds() {
    on_engines(|db, world, shop| {
        let owner = staff(world, Some(shop), Role::Owner);
        let full = act(db, &owner, move |cx, tx| {
            let own = create_category(cx, tx, Some(shop), "上门服务")?;
            for place in 0..=FIELDS.len() {
                let question = NewAttribute {
                    name: format!("第 {place} 项"),
                    kind: AttributeKind::Text,
                    required: false,
                    choices: Vec::new(),
                };
                add_attribute(cx, tx, own.id, &question)?;
            }
            Ok(())
        });
        assert_eq!(full.unwrap_err().code(), Some("catalog.too_many_attributes"));
    });
}

#[test]
fn goods_are_added_edited_listed_and_unlisted() {
    on_each_engine(program, async |app| {
        let shop = open_shop(&app).await;
        let owner = app.staff(Role::Owner, shop).await;
        let path = format!("/console/shops/{shop}/goods");
        let no = owner
            .post(&path, &[("name", "治颈椎病的油"), ("price", "68")])
            .await;
        assert_eq!(no.status, 422);
        let no = owner
            .post(&path, &[("name", "艾草精油"), ("price", "很贵")])
            .await;
        assert!(no.status == 422 && no.html().contains("很贵"));
        let made = owner
            .post(&path, &[("name", "艾草精油"), ("price", "68.5")])
            .await;
        let page = follow(&owner, made).await;
        assert!(page.text().contains("上架 1 种，下架 0 种"), "{}", page.text());
        let twice = owner.post(&path, &[("name", "艾草精油"), ("price", "70")]).await;
        assert_eq!(twice.status, 409);
        let goods = app
            .app
            .db
            .read(move |tx| all_goods_of(tx, shop))
            .await
            .unwrap()
            .remove(0);
        assert_eq!(goods.price, Money(6_850));
        let one = format!("{path}/{}", goods.id);
        let edited = owner
            .post(&one, &[("name", "艾草精油"), ("price", "70"), ("version", "1")])
            .await;
        assert_eq!(edited.status, 303, "{}", edited.text());
        let stale = owner
            .post(&one, &[("name", "艾草精油"), ("price", "80"), ("version", "1")])
            .await;
        assert_eq!(stale.status, 409);
        let down = owner.post(&format!("{one}/unlisting"), &[("version", "2")]).await;
        assert!(follow(&owner, down).await.text().contains("上架 0 种，下架 1 种"));
        let up = owner.post(&format!("{one}/listing"), &[("version", "3")]).await;
        assert!(follow(&owner, up).await.text().contains("上架 1 种"));
        let stranger = app.staff(Role::Owner, Id::from_raw(5)).await;
        assert_eq!(stranger.get(&one).await.status, 404);
        assert_eq!(
            stranger
                .post(&format!("{one}/unlisting"), &[("version", "4")])
                .await
                .status,
            404
        );

        let shelf = heading_over(&app, Some(shop), "精油", CategoryKind::Goods).await;
        let services = heading_over(&app, Some(shop), "推拿", CategoryKind::Service).await;
        let under = |category: &str| {
            vec![("name", "艾草贴"), ("price", "20")]
                .into_iter()
                .chain([("category", category.to_owned().leak() as &str)])
                .collect::<Vec<_>>()
        };
        assert_eq!(
            owner.post(&path, &under(&services.id.to_string())).await.status,
            422
        );
        assert_eq!(owner.post(&path, &under(&shelf.id.to_string())).await.status, 303);
        let used = format!("/console/shops/{shop}/categories/{}/removal", shelf.id);
        assert_eq!(owner.post(&used, &[]).await.status, 409, "goods stand under it");
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn a_shop_says_how_much_is_paid_when_booking() {
    on_each_engine(program, async |app| {
        let shop = open_shop(&app).await;
        let owner = app.staff(Role::Owner, shop).await;
        let service = offer(&app, shop, new("全身放松", Kind::FullBody, 128)).await;
        let path = format!("/console/shops/{shop}/services/{}/prepayment", service.id);
        assert!(owner.get(&path).await.text().contains("预约时付全款 ¥128"));
        for typed in [
            vec![("how", "deposit"), ("amount", "")],
            vec![("how", "deposit"), ("amount", "0")],
            vec![("how", "share"), ("percent", "100")],
            vec![],
        ] {
            assert_eq!(owner.post(&path, &typed).await.status, 422, "{typed:?}");
        }
        let saved = owner.post(&path, &[("how", "deposit"), ("amount", "30")]).await;
        assert!(
            follow(&owner, saved)
                .await
                .text()
                .contains("预约时付 ¥30，到店付 ¥98")
        );
        let saved = owner.post(&path, &[("how", "share"), ("percent", "25")]).await;
        assert!(
            follow(&owner, saved)
                .await
                .text()
                .contains("预约时付 ¥32，到店付 ¥96")
        );
        let saved = owner.post(&path, &[("how", "at_shop")]).await;
        assert!(follow(&owner, saved).await.text().contains("到店付 ¥128"));
        let id = service.id;
        assert_eq!(
            app.app.db.read(move |tx| prepay(tx, id)).await.unwrap(),
            Prepay::AtShop
        );
        let stranger = app.staff(Role::Owner, Id::from_raw(5)).await;
        assert_eq!(stranger.post(&path, &[("how", "full")]).await.status, 404);
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

//! Through the front door.

use axum::{body::Body, http::Request};
use image::{ImageFormat, RgbImage};
use kernel::{Actor, Id, Role};
use testkit::{Page, Person, TestApp, on_each_engine};
use web::{Module, Plugs};

use super::new_shop;
use crate::{Shop, actions, store};

fn program() -> (Vec<Module>, Plugs) {
    (vec![crate::module()], Plugs::default())
}

async fn given_shop(app: &TestApp) -> Shop {
    let cx = app.cx(Actor::System("test"));
    app.app
        .db
        .write(move |tx| actions::create(&cx, tx, &new_shop()))
        .await
        .unwrap()
}

async fn read_shop(app: &TestApp, id: Id<kernel::Shop>) -> Shop {
    app.app.db.read(move |tx| store::shop(tx, id)).await.unwrap()
}

const FACTS: [(&str, &str); 11] = [
    ("name", "明目堂盲人按摩"),
    ("district", "110105"),
    ("address", "建国路 88 号"),
    ("walking", "国贸站 C 口出来向东走 300 米"),
    ("phone", "138 1234 5678"),
    ("point", "116.4600, 39.9090"),
    ("datum", "gcj02"),
    ("introduction", "六张床，四位师傅。"),
    ("kind", "health"),
    ("sub_mchid", "1900000109"),
    ("accepts", "manual"),
];

fn with(field: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    FACTS
        .iter()
        .map(|(name, old)| {
            if *name == field {
                (*name, value)
            } else {
                (*name, *old)
            }
        })
        .collect()
}

#[test]
fn the_centre_registers_checks_and_suspends_a_shop() {
    on_each_engine(program, |app| async move {
        let centre = app.centre().await;
        let page = centre.get("/console").await;
        assert!(page.text().contains("共 0 家店"), "{}", page.text());
        assert_eq!(centre.get("/console/shops/new").await.status, 200);

        let page = centre
            .post("/console/shops", &with("introduction", "祖传秘方，包好"))
            .await;
        assert_eq!(page.status, 422);
        assert!(
            page.text().contains("不能用在保健按摩店的文字里"),
            "{}",
            page.text()
        );
        assert!(
            page.html().contains("国贸站 C 口出来向东走 300 米"),
            "what was typed is kept"
        );
        assert!(page.html().contains("<title>错误："));

        let made = centre.post("/console/shops", &FACTS).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let at = made.location().unwrap().to_owned();
        let page = centre.get(&at).await;
        assert!(
            page.text().contains("待核验") && page.text().contains("没有填营业时间"),
            "{}",
            page.text()
        );
        let id: Id<kernel::Shop> = at.rsplit('/').next().unwrap().parse().unwrap();
        let shop = read_shop(&app, id).await;
        assert_eq!((shop.phone.as_str(), shop.version), ("13812345678", 1));
        assert!(
            (shop.point.lng - 116.4538).abs() < 0.002,
            "moved out of GCJ-02: {:?}",
            shop.point
        );

        let done = centre
            .post(&format!("{at}/activation"), &[("version", "1")])
            .await;
        assert_eq!(done.status, 303);
        let no = centre
            .post(&format!("{at}/suspension"), &[("version", "2"), ("reason", "")])
            .await;
        assert_eq!(no.status, 422);
        assert!(no.text().contains("请写停用的原因"), "{}", no.text());
        let stale = centre
            .post(
                &format!("{at}/suspension"),
                &[("version", "1"), ("reason", "装修")],
            )
            .await;
        assert_eq!(stale.status, 409);
        assert!(stale.html().contains("value=\"装修\""), "the reason is kept");
        centre
            .post(
                &format!("{at}/suspension"),
                &[("version", "2"), ("reason", "装修")],
            )
            .await;
        assert!(centre.get(&at).await.text().contains("停用：装修"));
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn an_owner_keeps_the_own_shop_and_no_other() {
    on_each_engine(program, |app| async move {
        let (shop, other) = (given_shop(&app).await.id, given_shop(&app).await.id);
        let owner = app.staff(Role::Owner, shop).await;
        assert_eq!(
            owner.get("/console/shop").await.location(),
            Some(format!("/console/shops/{shop}").as_str())
        );
        let page = owner.get(&format!("/console/shops/{shop}/facts")).await;
        assert_eq!(page.status, 200);
        assert!(
            !page.html().contains("name=\"sub_mchid\""),
            "the merchant number is the centre's to say"
        );

        let mut typed = with("name", "清风堂新店");
        typed.retain(|(name, _)| !matches!(*name, "kind" | "sub_mchid"));
        typed.push(("version", "1"));
        let saved = owner.post(&format!("/console/shops/{shop}/facts"), &typed).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let read = read_shop(&app, shop).await;
        assert_eq!(
            (read.name.as_str(), read.sub_mchid.as_deref()),
            ("清风堂新店", Some("1900000109"))
        );

        for path in ["", "/facts", "/hours", "/photos"] {
            assert_eq!(
                owner.get(&format!("/console/shops/{other}{path}")).await.status,
                404,
                "{path}"
            );
        }
        assert_eq!(
            owner
                .post(&format!("/console/shops/{other}/facts"), &typed)
                .await
                .status,
            404
        );
        assert_eq!(
            owner
                .post(&format!("/console/shops/{shop}/activation"), &[("version", "2")])
                .await
                .status,
            403
        );
        assert_eq!(
            app.guest().get("/console/shops").await.status,
            303,
            "a guest is sent to sign in"
        );
    });
}

#[test]
fn hours_are_typed_as_people_write_them() {
    on_each_engine(program, |app| async move {
        let shop = given_shop(&app).await.id;
        let owner = app.staff(Role::Owner, shop).await;
        let at = format!("/console/shops/{shop}/hours");
        let no = owner
            .post(&at, &[("opens_1", "十点"), ("closes_1", "26:00")])
            .await;
        assert_eq!(no.status, 422);
        assert!(
            no.html().contains("value=\"十点\"") && no.text().contains("请写时间"),
            "{}",
            no.text()
        );
        let saved = owner
            .post(
                &at,
                &[
                    ("opens_1", "1030"),
                    ("closes_1", "26：00"),
                    ("opens_7", "9"),
                    ("closes_7", "21:00"),
                ],
            )
            .await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let hours = app
            .app
            .db
            .read(move |tx| store::hours(tx, shop, kernel::Day(0)))
            .await
            .unwrap();
        assert_eq!(
            (hours.on_weekday(1), hours.on_weekday(2), hours.on_weekday(7)),
            (Some((630, 1560)), None, Some((540, 1260)))
        );

        let at = format!("/console/shops/{shop}/exceptions");
        let past = owner.post(&at, &[("day", "2020-01-01")]).await;
        assert!(past.text().contains("这一天已经过去了"), "{}", past.text());
        assert_eq!(owner.post(&at, &[("day", "2027-02-06")]).await.status, 303);
        let page = owner.get(&format!("/console/shops/{shop}/hours")).await;
        assert!(page.text().contains("2 月 6 日"), "{}", page.text());
        assert_eq!(
            owner.post(&format!("{at}/2027-02-06/removal"), &[]).await.status,
            303
        );
        assert!(
            !owner
                .get(&format!("/console/shops/{shop}/hours"))
                .await
                .text()
                .contains("2 月 6 日")
        );
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

/// Sends the photo form as a browser does.
async fn send_photo(person: &Person, at: &str, words: &str, file: &[u8]) -> Page {
    let csrf = person.get(at).await.csrf().unwrap();
    let mut body = Vec::new();
    for (name, value) in [("csrf", csrf.as_str()), ("words", words)] {
        body.extend(
            format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    let head = "--XX\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n";
    body.extend(head.bytes());
    body.extend(file);
    body.extend(b"\r\n--XX--\r\n");
    let request = Request::post(at).header("content-type", "multipart/form-data; boundary=XX");
    person.send(request.body(Body::from(body)).unwrap()).await
}

#[test]
fn a_picture_is_taken_in_and_anything_else_is_refused_in_words() {
    on_each_engine(program, |app| async move {
        let shop = given_shop(&app).await.id;
        let owner = app.staff(Role::Owner, shop).await;
        let at = format!("/console/shops/{shop}/photos");
        let stranger = app.staff(Role::Owner, kernel::Id::from_raw(77)).await;
        let foreign = send_photo(&stranger, &at, "店门口", b"anything").await;
        assert_eq!(foreign.status, 404, "another shop's owner finds nothing here");
        let no = send_photo(&owner, &at, "店门口", b"#!/bin/sh\necho no picture").await;
        assert_eq!(no.status, 422);
        assert!(
            no.text().contains("这个文件不是照片") && no.html().contains("value=\"店门口\""),
            "{}",
            no.text()
        );

        let token = owner.get(&at).await.csrf().unwrap();
        let broken = Request::post(&at)
            .header("content-type", "multipart/form-data; boundary=XX")
            .header("x-csrf-token", token);
        let broken = owner
            .send(broken.body(Body::from("--XX\r\nno part")).unwrap())
            .await;
        assert_eq!(broken.status, 400, "a form that breaks off is no fault of ours");

        let mut png = std::io::Cursor::new(Vec::new());
        RgbImage::from_pixel(60, 40, image::Rgb([40, 90, 80]))
            .write_to(&mut png, ImageFormat::Png)
            .unwrap();
        let nameless = send_photo(&owner, &at, "", png.get_ref()).await;
        assert_eq!(nameless.status, 422);
        let added = send_photo(&owner, &at, "店门口", png.get_ref()).await;
        assert_eq!(added.status, 303, "{}", added.text());

        let photo = read_shop(&app, shop).await.photo;
        let served = app.guest().get(&format!("/photos/{photo}")).await;
        assert_eq!(
            (served.status, &served.headers["content-type"]),
            (200, &"image/jpeg".parse().unwrap())
        );
        assert!(image::load_from_memory(&served.body).is_ok());
        assert!(owner.get(&at).await.html().contains("alt=\"店门口\""));
        let unknown = app
            .guest()
            .get(&format!("/photos/{}", Id::<crate::Photo>::from_raw(3)))
            .await;
        assert_eq!(unknown.status, 404);
        assert_eq!(
            owner.post(&format!("{at}/{photo}/removal"), &[]).await.status,
            303
        );
        assert_eq!(app.guest().get(&format!("/photos/{photo}")).await.status, 404);
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn every_refusal_has_its_words_in_both_languages() {
    let texts = testkit::texts(&[crate::module(), web::module()]);
    for code in crate::Refusal::CODES {
        let key = code.replace(['.', '_'], "-");
        assert!(texts.has(&key), "{key}");
    }
}

#[test]
fn holidays_are_entered_by_the_centre_and_followed_by_the_shop() {
    on_each_engine(program, |app| async move {
        let shop = given_shop(&app).await;
        let centre = app.centre().await;
        let owner = app.staff(Role::Owner, shop.id).await;
        let soon = testkit::START.day().plus(5).to_string();

        let typed = [("day", soon.as_str()), ("kind", "off"), ("name", " ")];
        let no = centre.post("/console/holidays", &typed).await;
        assert_eq!(no.status, 422);
        assert!(no.text().contains("请写假日的名称") && no.html().contains(&format!("value=\"{soon}\"")));
        let typed = [("day", soon.as_str()), ("kind", "off"), ("name", "重阳节")];
        assert_eq!(owner.post("/console/holidays", &typed).await.status, 403);
        assert_eq!(centre.post("/console/holidays", &typed).await.status, 303);
        let page = centre.get("/console/holidays").await;
        assert!(
            page.text().contains("下一个假日是重阳节") && page.text().contains("中心录入"),
            "{}",
            page.text()
        );
        assert!(owner.get("/console/holidays").await.text().contains("重阳节"));

        let at = format!("/console/shops/{}", shop.id);
        let week: Vec<(String, String)> = (1..=7)
            .flat_map(|day| {
                [
                    (format!("opens_{day}"), "12:00".to_owned()),
                    (format!("closes_{day}"), "26:00".to_owned()),
                ]
            })
            .collect();
        let week: Vec<(&str, &str)> = week
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(owner.post(&format!("{at}/hours"), &week).await.status, 303);
        let half = [
            ("holidays", "other"),
            ("holiday_opens", "10:00"),
            ("work_like", "0"),
        ];
        let no = owner.post(&format!("{at}/holidays"), &half).await;
        assert_eq!(no.status, 422);
        assert!(no.html().contains("value=\"10:00\""), "what was typed is kept");
        let rule = [("holidays", "closed"), ("work_like", "1")];
        assert_eq!(owner.post(&format!("{at}/holidays"), &rule).await.status, 303);
        let days = [
            ("day", soon.as_str()),
            ("to_day", "2026-01-01"),
            ("reason", "装修"),
        ];
        assert_eq!(owner.post(&format!("{at}/exceptions"), &days).await.status, 422);
        let page = owner.get(&format!("{at}/hours")).await;
        assert!(page.text().contains("休息 重阳节"), "{}", page.text());

        let lifted = centre
            .post(&format!("/console/holidays/{soon}/removal"), &[])
            .await;
        assert_eq!(lifted.status, 303);
        assert!(!owner.get(&format!("{at}/hours")).await.text().contains("重阳节"));
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

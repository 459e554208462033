//! Through the front door.

use geo::Wgs84;
use kernel::{Actor, Role, Shop};
use testkit::{TestApp, on_each_engine};
use web::{Module, Plugs};

use super::*;

fn program() -> (Vec<Module>, Plugs) {
    (vec![shops(), crate::module()], Plugs::default())
}

/// The tables of shops; their pages have no part here.
fn shops() -> Module {
    Module {
        name: "shop",
        migrations: shop::MIGRATIONS,
        texts: [(Lang::Zh, ""), (Lang::En, "")],
        routes: web::Routes::new("shop"),
        jobs: Vec::new(),
        listens: Vec::new(),
        refusals: &[],
    }
}

fn new_shop() -> shop::NewShop {
    shop::NewShop {
        name: "清风堂盲人按摩（鼓楼店）".to_owned(),
        district: shop::District::ALL[0],
        address: "鼓楼东大街 1 号".to_owned(),
        walking: "鼓楼大街站 A 口出，直走 200 米".to_owned(),
        phone: "13800138000".to_owned(),
        point: Wgs84::new(39.94, 116.39).unwrap(),
        introduction: "六张床，四位师傅。".to_owned(),
        kind: shop::Kind::Health,
        sub_mchid: None,
        accepts: shop::Accepts::Automatic,
        photo: "scenes/street.svg".to_owned(),
        photo_words: "门口一棵槐树".to_owned(),
    }
}

/// A shop that was paid 128 yuan, gave 28 back, reserved 50 and earned 30.
async fn shop_with_money(app: &TestApp) -> Id<Shop> {
    let centre = Actor::Staff {
        id: Id::from_raw(1),
        shop: None,
        role: Role::Centre,
    };
    let cx = app.cx(centre);
    let made = app.app.db.write(move |tx| {
        let shop = shop::create(&cx, tx, &new_shop())?.id;
        let wechat = Account::money("shop", shop.raw(), Kind::WeChat);
        let revenue = Account::money("shop", shop.raw(), Kind::Revenue);
        let mut post = |debit, credit, amount, cause, key| {
            let transfer = Transfer {
                debit,
                credit,
                amount: Money(amount),
                cause,
                key,
            };
            crate::transfer(&cx, tx, &transfer)
        };
        post(wechat, ORDER, 12_800, ("payment", 1), "settled")?;
        post(ORDER, wechat, 2_800, ("refund", 2), "done")?;
        post(ORDER, revenue, 3_000, ("order", 3), "fulfilled")?;
        post(ORDER, revenue, 150, ("mystery", 4), "box")?;
        let back = Transfer {
            debit: ORDER,
            credit: wechat,
            amount: Money(5_000),
            cause: ("refund", 5),
            key: "asked",
        };
        crate::reserve(&cx, tx, &back, None)?;
        Ok(shop)
    });
    made.await.unwrap()
}

#[test]
fn the_centre_sees_whether_the_books_are_right_and_has_them_checked() {
    on_each_engine(program, |app| async move {
        let shop = shop_with_money(&app).await;
        let centre = app.centre().await;
        let page = centre.get("/console/ledger").await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("账还没有查过"), "{}", page.text());
        let asked = centre.post("/console/ledger/audits", &[]).await;
        assert_eq!((asked.status, asked.location()), (303, Some("/console/ledger")));
        app.run_jobs().await;
        let text = centre.get("/console/ledger").await.text();
        let (before, hash) = text.split_once("指纹 ").unwrap();
        insta::assert_snapshot!("books", format!("{before}指纹 HASH{}", &hash[8..]));
        tamper(
            &app,
            "UPDATE ledger_transfer SET amount = amount + 1 WHERE cause = 'payment'",
        )
        .await;
        app.clock.advance_minutes(1);
        tamper(&app, "UPDATE ledger_journal SET hash = '' WHERE place = 2").await;
        centre.post("/console/ledger/audits", &[]).await;
        app.run_jobs().await;
        let page = centre.get("/console/ledger").await;
        assert!(page.text().contains("账对不上"), "{}", page.text());
        assert!(
            page.text().contains("2 个账户的余额和明细不一样"),
            "{}",
            page.text()
        );
        assert!(page.html().contains(&format!("/console/ledger/shops/{shop}")));
        assert!(app.missing_texts().is_empty(), "{:?}", app.missing_texts());
    });
}

async fn tamper(app: &TestApp, sql: &'static str) {
    app.app
        .db
        .write(move |tx| tx.run(sql, db::params![]))
        .await
        .unwrap();
}

#[test]
fn an_owner_reads_the_own_shops_accounts_month_by_month() {
    on_each_engine(program, |app| async move {
        let shop = shop_with_money(&app).await;
        app.clock.advance_minutes(12 * 24 * 60);
        // The next month brings one more.
        let cx = app.cx(Actor::System("test"));
        let write = app.app.db.write(move |tx| {
            let transfer = Transfer {
                debit: Account::money("shop", shop.raw(), Kind::WeChat),
                credit: ORDER,
                amount: Money(6_000),
                cause: ("payment", 9),
                key: "settled",
            };
            crate::transfer(&cx, tx, &transfer)
        });
        write.await.unwrap();
        let owner = app.staff(Role::Owner, shop).await;
        let own = format!("/console/ledger/shops/{shop}");
        assert_eq!(owner.get("/console/ledger").await.location(), Some(own.as_str()));
        let page = owner.get(&own).await;
        insta::assert_snapshot!("shop", page.text());
        let wechat = page.attributes("href", &format!("{own}/"))[0].clone();
        let november = owner.get(&format!("{wechat}?month=2026-11")).await;
        insta::assert_snapshot!("november", november.text());
        let december = owner.get(&wechat).await;
        insta::assert_snapshot!("december", december.text());
        let revenue = page.attributes("href", &format!("{own}/"))[1].clone();
        let words = owner.get(&format!("{revenue}?month=2026-11")).await.text();
        assert!(
            words.contains("其他（mystery box）") && words.contains("¥31.50"),
            "{words}"
        );
        for nonsense in ["?month=2026-13", "?month=x", "?page=2", "?page=0"] {
            assert_eq!(
                owner.get(&format!("{wechat}{nonsense}")).await.status,
                404,
                "{nonsense}"
            );
        }
        assert!(app.missing_texts().is_empty(), "{:?}", app.missing_texts());
    });
}

#[test]
fn a_foreign_owner_and_a_clerk_see_nothing() {
    on_each_engine(program, |app| async move {
        let shop = shop_with_money(&app).await;
        let other = app.staff(Role::Owner, Id::from_raw(7)).await;
        let own = format!("/console/ledger/shops/{shop}");
        assert_eq!(other.get(&own).await.status, 404);
        let page = app.staff(Role::Owner, shop).await.get(&own).await;
        let wechat = page.attributes("href", &format!("{own}/"))[0].clone();
        assert_eq!(other.get(&wechat).await.status, 404);
        let account = wechat.rsplit('/').next().unwrap();
        let crossed = format!("/console/ledger/shops/{}/{account}", Id::<Shop>::from_raw(7));
        assert_eq!(
            other.get(&crossed).await.status,
            404,
            "another shop's account under the own shop"
        );
        assert_eq!(other.post("/console/ledger/audits", &[]).await.status, 403);
        let clerk = app.staff(Role::Clerk, shop).await;
        assert_eq!(clerk.get(&own).await.status, 403);
    });
}

#[test]
fn a_long_month_is_read_in_pages_and_the_balance_runs_on() {
    on_each_engine(program, |app| async move {
        let shop = shop_with_money(&app).await;
        let cx = app.cx(Actor::System("test"));
        let write = app.app.db.write(move |tx| {
            for id in 0..120 {
                let transfer = Transfer {
                    debit: Account::money("shop", shop.raw(), Kind::WeChat),
                    credit: ORDER,
                    amount: Money(100),
                    cause: ("payment", 100 + id),
                    key: "settled",
                };
                crate::transfer(&cx, tx, &transfer)?;
            }
            Ok(())
        });
        write.await.unwrap();
        let owner = app.staff(Role::Owner, shop).await;
        let own = format!("/console/ledger/shops/{shop}");
        let wechat = owner.get(&own).await.attributes("href", &format!("{own}/"))[0].clone();
        let first = owner.get(&wechat).await.text();
        assert!(first.contains("共 122 笔，月末余额 ¥220"), "{first}");
        assert!(first.contains("第 2 页") && !first.contains("第 1 页"));
        let second = owner.get(&format!("{wechat}?page=2")).await.text();
        assert!(second.contains("¥220") && second.contains("第 1 页"), "{second}");
    });
}

#[test]
fn an_owner_reads_the_statement_of_the_month_and_downloads_it() {
    on_each_engine(program, |app| async move {
        let shop = shop_with_money(&app).await;
        let cx = app.cx(Actor::System("test"));
        let month = {
            let (year, month, _) = cx.now().day().ymd();
            format!("{year:04}-{month:02}")
        };
        let write = app.app.db.write(move |tx| {
            let account = |kind| Account::money("shop", shop.raw(), kind);
            for (debit, credit, amount, cause, key) in [
                (account(Kind::Fees), account(Kind::WeChat), 77, ("bill", 1), "fee"),
                (account(Kind::Cash), ORDER, 6_000, ("order", 9), "cash"),
            ] {
                let transfer = Transfer {
                    debit,
                    credit,
                    amount: Money(amount),
                    cause,
                    key,
                };
                crate::transfer(&cx, tx, &transfer)?;
            }
            Ok(())
        });
        write.await.unwrap();
        let owner = app.staff(Role::Owner, shop).await;
        let own = format!("/console/ledger/shops/{shop}");
        let link = owner
            .get(&own)
            .await
            .attributes("href", &format!("{own}/months/"))
            .remove(0);
        assert_eq!(link, format!("{own}/months/{month}"));
        let page = owner.get(&link).await;
        let text = page.text();
        // 128 taken, 28 given back, 0.77 of fee; 60 in cash. What is only reserved is not counted.
        for words in [
            "净收 ¥159.23",
            "微信收款：收 ¥128，退 ¥28，手续费 ¥0.77，净收 ¥99.23",
            "现金：收 ¥60，退 ¥0，手续费 ¥0，净收 ¥60",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let table = owner.get(&format!("{link}/table")).await;
        let body = String::from_utf8(table.body.to_vec()).unwrap();
        assert!(
            body.starts_with("\u{feff}日期,收款方式,收款,退款,手续费,净收\r\n"),
            "{body}"
        );
        assert!(body.ends_with("合计,,188.00,28.00,0.77,159.23\r\n"), "{body}");
        assert!(body.contains(",现金,60.00,0.00,0.00,60.00\r\n"), "{body}");
        let stranger = app.staff(Role::Owner, Id::from_raw(7)).await;
        for path in [link.clone(), format!("{link}/table")] {
            assert_eq!(stranger.get(&path).await.status, 404);
        }
        assert_eq!(owner.get(&format!("{own}/months/2026-13")).await.status, 404);
        let empty = owner.get(&format!("{own}/months/2025-01")).await;
        assert!(empty.text().contains("净收 ¥0"), "{}", empty.text());
        assert!(app.missing_texts().is_empty(), "{:?}", app.missing_texts());
    });
}

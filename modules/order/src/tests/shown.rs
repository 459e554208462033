//! What customers and the desk read of tenders that are no money at hand.

use kernel::{Actor, Id, Money, Role};
use ledger::{Account, Kind, Transfer};
use testkit::on_each_engine;

use super::door::{Scene, program};
use crate::{By, Order, Source};

const SOURCES: [(Source, i64); 3] = [
    (Source::coupon(("coupon", 1)), 20),
    (Source::points(("member", 2)), 8),
    (Source::value(("card", 3)), 50),
];

/// Fills the accounts and lays all of them on an order.
async fn lay(scene: &Scene, id: Id<Order>) {
    let (cx, shop) = (scene.app.cx(Actor::Customer(scene.zhang)), scene.shop);
    let laid = scene.app.app.db.write(move |tx| {
        for (source, yuan) in SOURCES {
            let filled = Transfer {
                debit: Account::money("shop", shop.raw(), Kind::Discounts),
                credit: source.account(),
                amount: Money::yuan(yuan),
                cause: ("filled", yuan),
                key: "",
            };
            ledger::transfer(&cx, tx, &filled)?;
            crate::reserve(&cx, tx, id, &source, Money::yuan(yuan))?;
        }
        Ok(())
    });
    laid.await.unwrap();
}

async fn says(page: impl Future<Output = testkit::Page>, all: &[&str]) {
    let page = page.await.text();
    for words in all {
        assert!(page.contains(words), "{words} in {page}");
    }
}

#[test]
fn pages_name_every_tender_and_count_as_paid_what_was_money() {
    on_each_engine(program, |app| async move {
        let scene = Scene::new(app).await;
        let id = scene.open().await;
        lay(&scene, id).await;
        let desk = scene.app.staff(Role::Clerk, scene.shop).await;
        let (own, payment) = (format!("/orders/{id}"), format!("/orders/{id}/payment"));
        let reserved = [
            "付款 ¥50.50",
            "现在付",
            "礼品券",
            "¥20",
            "积分抵扣",
            "¥8",
            "储值",
            "¥50",
        ];
        says(scene.browser.get(&payment), &reserved).await;
        scene.wechat().customer_pays(&scene.number(id).await);
        scene.browser.get(&payment).await;

        let spoken = "总价 128.50 元。付款：微信支付 50.50 元，储值 50 元，积分抵扣 8 元，礼品券 20 元。退款 0 元，实付 100.50 元。";
        let receipt = ["实付 ¥100.50", spoken];
        says(scene.browser.get(&format!("{own}/receipt")), &receipt).await;
        says(desk.get(&format!("/desk/orders/{id}/receipt")), &receipt).await;
        says(scene.browser.get(&own), &["已付 ¥100.50，订单有效"]).await;
        says(
            desk.get(&format!("/desk/orders/{id}")),
            &["已付 ¥100.50", "礼品券"],
        )
        .await;

        let cx = scene.app.cx(Actor::System("test"));
        let half = scene.app.app.db.write(move |tx| {
            let line = crate::lines(tx, id)?[0].id;
            crate::refund_line(&cx, tx, id, line, 5_000, "水凉了")
        });
        assert_eq!(half.await.unwrap(), Money(5_425), "all but the coupon's half");
        let sentences = [
            "已退 ¥25 到您的储值账户",
            "抵了 ¥4 的积分已经退给您",
            "礼品券已经用了，其中抵的 ¥10 不退",
            "正在退 ¥25.25",
        ];
        says(scene.browser.get(&own), &sentences).await;
        says(desk.get("/desk/orders"), &["没有待办的款项"]).await;
        let cx = scene.app.cx(Actor::System("test"));
        let off = scene
            .app
            .app
            .db
            .write(move |tx| crate::cancel(&cx, tx, id, By::Shop, Money::ZERO, "停电"));
        off.await.unwrap();
        let whole = scene.browser.get(&own).await.text();
        assert!(whole.contains("抵了 ¥20 的礼品券已经退给您，可以再用"), "{whole}");
        assert!(!whole.contains("不退"), "{whole}");
        says(desk.get("/desk/orders"), &["没有待办的款项"]).await;
        scene.fine();
    });
}

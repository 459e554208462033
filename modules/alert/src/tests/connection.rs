//! The address of another program that is switched off: the desk hears of it, the owner reads of it.

use kernel::Shop;

use super::{house::*, *};
use crate::events::Connection;

fn turned(shop: Id<Shop>, version: i64, off: bool) -> Connection {
    Connection {
        hook: Id::from_raw(77),
        shop,
        version,
        off,
        host: "till.example.com".to_owned(),
    }
}

async fn turn(house: &House, version: i64, off: bool) {
    let shop = house.shop;
    house
        .write(Actor::System("test"), move |cx, tx| {
            actions::follow_connection(cx, tx, &turned(shop, version, off))
        })
        .await
        .unwrap();
    house.app.run_jobs().await;
}

#[test]
fn an_address_that_is_switched_off_is_heard_at_the_desk_and_read_by_the_owner() {
    House::on_each_engine(Accepts::Automatic, |house| async move {
        for _ in 0..2 {
            turn(&house, 4, true).await;
        }
        assert_eq!(house.states().await, ["disconnected queued"], "told once");
        let alert = house.alerts().await.remove(0);
        assert_eq!(
            alert.text,
            "通知地址已停用：till.example.com，几天都没送到，修好后请店主重新启用"
        );
        assert!(!alert.speech.contains("example"), "{}", alert.speech);
        let page = house.owner.get("/desk").await;
        assert!(
            page.text().contains("通知地址已停用：till.example.com"),
            "{}",
            page.text()
        );
        let sent = house.outside().sent();
        let owners: Vec<&str> = sent.iter().map(|(openid, _, _)| openid.as_str()).collect();
        assert_eq!(owners, [OWNER_OPENID], "once, and to nobody else: {sent:?}");
        assert_eq!(sent[0].1, "id of 系统异常提醒");
        assert!(
            sent[0]
                .2
                .ends_with(&format!("/console/shops/{}/webhooks", house.shop)),
            "{}",
            sent[0].2
        );
        turn(&house, 5, false).await;
        assert_eq!(
            house.states().await,
            ["disconnected acknowledged"],
            "it works again"
        );
        // Identifiers of one millisecond have no order.
        house.app.clock.advance_ms(1);
        turn(&house, 6, true).await;
        assert_eq!(
            house.states().await,
            ["disconnected acknowledged", "disconnected queued"],
            "off once more is news once more"
        );
    });
}

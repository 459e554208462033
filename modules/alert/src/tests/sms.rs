//! An order is told though the shop's package of messages is empty.

use ledger::{Account, Kind, Transfer, Unit};

use super::{house::*, *};

fn package(kind: Kind, house: &House) -> Account<'static> {
    Account {
        owner_kind: "shop",
        owner_id: house.shop.raw(),
        kind,
        unit: Unit::Sms,
    }
}

#[test]
fn edge_case_25_an_empty_sms_package_does_not_silence_a_new_order() {
    House::on_each_engine(Accepts::Manual, |house| async move {
        // Nothing was ever bought, and alerts have taken all that they may pass nothing by.
        let (bought, issued) = (package(Kind::Sms, &house), package(Kind::Issued, &house));
        let send = async |count: i64, key: &'static str| {
            let alert = Transfer {
                debit: bought,
                credit: issued,
                amount: kernel::Money(count),
                cause: ("test", 1),
                key,
            };
            house
                .write(Actor::System("test"), move |cx, tx| {
                    ledger::transfer(cx, tx, &alert)
                })
                .await
        };
        send(30, "thirty alerts").await.unwrap();
        let more = send(1, "one more").await.unwrap_err();
        assert_eq!(more.code(), Some("ledger.not_covered"));

        // A new order is heard at the desk and read by the owner all the same.
        let booking = house.paid(1, 900).await;
        assert_eq!(house.states().await, ["request queued"]);
        assert!(house.hears(Some(0)).await.contains(&"order".to_owned()));
        let told = house.messages(booking.id.raw()).await;
        assert!(told.contains(&"new_order sent".to_owned()), "{told:?}");
        let left = house.read(move |tx| ledger::available(tx, bought)).await;
        assert_eq!(left, kernel::Money(-30), "no message was taken for it");
    });
}

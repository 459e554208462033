//! Profit sharing: receivers, sharings, returns, and what is left.

use serde_json::{Value, json};

use super::support::*;
use crate::pay::sharing::{
    PartFailure, PartResult, Receiver, ReceiverKind, Relation, ReturnFailure, ReturnOrder, ReturnState,
    Share, SharingOrder, SharingRef, SharingState, Unfreeze,
};
use crate::pay::{Payee, SharingNo};
use crate::{Cause, Outcome, Secret};

fn number() -> SharingNo {
    SharingNo::new("P1").unwrap()
}

fn merchant_receiver() -> Receiver {
    Receiver {
        kind: ReceiverKind::Merchant,
        account: "1900000110".into(),
        name: Some(Secret::new("北京某某科技有限公司".into())),
    }
}

fn person() -> Receiver {
    Receiver {
        kind: ReceiverKind::Person,
        account: "oPerson".into(),
        name: None,
    }
}

fn share(receiver: Receiver, fen: i64) -> Share {
    Share {
        receiver,
        fen,
        description: "平台服务费".into(),
    }
}

fn order(shares: Vec<Share>) -> SharingOrder {
    SharingOrder {
        out_order_no: number(),
        transaction_id: "42".into(),
        shares,
        unfreeze_unsplit: true,
    }
}

fn sharing() -> Value {
    json!({
        "sub_mchid": "1900000109", "transaction_id": "42", "out_order_no": "P1", "order_id": "300", "state": "FINISHED",
        "receivers": [
            {"amount": 100, "description": "a", "type": "MERCHANT_ID", "account": "1900000110", "result": "SUCCESS",
             "create_time": "2026-11-22T16:34:56+08:00", "finish_time": "2026-11-22T16:34:57+08:00", "detail_id": "1"},
            {"amount": 50, "description": "b", "type": "PERSONAL_OPENID", "account": "oPerson", "result": "CLOSED",
             "fail_reason": "RECEIVER_REAL_NAME_NOT_VERIFIED", "detail_id": "2"}
        ]
    })
}

fn with_sub<T>(answer: Value, f: impl Fn(&Payee<'_>, &Wire) -> T) -> T {
    let wire = Wire::new(move |_, _| signed(200, answer.to_string().as_bytes()));
    let pay = pay(partner(), &wire);
    f(&pay.sub_merchant("1900000109", None).unwrap(), &wire)
}

#[test]
fn receivers_come_and_go() {
    let answer = json!({"sub_mchid": "1900000109", "type": "MERCHANT_ID", "account": "1900000110"});
    with_sub(answer, |payee, wire| {
        let receiver = merchant_receiver();
        let relation = Relation::Custom("代理".into());
        assert_eq!(
            payee.add_receiver(at(), NONCE, &receiver, &relation),
            Outcome::Done(())
        );
        assert_eq!(wire.path(0), "/v3/profitsharing/receivers/add");
        let mut body = wire.body(0);
        assert_eq!(
            unseal(body["name"].take().as_str().unwrap()),
            "北京某某科技有限公司"
        );
        assert_eq!(
            body,
            json!({
                "sub_mchid": "1900000109", "appid": "wx2421b1c4370ec43b", "type": "MERCHANT_ID", "account": "1900000110",
                "name": null, "relation_type": "CUSTOM", "custom_relation": "代理"
            })
        );
        assert_eq!(payee.delete_receiver(at(), NONCE, &receiver), Outcome::Done(()));
        assert_eq!(wire.path(1), "/v3/profitsharing/receivers/delete");
        assert_eq!(
            wire.body(1),
            json!({
                "sub_mchid": "1900000109", "appid": "wx2421b1c4370ec43b", "type": "MERCHANT_ID", "account": "1900000110"
            })
        );
        assert_eq!(
            payee.delete_receiver(at(), NONCE, &person()),
            Outcome::Unknown(Cause::Mismatch("receiver"))
        );
        let printed = format!("{receiver:?}");
        assert!(!printed.contains("北京"), "{printed}");
    });
}

#[test]
fn receivers_that_break_the_rules_are_refused() {
    with_sub(json!({}), |payee, wire| {
        let long = "十一个字的关系实在太长了";
        for (receiver, relation) in [
            (
                Receiver {
                    name: None,
                    ..merchant_receiver()
                },
                Relation::Staff,
            ),
            (
                Receiver {
                    account: String::new(),
                    ..person()
                },
                Relation::Staff,
            ),
            (
                Receiver {
                    kind: ReceiverKind::SubPerson,
                    ..person()
                },
                Relation::Staff,
            ),
            (person(), Relation::Custom(long.into())),
            (person(), Relation::Custom(String::new())),
        ] {
            let outcome = payee.add_receiver(at(), NONCE, &receiver, &relation);
            assert!(matches!(outcome, Outcome::Refused(_)), "{receiver:?}");
        }
        assert!(wire.seen.lock().unwrap().is_empty());
    });
}

#[test]
fn a_sharing_is_asked_for_and_each_part_has_its_result() {
    with_sub(sharing(), |payee, wire| {
        let wish = order(vec![share(merchant_receiver(), 100), share(person(), 50)]);
        let Outcome::Done(found) = payee.share(at(), NONCE, &wish) else {
            panic!()
        };
        assert_eq!(found.state, SharingState::Finished);
        assert!(!found.succeeded(), "finished is not succeeded");
        assert_eq!(
            (&found.receivers[1].result, &found.receivers[1].fail_reason),
            (
                &PartResult::Closed,
                &Some(PartFailure::ReceiverRealNameNotVerified)
            )
        );
        assert_eq!(wire.path(0), "/v3/profitsharing/orders");
        let mut body = wire.body(0);
        let name = body["receivers"][0]["name"].take();
        assert_eq!(unseal(name.as_str().unwrap()), "北京某某科技有限公司");
        assert_eq!(
            body,
            json!({
                "sub_mchid": "1900000109", "appid": "wx2421b1c4370ec43b", "transaction_id": "42", "out_order_no": "P1",
                "unfreeze_unsplit": true,
                "receivers": [
                    {"type": "MERCHANT_ID", "account": "1900000110", "name": null, "amount": 100, "description": "平台服务费"},
                    {"type": "PERSONAL_OPENID", "account": "oPerson", "amount": 50, "description": "平台服务费"}
                ]
            })
        );
        assert!(matches!(
            payee.query_sharing(at(), NONCE, &number(), "42"),
            Outcome::Done(_)
        ));
        assert_eq!(
            wire.path(1),
            "/v3/profitsharing/orders/P1?transaction_id=42&sub_mchid=1900000109"
        );
        let other = SharingNo::new("P2").unwrap();
        assert_eq!(
            payee.query_sharing(at(), NONCE, &other, "42"),
            Outcome::Unknown(Cause::Mismatch("sharing"))
        );
    });
}

#[test]
fn sharings_that_break_the_rules_are_refused() {
    with_sub(json!({}), |payee, wire| {
        let nameless = |fen| share(person(), fen);
        let mut wordless = nameless(1);
        wordless.description = String::new();
        let many = (0..51).map(|n| {
            let account = format!("o{n}");
            share(Receiver { account, ..person() }, 1)
        });
        for shares in [
            Vec::new(),
            vec![nameless(0)],
            vec![nameless(1), nameless(2)],
            vec![wordless],
            many.collect(),
        ] {
            let outcome = payee.share(at(), NONCE, &order(shares));
            assert!(matches!(outcome, Outcome::Refused(_)));
        }
        let wish = Unfreeze {
            out_order_no: number(),
            transaction_id: "42".into(),
            description: "字".repeat(27),
        };
        assert!(matches!(payee.unfreeze(at(), NONCE, &wish), Outcome::Refused(_)));
        assert!(wire.seen.lock().unwrap().is_empty());
    });
}

#[test]
fn the_rest_is_released() {
    with_sub(sharing(), |payee, wire| {
        let wish = Unfreeze {
            out_order_no: number(),
            transaction_id: "42".into(),
            description: "解冻全部剩余资金".into(),
        };
        assert!(matches!(payee.unfreeze(at(), NONCE, &wish), Outcome::Done(_)));
        assert_eq!(wire.path(0), "/v3/profitsharing/orders/unfreeze");
        assert_eq!(
            wire.body(0),
            json!({
                "sub_mchid": "1900000109", "transaction_id": "42", "out_order_no": "P1", "description": "解冻全部剩余资金"
            })
        );
    });
}

#[test]
fn a_part_is_taken_back() {
    let answer = json!({
        "sub_mchid": "1900000109", "order_id": "300", "out_order_no": "P1", "out_return_no": "R1", "return_id": "400",
        "return_mchid": "1900000110", "amount": 100, "description": "退", "result": "FAILED",
        "fail_reason": "BALANCE_NOT_ENOUGH", "create_time": "x", "finish_time": "y"
    });
    with_sub(answer, |payee, wire| {
        let wish = |of| ReturnOrder {
            out_return_no: SharingNo::new("R1").unwrap(),
            of,
            return_mchid: "1900000110".into(),
            fen: 100,
            description: "退".into(),
        };
        let Outcome::Done(found) = payee.take_back(at(), NONCE, &wish(SharingRef::Ours(number()))) else {
            panic!()
        };
        assert_eq!(
            (&found.result, &found.fail_reason),
            (&ReturnState::Failed, &Some(ReturnFailure::BalanceNotEnough))
        );
        assert_eq!(wire.path(0), "/v3/profitsharing/return-orders");
        assert_eq!(
            wire.body(0),
            json!({
                "sub_mchid": "1900000109", "out_order_no": "P1", "out_return_no": "R1", "return_mchid": "1900000110",
                "amount": 100, "description": "退"
            })
        );
        let _ = payee.take_back(at(), NONCE, &wish(SharingRef::WeChats("300".into())));
        assert_eq!(
            (wire.body(1).get("out_order_no"), &wire.body(1)["order_id"]),
            (None, &json!("300"))
        );
        let mine = SharingNo::new("R1").unwrap();
        assert!(matches!(
            payee.query_return(at(), NONCE, &mine, &number()),
            Outcome::Done(_)
        ));
        assert_eq!(
            wire.path(2),
            "/v3/profitsharing/return-orders/R1?out_order_no=P1&sub_mchid=1900000109"
        );
        let nothing = ReturnOrder {
            fen: 0,
            ..wish(SharingRef::Ours(number()))
        };
        assert!(matches!(
            payee.take_back(at(), NONCE, &nothing),
            Outcome::Refused(_)
        ));
    });
}

#[test]
fn what_is_left_and_what_is_allowed() {
    with_sub(
        json!({"transaction_id": "42", "unsplit_amount": 700}),
        |payee, wire| {
            assert_eq!(payee.left_to_share(at(), NONCE, "42"), Outcome::Done(700));
            assert_eq!(wire.path(0), "/v3/profitsharing/transactions/42/amounts");
            assert_eq!(
                payee.left_to_share(at(), NONCE, "43"),
                Outcome::Unknown(Cause::Mismatch("order"))
            );
        },
    );
    with_sub(
        json!({"sub_mchid": "1900000109", "max_ratio": 3000}),
        |payee, wire| {
            assert_eq!(payee.max_share(at(), NONCE), Outcome::Done(3_000));
            assert_eq!(wire.path(0), "/v3/profitsharing/merchant-configs/1900000109");
        },
    );
    let wire = Wire::new(|_, _| unreachable!("nothing is sent"));
    let pay = pay(direct(), &wire);
    assert!(matches!(
        pay.own().unwrap().max_share(at(), NONCE),
        Outcome::Refused(_)
    ));
}

/// A direct merchant names no sub-merchant, and unknown states are kept.
#[test]
fn a_direct_merchant_shares_too() {
    let answer = json!({
        "transaction_id": "42", "out_order_no": "P1", "order_id": "300", "state": "DREAMING",
        "receivers": [{"amount": 1, "type": "MERCHANT_ID", "account": "1", "result": "ODD", "fail_reason": "WEATHER"}]
    });
    let wire = Wire::new(move |_, _| signed(200, answer.to_string().as_bytes()));
    let pay = pay(direct(), &wire);
    let wish = order(vec![share(person(), 1)]);
    let Outcome::Done(found) = pay.own().unwrap().share(at(), NONCE, &wish) else {
        panic!()
    };
    assert_eq!(wire.body(0).get("sub_mchid"), None);
    assert_eq!(found.state, SharingState::Other("DREAMING".into()));
    assert_eq!(found.receivers[0].result, PartResult::Other("ODD".into()));
    assert_eq!(
        found.receivers[0].fail_reason,
        Some(PartFailure::Other("WEATHER".into()))
    );
}

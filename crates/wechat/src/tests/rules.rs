//! Rules that hold before anything is sent.

use super::support::*;
use crate::pay::{NumberError, OutRefundNo, OutTradeNo, PayeeError};

#[test]
fn payees_fit_the_mode() {
    let wire = Wire::new(|_, _| unreachable!());
    assert_eq!(pay(partner(), &wire).own().err(), Some(PayeeError::NotDirect));
    assert_eq!(
        pay(direct(), &wire).sub_merchant("19", None).err(),
        Some(PayeeError::NotPartner)
    );
    assert_eq!(
        pay(partner(), &wire).sub_merchant("1&b", None).err(),
        Some(PayeeError::Mchid)
    );
}

#[test]
fn numbers_keep_the_rules() {
    for good in ["TN0001", "a-b_c|d*e", &"x".repeat(32)] {
        assert_eq!(OutTradeNo::new(good).unwrap().as_str(), good);
    }
    assert_eq!(OutTradeNo::new("TN001"), Err(NumberError::Length(6, 32)));
    assert_eq!(OutTradeNo::new(&"x".repeat(33)), Err(NumberError::Length(6, 32)));
    for bad in ["TN 0001", "订单号000001", "a/b/c/d", "abc@def"] {
        assert_eq!(OutTradeNo::new(bad), Err(NumberError::Character), "{bad}");
    }
    assert!(OutRefundNo::new("a@b").is_ok() && OutRefundNo::new("").is_err());
    assert!(OutRefundNo::new(&"x".repeat(65)).is_err());
}

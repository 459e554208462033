use std::collections::BTreeMap;

use http::Method;
use kernel::Instant;
use serde_json::{Value, json};

use super::{Mood, SP_APPID, SP_MCHID, bill};

/// What WeChat knows.
#[derive(Default)]
pub(super) struct Truth {
    pub mood: Mood,
    pub orders: BTreeMap<String, There>,
    pub refunds: BTreeMap<String, RefundThere>,
    pub calls: Vec<String>,
    pub bill: bill::Office,
}

/// An order as WeChat knows it.
#[derive(Clone, Debug)]
pub struct There {
    /// What it was made with.
    pub asked: Value,
    /// `NOTPAY`, `SUCCESS` or `CLOSED`.
    pub state: String,
    /// In fen.
    pub total: i64,
    /// The sub-merchant.
    pub sub_mchid: String,
    /// The account.
    pub appid: String,
    /// Who pays.
    pub openid: String,
    /// Our number as it stands in what WeChat says.
    pub number: String,
    /// WeChat's number.
    pub transaction_id: String,
    /// When it was paid.
    pub paid_at: Option<Instant>,
}

/// A refund as WeChat knows it.
#[derive(Clone, Debug)]
pub struct RefundThere {
    /// The order's number.
    pub order: String,
    /// In fen.
    pub amount: i64,
    /// `PROCESSING`, `SUCCESS`, `ABNORMAL` or `CLOSED`.
    pub status: String,
    /// When it was taken.
    pub taken_at: Instant,
    /// When the money arrived.
    pub done_at: Option<Instant>,
}

const ORDERS: &str = "/v3/pay/partner/transactions";
const REFUNDS: &str = "/v3/refund/domestic/refunds";

impl Truth {
    pub(super) fn answer(
        &mut self,
        method: &Method,
        (path, query): (&str, &str),
        body: &[u8],
        now: Instant,
    ) -> (u16, Value) {
        if path == bill::LINK {
            return self.bill_link(query, now);
        }
        let body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let after = |start: &str| path.strip_prefix(start).map(str::to_owned);
        if path == format!("{ORDERS}/jsapi") {
            return self.prepay(&body);
        }
        if let Some(number) = after(&format!("{ORDERS}/out-trade-no/")) {
            return match number.strip_suffix("/close") {
                Some(number) => self.close(number),
                None => self
                    .transaction(&number)
                    .map_or(no("ORDER_NOT_EXIST", 404), |order| (200, order)),
            };
        }
        if path == REFUNDS && *method == Method::POST {
            return self.take_refund(&body, now);
        }
        match after(&format!("{REFUNDS}/")) {
            Some(rest) if rest.ends_with("/apply-abnormal-refund") => self.redirect(&body),
            Some(number) => self
                .refund(&number)
                .map_or(no("RESOURCE_NOT_EXISTS", 404), |refund| (200, refund)),
            None => no("PARAM_ERROR", 400),
        }
    }

    pub(super) fn pay(&mut self, number: &str, at: Instant) -> bool {
        let count = self
            .orders
            .values()
            .filter(|order| order.state == "SUCCESS")
            .count();
        let Some(order) = self
            .orders
            .get_mut(number)
            .filter(|order| order.state == "NOTPAY")
        else {
            return false;
        };
        order.state = "SUCCESS".to_owned();
        order.transaction_id = format!("42000000{:020}", count + 1);
        order.paid_at = Some(at);
        true
    }

    /// As the answer to a query and the contents of a notice say it.
    pub(super) fn transaction(&self, number: &str) -> Option<Value> {
        let order = self.orders.get(number)?;
        let mut transaction = json!({
            "sp_mchid": SP_MCHID,
            "sp_appid": order.appid,
            "sub_mchid": order.sub_mchid,
            "out_trade_no": order.number,
            "trade_type": "JSAPI",
            "trade_state": order.state,
            "trade_state_desc": "",
            "amount": {"total": order.total, "payer_total": order.total, "currency": "CNY"},
        });
        if order.state == "SUCCESS" {
            transaction["transaction_id"] = json!(order.transaction_id);
            transaction["payer"] = json!({"sp_openid": order.openid});
            transaction["success_time"] = json!(order.paid_at.unwrap_or_default().to_string());
        }
        Some(transaction)
    }

    pub(super) fn refund(&self, number: &str) -> Option<Value> {
        let refund = self.refunds.get(number)?;
        let order = self.orders.get(&refund.order)?;
        Some(json!({
            "refund_id": format!("50000000{number}"),
            "out_refund_no": number,
            "transaction_id": order.transaction_id,
            "out_trade_no": refund.order,
            "status": refund.status,
            "success_time": refund.done_at.map(|at| at.to_string()),
            "amount": {"total": order.total, "refund": refund.amount},
        }))
    }

    /// A stuck refund goes to the merchant's account.
    fn redirect(&mut self, body: &Value) -> (u16, Value) {
        let number = body["out_refund_no"].as_str().unwrap_or_default().to_owned();
        match self.refunds.get_mut(&number) {
            Some(refund) if refund.status == "ABNORMAL" => refund.status = "PROCESSING".to_owned(),
            Some(_) => return no("INVALID_REQUEST", 400),
            None => return no("RESOURCE_NOT_EXISTS", 404),
        }
        self.refund(&number)
            .map_or(no("SYSTEM_ERROR", 500), |refund| (200, refund))
    }

    fn prepay(&mut self, body: &Value) -> (u16, Value) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let number = text(&body["out_trade_no"]);
        match self.orders.get(&number) {
            Some(known) if known.state == "CLOSED" => return no("ORDER_CLOSED", 400),
            Some(known) if known.state != "NOTPAY" || known.asked != *body => {
                return no("OUT_TRADE_NO_USED", 403);
            }
            _ => {}
        }
        let prepay_id = format!("wx{number}");
        self.orders.entry(number.clone()).or_insert_with(|| There {
            asked: body.clone(),
            state: "NOTPAY".to_owned(),
            total: body["amount"]["total"].as_i64().unwrap_or_default(),
            sub_mchid: text(&body["sub_mchid"]),
            appid: SP_APPID.to_owned(),
            openid: text(&body["payer"]["sp_openid"]),
            number,
            transaction_id: String::new(),
            paid_at: None,
        });
        (200, json!({"prepay_id": prepay_id}))
    }

    fn close(&mut self, number: &str) -> (u16, Value) {
        match self.orders.get_mut(number) {
            None => no("ORDER_NOT_EXIST", 404),
            Some(order) if order.state == "SUCCESS" => no("ORDER_PAID", 400),
            Some(order) => {
                order.state = "CLOSED".to_owned();
                (204, Value::Null)
            }
        }
    }

    fn take_refund(&mut self, body: &Value, now: Instant) -> (u16, Value) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (number, order) = (text(&body["out_refund_no"]), text(&body["out_trade_no"]));
        let amount = body["amount"]["refund"].as_i64().unwrap_or_default();
        if self.refunds.contains_key(&number) && self.mood == Mood::Stubborn {
            return no("INVALID_REQUEST", 400);
        }
        if !self.refunds.contains_key(&number) {
            let Some(there) = self.orders.get(&order).filter(|there| there.state == "SUCCESS") else {
                return no("RESOURCE_NOT_EXISTS", 404);
            };
            let before: i64 = self
                .refunds
                .values()
                .filter(|r| r.order == order && r.status != "CLOSED")
                .map(|r| r.amount)
                .sum();
            if before + amount > there.total {
                return no("NOT_ENOUGH", 403);
            }
            let status = "PROCESSING".to_owned();
            self.refunds.insert(
                number.clone(),
                RefundThere {
                    order,
                    amount,
                    status,
                    taken_at: now,
                    done_at: None,
                },
            );
        }
        self.refund(&number)
            .map_or(no("SYSTEM_ERROR", 500), |refund| (200, refund))
    }
}

pub(super) fn no(code: &str, status: u16) -> (u16, Value) {
    (status, json!({"code": code, "message": "no"}))
}

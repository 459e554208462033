//! The local WeChat, asked through its control desk: its own truth about money, which outlives every death of the program.

use std::{collections::HashMap, time::Duration};

use serde_json::{Value, json};
use ureq::Agent;

use crate::{Outcome, browser::agent};

/// Its control desk.
#[derive(Clone)]
pub(crate) struct Desk {
    agent: Agent,
    address: String,
}

/// An order as WeChat has it.
pub(crate) struct There {
    pub number: String,
    pub total: i64,
    pub is_paid: bool,
}

/// A refund as WeChat has it.
pub(crate) struct Back {
    pub number: String,
    pub order: String,
    pub amount: i64,
    pub status: String,
}

impl Desk {
    pub(crate) fn new(address: &str) -> Desk {
        Desk {
            agent: agent(Duration::from_secs(30)),
            address: address.to_owned(),
        }
    }

    pub(crate) fn ask(&self, path: &str) -> Outcome<Value> {
        let mut answer = self
            .agent
            .get(format!("{}/control/{path}", self.address))
            .call()?;
        Ok(serde_json::from_str(
            &answer
                .body_mut()
                .with_config()
                .limit(256 << 20)
                .read_to_string()?,
        )?)
    }

    pub(crate) fn tell(&self, path: &str, body: &Value) -> Outcome<Value> {
        let mut answer = self
            .agent
            .post(format!("{}/control/{path}", self.address))
            .header("content-type", "application/json")
            .send(body.to_string())?;
        let text = answer.body_mut().read_to_string()?;
        match answer.status().as_u16() {
            200 => Ok(serde_json::from_str(&text)?),
            status => Err(format!("the local WeChat answers {status} to {path}: {text}").into()),
        }
    }

    /// The next call or notice suffers.
    pub(crate) fn fault(&self, kind: &str, times: u32, path: Option<&str>) -> Outcome<()> {
        let fault = json!({"kind": kind, "times": times, "path": path, "delay_ms": 400});
        self.tell("faults", &fault).map(drop)
    }

    pub(crate) fn clear_faults(&self) -> Outcome<()> {
        self.agent
            .delete(format!("{}/control/faults", self.address))
            .call()?;
        Ok(())
    }

    /// Whom a person's phone sends to the program with a fresh code: the address that leads back.
    pub(crate) fn authorize(&self, person: &str, url: &str) -> Outcome<String> {
        let answer = self.tell(
            &format!("people/{person}/authorize"),
            &json!({"url": url, "consent": true}),
        )?;
        Ok(answer["location"].as_str().unwrap_or_default().to_owned())
    }

    /// The number of the order that a prepay belongs to.
    pub(crate) fn number_of(&self, prepay_id: &str) -> Outcome<Option<String>> {
        let payments = self.ask("payments")?;
        let has = |order: &&Value| {
            let ids = order["prepay_ids"].as_array();
            ids.is_some_and(|ids| ids.iter().any(|pair| pair[0] == prepay_id))
        };
        let found = payments["payments"]
            .as_array()
            .and_then(|orders| orders.iter().rev().find(has));
        Ok(found.and_then(|order| Some(order["out_trade_no"].as_str()?.to_owned())))
    }

    /// Pays as if the sheet's button were pressed; false when WeChat takes no money for it any more.
    pub(crate) fn pay(&self, person: &str, number: &str) -> bool {
        let paid = self.tell(
            &format!("payments/{number}"),
            &json!({"person": person, "outcome": "paid"}),
        );
        paid.is_ok()
    }

    pub(crate) fn orders(&self) -> Outcome<Vec<There>> {
        let payments = self.ask("payments")?;
        let read = |order: &Value| There {
            number: text(order, "out_trade_no"),
            total: order["total"].as_i64().unwrap_or_default(),
            is_paid: order["transaction_id"].is_string(),
        };
        Ok(list(&payments, "payments").map(read).collect())
    }

    pub(crate) fn refunds(&self) -> Outcome<Vec<Back>> {
        let refunds = self.ask("refunds")?;
        let read = |refund: &Value| Back {
            number: text(refund, "out_refund_no"),
            order: text(refund, "out_trade_no"),
            amount: refund["refund"].as_i64().unwrap_or_default(),
            status: text(refund, "status"),
        };
        Ok(list(&refunds, "refunds").map(read).collect())
    }

    /// The notices that the program acknowledged.
    pub(crate) fn acknowledged_notices(&self) -> Outcome<Vec<String>> {
        let notices = self.ask("notices")?;
        let accepted = list(&notices, "notices").filter(|notice| notice["accepted"] == true);
        Ok(accepted.map(|notice| text(notice, "id")).collect())
    }

    /// How often each status answered a notice.
    pub(crate) fn answers_to_notices(&self) -> Outcome<HashMap<u64, usize>> {
        let notices = self.ask("notices")?;
        let mut counted = HashMap::new();
        for attempts in list(&notices, "notices").filter_map(|notice| notice["attempts"].as_array()) {
            for status in attempts.iter().filter_map(Value::as_u64) {
                *counted.entry(status).or_default() += 1;
            }
        }
        Ok(counted)
    }

    pub(crate) fn turn_clock(&self, minutes: i64) -> Outcome<()> {
        self.tell("time", &json!({"forward_minutes": minutes})).map(drop)
    }
}

fn list<'a>(answer: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    answer[name].as_array().into_iter().flatten()
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

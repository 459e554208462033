//! Differences planted into bills, for a reconciliation to find.

use serde::{Deserialize, Serialize};

use super::table::yuan;
use super::trade::{Entry, Wanted};
use crate::clock::beijing;
use crate::pay::Flow;
use crate::state::World;

/// One planted difference. It stays until it is taken away.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BillFault {
    /// What is wrong.
    pub kind: Kind,
    /// In which bill; in both when not said.
    #[serde(default)]
    pub bill: Option<Bill>,
    /// On which day (`yyyy-MM-dd`); on all when not said.
    #[serde(default)]
    pub date: Option<String>,
    /// About which order, or refund in the fund bill; about the first line when not said.
    #[serde(default)]
    pub out_trade_no: Option<String>,
    /// For a changed amount or a foreign line: the fen that it shows.
    #[serde(default)]
    pub amount: Option<i64>,
}

/// Which of the two bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bill {
    /// The trade bill.
    Trade,
    /// The fund bill.
    Fund,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A line is missing.
    DropLine,
    /// A line shows another amount.
    ChangeAmount,
    /// A line belongs to nothing the program did.
    ForeignLine,
    /// A line stands twice.
    DuplicateLine,
    /// A refund's line is missing.
    MissingRefund,
}

impl BillFault {
    fn is_for(&self, bill: Bill, day: i64) -> bool {
        let date = beijing(day);
        self.bill.is_none_or(|wanted| wanted == bill)
            && self
                .date
                .as_ref()
                .is_none_or(|wanted| date.starts_with(wanted.as_str()))
    }
}

/// Plants what is waiting for this trade bill.
pub fn disturb_trade(world: &World, wanted: &Wanted<'_>, entries: &mut Vec<Entry>) {
    for fault in world
        .pay
        .bills
        .faults
        .iter()
        .filter(|fault| fault.is_for(Bill::Trade, wanted.day))
    {
        let meant = |entry: &Entry| {
            fault
                .out_trade_no
                .as_ref()
                .is_none_or(|number| *number == entry.out_trade_no)
                && (fault.kind != Kind::MissingRefund || entry.is_refund)
                && (fault.kind == Kind::MissingRefund || fault.out_trade_no.is_none() || !entry.is_refund)
        };
        let at = entries.iter().position(meant);
        match (fault.kind, at) {
            (Kind::DropLine | Kind::MissingRefund, Some(at)) => {
                entries.remove(at);
            }
            (Kind::ChangeAmount, Some(at)) => change(&mut entries[at], fault.amount),
            (Kind::DuplicateLine, Some(at)) => {
                let copy = copy(&entries[at]);
                entries.insert(at, copy);
            }
            (Kind::ForeignLine, _) => {
                if let Some(first) = entries.iter().find(|entry| !entry.is_refund) {
                    let mut foreign = copy(first);
                    let number = fault
                        .out_trade_no
                        .clone()
                        .unwrap_or_else(|| "FOREIGN000001".to_owned());
                    foreign.out_trade_no.clone_from(&number);
                    foreign.set("商户订单号", number);
                    foreign.set("微信订单号", format!("4200009999{:018}", entries.len()));
                    let amount = fault.amount.unwrap_or(foreign.paid);
                    change(&mut foreign, Some(amount));
                    entries.push(foreign);
                }
            }
            (_, None) => {}
        }
    }
}

fn copy(entry: &Entry) -> Entry {
    Entry {
        out_trade_no: entry.out_trade_no.clone(),
        values: entry.values.clone(),
        ..*entry
    }
}

/// Another amount in every column that tells it; one fen more when none is named.
fn change(entry: &mut Entry, amount: Option<i64>) {
    if entry.is_refund {
        entry.refunded = amount.unwrap_or(entry.refunded + 1);
        entry.set("退款金额", yuan(entry.refunded));
        entry.set("申请退款金额", yuan(entry.refunded));
    } else {
        entry.paid = amount.unwrap_or(entry.paid + 1);
        entry.set("应结订单金额", yuan(entry.paid));
        entry.set("订单金额", yuan(entry.paid));
    }
}

/// Plants what is waiting for this fund bill.
pub fn disturb_fund(world: &World, mchid: &str, day: i64, flows: &mut Vec<Flow>) {
    for fault in world
        .pay
        .bills
        .faults
        .iter()
        .filter(|fault| fault.is_for(Bill::Fund, day))
    {
        let meant = |flow: &Flow| {
            fault
                .out_trade_no
                .as_ref()
                .is_none_or(|number| *number == flow.voucher)
                && (fault.kind != Kind::MissingRefund || flow.name == "退款")
        };
        let at = flows.iter().position(meant);
        match (fault.kind, at) {
            (Kind::DropLine | Kind::MissingRefund, Some(at)) => {
                flows.remove(at);
            }
            (Kind::ChangeAmount, Some(at)) => {
                let fen = &mut flows[at].fen;
                *fen = fault.amount.map_or(*fen + 1, |amount| amount * fen.signum());
            }
            (Kind::DuplicateLine, Some(at)) => {
                let copy = flows[at].clone();
                flows.insert(at, copy);
            }
            (Kind::ForeignLine, _) => {
                if let Some(mut foreign) = flows.first().cloned() {
                    foreign.cause = format!("4200009999{:018}", flows.len());
                    foreign.number = format!("{mchid}{:022}", flows.len());
                    foreign.voucher = fault
                        .out_trade_no
                        .clone()
                        .unwrap_or_else(|| "FOREIGN000001".to_owned());
                    foreign.fen = fault.amount.unwrap_or(foreign.fen);
                    flows.push(foreign);
                }
            }
            (_, None) => {}
        }
    }
}

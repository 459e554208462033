//! The fund bill: every movement of one account (资金账单).

use super::table::{Table, moment, yuan};
use super::{DAY_MS, fault};
use crate::pay::Flow;
use crate::state::World;

const HEADING: &str = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,\
备注,业务凭证号";
const SUMMARY: &str = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额";

/// The bill; `None` when nothing moved. Only the basic account is ever moved here.
pub fn table(world: &World, mchid: &str, account: &str, day: i64) -> Option<Table> {
    let shown =
        |flow: &&Flow| account == "BASIC" && flow.mchid == mchid && (day..day + DAY_MS).contains(&flow.at_ms);
    let mut flows: Vec<Flow> = world.pay.flows.iter().filter(shown).cloned().collect();
    fault::disturb_fund(world, mchid, day, &mut flows);
    if flows.is_empty() {
        return None;
    }
    let side = |wanted: bool| {
        let some = flows
            .iter()
            .map(|flow| flow.fen)
            .filter(move |&fen| (fen > 0) == wanted);
        (some.clone().count().to_string(), yuan(some.map(i64::abs).sum()))
    };
    let ((incomes, income), (expenses, expense)) = (side(true), side(false));
    Some(Table {
        heading: HEADING,
        lines: flows.iter().map(line).collect(),
        summary_heading: SUMMARY,
        summary: vec![flows.len().to_string(), incomes, income, expenses, expense],
    })
}

fn line(flow: &Flow) -> Vec<String> {
    vec![
        moment(flow.at_ms),
        flow.cause.clone(),
        flow.number.clone(),
        flow.name.to_owned(),
        flow.kind.to_owned(),
        if flow.fen > 0 { "收入" } else { "支出" }.to_owned(),
        yuan(flow.fen.abs()),
        yuan(flow.balance),
        flow.applicant.clone(),
        flow.remark.clone(),
        flow.voucher.clone(),
    ]
}

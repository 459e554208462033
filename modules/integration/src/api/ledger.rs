//! The books of a shop.

use ::ledger::{Kind, ShopAccount, Takings};
use kernel::{Day, Error, Id, Shop};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::{Ask, Path};

use super::{Answer, Page, extract::Told, table::Table};
use crate::model::Scope;

pub(super) fn add(table: Table) -> Table {
    table
        .get(
            at!("/ledger/accounts"),
            Scope::LedgerRead,
            "list-accounts",
            accounts,
        )
        .get(
            at!("/ledger/statements/{month}"),
            Scope::LedgerRead,
            "get-statement",
            statement,
        )
}

/// An account of a shop.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Account")]
struct AccountView {
    /// What it is for: `wechat`, `cash`, `fees`, `revenue` …
    kind: String,
    /// What is counted: `fen`, `points` or `sms`.
    unit: String,
    /// What it holds, on the side that adds to it.
    balance: i64,
    /// What of it is reserved.
    reserved: i64,
}

impl From<&ShopAccount> for AccountView {
    fn from(one: &ShopAccount) -> AccountView {
        let side = one.kind.side();
        AccountView {
            kind: one.kind.code().to_owned(),
            unit: one.unit.code().to_owned(),
            balance: one.standing.posted(side),
            reserved: one.standing.reserved(side),
        }
    }
}

async fn accounts(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer<Page<AccountView>> {
    let found = ask
        .read(move |cx, tx| ::ledger::accounts_of(tx, cx.shop_named(shop)?))
        .await?;
    Ok(Told::new(Page {
        items: found.iter().map(AccountView::from).collect(),
        next: None,
    }))
}

/// What a shop's tills took in a calendar month.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Statement {
    /// `2026-11`
    month: String,
    /// What is left, in fen.
    net_fen: i64,
    /// By day and till, the first day first.
    days: Vec<StatementDay>,
}

/// What one till took on one day.
#[derive(Serialize, Deserialize, JsonSchema)]
struct StatementDay {
    /// `2026-11-28`
    day: String,
    /// `wechat` or `cash`.
    till: String,
    /// In fen.
    taken_fen: i64,
    /// In fen.
    given_back_fen: i64,
    /// In fen.
    fee_fen: i64,
    /// In fen.
    net_fen: i64,
}

async fn statement(ask: Ask, Path((shop, month)): Path<(Id<Shop>, String)>) -> Answer<Statement> {
    let first = Day::parse(&format!("{month}-01")).ok_or(Error::NotFound)?;
    let (year, number, _) = first.ymd();
    let (next_year, next) = if number == 12 {
        (year + 1, 1)
    } else {
        (year, number + 1)
    };
    let end = Day::from_ymd(next_year, next, 1).ok_or(Error::NotFound)?;
    let found = ask
        .read(move |cx, tx| ::ledger::takings(tx, cx.shop_named(shop)?, first, end))
        .await?;
    let view = |((day, till), takings): (&(Day, Kind), &Takings)| StatementDay {
        day: day.to_string(),
        till: till.code().to_owned(),
        taken_fen: takings.taken.fen(),
        given_back_fen: takings.given_back.fen(),
        fee_fen: takings.fee.fen(),
        net_fen: takings.net().fen(),
    };
    Ok(Told::new(Statement {
        month,
        net_fen: found.values().map(|takings| takings.net().fen()).sum(),
        days: found.iter().map(view).collect(),
    }))
}

//! A shop's orders, what was paid for them and what went back.

use booking::Booking;
use kernel::{Cx, Error, Id, Money, Result, Shop};
use order::{Line, Order};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::{Ask, Path, Query};

use super::{
    Answer, Page, Paging,
    extract::{Body, Told, Writing},
    moment,
    table::Table,
    whole,
};
use crate::model::Scope;

pub(super) fn add(table: Table) -> Table {
    table
        .get(at!("/orders"), Scope::OrdersRead, "list-orders", list)
        .get(at!("/orders/{order}"), Scope::OrdersRead, "get-order", one)
        .get(
            at!("/orders/{order}/payments"),
            Scope::PaymentsRead,
            "list-payments",
            payments,
        )
        .post(
            at!("/orders/{order}/lines/{line}/refunds"),
            Scope::RefundsWrite,
            "refund-line",
            refund,
        )
}

/// An order.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Order")]
struct OrderView {
    /// Identifier.
    id: String,
    /// What people see and say.
    number: String,
    /// What it is, in a few words.
    title: String,
    /// `open`, `placed`, `fulfilled`, `cancelled`, `closing` or `closed`.
    state: String,
    /// The sum of the lines, in fen.
    total_fen: i64,
    /// What must be paid before it is placed, in fen.
    due_now_fen: i64,
    /// What the shop keeps of a cancelled order, in fen.
    kept_fen: i64,
    /// What single lines gave back, in fen.
    refunded_fen: i64,
    /// What need not be paid any more, in fen.
    waived_fen: i64,
    /// What of its money the shop has earned, in fen.
    earned_fen: i64,
    /// Until when it can be paid.
    deadline: String,
    /// When the customer asked.
    opened_at: String,
    /// When it was placed.
    placed_at: Option<String>,
    /// When it came to its end.
    ended_at: Option<String>,
    /// Counts the changes.
    version: i64,
}

impl From<&Order> for OrderView {
    fn from(one: &Order) -> OrderView {
        OrderView {
            id: one.id.to_string(),
            number: one.number.clone(),
            title: one.title.clone(),
            state: one.state.code().to_owned(),
            total_fen: one.total.fen(),
            due_now_fen: one.due_now.fen(),
            kept_fen: one.kept.fen(),
            refunded_fen: one.refunded.fen(),
            waived_fen: one.waived.fen(),
            earned_fen: one.earned.fen(),
            deadline: moment(one.deadline),
            opened_at: moment(one.opened_at),
            placed_at: one.placed_at.map(moment),
            ended_at: one.ended_at.map(moment),
            version: one.version,
        }
    }
}

async fn list(ask: Ask, Path(shop): Path<Id<Shop>>, Query(paging): Query<Paging>) -> Answer<Page<OrderView>> {
    let (limit, before) = (paging.limit()?, paging.before()?);
    let found = ask
        .read(move |cx, tx| order::page_of_shop(tx, cx.shop_named(shop)?, before, limit + 1))
        .await?;
    let page = paging.page(found, |one| one.id.to_string());
    Ok(Told::new(page))
}

/// An order with its lines and what pays them.
#[derive(Serialize, Deserialize, JsonSchema)]
struct OrderWithLines {
    /// The order.
    order: OrderView,
    /// Its lines.
    lines: Vec<LineView>,
    /// What it took by other tenders than WeChat.
    takings: Vec<TakingView>,
    /// What has happened, the first first.
    steps: Vec<OrderStep>,
}

/// One thing of an order.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OrderLine")]
struct LineView {
    /// Identifier.
    id: String,
    /// What it is.
    title: String,
    /// The booking, where it is one.
    booking: Option<String>,
    /// When it takes place.
    starts_at: Option<String>,
    /// Its price, in fen.
    amount_fen: i64,
    /// When it was taken off the order.
    dropped_at: Option<String>,
    /// Which tender pays how much of it.
    allocation: Vec<Share>,
    /// What it gave back, in fen.
    refunded_fen: i64,
}

/// What one tender pays of one line.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Share {
    /// `wechat`, `cash`, `value` (stored value), `points` or `coupon`.
    tender: String,
    /// In fen.
    amount_fen: i64,
}

/// An amount that an order took by another tender than WeChat.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Taking")]
struct TakingView {
    /// `cash`, `value` (stored value), `points` or `coupon`.
    tender: String,
    /// In fen.
    amount_fen: i64,
    /// What of it went back, in fen. What goes back of a coupon comes to nobody: the coupon stays used.
    returned_fen: i64,
    /// `reserved`, `committed`, `released` before the order was placed, `lapsed` when it closed, or `restored`: a coupon that
    /// is whole again, as nothing of the order was kept.
    state: String,
    /// When.
    at: String,
}

/// One recorded change of an order.
#[derive(Serialize, Deserialize, JsonSchema)]
struct OrderStep {
    /// What.
    step: String,
    /// Who, such as `owner:…` or `system:…`.
    actor: String,
    /// Why, in a word.
    why: String,
    /// When.
    at: String,
}

type OfOrder = Path<(Id<Shop>, Id<Order>)>;

async fn one(ask: Ask, Path((shop, id)): OfOrder) -> Answer<OrderWithLines> {
    let told = ask.read(move |cx, tx| read(cx, tx, shop, id)).await?;
    let version = told.order.version;
    Ok(Told::new(told).version(version))
}

/// An order of the shop that the address names.
fn at_shop(cx: &Cx, tx: &mut db::Tx, shop: Id<Shop>, id: Id<Order>) -> Result<Order> {
    let scope = cx.shop_named(shop)?;
    let found = order::order(tx, id)?;
    if found.shop == scope.id() {
        Ok(found)
    } else {
        Err(Error::NotFound)
    }
}

fn read(cx: &Cx, tx: &mut db::Tx, shop: Id<Shop>, id: Id<Order>) -> Result<OrderWithLines> {
    let found = at_shop(cx, tx, shop, id)?;
    let cells = order::allocations(tx, id)?;
    let given = order::refunded(tx, id)?;
    let view = |line: &Line| LineView {
        id: line.id.to_string(),
        title: line.title.clone(),
        booking: (line.module == booking::MODULE).then(|| Id::<Booking>::from_raw(line.thing).to_string()),
        starts_at: line.starts_at.map(moment),
        amount_fen: line.amount.fen(),
        dropped_at: line.dropped_at.map(moment),
        allocation: cells
            .iter()
            .filter(|(of, _, amount)| *of == line.id && *amount > Money::ZERO)
            .map(|(_, tender, amount)| Share {
                tender: tender.code().to_owned(),
                amount_fen: amount.fen(),
            })
            .collect(),
        refunded_fen: given
            .iter()
            .filter(|(of, _)| *of == line.id)
            .map(|(_, amount)| amount.fen())
            .sum(),
    };
    let lines = order::lines(tx, id)?.iter().map(view).collect();
    let taking = |one: &order::Taking| TakingView {
        tender: one.tender.code().to_owned(),
        amount_fen: one.amount.fen(),
        returned_fen: one.returned.fen(),
        state: one.state.code().to_owned(),
        at: moment(one.at),
    };
    let step = |one: order::Recorded| OrderStep {
        step: one.step,
        actor: one.actor,
        why: one.reason,
        at: moment(one.at),
    };
    Ok(OrderWithLines {
        order: OrderView::from(&found),
        lines,
        takings: order::takings(tx, id)?.iter().map(taking).collect(),
        steps: order::steps(tx, id)?.into_iter().map(step).collect(),
    })
}

/// One attempt to pay through WeChat Pay, and what went back of it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Payment")]
struct PaymentView {
    /// Identifier.
    id: String,
    /// In fen.
    amount_fen: i64,
    /// `created`, `prepaid`, `succeeded`, `closed` or `failed`.
    state: String,
    /// Our number at WeChat Pay.
    out_trade_no: String,
    /// WeChat's number, once it was paid.
    transaction_id: Option<String>,
    /// When it was paid.
    paid_at: Option<String>,
    /// What goes back of it.
    refunds: Vec<RefundView>,
}

/// Money of a payment on its way back.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Refund")]
struct RefundView {
    /// Identifier.
    id: String,
    /// In fen.
    amount_fen: i64,
    /// `requested`, `approved`, `rejected`, `submitted`, `processing`, `succeeded`, `abnormal`, `failed` or `manual`.
    state: String,
    /// What the customer reads.
    reason: String,
    /// Our number at WeChat Pay.
    out_refund_no: String,
    /// Whether it waits for a second person's agreement.
    waits: bool,
    /// When it was asked for.
    requested_at: String,
    /// When the money arrived.
    done_at: Option<String>,
}

async fn payments(ask: Ask, Path((shop, id)): OfOrder) -> Answer<Page<PaymentView>> {
    let (payments, refunds) = ask
        .read(move |cx, tx| {
            at_shop(cx, tx, shop, id)?;
            let purpose = order::purpose(id);
            Ok((payment::payments(tx, &purpose)?, payment::refunds(tx, &purpose)?))
        })
        .await?;
    let refund = |one: &payment::Refund| RefundView {
        id: one.id.to_string(),
        amount_fen: one.amount.fen(),
        state: one.state.code().to_owned(),
        reason: one.reason.clone(),
        out_refund_no: one.out_refund_no.clone(),
        waits: one.waits(),
        requested_at: moment(one.requested_at),
        done_at: one.done_at.map(moment),
    };
    let items = payments.iter().map(|one| PaymentView {
        id: one.id.to_string(),
        amount_fen: one.amount.fen(),
        state: one.state.code().to_owned(),
        out_trade_no: one.out_trade_no.clone(),
        transaction_id: one.transaction_id.clone(),
        paid_at: one.paid_at.map(moment),
        refunds: refunds
            .iter()
            .filter(|back| back.payment == one.id)
            .map(refund)
            .collect(),
    });
    Ok(whole(items.collect()))
}

/// What is given back of a line.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct NewRefund {
    /// 1 to 100: so much of what is left of the line.
    percent: i64,
    /// Why, in at most 80 characters; the customer reads it.
    reason: String,
}

/// What goes back.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Given {
    /// In fen.
    amount_fen: i64,
    /// Whether it waits for a second person, as above the limits; see the order's payments. If that person says no, the line
    /// is paid as before.
    waits: bool,
}

const LONGEST_REASON: usize = 80;

async fn refund(
    ask: Ask,
    Path((shop, id, line)): Path<(Id<Shop>, Id<Order>, Id<Line>)>,
    writing: Writing,
    Body(body): Body<NewRefund>,
) -> Answer<Given> {
    let key = writing.needed_key(&ask)?;
    if !(1..=100).contains(&body.percent) {
        return Err(order::Refusal::BadShare.into());
    }
    let reason = body.reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(order::Refusal::NoReason.into());
    }
    let portion = order::Portion::Share(body.percent * 100);
    let given = ask
        .write(move |cx, tx| {
            at_shop(cx, tx, shop, id)?;
            order::refund_line_at_desk(cx, tx, (id, line), &key, portion, &reason)
        })
        .await?;
    let told = Given {
        amount_fen: given.amount.fen(),
        waits: given.waits,
    };
    Ok(Told::new(told).created())
}

//! Goods: lines that are no bookings. They are paid like anything else and handed out over the desk.

use catalog::{Attribute, Goods};
use db::Tx;
use kernel::{Cx, Id, Money, Result, Shop};

use super::{NewLine, NewOrder, Refusal, at_desk, fulfil, open_due, quote, record_answers};
use crate::{
    Thing,
    model::{Answer, Order, Policy, Quote},
    store,
};

/// The module that the things of such lines belong to.
pub const GOODS: &str = "catalog";

/// How long goods wait to be paid, in minutes.
const PAY_MINUTES: i64 = 15;

/// The most pieces of one kind in one order.
const MOST_PIECES: i64 = 99;

/// So many pieces of one kind of goods.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// Which.
    pub goods: Id<Goods>,
    /// How many.
    pub pieces: i64,
}

/// What the goods would cost.
///
/// # Errors
/// As [`order_goods`].
pub fn quote_goods(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, wanted: &[Wanted]) -> Result<Quote> {
    let new = wanted_order(cx, tx, shop, wanted)?;
    let all = new.lines.iter().map(|line| line.amount).sum();
    Ok(quote(&new, all))
}

/// What the categories of these goods ask, each with the goods it is asked about: once for every category.
pub(crate) fn asked(tx: &mut Tx, wanted: &[Wanted]) -> Result<Vec<(Id<Goods>, Attribute)>> {
    let mut categories = Vec::new();
    let mut asked = Vec::new();
    for wanted in wanted.iter().filter(|wanted| wanted.pieces != 0) {
        let Some(category) = catalog::goods(tx, wanted.goods)?.category else {
            continue;
        };
        if !categories.contains(&category) {
            categories.push(category);
            let attributes = catalog::attributes(tx, category)?;
            asked.extend(attributes.into_iter().map(|attribute| (wanted.goods, attribute)));
        }
    }
    asked.truncate(catalog::FIELDS.len());
    Ok(asked)
}

/// Orders goods of one shop at the prices of this moment, with what was typed to what their categories ask. The same key
/// again is the same order.
///
/// # Errors
/// `order.nothing_chosen`, `order.not_offered` for goods of another shop or goods that are not listed any more;
/// `catalog.not_answered`, `catalog.bad_answer`.
pub fn order_goods(
    cx: &Cx,
    tx: &mut Tx,
    key: &str,
    shop: Id<Shop>,
    wanted: &[Wanted],
    typed: &[String],
) -> Result<Order> {
    let fingerprint = format!("goods {shop} {wanted:?} {typed:?}");
    let id = tx.once(cx, key, &fingerprint, |tx| {
        let new = wanted_order(cx, tx, shop, wanted)?;
        let answers = answers(tx, wanted, typed)?;
        let all: Money = new.lines.iter().map(|line| line.amount).sum();
        let mut order = open_due(cx, tx, &new, all)?;
        for (goods, answers) in answers {
            record_answers(tx, order.id, (GOODS, goods.raw()), &answers)?;
        }
        // Only now is its address known.
        order.page = format!("/orders/{}", order.id);
        store::save_page(tx, &order)?;
        Ok(order.id)
    })?;
    store::order(tx, id)
}

/// The answers, together for each of the goods.
fn answers(tx: &mut Tx, wanted: &[Wanted], typed: &[String]) -> Result<Vec<(Id<Goods>, Vec<Answer>)>> {
    let asked = asked(tx, wanted)?;
    let attributes: Vec<Attribute> = asked.iter().map(|(_, attribute)| attribute.clone()).collect();
    let typed = |place: usize| typed.get(place).map_or("", String::as_str);
    catalog::read_answers(&attributes, typed)?;
    let mut answers: Vec<(Id<Goods>, Vec<Answer>)> = Vec::new();
    for (place, (goods, attribute)) in asked.into_iter().enumerate() {
        let Some(value) = attribute.read(typed(place))? else {
            continue;
        };
        let answer = Answer {
            name: attribute.name,
            value,
        };
        match answers.last_mut() {
            Some((last, list)) if *last == goods => list.push(answer),
            _ => answers.push((goods, vec![answer])),
        }
    }
    Ok(answers)
}

/// The desk hands the goods out: the order is fulfilled. What is still to be paid stays a task of the desk.
///
/// # Errors
/// `order.not_goods` when something else is on the order, `order.not_placed`; `NotFound` for another shop's.
pub fn hand_out(cx: &Cx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    at_desk(cx, tx, id)?;
    if !are_all(&super::things(tx, id)?) {
        return Err(Refusal::NotGoods.into());
    }
    fulfil(cx, tx, id)
}

/// Whether an order holds goods and nothing else.
pub(crate) fn are_all_goods(tx: &mut Tx, id: Id<Order>) -> Result<bool> {
    Ok(are_all(&super::things(tx, id)?))
}

pub(super) fn are_all(things: &[Thing]) -> bool {
    things.iter().all(|thing| thing.module == GOODS)
}

fn wanted_order(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, wanted: &[Wanted]) -> Result<NewOrder> {
    let mut lines = Vec::new();
    for wanted in wanted.iter().filter(|wanted| wanted.pieces != 0) {
        let goods = catalog::goods(tx, wanted.goods)?;
        if goods.shop != shop || !goods.listed || !shop::shop(tx, shop)?.is_active() {
            return Err(Refusal::NotOffered.into());
        }
        if !(1..=MOST_PIECES).contains(&wanted.pieces) {
            return Err(Refusal::Nothing.into());
        }
        lines.push(NewLine {
            module: GOODS,
            thing: goods.id.raw(),
            title: match wanted.pieces {
                1 => goods.name,
                pieces => format!("{} × {pieces}", goods.name),
            },
            starts_at: None,
            minutes: 0,
            amount: goods.price.times(wanted.pieces),
        });
    }
    let Some(first) = lines.first() else {
        return Err(Refusal::Nothing.into());
    };
    let title = match lines.len() {
        1 => first.title.clone(),
        _ => format!("{} …", first.title),
    };
    Ok(NewOrder {
        shop,
        customer: cx.customer()?,
        title,
        page: String::new(),
        deadline: cx.now().plus_minutes(PAY_MINUTES),
        policy: Policy::default(),
        lines,
    })
}

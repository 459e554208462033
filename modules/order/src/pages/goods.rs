//! What customers buy of a shop's goods: how many of each, then paying; they are fetched at the desk.

use std::collections::HashMap;

use catalog::{Attribute, FIELDS, Goods};
use kernel::{Error, Id, Refused, Result, Shop};
use text::args;
use web::{
    Allow, Answer, Ask, Form, Path, Routes, html,
    ui::{Icon, Surface, button, csrf, field, state},
};

use crate::{Refusal, Wanted, actions};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/shops/{shop}/goods", Allow::Anyone, show)
        .post("/shops/{shop}/goods", Allow::Customer, buy)
}

/// What was typed: the pieces under the goods' identifiers, and the key made with the page.
type Typed = HashMap<String, String>;

async fn show(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer {
    let typed = ask.kept().await.unwrap_or_default();
    page(&ask, shop, typed, None).await
}

async fn page(ask: &Ask, id: Id<Shop>, mut typed: Typed, no: Option<&Refused>) -> Answer {
    let chosen = wanted(&typed).unwrap_or_default();
    let (shop, goods, asked) = ask
        .read(move |_, tx| {
            let shop = shop::shop(tx, id)?;
            if !shop.is_active() {
                return Err(Error::NotFound);
            }
            let mut goods = catalog::all_goods_of(tx, id)?;
            goods.retain(|goods| goods.listed);
            let here = |wanted: &&Wanted| goods.iter().any(|goods| goods.id == wanted.goods);
            let chosen: Vec<Wanted> = chosen.iter().filter(here).copied().collect();
            let asked = actions::asked(tx, &chosen)?;
            let asked: Vec<Attribute> = asked.into_iter().map(|(_, attribute)| attribute).collect();
            Ok((shop, goods, asked))
        })
        .await?;
    typed.entry("key".to_owned()).or_insert_with(|| ask.cx.token());
    let mut errors = ask.errors();
    if let Some(no) = no {
        errors.add(no.field.unwrap_or_default(), &ask.refusal(no));
    }
    let title = ask.say("order-goods-title", &args![shop => shop.name.as_str()]);
    let answer = ask.say("order-goods-answer", &args![count => goods.len()]);
    let (here, back) = (format!("/shops/{id}/goods"), format!("/shops/{id}"));
    let fields: Vec<(String, String)> = goods
        .iter()
        .map(|goods| {
            let label = ask.say(
                "order-goods-pieces",
                &args![name => goods.name.as_str(), price => goods.price.to_string()],
            );
            (goods.id.to_string(), label)
        })
        .collect();
    let value = |name: &str| typed.get(name).map_or("", String::as_str);
    let response =
        ask.page(Surface::Customer, &title, |frame, page| {
            page.answer(&answer).errors(&errors).back(&back, &shop.name).body(html! {
            @if goods.is_empty() { (state::empty(Icon::List, &ask.label("order-goods-none"))) } @else {
                form method="post" action=(here) novalidate {
                    (csrf(frame))
                    (field::hidden("key", value("key")))
                    @for (goods, (name, label)) in goods.iter().zip(&fields) {
                        (field::number(name, label).short().hint(&goods.introduction).value(value(name)))
                    }
                    (field::hidden("asked", &tag(&asked)))
                    (catalog::question_fields(ask, &asked, |place| value(FIELDS[place]), &errors))
                    (button::submit(&ask.label("order-goods-buy")))
                }
            }
        })
        });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

/// Tells one list of questions from another.
fn tag(asked: &[Attribute]) -> String {
    let ids: Vec<String> = asked.iter().map(|attribute| attribute.id.to_string()).collect();
    ids.join(" ")
}

/// The goods of which at least one piece is wanted.
fn wanted(typed: &Typed) -> Result<Vec<Wanted>> {
    let mut wanted = Vec::new();
    for (name, pieces) in typed {
        let Ok(goods) = name.parse::<Id<Goods>>() else {
            continue;
        };
        let pieces = match pieces.trim() {
            "" => 0,
            pieces => pieces.parse().map_err(|_| Refusal::Nothing)?,
        };
        if pieces != 0 {
            wanted.push(Wanted { goods, pieces });
        }
    }
    wanted.sort_by_key(|wanted| wanted.goods);
    Ok(wanted)
}

async fn buy(ask: Ask, Path(shop): Path<Id<Shop>>, Form(typed): Form<Typed>) -> Answer {
    let ordered = match wanted(&typed) {
        Ok(wanted) => {
            let of = |name: &str| typed.get(name).cloned().unwrap_or_default();
            let (key, seen) = (of("key"), of("asked"));
            let answers: Vec<String> = FIELDS.iter().map(|name| of(name)).collect();
            ask.write(move |cx, tx| {
                let asked = actions::asked(tx, &wanted)?;
                let asked: Vec<Attribute> = asked.into_iter().map(|(_, attribute)| attribute).collect();
                // An answer belongs to the question that stood above it.
                if tag(&asked) != seen {
                    return Err(Refusal::MoreToSay.into());
                }
                actions::order_goods(cx, tx, &key, shop, &wanted, &answers[..asked.len()])
            })
            .await
        }
        Err(no) => Err(no),
    };
    match ordered {
        Ok(order) => Ok(ask.see(&format!("/orders/{}/payment", order.id))),
        Err(Error::Refused(no)) => page(&ask, shop, typed, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

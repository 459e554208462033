//! The console's pages of what a shop sells over the desk.

use db::Tx;
use kernel::{Cx, Error, Id, Refused, Result};
use serde::Deserialize;
use text::args;
use web::{
    Allow, Answer, Ask, Form, Markup, Path, Routes, html,
    ui::{Entry, Errors, Icon, Surface, Tone, button, csrf, field, list, money, state},
};

use super::form::{price, typed};
use crate::{Category, CategoryKind, Goods, NewGoods, Refusal, actions, store};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/console/shops/{shop}/goods", Allow::Console, show)
        .post("/console/shops/{shop}/goods", Allow::Console, create)
        .get("/console/shops/{shop}/goods/new", Allow::Console, show_new)
        .get("/console/shops/{shop}/goods/{goods}", Allow::Console, show_edit)
        .post("/console/shops/{shop}/goods/{goods}", Allow::Console, edit)
        .post(
            "/console/shops/{shop}/goods/{goods}/listing",
            Allow::Console,
            put_up,
        )
        .post(
            "/console/shops/{shop}/goods/{goods}/unlisting",
            Allow::Console,
            take_down,
        )
}

struct Shelf {
    shop: shop::Shop,
    goods: Vec<Goods>,
    categories: Vec<Category>,
}

impl Shelf {
    fn find(cx: &Cx, tx: &mut Tx, shop: Id<kernel::Shop>) -> Result<Shelf> {
        cx.shop_named(shop)?;
        let mut categories = store::headings(tx, shop)?;
        categories.retain(|heading| heading.kind == CategoryKind::Goods);
        Ok(Shelf {
            shop: shop::shop(tx, shop)?,
            goods: store::all_goods_of(tx, shop)?,
            categories,
        })
    }

    fn goods(&self, id: Id<Goods>) -> Result<&Goods> {
        self.goods
            .iter()
            .find(|goods| goods.id == id)
            .ok_or(Error::NotFound)
    }

    fn address(&self) -> String {
        address(self.shop.id)
    }
}

fn address(shop: Id<kernel::Shop>) -> String {
    format!("/console/shops/{shop}/goods")
}

/// Checks that the goods are this shop's before anything is done to them.
fn goods_here(cx: &Cx, tx: &mut Tx, shop: Id<kernel::Shop>, id: Id<Goods>) -> Result<Goods> {
    cx.shop_named(shop)?;
    let goods = store::goods(tx, id)?;
    if goods.shop == shop {
        Ok(goods)
    } else {
        Err(Error::NotFound)
    }
}

async fn show(ask: Ask, Path(shop): Path<Id<kernel::Shop>>) -> Answer {
    shelf_page(&ask, shop, None).await
}

async fn shelf_page(ask: &Ask, shop: Id<kernel::Shop>, no: Option<&Refused>) -> Answer {
    let shelf = ask.read(move |cx, tx| Shelf::find(cx, tx, shop)).await?;
    let mut errors = ask.errors();
    if let Some(no) = no {
        errors.add("", &ask.refusal(no));
    }
    let title = ask.say(
        "catalog-goods-title",
        &args![shop => shelf.shop.name.as_str(), count => shelf.goods.len()],
    );
    let listed = shelf.goods.iter().filter(|goods| goods.listed).count();
    let answer = ask.say(
        "catalog-goods-answer",
        &args![listed => listed, unlisted => shelf.goods.len() - listed],
    );
    let (back, new) = (
        format!("/console/shops/{shop}/services"),
        format!("{}/new", shelf.address()),
    );
    let addresses: Vec<String> = shelf
        .goods
        .iter()
        .map(|goods| format!("{}/{}", shelf.address(), goods.id))
        .collect();
    let response = ask.page(Surface::Console, &title, |frame, page| {
        let mut entries = list::entries().level(2);
        for (goods, address) in shelf.goods.iter().zip(&addresses) {
            let (tone, word, path, verb) = if goods.listed {
                (Tone::Good, "catalog-listed", "unlisting", "catalog-unlist")
            } else {
                (Tone::Plain, "catalog-unlisted", "listing", "catalog-list")
            };
            let (action, version) = (format!("{address}/{path}"), goods.version.to_string());
            let verb = ask.label(verb);
            let entry = Entry::new(address, &goods.name).badge(state::badge(tone, &ask.label(word)));
            entries = entries.entry(entry.end(money::amount(goods.price.fen())).action(
                button::post(frame, &action, &verb)
                    .about(&goods.name)
                    .field("version", &version)
                    .secondary(),
            ));
        }
        page.answer(&answer)
            .back(&back, &ask.label("catalog-services"))
            .errors(&errors)
            .primary(html! { (button::link(&new, &ask.label("catalog-goods-add"))) })
            .body(html! {
                @if shelf.goods.is_empty() { (state::empty(Icon::List, &ask.label("catalog-no-goods"))) } @else { (entries) }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct GoodsForm {
    name: String,
    category: String,
    price: String,
    introduction: String,
    version: i64,
}

impl GoodsForm {
    fn of(goods: &Goods) -> GoodsForm {
        GoodsForm {
            name: goods.name.clone(),
            category: goods.category.map(|id| id.to_string()).unwrap_or_default(),
            price: typed(goods.price),
            introduction: goods.introduction.clone(),
            version: goods.version,
        }
    }

    fn read(&self) -> Result<NewGoods> {
        Ok(NewGoods {
            name: self.name.clone(),
            category: match self.category.as_str() {
                "" => None,
                id => Some(id.parse().map_err(|_| Refusal::BadCategory)?),
            },
            price: price(&self.price).ok_or(Refusal::BadPrice)?,
            introduction: self.introduction.clone(),
        })
    }
}

async fn show_new(ask: Ask, Path(shop): Path<Id<kernel::Shop>>) -> Answer {
    let form = ask.kept().await.unwrap_or_default();
    form_page(&ask, shop, None, form, None).await
}

type OfShop = Path<(Id<kernel::Shop>, Id<Goods>)>;

async fn show_edit(ask: Ask, Path((shop, id)): OfShop) -> Answer {
    let goods = ask.read(move |cx, tx| goods_here(cx, tx, shop, id)).await?;
    let form = ask.kept().await.unwrap_or_else(|| GoodsForm::of(&goods));
    form_page(&ask, shop, Some(id), form, None).await
}

async fn form_page(
    ask: &Ask,
    shop: Id<kernel::Shop>,
    id: Option<Id<Goods>>,
    mut form: GoodsForm,
    no: Option<&Refused>,
) -> Answer {
    let shelf = ask.read(move |cx, tx| Shelf::find(cx, tx, shop)).await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let (title, answer, action, verb) = match id {
        Some(id) => {
            let goods = shelf.goods(id)?;
            if no.is_some_and(|no| no.code == Refused::from(Refusal::Stale).code) {
                // Sending the form again overrules what the others saved, knowingly.
                form.version = goods.version;
            }
            (
                ask.say("catalog-edit-title", &args![name => goods.name.as_str()]),
                ask.label("catalog-goods-edit-answer"),
                format!("{}/{id}", shelf.address()),
                ask.label("catalog-save"),
            )
        }
        None => (
            ask.label("catalog-goods-new-title"),
            ask.label("catalog-goods-new-answer"),
            shelf.address(),
            ask.label("catalog-goods-add"),
        ),
    };
    let back = shelf.address();
    let response = ask.page(Surface::Console, &title, |frame, page| {
        page.answer(&answer)
            .back(&back, &ask.label("catalog-goods"))
            .errors(&errors)
            .body(html! {
                form method="post" action=(action) novalidate {
                    (csrf(frame))
                    (field::hidden("version", &form.version.to_string()))
                    (fields(ask, &shelf, &form, &errors))
                    (button::submit(&verb))
                }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn fields(ask: &Ask, shelf: &Shelf, form: &GoodsForm, errors: &Errors<'_>) -> Markup {
    let none = ask.label("catalog-no-category");
    let ids: Vec<(String, &str)> = shelf
        .categories
        .iter()
        .map(|heading| (heading.id.to_string(), heading.name.as_str()))
        .collect();
    let mut options = vec![("", none.as_str())];
    options.extend(ids.iter().map(|(id, name)| (id.as_str(), *name)));
    html! {
        (field::text("name", &ask.label("catalog-name")).hint(&ask.label("catalog-goods-name-hint"))
            .value(&form.name).errors(errors))
        (field::select("category", &ask.label("catalog-category")).options(&options).value(&form.category).errors(errors))
        (field::yuan("price", &ask.label("catalog-price")).hint(&ask.label("catalog-price-hint"))
            .short().value(&form.price).errors(errors))
        (field::textarea("introduction", &ask.label("catalog-introduction")).rows(3).max(500)
            .hint(&ask.label("catalog-introduction-hint")).value(&form.introduction).errors(errors))
    }
}

async fn create(ask: Ask, Path(shop): Path<Id<kernel::Shop>>, Form(form): Form<GoodsForm>) -> Answer {
    let created = match form.read() {
        Ok(new) => {
            ask.write(move |cx, tx| actions::create_goods(cx, tx, shop, &new))
                .await
        }
        Err(no) => Err(no),
    };
    after(&ask, shop, None, form, created, "catalog-said-created").await
}

async fn edit(ask: Ask, Path((shop, id)): OfShop, Form(form): Form<GoodsForm>) -> Answer {
    let version = form.version;
    let edited = match form.read() {
        Ok(new) => {
            ask.write(move |cx, tx| {
                goods_here(cx, tx, shop, id)?;
                actions::edit_goods(cx, tx, id, version, &new)
            })
            .await
        }
        Err(no) => Err(no),
    };
    after(&ask, shop, Some(id), form, edited, "catalog-said-saved").await
}

async fn after(
    ask: &Ask,
    shop: Id<kernel::Shop>,
    id: Option<Id<Goods>>,
    form: GoodsForm,
    done: Result<Goods>,
    said: &str,
) -> Answer {
    match done {
        Ok(goods) => {
            let said = ask.say(said, &args![name => goods.name.as_str()]);
            Ok(ask.see_saying(&address(shop), &said))
        }
        Err(Error::Refused(no)) => form_page(ask, shop, id, form, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

#[derive(Deserialize)]
struct Seen {
    version: i64,
}

async fn put_up(ask: Ask, Path((shop, id)): OfShop, Form(seen): Form<Seen>) -> Answer {
    listing(&ask, shop, id, seen.version, true).await
}

async fn take_down(ask: Ask, Path((shop, id)): OfShop, Form(seen): Form<Seen>) -> Answer {
    listing(&ask, shop, id, seen.version, false).await
}

async fn listing(ask: &Ask, shop: Id<kernel::Shop>, id: Id<Goods>, version: i64, listed: bool) -> Answer {
    let done = ask
        .write(move |cx, tx| {
            goods_here(cx, tx, shop, id)?;
            actions::list_goods(cx, tx, id, version, listed)
        })
        .await;
    match done {
        Ok(goods) => {
            let key = if listed {
                "catalog-goods-said-listed"
            } else {
                "catalog-goods-said-unlisted"
            };
            let said = ask.say(key, &args![name => goods.name.as_str()]);
            Ok(ask.see_saying(&address(shop), &said))
        }
        Err(Error::Refused(no)) => shelf_page(ask, shop, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

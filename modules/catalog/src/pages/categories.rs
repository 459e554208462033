//! Headings over services: the centre's for every shop, and a shop's own.

use db::Tx;
use kernel::{Cx, Error, Id, Refused, Result};
use serde::Deserialize;
use text::args;
use web::{
    Allow, Answer, Ask, Form, Markup, Path, Routes, html,
    ui::{Choice, Entry, Frame, Icon, Surface, button, csrf, field, list, section, state},
};

use crate::{Category, CategoryKind, actions, store};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/console/categories", Allow::Centre, show_common)
        .post("/console/categories", Allow::Centre, create_common)
        .post(
            "/console/categories/{category}/removal",
            Allow::Centre,
            remove_common,
        )
        .get("/console/shops/{shop}/categories", Allow::Console, show_own)
        .post("/console/shops/{shop}/categories", Allow::Console, create_own)
        .post(
            "/console/shops/{shop}/categories/{category}/removal",
            Allow::Console,
            remove_own,
        )
}

/// Whose headings: a shop's, or the centre's.
pub(super) type Whose = Option<Id<kernel::Shop>>;

struct Headings {
    shop: Option<shop::Shop>,
    /// Those kept here, each with the number of things under it.
    kept: Vec<(Category, i64)>,
    /// The centre's, beside a shop's own.
    common: Vec<Category>,
}

impl Headings {
    fn find(cx: &Cx, tx: &mut Tx, whose: Whose) -> Result<Headings> {
        let common = store::common_categories(tx)?;
        let (shop, own, common) = match whose {
            Some(shop) => {
                cx.shop_named(shop)?;
                let mut own = store::headings(tx, shop)?;
                own.retain(|heading| heading.shop == whose);
                (Some(shop::shop(tx, shop)?), own, common)
            }
            None => (None, common, Vec::new()),
        };
        let kept = own
            .into_iter()
            .map(|heading| {
                let used = store::services_under(tx, heading.id)? + store::goods_under(tx, heading.id)?;
                Ok((heading, used))
            })
            .collect::<Result<_>>()?;
        Ok(Headings { shop, kept, common })
    }
}

pub(super) fn address(whose: Whose) -> String {
    whose.map_or("/console/categories".to_owned(), |shop| {
        format!("/console/shops/{shop}/categories")
    })
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct HeadingForm {
    name: String,
    kind: String,
}

async fn show_common(ask: Ask) -> Answer {
    let form = ask.kept().await.unwrap_or_default();
    headings_page(&ask, None, &form, None).await
}

async fn show_own(ask: Ask, Path(shop): Path<Id<kernel::Shop>>) -> Answer {
    let form = ask.kept().await.unwrap_or_default();
    headings_page(&ask, Some(shop), &form, None).await
}

async fn headings_page(ask: &Ask, whose: Whose, form: &HeadingForm, no: Option<&Refused>) -> Answer {
    let found = ask.read(move |cx, tx| Headings::find(cx, tx, whose)).await?;
    let mut errors = ask.errors();
    if let Some(no) = no {
        errors.add(no.field.unwrap_or_default(), &ask.refusal(no));
    }
    let count = found.kept.len();
    let (title, answer) = match &found.shop {
        Some(shop) => (
            ask.say(
                "catalog-own-categories-title",
                &args![shop => shop.name.as_str(), count => count],
            ),
            ask.label("catalog-own-categories-answer"),
        ),
        None => (
            ask.say("catalog-categories-title", &args![count => count]),
            ask.label("catalog-categories-answer"),
        ),
    };
    let here = address(whose);
    let (back, place) = match whose {
        Some(shop) => (format!("/console/shops/{shop}/services"), "catalog-services"),
        None => ("/console/shops".to_owned(), "catalog-shop"),
    };
    let response =
        ask.page(Surface::Console, &title, |frame, page| {
            let mut entries = list::entries().level(2);
            for (heading, used) in &found.kept {
                entries = entries.entry(heading_entry(ask, frame, &here, heading, *used));
            }
            let common: Vec<&str> = found.common.iter().map(|heading| heading.name.as_str()).collect();
            page.answer(&answer).back(&back, &ask.label(place)).errors(&errors).body(html! {
            @if found.kept.is_empty() {
                (state::empty(Icon::List, &ask.label("catalog-no-categories")))
            } @else {
                (entries)
            }
            (section("new", &ask.label("catalog-category-new"), html! {
                form method="post" action=(here) novalidate {
                    (csrf(frame))
                    (field::text("name", &ask.label("catalog-category-name"))
                        .hint(&ask.label("catalog-category-name-hint")).value(&form.name).errors(&errors))
                    (kinds(ask, form))
                    (button::submit(&ask.label("catalog-category-create")))
                }
            }))
            @if !common.is_empty() {
                (section("common", &ask.label("catalog-common-categories"), list::sentences(&common)))
            }
        })
        });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn heading_entry<'a>(
    ask: &Ask,
    frame: &Frame<'_>,
    here: &str,
    heading: &'a Category,
    used: i64,
) -> Entry<'a> {
    let kind = ask.label(&heading.kind.text_key());
    let words = ask.say("catalog-category-used", &args![kind => kind, count => used]);
    let attributes = format!("{here}/{}/attributes", heading.id);
    let what = ask.label("catalog-attributes");
    let entry = Entry::text(&heading.name)
        .line(&words)
        .action(html! { (button::link(&attributes, &what).about(&heading.name).quiet()) });
    if used > 0 {
        return entry;
    }
    let (action, verb) = (
        format!("{here}/{}/removal", heading.id),
        ask.label("catalog-category-remove"),
    );
    entry.action(
        button::post(frame, &action, &verb)
            .about(&heading.name)
            .secondary(),
    )
}

/// What the new heading stands over; services unless something else is chosen.
fn kinds(ask: &Ask, form: &HeadingForm) -> Markup {
    let kinds: Vec<(&str, String)> = CategoryKind::ALL
        .iter()
        .map(|kind| (kind.code(), ask.label(&kind.text_key())))
        .collect();
    let legend = ask.label("catalog-category-kind");
    let radios = kinds
        .iter()
        .fold(field::radios("kind", &legend), |radios, (code, label)| {
            radios.option(Choice::new(code, label))
        });
    let chosen = if form.kind.is_empty() {
        CategoryKind::Service.code()
    } else {
        &form.kind
    };
    html! { (radios.value(chosen)) }
}

async fn create_common(ask: Ask, Form(form): Form<HeadingForm>) -> Answer {
    create(&ask, None, form).await
}

async fn create_own(ask: Ask, Path(shop): Path<Id<kernel::Shop>>, Form(form): Form<HeadingForm>) -> Answer {
    create(&ask, Some(shop), form).await
}

async fn create(ask: &Ask, whose: Whose, form: HeadingForm) -> Answer {
    let name = form.name.clone();
    let over = form.kind.parse().unwrap_or(CategoryKind::Service);
    let created = ask.write(move |cx, tx| actions::create_heading(cx, tx, whose, over, &name));
    match created.await {
        Ok(heading) => {
            let said = ask.say("catalog-said-category", &args![name => heading.name.as_str()]);
            Ok(ask.see_saying(&address(whose), &said))
        }
        Err(Error::Refused(no)) => headings_page(ask, whose, &form, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

async fn remove_common(ask: Ask, Path(id): Path<Id<Category>>) -> Answer {
    remove(&ask, None, id).await
}

async fn remove_own(ask: Ask, Path((shop, id)): Path<(Id<kernel::Shop>, Id<Category>)>) -> Answer {
    remove(&ask, Some(shop), id).await
}

async fn remove(ask: &Ask, whose: Whose, id: Id<Category>) -> Answer {
    let removed = ask.write(move |cx, tx| {
        let heading = store::category(tx, id)?;
        if heading.shop != whose {
            return Err(Error::NotFound);
        }
        actions::remove_category(cx, tx, id)?;
        Ok(heading)
    });
    match removed.await {
        Ok(heading) => {
            let said = ask.say(
                "catalog-said-category-removed",
                &args![name => heading.name.as_str()],
            );
            Ok(ask.see_saying(&address(whose), &said))
        }
        Err(Error::Refused(no)) => headings_page(ask, whose, &HeadingForm::default(), Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

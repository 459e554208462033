//! What is asked when something under a category is ordered: its page in the console, and the fields where it is answered.

use db::Tx;
use kernel::{Cx, Error, Id, Refused, Result};
use serde::Deserialize;
use text::args;
use web::{
    Allow, Answer, Ask, Form, Markup, Path, Routes, html,
    ui::{Choice, Entry, Errors, Icon, Surface, button, csrf, field, list, section, state},
};

use super::categories::Whose;
use crate::{Attribute, AttributeKind, Category, FIELDS, NewAttribute, Refusal, actions, store};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(
            "/console/categories/{category}/attributes",
            Allow::Centre,
            show_common,
        )
        .post(
            "/console/categories/{category}/attributes",
            Allow::Centre,
            add_common,
        )
        .get(
            "/console/categories/{category}/attributes/{attribute}",
            Allow::Centre,
            show_edit_common,
        )
        .post(
            "/console/categories/{category}/attributes/{attribute}",
            Allow::Centre,
            edit_common,
        )
        .post(
            "/console/categories/{category}/attributes/{attribute}/removal",
            Allow::Centre,
            remove_common,
        )
        .get(
            "/console/shops/{shop}/categories/{category}/attributes",
            Allow::Console,
            show_own,
        )
        .post(
            "/console/shops/{shop}/categories/{category}/attributes",
            Allow::Console,
            add_own,
        )
        .get(
            "/console/shops/{shop}/categories/{category}/attributes/{attribute}",
            Allow::Console,
            show_edit_own,
        )
        .post(
            "/console/shops/{shop}/categories/{category}/attributes/{attribute}",
            Allow::Console,
            edit_own,
        )
        .post(
            "/console/shops/{shop}/categories/{category}/attributes/{attribute}/removal",
            Allow::Console,
            remove_own,
        )
}

/// The fields where a customer answers what is asked, in its order; `typed` gives what stands in the field at a place.
/// They are named after [`FIELDS`]; read them with [`crate::read_answers`].
pub fn question_fields<'a>(
    ask: &Ask,
    asked: &[Attribute],
    typed: impl Fn(usize) -> &'a str,
    errors: &Errors<'_>,
) -> Markup {
    html! {
        @for ((place, attribute), name) in asked.iter().enumerate().zip(FIELDS) {
            (question_field(ask, name, attribute, typed(place), errors))
        }
    }
}

fn question_field(
    ask: &Ask,
    name: &'static str,
    attribute: &Attribute,
    typed: &str,
    errors: &Errors<'_>,
) -> Markup {
    let label = if attribute.required {
        ask.say(
            "catalog-question-required",
            &args![name => attribute.name.as_str()],
        )
    } else {
        attribute.name.clone()
    };
    let most = u32::try_from(attribute.kind.most()).unwrap_or(u32::MAX);
    let hint = ask.label(&format!("{}-hint", attribute.kind.text_key()));
    match attribute.kind {
        AttributeKind::Date => html! { (field::date(name, &label).value(typed).errors(errors)) },
        AttributeKind::Time => html! { (field::time(name, &label).value(typed).errors(errors)) },
        AttributeKind::Number => {
            html! { (field::number(name, &label).hint(&hint).value(typed).errors(errors)) }
        }
        AttributeKind::Address => {
            html! { (field::text(name, &label).hint(&hint).value(typed).autocomplete("street-address").errors(errors)) }
        }
        AttributeKind::Text => {
            html! { (field::textarea(name, &label).rows(2).max(most).value(typed).errors(errors)) }
        }
        AttributeKind::Choice => {
            let radios = field::radios(name, &label).value(typed).errors(errors);
            html! { (attribute.choices.iter().fold(radios, |radios, choice| radios.option(Choice::new(choice, choice)))) }
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct AttributeForm {
    name: String,
    kind: String,
    required: String,
    choices: String,
    version: i64,
}

impl From<&Attribute> for AttributeForm {
    fn from(attribute: &Attribute) -> AttributeForm {
        AttributeForm {
            name: attribute.name.clone(),
            kind: attribute.kind.code().to_owned(),
            required: if attribute.required { "1" } else { "" }.to_owned(),
            choices: attribute.choices.join("\n"),
            version: attribute.version,
        }
    }
}

impl AttributeForm {
    fn read(&self) -> Result<NewAttribute> {
        Ok(NewAttribute {
            name: self.name.clone(),
            kind: self
                .kind
                .parse::<AttributeKind>()
                .map_err(|_| Refusal::BadAttributeKind)?,
            required: self.required == "1",
            choices: self.choices.lines().map(str::to_owned).collect(),
        })
    }
}

/// The category, if it is kept here: another keeper's does not exist.
fn category_here(cx: &Cx, tx: &mut Tx, whose: Whose, id: Id<Category>) -> Result<Category> {
    if let Some(shop) = whose {
        cx.shop_named(shop)?;
    }
    let category = store::category(tx, id)?;
    if category.shop == whose {
        Ok(category)
    } else {
        Err(Error::NotFound)
    }
}

fn address(whose: Whose, category: Id<Category>) -> String {
    format!("{}/{category}/attributes", super::categories::address(whose))
}

type OfShop = Path<(Id<kernel::Shop>, Id<Category>)>;

async fn show_common(ask: Ask, Path(category): Path<Id<Category>>) -> Answer {
    page(&ask, None, category, &AttributeForm::default(), None).await
}

async fn show_own(ask: Ask, Path((shop, category)): OfShop) -> Answer {
    page(&ask, Some(shop), category, &AttributeForm::default(), None).await
}

async fn page(
    ask: &Ask,
    whose: Whose,
    id: Id<Category>,
    form: &AttributeForm,
    no: Option<&Refused>,
) -> Answer {
    let (category, asked) = ask
        .read(move |cx, tx| {
            let category = category_here(cx, tx, whose, id)?;
            Ok((category, store::attributes(tx, id)?))
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let title = ask.say(
        "catalog-attributes-title",
        &args![name => category.name.as_str(), count => asked.len()],
    );
    let answer = ask.label(&format!("catalog-attributes-answer-{}", category.kind));
    let (here, back) = (address(whose, id), super::categories::address(whose));
    let hrefs: Vec<String> = asked.iter().map(|one| format!("{here}/{}", one.id)).collect();
    let response = ask.page(Surface::Console, &title, |frame, page| {
        let mut entries = list::entries().level(2);
        for (attribute, href) in asked.iter().zip(&hrefs) {
            let (action, verb) = (
                format!("{here}/{}/removal", attribute.id),
                ask.label("catalog-attribute-remove"),
            );
            let entry = Entry::new(href, &attribute.name).line(&line(ask, attribute));
            entries = entries.entry(entry.action(
                button::post(frame, &action, &verb).about(&attribute.name).secondary(),
            ));
        }
        page.answer(&answer)
            .back(&back, &ask.label("catalog-manage-categories"))
            .errors(&errors)
            .body(html! {
                @if asked.is_empty() { (state::empty(Icon::List, &ask.label("catalog-no-attributes"))) } @else { (entries) }
                (section("new", &ask.label("catalog-attribute-new"), html! {
                    form method="post" action=(here) novalidate {
                        (csrf(frame))
                        (fields(ask, form, &errors))
                        (button::submit(&ask.label("catalog-attribute-add")))
                    }
                }))
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

/// 选择，必填：轻、中、重
fn line(ask: &Ask, attribute: &Attribute) -> String {
    let kind = ask.label(&attribute.kind.text_key());
    let must = ask.label(if attribute.required {
        "catalog-attribute-must"
    } else {
        "catalog-attribute-may"
    });
    let choices = attribute.choices.join("、");
    match choices.as_str() {
        "" => ask.say("catalog-attribute-line", &args![kind => kind, must => must]),
        choices => ask.say(
            "catalog-attribute-line-choices",
            &args![kind => kind, must => must, choices => choices],
        ),
    }
}

fn fields(ask: &Ask, form: &AttributeForm, errors: &Errors<'_>) -> Markup {
    let kinds: Vec<(&str, String)> = AttributeKind::ALL
        .iter()
        .map(|kind| (kind.code(), ask.label(&kind.text_key())))
        .collect();
    let legend = ask.label("catalog-attribute-kind");
    let radios = kinds
        .iter()
        .fold(field::radios("kind", &legend), |radios, (code, label)| {
            radios.option(Choice::new(code, label))
        });
    html! {
        (field::text("name", &ask.label("catalog-attribute-name")).hint(&ask.label("catalog-attribute-name-hint"))
            .value(&form.name).errors(errors))
        (radios.value(&form.kind).errors(errors))
        (field::textarea("choices", &ask.label("catalog-attribute-choices")).rows(4)
            .hint(&ask.label("catalog-attribute-choices-hint")).value(&form.choices).errors(errors))
        (field::checkbox("required", &ask.label("catalog-attribute-required")).checked(form.required == "1"))
    }
}

async fn add_common(ask: Ask, Path(category): Path<Id<Category>>, Form(form): Form<AttributeForm>) -> Answer {
    add(&ask, None, category, form).await
}

async fn add_own(ask: Ask, Path((shop, category)): OfShop, Form(form): Form<AttributeForm>) -> Answer {
    add(&ask, Some(shop), category, form).await
}

async fn add(ask: &Ask, whose: Whose, id: Id<Category>, form: AttributeForm) -> Answer {
    let added = match form.read() {
        Ok(new) => {
            ask.write(move |cx, tx| {
                category_here(cx, tx, whose, id)?;
                actions::add_attribute(cx, tx, id, &new)
            })
            .await
        }
        Err(no) => Err(no),
    };
    match added {
        Ok(_) => {
            let said = ask.say("catalog-said-attribute", &args![name => form.name.trim()]);
            Ok(ask.see_saying(&address(whose, id), &said))
        }
        Err(Error::Refused(no)) => page(ask, whose, id, &form, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

type OfCentre = Path<(Id<Category>, Id<Attribute>)>;
type OfShopAsked = Path<(Id<kernel::Shop>, Id<Category>, Id<Attribute>)>;

async fn show_edit_common(ask: Ask, Path((category, id)): OfCentre) -> Answer {
    edit_page(&ask, None, (category, id), None).await
}

async fn show_edit_own(ask: Ask, Path((shop, category, id)): OfShopAsked) -> Answer {
    edit_page(&ask, Some(shop), (category, id), None).await
}

/// The form of what is asked already; `typed` is what was refused, and why.
async fn edit_page(
    ask: &Ask,
    whose: Whose,
    (category, id): (Id<Category>, Id<Attribute>),
    typed: Option<(AttributeForm, &Refused)>,
) -> Answer {
    let (heading, attribute) = ask
        .read(move |cx, tx| {
            let heading = category_here(cx, tx, whose, category)?;
            let asked = store::attributes(tx, category)?;
            let found = asked.into_iter().find(|attribute| attribute.id == id);
            Ok((heading, found.ok_or(Error::NotFound)?))
        })
        .await?;
    let (form, no) = match typed {
        Some((form, no)) => (form, Some(no)),
        None => (AttributeForm::from(&attribute), None),
    };
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let title = ask.say(
        "catalog-attribute-edit-title",
        &args![name => attribute.name.as_str(), category => heading.name.as_str()],
    );
    let back = address(whose, category);
    let here = format!("{back}/{id}");
    let response = ask.page(Surface::Console, &title, |frame, page| {
        page.answer(&ask.label("catalog-attribute-edit-answer"))
            .back(&back, &ask.label("catalog-attributes"))
            .errors(&errors)
            .body(html! {
                form method="post" action=(here) novalidate {
                    (csrf(frame))
                    (field::hidden("version", &form.version.to_string()))
                    (fields(ask, &form, &errors))
                    (button::submit(&ask.label("catalog-attribute-save")))
                }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

async fn edit_common(ask: Ask, Path((category, id)): OfCentre, Form(form): Form<AttributeForm>) -> Answer {
    edit(&ask, None, (category, id), form).await
}

async fn edit_own(
    ask: Ask,
    Path((shop, category, id)): OfShopAsked,
    Form(form): Form<AttributeForm>,
) -> Answer {
    edit(&ask, Some(shop), (category, id), form).await
}

async fn edit(
    ask: &Ask,
    whose: Whose,
    (category, id): (Id<Category>, Id<Attribute>),
    form: AttributeForm,
) -> Answer {
    let edited = match form.read() {
        Ok(new) => {
            let version = form.version;
            ask.write(move |cx, tx| {
                category_here(cx, tx, whose, category)?;
                actions::edit_attribute(cx, tx, (category, id), version, &new)
            })
            .await
        }
        Err(no) => Err(no),
    };
    match edited {
        Ok(()) => {
            let said = ask.say("catalog-said-attribute-saved", &args![name => form.name.trim()]);
            Ok(ask.see_saying(&address(whose, category), &said))
        }
        Err(Error::Refused(no)) => edit_page(ask, whose, (category, id), Some((form, &no))).await,
        Err(other) => Err(other.into()),
    }
}

async fn remove_common(ask: Ask, Path((category, id)): OfCentre) -> Answer {
    remove(&ask, None, category, id).await
}

async fn remove_own(ask: Ask, Path((shop, category, id)): OfShopAsked) -> Answer {
    remove(&ask, Some(shop), category, id).await
}

async fn remove(ask: &Ask, whose: Whose, category: Id<Category>, id: Id<Attribute>) -> Answer {
    ask.write(move |cx, tx| {
        category_here(cx, tx, whose, category)?;
        actions::remove_attribute(cx, tx, category, id)
    })
    .await?;
    Ok(ask.see_saying(
        &address(whose, category),
        &ask.label("catalog-said-attribute-removed"),
    ))
}

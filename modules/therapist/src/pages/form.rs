//! The form of one therapist's entry.

use kernel::{Error, Id, Refused, Result};
use serde::Deserialize;
use text::args;
use web::{
    Answer, Ask, Form, Markup, Path, Response, html,
    ui::{Choice, Errors, Surface, Tone, button, csrf, field, state},
};

use super::{House, InShop, address, therapist_here, therapist_line};
use crate::{
    Gender, Level, NewTherapist, Refusal, Therapist, actions,
    model::{PORTRAITS, portrait},
};

/// What was typed.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct TherapistForm {
    name: String,
    number: String,
    gender: String,
    level: String,
    skills: String,
    introduction: String,
    portrait: String,
    shows_blind: String,
    version: i64,
}

impl TherapistForm {
    fn of(therapist: &Therapist) -> TherapistForm {
        TherapistForm {
            name: therapist.name.clone(),
            number: therapist.number.to_string(),
            gender: therapist.gender.code().to_owned(),
            level: therapist.level.code().to_owned(),
            skills: therapist.skills.clone(),
            introduction: therapist.introduction.clone(),
            portrait: therapist.portrait.clone(),
            shows_blind: if therapist.blind_shown.is_some() { "1" } else { "" }.to_owned(),
            version: therapist.version,
        }
    }

    fn read(&self) -> Result<NewTherapist> {
        Ok(NewTherapist {
            name: self.name.clone(),
            number: self.number.trim().parse().map_err(|_| Refusal::BadNumber)?,
            gender: self.gender.parse::<Gender>().map_err(|_| Refusal::BadGender)?,
            level: self.level.parse::<Level>().map_err(|_| Refusal::BadLevel)?,
            introduction: self.introduction.clone(),
            skills: self.skills.clone(),
            portrait: self.portrait.clone(),
            shows_blind: self.shows_blind == "1",
        })
    }
}

pub(super) async fn show_new(ask: Ask, Path(shop): Path<Id<kernel::Shop>>) -> Answer {
    let house = ask.read(move |cx, tx| House::find(cx, tx, shop)).await?;
    let free = house.therapists.iter().map(|therapist| therapist.number).max();
    let form = ask.kept().await.unwrap_or(TherapistForm {
        number: (free.unwrap_or(0) + 1).to_string(),
        ..TherapistForm::default()
    });
    Ok(form_page(&ask, &house, None, &form, None))
}

pub(super) async fn create(
    ask: Ask,
    Path(shop): Path<Id<kernel::Shop>>,
    Form(form): Form<TherapistForm>,
) -> Answer {
    let created = match form.read() {
        Ok(new) => ask.write(move |cx, tx| actions::create(cx, tx, shop, &new)).await,
        Err(error) => Err(error),
    };
    match created {
        Ok(therapist) => {
            let said = ask.say("therapist-said-created", &args![name => therapist.name.as_str()]);
            Ok(ask.see_saying(&address(shop), &said))
        }
        Err(Error::Refused(no)) => {
            let house = ask.read(move |cx, tx| House::find(cx, tx, shop)).await?;
            Ok(ask.refused(&no, form_page(&ask, &house, None, &form, Some(&no))))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn show_edit(ask: Ask, Path((shop, id)): InShop) -> Answer {
    let house = ask.read(move |cx, tx| House::find(cx, tx, shop)).await?;
    let therapist = house.therapist(id)?;
    let form = ask.kept().await.unwrap_or_else(|| TherapistForm::of(therapist));
    Ok(form_page(&ask, &house, Some(therapist), &form, None))
}

pub(super) async fn edit(ask: Ask, Path((shop, id)): InShop, Form(mut form): Form<TherapistForm>) -> Answer {
    let version = form.version;
    let edited = match form.read() {
        Ok(new) => {
            ask.write(move |cx, tx| {
                therapist_here(cx, tx, shop, id)?;
                actions::edit(cx, tx, id, version, &new)
            })
            .await
        }
        Err(error) => Err(error),
    };
    match edited {
        Ok(therapist) => {
            let said = ask.say("therapist-said-saved", &args![name => therapist.name.as_str()]);
            Ok(ask.see_saying(&address(shop), &said))
        }
        Err(Error::Refused(no)) => {
            let house = ask.read(move |cx, tx| House::find(cx, tx, shop)).await?;
            let therapist = house.therapist(id)?;
            if is_stale(&no) {
                // What the others saved is shown; sending the form again overrules it knowingly. A consent that was
                // taken back meanwhile is not given again that way.
                form.version = therapist.version;
                if therapist.blind_shown.is_none() {
                    form.shows_blind.clear();
                }
            }
            Ok(ask.refused(&no, form_page(&ask, &house, Some(therapist), &form, Some(&no))))
        }
        Err(other) => Err(other.into()),
    }
}

fn is_stale(no: &Refused) -> bool {
    no.code == Refused::from(Refusal::Stale).code
}

fn form_page(
    ask: &Ask,
    house: &House,
    therapist: Option<&Therapist>,
    form: &TherapistForm,
    no: Option<&Refused>,
) -> Response {
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let back = house.address();
    let (title, answer, action, verb) = match therapist {
        Some(therapist) => (
            ask.say("therapist-edit-title", &args![name => therapist.name.as_str()]),
            edit_answer(ask, therapist),
            format!("{back}/{}", therapist.id),
            ask.label("therapist-save"),
        ),
        None => (
            ask.label("therapist-new-title"),
            ask.label("therapist-new-answer"),
            back.clone(),
            ask.label("therapist-create"),
        ),
    };
    let stale = no.is_some_and(is_stale);
    ask.page(Surface::Console, &title, |frame, page| {
        let submit = button::submit(&verb);
        let submit = match therapist {
            Some(therapist) => submit.about(&therapist.name),
            None => submit,
        };
        page.answer(&answer).back(&back, &ask.label("therapist-list")).errors(&errors).body(html! {
            @if let (Some(therapist), true) = (therapist, stale) { (now(ask, therapist)) }
            form method="post" action=(action) novalidate {
                (csrf(frame))
                (field::hidden("version", &form.version.to_string()))
                (person(ask, form, &errors))
                (words(ask, form, &errors))
                (field::checkbox("shows_blind", &ask.label("therapist-shows-blind"))
                    .hint(&ask.label("therapist-shows-blind-hint")).checked(form.shows_blind == "1").errors(&errors))
                (submit)
            }
        })
    })
}

fn edit_answer(ask: &Ask, therapist: &Therapist) -> String {
    let state = ask.label(if therapist.active {
        "therapist-active"
    } else {
        "therapist-left"
    });
    ask.say(
        "therapist-edit-answer",
        &args![number => therapist.number, state => state],
    )
}

/// What somebody else has saved meanwhile.
fn now(ask: &Ask, therapist: &Therapist) -> Markup {
    html! {
        (state::notice(Tone::Attention, &ask.label("therapist-now")).body(html! {
            p { (therapist.name) " · " (therapist_line(ask, therapist)) }
            @for text in [&therapist.skills, &therapist.introduction] {
                @if !text.is_empty() { p { (text) } }
            }
        }))
    }
}

fn person(ask: &Ask, form: &TherapistForm, errors: &Errors<'_>) -> Markup {
    let genders: Vec<(&str, String)> = Gender::ALL
        .iter()
        .map(|gender| (gender.code(), ask.label(&gender.text_key())))
        .collect();
    let legend = ask.label("therapist-gender");
    let mut radios = field::radios("gender", &legend);
    for (code, label) in &genders {
        radios = radios.option(Choice::new(code, label));
    }
    let levels: Vec<(&str, String)> = Level::ALL
        .iter()
        .map(|level| (level.code(), ask.label(&level.text_key())))
        .collect();
    let legend = ask.label("therapist-level");
    let mut grades = field::radios("level", &legend);
    for (code, label) in &levels {
        grades = grades.option(Choice::new(code, label));
    }
    html! {
        (field::text("name", &ask.label("therapist-name")).value(&form.name).errors(errors))
        (field::number("number", &ask.label("therapist-number")).hint(&ask.label("therapist-number-hint"))
            .short().value(&form.number).errors(errors))
        (radios.hint(&ask.label("therapist-gender-hint")).inline().value(&form.gender).errors(errors))
        (grades.inline().value(&form.level).errors(errors))
    }
}

fn words(ask: &Ask, form: &TherapistForm, errors: &Errors<'_>) -> Markup {
    let auto = ask.label("therapist-portrait-auto");
    let drawn: Vec<(String, String)> = (1..=PORTRAITS)
        .map(|number| {
            let label = ask.say("therapist-portrait-numbered", &args![number => number]);
            (portrait(number), label)
        })
        .collect();
    let mut options = vec![("", auto.as_str())];
    options.extend(drawn.iter().map(|(path, label)| (path.as_str(), label.as_str())));
    html! {
        (field::text("skills", &ask.label("therapist-skills")).hint(&ask.label("therapist-skills-hint"))
            .value(&form.skills).errors(errors))
        (field::textarea("introduction", &ask.label("therapist-introduction")).rows(4).max(500)
            .hint(&ask.label("therapist-introduction-hint")).value(&form.introduction).errors(errors))
        (field::select("portrait", &ask.label("therapist-portrait")).options(&options)
            .hint(&ask.label("therapist-portrait-hint")).value(&form.portrait).errors(errors))
    }
}

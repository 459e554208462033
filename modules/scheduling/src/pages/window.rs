//! How soon and how far ahead customers book: the shop's wish, and the centre's default and bounds.

use kernel::{Error, Refused, Result};
use serde::{Deserialize, Serialize};
use text::{args, show};
use web::{
    Allow, Answer, Ask, Form, Markup, html,
    ui::{Errors, Surface, button, csrf, field},
};

use crate::{
    actions,
    model::{Bounds, Refusal, Window},
};

#[derive(Deserialize, Serialize, Default, Clone)]
pub(super) struct WindowForm {
    #[serde(default)]
    lead: String,
    #[serde(default)]
    days: String,
    #[serde(default)]
    most_lead: String,
    #[serde(default)]
    most_days: String,
}

impl WindowForm {
    fn of(window: Window, bounds: Bounds) -> WindowForm {
        WindowForm {
            lead: window.lead.to_string(),
            days: window.days.to_string(),
            most_lead: bounds.most_lead.to_string(),
            most_days: bounds.most_days.to_string(),
        }
    }

    fn window(&self, bounds: Bounds) -> Result<Window> {
        let no_lead = Refusal::BadLead {
            most: bounds.most_lead,
        };
        let no_days = Refusal::BadDays {
            most: bounds.most_days,
        };
        Ok(Window {
            lead: self.lead.trim().parse().map_err(|_| no_lead)?,
            days: self.days.trim().parse().map_err(|_| no_days)?,
        })
    }

    fn bounds(&self) -> Result<Bounds> {
        let number = |typed: &str| typed.trim().parse().map_err(|_| Refusal::BadBounds);
        Ok(Bounds {
            usual: Window {
                lead: number(&self.lead)?,
                days: number(&self.days)?,
            },
            most_lead: number(&self.most_lead)?,
            most_days: number(&self.most_days)?,
        })
    }
}

/// 最早提前 30 分钟，最远 14 天。
fn in_words(ask: &Ask, window: Window) -> String {
    if window.lead == 0 {
        return ask.say("scheduling-window-soon", &args![days => window.days]);
    }
    let lead = show::duration(ask.lang(), window.lead);
    ask.say("scheduling-window-is", &args![lead => lead, days => window.days])
}

fn fields(ask: &Ask, form: &WindowForm, errors: &Errors<'_>) -> Markup {
    html! {
        (field::number("lead", &ask.label("scheduling-window-lead")).hint(&ask.label("scheduling-window-lead-hint"))
            .value(&form.lead).short().errors(errors))
        (field::number("days", &ask.label("scheduling-window-days")).value(&form.days).short().errors(errors))
    }
}

pub(super) async fn show(ask: Ask) -> Answer {
    let typed = ask.kept().await;
    page(&ask, typed, None).await
}

async fn page(ask: &Ask, typed: Option<WindowForm>, no: Option<&Refused>) -> Answer {
    let (window, bounds) = ask
        .read(|cx, tx| Ok((actions::window(tx, cx.shop()?.id())?, actions::bounds(tx)?)))
        .await?;
    let form = typed.unwrap_or_else(|| WindowForm::of(window, bounds));
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let most = show::duration(ask.lang(), bounds.most_lead);
    let within = ask.say(
        "scheduling-window-within",
        &args![lead => most, days => bounds.most_days],
    );
    let response = ask.page(Surface::Desk, &ask.label("scheduling-window"), |frame, page| {
        page.answer(&in_words(ask, window))
            .back("/desk/shifts", &ask.label("scheduling-shifts"))
            .errors(&errors)
            .body(html! {
                p { (within) }
                @if Allow::Owner.admits(ask.actor()) {
                    form method="post" action="/desk/window" novalidate {
                        (csrf(frame))
                        (fields(ask, &form, &errors))
                        (button::submit(&ask.label("scheduling-window-save")))
                    }
                }
            })
    });
    Ok(answered(ask, no, response))
}

pub(super) async fn set(ask: Ask, Form(form): Form<WindowForm>) -> Answer {
    let typed = form.clone();
    let set = ask
        .write(move |cx, tx| {
            let window = typed.window(actions::bounds(tx)?)?;
            actions::set_window(cx, tx, cx.shop()?.id(), window)?;
            Ok(window)
        })
        .await;
    match set {
        Ok(window) => Ok(ask.see_saying("/desk/window", &in_words(&ask, window))),
        Err(Error::Refused(no)) => page(&ask, Some(form), Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn show_bounds(ask: Ask) -> Answer {
    let typed = ask.kept().await;
    bounds_page(&ask, typed, None).await
}

async fn bounds_page(ask: &Ask, typed: Option<WindowForm>, no: Option<&Refused>) -> Answer {
    let bounds = ask.read(|_, tx| actions::bounds(tx)).await?;
    let form = typed.unwrap_or_else(|| WindowForm::of(bounds.usual, bounds));
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let response = ask.page(Surface::Console, &ask.label("scheduling-bounds"), |frame, page| {
        page.answer(&in_words(ask, bounds.usual)).errors(&errors).body(html! {
            p { (ask.label("scheduling-bounds-how")) }
            form method="post" action="/console/window" novalidate {
                (csrf(frame))
                (fields(ask, &form, &errors))
                (field::number("most_lead", &ask.label("scheduling-window-most-lead")).value(&form.most_lead).short()
                    .errors(&errors))
                (field::number("most_days", &ask.label("scheduling-window-most-days")).value(&form.most_days).short()
                    .errors(&errors))
                (button::submit(&ask.label("scheduling-window-save")))
            }
        })
    });
    Ok(answered(ask, no, response))
}

pub(super) async fn set_bounds(ask: Ask, Form(form): Form<WindowForm>) -> Answer {
    let typed = form.clone();
    let set = ask
        .write(move |cx, tx| {
            let bounds = typed.bounds()?;
            actions::set_bounds(cx, tx, bounds)?;
            Ok(bounds.usual)
        })
        .await;
    match set {
        Ok(window) => Ok(ask.see_saying("/console/window", &in_words(&ask, window))),
        Err(Error::Refused(no)) => bounds_page(&ask, Some(form), Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

fn answered(ask: &Ask, no: Option<&Refused>, response: web::Response) -> web::Response {
    match no {
        Some(no) => ask.refused(no, response),
        None => response,
    }
}

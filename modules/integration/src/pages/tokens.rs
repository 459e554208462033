//! The console's pages of tokens.

use kernel::{Error, Id, Refused};
use serde::Deserialize;
use text::{args, show};
use web::{
    Allow, Answer, Ask, Form, Path, Routes, html,
    tokens::Token,
    ui::{Choice, Entry, Icon, Surface, Tone, button, csrf, field, list, state},
};

use super::{HOME, secret_page};
use crate::{actions, model::Scope};

pub(super) const LIST: &str = "/console/connections/tokens";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(LIST, Allow::Console, list)
        .post(LIST, Allow::Console, create)
        .get("/console/connections/tokens/new", Allow::Console, show_new)
        .post(
            "/console/connections/tokens/{token}/revocation",
            Allow::Console,
            revoke,
        )
}

/// `GET /console/connections/tokens`
async fn list(ask: Ask) -> Answer {
    let tokens = ask.read(web::tokens::kept).await?;
    let now = ask.cx.now();
    let live = tokens.iter().filter(|token| token.is_live(now)).count();
    let title = ask.say("integration-tokens-title", &args![count => live]);
    let answer = match tokens.iter().filter_map(|token| token.seen_at).max() {
        Some(at) => ask.say("integration-tokens-used", &args![at => when(&ask, at)]),
        None => ask.label("integration-tokens-unused"),
    };
    let back = ask.label("integration-title");
    Ok(ask.page(Surface::Console, &title, |frame, page| {
        let mut entries = list::entries().level(2);
        for token in &tokens {
            let action = format!("{LIST}/{}/revocation", token.id);
            let live = token.is_live(now);
            let (tone, word) = if live {
                (Tone::Good, "integration-live")
            } else {
                (Tone::Plain, "integration-ended")
            };
            let entry = Entry::text(&token.name)
                .badge(state::badge(tone, &ask.label(word)))
                .line(&about(&ask, token))
                .line(&token.scopes.join(" "));
            entries = entries.entry(if live {
                let revoke = ask.label("integration-revoke");
                entry.action(html! { (button::post(frame, &action, &revoke).about(&token.name).secondary()) })
            } else {
                entry
            });
        }
        page.answer(&answer)
            .back(HOME, &back)
            .primary(html! { (button::link("/console/connections/tokens/new", &ask.label("integration-token-new"))) })
            .body(html! {
                @if tokens.is_empty() { (state::empty(Icon::List, &ask.label("integration-no-tokens"))) }
                @else { (entries) }
            })
    }))
}

/// `tuina_ab12cd…，到 2026 年 12 月 22 日，最近使用 …`
fn about(ask: &Ask, token: &Token) -> String {
    let until = when(ask, token.expires_at);
    match token.seen_at {
        Some(at) => ask.say(
            "integration-token-used",
            &args![head => token.head.as_str(), until => until, at => when(ask, at)],
        ),
        None => ask.say(
            "integration-token-unused",
            &args![head => token.head.as_str(), until => until],
        ),
    }
}

pub(super) fn when(ask: &Ask, at: kernel::Instant) -> String {
    let day = show::day(ask.lang(), at.day(), ask.today());
    format!("{day} {}", show::time(ask.lang(), at.minute_of_day()))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct TokenForm {
    name: String,
    scopes: Vec<String>,
    days: String,
}

/// `GET /console/connections/tokens/new`
async fn show_new(ask: Ask) -> Answer {
    let form = TokenForm {
        days: "365".to_owned(),
        ..TokenForm::default()
    };
    Ok(new_page(&ask, &form, None))
}

fn new_page(ask: &Ask, form: &TokenForm, no: Option<&Refused>) -> web::Response {
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let words: Vec<(Scope, String)> = Scope::ALL
        .iter()
        .map(|scope| (*scope, ask.label(&scope.text_key())))
        .collect();
    let chosen: Vec<&str> = form.scopes.iter().map(String::as_str).collect();
    let title = ask.label("integration-token-new-title");
    let (name, hint) = (ask.label("integration-name"), ask.label("integration-name-hint"));
    let (legend, days) = (ask.label("integration-scopes"), ask.label("integration-days"));
    let back = ask.label("integration-tokens");
    let response = ask.page(Surface::Console, &title, |frame, page| {
        let mut scopes = field::checkboxes("scopes", &legend);
        for (scope, label) in &words {
            scopes = scopes.option(Choice::new(scope.code(), label).hint(scope.code()));
        }
        page.answer(&ask.label("integration-token-new-answer"))
            .errors(&errors)
            .back(LIST, &back)
            .body(html! {
                form method="post" action=(LIST) novalidate {
                    (csrf(frame))
                    (field::text("name", &name).hint(&hint).value(&form.name).errors(&errors))
                    (scopes.values(&chosen).errors(&errors))
                    (field::number("days", &days).short().value(&form.days).errors(&errors))
                    (button::submit(&ask.label("integration-token-make")))
                }
            })
    });
    match no {
        Some(no) => ask.refused(no, response),
        None => response,
    }
}

/// `POST /console/connections/tokens`: the answer shows the secret, once.
async fn create(ask: Ask, Form(form): Form<TokenForm>) -> Answer {
    let scopes: Vec<Scope> = form.scopes.iter().filter_map(|code| code.parse().ok()).collect();
    let (name, days) = (form.name.clone(), form.days.trim().parse().unwrap_or(0));
    let made = ask
        .write(move |cx, tx| actions::issue_token(cx, tx, &name, &scopes, days))
        .await;
    match made {
        Ok((token, secret)) => {
            let title = ask.say("integration-token-made", &args![name => token.name.as_str()]);
            let words = ("integration-secret-once", "integration-token-secret");
            let back = ask.label("integration-tokens");
            Ok(secret_page(&ask, &title, words, secret.reveal(), (LIST, &back)))
        }
        Err(Error::Refused(no)) => Ok(new_page(&ask, &form, Some(&no))),
        Err(other) => Err(other.into()),
    }
}

/// `POST /console/connections/tokens/{token}/revocation`
async fn revoke(ask: Ask, Path(id): Path<Id<Token>>) -> Answer {
    let token = ask.write(move |cx, tx| web::tokens::revoke(cx, tx, id)).await?;
    let said = ask.say("integration-token-revoked", &args![name => token.name.as_str()]);
    Ok(ask.see_saying(LIST, &said))
}

//! The page to which `sign_url` leads, on which the merchant to be confirms the account and signs.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use super::{Applyment, Decision, Stage, decide};
use crate::state::Sandbox;

/// Where the page stands, as on `pay.weixin.qq.com`.
pub const PATH: &str = "/public/apply4ec_sign/s";

/// The page's address.
pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new().route(PATH, get(show).post(go_on))
}

/// The link's parameters; `sign` shows that the link was given, not guessed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Link {
    applyment_id: u64,
    sign: String,
}

impl Link {
    fn find(&self, sandbox: &Sandbox) -> Option<Applyment> {
        sandbox.change(|world| {
            let meant = |one: &&mut Applyment| one.applyment_id == self.applyment_id && one.sign == self.sign;
            let found = world.pay.applyments.all.iter_mut().find(meant)?;
            found.age(sandbox);
            Some(found.clone())
        })
    }
}

/// What the person may do at this stage: the button's words and the stage to which it leads.
fn next(stage: Stage) -> Option<(&'static str, Stage)> {
    match stage {
        Stage::ToBeConfirmed => Some(("账户验证 · Confirm the account", Stage::ToBeSigned)),
        Stage::ToBeSigned => Some(("签约 · Sign", Stage::Finished)),
        _ => None,
    }
}

async fn show(State(sandbox): State<Arc<Sandbox>>, Query(link): Query<Link>) -> Response {
    let Some(found) = link.find(&sandbox) else {
        let page = page(html! { p role="alert" { "链接无效 · This link leads to no application" } });
        return (StatusCode::NOT_FOUND, Html(page.into_string())).into_response();
    };
    let (_, words) = found.state.words();
    let content = html! {
        h1 { (found.name) "：" (words) }
        @for objection in &found.audit_detail { p { (objection.field_name) "：" (objection.reject_reason) } }
        @if let Some((label, _)) = next(found.state) {
            form method="post" action=(PATH) {
                input type="hidden" name="applymentId" value=(link.applyment_id);
                input type="hidden" name="sign" value=(link.sign);
                button { (label) }
            }
        } @else {
            p { "现在没有要您办的事 · Nothing to do here now" }
        }
    };
    Html(page(content).into_string()).into_response()
}

async fn go_on(State(sandbox): State<Arc<Sandbox>>, Form(link): Form<Link>) -> Response {
    // A second press finds the next stage, or nothing to do; the page says which.
    if let Some((_, state)) = link.find(&sandbox).and_then(|found| next(found.state)) {
        let decision = Decision {
            state,
            audit_detail: Vec::new(),
        };
        let _ = decide(&sandbox, &link.applyment_id.to_string(), decision);
    }
    Redirect::to(&format!(
        "{PATH}?applymentId={}&sign={}",
        link.applyment_id, link.sign
    ))
    .into_response()
}

fn page(content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "特约商户签约 · WeChat Pay" }
            }
            body { main { (content) } }
        }
    }
}

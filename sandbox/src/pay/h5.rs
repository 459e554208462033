//! The page to which `h5_url` leads: outside WeChat it would open the app; here it asks who pays.

use std::sync::Arc;

use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Router, response::Html};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use super::refund::yuan;
use super::sheet::{self, Finish};
use crate::person::PEOPLE;
use crate::state::Sandbox;

/// Where the page stands, as on `wx.tenpay.com`.
const PATH: &str = "/cgi-bin/mmpayweb-bin/checkmweb";

/// The page's address.
pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new().route(PATH, get(show).post(decide))
}

#[derive(Deserialize)]
struct Link {
    prepay_id: String,
    #[serde(default)]
    redirect_url: String,
}

#[derive(Deserialize)]
struct Choice {
    prepay_id: String,
    #[serde(default)]
    redirect_url: String,
    person: String,
    outcome: Finish,
}

/// The sheet of a living link. A link opened without a page before it is refused, as by the real one.
async fn show(State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap, Query(link): Query<Link>) -> Response {
    if !headers.contains_key(header::REFERER) {
        return problem("商家参数格式有误，请联系商家解决 · The page was opened without a Referer");
    }
    let (anyone, _) = PEOPLE[0];
    match sheet::scan(&sandbox, anyone, &link.prepay_id) {
        Ok(sheet) => Html(
            page(html! {
                h1 { "微信支付 · WeChat Pay " (yuan(sheet.total)) }
                p { (sheet.description) " → " (sheet.payee) }
                form method="post" action=(PATH) {
                    input type="hidden" name="prepay_id" value=(link.prepay_id);
                    input type="hidden" name="redirect_url" value=(link.redirect_url);
                    label for="person" { "谁来支付 · Who pays" }
                    select id="person" name="person" {
                        @for (id, name) in PEOPLE { option value=(id) { (name) } }
                    }
                    button name="outcome" value="paid" { "支付 · Pay" }
                    button name="outcome" value="cancel" { "取消 · Cancel" }
                }
            })
            .into_string(),
        )
        .into_response(),
        Err(words) => problem(&words),
    }
}

async fn decide(State(sandbox): State<Arc<Sandbox>>, Form(choice): Form<Choice>) -> Response {
    match sheet::finish(&sandbox, &choice.person, &choice.prepay_id, choice.outcome) {
        Err(words) => problem(&words),
        // Without redirect_url the person comes back to where the payment was asked for; here to a plain word.
        Ok(_) if choice.redirect_url.is_empty() => {
            Html(page(html! { p { "已返回商户 · Back at the merchant" } }).into_string()).into_response()
        }
        Ok(_) => Redirect::to(&choice.redirect_url).into_response(),
    }
}

fn problem(words: &str) -> Response {
    let page = page(html! { p role="alert" { (words) } });
    (StatusCode::BAD_REQUEST, Html(page.into_string())).into_response()
}

fn page(content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "微信支付 · WeChat Pay" }
            }
            body { main { (content) } }
        }
    }
}

//! The page of an article, as it opens from a message or a menu.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, PreEscaped, html};

use crate::state::Sandbox;

/// `GET /s/{article}`. Nothing on the page runs, as with WeChat, which takes scripts out of articles.
pub async fn show(State(sandbox): State<Arc<Sandbox>>, Path(key): Path<String>) -> Response {
    let found = sandbox.look(|world| world.account.press.page(&key).cloned());
    let Some(article) = found else {
        let page = html! { h1 { "该内容已被发布者删除" } };
        return (
            StatusCode::NOT_FOUND,
            crate::phone::small_page("内容已删除", page),
        )
            .into_response();
    };
    let word = |name: &str| article[name].as_str().unwrap_or_default();
    let source = Some(word("content_source_url")).filter(|url| url.starts_with("http"));
    let page = html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (word("title")) }
                link rel="stylesheet" href="/phone/phone.css";
            }
            body.small {
                main {
                    article {
                        h1 { (word("title")) }
                        p { (sandbox.config.account_name) " " (word("author")) }
                        div { (PreEscaped(word("content"))) }
                    }
                    @if let Some(url) = source { p { a href=(url) { "阅读原文" } } }
                }
            }
        }
    };
    let policy = "script-src 'none'; object-src 'none'; form-action 'none'";
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    (headers, page.into_string()).into_response()
}

use std::sync::Arc;

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{Error, Refused};
use text::args;

use crate::{Ask, ui::Surface};

/// What a handler returns.
pub type Answer = Result<Response, Failure>;

/// An error on its way to the door, which turns it into a page (or JSON) in the person's language.
#[derive(Debug)]
pub struct Failure(pub Error);

impl<E> From<E> for Failure
where
    E: Into<Error>,
{
    fn from(error: E) -> Failure {
        Failure(error.into())
    }
}

/// Rides on a response until [`render`] gives it words.
#[derive(Clone)]
pub(crate) struct Unspoken(pub Arc<Error>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = status(&self.0).into_response();
        response.extensions_mut().insert(Unspoken(Arc::new(self.0)));
        response
    }
}

/// A body over the limit.
pub(crate) struct TooLarge;

impl From<TooLarge> for Error {
    fn from(_: TooLarge) -> Error {
        Error::Refused(Refused {
            code: "web.too_large",
            status: 413,
            args: Vec::new(),
            field: None,
        })
    }
}

pub(crate) fn status(error: &Error) -> StatusCode {
    match error {
        Error::Refused(refused) => StatusCode::from_u16(refused.status).unwrap_or(StatusCode::CONFLICT),
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Forbidden => StatusCode::FORBIDDEN,
        Error::Fault(_) if db::Unavailable::is(error) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The code of any error, as programs read it.
fn code(error: &Error, status: StatusCode) -> &'static str {
    error.code().unwrap_or(match status.as_u16() {
        404 => "not_found",
        403 => "forbidden",
        503 => "unavailable",
        _ => "fault",
    })
}

/// A fault is logged here, once, with the number that the answer shows.
fn log(ask: &Ask, number: &str, error: &Error) {
    if let Error::Fault(fault) = error {
        tracing::error!(request = %number, path = ask.route(), "{fault:#}");
    }
}

/// The error as another program reads it: `application/problem+json` (RFC 9457), with the stable code and the words in
/// the language that was asked for.
pub(crate) fn problem(ask: &Ask, error: &Error) -> Response {
    let number = ask.number();
    log(ask, &number, error);
    let (title, words) = sentences(ask, error);
    let status = status(error);
    let mut body = serde_json::json!({
        "type": "about:blank", "title": title, "status": status.as_u16(), "detail": words,
        "code": code(error, status), "request": number,
    });
    if let Error::Refused(Refused {
        field: Some(field), ..
    }) = error
    {
        body["field"] = (*field).into();
    }
    let headers = [
        (header::CONTENT_TYPE, "application/problem+json"),
        (header::CONTENT_LANGUAGE, ask.lang().tag()),
    ];
    (status, headers, body.to_string()).into_response()
}

/// The error as the person sees it.
pub(crate) fn render(ask: &Ask, error: &Error, json: bool) -> Response {
    let number = ask.number();
    log(ask, &number, error);
    let (title, words) = sentences(ask, error);
    let status = status(error);
    if json {
        let code = code(error, status);
        let body = serde_json::json!({ "error": { "code": code, "message": words, "request": number } });
        return (status, axum::Json(body)).into_response();
    }
    let surface = ask.surface();
    let mut response = ask.page(surface, &title, |_, page| {
        page.answer(&words).body(maud::html! {
            p { a class="button" href=(home(surface)) { (ask.label("web-home")) } }
            @if matches!(error, Error::Fault(_)) {
                p { (ask.say("web-request-number", &args![number => number.as_str()])) }
            }
        })
    });
    *response.status_mut() = status;
    response
}

fn home(surface: Surface) -> &'static str {
    surface.root()
}

fn sentences(ask: &Ask, error: &Error) -> (String, String) {
    let pair = |key: &str| (ask.label(&format!("{key}-title")), ask.label(key));
    match error {
        Error::Refused(refused) => (ask.label("web-refused-title"), ask.refusal(refused)),
        Error::NotFound => pair("web-not-found"),
        Error::Forbidden => pair("web-forbidden"),
        Error::Fault(_) if db::Unavailable::is(error) => pair("web-unavailable"),
        Error::Fault(_) => pair("web-fault"),
    }
}

//! Extractors whose failures are answered in words, with the right status.

use std::fmt;

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::request::Parts,
};
use kernel::{Error, Refused};
use serde::de::DeserializeOwned;

use crate::{App, Failure};

/// The parameters of the path; what does not parse is not found.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        match axum::extract::Path::from_request_parts(parts, app).await {
            Ok(axum::extract::Path(value)) => Ok(Path(value)),
            Err(_) => Err(Failure(Error::NotFound)),
        }
    }
}

/// The query, with repeated keys as lists.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        let query = parts.uri.query().unwrap_or_default();
        serde_html_form::from_str(query)
            .map(Query)
            .map_err(|error| bad_form(&error))
    }
}

/// A submitted form (`application/x-www-form-urlencoded`), with repeated keys as lists.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let bytes = body(request, app).await?;
        serde_html_form::from_bytes(&bytes)
            .map(Form)
            .map_err(|error| bad_form(&error))
    }
}

/// A JSON body.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let bytes = body(request, app).await?;
        serde_json::from_slice(&bytes)
            .map(Json)
            .map_err(|error| bad_form(&error))
    }
}

/// A form with a picture.
pub struct Multipart(axum::extract::Multipart);

impl FromRequest<App> for Multipart {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        axum::extract::Multipart::from_request(request, app)
            .await
            .map(Multipart)
            .map_err(|error| bad_form(&error))
    }
}

impl Multipart {
    /// All parts with their names, in their order; a part without a name has the empty one. The body's limit bounds them.
    ///
    /// # Errors
    /// `web.bad_form` for what is no such form.
    pub async fn parts(mut self) -> Result<Vec<(String, axum::body::Bytes)>, Failure> {
        let mut parts = Vec::new();
        while let Some(part) = self.0.next_field().await.map_err(|error| bad_form(&error))? {
            let name = part.name().unwrap_or_default().to_owned();
            parts.push((name, part.bytes().await.map_err(|error| bad_form(&error))?));
        }
        Ok(parts)
    }
}

async fn body(request: Request, app: &App) -> Result<axum::body::Bytes, Failure> {
    axum::body::Bytes::from_request(request, app)
        .await
        .map_err(|error| bad_form(&error))
}

/// What cannot be read is refused; the technical reason goes to the log of requests, not to the person.
fn bad_form(reason: &dyn fmt::Display) -> Failure {
    tracing::debug!("unreadable request: {reason}");
    Failure(Error::Refused(Refused {
        code: "web.bad_form",
        status: 400,
        args: Vec::new(),
        field: None,
    }))
}

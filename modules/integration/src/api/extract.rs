//! What handlers of the API take and give, each with what the document says of it.

use axum::extract::{FromRequest, FromRequestParts, Request};
use db::Tx;
use http::{HeaderMap, header, request::Parts};
use kernel::{Cx, Error, Refused, Result};
use schemars::{JsonSchema, SchemaGenerator};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use web::{App, Ask, Bytes, Failure, IntoResponse, Path, Query, Response, StatusCode};

use super::table::Shape;
use crate::model::Refusal;

/// A part of a request that the document describes.
pub(crate) trait Part {
    /// Adds what it is to the shape of an address.
    fn describe(_shape: &mut Shape, _generator: &mut SchemaGenerator) {}
}

impl Part for Ask {}
impl<T> Part for Path<T> {}

impl<Q: JsonSchema> Part for Query<Q> {
    fn describe(shape: &mut Shape, generator: &mut SchemaGenerator) {
        shape.query = Some(Q::json_schema(generator).to_value());
    }
}

/// A JSON body; an empty one is the default.
pub(crate) struct Body<B>(pub(crate) B);

impl<B: JsonSchema> Part for Body<B> {
    fn describe(shape: &mut Shape, generator: &mut SchemaGenerator) {
        shape.body = Some(generator.subschema_for::<B>().to_value());
    }
}

impl<B: DeserializeOwned + Default> FromRequest<App> for Body<B> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let bytes = Bytes::from_request(request, app)
            .await
            .map_err(|_| Error::from(bad_body("")))?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Body(B::default()));
        }
        serde_json::from_slice(&bytes)
            .map(Body)
            .map_err(|error| Error::from(bad_body(&error.to_string())).into())
    }
}

fn bad_body(why: &str) -> Refused {
    let why = why.chars().take(200).collect();
    Refusal::BadBody { why }.into()
}

/// The headers that writing asks for: which version was seen, and under which key an answer is kept.
pub(crate) struct Writing {
    version: Option<i64>,
    key: Option<String>,
}

impl Part for Writing {
    fn describe(shape: &mut Shape, _: &mut SchemaGenerator) {
        shape.writes = true;
    }
}

impl FromRequestParts<App> for Writing {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        let version = match text(&parts.headers, header::IF_MATCH.as_str())? {
            Some(tag) => Some(version_of(tag).ok_or(Error::from(Refusal::BadVersion))?),
            None => None,
        };
        let key = text(&parts.headers, "idempotency-key")?.map(str::to_owned);
        if key.as_ref().is_some_and(|key| key.is_empty() || key.len() > 200) {
            return Err(Error::from(Refusal::BadKey).into());
        }
        Ok(Writing { version, key })
    }
}

impl Writing {
    /// The version that was seen, by header or body.
    ///
    /// # Errors
    /// `integration.no_version` where neither says one.
    pub(crate) fn seen(&self, body: Option<i64>) -> Result<i64> {
        self.version.or(body).ok_or_else(|| Refusal::NoVersion.into())
    }

    /// The version that the header names, where it names one.
    pub(crate) fn sent(&self) -> Option<i64> {
        self.version
    }

    /// The key under which an action keeps its own answer: the client's, within its token.
    ///
    /// # Errors
    /// `integration.no_key` where none was sent.
    pub(crate) fn needed_key(&self, ask: &Ask) -> Result<String> {
        self.key_of(ask).ok_or_else(|| Refusal::NoKey.into())
    }

    fn key_of(&self, ask: &Ask) -> Option<String> {
        let token = ask.token().map(|token| token.id.to_string()).unwrap_or_default();
        self.key.as_ref().map(|key| format!("api {token} {key}"))
    }

    /// Does something and tells what it led to. With a key it is done once; asked again, what it led to is told as it is
    /// now. So no name, number or secret is kept with a key, and nothing is told that has to be hidden by then.
    pub(crate) async fn write<D, A>(
        &self,
        ask: &Ask,
        asked: &impl Serialize,
        mut does: impl FnMut(&Cx, &mut Tx) -> Result<D> + Send + 'static,
        tell: impl Fn(&Cx, &mut Tx, D) -> Result<Told<A>> + Send + 'static,
    ) -> Result<Told<A>>
    where
        D: Serialize + DeserializeOwned,
        A: Send + 'static,
    {
        let asked = format!("{} {}", ask.route(), serde_json::to_string(asked)?);
        let (key, fingerprint) = (self.key_of(ask), hash(&asked));
        ask.write(move |cx, tx| {
            let done = match &key {
                Some(key) => tx.once(cx, key, &fingerprint, |tx| does(cx, tx))?,
                None => does(cx, tx)?,
            };
            tell(cx, tx, done)
        })
        .await
    }

    /// The same for what makes something new: it needs a key.
    ///
    /// # Errors
    /// `integration.no_key` where none was sent.
    pub(crate) async fn make<D, A>(
        &self,
        ask: &Ask,
        asked: &impl Serialize,
        does: impl FnMut(&Cx, &mut Tx) -> Result<D> + Send + 'static,
        tell: impl Fn(&Cx, &mut Tx, D) -> Result<Told<A>> + Send + 'static,
    ) -> Result<Told<A>>
    where
        D: Serialize + DeserializeOwned,
        A: Send + 'static,
    {
        self.needed_key(ask)?;
        Ok(self.write(ask, asked, does, tell).await?.created())
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>> {
    let value = headers.get(name).map(|value| value.to_str());
    value.transpose().map_err(|_| Refusal::BadKey.into())
}

/// `"v3"`, also weak, as the answers carry it.
fn version_of(tag: &str) -> Option<i64> {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    tag.strip_prefix("\"v")?.strip_suffix('"')?.parse().ok()
}

fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An answer: 200 (or 201) with JSON, and the version as an entity tag where there is one.
pub(crate) struct Told<A> {
    value: A,
    version: Option<i64>,
    status: StatusCode,
}

impl<A> Told<A> {
    /// 200.
    pub(crate) fn new(value: A) -> Told<A> {
        Told {
            value,
            version: None,
            status: StatusCode::OK,
        }
    }

    /// Says which version of the thing this is.
    pub(crate) fn version(self, version: i64) -> Told<A> {
        Told {
            version: Some(version),
            ..self
        }
    }

    /// 201: something new was made.
    pub(crate) fn created(self) -> Told<A> {
        Told {
            status: StatusCode::CREATED,
            ..self
        }
    }
}

impl<A: Serialize> IntoResponse for Told<A> {
    fn into_response(self) -> Response {
        let body = match serde_json::to_string(&self.value) {
            Ok(body) => body,
            Err(error) => return Failure::from(error).into_response(),
        };
        let headers = [(header::CONTENT_TYPE, "application/json")];
        let mut response = (self.status, headers, body).into_response();
        if let Some(version) = self.version
            && let Ok(tag) = format!("\"v{version}\"").parse()
        {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn entity_tags_are_versions() {
        assert_eq!(version_of("\"v12\""), Some(12));
        assert_eq!(version_of("W/\"v3\""), Some(3));
        for other in ["*", "v3", "\"3\"", "\"v\"", "\"vx\""] {
            assert_eq!(version_of(other), None, "{other}");
        }
    }
}

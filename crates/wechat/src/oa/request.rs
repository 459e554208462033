//! What a call writes and what comes back, before anybody knows what it means.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Error;
use crate::{BodyLimit, Secret, url};

/// One call: what differs between the interfaces.
pub(super) struct Request<'a> {
    path: &'a str,
    query: Vec<(&'a str, &'a str)>,
    body: Payload,
    limit: BodyLimit,
    accepted: &'static [i64],
}

/// The body of a request.
enum Payload {
    /// None: the request is a GET.
    Nothing,
    Json(Value),
    Form(Form),
}

impl<'a> Request<'a> {
    pub(super) fn get(path: &'a str, query: &[(&'a str, &'a str)]) -> Self {
        Self::new(path, Payload::Nothing).with_query(query)
    }

    pub(super) fn post(path: &'a str, body: Value) -> Self {
        Self::new(path, Payload::Json(body))
    }

    pub(super) fn upload(path: &'a str, query: &[(&'a str, &'a str)], form: Form) -> Self {
        Self::new(path, Payload::Form(form)).with_query(query)
    }

    fn new(path: &'a str, body: Payload) -> Self {
        Self {
            path,
            query: Vec::new(),
            body,
            limit: BodyLimit::USUAL,
            accepted: &[],
        }
    }

    pub(super) fn with_query(mut self, query: &[(&'a str, &'a str)]) -> Self {
        self.query.extend_from_slice(query);
        self
    }

    /// The largest answer to be read.
    pub(super) fn with_limit(mut self, limit: BodyLimit) -> Self {
        self.limit = limit;
        self
    }

    /// Error codes that come with an answer which the caller reads itself.
    pub(super) fn accepting(mut self, codes: &'static [i64]) -> Self {
        self.accepted = codes;
        self
    }

    /// The request as it leaves; a token goes first into the query.
    pub(super) fn to_http(
        &self,
        base: &str,
        token: Option<&Secret<String>>,
    ) -> Result<http::Request<Vec<u8>>, Error> {
        let token = token.map(|token| ("access_token", token.expose().as_str()));
        let query: Vec<_> = token.into_iter().chain(self.query.iter().copied()).collect();
        let address = format!("{base}{}?{}", self.path, url::query(&query));
        let builder = http::Request::builder()
            .uri(address.trim_end_matches('?'))
            .extension(self.limit);
        let (kind, body) = match &self.body {
            Payload::Nothing => (None, Vec::new()),
            Payload::Json(body) => {
                let kind = "application/json; charset=utf-8".to_owned();
                (Some(kind), body.to_string().into_bytes())
            }
            Payload::Form(form) => {
                let (kind, body) = form.to_body();
                (Some(kind), body)
            }
        };
        match kind {
            None => builder.method(http::Method::GET),
            Some(kind) => builder
                .method(http::Method::POST)
                .header(http::header::CONTENT_TYPE, kind),
        }
        .body(body)
        .map_err(|_| Error::Invalid("the base address is not an address"))
    }

    /// Tells an error from an answer.
    pub(super) fn read(&self, answer: http::Response<Vec<u8>>) -> Result<Answer, Error> {
        let status = answer.status().as_u16();
        if status != 200 {
            return Err(unreadable(status, "status is not 200"));
        }
        let (head, bytes) = answer.into_parts();
        // No picture, sound or film begins with a brace, whatever the content type claims.
        let Some(value) = object(&bytes) else {
            return Ok(Answer::File(head, bytes));
        };
        match value.get("errcode").and_then(Value::as_i64) {
            Some(code) if code != 0 && !self.accepted.contains(&code) => Err(Error::api(
                code,
                value.get("errmsg").and_then(Value::as_str).unwrap_or_default(),
            )),
            _ => Ok(Answer::Json(value)),
        }
    }
}

/// What a call brought.
pub(super) enum Answer {
    Json(Value),
    /// Anything that is no JSON object.
    File(http::response::Parts, Vec<u8>),
}

impl Answer {
    pub(super) fn into_json<T: DeserializeOwned>(self) -> Result<T, Error> {
        match self {
            // The message of serde would quote a value when a type is wrong; the values may be secret.
            Self::Json(value) => serde_json::from_value(value)
                .map_err(|_| unreadable(200, "a field is missing or of another type")),
            Self::File(..) => Err(unreadable(200, "not JSON")),
        }
    }
}

pub(super) fn unreadable(status: u16, what: &str) -> Error {
    Error::Unreadable {
        status,
        what: what.to_owned(),
    }
}

fn object(bytes: &[u8]) -> Option<Value> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace())?;
    if *first != b'{' {
        return None;
    }
    serde_json::from_slice(bytes).ok()
}

/// The parts of a `multipart/form-data` body (RFC 7578).
#[derive(Default)]
pub(super) struct Form(Vec<Part>);

struct Part {
    head: String,
    content: Vec<u8>,
}

impl Form {
    /// Adds a file.
    pub(super) fn with_file(mut self, name: &str, file: &super::Upload) -> Self {
        let kind = if file.content_type.bytes().all(|byte| byte.is_ascii_graphic()) {
            file.content_type.as_str()
        } else {
            "application/octet-stream"
        };
        self.0.push(Part {
            head: format!(
                "Content-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: {kind}\r\n",
                quoted(name),
                quoted(&file.name)
            ),
            content: file.bytes.clone(),
        });
        self
    }

    /// Adds a text.
    pub(super) fn with_text(mut self, name: &str, text: &str) -> Self {
        self.0.push(Part {
            head: format!("Content-Disposition: form-data; name=\"{}\"\r\n", quoted(name)),
            content: text.as_bytes().to_vec(),
        });
        self
    }

    /// The content type and the body. The boundary is the first of a row that stands nowhere in the parts, so that any
    /// bytes can be sent.
    fn to_body(&self) -> (String, Vec<u8>) {
        let boundary = (0_u32..)
            .map(|number| format!("----wechat-form-{number:08x}"))
            .find(|boundary| !self.contains(boundary))
            .expect("bytes do not hold four thousand million different boundaries");
        let mut body = Vec::new();
        for part in &self.0 {
            body.extend_from_slice(format!("--{boundary}\r\n{}\r\n", part.head).as_bytes());
            body.extend_from_slice(&part.content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        (format!("multipart/form-data; boundary={boundary}"), body)
    }

    fn contains(&self, boundary: &str) -> bool {
        self.0.iter().any(|part| {
            part.head.contains(boundary)
                || part
                    .content
                    .windows(boundary.len())
                    .any(|window| window == boundary.as_bytes())
        })
    }
}

/// A quoted parameter as browsers write it: what would end it is percent-encoded.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

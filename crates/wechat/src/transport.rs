use std::io;
use std::time::Duration;

/// Carries one request and brings its answer. The only way out of this crate.
///
/// An answer of any status is `Ok`. Redirects are not followed.
pub trait Transport: Send + Sync {
    /// Sends the request and waits for the whole answer, `deadline` at most.
    ///
    /// # Errors
    /// [`TransportError::NotSent`] only if it is certain that no byte of the request reached the server.
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        deadline: Duration,
    ) -> Result<http::Response<Vec<u8>>, TransportError>;
}

/// Why there is no answer. The texts carry no address, since addresses may hold secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// Surely without effect: the server was not reached.
    #[error("not sent: {0}")]
    NotSent(String),
    /// The request may have arrived and had its effect.
    #[error("no answer: {0}")]
    Unknown(String),
}

/// The largest answer body that is accepted, in bytes; put it in the request's extensions to change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimit(pub u64);

impl BodyLimit {
    /// For every ordinary call: 4 MB.
    pub const USUAL: Self = Self(4 * 1024 * 1024);
    /// For the download of bills: 256 MB.
    pub const BILL: Self = Self(256 * 1024 * 1024);
}

/// The transport over HTTP/1.1 and TLS: one agent that keeps its connections.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    agent: ureq::Agent,
}

impl HttpTransport {
    /// A transport with its own pool of connections. To be made once and shared.
    pub fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(Duration::from_secs(5)))
            // Shorter than what load balancers keep, so that a dead connection is rarely picked up.
            .max_idle_age(Duration::from_secs(10))
            .user_agent(concat!("wechat-rust/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            agent: config.new_agent(),
        }
    }
}

impl Default for HttpTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for HttpTransport {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        deadline: Duration,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let limit = request
            .extensions()
            .get::<BodyLimit>()
            .copied()
            .unwrap_or(BodyLimit::USUAL);
        let answer = if request.method() == http::Method::GET && request.body().is_empty() {
            // A GET with an empty body would carry `Content-Length: 0`, which some gateways refuse.
            self.run(request.map(|_| ()), deadline)
        } else {
            self.run(request, deadline)
        }?;
        let (parts, body) = answer.into_parts();
        let bytes = body
            .into_with_config()
            .limit(limit.0)
            .read_to_vec()
            .map_err(after_sending)?;
        Ok(http::Response::from_parts(parts, bytes))
    }
}

impl HttpTransport {
    fn run<B: ureq::AsSendBody>(
        &self,
        request: http::Request<B>,
        deadline: Duration,
    ) -> Result<http::Response<ureq::Body>, TransportError> {
        let request = self
            .agent
            .configure_request(request)
            .timeout_global(Some(deadline))
            .build();
        self.agent.run(request).map_err(while_sending)
    }
}

fn while_sending(error: ureq::Error) -> TransportError {
    match error {
        ureq::Error::HostNotFound => TransportError::NotSent("host not found".to_owned()),
        ureq::Error::ConnectionFailed => TransportError::NotSent("connection failed".to_owned()),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => TransportError::NotSent("bad address".to_owned()),
        ureq::Error::Timeout(at @ (ureq::Timeout::Resolve | ureq::Timeout::Connect)) => {
            TransportError::NotSent(format!("timeout: {at}"))
        }
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            TransportError::NotSent("connection refused".to_owned())
        }
        // The standard library has no kind for a failed look-up, only this text.
        ureq::Error::Io(error) if error.to_string().contains("failed to lookup address") => {
            TransportError::NotSent("host not found".to_owned())
        }
        other => after_sending(other),
    }
}

fn after_sending(error: ureq::Error) -> TransportError {
    TransportError::Unknown(match error {
        ureq::Error::Timeout(at) => format!("timeout: {at}"),
        ureq::Error::Io(error) => format!("connection: {}", error.kind()),
        ureq::Error::BodyExceedsLimit(limit) => format!("the answer is longer than {limit} bytes"),
        ureq::Error::Tls(what) => format!("TLS: {what}"),
        ureq::Error::Rustls(error) => format!("TLS: {error}"),
        ureq::Error::Protocol(_) => "the answer is not HTTP".to_owned(),
        _ => "the exchange failed".to_owned(),
    })
}

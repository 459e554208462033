//! The way out to other programs: one POST, with a deadline, to the public network only.

use std::{net::SocketAddr, time::Duration};

use ureq::unversioned::{
    resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
    transport::{DefaultConnector, NextTimeout},
};

use crate::model::{Guard, Outcome};

/// An attempt ends after this long, whatever the other side does.
const DEADLINE: Duration = Duration::from_secs(15);

/// Sends news to other programs.
#[derive(Debug)]
pub struct Post {
    agent: ureq::Agent,
    guard: Guard,
}

/// One message on its way.
pub(crate) struct Letter<'a> {
    pub(crate) url: &'a str,
    pub(crate) id: &'a str,
    pub(crate) seconds: i64,
    pub(crate) signature: &'a str,
    pub(crate) body: &'a str,
}

impl Post {
    /// A way out that keeps to `guard`. Neither redirects nor a proxy of the environment are followed: each would lead
    /// past the guard.
    pub fn new(guard: Guard) -> Post {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .https_only(!guard.loopback)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .max_idle_connections(0)
            .timeout_connect(Some(Duration::from_secs(5)))
            .timeout_global(Some(DEADLINE))
            .user_agent(concat!("tuina-webhooks/", env!("CARGO_PKG_VERSION")))
            .build();
        let resolver = Guarded {
            inner: DefaultResolver::default(),
            guard,
        };
        Post {
            agent: ureq::Agent::with_parts(config, DefaultConnector::default(), resolver),
            guard,
        }
    }

    /// Where it may send.
    pub fn guard(&self) -> Guard {
        self.guard
    }

    /// Sends and waits for the status; what else the other side answers is not read.
    pub(crate) fn send(&self, letter: &Letter) -> Outcome {
        if !self.guard.admits_url(letter.url) {
            return Outcome::Unanswered("address not allowed".to_owned());
        }
        let sent = self
            .agent
            .post(letter.url)
            .header("content-type", "application/json")
            .header("webhook-id", letter.id)
            .header("webhook-timestamp", letter.seconds.to_string())
            .header("webhook-signature", letter.signature)
            .send(letter.body);
        match sent {
            Ok(answer) => Outcome::Answered(answer.status().as_u16()),
            Err(error) => Outcome::Unanswered(words(&error)),
        }
    }
}

/// Why there is no answer, without the address, which may hold a secret.
fn words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::HostNotFound => "host not found".to_owned(),
        ureq::Error::ConnectionFailed => "connection failed".to_owned(),
        ureq::Error::Timeout(at) => format!("timeout: {at}"),
        ureq::Error::Io(error) => match error.kind() {
            std::io::ErrorKind::PermissionDenied => "address not allowed".to_owned(),
            kind => format!("connection: {kind}"),
        },
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => "TLS failed".to_owned(),
        _ => "the exchange failed".to_owned(),
    }
}

/// Looks names up and refuses what is not of the public network. The address checked is the one connected to, so a name
/// that changes its mind between check and call gains nothing.
#[derive(Debug)]
struct Guarded {
    inner: DefaultResolver,
    guard: Guard,
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &http::Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let addresses: &[SocketAddr] = &found;
        if addresses.iter().all(|one| self.guard.admits(one.ip())) {
            return Ok(found);
        }
        let refused = std::io::Error::new(std::io::ErrorKind::PermissionDenied, "not of the public network");
        Err(ureq::Error::Io(refused))
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn send(guard: Guard, url: &str) -> Outcome {
        Post::new(guard).send(&Letter {
            url,
            id: "1",
            seconds: 1,
            signature: "v1,x",
            body: "{}",
        })
    }

    #[test]
    fn a_name_that_leads_inside_is_not_followed() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let agent = Post::new(Guard::default());
        let inside = agent.agent.post(format!("https://localhost:{port}/")).send("{}");
        assert_eq!(
            inside.map_err(|error| words(&error)).err().as_deref(),
            Some("address not allowed")
        );
        let written = send(Guard::default(), &format!("https://127.0.0.1:{port}/"));
        assert_eq!(written, Outcome::Unanswered("address not allowed".to_owned()));
        assert!(listener.accept().is_err(), "nobody knocked");
    }
}

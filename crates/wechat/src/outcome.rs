use crate::TransportError;
use crate::pay::{ApiError, Rejected};

/// What is known after a call that moves money or changes an order.
///
/// `Unknown` is neither success nor failure: the call may have had its effect. The caller finds out by a
/// query with the same number, or repeats the call with the same number and the same parameters.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "an outcome may be unknown, and then it has to be queried"]
pub enum Outcome<T> {
    /// It happened, and a valid signature says so.
    Done(T),
    /// It did not happen, and WeChat says why.
    Refused(ApiError),
    /// Nobody can say yet.
    Unknown(Cause),
}

/// Why an outcome is unknown.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Cause {
    /// The request or its answer was lost. [`TransportError::NotSent`] is the mild case: nothing happened.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The server failed: HTTP 5xx, or the code `SYSTEM_ERROR`. To be repeated with the same parameters.
    #[error("the server failed: {0}")]
    Server(ApiError),
    /// Success by its status, but the signature does not hold.
    #[error("the answer cannot be verified: {0}")]
    Unverifiable(#[from] Rejected),
    /// The answer is not what the protocol promises: no JSON, a field missing, an unexpected status.
    #[error("the answer cannot be understood (HTTP {status}): {what}")]
    Unreadable {
        /// The HTTP status.
        status: u16,
        /// What is wrong, without the contents.
        what: String,
    },
    /// A signed answer about something else than was asked.
    #[error("the answer is about another {0}")]
    Mismatch(&'static str),
}

impl Cause {
    /// Whether WeChat Pay merely tested that we check signatures: to be handled as any unknown outcome, but no reason
    /// for alarm.
    pub fn is_probe(&self) -> bool {
        matches!(self, Self::Unverifiable(rejected) if rejected.is_probe())
    }
}

impl<T> Outcome<T> {
    /// Changes what was done, keeping the other two outcomes.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Outcome<U> {
        self.and_then(|value| Outcome::Done(f(value)))
    }

    /// Continues with a step that has an outcome itself.
    pub fn and_then<U>(self, f: impl FnOnce(T) -> Outcome<U>) -> Outcome<U> {
        match self {
            Self::Done(value) => f(value),
            Self::Refused(error) => Outcome::Refused(error),
            Self::Unknown(cause) => Outcome::Unknown(cause),
        }
    }
}

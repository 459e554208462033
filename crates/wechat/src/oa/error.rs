use super::ErrorCode;
use crate::TransportError;

/// Why a call to the official account's API did not give an answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// WeChat answered with an error code. HTTP status is 200 for these too.
    #[error("WeChat refused with {} {message}", .code.number())]
    Api {
        /// What kind of error.
        code: ErrorCode,
        /// WeChat's own words; ends with `rid: …`, which its support asks for.
        message: String,
    },
    /// There is no answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// There is an answer, but not what the document promises.
    #[error("the answer cannot be understood (HTTP {status}): {what}")]
    Unreadable {
        /// The HTTP status.
        status: u16,
        /// What is wrong, without the contents.
        what: String,
    },
    /// Found wrong before anything was sent.
    #[error("not sent, since {0}")]
    Invalid(&'static str),
}

/// What to do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Try again later; nothing is wrong with the request.
    Retry,
    /// The access token is dead. [`super::Account`] has already tried a new one when this is seen.
    RefreshToken,
    /// The answer is no for this person or this request; say so and stop.
    Refuse,
    /// The account or its configuration is wrong: a person has to look.
    Alarm,
}

impl Error {
    pub(super) fn api(number: i64, message: &str) -> Self {
        Self::Api {
            code: ErrorCode::from_number(number),
            message: message.to_owned(),
        }
    }

    /// What to do.
    pub fn class(&self) -> Class {
        match self {
            Self::Api { code, .. } => code.class(),
            Self::Transport(_) => Class::Retry,
            Self::Unreadable {
                status: 500..=599, ..
            } => Class::Retry,
            Self::Unreadable { .. } => Class::Alarm,
            Self::Invalid(_) => Class::Refuse,
        }
    }

    /// Whether the call may have had its effect in spite of the error. To be asked before a message without
    /// a dedup number is sent again.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::Transport(TransportError::Unknown(_)) | Self::Unreadable { .. } => true,
            Self::Api { code, .. } => *code == ErrorCode::SystemBusy,
            Self::Transport(TransportError::NotSent(_)) | Self::Invalid(_) => false,
        }
    }
}

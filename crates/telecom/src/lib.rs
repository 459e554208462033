//! Reaching people by sound: speech synthesis.
//!
//! [`Speech`] is a plug. [`EspeakNg`] speaks on the shop's own machine without any account; a provider in the cloud
//! sounds better and is another implementation.

mod espeak;
mod wav;

pub use espeak::EspeakNg;

use std::time::Duration;

/// Turns Chinese text into sound.
///
/// The call blocks until the sound is there: make it from a job or a blocking thread, never in a transaction.
pub trait Speech: Send + Sync {
    /// Speaks `text`, which may hold digits, times and amounts; they are read as people say them.
    ///
    /// # Errors
    /// See [`SpeechError`]; nothing is half spoken.
    fn synthesize(&self, text: &str) -> Result<Audio, SpeechError>;
}

/// A piece of sound.
#[derive(Clone, PartialEq, Eq)]
pub struct Audio {
    /// Media type, such as `audio/wav`.
    pub content_type: &'static str,
    /// The whole file.
    pub bytes: Vec<u8>,
}

/// Why there is no sound.
#[derive(Debug, thiserror::Error)]
pub enum SpeechError {
    /// The program is not on this machine.
    #[error("{program} is not installed; on Debian and Ubuntu: apt-get install espeak-ng")]
    NotInstalled {
        /// Name or path of the program.
        program: String,
    },
    /// There is nothing in the text that can be spoken.
    #[error("there is nothing to speak")]
    Nothing,
    /// The text is longer than the provider takes.
    #[error("the text has {length} characters, at most {limit} can be spoken at once")]
    TooLong {
        /// Characters given.
        length: usize,
        /// Characters allowed.
        limit: usize,
    },
    /// It took too long and was stopped.
    #[error("no sound within {0:?}")]
    Timeout(Duration),
    /// The program ended with an error or gave no sound.
    #[error("{program} failed: {reason}")]
    Failed {
        /// Name or path of the program.
        program: String,
        /// What it said, or what was wrong with its answer.
        reason: String,
    },
}

impl std::fmt::Debug for Audio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Audio({}, {} bytes)", self.content_type, self.bytes.len())
    }
}

use std::ops::Deref;

/// A value that came with a valid signature of WeChat.
///
/// There is no public constructor: holding one is the proof that the check was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    /// To be called by the verifiers of this crate only, after the check.
    pub(crate) fn vouch(value: T) -> Self {
        Self(value)
    }

    /// The value, without its proof.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

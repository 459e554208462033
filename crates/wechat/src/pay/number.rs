use std::fmt;

/// A number that breaks WeChat Pay's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Too short or too long.
    #[error("the number must have {0} to {1} characters")]
    Length(usize, usize),
    /// A character outside the allowed ones.
    #[error("the number has a character that is not allowed")]
    Character,
}

/// Our number of an order (商户订单号): 6 to 32 of `0-9 A-Z a-z _ - | *`, unique per calling merchant; for a
/// provider over all sub-merchants together (doc 4012525057).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OutTradeNo(String);

impl OutTradeNo {
    /// Checks the rules.
    ///
    /// # Errors
    /// [`NumberError`].
    pub fn new(text: &str) -> Result<Self, NumberError> {
        check(text, (6, 32), b"_-|*").map(Self)
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OutTradeNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Our number of a refund (商户退款单号): 1 to 64 of `0-9 A-Z a-z _ - | * @`. A refund is repeated with the same
/// number; another number is another refund.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OutRefundNo(String);

impl OutRefundNo {
    /// Checks the rules.
    ///
    /// # Errors
    /// [`NumberError`].
    pub fn new(text: &str) -> Result<Self, NumberError> {
        check(text, (1, 64), b"_-|*@").map(Self)
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OutRefundNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Our number of a sharing, of its return, or of releasing the rest (商户分账单号, 商户回退单号): 1 to 64 of
/// `0-9 A-Z a-z _ - | * @`. The same number again is the same wish (pay.weixin.qq.com, profit-sharing/apilist.html).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SharingNo(String);

impl SharingNo {
    /// Checks the rules.
    ///
    /// # Errors
    /// [`NumberError`].
    pub fn new(text: &str) -> Result<Self, NumberError> {
        check(text, (1, 64), b"_-|*@").map(Self)
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SharingNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check(text: &str, (least, most): (usize, usize), signs: &[u8]) -> Result<String, NumberError> {
    if !text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || signs.contains(&byte))
    {
        return Err(NumberError::Character);
    }
    if !(least..=most).contains(&text.len()) {
        return Err(NumberError::Length(least, most));
    }
    Ok(text.to_owned())
}

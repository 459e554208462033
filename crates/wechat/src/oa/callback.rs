use super::xml::{self, XmlError};
use super::{CryptoError, MessageCrypto, Push, PushError, Reply, ReplyError};
use crate::{Secret, Verified, crypto};

/// How pushes are written, as chosen on the account's configuration page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// 明文: not encrypted.
    Plain,
    /// 兼容: encrypted and plain side by side; the encrypted part counts when there is one.
    Compatible,
    /// 安全: encrypted only; anything else is refused.
    Safe,
}

/// The query of a callback address. Missing parameters are empty.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct CallbackQuery {
    /// Over token, timestamp and nonce.
    pub signature: String,
    /// Seconds, as text, since it is signed as text.
    pub timestamp: String,
    /// WeChat's random number.
    pub nonce: String,
    /// To be sent back, on the first verification only.
    pub echostr: String,
    /// `aes` when the body is encrypted.
    pub encrypt_type: String,
    /// Over token, timestamp, nonce and the encrypted text.
    pub msg_signature: String,
}

/// The receiving side of an account's pushes.
#[derive(Clone, Debug)]
pub struct Callback {
    token: Secret<String>,
    mode: Mode,
    crypto: Option<MessageCrypto>,
}

/// Why a push was refused. To be answered with 401 or 400 and written down without its body.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refused {
    /// The signature does not hold.
    #[error("the signature does not hold")]
    Signature,
    /// Plain where the mode demands encryption, or encrypted where no key is known.
    #[error("the push is not written in the mode of this account")]
    Mode,
    /// Cannot be decrypted, or is for another account.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// Not the XML that WeChat writes.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// XML, but no push.
    #[error(transparent)]
    Push(#[from] PushError),
}

impl Callback {
    /// The receiving side for pushes in the plain mode.
    pub fn plain(token: Secret<String>) -> Self {
        Self {
            token,
            mode: Mode::Plain,
            crypto: None,
        }
    }

    /// The receiving side for encrypted pushes; `mode` is [`Mode::Safe`] or [`Mode::Compatible`].
    pub fn encrypted(token: Secret<String>, mode: Mode, crypto: MessageCrypto) -> Self {
        Self {
            token,
            mode,
            crypto: Some(crypto),
        }
    }

    /// Answers WeChat's first verification of the address (GET): the text to send back as it is
    /// (`doc/service/guide/dev/push`).
    ///
    /// # Errors
    /// [`Refused::Signature`].
    pub fn echo<'q>(&self, query: &'q CallbackQuery) -> Result<&'q str, Refused> {
        self.check(&[&query.timestamp, &query.nonce], &query.signature)?;
        Ok(&query.echostr)
    }

    /// Checks and opens a push (POST).
    ///
    /// A push can be delivered three times and out of order: act upon it only if its
    /// [`Push::dedup_key`] is new.
    ///
    /// # Errors
    /// Every reason to refuse it; nothing of the body is to be believed then.
    pub fn open(&self, query: &CallbackQuery, body: &[u8]) -> Result<Verified<Push>, Refused> {
        let encrypted = query.encrypt_type == "aes";
        let node = match (&self.crypto, self.mode) {
            (Some(crypto), Mode::Safe) if encrypted => self.decrypt(crypto, query, body)?,
            (Some(crypto), Mode::Compatible) if encrypted => self.decrypt(crypto, query, body)?,
            (_, Mode::Plain | Mode::Compatible) if !encrypted => {
                self.check(&[&query.timestamp, &query.nonce], &query.signature)?;
                xml::parse(body)?
            }
            _ => return Err(Refused::Mode),
        };
        Ok(Verified::vouch(Push::from_xml(&node)?))
    }

    /// Writes the body of the answer to a push, encrypted if the push was. `nonce` and `random` must be fresh.
    ///
    /// # Errors
    /// [`ReplyError`] if WeChat would not accept the reply.
    pub fn answer(
        &self,
        query: &CallbackQuery,
        push: &Push,
        reply: &Reply,
        fresh: (i64, &str, &[u8; 16]),
    ) -> Result<String, ReplyError> {
        let (now_s, nonce, random) = fresh;
        let plain = reply.to_body(push, now_s)?;
        match &self.crypto {
            // `success` is not a message and is never encrypted.
            Some(crypto) if query.encrypt_type == "aes" && *reply != Reply::Nothing => {
                Ok(self.seal(crypto, &plain, now_s, nonce, random))
            }
            _ => Ok(plain),
        }
    }

    fn seal(
        &self,
        crypto: &MessageCrypto,
        plain: &str,
        now_s: i64,
        nonce: &str,
        random: &[u8; 16],
    ) -> String {
        let encrypted = crypto.encrypt(random, plain.as_bytes());
        let signature = self.signature(&[&now_s.to_string(), nonce, &encrypted]);
        format!(
            "<xml><Encrypt>{}</Encrypt><MsgSignature>{}</MsgSignature><TimeStamp>{now_s}</TimeStamp>\
             <Nonce>{}</Nonce></xml>",
            xml::cdata(&encrypted),
            xml::cdata(&signature),
            xml::cdata(nonce)
        )
    }

    fn decrypt(
        &self,
        crypto: &MessageCrypto,
        query: &CallbackQuery,
        body: &[u8],
    ) -> Result<xml::Node, Refused> {
        let envelope = xml::parse(body)?;
        let encrypted = envelope.text_of("Encrypt").ok_or(Refused::Mode)?.trim();
        self.check(&[&query.timestamp, &query.nonce, encrypted], &query.msg_signature)?;
        Ok(xml::parse(&crypto.decrypt(encrypted)?)?)
    }

    fn check(&self, parts: &[&str], signature: &str) -> Result<(), Refused> {
        if crypto::same(&self.signature(parts), signature) {
            Ok(())
        } else {
            Err(Refused::Signature)
        }
    }

    /// `sha1(sort(token, parts…))`.
    pub(crate) fn signature(&self, parts: &[&str]) -> String {
        let mut all = [&[self.token.expose().as_str()], parts].concat();
        all.sort_unstable();
        crypto::sha1_hex(all.concat().as_bytes())
    }
}

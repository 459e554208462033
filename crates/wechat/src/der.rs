//! Just enough PEM and DER to find an RSA public key in a `PUBLIC KEY` block, and what matters of a certificate.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::crypto::{KeyError, hex};

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_ID: u8 = 0x06;
const EXPLICIT_0: u8 = 0xA0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
/// 1.2.840.113549.1.1.1, rsaEncryption (RFC 8017, appendix C).
const RSA_ENCRYPTION: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];

/// The bytes of the first PEM block with this label.
pub(crate) fn pem_block(pem: &str, label: &'static str) -> Result<Vec<u8>, KeyError> {
    let begin = format!("-----BEGIN {label}-----");
    let end = format!("-----END {label}-----");
    let (_, rest) = pem.split_once(&begin).ok_or(KeyError::NoPem(label))?;
    let (body, _) = rest.split_once(&end).ok_or(KeyError::NoPem(label))?;
    let body: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    BASE64_STANDARD.decode(body).map_err(|_| KeyError::Unreadable)
}

/// The `RSAPublicKey` inside a `SubjectPublicKeyInfo` (RFC 5280 §4.1).
pub(crate) fn rsa_key_of_spki(der: &[u8]) -> Result<Vec<u8>, KeyError> {
    let mut outer = Reader(der);
    let mut info = Reader(outer.take(SEQUENCE)?);
    let mut algorithm = Reader(info.take(SEQUENCE)?);
    if algorithm.take(OBJECT_ID)? != RSA_ENCRYPTION {
        return Err(KeyError::Unreadable);
    }
    match info.take(BIT_STRING)?.split_first() {
        Some((0, key)) => Ok(key.to_vec()),
        _ => Err(KeyError::Unreadable),
    }
}

/// What matters of an X.509 certificate.
#[derive(Debug)]
pub(crate) struct Certificate {
    /// Upper-case hex, as WeChat Pay writes it.
    pub(crate) serial: String,
    /// The DER of `RSAPublicKey`.
    pub(crate) key: Vec<u8>,
    /// The first second of its validity, since 1970-01-01 UTC.
    pub(crate) not_before_s: i64,
    /// The last second of its validity.
    pub(crate) not_after_s: i64,
}

impl Certificate {
    /// Reads the DER (RFC 5280 §4.1). No chain is checked: trust comes from how the certificate arrived.
    pub(crate) fn read(der: &[u8]) -> Result<Self, KeyError> {
        let mut outer = Reader(der);
        let mut certificate = Reader(outer.take(SEQUENCE)?);
        let mut fields = Reader(certificate.take(SEQUENCE)?);
        if fields.0.first() == Some(&EXPLICIT_0) {
            fields.take(EXPLICIT_0)?;
        }
        let serial = fields.take(INTEGER)?;
        let serial = serial.strip_prefix(&[0]).unwrap_or(serial);
        // Signature algorithm and issuer.
        fields.take(SEQUENCE)?;
        fields.take(SEQUENCE)?;
        let mut validity = Reader(fields.take(SEQUENCE)?);
        let (not_before_s, not_after_s) = (validity.time()?, validity.time()?);
        // The subject.
        fields.take(SEQUENCE)?;
        let spki = fields.take_whole(SEQUENCE)?;
        Ok(Self {
            serial: hex(serial).to_ascii_uppercase(),
            key: rsa_key_of_spki(spki)?,
            not_before_s,
            not_after_s,
        })
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The contents of the next element, which must have this tag.
    fn take(&mut self, tag: u8) -> Result<&'a [u8], KeyError> {
        let (header, length) = self.header(tag)?;
        let (element, rest) = self
            .0
            .split_at_checked(header + length)
            .ok_or(KeyError::Unreadable)?;
        self.0 = rest;
        Ok(&element[header..])
    }

    /// The next element with its tag and length.
    fn take_whole(&mut self, tag: u8) -> Result<&'a [u8], KeyError> {
        let start = self.0;
        self.take(tag)?;
        Ok(&start[..start.len() - self.0.len()])
    }

    /// A `UTCTime` (years 1950 to 2049) or a `GeneralizedTime`, both ending in `Z` (RFC 5280 §4.1.2.5), in seconds.
    fn time(&mut self) -> Result<i64, KeyError> {
        let generalized = self.0.first() == Some(&GENERALIZED_TIME);
        let text = self.take(if generalized { GENERALIZED_TIME } else { UTC_TIME })?;
        let text = std::str::from_utf8(text).map_err(|_| KeyError::Unreadable)?;
        let century = match text.as_bytes() {
            _ if generalized => "",
            [b'5'..=b'9', ..] => "19",
            _ => "20",
        };
        jiff::civil::DateTime::strptime("%Y%m%d%H%M%SZ", format!("{century}{text}"))
            .and_then(|time| time.to_zoned(jiff::tz::TimeZone::UTC))
            .map(|time| time.timestamp().as_second())
            .map_err(|_| KeyError::Unreadable)
    }

    fn header(&self, tag: u8) -> Result<(usize, usize), KeyError> {
        match *self.0 {
            [found, ..] if found != tag => Err(KeyError::Unreadable),
            [_, short @ 0..=0x7F, ..] => Ok((2, usize::from(short))),
            [_, 0x81, a, ..] => Ok((3, usize::from(a))),
            [_, 0x82, a, b, ..] => Ok((4, usize::from(u16::from_be_bytes([a, b])))),
            _ => Err(KeyError::Unreadable),
        }
    }
}

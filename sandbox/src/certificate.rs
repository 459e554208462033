//! X.509 certificates of WeChat Pay (微信支付平台证书).

use std::str::FromStr;
use std::time::Duration;

use rsa::RsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::sha2::Sha256;
use x509_cert::builder::{Builder, CertificateBuilder, Profile};
use x509_cert::der::EncodePem;
use x509_cert::der::asn1::{GeneralizedTime, UtcTime};
use x509_cert::der::pem::LineEnding;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::{Time, Validity};

/// Who issues, in the words of the real certificates.
const ISSUER: &str = "CN=Tenpay.com Root CA,OU=Tenpay.com CA Center,O=Tenpay.com,C=CN";
/// Whose signatures the certificate is for.
const SUBJECT: &str = "CN=Tenpay.com sign,OU=MMPay,O=Tenpay.com,C=CN";

/// A certificate for `key` as PEM, signed by `root`. `serial` is hexadecimal; the instants are milliseconds since 1970.
pub fn issue(key: &RsaPrivateKey, root: &RsaPrivateKey, serial: &str, from_ms: i64, until_ms: i64) -> String {
    let name = |text: &str| Name::from_str(text).expect("a name of ours");
    let public = SubjectPublicKeyInfoOwned::from_key(key.to_public_key()).expect("an RSA key has an SPKI");
    let digits: Vec<u8> = (0..serial.len() / 2)
        .map(|i| u8::from_str_radix(&serial[2 * i..2 * i + 2], 16).expect("hexadecimal digits of ours"))
        .collect();
    let serial = SerialNumber::new(&digits).expect("twenty bytes are a serial number");
    let validity = Validity {
        not_before: instant(from_ms),
        not_after: instant(until_ms),
    };
    let profile = Profile::Leaf {
        issuer: name(ISSUER),
        enable_key_agreement: false,
        enable_key_encipherment: true,
    };
    let signer = SigningKey::<Sha256>::new(root.clone());
    let certificate = CertificateBuilder::new(profile, serial, validity, name(SUBJECT), public, &signer)
        .and_then(|builder| builder.build::<rsa::pkcs1v15::Signature>())
        .expect("nothing in it can be refused");
    certificate
        .to_pem(LineEnding::LF)
        .expect("a certificate can be written as PEM")
}

fn instant(ms: i64) -> Time {
    let since_1970 = Duration::from_secs(u64::try_from(ms / 1000).unwrap_or(0));
    UtcTime::from_unix_duration(since_1970).map_or_else(
        // UTCTime ends with the year 2049.
        |_| Time::GeneralTime(GeneralizedTime::from_unix_duration(since_1970).expect("before the year 9999")),
        Time::UtcTime,
    )
}

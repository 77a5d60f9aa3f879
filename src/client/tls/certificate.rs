//! Describes certificates for messages: owner, issuer, validity, and the key's hash.
//!
//! Reads DER and judges nothing; `verify` does.

use std::fmt;

use rustls::CertificateError;
use rustls::pki_types::{CertificateDer, SubjectPublicKeyInfoDer};
use x509_cert::der::Decode as _;
use x509_cert::time::Time;

use crate::error::Failure;

use super::distinguished;

/// SHA-256 over a public key (`SubjectPublicKeyInfo`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pin([u8; 32]);

impl Pin {
    /// Reads `sha256//BASE64` as curl has it, or 64 hex digits with or without colons.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        crate::profile::pin::read(text).map(Self)
    }

    /// Reads a pin from the config; anything else fails as an error in the config.
    pub fn read(text: &str) -> Result<Self, Failure> {
        Self::parse(text).ok_or_else(|| {
            Failure::config("`pin` is not a hash of a key")
                .hint("write `sha256//BASE64`, as curl has it, or 64 hex digits")
        })
    }

    /// Returns the hash of a certificate's key.
    pub(super) fn of(certificate: &CertificateDer<'_>) -> Result<Self, rustls::Error> {
        let digest = ring::digest::digest(&ring::digest::SHA256, &public_key(certificate)?);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest.as_ref());
        Ok(Self(bytes))
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use base64::Engine as _;
        let base64 = base64::engine::general_purpose::STANDARD.encode(self.0);
        write!(f, "sha256//{base64}")
    }
}

/// Returns the `SubjectPublicKeyInfo` of a certificate of any version; rustls itself reads version
/// 3 only.
pub(super) fn public_key(
    certificate: &CertificateDer<'_>,
) -> Result<SubjectPublicKeyInfoDer<'static>, rustls::Error> {
    use x509_cert::der::Encode as _;
    let parsed = x509_cert::Certificate::from_der(certificate);
    parsed
        .and_then(|c| c.tbs_certificate().subject_public_key_info().to_der())
        .map(SubjectPublicKeyInfoDer::from)
        .map_err(|_| rustls::Error::InvalidCertificate(CertificateError::BadEncoding))
}

/// A server's certificate, for messages.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The certificate's owner, e.g. `CN=maas.example`.
    pub subject: String,
    /// The certificate's issuer.
    pub issuer: String,
    /// From when it is valid, in seconds since 1970.
    pub not_before: u64,
    /// Until when, in seconds since 1970.
    pub not_after: u64,
    /// The end of its validity as a date, e.g. `2026-11-22`.
    pub until: String,
    /// The date from which it is valid.
    pub from: String,
    /// The hash of its key.
    pub pin: Option<Pin>,
}

impl Certificate {
    /// Reads a certificate; `None` where it is none.
    #[must_use]
    pub fn read(der: &CertificateDer<'_>) -> Option<Self> {
        let parsed = x509_cert::Certificate::from_der(der).ok()?;
        let parsed = parsed.tbs_certificate();
        let validity = parsed.validity();
        Some(Self {
            subject: name(&distinguished::text(parsed.subject())),
            issuer: name(&distinguished::text(parsed.issuer())),
            not_before: validity.not_before.to_unix_duration().as_secs(),
            not_after: validity.not_after.to_unix_duration().as_secs(),
            from: date(&validity.not_before),
            until: date(&validity.not_after),
            pin: Pin::of(der).ok(),
        })
    }

    /// Returns the common name of its subject, which is all a certificate without `subjectAltName`
    /// has.
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        self.subject
            .split(',')
            .find_map(|part| part.trim().strip_prefix("CN="))
    }

    /// Returns whether it was issued by itself.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.subject == self.issuer
    }
}

impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_self_signed() {
            write!(f, "`{}`, self-signed", self.subject)?;
        } else {
            write!(f, "`{}`, issued by `{}`", self.subject, self.issuer)?;
        }
        write!(f, ", valid from {} until {}", self.from, self.until)
    }
}

fn name(name: &str) -> String {
    if name.is_empty() {
        "(no name)".to_owned()
    } else {
        name.to_owned()
    }
}

fn date(time: &Time) -> String {
    let d = time.to_date_time();
    format!("{:04}-{:02}-{:02}", d.year(), d.month(), d.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_as_curl_and_as_hex() {
        let base64 = "sha256//AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        let colons: Vec<String> = hex
            .as_bytes()
            .chunks(2)
            .map(|c| String::from_utf8_lossy(c).into_owned())
            .collect();
        let pin = Pin::parse(base64).unwrap();
        assert_eq!(pin.to_string(), base64);
        assert_eq!(Pin::parse(hex), Some(pin));
        assert_eq!(Pin::parse(&colons.join(":").to_uppercase()), Some(pin));
        for bad in [
            "",
            "sha256//",
            "sha256//AA==",
            "zz",
            &hex[1..],
            "sha1//AAEC",
        ] {
            assert_eq!(Pin::parse(bad), None, "{bad}");
        }
    }
}

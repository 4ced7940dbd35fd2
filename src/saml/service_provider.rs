//! The service provider's own key, and the certificate that carries its public half to the identity provider.
//!
//! One key pair serves both purposes that metadata knows: signing requests, and opening assertions that were encrypted to
//! us. It is RSA, since XML Encryption wraps the assertion's key with RSA-OAEP and the identity providers in use offer
//! nothing else; of 2048 bits, the least that is still trusted, because a few of them refuse longer ones and every sign-in
//! pays for the length. The certificate is signed by its own key: identity providers take it from our metadata and check
//! no chain.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, KeyPair, KeyUsagePurpose, SerialNumber,
    date_time_ymd,
};
use thiserror::Error;

use super::SigningKey;
use super::decrypt::{DecryptionKey, DecryptionKeyError};
use super::signing_key::SigningKeyError;

/// How long a certificate is valid, in years.
pub const VALID_YEARS: i64 = 10;

/// The service provider's key pair and its certificate.
pub struct ServiceProviderKey {
    signing: SigningKey,
    certificate: Vec<u8>,
}

/// Why there is no key.
#[derive(Debug, Error)]
pub enum ServiceProviderKeyError {
    /// The private key cannot be used.
    #[error(transparent)]
    Key(#[from] SigningKeyError),
    /// The private key is of a kind that opens no encrypted assertion.
    #[error("the service provider's key must be RSA, since assertions are encrypted with RSA-OAEP")]
    NotRsa,
    /// The time is outside of what a certificate can hold.
    #[error("no certificate can be valid for {VALID_YEARS} years from {now}")]
    Time {
        /// The time that was given.
        now: Timestamp,
    },
    /// The certificate could not be made.
    #[error("the certificate could not be made")]
    Certificate(#[source] rcgen::Error),
    /// The private key signs, but opens nothing.
    #[error(transparent)]
    Decryption(#[from] DecryptionKeyError),
    /// The certificate that was given is not of this key.
    #[error("the certificate does not belong to the private key")]
    OtherKey,
}

impl ServiceProviderKey {
    /// Makes a key and a certificate that is valid from the day before `now`, since clocks differ, for [`VALID_YEARS`]
    /// years. `common_name` is what admins read in the identity provider: the host of this server, say.
    ///
    /// Asks the operating system for random numbers; takes some 100 ms.
    pub fn generate(common_name: &str, now: Timestamp) -> Result<Self, ServiceProviderKeyError> {
        let signing = SigningKey::generate_rsa()?;
        let certificate = self_signed(&signing, common_name, now)?;
        Ok(Self {
            signing,
            certificate,
        })
    }

    /// Takes a key from the store: PKCS#8 and the certificate, both DER.
    pub fn from_der(pkcs8: &[u8], certificate: &[u8]) -> Result<Self, ServiceProviderKeyError> {
        let signing = SigningKey::from_pkcs8(pkcs8)?;
        if !signing.is_rsa() {
            return Err(ServiceProviderKeyError::NotRsa);
        }
        let (_, read) = x509_parser::parse_x509_certificate(certificate)
            .map_err(|_| ServiceProviderKeyError::OtherKey)?;
        if read.public_key().subject_public_key.data.as_ref() != signing.public_key() {
            return Err(ServiceProviderKeyError::OtherKey);
        }
        Ok(Self {
            signing,
            certificate: certificate.to_vec(),
        })
    }

    /// The key, to sign requests with.
    pub fn signing_key(&self) -> &SigningKey {
        &self.signing
    }

    /// The key, to open encrypted assertions with.
    pub fn decryption_key(&self) -> Result<DecryptionKey, ServiceProviderKeyError> {
        Ok(DecryptionKey::from_pkcs8_der(self.signing.expose_pkcs8())?)
    }

    /// The certificate, DER: public.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// The private key as PKCS#8, DER, to be stored where secrets are. Never hand it to anything that
    /// formats or logs.
    pub fn expose_pkcs8(&self) -> &[u8] {
        self.signing.expose_pkcs8()
    }
}

impl fmt::Debug for ServiceProviderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServiceProviderKey(***)")
    }
}

/// A certificate of `key`, signed by itself. DER.
pub(crate) fn self_signed(
    key: &SigningKey,
    common_name: &str,
    now: Timestamp,
) -> Result<Vec<u8>, ServiceProviderKeyError> {
    let too_far = || ServiceProviderKeyError::Time { now };
    let today = now.to_zoned(TimeZone::UTC).date();
    let not_before = today.yesterday().map_err(|_| too_far())?;
    let not_after = today
        .checked_add(Span::new().try_years(VALID_YEARS).map_err(|_| too_far())?)
        .map_err(|_| too_far())?;

    let mut params = CertificateParams::default();
    let mut name = DistinguishedName::new();
    // RFC 5280 §A.1: a common name has at most 64 characters.
    let common_name: String = common_name.chars().take(64).collect();
    name.push(DnType::CommonName, common_name);
    params.distinguished_name = name;
    let (year, month, day) = calendar(not_before).ok_or_else(too_far)?;
    params.not_before = date_time_ymd(year, month, day);
    let (year, month, day) = calendar(not_after).ok_or_else(too_far)?;
    params.not_after = date_time_ymd(year, month, day);
    // The number need only differ from that of another certificate of the same name; the time does that.
    params.serial_number = Some(SerialNumber::from(now.as_millisecond().unsigned_abs()));
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    if key.is_rsa() {
        params.key_usages.push(KeyUsagePurpose::KeyEncipherment);
    }
    let pair =
        KeyPair::try_from(key.expose_pkcs8()).map_err(ServiceProviderKeyError::Certificate)?;
    let certificate = params
        .self_signed(&pair)
        .map_err(ServiceProviderKeyError::Certificate)?;
    Ok(certificate.der().to_vec())
}

/// A day as rcgen takes it, which panics on one that is not in the calendar. This one is.
fn calendar(date: Date) -> Option<(i32, u8, u8)> {
    let month = u8::try_from(date.month()).ok()?;
    let day = u8::try_from(date.day()).ok()?;
    Some((i32::from(date.year()), month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> ServiceProviderKey {
        ServiceProviderKey::generate("provost.example", "2028-02-29T12:00:00Z".parse().unwrap())
            .unwrap()
    }

    #[test]
    fn the_certificate_carries_the_key_for_ten_years() {
        let key = key();
        let (rest, read) = x509_parser::parse_x509_certificate(key.certificate()).unwrap();
        assert!(rest.is_empty());
        assert_eq!(read.subject().to_string(), "CN=provost.example");
        let time = |at: x509_parser::time::ASN1Time| at.timestamp();
        let seconds = |text: &str| text.parse::<Timestamp>().unwrap().as_second();
        assert_eq!(
            time(read.validity().not_before),
            seconds("2028-02-28T00:00:00Z")
        );
        assert_eq!(
            time(read.validity().not_after),
            seconds("2038-02-28T00:00:00Z")
        );
        assert_eq!(
            read.public_key().subject_public_key.data.as_ref(),
            key.signing_key().public_key()
        );
    }

    #[test]
    fn a_key_comes_back_from_the_store() {
        let key = key();
        let again = ServiceProviderKey::from_der(key.expose_pkcs8(), key.certificate()).unwrap();
        assert_eq!(
            again.signing_key().public_key(),
            key.signing_key().public_key()
        );
        assert!(again.decryption_key().is_ok());
    }

    #[test]
    fn a_certificate_of_another_key_is_refused() {
        let (key, other) = (key(), key());
        assert!(matches!(
            ServiceProviderKey::from_der(key.expose_pkcs8(), other.certificate()),
            Err(ServiceProviderKeyError::OtherKey)
        ));
    }

    #[test]
    fn a_key_that_opens_nothing_is_refused() {
        let p256 = SigningKey::generate_p256().unwrap();
        assert!(matches!(
            ServiceProviderKey::from_der(p256.expose_pkcs8(), &[]),
            Err(ServiceProviderKeyError::NotRsa)
        ));
    }

    #[test]
    fn the_key_is_never_formatted() {
        assert_eq!(format!("{:?}", key()), "ServiceProviderKey(***)");
    }
}

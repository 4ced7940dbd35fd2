//! The public keys of an OAuth client, as an admin registers them: PEM, a JWK or a JWK set (RFC 7517). Pure.
//!
//! Taken are keys for the algorithms that [`ALGORITHMS`] names, and nothing that holds a private or a shared key: what
//! is registered is shown to admins and kept in the clear.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};
use serde_json::Value;
use x509_parser::pem::Pem;
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

/// The signature algorithms that are taken. `none` and the HMAC family are never among them (RFC 8725 §3.1).
pub const ALGORITHMS: [(&str, Algorithm); 4] = [
    ("RS256", Algorithm::RS256),
    ("PS256", Algorithm::PS256),
    ("ES256", Algorithm::ES256),
    ("EdDSA", Algorithm::EdDSA),
];

/// The longest text that is registered, in bytes.
const LONGEST: usize = 32 * 1_024;
/// How many keys one client may have.
const MOST: usize = 10;
/// The bits that an RSA key has at least and at most (RFC 7518 §3.3; beyond 8192 a check costs too much).
const RSA_BITS: std::ops::RangeInclusive<usize> = 2_048..=8_192;

/// One public key.
pub(super) struct ClientKey {
    /// Its `kid`.
    pub kid: Option<String>,
    /// The one algorithm its owner wants it used with.
    pub only: Option<Algorithm>,
    /// The key.
    pub key: DecodingKey,
}

/// Why a text is no public key of a client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Too long.
    #[error("the keys are longer than {LONGEST} bytes")]
    TooLong,
    /// Neither form.
    #[error("expected a public key in PEM (-----BEGIN PUBLIC KEY-----) or a JWK set in JSON")]
    Unknown,
    /// Somebody gave away what nobody else may have.
    #[error(
        "that is a private or shared key; register its public half alone, and replace it, since it was shown here"
    )]
    Private,
    /// No key in it can be used.
    #[error("none of the keys can be used: {0}")]
    Unusable(String),
    /// Too many.
    #[error("a client has at most {MOST} keys")]
    TooMany,
    /// Two with the same name.
    #[error("two keys have the same kid")]
    SameKid,
}

/// Reads what an admin registers, and what was registered.
pub(super) fn parse(text: &str) -> Result<Vec<ClientKey>, KeyFault> {
    if text.len() > LONGEST {
        return Err(KeyFault::TooLong);
    }
    let text = text.trim();
    if text.starts_with('{') {
        return jwks(text);
    }
    if !text.contains("-----BEGIN ") {
        return Err(KeyFault::Unknown);
    }
    if text.contains("PRIVATE KEY-----") {
        return Err(KeyFault::Private);
    }
    let mut keys = Vec::new();
    for pem in Pem::iter_from_buffer(text.as_bytes()) {
        let pem = pem.map_err(|_| KeyFault::Unknown)?;
        keys.push(from_pem(&pem)?);
        if keys.len() > MOST {
            return Err(KeyFault::TooMany);
        }
    }
    if keys.is_empty() {
        return Err(KeyFault::Unknown);
    }
    Ok(keys)
}

fn from_pem(pem: &Pem) -> Result<ClientKey, KeyFault> {
    let key = match pem.label.as_str() {
        "PUBLIC KEY" => {
            let (rest, info) =
                SubjectPublicKeyInfo::from_der(&pem.contents).map_err(|_| KeyFault::Unknown)?;
            if !rest.is_empty() {
                return Err(KeyFault::Unknown);
            }
            from_spki(&info)?
        }
        "CERTIFICATE" => {
            let certificate = pem.parse_x509().map_err(|_| KeyFault::Unknown)?;
            from_spki(certificate.public_key())?
        }
        _ => return Err(KeyFault::Unknown),
    };
    Ok(ClientKey {
        kid: None,
        only: None,
        key,
    })
}

fn from_spki(info: &SubjectPublicKeyInfo<'_>) -> Result<DecodingKey, KeyFault> {
    const P256: &str = "1.2.840.10045.3.1.7";
    const ED25519: &str = "1.3.101.112";
    let unusable = |why: &str| KeyFault::Unusable(why.to_owned());
    if info.algorithm.algorithm.to_id_string() == ED25519 {
        return ed25519(&info.subject_public_key.data);
    }
    match info
        .parsed()
        .map_err(|_| unusable("its numbers are damaged"))?
    {
        PublicKey::RSA(rsa) => self::rsa(rsa.modulus, rsa.exponent),
        PublicKey::EC(point) => {
            let curve = info
                .algorithm
                .parameters
                .as_ref()
                .and_then(|parameters| parameters.as_oid().ok())
                .map(|oid| oid.to_id_string());
            if curve.as_deref() != Some(P256) {
                return Err(unusable("an elliptic curve key must be on P-256"));
            }
            p256(point.data())
        }
        _ => Err(unusable("expected RSA, P-256 or Ed25519")),
    }
}

fn jwks(text: &str) -> Result<Vec<ClientKey>, KeyFault> {
    let document: Value = serde_json::from_str(text).map_err(|_| KeyFault::Unknown)?;
    let listed = match document.get("keys") {
        Some(Value::Array(keys)) => keys.clone(),
        Some(_) => return Err(KeyFault::Unknown),
        None => vec![document],
    };
    if listed.len() > MOST {
        return Err(KeyFault::TooMany);
    }
    let mut keys: Vec<ClientKey> = Vec::new();
    let mut last = KeyFault::Unusable("there are none".into());
    for jwk in listed {
        match from_jwk(jwk) {
            Ok(key) => {
                let is_same = |other: &ClientKey| key.kid.is_some() && other.kid == key.kid;
                if keys.iter().any(is_same) {
                    return Err(KeyFault::SameKid);
                }
                keys.push(key);
            }
            Err(KeyFault::Private) => return Err(KeyFault::Private),
            // RFC 7517 §5: keys that are not understood are passed over.
            Err(fault) => last = fault,
        }
    }
    if keys.is_empty() {
        return Err(last);
    }
    Ok(keys)
}

fn from_jwk(value: Value) -> Result<ClientKey, KeyFault> {
    let unusable = |why: &str| KeyFault::Unusable(why.to_owned());
    // RFC 7518 §6.2.2, §6.3.2, §6.4: the members that hold what must stay secret.
    if ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]
        .iter()
        .any(|member| value.get(member).is_some())
    {
        return Err(KeyFault::Private);
    }
    let jwk: Jwk = serde_json::from_value(value).map_err(|_| unusable("it is no JWK"))?;
    if !matches!(
        jwk.common.public_key_use,
        None | Some(PublicKeyUse::Signature)
    ) {
        return Err(unusable("its use is not sig"));
    }
    let only = match jwk.common.key_algorithm {
        None => None,
        Some(named) => Some(
            Algorithm::try_from(named)
                .ok()
                .filter(|algorithm| is_taken(*algorithm))
                .ok_or_else(|| unusable("its alg is not RS256, PS256, ES256 or EdDSA"))?,
        ),
    };
    let bytes = |text: &str| {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| unusable("it is not in base64url"))
    };
    let key = match &jwk.algorithm {
        AlgorithmParameters::RSA(parameters) => {
            rsa(&bytes(&parameters.n)?, &bytes(&parameters.e)?)?
        }
        AlgorithmParameters::EllipticCurve(parameters)
            if parameters.curve == EllipticCurve::P256 =>
        {
            let (x, y) = (bytes(&parameters.x)?, bytes(&parameters.y)?);
            if (x.len(), y.len()) != (32, 32) {
                return Err(unusable("x and y of P-256 have 32 bytes each"));
            }
            p256(&[&[4], x.as_slice(), y.as_slice()].concat())?
        }
        AlgorithmParameters::OctetKeyPair(parameters)
            if parameters.curve == EllipticCurve::Ed25519 =>
        {
            ed25519(&bytes(&parameters.x)?)?
        }
        _ => return Err(unusable("expected RSA, P-256 or Ed25519")),
    };
    if only.is_some_and(|only| only.family() != key.family()) {
        return Err(unusable("its alg does not belong to its kty"));
    }
    Ok(ClientKey {
        kid: jwk.common.key_id,
        only,
        key,
    })
}

fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<DecodingKey, KeyFault> {
    let modulus = without_zeros(modulus);
    let exponent = without_zeros(exponent);
    let leading = modulus.first().map_or(0, |byte| byte.leading_zeros());
    let bits = (modulus.len() * 8).saturating_sub(usize::try_from(leading).unwrap_or_default());
    if !RSA_BITS.contains(&bits) {
        return Err(KeyFault::Unusable(format!(
            "an RSA key has {} to {} bits, this one has {bits}",
            RSA_BITS.start(),
            RSA_BITS.end()
        )));
    }
    let is_odd = exponent.last().is_some_and(|byte| byte % 2 == 1);
    if !is_odd || exponent.len() > 4 || exponent == [1] {
        return Err(KeyFault::Unusable(
            "the exponent of the RSA key is not sound".into(),
        ));
    }
    Ok(DecodingKey::from_rsa_raw_components(modulus, exponent))
}

fn p256(point: &[u8]) -> Result<DecodingKey, KeyFault> {
    if point.len() != 65 || ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).is_err() {
        return Err(KeyFault::Unusable("it is no point on P-256".into()));
    }
    Ok(DecodingKey::from_ec_der(point))
}

fn ed25519(point: &[u8]) -> Result<DecodingKey, KeyFault> {
    if point.len() != 32 {
        return Err(KeyFault::Unusable("an Ed25519 key has 32 bytes".into()));
    }
    Ok(DecodingKey::from_ed_der(point))
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

fn is_taken(algorithm: Algorithm) -> bool {
    ALGORITHMS.iter().any(|(_, taken)| *taken == algorithm)
}

impl ClientKey {
    /// Whether a signature of this algorithm may be checked with it.
    pub(super) fn suits(&self, algorithm: Algorithm) -> bool {
        is_taken(algorithm)
            && self.key.family() == algorithm.family()
            && self.key.family() != AlgorithmFamily::Hmac
            && self.only.is_none_or(|only| only == algorithm)
    }
}

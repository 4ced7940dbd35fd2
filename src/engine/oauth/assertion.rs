//! `private_key_jwt`: a client proves who it is with a JWT that it signed (RFC 7523 §2.2 and §3, RFC 8725). Pure.
//!
//! Nothing in an assertion is believed before its signature is verified, except whose it claims to be, which only says
//! which keys to try.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, Validation, decode};
use serde::Deserialize;
use serde_json::Value;

use super::keys::{ALGORITHMS, ClientKey};

/// How far the clocks of the two sides may be apart.
const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// How long an assertion may live, and how old it may be. What lives longer is a password by another name.
const LIFETIME: SignedDuration = SignedDuration::from_secs(3_600);
/// The longest assertion that is looked at, in bytes.
const LONGEST: usize = 16 * 1_024;
/// The longest `jti`, in bytes.
const LONGEST_JTI: usize = 255;

/// Why an assertion proves nothing. For the log; the client is told less.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssertionFault {
    /// It cannot be taken apart.
    #[error("the assertion is no signed JWT (header.claims.signature)")]
    NotAJwt,
    /// `none`, HMAC, or one that is not taken.
    #[error("the alg of the assertion is {0}; taken are RS256, PS256, ES256 and EdDSA")]
    Algorithm(String),
    /// RFC 7515 §4.1.11.
    #[error("the assertion's header has a crit that is not understood")]
    Critical,
    /// No key fits.
    #[error("no registered key of the client has the kid and the alg of the assertion's header")]
    NoKey,
    /// Signed by somebody else.
    #[error("the assertion is not signed with a registered key of the client")]
    Signature,
    /// RFC 7523 §3, points 1 and 2.
    #[error("iss and sub of the assertion must both be the client_id")]
    Subject,
    /// RFC 7523 §3, point 3.
    #[error("the aud of the assertion is not this authorization server; expected {expected}")]
    Audience {
        /// What it should be.
        expected: String,
    },
    /// A claim that must be there.
    #[error("the assertion has no {0}")]
    Missing(&'static str),
    /// RFC 7523 §3, point 4.
    #[error("the assertion has expired: its exp is {exp}, the time here is {now}")]
    Expired {
        /// When.
        exp: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// It would live too long.
    #[error("the assertion lives too long; its exp may be at most one hour ahead")]
    TooLong,
    /// RFC 7523 §3, points 5 and 6.
    #[error(
        "the {claim} of the assertion lies ahead: it is {at}, the time here is {now}; compare the clocks"
    )]
    Early {
        /// `nbf` or `iat`.
        claim: &'static str,
        /// What it says.
        at: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// Its `iat` is long ago.
    #[error("the assertion was issued more than one hour ago")]
    TooOld,
    /// RFC 7523 §3, point 7.
    #[error("the assertion was used before; each needs a jti of its own")]
    Replayed,
}

/// An assertion that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Proven {
    /// Its `jti`.
    pub jti: String,
    /// Until when it must not be accepted again.
    pub expires: Timestamp,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Audience>,
    // RFC 7519 §2: a NumericDate may have a fraction.
    exp: Option<f64>,
    nbf: Option<f64>,
    iat: Option<f64>,
    jti: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Whose assertion it claims to be. Not verified.
pub(super) fn claimed_client(jwt: &str) -> Result<String, AssertionFault> {
    let claims = part(jwt, 1)?;
    let subject = claims.get("sub").and_then(Value::as_str);
    subject
        .map(str::to_owned)
        .ok_or(AssertionFault::Missing("sub"))
}

/// Verifies an assertion. `audiences` are the names of this authorization server, the first being the one to tell.
pub(super) fn verify(
    jwt: &str,
    keys: &[ClientKey],
    client_id: &str,
    audiences: &[String],
    now: Timestamp,
) -> Result<Proven, AssertionFault> {
    let header = part(jwt, 0)?;
    let name = header.get("alg").and_then(Value::as_str).unwrap_or("none");
    let algorithm = ALGORITHMS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, algorithm)| *algorithm)
        .ok_or_else(|| AssertionFault::Algorithm(shown(name)))?;
    if header.get("crit").is_some() {
        return Err(AssertionFault::Critical);
    }
    let kid = header.get("kid").and_then(Value::as_str);
    let mut suitable = keys
        .iter()
        .filter(|key| key.suits(algorithm))
        // A key that was registered without a name, as PEM has none, may be any.
        .filter(|key| kid.is_none() || key.kid.is_none() || key.kid.as_deref() == kid)
        .peekable();
    if suitable.peek().is_none() {
        return Err(AssertionFault::NoKey);
    }
    let claims = suitable
        .find_map(|key| signed(jwt, algorithm, key))
        .ok_or(AssertionFault::Signature)?;
    check(claims, client_id, audiences, now)
}

fn signed(jwt: &str, algorithm: Algorithm, key: &ClientKey) -> Option<Claims> {
    let mut validation = Validation::new(algorithm);
    // The claims are checked below, against a time that is handed in, and told apart.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let data = decode::<Claims>(jwt, &key.key, &validation).ok()?;
    Some(data.claims)
}

fn check(
    claims: Claims,
    client_id: &str,
    audiences: &[String],
    now: Timestamp,
) -> Result<Proven, AssertionFault> {
    if claims.iss.as_deref() != Some(client_id) || claims.sub.as_deref() != Some(client_id) {
        return Err(AssertionFault::Subject);
    }
    let is_us = |audience: &String| {
        let audience = audience.strip_suffix('/').unwrap_or(audience);
        audiences.iter().any(|known| known == audience)
    };
    let is_for_us = match claims.aud.ok_or(AssertionFault::Missing("aud"))? {
        Audience::One(one) => is_us(&one),
        Audience::Many(many) => many.iter().any(is_us),
    };
    if !is_for_us {
        return Err(AssertionFault::Audience {
            expected: audiences.first().cloned().unwrap_or_default(),
        });
    }
    let exp = moment(claims.exp.ok_or(AssertionFault::Missing("exp"))?);
    if exp.saturating_add(SKEW).unwrap_or(Timestamp::MAX) <= now {
        return Err(AssertionFault::Expired { exp, now });
    }
    if exp.duration_since(now) > LIFETIME + SKEW {
        return Err(AssertionFault::TooLong);
    }
    for (claim, at) in [("nbf", claims.nbf), ("iat", claims.iat)] {
        if let Some(at) = at.map(moment)
            && at.duration_since(now) > SKEW
        {
            return Err(AssertionFault::Early { claim, at, now });
        }
    }
    if let Some(iat) = claims.iat.map(moment)
        && now.duration_since(iat) > LIFETIME + SKEW
    {
        return Err(AssertionFault::TooOld);
    }
    let jti = claims
        .jti
        .filter(|jti| (1..=LONGEST_JTI).contains(&jti.len()))
        .ok_or(AssertionFault::Missing("jti of 1 to 255 bytes"))?;
    Ok(Proven {
        jti,
        expires: exp.saturating_add(SKEW).unwrap_or(Timestamp::MAX),
    })
}

/// The time of a NumericDate; what lies outside the years a timestamp holds becomes their end.
fn moment(seconds: f64) -> Timestamp {
    let outer = if seconds < 0.0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    SignedDuration::try_from_secs_f64(seconds)
        .ok()
        .and_then(|since| Timestamp::UNIX_EPOCH.checked_add(since).ok())
        .unwrap_or(outer)
}

/// A part of a JWT as JSON.
fn part(jwt: &str, index: usize) -> Result<Value, AssertionFault> {
    if jwt.len() > LONGEST || jwt.split('.').count() != 3 {
        return Err(AssertionFault::NotAJwt);
    }
    let text = jwt.split('.').nth(index).unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| AssertionFault::NotAJwt)?;
    let value: Value = serde_json::from_slice(&bytes).map_err(|_| AssertionFault::NotAJwt)?;
    if value.is_object() {
        Ok(value)
    } else {
        Err(AssertionFault::NotAJwt)
    }
}

/// A name of an algorithm, as far as it looks like one.
fn shown(name: &str) -> String {
    let is_name = name.len() <= 16
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_name {
        name.to_owned()
    } else {
        "not one".to_owned()
    }
}

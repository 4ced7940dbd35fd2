//! The keys that sign events: ECDSA on P-256 (`ES256`, RFC 7518 §3.4), which every JOSE library verifies.
//!
//! Signing a compact JWS is a header, two base64 texts and one call of aws-lc-rs, which is here already for hashes and
//! TLS; a JWT crate would bring verification and key parsing that nobody here needs, and still not make keys.

use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::{Engine, EngineError};
use crate::directory::{Command, SigningKeyId};
use crate::engine::admin::{AdminDone, Asker, deed};
use crate::secret::Secret;
use crate::store::SigningKeyRow;

/// For how long a key that signs no more is published: tokens it signed are still on their way.
const RETIRED: SignedDuration = SignedDuration::from_hours(24 * 30);

/// The keys in force.
#[derive(Debug)]
pub struct Keys {
    kid: String,
    pair: EcdsaKeyPair,
    /// The key set (RFC 7517 §5).
    published: Value,
}

impl Keys {
    fn read(rows: &[SigningKeyRow], now: Timestamp) -> Result<Option<Self>, EngineError> {
        let Some(newest) = rows.first() else {
            return Ok(None);
        };
        let mut published = Vec::new();
        let mut retired_at = None;
        for row in rows {
            // A key is retired when the next one is made.
            if retired_at.is_some_and(|at: Timestamp| now.duration_since(at) > RETIRED) {
                break;
            }
            retired_at = Some(row.created);
            published.push(public(&kid(row.id), &pair(row)?));
        }
        Ok(Some(Self {
            kid: kid(newest.id),
            pair: pair(newest)?,
            published: json!({ "keys": published }),
        }))
    }

    /// A security event token of these claims: a compact JWS of type `secevent+jwt` (RFC 8417 §2.3).
    pub fn sign(&self, claims: &Value) -> Result<String, EngineError> {
        let header = json!({ "typ": "secevent+jwt", "alg": "ES256", "kid": self.kid });
        let mut token = URL_SAFE_NO_PAD.encode(header.to_string());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims.to_string(), &mut token);
        let signature = self
            .pair
            .sign(&SystemRandom::new(), token.as_bytes())
            .map_err(|_| EngineError::NoRandomness)?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }
}

impl Engine {
    /// The key set that recipients verify with (RFC 7517); empty before the first stream. Makes no key, since anybody may
    /// ask for it.
    pub async fn key_set(&self) -> Result<Value, EngineError> {
        let mut kept = self.events.keys.lock().await;
        if kept.is_none() {
            *kept = Keys::read(&self.store.signing_keys().await?, Timestamp::now())?.map(Arc::new);
        }
        Ok(kept
            .as_ref()
            .map_or_else(|| json!({ "keys": [] }), |keys| keys.published.clone()))
    }

    /// Signs with a new key from now on. Tokens signed with the old one can be verified for 30 days more.
    pub async fn rotate_signing_key(&self, asker: &Asker) -> Result<AdminDone, EngineError> {
        let mut kept = self.events.keys.lock().await;
        let done = self.make_key(asker).await?;
        *kept = None;
        Ok(done)
    }

    /// The keys in force. Makes the first one.
    pub(super) async fn signing_keys(&self) -> Result<Arc<Keys>, EngineError> {
        let mut kept = self.events.keys.lock().await;
        if let Some(keys) = &*kept {
            return Ok(Arc::clone(keys));
        }
        let now = Timestamp::now();
        let mut keys = Keys::read(&self.store.signing_keys().await?, now)?;
        if keys.is_none() {
            self.make_key(&Asker::system()).await?;
            keys = Keys::read(&self.store.signing_keys().await?, now)?;
        }
        let keys = Arc::new(keys.ok_or(EngineError::TaskEnded)?);
        *kept = Some(Arc::clone(&keys));
        Ok(keys)
    }

    async fn make_key(&self, asker: &Asker) -> Result<AdminDone, EngineError> {
        let id = SigningKeyId(Uuid::now_v7());
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
                .map_err(|_| EngineError::NoRandomness)?;
        let name = kid(id);
        let mut deed = deed(
            "POST",
            "/admin/v1/signing-keys",
            "Streams",
            crate::directory::ObjectKind::SigningKey,
            id,
            &name,
        );
        deed.signing_key = Some(Secret::new(STANDARD.encode(document.as_ref())));
        self.perform(asker, &Command::AddSigningKey { id }, deed)
            .await
    }
}

fn kid(id: SigningKeyId) -> String {
    id.0.simple().to_string()
}

fn pair(row: &SigningKeyRow) -> Result<EcdsaKeyPair, EngineError> {
    let unreadable = || EngineError::Invalid(format!("the signing key {} cannot be read", row.id));
    let document = zeroize::Zeroizing::new(
        STANDARD
            .decode(row.pkcs8.expose())
            .map_err(|_| unreadable())?,
    );
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &document).map_err(|_| unreadable())
}

/// The public key as a JWK (RFC 7518 §6.2.1): the two coordinates of the uncompressed point.
fn public(kid: &str, pair: &EcdsaKeyPair) -> Value {
    let point = pair.public_key().as_ref();
    let coordinate = |range: std::ops::Range<usize>| {
        URL_SAFE_NO_PAD.encode(point.get(range).unwrap_or_default())
    };
    json!({
        "kty": "EC",
        "crv": "P-256",
        "use": "sig",
        "alg": "ES256",
        "kid": kid,
        "x": coordinate(1..33),
        "y": coordinate(33..65),
    })
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;

    fn row(created: i64) -> SigningKeyRow {
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
                .unwrap();
        SigningKeyRow {
            id: SigningKeyId(Uuid::now_v7()),
            created: Timestamp::from_second(created).unwrap(),
            pkcs8: Secret::new(STANDARD.encode(document.as_ref())),
        }
    }

    #[test]
    fn a_token_verifies_with_the_newest_published_key() {
        let rows = [row(200), row(100)];
        let now = Timestamp::from_second(300).unwrap();
        let keys = Keys::read(&rows, now).unwrap().unwrap();
        let token = keys.sign(&json!({ "jti": "1" })).unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let key = &keys.published["keys"][0];
        let mut point = vec![4];
        for coordinate in ["x", "y"] {
            let text = key[coordinate].as_str().unwrap();
            point.extend(URL_SAFE_NO_PAD.decode(text).unwrap());
        }
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            .verify(
                signed.as_bytes(),
                &URL_SAFE_NO_PAD.decode(signature).unwrap(),
            )
            .unwrap();
        assert_eq!(keys.published["keys"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn a_key_is_published_for_thirty_days_after_its_successor_was_made() {
        let day = 24 * 3_600;
        let rows = [row(10 * day), row(0)];
        let published = |at: i64| {
            let now = Timestamp::from_second(at).unwrap();
            let keys = Keys::read(&rows, now).unwrap().unwrap();
            keys.published["keys"].as_array().unwrap().len()
        };
        assert_eq!(published(40 * day), 2);
        assert_eq!(published(40 * day + 1), 1);
    }
}

//! `private_key_jwt` (RFC 7523): assertions signed with real keys, and everything that may be wrong with one.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use provost::admin::AdminWrite;
use provost::admin::types::{ClientAuthentication, ClientId, NewClient};
use rcgen::{
    KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519, PKCS_RSA_SHA256,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::oauth_client::{INTROSPECT, TOKEN, Told, http};
use crate::real::Real;

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

struct Signer {
    algorithm: Algorithm,
    key: EncodingKey,
    public_pem: String,
    public_raw: Vec<u8>,
}

/// Reads a private key in PEM.
type ReadKey = fn(&[u8]) -> jsonwebtoken::errors::Result<EncodingKey>;

fn signer(algorithm: Algorithm) -> Signer {
    let (kind, make): (_, ReadKey) = match algorithm {
        Algorithm::RS256 | Algorithm::PS256 => (&PKCS_RSA_SHA256, EncodingKey::from_rsa_pem),
        Algorithm::ES256 => (&PKCS_ECDSA_P256_SHA256, EncodingKey::from_ec_pem),
        Algorithm::ES384 => (&PKCS_ECDSA_P384_SHA384, EncodingKey::from_ec_pem),
        Algorithm::EdDSA => (&PKCS_ED25519, EncodingKey::from_ed_pem),
        other => panic!("{other:?}"),
    };
    let pair = KeyPair::generate_for(kind).unwrap();
    Signer {
        algorithm,
        key: make(pair.serialize_pem().as_bytes()).unwrap(),
        public_pem: pair.public_key_pem(),
        public_raw: pair.public_key_raw().to_vec(),
    }
}

impl Signer {
    fn jwk(&self, kid: &str) -> Value {
        if self.algorithm == Algorithm::EdDSA {
            // RFC 8037 §2.
            let x = base64url(&self.public_raw);
            return json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid});
        }
        let jwk = jsonwebtoken::jwk::Jwk::from_encoding_key(&self.key, self.algorithm).unwrap();
        let mut jwk = serde_json::to_value(jwk).unwrap();
        jwk["kid"] = kid.into();
        jwk
    }

    fn sign(&self, claims: &Value) -> String {
        encode(&Header::new(self.algorithm), claims, &self.key).unwrap()
    }
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

fn claims(id: ClientId, audience: &str) -> Value {
    json!({"iss": id, "sub": id, "aud": audience, "exp": now() + 300, "iat": now(),
        "jti": uuid::Uuid::new_v4()})
}

async fn register(real: &Real, keys: &str) -> ClientId {
    let client = NewClient {
        name: "okta-keys".into(),
        keys: Some(keys.into()),
        redirect_uris: Vec::new(),
    };
    let registered = real.local.create_client(client).await.unwrap();
    assert!(registered.secret.is_none());
    assert_eq!(
        registered.client.authentication,
        ClientAuthentication::PrivateKeyJwt
    );
    registered.client.id
}

async fn ask(real: &Real, assertion: &str) -> Told {
    let url = format!("{}{TOKEN}", real.server.public_url());
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", JWT_BEARER),
        ("client_assertion", assertion),
    ];
    Told::of(http().post(url).form(&form)).await
}

#[rstest]
#[case::rs256(Algorithm::RS256)]
#[case::ps256(Algorithm::PS256)]
#[case::es256(Algorithm::ES256)]
#[case::eddsa(Algorithm::EdDSA)]
#[tokio::test]
async fn a_client_signs_with_its_key(#[case] algorithm: Algorithm) {
    let real = Real::new().await;
    let signer = signer(algorithm);
    let id = register(&real, &signer.public_pem).await;
    let issuer = real.server.public_url().to_owned();
    for audience in [
        format!("{issuer}{TOKEN}"),
        issuer.clone(),
        format!("{issuer}/"),
    ] {
        let assertion = signer.sign(&claims(id, &audience));
        let told = ask(&real, &assertion).await;
        assert_eq!(told.status, 200, "{}", told.body);
        let token = told.body["access_token"].as_str().unwrap().to_owned();
        let users = http()
            .get(format!("{issuer}/scim/v2/Users"))
            .bearer_auth(&token);
        assert_eq!(users.send().await.unwrap().status(), 200);
        let text = serde_json::to_string(&told.logged(&real).await).unwrap();
        assert!(
            !text.contains(&assertion) && !text.contains(&token),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_set_of_keys_is_searched_by_kid() {
    let real = Real::new().await;
    let (old, new, other) = (
        signer(Algorithm::ES256),
        signer(Algorithm::EdDSA),
        signer(Algorithm::ES256),
    );
    let unknown = json!({"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA", "kid": "later"});
    let set = json!({"keys": [old.jwk("old"), new.jwk("new"), unknown]});
    let id = register(&real, &set.to_string()).await;
    let issuer = real.server.public_url();
    for (signer, kid, status) in [
        (&old, Some("old"), 200),
        (&new, Some("new"), 200),
        (&old, None, 200),
        (&old, Some("new"), 401),
        (&old, Some("nobody"), 401),
        (&other, Some("old"), 401),
    ] {
        let mut header = Header::new(signer.algorithm);
        header.kid = kid.map(str::to_owned);
        let assertion = encode(&header, &claims(id, issuer), &signer.key).unwrap();
        assert_eq!(ask(&real, &assertion).await.status, status, "{kid:?}");
    }
}

#[tokio::test]
async fn an_assertion_is_accepted_once() {
    let real = Real::new().await;
    let signer = signer(Algorithm::ES256);
    let id = register(&real, &signer.public_pem).await;
    let assertion = signer.sign(&claims(id, real.server.public_url()));
    assert_eq!(ask(&real, &assertion).await.status, 200);
    let told = ask(&real, &assertion).await;
    assert_eq!(
        (told.status, told.body["error"].as_str()),
        (401, Some("invalid_client"))
    );
    let logged = told.logged(&real).await;
    assert_eq!(logged.exchange.row.code.as_deref(), Some("OAUTH_REPLAY"));
    // Nor at another endpoint.
    let form = [
        ("token", "x"),
        ("client_assertion_type", JWT_BEARER),
        ("client_assertion", &assertion),
    ];
    let url = format!("{}{INTROSPECT}", real.server.public_url());
    assert_eq!(Told::of(http().post(url).form(&form)).await.status, 401);
}

/// Changes one claim; `null` takes it away.
fn with(id: ClientId, issuer: &str, claim: &str, value: Value) -> Value {
    let mut claims = claims(id, issuer);
    if value.is_null() {
        claims.as_object_mut().unwrap().remove(claim);
    } else {
        claims[claim] = value;
    }
    claims
}

#[tokio::test]
async fn every_claim_is_checked() {
    let real = Real::new().await;
    let signer = signer(Algorithm::ES256);
    let id = register(&real, &signer.public_pem).await;
    let issuer = real.server.public_url().to_owned();
    let other = uuid::Uuid::now_v7();
    let refused = [
        ("iss", json!(other), "iss and sub"),
        ("iss", Value::Null, "iss and sub"),
        ("sub", Value::Null, "has no sub"),
        (
            "aud",
            json!("https://elsewhere.example"),
            "aud of the assertion",
        ),
        ("aud", json!(["a", "b"]), "aud of the assertion"),
        ("aud", Value::Null, "has no aud"),
        ("exp", Value::Null, "has no exp"),
        ("exp", json!(now() - 61), "has expired"),
        ("exp", json!(now() + 3_600 + 120), "lives too long"),
        ("exp", json!(1e300), "lives too long"),
        ("exp", json!("soon"), "not signed with a registered key"),
        (
            "nbf",
            json!(now() + 120),
            "the nbf of the assertion lies ahead",
        ),
        (
            "iat",
            json!(now() + 120),
            "the iat of the assertion lies ahead",
        ),
        (
            "iat",
            json!(now() - 3_600 - 120),
            "issued more than one hour ago",
        ),
        ("jti", Value::Null, "has no jti"),
        ("jti", json!(""), "has no jti"),
        ("jti", json!("x".repeat(256)), "has no jti"),
    ];
    for (claim, value, reason) in refused {
        let told = ask(
            &real,
            &signer.sign(&with(id, &issuer, claim, value.clone())),
        )
        .await;
        assert_eq!(
            (told.status, told.body["error"].as_str()),
            (401, Some("invalid_client")),
            "{claim} {value}"
        );
        let step = told.logged(&real).await.exchange.trace.pop().unwrap();
        assert!(step.what.contains(reason), "{claim} {value}: {}", step.what);
    }
    let accepted = [
        ("aud", json!(["x", issuer])),
        ("exp", json!(now() - 30)),
        ("exp", json!(now() as f64 + 99.5)),
        ("nbf", json!(now() + 30)),
        ("iat", Value::Null),
        ("iat", json!(now() + 30)),
    ];
    for (claim, value) in accepted {
        let told = ask(
            &real,
            &signer.sign(&with(id, &issuer, claim, value.clone())),
        )
        .await;
        assert_eq!(told.status, 200, "{claim} {value}: {}", told.body);
    }
}

fn base64url(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

fn raw(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let parts = [header, claims].map(|value| base64url(value.to_string().as_bytes()));
    format!("{}.{}.{}", parts[0], parts[1], base64url(signature))
}

#[tokio::test]
async fn what_is_not_signed_with_the_client_s_key_is_refused() {
    let real = Real::new().await;
    let (signer, other) = (signer(Algorithm::RS256), signer(Algorithm::RS256));
    let id = register(&real, &signer.public_pem).await;
    let good = claims(id, real.server.public_url());
    // The public key as the secret of an HMAC, the classic confusion.
    let confused = encode(
        &Header::new(Algorithm::HS256),
        &good,
        &EncodingKey::from_secret(signer.public_pem.as_bytes()),
    )
    .unwrap();
    let signed = signer.sign(&good);
    let (head, _) = signed.rsplit_once('.').unwrap();
    let cases = [
        (
            "alg of the assertion is none",
            raw(&json!({"alg": "none"}), &good, b""),
        ),
        ("alg of the assertion is none", raw(&json!({}), &good, b"")),
        (
            "alg of the assertion is None",
            raw(&json!({"alg": "None"}), &good, b""),
        ),
        ("alg of the assertion is HS256", confused),
        (
            "alg of the assertion is RS512",
            raw(&json!({"alg": "RS512"}), &good, b"x"),
        ),
        (
            "crit",
            raw(&json!({"alg": "RS256", "crit": ["exp"]}), &good, b"x"),
        ),
        ("not signed with", other.sign(&good)),
        ("not signed with", format!("{head}.AAAA")),
        ("no signed JWT", format!("{head}.")).clone(),
        (
            "no registered key",
            raw(&json!({"alg": "ES256"}), &good, b"x"),
        ),
        ("no signed JWT", "hunter2".into()),
        ("no signed JWT", "a.b.c.d.e".into()),
        ("no signed JWT", "..".into()),
        ("no signed JWT", "x".repeat(20_000)),
    ];
    for (reason, assertion) in cases {
        let told = ask(&real, &assertion).await;
        assert_eq!(
            (told.status, told.body["error"].as_str()),
            (401, Some("invalid_client")),
            "{reason}"
        );
        let logged = told.logged(&real).await;
        let code = logged.exchange.row.code.as_deref();
        assert_eq!(code, Some("OAUTH_ASSERTION"), "{reason}");
        assert_eq!(logged.explanation.unwrap().code, "OAUTH_ASSERTION");
        let step = logged.exchange.trace.last().unwrap();
        assert!(
            step.what.contains(reason) || reason == "no signed JWT",
            "{reason}: {}",
            step.what
        );
    }
    assert_eq!(ask(&real, &signed).await.status, 200);
}

#[tokio::test]
async fn a_secret_does_not_open_a_client_with_a_key_and_the_other_way_round() {
    let real = Real::new().await;
    let signer = signer(Algorithm::ES256);
    let with_key = register(&real, &signer.public_pem).await;
    let with_secret = crate::oauth_client::TestClient::new(&real, "entra").await;
    let url = format!("{}{TOKEN}", real.server.public_url());
    let grant = [("grant_type", "client_credentials")];
    let secret = http()
        .post(&url)
        .basic_auth(with_key, Some("x"))
        .form(&grant);
    let told = Told::of(secret).await;
    assert_eq!(told.status, 401);
    let assertion = signer.sign(&claims(with_secret.id, real.server.public_url()));
    assert_eq!(ask(&real, &assertion).await.status, 401);
    let mismatch = [
        grant[0],
        ("client_id", &with_secret.id.to_string()),
        ("client_assertion_type", JWT_BEARER),
        (
            "client_assertion",
            &signer.sign(&claims(with_key, real.server.public_url())),
        ),
    ];
    assert_eq!(
        Told::of(http().post(&url).form(&mismatch)).await.status,
        401
    );
}

#[tokio::test]
async fn only_public_keys_that_can_be_used_are_registered() {
    let real = Real::new().await;
    let ec = signer(Algorithm::ES256);
    let private = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)
        .unwrap()
        .serialize_pem();
    let mut private_jwk = ec.jwk("a");
    private_jwk["d"] = "AAAA".into();
    let mut off_curve = ec.jwk("a");
    off_curve["x"] = off_curve["y"].clone();
    let mut encryption = ec.jwk("a");
    encryption["use"] = "enc".into();
    let cases = [
        ("expected a public key", "hello".to_owned()),
        (
            "expected a public key",
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----".into(),
        ),
        ("private or shared", private),
        (
            "private or shared",
            json!({"keys": [private_jwk]}).to_string(),
        ),
        (
            "private or shared",
            json!({"keys": [{"kty": "oct", "k": "AAAA"}]}).to_string(),
        ),
        ("P-256", signer(Algorithm::ES384).public_pem),
        ("no point on P-256", off_curve.to_string()),
        ("use is not sig", encryption.to_string()),
        ("there are none", json!({"keys": []}).to_string()),
        (
            "same kid",
            json!({"keys": [ec.jwk("a"), ec.jwk("a")]}).to_string(),
        ),
        (
            "at most 10",
            json!({"keys": vec![ec.jwk("a"); 11]}).to_string(),
        ),
        ("longer than", "x".repeat(40_000)),
        (
            "2048 to 8192 bits",
            json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"}).to_string(),
        ),
    ];
    for (reason, keys) in cases {
        let client = NewClient {
            name: "x".into(),
            keys: Some(keys),
            redirect_uris: Vec::new(),
        };
        let error = real.local.create_client(client).await.err().unwrap();
        assert!(error.detail.contains(reason), "{reason}: {}", error.detail);
    }
}

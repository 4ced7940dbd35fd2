//! What strangers learn from the authorization server.
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use provost::admin::AdminWrite as _;
use provost::admin::types::NewClient;
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use serde_json::json;

use crate::oauth_client::{TOKEN, Told, http};
use crate::real::Real;

/// An assertion that anybody can write: its signature is nothing.
fn forged(client: &str) -> String {
    let encode = |part: String| URL_SAFE_NO_PAD.encode(part);
    let claims = json!({"iss": client, "sub": client, "aud": "x", "exp": 1, "jti": "x"});
    format!(
        "{}.{}.{}",
        encode(json!({"alg": "ES256"}).to_string()),
        encode(claims.to_string()),
        URL_SAFE_NO_PAD.encode([7; 64])
    )
}

#[tokio::test]
async fn who_guesses_a_client_id_does_not_learn_whether_it_exists() {
    let real = Real::new().await;
    let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let client = |name: &str, keys| NewClient {
        name: name.into(),
        keys,
        redirect_uris: Vec::new(),
    };
    let keyed = real
        .local
        .create_client(client("keyed", Some(pair.public_key_pem())));
    let keyed = keyed.await.unwrap().client.id.to_string();
    let secret = real.local.create_client(client("secret", None)).await;
    let secret = secret.unwrap().client.id.to_string();
    let unknown = uuid::Uuid::now_v7().to_string();
    let url = format!("{}{TOKEN}", real.server.public_url());
    let mut answers = Vec::new();
    for id in [&keyed, &secret, &unknown] {
        let assertion = forged(id);
        let forms = [
            vec![
                ("client_id", id.as_str()),
                ("client_secret", "prv_client_guess"),
            ],
            vec![
                (
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ),
                ("client_assertion", assertion.as_str()),
            ],
        ];
        for mut form in forms {
            form.push(("grant_type", "client_credentials"));
            let told = Told::of(http().post(&url).form(&form)).await;
            assert_eq!(told.status, 401);
            let text = told.body.to_string();
            answers.push(text.split(", request ").next().unwrap().to_owned());
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

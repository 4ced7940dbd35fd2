//! The token endpoint (RFC 6749 §3.2): tokens for what an admin has allowed (§4.1.3, §6), and an access token for a
//! client's own use (§4.4).

use axum::body::Body;
use http::Response;
use jiff::SignedDuration;
use serde_json::json;

use super::form::{Form, shown};
use super::metadata::{AUTHORIZATION_CODE, CLIENT_CREDENTIALS, REFRESH_TOKEN};
use super::{OAuthFailure, authenticate, read_form, reply};
use crate::engine::oauth::{CodeProof, NewAccessToken, OAuthClient};
use crate::server::edge::Edge;
use crate::server::intake::Intake;
use crate::server::rejection::Rejection;

/// The one scope that clients get.
const SCOPE: &str = "scim";

pub(super) async fn answer(edge: &Edge, intake: &mut Intake) -> Result<Response<Body>, Rejection> {
    let form = read_form(edge, intake).await?;
    let client = authenticate(edge, intake, &form).await?;
    match form.text("grant_type") {
        Some(AUTHORIZATION_CODE) => {
            let Some(code) = form.secret("code") else {
                return Err(Rejection::OAuth(OAuthFailure::request("code is missing")));
            };
            let proof = CodeProof::Code {
                code,
                redirect_uri: form.text("redirect_uri"),
                verifier: form.secret("code_verifier"),
            };
            exchange(edge, intake, &form, &client, &proof).await
        }
        Some(REFRESH_TOKEN) => {
            let Some(token) = form.secret("refresh_token") else {
                return Err(Rejection::OAuth(OAuthFailure::request(
                    "refresh_token is missing",
                )));
            };
            exchange(edge, intake, &form, &client, &CodeProof::Refresh(token)).await
        }
        Some(CLIENT_CREDENTIALS) => client_credentials(edge, intake, &form, &client).await,
        Some(other) => Err(Rejection::OAuth(OAuthFailure::Grant(
            shown(other).to_owned(),
        ))),
        None => Err(Rejection::OAuth(OAuthFailure::request(
            "grant_type is missing; send authorization_code, refresh_token or client_credentials",
        ))),
    }
}

/// RFC 6749 §4.4. Without a refresh token, as §4.4.3 asks.
async fn client_credentials(
    edge: &Edge,
    intake: &Intake,
    form: &Form,
    client: &OAuthClient,
) -> Result<Response<Body>, Rejection> {
    if form.text("scope").is_some_and(|scope| scope != SCOPE) {
        return Err(Rejection::OAuth(OAuthFailure::Scope));
    }
    let failed = |error| Rejection::OAuth(OAuthFailure::engine(&error));
    let (token, seconds) = new_access_token(edge)?;
    let document = json!({
        "access_token": token.secret.expose(),
        "token_type": "Bearer",
        "expires_in": seconds,
        "scope": SCOPE,
    });
    let (response, exchange) = reply::success(edge, intake, Some(&document));
    edge.engine
        .issue_access_token(client, &token, exchange)
        .await
        .map_err(failed)?;
    Ok(response)
}

/// RFC 6749 §4.1.3, §6: an access token and a refresh token, which takes the place of the one that came.
async fn exchange(
    edge: &Edge,
    intake: &Intake,
    form: &Form,
    client: &OAuthClient,
    proof: &CodeProof<'_>,
) -> Result<Response<Body>, Rejection> {
    if form.text("scope").is_some_and(|scope| scope != SCOPE) {
        return Err(Rejection::OAuth(OAuthFailure::Scope));
    }
    let (token, seconds) = new_access_token(edge)?;
    let refresh = edge
        .engine
        .new_refresh_token()
        .map_err(|error| Rejection::OAuth(OAuthFailure::engine(&error)))?;
    let document = json!({
        "access_token": token.secret.expose(),
        "token_type": "Bearer",
        "expires_in": seconds,
        "refresh_token": refresh.secret.expose(),
        "scope": SCOPE,
    });
    let (response, exchange) = reply::success(edge, intake, Some(&document));
    edge.engine
        .exchange(client, proof, &token, &refresh, exchange)
        .await
        .map_err(|failure| Rejection::OAuth(OAuthFailure::grant(&failure)))?;
    Ok(response)
}

/// An access token that is not issued yet, and how long it lives, in seconds.
fn new_access_token(edge: &Edge) -> Result<(NewAccessToken, u64), Rejection> {
    let seconds = edge.limits.access_token_ttl.as_secs();
    let lives = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
    let token = edge.engine.new_access_token(lives);
    let token = token.map_err(|error| Rejection::OAuth(OAuthFailure::engine(&error)))?;
    Ok((token, seconds))
}

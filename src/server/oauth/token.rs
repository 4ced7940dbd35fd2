//! The token endpoint (RFC 6749 §3.2): an access token for a client's own use (§4.4).

use axum::body::Body;
use http::Response;
use jiff::SignedDuration;
use serde_json::json;

use super::form::{Form, shown};
use super::metadata::CLIENT_CREDENTIALS;
use super::{OAuthFailure, authenticate, read_form, reply};
use crate::engine::oauth::OAuthClient;
use crate::server::edge::Edge;
use crate::server::intake::Intake;
use crate::server::rejection::Rejection;

/// The one scope that clients get.
const SCOPE: &str = "scim";

pub(super) async fn answer(edge: &Edge, intake: &mut Intake) -> Result<Response<Body>, Rejection> {
    let form = read_form(edge, intake).await?;
    let client = authenticate(edge, intake, &form).await?;
    match form.text("grant_type") {
        Some(CLIENT_CREDENTIALS) => client_credentials(edge, intake, &form, &client).await,
        Some(other) => Err(Rejection::OAuth(OAuthFailure::Grant(
            shown(other).to_owned(),
        ))),
        None => Err(Rejection::OAuth(OAuthFailure::request(
            "grant_type is missing; send client_credentials",
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
    let seconds = edge.limits.access_token_ttl.as_secs();
    let lives = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
    let token = edge.engine.new_access_token(lives).map_err(failed)?;
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

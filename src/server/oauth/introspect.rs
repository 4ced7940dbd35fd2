//! Introspection (RFC 7662): a client asks about its own access tokens, an admin about any token.

use axum::body::Body;
use http::{HeaderMap, Response, header};
use serde_json::{Value, json};

use super::{OAuthFailure, authenticate, read_form, reply};
use crate::directory::{Stage, TraceStep};
use crate::engine::oauth::{Asker, scope_word};
use crate::server::edge::Edge;
use crate::server::intake::Intake;
use crate::server::rejection::Rejection;
use crate::store::rows::{RefreshRow, TokenRow, TokenScope};

pub(super) async fn answer(edge: &Edge, intake: &mut Intake) -> Result<Response<Body>, Rejection> {
    let form = read_form(edge, intake).await?;
    let asker = if is_bearer(&intake.head.parts.headers) {
        intake.authenticate(edge, TokenScope::Admin).await?;
        Asker::Admin
    } else {
        Asker::Client(authenticate(edge, intake, &form).await?.id)
    };
    let Some(token) = form.secret("token") else {
        return Err(Rejection::OAuth(OAuthFailure::request("token is missing")));
    };
    let found = edge
        .engine
        .introspect(asker, token)
        .await
        .map_err(|error| Rejection::OAuth(OAuthFailure::engine(&error)))?;
    let refresh = match &found {
        Some(_) => None,
        None => {
            let owner = match asker {
                Asker::Client(client) => Some(client),
                Asker::Admin => None,
            };
            let row = edge.engine.introspect_refresh_token(owner, token).await;
            row.map_err(|error| Rejection::OAuth(OAuthFailure::engine(&error)))?
        }
    };
    let told = match (&found, &refresh) {
        (Some(token), _) => format!("the token of {} is active", token.name),
        (None, Some(_)) => "the refresh token is active".to_owned(),
        (None, None) => "the asker has no such active token".to_owned(),
    };
    intake.note(TraceStep::passed(Stage::Match, told));
    let document = match &refresh {
        Some(row) => of_refresh_token(row, &edge.public_url),
        None => document(found.as_ref(), &edge.public_url),
    };
    let (response, exchange) = reply::success(edge, intake, Some(&document));
    edge.engine.record(exchange).await;
    Ok(response)
}

/// RFC 7662 §2.2: of a token that is not active nothing is told, not even why.
fn document(token: Option<&TokenRow>, issuer: &str) -> Value {
    let Some(token) = token else {
        return json!({ "active": false });
    };
    let mut document = json!({
        "active": true,
        "scope": scope_word(token.scope),
        "token_type": "Bearer",
        "iat": token.created.as_second(),
        "iss": issuer,
    });
    if let Some(fields) = document.as_object_mut() {
        if let Some(end) = token.expires {
            fields.insert("exp".into(), end.as_second().into());
        }
        if let Some(client) = token.client {
            fields.insert("client_id".into(), client.to_string().into());
            // The client acts for itself (RFC 9068 §2.2).
            fields.insert("sub".into(), client.to_string().into());
        }
    }
    document
}

fn of_refresh_token(row: &RefreshRow, issuer: &str) -> Value {
    let client = row.consent.client.to_string();
    json!({
        "active": true,
        "scope": "scim",
        "client_id": client,
        "sub": client,
        "username": row.consent.admin,
        "iat": row.created.as_second(),
        "exp": row.expires.as_second(),
        "iss": issuer,
    })
}

fn is_bearer(headers: &HeaderMap) -> bool {
    headers.get(header::AUTHORIZATION).is_some_and(|value| {
        value
            .as_bytes()
            .get(..6)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer"))
    })
}

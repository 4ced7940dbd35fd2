//! Revocation (RFC 7009): a client gives back an access token.

use axum::body::Body;
use http::Response;

use super::{OAuthFailure, authenticate, read_form, reply};
use crate::directory::{Stage, TraceStep};
use crate::engine::oauth::Revocation;
use crate::server::edge::Edge;
use crate::server::intake::Intake;
use crate::server::rejection::Rejection;

pub(super) async fn answer(edge: &Edge, intake: &mut Intake) -> Result<Response<Body>, Rejection> {
    let form = read_form(edge, intake).await?;
    let client = authenticate(edge, intake, &form).await?;
    let Some(token) = form.secret("token") else {
        return Err(Rejection::OAuth(OAuthFailure::request("token is missing")));
    };
    let (response, exchange) = reply::success(edge, intake, None);
    let revoked = edge
        .engine
        .revoke_access_token(&client, token, exchange)
        .await
        .map_err(|error| Rejection::OAuth(OAuthFailure::engine(&error)))?;
    match revoked {
        Revocation::Done => Ok(response),
        // RFC 7009 §2.2: what is not there any more is as good as revoked.
        Revocation::Nothing(mut exchange) => {
            exchange.trace.push(TraceStep::passed(
                Stage::Match,
                "there is no such token, or it has ended; nothing was to be done",
            ));
            edge.engine.record(*exchange).await;
            Ok(response)
        }
        Revocation::Foreign(_) => Err(Rejection::OAuth(OAuthFailure::Foreign)),
    }
}

//! OAuth clients and the access tokens they fetch (RFC 6749 §4.4).

use jiff::Timestamp;

use super::Request;
use super::connection::{client_fits, room_for, sso_comes_first};
use super::token::{free_name, unknown};
use super::verdict::{Draft, Verdict};
use crate::directory::change::Change;
use crate::directory::client::ClientAuthentication;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::facts::Facts;
use crate::directory::ids::{ClientId, ConsentId, TokenId};
use crate::directory::policy::ConnectionAuth;

/// How many access tokens of one client are live at a time. A client that fetches one for each request would fill the
/// store; its oldest ones end instead.
const MOST_TOKENS: usize = 256;

pub(super) fn create(
    request: &Request<'_>,
    draft: Draft,
    id: ClientId,
    name: &str,
    authentication: ClientAuthentication,
    redirect_uris: &[String],
) -> Verdict {
    let draft = free_name(request.facts, draft, "client", name)?;
    let draft = client_fits(request, draft, redirect_uris)?;
    let draft = sso_comes_first(request, draft)?;
    let draft = room_for(request, draft, Some(name))?;
    Ok(draft.done(vec![Change::ClientCreated {
        id,
        name: name.to_owned(),
        authentication,
        redirect_uris: redirect_uris.to_vec(),
    }]))
}

/// Another secret. Access tokens fetched with the old one end by themselves, within the hour.
pub(super) fn rotate(facts: &Facts, draft: Draft, id: ClientId) -> Verdict {
    match &facts.client {
        Some(client) if !client.revoked => Ok(draft.done(vec![Change::ClientRotated {
            id,
            name: client.name.clone(),
        }])),
        Some(_) | None => Err(unknown(draft, "there is no such live OAuth client")),
    }
}

/// The tokens first: the client's own change finds none left.
pub(super) fn revoke(facts: &Facts, draft: Draft, id: ClientId) -> Verdict {
    let Some(client) = &facts.client else {
        return Err(unknown(draft, "there is no such OAuth client"));
    };
    if client.revoked {
        return Ok(draft.done(Vec::new()));
    }
    let mut changes: Vec<Change> = facts
        .client_tokens
        .iter()
        .map(|token| Change::TokenRevoked {
            id: *token,
            name: client.name.clone(),
        })
        .collect();
    changes.push(Change::ClientRevoked {
        id,
        name: client.name.clone(),
    });
    Ok(draft.done(changes))
}

/// An access token that a client is about to get.
pub(super) struct NewAccessToken<'a> {
    pub(super) id: TokenId,
    pub(super) client: ClientId,
    pub(super) scope: &'a str,
    pub(super) expires: Timestamp,
    pub(super) consent: Option<ConsentId>,
}

/// A token for a client's own use.
pub(super) fn issue(request: &Request<'_>, draft: Draft, new: &NewAccessToken<'_>) -> Verdict {
    let name = request.facts.client.as_ref().map(|it| it.name.as_str());
    let draft = room_for(request, draft, name)?;
    let draft = needs_no_consent(request, draft)?;
    issue_with(request.facts, draft, Vec::new(), new)
}

/// Refuses a token for the client's credentials alone (RFC 6749 §4.4) where the policy has an admin allow it, or the client
/// was made to ask one: else it would be in before anybody said so, and again after the grant has ended.
fn needs_no_consent(request: &Request<'_>, mut draft: Draft) -> Result<Draft, Decision> {
    let auth = request.policy.scim.auth;
    let client = request.facts.client.as_ref();
    let asks_admins = client.is_some_and(|it| !it.redirect_uris.is_empty());
    if auth == ConnectionAuth::Bearer && !asks_admins {
        return Ok(draft);
    }
    if auth != ConnectionAuth::Bearer {
        draft.policy("scim.auth", auth, "how an identity provider authenticates");
    }
    let what = "an admin has to allow this client; send it to the authorization page and redeem the code (authorization_code)";
    let step = TraceStep::failed(Stage::Policy, what)
        .comparing("authorization_code or refresh_token", "client_credentials");
    Err(draft.refuse(RefusalKind::Forbidden, "SCIM_AUTH", step))
}

/// A token, after other changes of the same step.
pub(super) fn issue_with(
    facts: &Facts,
    mut draft: Draft,
    mut changes: Vec<Change>,
    new: &NewAccessToken<'_>,
) -> Verdict {
    let (scope, expires) = (new.scope, new.expires);
    let Some(known) = facts.client.as_ref().filter(|known| !known.revoked) else {
        let step = TraceStep::failed(Stage::Match, "the OAuth client is revoked");
        return Err(draft.refuse(RefusalKind::Forbidden, "OAUTH_CLIENT", step));
    };
    draft.step(TraceStep::passed(
        Stage::Match,
        format!(
            "OAuth client {}: scope {scope}, until {expires}",
            known.name
        ),
    ));
    let excess = (facts.client_tokens.len() + 1).saturating_sub(MOST_TOKENS);
    if excess > 0 {
        draft.step(TraceStep::noted(
            Stage::Effect,
            format!(
                "the client holds {MOST_TOKENS} live access tokens; the oldest ends, since it should keep using one"
            ),
        ));
    }
    let oldest = facts.client_tokens.iter().take(excess);
    changes.extend(oldest.map(|token| Change::TokenRevoked {
        id: *token,
        name: known.name.clone(),
    }));
    changes.push(Change::AccessTokenIssued {
        id: new.id,
        client: new.client,
        name: known.name.clone(),
        scope: scope.to_owned(),
        expires,
        consent: new.consent,
    });
    Ok(draft.done(changes))
}

//! OAuth clients and the access tokens they fetch (RFC 6749 §4.4).

use jiff::Timestamp;

use super::token::{free_name, unknown};
use super::verdict::{Draft, Verdict};
use crate::directory::change::Change;
use crate::directory::client::ClientAuthentication;
use crate::directory::decision::{RefusalKind, Stage, TraceStep};
use crate::directory::facts::Facts;
use crate::directory::ids::{ClientId, TokenId};

/// How many access tokens of one client are live at a time. A client that fetches one for each request would fill the
/// store; its oldest ones end instead.
const MOST_TOKENS: usize = 256;

pub(super) fn create(
    facts: &Facts,
    draft: Draft,
    id: ClientId,
    name: &str,
    authentication: ClientAuthentication,
) -> Verdict {
    let draft = free_name(facts, draft, "client", name)?;
    Ok(draft.done(vec![Change::ClientCreated {
        id,
        name: name.to_owned(),
        authentication,
    }]))
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

pub(super) fn issue(
    facts: &Facts,
    mut draft: Draft,
    client: ClientId,
    id: TokenId,
    scope: &str,
    expires: Timestamp,
) -> Verdict {
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
    let mut changes: Vec<Change> = facts
        .client_tokens
        .iter()
        .take(excess)
        .map(|token| Change::TokenRevoked {
            id: *token,
            name: known.name.clone(),
        })
        .collect();
    changes.push(Change::AccessTokenIssued {
        id,
        client,
        name: known.name.clone(),
        scope: scope.to_owned(),
        expires,
    });
    Ok(draft.done(changes))
}

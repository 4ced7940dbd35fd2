//! Bearer tokens: issued, rotated and revoked by admins only.

use jiff::Timestamp;

use super::verdict::{Draft, Verdict};
use super::{Request, connection};
use crate::directory::change::Change;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::facts::Facts;
use crate::directory::ids::{MemberId, TokenId};
use crate::directory::policy::{ConnectionAuth, Rotation};

/// How long the name of a token or a client may be, in characters.
const MAX_NAME: usize = 64;
/// The scope of an identity provider.
const SCIM: &str = "scim";

pub(super) fn issue(
    request: &Request<'_>,
    draft: Draft,
    id: TokenId,
    (name, scope): (&str, &str),
    owner: Option<MemberId>,
) -> Verdict {
    let mut draft = free_name(request.facts, draft, "token", name)?;
    draft = if scope == SCIM {
        let draft = connection::token_fits(request, draft, owner)?;
        let draft = connection::sso_comes_first(request, draft)?;
        connection::room_for(request, draft, Some(name))?
    } else {
        connection::owned_by_somebody(request, draft, owner)?
    };
    Ok(draft.done(vec![Change::TokenIssued {
        id,
        name: name.to_owned(),
        scope: scope.to_owned(),
        owner,
    }]))
}

/// A name is held by one live token or client: the log and the list of connections tell them apart by it.
pub(super) fn free_name(
    facts: &Facts,
    mut draft: Draft,
    what: &str,
    name: &str,
) -> Result<Draft, Decision> {
    let length = name.chars().count();
    if length == 0 || length > MAX_NAME || name.chars().any(char::is_control) {
        let step = TraceStep::failed(
            Stage::Match,
            format!("a {what} needs a name of 1 to 64 printable characters"),
        )
        .comparing("1 to 64 characters", format!("{length}"));
        return Err(draft.refuse(RefusalKind::Invalid, "BAD_VALUE", step));
    }
    let holder = if facts.token.as_ref().is_some_and(|token| !token.revoked) {
        Some("a token")
    } else if facts.client.as_ref().is_some_and(|client| !client.revoked) {
        Some("an OAuth client")
    } else {
        None
    };
    if let Some(holder) = holder {
        let what =
            format!("{holder} named {name} is in use; choose another name or revoke it first");
        return Err(draft.refuse(
            RefusalKind::Uniqueness,
            "TOKEN_NAME",
            TraceStep::failed(Stage::Match, what),
        ));
    }
    draft.step(TraceStep::passed(
        Stage::Match,
        format!("no live token or client is named {name}"),
    ));
    Ok(draft)
}

/// Revoking a token ends what it replaced, too: who says that okta shall no longer come in means all its secrets.
pub(super) fn revoke(facts: &Facts, draft: Draft, id: TokenId) -> Verdict {
    let Some(token) = &facts.token else {
        return Err(unknown(draft, "there is no such token"));
    };
    if token.revoked {
        return Ok(draft.done(Vec::new()));
    }
    let replaced = facts.predecessors.iter().filter(|other| **other != id);
    let changes = std::iter::once(&id)
        .chain(replaced)
        .map(|id| Change::TokenRevoked {
            id: *id,
            name: token.name.clone(),
        })
        .collect();
    Ok(draft.done(changes))
}

pub(super) fn rotate(
    request: &Request<'_>,
    mut draft: Draft,
    id: TokenId,
    successor: TokenId,
    retires: Timestamp,
) -> Verdict {
    let facts = request.facts;
    let Some(token) = &facts.token else {
        return Err(unknown(draft, "there is no such token"));
    };
    let now = request.circumstance.now;
    let obstacle = if token.client.is_some() {
        Some("an access token is not rotated; its OAuth client fetches another by itself")
    } else if token.revoked {
        Some("the token is revoked; issue a new one")
    } else if token.rotated {
        Some("the token has a newer secret already; rotate that one")
    } else if token.expires.is_some_and(|end| end <= now) {
        Some("the token has expired; issue a new one")
    } else {
        None
    };
    if let Some(what) = obstacle {
        let step = TraceStep::failed(Stage::Match, what).comparing("a live token", &token.name);
        return Err(draft.refuse(RefusalKind::Invalid, "TOKEN_ROTATE", step));
    }
    if token.scope == SCIM && request.policy.scim.auth == ConnectionAuth::Oauth2 {
        draft = connection::token_fits(request, draft, token.owner)?;
    }
    let rotation = request.policy.scim.rotation;
    if token.scope == SCIM {
        let what = "what becomes of the old secret when a new one is made";
        draft.policy("scim.rotation", rotation, what);
    }
    let is_instant = token.scope == SCIM && rotation == Rotation::Instant;
    let retires = if is_instant { now } else { retires };
    let issued = Change::TokenIssued {
        id: successor,
        name: token.name.clone(),
        scope: token.scope.clone(),
        owner: token.owner,
    };
    let name = token.name.clone();
    if retires <= now {
        draft.step(TraceStep::passed(
            Stage::Match,
            "without an overlap: the old secret ends now",
        ));
        let replaced = facts.predecessors.iter().filter(|other| **other != id);
        let mut changes: Vec<Change> = std::iter::once(&id)
            .chain(replaced)
            .map(|id| Change::TokenRevoked {
                id: *id,
                name: name.clone(),
            })
            .collect();
        changes.push(issued);
        return Ok(draft.done(changes));
    }
    // A token never lives longer for having been rotated.
    let expires = token.expires.map_or(retires, |end| end.min(retires));
    draft.step(TraceStep::passed(
        Stage::Match,
        format!("both secrets work until {expires}"),
    ));
    Ok(draft.done(vec![
        Change::TokenRotated {
            id,
            name,
            before: token.expires,
            expires,
        },
        issued,
    ]))
}

pub(super) fn unknown(draft: Draft, what: &str) -> Decision {
    let step = TraceStep::failed(Stage::Match, what);
    draft.refuse(RefusalKind::NotFound, "NOT_FOUND", step)
}

//! What an admin grants an OAuth client on the authorization page, and the tokens that follow (RFC 6749 §4.1, §6).

use jiff::Timestamp;

use super::connection::{granted, room_for, sso_comes_first, with_connection};
use super::token::unknown;
use super::verdict::{Draft, Verdict};
use super::{Request, client};
use crate::directory::change::Change;
use crate::directory::decision::{RefusalKind, Stage, TraceStep};
use crate::directory::effective;
use crate::directory::ids::{ClientId, ConsentId, MemberId, TokenId};
use crate::directory::incident::{IncidentSeverity, IncidentSubject, Raised};
use crate::directory::policy::Rotation;

/// An admin lets a client provision.
pub(super) fn give(
    request: &Request<'_>,
    draft: Draft,
    id: ConsentId,
    client: ClientId,
    admin: MemberId,
) -> Verdict {
    let facts = request.facts;
    let Some(known) = facts.client.as_ref().filter(|known| !known.revoked) else {
        return Err(unknown(draft, "there is no such OAuth client"));
    };
    let member = facts.member.as_ref();
    let roles = &request.policy.roles;
    let granter = member.filter(|it| it.id == admin && it.deleted.is_none() && it.is_active());
    let teams = facts.team_roles.as_deref().unwrap_or_default();
    let Some(granter) = granter.filter(|it| effective::access(roles, it, teams).is_admin) else {
        let step = TraceStep::failed(Stage::Guard, "only an active admin can grant this");
        return Err(draft.refuse(RefusalKind::Forbidden, "NOT_AN_ADMIN", step));
    };
    let draft = sso_comes_first(request, draft)?;
    let mut draft = room_for(request, draft, Some(&known.name))?;
    draft.step(TraceStep::passed(
        Stage::Match,
        format!(
            "{} grants the OAuth client {} the scope scim",
            granter.user_name(),
            known.name
        ),
    ));
    Ok(draft.done(vec![Change::ConsentGiven {
        id,
        client,
        name: known.name.clone(),
        admin: granter.user_name().to_owned(),
    }]))
}

/// What a client asks for with a code or a refresh token.
pub(super) struct Use {
    pub(super) id: ConsentId,
    pub(super) client: ClientId,
    pub(super) token: TokenId,
    pub(super) expires: Timestamp,
    pub(super) is_first: bool,
}

/// A client gets tokens for what was granted.
pub(super) fn spend(request: &Request<'_>, draft: Draft, ask: &Use) -> Verdict {
    let facts = request.facts;
    let consent = facts.consent.as_ref().filter(|consent| {
        consent.client == ask.client && !consent.revoked && consent.used != ask.is_first
    });
    let (Some(consent), Some(known)) = (consent, facts.client.as_ref()) else {
        let step = TraceStep::failed(Stage::Match, "what was granted is used up or revoked");
        return Err(draft.refuse(RefusalKind::Forbidden, "OAUTH_CODE", step));
    };
    let mut changes = Vec::new();
    let mut draft = draft;
    if ask.is_first {
        let roles = &request.policy.roles;
        let teams = facts.team_roles.as_deref().unwrap_or_default();
        let granter = facts.member.as_ref();
        if !granter.is_some_and(|it| effective::access(roles, it, teams).is_admin) {
            let what = format!(
                "{} granted this and is no active admin any more",
                consent.admin
            );
            let step = TraceStep::failed(Stage::Guard, what);
            return Err(draft.refuse(RefusalKind::Forbidden, "OAUTH_CODE", step));
        }
        draft = room_for(request, draft, Some(&known.name))?;
        let connection = granted(request, &known.name, &known.redirect_uris, &consent.admin);
        changes.extend(connection.map(|connection| with_connection(request, connection)));
        if !facts.other_consents.is_empty() {
            let rotation = request.policy.scim.rotation;
            draft.policy(
                "scim.rotation",
                rotation,
                "what granting anew does to the grant before",
            );
            if rotation == Rotation::Instant {
                let ended = facts.other_consents.iter();
                changes.extend(ended.map(|id| Change::ConsentRevoked {
                    id: *id,
                    client: ask.client,
                    name: known.name.clone(),
                }));
            }
        }
    }
    changes.push(Change::ConsentUsed {
        id: ask.id,
        client: ask.client,
        name: known.name.clone(),
        is_first: ask.is_first,
    });
    let issue = client::NewAccessToken {
        id: ask.token,
        client: ask.client,
        scope: "scim",
        expires: ask.expires,
        consent: Some(ask.id),
    };
    client::issue_with(facts, draft, changes, &issue)
}

/// Ends what was granted.
pub(super) fn revoke(
    request: &Request<'_>,
    mut draft: Draft,
    id: ConsentId,
    is_reused: bool,
) -> Verdict {
    let Some(consent) = &request.facts.consent else {
        return Err(unknown(draft, "nothing of the kind was granted"));
    };
    if consent.revoked {
        return Ok(draft.done(Vec::new()));
    }
    let name = request
        .facts
        .client
        .as_ref()
        .map(|known| known.name.clone())
        .unwrap_or_default();
    if is_reused {
        // Somebody else may have a copy: as bad as a credential that has got out.
        draft.raise(Raised {
            code: "OAUTH_REUSE",
            severity: IncidentSeverity::Critical,
            key: consent.client.to_string(),
            subject: IncidentSubject::thing(format!("OAuth client {name}")),
            held: None,
        });
    }
    Ok(draft.done(vec![Change::ConsentRevoked {
        id,
        client: consent.client,
        name,
    }]))
}

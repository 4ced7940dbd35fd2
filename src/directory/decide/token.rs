//! Bearer tokens: issued and revoked by admins only.

use super::verdict::{Draft, Verdict};
use crate::directory::change::Change;
use crate::directory::decision::{RefusalKind, Stage, TraceStep};
use crate::directory::facts::Facts;
use crate::directory::ids::TokenId;

/// How long the name of a token may be, in characters.
const MAX_NAME: usize = 64;

pub(super) fn issue(
    facts: &Facts,
    mut draft: Draft,
    id: TokenId,
    name: &str,
    scope: &str,
) -> Verdict {
    let length = name.chars().count();
    if length == 0 || length > MAX_NAME || name.chars().any(char::is_control) {
        let step = TraceStep::failed(
            Stage::Match,
            "a token needs a name of 1 to 64 printable characters",
        )
        .comparing("1 to 64 characters", format!("{length}"));
        return Err(draft.refuse(RefusalKind::Invalid, "BAD_VALUE", step));
    }
    if facts.token.as_ref().is_some_and(|token| !token.revoked) {
        let what =
            format!("a token named {name} is in use; choose another name or revoke it first");
        return Err(draft.refuse(
            RefusalKind::Uniqueness,
            "TOKEN_NAME",
            TraceStep::failed(Stage::Match, what),
        ));
    }
    draft.step(TraceStep::passed(
        Stage::Match,
        format!("no live token is named {name}"),
    ));
    Ok(draft.done(vec![Change::TokenIssued {
        id,
        name: name.to_owned(),
        scope: scope.to_owned(),
    }]))
}

pub(super) fn revoke(facts: &Facts, draft: Draft, id: TokenId) -> Verdict {
    let Some(token) = &facts.token else {
        let step = TraceStep::failed(Stage::Match, "there is no such token");
        return Err(draft.refuse(RefusalKind::NotFound, "NOT_FOUND", step));
    };
    if token.revoked {
        return Ok(draft.done(Vec::new()));
    }
    Ok(draft.done(vec![Change::TokenRevoked {
        id,
        name: token.name.clone(),
    }]))
}

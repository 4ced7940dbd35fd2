//! Everybody whom identity providers provisioned goes at once, and nobody else.

use super::Request;
use crate::directory::change::Change;
use crate::directory::decide::verdict::{Draft, Verdict};

/// `facts.purged` are those who go. Members of Provost's own, the owner and recovery admins are never among them.
pub(in crate::directory::decide) fn purge(request: &Request<'_>, draft: Draft) -> Verdict {
    let purged = &request.facts.purged;
    if purged.is_empty() {
        return Ok(draft.done(Vec::new()));
    }
    let removed = purged.iter().map(|member| Change::MemberRemoved {
        before: Box::new(member.clone()),
    });
    let mut changes: Vec<Change> = removed.collect();
    changes.push(Change::ScimUsersDeleted {
        members: purged.len() as u64,
    });
    Ok(draft.done(changes))
}

//! Every team that an identity provider rules goes at once, and no other.

use super::lock;
use super::membership::left;
use crate::directory::change::Change;
use crate::directory::decide::Request;
use crate::directory::decide::verdict::Draft;
use crate::directory::decision::{Decision, Stage, TraceStep};

/// `facts.purged_teams` are those that go. What `teams.locked_fields` keeps from an admin are edits that the next push takes
/// back; who purges is told that a push may also bring the teams back.
pub(in crate::directory::decide) fn purge(request: &Request<'_>, mut draft: Draft) -> Decision {
    let purged = &request.facts.purged_teams;
    if purged.is_empty() {
        return draft.done(Vec::new());
    }
    if lock::is_syncing(request) {
        let what = "groups are taken: the identity provider may push these teams again; turn team sync off first where it shall not";
        draft.step(TraceStep::noted(Stage::Policy, what));
    }
    let mut changes = Vec::new();
    for (team, members) in purged {
        changes.extend(
            members
                .iter()
                .map(|(member, name)| left(team, *member, name)),
        );
        changes.push(Change::TeamRemoved {
            before: Box::new(team.clone()),
        });
    }
    changes.push(Change::ScimGroupsDeleted {
        teams: purged.len() as u64,
    });
    draft.done(changes)
}

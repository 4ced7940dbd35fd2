//! Keys that belong to members: they end with their owner's access, in the same commit, and never come back.

use crate::directory::change::Change;
use crate::directory::decision::{Decision, Stage, TraceStep};
use crate::directory::facts::{Facts, OwnedKey};
use crate::directory::ids::MemberId;

/// Adds to a decision the end of the keys whose owners lose their access by it.
pub(super) fn end_with_owner(facts: &Facts, mut decision: Decision) -> Decision {
    if facts.owned_keys.is_empty() {
        return decision;
    }
    let gone: Vec<MemberId> = decision.changes.iter().filter_map(loses_access).collect();
    let keys: Vec<&OwnedKey> = facts
        .owned_keys
        .iter()
        .filter(|key| gone.contains(&key.owner))
        .collect();
    for key in &keys {
        let what = match facts.settings.connection(&key.name) {
            Some(connection) => format!(
                "the key {} ends with this member, and with it the connection of {}: it provisions nobody from now on",
                key.name,
                connection.title()
            ),
            None => format!(
                "the key {} ends with this member; whoever uses it is refused from now on",
                key.name
            ),
        };
        // What an admin is told beside the answer, and before it where they only ask.
        decision.trace.push(TraceStep::noted(Stage::Guard, what));
    }
    decision
        .changes
        .extend(keys.iter().map(|key| Change::TokenRevoked {
            id: key.id,
            name: key.name.clone(),
        }));
    decision
}

/// The member who may sign in before a change and may not after it.
fn loses_access(change: &Change) -> Option<MemberId> {
    match change {
        Change::MemberRemoved { before } => Some(before.id),
        Change::MemberUpdated { before, after } => {
            let had = before.deleted.is_none() && before.is_active();
            let has = after.deleted.is_none() && after.is_active();
            (had && !has).then_some(after.id)
        }
        _ => None,
    }
}

//! PATCH operations on `members`, played in their order onto an edit that names only those it touches.

use std::collections::BTreeSet;

use serde_json::json;

use crate::directory::{MemberId, MembersEdit};
use crate::scim::filter::Filter;
use crate::scim::{Attributes, MemberReference, MembersOp};

/// The state after some operations: perhaps a whole new membership, and who joins or leaves on top of it.
#[derive(Debug, Default)]
pub(super) struct Edited {
    replaced: Option<BTreeSet<MemberId>>,
    removed: BTreeSet<MemberId>,
    added: BTreeSet<MemberId>,
    references: BTreeSet<String>,
    dropped: BTreeSet<String>,
}

impl Edited {
    /// Plays one operation. A filter that comes back has to be matched against the membership by the caller.
    pub(super) fn apply(&mut self, operation: MembersOp) -> Option<Filter> {
        match operation {
            MembersOp::Replace(references) => {
                let (ids, references) = parted(&references);
                *self = Self {
                    replaced: Some(ids.into_iter().collect()),
                    references: references.into_iter().collect(),
                    ..Self::default()
                };
            }
            MembersOp::Clear => {
                *self = Self {
                    replaced: Some(BTreeSet::new()),
                    ..Self::default()
                }
            }
            MembersOp::Add(references) => {
                let (ids, references) = parted(&references);
                for id in ids {
                    self.removed.remove(&id);
                    self.added.insert(id);
                }
                for reference in references {
                    self.dropped.remove(&reference);
                    self.references.insert(reference);
                }
            }
            MembersOp::Remove(names) => {
                for name in names {
                    match name.parse() {
                        Ok(id) => self.remove([id]),
                        // Perhaps the team waits for them.
                        Err(_) => {
                            self.references.remove(&name);
                            self.dropped.insert(name);
                        }
                    }
                }
            }
            MembersOp::RemoveMatching(filter) => return Some(filter),
        }
        None
    }

    /// Removes these.
    pub(super) fn remove(&mut self, ids: impl IntoIterator<Item = MemberId>) {
        for id in ids {
            self.added.remove(&id);
            self.removed.insert(id);
        }
    }

    /// Who would join, as far as is known.
    pub(super) fn added(&self) -> Vec<MemberId> {
        self.added
            .iter()
            .chain(self.replaced.iter().flatten())
            .copied()
            .collect()
    }

    pub(super) fn into_edit(self) -> MembersEdit {
        MembersEdit {
            replace: self.replaced.map(|ids| ids.into_iter().collect()),
            remove: self.removed.into_iter().collect(),
            add: self.added.into_iter().collect(),
            references: self.references.into_iter().collect(),
            dropped: self.dropped.into_iter().collect(),
        }
    }
}

/// References that are ids of ours, and those that are not.
pub(super) fn parted(references: &[MemberReference]) -> (Vec<MemberId>, Vec<String>) {
    let mut ids = Vec::with_capacity(references.len());
    let mut others = Vec::new();
    for reference in references {
        match reference.value.parse() {
            Ok(id) => ids.push(id),
            Err(_) => others.push(reference.value.clone()),
        }
    }
    (ids, others)
}

/// Which of these a filter on `members` selects.
pub(super) fn matching<'a>(
    filter: &Filter,
    members: impl Iterator<Item = (&'a MemberId, &'a String)>,
) -> Vec<MemberId> {
    members
        .filter(|(id, name)| {
            let mut team = Attributes::new();
            team.insert(
                "members".into(),
                json!([{ "value": id.to_string(), "display": name, "type": "User" }]),
            );
            filter.matches(&team)
        })
        .map(|(id, _)| *id)
        .collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn id(n: u128) -> MemberId {
        MemberId(Uuid::from_u128(n))
    }

    fn play(operations: Vec<MembersOp>) -> MembersEdit {
        let mut edited = Edited::default();
        for operation in operations {
            assert!(edited.apply(operation).is_none());
        }
        edited.into_edit()
    }

    fn reference(n: u128) -> MemberReference {
        MemberReference::new(id(n).to_string())
    }

    #[test]
    fn the_last_word_on_a_member_counts() {
        let edit = play(vec![
            MembersOp::Add(vec![reference(1), reference(2)]),
            MembersOp::Remove(vec![id(1).to_string()]),
            MembersOp::Remove(vec![id(3).to_string()]),
            MembersOp::Add(vec![reference(3)]),
        ]);
        assert_eq!(
            edit,
            MembersEdit {
                replace: None,
                remove: vec![id(1)],
                add: vec![id(2), id(3)],
                ..MembersEdit::default()
            }
        );
    }

    #[test]
    fn a_replace_forgets_what_came_before() {
        let edit = play(vec![
            MembersOp::Add(vec![reference(1)]),
            MembersOp::Replace(vec![reference(2)]),
            MembersOp::Add(vec![reference(3)]),
        ]);
        assert_eq!(
            edit,
            MembersEdit {
                replace: Some(vec![id(2)]),
                add: vec![id(3)],
                ..MembersEdit::default()
            }
        );
    }

    #[test]
    fn who_is_no_id_of_ours_is_carried_along() {
        let named = |name: &str| MemberReference::new(name.to_owned());
        let edit = play(vec![
            MembersOp::Add(vec![reference(1), named("e-1"), named("e-2")]),
            MembersOp::Remove(vec!["e-1".into(), "e-3".into()]),
            MembersOp::Add(vec![named("e-3")]),
        ]);
        assert_eq!(edit.add, [id(1)]);
        assert_eq!(edit.references, ["e-2", "e-3"]);
        assert_eq!(edit.dropped, ["e-1"]);
    }
}

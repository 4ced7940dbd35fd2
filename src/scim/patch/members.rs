//! What a PATCH does to a Group's members, in order, without knowing who they are.

use serde_json::Value;

use super::PatchOp;
use crate::scim::dialect::{self, Notes};
use crate::scim::error::{ScimError, ScimType};
use crate::scim::filter::Filter;
use crate::scim::limits;
use crate::scim::normalise::{MemberReference, read_members};
use crate::scim::path::AttributePath;

/// What happens to the members, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MembersPatch {
    /// The steps. Neighbours of one kind are one step.
    pub operations: Vec<MembersOp>,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub enum MembersOp {
    /// Exactly these are members.
    Replace(Vec<MemberReference>),
    /// These are members too. Those who are already stay.
    Add(Vec<MemberReference>),
    /// The members with these ids are none any more. Those who are none already stay so.
    Remove(Vec<String>),
    /// The members that meet the filter are none any more. Its paths are `members.value`, `members.display`,
    /// `members.type` and `members.$ref`.
    RemoveMatching(Filter),
    /// Nobody is a member.
    Clear,
}

impl MembersPatch {
    /// Whether the members stay as they are.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// How many ids the steps name.
    pub fn named(&self) -> usize {
        let named = |op: &MembersOp| match op {
            MembersOp::Replace(members) | MembersOp::Add(members) => members.len(),
            MembersOp::Remove(ids) => ids.len(),
            MembersOp::RemoveMatching(_) | MembersOp::Clear => 0,
        };
        self.operations.iter().map(named).sum()
    }

    fn push(&mut self, op: MembersOp) {
        match (self.operations.last_mut(), op) {
            (Some(MembersOp::Add(last)), MembersOp::Add(more)) => last.extend(more),
            (Some(MembersOp::Remove(last)), MembersOp::Remove(more)) => last.extend(more),
            (_, op) => self.operations.push(op),
        }
    }

    /// Records an operation on `members`, or on those of them that the filter selects.
    pub(super) fn record(
        &mut self,
        op: PatchOp,
        filter: Option<Filter>,
        value: Option<&Value>,
        notes: &mut Notes,
    ) -> Result<(), ScimError> {
        match filter {
            None => self.record_all(op, value, notes),
            Some(filter) => self.record_selected(op, filter, value, notes),
        }
    }

    fn record_all(
        &mut self,
        op: PatchOp,
        value: Option<&Value>,
        notes: &mut Notes,
    ) -> Result<(), ScimError> {
        match op {
            PatchOp::Add => {
                let members = read_members(required(op, value)?, notes)?;
                if !members.is_empty() {
                    self.push(MembersOp::Add(members));
                }
            }
            PatchOp::Replace => {
                let members = read_members(required(op, value)?, notes)?;
                self.push(if members.is_empty() {
                    MembersOp::Clear
                } else {
                    MembersOp::Replace(members)
                });
            }
            PatchOp::Remove => match value {
                None | Some(Value::Null) => self.push(MembersOp::Clear),
                Some(value) => {
                    let ids: Vec<String> = read_members(value, notes)?
                        .into_iter()
                        .map(|member| member.value)
                        .collect();
                    notes.add(
                        &dialect::REMOVE_BY_VALUE,
                        format!("remove members names {}; only those are removed", ids.len()),
                    );
                    if !ids.is_empty() {
                        self.push(MembersOp::Remove(ids));
                    }
                }
            },
        }
        Ok(())
    }

    fn record_selected(
        &mut self,
        op: PatchOp,
        filter: Filter,
        value: Option<&Value>,
        notes: &mut Notes,
    ) -> Result<(), ScimError> {
        let replacement = match op {
            PatchOp::Remove => None,
            PatchOp::Add | PatchOp::Replace => Some(read_members(required(op, value)?, notes)?),
        };
        if op != PatchOp::Add {
            let ids = filter
                .listed_values(&AttributePath::core_sub("members", "value"))
                .map(|ids| ids.into_iter().map(str::to_owned).collect());
            self.push(ids.map_or(MembersOp::RemoveMatching(filter), MembersOp::Remove));
        }
        if let Some(members) = replacement.filter(|members| !members.is_empty()) {
            self.push(MembersOp::Add(members));
        }
        Ok(())
    }

    pub(super) fn check_limit(&self) -> Result<(), ScimError> {
        if self.named() > limits::MEMBERS {
            return Err(ScimError::bad_request(
                ScimType::TooMany,
                format!("more than {} members named in one request", limits::MEMBERS),
            ));
        }
        Ok(())
    }
}

fn required(op: PatchOp, value: Option<&Value>) -> Result<&Value, ScimError> {
    value.ok_or_else(|| {
        ScimError::invalid_value("members", format!("{} needs a value", op.as_str()))
    })
}

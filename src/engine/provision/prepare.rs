//! From a request to a command: parse, tolerate the dialect, load the target, apply the PATCH.

use serde_json::Value;
use uuid::Uuid;

use super::Failure;
use super::group_edit::{self, Edited};
use super::read::{lists_version, no_resource, object_kind};
use crate::directory::policy::UnknownMember;
use crate::directory::{Attributes, Command, Extent, MemberId, MembersEdit, TeamId};
use crate::engine::Engine;
use crate::engine::call::{Operation, ScimCall};
use crate::request_log::Subject;
use crate::scim::{
    Coercion, MemberReference, MembersPatch, PatchRequest, PatchTarget, ResourceKind, ScimError,
    ScimType, normalise,
};

/// A write, ready to be decided.
pub(super) struct Prepared {
    pub(super) command: Command,
    pub(super) notes: Vec<Coercion>,
    pub(super) subject: Subject,
    /// The version of the target the command was made from; facts that show another one make it stale.
    pub(super) base_version: Option<u64>,
}

/// What of the target a command is made from.
struct Target {
    id: Uuid,
    version: u64,
    attributes: Attributes,
    label: String,
}

impl Engine {
    /// Prepares a write. `body` is `Null` for DELETE.
    pub(super) async fn prepare(&self, call: &ScimCall, body: &Value) -> Result<Prepared, Failure> {
        match &call.operation {
            Operation::Create(kind) => self.prepare_create(*kind, body),
            Operation::Replace(kind, id) => self.prepare_replace(call, *kind, id, body).await,
            Operation::Patch(kind, id) => self.prepare_patch(call, *kind, id, body).await,
            Operation::Delete(kind, id) => self.prepare_delete(call, *kind, id).await,
            _ => Err(ScimError::new(405, "this method changes nothing here").into()),
        }
    }

    fn prepare_create(&self, kind: ResourceKind, body: &Value) -> Result<Prepared, Failure> {
        let normalised = normalise(&self.registry, kind, body, None)
            .map_err(|error| named(kind, body, error))?;
        let id = Uuid::now_v7();
        let mut notes = normalised.notes;
        let label = label(kind, &normalised.attributes);
        let command = match kind {
            ResourceKind::User => Command::CreateMember {
                id: MemberId(id),
                attributes: normalised.attributes,
                owner: false,
            },
            ResourceKind::Group => {
                let members = self.member_ids(
                    normalised.members.as_deref().unwrap_or_default(),
                    &mut notes,
                )?;
                Command::CreateTeam {
                    id: TeamId(id),
                    attributes: normalised.attributes,
                    members,
                }
            }
        };
        let subject = Subject {
            kind: object_kind(kind),
            id: None,
            label,
        };
        Ok(Prepared {
            command,
            notes,
            subject,
            base_version: None,
        })
    }

    async fn prepare_replace(
        &self,
        call: &ScimCall,
        kind: ResourceKind,
        id: &str,
        body: &Value,
    ) -> Result<Prepared, Failure> {
        let target = self.target(kind, id).await?;
        let subject = target.subject(kind);
        let normalised = normalise(&self.registry, kind, body, Some(&target.attributes))
            .map_err(|error| with_subject(error, &subject))?;
        let mut notes = normalised.notes;
        let if_version = insisted(call, target.version);
        let command = match kind {
            ResourceKind::User => Command::UpdateMember {
                id: MemberId(target.id),
                attributes: normalised.attributes,
                extent: Extent::Whole,
                if_version,
            },
            ResourceKind::Group => {
                // RFC 7644 §3.5.1: what a PUT leaves out is cleared; a group without `members` has none.
                let members = self.member_ids(
                    normalised.members.as_deref().unwrap_or_default(),
                    &mut notes,
                )?;
                Command::UpdateTeam {
                    id: TeamId(target.id),
                    attributes: Some(normalised.attributes),
                    members: MembersEdit {
                        replace: Some(members),
                        ..MembersEdit::default()
                    },
                    if_version,
                }
            }
        };
        Ok(Prepared {
            command,
            notes,
            subject,
            base_version: Some(target.version),
        })
    }

    async fn prepare_patch(
        &self,
        call: &ScimCall,
        kind: ResourceKind,
        id: &str,
        body: &Value,
    ) -> Result<Prepared, Failure> {
        let target = self.target(kind, id).await?;
        let subject = target.subject(kind);
        let request = PatchRequest::parse(body).map_err(|error| with_subject(error, &subject))?;
        let patched = request
            .apply(
                &self.registry,
                &PatchTarget {
                    kind,
                    id,
                    attributes: &target.attributes,
                },
            )
            .map_err(|error| with_subject(error, &subject))?;
        let mut notes = patched.notes;
        let if_version = insisted(call, target.version);
        let command = match kind {
            ResourceKind::User => Command::UpdateMember {
                id: MemberId(target.id),
                attributes: patched.attributes,
                extent: Extent::Part,
                if_version,
            },
            ResourceKind::Group => {
                let id = TeamId(target.id);
                let members = self.members_edit(id, patched.members, &mut notes).await?;
                let attributes =
                    (patched.attributes != target.attributes).then_some(patched.attributes);
                Command::UpdateTeam {
                    id,
                    attributes,
                    members,
                    if_version,
                }
            }
        };
        // A membership edit alone commutes with others and needs no version; attributes were computed from this one.
        let commutes = matches!(
            &command,
            Command::UpdateTeam {
                attributes: None,
                ..
            }
        );
        Ok(Prepared {
            command,
            notes,
            subject,
            base_version: (!commutes).then_some(target.version),
        })
    }

    async fn prepare_delete(
        &self,
        call: &ScimCall,
        kind: ResourceKind,
        id: &str,
    ) -> Result<Prepared, Failure> {
        let target = self.target(kind, id).await?;
        let if_version = insisted(call, target.version);
        let command = match kind {
            ResourceKind::User => Command::DeleteMember {
                id: MemberId(target.id),
                if_version,
            },
            ResourceKind::Group => Command::DeleteTeam {
                id: TeamId(target.id),
                if_version,
            },
        };
        let subject = target.subject(kind);
        Ok(Prepared {
            command,
            notes: Vec::new(),
            subject,
            base_version: Some(target.version),
        })
    }

    async fn target(&self, kind: ResourceKind, id: &str) -> Result<Target, Failure> {
        let Ok(uuid) = Uuid::parse_str(id) else {
            return Err(no_resource(kind).into());
        };
        let target = match kind {
            ResourceKind::User => self
                .store
                .member(MemberId(uuid), false)
                .await?
                .map(|member| Target {
                    id: uuid,
                    version: member.version,
                    label: member.user_name().to_owned(),
                    attributes: member.attributes,
                }),
            ResourceKind::Group => self.store.team(TeamId(uuid)).await?.map(|team| Target {
                id: uuid,
                version: team.version,
                label: team.display_name().to_owned(),
                attributes: team.attributes,
            }),
        };
        target.ok_or_else(|| no_resource(kind).into())
    }

    /// The operations on `members`, in order, as one edit.
    async fn members_edit(
        &self,
        team: TeamId,
        operations: MembersPatch,
        notes: &mut Vec<Coercion>,
    ) -> Result<MembersEdit, Failure> {
        let mut edited = Edited::default();
        for operation in operations.operations {
            if let Some(filter) =
                edited.apply(operation, |references| self.member_ids(references, notes))?
            {
                let current = self.store.members_in(team, None).await?;
                edited.remove(group_edit::matching(&filter, current.iter()));
                let added = self.store.known_members(&edited.added()).await?;
                edited.remove(group_edit::matching(&filter, added.iter()));
            }
        }
        Ok(edited.into_edit())
    }

    /// The ids of member references. One that is no id of ours names nobody here.
    fn member_ids(
        &self,
        references: &[MemberReference],
        notes: &mut Vec<Coercion>,
    ) -> Result<Vec<MemberId>, Failure> {
        let mut ids = Vec::with_capacity(references.len());
        for reference in references {
            match reference.value.parse() {
                Ok(id) => ids.push(id),
                Err(_) if self.policy.teams.unknown_member == UnknownMember::SkipReport => notes
                    .push(Coercion {
                        rule: "unknown-member",
                        detail: format!(
                            "member {:?} not found; left out",
                            shortened(&reference.value)
                        ),
                    }),
                Err(_) => {
                    let detail = format!("member {} not found", shortened(&reference.value));
                    return Err(ScimError::bad_request(ScimType::InvalidValue, detail)
                        .with_code("GROUP_FIRST")
                        .into());
                }
            }
        }
        Ok(ids)
    }
}

impl Target {
    fn subject(&self, kind: ResourceKind) -> Subject {
        Subject {
            kind: object_kind(kind),
            id: Some(self.id.to_string()),
            label: self.label.clone(),
        }
    }
}

/// Reads a body that must be a JSON object.
pub(super) fn parse_body(body: &[u8]) -> Result<Value, ScimError> {
    if body.is_empty() {
        return Err(
            ScimError::invalid_syntax("the body is empty; it must be a JSON object")
                .with_code("BAD_JSON"),
        );
    }
    // serde_json refuses to nest deeper than 128 levels.
    match serde_json::from_slice(body) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => {
            Err(ScimError::invalid_syntax("the body must be a JSON object").with_code("BAD_JSON"))
        }
        Err(error) => {
            let detail = format!(
                "the body is not JSON: line {}, column {}",
                error.line(),
                error.column()
            );
            Err(ScimError::invalid_syntax(detail).with_code("BAD_JSON"))
        }
    }
}

/// The version that `If-Match` insists on (RFC 9110 §13.1.1): the current one if it is listed, else the first that is,
/// or one that no resource ever has.
fn insisted(call: &ScimCall, current: u64) -> Option<u64> {
    let list = call.if_match.as_deref()?;
    if lists_version(list, current) {
        return Some(current);
    }
    let number = |tag: &str| {
        tag.trim()
            .trim_start_matches("W/")
            .trim_matches('"')
            .parse()
            .ok()
    };
    Some(list.split(',').find_map(number).unwrap_or(0))
}

fn label(kind: ResourceKind, attributes: &Attributes) -> String {
    let name = match kind {
        ResourceKind::User => "userName",
        ResourceKind::Group => "displayName",
    };
    attributes
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// A body that does not fit the schema still says whom it was about.
fn named(kind: ResourceKind, body: &Value, error: ScimError) -> Failure {
    let label = body
        .as_object()
        .map(|body| label(kind, body))
        .unwrap_or_default();
    let subject = Subject {
        kind: object_kind(kind),
        id: None,
        label: shortened(&label),
    };
    Failure {
        subject: (!subject.label.is_empty()).then_some(subject),
        ..error.into()
    }
}

fn with_subject(error: ScimError, subject: &Subject) -> Failure {
    Failure {
        subject: Some(subject.clone()),
        ..error.into()
    }
}

fn shortened(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_control())
        .take(80)
        .collect()
}

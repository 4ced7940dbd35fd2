//! From a request to a command: parse, tolerate the dialect, load the target, apply the PATCH.

use serde_json::Value;
use uuid::Uuid;

use super::Failure;
use super::group_edit::{self, Edited};
use super::manager::without_location;
use super::precondition::insist;
use super::read::{no_resource, object_kind};
use crate::directory::{
    Attributes, Command, Extent, Facts, Member, MemberId, MembersEdit, ObjectKind, Team, TeamId,
    TeamSource,
};
use crate::engine::Engine;
use crate::engine::call::{Operation, ScimCall};
use crate::request_log::Subject;
use crate::scim::dialect::quoted;
use crate::scim::json::{self, Unreadable};
use crate::scim::{
    Coercion, MembersPatch, PasswordEdit, PatchRequest, PatchTarget, ResourceKind, ScimError,
    ScimType, normalise,
};

/// How many members the filters of one PATCH look at, each time counted. One filter over the largest team is within it.
const LOOKED_AT: usize = 500_000;

/// A write, ready to be decided.
pub(super) struct Prepared {
    pub(super) command: Command,
    pub(super) notes: Vec<Coercion>,
    pub(super) subject: Subject,
    /// The target that the command was made from. The commit insists on its version where it matters.
    pub(super) known: Facts,
    /// What happens to the member's password.
    pub(super) password: Option<PasswordEdit>,
}

/// What a command is made from.
enum Target {
    Member(Member),
    Team(Team),
}

impl Engine {
    /// Prepares a write. `body` is `Null` for DELETE.
    pub(super) async fn prepare(&self, call: &ScimCall, body: &Value) -> Result<Prepared, Failure> {
        let mut prepared = match &call.operation {
            Operation::Create(kind) => self.prepare_create(*kind, body)?,
            Operation::Replace(kind, id) => self.prepare_replace(call, *kind, id, body).await?,
            Operation::Patch(kind, id) => self.prepare_patch(call, *kind, id, body).await?,
            Operation::Delete(kind, id) => self.prepare_delete(call, *kind, id).await?,
            _ => return Err(ScimError::new(405, "this method changes nothing here").into()),
        };
        without_location(&mut prepared.command, &call.base_url);
        Ok(prepared)
    }

    fn prepare_create(&self, kind: ResourceKind, body: &Value) -> Result<Prepared, Failure> {
        let normalised = normalise(&self.registry, kind, body, None)
            .map_err(|error| named(kind, body, error))?;
        let id = Uuid::now_v7();
        let notes = normalised.notes;
        let password = normalised.password.map(PasswordEdit::Set);
        let label = label(kind, &normalised.attributes);
        let command = match kind {
            ResourceKind::User => Command::CreateMember {
                id: MemberId(id),
                attributes: normalised.attributes,
                owner: false,
            },
            ResourceKind::Group => {
                let named = normalised.members.as_deref().unwrap_or_default();
                let (members, references) = group_edit::parted(named);
                Command::CreateTeam {
                    id: TeamId(id),
                    attributes: normalised.attributes,
                    members,
                    references,
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
            known: Facts::default(),
            password,
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
        let subject = target.subject();
        let if_version = target.insist(call, &subject)?;
        let normalised = normalise(&self.registry, kind, body, Some(target.attributes()))
            .map_err(|error| with_subject(error, &subject))?;
        let notes = normalised.notes;
        // `writeOnly`: a PUT that does not name it leaves it as it is.
        let password = normalised.password.map(PasswordEdit::Set);
        let command = match kind {
            ResourceKind::User => Command::UpdateMember {
                id: MemberId(target.id()),
                attributes: normalised.attributes,
                extent: Extent::Whole,
                if_version,
            },
            ResourceKind::Group => {
                // RFC 7644 §3.5.1: what a PUT leaves out is cleared; a group without `members` has none.
                let named = normalised.members.as_deref().unwrap_or_default();
                let (members, references) = group_edit::parted(named);
                Command::UpdateTeam {
                    id: TeamId(target.id()),
                    attributes: Some(normalised.attributes),
                    members: MembersEdit {
                        replace: Some(members),
                        references,
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
            known: target.into_facts(),
            password,
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
        let subject = target.subject();
        let if_version = target.insist(call, &subject)?;
        let request = PatchRequest::parse(body).map_err(|error| with_subject(error, &subject))?;
        let patched = request
            .apply(
                &self.registry,
                &PatchTarget {
                    kind,
                    id,
                    attributes: target.attributes(),
                },
            )
            .map_err(|error| with_subject(error, &subject))?;
        let notes = patched.notes;
        let password = patched.password;
        let extent = if request.names("active") {
            Extent::PartWithActive
        } else {
            Extent::Part
        };
        let command = match kind {
            ResourceKind::User => Command::UpdateMember {
                id: MemberId(target.id()),
                attributes: patched.attributes,
                extent,
                if_version,
            },
            ResourceKind::Group => {
                let id = TeamId(target.id());
                let members = self
                    .members_edit(id, patched.members)
                    .await
                    .map_err(|failure| failure.after(notes.clone()))?;
                let attributes =
                    (patched.attributes != *target.attributes()).then_some(patched.attributes);
                Command::UpdateTeam {
                    id,
                    attributes,
                    members,
                    if_version,
                }
            }
        };
        Ok(Prepared {
            command,
            notes,
            subject,
            known: target.into_facts(),
            password,
        })
    }

    async fn prepare_delete(
        &self,
        call: &ScimCall,
        kind: ResourceKind,
        id: &str,
    ) -> Result<Prepared, Failure> {
        let target = self.target(kind, id).await?;
        let subject = target.subject();
        let if_version = target.insist(call, &subject)?;
        let command = match kind {
            ResourceKind::User => Command::DeleteMember {
                id: MemberId(target.id()),
                if_version,
            },
            ResourceKind::Group => Command::DeleteTeam {
                id: TeamId(target.id()),
                if_version,
            },
        };
        Ok(Prepared {
            command,
            notes: Vec::new(),
            subject,
            known: target.into_facts(),
            password: None,
        })
    }

    async fn target(&self, kind: ResourceKind, id: &str) -> Result<Target, Failure> {
        let Ok(uuid) = Uuid::parse_str(id) else {
            return Err(no_resource(kind).into());
        };
        let target = match kind {
            ResourceKind::User => {
                let member = self.store.member(MemberId(uuid), false).await?;
                member.map(Target::Member)
            }
            ResourceKind::Group => {
                let team = self.store.team(TeamId(uuid)).await?;
                // RFC 7644 §3.6: gone to whoever deleted it, before any precondition could tell otherwise.
                team.filter(|team| team.source != TeamSource::Released)
                    .map(Target::Team)
            }
        };
        target.ok_or_else(|| no_resource(kind).into())
    }

    /// The operations on `members`, in order, as one edit.
    async fn members_edit(
        &self,
        team: TeamId,
        operations: MembersPatch,
    ) -> Result<MembersEdit, Failure> {
        let mut edited = Edited::default();
        let mut current = None;
        let mut looked_at = 0;
        for operation in operations.operations {
            let Some(filter) = edited.apply(operation) else {
                continue;
            };
            let current = match &mut current {
                Some(current) => current,
                none => none.insert(self.store.members_in(team, None).await?),
            };
            let added = edited.added();
            looked_at += current.len() + added.len();
            if looked_at > LOOKED_AT {
                return Err(ScimError::bad_request(
                    ScimType::TooMany,
                    format!(
                        "the filters look at more than {LOOKED_AT} members; select them by value, or send several requests"
                    ),
                )
                .into());
            }
            let added = self.store.known_members(&added).await?;
            edited.remove(group_edit::matching(&filter, current.iter()));
            edited.remove(group_edit::matching(&filter, added.iter()));
        }
        Ok(edited.into_edit())
    }
}

impl Target {
    /// The version to insist on, if the client set a condition and it holds.
    fn insist(&self, call: &ScimCall, subject: &Subject) -> Result<Option<u64>, Failure> {
        insist(call, self.version()).map_err(|failure| Failure {
            subject: Some(subject.clone()),
            ..failure
        })
    }

    fn id(&self) -> Uuid {
        match self {
            Self::Member(member) => member.id.0,
            Self::Team(team) => team.id.0,
        }
    }

    fn version(&self) -> u64 {
        match self {
            Self::Member(member) => member.version,
            Self::Team(team) => team.version,
        }
    }

    fn attributes(&self) -> &Attributes {
        match self {
            Self::Member(member) => &member.attributes,
            Self::Team(team) => &team.attributes,
        }
    }

    fn subject(&self) -> Subject {
        let (kind, label) = match self {
            Self::Member(member) => (ObjectKind::Member, member.user_name()),
            Self::Team(team) => (ObjectKind::Team, team.display_name()),
        };
        Subject {
            kind,
            id: Some(self.id().to_string()),
            label: label.to_owned(),
        }
    }

    fn into_facts(self) -> Facts {
        let mut facts = Facts::default();
        match self {
            Self::Member(member) => facts.member = Some(member),
            Self::Team(team) => facts.team = Some(team),
        }
        facts
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
    match json::parse(body) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => {
            Err(ScimError::invalid_syntax("the body must be a JSON object").with_code("BAD_JSON"))
        }
        Err(Unreadable::Syntax { line, column }) => {
            let detail = format!("the body is not JSON: line {line}, column {column}");
            Err(ScimError::invalid_syntax(detail).with_code("BAD_JSON"))
        }
        Err(Unreadable::Repeated(name)) => {
            let detail = format!(
                "the body names {} twice in one object; which one is meant cannot be told",
                quoted(&name)
            );
            Err(ScimError::invalid_syntax(detail).with_code("BAD_SYNTAX"))
        }
    }
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

//! A commit unit as the writer wants it: rows ready to bind. Everything that parses, folds, compares or formats happens
//! here, on the task of the caller; the writer thread only looks, binds and steps.

use std::collections::BTreeSet;

use serde_json::Value;
use uuid::Uuid;

use super::audit_text;
use super::failure::{Failure, Fallible};
use super::indexed::{self, Entry};
use super::log_line::ReadyLine;
use super::ready_events::{ReadyOutbox, StreamStep};
use super::values::{
    actor_word, int, kind_number, member_flags, nanos, origin_number, scope_word, source_number,
    team_flags,
};
use super::write::{GuardStep, ReadyGuards, incident_object};
use crate::directory::fold::fold;
use crate::directory::{Change, Member, Team, TokenId};
use crate::scim::ResourceKind;
use crate::store::commit::ClientCredentials;
use crate::store::rows::TokenScope;
use crate::store::{CommitUnit, Outbox, Precondition, StoreError, TokenSecret};

/// A commit unit, ready to be written.
#[derive(Debug)]
pub struct ReadyUnit {
    /// The time of the audit rows.
    pub at: i64,
    /// The word of the actor's kind.
    pub actor_kind: &'static str,
    /// The actor's name.
    pub actor: String,
    /// The policy key that decided.
    pub policy_key: Option<String>,
    /// What must still hold.
    pub preconditions: Vec<Precondition>,
    /// What changes, in order, each with its audit row.
    pub steps: Vec<(Step, ReadyAudit)>,
    /// The line of the request log.
    pub line: Option<ReadyLine>,
    /// A member's new password hash.
    pub password: Option<(Uuid, String)>,
    /// The account, as JSON.
    pub account: Option<String>,
    /// What others are to be told, if anybody is.
    pub outbox: Option<Box<ReadyOutbox>>,
    /// What the guards keep of it.
    pub guards: ReadyGuards,
}

/// The parts of an audit row that are known before its place is.
#[derive(Debug)]
pub struct ReadyAudit {
    /// The objects it is about.
    pub objects: (Uuid, Option<Uuid>),
    /// The change as text.
    pub change: String,
}

/// One change, ready to be written.
#[derive(Debug)]
pub enum Step {
    /// A resource comes to be.
    Create(Box<ReadyResource>),
    /// A resource changes.
    Update(Box<Update>),
    /// A resource is gone.
    Remove(Box<Removal>),
    /// A member joins a team.
    Join {
        /// The team.
        team: Uuid,
        /// The member.
        member: Uuid,
    },
    /// A member leaves a team.
    Leave {
        /// The team.
        team: Uuid,
        /// The member.
        member: Uuid,
    },
    /// A member's password is another one; the hash is that of the unit.
    SetPassword,
    /// A token is issued.
    IssueToken {
        /// Its name.
        name: String,
        /// The word of its scope.
        scope: &'static str,
        /// What is kept of its secret.
        secret: TokenSecret,
    },
    /// A token is revoked.
    RevokeToken {
        /// Which.
        id: Uuid,
    },
    /// Another secret takes the place of a token's.
    RotateToken {
        /// Which.
        id: Uuid,
        /// When the old one ends.
        expires: i64,
    },
    /// An OAuth client is registered.
    CreateClient {
        /// Its name.
        name: String,
        /// The word of its authentication.
        authentication: &'static str,
        /// What is kept of its credentials.
        credentials: ClientCredentials,
    },
    /// An OAuth client is revoked.
    RevokeClient {
        /// Which.
        id: Uuid,
    },
    /// An OAuth client fetched an access token.
    IssueAccessToken {
        /// Who.
        client: Uuid,
        /// The word of its scope.
        scope: &'static str,
        /// What is kept of its secret.
        secret: TokenSecret,
    },
    /// The settings change.
    ChangeSettings {
        /// The version they must have.
        before: i64,
        /// The version they have then.
        after: i64,
        /// As they are then, as JSON.
        settings: String,
    },
    /// An incident, or what is known of a recovery admin, changes.
    Guard(GuardStep),
    /// An event stream or a signing key changes.
    Events(Box<StreamStep>),
}

/// The columns of one resource, with its card and its index rows.
#[derive(Debug)]
pub struct ReadyResource {
    /// Users or groups.
    pub kind: ResourceKind,
    /// The id.
    pub id: Uuid,
    /// The folded userName or displayName.
    pub uname: String,
    /// The externalId.
    pub ext: Option<String>,
    /// The version.
    pub version: u64,
    /// When it was created.
    pub created: i64,
    /// When it changed.
    pub modified: i64,
    /// When it was soft-deleted.
    pub deleted: Option<i64>,
    /// The number of its origin or source.
    pub origin: i64,
    /// What it is told apart by; see [`member_flags`].
    pub flags: i64,
    /// The attributes as JSON text.
    pub doc: String,
    /// Whether it may sign in; false for a team.
    pub active: bool,
    /// Its card.
    pub card: Card,
    /// Its index rows.
    pub entries: BTreeSet<Entry>,
}

/// What a list searches and shows.
#[derive(Debug, PartialEq, Eq)]
pub struct Card {
    /// The name to show.
    pub name: String,
    /// `userName` as given; empty for a team.
    pub user_name: String,
    /// The folded name.
    pub sort_key: String,
    /// The other folded texts, separated by line feeds.
    pub text: String,
}

/// A resource before and after.
#[derive(Debug)]
pub struct Update {
    /// As the decision saw it; its document is left empty.
    pub before: ReadyResource,
    /// As it is now.
    pub after: ReadyResource,
}

/// A resource that goes.
#[derive(Debug)]
pub struct Removal {
    /// As the decision saw it; its document is left empty.
    pub before: ReadyResource,
    /// The whole object as JSON, for the tombstone.
    pub tombstone: String,
}

impl ReadyUnit {
    /// Makes rows of a unit.
    pub fn from_unit(unit: CommitUnit) -> Fallible<Self> {
        let mut kept = Kept {
            token: unit.token_secret,
            client: unit.client_credentials,
            outbox: unit.outbox,
        };
        let mut steps = Vec::with_capacity(unit.changes.len());
        for change in unit.changes {
            let audit = ReadyAudit {
                objects: objects(&change),
                change: audit_text::write(&change.view()),
            };
            steps.push((step(change, &mut kept)?, audit));
        }
        Ok(Self {
            at: nanos(unit.at),
            actor_kind: actor_word(unit.actor.kind),
            actor: unit.actor.name,
            policy_key: unit.policy_key,
            preconditions: unit.preconditions,
            steps,
            line: unit.exchange.as_ref().map(ReadyLine::from_exchange),
            password: unit.password_hash.map(|(member, hash)| (member.0, hash)),
            account: unit.account.as_ref().map(json).transpose()?,
            outbox: ReadyOutbox::from_outbox(kept.outbox)?,
            guards: ReadyGuards::new(
                unit.guards,
                unit.recovery,
                unit.exchange.as_ref().map(|exchange| exchange.row.id),
            ),
        })
    }
}

/// What is kept of the secrets that a unit's changes are about.
struct Kept {
    token: Option<TokenSecret>,
    client: Option<ClientCredentials>,
    outbox: Outbox,
}

impl Kept {
    fn token(&mut self, id: TokenId, name: &str) -> Fallible<TokenSecret> {
        self.token
            .take_if(|secret| secret.id == id)
            .ok_or_else(|| Failure::stale(format!("token {name} came without its hash")))
    }
}

fn known_scope(scope: &str, name: &str) -> Fallible<&'static str> {
    match scope {
        "scim" => Ok(scope_word(TokenScope::Scim)),
        "admin" => Ok(scope_word(TokenScope::Admin)),
        other => Err(Failure::stale(format!(
            "token {name} has the unknown scope {other}"
        ))),
    }
}

fn step(change: Change, kept: &mut Kept) -> Fallible<Step> {
    Ok(match change {
        Change::MemberCreated { after } => Step::Create(Box::new(member(&after, Doc::Written))),
        Change::MemberUpdated { before, after } => Step::Update(Box::new(Update {
            before: member(&before, Doc::LeftOut),
            after: member(&after, Doc::Written),
        })),
        Change::MemberRemoved { before } => Step::Remove(Box::new(Removal {
            tombstone: json(&before)?,
            before: member(&before, Doc::LeftOut),
        })),
        Change::PasswordSet { .. } => Step::SetPassword,
        Change::TeamCreated { after } => Step::Create(Box::new(team(&after, Doc::Written))),
        Change::TeamUpdated { before, after } => Step::Update(Box::new(Update {
            before: team(&before, Doc::LeftOut),
            after: team(&after, Doc::Written),
        })),
        Change::TeamRemoved { before } => Step::Remove(Box::new(Removal {
            tombstone: json(&before)?,
            before: team(&before, Doc::LeftOut),
        })),
        Change::MembershipAdded { team, member, .. } => Step::Join {
            team: team.0,
            member: member.0,
        },
        Change::MembershipRemoved { team, member, .. } => Step::Leave {
            team: team.0,
            member: member.0,
        },
        Change::TokenIssued { id, name, scope } => {
            let secret = kept.token(id, &name)?;
            Step::IssueToken {
                scope: known_scope(&scope, &name)?,
                name,
                secret,
            }
        }
        Change::TokenRevoked { id, .. } => Step::RevokeToken { id: id.0 },
        Change::TokenRotated { id, expires, .. } => Step::RotateToken {
            id: id.0,
            expires: nanos(expires),
        },
        Change::ClientCreated {
            id,
            name,
            authentication,
        } => {
            let credentials = kept.client.take_if(|it| it.id == id).ok_or_else(|| {
                Failure::stale(format!("client {name} came without its credentials"))
            })?;
            Step::CreateClient {
                name,
                authentication: authentication.as_str(),
                credentials,
            }
        }
        Change::ClientRevoked { id, .. } => Step::RevokeClient { id: id.0 },
        Change::AccessTokenIssued {
            id,
            client,
            name,
            scope,
            ..
        } => Step::IssueAccessToken {
            client: client.0,
            scope: known_scope(&scope, &name)?,
            secret: kept.token(id, &name)?,
        },
        Change::SettingsChanged { before, after } => Step::ChangeSettings {
            before: int(before.version),
            after: int(after.version),
            settings: json(&after)?,
        },
        Change::IncidentOpened { .. } => Step::Guard(GuardStep::Told),
        Change::IncidentTended { before, after } => Step::Guard(GuardStep::Tend {
            id: int(after.id.0),
            before: int(before.tended.version),
            after: int(after.tended.version),
            closed: after.tended.closed.map(nanos),
            ruled: after.tended.ruled.map(nanos),
            tended: json(&after.tended)?,
        }),
        Change::RecoveryProven { member, at, .. } => Step::Guard(GuardStep::Prove {
            member: member.0,
            at: nanos(at),
        }),
        Change::RecoveryCodesMade { member, .. } => {
            Step::Guard(GuardStep::MakeCodes { member: member.0 })
        }
        Change::RecoveryCodeUsed { member, .. } => {
            Step::Guard(GuardStep::SpendCode { member: member.0 })
        }
        Change::StreamCreated { .. }
        | Change::StreamUpdated { .. }
        | Change::StreamRemoved { .. }
        | Change::SigningKeyAdded { .. } => {
            Step::Events(Box::new(StreamStep::from_change(change, &mut kept.outbox)?))
        }
    })
}

/// Whether the document is needed. Of a resource as it was, only keys and index rows are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doc {
    Written,
    LeftOut,
}

fn member(member: &Member, doc: Doc) -> ReadyResource {
    let uname = member.user_name_key();
    let external_id = external_id(member.external_id());
    let name = member.display_name();
    let entries = indexed::entries(&member.attributes);
    let emails = entries
        .iter()
        .filter(|(number, _)| *number == indexed::EMAIL)
        .map(|(_, email)| email.as_str());
    let folded_ext = external_id.as_deref().map(fold);
    let mut text = String::with_capacity(64);
    for part in std::iter::once(uname.as_str())
        .chain(emails)
        .chain(folded_ext.as_deref())
    {
        if !text.split('\n').any(|before| before == part) {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(part);
        }
    }
    ReadyResource {
        kind: ResourceKind::User,
        id: member.id.0,
        card: Card {
            sort_key: fold(&name),
            user_name: member.user_name().to_owned(),
            name,
            text,
        },
        uname,
        ext: external_id,
        version: member.version,
        created: nanos(member.created),
        modified: nanos(member.modified),
        deleted: member.deleted.map(nanos),
        origin: origin_number(member.origin),
        flags: member_flags(member),
        doc: document(&member.attributes, doc),
        active: member.is_active(),
        entries,
    }
}

fn team(team: &Team, doc: Doc) -> ReadyResource {
    let name = team.display_name().to_owned();
    let uname = fold(&name);
    ReadyResource {
        kind: ResourceKind::Group,
        id: team.id.0,
        ext: external_id(team.external_id()),
        version: team.version,
        created: nanos(team.created),
        modified: nanos(team.modified),
        deleted: team.deleted.map(nanos),
        origin: source_number(team.source),
        flags: team_flags(team),
        doc: document(&team.attributes, doc),
        active: false,
        card: Card {
            sort_key: uname.clone(),
            text: team.external_id().map(fold).unwrap_or_default(),
            user_name: String::new(),
            name,
        },
        uname,
        entries: BTreeSet::new(),
    }
}

/// Nobody is called nothing: an empty id is not a key.
fn external_id(id: Option<&str>) -> Option<String> {
    id.filter(|id| !id.is_empty()).map(str::to_owned)
}

fn document(attributes: &serde_json::Map<String, Value>, doc: Doc) -> String {
    match doc {
        Doc::LeftOut => String::new(),
        Doc::Written => {
            serde_json::to_string(attributes).expect("a map with text keys always has a JSON text")
        }
    }
}

fn json<T: serde::Serialize>(value: &T) -> Fallible<String> {
    serde_json::to_string(value)
        .map_err(|error| Failure::Refused(StoreError::Database(Box::new(error))))
}

/// The objects an audit row is found by.
fn objects(change: &Change) -> (Uuid, Option<Uuid>) {
    match change {
        Change::MemberCreated { after } => (after.id.0, None),
        Change::MemberUpdated { before, .. } | Change::MemberRemoved { before } => {
            (before.id.0, None)
        }
        Change::PasswordSet { member, .. }
        | Change::RecoveryProven { member, .. }
        | Change::RecoveryCodesMade { member, .. }
        | Change::RecoveryCodeUsed { member, .. } => (member.0, None),
        Change::TeamCreated { after } => (after.id.0, None),
        Change::TeamUpdated { before, .. } | Change::TeamRemoved { before } => (before.id.0, None),
        Change::MembershipAdded { team, member, .. }
        | Change::MembershipRemoved { team, member, .. } => (team.0, Some(member.0)),
        Change::TokenIssued { id, .. }
        | Change::TokenRevoked { id, .. }
        | Change::TokenRotated { id, .. } => (id.0, None),
        Change::ClientCreated { id, .. } | Change::ClientRevoked { id, .. } => (id.0, None),
        Change::AccessTokenIssued { id, client, .. } => (id.0, Some(client.0)),
        Change::StreamCreated { after: stream }
        | Change::StreamUpdated { after: stream, .. }
        | Change::StreamRemoved { before: stream } => (stream.id.0, None),
        Change::SigningKeyAdded { id } => (id.0, None),
        Change::SettingsChanged { .. } => (Uuid::nil(), None),
        Change::IncidentOpened { id, member, .. } => (incident_object(*id), Some(member.0)),
        Change::IncidentTended { after, .. } => (incident_object(after.id), None),
    }
}

impl ReadyResource {
    /// The number of its kind.
    pub fn kind_number(&self) -> i64 {
        kind_number(self.kind)
    }

    /// Its version as a column holds it.
    pub fn version_number(&self) -> i64 {
        int(self.version)
    }

    /// What it is called in an error.
    pub fn what(&self) -> String {
        match self.kind {
            ResourceKind::User => format!("member {}", self.id),
            ResourceKind::Group => format!("team {}", self.id),
        }
    }
}

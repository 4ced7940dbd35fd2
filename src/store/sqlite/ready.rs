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
use super::unique::{UniqueEntry, UniquePaths};
use super::values::{
    actor_word, int, kind_number, member_flags, nanos, origin_number, scope_word, source_number,
    team_flags,
};
use super::write::{GuardStep, ReadyGuards, incident_object};
use crate::directory::fold::fold;
use crate::directory::{Change, ClientId, Member, Team, TokenId};
use crate::scim::ResourceKind;
use crate::store::commit::{ClientCredentials, ConsentSecret};
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
    /// What it changes, whole, as JSON, for an undo.
    pub undo: Option<String>,
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
    /// A team waits for somebody.
    Park {
        /// The team.
        team: Uuid,
        /// The reference as it was given.
        reference: String,
        /// The same folded.
        folded: String,
    },
    /// A team no longer waits for somebody.
    Unpark {
        /// The team.
        team: Uuid,
        /// The reference as it was given.
        reference: String,
    },
    /// A member's password is another one; the hash is that of the unit.
    SetPassword,
    /// Nothing changes, and the audit tells something.
    Remark,
    /// A member is another one's next life.
    Succeed {
        /// Who they were.
        former: Uuid,
        /// Who they are.
        member: Uuid,
    },
    /// A token is issued.
    IssueToken {
        /// Its name.
        name: String,
        /// The word of its scope.
        scope: &'static str,
        /// What is kept of its secret.
        secret: TokenSecret,
        /// The member it belongs to.
        owner: Option<Uuid>,
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
        /// Its redirect URIs, as JSON.
        redirect_uris: String,
    },
    /// An OAuth client has another secret.
    RotateClient {
        /// What is kept of it.
        credentials: ClientCredentials,
    },
    /// An admin grants a client to provision.
    GiveConsent {
        /// Its id.
        id: Uuid,
        /// To whom.
        client: Uuid,
        /// By whom.
        admin: String,
        /// Its code.
        secret: ConsentSecret,
    },
    /// A client gets tokens for it.
    UseConsent {
        /// Which.
        id: Uuid,
        /// Whether for its code.
        is_first: bool,
        /// The refresh token.
        secret: ConsentSecret,
    },
    /// It ends, with its tokens.
    RevokeConsent {
        /// Which.
        id: Uuid,
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
        /// What it follows from.
        consent: Option<Uuid>,
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
    /// The values that it alone may have.
    pub unique: BTreeSet<UniqueEntry>,
    /// Of a team, what is kept of it beside its attributes.
    pub own: Option<OwnRow>,
}

/// What is kept of a team here.
#[derive(Debug, PartialEq, Eq)]
pub struct OwnRow {
    /// Its key; empty where it has none.
    pub key: String,
    /// All of it, as JSON.
    pub json: String,
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
    /// A member who is hidden now, whole, as they were: what they can be recognised by when they return.
    pub tombstone: Option<Tombstone>,
}

/// What is left of a removed or hidden object.
#[derive(Debug)]
pub struct Tombstone {
    /// The whole object as JSON.
    pub object: String,
    /// The folded userName; empty for a team.
    pub uname: String,
    /// The externalId of a member.
    pub ext: Option<String>,
    /// The folded e-mail address of a member.
    pub email: Option<String>,
}

/// A resource that goes.
#[derive(Debug)]
pub struct Removal {
    /// As the decision saw it; its document is left empty.
    pub before: ReadyResource,
    /// What is left of it.
    pub tombstone: Tombstone,
}

impl ReadyUnit {
    /// Makes rows of a unit, with those of the unique attributes in force.
    pub fn from_unit(unit: CommitUnit, unique: &UniquePaths) -> Fallible<Self> {
        let mut kept = Kept {
            token: unit.token_secret,
            client: unit.client_credentials,
            consent: unit.consent,
            outbox: unit.outbox,
        };
        let undo = undoable(&unit.changes)?;
        let rows = Rows(unique);
        let mut steps = Vec::with_capacity(unit.changes.len());
        for change in unit.changes {
            let audit = ReadyAudit {
                objects: objects(&change),
                change: audit_text::write(&change.view()),
            };
            steps.push((step(change, &rows, &mut kept)?, audit));
        }
        Ok(Self {
            at: nanos(unit.at),
            actor_kind: actor_word(unit.actor.kind),
            actor: unit.actor.name,
            policy_key: unit.policy_key,
            preconditions: unit.preconditions,
            steps,
            line: unit.exchange.as_ref().map(ReadyLine::from_exchange),
            undo,
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

/// What an undo needs; the audit keeps what people read of it. Changes that nothing takes back are kept, too, so that an
/// undo can say so.
fn undoable(changes: &[Change]) -> Fallible<Option<String>> {
    (!changes.is_empty()).then(|| json(&changes)).transpose()
}

/// What is kept of the secrets that a unit's changes are about.
struct Kept {
    token: Option<TokenSecret>,
    client: Option<ClientCredentials>,
    consent: Option<ConsentSecret>,
    outbox: Outbox,
}

impl Kept {
    fn token(&mut self, id: TokenId, name: &str) -> Fallible<TokenSecret> {
        self.token
            .take_if(|secret| secret.id == id)
            .ok_or_else(|| Failure::stale(format!("token {name} came without its hash")))
    }
}

impl Kept {
    fn client(&mut self, id: ClientId, name: &str) -> Fallible<ClientCredentials> {
        self.client
            .take_if(|it| it.id == id)
            .ok_or_else(|| Failure::stale(format!("client {name} came without its credentials")))
    }

    fn consent(&mut self, name: &str) -> Fallible<ConsentSecret> {
        self.consent
            .take()
            .ok_or_else(|| Failure::stale(format!("a consent of {name} came without its secret")))
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

fn step(change: Change, rows: &Rows<'_>, kept: &mut Kept) -> Fallible<Step> {
    Ok(match change {
        Change::MemberCreated { after } => {
            Step::Create(Box::new(rows.member(&after, Doc::Written)))
        }
        Change::MemberUpdated { before, after } => Step::Update(Box::new(Update {
            tombstone: (before.deleted.is_none() && after.deleted.is_some())
                .then(|| tombstone(&before))
                .transpose()?,
            before: rows.member(&before, Doc::LeftOut),
            after: rows.member(&after, Doc::Written),
        })),
        Change::MemberRemoved { before } => Step::Remove(Box::new(Removal {
            tombstone: tombstone(&before)?,
            before: rows.member(&before, Doc::LeftOut),
        })),
        Change::PasswordSet { .. } => Step::SetPassword,
        Change::RoleUnmatched { .. } | Change::ScimUsersDeleted { .. } => Step::Remark,
        Change::MemberSucceeded { former, member, .. } => Step::Succeed {
            former: former.0,
            member: member.0,
        },
        Change::TeamCreated { after } => Step::Create(Box::new(rows.team(&after, Doc::Written))),
        Change::TeamUpdated { before, after } => Step::Update(Box::new(Update {
            before: rows.team(&before, Doc::LeftOut),
            after: rows.team(&after, Doc::Written),
            tombstone: None,
        })),
        Change::TeamRemoved { before } => Step::Remove(Box::new(Removal {
            tombstone: Tombstone {
                object: json(&before)?,
                uname: String::new(),
                ext: None,
                email: None,
            },
            before: rows.team(&before, Doc::LeftOut),
        })),
        Change::MembershipAdded { team, member, .. } => Step::Join {
            team: team.0,
            member: member.0,
        },
        Change::MembershipRemoved { team, member, .. } => Step::Leave {
            team: team.0,
            member: member.0,
        },
        Change::MemberParked {
            team, reference, ..
        } => Step::Park {
            team: team.0,
            folded: fold(&reference),
            reference,
        },
        Change::MemberUnparked {
            team, reference, ..
        } => Step::Unpark {
            team: team.0,
            reference,
        },
        Change::TokenIssued {
            id,
            name,
            scope,
            owner,
        } => {
            let secret = kept.token(id, &name)?;
            Step::IssueToken {
                scope: known_scope(&scope, &name)?,
                owner: owner.map(|owner| owner.0),
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
            redirect_uris,
        } => Step::CreateClient {
            credentials: kept.client(id, &name)?,
            name,
            authentication: authentication.as_str(),
            redirect_uris: json(&redirect_uris)?,
        },
        Change::ClientRotated { id, name } => Step::RotateClient {
            credentials: kept.client(id, &name)?,
        },
        Change::ConsentGiven {
            id,
            client,
            name,
            admin,
        } => Step::GiveConsent {
            id: id.0,
            client: client.0,
            admin,
            secret: kept.consent(&name)?,
        },
        Change::ConsentUsed {
            id, name, is_first, ..
        } => Step::UseConsent {
            id: id.0,
            is_first,
            secret: kept.consent(&name)?,
        },
        Change::ConsentRevoked { id, .. } => Step::RevokeConsent { id: id.0 },
        Change::ClientRevoked { id, .. } => Step::RevokeClient { id: id.0 },
        Change::AccessTokenIssued {
            id,
            client,
            name,
            scope,
            consent,
            ..
        } => Step::IssueAccessToken {
            client: client.0,
            consent: consent.map(|consent| consent.0),
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

/// Makes rows of resources.
struct Rows<'u>(&'u UniquePaths);

impl Rows<'_> {
    fn member(&self, member: &Member, doc: Doc) -> ReadyResource {
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
            unique: self.0.entries(ResourceKind::User, &member.attributes),
            own: None,
        }
    }

    fn team(&self, team: &Team, doc: Doc) -> ReadyResource {
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
            unique: self.0.entries(ResourceKind::Group, &team.attributes),
            own: Some(OwnRow {
                key: team.own.key.clone(),
                json: serde_json::to_string(&team.own)
                    .expect("texts and ids always have a JSON text"),
            }),
        }
    }
}

fn tombstone(before: &Member) -> Fallible<Tombstone> {
    Ok(Tombstone {
        object: json(before)?,
        uname: before.user_name_key(),
        ext: external_id(before.external_id()),
        email: before.email().map(fold),
    })
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
        | Change::RoleUnmatched { member, .. }
        | Change::RecoveryProven { member, .. }
        | Change::RecoveryCodesMade { member, .. }
        | Change::RecoveryCodeUsed { member, .. } => (member.0, None),
        Change::MemberSucceeded { former, member, .. } => (member.0, Some(former.0)),
        Change::TeamCreated { after } => (after.id.0, None),
        Change::TeamUpdated { before, .. } | Change::TeamRemoved { before } => (before.id.0, None),
        Change::MembershipAdded { team, member, .. }
        | Change::MembershipRemoved { team, member, .. } => (team.0, Some(member.0)),
        Change::MemberParked { team, .. } => (team.0, None),
        Change::MemberUnparked { team, member, .. } => (team.0, member.map(|member| member.0)),
        Change::TokenIssued { id, .. }
        | Change::TokenRevoked { id, .. }
        | Change::TokenRotated { id, .. } => (id.0, None),
        Change::ClientCreated { id, .. }
        | Change::ClientRotated { id, .. }
        | Change::ClientRevoked { id, .. } => (id.0, None),
        Change::ConsentGiven { id, client, .. }
        | Change::ConsentUsed { id, client, .. }
        | Change::ConsentRevoked { id, client, .. } => (client.0, Some(id.0)),
        Change::AccessTokenIssued { id, client, .. } => (id.0, Some(client.0)),
        Change::StreamCreated { after: stream }
        | Change::StreamUpdated { after: stream, .. }
        | Change::StreamRemoved { before: stream } => (stream.id.0, None),
        Change::SigningKeyAdded { id } => (id.0, None),
        Change::SettingsChanged { .. } | Change::ScimUsersDeleted { .. } => (Uuid::nil(), None),
        Change::IncidentOpened { id, member, .. } => (incident_object(*id), Some(member.0)),
        Change::IncidentTended { after, .. } => (incident_object(after.id), None),
    }
}

impl ReadyResource {
    /// The columns of a member as it is, without its unique values.
    pub fn of_member(it: &Member) -> Self {
        Rows(&UniquePaths::default()).member(it, Doc::LeftOut)
    }

    /// The columns of a team as it is, without its unique values.
    pub fn of_team(it: &Team) -> Self {
        Rows(&UniquePaths::default()).team(it, Doc::LeftOut)
    }

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

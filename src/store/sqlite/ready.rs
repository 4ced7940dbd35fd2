//! A commit unit as the writer wants it: rows ready to bind. Everything that parses, folds, compares or formats happens
//! here, on the task of the caller; the writer thread only looks, binds and steps.

use uuid::Uuid;

use super::audit_text;
use super::failure::{Failure, Fallible};
use super::log_line::ReadyLine;
use super::ready_events::{ReadyOutbox, StreamStep};
use super::ready_resource::{Doc, ReadyResource, Removal, Rows, Tombstone, Update, tombstone};
use super::unique::UniquePaths;
use super::values::{actor_word, int, nanos, scope_word};
use super::write::{GuardStep, ReadyGuards, incident_object};
use crate::directory::fold::fold;
use crate::directory::{ActorKind, Change, ClientId, TokenId};
use crate::store::commit::{ClientCredentials, ConsentSecret};
use crate::store::rows::TokenScope;
use crate::store::sso::SignInWrites;
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
    /// What signing in writes.
    pub sign_in: Option<Box<SignInWrites>>,
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
        /// Whether a sign-in puts them there.
        by_sign_in: bool,
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

impl ReadyUnit {
    /// Makes rows of a unit, with those of the unique attributes in force.
    pub fn from_unit(unit: CommitUnit, unique: &UniquePaths) -> Fallible<Self> {
        let mut kept = Kept {
            token: unit.token_secret,
            client: unit.client_credentials,
            consent: unit.consent,
            outbox: unit.outbox,
            by_sign_in: unit.actor.kind == ActorKind::SignIn,
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
            sign_in: Some(unit.sign_in)
                .filter(|writes| !writes.is_empty())
                .map(Box::new),
        })
    }
}

/// What an undo needs; the audit keeps what people read of it. Changes that nothing takes back are kept, too, so that an
/// undo can say so.
fn undoable(changes: &[Change]) -> Fallible<Option<String>> {
    (!changes.is_empty()).then(|| json(&changes)).transpose()
}

/// What the rows of a unit's changes are made of besides the changes: secrets, and who asks.
struct Kept {
    token: Option<TokenSecret>,
    client: Option<ClientCredentials>,
    consent: Option<ConsentSecret>,
    outbox: Outbox,
    /// Whether somebody signs in.
    by_sign_in: bool,
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
        Change::RoleUnmatched { .. }
        | Change::ScimUsersDeleted { .. }
        | Change::ScimGroupsDeleted { .. }
        | Change::PasswordLinkMade { .. } => Step::Remark,
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
            by_sign_in: kept.by_sign_in,
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

pub(super) fn json<T: serde::Serialize>(value: &T) -> Fallible<String> {
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
        | Change::RecoveryCodeUsed { member, .. }
        | Change::PasswordLinkMade { member, .. } => (member.0, None),
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
        Change::SettingsChanged { .. }
        | Change::ScimUsersDeleted { .. }
        | Change::ScimGroupsDeleted { .. } => (Uuid::nil(), None),
        Change::IncidentOpened { id, member, .. } => {
            (incident_object(*id), member.map(|member| member.0))
        }
        Change::IncidentTended { after, .. } => (incident_object(after.id), None),
    }
}

//! What is committed as one: state, audit and request log of one request, or nothing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::events::Outbox;
use super::sso::SignInWrites;
use crate::directory::policy::Roles;
use crate::directory::{
    Actor, Change, ClientId, GuardNotes, MemberId, Room, StreamId, TeamId, TokenId,
};
use crate::request_log::Exchange;

/// Everything one request writes.
///
/// The store applies `changes` in order. `MemberUpdated`, `MemberRemoved`, `TeamUpdated` and `TeamRemoved` hold only
/// while the object still has the version in `before`; a `MembershipAdded` only while both sides exist (and is counted
/// once however often it is said); anything else is [`StoreError::Stale`](super::StoreError::Stale) and nothing is
/// written. Removing a member or a team removes its memberships; the decision lists those that matter to the audit. A
/// team whose membership changed and which has no `TeamUpdated` or `TeamCreated` in the unit gets its version and
/// `modified` counted up by the store. Each change becomes one audit row.
#[derive(Debug)]
pub struct CommitUnit {
    /// When; becomes the time of the audit rows.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// The policy key that decided.
    pub policy_key: Option<String>,
    /// What changes.
    pub changes: Vec<Change>,
    /// What must still hold.
    pub preconditions: Vec<Precondition>,
    /// The line of the request log, whose id the audit rows name.
    pub exchange: Option<Exchange>,
    /// For a `TokenIssued` or an `AccessTokenIssued`, what is kept of its secret.
    pub token_secret: Option<TokenSecret>,
    /// For a `ClientCreated`, what is kept of its credentials.
    pub client_credentials: Option<ClientCredentials>,
    /// For a `ConsentGiven` or a `ConsentUsed`, what is kept of its secret.
    pub consent: Option<ConsentSecret>,
    /// An argon2id hash (PHC string) to keep for a member.
    pub password_hash: Option<(MemberId, String)>,
    /// The account itself; only `init` sets it, and it is `Stale` if there is one.
    pub account: Option<Account>,
    /// What others are told.
    pub outbox: Outbox,
    /// Incidents that are raised or settled, and who goes.
    pub guards: GuardNotes,
    /// For a `RecoveryCodesMade` the codes, for a `RecoveryCodeUsed` the one that is spent.
    pub recovery: RecoveryCodes,
    /// What signing in writes, and the sessions that end.
    pub sign_in: SignInWrites,
}

/// SHA-256 of one-time codes.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RecoveryCodes {
    /// Those that a member has from now on.
    pub made: Vec<[u8; 32]>,
    /// The one that is spent; it is `Stale` if there is no such.
    pub spent: Option<[u8; 32]>,
}

impl std::fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecoveryCodes")
            .field("made", &self.made.len())
            .finish_non_exhaustive()
    }
}

/// Something the decision relied on that is not the version of an object it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// The team still has this version (its membership was read, too).
    TeamVersion(TeamId, u64),
    /// The member still has this version.
    MemberVersion(MemberId, u64),
    /// The settings still have this version.
    SettingsVersion(u64),
    /// So many references for which teams wait mean whoever goes by these names, no more and no fewer: of a group that
    /// names somebody and their own arrival side by side, one has to know of the other.
    Awaited {
        /// Their id, `externalId` and `userName`.
        names: Vec<String>,
        /// How many.
        count: u64,
    },
    /// The live teams of this name, case aside, are these, oldest first: of two requests that make the same team side by
    /// side, one has to know of the other.
    TeamsNamed {
        /// The name, folded.
        name: String,
        /// Who has it.
        teams: Vec<TeamId>,
    },
    /// Fewer have gone than may go, and no hold waits for a word.
    Room(Room),
    /// Once the changes are made, somebody leads to admin; where so, somebody who can sign in.
    AdminThen {
        /// By what somebody is an admin.
        roles: Box<Roles>,
        /// Whether they have to be able to sign in.
        signs_in: bool,
        /// Whether passwords are for recovery admins alone.
        passwords_are_closed: bool,
    },
}

/// What is kept of a token's secret.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenSecret {
    /// The token.
    pub id: TokenId,
    /// SHA-256 of the whole secret.
    pub sha256: [u8; 32],
    /// Its first characters, to recognise it by.
    pub prefix: String,
    /// When it ends.
    pub expires: Option<Timestamp>,
}

impl std::fmt::Debug for TokenSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenSecret")
            .field("id", &self.id)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

/// What is kept of an OAuth client's credentials: one of the two.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientCredentials {
    /// The client.
    pub id: ClientId,
    /// SHA-256 of the whole secret, and its first characters, to recognise it by.
    pub secret: Option<([u8; 32], String)>,
    /// Its public key or keys as they were registered, PEM or JWKS.
    pub keys: Option<String>,
}

impl std::fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// What is kept of the secrets of a consent.
#[derive(Clone, PartialEq, Eq)]
pub enum ConsentSecret {
    /// Its authorization code, and what that is bound to.
    Code {
        /// SHA-256 of the code.
        sha256: [u8; 32],
        /// Where it is sent.
        redirect_uri: String,
        /// The code challenge.
        challenge: String,
        /// Until when it is good.
        expires: Timestamp,
    },
    /// A refresh token.
    Refresh {
        /// SHA-256 of the token.
        sha256: [u8; 32],
        /// When it ends.
        expires: Timestamp,
        /// SHA-256 of the one that it takes the place of, which must be unused; `None` for the first.
        spends: Option<[u8; 32]>,
    },
}

impl std::fmt::Debug for ConsentSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Code { .. } => "ConsentSecret::Code",
            Self::Refresh { .. } => "ConsentSecret::Refresh",
        })
    }
}

/// The account: one organisation, one policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The organisation's name.
    pub organisation: String,
    /// The preset the policy started from.
    pub preset: String,
    /// When `init` made it.
    pub created: Timestamp,
    /// 32 random bytes in base64, the key of the pseudonyms in the log. Secret enough to stay off every screen.
    pub pseudonym_key: String,
}

/// What a commit came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// The new version of each member that was created or changed.
    pub members: Vec<(MemberId, u64)>,
    /// The new version of each team that was created or changed, or whose membership was.
    pub teams: Vec<(TeamId, u64)>,
    /// The first audit row it wrote, if it wrote one; the others follow without gaps.
    pub first_audit: Option<u64>,
    /// Event streams whose queue this unit found full for the first time.
    pub overflowed: Vec<StreamId>,
}

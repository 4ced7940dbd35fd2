//! The part of a store that belongs to signing in: sessions, requests under way, what was used up, and the last sign-ins.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::StoreError;
use crate::directory::{MemberId, PasswordLinkKind, RequestId, TeamId};
use crate::secret::Secret;

/// What a sign-in is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInPurpose {
    /// Somebody wants in.
    SignIn,
    /// An admin tries the configuration: nothing changes, no session, no member.
    TestDrive,
}

/// How somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInMethod {
    /// By SAML.
    Saml,
    /// By password.
    Password,
}

impl SignInMethod {
    /// The word for people and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Saml => "saml",
            Self::Password => "password",
        }
    }
}

/// A session as a list shows it. Its secret is known to the browser alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    /// Its name; opens nothing.
    pub id: Uuid,
    /// Whose.
    pub member: MemberId,
    /// Their `userName`.
    pub user_name: String,
    /// When they signed in.
    pub created: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
    /// `loopback`, `private` or `public`: no address is kept.
    pub address: String,
    /// The browser, as it calls itself.
    pub user_agent: String,
    /// How they signed in.
    pub how: SignInMethod,
}

/// A new session. Its secret is kept as a hash.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSession {
    /// What a list will show.
    pub row: SessionRow,
    /// SHA-256 of the secret in the cookie.
    pub sha256: [u8; 32],
    /// SHA-256 of the session it takes the place of.
    pub replaces: Option<[u8; 32]>,
}

impl std::fmt::Debug for NewSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewSession")
            .field("row", &self.row)
            .finish_non_exhaustive()
    }
}

/// An AuthnRequest under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamlRequest {
    /// Its ID, which the answer repeats.
    pub id: String,
    /// What it is for.
    pub purpose: SignInPurpose,
    /// Where somebody wanted to go, a path of ours.
    pub relay_state: Option<String>,
    /// SHA-256 of what binds it to a browser.
    pub binding: [u8; 32],
    /// When it was made.
    pub created: Timestamp,
    /// When its answer was taken.
    pub used: Option<Timestamp>,
    /// The test-drive that it belongs to.
    pub drive: Option<Uuid>,
}

/// A test-drive that an admin has started: whoever has its ticket may begin it, until it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestDrive {
    /// Its name; opens nothing.
    pub id: Uuid,
    /// SHA-256 of the ticket in its link.
    pub ticket: [u8; 32],
    /// The admin who started it.
    pub admin: String,
    /// Until when it can begin.
    pub expires: Timestamp,
}

/// One of the last sign-ins and test-drives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRow {
    /// The line of the request log.
    pub request: RequestId,
    /// When.
    pub at: Timestamp,
    /// What for.
    pub purpose: SignInPurpose,
    /// By which way.
    pub how: SignInMethod,
    /// Who it was, where that is known.
    pub member: Option<MemberId>,
    /// The name that came.
    pub name: String,
    /// Whether it went well.
    pub ok: bool,
    /// What it came to, one sentence.
    pub detail: String,
    /// The explain code of the failure.
    pub code: Option<String>,
    /// Each check in its order.
    pub checks: Vec<CheckRow>,
    /// The test-drive it is the outcome of. Only these are proof that a configuration works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drive: Option<Uuid>,
    /// What the Response says, for eyes alone: kept of test-drives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decoded: Option<Box<Decoded>>,
    /// Who would be signed in, and as what, where every check of the Response went well: told of test-drives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub would: Option<Box<Would>>,
    /// SHA-256 of what it was examined by, the certificates left out: tells whether the configuration is still the same.
    #[serde(skip)]
    pub configuration: String,
    /// The fingerprint of the certificate that signed it, where it was examined whole: what it proves, it proves of that one.
    #[serde(skip)]
    pub signer: String,
}

impl SignInRow {
    /// A sign-in of which nothing is known yet but how it came.
    pub fn new(
        request: RequestId,
        at: Timestamp,
        purpose: SignInPurpose,
        how: SignInMethod,
    ) -> Self {
        Self {
            request,
            at,
            purpose,
            how,
            member: None,
            name: String::new(),
            ok: false,
            detail: String::new(),
            code: None,
            checks: Vec::new(),
            drive: None,
            decoded: None,
            would: None,
            configuration: String::new(),
            signer: String::new(),
        }
    }
}

/// What a Response says, believed or not. Every text is cleaned for a screen and bounded; signatures are cut short.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decoded {
    /// NameID, session and attributes: name and value, a line for each value.
    pub values: Vec<(String, String)>,
    /// The assertion, indented; the Response where no assertion could be read.
    pub xml: String,
    /// By how many seconds the identity provider's clock is behind ours, the way it took included; negative where it is
    /// ahead.
    pub clock_skew: Option<i64>,
    /// The certificate that the signature names, base64 of DER. It was not trusted; to be compared with what the identity
    /// provider's own console shows.
    pub certificate: Option<String>,
}

/// Whom a sign-in would let in, and as what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Would {
    /// `userName`.
    pub user_name: String,
    /// Whether they would become a member by it.
    pub is_new: bool,
    /// The base role.
    pub role: Option<String>,
    /// The custom roles.
    pub custom_roles: Vec<String>,
    /// The teams they would be in.
    pub teams: Vec<String>,
    /// The teams that came with the assertion and that SCIM overrides.
    pub overridden_teams: Vec<String>,
    /// What else is worth saying: unknown roles and teams, what stays as it is and by which policy key.
    pub notes: Vec<String>,
}

/// One check of a Response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRow {
    /// The stable code, `assertion_signature`.
    pub id: String,
    /// `passed`, `warned`, `failed`, `not_reached`.
    pub state: String,
    /// What would have been right.
    pub expected: Option<String>,
    /// What came.
    pub received: Option<String>,
    /// The outcome in words.
    pub detail: String,
}

/// The service provider's own key. Not for screens.
#[derive(Clone, Debug)]
pub struct SsoKeyRow {
    /// PKCS#8 in base64.
    pub private: Secret,
    /// The certificate, base64 of DER.
    pub certificate: String,
}

/// How the scheduled look at the metadata of the identity provider stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoRefresh {
    /// From where the metadata comes. Of another URL than the one that is set, it says nothing.
    pub url: String,
    /// When it was last looked at.
    pub looked: Timestamp,
    /// When that last went well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub went_well: Option<Timestamp>,
    /// Since when it fails, how often in a row, and why the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing: Option<RefreshFailing>,
    /// When it is looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Timestamp>,
    /// When the document that was last read ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
}

/// Failures in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshFailing {
    /// When the first of them was.
    pub since: Timestamp,
    /// How many.
    pub times: u32,
    /// Why the last one.
    pub why: String,
    /// The other identity provider or the other place that the metadata names, where that is why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// A new link to set a password with.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPasswordLink {
    /// SHA-256 of what stands in it.
    pub sha256: [u8; 32],
    /// Whose.
    pub member: MemberId,
    /// What for.
    pub kind: PasswordLinkKind,
    /// When it ends.
    pub expires: Timestamp,
}

impl std::fmt::Debug for NewPasswordLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewPasswordLink")
            .field("member", &self.member)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// What signing in writes, whole or not at all, in the commit of the line of the request log.
#[derive(Clone, Debug, Default)]
pub struct SignInWrites {
    /// The key of the service provider, unless there is one.
    pub key: Option<SsoKeyRow>,
    /// A test-drive that an admin starts.
    pub drive: Option<TestDrive>,
    /// A request that somebody is sent away with.
    pub begins: Option<SamlRequest>,
    /// Whose sessions end.
    pub ends_of: Vec<MemberId>,
    /// The session that ends; it is `Stale` if there is none.
    pub ends: Option<Uuid>,
    /// A new link to set a password with; the one that the member had ends.
    pub link: Option<Box<NewPasswordLink>>,
    /// SHA-256 of a link that is used up; it is `Stale` if it was or has ended.
    pub uses_link: Option<[u8; 32]>,
    /// Whose links end.
    pub ends_links_of: Vec<MemberId>,
    /// Whether passwords are for recovery admins alone from now on: the sessions of all others that began with one end, and
    /// their links to set one.
    pub closes_passwords: bool,
    /// Whether every invitation's link ends.
    pub ends_invitations: bool,
    /// Whose sessions end but for this one.
    pub ends_others: Option<(MemberId, Uuid)>,
    /// A session that was used.
    pub touches: Option<(Uuid, Timestamp)>,
    /// The ID of the request that is used up; a second answer to it is refused.
    pub uses_request: Option<String>,
    /// SHA-256 of the assertion's ID, and until when it must be remembered; used a second time, it is refused.
    pub uses_assertion: Option<([u8; 32], Timestamp)>,
    /// The session that begins.
    pub session: Option<NewSession>,
    /// The line of the last sign-ins.
    pub line: Option<SignInRow>,
    /// How the scheduled look at the metadata stands now.
    pub refresh: Option<Box<SsoRefresh>>,
}

impl SignInWrites {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.key.is_none()
            && self.drive.is_none()
            && self.begins.is_none()
            && self.ends_of.is_empty()
            && self.ends.is_none()
            && self.link.is_none()
            && self.uses_link.is_none()
            && self.ends_links_of.is_empty()
            && !self.closes_passwords
            && !self.ends_invitations
            && self.ends_others.is_none()
            && self.touches.is_none()
            && self.uses_request.is_none()
            && self.uses_assertion.is_none()
            && self.session.is_none()
            && self.line.is_none()
            && self.refresh.is_none()
    }
}

/// Sessions, requests under way, and the last sign-ins. All are written by commits.
#[async_trait]
pub trait SsoStore: Send + Sync {
    /// The key of the service provider, if there is one.
    async fn sso_key(&self) -> Result<Option<SsoKeyRow>, StoreError>;
    /// A request under way.
    async fn saml_request(&self, id: &str) -> Result<Option<SamlRequest>, StoreError>;
    /// The test-drive with this ticket.
    async fn test_drive(&self, ticket: &[u8; 32]) -> Result<Option<TestDrive>, StoreError>;
    /// The last outcome of a test-drive.
    async fn driven(&self, drive: Uuid) -> Result<Option<SignInRow>, StoreError>;
    /// Whether an assertion was used already.
    async fn is_assertion_used(&self, sha256: &[u8; 32]) -> Result<bool, StoreError>;
    /// The last sign-ins and test-drives, newest first.
    async fn sign_ins(&self, limit: u32) -> Result<Vec<SignInRow>, StoreError>;
    /// The last sign-in or test-drive that went well under a configuration, signed by one of these certificates.
    async fn last_green(
        &self,
        configuration: &str,
        signers: &[String],
    ) -> Result<Option<SignInRow>, StoreError>;
    /// How the scheduled look at the metadata stands, if there was one.
    async fn sso_refresh(&self) -> Result<Option<SsoRefresh>, StoreError>;
    /// The session with this secret, if it has not ended.
    async fn session(
        &self,
        sha256: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<SessionRow>, StoreError>;
    /// Whose link this is and what for, if it has not ended.
    async fn password_link(
        &self,
        sha256: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(MemberId, PasswordLinkKind)>, StoreError>;
    /// When the link of a member ends, if they have one.
    async fn password_link_of(&self, member: MemberId) -> Result<Option<Timestamp>, StoreError>;
    /// The live sessions of a member, or of all, newest first.
    async fn sessions(
        &self,
        member: Option<MemberId>,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<SessionRow>, StoreError>;
    /// The teams into which a sign-in has put a member.
    async fn teams_by_sign_in(&self, member: MemberId) -> Result<BTreeSet<TeamId>, StoreError>;
    /// How many active members have a password.
    async fn with_password(&self) -> Result<u64, StoreError>;
    /// Active members who were born by single sign-on and have no password: how many, and the first of them.
    async fn without_password(&self, limit: u32) -> Result<(u64, Vec<MemberId>), StoreError>;
}

//! The part of the admin API that belongs to single sign-on and sessions: its two traits and its wire types.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::AdminError;
use super::types::Done;

pub use crate::directory::{
    IdpSettings, MemberId, NameIdFormat, Outside, PasswordLinkKind, Sso, SsoBinding, SsoState,
};
pub use crate::engine::sso::{
    CertificateState, CheckRow, Decoded, NextStep, RefreshFailing, SessionRow, SignInMethod,
    SignInPurpose, SignInRow, SsoRefresh, SsoStatus, Would,
};

/// What an admin can see of single sign-on. [`super::AdminRead`] includes it.
#[async_trait]
pub trait SsoRead: Send + Sync {
    /// How single sign-on stands, and what its next step would do.
    async fn sso(&self) -> Result<SsoStatus, AdminError>;
    /// Live sessions, newest first, 1,000 at most.
    async fn sessions(&self, of: SessionsOf) -> Result<Vec<SessionRow>, AdminError>;
    /// The last sign-ins and test-drives with their checks, newest first, 200 at most.
    async fn sign_ins(&self, limit: u32) -> Result<Vec<SignInRow>, AdminError>;
    /// The last outcome of a test-drive, as soon as there is one.
    async fn test_drive(&self, id: Uuid) -> Result<Option<SignInRow>, AdminError>;
    /// Examines a Response that was pasted: base64, XML, or the form as a browser posts it. Nothing changes.
    async fn examine_response(&self, pasted: PastedResponse) -> Result<SignInRow, AdminError>;
}

/// What an admin can do about single sign-on. [`super::AdminWrite`] includes it.
#[async_trait]
pub trait SsoWrite: SsoRead {
    /// Sets the identity provider.
    async fn configure_sso(&self, configure: ConfigureSso) -> Result<Done, AdminError>;
    /// Sets by which attribute names the claims may come.
    async fn map_claims(&self, map: MapClaims) -> Result<Done, AdminError>;
    /// Takes single sign-on to another state: enables it, disables it, lets it be tried.
    async fn switch_sso(&self, switch: SwitchSso) -> Result<Done, AdminError>;
    /// Forgets the identity provider.
    async fn remove_sso(&self, seen: super::types::IfVersion) -> Result<Done, AdminError>;
    /// Where an admin's browser begins a test-drive. Changes nothing.
    async fn start_test_drive(&self) -> Result<TestDriveLink, AdminError>;
    /// Ends a session.
    async fn end_session(&self, id: Uuid) -> Result<Done, AdminError>;
}

/// Whose sessions are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionsOf {
    /// Of one member; of all where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
}

/// How many sign-ins are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Last {
    /// How many at most.
    pub limit: u32,
}

/// A Response to be examined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PastedResponse {
    /// The text.
    pub text: String,
}

/// The identity provider as it shall be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigureSso {
    /// Where it comes from.
    pub source: SsoSource,
    /// Whether a sign-in may begin at the identity provider. A refresh leaves that as it is.
    #[serde(default)]
    pub allow_unsolicited: bool,
    /// The version of the settings that was seen.
    #[serde(default)]
    pub if_version: Option<u64>,
}

/// Where the settings of an identity provider come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum SsoSource {
    /// Its metadata, read from a file or pasted.
    Metadata {
        /// The document.
        xml: String,
        /// Which identity provider is meant, where it describes several.
        #[serde(default)]
        entity_id: Option<String>,
    },
    /// Its metadata, which the engine fetches.
    MetadataUrl {
        /// From where.
        url: String,
        /// Which identity provider is meant, where it describes several.
        #[serde(default)]
        entity_id: Option<String>,
    },
    /// The fetched metadata once more, from where it came. What it does not say stays as it is.
    Refresh,
    /// By hand.
    ByHand {
        /// The identity provider.
        identity_provider: IdpSettings,
    },
}

/// By which attribute names the claims may come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MapClaims {
    /// Claim to attribute names, the preferred one first: `teamKey` to `["groups"]`. A claim that is absent has its
    /// default names; one with an empty list is not read.
    pub claims: BTreeMap<String, Vec<String>>,
    /// The version of the settings that was seen.
    #[serde(default)]
    pub if_version: Option<u64>,
}

/// Another state of single sign-on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchSso {
    /// Which.
    pub state: SsoState,
    /// The version of the settings that was seen.
    #[serde(default)]
    pub if_version: Option<u64>,
}

/// Where a test-drive begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestDriveLink {
    /// By which [`SsoRead::test_drive`] tells the outcome.
    pub id: Uuid,
    /// To be opened in a browser.
    pub url: String,
    /// Until when it can be opened.
    pub expires: Timestamp,
}

/// A link by which a member sets a password.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PasswordLink {
    /// What was done.
    pub done: Done,
    /// The link; none of a preview. Not a [`crate::secret::Secret`] since it must cross the wire once; never keep or log
    /// it.
    pub url: Option<String>,
    /// When it ends.
    pub expires: Timestamp,
    /// The address it is mailed to, where mail is sent.
    #[serde(default)]
    pub mailed_to: Option<String>,
}

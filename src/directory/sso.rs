//! Single sign-on as it is set: the identity provider, how its words are read, and in which state it is.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::policy::JitRule;
use crate::saml::ClaimMapping;

/// How many signing certificates are kept: the one in use, the one to come, and room.
pub const CERTIFICATES: usize = 4;

/// Single sign-on as it is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sso {
    /// Whether members sign in by it.
    pub state: SsoState,
    /// Who signs them in.
    pub identity_provider: IdpSettings,
    /// By which attribute names each claim may come.
    #[serde(default)]
    pub claims: ClaimMapping,
    /// Whether a sign-in may begin at the identity provider (SAML profiles §4.1.5).
    #[serde(default)]
    pub allow_unsolicited: bool,
}

/// Whether members sign in by single sign-on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SsoState {
    /// They do not.
    #[default]
    Off,
    /// It can be tried, and nobody's sign-in changes.
    TestDrive,
    /// They do.
    Enabled,
}

/// An identity provider as its metadata describes it, or an admin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdpSettings {
    /// Its entity id, the Issuer of all it says.
    pub entity_id: String,
    /// Where requests go.
    pub sign_in_url: String,
    /// How they travel.
    pub binding: SsoBinding,
    /// The certificates it may sign with, base64 of DER: from 1 to [`CERTIFICATES`].
    pub certificates: Vec<String>,
    /// Which format of the NameID is asked for.
    #[serde(default)]
    pub name_id_format: NameIdFormat,
    /// Whether it refuses requests that are not signed.
    #[serde(default)]
    pub wants_signed_requests: bool,
    /// Where its metadata was fetched; `None` where it was pasted or set by hand.
    #[serde(default)]
    pub metadata_url: Option<String>,
    /// When the metadata was read.
    #[serde(default)]
    pub metadata_at: Option<Timestamp>,
    /// When the metadata ends.
    #[serde(default)]
    pub valid_until: Option<Timestamp>,
    /// The certificates that are believed though the metadata does not name them, by their fingerprints, and why.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outside: BTreeMap<String, Outside>,
}

/// Why a certificate is believed that the metadata does not name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outside {
    /// An admin has accepted it besides.
    Added,
    /// The metadata named it once; it goes when it has expired, or some days later.
    Left {
        /// Since when the metadata names it no more.
        since: Timestamp,
    },
}

/// How a request travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SsoBinding {
    /// In a URL (HTTP-Redirect).
    #[default]
    Redirect,
    /// In a form (HTTP-POST).
    Post,
}

/// Which format of the NameID is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameIdFormat {
    /// An e-mail address.
    #[default]
    EmailAddress,
    /// Whatever the identity provider is set to send.
    Unspecified,
    /// The request says nothing of it.
    Unsaid,
}

/// What a decision on single sign-on depends on besides the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SsoFacts {
    /// When a test-drive last went well under the present configuration.
    pub green_test: Option<Timestamp>,
    /// The same of the certificates that a command would have believed instead.
    pub green_then: Option<Timestamp>,
    /// How many active recovery admins with a password there are.
    pub recovery_admins: u64,
    /// When one of them last showed that they can sign in.
    pub recovery_proven: Option<Timestamp>,
    /// How many active members have a password.
    pub with_password: u64,
    /// How many of them were born by single sign-on and have no password.
    pub without_password: u64,
    /// Whether an identity provider still provisions.
    pub is_scim_linked: bool,
}

/// Whether somebody unknown who signs in becomes a member, while an identity provider provisions or while none does.
pub fn makes_members(rule: JitRule, is_scim_linked: bool) -> bool {
    match rule {
        JitRule::On => true,
        JitRule::Off => false,
        JitRule::OffWhenScim => !is_scim_linked,
    }
}

impl SsoState {
    /// The word for people and files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::TestDrive => "test-drive",
            Self::Enabled => "enabled",
        }
    }
}

impl fmt::Display for SsoState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Sso {
    /// What a sign-in is examined by, as text that is the same for the same. The certificates are left out: a test-drive
    /// proves this and the one certificate that signed it, and that others are believed besides takes nothing from it. When
    /// the metadata was read does not matter.
    pub fn examination(&self) -> String {
        let idp = &self.identity_provider;
        let claims: BTreeMap<String, Vec<String>> = self.claims.clone().into();
        serde_json::json!([
            idp.entity_id,
            idp.sign_in_url,
            idp.binding,
            idp.name_id_format,
            idp.wants_signed_requests,
            claims,
            self.allow_unsolicited,
        ])
        .to_string()
    }
}

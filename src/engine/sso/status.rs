//! Single sign-on as an admin sees it before the next step: what stands, what is missing, and what would change.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::directory::{MemberId, Sso, SsoState};

/// How single sign-on stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SsoStatus {
    /// The version of the settings; a change may insist on it.
    pub version: u64,
    /// In which state it is.
    pub state: SsoState,
    /// What is set; `None` before an identity provider was configured.
    pub sso: Option<Sso>,
    /// Our entity id, to be entered at the identity provider. It is the URL of our metadata, too.
    pub entity_id: String,
    /// Our assertion consumer service, to be entered at the identity provider.
    pub acs_url: String,
    /// Where our metadata is.
    pub metadata_url: String,
    /// Where members sign in.
    pub sign_in_url: String,
    /// The signing certificates of the identity provider.
    pub certificates: Vec<CertificateState>,
    /// The last test-drive or sign-in that went well under the present configuration.
    pub last_green: Option<Timestamp>,
    /// `sso.jit` as it is written, and whether somebody unknown who signs in becomes a member now.
    pub jit: (String, bool),
    /// What can be done next, each with what it would change and what it lacks.
    pub next: Vec<NextStep>,
    /// What should be looked at, one sentence each.
    pub remarks: Vec<String>,
    /// Members who were born by single sign-on and have no password, 100 at most: whom disabling would make reset it.
    pub without_password: Vec<(MemberId, String)>,
}

/// A step to another state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextStep {
    /// To which.
    pub to: SsoState,
    /// What it would change, with counts, one sentence each.
    pub changes: Vec<String>,
    /// What is missing for it, one sentence each; it is refused until then.
    pub missing: Vec<String>,
}

/// A signing certificate of the identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateState {
    /// SHA-256 of its DER, as `openssl x509 -fingerprint` prints it.
    pub fingerprint: String,
    /// Its subject, cleaned.
    pub subject: String,
    /// The start of its validity.
    pub not_before: Option<Timestamp>,
    /// The end of its validity.
    pub not_after: Option<Timestamp>,
    /// Whole days until its end; negative after it. An expired one still verifies.
    pub days_left: Option<i64>,
}

impl crate::engine::Engine {
    /// How single sign-on stands, and what its next step would do.
    pub async fn sso_status(&self) -> Result<SsoStatus, crate::engine::EngineError> {
        Err(crate::engine::EngineError::Invalid("not built yet".into()))
    }

    /// The last sign-ins and test-drives, newest first.
    pub async fn sign_ins(
        &self,
        limit: u32,
    ) -> Result<Vec<super::SignInRow>, crate::engine::EngineError> {
        let _ = limit;
        Ok(Vec::new())
    }
}

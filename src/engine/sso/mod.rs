//! Signing in: by SAML as the settings say, by password where that is still allowed, and the sessions that follow.
//!
//! The edge calls [`begin_sign_in`] or [`begin_test_drive`] and sends the browser away, then hands what comes back to
//! [`finish_sign_in`]. It keeps two cookies: one that binds a request to the browser (`SameSite=None; Secure`,
//! any text that it drew; 256 random bits), and the secret of a session. Neither is kept here but as a hash.
//!
//! [`begin_sign_in`]: super::Engine::begin_sign_in
//! [`begin_test_drive`]: super::Engine::begin_test_drive
//! [`finish_sign_in`]: super::Engine::finish_sign_in

mod configure;
mod drive;
mod examine;
mod finish;
mod key;
mod log;
mod own;
mod password;
mod profile;
mod schedule;
mod sessions;
mod status;
mod watch;

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use configure::{IdpSource, ReadMetadata};
pub use drive::{StartedDrive, TEST_DRIVE_HOLDS};
pub use own::OwnSessions;
pub use password::{LinkHolder, MadeLink, PasswordProof};
pub use status::{CertificateState, NextStep, SsoStatus};
pub use watch::MetadataSource;

use crate::directory::{MemberId, RequestId};
use crate::request_log::Exchange;
use crate::secret::Secret;

pub use crate::saml::authn_request::post::PostForm;
pub use crate::store::sso::{
    CheckRow, Decoded, RefreshFailing, SessionRow, SignInMethod, SignInPurpose, SignInRow,
    SsoRefresh, Would,
};

/// The path of our metadata.
pub const METADATA_PATH: &str = "/trust/saml2/metadata";
/// The path of our assertion consumer service.
pub const ACS_PATH: &str = "/trust/saml2/acs";
/// The path that begins a sign-in: a browser that asks for it is sent to the identity provider.
pub const SIGN_IN_PATH: &str = "/trust/saml2/login";
/// The path that begins a test-drive.
pub const TEST_DRIVE_PATH: &str = "/trust/saml2/test-drive";

/// Where a browser is sent with an AuthnRequest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SentAway {
    /// To this URL, by 303 and `Location`.
    Redirect(String),
    /// By this form.
    Form(PostForm),
}

/// What came to the assertion consumer service.
#[derive(Clone, Debug, Default)]
pub struct RawForm {
    /// The HTTP method.
    pub method: String,
    /// The header `Content-Type`.
    pub content_type: Option<String>,
    /// The value of every parameter `SAMLResponse`, decoded from the form.
    pub saml_responses: Vec<String>,
    /// The parameter `RelayState`.
    pub relay_state: Option<String>,
}

/// The browser somebody signs in with.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    /// What binds the request to it: the value of its cookie.
    pub binding: Option<Secret>,
    /// The cookie of the session it had; that session ends when the next one begins.
    pub session: Option<Secret>,
    /// From where it comes.
    pub address: Option<IpAddr>,
    /// How it calls itself.
    pub user_agent: String,
    /// The request as the edge has captured it, redacted; the line of the request log says it along with what it came to.
    pub exchange: Option<Box<Exchange>>,
}

/// What a sign-in came to.
#[derive(Debug)]
pub enum SignInOutcome {
    /// Somebody is in.
    SignedIn {
        /// The secret for the cookie of the session, told this once.
        session: Secret,
        /// When that session ends at the latest.
        expires: Timestamp,
        /// Where to go: a path of ours.
        to: String,
    },
    /// A test-drive came back. Nothing has changed.
    TestDriven {
        /// The line of the request log, under which it can be looked at.
        reference: RequestId,
        /// Whether every check went well.
        ok: bool,
        /// Whether it is the outcome of a test-drive that somebody waits for.
        is_awaited: bool,
    },
    /// Nobody is in. The person is told the reference and nothing else.
    Failed {
        /// The line of the request log.
        reference: RequestId,
        /// Seconds after which to try again, where somebody is too fast.
        retry_after: Option<u64>,
    },
}

/// Who has a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionHolder {
    /// The session; opens nothing.
    pub id: uuid::Uuid,
    /// Who.
    pub member: MemberId,
    /// Their `userName`.
    pub user_name: String,
    /// Their name to show.
    pub name: String,
    /// Whether they lead to admin.
    pub is_admin: bool,
    /// When the session ends.
    pub expires: Timestamp,
    /// How they signed in.
    pub how: SignInMethod,
}

/// What a member sees of themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// Who.
    pub id: MemberId,
    /// `userName`.
    pub user_name: String,
    /// The name to show.
    pub name: String,
    /// The primary e-mail address.
    pub email: Option<String>,
    /// The base role.
    pub role: Option<String>,
    /// The custom roles.
    pub custom_roles: Vec<String>,
    /// The names of their teams.
    pub teams: Vec<String>,
    /// Whether an identity provider rules their profile.
    pub is_managed: bool,
    /// Whether they can sign in by password.
    pub has_password: bool,
    /// Their live sessions, newest first.
    pub sessions: Vec<SessionRow>,
}

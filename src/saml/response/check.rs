//! One line of the list that an examination fills.

use serde::Serialize;

/// Which rule a check is about. The order is that of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckId {
    /// One SAMLResponse in the body of a form POST (SAML Bindings §3.5).
    Transport,
    /// Base64 of a well-formed XML document within all limits.
    Document,
    /// A Response of version 2.0 with known children and one assertion (SAML Core §3.3.3).
    Response,
    /// The identity provider reports success (SAML Core §3.2.2).
    Status,
    /// The signature of the Response, if it has one, holds.
    ResponseSignature,
    /// The Response is for this assertion consumer service.
    Destination,
    /// The Response answers the request of this browser.
    InResponseTo,
    /// The Response is from the configured identity provider.
    ResponseIssuer,
    /// An encrypted assertion is decrypted.
    Decryption,
    /// The assertion is signed, or the Response around it is.
    AssertionSignature,
    /// The assertion has version 2.0, known children and the configured issuer (SAML Core §2.3.3).
    Assertion,
    /// The subject is one e-mail address (SAML Core §2.4.1).
    Subject,
    /// One bearer confirmation is for here and now (SAML Profiles §4.1.4.2).
    SubjectConfirmation,
    /// The assertion is valid now and has no unknown condition (SAML Core §2.5.1).
    Conditions,
    /// The assertion is for this service provider (SAML Core §2.5.1.4).
    Audience,
    /// The member signed in, and that session has not ended (SAML Core §2.7.2).
    AuthnStatement,
    /// The assertion was not used before. Left to the engine.
    Replay,
    /// The attributes are readable (SAML Core §2.7.3).
    Attributes,
    /// The attributes name known roles and teams. Left to the engine.
    Provisioning,
}

impl CheckId {
    /// Every check, in the order of the list.
    pub const ALL: [Self; 19] = [
        Self::Transport,
        Self::Document,
        Self::Response,
        Self::Status,
        Self::ResponseSignature,
        Self::Destination,
        Self::InResponseTo,
        Self::ResponseIssuer,
        Self::Decryption,
        Self::AssertionSignature,
        Self::Assertion,
        Self::Subject,
        Self::SubjectConfirmation,
        Self::Conditions,
        Self::Audience,
        Self::AuthnStatement,
        Self::Replay,
        Self::Attributes,
        Self::Provisioning,
    ];

    /// The stable code of the check.
    pub fn code(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::Document => "document",
            Self::Response => "response",
            Self::Status => "status",
            Self::ResponseSignature => "response_signature",
            Self::Destination => "destination",
            Self::InResponseTo => "in_response_to",
            Self::ResponseIssuer => "response_issuer",
            Self::Decryption => "decryption",
            Self::AssertionSignature => "assertion_signature",
            Self::Assertion => "assertion",
            Self::Subject => "subject",
            Self::SubjectConfirmation => "subject_confirmation",
            Self::Conditions => "conditions",
            Self::Audience => "audience",
            Self::AuthnStatement => "authn_statement",
            Self::Replay => "replay",
            Self::Attributes => "attributes",
            Self::Provisioning => "provisioning",
        }
    }
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// It holds.
    Passed,
    /// It holds, but something should be changed.
    Warned,
    /// It does not hold; there is no login.
    Failed,
    /// It could not be looked at, because of an earlier failure.
    NotReached,
    /// It is the engine's to do.
    Pending,
}

/// One check with its outcome. Its texts have no control or bidi characters and a bounded length.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Which check it is.
    pub id: CheckId,
    /// How it ended.
    pub state: CheckState,
    /// What would have been right, where it is a value.
    pub expected: Option<String>,
    /// What came, where it is a value.
    pub received: Option<String>,
    /// The outcome in words.
    pub detail: String,
}

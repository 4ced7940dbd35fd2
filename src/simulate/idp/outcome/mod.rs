//! What an answer of the test identity provider is to look like.

mod text;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::saml::response::CheckId;

/// An answer, good or broken in one way. The good ones come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Signs in: the assertion is signed.
    Good,
    /// Signs in: assertion and Response are signed.
    GoodSignedTwice,
    /// The identity provider could not sign anybody in.
    AuthnFailed,
    /// A document type declaration with an entity in it.
    DocumentType,
    /// A second assertion beside the signed one.
    SecondAssertion,
    /// The signed assertion is hidden inside a forged one.
    WrappedSignature,
    /// A signed Response that was changed afterwards.
    TamperedResponse,
    /// Sent to another place.
    WrongDestination,
    /// The answer to another request.
    WrongInResponseTo,
    /// From another identity provider.
    WrongIssuer,
    /// No signature at all.
    Unsigned,
    /// Signed with a key that is not in the metadata.
    WrongCertificate,
    /// A signed assertion whose subject was changed afterwards.
    TamperedNameId,
    /// Signed with SHA-1.
    Sha1Signature,
    /// The subject is no e-mail address.
    NameIdNotEmail,
    /// A comment in the subject, behind which something follows.
    CommentInNameId,
    /// Meant to be handed over at another place.
    WrongRecipient,
    /// Handed over too late.
    ConfirmationExpired,
    /// Over before it came.
    Expired,
    /// Not valid before tomorrow.
    NotYetValid,
    /// A condition that nobody knows.
    UnknownCondition,
    /// For another service provider.
    WrongAudience,
    /// For nobody in particular.
    NoAudience,
    /// The session at the identity provider is over.
    SessionOver,
    /// An id that was used before.
    ReplayedId,
    /// A role that there is not.
    UnknownRole,
}

/// What has to become of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It signs in.
    Accepted,
    /// It is refused, and this is the first check that fails. With the two checks that are left to the engine, replay and
    /// provisioning, the engine decides: the first use of an id signs in, and an unknown role may be reported alone.
    Refused(CheckId),
}

/// A word that names no outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("there is no such answer")]
pub struct UnknownOutcome;

impl Outcome {
    /// All of them, in the order of the checks.
    pub const ALL: [Self; 26] = [
        Self::Good,
        Self::GoodSignedTwice,
        Self::AuthnFailed,
        Self::DocumentType,
        Self::SecondAssertion,
        Self::WrappedSignature,
        Self::TamperedResponse,
        Self::WrongDestination,
        Self::WrongInResponseTo,
        Self::WrongIssuer,
        Self::Unsigned,
        Self::WrongCertificate,
        Self::TamperedNameId,
        Self::Sha1Signature,
        Self::NameIdNotEmail,
        Self::CommentInNameId,
        Self::WrongRecipient,
        Self::ConfirmationExpired,
        Self::Expired,
        Self::NotYetValid,
        Self::UnknownCondition,
        Self::WrongAudience,
        Self::NoAudience,
        Self::SessionOver,
        Self::ReplayedId,
        Self::UnknownRole,
    ];

    /// What has to become of it.
    pub const fn verdict(self) -> Verdict {
        Verdict::Refused(match self {
            Self::Good | Self::GoodSignedTwice => return Verdict::Accepted,
            Self::AuthnFailed => CheckId::Status,
            Self::DocumentType => CheckId::Document,
            Self::SecondAssertion | Self::WrappedSignature => CheckId::Response,
            Self::TamperedResponse => CheckId::ResponseSignature,
            Self::WrongDestination => CheckId::Destination,
            Self::WrongInResponseTo => CheckId::InResponseTo,
            Self::WrongIssuer => CheckId::ResponseIssuer,
            Self::Unsigned
            | Self::WrongCertificate
            | Self::TamperedNameId
            | Self::Sha1Signature => CheckId::AssertionSignature,
            Self::NameIdNotEmail | Self::CommentInNameId => CheckId::Subject,
            Self::WrongRecipient | Self::ConfirmationExpired => CheckId::SubjectConfirmation,
            Self::Expired | Self::NotYetValid | Self::UnknownCondition => CheckId::Conditions,
            Self::WrongAudience | Self::NoAudience => CheckId::Audience,
            Self::SessionOver => CheckId::AuthnStatement,
            Self::ReplayedId => CheckId::Replay,
            Self::UnknownRole => CheckId::Provisioning,
        })
    }

    /// Its name in a form and in a test.
    pub const fn code(self) -> &'static str {
        text::of(self).code
    }

    /// Its name for people.
    pub const fn title(self) -> &'static str {
        text::of(self).title
    }

    /// What is done to the answer, and what somebody could gain by it.
    pub const fn explanation(self) -> &'static str {
        text::of(self).explanation
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Outcome {
    type Err = UnknownOutcome;

    fn from_str(code: &str) -> Result<Self, UnknownOutcome> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.code() == code)
            .ok_or(UnknownOutcome)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_outcome_is_listed_once_and_found_by_its_code() {
        let codes: BTreeSet<_> = Outcome::ALL.map(Outcome::code).into_iter().collect();
        assert_eq!(codes.len(), Outcome::ALL.len());
        for outcome in Outcome::ALL {
            assert_eq!(outcome.code().parse(), Ok(outcome));
            assert!(!outcome.title().is_empty() && outcome.explanation().ends_with('.'));
        }
        assert_eq!("good ".parse::<Outcome>(), Err(UnknownOutcome));
    }

    #[test]
    fn the_list_follows_the_order_of_the_checks() {
        // A signature is looked at as a whole after the shape of the Response, so the list is that of the checks but for
        // the status, which is told before all.
        let refused: Vec<_> = Outcome::ALL
            .iter()
            .filter_map(|outcome| match outcome.verdict() {
                Verdict::Refused(check) if *outcome != Outcome::AuthnFailed => Some(check),
                _ => None,
            })
            .collect();
        assert!(refused.is_sorted(), "{refused:?}");
    }
}

//! How each outcome is called and explained.

use super::Outcome;

/// The words for one outcome.
pub(super) struct Text {
    pub code: &'static str,
    pub title: &'static str,
    pub explanation: &'static str,
}

const fn text(code: &'static str, title: &'static str, explanation: &'static str) -> Text {
    Text {
        code,
        title,
        explanation,
    }
}

/// The words for `outcome`.
pub(super) const fn of(outcome: Outcome) -> Text {
    match outcome {
        Outcome::Good => text(
            "good",
            "Good answer",
            "The assertion is signed, as most identity providers do it.",
        ),
        Outcome::GoodSignedTwice => text(
            "good_signed_twice",
            "Good answer, signed twice",
            "The assertion is signed, and the Response around it, too, as Okta does it.",
        ),
        Outcome::AuthnFailed => text(
            "authn_failed",
            "Sign-in failed at the identity provider",
            "The status is AuthnFailed, and there is no assertion. So it looks when somebody is not assigned to the application.",
        ),
        Outcome::DocumentType => text(
            "document_type",
            "Document type declaration",
            "The document declares an entity. Parsers that resolve such have handed out files of the server.",
        ),
        Outcome::SecondAssertion => text(
            "second_assertion",
            "Second assertion",
            "An unsigned assertion for somebody else stands before the signed one. Who verifies one and reads the other signs in the wrong one.",
        ),
        Outcome::WrappedSignature => text(
            "wrapped_signature",
            "Wrapped signature",
            "The signed assertion is whole, but hidden inside a forged one that names somebody else (XML signature wrapping).",
        ),
        Outcome::TamperedResponse => text(
            "tampered_response",
            "Response changed after signing",
            "The Response was signed, and its Issuer was changed on the way. The signature of the assertion in it still holds.",
        ),
        Outcome::WrongDestination => text(
            "wrong_destination",
            "Wrong destination",
            "Destination is the URL of another service provider. So it looks when the ACS URL at the identity provider has a slip of the pen.",
        ),
        Outcome::WrongInResponseTo => text(
            "wrong_in_response_to",
            "Answer to another request",
            "InResponseTo names a request that this browser has not made. Who accepts it can be signed in as somebody else by a stranger.",
        ),
        Outcome::WrongIssuer => text(
            "wrong_issuer",
            "Wrong issuer",
            "Issuer is another identity provider than the one that the metadata describes, though the key is the same.",
        ),
        Outcome::Unsigned => text(
            "unsigned",
            "No signature",
            "Neither the assertion nor the Response is signed. Anybody can write such an answer.",
        ),
        Outcome::WrongCertificate => text(
            "wrong_certificate",
            "Wrong certificate",
            "Signed with a key that is not in the metadata; its certificate comes along in the signature. So it looks after a change of keys that was not announced.",
        ),
        Outcome::TamperedNameId => text(
            "tampered_name_id",
            "Subject changed after signing",
            "The NameID was changed after the assertion was signed.",
        ),
        Outcome::Sha1Signature => text(
            "sha1_signature",
            "SHA-1 signature",
            "Signature and digest say that they are made with SHA-1, which has been broken. Old identity providers have it as their default.",
        ),
        Outcome::NameIdNotEmail => text(
            "name_id_not_email",
            "Subject is no e-mail address",
            "The NameID is a short user name. So it looks when the identity provider is set to send another field.",
        ),
        Outcome::CommentInNameId => text(
            "comment_in_name_id",
            "Comment in the subject",
            "A comment stands in the NameID, and another domain behind it. The signature holds; who reads as far as the comment alone signs in somebody else.",
        ),
        Outcome::WrongRecipient => text(
            "wrong_recipient",
            "Wrong recipient",
            "The bearer confirmation is for another URL: an assertion that another service provider has passed on.",
        ),
        Outcome::ConfirmationExpired => text(
            "confirmation_expired",
            "Handed over too late",
            "The bearer confirmation ended ten minutes ago, the assertion itself did not. So it looks when a page is sent again from the history.",
        ),
        Outcome::Expired => text(
            "expired",
            "Expired",
            "The conditions ended ten minutes ago. So it looks when the clock of the identity provider is slow.",
        ),
        Outcome::NotYetValid => text(
            "not_yet_valid",
            "Not yet valid",
            "The conditions begin in ten minutes. So it looks when the clock of the identity provider is fast.",
        ),
        Outcome::UnknownCondition => text(
            "unknown_condition",
            "Unknown condition",
            "There is a condition that SAML does not know. It could say anything, so nobody can say that it is met.",
        ),
        Outcome::WrongAudience => text(
            "wrong_audience",
            "Wrong audience",
            "The assertion is for another service provider. So it looks when the entity id at the identity provider has a slip of the pen.",
        ),
        Outcome::NoAudience => text(
            "no_audience",
            "No audience",
            "The assertion does not say which service provider it is for, so that any other could use it here.",
        ),
        Outcome::SessionOver => text(
            "session_over",
            "Session is over",
            "SessionNotOnOrAfter is ten minutes ago: at the identity provider, nobody is signed in any more.",
        ),
        Outcome::ReplayedId => text(
            "replayed_id",
            "Replayed assertion",
            "The id of the assertion is the same each time. The first one signs in; choose it twice to see the second one refused.",
        ),
        Outcome::UnknownRole => text(
            "unknown_role",
            "Unknown role",
            "The answer is good, but names a role that there is not.",
        ),
    }
}

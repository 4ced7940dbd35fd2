//! What is in an answer, before it is written.

use jiff::{SignedDuration, Timestamp};

use super::ResponseIds;
use crate::simulate::idp::sign::Strength;
use crate::simulate::idp::{Outcome, Person, ReceivedRequest, TestIdp};

/// How long an assertion is good.
const VALID: SignedDuration = SignedDuration::from_mins(5);
/// How far off a broken time is: more than the skew that anybody allows.
const FAR: SignedDuration = SignedDuration::from_mins(10);
/// How long somebody stays signed in at the test identity provider.
const SESSION: SignedDuration = SignedDuration::from_hours(8);
/// Somebody else's place; the domain is reserved, so that nobody has it (RFC 2606 §3).
const ELSEWHERE: &str = "https://elsewhere.example/saml";

/// Which parts are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signed {
    Nothing,
    Assertion,
    Both,
}

/// Which key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SigningWith {
    /// The one in the metadata.
    Own,
    /// Another one.
    Foreign,
}

/// How the subject is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NameId {
    /// As it is.
    Plain(String),
    /// With a comment between two parts.
    Commented(String, String),
}

/// Everything that an answer says.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub ids: ResponseIds,
    pub issuer: String,
    pub destination: String,
    pub in_response_to: Option<String>,
    pub is_success: bool,
    pub name_id: NameId,
    pub recipient: String,
    pub issue_instant: Timestamp,
    pub not_before: Timestamp,
    pub confirmation_not_on_or_after: Timestamp,
    pub conditions_not_on_or_after: Timestamp,
    pub session_not_on_or_after: Timestamp,
    pub audience: Option<String>,
    pub has_unknown_condition: bool,
    pub attributes: Vec<(&'static str, Vec<String>)>,
    pub signed: Signed,
    pub with: SigningWith,
    pub strength: Strength,
}

impl Plan {
    /// An answer that signs in.
    pub(super) fn good(
        idp: &TestIdp,
        request: &ReceivedRequest,
        person: &Person,
        ids: &ResponseIds,
        now: Timestamp,
    ) -> Result<Self, jiff::Error> {
        let acs_url = &idp.service_provider.acs_url;
        Ok(Self {
            ids: ids.clone(),
            issuer: idp.entity_id.as_str().to_owned(),
            destination: acs_url.clone(),
            in_response_to: request.id.as_ref().map(|id| id.as_str().to_owned()),
            is_success: true,
            name_id: NameId::Plain(person.email.clone()),
            recipient: acs_url.clone(),
            issue_instant: now,
            not_before: now.checked_sub(VALID)?,
            confirmation_not_on_or_after: now.checked_add(VALID)?,
            conditions_not_on_or_after: now.checked_add(VALID)?,
            session_not_on_or_after: now.checked_add(SESSION)?,
            audience: Some(idp.service_provider.entity_id.as_str().to_owned()),
            has_unknown_condition: false,
            attributes: person.attributes(),
            signed: Signed::Assertion,
            with: SigningWith::Own,
            strength: Strength::Sha256,
        })
    }

    /// Makes the answer say what `outcome` is about. What happens to it after signing is not done here.
    pub(super) fn change(&mut self, outcome: Outcome) -> Result<(), jiff::Error> {
        let elsewhere = ELSEWHERE.to_owned();
        let past = self.issue_instant.checked_sub(FAR)?;
        match outcome {
            Outcome::Good
            | Outcome::DocumentType
            | Outcome::SecondAssertion
            | Outcome::WrappedSignature
            | Outcome::TamperedNameId => {}
            Outcome::GoodSignedTwice | Outcome::TamperedResponse => self.signed = Signed::Both,
            Outcome::AuthnFailed => {
                self.is_success = false;
                self.signed = Signed::Nothing;
            }
            Outcome::WrongDestination => self.destination = elsewhere,
            Outcome::WrongInResponseTo => {
                self.in_response_to = Some("_a_request_that_nobody_made".to_owned());
            }
            Outcome::WrongIssuer => self.issuer = elsewhere,
            Outcome::Unsigned => self.signed = Signed::Nothing,
            Outcome::WrongCertificate => self.with = SigningWith::Foreign,
            Outcome::Sha1Signature => self.strength = Strength::Sha1,
            Outcome::NameIdNotEmail => {
                let (name, _) = self.email().split_once('@').unwrap_or(("somebody", ""));
                self.name_id = NameId::Plain(name.to_owned());
            }
            Outcome::CommentInNameId => {
                self.name_id =
                    NameId::Commented(self.email().to_owned(), "@elsewhere.example".to_owned());
            }
            Outcome::WrongRecipient => self.recipient = elsewhere,
            Outcome::ConfirmationExpired => {
                self.confirmation_not_on_or_after = past;
            }
            Outcome::Expired => {
                self.not_before = past.checked_sub(VALID)?;
                self.conditions_not_on_or_after = past;
            }
            Outcome::NotYetValid => {
                self.not_before = self.issue_instant.checked_add(FAR)?;
                self.conditions_not_on_or_after = self.not_before.checked_add(VALID)?;
            }
            Outcome::UnknownCondition => self.has_unknown_condition = true,
            Outcome::WrongAudience => self.audience = Some(elsewhere),
            Outcome::NoAudience => self.audience = None,
            Outcome::SessionOver => self.session_not_on_or_after = past,
            Outcome::ReplayedId => {
                "_the_same_each_time".clone_into(&mut self.ids.assertion);
            }
            Outcome::UnknownRole => {
                self.attributes.retain(|(name, _)| *name != "role");
                self.attributes.push(("role", vec!["emperor".to_owned()]));
            }
        }
        Ok(())
    }

    /// The subject's address.
    pub(super) fn email(&self) -> &str {
        match &self.name_id {
            NameId::Plain(email) | NameId::Commented(email, _) => email,
        }
    }
}

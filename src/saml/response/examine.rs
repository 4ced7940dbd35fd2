//! The examination itself: every check in its order.

use super::assertion::NameId;
use super::attributes::Attributes;
use super::authn_statement::AuthnSession;
use super::check::CheckId;
use super::checklist::Checklist;
use super::clean::clean;
use super::decoded::Decoded;
use super::envelope::{self, Carried};
use super::examination::Examination;
use super::expectations::Expectations;
use super::finding::{Finding, Refusal};
use super::pretty::pretty;
use super::signatures::{self, ResponseSignature};
use super::subject::Subject;
use super::transport::{self, RawResponse};
use super::{assertion, attributes, authn_statement, conditions, confirmation, decryption, status};
use crate::saml::signature::presented;
use crate::saml::xml::{Limits, Node, Source, decode_base64};

const MAX_VALUE_CHARS: usize = 1024;
/// Attributes, and values of one attribute, that are shown.
const MAX_SHOWN: usize = 200;

/// Runs every check on a Response. Never stops early where what a check needs is there.
///
/// It takes processor time in proportion to the message, at most some hundred milliseconds: run it off the threads that
/// serve others.
pub fn examine(raw: &RawResponse<'_>, expectations: &Expectations<'_>) -> Examination {
    let mut run = Run {
        expectations,
        checks: Checklist::new(),
        decoded: Decoded::default(),
    };
    let subject = run.transport(raw);
    Examination::new(run.checks.finish(), subject, run.decoded)
}

struct Run<'e> {
    expectations: &'e Expectations<'e>,
    checks: Checklist,
    decoded: Decoded,
}

impl Run<'_> {
    fn enter(&mut self, id: CheckId, result: Result<Finding, Refusal>) {
        self.checks
            .enter_result(id, result.map(|finding| ((), finding)));
    }

    fn transport(&mut self, raw: &RawResponse<'_>) -> Option<Subject> {
        self.enter(CheckId::Transport, transport::check(raw));
        let read = |text: &str| {
            let bytes =
                decode_base64(text, Limits::RESPONSE.bytes).map_err(|error| error.to_string())?;
            Source::from_bytes(&bytes, Limits::RESPONSE).map_err(|error| error.to_string())
        };
        let source = match read(raw.text()?) {
            Ok(source) => source,
            Err(error) => {
                self.checks.enter(CheckId::Document, Finding::failed(error));
                return None;
            }
        };
        match source.parse() {
            Ok(document) => {
                let detail = format!(
                    "well-formed XML of {} bytes, within all limits",
                    source.as_str().len()
                );
                self.checks
                    .enter(CheckId::Document, Finding::passed(detail));
                self.response(document.root_element())
            }
            Err(error) => {
                self.checks
                    .enter(CheckId::Document, Finding::failed(error.to_string()));
                None
            }
        }
    }

    fn response(&mut self, response: Node<'_, '_>) -> Option<Subject> {
        self.decoded.response = Some(pretty(response));
        self.decoded.certificate = presented(response);
        let is_success = status::is_success(response);
        self.enter(CheckId::Response, envelope::check(response, is_success));
        if !envelope::is_response(response) {
            return None;
        }
        let instant = envelope::issue_instant(response);
        self.decoded.clock_skew_seconds = instant.map(|it| {
            self.expectations
                .now
                .as_second()
                .saturating_sub(it.as_second())
        });
        self.enter(CheckId::Status, status::check(response));
        let (signature, finding) = signatures::check_response(response, self.expectations);
        self.checks.enter(CheckId::ResponseSignature, finding);
        let finding = envelope::check_destination(response, self.expectations);
        self.checks.enter(CheckId::Destination, finding);
        let finding = envelope::check_in_response_to(response, self.expectations);
        self.checks.enter(CheckId::InResponseTo, finding);
        self.enter(
            CheckId::ResponseIssuer,
            envelope::check_response_issuer(response, self.expectations),
        );

        match envelope::carried(response) {
            Carried::Plain(assertion) => {
                let finding = Finding::passed("the assertion is not encrypted");
                self.checks.enter(CheckId::Decryption, finding);
                self.assertion(response, assertion, signature)
            }
            Carried::Encrypted(encrypted) => self.encrypted(response, encrypted, signature),
            Carried::Unusable => None,
        }
    }

    fn encrypted(
        &mut self,
        response: Node<'_, '_>,
        encrypted: Node<'_, '_>,
        signature: ResponseSignature,
    ) -> Option<Subject> {
        let decrypted = match decryption::open(encrypted, signature, self.expectations) {
            Ok(decrypted) => decrypted,
            Err(refusal) => {
                self.checks.enter(CheckId::Decryption, *refusal);
                return None;
            }
        };
        let finding = decryption::opened(&decrypted, signature);
        let result = decryption::read(&decrypted).map(|document| (document, finding));
        let document = self.checks.enter_result(CheckId::Decryption, result)?;
        self.assertion(response, document.root_element(), signature)
    }

    /// `assertion` is the child of the Response, or the root of what was decrypted out of it. All is read from this node.
    fn assertion(
        &mut self,
        response: Node<'_, '_>,
        assertion: Node<'_, '_>,
        signature: ResponseSignature,
    ) -> Option<Subject> {
        let expectations = self.expectations;
        self.decoded.assertion = Some(pretty(assertion));
        if self.decoded.certificate.is_none() {
            self.decoded.certificate = presented(assertion);
        }
        let result = signatures::check_assertion(assertion, signature, expectations);
        let signer = self
            .checks
            .enter_result(CheckId::AssertionSignature, result);
        self.enter(
            CheckId::Assertion,
            assertion::check(assertion, expectations),
        );

        let name_id = match assertion::read_name_id(assertion) {
            Ok(name_id) => {
                self.enter(CheckId::Subject, assertion::check_address(&name_id.name_id));
                Some(name_id)
            }
            Err(refusal) => {
                self.checks.enter(CheckId::Subject, *refusal);
                None
            }
        };
        let result = confirmation::check(assertion, response, expectations);
        let confirmed_until = self
            .checks
            .enter_result(CheckId::SubjectConfirmation, result);
        self.enter(
            CheckId::Conditions,
            conditions::check(assertion, expectations),
        );
        self.enter(
            CheckId::Audience,
            conditions::check_audience(assertion, expectations),
        );
        let result = authn_statement::check(assertion, expectations);
        let session = self.checks.enter_result(CheckId::AuthnStatement, result);
        let attributes = self
            .checks
            .enter_result(CheckId::Attributes, attributes::check(assertion));

        let assertion_id = assertion.attribute("ID").unwrap_or_default().to_owned();
        self.show(
            &assertion_id,
            name_id.as_ref(),
            session.as_ref(),
            attributes.as_ref(),
        );
        let (name_id, session) = (name_id?, session?);
        let replay_until = confirmed_until?.saturating_add(expectations.skew);
        Some(Subject {
            name_id: name_id.name_id,
            name_id_format: name_id.format,
            session_index: session.index,
            session_not_on_or_after: session.not_on_or_after,
            attributes: attributes?,
            assertion_id,
            replay_until: replay_until.unwrap_or(jiff::Timestamp::MAX),
            signed_by: signer.flatten()?,
        })
    }

    fn show(
        &mut self,
        assertion_id: &str,
        name_id: Option<&NameId>,
        session: Option<&AuthnSession>,
        attributes: Option<&Attributes>,
    ) {
        let shown = |text: &str| clean(text, MAX_VALUE_CHARS);
        self.decoded.assertion_id = Some(shown(assertion_id));
        if let Some(name_id) = name_id {
            self.decoded.name_id = Some(shown(&name_id.name_id));
            self.decoded.name_id_format = name_id.format.as_deref().map(shown);
        }
        if let Some(session) = session {
            self.decoded.session_index = session.index.as_deref().map(shown);
            self.decoded.session_not_on_or_after = session.not_on_or_after;
        }
        for (name, values) in attributes.into_iter().flatten().take(MAX_SHOWN) {
            let values = values.iter().take(MAX_SHOWN).map(|it| shown(it)).collect();
            self.decoded.attributes.insert(shown(name), values);
        }
    }
}

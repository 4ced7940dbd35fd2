//! The answers of the test identity provider: a [`Plan`] says what is in one, [`document`] writes and signs it, and
//! [`spoil`] does to it what happens to answers on the way.

mod document;
mod plan;
mod spoil;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::{Outcome, Person, ReceivedRequest, TestIdp, TestIdpError};
use plan::Plan;

/// The ids of an answer, which the caller draws: XML names, unique.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseIds {
    /// ID of the Response.
    pub response: String,
    /// ID of the assertion.
    pub assertion: String,
    /// SessionIndex: what the identity provider calls its session.
    pub session_index: String,
}

impl ResponseIds {
    /// Ids of 16 random bytes each, which the caller draws.
    pub fn new(random: [[u8; 16]; 3]) -> Self {
        let [response, assertion, session_index] =
            random.map(|bytes| format!("_{:032x}", u128::from_be_bytes(bytes)));
        Self {
            response,
            assertion,
            session_index,
        }
    }
}

/// An answer, ready to be carried back in a form (SAML bindings §3.5.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedResponse {
    /// Where it goes: the AssertionConsumerService.
    pub acs_url: String,
    /// The document.
    pub xml: String,
    /// What to send back beside it, as it came.
    pub relay_state: Option<String>,
    /// What was asked for.
    pub outcome: Outcome,
}

impl IssuedResponse {
    /// The field `SAMLResponse`: the document in base64.
    pub fn saml_response(&self) -> String {
        STANDARD.encode(&self.xml)
    }
}

pub(super) fn issue(
    idp: &TestIdp,
    request: &ReceivedRequest,
    person: &Person,
    outcome: Outcome,
    ids: &ResponseIds,
    now: Timestamp,
) -> Result<IssuedResponse, TestIdpError> {
    let mut plan =
        Plan::good(idp, request, person, ids, now).map_err(|_| TestIdpError::Time { now })?;
    plan.change(outcome)
        .map_err(|_| TestIdpError::Time { now })?;
    let xml = document::write(idp, &plan)?;
    Ok(IssuedResponse {
        acs_url: idp.service_provider.acs_url.clone(),
        xml: spoil::spoil(&xml, outcome, &plan),
        relay_state: request.relay_state.clone(),
        outcome,
    })
}

//! How the member signed in at the identity provider (SAML Core §2.7.2).

use jiff::Timestamp;

use super::expectations::Expectations;
use super::finding::{Finding, Refusal, refuse};
use super::time::parse_instant;
use crate::saml::namespaces::ASSERTION;
use crate::saml::xml::Node;

/// The session at the identity provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct AuthnSession {
    pub index: Option<String>,
    /// The earliest end that any statement names.
    pub not_on_or_after: Option<Timestamp>,
}

pub(super) fn check(
    assertion: Node<'_, '_>,
    expectations: &Expectations<'_>,
) -> Result<(AuthnSession, Finding), Refusal> {
    let mut statements = 0;
    let mut session = AuthnSession::default();
    for statement in assertion
        .children()
        .filter(|it| it.has_tag_name((ASSERTION, "AuthnStatement")))
    {
        statements += 1;
        let instant = statement.attribute("AuthnInstant").unwrap_or_default();
        if parse_instant(instant).is_none() {
            let finding = Finding::failed("the AuthnInstant is not readable");
            return refuse(finding.expected("xs:dateTime in UTC").received(instant));
        }
        if session.index.is_none() {
            session.index = statement.attribute("SessionIndex").map(str::to_owned);
        }
        let Some(end) = statement.attribute("SessionNotOnOrAfter") else {
            continue;
        };
        let Some(not_on_or_after) = parse_instant(end) else {
            let finding = Finding::failed("the SessionNotOnOrAfter is not readable");
            return refuse(finding.expected("xs:dateTime in UTC").received(end));
        };
        if expectations.is_past(not_on_or_after) {
            let finding = Finding::failed("the session at the identity provider has ended");
            return refuse(
                finding
                    .expected(format!("after {}", expectations.now))
                    .received(end),
            );
        }
        let earlier = session
            .not_on_or_after
            .map_or(not_on_or_after, |it| it.min(not_on_or_after));
        session.not_on_or_after = Some(earlier);
    }
    if statements == 0 {
        let finding = Finding::failed("the assertion does not say that the member signed in");
        return refuse(finding.expected("AuthnStatement").received("none"));
    }
    let detail = match session.not_on_or_after {
        Some(end) => format!("signed in, the session ends at {end}"),
        None => "signed in, the session has no end of its own".to_owned(),
    };
    Ok((session, Finding::passed(detail)))
}

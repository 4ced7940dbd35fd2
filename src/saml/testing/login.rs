//! A login as an identity provider writes it.

use jiff::{SignedDuration, Timestamp};

/// All that a Response says. Every field may be changed before the texts are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The ID of the Response.
    pub response_id: String,
    /// The ID of the assertion.
    pub assertion_id: String,
    /// The identity provider's entityID.
    pub issuer: String,
    /// Where the Response goes: Destination and Recipient.
    pub acs_url: String,
    /// The service provider's entityID.
    pub audience: String,
    /// The request that is answered; none for a login begun at the identity provider.
    pub in_response_to: Option<String>,
    /// Who signs in.
    pub name_id: String,
    /// The Format of the NameID.
    pub name_id_format: String,
    /// When all of it was made.
    pub issue_instant: Timestamp,
    /// When the assertion becomes valid.
    pub not_before: Timestamp,
    /// When it ends.
    pub not_on_or_after: Timestamp,
    /// The name of the session.
    pub session_index: String,
    /// When the session ends.
    pub session_not_on_or_after: Option<Timestamp>,
    /// Names and values.
    pub attributes: Vec<(String, Vec<String>)>,
}

impl Login {
    /// A login of `ada@x.io` that is made at `now` and valid for five minutes.
    pub fn new(now: Timestamp) -> Self {
        let later = |minutes| {
            now.saturating_add(SignedDuration::from_mins(minutes))
                .unwrap_or(now)
        };
        Self {
            response_id: "_response".to_owned(),
            assertion_id: "_assertion".to_owned(),
            issuer: "https://idp.example/metadata".to_owned(),
            acs_url: "https://sp.example/saml/acs".to_owned(),
            audience: "https://sp.example/saml/metadata".to_owned(),
            in_response_to: Some("_request".to_owned()),
            name_id: "ada@x.io".to_owned(),
            name_id_format: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress".to_owned(),
            issue_instant: now,
            not_before: later(-1),
            not_on_or_after: later(5),
            session_index: "_session".to_owned(),
            session_not_on_or_after: Some(later(480)),
            attributes: vec![("role".to_owned(), vec!["writer".to_owned()])],
        }
    }

    /// The assertion, not signed.
    pub fn assertion_xml(&self) -> String {
        let session_end = self.session_not_on_or_after;
        let session_end = session_end
            .map(|it| format!(" SessionNotOnOrAfter=\"{it}\""))
            .unwrap_or_default();
        format!(
            "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" Version=\"2.0\" \
             IssueInstant=\"{made}\"><saml:Issuer>{issuer}</saml:Issuer><saml:Subject>\
             <saml:NameID Format=\"{format}\">{name_id}</saml:NameID>\
             <saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
             <saml:SubjectConfirmationData{request} Recipient=\"{acs_url}\" NotOnOrAfter=\"{end}\"/>\
             </saml:SubjectConfirmation></saml:Subject>\
             <saml:Conditions NotBefore=\"{start}\" NotOnOrAfter=\"{end}\"><saml:AudienceRestriction>\
             <saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>\
             <saml:AuthnStatement AuthnInstant=\"{made}\" SessionIndex=\"{session}\"{session_end}><saml:AuthnContext>\
             <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport\
             </saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>{attributes}</saml:Assertion>",
            id = escape(&self.assertion_id),
            made = self.issue_instant,
            issuer = escape(&self.issuer),
            format = escape(&self.name_id_format),
            name_id = escape(&self.name_id),
            request = self.request(),
            acs_url = escape(&self.acs_url),
            start = self.not_before,
            end = self.not_on_or_after,
            audience = escape(&self.audience),
            session = escape(&self.session_index),
            attributes = self.attributes_xml(),
        )
    }

    /// The Response around an assertion, signed or encrypted or neither; not signed itself.
    pub fn response_xml(&self, assertion: &str) -> String {
        format!(
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"{id}\" Version=\"2.0\" \
             IssueInstant=\"{made}\" Destination=\"{acs_url}\"{request}>\
             <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{issuer}</saml:Issuer>\
             <samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status>\
             {assertion}</samlp:Response>",
            id = escape(&self.response_id),
            made = self.issue_instant,
            acs_url = escape(&self.acs_url),
            request = self.request(),
            issuer = escape(&self.issuer),
        )
    }

    fn request(&self) -> String {
        let request = self.in_response_to.as_deref();
        request
            .map(|it| format!(" InResponseTo=\"{}\"", escape(it)))
            .unwrap_or_default()
    }

    fn attributes_xml(&self) -> String {
        if self.attributes.is_empty() {
            return String::new();
        }
        let mut text = "<saml:AttributeStatement>".to_owned();
        for (name, values) in &self.attributes {
            text.push_str("<saml:Attribute Name=\"");
            text.push_str(&escape(name));
            text.push_str("\">");
            for value in values {
                text.push_str("<saml:AttributeValue>");
                text.push_str(&escape(value));
                text.push_str("</saml:AttributeValue>");
            }
            text.push_str("</saml:Attribute>");
        }
        text.push_str("</saml:AttributeStatement>");
        text
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\r', "&#13;")
}

//! The AuthnRequest as a document.

use jiff::Timestamp;

use super::AuthnRequestId;
use crate::saml::instant::write_instant;
use crate::saml::{EntityId, XmlWriter, uris};

/// Whether somebody who is signed in at the identity provider has to sign in again (SAML core §3.4.1, `ForceAuthn`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForceAuthn {
    /// A sign-in of before will do.
    #[default]
    No,
    /// Password and second factor are asked for anew.
    Yes,
}

/// What the subject's name in the answer should be (SAML core §3.4.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameIdPolicy {
    /// The request says nothing, for identity providers that refuse what they were not set up for.
    Unsaid,
    /// An e-mail address, which is what members are found by.
    #[default]
    EmailAddress,
    /// Whatever the identity provider is set to send.
    Unspecified,
}

/// A request to sign somebody in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthnRequest {
    /// Its id, which the answer must repeat as `InResponseTo`.
    pub id: AuthnRequestId,
    /// When it is made; written to the second.
    pub issue_instant: Timestamp,
    /// Where it goes: the location of the identity provider's SingleSignOnService, as its metadata writes it.
    pub destination: String,
    /// Where the answer shall go, as our metadata writes it (`AssertionConsumerServiceURL`).
    pub acs_url: String,
    /// Who asks: our entity id.
    pub issuer: EntityId,
    /// What the subject's name should be.
    pub name_id_policy: NameIdPolicy,
    /// Whether a sign-in of before will do.
    pub force_authn: ForceAuthn,
}

impl AuthnRequest {
    /// The document, in canonical form. The same request is the same text.
    ///
    /// It asks for the POST binding, since an answer with a signature does not fit into a URL, and names the place for it
    /// by URL, so that an identity provider which knows several of ours takes the right one.
    /// It asks for no authentication context: Entra ID refuses whoever has signed in with another method than the one
    /// that is asked for, be it a better one.
    pub fn to_xml(&self) -> String {
        let issue_instant = write_instant(self.issue_instant);
        let mut attributes = vec![
            ("xmlns:samlp", uris::PROTOCOL),
            ("AssertionConsumerServiceURL", self.acs_url.as_str()),
            ("Destination", self.destination.as_str()),
        ];
        if self.force_authn == ForceAuthn::Yes {
            attributes.push(("ForceAuthn", "true"));
        }
        attributes.extend([
            ("ID", self.id.as_str()),
            ("IssueInstant", issue_instant.as_str()),
            ("ProtocolBinding", uris::BINDING_POST),
            ("Version", "2.0"),
        ]);
        let mut xml = XmlWriter::new();
        xml.start("samlp:AuthnRequest", &attributes).leaf(
            "saml:Issuer",
            &[("xmlns:saml", uris::ASSERTION)],
            self.issuer.as_str(),
        );
        if let Some(format) = self.name_id_policy.format() {
            // AllowCreate: an identity provider may make the name it has not used with us before.
            xml.empty(
                "samlp:NameIDPolicy",
                &[("AllowCreate", "true"), ("Format", format)],
            );
        }
        xml.finish()
    }
}

impl NameIdPolicy {
    fn format(self) -> Option<&'static str> {
        match self {
            Self::Unsaid => None,
            Self::EmailAddress => Some(uris::NAME_ID_EMAIL),
            Self::Unspecified => Some(uris::NAME_ID_UNSPECIFIED),
        }
    }
}

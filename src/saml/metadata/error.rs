//! Why a metadata document cannot be used.

use jiff::Timestamp;
use thiserror::Error;

use super::LocationFault;
use crate::saml::EntityId;
use crate::saml::certificate::CertificateError;
use crate::saml::entity_id::EntityIdError;
use crate::saml::xml::XmlError;

/// Why a metadata document is refused. Texts of the document in it are cleaned and cut.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MetadataError {
    /// It is not XML that is read.
    #[error("the metadata cannot be read: {0}")]
    Xml(#[from] XmlError),
    /// It is another document: a web page, say.
    #[error(
        "this is no SAML metadata: its outermost element is {found:?}, not EntityDescriptor or EntitiesDescriptor"
    )]
    NotMetadata {
        /// Local name of the outermost element.
        found: String,
    },
    /// There is no identity provider in it, but a service provider: ours, perhaps.
    #[error("this is the metadata of a service provider, not of an identity provider")]
    ServiceProvider,
    /// There is no identity provider of SAML 2.0 in it.
    #[error("there is no SAML 2.0 identity provider in this metadata")]
    NoIdentityProvider,
    /// There are several, and it was not said which one is meant.
    #[error(
        "this metadata has {count} identity providers, say which one is meant: {}",
        list(entity_ids)
    )]
    SeveralIdentityProviders {
        /// How many.
        count: usize,
        /// Their names in the order of the document, at most [`LISTED_ENTITIES`](super::LISTED_ENTITIES).
        entity_ids: Vec<EntityId>,
    },
    /// The one that is meant is not there.
    #[error(
        "this metadata has no identity provider {wanted}, but {}",
        list(entity_ids)
    )]
    UnknownIdentityProvider {
        /// Which one is meant.
        wanted: EntityId,
        /// Those that are there, in the order of the document, at most [`LISTED_ENTITIES`](super::LISTED_ENTITIES).
        entity_ids: Vec<EntityId>,
    },
    /// The one that is meant is there twice.
    #[error("this metadata has the identity provider {entity_id} twice")]
    RepeatedIdentityProvider {
        /// Which one.
        entity_id: EntityId,
    },
    /// An identity provider has no name, or none that can be used.
    #[error("the entityID cannot be used: {0}")]
    EntityId(#[from] EntityIdError),
    /// Its `validUntil` has passed (SAML metadata §2.3.2). The admin needs a newer one.
    #[error("this metadata expired at {valid_until}")]
    Expired {
        /// When.
        valid_until: Timestamp,
    },
    /// Its `validUntil` is no date. That is never read as "for ever".
    #[error("validUntil {text:?} is no date and time")]
    UnreadableValidUntil {
        /// What it says.
        text: String,
    },
    /// There is no key to verify with, so that nothing the identity provider says could be believed.
    #[error(
        "there is no signing certificate in this metadata that can be used{}",
        reasons(unusable)
    )]
    NoSigningKey {
        /// Why those that are there cannot be used.
        unusable: Vec<CertificateError>,
    },
    /// It takes requests in no way that is known.
    #[error("the identity provider takes requests neither by redirect nor by POST")]
    NoSingleSignOnService,
    /// Where it takes requests is no URL to send anybody to.
    #[error("the SingleSignOnService {location:?} cannot be used: {fault}")]
    Location {
        /// What it says.
        location: String,
        /// What is wrong with it.
        fault: LocationFault,
    },
    /// There is more of something than is read.
    #[error("this metadata has more than {limit} {what}")]
    TooMany {
        /// Of what, as the standard names it.
        what: &'static str,
        /// How many are read.
        limit: usize,
    },
}

/// Entity ids in the text of an error.
const SHOWN_ENTITIES: usize = 10;

fn list(entity_ids: &[EntityId]) -> String {
    // More would be no help in one line; the rest stands in the error itself.
    let mut text = entity_ids
        .iter()
        .take(SHOWN_ENTITIES)
        .map(EntityId::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    if entity_ids.len() > SHOWN_ENTITIES {
        text.push_str(", ..");
    }
    text
}

fn reasons(unusable: &[CertificateError]) -> String {
    unusable.iter().fold(String::new(), |mut text, why| {
        text.push_str("; ");
        text.push_str(&why.to_string());
        text
    })
}

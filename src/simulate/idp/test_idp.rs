//! The test identity provider itself.

use jiff::Timestamp;
use thiserror::Error;

use super::response::{self, IssuedResponse, ResponseIds};
use super::{
    IdpKey, IdpKeyError, METADATA_PATH, Outcome, Person, ReceivedRequest, SSO_PATH,
    ServiceProvider, metadata,
};
use crate::saml::signing_key::SigningKeyError;
use crate::saml::{EntityId, EntityIdError};

/// An identity provider for one service provider, with a key that its metadata shows and one that it does not.
#[derive(Debug)]
pub struct TestIdp {
    pub(super) entity_id: EntityId,
    pub(super) sso_url: String,
    pub(super) service_provider: ServiceProvider,
    pub(super) key: IdpKey,
    pub(super) foreign_key: IdpKey,
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum TestIdpError {
    /// An entity id is none.
    #[error(transparent)]
    EntityId(#[from] EntityIdError),
    /// There is no key.
    #[error(transparent)]
    Key(#[from] IdpKeyError),
    /// The key did not sign.
    #[error(transparent)]
    Signature(#[from] SigningKeyError),
    /// The time is so far out that the times around it are none.
    #[error("no answer can be made at {now}")]
    Time {
        /// The time that was given.
        now: Timestamp,
    },
}

impl TestIdp {
    /// An identity provider with the keys given: `key` is in its metadata, `foreign_key` is not and signs what has to be
    /// refused. `sso_url` is where its page stands.
    pub fn new(
        entity_id: EntityId,
        sso_url: String,
        service_provider: ServiceProvider,
        key: IdpKey,
        foreign_key: IdpKey,
    ) -> Self {
        Self {
            entity_id,
            sso_url,
            service_provider,
            key,
            foreign_key,
        }
    }

    /// An identity provider with new keys. Asks the operating system for random numbers; takes some 200 ms.
    pub fn generate(
        entity_id: EntityId,
        sso_url: String,
        service_provider: ServiceProvider,
        now: Timestamp,
    ) -> Result<Self, TestIdpError> {
        Ok(Self::new(
            entity_id,
            sso_url,
            service_provider,
            Self::new_key(now)?,
            Self::foreign_key(now)?,
        ))
    }

    /// An identity provider with this key, and a new one that signs what has to be refused, for the service provider of
    /// these names, at a base URL such as `http://127.0.0.1:8480`, where its [server](super::TestIdpServer) listens.
    pub fn at(
        base: &str,
        sp_entity_id: &str,
        acs_url: String,
        key: IdpKey,
        now: Timestamp,
    ) -> Result<Self, TestIdpError> {
        let service_provider = ServiceProvider {
            entity_id: EntityId::parse(sp_entity_id)?,
            acs_url,
            certificate: None,
        };
        let entity_id = EntityId::parse(&format!("{base}{METADATA_PATH}"))?;
        Ok(Self::new(
            entity_id,
            format!("{base}{SSO_PATH}"),
            service_provider,
            key,
            Self::foreign_key(now)?,
        ))
    }

    /// A key for its metadata. Asks the operating system for random numbers; takes some 100 ms.
    pub fn new_key(now: Timestamp) -> Result<IdpKey, TestIdpError> {
        Ok(IdpKey::generate("Provost test identity provider", now)?)
    }

    fn foreign_key(now: Timestamp) -> Result<IdpKey, TestIdpError> {
        Ok(IdpKey::generate("Provost test, not in the metadata", now)?)
    }

    /// Its name.
    pub fn entity_id(&self) -> &EntityId {
        &self.entity_id
    }

    /// Whom it answers.
    pub fn service_provider(&self) -> &ServiceProvider {
        &self.service_provider
    }

    /// Its metadata, to set the service provider up with.
    pub fn metadata(&self) -> String {
        metadata::write(self)
    }

    /// Reads a request that came to its page: what stands behind the question mark of the URL.
    pub fn read_request(&self, query: &str) -> Result<ReceivedRequest, super::RequestFault> {
        ReceivedRequest::read(query, &self.sso_url, &self.service_provider)
    }

    /// The answer to a request: good, or broken as `outcome` says. With the same input it is the same answer.
    pub fn respond(
        &self,
        request: &ReceivedRequest,
        person: &Person,
        outcome: Outcome,
        ids: &ResponseIds,
        now: Timestamp,
    ) -> Result<IssuedResponse, TestIdpError> {
        response::issue(self, request, person, outcome, ids, now)
    }
}

//! What we say of ourselves: our names, our key, our metadata.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::{ACS_PATH, METADATA_PATH};
use crate::directory::SsoBinding;
use crate::engine::{Engine, EngineError};
use crate::saml::metadata::ServiceProviderMetadata;
use crate::saml::{EntityId, ServiceProviderKey};
use crate::secret::Secret;
use crate::store::sso::{SignInWrites, SsoKeyRow};

impl Engine {
    /// Our entity id: the URL of our metadata.
    pub fn sso_entity_id(&self) -> String {
        format!("{}{METADATA_PATH}", self.public_url())
    }

    /// The URL of our assertion consumer service.
    pub fn sso_acs_url(&self) -> String {
        format!("{}{ACS_PATH}", self.public_url())
    }

    /// Our metadata, `application/samlmetadata+xml`. Makes our key, if there is none yet.
    pub async fn sso_metadata(&self) -> Result<String, EngineError> {
        let key = self.sso_key().await?;
        let entity_id = self.own_entity_id()?;
        // What goes by a form is not signed, and then we do not say that it is.
        let in_force = self.in_force();
        let sso = in_force.settings.sso.as_ref();
        let signs = sso.is_none_or(|it| it.identity_provider.binding == SsoBinding::Redirect);
        Ok(ServiceProviderMetadata {
            entity_id: &entity_id,
            acs_url: &self.sso_acs_url(),
            signing_certificate: signs.then(|| key.certificate()),
            encryption_certificate: Some(key.certificate()),
        }
        .to_xml())
    }

    pub(super) fn own_entity_id(&self) -> Result<EntityId, EngineError> {
        EntityId::parse(&self.sso_entity_id())
            .map_err(|error| EngineError::Invalid(format!("our entity id: {error}")))
    }

    /// Our key. Makes it, if there is none yet; of two made side by side the first is kept.
    pub(super) async fn sso_key(&self) -> Result<ServiceProviderKey, EngineError> {
        if let Some(row) = self.store.sso_key().await? {
            return read(&row);
        }
        let host = self.public_url().split("://").last().unwrap_or_default();
        let name = host.split(['/', ':']).next().unwrap_or_default();
        let name = if name.is_empty() { "provost" } else { name }.to_owned();
        let made = tokio::task::spawn_blocking(move || {
            ServiceProviderKey::generate(&name, Timestamp::now())
        });
        let made = made.await.map_err(|_| EngineError::TaskEnded)?;
        let made = made.map_err(|error| EngineError::Invalid(error.to_string()))?;
        let writes = SignInWrites {
            key: Some(SsoKeyRow {
                private: Secret::new(STANDARD.encode(made.expose_pkcs8())),
                certificate: STANDARD.encode(made.certificate()),
            }),
            ..SignInWrites::default()
        };
        self.write_unlogged(writes).await?;
        let row = self.store.sso_key().await?.ok_or(EngineError::TaskEnded)?;
        read(&row)
    }
}

fn read(row: &SsoKeyRow) -> Result<ServiceProviderKey, EngineError> {
    let damaged = || EngineError::Invalid("the key of the service provider is damaged".into());
    let private = STANDARD
        .decode(row.private.expose())
        .map_err(|_| damaged())?;
    let certificate = STANDARD.decode(&row.certificate).map_err(|_| damaged())?;
    ServiceProviderKey::from_der(&private, &certificate).map_err(|_| damaged())
}

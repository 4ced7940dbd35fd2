//! What we say of ourselves: our names, our key, our metadata.

use super::{ACS_PATH, METADATA_PATH};
use crate::engine::{Engine, EngineError};

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
        Err(EngineError::Invalid("not built yet".into()))
    }
}

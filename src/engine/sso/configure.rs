//! The steps of an admin: configured, mapped, switched, removed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::directory::sso::CERTIFICATES;
use crate::directory::{Command, IdpSettings, NameIdFormat, SsoBinding, SsoState};
use crate::engine::admin::{AdminDone, Asker};
use crate::engine::{Engine, EngineError};
use crate::saml::metadata::{self, Binding};
use crate::saml::{ClaimMapping, EntityId};

/// Where the settings of an identity provider come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum IdpSource {
    /// From its metadata, as it was fetched or pasted.
    Metadata {
        /// The document.
        xml: String,
        /// Which identity provider is meant, where it describes several.
        #[serde(default)]
        entity_id: Option<String>,
        /// Where it was fetched.
        #[serde(default)]
        url: Option<String>,
    },
    /// From an admin.
    ByHand {
        /// The identity provider.
        identity_provider: IdpSettings,
    },
}

/// What metadata says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadMetadata {
    /// The settings.
    pub identity_provider: IdpSettings,
    /// What works, but is worth a look.
    pub warnings: Vec<String>,
}

impl Engine {
    /// Sets the identity provider of single sign-on; valid, it can be tried at once.
    pub async fn configure_sso(
        &self,
        asker: &Asker,
        source: IdpSource,
        allow_unsolicited: bool,
        if_version: Option<u64>,
    ) -> Result<AdminDone, EngineError> {
        let read = read_source(source, Timestamp::now())?;
        let command = Command::ConfigureSso {
            identity_provider: Box::new(read.identity_provider),
            allow_unsolicited,
            if_version,
        };
        let mut done = self
            .set(asker, "PUT", "/admin/v1/sso".into(), &command)
            .await?;
        done.warnings.extend(read.warnings);
        Ok(done)
    }

    /// Sets by which attribute names the claims of an assertion may come.
    pub async fn map_claims(
        &self,
        asker: &Asker,
        claims: ClaimMapping,
        if_version: Option<u64>,
    ) -> Result<AdminDone, EngineError> {
        let command = Command::MapClaims {
            claims: Box::new(claims),
            if_version,
        };
        self.set(asker, "PUT", "/admin/v1/sso/claims".into(), &command)
            .await
    }

    /// Takes single sign-on to another state.
    pub async fn switch_sso(
        &self,
        asker: &Asker,
        state: SsoState,
        if_version: Option<u64>,
    ) -> Result<AdminDone, EngineError> {
        let command = Command::SwitchSso { state, if_version };
        self.set(asker, "PUT", "/admin/v1/sso/state".into(), &command)
            .await
    }

    /// Forgets the identity provider of single sign-on.
    pub async fn remove_sso(
        &self,
        asker: &Asker,
        if_version: Option<u64>,
    ) -> Result<AdminDone, EngineError> {
        let command = Command::RemoveSso { if_version };
        self.set(asker, "DELETE", "/admin/v1/sso".into(), &command)
            .await
    }
}

/// Reads what an admin gives.
fn read_source(source: IdpSource, now: Timestamp) -> Result<ReadMetadata, EngineError> {
    let invalid = |error: &dyn std::fmt::Display| EngineError::Invalid(error.to_string());
    let (xml, entity_id, url) = match source {
        IdpSource::ByHand {
            mut identity_provider,
        } => {
            for text in &mut identity_provider.certificates {
                *text = bare(text);
            }
            return Ok(ReadMetadata {
                identity_provider,
                warnings: Vec::new(),
            });
        }
        IdpSource::Metadata {
            xml,
            entity_id,
            url,
        } => (xml, entity_id, url),
    };
    let choice = entity_id
        .map(|text| EntityId::parse(&text))
        .transpose()
        .map_err(|error| invalid(&error))?;
    let read = metadata::read(xml.as_bytes(), choice.as_ref(), now)
        .map_err(|error| invalid(&format!("the metadata cannot be used: {error}")))?;
    let mut warnings: Vec<String> = read.warnings.iter().map(ToString::to_string).collect();
    let mut certificates = read.signing_certificates;
    if certificates.len() > CERTIFICATES {
        // Those that end last are the ones to come.
        certificates.sort_by_key(|it| std::cmp::Reverse(it.not_after()));
        certificates.truncate(CERTIFICATES);
        warnings.push(format!(
            "the metadata has more than {CERTIFICATES} signing certificates; those that end last are kept"
        ));
    }
    let is_offered = |uri: &str| read.name_id_formats.iter().any(|it| it == uri);
    let name_id_format =
        if read.name_id_formats.is_empty() || is_offered(crate::saml::uris::NAME_ID_EMAIL) {
            NameIdFormat::EmailAddress
        } else if is_offered(crate::saml::uris::NAME_ID_UNSPECIFIED) {
            NameIdFormat::Unspecified
        } else {
            NameIdFormat::Unsaid
        };
    Ok(ReadMetadata {
        identity_provider: IdpSettings {
            entity_id: read.entity_id.as_str().to_owned(),
            sign_in_url: read.single_sign_on_service.location,
            binding: match read.single_sign_on_service.binding {
                Binding::Redirect => SsoBinding::Redirect,
                Binding::Post => SsoBinding::Post,
            },
            certificates: certificates.iter().map(|it| encode(it.as_der())).collect(),
            name_id_format,
            wants_signed_requests: read.wants_authn_requests_signed,
            metadata_url: url,
            metadata_at: Some(now),
            valid_until: read.valid_until,
        },
        warnings,
    })
}

fn encode(der: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(der)
}

/// A certificate as it is kept, whether it came as PEM or as base64. What is no certificate is left for the decision.
fn bare(text: &str) -> String {
    crate::saml::certificate::SigningCertificate::from_text(text)
        .map_or_else(|_| text.to_owned(), |it| encode(it.as_der()))
}

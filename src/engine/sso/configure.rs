//! The steps of an admin: configured, mapped, switched, removed.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::directory::roll_over::given_by_hand;
use crate::directory::sso::CERTIFICATES;
use crate::directory::{Command, IdpSettings, NameIdFormat, SsoBinding, SsoState};
use crate::engine::admin::{AdminDone, Asker, Mode};
use crate::engine::{Engine, EngineError};
use crate::saml::certificate::SigningCertificate;
use crate::saml::metadata::{self, Binding, MetadataError};
use crate::saml::{ClaimMapping, EntityId};
use crate::store::sso::SsoRefresh;

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
    /// How long the document may be kept before it is read anew.
    pub cache_duration: Option<SignedDuration>,
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
        let is_by_hand = matches!(source, IdpSource::ByHand { .. });
        let mut read = read_source(source, Timestamp::now())?;
        if is_by_hand {
            let in_force = self.in_force();
            let before = in_force.settings.sso.as_ref();
            let before = before.map(|it| &it.identity_provider);
            fits_by_hand(before, &read.identity_provider)?;
            read.identity_provider.outside = given_by_hand(before, &read.identity_provider);
        }
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

    /// Takes over what the metadata says now, as it was fetched from where it comes from. A certificate that it names no
    /// more is believed for some days; whatever else an admin has set stays.
    pub async fn refresh_sso(
        &self,
        asker: &Asker,
        xml: &str,
        url: String,
        if_version: Option<u64>,
    ) -> Result<AdminDone, EngineError> {
        let now = Timestamp::now();
        let in_force = self.in_force();
        let sso = in_force.settings.sso.as_ref();
        let entity_id = sso.and_then(|it| EntityId::parse(&it.identity_provider.entity_id).ok());
        let read = read_document(xml, entity_id.as_ref(), Some(url.clone()), now);
        let read = read.map_err(|error| unusable(&error))?;
        let refresh = SsoRefresh {
            url,
            looked: now,
            went_well: Some(now),
            failing: None,
            next: None,
            valid_until: read.identity_provider.valid_until,
        };
        let command = Command::RefreshSso {
            read: Box::new(read.identity_provider),
            may_move: true,
            if_version,
        };
        let path = "/admin/v1/sso/refresh".to_owned();
        let mut done = self.set(asker, "PUT", path, &command).await?;
        if asker.mode == Mode::Commit {
            self.keep_refresh(refresh).await?;
            self.sso_stirred.notify_one();
        }
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
                cache_duration: None,
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
        .map_err(|error| EngineError::Invalid(error.to_string()))?;
    read_document(&xml, choice.as_ref(), url, now).map_err(|error| unusable(&error))
}

/// Refuses what an admin adds by mistake. What is in force already stays as it is; what else is wrong, the decision tells.
fn fits_by_hand(before: Option<&IdpSettings>, given: &IdpSettings) -> Result<(), EngineError> {
    let is_new = before.is_none_or(|it| it.sign_in_url != given.sign_in_url);
    if is_new && metadata::is_plain(&given.sign_in_url) {
        return Err(EngineError::Invalid(
            "the sign-in URL must begin with https://, or anybody on the way could read and change what is sent there"
                .into(),
        ));
    }
    let times = |all: &[String], one: &String| all.iter().filter(|it| *it == one).count();
    let already = |one: &&String| {
        let before = before.map_or(0, |it| times(&it.certificates, one));
        times(&given.certificates, one) > before.max(1)
    };
    if let Some(twice) = given.certificates.iter().find(already) {
        let print = SigningCertificate::from_text(twice)
            .map(|it| it.fingerprint().to_string())
            .unwrap_or_default();
        return Err(EngineError::Invalid(format!(
            "this certificate is already believed: {print}"
        )));
    }
    Ok(())
}

fn unusable(error: &MetadataError) -> EngineError {
    EngineError::Invalid(format!("the metadata cannot be used: {error}"))
}

/// Reads a metadata document as settings.
pub(super) fn read_document(
    xml: &str,
    choice: Option<&EntityId>,
    url: Option<String>,
    now: Timestamp,
) -> Result<ReadMetadata, MetadataError> {
    let read = metadata::read(xml.as_bytes(), choice, now)?;
    let mut warnings: Vec<String> = read.warnings.iter().map(ToString::to_string).collect();
    let mut certificates = read.signing_certificates;
    if certificates.len() > CERTIFICATES {
        keep_some(&mut certificates, now);
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
            outside: BTreeMap::new(),
        },
        warnings,
        cache_duration: read.cache_duration,
    })
}

/// Those that end last are the ones to come; one that is valid today is among them, if there is one.
fn keep_some(certificates: &mut Vec<SigningCertificate>, now: Timestamp) {
    certificates.sort_by_key(|it| std::cmp::Reverse(it.not_after()));
    let surplus = certificates.split_off(CERTIFICATES.min(certificates.len()));
    if !certificates.iter().any(|it| it.is_valid_at(now))
        && let Some(valid) = surplus.into_iter().find(|it| it.is_valid_at(now))
    {
        certificates.pop();
        certificates.push(valid);
    }
}

fn encode(der: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(der)
}

/// A certificate as it is kept, whether it came as PEM or as base64. What is no certificate is left for the decision.
fn bare(text: &str) -> String {
    SigningCertificate::from_text(text).map_or_else(|_| text.to_owned(), |it| encode(it.as_der()))
}

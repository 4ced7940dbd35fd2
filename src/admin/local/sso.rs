//! Single sign-on and sessions, answered by the engine in this process.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::LocalAdmin;
use super::metadata::fetch;
use crate::admin::error::{AdminError, AdminErrorKind};
use crate::admin::sso::{
    ConfigureSso, MapClaims, PastedResponse, SessionRow, SessionsOf, SignInRow, SsoRead, SsoSource,
    SsoStatus, SsoWrite, SwitchSso, TestDriveLink,
};
use crate::admin::types::{Done, Finding, IfVersion, Severity};
use crate::directory::IncidentSeverity;
use crate::directory::sso_finding::day;
use crate::engine::sso::IdpSource;
use crate::saml::ClaimMapping;

/// The most sessions, and the most sign-ins, of one answer.
const MOST: (u32, u32) = (1_000, 200);

#[async_trait]
impl SsoRead for LocalAdmin {
    async fn sso(&self) -> Result<SsoStatus, AdminError> {
        Ok(self.engine.sso_status().await?)
    }

    async fn sessions(&self, of: SessionsOf) -> Result<Vec<SessionRow>, AdminError> {
        Ok(self.engine.sessions(of.member, MOST.0).await?)
    }

    async fn sign_ins(&self, limit: u32) -> Result<Vec<SignInRow>, AdminError> {
        Ok(self.engine.sign_ins(limit.clamp(1, MOST.1)).await?)
    }

    async fn test_drive(&self, id: Uuid) -> Result<Option<SignInRow>, AdminError> {
        Ok(self.engine.test_drive(id).await?)
    }

    async fn examine_response(&self, pasted: PastedResponse) -> Result<SignInRow, AdminError> {
        Ok(self.engine.examine_response(&pasted.text).await?)
    }
}

#[async_trait]
impl SsoWrite for LocalAdmin {
    async fn configure_sso(&self, configure: ConfigureSso) -> Result<Done, AdminError> {
        let source = match configure.source {
            SsoSource::ByHand { identity_provider } => IdpSource::ByHand { identity_provider },
            SsoSource::Metadata { xml, entity_id } => IdpSource::Metadata {
                xml,
                entity_id,
                url: None,
            },
            SsoSource::MetadataUrl { url, entity_id } => IdpSource::Metadata {
                xml: fetch(&url).await?,
                entity_id,
                url: Some(url),
            },
            SsoSource::Refresh => {
                let in_force = self.engine.in_force();
                let sso = in_force.settings.sso.as_ref();
                let url = sso.and_then(|it| it.identity_provider.metadata_url.clone());
                let url = url.ok_or_else(|| {
                    invalid(
                        "the metadata did not come from a URL; configure it from one, or give the new document",
                    )
                })?;
                let xml = fetch(&url).await?;
                let version = configure.if_version;
                let done = self.engine.refresh_sso(&self.asker, &xml, url, version);
                return Ok(done.await?.into());
            }
        };
        let (unsolicited, version) = (configure.allow_unsolicited, configure.if_version);
        let done = self
            .engine
            .configure_sso(&self.asker, source, unsolicited, version);
        Ok(done.await?.into())
    }

    async fn map_claims(&self, map: MapClaims) -> Result<Done, AdminError> {
        let claims =
            ClaimMapping::try_from(map.claims).map_err(|error| invalid(&error.to_string()))?;
        let done = self.engine.map_claims(&self.asker, claims, map.if_version);
        Ok(done.await?.into())
    }

    async fn switch_sso(&self, switch: SwitchSso) -> Result<Done, AdminError> {
        let done = self
            .engine
            .switch_sso(&self.asker, switch.state, switch.if_version);
        Ok(done.await?.into())
    }

    async fn remove_sso(&self, seen: IfVersion) -> Result<Done, AdminError> {
        let done = self.engine.remove_sso(&self.asker, seen.if_version);
        Ok(done.await?.into())
    }

    async fn start_test_drive(&self) -> Result<TestDriveLink, AdminError> {
        let started = self.engine.start_test_drive(&self.asker).await?;
        Ok(TestDriveLink {
            id: started.id,
            url: started.url.expose().to_owned(),
            expires: started.expires,
        })
    }

    async fn end_session(&self, id: Uuid) -> Result<Done, AdminError> {
        Ok(self.engine.end_session(&self.asker, id).await?.into())
    }
}

impl LocalAdmin {
    /// What the doctor says of single sign-on; nothing, where none is configured.
    pub(super) async fn check_sso(&self) -> Result<Vec<Finding>, AdminError> {
        let status = self.engine.sso_status().await?;
        if status.sso.is_none() {
            return Ok(Vec::new());
        }
        let now = Timestamp::now();
        let finding = |severity, found: String, fix: &str| Finding {
            severity,
            check: "sso".into(),
            found,
            fix: fix.into(),
        };
        let found = self.engine.sso_findings(now).await?;
        let mut findings: Vec<Finding> = found
            .iter()
            .map(|it| {
                let severity = match it.severity() {
                    IncidentSeverity::Critical => Severity::Error,
                    IncidentSeverity::Notice | IncidentSeverity::Warning => Severity::Warning,
                };
                let fix = match it.code() {
                    "SSO_OWN_CERTIFICATE_ENDS" => "provost sso test, to see that it is still taken",
                    _ => "provost sso configure --refresh, or --add-certificate FILE",
                };
                finding(severity, it.detail(now), fix)
            })
            .collect();
        if findings.is_empty() {
            let ends = status.certificates.iter().filter_map(|it| it.not_after);
            let until = ends.max().map_or_else(String::new, |at| {
                format!("; its certificates last until {}", day(at))
            });
            let found = format!("{}{until}", status.state);
            findings.push(finding(Severity::Ok, found, ""));
        }
        Ok(findings)
    }
}

fn invalid(detail: &str) -> AdminError {
    AdminError::new(AdminErrorKind::Invalid, detail)
}

//! Single sign-on of the engine that is none: nothing is configured.

use async_trait::async_trait;
use provost::admin::sso::{
    ConfigureSso, MapClaims, PastedResponse, SessionRow, SessionsOf, SignInRow, SsoRead, SsoState,
    SsoStatus, SsoWrite, SwitchSso, TestDriveLink,
};
use provost::admin::types::{Done, IfVersion};
use provost::admin::{AdminError, AdminErrorKind};

use super::fake::Fake;

fn nothing() -> AdminError {
    AdminError::new(
        AdminErrorKind::NotFound,
        "no identity provider is configured",
    )
}

#[async_trait]
impl SsoRead for Fake {
    async fn sso(&self) -> Result<SsoStatus, AdminError> {
        Ok(SsoStatus {
            version: 1,
            state: SsoState::Off,
            sso: None,
            entity_id: "https://provost.x.io/saml/metadata".into(),
            acs_url: "https://provost.x.io/saml/acs".into(),
            metadata_url: "https://provost.x.io/saml/metadata".into(),
            sign_in_url: "https://provost.x.io/sign-in".into(),
            certificates: Vec::new(),
            last_green: None,
            jit: ("off_when_scim".into(), false),
            next: Vec::new(),
            remarks: Vec::new(),
            without_password: Vec::new(),
        })
    }

    async fn sessions(&self, _: SessionsOf) -> Result<Vec<SessionRow>, AdminError> {
        Ok(Vec::new())
    }

    async fn sign_ins(&self, _: u32) -> Result<Vec<SignInRow>, AdminError> {
        Ok(Vec::new())
    }

    async fn test_drive(&self, _: uuid::Uuid) -> Result<Option<SignInRow>, AdminError> {
        Ok(None)
    }

    async fn examine_response(&self, _: PastedResponse) -> Result<SignInRow, AdminError> {
        Err(nothing())
    }
}

#[async_trait]
impl SsoWrite for Fake {
    async fn configure_sso(&self, _: ConfigureSso) -> Result<Done, AdminError> {
        Err(nothing())
    }

    async fn map_claims(&self, _: MapClaims) -> Result<Done, AdminError> {
        Err(nothing())
    }

    async fn switch_sso(&self, _: SwitchSso) -> Result<Done, AdminError> {
        Err(nothing())
    }

    async fn remove_sso(&self, _: IfVersion) -> Result<Done, AdminError> {
        Err(nothing())
    }

    async fn start_test_drive(&self) -> Result<TestDriveLink, AdminError> {
        Err(nothing())
    }

    async fn end_session(&self, _: uuid::Uuid) -> Result<Done, AdminError> {
        Err(nothing())
    }
}

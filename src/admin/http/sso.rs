//! Single sign-on and sessions, over HTTP.

use async_trait::async_trait;
use uuid::Uuid;

use super::{HttpAdmin, routes};
use crate::admin::error::AdminError;
use crate::admin::sso::{
    ConfigureSso, Last, MapClaims, PastedResponse, SessionRow, SessionsOf, SignInRow, SsoRead,
    SsoStatus, SsoWrite, SwitchSso, TestDriveLink,
};
use crate::admin::types::{Done, IfVersion};

#[async_trait]
impl SsoRead for HttpAdmin {
    async fn sso(&self) -> Result<SsoStatus, AdminError> {
        self.fetch(routes::SSO, &()).await
    }

    async fn sessions(&self, of: SessionsOf) -> Result<Vec<SessionRow>, AdminError> {
        self.fetch(routes::SESSIONS, &of).await
    }

    async fn sign_ins(&self, limit: u32) -> Result<Vec<SignInRow>, AdminError> {
        self.fetch(routes::SIGN_INS, &Last { limit }).await
    }

    async fn test_drive(&self, id: Uuid) -> Result<Option<SignInRow>, AdminError> {
        self.fetch(&routes::with_id(routes::TEST_DRIVEN, id), &())
            .await
    }

    async fn examine_response(&self, pasted: PastedResponse) -> Result<SignInRow, AdminError> {
        self.post(routes::EXAMINE_RESPONSE, &pasted).await
    }
}

#[async_trait]
impl SsoWrite for HttpAdmin {
    async fn configure_sso(&self, configure: ConfigureSso) -> Result<Done, AdminError> {
        self.post(routes::SSO, &configure).await
    }

    async fn map_claims(&self, map: MapClaims) -> Result<Done, AdminError> {
        self.post(routes::SSO_CLAIMS, &map).await
    }

    async fn switch_sso(&self, switch: SwitchSso) -> Result<Done, AdminError> {
        self.post(routes::SSO_STATE, &switch).await
    }

    async fn remove_sso(&self, seen: IfVersion) -> Result<Done, AdminError> {
        self.post(routes::REMOVE_SSO, &seen).await
    }

    async fn start_test_drive(&self) -> Result<TestDriveLink, AdminError> {
        self.act(routes::TEST_DRIVE).await
    }

    async fn end_session(&self, id: Uuid) -> Result<Done, AdminError> {
        self.act(&routes::with_id(routes::END_SESSION, id)).await
    }
}

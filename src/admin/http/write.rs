//! What an admin can do, over HTTP.

use async_trait::async_trait;

use super::{HttpAdmin, routes};
use crate::admin::error::AdminError;
use crate::admin::streams::{MadeStream, NewStream, Resume};
use crate::admin::traits::AdminWrite;
use crate::admin::types::{
    ChangeTeam, Done, IssuedToken, NewClient, NewMember, NewTeam, NewToken, RegisteredClient,
    RotateToken, SwitchProvisioning, SwitchTeamSync,
};
use crate::directory::{ClientId, MemberId, StreamId, TeamId, TokenId};

#[async_trait]
impl AdminWrite for HttpAdmin {
    async fn add_member(&self, member: NewMember) -> Result<Done, AdminError> {
        self.post(routes::MEMBERS, &member).await
    }

    async fn deactivate_member(&self, id: MemberId) -> Result<Done, AdminError> {
        let route = routes::with_id(routes::DEACTIVATE_MEMBER, id);
        self.act(&route).await
    }

    async fn restore_member(&self, id: MemberId) -> Result<Done, AdminError> {
        let route = routes::with_id(routes::RESTORE_MEMBER, id);
        self.act(&route).await
    }

    async fn add_team(&self, team: NewTeam) -> Result<Done, AdminError> {
        self.post(routes::TEAMS, &team).await
    }

    async fn change_team(&self, id: TeamId, change: ChangeTeam) -> Result<Done, AdminError> {
        let route = routes::with_id(routes::TEAM, id);
        self.post(&route, &change).await
    }

    async fn switch_team_sync(&self, switch: SwitchTeamSync) -> Result<Done, AdminError> {
        self.post(routes::SYNC, &switch).await
    }

    async fn switch_provisioning(&self, switch: SwitchProvisioning) -> Result<Done, AdminError> {
        self.post(routes::PROVISIONING, &switch).await
    }

    async fn issue_token(&self, token: NewToken) -> Result<IssuedToken, AdminError> {
        self.post(routes::TOKENS, &token).await
    }

    async fn revoke_token(&self, id: TokenId) -> Result<Done, AdminError> {
        let route = routes::with_id(routes::REVOKE_TOKEN, id);
        self.act(&route).await
    }

    async fn rotate_token(
        &self,
        id: TokenId,
        rotation: RotateToken,
    ) -> Result<IssuedToken, AdminError> {
        let route = routes::with_id(routes::ROTATE_TOKEN, id);
        self.post(&route, &rotation).await
    }

    async fn create_client(&self, client: NewClient) -> Result<RegisteredClient, AdminError> {
        self.post(routes::CLIENTS, &client).await
    }

    async fn revoke_client(&self, id: ClientId) -> Result<Done, AdminError> {
        let route = routes::with_id(routes::REVOKE_CLIENT, id);
        self.act(&route).await
    }
    async fn create_stream(&self, stream: NewStream) -> Result<MadeStream, AdminError> {
        self.post(routes::STREAMS, &stream).await
    }

    async fn pause_stream(&self, id: StreamId) -> Result<Done, AdminError> {
        let route = routes::with_id(routes::PAUSE_STREAM, id);
        self.act(&route).await
    }

    async fn resume_stream(&self, id: StreamId, resume: Resume) -> Result<Done, AdminError> {
        let route = routes::with_id(routes::RESUME_STREAM, id);
        self.post(&route, &resume).await
    }

    async fn delete_stream(&self, id: StreamId) -> Result<Done, AdminError> {
        let route = routes::with_id(routes::DELETE_STREAM, id);
        self.act(&route).await
    }

    async fn rotate_signing_key(&self) -> Result<Done, AdminError> {
        self.act(routes::SIGNING_KEYS).await
    }
}

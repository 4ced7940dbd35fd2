//! What an admin can do, over HTTP.

use std::sync::Arc;

use async_trait::async_trait;

use super::{HttpAdmin, routes};
use crate::admin::error::AdminError;
use crate::admin::guards::{
    HoldRuled, IncidentId, IssuedCodes, MarkRecovery, ProveRecovery, RuleHold, TendIncident,
};
use crate::admin::link::{Connected, NewConnection};
use crate::admin::policy::{AdoptPreset, SetPolicy};
use crate::admin::sso::PasswordLink;
use crate::admin::streams::{MadeStream, NewStream, Resume};
use crate::admin::traits::AdminWrite;
use crate::admin::types::{
    ChangeTeam, Done, IfVersion, IssuedToken, LinkMember, MemberEdit, MergeMember, NewClient,
    NewMember, NewTeam, NewToken, RegisteredClient, RotateToken, SwitchProvisioning,
    SwitchTeamSync,
};
use crate::directory::{ClientId, MemberId, RequestId, StreamId, TeamId, TokenId};

#[async_trait]
impl AdminWrite for HttpAdmin {
    fn preview(&self) -> Arc<dyn AdminWrite> {
        Arc::new(self.clone().previewing())
    }

    async fn add_member(&self, member: NewMember) -> Result<Done, AdminError> {
        self.post(routes::MEMBERS, &member).await
    }

    async fn deactivate_member(&self, id: MemberId) -> Result<Done, AdminError> {
        let route = routes::with_id(routes::DEACTIVATE_MEMBER, id);
        self.act(&route).await
    }

    async fn edit_member(&self, id: MemberId, edit: MemberEdit) -> Result<Done, AdminError> {
        self.post(&routes::with_id(routes::EDIT_MEMBER, id), &edit)
            .await
    }

    async fn delete_member(&self, id: MemberId, seen: IfVersion) -> Result<Done, AdminError> {
        self.post(&routes::with_id(routes::DELETE_MEMBER, id), &seen)
            .await
    }

    async fn link_member(&self, id: MemberId, link: LinkMember) -> Result<Done, AdminError> {
        self.post(&routes::with_id(routes::LINK_MEMBER, id), &link)
            .await
    }

    async fn invite_member(&self, id: MemberId, seen: IfVersion) -> Result<Done, AdminError> {
        self.post(&routes::with_id(routes::INVITE_MEMBER, id), &seen)
            .await
    }

    async fn unlink_member(&self, id: MemberId, seen: IfVersion) -> Result<Done, AdminError> {
        self.post(&routes::with_id(routes::UNLINK_MEMBER, id), &seen)
            .await
    }

    async fn merge_members(&self, id: MemberId, merge: MergeMember) -> Result<Done, AdminError> {
        self.post(&routes::with_id(routes::MERGE_MEMBERS, id), &merge)
            .await
    }

    async fn purge_members(&self) -> Result<Done, AdminError> {
        self.act(routes::PURGE_MEMBERS).await
    }

    async fn purge_teams(&self) -> Result<Done, AdminError> {
        self.act(routes::PURGE_TEAMS).await
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

    async fn rotate_client(&self, id: ClientId) -> Result<RegisteredClient, AdminError> {
        let route = routes::with_id(routes::ROTATE_CLIENT, id);
        self.post(&route, &()).await
    }

    async fn connect(&self, connection: NewConnection) -> Result<Connected, AdminError> {
        self.post(routes::CONNECTIONS, &connection).await
    }

    async fn disconnect(&self, name: String) -> Result<Done, AdminError> {
        let route = routes::with_id(routes::DISCONNECT, name);
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

    async fn set_policy(&self, set: SetPolicy) -> Result<Done, AdminError> {
        self.post(routes::SET_POLICY, &set).await
    }

    async fn adopt_preset(&self, adopt: AdoptPreset) -> Result<Done, AdminError> {
        self.post(routes::ADOPT_PRESET, &adopt).await
    }

    async fn undo_request(&self, id: RequestId) -> Result<Done, AdminError> {
        self.act(&routes::with_id(routes::UNDO_REQUEST, id.0)).await
    }

    async fn tend_incident(&self, id: IncidentId, tend: TendIncident) -> Result<Done, AdminError> {
        let route = routes::with_id(routes::TEND_INCIDENT, id);
        self.post(&route, &tend).await
    }

    async fn rule_hold(&self, id: IncidentId, rule: RuleHold) -> Result<HoldRuled, AdminError> {
        let route = routes::with_id(routes::RULE_HOLD, id);
        self.post(&route, &rule).await
    }

    async fn mark_recovery(&self, id: MemberId, mark: MarkRecovery) -> Result<Done, AdminError> {
        let route = routes::with_id(routes::MARK_RECOVERY, id);
        self.post(&route, &mark).await
    }

    async fn prove_recovery(&self, id: MemberId, proof: ProveRecovery) -> Result<Done, AdminError> {
        let route = routes::with_id(routes::PROVE_RECOVERY, id);
        self.post(&route, &proof).await
    }

    async fn make_recovery_codes(&self, id: MemberId) -> Result<IssuedCodes, AdminError> {
        let route = routes::with_id(routes::RECOVERY_CODES, id);
        self.act(&route).await
    }

    async fn invite_link(&self, id: MemberId) -> Result<PasswordLink, AdminError> {
        self.act(&routes::with_id(routes::INVITE_LINK, id)).await
    }

    async fn reset_link(&self, id: MemberId) -> Result<PasswordLink, AdminError> {
        self.act(&routes::with_id(routes::RESET_LINK, id)).await
    }
}

//! What an admin can do, in this process.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;

use super::LocalAdmin;
use super::guards::password;
use crate::admin::guards::{
    HoldRuled, IncidentId, IssuedCodes, MarkRecovery, ProveRecovery, RuleHold, TendIncident,
};
use crate::admin::link::{Connected, NewConnection};
use crate::admin::policy::{AdoptPreset, SetPolicy};
use crate::admin::sso::PasswordLink;
use crate::admin::streams::{
    Delivery, MadeStream, NewStream, Resume, StreamDetail, StreamRow, StreamState,
};
use crate::admin::types::{
    ChangeTeam, Done, IfVersion, IssuedToken, LinkMember, MemberEdit, MergeMember, NewClient,
    NewMember, NewTeam, NewToken, RegisteredClient, RotateToken, SwitchProvisioning,
    SwitchTeamSync,
};
use crate::admin::{AdminError, AdminErrorKind, AdminWrite};
use crate::directory::{
    ClientId, MemberId, PasswordLinkKind, RequestId, StreamId, TeamId, TokenId,
};
use crate::engine::admin::{AdminDone, MemberDraft};
use crate::engine::connections::ConnectionDraft;
use crate::engine::credentials::Rotation;
use crate::engine::events::streams::StreamDraft;
use crate::secret::Secret;

#[async_trait]
impl AdminWrite for LocalAdmin {
    fn preview(&self) -> Arc<dyn AdminWrite> {
        Arc::new(self.clone().previewing())
    }

    async fn add_member(&self, member: NewMember) -> Result<Done, AdminError> {
        let draft = MemberDraft {
            user_name: member.user_name,
            email: member.email,
            given_name: member.given_name,
            family_name: member.family_name,
            role: member.role,
        };
        Ok(self.engine.add_member(&self.asker, draft).await?.into())
    }

    async fn deactivate_member(&self, id: MemberId) -> Result<Done, AdminError> {
        Ok(self.engine.deactivate_member(&self.asker, id).await?.into())
    }

    async fn edit_member(&self, id: MemberId, edit: MemberEdit) -> Result<Done, AdminError> {
        Ok(self.engine.edit_member(&self.asker, id, edit).await?.into())
    }

    async fn delete_member(&self, id: MemberId, seen: IfVersion) -> Result<Done, AdminError> {
        let done = self.engine.delete_member(&self.asker, id, seen.if_version);
        Ok(done.await?.into())
    }

    async fn link_member(&self, id: MemberId, link: LinkMember) -> Result<Done, AdminError> {
        let (external_id, seen) = (link.external_id, link.if_version);
        let done = self.engine.link_member(&self.asker, id, external_id, seen);
        Ok(done.await?.into())
    }

    async fn invite_member(&self, id: MemberId, seen: IfVersion) -> Result<Done, AdminError> {
        let done = self.engine.invite_member(&self.asker, id, seen.if_version);
        Ok(done.await?.into())
    }

    async fn unlink_member(&self, id: MemberId, seen: IfVersion) -> Result<Done, AdminError> {
        let done = self.engine.unlink_member(&self.asker, id, seen.if_version);
        Ok(done.await?.into())
    }

    async fn merge_members(&self, id: MemberId, merge: MergeMember) -> Result<Done, AdminError> {
        let (other, seen) = (merge.other, merge.if_versions);
        let done = self.engine.merge_members(&self.asker, id, other, seen);
        Ok(done.await?.into())
    }

    async fn purge_members(&self) -> Result<Done, AdminError> {
        Ok(self.engine.purge_members(&self.asker).await?.into())
    }

    async fn restore_member(&self, id: MemberId) -> Result<Done, AdminError> {
        Ok(self.engine.restore_member(&self.asker, id).await?.into())
    }

    async fn add_team(&self, team: NewTeam) -> Result<Done, AdminError> {
        Ok(self
            .engine
            .add_team(&self.asker, &team.name, team.members)
            .await?
            .into())
    }

    async fn purge_teams(&self) -> Result<Done, AdminError> {
        Ok(self.engine.purge_teams(&self.asker).await?.into())
    }

    async fn change_team(&self, id: TeamId, change: ChangeTeam) -> Result<Done, AdminError> {
        let ChangeTeam { change, if_version } = change;
        let done = self.engine.change_team(&self.asker, id, change, if_version);
        Ok(done.await?.into())
    }

    async fn switch_team_sync(&self, switch: SwitchTeamSync) -> Result<Done, AdminError> {
        let done = self
            .engine
            .switch_team_sync(&self.asker, switch.on, switch.if_version);
        Ok(done.await?.into())
    }

    async fn switch_provisioning(&self, switch: SwitchProvisioning) -> Result<Done, AdminError> {
        let done = self
            .engine
            .switch_provisioning(&self.asker, switch.state, switch.if_version);
        Ok(done.await?.into())
    }

    async fn issue_token(&self, token: NewToken) -> Result<IssuedToken, AdminError> {
        let ttl = token.ttl_seconds.map(span).transpose()?;
        let (row, secret) = self
            .engine
            .issue_token(&self.asker, &token.name, token.scope, ttl, token.owner)
            .await?;
        Ok(IssuedToken {
            token: row,
            secret: secret.expose().to_owned(),
        })
    }

    async fn revoke_token(&self, id: TokenId) -> Result<Done, AdminError> {
        Ok(self.engine.revoke_token(&self.asker, id).await?.into())
    }

    async fn rotate_token(
        &self,
        id: TokenId,
        rotation: RotateToken,
    ) -> Result<IssuedToken, AdminError> {
        let rotation = Rotation {
            overlap: span(rotation.overlap_seconds)?,
            ttl: rotation.ttl_seconds.map(span).transpose()?,
        };
        let (token, secret) = self.engine.rotate_token(&self.asker, id, rotation).await?;
        Ok(IssuedToken {
            token,
            secret: secret.expose().to_owned(),
        })
    }

    async fn create_client(&self, client: NewClient) -> Result<RegisteredClient, AdminError> {
        let (row, secret) = self
            .engine
            .create_client(&self.asker, &client.name, client.keys, client.redirect_uris)
            .await?;
        Ok(RegisteredClient {
            client: row,
            secret: secret.map(|secret| secret.expose().to_owned()),
        })
    }

    async fn revoke_client(&self, id: ClientId) -> Result<Done, AdminError> {
        Ok(self.engine.revoke_client(&self.asker, id).await?.into())
    }

    async fn rotate_client(&self, id: ClientId) -> Result<RegisteredClient, AdminError> {
        let (client, secret) = self.engine.rotate_client(&self.asker, id).await?;
        Ok(RegisteredClient {
            client,
            secret: Some(secret.expose().to_owned()),
        })
    }

    async fn connect(&self, connection: NewConnection) -> Result<Connected, AdminError> {
        let draft = ConnectionDraft {
            idp: connection.idp,
            name: connection.name,
            redirect_uris: connection.redirect_uris,
            owner: connection.owner,
            ttl: connection.ttl_seconds.map(span).transpose()?,
        };
        let made = self.engine.connect(&self.asker, draft).await?;
        Ok(Connected {
            connection: made.connection,
            client_id: made.client,
            secret: made.secret.expose().to_owned(),
        })
    }

    async fn disconnect(&self, name: String) -> Result<Done, AdminError> {
        Ok(self.engine.disconnect(&self.asker, &name).await?.into())
    }

    async fn create_stream(&self, stream: NewStream) -> Result<MadeStream, AdminError> {
        let draft = StreamDraft {
            name: stream.name,
            delivery: stream.delivery,
            events: stream.events,
            form: stream.form,
            audience: stream.audience,
            team: stream.team,
            authorization: stream.authorization.map(Secret::new),
        };
        let (row, secret) = self.engine.create_stream(&self.asker, draft).await?;
        Ok(MadeStream {
            stream: self.stream_detail(row),
            secret: secret.map(|secret| secret.expose().to_owned()),
        })
    }

    async fn pause_stream(&self, id: StreamId) -> Result<Done, AdminError> {
        let done = self
            .engine
            .set_stream_state(&self.asker, id, StreamState::Paused, false);
        Ok(done.await?.into())
    }

    async fn resume_stream(&self, id: StreamId, resume: Resume) -> Result<Done, AdminError> {
        let done =
            self.engine
                .set_stream_state(&self.asker, id, StreamState::Running, resume.reset);
        Ok(done.await?.into())
    }

    async fn delete_stream(&self, id: StreamId) -> Result<Done, AdminError> {
        Ok(self.engine.delete_stream(&self.asker, id).await?.into())
    }

    async fn rotate_signing_key(&self) -> Result<Done, AdminError> {
        Ok(self.engine.rotate_signing_key(&self.asker).await?.into())
    }

    async fn set_policy(&self, set: SetPolicy) -> Result<Done, AdminError> {
        let SetPolicy {
            key,
            value,
            if_version,
        } = set;
        let done = self.engine.set_policy(&self.asker, key, value, if_version);
        Ok(done.await?.into())
    }

    async fn adopt_preset(&self, adopt: AdoptPreset) -> Result<Done, AdminError> {
        let AdoptPreset {
            preset,
            overrides,
            if_version,
        } = adopt;
        let done = self
            .engine
            .adopt_preset(&self.asker, preset, overrides, if_version);
        Ok(done.await?.into())
    }

    async fn undo_request(&self, id: RequestId) -> Result<Done, AdminError> {
        Ok(self.engine.undo_request(&self.asker, id).await?.into())
    }

    async fn tend_incident(&self, id: IncidentId, tend: TendIncident) -> Result<Done, AdminError> {
        let done = self
            .engine
            .tend_incident(&self.asker, id, tend.tending, tend.if_version);
        Ok(done.await?.into())
    }

    async fn rule_hold(&self, id: IncidentId, rule: RuleHold) -> Result<HoldRuled, AdminError> {
        let ruled = self
            .engine
            .rule_hold(&self.asker, id, rule.ruling, rule.if_version)
            .await?;
        Ok(HoldRuled {
            done: ruled.done.into(),
            applied: ruled.applied,
            left: ruled.left,
        })
    }

    async fn mark_recovery(&self, id: MemberId, mark: MarkRecovery) -> Result<Done, AdminError> {
        let done = self.engine.mark_recovery(&self.asker, id, mark.on);
        Ok(done.await?.into())
    }

    async fn prove_recovery(&self, id: MemberId, proof: ProveRecovery) -> Result<Done, AdminError> {
        let password = password(proof.password)?;
        let done = self.engine.prove_recovery(&self.asker, id, password);
        Ok(done.await?.into())
    }

    async fn make_recovery_codes(&self, id: MemberId) -> Result<IssuedCodes, AdminError> {
        let (done, codes) = self.engine.make_recovery_codes(&self.asker, id).await?;
        Ok(IssuedCodes {
            done: done.into(),
            codes: codes.iter().map(|code| code.expose().to_owned()).collect(),
        })
    }

    async fn invite_link(&self, id: MemberId) -> Result<PasswordLink, AdminError> {
        self.password_link(id, PasswordLinkKind::Invitation).await
    }

    async fn reset_link(&self, id: MemberId) -> Result<PasswordLink, AdminError> {
        self.password_link(id, PasswordLinkKind::Reset).await
    }
}

impl LocalAdmin {
    async fn password_link(
        &self,
        id: MemberId,
        kind: PasswordLinkKind,
    ) -> Result<PasswordLink, AdminError> {
        let made = self
            .engine
            .make_password_link(&self.asker, id, kind)
            .await?;
        Ok(PasswordLink {
            done: made.done.into(),
            url: made.url.map(|url| url.expose().to_owned()),
            expires: made.expires,
            mailed_to: made.mailed_to,
        })
    }
}

fn span(seconds: u64) -> Result<SignedDuration, AdminError> {
    i64::try_from(seconds)
        .map(SignedDuration::from_secs)
        .map_err(|_| AdminError::new(AdminErrorKind::Invalid, "a token cannot live that long"))
}

impl LocalAdmin {
    /// A stream, and where its recipient finds what it needs.
    pub(super) fn stream_detail(&self, row: StreamRow) -> StreamDetail {
        let queue = self.engine.queue_limit();
        StreamDetail {
            issuer: self.engine.public_url().to_owned(),
            poll_url: (row.stream.delivery == Delivery::Poll)
                .then(|| self.engine.poll_url(row.stream.id)),
            key_set_url: self.engine.key_set_url(),
            queue_events: queue.events,
            queue_bytes: queue.bytes,
            row,
        }
    }
}

impl From<AdminDone> for Done {
    fn from(done: AdminDone) -> Self {
        Self {
            outcome: done.outcome,
            id: done.id,
            changes: done.changes,
            warnings: done.warnings,
            request_id: done.request,
        }
    }
}

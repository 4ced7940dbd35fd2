//! What an admin can do, in this process.

use async_trait::async_trait;
use jiff::SignedDuration;

use super::LocalAdmin;
use crate::admin::types::{
    Done, IssuedToken, NewClient, NewMember, NewTeam, NewToken, RegisteredClient, RotateToken,
};
use crate::admin::{AdminError, AdminErrorKind, AdminWrite};
use crate::directory::{ClientId, MemberId, TokenId};
use crate::engine::admin::{AdminDone, MemberDraft};
use crate::engine::credentials::Rotation;

#[async_trait]
impl AdminWrite for LocalAdmin {
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

    async fn issue_token(&self, token: NewToken) -> Result<IssuedToken, AdminError> {
        let ttl = token.ttl_seconds.map(span).transpose()?;
        let (row, secret) = self
            .engine
            .issue_token(&self.asker, &token.name, token.scope, ttl)
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
            .create_client(&self.asker, &client.name, client.keys)
            .await?;
        Ok(RegisteredClient {
            client: row,
            secret: secret.map(|secret| secret.expose().to_owned()),
        })
    }

    async fn revoke_client(&self, id: ClientId) -> Result<Done, AdminError> {
        Ok(self.engine.revoke_client(&self.asker, id).await?.into())
    }
}

fn span(seconds: u64) -> Result<SignedDuration, AdminError> {
    i64::try_from(seconds)
        .map(SignedDuration::from_secs)
        .map_err(|_| AdminError::new(AdminErrorKind::Invalid, "a token cannot live that long"))
}

impl From<AdminDone> for Done {
    fn from(done: AdminDone) -> Self {
        Self {
            outcome: done.outcome,
            id: done.id,
            changes: done.changes,
            request_id: done.request,
        }
    }
}

//! What an admin can do, in this process.

use async_trait::async_trait;
use jiff::SignedDuration;

use super::LocalAdmin;
use crate::admin::streams::{
    Delivery, MadeStream, NewStream, Resume, StreamDetail, StreamRow, StreamState,
};
use crate::admin::types::{Done, IssuedToken, NewMember, NewTeam, NewToken};
use crate::admin::{AdminError, AdminErrorKind, AdminWrite};
use crate::directory::{MemberId, StreamId, TokenId};
use crate::engine::admin::{AdminDone, MemberDraft};
use crate::engine::events::streams::StreamDraft;
use crate::secret::Secret;

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
        Ok(self.engine.add_member(&self.actor, draft).await?.into())
    }

    async fn deactivate_member(&self, id: MemberId) -> Result<Done, AdminError> {
        Ok(self.engine.deactivate_member(&self.actor, id).await?.into())
    }

    async fn restore_member(&self, id: MemberId) -> Result<Done, AdminError> {
        Ok(self.engine.restore_member(&self.actor, id).await?.into())
    }

    async fn add_team(&self, team: NewTeam) -> Result<Done, AdminError> {
        Ok(self
            .engine
            .add_team(&self.actor, &team.name, team.members)
            .await?
            .into())
    }

    async fn issue_token(&self, token: NewToken) -> Result<IssuedToken, AdminError> {
        let too_long =
            |_| AdminError::new(AdminErrorKind::Invalid, "a token cannot live that long");
        let ttl = token
            .ttl_seconds
            .map(i64::try_from)
            .transpose()
            .map_err(too_long)?
            .map(SignedDuration::from_secs);
        let (row, secret) = self
            .engine
            .issue_token(&self.actor, &token.name, token.scope, ttl)
            .await?;
        Ok(IssuedToken {
            token: row,
            secret: secret.expose().to_owned(),
        })
    }

    async fn revoke_token(&self, id: TokenId) -> Result<Done, AdminError> {
        Ok(self.engine.revoke_token(&self.actor, id).await?.into())
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
        let (row, secret) = self.engine.create_stream(&self.actor, draft).await?;
        Ok(MadeStream {
            stream: self.stream_detail(row),
            secret: secret.map(|secret| secret.expose().to_owned()),
        })
    }

    async fn pause_stream(&self, id: StreamId) -> Result<Done, AdminError> {
        let done = self
            .engine
            .set_stream_state(&self.actor, id, StreamState::Paused, false);
        Ok(done.await?.into())
    }

    async fn resume_stream(&self, id: StreamId, resume: Resume) -> Result<Done, AdminError> {
        let done =
            self.engine
                .set_stream_state(&self.actor, id, StreamState::Running, resume.reset);
        Ok(done.await?.into())
    }

    async fn delete_stream(&self, id: StreamId) -> Result<Done, AdminError> {
        Ok(self.engine.delete_stream(&self.actor, id).await?.into())
    }

    async fn rotate_signing_key(&self) -> Result<Done, AdminError> {
        Ok(self.engine.rotate_signing_key(&self.actor).await?.into())
    }
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
            request_id: Some(done.request),
        }
    }
}

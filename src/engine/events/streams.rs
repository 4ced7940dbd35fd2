//! What an admin does with streams, and what the engine does with one that does not work.

use jiff::Timestamp;
use uuid::Uuid;

use super::super::access::{PREFIX_LENGTH, random_text, sha256};
use super::super::admin::{AdminDone, Asker, Mode, Trouble, deed};
use super::super::{Engine, EngineError};
use super::poll::jti;
use crate::directory::{
    Command, Delivery, ObjectKind, Outcome, Stage, Stream, StreamId, StreamState, TeamId, TraceStep,
};
use crate::request_log::{Exchange, Message, RequestRow, Subject};
use crate::scim::events::{EventForm, EventKind};
use crate::secret::Secret;
use crate::store::{StreamRow, StreamSecret};

/// A stream to be, as an admin gives it.
#[derive(Clone, Debug)]
pub struct StreamDraft {
    /// Its name, 1 to 64 characters.
    pub name: String,
    /// How events come to the recipient.
    pub delivery: Delivery,
    /// What it carries; empty stands for everything.
    pub events: Vec<EventKind>,
    /// Whether values are told.
    pub form: EventForm,
    /// `aud`.
    pub audience: Option<String>,
    /// The team it is about.
    pub team: Option<TeamId>,
    /// The `Authorization` header of its pushes.
    pub authorization: Option<Secret>,
}

impl Engine {
    /// All streams, oldest first.
    pub async fn stream_rows(&self) -> Result<Vec<StreamRow>, EngineError> {
        Ok(self.store.streams().await?)
    }

    /// Makes a stream. For a poll stream the token it is polled with is told, this once.
    pub async fn create_stream(
        &self,
        asker: &Asker,
        draft: StreamDraft,
    ) -> Result<(StreamRow, Option<Secret>), EngineError> {
        if let Some(header) = &draft.authorization {
            check_authorization(&draft.delivery, header)?;
        }
        let id = StreamId(Uuid::now_v7());
        let (token, secret) = match draft.delivery {
            Delivery::Poll => {
                let token = Secret::new(format!("prv_events_{}", random_text()?));
                let kept = StreamSecret {
                    sha256: Some(sha256(&token)),
                    prefix: Some(token.expose().chars().take(PREFIX_LENGTH).collect()),
                    authorization: None,
                };
                (Some(token), kept)
            }
            Delivery::Push { .. } => (
                None,
                StreamSecret {
                    authorization: draft.authorization,
                    ..StreamSecret::default()
                },
            ),
        };
        let name = draft.name.clone();
        let stream = Stream {
            id,
            name: draft.name,
            delivery: draft.delivery,
            events: draft.events,
            form: draft.form,
            audience: draft.audience,
            team: draft.team,
            state: StreamState::Running,
            created: Timestamp::now(),
        };
        let preview = (asker.mode == Mode::Preview).then(|| StreamRow::new(stream.clone()));
        // The key is there before the first event, so that a recipient finds it when it looks.
        if preview.is_none() {
            self.signing_keys().await?;
        }
        let _turn = self.locks.lock(&("stream", "new")).await;
        let mut deed = deed(
            "POST",
            "/admin/v1/streams",
            "Streams",
            ObjectKind::Stream,
            id,
            &name,
        );
        deed.stream_secret = Some(secret);
        let command = Command::CreateStream {
            stream: Box::new(stream),
        };
        self.perform(asker, &command, deed).await?;
        if let Some(row) = preview {
            return Ok((row, None));
        }
        self.events.reload(&*self.store).await?;
        Ok((self.stream_row(id).await?, token))
    }

    /// Pauses or resumes a stream. With `reset` its queue is dropped.
    pub async fn set_stream_state(
        &self,
        asker: &Asker,
        id: StreamId,
        state: StreamState,
        reset: bool,
    ) -> Result<AdminDone, EngineError> {
        let name = self.stream_row(id).await?.stream.name;
        let word = match state {
            StreamState::Running => "resume",
            StreamState::Paused => "pause",
            StreamState::Stopped { .. } => "stop",
        };
        let _turn = self.locks.lock(&id).await;
        let path = format!("/admin/v1/streams/{id}/{word}");
        let deed = deed("POST", path, "Streams", ObjectKind::Stream, id, &name);
        let command = Command::SetStreamState { id, state, reset };
        let done = self.perform(asker, &command, deed).await?;
        self.events.reload(&*self.store).await?;
        Ok(done)
    }

    /// Removes a stream with its queue.
    pub async fn delete_stream(
        &self,
        asker: &Asker,
        id: StreamId,
    ) -> Result<AdminDone, EngineError> {
        let name = self.stream_row(id).await?.stream.name;
        let _turn = self.locks.lock(&id).await;
        let path = format!("/admin/v1/streams/{id}/delete");
        let deed = deed("POST", path, "Streams", ObjectKind::Stream, id, &name);
        let done = self
            .perform(asker, &Command::DeleteStream { id }, deed)
            .await?;
        self.events.reload(&*self.store).await?;
        Ok(done)
    }

    async fn stream_row(&self, id: StreamId) -> Result<StreamRow, EngineError> {
        let rows = self.store.streams().await?;
        rows.into_iter()
            .find(|row| row.stream.id == id)
            .ok_or_else(|| EngineError::NotFound(format!("there is no event stream {id}")))
    }

    /// Stops a stream that does not work; the line of the request log that says so is the admin's way to the reason.
    pub(super) async fn stop_stream(
        &self,
        stream: &Stream,
        code: &'static str,
        reason: &str,
        attempts: u32,
    ) -> Result<(), EngineError> {
        let reason: String = reason.chars().take(300).collect();
        tracing::error!(stream = %stream.name, code, %reason, "an event stream was stopped");
        let detail = if attempts == 0 {
            format!("the event stream {} was stopped: {reason}", stream.name)
        } else {
            format!(
                "the event stream {} was stopped after {attempts} attempts: {reason}",
                stream.name
            )
        };
        let _turn = self.locks.lock(&stream.id).await;
        let path = format!("/admin/v1/streams/{}/stop", stream.id);
        let mut deed = deed(
            "POST",
            path,
            "Streams",
            ObjectKind::Stream,
            stream.id,
            &stream.name,
        );
        deed.trouble = Some(Trouble { code, detail });
        let command = Command::SetStreamState {
            id: stream.id,
            state: StreamState::Stopped {
                code: code.to_owned(),
                reason,
            },
            reset: false,
        };
        self.perform(&Asker::system(), &command, deed).await?;
        self.events.reload(&*self.store).await?;
        Ok(())
    }

    /// Logs that a recipient refused one event for good.
    pub(super) async fn record_refusal(&self, stream: &Stream, seq: u64, reason: &str) {
        let reason: String = reason.chars().take(300).collect();
        let jti = jti(stream.id, seq);
        tracing::warn!(stream = %stream.name, %jti, %reason, "an event was refused by its recipient");
        self.record(Exchange {
            row: RequestRow {
                id: self.next_request_id(),
                at: Timestamp::now(),
                duration_us: 0,
                method: "POST".into(),
                path: format!("/events/v1/streams/{}/{jti}", stream.id),
                resource: "Streams".into(),
                subject: Some(Subject {
                    kind: ObjectKind::Stream,
                    id: Some(stream.id.to_string()),
                    label: stream.name.clone(),
                }),
                status: 400,
                outcome: Outcome::Refused,
                code: Some("EVENT_REFUSED".into()),
                token: None,
                user_agent: None,
                idp: None,
                changes: 0,
                part_of: None,
                retry_of: None,
            },
            query: None,
            peer: None,
            request: Message::default(),
            response: Message::default(),
            trace: vec![TraceStep::failed(
                Stage::Response,
                format!(
                    "the recipient of {} refused event {jti}: {reason}",
                    stream.name
                ),
            )],
            changed: Vec::new(),
            policy_key: None,
            detail: Some(reason),
        })
        .await;
    }
}

/// The header goes out as it is given; what no header can hold would only fail later.
fn check_authorization(delivery: &Delivery, header: &Secret) -> Result<(), EngineError> {
    if *delivery == Delivery::Poll {
        return Err(EngineError::Invalid(
            "an Authorization header is sent by push streams alone".into(),
        ));
    }
    let text = header.expose();
    if text.is_empty() || text.len() > 4_096 || !text.bytes().all(|it| (0x20..0x7f).contains(&it)) {
        return Err(EngineError::Invalid(
            "the Authorization header needs 1 to 4,096 printable ASCII characters".into(),
        ));
    }
    Ok(())
}

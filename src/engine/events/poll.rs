//! Polling for events (RFC 8936), and making a token of a queued event for whoever gets it.

use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::super::access::sha256;
use super::super::{Engine, EngineError};
use super::keys::Keys;
use crate::directory::{Delivery, Stream, StreamId, StreamState};
use crate::scim::events::{Recipient, claims};
use crate::secret::Secret;
use crate::store::{QueueLimit, QueuedEvent, Settlement};

/// How many events one answer holds, whatever is asked for.
const MOST: u32 = 1_000;
/// How many it holds where nothing is asked for.
const USUAL: u32 = 100;
/// About how large one answer is, in bytes of stored events.
const LARGEST: u64 = 4 * 1_024 * 1_024;
/// The explain code of a stream whose queue was full.
pub(super) const BEHIND: &str = "STREAM_BEHIND";

/// What a recipient asks (RFC 8936 §2.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PollRequest {
    /// How many events it wants at most; 0 asks for none and acknowledges only.
    pub max_events: Option<u32>,
    /// Whether it wants an answer at once also where there is no event.
    pub return_immediately: bool,
    /// The ids of tokens that arrived.
    pub acknowledged: Vec<String>,
    /// The ids of tokens it refuses for good, with the reason.
    pub refused: Vec<(String, String)>,
}

/// What it gets (RFC 8936 §2.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PollAnswer {
    /// Tokens by their ids, in the order of what happened.
    pub sets: Vec<(String, String)>,
    /// Whether more wait.
    pub more_available: bool,
}

impl Engine {
    /// The poll stream whose token this is.
    pub async fn poll_stream(&self, secret: &Secret) -> Result<Option<Stream>, EngineError> {
        let Some(id) = self.store.stream_by_token(&sha256(secret)).await? else {
            return Ok(None);
        };
        Ok(self.events.stream(id))
    }

    /// Notes what a recipient acknowledges and refuses, then hands out what waits, oldest first; waits for it as long as
    /// polls may, or until `stop`. What is handed out waits on until it is acknowledged, and is handed out again.
    pub async fn poll_events(
        &self,
        stream: &Stream,
        request: &PollRequest,
        stop: &CancellationToken,
    ) -> Result<PollAnswer, EngineError> {
        self.settle_poll(stream, request).await?;
        let most = request.max_events.unwrap_or(USUAL).min(MOST);
        // Before the first look, so that nothing slips through between the look and the sleep.
        let mut stirred = self.events.stirred.subscribe();
        let place = self.events.polls().try_acquire();
        let wait = if request.return_immediately || place.is_err() {
            Duration::ZERO
        } else {
            self.events.limits().poll_wait
        };
        let deadline = tokio::time::Instant::now() + wait;
        loop {
            stirred.mark_unchanged();
            // Again each time: it may have been paused, resumed or removed meanwhile.
            let Some(stream) = self.events.stream(stream.id) else {
                return Ok(PollAnswer::default());
            };
            if stream.state != StreamState::Paused {
                let answer = self.hand_out(&stream, most).await?;
                // RFC 8936 §2.4.2: who asks for none waits for an event like the others, and is told of it.
                if !answer.sets.is_empty() || answer.more_available {
                    return Ok(answer);
                }
            }
            tokio::select! {
                changed = stirred.changed() => {
                    if changed.is_err() {
                        return Ok(PollAnswer::default());
                    }
                }
                () = tokio::time::sleep_until(deadline) => return Ok(PollAnswer::default()),
                () = stop.cancelled() => return Ok(PollAnswer::default()),
            }
        }
    }

    async fn hand_out(&self, stream: &Stream, most: u32) -> Result<PollAnswer, EngineError> {
        let mut waiting = self
            .store
            .waiting_events(stream.id, most + 1, LARGEST)
            .await?;
        if waiting.is_empty() {
            return Ok(PollAnswer::default());
        }
        if most == 0 {
            return Ok(PollAnswer {
                more_available: true,
                ..PollAnswer::default()
            });
        }
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let whole = waiting.len() <= most && {
            let size: u64 = waiting.iter().map(|event| event.bytes).sum();
            // The store stops before it is too much; whoever is near may not have been given everything.
            size < LARGEST / 2
        };
        waiting.truncate(most);
        let keys = self.signing_keys().await?;
        let sets = waiting
            .iter()
            .map(|event| self.token(stream, event, &keys))
            .collect::<Result<_, _>>()?;
        Ok(PollAnswer {
            sets,
            more_available: !whole,
        })
    }

    async fn settle_poll(&self, stream: &Stream, request: &PollRequest) -> Result<(), EngineError> {
        if request.acknowledged.is_empty() && request.refused.is_empty() {
            return Ok(());
        }
        let refused: Vec<(u64, String)> = request
            .refused
            .iter()
            .filter_map(|(jti, reason)| Some((seq_of(stream.id, jti)?, reason.clone())))
            .collect();
        for (seq, reason) in &refused {
            self.record_refusal(stream, *seq, reason).await;
        }
        let settlement = Settlement {
            at: Some(Timestamp::now()),
            acknowledged: request
                .acknowledged
                .iter()
                .filter_map(|jti| seq_of(stream.id, jti))
                .collect(),
            error: refused.last().map(|(_, reason)| reason.clone()),
            refused,
        };
        Ok(self.store.settle_events(stream.id, settlement).await?)
    }

    /// The token of an event for a stream, and its id.
    pub(super) fn token(
        &self,
        stream: &Stream,
        event: &QueuedEvent,
        keys: &Keys,
    ) -> Result<(String, String), EngineError> {
        let jti = jti(stream.id, event.seq);
        let audience = match (&stream.audience, &stream.delivery) {
            (Some(audience), _) => audience.clone(),
            (None, Delivery::Push { endpoint }) => endpoint.clone(),
            (None, Delivery::Poll) => self.poll_url(stream.id),
        };
        let claims = claims(
            &event.event,
            event.at,
            &event.txn,
            event.version,
            &Recipient {
                issuer: self.public_url(),
                audience: &audience,
                jti: &jti,
                form: stream.form,
                kinds: &stream.events,
            },
        );
        Ok((jti, keys.sign(&claims)?))
    }

    /// Where the keys are that verify events.
    pub fn key_set_url(&self) -> String {
        format!("{}/events/v1/jwks.json", self.public_url())
    }

    /// How much may wait for one stream.
    pub fn queue_limit(&self) -> QueueLimit {
        self.events.limits().queue
    }

    /// Where a poll stream is polled.
    pub fn poll_url(&self, id: StreamId) -> String {
        format!("{}/events/v1/streams/{id}/poll", self.public_url())
    }
}

impl Stream {
    /// Whether events are pushed now. A stream that fell behind has lost events, not its recipient: what is queued still
    /// goes out.
    pub(super) fn is_pushed(&self) -> bool {
        match &self.state {
            StreamState::Running => true,
            StreamState::Paused => false,
            StreamState::Stopped { code, .. } => code == BEHIND,
        }
    }
}

/// The id of the token that carries an event on a stream: the same each time it is sent, and its place in the queue can
/// be read back from an acknowledgement.
pub(super) fn jti(stream: StreamId, seq: u64) -> String {
    format!("{}-{seq}", stream.0.simple())
}

/// The place in the queue, if the token belongs to the stream.
fn seq_of(stream: StreamId, jti: &str) -> Option<u64> {
    let seq = jti
        .strip_prefix(stream.0.simple().to_string().as_str())?
        .strip_prefix('-')?;
    seq.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| seq.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    proptest! {
        #[test]
        fn an_acknowledgement_names_an_event_of_its_own_stream(id: u128, other: u128, seq: u64) {
            let stream = StreamId(Uuid::from_u128(id));
            prop_assert_eq!(seq_of(stream, &jti(stream, seq)), Some(seq));
            if other != id {
                let other = StreamId(Uuid::from_u128(other));
                prop_assert_eq!(seq_of(other, &jti(stream, seq)), None);
            }
        }

        #[test]
        fn whatever_else_is_acknowledged_names_none(text in ".{0,60}") {
            prop_assert_eq!(seq_of(StreamId(Uuid::nil()), &text), None);
        }
    }
}

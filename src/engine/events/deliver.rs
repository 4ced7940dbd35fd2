//! Pushing events (RFC 8935): one task a stream, one event at a time, in order; again with growing pauses where it fails;
//! stopped where it goes on failing.
//!
//! How an event travels is the edge's business ([`Transport`]). What became of it is decided here.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_lc_rs::rand;
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::super::{Engine, EngineError};
use super::poll::BEHIND;
use crate::directory::{Delivery, Stream, StreamId, StreamState};
use crate::secret::Secret;
use crate::store::{QueuedEvent, Settlement};

/// How many events are fetched at once.
const FETCH: u32 = 32;
/// About how many bytes of them.
const FETCH_BYTES: u64 = 4 * 1_024 * 1_024;
/// The explain code of an endpoint that does not answer as it should.
const UNREACHABLE: &str = "STREAM_UNREACHABLE";
/// The explain code of an endpoint that refuses every event.
const REFUSED: &str = "STREAM_REFUSED";
/// How long refused events and the results of asynchronous requests are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How often what is too old is cleared away.
const CLEAR_EVERY: Duration = Duration::from_mins(1);
/// Between two bounded steps of it, so that requests come first.
const CLEAR_PAUSE: Duration = Duration::from_millis(50);

/// One push.
#[derive(Debug)]
pub struct Push<'a> {
    /// Where to.
    pub endpoint: &'a str,
    /// The `Authorization` header.
    pub authorization: Option<&'a Secret>,
    /// The token.
    pub set: String,
}

/// What came of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It arrived (RFC 8935 §2.2).
    Accepted,
    /// The recipient refused it with an error of RFC 8935 §2.4.
    Refused {
        /// `err`.
        err: String,
        /// What it says beside it.
        description: String,
    },
    /// It did not arrive, as far as can be told.
    Failed {
        /// Why, for people.
        reason: String,
        /// How long the recipient asks to be left alone.
        retry_after: Option<Duration>,
    },
}

/// How events travel.
#[async_trait]
pub trait Transport: Send + Sync + 'static {
    /// Sends one event. Takes a bounded time.
    async fn push(&self, push: Push<'_>) -> Pushed;
}

impl Engine {
    /// Delivers events until `stop`. Run it as a task of its own, once an engine.
    pub async fn deliver_events(
        self: Arc<Self>,
        transport: Arc<dyn Transport>,
        stop: CancellationToken,
    ) {
        let mut stirred = self.events.stirred.subscribe();
        let mut tasks: BTreeMap<StreamId, (CancellationToken, JoinHandle<()>)> = BTreeMap::new();
        let mut clear = tokio::time::interval(CLEAR_EVERY);
        loop {
            stirred.mark_unchanged();
            for id in self.events.take_full() {
                self.stop_behind(id).await;
            }
            let pushed: Vec<Stream> = self
                .events
                .streams()
                .iter()
                .filter(|it| it.is_pushed() && matches!(it.delivery, Delivery::Push { .. }))
                .cloned()
                .collect();
            tasks.retain(|id, (end, task)| {
                let wanted = pushed.iter().any(|stream| stream.id == *id);
                if !wanted {
                    end.cancel();
                }
                wanted && !task.is_finished()
            });
            for stream in pushed {
                tasks.entry(stream.id).or_insert_with(|| {
                    let end = stop.child_token();
                    let push =
                        Arc::clone(&self).push_stream(stream, Arc::clone(&transport), end.clone());
                    (end, tokio::spawn(push))
                });
            }
            tokio::select! {
                changed = stirred.changed() => if changed.is_err() { break },
                _ = clear.tick() => self.clear_events(&stop).await,
                () = stop.cancelled() => break,
            }
        }
        for (_, (end, task)) in tasks {
            end.cancel();
            // A push under way ends within its own time; its event is sent again if nobody notes the answer.
            if let Err(error) = task.await {
                tracing::error!(%error, "the delivery of a stream ended in a panic");
            }
        }
    }

    /// Pushes the events of one stream until `end`.
    async fn push_stream(
        self: Arc<Self>,
        stream: Stream,
        transport: Arc<dyn Transport>,
        end: CancellationToken,
    ) {
        let mut stirred = self.events.stirred.subscribe();
        while !end.is_cancelled() {
            stirred.mark_unchanged();
            let waiting = self
                .store
                .waiting_events(stream.id, FETCH, FETCH_BYTES)
                .await;
            let waiting = match waiting {
                Ok(waiting) => waiting,
                Err(error) => {
                    tracing::error!(%error, stream = %stream.name, "queued events could not be read");
                    pause(&end, self.events.limits().longest_pause).await;
                    continue;
                }
            };
            if waiting.is_empty() {
                tokio::select! {
                    changed = stirred.changed() => if changed.is_err() { return },
                    () = end.cancelled() => return,
                }
                continue;
            }
            for event in &waiting {
                match self.push_event(&stream, event, &*transport, &end).await {
                    Ok(true) => {}
                    Ok(false) => return,
                    Err(error) => {
                        tracing::error!(%error, stream = %stream.name, "an event could not be delivered");
                        pause(&end, self.events.limits().longest_pause).await;
                        break;
                    }
                }
            }
        }
    }

    /// Pushes one event until it is settled. False where the stream ends instead.
    async fn push_event(
        &self,
        stream: &Stream,
        event: &QueuedEvent,
        transport: &dyn Transport,
        end: &CancellationToken,
    ) -> Result<bool, EngineError> {
        let Delivery::Push { endpoint } = &stream.delivery else {
            return Ok(false);
        };
        let limits = self.events.limits();
        let authorization = self.store.stream_authorization(stream.id).await?;
        let mut wait = limits.first_pause;
        for attempt in 1_u32.. {
            if end.is_cancelled() {
                return Ok(false);
            }
            let keys = self.signing_keys().await?;
            let (_, set) = self.token(stream, event, &keys)?;
            let push = transport.push(Push {
                endpoint,
                authorization: authorization.as_ref(),
                set,
            });
            let pushed = tokio::select! {
                pushed = push => pushed,
                () = end.cancelled() => return Ok(false),
            };
            let (code, reason, asked) = match pushed {
                Pushed::Accepted => {
                    self.settle_push(stream, Some(event.seq), None, None)
                        .await?;
                    return Ok(true);
                }
                Pushed::Refused { err, description } => {
                    let reason = format!("{err}: {description}");
                    if concerns_one_event(&err) {
                        self.record_refusal(stream, event.seq, &reason).await;
                        self.settle_push(stream, None, Some((event.seq, reason)), None)
                            .await?;
                        return Ok(true);
                    }
                    (REFUSED, reason, None)
                }
                Pushed::Failed {
                    reason,
                    retry_after,
                } => (UNREACHABLE, reason, retry_after),
            };
            tracing::warn!(stream = %stream.name, attempt, %reason, "an event could not be pushed");
            self.settle_push(stream, None, None, Some(reason.clone()))
                .await?;
            if attempt >= limits.attempts {
                self.stop_stream(stream, code, &reason, attempt).await?;
                return Ok(false);
            }
            let asked = asked.unwrap_or_default().min(limits.longest_pause);
            pause(end, jittered(wait).max(asked)).await;
            wait = (wait * 2).min(limits.longest_pause);
        }
        Ok(false)
    }

    async fn settle_push(
        &self,
        stream: &Stream,
        acknowledged: Option<u64>,
        refused: Option<(u64, String)>,
        error: Option<String>,
    ) -> Result<(), EngineError> {
        let settlement = Settlement {
            at: Some(Timestamp::now()),
            acknowledged: acknowledged.into_iter().collect(),
            error: error.or_else(|| refused.as_ref().map(|(_, reason)| reason.clone())),
            refused: refused.into_iter().collect(),
        };
        Ok(self.store.settle_events(stream.id, settlement).await?)
    }

    /// Stops a stream whose queue was found full.
    async fn stop_behind(&self, id: StreamId) {
        let Some(stream) = self.events.stream(id) else {
            return;
        };
        let queue = self.events.limits().queue;
        let reason = format!(
            "its queue was full ({} events or {} bytes); what happened since is missing from it",
            queue.events, queue.bytes
        );
        let stopped = match &stream.state {
            StreamState::Stopped { code, .. } if code == BEHIND => Ok(()),
            _ => self.stop_stream(&stream, BEHIND, &reason, 0).await,
        };
        if let Err(error) = stopped {
            tracing::error!(%error, stream = %stream.name, "a stream that fell behind could not be stopped");
        }
    }

    async fn clear_events(&self, stop: &CancellationToken) {
        let before = Timestamp::now().checked_sub(KEPT).unwrap_or(Timestamp::MIN);
        while !stop.is_cancelled() {
            match self.store.prune_events(before).await {
                Ok(0) => return,
                Ok(_) => tokio::time::sleep(CLEAR_PAUSE).await,
                Err(error) => {
                    tracing::warn!(%error, "old events could not be cleared away");
                    return;
                }
            }
        }
    }
}

/// Whether an error of RFC 8935 §2.4 is about the one event: then the others may go on. All others (`invalid_issuer`,
/// `invalid_audience`, `invalid_key`, `authentication_failed`, `access_denied`) would meet every event, and dropping
/// those would lose them for a wrong setting.
fn concerns_one_event(err: &str) -> bool {
    err == "invalid_request"
}

/// A quarter more or less, so that recipients which went down together are not called together.
fn jittered(wait: Duration) -> Duration {
    let mut byte = [0_u8; 1];
    // Without randomness the pause is what it would be in the middle.
    let share = match rand::fill(&mut byte) {
        Ok(()) => f64::from(byte[0]) / 255.0,
        Err(_) => 0.5,
    };
    wait.mul_f64(0.75 + share / 2.0)
}

async fn pause(end: &CancellationToken, pause: Duration) {
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        () = end.cancelled() => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_a_quarter_more_or_less() {
        let pauses: Vec<Duration> = (0..200).map(|_| jittered(Duration::from_secs(4))).collect();
        assert!(pauses.iter().all(|it| (3..=5).contains(&it.as_secs())));
        assert!(pauses.iter().any(|it| *it != pauses[0]));
    }
}

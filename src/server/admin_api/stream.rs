//! The live tail as server-sent events: one `TailEvent` in JSON each, a comment every 15 seconds, an event named `error`
//! with a problem document when it fails. Read only as fast as the client reads; what it misses is told as `Dropped`.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures::{Stream, StreamExt as _};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::extract::{Admin, Params};
use super::problem::Failed;
use crate::admin::http::wire::{Problem, Tail};
use crate::admin::types::TailEvent;
use crate::admin::{AdminError, AdminErrorKind};

/// How often a silent stream says that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What all streams share.
#[derive(Clone)]
pub(in crate::server) struct Streams {
    /// How many more there may be.
    pub free: Arc<Semaphore>,
    /// Ends them all.
    pub stop: CancellationToken,
}

pub(super) async fn tail(
    State(streams): State<Streams>,
    Admin(admin): Admin,
    Params(Tail { query }): Params<Tail>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failed> {
    let place = streams.free.try_acquire_owned().map_err(|_| {
        let mut error = AdminError::new(
            AdminErrorKind::Unavailable,
            "too many live tails are open; close one and try again",
        );
        error.retry_after = Some(5);
        error
    })?;
    let events = admin
        .tail(query)
        .await?
        .take_until(streams.stop.cancelled_owned())
        .map(move |item| {
            let _held = &place;
            Ok(event(item))
        });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

fn event(item: Result<TailEvent, AdminError>) -> Event {
    let json = item
        .map(|event| serde_json::to_string(&event).expect("a row always serialises"))
        .map_err(|error| Problem::from(error).to_json());
    match json {
        Ok(json) => Event::default().data(json),
        Err(json) => Event::default().event("error").data(json),
    }
}

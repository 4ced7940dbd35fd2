//! The live tail over HTTP: server-sent events as [`TailEvent`]s, until the engine stops or cannot be reached any more,
//! which is told as the last item.

use std::collections::VecDeque;
use std::time::Duration;

use futures::{StreamExt as _, stream};
use http::{HeaderValue, Method, header};
use reqwest::Response;

use super::sse::{Event, Reader};
use super::wire::{Problem, Tail};
use super::{HttpAdmin, routes};
use crate::admin::error::{AdminError, AdminErrorKind};
use crate::admin::traits::TailStream;
use crate::admin::types::TailEvent;

/// How long the engine may be silent. It sends a comment every 15 seconds.
const SILENCE: Duration = Duration::from_secs(50);

/// Opens the tail. Returns when the engine has begun to listen.
pub(super) async fn open(admin: HttpAdmin, query: String) -> Result<TailStream, AdminError> {
    let request = admin
        .request(Method::GET, routes::REQUESTS_STREAM, &Tail { query })?
        .header(
            header::ACCEPT,
            HeaderValue::from_static("text/event-stream"),
        );
    let opened = tokio::time::timeout(SILENCE, admin.send(request)).await;
    let response = opened.unwrap_or_else(|_| Err(silent(&admin)))?;
    let tail = Tailing {
        admin,
        response,
        reader: Reader::default(),
        ready: VecDeque::new(),
        is_over: false,
    };
    Ok(stream::unfold(tail, |mut tail| async move {
        let item = tail.next().await?;
        Some((item, tail))
    })
    .boxed())
}

struct Tailing {
    admin: HttpAdmin,
    response: Response,
    reader: Reader,
    ready: VecDeque<Event>,
    is_over: bool,
}

impl Tailing {
    async fn next(&mut self) -> Option<Result<TailEvent, AdminError>> {
        if self.is_over {
            return None;
        }
        let item = self.event().await;
        self.is_over = item.is_err();
        Some(item)
    }

    async fn event(&mut self) -> Result<TailEvent, AdminError> {
        let event = loop {
            if let Some(event) = self.ready.pop_front() {
                break event;
            }
            let chunk = tokio::time::timeout(SILENCE, self.response.chunk())
                .await
                .map_err(|_| silent(&self.admin))?
                .map_err(|error| self.admin.unreachable(&error))?
                .ok_or_else(|| {
                    lost(
                        &self.admin,
                        "the engine ended the live tail; it may be stopping",
                    )
                })?;
            let events = self
                .reader
                .feed(&chunk)
                .map_err(|error| lost(&self.admin, &error.to_string()))?;
            self.ready.extend(events);
        };
        if event.name == "error" {
            return Err(serde_json::from_str::<Problem>(&event.data)
                .map_or_else(|error| lost(&self.admin, &error.to_string()), |it| it.error));
        }
        serde_json::from_str(&event.data).map_err(|error| {
            lost(
                &self.admin,
                &format!("an event has a form that this version does not know ({error})"),
            )
        })
    }
}

fn silent(admin: &HttpAdmin) -> AdminError {
    lost(admin, "nothing came for too long")
}

fn lost(admin: &HttpAdmin, why: &str) -> AdminError {
    AdminError::new(
        AdminErrorKind::Unreachable,
        format!("the live tail of {} is lost: {why}", admin.place),
    )
}

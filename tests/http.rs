//! The HTTP edge as clients meet it: the real server on a port of its own, asked by a real HTTP client, and by raw bytes
//! where no HTTP client would send such a thing.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test, a bench and a script fail by panicking, and are read for their cases"
)]

#[path = "http/admin_api.rs"]
mod admin_api;
#[path = "http/bad_http.rs"]
mod bad_http;
#[path = "http/bodies.rs"]
mod bodies;
#[path = "http/crowds.rs"]
mod crowds;
#[path = "http/events_async.rs"]
mod events_async;
#[path = "http/events_poll.rs"]
mod events_poll;
#[path = "http/events_push.rs"]
mod events_push;
#[path = "http/events_receiver.rs"]
mod events_receiver;
#[path = "http/failures.rs"]
mod failures;
#[path = "http/fake_events.rs"]
mod fake_events;
#[path = "http/fake_store.rs"]
mod fake_store;
#[path = "http/harness.rs"]
mod harness;
#[path = "http/local_socket.rs"]
mod local_socket;
#[path = "http/provisioning.rs"]
mod provisioning;
#[path = "http/real.rs"]
mod real;
#[path = "http/redaction.rs"]
mod redaction;
#[path = "http/routes.rs"]
mod routes;
#[path = "http/start.rs"]
mod start;
#[path = "http/stop.rs"]
mod stop;
#[path = "http/tail.rs"]
mod tail;
#[path = "http/tokens.rs"]
mod tokens;

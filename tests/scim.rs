//! The SCIM protocol as clients speak it, over real HTTP against the real server on a real SQLite database: every shape
//! that a known client sends, every rule of RFC 7644 §3, every tolerated deviation beside its correct neighbour, and a
//! storm of mutated requests.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test, a bench and a script fail by panicking, and are read for their cases"
)]

#[path = "scim/clients/mod.rs"]
mod clients;
#[path = "scim/custom_schemas.rs"]
mod custom_schemas;
#[path = "scim/dialects.rs"]
mod dialects;
#[path = "http/fake_events.rs"]
mod fake_events;
#[path = "http/fake_incidents.rs"]
mod fake_incidents;
#[expect(
    dead_code,
    reason = "shared with the tests of the edge, which use the rest"
)]
#[path = "http/fake_store.rs"]
mod fake_store;
#[expect(
    dead_code,
    reason = "shared with the tests of the edge, which use the rest"
)]
#[path = "http/harness.rs"]
mod harness;
#[expect(
    dead_code,
    reason = "shared with the tests of the edge, which use the rest"
)]
#[path = "http/oauth_client.rs"]
mod oauth_client;
#[expect(
    dead_code,
    reason = "shared with the tests of the edge, which use the rest"
)]
#[path = "http/oauth_flow.rs"]
mod oauth_flow;
#[expect(
    dead_code,
    reason = "shared with the tests of the edge, which use the rest"
)]
#[path = "http/people.rs"]
mod people;
#[path = "scim/properties.rs"]
mod properties;
#[path = "scim/provider.rs"]
mod provider;
#[expect(
    dead_code,
    reason = "shared with the tests of the edge, which use the rest"
)]
#[path = "http/real.rs"]
mod real;
#[path = "scim/rfc7644/mod.rs"]
mod rfc7644;
#[path = "scim/scenarios/mod.rs"]
mod scenarios;
#[path = "scim/storm/mod.rs"]
mod storm;
#[path = "scim/targets.rs"]
mod targets;
#[path = "scim/unique.rs"]
mod unique;
#[path = "scim/values.rs"]
mod values;

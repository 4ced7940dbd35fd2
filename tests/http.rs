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
#[path = "http/admin_paths.rs"]
mod admin_paths;
#[path = "http/attack_async.rs"]
mod attack_async;
#[path = "http/attack_edge.rs"]
mod attack_edge;
#[path = "http/attack_oauth.rs"]
mod attack_oauth;
#[path = "http/bad_http.rs"]
mod bad_http;
#[path = "http/bad_input.rs"]
mod bad_input;
#[path = "http/blast_radius.rs"]
mod blast_radius;
#[path = "http/bodies.rs"]
mod bodies;
#[path = "http/bulk.rs"]
mod bulk;
#[path = "http/crowds.rs"]
mod crowds;
#[path = "http/etags.rs"]
mod etags;
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
#[path = "http/fake_incidents.rs"]
mod fake_incidents;
#[path = "http/fake_store.rs"]
mod fake_store;
#[path = "http/full_disk.rs"]
mod full_disk;
#[path = "http/guards.rs"]
mod guards;
#[path = "http/guards_support.rs"]
mod guards_support;
#[path = "http/harness.rs"]
mod harness;
#[path = "http/last_admin.rs"]
mod last_admin;
#[path = "http/link.rs"]
mod link;
#[path = "http/links.rs"]
mod links;
#[path = "http/lists_cursors.rs"]
mod lists_cursors;
#[path = "http/lists_filters.rs"]
mod lists_filters;
#[path = "http/lists_projection.rs"]
mod lists_projection;
#[path = "http/lists_search.rs"]
mod lists_search;
#[path = "http/lists_sorting.rs"]
mod lists_sorting;
#[path = "http/lists_support.rs"]
mod lists_support;
#[path = "http/local_socket.rs"]
mod local_socket;
#[path = "http/mail.rs"]
mod mail;
#[path = "http/managers.rs"]
mod managers;
#[path = "http/me.rs"]
mod me;
#[path = "http/oauth_assertion.rs"]
mod oauth_assertion;
#[path = "http/oauth_client.rs"]
mod oauth_client;
#[path = "http/oauth_code.rs"]
mod oauth_code;
#[path = "http/oauth_flow.rs"]
mod oauth_flow;
#[path = "http/oauth_life.rs"]
mod oauth_life;
#[path = "http/oauth_rate.rs"]
mod oauth_rate;
#[path = "http/oauth_rotation.rs"]
mod oauth_rotation;
#[path = "http/oauth_token.rs"]
mod oauth_token;
#[path = "http/pages.rs"]
mod pages;
#[path = "http/passwords.rs"]
mod passwords;
#[path = "http/patch_rfc.rs"]
mod patch_rfc;
#[path = "http/people.rs"]
mod people;
#[path = "http/policy.rs"]
mod policy;
#[path = "http/preview.rs"]
mod preview;
#[path = "http/provisioning.rs"]
mod provisioning;
#[path = "http/real.rs"]
mod real;
#[path = "http/redaction.rs"]
mod redaction;
#[path = "http/routes.rs"]
mod routes;
#[path = "http/saml_attacks/mod.rs"]
mod saml_attacks;
#[path = "http/saml_edge.rs"]
mod saml_edge;
#[path = "http/sso.rs"]
mod sso;
#[path = "http/sso_refresh.rs"]
mod sso_refresh;
#[path = "http/start.rs"]
mod start;
#[path = "http/stop.rs"]
mod stop;
#[path = "http/tail.rs"]
mod tail;
#[path = "http/team_sync.rs"]
mod team_sync;
#[path = "http/teams_kept.rs"]
mod teams_kept;
#[path = "http/teams_parked.rs"]
mod teams_parked;
#[path = "http/tokens.rs"]
mod tokens;
#[path = "http/undo_property.rs"]
mod undo_property;
#[path = "http/versions.rs"]
mod versions;

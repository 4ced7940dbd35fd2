//! The table of routes.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::stream::Streams;
use super::{
    guards, link, members, policy, problem, requests, stream, streams, sync, teams, tokens,
};
use crate::admin::http::routes as path;
use crate::server::settings::Limits;

/// The admin API. Requests carry the admin who asks as an extension.
pub(in crate::server) fn router(limits: &Limits, streams: Streams) -> Router {
    Router::new()
        .route(path::OVERVIEW, get(requests::overview))
        .route(path::DOCTOR, get(requests::doctor))
        .route(path::MEMBERS, get(members::list).post(members::add))
        .route(path::FIND_MEMBER, get(members::find))
        .route(path::MEMBER, get(members::show))
        .route(path::MEMBER_TIMELINE, get(members::timeline))
        .route(path::MEMBER_ACCESS, get(members::access))
        .route(path::EDIT_MEMBER, post(members::edit))
        .route(path::DELETE_MEMBER, post(members::delete))
        .route(path::LINK_MEMBER, post(members::link))
        .route(path::UNLINK_MEMBER, post(members::unlink))
        .route(path::INVITE_MEMBER, post(members::invite))
        .route(path::MERGE_MEMBERS, post(members::merge))
        .route(path::PURGE_MEMBERS, post(members::purge))
        .route(path::DEACTIVATE_MEMBER, post(members::deactivate))
        .route(path::RESTORE_MEMBER, post(members::restore))
        .route(path::TEAMS, get(teams::list).post(teams::add))
        .route(path::FIND_TEAM, get(teams::find))
        .route(path::TEAM, get(teams::show).post(teams::change))
        .route(path::TEAM_MEMBERS, get(teams::members))
        .route(path::SYNC, get(sync::show).post(sync::switch))
        .route(path::PROVISIONING, post(sync::switch_provisioning))
        .route(path::REQUESTS, get(requests::list))
        .route(path::REQUESTS_STREAM, get(stream::tail))
        .route(path::REQUEST, get(requests::show))
        .route(path::TOKENS, get(tokens::list).post(tokens::issue))
        .route(path::REVOKE_TOKEN, post(tokens::revoke))
        .route(path::ROTATE_TOKEN, post(tokens::rotate))
        .route(path::CLIENTS, get(tokens::clients).post(tokens::register))
        .route(path::REVOKE_CLIENT, post(tokens::revoke_client))
        .route(path::ROTATE_CLIENT, post(tokens::rotate_client))
        .route(path::LINK, get(link::show))
        .route(path::CONNECTIONS, post(link::connect))
        .route(path::DISCONNECT, post(link::disconnect))
        .route(path::STREAMS, get(streams::list).post(streams::create))
        .route(path::PAUSE_STREAM, post(streams::pause))
        .route(path::RESUME_STREAM, post(streams::resume))
        .route(path::DELETE_STREAM, post(streams::delete))
        .route(path::SIGNING_KEYS, post(streams::rotate_key))
        .route(path::POLICY, get(policy::show))
        .route(path::POLICY_DIFF, get(policy::diff))
        .route(path::SIMULATE_POLICY, post(policy::simulate))
        .route(path::SET_POLICY, post(policy::set))
        .route(path::ADOPT_PRESET, post(policy::adopt))
        .route(path::UNDO_REQUEST, post(requests::undo))
        .route(path::GUARD, get(guards::status))
        .route(path::INCIDENTS, get(guards::incidents))
        .route(path::INCIDENT, get(guards::incident))
        .route(path::TEND_INCIDENT, post(guards::tend))
        .route(path::RULE_HOLD, post(guards::rule))
        .route(path::MARK_RECOVERY, post(guards::mark))
        .route(path::PROVE_RECOVERY, post(guards::prove))
        .route(path::RECOVERY_CODES, post(guards::make_codes))
        .fallback(problem::no_route)
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(DefaultBodyLimit::max(limits.body_bytes))
        .with_state(streams)
}

//! The routes of the admin API, one for each method of the traits. `{id}` is replaced by [`with_id`].

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// What all of them begin with.
pub const BASE: &str = "/admin/v1";

/// GET: `AdminRead::overview`.
pub const OVERVIEW: &str = "/admin/v1/overview";
/// GET: `AdminRead::doctor`.
pub const DOCTOR: &str = "/admin/v1/doctor";
/// GET with a `Listing` as query: `AdminRead::members`. POST a `NewMember`: `AdminWrite::add_member`.
pub const MEMBERS: &str = "/admin/v1/members";
/// GET with [`wire::Named`](super::wire::Named): `AdminRead::find_member`.
pub const FIND_MEMBER: &str = "/admin/v1/members/find";
/// GET: `AdminRead::member`.
pub const MEMBER: &str = "/admin/v1/members/{id}";
/// GET with [`wire::Window`](super::wire::Window): `AdminRead::member_timeline`.
pub const MEMBER_TIMELINE: &str = "/admin/v1/members/{id}/timeline";
/// POST: `AdminWrite::deactivate_member`.
pub const DEACTIVATE_MEMBER: &str = "/admin/v1/members/{id}/deactivate";
/// POST: `AdminWrite::restore_member`.
pub const RESTORE_MEMBER: &str = "/admin/v1/members/{id}/restore";
/// GET with a `Listing` as query: `AdminRead::teams`. POST a `NewTeam`: `AdminWrite::add_team`.
pub const TEAMS: &str = "/admin/v1/teams";
/// GET with [`wire::Named`](super::wire::Named): `AdminRead::find_team`.
pub const FIND_TEAM: &str = "/admin/v1/teams/find";
/// GET: `AdminRead::team`.
pub const TEAM: &str = "/admin/v1/teams/{id}";
/// GET with [`wire::Window`](super::wire::Window): `AdminRead::team_members`.
pub const TEAM_MEMBERS: &str = "/admin/v1/teams/{id}/members";
/// GET with a `RequestListing` as query: `AdminRead::requests`.
pub const REQUESTS: &str = "/admin/v1/requests";
/// GET with [`wire::Tail`](super::wire::Tail), server-sent events: `AdminRead::tail`.
pub const REQUESTS_STREAM: &str = "/admin/v1/requests/stream";
/// GET: `AdminRead::request`.
pub const REQUEST: &str = "/admin/v1/requests/{id}";
/// GET: `AdminRead::tokens`. POST a `NewToken`: `AdminWrite::issue_token`.
pub const TOKENS: &str = "/admin/v1/tokens";
/// POST: `AdminWrite::revoke_token`.
pub const REVOKE_TOKEN: &str = "/admin/v1/tokens/{id}/revoke";
/// GET, POST.
pub const STREAMS: &str = "/admin/v1/streams";
/// POST.
pub const PAUSE_STREAM: &str = "/admin/v1/streams/{id}/pause";
/// POST.
pub const RESUME_STREAM: &str = "/admin/v1/streams/{id}/resume";
/// POST.
pub const DELETE_STREAM: &str = "/admin/v1/streams/{id}/delete";
/// POST.
pub const SIGNING_KEYS: &str = "/admin/v1/signing-keys";

/// The header by which a client on the Unix socket says what it is: one of [`ACTORS`].
pub const ACTOR: &str = "provost-actor";
/// What a client on the Unix socket may call itself.
pub const ACTORS: [&str; 2] = ["console", "cli"];

/// A route with the id in its place.
pub fn with_id(route: &str, id: impl std::fmt::Display) -> String {
    let id = id.to_string();
    route.replace(
        "{id}",
        &utf8_percent_encode(&id, NON_ALPHANUMERIC).to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_encoded_into_its_place() {
        assert_eq!(with_id(MEMBER, "a/b"), "/admin/v1/members/a%2Fb");
    }
}

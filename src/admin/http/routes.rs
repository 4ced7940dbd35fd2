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
/// GET: `AdminRead::member_access`.
pub const MEMBER_ACCESS: &str = "/admin/v1/members/{id}/access";
/// POST a `MemberEdit`: `AdminWrite::edit_member`.
pub const EDIT_MEMBER: &str = "/admin/v1/members/{id}/edit";
/// POST an `IfVersion`: `AdminWrite::delete_member`.
pub const DELETE_MEMBER: &str = "/admin/v1/members/{id}/delete";
/// POST a `LinkMember`: `AdminWrite::link_member`.
pub const LINK_MEMBER: &str = "/admin/v1/members/{id}/link";
/// POST an `IfVersion`: `AdminWrite::unlink_member`.
pub const UNLINK_MEMBER: &str = "/admin/v1/members/{id}/unlink";
/// POST an `IfVersion`: `AdminWrite::invite_member`.
pub const INVITE_MEMBER: &str = "/admin/v1/members/{id}/invite";
/// POST a `MergeMember`: `AdminWrite::merge_members`.
pub const MERGE_MEMBERS: &str = "/admin/v1/members/{id}/merge";
/// POST: `AdminWrite::purge_members`.
pub const PURGE_MEMBERS: &str = "/admin/v1/members/purge";
/// POST: `AdminWrite::deactivate_member`.
pub const DEACTIVATE_MEMBER: &str = "/admin/v1/members/{id}/deactivate";
/// POST: `AdminWrite::restore_member`.
pub const RESTORE_MEMBER: &str = "/admin/v1/members/{id}/restore";
/// POST: `AdminWrite::invite_link`.
pub const INVITE_LINK: &str = "/admin/v1/members/{id}/invite-link";
/// POST: `AdminWrite::reset_link`.
pub const RESET_LINK: &str = "/admin/v1/members/{id}/reset-link";
/// GET with a `Listing` as query: `AdminRead::teams`. POST a `NewTeam`: `AdminWrite::add_team`.
pub const TEAMS: &str = "/admin/v1/teams";
/// GET with [`wire::Named`](super::wire::Named): `AdminRead::find_team`.
pub const FIND_TEAM: &str = "/admin/v1/teams/find";
/// POST: `AdminWrite::purge_teams`.
pub const PURGE_TEAMS: &str = "/admin/v1/teams/purge";
/// GET: `AdminRead::team`. POST a `ChangeTeam`: `AdminWrite::change_team`.
pub const TEAM: &str = "/admin/v1/teams/{id}";
/// GET with [`wire::Window`](super::wire::Window): `AdminRead::team_members`.
pub const TEAM_MEMBERS: &str = "/admin/v1/teams/{id}/members";
/// GET: `AdminRead::sync`. POST a `SwitchTeamSync`: `AdminWrite::switch_team_sync`.
pub const SYNC: &str = "/admin/v1/sync";
/// POST a `SwitchProvisioning`: `AdminWrite::switch_provisioning`.
pub const PROVISIONING: &str = "/admin/v1/provisioning";
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
/// POST a `RotateToken`: `AdminWrite::rotate_token`.
pub const ROTATE_TOKEN: &str = "/admin/v1/tokens/{id}/rotate";
/// GET: `AdminRead::clients`. POST a `NewClient`: `AdminWrite::create_client`.
pub const CLIENTS: &str = "/admin/v1/clients";
/// POST: `AdminWrite::revoke_client`.
pub const REVOKE_CLIENT: &str = "/admin/v1/clients/{id}/revoke";
/// POST: `AdminWrite::rotate_client`.
pub const ROTATE_CLIENT: &str = "/admin/v1/clients/{id}/rotate";
/// GET: `AdminRead::link`.
pub const LINK: &str = "/admin/v1/scim";
/// POST a `NewConnection`: `AdminWrite::connect`.
pub const CONNECTIONS: &str = "/admin/v1/scim/connections";
/// POST: `AdminWrite::disconnect`; the id is the name.
pub const DISCONNECT: &str = "/admin/v1/scim/connections/{id}/disconnect";

/// GET: `AdminRead::policy`.
pub const POLICY: &str = "/admin/v1/policy";
/// GET with [`wire::Named`](super::wire::Named): `AdminRead::policy_diff`.
pub const POLICY_DIFF: &str = "/admin/v1/policy/diff";
/// POST a `Simulate`: `AdminRead::simulate_policy`.
pub const SIMULATE_POLICY: &str = "/admin/v1/policy/simulate";
/// POST a `SetPolicy`: `AdminWrite::set_policy`.
pub const SET_POLICY: &str = "/admin/v1/policy/set";
/// POST an `AdoptPreset`: `AdminWrite::adopt_preset`.
pub const ADOPT_PRESET: &str = "/admin/v1/policy/preset";
/// POST: `AdminWrite::undo_request`.
pub const UNDO_REQUEST: &str = "/admin/v1/requests/{id}/undo";

/// What all of them begin with when a change shall be decided and told, and not made. A path and no parameter: an engine
/// that does not know it answers 404 and does not make the change.
const PREVIEW: &str = "/admin/v1/preview";

/// A route, as a preview.
pub fn preview(route: &str) -> String {
    route.replacen(BASE, PREVIEW, 1)
}

/// The route of which a path is a preview, if it is one.
pub fn previewed(path: &str) -> Option<String> {
    let rest = path.strip_prefix(PREVIEW)?;
    rest.starts_with('/').then(|| format!("{BASE}{rest}"))
}
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

/// GET: `AdminRead::guard_status`.
pub const GUARD: &str = "/admin/v1/guard";
/// GET with an `IncidentListing` as query: `AdminRead::incidents`.
pub const INCIDENTS: &str = "/admin/v1/incidents";
/// GET: `AdminRead::incident`.
pub const INCIDENT: &str = "/admin/v1/incidents/{id}";
/// GET with a `Window` as query: `AdminRead::held`.
pub const HELD: &str = "/admin/v1/incidents/{id}/held";
/// POST a `TendIncident`: `AdminWrite::tend_incident`.
pub const TEND_INCIDENT: &str = "/admin/v1/incidents/{id}/tend";
/// POST a `RuleHold`: `AdminWrite::rule_hold`.
pub const RULE_HOLD: &str = "/admin/v1/incidents/{id}/rule";
/// POST a `MarkRecovery`: `AdminWrite::mark_recovery`.
pub const MARK_RECOVERY: &str = "/admin/v1/recovery/{id}/mark";
/// POST a `ProveRecovery`: `AdminWrite::prove_recovery`.
pub const PROVE_RECOVERY: &str = "/admin/v1/recovery/{id}/prove";
/// POST: `AdminWrite::make_recovery_codes`.
pub const RECOVERY_CODES: &str = "/admin/v1/recovery/{id}/codes";

/// GET: `SsoRead::sso`. POST a `ConfigureSso`: `SsoWrite::configure_sso`.
pub const SSO: &str = "/admin/v1/sso";
/// POST a `MapClaims`: `SsoWrite::map_claims`.
pub const SSO_CLAIMS: &str = "/admin/v1/sso/claims";
/// POST a `SwitchSso`: `SsoWrite::switch_sso`.
pub const SSO_STATE: &str = "/admin/v1/sso/state";
/// POST an `IfVersion`: `SsoWrite::remove_sso`.
pub const REMOVE_SSO: &str = "/admin/v1/sso/remove";
/// POST: `SsoWrite::start_test_drive`.
pub const TEST_DRIVE: &str = "/admin/v1/sso/test-drive";
/// GET: `SsoRead::test_drive`.
pub const TEST_DRIVEN: &str = "/admin/v1/sso/test-drive/{id}";
/// POST a `PastedResponse`: `SsoRead::examine_response`.
pub const EXAMINE_RESPONSE: &str = "/admin/v1/sso/examine";
/// GET with a `Last` as query: `SsoRead::sign_ins`.
pub const SIGN_INS: &str = "/admin/v1/sso/sign-ins";
/// GET with a `SessionsOf` as query: `SsoRead::sessions`.
pub const SESSIONS: &str = "/admin/v1/sessions";
/// POST: `SsoWrite::end_session`.
pub const END_SESSION: &str = "/admin/v1/sessions/{id}/end";

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
    fn a_preview_has_a_path_of_its_own() {
        assert_eq!(preview(MEMBERS), "/admin/v1/preview/members");
        assert_eq!(previewed(&preview(MEMBERS)).as_deref(), Some(MEMBERS));
        assert_eq!(previewed(MEMBERS), None);
        assert_eq!(previewed("/admin/v1/previews/members"), None);
    }

    #[test]
    fn an_id_is_encoded_into_its_place() {
        assert_eq!(with_id(MEMBER, "a/b"), "/admin/v1/members/a%2Fb");
    }
}

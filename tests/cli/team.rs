//! `provost team`.

use rstest::rstest;

use crate::home::Home;

#[test]
fn a_team_is_added_with_members_and_shown() {
    let home = Home::with_account();
    home.run(&["member", "add", "ada@example.com"]).ok();
    home.run(&["team", "add", "Payments", "--member", "ada@example.com"])
        .ok();
    let shown = home.json(&["team", "show", "Payments"]);
    assert_eq!(shown["name"], "Payments");
    assert_eq!(shown["source"], "local");
    assert_eq!(
        shown["member_page"]["items"][0]["user_name"],
        "ada@example.com"
    );
    let text = home.run(&["team", "show", "Payments"]).ok().stdout;
    assert!(
        text.contains("1 member") && text.contains("✓ ada@example.com"),
        "{text}"
    );
    let listed = home.run(&["team", "list"]).ok().stdout;
    assert!(listed.contains("Payments"), "{listed}");
    let member = home.json(&["member", "show", "ada@example.com"]);
    assert_eq!(member["memberships"][0]["name"], "Payments");
}

#[test]
fn an_unknown_first_member_leaves_no_team_behind() {
    let home = Home::with_account();
    home.run(&["team", "add", "Payments", "--member", "nobody"])
        .ends(4)
        .says("nobody");
    home.run(&["team", "show", "Payments"]).ends(4);
    let run = home.run(&["team", "list"]).ok();
    assert!(run.stderr.contains("no teams"), "{}", run.stderr);
}

#[test]
fn a_role_that_nobody_knows_is_refused_with_the_nearest() {
    let home = Home::under("launchdarkly");
    home.run(&[
        "policy",
        "set",
        "teams.local_create_while_sync",
        "allow",
        "--yes",
    ])
    .ok();
    home.run(&["team", "add", "Harbour"]).ok();
    home.run(&["team", "set-role", "Harbour", "wirter"])
        .ends(2)
        .says("there is no role 'wirter'; did you mean 'writer'?");
    home.run(&["policy", "set", "roles.custom", "pilot", "--yes"])
        .ok();
    home.run(&["team", "set-role", "Harbour", "pilto"])
        .ends(2)
        .says("did you mean 'pilot'?");
    home.run(&["team", "set-role", "Harbour", "pilot"]).ok();
    let owner = "owner@example.com";
    home.run(&["member", "set-role", owner, "wirter"])
        .ends(2)
        .says("did you mean \"writer\"?");
    home.run(&["member", "set-role", owner, "--custom", "pilto"])
        .ends(2)
        .says("did you mean \"pilot\"?");
}

#[test]
fn where_every_custom_role_is_known_one_that_is_none_of_the_preset_is_told() {
    let home = Home::under("safe");
    home.run(&["team", "add", "Harbour"]).ok();
    let says = "counts as a custom one (roles.custom = any); did you mean 'writer'?";
    let set = ["team", "set-role", "Harbour", "wirter"];
    home.run(&[&set[..], &["--dry-run"]].concat())
        .ok()
        .says(says);
    let run = home.run(&[&set[..], &["--json"]].concat()).ok();
    let warnings = run.document()["warnings"].to_string();
    assert!(warnings.contains(says), "{warnings}");
    assert!(run.stderr.contains(says), "{}", run.stderr);
    let run = home.run(&["team", "set-role", "Harbour", "writer"]).ok();
    assert!(!run.stderr.contains("note:"), "{}", run.stderr);
}

#[rstest]
#[case::any("safe")]
#[case::guard_off("datadog")]
#[case::listed("launchdarkly")]
fn no_team_makes_owners(#[case] preset: &str) {
    let home = Home::under(preset);
    home.run(&[
        "policy",
        "set",
        "teams.local_create_while_sync",
        "allow",
        "--yes",
    ])
    .ok();
    home.run(&["team", "add", "Harbour"]).ok();
    home.run(&["team", "set-role", "Harbour", "owner"])
        .ends(2)
        .says("'owner' is one member's");
    assert_eq!(
        home.json(&["team", "show", "Harbour"])["roles"],
        serde_json::json!([])
    );
}

#[rstest]
#[case::members(&["member", "list", "nonsense:x"], "there are active:, source:, role:, team:")]
#[case::nearest(&["member", "list", "rol:x"], "role:NAME")]
#[case::teams(&["team", "list", "nonsense:x"], "there are source:")]
#[case::log(&["log", "search", "nonsense:x"], "there is no key `nonsense`")]
#[case::log_nearest(&["log", "search", "staus:200"], "the nearest is `status`")]
fn a_filter_that_is_none_is_refused(#[case] arguments: &[&str], #[case] says: &str) {
    let home = Home::with_account();
    home.run(arguments).ends(2).says(says);
}

#[test]
fn text_with_a_colon_is_still_searched_for() {
    let home = Home::with_account();
    home.run(&["member", "list", "urn:x"]).ok();
    home.run(&["member", "list", "\"nonsense:x\""]).ok();
}

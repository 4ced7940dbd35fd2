//! `provost rehearse`: what each identity provider meets under each preset, and that nothing of it stays.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::Account;

/// A refused step: its name, the status, the explain code, the policy key that decided.
type Refused = (&'static str, u64, &'static str, &'static str);

const OWNER: Refused = ("owner_deactivated", 400, "OWNER_PROTECTED", "guard.owner");
const LOCAL: Refused = (
    "local_leaver",
    403,
    "PREEXISTING_PROTECTED",
    "users.preexisting",
);
const NO_ROLE: Refused = ("unknown_role", 400, "ROLE_NOT_APPLIED", "roles.unknown");
const TOO_EARLY: Refused = ("group_first", 404, "GROUP_FIRST", "teams.unknown_member");
const NO_GROUPS: Refused = ("group", 403, "TEAM_IDP", "teams.idps");
const NO_NAMESAKE: Refused = ("namesake", 403, "TEAM_IDP", "teams.idps");

/// What each identity provider is refused under each preset; everything else works. Of the presets, `launchdarkly` and
/// `datadog` take groups of Okta alone.
const TABLE: [(&str, &str, &[Refused]); 18] = [
    ("safe", "okta", &[LOCAL, OWNER]),
    ("safe", "entra", &[LOCAL, OWNER]),
    ("safe", "onelogin", &[LOCAL, OWNER]),
    ("rfc", "okta", &[OWNER]),
    ("rfc", "entra", &[OWNER]),
    ("rfc", "onelogin", &[OWNER]),
    ("launchdarkly", "okta", &[TOO_EARLY, LOCAL, NO_ROLE, OWNER]),
    (
        "launchdarkly",
        "entra",
        &[NO_GROUPS, NO_NAMESAKE, LOCAL, NO_ROLE, OWNER],
    ),
    (
        "launchdarkly",
        "onelogin",
        &[NO_GROUPS, NO_NAMESAKE, LOCAL, NO_ROLE, OWNER],
    ),
    ("unleash", "okta", &[]),
    ("unleash", "entra", &[]),
    ("unleash", "onelogin", &[]),
    ("flagsmith", "okta", &[]),
    ("flagsmith", "entra", &[]),
    ("flagsmith", "onelogin", &[]),
    ("datadog", "okta", &[TOO_EARLY]),
    ("datadog", "entra", &[NO_GROUPS, NO_NAMESAKE]),
    ("datadog", "onelogin", &[NO_GROUPS, NO_NAMESAKE]),
];

/// The binary with a home of its own; throw-away directories come into it, too.
fn provost(home: &Path, data_dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_provost"))
        .env_clear()
        .env("HOME", home)
        .env("TMPDIR", home)
        .env("NO_COLOR", "1")
        .arg("--data-dir")
        .arg(data_dir)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn home() -> TempDir {
    tempfile::Builder::new().prefix("pv").tempdir().unwrap()
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string();
    let mut names: Vec<String> = entries.map(|entry| name(entry).unwrap()).collect();
    names.sort_unstable();
    names
}

fn report(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn step<'a>(report: &'a Value, name: &str) -> &'a Value {
    let steps = report["steps"].as_array().unwrap();
    let found = steps.iter().find(|step| step["step"] == name);
    found.unwrap_or_else(|| panic!("no step {name} in {report}"))
}

fn verdict(refused: usize) -> String {
    match refused {
        0 => "ready".to_owned(),
        1 => "ready, with 1 refusal explained".to_owned(),
        count => format!("ready, with {count} refusals explained"),
    }
}

#[rstest]
fn each_preset_and_identity_provider_comes_out_as_the_policy_says(
    #[values("safe", "rfc", "launchdarkly", "unleash", "flagsmith", "datadog")] preset: &str,
) {
    let home = home();
    let rows: Vec<_> = TABLE.iter().filter(|row| row.0 == preset).collect();
    assert_eq!(rows.len(), 3);
    for (preset, idp, expected) in rows {
        let arguments = ["rehearse", idp, "--preset", preset, "--json"];
        let output = provost(home.path(), &home.path().join("none"), &arguments);
        let report = report(&output);
        let told = serde_json::to_string_pretty(&report).unwrap();
        let mut refused = Vec::new();
        for step in report["steps"].as_array().unwrap() {
            assert_ne!(step["result"], "unexpected", "{preset} {idp}: {told}");
            for refusal in step["refusals"].as_array().unwrap() {
                let text = |key: &str| refusal[key].as_str().unwrap().to_owned();
                for part in ["what", "why"] {
                    assert!(!text(part).is_empty(), "{refusal}");
                }
                let steps = ["in_idp", "here"].map(|place| refusal[place].as_array().unwrap());
                assert!(steps.iter().any(|steps| !steps.is_empty()), "{refusal}");
                refused.push((
                    step["step"].as_str().unwrap().to_owned(),
                    refusal["status"].as_u64().unwrap(),
                    text("code"),
                    text("policy_key"),
                ));
            }
        }
        let expected: Vec<_> = expected
            .iter()
            .map(|(step, status, code, key)| {
                let text = |text: &str| text.to_owned();
                (text(step), *status, text(code), text(key))
            })
            .collect();
        assert_eq!(refused, expected, "{preset} {idp}: {told}");
        assert_eq!(report["verdict"], verdict(expected.len()), "{preset} {idp}");
        assert_eq!(output.status.code(), Some(0), "{preset} {idp}");
        assert!(!report["checklist"].as_array().unwrap().is_empty());
    }
    assert_eq!(names(home.path()), Vec::<String>::new());
}

#[test]
fn what_needs_a_refused_group_is_left_out_and_the_checklist_says_so() {
    let home = home();
    let arguments = ["rehearse", "entra", "--preset", "launchdarkly", "--json"];
    let report = report(&provost(home.path(), &home.path().join("none"), &arguments));
    for left_out in [
        "group_first",
        "late_member",
        "one_in_one_out",
        "group_rename",
    ] {
        assert_eq!(step(&report, left_out)["result"], "left_out", "{left_out}");
    }
    assert_eq!(report["team_sync"], "turned_on");
    let checklist = report["checklist"].to_string();
    assert!(checklist.contains("teams.idps"), "{checklist}");
    let tolerated = report["tolerated"].to_string();
    assert!(tolerated.contains("string-boolean"), "{tolerated}");
}

#[rstest]
// The preset's own rules about names, roles and leavers change what comes of a step, and say by which key.
#[case("datadog", "okta", "group", "teams.name_rule")]
#[case("datadog", "okta", "unknown_role", "roles.unknown")]
#[case("datadog", "entra", "erased", "users.on_delete")]
#[case("unleash", "okta", "joiner_with_role", "roles.source")]
#[case("unleash", "entra", "erased", "users.on_inactive")]
fn what_the_policy_makes_something_else_of_is_told_with_its_key(
    #[case] preset: &str,
    #[case] idp: &str,
    #[case] name: &str,
    #[case] key: &str,
) {
    let home = home();
    let arguments = ["rehearse", idp, "--preset", preset, "--json"];
    let report = report(&provost(home.path(), &home.path().join("none"), &arguments));
    let step = step(&report, name);
    assert_eq!(step["result"], "adjusted", "{step}");
    let adjustments = step["adjustments"].as_array().unwrap();
    let mut keys = adjustments.iter().map(|one| one["policy_key"].as_str());
    assert!(keys.any(|one| one == Some(key)), "{step}");
}

#[test]
fn people_read_what_was_refused_why_and_what_to_do() {
    let home = home();
    let arguments = ["rehearse", "onelogin", "--preset", "datadog"];
    let output = provost(home.path(), &home.path().join("none"), &arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    for part in [
        "Rehearsal of onelogin under the preset datadog, on an empty account",
        "✓ somebody joins: works",
        "! a group is pushed with its members: refused by policy",
        "! 403 TEAM_IDP (teams.idps)",
        "OneLogin's request to",
        "in IdP",
        "– the group is pushed again: left out",
        "☐ Credential: a token whose owner stays",
        "Verdict: ready, with 2 refusals explained",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert!(!text.contains(":0/"), "{text}");
}

#[rstest]
#[case::at_rest(false)]
#[case::while_it_runs(true)]
fn a_copy_is_rehearsed_and_the_account_stays_as_it_is(#[case] runs: bool) {
    let account = Account::new();
    let token = account.token("scim");
    let members = |account: &Account| {
        let output = account.run(&["member", "list", "--json"]);
        (
            output.stdout,
            account.run(&["team", "list", "--json"]).stdout,
        )
    };
    let before = members(&account);
    let serving = runs.then(|| account.serve());
    let home = home();
    let data_dir = account.database().parent().unwrap().to_owned();
    let bytes = fs::read(account.database()).unwrap();
    let output = provost(
        home.path(),
        &data_dir,
        &["rehearse", "okta", "--copy", "--json"],
    );
    let report = report(&output);
    assert_eq!(fs::read(account.database()).unwrap(), bytes);
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert_eq!(
        (&report["copied"], &report["preset"]),
        (&true.into(), &"rfc".into())
    );
    let owner = step(&report, "owner_assigned")["changes"].to_string();
    assert!(owner.contains("owner@example.com"), "{owner}");
    assert_eq!(names(home.path()), Vec::<String>::new());
    assert_eq!(members(&account), before);
    let logged = account.run(&["log", "search", "idp:okta", "--json"]).stdout;
    assert!(
        !String::from_utf8(logged)
            .unwrap()
            .contains("okta-rehearsal")
    );
    drop((serving, token));
}

#[test]
fn a_copy_may_follow_another_preset() {
    let account = Account::new();
    let home = home();
    let data_dir = account.database().parent().unwrap().to_owned();
    let arguments = [
        "rehearse",
        "onelogin",
        "--copy",
        "--preset",
        "launchdarkly",
        "--json",
    ];
    let report = report(&provost(home.path(), &data_dir, &arguments));
    assert_eq!(report["preset"], "launchdarkly");
    assert_eq!(report["verdict"], verdict(5));
    let status = account.run(&["status", "--json"]).stdout;
    assert!(String::from_utf8(status).unwrap().contains("\"rfc\""));
}

#[test]
fn without_a_preset_the_one_in_force_is_rehearsed_or_safe() {
    let account = Account::new();
    let home = home();
    let data_dir = account.database().parent().unwrap().to_owned();
    let arguments = ["rehearse", "okta", "--json"];
    let here = report(&provost(home.path(), &data_dir, &arguments));
    assert_eq!(
        (&here["preset"], &here["copied"]),
        (&"rfc".into(), &false.into())
    );
    let nowhere = report(&provost(home.path(), &home.path().join("none"), &arguments));
    assert_eq!(nowhere["preset"], "safe");
}

#[rstest]
#[case::identity_provider(&["rehearse", "oktaa"], 2, "possible values: okta, entra, onelogin")]
#[case::preset(&["rehearse", "okta", "--preset", "saf"], 2, "there is no preset")]
#[case::nothing_to_copy(&["rehearse", "okta", "--copy"], 1, "there is no account")]
#[case::dry_run(&["rehearse", "okta", "--dry-run"], 2, "--dry-run is refused")]
#[case::elsewhere(&["rehearse", "okta", "--url", "https://p.example"], 2, "runs the engine")]
fn what_cannot_be_rehearsed_says_why(
    #[case] arguments: &[&str],
    #[case] code: i32,
    #[case] says: &str,
) {
    let home = home();
    let output = provost(home.path(), &home.path().join("none"), arguments);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{told}");
    assert!(told.contains(says), "{told}");
    assert_eq!(names(home.path()), Vec::<String>::new());
}

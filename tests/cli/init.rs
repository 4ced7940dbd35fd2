//! `provost init`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use rstest::rstest;

use crate::home::Home;

#[test]
fn the_account_is_made_once() {
    let home = Home::empty();
    let made = home.init().ok().says("provost token new");
    assert_eq!(made.stdout, "");
    let mode = fs::metadata(home.data()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    home.init().ends(5).says("already");
}

#[test]
fn the_same_refusal_comes_while_the_engine_runs() {
    let home = Home::with_account();
    let _engine = home.serve();
    home.init().ends(5).says("already");
}

#[rstest]
#[case::empty("", 2)]
#[case::one_letter("x\n", 2)]
fn a_password_that_is_none_is_refused(#[case] input: &str, #[case] code: i32) {
    let home = Home::empty();
    let arguments = ["init", "--owner-email", "a@example.com", "--password-stdin"];
    home.run_with_input(&arguments, input)
        .ends(code)
        .says("password");
    home.run(&["status"]).ends(1).says("no account");
}

#[test]
fn a_password_is_not_asked_for_where_nobody_can_type() {
    let home = Home::empty();
    home.run(&["init", "--owner-email", "a@example.com"])
        .ends(2)
        .says("--password-stdin");
}

#[rstest]
#[case::preset(&["--owner-email", "a@example.com", "--preset", "rcf"], "rcf")]
#[case::email(&["--owner-email", "nobody"], "nobody")]
fn what_makes_no_sense_is_refused(#[case] flags: &[&str], #[case] told: &str) {
    let home = Home::empty();
    let mut arguments = vec!["init", "--password-stdin"];
    arguments.extend(flags);
    home.run_with_input(&arguments, "correct horse battery staple\n")
        .ends(2)
        .says(told);
    home.run(&["status"]).ends(1).says("no account");
}

#[test]
fn a_fresh_install_is_safe() {
    let home = Home::empty();
    let arguments = ["init", "--owner-email", "a@example.com", "--password-stdin"];
    home.run_with_input(&arguments, "correct horse battery staple\n")
        .ok();
    let policy = home.json(&["policy", "show"]);
    assert_eq!(policy["preset"], "safe");
    assert_eq!(policy["preset_source"], "set");
    let status = home.json(&["status"]);
    assert_eq!(status["preset"], "safe", "{status}");
}

#[test]
fn another_engine_is_not_initialised_from_here() {
    let home = Home::empty();
    home.run(&[
        "init",
        "--owner-email",
        "a@example.com",
        "--url",
        "https://x.example",
    ])
    .ends(2)
    .says("--url");
}

#[rstest]
#[case::bearer("safe", "provost token new --name okta")]
#[case::oauth("launchdarkly", "provost client new --name okta --redirect-uri URI")]
#[case::owned("datadog", "provost token new --name okta --owner MEMBER")]
fn the_next_step_is_one_that_the_policy_allows(#[case] preset: &str, #[case] command: &str) {
    let home = Home::empty();
    let arguments = ["init", "--owner-email", "owner@example.com"];
    let arguments = [&arguments[..], &["--preset", preset, "--password-stdin"]].concat();
    home.run_with_input(&arguments, "correct horse battery staple\n")
        .ok()
        .says(&format!("`{command}`"));
    let status = home.run(&["status"]).ok().stdout;
    assert!(status.contains(&format!("`{command}`")), "{status}");
    home.run(&["token", "list"])
        .ok()
        .says(&format!("`{command}`"));
    let first = "`provost sso configure --metadata FILE-OR-URL` first (scim.requires_sso), then";
    let listed = home.run(&["token", "list"]).ok();
    for told in [&status, &listed.stderr] {
        assert_eq!(told.contains(first), preset == "launchdarkly", "{told}");
    }
    if preset == "launchdarkly" {
        // Single sign-on comes first there, which has a step of its own.
        home.run(&["policy", "set", "scim.requires_sso", "false", "--yes"])
            .ok();
    }
    let doctor = home.run(&["doctor"]).stdout;
    assert!(doctor.contains(command), "{doctor}");
    let command = command
        .replace("URI", "https://idp.example/cb")
        .replace("MEMBER", "owner@example.com");
    let command: Vec<&str> = command.split(' ').skip(1).collect();
    home.run(&command).ok();
}

#[test]
fn a_mistake_in_the_configuration_is_told_before_an_account_is_made() {
    let home = Home::empty();
    let path = home.path().join("provost.toml");
    fs::write(&path, "[policy]\nscim.auth = \"bearre\"\n").unwrap();
    let arguments = ["init", "--owner-email", "a@example.com", "--password-stdin"];
    let arguments = [&arguments[..], &["--config", path.to_str().unwrap()]].concat();
    home.run_with_input(&arguments, "correct horse battery staple\n")
        .ends(2)
        .says("provost.toml:2: scim.auth");
    home.run(&["status"]).ends(1).says("no account");
}

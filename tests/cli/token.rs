//! `provost token`.

use crate::home::Home;

#[test]
fn the_secret_stands_alone_on_standard_output() {
    let home = Home::with_account();
    let run = home.run(&["token", "new", "--name", "okta"]).ok();
    let secret = run.stdout.strip_suffix('\n').unwrap();
    assert!(
        secret.len() >= 43 && !secret.contains(char::is_whitespace),
        "{secret}"
    );
    assert!(run.stderr.contains("never shown again") && !run.stderr.contains(secret));
    let listed = home.run(&["token", "list", "--json"]).ok();
    assert!(!listed.stdout.contains(secret));
    let tokens = listed.document();
    assert_eq!(tokens["items"][0]["name"], "okta");
    assert_eq!(tokens["items"][0]["scope"], "scim");
    assert!(secret.starts_with(tokens["items"][0]["prefix"].as_str().unwrap()));
}

#[test]
fn a_token_lives_as_long_as_it_is_told() {
    let home = Home::with_account();
    let issued = home.json(&["token", "new", "--name", "okta", "--ttl", "90d"]);
    assert!(issued["secret"].is_string());
    assert!(issued["token"]["expires"].is_string());
    home.run(&["token", "new", "--name", "x", "--ttl", "soon"])
        .ends(2)
        .says("such as 90d");
}

#[test]
fn a_name_is_taken_once() {
    let home = Home::with_account();
    home.run(&["token", "new", "--name", "okta"]).ok();
    home.run(&["token", "new", "--name", "okta"]).ends(5);
    home.run(&["token", "new", "--name", ""])
        .ends(2)
        .says("1 to 64");
}

#[test]
fn revoking_asks_first() {
    let home = Home::with_account();
    home.run(&["token", "new", "--name", "okta"]).ok();
    home.run(&["token", "revoke", "okta"])
        .ends(2)
        .says("nobody can be asked here")
        .says("--yes");
    home.run(&["token", "revoke", "okta", "--yes"]).ok();
    let live = home.json(&["token", "list"]);
    assert_eq!(live["items"].as_array().unwrap().len(), 0);
    let all = home.json(&["token", "list", "--all"]);
    assert!(all["items"][0]["revoked"].is_string());
    home.run(&["token", "revoke", "entra", "--yes"])
        .ends(4)
        .says("no token is called `entra`");
}

#[test]
fn a_secret_cannot_be_given_as_a_flag() {
    let home = Home::with_account();
    home.run(&["status", "--token", "prv_admin_x"])
        .ends(2)
        .says("unexpected argument");
}

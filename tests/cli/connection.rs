//! `provost scim connect`, `disconnect` and `status`, and what `client` and `token` have for them.

use rstest::rstest;

use crate::home::Home;

const BACK: &str = "https://idp.example/cb";

#[test]
fn one_identity_provider_is_connected_and_disconnected() {
    let home = Home::empty();
    let init = "init --owner-email owner@example.com --preset safe --password-stdin";
    let init: Vec<&str> = init.split(' ').collect();
    home.run_with_input(&init, "correct horse battery staple\n")
        .ok();
    let run = home
        .run(&["scim", "connect", "--idp", "okta", "--dry-run"])
        .ok();
    assert!(run.stdout.contains("would connect Okta as okta"));
    let nothing = home.json(&["scim", "status"]);
    assert_eq!(nothing["connections"].as_array().unwrap().len(), 0);

    let run = home.run(&["scim", "connect", "--idp", "okta"]).ok();
    let secret = run.stdout.strip_suffix('\n').unwrap();
    assert!(secret.starts_with("prv_scim_"), "{secret}");
    assert!(run.stderr.contains("SCIM connector base URL") && !run.stderr.contains(secret));
    let status = home.json(&["scim", "status"]);
    assert_eq!(status["connections"][0]["name"], "okta");
    assert_eq!(status["connections"][0]["credential"], "token");
    assert_eq!(status["auth"], "bearer");
    assert!(!status.to_string().contains(secret));
    let table = home.run(&["scim", "status"]).ok().stdout;
    assert!(
        table.contains("one at a time") && table.contains("never called"),
        "{table}"
    );

    home.run(&["scim", "connect", "--idp", "entra"])
        .ends(3)
        .says("Okta is connected; disconnect SCIM first");
    home.run(&["token", "new", "--name", "another"])
        .ends(3)
        .says("disconnect SCIM first");

    home.run(&["scim", "disconnect"]).ends(2).says("--yes");
    home.run(&["scim", "disconnect", "entra", "--yes"])
        .ends(4)
        .says("nothing is connected as `entra`");
    let run = home.run(&["scim", "disconnect", "--yes"]).ok();
    assert!(
        run.stderr.contains("1 member and 0 teams stay as they are"),
        "{}",
        run.stderr
    );
    let tokens = home.json(&["token", "list"]);
    assert_eq!(tokens["items"].as_array().unwrap().len(), 0);
    home.run(&["scim", "disconnect", "--yes"]).ends(4);
    home.run(&["scim", "connect", "--idp", "entra"]).ok();
    home.run(&["scim", "connect", "--idp", "octa"]).ends(2);
}

#[test]
fn over_oauth_a_client_is_made_shown_and_rotated() {
    let home = Home::with_account();
    let connect = ["scim", "connect", "--idp", "okta", "--redirect-uri"];
    home.run(&[&connect[..], &["http://idp.example/cb"]].concat())
        .ends(2)
        .says("a redirect URI is https");
    let run = home.run(&[&connect[..], &[BACK]].concat()).ok();
    assert!(
        run.stderr.contains("/trust/oauth/authorize"),
        "{}",
        run.stderr
    );
    let secret = run.stdout.lines().nth(1).unwrap().to_owned();
    let secret = secret.strip_prefix("client_secret=").unwrap();
    let shown = home.run(&["client", "show", "okta"]).ok().stdout;
    assert!(shown.contains(BACK) && !shown.contains(secret), "{shown}");
    home.run(&["client", "rotate", "okta"])
        .ends(2)
        .says("--yes");
    let rotated = home.run(&["client", "rotate", "okta", "--yes"]).ok().stdout;
    assert!(rotated.starts_with("prv_client_") && rotated.trim() != secret);
    home.run(&["client", "show", "entra"]).ends(4);
    let status = home.json(&["scim", "status"]);
    assert_eq!(status["connections"][0]["credential"], "client");
}

#[test]
fn a_key_belongs_to_a_member_and_ends_with_them() {
    let home = Home::with_account();
    home.run(&["member", "add", "kim@example.com"]).ok();
    home.run(&[
        "token",
        "new",
        "--name",
        "key",
        "--owner",
        "kim@example.com",
    ])
    .ok()
    .says("or until kim@example.com loses their access");
    let listed = home.json(&["token", "list"]);
    assert_eq!(listed["items"][0]["owner_name"], "kim@example.com");
    let listed = home.run(&["token", "list"]).ok().stdout;
    assert!(listed.contains("with kim@example.com"), "{listed}");
    let preview = home
        .run(&["member", "deactivate", "kim@example.com", "--dry-run"])
        .ok()
        .stdout;
    assert!(preview.contains("key"), "{preview}");
    home.run(&["member", "deactivate", "kim@example.com", "--yes"])
        .ok();
    let live = home.json(&["token", "list"]);
    assert_eq!(live["items"].as_array().unwrap().len(), 0);
    home.run(&["token", "new", "--name", "key", "--owner", "nobody"])
        .ends(4);
}

#[rstest]
#[case::deactivated("deactivate")]
#[case::deleted("delete")]
fn a_connection_that_ends_with_a_member_is_told_before(#[case] verb: &str) {
    let home = Home::under("datadog");
    home.run(&["member", "add", "kim@example.com"]).ok();
    let connect = [
        "scim",
        "connect",
        "--idp",
        "okta",
        "--owner",
        "kim@example.com",
    ];
    home.run(&connect).ok();
    let ends = "connection of Okta";
    let gone = ["member", verb, "kim@example.com"];
    home.run(&gone).ends(2).says(ends);
    home.run(&[&gone[..], &["--dry-run"]].concat())
        .ok()
        .says(ends);
    home.run(&[&gone[..], &["--yes"]].concat()).ok().says(ends);
    let status = home.run(&["scim", "status"]).ok().stdout;
    assert!(status.contains("no credential"), "{status}");
}

#[test]
fn a_name_that_is_in_use_is_stepped_over() {
    let home = Home::under("safe");
    home.run(&["token", "new", "--name", "okta"]).ok();
    home.run(&["client", "new", "--name", "okta-2"]).ok();
    home.run(&["scim", "connect", "--idp", "okta"])
        .ok()
        .says("the name okta is in use, so this connection is called okta-3");
    let status = home.json(&["scim", "status"]);
    assert_eq!(status["connections"][0]["name"], "okta-3");
    home.run(&["scim", "disconnect", "--yes"]).ok();
    let named = ["scim", "connect", "--idp", "okta", "--name", "okta"];
    home.run(&named)
        .ends(5)
        .says("a token named okta is in use; choose another name or revoke it first");
}

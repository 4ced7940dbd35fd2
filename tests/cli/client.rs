//! `provost client` and `provost token rotate`.

use rstest::rstest;

use crate::home::Home;

#[test]
fn a_client_is_registered_listed_and_revoked() {
    let home = Home::with_account();
    let run = home.run(&["client", "new", "--name", "entra"]).ok();
    let lines: Vec<&str> = run.stdout.lines().collect();
    let id = lines[0].strip_prefix("client_id=").unwrap();
    let secret = lines[1].strip_prefix("client_secret=").unwrap();
    assert!(secret.starts_with("prv_client_"), "{secret}");
    assert_eq!(lines.len(), 2);
    assert!(run.stderr.contains("never shown again") && !run.stderr.contains(secret));

    let listed = home.json(&["client", "list"]);
    assert_eq!(listed["items"][0]["id"], id);
    assert_eq!(listed["items"][0]["authentication"], "client_secret");
    assert!(!listed.to_string().contains(secret));
    home.run(&["client", "new", "--name", "entra"]).ends(5);
    home.run(&["token", "new", "--name", "entra"]).ends(5);

    home.run(&["client", "revoke", "entra"])
        .ends(2)
        .says("--yes");
    home.run(&["client", "revoke", "entra", "--yes"]).ok();
    let live = home.json(&["client", "list"]);
    assert_eq!(live["items"].as_array().unwrap().len(), 0);
    let all = home.json(&["client", "list", "--all"]);
    assert!(all["items"][0]["revoked"].is_string());
    home.run(&["client", "revoke", "okta", "--yes"])
        .ends(4)
        .says("no OAuth client is called `okta`");
}

#[test]
fn a_client_with_a_key_gets_no_secret() {
    let home = Home::with_account();
    let key = home.path().join("key.pem");
    let pair = rcgen::KeyPair::generate().unwrap();
    std::fs::write(&key, pair.public_key_pem()).unwrap();
    let arguments = [
        "client",
        "new",
        "--name",
        "okta",
        "--public-key",
        key.to_str().unwrap(),
    ];
    let made = home.json(&arguments);
    assert_eq!(made["client"]["authentication"], "private_key_jwt");
    assert!(made["secret"].is_null());
    std::fs::write(&key, pair.serialize_pem()).unwrap();
    home.run(&[
        "client",
        "new",
        "--name",
        "x",
        "--public-key",
        key.to_str().unwrap(),
    ])
    .ends(2)
    .says("private");
    home.run(&[
        "client",
        "new",
        "--name",
        "x",
        "--public-key",
        "nowhere.pem",
    ])
    .ends(1);
}

#[test]
fn a_token_is_rotated_with_an_overlap_and_without() {
    let home = Home::with_account();
    home.run(&["token", "new", "--name", "okta"]).ok();
    let run = home
        .run(&["token", "rotate", "okta", "--overlap", "24h"])
        .ok();
    assert!(run.stdout.trim().starts_with("prv_scim_"));
    assert!(
        run.stderr.contains("the old secret works until"),
        "{}",
        run.stderr
    );
    let listed = home.json(&["token", "list"]);
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    assert!(listed["items"][1]["rotated"].is_string());

    home.run(&["token", "rotate", "okta", "--overlap", "0"])
        .ends(2)
        .says("--yes");
    let run = home
        .run(&["token", "rotate", "okta", "--overlap", "0", "--yes"])
        .ok();
    assert!(
        run.stderr.contains("the old secret has ended"),
        "{}",
        run.stderr
    );
    let listed = home.json(&["token", "list"]);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    home.run(&["token", "rotate", "okta", "--overlap", "91d"])
        .ends(2)
        .says("90 days");
    home.run(&["token", "rotate", "nobody"]).ends(4);
}

#[rstest]
#[case::oauth("launchdarkly", &[], "scim.auth", "--redirect-uri")]
#[case::owned("datadog", &[], "scim.auth", "provost token new --owner")]
#[case::owned_with_uri("datadog", &["--redirect-uri", "https://idp.example/cb"], "scim.auth", "provost token new --owner")]
fn no_client_is_made_that_the_policy_would_not_let_in(
    #[case] preset: &str,
    #[case] flags: &[&str],
    #[case] key: &str,
    #[case] what_to_do: &str,
) {
    let home = Home::under(preset);
    let new = [&["client", "new", "--name", "okta"], flags].concat();
    home.run(&new).ends(3).says(key).says(what_to_do);
    let preview = [&new[..], &["--dry-run"]].concat();
    home.run(&preview).ends(3).says(key).says(what_to_do);
    let all = home.json(&["client", "list", "--all"]);
    assert_eq!(all["items"].as_array().unwrap().len(), 0);
    let connect = ["scim", "connect", "--idp", "okta", "--redirect-uri"];
    let connect = [&connect[..], &["https://idp.example/cb"]].concat();
    if preset == "launchdarkly" {
        let refused = home.run(&connect).ends(3);
        refused
            .says("scim.requires_sso")
            .says("provost sso configure");
        home.run(&["policy", "set", "scim.requires_sso", "false", "--yes"])
            .ok();
    }
    let code = if preset == "datadog" { 3 } else { 0 };
    home.run(&connect).ends(code);
}

#[test]
fn a_client_beyond_max_connections_is_refused_when_it_is_made() {
    let home = Home::under("safe");
    home.run(&["scim", "connect", "--idp", "okta"]).ok();
    let what = "Okta is connected; disconnect SCIM first";
    let new = ["client", "new", "--name", "entra"];
    home.run(&[&new[..], &["--dry-run"]].concat())
        .ends(3)
        .says(what);
    let refused = home.run(&new).ends(3).says(what);
    let number = refused.stderr.split("log show ").nth(1).unwrap().trim();
    let logged = home.run(&["log", "show", number]).ok().stdout;
    assert!(logged.contains("scim.max_connections"), "{logged}");
    let all = home.json(&["client", "list", "--all"]);
    assert_eq!(all["items"].as_array().unwrap().len(), 0);
}

#[test]
fn a_revoked_client_is_told_in_one_sentence() {
    let home = Home::with_account();
    home.run(&["client", "new", "--name", "entra"]).ok();
    let would = home.run(&["client", "revoke", "entra", "--dry-run"]).ok();
    assert_eq!(
        would.stdout,
        "would revoke the OAuth client entra; nothing changed\n"
    );
    let run = home.run(&["client", "revoke", "entra", "--yes"]).ok();
    assert_eq!(run.stdout.matches("entra").count(), 1, "{}", run.stdout);
    assert!(
        run.stdout
            .starts_with("revoked the OAuth client entra (request #"),
        "{}",
        run.stdout
    );
    let again = home.run(&["client", "revoke", "entra", "--yes"]).ok();
    assert!(again.stdout.contains("already so"), "{}", again.stdout);
}

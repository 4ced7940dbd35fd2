//! `provost sso`, `provost session` and `provost simulate idp`: from metadata to a member who is signed in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::home::{Home, Run};
use crate::walk::{Running, walk};

const OWNER: &str = "owner@example.com";
const PASSWORD: &str = "correct horse battery staple\n";

fn test_drive(home: &Home, outcome: &str) -> Run {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut test = Running::start(home, &["sso", "test"]);
    let link = test.line();
    assert!(link.contains("/trust/saml2/test-drive?ticket="), "{link}");
    runtime.block_on(walk(&link, outcome));
    test.finish()
}

#[test]
fn a_wrong_certificate_is_told_accepted_and_members_sign_in() {
    let home = Home::under("safe");
    let engine = home.serve();
    let mut idp = Running::start(&home, &["simulate", "idp", "--at", "127.0.0.1:0"]);
    let metadata = idp.line();

    for verb in [
        &["sso", "test"][..],
        &["sso", "map"],
        &["sso", "enable", "--yes"],
        &["sso", "disable", "--yes"],
    ] {
        home.run(verb)
            .ends(4)
            .says("→ set it first: provost sso configure");
    }
    home.run(&["sso", "configure", "--metadata", "http://idp.example/m"])
        .ends(2)
        .says("https://");
    home.run(&["sso", "configure", "--metadata", &metadata])
        .ok();
    let shown = home.run(&["sso", "show"]).ok().stdout;
    for part in ["test-drive", "/trust/saml2/acs", &metadata, "missing"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    home.run(&["sso", "enable", "--yes"])
        .ends(3)
        .says("no test-drive has gone well")
        .says("→ provost sso test")
        .says("→ provost recover mark MEMBER");

    let run = test_drive(&home, "wrong_certificate").ends(1);
    for part in ["✗ failed", "assertion_signature", "expected", "received"] {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
    run.says("provost log explain");
    let driven = home.json(&["sso", "signins"]);
    let presented = driven["items"][0]["decoded"]["certificate"].as_str();
    let file = home.path().join("presented.pem");
    let presented = presented.unwrap();
    assert!(STANDARD.decode(presented).is_ok());
    std::fs::write(&file, presented).unwrap();
    let file = file.to_str().unwrap();
    home.run(&["sso", "configure", "--add-certificate", file])
        .ends(2)
        .says("--yes");
    home.run(&["sso", "configure", "--add-certificate", file, "--yes"])
        .ok();
    home.run(&["sso", "configure", "--add-certificate", file, "--yes"])
        .ends(2)
        .says("already believed");
    let run = test_drive(&home, "wrong_certificate").ok();
    assert!(
        run.stdout.contains("every check went well"),
        "{}",
        run.stdout
    );

    home.run(&["sso", "enable", "--yes"])
        .ends(3)
        .says("no recovery admin");
    home.run(&["recover", "mark", OWNER]).ok();
    home.run_with_input(&["recover", "prove", OWNER, "--password-stdin"], PASSWORD)
        .ok();
    home.run(&["sso", "enable", "--dry-run"]).ok();
    assert_eq!(home.json(&["sso", "show"])["state"], "test_drive");
    home.run(&["sso", "enable"]).ends(2).says("--yes");
    home.run(&["sso", "enable", "--yes"]).ok();
    home.run(&["sso", "remove", "--yes"])
        .ends(3)
        .says("disable");

    let login = format!("{}/trust/saml2/login", engine.url());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (status, cookie) = runtime.block_on(walk(&login, "good"));
    assert!(status == 303 && cookie.is_some(), "{status}");
    let sessions = home.json(&["session", "list", "ada@example.com"]);
    let id = sessions["items"][0]["id"].as_str().unwrap();
    home.run(&["session", "end", id, "--yes"]).ok();
    home.run(&["session", "end", id, "--yes"]).ends(4);
    let none = home.json(&["session", "list"]);
    assert_eq!(none["items"], Value::Array(Vec::new()));

    home.run(&["sso", "disable", "--yes"]).ok();
    assert_eq!(home.json(&["sso", "show"])["state"], "off");
}

#[test]
fn claims_are_mapped_and_answers_are_looked_at() {
    let home = Home::under("rfc");
    home.run(&["sso", "map"]).ends(4);
    let metadata = home.path().join("idp.xml");
    std::fs::write(&metadata, "<garbage>").unwrap();
    let metadata = metadata.to_str().unwrap();
    home.run(&["sso", "configure", "--metadata", metadata])
        .ends(2);
    home.run(&["sso", "configure", "--refresh"]).ends(2);
    home.run(&["simulate", "idp", "--at", "0.0.0.0:0"])
        .ends(2)
        .says("loopback");
    let _engine = home.serve();
    let mut idp = Running::start(&home, &["simulate", "idp", "--at", "127.0.0.1:0"]);
    home.run(&["sso", "configure", "--metadata", &idp.line()])
        .ok();
    home.run(&["sso", "map", "teamKey", "memberOf", "groups"])
        .ok();
    let mapped = home.run(&["sso", "map", "role", "--none"]).ok().stdout;
    assert!(
        mapped.contains("role: ") && mapped.contains("→ none"),
        "{mapped}"
    );
    assert!(
        !mapped.contains("teamKey") && !mapped.contains('…'),
        "{mapped}"
    );
    home.run(&["sso", "map", "rol", "x"])
        .ends(2)
        .says("unknown claim");
    let map = home.json(&["sso", "map", "teamKey"]);
    assert_eq!(map["items"][0]["attributes"][0], "memberOf");
    home.run(&["sso", "map", "teamKey", "--default"]).ok();
    let map = home.json(&["sso", "map", "teamKey"]);
    assert_eq!(map["items"][0]["attributes"][0], "teamKey");

    let run = home
        .run_with_input(&["sso", "test", "--response", "-"], "<x/>")
        .ends(1);
    assert!(run.stdout.contains("not reached"), "{}", run.stdout);
    let none = home.json(&["sso", "signins"]);
    assert_eq!(none["items"], Value::Array(Vec::new()));
}

#[test]
fn metadata_is_read_again_on_a_schedule_and_a_failure_is_told() {
    let home = Home::under("rfc");
    let file = home.path().join("provost.toml");
    std::fs::write(&file, "[sso]\nrefresh_seconds = 1\n").unwrap();
    let file = file.to_str().unwrap();
    let mut engine = home.serve_with(&["serve", "--config", file]);
    let mut idp = Running::start(&home, &["simulate", "idp", "--at", "127.0.0.1:0"]);
    home.run(&["sso", "configure", "--metadata", &idp.line()])
        .ok();
    home.run(&[
        "sso",
        "configure",
        "--keep",
        "--idp-initiated",
        "yes",
        "--yes",
    ])
    .ok();
    home.run(&["sso", "configure", "--refresh", "--idp-initiated", "no"])
        .ends(2);
    home.run(&["sso", "configure", "--refresh", "--yes"]).ok();
    let status = home.json(&["sso", "show"]);
    assert_eq!(status["sso"]["allow_unsolicited"], true);
    assert!(status["refresh"]["went_well"].is_string(), "{status}");

    drop(idp);
    engine.wait_for("SSO_METADATA_FAILED");
    let shown = home.run(&["sso", "show"]).ok().stdout;
    for part in ["the last try failed", "in a row", "next "] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let found = home.run(&["doctor"]).stdout;
    assert!(found.contains("the metadata could not be read"), "{found}");
    let incidents = home.json(&["guard", "incidents"]);
    let incident = &incidents["items"][0];
    assert_eq!(incident["code"], "SSO_METADATA_FAILED");
    let about = &incident["subjects"][0];
    assert!(about.get("member").is_none() && about["name"].is_string());
    let id = incident["id"].to_string();
    let shown = home.run(&["guard", "show", &id]).ok().stdout;
    assert!(shown.contains("--refresh"), "{shown}");
}

#[test]
fn the_test_identity_provider_is_believed_after_another_start() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::under("rfc");
    let _engine = home.serve();
    let mut keys = Vec::new();
    for _ in 0..2 {
        let mut idp = Running::start(&home, &["simulate", "idp", "--at", "127.0.0.1:0"]);
        let metadata = idp.line();
        home.run(&["sso", "configure", "--metadata", &metadata, "--yes"])
            .ok();
        let shown = home.json(&["sso", "show"]);
        keys.push(shown["certificates"][0]["fingerprint"].clone());
    }
    assert!(keys[0].is_string() && keys[0] == keys[1], "{keys:?}");
    let key = home.data().join("test-idp.key");
    let mode = std::fs::metadata(&key).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    std::fs::write(&key, "x").unwrap();
    home.run(&["simulate", "idp", "--at", "127.0.0.1:0"])
        .ends(1)
        .says("remove it");
}

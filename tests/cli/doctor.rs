//! `provost doctor`.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::home::Home;

fn severity<'a>(document: &'a Value, check: &str) -> Option<&'a str> {
    let findings = document["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["check"] == check)?;
    found["severity"].as_str()
}

#[test]
fn a_sound_installation_has_no_error() {
    let home = Home::with_account();
    home.run(&["token", "new", "--name", "okta", "--ttl", "90d"])
        .ok();
    let document = home.json(&["doctor"]);
    for check in [
        "configuration",
        "data directory",
        "disk",
        "listening",
        "clock",
        "tokens",
    ] {
        assert_eq!(
            severity(&document, check),
            Some("ok"),
            "{check}: {document}"
        );
    }
    let _engine = home.serve();
    let document = home.json(&["doctor"]);
    assert_eq!(severity(&document, "listening"), Some("ok"));
}

#[test]
fn each_finding_has_its_fix() {
    let home = Home::with_account();
    fs::set_permissions(home.data(), fs::Permissions::from_mode(0o755)).unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let run = home
        .run(&["doctor", "--listen", &address])
        .ends(1)
        .says("does not work");
    assert!(
        run.stdout.contains("→ close it: chmod 700"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("is in use by another program"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("provost token new"), "{}", run.stdout);
}

#[test]
fn a_wrong_configuration_is_a_finding() {
    let home = Home::with_account();
    let file = home.path().join("p.toml");
    fs::write(&file, "lisen = 1\n").unwrap();
    let run = home
        .run(&["doctor", "--json", "--config", file.to_str().unwrap()])
        .ends(1);
    assert_eq!(severity(&run.document(), "configuration"), Some("error"));
}

#[test]
fn before_init_it_says_what_to_do() {
    let home = Home::empty();
    let run = home.run(&["doctor"]).ok();
    assert!(run.stdout.contains("provost init"), "{}", run.stdout);
}

//! `provost doctor`.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use rstest::rstest;
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

#[rstest]
#[case::group(
    "[policy]\n[policy.usrs]\n",
    ":2: there is no group \"usrs\" of policy keys; did you mean users?"
)]
#[case::key(
    "[policy]\nusers.on_delet = \"remove\"\n",
    ":2: there is no policy key \"users.on_delet\"; did you mean users.on_delete?"
)]
#[case::value(
    "\n[policy]\nusers.case = \"fol\"\n",
    ":3: users.case cannot be \"fol\""
)]
#[case::preset(
    "[policy]\npreset = \"saef\"\n",
    ":2: there is no preset \"saef\"; did you mean safe?"
)]
#[case::unfit(
    "[policy]\nroles.default = \"x\"\n",
    ":2: roles.default is \"x\", which is none of roles.base"
)]
#[case::table(
    "[polcy]\npreset = \"safe\"\n",
    ":1: unknown key `polcy`, did you mean `policy`?"
)]
#[case::empty_table("[tsl]\n", ":1: unknown key `tsl`, did you mean `tls`?")]
fn what_stops_the_start_fails_the_doctor_in_the_same_words(#[case] text: &str, #[case] says: &str) {
    let home = Home::with_account();
    let path = home.path().join("p.toml");
    fs::write(&path, text).unwrap();
    let file = path.to_str().unwrap();
    let says = format!("{file}{says}");
    home.run(&["serve", "--config", file]).ends(2).says(&says);
    let stopped = home.run(&["doctor", "--config", file]).ends(1);
    assert!(stopped.stdout.contains(&says), "{}", stopped.stdout);
    // An engine that was started before the mistake was made knows nothing of it.
    let _engine = home.serve();
    let beside = home.run(&["doctor", "--config", file]).ends(1);
    assert!(beside.stdout.contains(&says), "{}", beside.stdout);
}

#[test]
fn before_init_it_says_what_to_do() {
    let home = Home::empty();
    let run = home.run(&["doctor"]).ok();
    assert!(run.stdout.contains("provost init"), "{}", run.stdout);
}

//! `--dry-run` and the other flags that every command takes.

use rstest::rstest;
use serde_json::Value;

use crate::home::Home;

const CHANGES: &[(&[&str], &str)] = &[
    (
        &["member", "add", "bob@example.com"],
        "created bob@example.com",
    ),
    (
        &["member", "deactivate", "ada@example.com"],
        "active true → false",
    ),
    (
        &["member", "restore", "off@example.com"],
        "active false → true",
    ),
    (
        &["team", "add", "Payments", "--member", "ada@example.com"],
        "created Payments",
    ),
    (
        &["token", "new", "--name", "entra"],
        "would make token entra",
    ),
    (&["token", "revoke", "okta"], "okta"),
];

fn home() -> Home {
    let home = Home::with_account();
    home.run(&["member", "add", "ada@example.com"]).ok();
    home.run(&["member", "add", "off@example.com"]).ok();
    home.run(&["member", "deactivate", "off@example.com", "--yes"])
        .ok();
    home.run(&["token", "new", "--name", "okta"]).ok();
    home
}

/// Everything an admin sees, without what time alone changes.
fn state(home: &Home) -> [Value; 4] {
    let list = |noun: &[&str]| home.json(noun);
    [
        list(&["member", "list"]),
        list(&["team", "list"]),
        list(&["token", "list", "--all"]),
        list(&["log", "search"]),
    ]
}

#[rstest]
#[case::embedded(false)]
#[case::through_the_engine(true)]
fn a_preview_shows_the_change_and_makes_none(#[case] is_served: bool) {
    let home = home();
    let _engine = is_served.then(|| home.serve());
    let before = state(&home);
    for (change, shows) in CHANGES {
        // Nothing is taken away, so that nobody is asked.
        let run = home.run(&[*change, &["--dry-run"]].concat()).ok();
        assert!(run.stdout.contains(shows), "{change:?}: {}", run.stdout);
        assert!(
            run.stdout.contains("nothing changed"),
            "{change:?}: {}",
            run.stdout
        );
        let document = home.json(&[*change, &["--dry-run"]].concat());
        assert_eq!(document["dry_run"], true, "{change:?}");
        assert!(document.get("secret").is_none(), "{document}");
        // Where nothing may be changed, what would change may still be asked.
        home.run(&[*change, &["--dry-run", "--read-only"]].concat())
            .ok();
    }
    assert_eq!(state(&home), before);
}

#[test]
fn a_preview_ends_as_the_change_would() {
    let home = home();
    let dry = |arguments: &[&str]| home.run(&[arguments, &["--dry-run"]].concat());
    dry(&["member", "deactivate", "owner@example.com"]).ends(3);
    dry(&["member", "add", "ada@example.com"]).ends(5);
    dry(&["member", "add", ""]).ends(2);
    dry(&["member", "restore", "nobody"]).ends(4);
    dry(&["member", "deactivate", "off@example.com"]).ok();
}

#[rstest]
#[case::serve(&["serve"])]
#[case::init(&["init", "--owner-email", "a@example.com", "--password-stdin"])]
#[case::demo(&["demo", "--headless"])]
fn what_cannot_be_previewed_is_refused(#[case] arguments: &[&str]) {
    Home::empty()
        .run(&[arguments, &["--dry-run"]].concat())
        .ends(2)
        .says("refused rather than ignored");
}

#[rstest]
#[case::serve(&["serve"])]
#[case::init(&["init", "--owner-email", "a@example.com", "--password-stdin"])]
#[case::demo(&["demo", "--headless"])]
fn what_runs_an_engine_here_takes_no_other_one(#[case] arguments: &[&str]) {
    Home::empty()
        .run(&[arguments, &["--url", "http://127.0.0.1:1"]].concat())
        .ends(2)
        .says("names another engine");
}

#[test]
fn read_only_refuses_every_change() {
    let home = home();
    let before = state(&home);
    for (change, _) in CHANGES {
        home.run(&[*change, &["--read-only", "--yes"]].concat())
            .ends(3)
            .says("read-only");
    }
    assert_eq!(state(&home), before);
    home.run(&["serve", "--read-only"])
        .ends(2)
        .says("takes changes from identity providers");
    for look in [
        &["member", "list"][..],
        &["member", "show", "ada@example.com"],
        &["team", "list"],
        &["token", "list"],
        &["log", "search"],
        &["status"],
        &["doctor"],
    ] {
        home.run(&[look, &["--read-only", "--json"]].concat())
            .ok()
            .document();
    }
}

#[test]
fn a_preview_goes_to_a_remote_engine_too() {
    let here = home();
    let token = here.run(&["token", "new", "--name", "laptop", "--scope", "admin"]);
    let token = token.ok().stdout.trim().to_owned();
    let engine = here.serve();
    let before = state(&here);
    let elsewhere = Home::empty();
    for (change, shows) in CHANGES {
        let url = engine.url();
        let arguments = [*change, &["--dry-run", "--url", &url]].concat();
        let output = elsewhere
            .command(&arguments)
            .env("PROVOST_TOKEN", &token)
            .output()
            .unwrap();
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && shown.contains(shows), "{shown}");
    }
    let mut after = state(&here);
    // That it was used is written down of the token, as of every one that is.
    after[2] = before[2].clone();
    assert_eq!(after, before);
}

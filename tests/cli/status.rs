//! `provost status`, and what every command says where there is nothing.

use crate::home::Home;

#[test]
fn the_state_is_shown_on_one_screen() {
    let home = Home::with_account();
    let shown = home.run(&["status"]).ok().stdout;
    assert!(
        shown.contains("Example Ltd") && shown.contains("rfc"),
        "{shown}"
    );
    assert!(shown.contains("none has called yet"), "{shown}");
    let document = home.json(&["status"]);
    assert_eq!(document["organisation"], "Example Ltd");
    assert_eq!(document["members"], 1);
}

#[test]
fn nothing_there_is_told_with_what_to_do() {
    let home = Home::empty();
    home.run(&["status"])
        .ends(1)
        .says("there is no account in")
        .says("provost init --owner-email");
    let run = home.run(&["status", "--json"]).ends(1);
    let error: serde_json::Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!(error["exit_code"], 1);
    assert!(error["error"]["detail"].is_string());
    assert_eq!(run.stdout, "");
    assert!(!home.data().exists(), "looking makes nothing");
}

#[test]
fn the_console_needs_a_terminal() {
    let home = Home::with_account();
    home.run(&[])
        .ends(2)
        .says("the console needs a terminal")
        .says("provost serve");
}

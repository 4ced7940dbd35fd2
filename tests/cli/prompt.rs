//! Questions at a terminal: only a typed yes takes something away, and nobody waits for who thinks about it.

use rstest::rstest;

use crate::home::Home;
use crate::pty::{answer, answer_after};

#[rstest]
#[case::yes("yes\n", 0, false)]
#[case::enter("\n", 1, true)]
#[case::no("no\n", 1, true)]
fn only_a_typed_yes_deactivates(
    #[case] typed: &str,
    #[case] code: u32,
    #[case] stays_active: bool,
) {
    let home = Home::with_account();
    home.run(&["member", "add", "ada@example.com"]).ok();
    let (ended, shown) = answer(
        &home,
        &["member", "deactivate", "ada@example.com"],
        "Type yes to go on: ",
        typed,
    );
    assert_eq!(ended, code, "{shown}");
    assert!(shown.contains("Deactivate ada@example.com?"), "{shown}");
    let member = home.json(&["member", "show", "ada@example.com"]);
    assert_eq!(member["active"], stays_active);
}

#[test]
fn the_password_of_the_owner_is_not_shown() {
    let home = Home::empty();
    let password = "correct horse battery staple";
    let (ended, shown) = answer(
        &home,
        &["init", "--owner-email", "owner@example.com"],
        "Password of the owner: ",
        &format!("{password}\r{password}\r"),
    );
    assert_eq!(ended, 0, "{shown}");
    assert!(!shown.contains("horse"), "{shown}");
    home.run(&["status"]).ok();
}

#[rstest]
#[case::member(&["member", "deactivate", "ada@example.com"])]
#[case::token(&["token", "revoke", "okta"])]
fn other_commands_go_on_while_the_question_is_open(#[case] arguments: &[&str]) {
    let home = Home::with_account();
    home.run(&["member", "add", "ada@example.com"]).ok();
    home.run(&["token", "new", "--name", "okta"]).ok();
    let (ended, shown) = answer_after(
        &home,
        arguments,
        "Type yes to go on: ",
        || {
            home.run(&["member", "add", "bob@example.com"]).ok();
        },
        "yes\n",
    );
    assert_eq!(ended, 0, "{shown}");
    assert_eq!(home.json(&["status"])["members"], 3);
}

#[rstest]
#[case::embedded(false)]
#[case::through_the_engine(true)]
fn what_changed_while_the_question_was_open_is_not_touched(#[case] is_served: bool) {
    let home = Home::with_account();
    home.run(&["member", "add", "ada@example.com"]).ok();
    home.run(&["token", "new", "--name", "okta"]).ok();
    let _engine = is_served.then(|| home.serve());
    let (ended, shown) = answer_after(
        &home,
        &["member", "deactivate", "ada@example.com"],
        "Type yes to go on: ",
        || {
            let name = "ada@example.com";
            home.run(&["member", "deactivate", name, "--yes"]).ok();
            home.run(&["member", "restore", name]).ok();
        },
        "yes\n",
    );
    assert_eq!(ended, 5, "{shown}");
    assert!(
        shown.contains("changed while the question was open"),
        "{shown}"
    );
    let member = home.json(&["member", "show", "ada@example.com"]);
    assert_eq!(member["active"], true);

    let (ended, shown) = answer_after(
        &home,
        &["token", "revoke", "okta"],
        "Type yes to go on: ",
        || {
            home.run(&["token", "revoke", "okta", "--yes"]).ok();
        },
        "yes\n",
    );
    assert_eq!(ended, 5, "{shown}");
}

//! Changes made on the screen: asked for, never by Enter alone, done at the engine, and refused where nothing may change.

use crate::home::Home;
use crate::idp::Idp;
use crate::screen::{Screen, Start, key};

/// A console on Members with ada chosen.
fn at_ada(home: &Home, arguments: &[&str]) -> Screen {
    home.run(&["member", "add", "ada@example.com"]).ok();
    let mut screen = Start::at(home).arguments(arguments).open();
    screen.send_and_see("2", "ada@example.com");
    screen.send_and_see("/", "Filter Members");
    screen.send(&format!("ada{}", key::ENTER));
    screen.wait_for("only ada", |text| {
        text.contains("ada@example.com")
            && !text.contains("owner@example.com")
            && !text.contains("Filter Members")
    });
    screen
}

#[test]
fn a_member_is_deactivated_by_the_answer_alone_and_restored() {
    let home = Home::with_account();
    let mut screen = at_ada(&home, &[]);
    let idp = Idp::of(&home);
    screen.send_and_see("D", "Deactivate ada@example.com?");
    screen.send(key::ENTER);
    screen.wait_for("that nothing was changed", |text| {
        text.contains("nothing was changed") && !text.contains("Deactivate ada@example.com?")
    });
    assert!(idp.is_active("ada@example.com"));

    // Nor does the key that asked, pressed again.
    screen.send_and_see("D", "Deactivate ada@example.com?");
    screen.send("D");
    screen.send_and_see("n", "nothing was changed");
    assert!(idp.is_active("ada@example.com"));

    screen.send_and_see("D", "Deactivate ada@example.com?");
    screen.send_and_see("y", "ada@example.com was deactivated");
    screen.wait_for("the new state in the list", |text| {
        text.contains("inactive")
    });
    assert!(!idp.is_active("ada@example.com"));

    screen.send_and_see("U", "Restore ada@example.com?");
    screen.send_and_see("y", "ada@example.com was restored");
    assert!(idp.is_active("ada@example.com"));
}

#[test]
fn a_token_is_shown_once_works_and_is_revoked_by_its_typed_name() {
    let home = Home::with_account();
    let mut screen = Start::at(&home).open();
    screen.send_and_see("6", "No tokens yet");
    screen.send_and_see("A", "Issue a token");
    screen.paste("okta-1");
    screen.wait_for_text("okta-1");
    screen.send(&format!("{}{}{}", key::TAB, key::TAB, key::ENTER));
    let shown = screen.wait_for_text("the only time it is shown");
    let secret = shown
        .split_whitespace()
        .filter(|word| word.starts_with("prv_scim_"))
        // The list behind it may show the prefix already.
        .max_by_key(|word| word.len())
        .expect("the secret is on the screen, in one piece")
        .to_owned();
    screen.send("y");
    screen.wait_for_text("It is on the clipboard");
    screen.send(key::ESC);
    screen.wait_for("the token in the list", |text| {
        text.contains("okta-1") && !text.contains("the only time it is shown")
    });
    let after = screen.frames().len();
    let idp = Idp::with_token(&home, &secret);
    assert_eq!(idp.get("/Users"), 200);

    screen.send_and_see("4", "following");
    screen.send_and_see("6", "okta-1");
    screen.send_and_see("X", "Revoke token okta-1?");
    screen.send(key::CTRL_Y);
    screen.send_and_see("okta", "Type okta-1: okta");
    screen.send(key::CTRL_Y);
    screen.send_and_see("-1", "Type okta-1: okta-1");
    assert_eq!(idp.get("/Users"), 200, "nothing is done before the name");
    screen.send_and_see(key::CTRL_Y, "token okta-1 was revoked");
    assert_eq!(idp.get("/Users"), 401);

    screen.send("q");
    let frames = screen.ended().frames;
    let tail = &secret[secret.len() - 30..];
    for frame in &frames[after..] {
        for part in [&tail[..10], &tail[10..20], &tail[20..]] {
            assert!(!frame.contains(part), "the secret again\n{frame}");
        }
    }
}

#[test]
fn a_read_only_console_hides_and_refuses_what_changes() {
    let home = Home::with_account();
    let mut screen = at_ada(&home, &["--read-only"]);
    let before = screen.text();
    assert!(before.contains("read-only [local]"), "{before}");
    assert!(!before.contains("D deactivate"), "{before}");
    screen.send_and_see("D", "this console is read-only");
    screen.send_and_see(":", "Commands");
    screen.send("deactivate");
    screen.wait_for("no such command", |text| {
        text.contains("deactivate") && !text.contains("Deactivate the member")
    });
    screen.send(key::CTRL_C);
    assert_eq!(screen.ended().code, 0);
    assert_eq!(home.json(&["status"])["active_members"], 2);
}

//! What is held in the hands of an admin: nothing happens before the word is typed, and then what was asked for does.

use crate::home::Home;
use crate::idp::Idp;
use crate::screen::{Start, key};

#[test]
fn what_is_held_happens_once_an_admin_allows_it() {
    let home = Home::under("safe");
    let mut screen = Start::at(&home).size(120, 40).open();
    let idp = Idp::of(&home);
    screen.send_and_see("7", "No open incidents");
    home.run(&[
        "policy",
        "set",
        "guard.blast_radius",
        "1 per 3600s",
        "--yes",
    ])
    .ok();
    for name in ["ada", "grace"] {
        assert_eq!(idp.push(&format!("{name}@example.com")), 201);
    }
    assert!(idp.deactivate("ada@example.com") < 300);
    assert_eq!(idp.deactivate("grace@example.com"), 429);
    assert!(idp.is_active("grace@example.com"), "it is held");

    screen.send("r");
    screen.wait_for_text("MASS_DEPROV");
    screen.wait_for_text("1 incident");
    screen.send_and_see("A", "Carry out what incident");
    screen.send_and_see(key::ENTER, "nothing was changed");
    screen.send_and_see("A", "Carry out what incident");
    screen.send(key::CTRL_Y);
    screen.send_and_see("allow", "Type allow: allow");
    assert!(idp.is_active("grace@example.com"), "not before it is typed");
    screen.send_and_see(key::CTRL_Y, "allowed");
    screen.wait_for("the end of the question", |text| {
        !text.contains("Carry out what incident")
    });
    assert!(!idp.is_active("grace@example.com"));
}

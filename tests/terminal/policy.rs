//! The policy in the hands of an admin: a key set by name, and what that changed undone.

use crate::home::Home;
use crate::screen::{Start, key};

fn value(home: &Home) -> String {
    let row = home.json(&["policy", "show", "users.on_delete"]);
    row["value"].as_str().unwrap().to_owned()
}

#[test]
fn a_key_is_set_and_its_change_is_undone() {
    let home = Home::with_account();
    let mut screen = Start::at(&home).size(120, 40).open();
    assert_eq!(value(&home), "remove");
    screen.send_and_see(":", "Commands");
    screen.paste("set users.on_delete disable");
    screen.wait_for_text("set users.on_delete disable");
    let sheet = {
        screen.send(key::ENTER);
        screen.wait_for_text("Set users.on_delete?")
    };
    assert!(sheet.contains("remove → disable"), "{sheet}");
    screen.send_and_see(key::ENTER, "nothing was changed");
    assert_eq!(value(&home), "remove", "Enter is no yes");

    screen.send_and_see("E", "left and right change it");
    screen.send(key::RIGHT);
    screen.wait_for_text("disable");
    screen.send_and_see(key::ENTER, "Set users.on_delete?");
    screen.send_and_see("y", "users.on_delete");
    screen.wait_for("the new value and the end of the question", |text| {
        text.contains("1 set") && !text.contains("Set users.on_delete?")
    });
    assert_eq!(value(&home), "disable");

    screen.send_and_see("u", "Undo what request");
    screen.send_and_see(key::ENTER, "nothing was changed");
    assert_eq!(value(&home), "disable");
    screen.send_and_see("u", "Undo what request");
    screen.send("y");
    screen.wait_for("the end of the question", |text| {
        text.contains("was undone") && !text.contains("Undo what request")
    });
    assert_eq!(value(&home), "remove");
}

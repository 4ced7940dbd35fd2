//! Team sync in the hands of an admin: turned on after a look at the counts, its locks found, turned off, and nothing gone.

use crate::home::Home;
use crate::idp::Idp;
use crate::screen::{Screen, Start, key};

/// Chooses a team in pane Teams by its name.
fn choose(screen: &mut Screen, name: &str, other: &str) {
    screen.send("\\");
    screen.wait_for("both teams", |text| {
        text.contains(name) && text.contains(other)
    });
    screen.send_and_see("/", "Filter Teams");
    screen.send(&format!("{name}{}", key::ENTER));
    screen.wait_for("only that team", |text| {
        text.contains(name) && !text.contains(other) && !text.contains("Filter Teams")
    });
}

#[test]
fn team_sync_is_turned_on_and_off_and_nothing_is_deleted() {
    let home = Home::under("safe");
    // Wide enough for all that the header has to say.
    let mut screen = Start::at(&home).size(160, 40).open();
    let idp = Idp::of(&home);
    home.run(&["team", "add", "Harbour"]).ok();
    assert_eq!(idp.push_group("Payments", "g-p").0, 403);
    screen.send_and_see("3", "Harbour");
    screen.wait_for_text("team sync off (0 synced/1 local)");

    // The sheet says what changes, with counts and names, and Enter is no yes.
    screen.send("Y");
    let sheet = screen.wait_for_text("Turn team sync on?");
    assert!(sheet.contains("1 team kept here: linked"), "{sheet}");
    assert!(sheet.contains("nothing is deleted"), "{sheet}");
    screen.send_and_see(key::ENTER, "nothing was changed");
    assert_eq!(idp.push_group("Payments", "g-p").0, 403);
    screen.send_and_see("Y", "Turn team sync on?");
    screen.send_and_see("y", "team sync is on");
    let (status, payments) = idp.push_group("Payments", "g-p");
    assert_eq!(status, 201);
    screen.send("r");
    screen.wait_for_text("team sync ON (1 synced/1 local)");

    // The synced team is locked, and says by whom; the unsynced one is free.
    choose(&mut screen, "Payments", "Harbour");
    screen.send_and_see("n", "names of a synced team are managed by");
    screen.send_and_see("+", "members of a synced team are managed by");
    // Only what is loaded can be edited; the tab tells when it is.
    screen.send_and_see(key::RIGHT, "maintainers");
    screen.send_and_see("o", "What is kept of the team here");
    screen.paste("money");
    screen.wait_for_text("money");
    screen.send_and_see("\x13", "what is kept of Payments here was changed");
    choose(&mut screen, "Harbour", "Payments");
    screen.send_and_see("n", "Rename the team");
    screen.paste("master");
    screen.wait_for_text("Harbourmaster");
    screen.send_and_see(key::ENTER, "Harbour was renamed to Harbourmaster");

    // Off again: everything can be edited, and nothing is gone.
    screen.send("Y");
    let sheet = screen.wait_for_text("Turn team sync off?");
    assert!(
        sheet.contains("1 synced team: name and members editable"),
        "{sheet}"
    );
    assert!(sheet.contains("Payments"), "{sheet}");
    assert!(sheet.contains("nothing is deleted"), "{sheet}");
    screen.send_and_see("y", "team sync is off");
    screen.wait_for_text("team sync off (1 synced/1 local)");
    choose(&mut screen, "Payments", "Harbour");
    screen.send_and_see("n", "Rename the team");
    screen.paste(" and Billing");
    screen.send_and_see(key::ENTER, "Payments was renamed to Payments and Billing");
    assert_eq!(idp.push_group("More", "g-m").0, 403);
    let left = home.json(&["team", "show", &payments]);
    assert_eq!(left["name"], "Payments and Billing");
    assert_eq!(left["description"], "money");
    assert_eq!(left["source"], "synced");
    assert_eq!(home.json(&["status"])["teams"], 2);
}

#[test]
fn provisioning_is_paused_and_goes_on() {
    let home = Home::under("safe");
    let mut screen = Start::at(&home).size(120, 40).open();
    let idp = Idp::of(&home);
    screen.send_and_see("6", "Tokens");
    screen.send_and_see("z", "Pause provisioning?");
    screen.send_and_see("y", "provisioning is paused");
    screen.wait_for_text("provisioning paused");
    assert_eq!(idp.push("ada@example.com"), 503);
    screen.send_and_see("z", "Turn provisioning on?");
    screen.send_and_see("y", "provisioning is on");
    assert_eq!(idp.push("ada@example.com"), 201);
}

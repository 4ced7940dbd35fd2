//! Single sign-on in the hands of an admin, from nothing to enabled: configured, refused, tried, mended, tried again.

use tokio::runtime::Runtime;

use crate::home::Home;
use crate::screen::{Screen, Start, key};
use crate::walk::{Running, walk};

const OWNER: &str = "owner@example.com";
const PASSWORD: &str = "correct horse battery staple\n";
const CTRL_S: &str = "\x13";

/// Runs a test-drive: the link is read from the screen, and a browser goes there.
fn drive(screen: &mut Screen, outcome: &str) {
    screen.send("T");
    let shown = screen.wait_for("the link of a test-drive", |text| {
        text.contains("/test-drive?ticket=") && text.contains("waiting")
    });
    let link = shown
        .split_whitespace()
        .find(|word| word.contains("/test-drive?ticket="))
        .unwrap();
    Runtime::new().unwrap().block_on(walk(link, outcome));
}

/// The fingerprints on the screen, in their order.
fn fingerprints(text: &str) -> Vec<String> {
    let prints = text
        .split_whitespace()
        .filter(|word| word.len() == 95 && word.split(':').all(|pair| pair.len() == 2));
    prints.map(str::to_owned).collect()
}

#[test]
fn sso_is_configured_refused_tried_mended_and_enabled() {
    let home = Home::under("safe");
    let mut screen = Start::at(&home).size(230, 70).open();
    let mut idp = Running::start(&home, &["simulate", "idp", "--at", "127.0.0.1:0"]);
    let metadata = idp.line();
    let state = || home.json(&["sso", "show"])["state"].clone();

    screen.send_and_see("5", "No identity provider is set up yet");
    screen.send_and_see("E", "Configure the identity provider");
    screen.paste(&metadata);
    screen.wait_for_text(&metadata);
    screen.send(CTRL_S);
    screen.wait_for_text("a test-drive that goes well");
    assert_eq!(state(), "test_drive");

    // It cannot be enabled, and the list says what is missing and what is there.
    let gate = screen.send_and_see("S", "It cannot be enabled yet");
    for part in [
        "there    an identity provider is configured",
        "missing  a test-drive that goes well",
        "missing  a recovery admin",
    ] {
        assert!(gate.contains(part), "{part}\n{gate}");
    }
    screen.send(key::ESC);
    screen.wait_for("the end of the list", |text| {
        !text.contains("It cannot be enabled yet")
    });

    // Signed with a key that is not believed: which one came, and which one was expected.
    drive(&mut screen, "wrong_certificate");
    let told = screen.wait_for("both fingerprints", |text| {
        text.contains("not known: the one that came") && text.contains("one that is believed")
    });
    assert!(told.contains("signature"), "{told}");
    let believed = home.json(&["sso", "show"])["certificates"][0]["fingerprint"].clone();
    let (_, below) = told.split_once("the one that came").unwrap();
    let prints = fingerprints(below);
    assert_ne!(prints[0], prints[1], "{told}");
    assert_eq!(believed, prints[1].as_str());

    // Believed by a typed word alone, and with it the same Response is good.
    let question = screen.send_and_see("A", "Believe this certificate, too?");
    assert!(question.contains(&prints[0]), "{question}");
    screen.send(key::CTRL_Y);
    screen.send_and_see("believe", ": believe");
    let certificates = || home.json(&["sso", "show"])["certificates"].clone();
    assert_eq!(certificates().as_array().unwrap().len(), 1);
    screen.send(key::CTRL_Y);
    screen.wait_for("the end of the question", |text| {
        !text.contains("Believe this certificate, too?")
            && !text.contains("not known: the one that came")
            && text.contains("known: the one that came")
    });
    let known = certificates();
    assert_eq!(known[0]["fingerprint"], prints[1].as_str());
    assert_eq!(known[1]["fingerprint"], prints[0].as_str());
    drive(&mut screen, "wrong_certificate");
    screen.wait_for_text("the test-drive went well");

    // Somebody must get in without it before it is enabled.
    screen.wait_for_text("It would sign in");
    let gate = screen.send_and_see("S", "It cannot be enabled yet");
    assert!(gate.contains("there    a test-drive went well"), "{gate}");
    assert!(gate.contains("missing  a recovery admin"), "{gate}");
    screen.send(key::ESC);
    screen.wait_for("the end of the list", |text| {
        !text.contains("It cannot be enabled yet")
    });
    home.run(&["recover", "mark", OWNER]).ok();
    home.run_with_input(&["recover", "prove", OWNER, "--password-stdin"], PASSWORD)
        .ok();
    screen.send_and_see("S", "Enable single sign-on?");
    screen.send_and_see("enable", ": enable");
    assert_eq!(state(), "test_drive");
    screen.send(key::CTRL_Y);
    screen.wait_for("the end of the question", |text| {
        !text.contains("Enable single sign-on?") && text.contains("3 enabled]")
    });
    assert_eq!(state(), "enabled");
}

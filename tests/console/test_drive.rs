//! The test-drive: its link, waiting, what came back, the certificate it was signed with, a Response that was pasted.

use provost::console::effect::Effect;
use provost::console::msg::Fact;

use super::driver::{Driver, options};
use super::fake::{Fake, State};
use super::fake_sso::DRIVE;
use super::sso_data;

fn started(width: u16, height: u16) -> (Driver, Fake) {
    let fake = Fake::new(State::Full);
    let mut driver = Driver::new(fake.clone(), width, height);
    driver.press(&["5", "T"]);
    (driver, fake)
}

#[track_caller]
fn shows(driver: &mut Driver, texts: &[&str]) {
    for text in texts {
        assert!(driver.shows(text), "{text}: {}", driver.screen());
    }
}

#[test]
fn a_link_is_shown_with_what_to_do_and_copied() {
    let (mut driver, _) = started(120, 40);
    shows(
        &mut driver,
        &[
            "● waiting",
            "ends in 10 min",
            "/trust/saml2/test-drive?",
            "Sign in at the identity provider",
        ],
    );
    driver.press(&["y", "o"]);
    let left: Vec<&Effect> = driver.left.iter().collect();
    let copied = left.iter().any(|effect| {
        matches!(effect, Effect::Copy { text, .. } if text.expose().contains("/trust/saml2/test-drive?"))
    });
    assert!(copied, "{left:?}");
    let opened = left
        .iter()
        .any(|effect| matches!(effect, Effect::OpenBrowser(url) if url.contains("/trust/saml2/test-drive?")));
    assert!(opened, "{left:?}");
    driver.tell(Fact::BrowserOpened(Err("there is no desktop here".into())));
    shows(
        &mut driver,
        &["no browser was opened: there is no desktop here"],
    );
}

#[test]
fn the_outcome_comes_by_itself_and_is_kept_while_one_looks_elsewhere() {
    let (mut driver, fake) = started(120, 60);
    driver.pass(20_000);
    shows(&mut driver, &["● waiting"]);
    driver.press(&["2"]);
    fake.sso.lock().unwrap().outcome = Some(sso_data::green(fake.now, DRIVE));
    driver.pass(2_000);
    shows(&mut driver, &["the test-drive went well", "5 shows it"]);
    driver.press(&["5"]);
    shows(
        &mut driver,
        &[
            "[Test-drive]",
            "✓ passed",
            "1 with a warning",
            "It would sign in",
            "zoe@acme.io, as a new member",
            "Payments came, too; SCIM",
            "the role boss is not known",
            "19 checks",
        ],
    );
    driver.press(&["S"]);
    shows(&mut driver, &["Enable single sign-on?"]);
    // Nobody asks any more once it went well.
    driver.press(&["esc"]).pass(10_000);
    assert_eq!(driver.app.sso.drive.due, None);
}

#[test]
fn a_failure_is_told_in_full_and_its_certificate_accepted() {
    let (mut driver, fake) = started(120, 200);
    fake.sso.lock().unwrap().outcome = Some(sso_data::red(fake.now, DRIVE));
    driver.pass(2_000);
    let known = provost::console::fingerprint::fingerprint(sso_data::KNOWN).unwrap();
    let other = provost::console::fingerprint::fingerprint(sso_data::OTHER).unwrap();
    shows(
        &mut driver,
        &[
            "✗ failed  SAML_ASSERTION_SIGNATURE",
            "assertion signature",
            "expected",
            "received",
            &known[..30],
            &other[..30],
            "· not reached",
            "not known: the one that came",
            "140 seconds",
            "Explained:",
            "What came",
            "The assertion",
        ],
    );
    driver.press(&["A"]);
    shows(
        &mut driver,
        &[
            "Believe this certificate, too?",
            &other[..30],
            "admin console",
            "Type believe",
        ],
    );
    driver.press(&["enter"]);
    assert!(
        !fake
            .sso
            .lock()
            .unwrap()
            .asked
            .iter()
            .any(|it| it.starts_with("by hand"))
    );
    driver.press(&["A"]).type_text("believe").press(&["ctrl-y"]);
    let asked = fake.sso.lock().unwrap().asked.clone();
    assert_eq!(asked, ["test-drive", "by hand 2"]);
    shows(
        &mut driver,
        &[
            "the certificate is accepted, too",
            "✓ known: the one that came",
        ],
    );
    // And once more, which goes well now.
    fake.sso.lock().unwrap().outcome = None;
    driver.press(&["T"]);
    fake.sso.lock().unwrap().outcome = Some(sso_data::green(fake.now, DRIVE));
    driver.pass(2_000);
    shows(&mut driver, &["It would sign in"]);
}

#[test]
fn the_values_a_check_stumbled_over_are_marked() {
    let (mut driver, fake) = started(120, 200);
    let mut row = sso_data::red(fake.now, DRIVE);
    for check in &mut row.checks {
        if check.state == "failed" {
            check.received = Some("zoe@acme.io".into());
        }
    }
    fake.sso.lock().unwrap().outcome = Some(row);
    driver.pass(2_000);
    shows(&mut driver, &["zoe@acme.io  ✗ assertion signature", "<-"]);
}

#[test]
fn a_link_that_ended_says_so() {
    let (mut driver, _) = started(120, 40);
    driver.pass(11 * 60_000);
    shows(&mut driver, &["The link has ended and nothing came back"]);
    driver.press(&["c"]);
    shows(&mut driver, &["there is no link; T starts a test-drive"]);
}

#[test]
fn a_response_that_was_pasted_is_examined() {
    let mut driver = Driver::new(Fake::new(State::Full), 120, 60);
    driver.press(&["5", "P"]);
    driver.tell(Fact::Pasted("nonsense".into()));
    driver.press(&["ctrl-s"]);
    shows(&mut driver, &["Examine a Response", "it is no Response"]);
    driver.press(&["esc", "P"]);
    driver.tell(Fact::Pasted("PHNhbWxwOlJlc3BvbnNlLz4=".into()));
    driver.press(&["ctrl-s"]);
    shows(
        &mut driver,
        &[
            "The Response that was pasted",
            "SAML_ASSERTION_SIGNATURE",
            "✗ failed",
        ],
    );
}

#[test]
fn the_link_is_a_qr_code_at_eighty_columns() {
    let (mut driver, _) = started(80, 24);
    driver.press(&["c"]);
    shows(&mut driver, &["QR code of the link", "█▀▀▀▀▀█"]);
    driver.press(&["esc"]);
    assert!(driver.app.overlays.is_empty());
}

#[test]
fn without_colours_light_and_dark_of_a_code_can_be_swapped() {
    let options = provost::console::ConsoleOptions {
        no_color: true,
        ..options()
    };
    let mut driver = Driver::with(options, Fake::new(State::Full).client(), 80, 24);
    driver.press(&["5", "T", "c"]);
    shows(&mut driver, &["i swaps light and dark", "██ ▄▄▄▄▄ █"]);
    driver.press(&["i"]);
    shows(&mut driver, &["█▀▀▀▀▀█"]);
}

#[test]
fn ascii_and_a_small_terminal_say_that_there_is_no_code() {
    let (mut driver, _) = started(40, 12);
    driver.press(&["c"]);
    shows(&mut driver, &["The QR code needs"]);
    let options = provost::console::ConsoleOptions {
        ascii: true,
        ..options()
    };
    let mut driver = Driver::with(options, Fake::new(State::Full).client(), 80, 24);
    driver.press(&["5", "T", "c"]);
    shows(
        &mut driver,
        &["ASCII has no characters", "/trust/saml2/test-drive?"],
    );
}

#[test]
fn frames() {
    let mut frames = Vec::new();
    for (width, height) in [(80, 24), (120, 40), (200, 50)] {
        for good in [true, false] {
            let (mut driver, fake) = started(width, height);
            let outcome = if good {
                sso_data::green(fake.now, DRIVE)
            } else {
                sso_data::red(fake.now, DRIVE)
            };
            fake.sso.lock().unwrap().outcome = Some(outcome);
            driver.pass(12_000);
            frames.push(format!(
                "== good {good} at {width}x{height}\n{}",
                driver.screen()
            ));
            driver.press(&["Z", "pagedown", "pagedown"]);
            frames.push(format!("== below, good {good}\n{}", driver.screen()));
        }
    }
    insta::assert_snapshot!("test_drive_outcomes", frames.join("\n"));
}

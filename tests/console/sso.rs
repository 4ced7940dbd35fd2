//! Pane SSO: configuring, mapping, the gate before it is enabled, certificates, forgetting; sessions of a member.

use provost::admin::sso::{Outside, RefreshFailing, SsoRefresh, SsoState};
use provost::console::effect::Effect;
use provost::console::layout::Focus;
use provost::console::msg::Fact;
use provost::console::panes::PaneId;
use rstest::rstest;

use super::driver::{Driver, options};
use super::fake::{Fake, State};
use super::sso_data;

fn with(state: State, width: u16, height: u16) -> (Driver, Fake) {
    let fake = Fake::new(state);
    (Driver::new(fake.clone(), width, height), fake)
}

fn asked(fake: &Fake) -> Vec<String> {
    fake.sso.lock().unwrap().asked.clone()
}

#[track_caller]
fn shows(driver: &mut Driver, texts: &[&str]) {
    for text in texts {
        assert!(driver.shows(text), "{text}: {}", driver.screen());
    }
}

/// A driver whose engine has had a test-drive that went well.
fn tried(width: u16, height: u16) -> (Driver, Fake) {
    let fake = Fake::new(State::Full);
    {
        let mut sso = fake.sso.lock().unwrap();
        sso.status.last_green = Some(fake.now);
        sso.status = sso_data::settled(sso.status.clone(), fake.now);
    }
    (Driver::new(fake.clone(), width, height), fake)
}

#[test]
fn nothing_configured_says_what_to_enter_and_what_to_do_next() {
    let (mut driver, _) = with(State::Empty, 120, 40);
    driver.press(&["5"]);
    shows(
        &mut driver,
        &[
            "[~ 1 off]",
            "No identity provider is set up yet.",
            "https://provost.x.io/trust/saml2/acs",
            "E takes its metadata",
            "SSO off",
        ],
    );
    driver.press(&["T"]);
    shows(
        &mut driver,
        &["no identity provider is configured; E takes its metadata"],
    );
}

#[test]
fn metadata_is_pasted_and_the_test_drive_comes_next() {
    let (mut driver, fake) = with(State::Empty, 120, 40);
    driver.press(&["5", "E"]);
    driver.tell(Fact::Pasted("<EntityDescriptor/>\n".into()));
    driver.press(&["ctrl-s"]);
    assert_eq!(asked(&fake), ["metadata "]);
    shows(
        &mut driver,
        &[
            "the identity provider is configured",
            "[▸ 2 test-drive]",
            "SSO test-drive",
            "✗ missing",
            "T runs one",
        ],
    );
    assert!(driver.app.overlays.is_empty());
}

#[test]
fn metadata_that_is_refused_stays_in_the_form() {
    let (mut driver, fake) = with(State::Empty, 120, 40);
    driver.press(&["5", "E"]);
    driver.tell(Fact::Pasted("<html/>".into()));
    driver.press(&["ctrl-s"]);
    shows(&mut driver, &["this is no SAML metadata", "<html/>"]);
    assert_eq!(asked(&fake), [""; 0]);
}

#[test]
fn where_metadata_describes_several_one_is_asked_for() {
    let (mut driver, fake) = with(State::Empty, 120, 40);
    driver.press(&["5", "E"]);
    driver.tell(Fact::Pasted(
        "<EntitiesDescriptor><EntityDescriptor/>".into(),
    ));
    driver.press(&["ctrl-s"]);
    shows(
        &mut driver,
        &["Which identity provider is meant?", "urn:idp:a"],
    );
    driver.press(&["down", "enter"]);
    assert_eq!(asked(&fake), ["metadata urn:idp:b"]);
    assert!(driver.app.overlays.is_empty(), "{}", driver.screen());
}

#[test]
fn metadata_is_fetched_or_read_from_a_file() {
    let (mut driver, fake) = with(State::Empty, 120, 40);
    driver
        .press(&["5", "E"])
        .type_text("https://idp.x.io/metadata");
    driver.press(&["ctrl-s"]);
    assert_eq!(asked(&fake), ["url https://idp.x.io/metadata"]);

    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "<EntityDescriptor/>").unwrap();
    let (mut driver, fake) = with(State::Empty, 120, 40);
    driver
        .press(&["5", "E"])
        .type_text(file.path().to_str().unwrap());
    driver.press(&["ctrl-s"]);
    assert_eq!(asked(&fake), ["metadata "]);
    let (mut driver, _) = with(State::Empty, 120, 40);
    driver.press(&["5", "E"]).type_text("/nowhere/metadata.xml");
    driver.press(&["ctrl-s"]);
    shows(&mut driver, &["/nowhere/metadata.xml: No such file"]);
}

#[test]
fn another_configuration_is_asked_about_and_enter_is_never_yes() {
    let (mut driver, fake) = with(State::Full, 120, 40);
    driver.press(&["5", "E"]);
    driver.tell(Fact::Pasted("<EntityDescriptor/>".into()));
    driver.press(&["ctrl-s"]);
    shows(&mut driver, &["Replace the configuration?", "run again"]);
    driver.press(&["enter"]);
    assert_eq!(asked(&fake), [""; 0]);
    driver.press(&["ctrl-s", "y"]);
    assert_eq!(asked(&fake), ["metadata "]);
}

#[test]
fn the_form_by_hand_is_filled_in_as_things_stand() {
    let (mut driver, fake) = with(State::Full, 120, 50);
    driver.press(&["5", "B"]);
    shows(
        &mut driver,
        &["http://www.okta.com/exk1fcia6d6EMsf331d8", "[redirect]"],
    );
    driver.press(&["ctrl-s", "y"]);
    assert_eq!(asked(&fake), ["by hand 1"]);
}

#[test]
fn what_is_missing_is_a_gate_whose_rows_mend_it() {
    let (mut driver, fake) = with(State::Full, 120, 40);
    driver.press(&["5", "S"]);
    shows(
        &mut driver,
        &[
            "It cannot be enabled yet",
            "✓ there",
            "✗ missing  a test-drive that goes well",
            "provost recover",
        ],
    );
    // What is there does nothing; what is missing is mended.
    driver.press(&["enter"]);
    shows(&mut driver, &["It cannot be enabled yet"]);
    driver.press(&["down", "enter"]);
    assert_eq!(asked(&fake), ["test-drive"]);
    shows(&mut driver, &["[Test-drive]", "waiting"]);
}

#[test]
fn enabling_is_confirmed_with_counts_and_a_word() {
    let (mut driver, fake) = tried(120, 40);
    driver.press(&["5", "S"]);
    shows(
        &mut driver,
        &[
            "Enable single sign-on?",
            "1,776 members can no longer sign in by password",
            "Type enable",
        ],
    );
    driver.press(&["enter"]);
    assert_eq!(asked(&fake), [""; 0]);
    driver.press(&["S"]).type_text("enable");
    driver.press(&["ctrl-y"]);
    assert_eq!(asked(&fake), ["switch enabled"]);
    shows(
        &mut driver,
        &["single sign-on is enabled", "[● 3 enabled]", "SSO enabled"],
    );
    driver.press(&["S"]);
    shows(
        &mut driver,
        &[
            "Disable single sign-on?",
            "jit.0@acme.io has no password",
            "and 2 more",
        ],
    );
    driver.type_text("disable").press(&["ctrl-y"]);
    assert_eq!(asked(&fake), ["switch enabled", "switch off"]);
}

#[rstest]
#[case::test("sso test", "waiting")]
#[case::enable("sso enable", "It cannot be enabled yet")]
#[case::disable("sso disable", "there is nothing to disable")]
#[case::other("sso dance", "There are sso test, sso enable and sso disable")]
fn the_palette_knows_the_words(#[case] typed: &str, #[case] shown: &str) {
    let (mut driver, _) = with(State::Full, 120, 40);
    driver.press(&["1", ":"]).type_text(typed);
    driver.press(&["enter"]);
    shows(&mut driver, &[shown]);
}

#[test]
fn a_read_only_console_sees_everything_and_changes_nothing() {
    let mut driver = Driver::read_only(Fake::new(State::Full), 120, 40);
    driver.press(&["5"]);
    shows(&mut driver, &["[▸ 2 test-drive]"]);
    for key in ["T", "S", "E", "B", "C", "m", "x"] {
        driver.press(&[key]);
        shows(&mut driver, &["this console is read-only"]);
        assert!(driver.app.overlays.is_empty(), "{key}");
    }
}

#[test]
fn lines_with_something_to_enter_elsewhere_are_copied() {
    let (mut driver, _) = with(State::Full, 120, 40);
    driver.press(&["5", "y"]);
    shows(&mut driver, &["no line with something to copy is chosen"]);
    driver.press(&["right", "tab", "down", "y"]);
    let copied: Vec<_> = driver
        .left
        .iter()
        .filter_map(|effect| match effect {
            Effect::Copy { what, text } => Some((what.as_str(), text.expose())),
            _ => None,
        })
        .collect();
    assert_eq!(
        copied,
        [("our entity id", "https://provost.x.io/trust/saml2/metadata")]
    );
}

#[test]
fn a_claim_is_mapped_where_it_stands() {
    let (mut driver, fake) = with(State::Full, 120, 60);
    driver.press(&["5", "right", "right", "tab"]);
    for _ in 0..60 {
        if driver.shows("▌ teamKey") {
            break;
        }
        driver.press(&["j"]);
    }
    driver.press(&["enter"]);
    shows(&mut driver, &["Map a claim"]);
    driver.tell(Fact::Pasted("department\n".into()));
    driver.press(&["ctrl-s"]);
    let asked = asked(&fake);
    assert!(
        asked.first().is_some_and(|it| it.contains("department")),
        "{asked:?}"
    );
    shows(&mut driver, &["the claim teamKey is mapped"]);
}

#[test]
fn another_certificate_is_accepted_after_its_fingerprint_was_seen() {
    let (mut driver, fake) = with(State::Full, 120, 40);
    driver.press(&["5", "C"]);
    driver.tell(Fact::Pasted("not base64!".into()));
    driver.press(&["ctrl-s"]);
    shows(&mut driver, &["neither PEM nor base64"]);
    driver.press(&["esc", "C"]);
    driver.tell(Fact::Pasted(sso_data::OTHER.into()));
    driver.press(&["ctrl-s"]);
    let print = provost::console::fingerprint::fingerprint(sso_data::OTHER).unwrap();
    shows(
        &mut driver,
        &[
            "Believe this certificate, too?",
            &print[..40],
            "Type believe",
        ],
    );
    driver.type_text("believe").press(&["ctrl-y"]);
    assert_eq!(asked(&fake), ["by hand 2"]);
    driver.press(&["right"]);
    shows(&mut driver, &["2 signing certificates", "19 days left"]);
}

#[test]
fn metadata_is_fetched_again_and_the_identity_provider_forgotten() {
    let (mut driver, fake) = with(State::Full, 120, 40);
    driver.press(&["5", "m"]);
    shows(&mut driver, &["Fetch the metadata again?"]);
    driver.press(&["y", "x"]);
    shows(&mut driver, &["Forget the identity provider?"]);
    driver.type_text("forget").press(&["ctrl-y"]);
    assert_eq!(asked(&fake), ["refresh", "forget"]);
    shows(&mut driver, &["No identity provider is set up yet."]);
}

#[test]
fn while_it_is_enabled_it_is_not_forgotten() {
    let (mut driver, fake) = tried(120, 40);
    fake.sso.lock().unwrap().status = sso_data::configured(fake.now, SsoState::Enabled);
    driver.press(&["5", "x"]);
    shows(&mut driver, &["disable it first (S)"]);
}

#[test]
fn enter_on_a_sign_in_shows_its_checks() {
    let (mut driver, _) = with(State::Full, 120, 40);
    driver.press(&["5", "j", "j", "enter"]);
    assert_eq!(driver.app.focus, Focus::Detail);
    shows(
        &mut driver,
        &[
            "[Sign-in]",
            "SAML_CONDITIONS",
            "✗ failed",
            "· not reached",
            "19 checks, 1 failed",
        ],
    );
    driver.press(&["G"]);
    shows(&mut driver, &["Note for the IdP team"]);
}

#[test]
fn sessions_of_a_member_are_listed_and_ended() {
    let (mut driver, fake) = with(State::Full, 120, 40);
    driver.press(&["2", "j", "K"]);
    shows(&mut driver, &["End 2 sessions of", "Firefox"]);
    driver.press(&["enter"]);
    shows(&mut driver, &["[Sessions]", "K ends all"]);
    driver.press(&["j", "j", "j", "enter"]);
    shows(&mut driver, &["End 1 session of"]);
    driver.press(&["y"]);
    shows(&mut driver, &["1 session of"]);
    driver.press(&["K", "y"]);
    assert_eq!(asked(&fake).len(), 2);
    shows(&mut driver, &["They are not signed in anywhere."]);
}

#[test]
fn a_click_on_the_rail_and_on_a_tab_goes_there() {
    let (mut driver, _) = with(State::Full, 120, 40);
    driver.tell(Fact::Clicked(provost::console::regions::Target::Pane(
        PaneId::Sso,
    )));
    driver.tell(Fact::Clicked(provost::console::regions::Target::Tab(1)));
    shows(&mut driver, &["[Connection]", "HTTP-Redirect"]);
    driver.tell(Fact::Clicked(provost::console::regions::Target::Row(2)));
    driver.tell(Fact::Clicked(provost::console::regions::Target::Row(2)));
    shows(&mut driver, &["[Sign-in]"]);
}

#[test]
fn in_ascii_nothing_else_is_drawn() {
    for keys in [&["5"][..], &["5", "right"], &["5", "T"], &["5", "T", "c"]] {
        let options = provost::console::ConsoleOptions {
            ascii: true,
            ..options()
        };
        let mut driver = Driver::with(options, Fake::new(State::Full).client(), 100, 40);
        driver.press(keys);
        let screen = driver.screen();
        assert!(screen.is_ascii(), "{keys:?}: {screen}");
    }
}

#[test]
fn a_schedule_that_fails_says_why_and_when_it_tries_again() {
    let (mut driver, fake) = tried(140, 50);
    let at = |seconds: i64| fake.now + jiff::SignedDuration::from_secs(seconds);
    {
        let mut sso = fake.sso.lock().unwrap();
        sso.status.refresh = Some(SsoRefresh {
            url: "https://idp.example/metadata".into(),
            looked: at(-7_200),
            went_well: None,
            failing: Some(RefreshFailing {
                since: at(-80_000),
                times: 3,
                why: "the server answered 503".into(),
                place: None,
            }),
            next: Some(at(3_700)),
            valid_until: None,
        });
        sso.status.certificates[0].outside = Some(Outside::Left { since: at(-90_000) });
    }
    driver.press(&["5", "right", "tab"]);
    shows(
        &mut driver,
        &[
            "✗ last refresh failed 2 h ago, 3 times in",
            "the server answered 503; next in 1 h",
            "left the metadata 25 h ago",
        ],
    );
}

#[rstest]
#[case::another_password("P", "Make a password link for", "Password link of")]
#[case::a_first_one("I", "Make a link that invites", "Invitation of")]
fn a_link_to_set_a_password_is_shown_once_and_copied(
    #[case] key: &str,
    #[case] question: &str,
    #[case] title: &str,
) {
    const SECRET: &str = "/reset?token=x";
    let (mut driver, _) = with(State::Full, 120, 40);
    driver.press(&["2", "j", key]);
    shows(&mut driver, &[question, "it works once"]);
    driver.press(&["y"]);
    shows(&mut driver, &[title, SECRET, "y copies it"]);
    driver.press(&["esc"]);
    shows(&mut driver, &["It was not copied.", SECRET]);
    driver.press(&["y"]);
    let copied = driver.left.iter().any(
        |effect| matches!(effect, Effect::Copy { text, .. } if text.expose().ends_with(SECRET)),
    );
    assert!(copied, "{:?}", driver.left);
    driver.press(&["esc", "H"]);
    assert!(!driver.shows(SECRET), "{}", driver.screen());
}

//! What changes something: questions, forms, tokens, and the console that may not.

use provost::admin::types::MemberEdit;
use provost::console::effect::{Effect, Export, MemberDeed, Write};
use provost::console::export::ExportFormat;
use provost::console::msg::Fact;
use provost::console::overlays::Overlay;
use provost::console::{Client, command};

use super::data;
use super::driver::Driver;
use super::fake::{Fake, State};

fn full() -> Driver {
    Driver::new(Fake::new(State::Full), 120, 40)
}

/// The writes that follow from a key.
fn writes(driver: &mut Driver, key: &str) -> Vec<Write> {
    let effects = driver.effects_of(Fact::KeyPressed(key.parse().unwrap()));
    effects
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Write(write) => Some(write),
            _ => None,
        })
        .collect()
}

#[test]
fn enter_is_never_yes_nor_is_the_key_that_asked() {
    for key in ["enter", "esc", "n", "D", "space", "tab"] {
        let mut driver = full();
        driver.press(&["2", "j", "D"]);
        assert!(driver.shows("Deactivate Grace Lovelace?"));
        assert_eq!(writes(&mut driver, key), [], "{key}");
    }
    let mut driver = full();
    driver.press(&["2", "j", "D", "enter"]);
    assert!(driver.app.overlays.is_empty());
    assert!(driver.shows("nothing was changed"));
}

#[test]
fn yes_deactivates_the_member_that_was_asked_about() {
    let mut driver = full();
    driver.press(&["2", "j", "D"]);
    let expected = Write::DeactivateMember(data::member_id(1), "grace.lovelace@acme.io".into());
    assert_eq!(writes(&mut driver, "y"), [expected]);
    let mut driver = full();
    driver.press(&["2", "j", "D", "y"]);
    assert!(driver.shows("grace.lovelace@acme.io was deactivated"));
}

#[test]
fn a_member_who_is_inactive_is_restored() {
    let mut driver = full();
    driver.press(&["2", "j", "j", "j", "j", "D"]);
    assert!(
        driver.shows("they are inactive already"),
        "{}",
        driver.screen()
    );
    driver.press(&["U"]);
    let expected = Write::RestoreMember(data::member_id(4), "barbara.hopper@acme.io".into());
    assert_eq!(writes(&mut driver, "y"), [expected]);
}

#[test]
fn a_token_is_revoked_only_once_its_name_is_typed() {
    let mut driver = full();
    driver.press(&["6", "X"]);
    assert!(driver.shows("Revoke token okta-1?"));
    assert_eq!(writes(&mut driver, "y"), [], "y is text here");
    assert_eq!(writes(&mut driver, "ctrl-y"), []);
    assert!(driver.shows("type okta-1 first"), "{}", driver.screen());
    driver.press(&["backspace"]).type_text("okta-1");
    assert_eq!(writes(&mut driver, "enter"), [], "enter is never yes");
    driver.press(&["X"]).type_text("okta-1");
    let expected = Write::RevokeToken(data::token_id(0), "okta-1".into());
    assert_eq!(writes(&mut driver, "ctrl-y"), [expected]);
}

#[test]
fn the_secret_of_a_token_is_seen_once_and_kept_nowhere() {
    const SECRET: &str = "prv_scim_7fQ2xSecretThatIsShownOnce";
    let mut driver = full();
    driver
        .press(&["6", "A"])
        .type_text("okta-2")
        .press(&["ctrl-s"]);
    assert!(driver.shows(SECRET), "{}", driver.screen());
    assert!(
        !format!("{:?}", driver.app.overlays).contains("ShownOnce"),
        "Debug prints no secret"
    );
    driver.press(&["esc"]);
    assert!(driver.shows("It was not copied"), "closing it asks twice");
    driver.press(&["y"]);
    let copied = driver
        .left
        .iter()
        .any(|effect| matches!(effect, Effect::Copy { text, .. } if text.expose() == SECRET));
    assert!(copied);
    assert!(driver.shows("It is on the clipboard"));
    driver.press(&["esc"]);
    assert!(driver.app.overlays.is_empty());
    assert!(!driver.shows(SECRET));
    driver.press(&["H"]);
    assert!(!driver.shows(SECRET));
}

#[test]
fn a_form_that_is_refused_keeps_what_was_typed() {
    let mut driver = full();
    driver
        .press(&["2", "A"])
        .type_text("ada.new")
        .press(&["ctrl-s"]);
    assert!(matches!(driver.app.overlays.last(), Some(Overlay::Form(_))));
    assert!(driver.shows("ada.new"));
    assert!(driver.shows("userName is taken by another member"));
    driver.press(&["home"]).type_text("x").press(&["ctrl-s"]);
    assert!(driver.app.overlays.is_empty(), "{}", driver.screen());
    assert_eq!(driver.app.members.detail.open, Some(data::member_id(77)));
    assert!(driver.shows("xada.new was added"));
}

#[test]
fn a_form_is_not_sent_twice() {
    let mut driver = full();
    driver.press(&["3", "A"]).type_text("Blue");
    assert_eq!(writes(&mut driver, "ctrl-s").len(), 1);
    assert_eq!(writes(&mut driver, "ctrl-s").len(), 0);
}

#[test]
fn a_read_only_console_hides_and_refuses_what_writes() {
    let mut driver = Driver::read_only(Fake::new(State::Full), 120, 40);
    driver.press(&["2", "j"]);
    assert!(driver.shows("read-only"));
    assert!(!driver.shows("D deactivate"), "not hinted");
    assert_eq!(writes(&mut driver, "D"), []);
    assert!(driver.app.overlays.is_empty());
    assert!(driver.shows("this console is read-only"));
    driver.press(&[":"]).type_text("deactivate");
    let Some(Overlay::Palette(palette)) = driver.app.overlays.last() else {
        panic!("no palette");
    };
    let rows = palette.rows(&driver.app);
    assert!(
        rows.iter().all(|row| !row.command.is_write()),
        "not in the palette"
    );
    driver.press(&["esc", "?"]).type_text("deactivate");
    assert!(driver.shows("Deactivate the member"), "the help says why");
    assert!(driver.shows("this console is read-only"));
}

#[test]
fn the_read_only_option_takes_the_writing_client_away() {
    let client: Client = Fake::new(State::Full).client();
    assert!(client.write.is_some());
    let reader = Client::read_only(client.read);
    assert!(reader.write.is_none());
}

#[test]
fn every_command_that_writes_asks_or_opens_a_form() {
    for command in command::all().filter(|command| command.is_write()) {
        // A test-drive changes nothing; the others need one, or a claim, and have tests of their own.
        if ["sso.test", "sso.accept", "sso.map"].contains(&command.id) {
            continue;
        }
        let mut driver = full();
        let pane = match command.scope {
            command::Scope::Members => "2",
            command::Scope::Teams => "3",
            command::Scope::Requests => "4",
            command::Scope::Sso => "5",
            command::Scope::Scim => "6",
            command::Scope::Policy => "9",
            command::Scope::Incidents => "7",
            // What is named in the palette asks for the name.
            command::Scope::Everywhere => "1",
            scope => panic!("{} writes in {scope:?}", command.id),
        };
        driver.press(&[pane, "j"]);
        if command.id == "member.restore" {
            driver.press(&["j", "j", "j"]);
        }
        if let "member.undo" | "team.undo" = command.id {
            driver.press(&["t"]);
        }
        if let "policy.reset" | "policy.undo" = command.id {
            driver.press(&["j", "j", "j", "j", "j"]);
        }
        if command.id == "request.undo" {
            driver.press(&["k", "enter"]);
        }
        if command.id == "member.merge" {
            driver.press(&["space"]);
        }
        // The second team is synced and locked, the third is local.
        if ["team.rename", "team.join", "team.leave", "team.delete"].contains(&command.id) {
            driver.press(&["j"]).pass(200);
        }
        if ["incident.allow", "incident.reject"].contains(&command.id) {
            driver.press(&["k"]);
        }
        let effects = driver.app.invoke(command, "");
        assert!(
            !effects.iter().any(
                |effect| matches!(effect, Effect::Write(write) if *write != Write::ForeseePurge)
            ),
            "{}",
            command.id
        );
        // Some ask the engine first what there is to ask about.
        driver.carry_out(effects);
        let asks = matches!(
            driver.app.overlays.last(),
            Some(Overlay::Confirm(_) | Overlay::Form(_) | Overlay::Menu(_) | Overlay::Palette(_))
        );
        let has_nothing = command.id == "team.undo" && driver.shows("changed nothing");
        assert!(asks || has_nothing, "{}: {}", command.id, driver.screen());
    }
}

#[test]
fn a_request_is_copied_without_its_token_and_exported_in_a_chosen_format() {
    let mut driver = full();
    driver.press(&["4", "N", "y"]);
    let Some(Effect::Copy { what, text }) = driver.left.pop() else {
        panic!("nothing was copied");
    };
    assert_eq!(what, "request #4994 as a curl line");
    assert!(text.expose().contains("curl"));
    assert!(!text.expose().contains("prv_"));
    driver.press(&["e", "down", "enter"]);
    let Some(Effect::Export(Export::Exchange(format, exchange, base))) = driver.left.pop() else {
        panic!("nothing was exported");
    };
    assert_eq!((format, exchange.row.id.0), (ExportFormat::Har, 4_994));
    assert_eq!(base, "https://id.acme.io/scim/v2");
    driver.tell(Fact::Exported(
        "request #4994".into(),
        Ok("/x/y.har".into()),
    ));
    assert!(driver.shows("request #4994 is in /x/y.har"));
}

#[test]
fn roles_are_set_behind_a_sheet_that_says_what_changes() {
    let mut driver = full();
    driver.press(&["2", "j", "enter", "o"]);
    assert!(driver.shows("Set roles"), "{}", driver.screen());
    driver.press(&["ctrl-u"]).type_text("admin");
    assert_eq!(writes(&mut driver, "ctrl-s"), [], "it asks first");
    assert!(driver.shows("base role is admin"), "{}", driver.screen());
    for key in ["enter", "n"] {
        let mut driver = full();
        driver.press(&["2", "j", "enter", "o", "ctrl-u"]);
        driver.type_text("admin").press(&["ctrl-s"]);
        assert_eq!(writes(&mut driver, key), [], "{key}");
    }
    let [Write::Member(id, MemberDeed::Edit(edit), name)] = &writes(&mut driver, "y")[..] else {
        panic!("{}", driver.screen());
    };
    assert_eq!(
        (*id, name.as_str()),
        (data::member_id(1), "grace.lovelace@acme.io")
    );
    let expected = MemberEdit {
        role: Some("admin".into()),
        if_version: edit.if_version,
        ..MemberEdit::default()
    };
    assert_eq!(**edit, expected);
    assert!(edit.if_version.is_some());
}

#[test]
fn who_is_provisioned_is_taken_back_and_who_is_not_is_handed_over() {
    let mut driver = full();
    driver.press(&["2", "j", "enter", "L"]);
    assert!(driver.shows("the IdP's hands?"), "{}", driver.screen());
    assert_eq!(writes(&mut driver, "enter"), [], "enter is never yes");
    driver.press(&["L"]);
    let asked = writes(&mut driver, "y");
    assert!(
        matches!(asked[..], [Write::Member(_, MemberDeed::Unlink(_), _)]),
        "{asked:?}"
    );
}

#[test]
fn a_member_is_deleted_only_once_their_name_is_typed_and_what_they_lose_is_told() {
    let mut driver = full();
    driver.press(&["2", "j", "enter", "X"]);
    assert!(
        driver.shows("Delete grace.lovelace@acme.io?"),
        "{}",
        driver.screen()
    );
    assert!(
        driver.shows("role writer, given to the member"),
        "{}",
        driver.screen()
    );
    assert_eq!(writes(&mut driver, "ctrl-y"), []);
    driver.type_text("grace.lovelace@acme.io");
    assert_eq!(writes(&mut driver, "enter"), [], "enter is never yes");
    driver.press(&["X"]).type_text("grace.lovelace@acme.io");
    let asked = writes(&mut driver, "ctrl-y");
    assert!(
        matches!(asked[..], [Write::Member(_, MemberDeed::Delete(_), _)]),
        "{asked:?}"
    );
}

#[test]
fn the_marked_member_is_merged_into_the_open_one() {
    let mut driver = full();
    driver.press(&["2", "j", "enter", "m"]);
    assert!(
        driver.shows("mark the one who shall go"),
        "{}",
        driver.screen()
    );
    let mut driver = full();
    driver.press(&["2", "j", "space", "j", "enter", "m"]);
    let question = "Merge grace.lovelace@acme.io into";
    assert!(driver.shows(question), "{}", driver.screen());
    driver.type_text("grace.lovelace@acme.io");
    let asked = writes(&mut driver, "ctrl-y");
    let [Write::Member(_, MemberDeed::Merge(merge), _)] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(merge.other, data::member_id(1));
}

/// What is said of the owner is what `guard.owner` makes true.
#[test]
fn the_owner_is_out_of_reach_only_while_the_guard_says_so() {
    let mut driver = Driver::new(Fake::new(State::Full), 200, 50);
    driver.press(&["2", "enter"]);
    assert!(driver.shows("no IdP may deactivate"), "{}", driver.screen());
    driver.press(&["D"]);
    assert!(
        driver.shows("nobody may deactivate the owner"),
        "{}",
        driver.screen()
    );

    let mut fake = Fake::new(State::Full);
    fake.owner_unguarded = true;
    let mut driver = Driver::new(fake, 200, 50);
    driver.press(&["2", "enter"]);
    assert!(driver.shows("guard.owner is off"), "{}", driver.screen());
    assert!(!driver.shows("no IdP may"), "{}", driver.screen());
    driver.press(&["D"]);
    assert!(
        !driver.shows("nobody may deactivate"),
        "{}",
        driver.screen()
    );
    assert!(driver.shows("can no longer sign in"), "{}", driver.screen());
}

/// What removes many wants their number typed; neither Enter nor a word does it.
#[test]
fn everybody_provisioned_goes_once_their_number_is_typed() {
    let mut driver = full();
    driver.press(&["2"]);
    let purge = command::find("member.purge").unwrap();
    let effects = driver.app.invoke(purge, "");
    driver.carry_out(effects);
    assert!(driver.shows("Remove 12 members?"), "{}", driver.screen());
    assert!(driver.shows("and 2 more"), "{}", driver.screen());
    assert!(driver.shows("Type 12:"), "{}", driver.screen());
    driver.type_text("provisioned");
    assert_eq!(writes(&mut driver, "ctrl-y"), []);
    assert_eq!(writes(&mut driver, "enter"), []);
    assert!(driver.shows("nothing was changed"), "{}", driver.screen());
    let effects = driver.app.invoke(purge, "");
    driver.carry_out(effects);
    driver.type_text("12");
    let [Write::PurgeMembers(names)] = &writes(&mut driver, "ctrl-y")[..] else {
        panic!("{}", driver.screen());
    };
    assert_eq!(names.len(), 12);

    let mut fake = Fake::new(State::Full);
    fake.provisioned = 0;
    let mut driver = Driver::new(fake, 120, 40);
    driver.press(&["2"]);
    let effects = driver.app.invoke(purge, "");
    driver.carry_out(effects);
    assert!(
        driver.shows("no IdP has provisioned anybody"),
        "{}",
        driver.screen()
    );
}

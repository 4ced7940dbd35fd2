//! `provost sync`, `provost provisioning`, and the verbs of `provost team` that change one.

use rstest::rstest;

use crate::home::Home;
use crate::pty::answer;

#[rstest]
#[case::yes("yes\n", 0, true)]
#[case::enter("\n", 1, false)]
fn team_sync_is_turned_on_by_a_typed_yes(#[case] typed: &str, #[case] code: u32, #[case] on: bool) {
    let home = Home::under("safe");
    home.run(&["team", "add", "Harbour"]).ok();
    let (ended, shown) = answer(&home, &["sync", "on"], "Type yes to go on: ", typed);
    assert_eq!(ended, code, "{shown}");
    assert!(shown.contains("1 team kept here: Harbour"), "{shown}");
    assert!(shown.contains("delete nothing"), "{shown}");
    assert_eq!(home.json(&["sync", "status"])["on"], on);
}

#[test]
fn team_sync_is_told_previewed_and_turned() {
    let home = Home::under("safe");
    let off = home.run(&["sync", "status"]).ok().stdout;
    assert!(
        off.contains("⏸ off") && off.contains("Turning it on would"),
        "{off}"
    );
    let told = home.run(&["sync", "on", "--dry-run"]).ok().stdout;
    assert!(
        told.contains("teamSync off → on") && told.contains("nothing changed"),
        "{told}"
    );
    assert!(
        told.contains("it would leave alone, whatever is pushed, 0 teams kept here"),
        "{told}"
    );
    let document = home.json(&["sync", "on", "--dry-run"]);
    assert!(
        document["effects"]
            .to_string()
            .contains("0 teams kept here"),
        "{document}"
    );
    assert_eq!(home.json(&["sync", "status"])["on"], false);
    home.run(&["sync", "on"]).ends(2).says("--yes");
    home.run(&["sync", "on", "--yes"]).ok();
    let again = home.run(&["sync", "on", "--yes"]).ok().stdout;
    assert!(again.contains("already so"), "{again}");
    home.run(&["sync", "off", "--yes"]).ok();
    assert_eq!(home.json(&["sync", "status"])["on"], false);
    let always = Home::under("unleash");
    always
        .run(&["sync", "off", "--yes"])
        .ends(3)
        .says("always on");
}

#[test]
fn synced_teams_are_purged_after_their_number_was_typed() {
    let home = Home::under("safe");
    for name in ["Harbour", "Payments", "Own"] {
        home.run(&["team", "add", name]).ok();
    }
    home.run(&["sync", "on", "--yes"]).ok();
    for name in ["Harbour", "Payments"] {
        home.run(&["team", "link", name, "--external-id", name])
            .ok();
    }
    home.run(&["team", "delete", "Harbour", "--yes"])
        .ends(3)
        .says("unlinked or paused, or team sync is off");
    let purge = ["team", "purge", "--synced"];
    let dry = home.run(&[&purge[..], &["--dry-run"]].concat()).ok().stdout;
    assert!(
        dry.starts_with("2 teams that identity providers rule would be deleted"),
        "{dry}"
    );
    home.run(&purge)
        .ends(2)
        .says("  Harbour")
        .says("turn team sync off first where it shall not");
    let (ended, shown) = answer(&home, &purge, "Type 2 to go on: ", "3\n");
    assert_eq!(ended, 1, "{shown}");
    let (ended, shown) = answer(&home, &purge, "Type 2 to go on: ", "2\n");
    assert_eq!(ended, 0, "{shown}");
    let left = home.json(&["team", "list"]);
    assert_eq!(left["items"].as_array().unwrap().len(), 1, "{left}");
    assert_eq!(left["items"][0]["name"], "Own");
    home.run(&purge).ok();
}

#[test]
fn provisioning_is_paused_and_turned_off() {
    let home = Home::under("safe");
    for (verb, state) in [("pause", "paused"), ("off", "off"), ("on", "on")] {
        home.run(&["provisioning", verb, "--yes"]).ok();
        assert_eq!(
            home.json(&["provisioning", "status"])["provisioning"],
            state
        );
    }
    home.run(&["provisioning", "off"]).ends(2).says("--yes");
    let told = home.run(&["provisioning", "off", "--dry-run"]).ok().stdout;
    assert!(told.contains("provisioning on → off"), "{told}");
}

#[test]
fn a_team_is_changed_by_its_verbs() {
    let home = Home::under("safe");
    home.run(&["member", "add", "ada@example.com"]).ok();
    home.run(&["team", "add", "Harbour"]).ok();
    home.run(&["team", "describe", "Harbour", "where ships are"])
        .ok();
    home.run(&["team", "set-role", "Harbour", "writer", "pilot"])
        .ok();
    home.run(&["team", "maintainers", "Harbour", "ada@example.com"])
        .ok();
    home.run(&["team", "members", "add", "Harbour", "ada@example.com"])
        .ok();
    home.run(&["team", "rename", "Harbour", "Port"]).ok();
    let port = home.json(&["team", "show", "Port"]);
    assert_eq!(port["description"], "where ships are");
    assert_eq!(port["roles"], serde_json::json!(["writer", "pilot"]));
    assert_eq!(port["maintained_by"][0]["user_name"], "ada@example.com");
    assert_eq!(
        (&port["members"], &port["key"]),
        (&1.into(), &"harbour".into())
    );
    let text = home.run(&["team", "show", "Port"]).ok().stdout;
    assert!(
        text.contains("writer, pilot") && text.contains("where ships are"),
        "{text}"
    );

    home.run(&["team", "pause", "Port"])
        .ends(3)
        .says("no identity provider rules this team");
    home.run(&["team", "link", "Port", "--external-id", "g-1"])
        .ok();
    home.run(&["team", "pause", "Port"]).ok();
    assert_eq!(home.json(&["team", "show", "Port"])["paused"], true);
    home.run(&["team", "resume", "Port"]).ok();
    home.run(&["team", "unlink", "Port"]).ends(2);
    home.run(&["team", "unlink", "Port", "--empty"])
        .ends(2)
        .says("--yes");
    home.run(&["team", "unlink", "Port", "--keep"]).ok();
    let port = home.json(&["team", "show", "Port"]);
    assert_eq!(
        (&port["source"], &port["members"]),
        (&"unlinked".into(), &1.into())
    );
    let listed = home.run(&["team", "list", "source:unlinked"]).ok().stdout;
    assert!(listed.contains("Port"), "{listed}");
    home.run(&["team", "members", "remove", "Port", "ada@example.com"])
        .ok();
    home.run(&["team", "set-role", "Port", "--none"]).ok();
    home.run(&["team", "members", "add", "Port", "nobody"])
        .ends(4);
    home.run(&["team", "delete", "Port"]).ends(2).says("--yes");
    home.run(&["team", "delete", "Port", "--yes"]).ok();
    home.run(&["team", "show", "Port"]).ends(4);
}

//! `provost member`.

use std::process::Stdio;

use rstest::rstest;

use crate::home::Home;
use crate::pty::{answer, answer_after};

fn with_ada() -> Home {
    let home = Home::with_account();
    home.run(&[
        "member",
        "add",
        "ada@example.com",
        "--given-name",
        "Ada",
        "--family-name",
        "Lovelace",
    ])
    .ok();
    home
}

#[test]
fn a_member_lives_a_whole_life() {
    let home = with_ada();
    let shown = home.json(&["member", "show", "ada@example.com"]);
    assert_eq!(shown["user_name"], "ada@example.com");
    assert_eq!(shown["active"], true);
    let id = shown["id"].as_str().unwrap();

    let run = home.run(&["member", "deactivate", id, "--yes"]).ok();
    assert!(run.stdout.contains("Ada Lovelace"), "{}", run.stdout);
    assert_eq!(home.json(&["member", "show", id])["active"], false);
    let inactive = home.json(&["member", "list", "active:false"]);
    assert_eq!(inactive["items"][0]["id"], id);

    home.run(&["member", "restore", id]).ok();
    assert_eq!(home.json(&["member", "show", id])["active"], true);
    let timeline = home.json(&["member", "timeline", id]);
    assert_eq!(timeline["items"].as_array().unwrap().len(), 3);
    assert_eq!(timeline["items"][2]["change"]["op"], "create");
    let shown = home.run(&["member", "timeline", id]).ok().stdout;
    assert!(shown.contains("admin cli"), "{shown}");
}

#[test]
fn doing_it_twice_changes_nothing_and_succeeds() {
    let home = with_ada();
    let arguments = ["member", "deactivate", "ada@example.com", "--yes"];
    home.run(&arguments).ok();
    let again = home.run(&arguments).ok();
    assert!(again.stdout.contains("nothing changed"), "{}", again.stdout);
}

#[test]
fn a_list_comes_as_table_json_and_csv() {
    let home = with_ada();
    let table = home.run(&["member", "list"]).ok().stdout;
    let mut lines = table.lines();
    assert!(lines.next().unwrap().starts_with("STATE"));
    assert!(
        table.contains("✓ active") && table.contains("Ada Lovelace"),
        "{table}"
    );
    let document = home.json(&["member", "list"]);
    assert_eq!(document["total"]["exact"], 2);
    let csv = home.run(&["member", "list", "--csv"]).ok().stdout;
    assert!(csv.starts_with("id,state,name,user_name,"), "{csv}");
    assert!(csv.contains("\"Ada Lovelace\",ada@example.com"), "{csv}");
    home.run(&["member", "list", "--csv", "--json"])
        .ends(2)
        .says("cannot be given together");
}

#[test]
fn a_page_says_that_there_is_more() {
    let home = with_ada();
    let run = home.run(&["member", "list", "--limit", "1"]).ok();
    assert!(
        run.stderr.contains("1 of 2 members; more with --offset 1"),
        "{}",
        run.stderr
    );
    let all = home.json(&["member", "list", "--all", "--sort", "name"]);
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
}

#[rstest]
#[case::show(&["member", "show", "nobody"])]
#[case::timeline(&["member", "timeline", "nobody"])]
#[case::deactivate(&["member", "deactivate", "nobody", "--yes"])]
#[case::restore(&["member", "restore", "nobody"])]
fn nobody_is_not_found(#[case] arguments: &[&str]) {
    Home::with_account().run(arguments).ends(4).says("nobody");
}

#[test]
fn a_user_name_is_taken_once() {
    let home = with_ada();
    home.run(&["member", "add", "ADA@example.com"]).ends(5);
    let run = home
        .run(&["member", "add", "ada@example.com", "--json"])
        .ends(5);
    let error: serde_json::Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!(error["error"]["kind"], "conflict");
}

#[test]
fn the_owner_stays() {
    let home = Home::with_account();
    home.run(&["member", "deactivate", "owner@example.com", "--yes"])
        .ends(3);
    let owner = home.json(&["member", "show", "owner@example.com"]);
    assert_eq!(owner["active"], true);
}

/// Where no guard keeps their role, the owner is one beside whatever they were given, and every screen says both.
#[test]
fn the_owner_given_another_role_is_the_owner_and_has_that_role() {
    let home = Home::with_account();
    let owner = "owner@example.com";
    home.run(&["policy", "set", "guard.owner", "off", "--yes"])
        .ok();
    home.run(&["member", "set-role", owner, "noAccess"]).ok();
    home.run(&["member", "list"]).ok().shows("owner +1");
    home.run(&["member", "show", owner])
        .ok()
        .shows("owner, noAccess");
    let shown = home.json(&["member", "show", owner]);
    assert_eq!(
        (&shown["owner"], &shown["role"]),
        (&true.into(), &"noAccess".into())
    );
    // What an identity provider reads is what was written, or it would write it for ever.
    let extension = "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User";
    assert_eq!(shown["resource"][extension]["role"], "noAccess");
    let access = home.json(&["member", "access", owner]);
    let roles = access["roles"].as_array().unwrap().iter();
    let roles: Vec<_> = roles.map(|held| held["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["owner", "noAccess"]);
    assert_eq!(access["is_admin"], true);
}

#[test]
fn nothing_is_taken_away_unasked() {
    let home = with_ada();
    home.run(&["member", "deactivate", "ada@example.com"])
        .ends(2)
        .says("nobody can be asked here");
    assert_eq!(
        home.json(&["member", "show", "ada@example.com"])["active"],
        true
    );
}

#[rstest]
#[case::add(&["member", "add", "eve@example.com"])]
#[case::deactivate(&["member", "deactivate", "owner@example.com", "--yes"])]
#[case::token(&["token", "new", "--name", "x"])]
#[case::team(&["team", "add", "x"])]
fn a_change_is_refused_read_only(#[case] arguments: &[&str]) {
    let home = Home::with_account();
    let read_only: Vec<&str> = [arguments, &["--read-only"]].concat();
    home.run(&read_only).ends(3).says("read-only");
    assert_eq!(home.json(&["status"])["members"], 1);
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let home = with_ada();
    let mut child = home
        .command(&["member", "list", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_name_cannot_steer_the_terminal() {
    let home = Home::with_account();
    home.run(&[
        "member",
        "add",
        "eve@example.com",
        "--given-name",
        "\u{1b}[2JEve",
    ])
    .ok();
    let run = home.run(&["member", "list"]).ok();
    assert!(!run.stdout.contains('\u{1b}') && run.stdout.contains("\\u{1b}[2JEve"));
}

#[rstest]
#[case::one("\u{1}")]
#[case::in_the_middle("eve\u{1b}[2J@example.com")]
fn a_key_that_nobody_can_read_is_refused(#[case] user_name: &str) {
    let home = Home::with_account();
    let run = home.run(&["member", "add", user_name]).ends(2);
    assert!(run.stderr.contains("U+00"), "{}", run.stderr);
    assert!(!run.stderr.contains('\u{1b}'));
    let run = home.run(&["team", "add", user_name]).ends(2);
    assert!(run.stderr.contains("displayName"), "{}", run.stderr);
    assert_eq!(home.json(&["member", "list"])["total"]["exact"], 1);
}

#[test]
fn a_role_that_nobody_knows_is_refused_with_those_that_are() {
    let home = Home::with_account();
    let add = |role| home.run(&["member", "add", "eve@example.com", "--role", role]);
    let run = add("nope").ends(2);
    assert!(
        run.stderr
            .contains("the roles are noAccess, reader, writer, admin")
    );
    // Nobody becomes owner by a command, which is the guard's answer.
    add("owner").ends(3);
    assert_eq!(home.json(&["member", "list"])["total"]["exact"], 1);
    add("writer").ok();
}

#[rstest]
#[case::value(&["member", "list", "active:maybe"], "active:true or active:false")]
#[case::source(&["team", "list", "source:moon"], "source:synced, source:local, source:unlinked or source:released")]
#[case::key(&["member", "list", "ada", "rol:admin"], "role:NAME")]
fn a_filter_that_cannot_be_is_refused(#[case] arguments: &[&str], #[case] told: &str) {
    let home = Home::with_account();
    let run = home.run(arguments).ends(2);
    assert!(run.stderr.contains(told), "{}", run.stderr);
}

#[test]
fn a_member_s_roles_are_set_and_told_with_where_they_come_from() {
    let home = Home::with_account();
    home.run(&["member", "add", "eve@example.com"]).ok();
    let access = home.run(&["member", "access", "eve@example.com"]).ok();
    assert!(
        access.stdout.contains("default, none was given"),
        "{}",
        access.stdout
    );
    let set = [
        "member",
        "set-role",
        "eve@example.com",
        "admin",
        "--dry-run",
    ];
    home.run(&set).ok();
    assert_eq!(
        home.json(&["member", "access", "eve@example.com"])["is_admin"],
        false
    );
    home.run(&set[..4]).ok();
    let access = home.json(&["member", "access", "eve@example.com"]);
    assert_eq!(
        (&access["is_admin"], &access["roles"][0]["role"]),
        (&true.into(), &"admin".into())
    );
    let run = home
        .run(&["member", "set-role", "eve@example.com", "nope"])
        .ends(2);
    assert!(run.stderr.contains("there is no role"), "{}", run.stderr);
    home.run(&[
        "member",
        "set-role",
        "eve@example.com",
        "default",
        "--custom",
        "qa",
    ])
    .ok();
    let access = home.json(&["member", "access", "eve@example.com"]);
    assert_eq!(access["is_admin"], false);
    home.run(&["member", "set-role", "eve@example.com"]).ends(2);
}

#[test]
fn a_member_is_edited_and_removed_only_on_a_yes() {
    let home = Home::with_account();
    home.run(&["member", "add", "eve@example.com"]).ok();
    home.run(&["member", "edit", "eve@example.com", "--title", "Dr"])
        .ok();
    let shown = home.json(&["member", "show", "eve@example.com"]);
    assert_eq!(shown["resource"]["title"], "Dr");
    home.run(&["member", "edit", "eve@example.com", "--title", ""])
        .ok();
    let shown = home.json(&["member", "show", "eve@example.com"]);
    assert!(shown["resource"]["title"].is_null(), "{shown}");
    // Nobody is there to ask.
    home.run(&["member", "delete", "eve@example.com"]).ends(2);
    home.run(&["member", "delete", "eve@example.com", "--yes"])
        .ok();
    home.run(&["member", "show", "eve@example.com"]).ends(4);
    home.run(&["member", "purge"]).ends(2);
    let purged = home
        .run(&["member", "purge", "--provisioned", "--yes"])
        .ok();
    assert!(
        purged.stdout.contains("nothing changed"),
        "{}",
        purged.stdout
    );
}

fn with_provisioned(names: &[&str]) -> Home {
    let home = Home::with_account();
    for name in names {
        home.run(&["member", "add", name]).ok();
        home.run(&["member", "link", name]).ok();
    }
    home.run(&["member", "add", "local@example.com"]).ok();
    home
}

#[test]
fn a_purge_lists_who_goes_and_has_their_number_typed() {
    let home = with_provisioned(&["eve@example.com", "kim@example.com"]);
    let purge = ["member", "purge", "--provisioned"];
    let dry = home.run(&[&purge[..], &["--dry-run"]].concat()).ok().stdout;
    assert!(
        dry.starts_with("2 members whom identity providers provisioned would be removed"),
        "{dry}"
    );
    assert!(dry.contains("eve@example.com") && dry.contains("kim@example.com"));
    let unasked = home.run(&purge).ends(2).says("--yes");
    assert!(
        unasked.stderr.contains("  kim@example.com"),
        "{}",
        unasked.stderr
    );
    let (ended, shown) = answer(&home, &purge, "Type 2 to go on: ", "yes\n");
    assert_eq!(ended, 1, "{shown}");
    assert_eq!(home.json(&["member", "list"])["total"]["exact"], 4);
    let (ended, shown) = answer(&home, &purge, "Type 2 to go on: ", "2\n");
    assert_eq!(ended, 0, "{shown}");
    let left = home.json(&["member", "list"]);
    assert_eq!(left["total"]["exact"], 2, "{left}");
    home.run(&["member", "show", "local@example.com"]).ok();
    let again = home.run(&purge).ok().stdout;
    assert!(again.contains("already so"), "{again}");
}

#[test]
fn who_came_while_a_purge_was_asked_about_is_told() {
    let home = with_provisioned(&["eve@example.com"]);
    let (ended, shown) = answer_after(
        &home,
        &["member", "purge", "--provisioned"],
        "Type 1 to go on: ",
        || {
            home.run(&["member", "link", "local@example.com"]).ok();
        },
        "1\n",
    );
    assert_eq!(ended, 5, "{shown}");
    assert!(
        shown.contains("changed while the question was open"),
        "{shown}"
    );
    assert_eq!(home.json(&["member", "list"])["total"]["exact"], 3);
}

#[test]
fn two_members_are_merged_and_linked() {
    let home = Home::with_account();
    for name in ["eve@example.com", "eve"] {
        home.run(&["member", "add", name]).ok();
    }
    home.run(&["member", "link", "eve@example.com", "--external-id", "e-1"])
        .ok();
    let shown = home.json(&["member", "show", "eve@example.com"]);
    assert_eq!(
        (&shown["management"], &shown["external_id"]),
        (&"provisioned".into(), &"e-1".into())
    );
    home.run(&["member", "merge", "eve", "eve@example.com", "--yes"])
        .ok();
    let shown = home.json(&["member", "show", "eve@example.com"]);
    assert_eq!(shown["external_id"], "e-1");
    home.run(&["member", "unlink", "eve@example.com"]).ok();
    home.run(&[
        "member",
        "merge",
        "eve@example.com",
        "owner@example.com",
        "--yes",
    ])
    .ends(3);
}

#[test]
fn who_is_added_under_a_preset_with_invitations_is_invited_for_so_long() {
    let home = Home::under("datadog");
    home.run(&["member", "add", "kim@example.com"]).ok();
    let shown = home.json(&["member", "show", "kim@example.com"]);
    let moment =
        |value: &serde_json::Value| -> jiff::Timestamp { value.as_str().unwrap().parse().unwrap() };
    let (invited, until) = (moment(&shown["invited"]), moment(&shown["invited_until"]));
    assert_eq!(until.duration_since(invited).as_hours(), 48);
    assert_eq!(shown["invitation_expired"], false);
    let told = home.run(&["member", "show", "kim@example.com"]).ok().stdout;
    assert!(told.contains("the link works until"), "{told}");
    // Days later nothing was done to them, and their link works no longer.
    let database = rusqlite::Connection::open(home.data().join("provost.db")).unwrap();
    database
        .execute(
            "UPDATE resource SET invited = invited - 172800000000000 WHERE invited > 0",
            [],
        )
        .unwrap();
    drop(database);
    let told = home.run(&["member", "show", "kim@example.com"]).ok().stdout;
    assert!(told.contains("the link expired"), "{told}");
    home.run(&["member", "invite", "kim@example.com"]).ok();
    let again = home.json(&["member", "show", "kim@example.com"]);
    assert!(moment(&again["invited"]) >= invited);
    // The owner is here, and who may not sign in is not invited.
    home.run(&["member", "invite", "owner@example.com"]).ends(2);
    home.run(&["member", "deactivate", "kim@example.com", "--yes"])
        .ok();
    home.run(&["member", "invite", "kim@example.com"])
        .ends(2)
        .says("inactive");
    let gone = home.json(&["member", "show", "kim@example.com"]);
    assert!(gone["invited_until"].is_null(), "{gone}");
}

#[test]
fn nobody_is_invited_where_the_policy_invites_nobody() {
    let home = with_ada();
    let shown = home.json(&["member", "show", "ada@example.com"]);
    assert!(shown["invited_until"].is_null(), "{shown}");
    home.run(&["member", "invite", "ada@example.com"])
        .ends(3)
        .says("users.invite_ttl = off");
    let public = ["--public-url", "https://provost.example.com"];
    let link = ["member", "invite", "ada@example.com", "--link"];
    let run = home.run(&[&link[..], &public[..]].concat()).ends(3);
    assert!(run.stdout.is_empty(), "{}", run.stdout);
    run.says("users.invite_ttl = off")
        .says("provost member reset-link");
    home.run(&["policy", "set", "users.invite_ttl", "2h", "--yes"])
        .ok();
    let made = home.run(&[&link[..], &public[..]].concat()).ok();
    let line = made.stdout.trim_end();
    assert!(
        line.starts_with("https://provost.example.com/reset?token=") && !line.contains('\n'),
        "{line}"
    );
}

#[rstest]
#[case::launchdarkly("launchdarkly", 256, 2)]
#[case::rfc("rfc", 0, 0)]
fn names_are_as_long_as_the_policy_lets_them_be(
    #[case] preset: &str,
    #[case] longest: u32,
    #[case] code: i32,
) {
    let home = Home::under(preset);
    let row = home.json(&["policy", "show", "users.longest"]);
    assert_eq!(row["value"], longest.to_string());
    let add = |name: &str, given: &str| home.run(&["member", "add", name, "--given-name", given]);
    add("eve@example.com", &"e".repeat(256)).ok();
    let run = add("kim@example.com", &"k".repeat(257)).ends(code);
    assert_eq!(
        run.stderr
            .contains("name.givenName has more than 256 characters"),
        code == 2,
        "{}",
        run.stderr
    );
}

#[test]
fn a_merge_is_taken_back_or_refused_with_the_reason() {
    let home = Home::with_account();
    for name in ["eve@example.com", "eve"] {
        home.run(&["member", "add", name]).ok();
    }
    home.run(&["member", "link", "eve@example.com", "--external-id", "e-1"])
        .ok();
    home.run(&["team", "add", "Harbour", "--member", "eve@example.com"])
        .ok();
    let resource = |name: &str| {
        let shown = home.json(&["member", "show", name]);
        let mut resource = shown["resource"].clone();
        resource["meta"].take();
        (
            shown["id"].clone(),
            resource,
            shown["management"].clone(),
            shown["memberships"].clone(),
        )
    };
    let before = (resource("eve@example.com"), resource("eve"));
    let merged = home.json(&["member", "merge", "eve", "eve@example.com", "--yes"]);
    let id = merged["request_id"].to_string();
    home.run(&["log", "undo", &id, "--yes"]).ok();
    assert_eq!((resource("eve@example.com"), resource("eve")), before);
    // Where one of the two has changed since, nothing of it is taken back.
    let merged = home.json(&["member", "merge", "eve", "eve@example.com", "--yes"]);
    let id = merged["request_id"].to_string();
    home.run(&["member", "edit", "eve@example.com", "--title", "Dr"])
        .ok();
    home.run(&["log", "undo", &id, "--yes"])
        .ends(5)
        .says("it cannot be undone");
}

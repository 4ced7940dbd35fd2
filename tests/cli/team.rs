//! `provost team`.

use crate::home::Home;

#[test]
fn a_team_is_added_with_members_and_shown() {
    let home = Home::with_account();
    home.run(&["member", "add", "ada@example.com"]).ok();
    home.run(&["team", "add", "Payments", "--member", "ada@example.com"])
        .ok();
    let shown = home.json(&["team", "show", "Payments"]);
    assert_eq!(shown["name"], "Payments");
    assert_eq!(shown["source"], "local");
    assert_eq!(
        shown["member_page"]["items"][0]["user_name"],
        "ada@example.com"
    );
    let text = home.run(&["team", "show", "Payments"]).ok().stdout;
    assert!(
        text.contains("1 member") && text.contains("✓ ada@example.com"),
        "{text}"
    );
    let listed = home.run(&["team", "list"]).ok().stdout;
    assert!(listed.contains("Payments"), "{listed}");
    let member = home.json(&["member", "show", "ada@example.com"]);
    assert_eq!(member["memberships"][0]["name"], "Payments");
}

#[test]
fn an_unknown_first_member_leaves_no_team_behind() {
    let home = Home::with_account();
    home.run(&["team", "add", "Payments", "--member", "nobody"])
        .ends(4)
        .says("nobody");
    home.run(&["team", "show", "Payments"]).ends(4);
    let run = home.run(&["team", "list"]).ok();
    assert!(run.stderr.contains("no teams"), "{}", run.stderr);
}

//! `provost guard` and `provost recover`.

use rstest::rstest;

use crate::home::Home;

fn owner(home: &Home) -> String {
    let members = home.json(&["member", "list"]);
    members["items"][0]["user_name"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn the_state_of_the_guards_lists_every_path_to_admin() {
    let home = Home::with_account();
    let status = home.json(&["guard", "status"]);
    assert_eq!(status["paths"][0]["user_name"], owner(&home));
    assert_eq!(status["paths"][0]["has_password"], true);
    let shown = home.run(&["guard", "status"]).ok().stdout;
    assert!(shown.contains("guard.blast_radius"), "{shown}");
    assert!(shown.contains("signs in by password"), "{shown}");
    let none = home.run(&["guard", "incidents"]).ok();
    none.says("no open incidents");
    assert_eq!(
        home.json(&["guard", "incidents"])["items"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    home.run(&["guard", "show", "4812"])
        .ends(4)
        .says("no incident");
    home.run(&["guard", "allow", "4812", "--yes"]).ends(4);
}

#[test]
fn a_recovery_admin_is_kept_proven_and_brought_back() {
    let home = Home::with_account();
    let owner = owner(&home);
    home.run(&["recover", "list"]).ok().says("nobody is kept");
    home.run(&["recover", "new", &owner, "--dry-run"]).ok();
    home.run(&["recover", "list"]).ok().says("nobody is kept");
    let made = home.run(&["recover", "new", &owner]).ok();
    let codes: Vec<&str> = made.stdout.lines().collect();
    assert_eq!(codes.len(), 5, "{}", made.stdout);
    home.run_with_input(&["recover", "prove", &owner, "--password-stdin"], "wrong\n")
        .ends(3)
        .says("not their password");
    let listed = home.json(&["recover", "list"]);
    assert_eq!(listed["items"][0]["proven"], serde_json::Value::Null);

    let input = format!("{}\na quite new password\n", codes[0]);
    home.run_with_input(&["recover", "use", "--stdin"], &input)
        .ok();
    home.run_with_input(&["recover", "use", "--stdin"], &input)
        .ends(3)
        .says("no recovery admin has this code");
    home.run_with_input(
        &["recover", "prove", &owner, "--password-stdin"],
        "a quite new password\n",
    )
    .ok();
    let listed = home.json(&["recover", "list"]);
    assert_eq!(listed["items"][0]["codes"], 4);
    assert!(listed["items"][0]["proven"].is_string());

    home.run(&["recover", "unmark", &owner])
        .ends(2)
        .says("--yes");
    home.run(&["recover", "unmark", &owner, "--yes"]).ok();
    home.run(&["recover", "list"]).ok().says("nobody is kept");
}

#[test]
fn a_code_is_not_taken_while_an_engine_runs() {
    let home = Home::with_account();
    let _engine = home.serve();
    home.run_with_input(
        &["recover", "use", "--stdin"],
        "prv_recover_x\na quite new password\n",
    )
    .ends(5)
    .says("runs");
}

#[rstest]
#[case::prove(&["recover", "prove", "owner@example.com"], "--password-stdin")]
#[case::use_code(&["recover", "use"], "--stdin")]
fn where_nothing_can_be_typed_the_flag_is_named(#[case] arguments: &[&str], #[case] flag: &str) {
    let home = Home::with_account();
    home.run(arguments).ends(2).says(&format!("with {flag}"));
    home.run_with_input(&[arguments, &[flag]].concat(), "")
        .ends(2)
        .says(&format!("{flag} reads"));
}

/// An admin without a password is a path by which nobody comes in, and every screen says so in the same words.
#[test]
fn who_can_sign_in_is_who_has_a_way_in() {
    let home = Home::with_account();
    home.run(&["member", "add", "eve@example.com", "--role", "admin"])
        .ok();
    let why =
        "no password set; `provost member reset-link eve@example.com` makes a link to set one";
    let status = home.json(&["guard", "status"]);
    let told: Vec<_> = status["paths"].as_array().unwrap().iter().collect();
    let eve = told
        .iter()
        .find(|path| path["user_name"] == "eve@example.com")
        .unwrap();
    assert_eq!(
        (&eve["may_sign_in"], &eve["why_not"]),
        (&false.into(), &why.into())
    );
    home.run(&["guard", "status"])
        .ok()
        .shows("Paths to admin: 1 of 2 can sign in")
        .shows(why);
    let overview = home.json(&["status"]);
    assert_eq!(overview["admins"], 2);
    assert_eq!(overview["admins_who_can_sign_in"], 1);
    home.run(&["status"]).ok().shows("1 of 2 can sign in");

    let access = home.json(&["member", "access", "eve@example.com"]);
    assert_eq!(access["active"], true);
    assert_eq!(
        (&access["may_sign_in"], &access["why_not"]),
        (&false.into(), &why.into())
    );
    home.run(&["member", "access", "eve@example.com"])
        .ok()
        .shows(why);
    let access = home.json(&["member", "access", &owner(&home)]);
    assert_eq!(access["may_sign_in"], true);
    assert_eq!(access["signs_in_by"], serde_json::json!(["password"]));

    // What it says to do can be done.
    home.run(&["member", "reset-link", "eve@example.com"])
        .ends(2)
        .says("nothing listens for browsers");
    let public = ["--public-url", "https://provost.example.com"];
    let link = |more: &[&str]| {
        let words = ["member", "reset-link", "eve@example.com"];
        home.run(&[&words, &public[..], more].concat()).ok()
    };
    let preview = link(&["--dry-run", "--json"]);
    assert!(
        !preview.stdout.contains("/reset?token="),
        "{}",
        preview.stdout
    );
    let made = link(&[]);
    let line = made.stdout.trim_end();
    assert!(
        line.starts_with("https://provost.example.com/reset?token=") && !line.contains('\n'),
        "{line}"
    );
    assert!(made.stderr.contains("never shown again"), "{}", made.stderr);
    let token = line.split_once("token=").unwrap().1;
    assert!(!made.stderr.contains(token));
    let told = link(&["--json"]).document();
    assert!(told["url"].as_str().unwrap().contains("/reset?token="));

    home.run(&["member", "deactivate", "eve@example.com", "--yes"])
        .ok();
    home.run(&["member", "access", "eve@example.com"])
        .ok()
        .shows("inactive; `provost member restore eve@example.com`");
}

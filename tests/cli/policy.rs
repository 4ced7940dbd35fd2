//! `provost policy` and `provost log undo`.

use rstest::rstest;

use crate::home::Home;

#[test]
fn a_key_is_shown_set_and_given_back() {
    let home = Home::with_account();
    let shown = home.run(&["policy", "show", "users.on_delete"]).ok().stdout;
    for part in [
        "what deleting a user means",
        "remove",
        "soft_delete",
        "S08",
        "preset",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    home.run(&["policy", "set", "users.on_delete", "disable", "--dry-run"])
        .ok();
    assert_eq!(value(&home, "users.on_delete"), "remove");
    let set = home
        .run(&["policy", "set", "users.on_delete", "disable", "--yes"])
        .ok();
    assert!(
        set.stdout.contains("users.on_delete remove → disable"),
        "{}",
        set.stdout
    );
    assert_eq!(value(&home, "users.on_delete"), "disable");
    let list = home.run(&["policy", "show", "--changed"]).ok();
    assert!(list.stdout.contains("users.on_delete") && !list.stdout.contains("users.match"));
    assert!(
        list.stderr
            .contains("preset rfc; 1 of its keys is set otherwise"),
        "{}",
        list.stderr
    );
    let status = home.run(&["status"]).ok().stdout;
    assert!(status.contains("rfc, 1 key set otherwise"), "{status}");
    home.run(&["policy", "reset", "users.on_delete", "--yes"])
        .ok();
    assert_eq!(value(&home, "users.on_delete"), "remove");
}

fn value(home: &Home, key: &str) -> String {
    let row = home.json(&["policy", "show", key]);
    row["value"].as_str().unwrap().to_owned()
}

#[rstest]
#[case::key(&["policy", "set", "users.on_delet", "remove", "--yes"], 4, "did you mean users.on_delete?")]
#[case::value(&["policy", "set", "users.on_delete", "remov", "--yes"], 2, "did you mean remove?")]
#[case::preset(&["policy", "preset", "datadgo", "--yes"], 2, "did you mean datadog?")]
#[case::diff(&["policy", "diff", "saef"], 2, "did you mean safe?")]
#[case::simulated(&["policy", "simulate", "--set", "users.on_delete=burn"], 2, "soft_delete")]
#[case::nothing_to_undo(&["policy", "undo", "--yes"], 4, "nothing to undo")]
#[case::no_such_request(&["log", "undo", "99", "--yes"], 4, "no request")]
fn what_makes_no_sense_is_refused(
    #[case] arguments: &[&str],
    #[case] code: i32,
    #[case] says: &str,
) {
    let home = Home::with_account();
    home.run(arguments).ends(code).says(says);
}

#[test]
fn nobody_is_asked_where_nobody_can_answer_and_what_would_change_is_told() {
    let home = Home::with_account();
    let run = home
        .run(&["policy", "preset", "datadog"])
        .ends(2)
        .says("--yes");
    assert!(
        run.stderr.contains("users.on_delete remove → disable"),
        "{}",
        run.stderr
    );
    let would = home.run(&["policy", "preset", "datadog", "--dry-run"]).ok();
    assert!(would.stdout.contains("nothing changed"), "{}", would.stdout);
    assert_eq!(home.json(&["policy", "show"])["preset"], "rfc");
}

/// What a preset would change is told whole, what could lock somebody out or let them in before the rest.
#[test]
fn a_preset_would_change_every_key_it_names_guards_first() {
    let home = Home::with_account();
    let diff = home.json(&["policy", "diff", "datadog"]);
    let keys = diff["differences"].as_array().unwrap().iter();
    let mut keys: Vec<&str> = keys.map(|it| it["key"].as_str().unwrap()).collect();
    let would = home.run(&["policy", "preset", "datadog", "--dry-run"]).ok();
    let told: Vec<&str> = would.stdout.lines().collect();
    let place = |line: &str| told.iter().position(|it| it.trim_start().starts_with(line));
    for key in &keys {
        assert!(
            place(&format!("{key} ")).is_some(),
            "{key}: {}",
            would.stdout
        );
    }
    assert!(!would.stdout.contains(" more"), "{}", would.stdout);
    let order = [
        "Guards",
        "guard.owner",
        "Who may sign in",
        "users.on_delete",
        "Roles",
        "roles.default",
        "Teams",
        "teams.match",
    ];
    let order = order.map(|line| place(line).unwrap_or_else(|| panic!("{line}: {}", would.stdout)));
    assert!(order.is_sorted(), "{}", would.stdout);
    keys.sort_unstable();
    let would = home.json(&["policy", "preset", "datadog", "--dry-run"]);
    assert!(would["changes"][0]["fields"].as_array().unwrap().len() >= keys.len());
}

#[test]
fn a_preset_is_followed_and_undone() {
    let home = Home::with_account();
    let diff = home.json(&["policy", "diff", "datadog"]);
    assert!(!diff["differences"].as_array().unwrap().is_empty());
    home.run(&["policy", "preset", "datadog", "--yes"]).ok();
    let diff = home.json(&["policy", "diff", "datadog"]);
    assert_eq!(diff["differences"].as_array().unwrap().len(), 0);
    home.run(&["policy", "undo", "--yes"]).ok();
    assert_eq!(home.json(&["policy", "show"])["preset"], "rfc");
}

#[test]
fn a_policy_is_exported_and_taken_over_elsewhere() {
    let home = Home::with_account();
    home.run(&["policy", "preset", "unleash", "--yes"]).ok();
    home.run(&["policy", "set", "users.match", "email,userName", "--yes"])
        .ok();
    let file = home.run(&["policy", "export"]).ok().stdout;
    let other = Home::with_account();
    let path = other.path().join("policy.toml");
    std::fs::write(&path, &file).unwrap();
    let import = ["policy", "import", path.to_str().unwrap(), "--yes"];
    other.run(&import).ok();
    assert_eq!(other.run(&["policy", "export"]).ok().stdout, file);
    let again = other.run(&import).ok();
    assert!(again.stdout.contains("already so"), "{}", again.stdout);
}

#[rstest]
#[case::key(
    "[policy]\npreset = \"safe\"\nusers.on_delet = \"remove\"",
    "policy.toml:3: there is no policy key \"users.on_delet\"; did you mean users.on_delete?"
)]
#[case::value(
    "[policy]\npreset = \"safe\"\n\nusers.on_delete = \"remov\"",
    "policy.toml:4: users.on_delete cannot be \"remov\""
)]
#[case::preset(
    "[policy]\npreset = \"saef\"",
    "policy.toml:2: there is no preset \"saef\"; did you mean safe?"
)]
#[case::no_preset("[policy]\nusers.on_delete = \"remove\"", "names no preset")]
#[case::empty("", "policy.toml: [policy] names no preset")]
#[case::syntax("[policy\n", "policy.toml:1")]
#[case::other("[tls]\ncert = \"x\"", "unknown key `tls`")]
fn a_file_with_a_mistake_changes_nothing(#[case] text: &str, #[case] says: &str) {
    let home = Home::with_account();
    let path = home.path().join("policy.toml");
    std::fs::write(&path, text).unwrap();
    home.run(&["policy", "import", path.to_str().unwrap(), "--yes"])
        .ends(2)
        .says(says);
    assert_eq!(home.json(&["policy", "show"])["version"], 0);
}

#[test]
fn the_configuration_file_goes_over_what_is_set() {
    let home = Home::with_account();
    let path = home.path().join("provost.toml");
    let with = |text: &str| std::fs::write(&path, text).unwrap();
    let config = path.to_str().unwrap().to_owned();
    with("[policy]\nusers.on_delete = \"disable\"\n");
    let row = home.json(&["policy", "show", "users.on_delete", "--config", &config]);
    assert_eq!(
        (row["value"].as_str(), row["source"].as_str()),
        (Some("disable"), Some("file"))
    );
    home.run(&[
        "policy",
        "set",
        "users.on_delete",
        "remove",
        "--yes",
        "--config",
        &config,
    ])
    .ends(3)
    .says("configuration file");
    with("[policy]\npreset = \"safe\"\n");
    let shown = home.json(&["policy", "show", "--config", &config]);
    assert_eq!(
        (shown["preset"].as_str(), shown["preset_source"].as_str()),
        (Some("safe"), Some("file"))
    );
    // A mistake stops the start.
    with("\n[policy]\nusers.on_delet = \"remove\"\n");
    home.run(&["serve", "--config", &config]).ends(2).says(
        "provost.toml:3: there is no policy key \"users.on_delet\"; did you mean users.on_delete?",
    );
    with("[policy]\npreset = \"saef\"\n");
    home.run(&["serve", "--config", &config])
        .ends(2)
        .says("provost.toml:2: there is no preset \"saef\"; did you mean safe?");
}

#[test]
fn a_request_is_undone_once() {
    let home = Home::with_account();
    home.run(&["member", "add", "ada@example.com"]).ok();
    let off = home.json(&["member", "deactivate", "ada@example.com", "--yes"]);
    let id = off["request_id"].to_string();
    let would = home.run(&["log", "undo", &id, "--dry-run"]).ok().stdout;
    assert!(would.contains("active false → true"), "{would}");
    home.run(&["log", "undo", &id]).ends(2).says("--yes");
    home.run(&["log", "undo", &id, "--yes"]).ok();
    let member = home.json(&["member", "show", "ada@example.com"]);
    assert_eq!(member["active"], true);
    home.run(&["log", "undo", &id, "--yes"])
        .ends(5)
        .says("it cannot be undone")
        .says("cli changed");
}

#[test]
fn a_simulation_says_what_it_rests_on() {
    let home = Home::with_account();
    let run = home
        .run(&[
            "policy", "simulate", "--preset", "datadog", "--since", "24h",
        ])
        .ok();
    for part in [
        "0 requests decided again",
        "users.on_delete remove → disable",
        "what it rests on",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    let document = home.json(&["policy", "simulate", "--set", "users.on_delete=disable"]);
    assert_eq!(document["decided"], 0);
    assert_eq!(document["differences"].as_array().unwrap().len(), 1);
}

#[rstest]
#[case::word("users.on_delete", "remov", "did you mean remove?")]
#[case::bogus("users.match", "bogus", "externalId")]
fn nobody_is_asked_about_a_value_that_is_none(
    #[case] key: &str,
    #[case] value: &str,
    #[case] says: &str,
) {
    let home = Home::with_account();
    let run = home.run(&["policy", "set", key, value]).ends(2).says(says);
    let asked = run.stderr.contains("--yes") || run.stderr.contains("now ");
    assert!(!asked, "{}", run.stderr);
}

#[test]
fn undoing_again_takes_back_what_was_before() {
    let home = Home::with_account();
    for value in ["disable", "deactivate"] {
        home.run(&["policy", "set", "users.on_delete", value, "--yes"])
            .ok();
    }
    let undo = || home.run(&["policy", "undo", "--yes"]);
    undo().ok();
    assert_eq!(value(&home, "users.on_delete"), "disable");
    let again = undo().ok().says("is taken back already");
    assert_eq!(value(&home, "users.on_delete"), "remove");
    undo()
        .ends(4)
        .says("every change of the policy is taken back already");
    // Undoing an undo is said by its number, and makes a change that can be taken back.
    let (_, rest) = again.stdout.split_once("(request #").unwrap();
    let (number, _) = rest.split_once(')').unwrap();
    home.run(&["log", "undo", number, "--yes"]).ok();
    assert_eq!(value(&home, "users.on_delete"), "disable");
    undo().ok();
    assert_eq!(value(&home, "users.on_delete"), "remove");
    let help = home.run(&["policy", "undo", "--help"]).ok().stdout;
    assert!(help.contains("stepped over"), "{help}");
}

#[rstest]
#[case::value(&["policy", "set", "users.on_delete", "remove"])]
#[case::reset(&["policy", "reset", "users.on_delete"])]
#[case::preset(&["policy", "preset", "rfc"])]
fn nobody_is_asked_about_what_is_so_already(#[case] arguments: &[&str]) {
    let home = Home::with_account();
    let run = home.run(arguments).ok();
    assert!(run.stdout.contains("already so"), "{}", run.stdout);
}

#[rstest]
#[case::base_path("scim.base_path", "admin", 2, "scim.base_path is \"admin\"")]
#[case::role("roles.default", "captain", 2, "none of roles.base")]
#[case::empty("users.match", "", 2, "nobody is recognised")]
#[case::no_admin("roles.admin", "", 2, "nobody could look after")]
#[case::twice("users.match", "email,email", 2, "it names email twice")]
#[case::fixed("users.on_inactive", "disable", 3, "configuration file")]
fn nobody_is_asked_about_what_is_refused(
    #[case] key: &str,
    #[case] value: &str,
    #[case] code: i32,
    #[case] says: &str,
) {
    let home = Home::with_account();
    let config = home.path().join("provost.toml");
    std::fs::write(&config, "[policy]\nusers.on_inactive = \"remove\"\n").unwrap();
    let config = config.to_str().unwrap();
    let run = home
        .run(&["policy", "set", key, value, "--config", config])
        .ends(code)
        .says(says);
    let asked = run.stderr.contains("--yes") || run.stderr.contains("  now ");
    assert!(!asked, "{}", run.stderr);
}

#[test]
fn only_a_key_that_is_near_is_suggested() {
    let home = Home::with_account();
    let run = home.run(&["policy", "reset", "users.nope"]).ends(4);
    assert!(!run.stderr.contains("did you mean"), "{}", run.stderr);
    home.run(&["policy", "reset", "usres.cose"])
        .ends(4)
        .says("did you mean users.case?");
}

#[test]
fn without_anything_named_what_a_restart_would_change_is_simulated() {
    let home = Home::with_account();
    home.run(&["policy", "simulate"])
        .ends(2)
        .says("nothing to simulate")
        .says("--preset");
    let _engine = home.serve();
    let config = home.path().join("provost.toml");
    let simulate = ["policy", "simulate", "--config", config.to_str().unwrap()];
    std::fs::write(&config, "[policy]\nusers.on_delete = \"disable\"\n").unwrap();
    home.run(&simulate)
        .ok()
        .says("the configuration file says")
        .says("1 key of the policy differs:")
        .says("users.on_delete remove → disable");
    std::fs::write(&config, "[policy]\npreset = \"rfc\"\n").unwrap();
    home.run(&simulate).ends(2).says("nothing to simulate");
}

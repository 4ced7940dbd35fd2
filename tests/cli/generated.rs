//! Text that follows from the command tree: help, manual page, completions. A change of any of them shows up here;
//! `cargo insta accept` takes it.

use insta::assert_snapshot;
use rstest::rstest;

use crate::home::Home;

#[rstest]
#[case::root("root", &[])]
#[case::init("init", &["init"])]
#[case::serve("serve", &["serve"])]
#[case::demo("demo", &["demo"])]
#[case::rehearse("rehearse", &["rehearse"])]
#[case::status("status", &["status"])]
#[case::doctor("doctor", &["doctor"])]
#[case::token("token", &["token"])]
#[case::token_new("token_new", &["token", "new"])]
#[case::token_list("token_list", &["token", "list"])]
#[case::token_rotate("token_rotate", &["token", "rotate"])]
#[case::client("client", &["client"])]
#[case::client_new("client_new", &["client", "new"])]
#[case::client_list("client_list", &["client", "list"])]
#[case::client_show("client_show", &["client", "show"])]
#[case::client_rotate("client_rotate", &["client", "rotate"])]
#[case::client_revoke("client_revoke", &["client", "revoke"])]
#[case::token_revoke("token_revoke", &["token", "revoke"])]
#[case::member("member", &["member"])]
#[case::member_list("member_list", &["member", "list"])]
#[case::member_show("member_show", &["member", "show"])]
#[case::member_timeline("member_timeline", &["member", "timeline"])]
#[case::member_add("member_add", &["member", "add"])]
#[case::member_deactivate("member_deactivate", &["member", "deactivate"])]
#[case::member_restore("member_restore", &["member", "restore"])]
#[case::team("team", &["team"])]
#[case::team_list("team_list", &["team", "list"])]
#[case::team_show("team_show", &["team", "show"])]
#[case::team_add("team_add", &["team", "add"])]
#[case::stream("stream", &["stream"])]
#[case::stream_new("stream_new", &["stream", "new"])]
#[case::stream_list("stream_list", &["stream", "list"])]
#[case::stream_show("stream_show", &["stream", "show"])]
#[case::stream_pause("stream_pause", &["stream", "pause"])]
#[case::stream_resume("stream_resume", &["stream", "resume"])]
#[case::stream_delete("stream_delete", &["stream", "delete"])]
#[case::stream_rotate_key("stream_rotate_key", &["stream", "rotate-key"])]
#[case::policy("policy", &["policy"])]
#[case::policy_set("policy_set", &["policy", "set"])]
#[case::policy_simulate("policy_simulate", &["policy", "simulate"])]
#[case::policy_import("policy_import", &["policy", "import"])]
#[case::log_undo("log_undo", &["log", "undo"])]
#[case::log("log", &["log"])]
#[case::log_tail("log_tail", &["log", "tail"])]
#[case::log_search("log_search", &["log", "search"])]
#[case::log_show("log_show", &["log", "show"])]
#[case::scim("scim", &["scim"])]
#[case::scim_connect("scim_connect", &["scim", "connect"])]
#[case::scim_disconnect("scim_disconnect", &["scim", "disconnect"])]
#[case::scim_status("scim_status", &["scim", "status"])]
#[case::scim_schema("scim_schema", &["scim", "schema"])]
#[case::scim_schema_list("scim_schema_list", &["scim", "schema", "list"])]
#[case::scim_schema_check("scim_schema_check", &["scim", "schema", "check"])]
#[case::scim_dialects("scim_dialects", &["scim", "dialects"])]
#[case::completions("completions", &["completions"])]
#[case::man("man", &["man"])]
fn help_says_what_a_command_does(#[case] name: &str, #[case] command: &[&str]) {
    let arguments: Vec<&str> = [command, &["--help"]].concat();
    let help = Home::empty().run(&arguments).ok().stdout;
    // The global options are the same everywhere and shown once.
    let shown = match help.split_once("Global options:") {
        Some((own, rest)) if !command.is_empty() => {
            let after = rest.split_once("\n\n").map_or("", |(_, after)| after);
            format!("{own}{after}")
        }
        _ => help,
    };
    assert_snapshot!(format!("help_{name}"), shown);
}

#[test]
fn the_manual_page_follows_the_commands() {
    let home = Home::empty();
    let page = home.run(&["man"]).ok().stdout;
    // A new version is no reason to look at the page again.
    assert_snapshot!("man", page.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    let dir = home.path().join("man1");
    home.run(&["man", "--dir", dir.to_str().unwrap()]).ok();
    assert!(dir.join("provost-member-deactivate.1").exists());
}

#[test]
fn completions_follow_the_commands() {
    let home = Home::empty();
    assert_snapshot!(
        "completions_fish",
        home.run(&["completions", "fish"]).ok().stdout
    );
    for shell in ["bash", "zsh", "elvish", "powershell"] {
        let script = home.run(&["completions", shell]).ok().stdout;
        assert!(script.contains("deactivate"), "{shell}");
    }
    home.run(&["completions", "csh"])
        .ends(2)
        .says("possible values");
}

//! `provost scim`.

use crate::home::Home;

#[test]
fn every_rule_of_the_dialect_is_listed_without_an_engine() {
    let home = Home::empty();
    let table = home.run(&["scim", "dialects"]).ok().stdout;
    assert!(table.contains("remove-by-value"), "{table}");
    assert!(table.contains("WHAT IT DOES"), "{table}");
    let listed = home.json(&["scim", "dialects"]);
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.len(), provost::scim::dialect::RULES.len());
    for item in items {
        for key in ["name", "client", "does", "example", "spares"] {
            assert!(item[key].is_string(), "{item}");
        }
    }
    let csv = home.run(&["scim", "dialects", "--csv"]).ok().stdout;
    assert_eq!(csv.lines().count(), items.len() + 1);
    assert!(csv.starts_with("name,client,does,example,spares"), "{csv}");
}

#[test]
fn one_rule_is_shown_with_its_shape_and_what_it_leaves_alone() {
    let home = Home::empty();
    let shown = home
        .run(&["scim", "dialects", "Remove-By-Value"])
        .ok()
        .stdout;
    assert!(shown.contains("leaves alone"), "{shown}");
    assert!(shown.contains("a remove without a value"), "{shown}");
    let rule = home.json(&["scim", "dialects", "string-boolean"]);
    assert_eq!(rule["name"], "string-boolean");
    home.run(&["scim", "dialects", "string-bolean"])
        .ends(4)
        .says("did you mean string-boolean?");
}

const BADGE: &str = r#"{ "id": "urn:example:acme:2.0:User", "name": "Acme", "attributes": [
    { "name": "badge", "uniqueness": "server" }, { "name": "floor", "type": "integer" }] }"#;

#[test]
fn a_schema_file_is_checked_before_it_is_used() {
    let home = Home::empty();
    let file = home.path().join("acme.json");
    let path = file.to_str().unwrap();
    std::fs::write(&file, BADGE).unwrap();
    let table = home.run(&["scim", "schema", "check", path]).ok().stdout;
    assert!(
        table.contains("badge (string, unique), floor (integer)"),
        "{table}"
    );
    let listed = home.json(&["scim", "schema", "check", "--team", path]);
    assert_eq!(listed["items"][0]["resource_type"], "Group");

    std::fs::write(&file, BADGE.replace("uniqueness", "uniquenes")).unwrap();
    home.run(&["scim", "schema", "check", path])
        .ends(2)
        .says("acme.json: urn:example:acme:2.0:User: attributes[0]: unknown key `uniquenes`, did you mean `uniqueness`?");
    home.run(&["scim", "schema", "check", "/nowhere.json"])
        .ends(2)
        .says("schema file /nowhere.json");
    home.run(&["scim", "schema", "check"]).ends(2);
}

#[test]
fn the_configuration_s_schemas_are_listed_and_a_wrong_one_keeps_the_engine_from_opening() {
    let home = Home::with_account();
    let run = home.run(&["scim", "schema", "list"]).ok();
    assert!(
        run.stderr.contains("no schemas of your own"),
        "{}",
        run.stderr
    );
    let config = home.path().join("schemas.toml");
    let config = config.to_str().unwrap();
    std::fs::write(config, "scim.user_schemas = [\"acme.json\"]\n").unwrap();
    std::fs::write(home.path().join("acme.json"), BADGE).unwrap();
    let listed = home.json(&["--config", config, "scim", "schema", "list"]);
    assert_eq!(listed["items"][0]["id"], "urn:example:acme:2.0:User");
    home.run(&["--config", config, "member", "list"]).ok();

    std::fs::write(home.path().join("acme.json"), "{").unwrap();
    home.run(&["--config", config, "member", "list"])
        .ends(2)
        .says("acme.json: line 1, column 1: not valid JSON");
}

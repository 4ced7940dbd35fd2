use std::collections::BTreeSet;

use super::*;
use crate::explain::idp;
use crate::scim::dialect::RULES;

#[test]
fn the_catalogue_is_read_and_whole() {
    let catalogue = Catalogue::read(include_str!("../../../assets/explain.toml"))
        .unwrap_or_else(|error| panic!("{error}"));
    let mut codes = BTreeSet::new();
    for entry in catalogue.entries() {
        let code = &entry.code;
        assert!(codes.insert(code.clone()), "{code} stands twice");
        let form = |character: char| {
            character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_'
        };
        assert!(code.chars().all(form), "{code}");
        assert!(
            !entry.title.is_empty() && !entry.title.ends_with('.'),
            "{code}: {}",
            entry.title
        );
        assert!(!entry.next.is_empty(), "{code} says nothing to do next");
        for link in &entry.links {
            assert!(link.starts_with("https://"), "{code}: {link}");
        }
        for step in &entry.next {
            if let Some(named) = &step.idp {
                assert!(idp::name(named).is_some(), "{code}: {named}");
                assert_eq!(step.place, Place::Idp, "{code}");
            }
            if let Some(command) = &step.command {
                assert_eq!(step.place, Place::Here, "{code}: {command}");
                assert!(command.split_once('.').is_some(), "{code}: {command}");
            }
        }
    }
}

#[test]
fn the_codes_that_are_answered_have_an_entry() {
    let codes = [
        "TOKEN_BAD",
        "BASE_URL",
        "DUP_USER",
        "DUP_GROUP",
        "REACTIVATE",
        "CASE_FOLD",
        "GROUP_FIRST",
        "GROUP_GONE",
        "NOT_FOUND",
        "PATCH_REMOVE",
        "BOOL_STRING",
        "MONO_FILTER",
        "RATE_429",
        "BAD_CHARS",
        "BAD_FILTER",
        "BAD_JSON",
        "BAD_SYNTAX",
        "BAD_VALUE",
        "BAD_CONTENT_TYPE",
        "TOO_LARGE",
        "TOO_MANY",
        "CURSOR_INVALID",
        "CURSOR_EXPIRED",
        "COUNT_INVALID",
        "BAD_PATH",
        "MUTABILITY",
        "VERSION_MISMATCH",
        "OWNER_PROTECTED",
        "LAST_ADMIN",
        "INACTIVE",
        "TOKEN_NAME",
        "DISK_FULL",
        "BUSY",
        "INTERNAL",
        "UNKNOWN",
    ];
    for code in codes {
        assert!(Catalogue::shared().entry(code).is_some(), "{code}");
    }
}

#[test]
fn rules_name_deviations_that_exist() {
    let known: Vec<&str> = RULES
        .iter()
        .map(|rule| rule.name)
        .chain(["unknown-member"])
        .collect();
    for entry in Catalogue::shared().entries() {
        for name in entry.when.iter().flat_map(Rule::tolerated) {
            assert!(known.contains(&name.as_str()), "{}: {name}", entry.code);
        }
    }
}

#[test]
fn a_mistake_in_the_catalogue_names_its_line_and_the_nearest_word() {
    let entry = "[[entry]]\ncode = \"X\"\nseverity = \"failure\"\ntitle = \"x\"\nwhy = \"x\"\nnext = []\nnote = \"x\"\n";
    let error = Catalogue::read(&format!("{entry}what = \"{{Ipd}} asked\"\n")).unwrap_err();
    assert!(error.to_string().contains("line 8"), "{error}");
    assert!(
        error.to_string().contains("the nearest is `{Idp}`"),
        "{error}"
    );
    let error = Catalogue::read(&format!(
        "{entry}what = \"x\"\nwhen = [{{ stauts = [1] }}]\n"
    ))
    .unwrap_err();
    assert!(error.to_string().contains("stauts"), "{error}");
}

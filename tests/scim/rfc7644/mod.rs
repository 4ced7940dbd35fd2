//! Every rule of RFC 7644 §3, one file for each section; `README.md` beside this file says which test holds which rule.
//! The name of a test begins with its section.

mod s3_10_notation;
mod s3_12_errors;
mod s3_13_versions;
mod s3_1_and_s3_8_messages;
mod s3_2_endpoints;
mod s3_3_create;
mod s3_4_1_retrieve;
mod s3_4_2_2_filter;
mod s3_4_2_3_sort;
mod s3_4_2_4_pages;
mod s3_4_2_query;
mod s3_4_2_root;
mod s3_4_3_search;
mod s3_5_1_replace;
mod s3_5_2_1_add;
mod s3_5_2_2_remove;
mod s3_5_2_3_replace;
mod s3_5_2_patch;
mod s3_6_delete;
mod s3_9_attributes;

use std::collections::BTreeSet;

/// The table and the tests name each other, so that neither grows alone.
#[test]
fn the_table_names_every_test_and_no_other() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scim/rfc7644");
    let read = |path: &std::path::Path| std::fs::read_to_string(path).unwrap();
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
            .filter(|word| word.starts_with("s3_"))
            .map(str::to_owned)
            .collect()
    };
    let mut tests = BTreeSet::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("s3_"))
        {
            let text = read(&path);
            let functions = text.lines().filter(|line| line.starts_with("async fn "));
            tests.extend(functions.flat_map(words));
        }
    }
    assert_eq!(
        words(&read(std::path::Path::new(&format!(
            "{directory}/README.md"
        )))),
        tests
    );
}

/// The tests of other files that the table cites are there.
#[test]
fn the_tests_that_the_table_cites_from_elsewhere_exist() {
    let root = env!("CARGO_MANIFEST_DIR");
    let table = include_str!("README.md");
    let mut cited = 0;
    for word in table.split('`').skip(1).step_by(2) {
        let Some((file, test)) = word.split_once("::") else {
            continue;
        };
        if test.contains("::") || ["engine", "scim", "Reply"].contains(&file) {
            continue;
        }
        let text = ["http", "scim"].iter().find_map(|folder| {
            std::fs::read_to_string(format!("{root}/tests/{folder}/{file}.rs")).ok()
        });
        let text = text.unwrap_or_else(|| panic!("{word}: no such file"));
        assert!(text.contains(&format!("async fn {test}(")), "{word}");
        cited += 1;
    }
    assert!(cited > 15);
}

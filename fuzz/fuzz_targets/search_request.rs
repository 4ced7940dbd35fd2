//! Fuzzes `targets::search_request`.

#![no_main]

#[path = "../../tests/scim/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::search_request(bytes));

//! Fuzzes `targets::saml_metadata`.

#![no_main]

#[path = "../../tests/scim/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::saml_metadata(bytes));

//! Fuzzes `targets::saml_response`.

#![no_main]

#[path = "../../tests/scim/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::saml_response(bytes));

//! The console, driven as an admin drives it: keys in, state, effects and frames out. The engine behind it is a fake
//! whose data follow from a seed, so that every frame can be compared to a snapshot.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test, a bench and a script fail by panicking, and are read for their cases"
)]

mod console {
    pub mod data;
    pub mod fake;
    pub mod fake_sso;
    pub mod incident_data;
    pub mod linked;
    pub mod policy;
    pub mod request_data;
    pub mod sso_data;

    mod changes;
    mod driver;
    mod frames;
    mod incidents;
    mod journeys;
    mod link;
    mod log;
    mod marks;
    mod mouse;
    mod policies;
    mod runtime;
    mod sessions;
    mod sso;
    mod table;
    mod test_drive;
    mod verbs;
}

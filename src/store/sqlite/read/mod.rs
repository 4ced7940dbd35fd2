//! The reads, one file per subject. Functions take a connection and return what the trait promises; which thread they
//! run on is decided in [`store`](super::store).

pub mod admins;
pub mod anchors;
pub mod audit;
pub mod check;
pub mod clients;
pub mod consents;
pub mod copy;
pub mod documents;
pub mod events;
pub mod figures;
pub mod incidents;
pub mod lists;
pub mod members;
pub mod parked;
pub mod requests;
pub mod settings;
pub mod teams;
pub mod tokens;
pub mod unique;

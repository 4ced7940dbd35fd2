//! The scim room.

//! Whether identity providers are let in at all: an admin may ask them to come back later, or refuse them.
//!
//! Looked at after authentication, so that only who has a right to ask learns of it, and before anything is read, so that
//! a provider that is refused sees nothing either.

use super::Failure;
use crate::directory::{Provisioning, Stage, TraceStep};
use crate::engine::Engine;
use crate::scim::ScimError;

/// How long a client should wait while provisioning is paused, in seconds. Okta and Entra both wait longer of themselves.
const COME_BACK: u64 = 120;

impl Engine {
    /// Why no request of an identity provider is answered now, where that is so.
    pub(super) fn shut(&self) -> Option<Failure> {
        let state = self.in_force().settings.provisioning;
        let (error, retry_after) = match state {
            Provisioning::On => return None,
            Provisioning::Paused => (
                ScimError::new(503, "provisioning is paused by an admin; try again later")
                    .with_code("SCIM_PAUSED"),
                Some(COME_BACK),
            ),
            Provisioning::Off => (
                ScimError::new(403, "SCIM is disabled for this account").with_code("SCIM_OFF"),
                None,
            ),
        };
        let step = TraceStep::failed(Stage::Policy, error.detail.clone())
            .comparing("provisioning on", state.as_str());
        Some(Failure {
            retry_after,
            held: state == Provisioning::Paused,
            step: Some(step),
            ..error.into()
        })
    }
}

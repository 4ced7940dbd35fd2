//! The client in this process: the traits, answered by the engine itself.

use std::sync::Arc;

use crate::engine::Engine;

/// An admin in the engine's own process.
#[derive(Clone)]
pub struct LocalAdmin {
    engine: Arc<Engine>,
    /// The name the audit gives the admin's changes: `console`, `cli`, or the admin token's name.
    actor: String,
}

impl LocalAdmin {
    /// Speaks for the admin called `actor`.
    pub fn new(engine: Arc<Engine>, actor: impl Into<String>) -> Self {
        Self {
            engine,
            actor: actor.into(),
        }
    }

    /// Whose engine it is.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// The name the audit gives.
    pub fn actor(&self) -> &str {
        &self.actor
    }
}

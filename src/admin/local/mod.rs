//! The client in this process: the two traits, answered by the engine itself. The admin API of the HTTP edge answers
//! with it too, so that a remote console sees exactly what a local one sees.

mod convert;
mod guards;
mod link;
mod metadata;
mod open;
mod policy;
mod read;
mod schemas;
mod scratch;
mod sso;
mod write;

use std::sync::Arc;

use super::{AdminError, AdminWrite};
use crate::directory::Actor;
use crate::engine::Engine;
use crate::engine::admin::{Asker, Mode};

pub use metadata::HttpMetadata;
pub use open::{NewAccount, OpenOptions, init, open};
pub use schemas::{SchemaFiles, SchemaSummary, load as load_schemas, summary as summarise_schemas};
pub use scratch::{Rules, copy_database};

/// An admin in the engine's own process.
#[derive(Clone)]
pub struct LocalAdmin {
    engine: Arc<Engine>,
    asker: Asker,
}

impl LocalAdmin {
    /// Speaks for the admin called `actor`: `console`, `cli`, or the name of an admin token.
    pub fn new(engine: Arc<Engine>, actor: impl Into<String>) -> Self {
        Self {
            engine,
            asker: Asker {
                actor: Actor::admin(actor),
                mode: Mode::Commit,
            },
        }
    }

    /// The same engine, in the name of another admin.
    #[must_use]
    pub fn acting_as(&self, actor: impl Into<String>) -> Self {
        Self::new(Arc::clone(&self.engine), actor)
    }

    /// The same admin, whose changes are decided and told, and not made.
    #[must_use]
    pub fn previewing(mut self) -> Self {
        self.asker.mode = Mode::Preview;
        self
    }

    /// This client where the traits are asked for.
    pub fn shared(&self) -> Arc<dyn AdminWrite> {
        Arc::new(self.clone())
    }

    /// Writes what is queued and closes the engine's store. Call it when nothing else uses the engine any more.
    pub async fn close(&self) -> Result<(), AdminError> {
        Ok(self.engine.close().await?)
    }

    /// Whose engine it is.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// The name the audit gives.
    pub fn actor(&self) -> &str {
        &self.asker.actor.name
    }
}

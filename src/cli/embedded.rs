//! The engine in this process: opened under the data directory's lock, closed before the lock is given back.

use std::sync::Arc;

use super::error::CliError;
use crate::admin::AdminWrite;
use crate::admin::link::ConnectionAuth;
use crate::admin::local::{self, LocalAdmin, NewAccount, OpenOptions, SchemaFiles};
use crate::config::Settings;
use crate::paths::EngineLock;

/// An engine of our own.
pub struct Embedded {
    admin: LocalAdmin,
    /// Held as long as the engine lives.
    lock: EngineLock,
}

impl Embedded {
    /// Opens the engine of the data directory whose lock is held. `actor` is the name the audit gives its changes.
    pub async fn open(
        settings: &Settings,
        lock: EngineLock,
        actor: &str,
    ) -> Result<Self, CliError> {
        // Opening would make an empty database where there is none.
        if !settings.database_file().is_file() {
            return Err(CliError::NotInitialised {
                data_dir: settings.data_dir.path().to_owned(),
            });
        }
        let admin = local::open(options(settings), actor).await?;
        Ok(Self { admin, lock })
    }

    /// The admin of this engine.
    pub fn admin(&self) -> &LocalAdmin {
        &self.admin
    }

    /// The same, shared.
    pub fn shared_admin(&self) -> Arc<dyn AdminWrite> {
        self.admin.shared()
    }

    /// Writes what is queued, closes the database, and gives the lock back.
    pub async fn close(self) -> Result<(), CliError> {
        let Self { admin, lock } = self;
        let closed = admin.close().await;
        drop(lock);
        Ok(closed?)
    }
}

/// Makes the account in the data directory whose lock is held, and says how an identity provider
/// authenticates there and whether single sign-on comes first.
pub async fn init(
    settings: &Settings,
    _lock: &EngineLock,
    account: NewAccount,
) -> Result<(ConnectionAuth, bool), CliError> {
    Ok(local::init(options(settings), account).await?)
}

/// The organisation's own schemas.
pub fn schema_files(settings: &Settings) -> SchemaFiles {
    SchemaFiles {
        user: settings.scim.user_schemas.clone(),
        group: settings.scim.group_schemas.clone(),
    }
}

/// The URL by which clients reach the engine, as far as it is known before something listens; empty where it is not.
pub fn told_url(settings: &Settings) -> String {
    // Which port a 0 becomes is known once something listens; the server tells the engine then. An address that stands
    // for all of them is none that anybody can be told.
    if settings.listen.port() == 0 || settings.listen.ip().to_canonical().is_unspecified() {
        settings.public_url.clone().unwrap_or_default()
    } else {
        settings.public_url_at(settings.listen)
    }
}

fn options(settings: &Settings) -> OpenOptions {
    OpenOptions {
        database: settings.database_file(),
        public_url: told_url(settings),
        log_days: settings.request_log.days,
        log_rows: settings.request_log.rows,
        schemas: schema_files(settings),
        policy: settings.policy.clone(),
    }
}

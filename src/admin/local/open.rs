//! Opening the engine of a data directory, and making its account.

use std::path::PathBuf;
use std::sync::Arc;

use super::LocalAdmin;
use super::schemas::{self, SchemaFiles};
use crate::admin::link::ConnectionAuth;
use crate::admin::{AdminError, AdminErrorKind, policy_file};
use crate::config::PolicyTable;
use crate::directory::Settings;
use crate::engine::{Engine, EngineSettings, account};
use crate::scim::Registry;
use crate::secret::Secret;
use crate::store::{self, UniqueAttribute};

/// Which engine to open.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// The database file; its directory must exist.
    pub database: PathBuf,
    /// The URL by which clients reach this engine, without a trailing slash.
    pub public_url: String,
    /// Lines of the request log older than this many days are removed.
    pub log_days: u32,
    /// The oldest lines of the request log beyond this number are removed.
    pub log_rows: u64,
    /// The organisation's own schemas.
    pub schemas: SchemaFiles,
    /// What the configuration file says about the policy.
    pub policy: PolicyTable,
}

/// What `init` makes.
#[derive(Debug)]
pub struct NewAccount {
    /// The organisation's name.
    pub organisation: String,
    /// The policy preset.
    pub preset: String,
    /// The owner's e-mail address.
    pub owner_email: String,
    /// The owner's password.
    pub password: Secret,
}

/// Opens the engine in this process, for the admin called `actor`.
pub async fn open(options: OpenOptions, actor: &str) -> Result<LocalAdmin, AdminError> {
    // Before the store: a file that cannot be read leaves nothing open behind.
    let registry = schemas::load(&options.schemas)?;
    let fixed = policy_file::fixed(&options.policy)?;
    let store = store::open(&options.database, store_options(&registry))?;
    if let Some(account) = store.account().await? {
        let settings = store.settings().await?;
        let settings = settings.unwrap_or_else(|| Settings::initial(&account.preset));
        policy_file::fit(&options.policy, &fixed, &settings)?;
    }
    let settings = EngineSettings {
        public_url: options.public_url,
        log_days: options.log_days,
        log_rows: options.log_rows,
        fixed: Arc::new(fixed),
    };
    let engine = Engine::open_with(store, settings, registry).await?;
    Ok(LocalAdmin::new(engine, actor))
}

/// Makes the account and its owner, and says how an identity provider authenticates under its policy and whether single
/// sign-on has to be configured before one is connected. A conflict where there is an account already.
pub async fn init(
    options: OpenOptions,
    new: NewAccount,
) -> Result<(ConnectionAuth, bool), AdminError> {
    let registry = schemas::load(&options.schemas)?;
    let fixed = policy_file::fixed(&options.policy)?;
    let settings = Settings::initial(&new.preset);
    policy_file::fit(&options.policy, &fixed, &settings)?;
    let store = store::open(&options.database, store_options(&registry))?;
    let new = account::NewAccount {
        organisation: new.organisation,
        preset: new.preset,
        owner_email: new.owner_email,
        password: new.password,
    };
    let made = account::init(&store, new).await;
    store.close().await?;
    made?;
    let policy = settings.policy_under(&fixed);
    let policy =
        policy.map_err(|error| AdminError::new(AdminErrorKind::Invalid, error.to_string()))?;
    // A new account has no single sign-on.
    Ok((policy.scim.auth, policy.scim.requires_sso))
}

fn store_options(registry: &Registry) -> store::OpenOptions {
    store::OpenOptions {
        unique: UniqueAttribute::all(registry),
        ..store::OpenOptions::default()
    }
}

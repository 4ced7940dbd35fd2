//! What the demo plays on: a directory, an account, an engine, a server, and a token for each provider.

use tempfile::TempDir;
use uuid::Uuid;

use crate::admin::local::NewAccount;
use crate::admin::types::{NewToken, TokenScope};
use crate::cli::embedded::{self, Embedded};
use crate::cli::error::CliError;
use crate::cli::{scratch, serve};
use crate::config::Settings;
use crate::secret::Secret;
use crate::server::RunningServer;
use crate::simulate::Targets;

/// Everything the demo needs, and takes away again.
pub struct Stage {
    /// The settings of the throw-away engine.
    pub settings: Settings,
    /// The engine.
    pub embedded: Embedded,
    /// Where the providers send to.
    pub targets: Targets,
    server: RunningServer,
    /// Removed when dropped, so declared last: the engine has closed its files by then.
    directory: TempDir,
}

impl Stage {
    /// Builds it. What is built is taken away again when a later part fails.
    pub async fn build(base: &Settings) -> Result<Self, CliError> {
        let directory = scratch::directory()?;
        let settings = scratch::settings(base, &directory);
        let lock = settings.data_dir.lock()?;
        let account = NewAccount {
            organisation: "Demo".into(),
            preset: "rfc".into(),
            owner_email: "owner@demo.example".into(),
            // Nobody signs in here; a password that nobody knows is the safest one.
            password: Secret::new(format!("{}{}", Uuid::new_v4(), Uuid::new_v4())),
        };
        embedded::init(&settings, &lock, account).await?;
        let embedded = Embedded::open(&settings, lock, "console").await?;
        let (server, targets) = match open(&embedded, &settings).await {
            Ok(opened) => opened,
            Err(error) => {
                embedded.close().await?;
                return Err(error);
            }
        };
        Ok(Self {
            settings,
            embedded,
            targets,
            server,
            directory,
        })
    }

    /// Takes it away.
    pub async fn strike(self) -> Result<(), CliError> {
        // Nobody waits for the answers of a simulated provider.
        self.server.stop(std::time::Duration::from_secs(1)).await;
        let closed = self.embedded.close().await;
        closed.and(scratch::remove(self.directory))
    }
}

async fn open(
    embedded: &Embedded,
    settings: &Settings,
) -> Result<(RunningServer, Targets), CliError> {
    let okta = token(embedded, "okta").await?;
    let entra = token(embedded, "entra").await?;
    let server = serve::start(embedded, settings).await?;
    let base_url = format!("http://{}/scim/v2", server.local_addr());
    let targets = Targets::new(&base_url, okta, entra)?;
    Ok((server, targets))
}

async fn token(embedded: &Embedded, name: &str) -> Result<Secret, CliError> {
    let issued = embedded
        .shared_admin()
        .issue_token(NewToken {
            name: name.to_owned(),
            scope: TokenScope::Scim,
            ttl_seconds: None,
            owner: None,
        })
        .await?;
    Ok(Secret::new(issued.secret))
}

//! `provost serve`: the engine with its HTTP server and its socket, without a console.

use std::time::Duration;

use clap::Args;

use super::connect::{self, Local};
use super::embedded::Embedded;
use super::error::CliError;
use super::seam::{RunningServer, ServerSettings, TlsFiles, start};
use super::session::{Session, note};
use super::signals::EndSignals;
use super::tracing_setup::{self, LogFormat};
use crate::config::Settings;
use crate::paths::PathError;

/// How long requests under way may take to end once the process is asked to.
const DRAIN: Duration = Duration::from_secs(20);

/// Run the engine and its HTTP server without a console.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost serve
  provost serve --listen 0.0.0.0:8470 --tls-cert cert.pem --tls-key key.pem
  provost serve --listen 10.0.0.5:8470 --behind-proxy --public-url https://provost.example.com

It says on standard error where it listens, and logs there. SIGTERM and Ctrl-C end it after the requests under way;
a second one at once. A console started on the same data directory attaches to it.")]
pub struct ServeVerb {
    /// How a line of the log looks.
    #[arg(long, value_enum, default_value_t)]
    log_format: LogFormat,
}

/// Runs until it is asked to end.
pub async fn run(session: &Session, verb: &ServeVerb) -> Result<(), CliError> {
    session.refuse_dry_run("serve")?;
    session.refuse_remote("serve")?;
    let settings = &session.settings;
    tracing_setup::to_stderr(settings, verb.log_format);
    let mut signals = EndSignals::listen()?;
    let embedded = match connect::local(settings, "serve").await? {
        Local::Ours(embedded) => embedded,
        Local::Running(_) => {
            return Err(PathError::Held {
                path: settings.data_dir.path().to_owned(),
                owner: None,
            }
            .into());
        }
    };
    let served = serve_until(session, &embedded, &mut signals).await;
    let closed = embedded.close().await;
    served.and(closed)
}

async fn serve_until(
    session: &Session,
    embedded: &Embedded,
    signals: &mut EndSignals,
) -> Result<(), CliError> {
    let server = start_server(embedded, &session.settings).await?;
    announce(session, &server);
    let signal = signals.next().await;
    tracing::info!(signal, "ending after the requests under way");
    tokio::select! {
        ended = tokio::time::timeout(DRAIN, server.shutdown()) => if ended.is_err() {
            tracing::warn!("some requests took longer than {} s and were cut off", DRAIN.as_secs());
        },
        signal = signals.next() => tracing::warn!(signal, "ending at once"),
    }
    Ok(())
}

/// Starts the HTTP server and the socket of an engine.
pub async fn start_server(
    embedded: &Embedded,
    settings: &Settings,
) -> Result<RunningServer, CliError> {
    let server_settings = ServerSettings {
        listen: settings.listen,
        tls: settings.tls.as_ref().map(|files| TlsFiles {
            cert: files.cert.clone(),
            key: files.key.clone(),
        }),
        behind_proxy: settings.behind_proxy,
        public_url: settings.public_url.clone().unwrap_or_default(),
        unix_socket: Some(settings.data_dir.socket()?),
    };
    start(embedded.admin().clone(), server_settings)
        .await
        .map_err(|error| CliError::Server(error.to_string()))
}

fn announce(session: &Session, server: &RunningServer) {
    let address = server.local_addr();
    let url = session.settings.public_url_at(address);
    note(&format!("listening on {address}"));
    note(&format!("SCIM base URL {url}/scim/v2"));
    note(&format!(
        "data in {}; a console attaches with `provost --data-dir {}`",
        session.settings.data_dir.path().display(),
        session.settings.data_dir.path().display()
    ));
}

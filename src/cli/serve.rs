//! `provost serve`: the engine with its HTTP server and its socket, without a console.

use std::time::Duration;

use clap::Args;

use super::connect::{self, Local};
use super::embedded::Embedded;
use super::error::CliError;
use super::session::{Session, note};
use super::signals::EndSignals;
use super::tracing_setup::{self, LogFormat};
use super::{limits, remote};
use crate::admin::AdminRead;
use crate::config::{Settings, SmtpSettings};
use crate::secret::Secret;
use crate::server::{self, RunningServer, ServerSettings, Smtp, SsoWatch, Stopped, TlsFiles};

/// How long requests under way may take to end once the process is asked to.
const DRAIN: Duration = Duration::from_secs(20);

/// Run the engine and its HTTP server without a console.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost serve
  provost serve --listen [::]:443 --public-url https://p.example --tls-cert c.pem --tls-key k.pem
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
    session.refuse_read_only("serve")?;
    session.refuse_remote("serve")?;
    let settings = &session.settings;
    tracing_setup::to_stderr(settings, verb.log_format);
    // From here on a signal is answered with an orderly end, also while the database is being opened.
    let mut signals = EndSignals::listen()?;
    let embedded = match connect::local(settings, "cli").await? {
        Local::Ours(embedded) => embedded,
        Local::Running(_) => {
            return Err(CliError::AlreadyRunning {
                data_dir: settings.data_dir.path().to_owned(),
                owner: settings.data_dir.owner(),
            });
        }
    };
    let served = serve_until(settings, &embedded, &mut signals).await;
    let closed = embedded.close().await;
    served.and(closed)
}

async fn serve_until(
    settings: &Settings,
    embedded: &Embedded,
    signals: &mut EndSignals,
) -> Result<(), CliError> {
    let server = start(embedded, settings).await?;
    let link = embedded.admin().link().await?;
    announce(settings, &server, &link.base_url);
    let signal = signals.next().await;
    tracing::info!(signal, "ending after the requests under way");
    tokio::select! {
        stopped = server.stop(DRAIN) => told(stopped),
        signal = signals.next() => tracing::warn!(signal, "ending at once"),
    }
    Ok(())
}

fn told(stopped: Stopped) {
    match stopped {
        Stopped::Drained => tracing::info!("every request under way was answered"),
        Stopped::Cut(count) => tracing::warn!(count, "requests took too long and were cut off"),
    }
}

/// Starts the HTTP server and the socket of an engine.
pub async fn start(embedded: &Embedded, settings: &Settings) -> Result<RunningServer, CliError> {
    let server_settings = ServerSettings {
        listen: settings.listen,
        tls: settings.tls.as_ref().map(|files| TlsFiles {
            cert: files.cert.clone(),
            key: files.key.clone(),
        }),
        behind_proxy: settings.behind_proxy,
        public_url: settings.public_url.clone().unwrap_or_default(),
        unix_socket: Some(settings.data_dir.socket()?),
        limits: limits::limits(settings),
        smtp: settings.smtp.as_ref().map(smtp).transpose()?,
        sso: (!settings.read_only).then(|| SsoWatch {
            every: match settings.sso_refresh_seconds {
                0 => None,
                seconds => Some(Duration::from_secs(seconds.into())),
            },
        }),
    };
    Ok(server::start(embedded.admin().clone(), server_settings).await?)
}

/// The mail server, with the password that the file holds.
fn smtp(settings: &SmtpSettings) -> Result<Smtp, CliError> {
    let login = match &settings.login {
        Some((user, file)) => {
            let text = remote::read_private(file)?;
            let password = text.expose().trim_end_matches(['\r', '\n']).to_owned();
            Some((user.clone(), Secret::new(password)))
        }
        None => None,
    };
    Ok(Smtp {
        host: settings.host.clone(),
        port: settings.port,
        tls: settings.tls,
        login,
        from: settings.from.clone(),
    })
}

fn announce(settings: &Settings, server: &RunningServer, base_url: &str) {
    let data_dir = settings.data_dir.path().display();
    note(&format!("listening on {}", server.local_addr()));
    note(&format!("SCIM base URL {base_url}"));
    note(&format!(
        "data in {data_dir}; a console attaches with `provost --data-dir {data_dir}`"
    ));
}

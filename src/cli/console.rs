//! `provost` without a command: the console, on an engine of this process that serves HTTP too, on the one that runs
//! on the data directory already, or on a remote one.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use super::connect::{self, Changes, Local, Reach};
use super::embedded::Embedded;
use super::error::CliError;
use super::session::{self, Session};
use super::{remote, serve, tracing_setup};
use crate::config::{self, Settings};
use crate::console::theme::{Role, Theme};
use crate::console::{self, Client, ConsoleOptions, Exit};
use crate::paths::expand_home;

/// How long requests under way may take to end once the console is closed.
const PATIENCE: Duration = Duration::from_secs(5);

/// How the console calls the engine it shows, and how it is told apart from others.
pub struct Label {
    /// The name, always on the screen.
    pub name: String,
    /// The colour the configuration gives the context.
    pub colour: Option<String>,
    /// What tells it apart from another engine of the same name: its URL or its data directory. Where it was left is
    /// remembered for each.
    pub engine: String,
}

impl Label {
    /// A name without a colour of its own.
    pub fn plain(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            colour: None,
            engine: name.to_owned(),
        }
    }

    /// The engine of the data directory.
    fn local(settings: &Settings) -> Self {
        Self {
            engine: settings.data_dir.path().display().to_string(),
            ..Self::plain("local")
        }
    }
}

/// Opens it.
pub async fn run(session: &Session) -> Result<(), CliError> {
    session::require_terminal()?;
    session.refuse_dry_run("the console")?;
    let settings = &session.settings;
    theme(settings)?;
    // The terminal belongs to the console: what the engine says of itself goes to a file.
    let _log = tracing_setup::to_file(settings, &settings.state_dir)?;
    if let Some(target) = remote::target(settings, &session.global)? {
        let label = match &settings.context {
            Some((name, context)) if session.global.url.is_none() => Label {
                name: name.clone(),
                colour: context.colour.clone(),
                engine: target.url.clone(),
            },
            _ => Label::plain(&target.url),
        };
        let read_only = settings.read_only || target.read_only;
        let reach = Reach::new(remote::over_http(target, Changes::Made).await?, read_only);
        return Box::pin(show(settings, label, &reach)).await;
    }
    match connect::local(settings, "console").await? {
        Local::Running(socket) => {
            let admin = remote::over_socket(&socket, "console", Changes::Made)?;
            let reach = Reach::new(admin, settings.read_only);
            Box::pin(show(settings, Label::local(settings), &reach)).await
        }
        Local::Ours(embedded) => {
            let shown = Box::pin(serve_and_show(settings, &embedded)).await;
            let closed = embedded.close().await;
            shown.and(closed)
        }
    }
}

async fn serve_and_show(settings: &Settings, embedded: &Embedded) -> Result<(), CliError> {
    let server = serve::start(embedded, settings).await?;
    let reach = Reach::new(embedded.shared_admin(), settings.read_only);
    let shown = Box::pin(show(settings, Label::local(settings), &reach)).await;
    // Whoever closed the console waits for the shell: requests take milliseconds, and the rest is asked for again.
    server.stop(PATIENCE).await;
    shown
}

/// Shows an engine until the admin leaves.
pub async fn show(settings: &Settings, label: Label, reach: &Reach) -> Result<(), CliError> {
    let mut options = ConsoleOptions::from_env(label.name.as_str(), settings.state_dir.clone());
    options.context_role = role_of(label.colour.as_deref());
    options.read_only = settings.read_only;
    options.theme = theme(settings)?;
    options.keymap_file = settings.keymap_file();
    options.views_file = settings.views_file();
    if !settings.fresh {
        let file =
            console::session::file(&settings.state_dir, &options.context_name, &label.engine);
        options.session_file = Some(file);
    }
    let client = Client {
        read: reach.shared_read(),
        write: reach.shared_write(),
    };
    match Box::pin(console::run(options, client)).await {
        Ok(Exit::Quit | Exit::Signal | Exit::Hangup) => Ok(()),
        Err(error) => Err(CliError::Console(error.to_string())),
    }
}

/// The theme that was chosen, if one was: a name, or a file.
pub fn theme(settings: &Settings) -> Result<Option<Theme>, CliError> {
    let Some(choice) = &settings.theme else {
        return Ok(None);
    };
    let theme = if config::is_theme_file(choice) {
        let path = &expand_home(Path::new(choice));
        let text = read_theme(path).map_err(|source| CliError::File {
            path: path.to_owned(),
            source,
        })?;
        Theme::from_toml(choice, &text)
    } else {
        Theme::built_in(choice)
    };
    let wrong = |source| CliError::Theme {
        choice: choice.clone(),
        source,
    };
    theme.map(Some).map_err(wrong)
}

/// Reads a file that is as long as a theme may be.
fn read_theme(path: &Path) -> io::Result<String> {
    const LONGEST: u64 = 256 * 1024;
    let mut text = String::new();
    let read = File::open(path)?
        .take(LONGEST + 1)
        .read_to_string(&mut text)?;
    if read as u64 > LONGEST {
        return Err(io::Error::other("it is longer than 256 KiB"));
    }
    Ok(text)
}

/// The console's themes know roles, not colours: what an admin marks red shall look dangerous in every theme.
fn role_of(colour: Option<&str>) -> Role {
    match colour {
        Some("red" | "magenta") => Role::Danger,
        Some("yellow") => Role::Warning,
        Some("green") => Role::Success,
        Some("white") => Role::Accent,
        Some("grey") => Role::Muted,
        _ => Role::Info,
    }
}

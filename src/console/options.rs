//! What the console is told when it starts: which engine, how it looks, where its files are.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::clipboard::Multiplexer;
use super::theme::{Role, Theme};
use crate::admin::{AdminRead, AdminWrite};

/// What the console is told when it starts.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own"
)]
#[derive(Clone, Debug)]
pub struct ConsoleOptions {
    /// What this engine is called, such as `local`, `demo` or `prod`; always on the screen.
    pub context_name: String,
    /// How the context's name is shown, so that production does not look like a test; `Role::Info` is calm.
    pub context_role: Role,
    /// Nothing may be changed, whatever the client could do.
    pub read_only: bool,
    /// The theme the admin chose, or none for the one that fits the environment.
    pub theme: Option<Theme>,
    /// The environment asks for no colour (`NO_COLOR`).
    pub no_color: bool,
    /// Only ASCII characters.
    pub ascii: bool,
    /// Whether the mouse is taken when the console starts; `M` changes it.
    pub mouse: bool,
    /// The admin's own keys, if the file is there.
    pub keymap_file: Option<PathBuf>,
    /// Where the last run's place is remembered; none to begin on Home and remember nothing.
    pub session_file: Option<PathBuf>,
    /// The admin's saved views; none where they cannot be kept.
    pub views_file: Option<PathBuf>,
    /// Where reports of failures are written; made if it is not there.
    pub state_dir: PathBuf,
    /// Where exports are written; made if it is not there.
    pub export_dir: PathBuf,
    /// At most so many frames a second while nothing is typed: 60, or 20 over a slow line.
    pub frames_per_second: u32,
    /// What stands between the console and the terminal; it wants clipboard sequences wrapped.
    pub multiplexer: Multiplexer,
    /// Shows commands that try the console itself, such as a panic.
    pub debug: bool,
    /// The zone in which times are shown.
    pub time_zone: TimeZone,
}

impl ConsoleOptions {
    /// Options that fit the environment of this process.
    pub fn from_env(context_name: impl Into<String>, state_dir: PathBuf) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let utf8 = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
            .is_some_and(|value| {
                let value = value.to_ascii_lowercase();
                value.contains("utf-8") || value.contains("utf8")
            });
        Self {
            context_name: context_name.into(),
            context_role: Role::Info,
            read_only: false,
            theme: None,
            no_color: set("NO_COLOR"),
            ascii: !utf8 || std::env::var("TERM").is_ok_and(|term| term == "linux"),
            mouse: true,
            keymap_file: None,
            session_file: None,
            views_file: None,
            export_dir: state_dir.join("exports"),
            state_dir,
            frames_per_second: if set("SSH_CONNECTION") { 20 } else { 60 },
            multiplexer: {
                let value = |name| std::env::var(name).ok();
                let (tmux, sty, term) = (value("TMUX"), value("STY"), value("TERM"));
                Multiplexer::detect(tmux.as_deref(), sty.as_deref(), term.as_deref())
            },
            debug: set("PROVOST_DEBUG"),
            time_zone: TimeZone::system(),
        }
    }
}

/// The engine, as far as this console may use it. Without `write` no change can be expressed.
#[derive(Clone)]
pub struct Client {
    /// What can be seen.
    pub read: Arc<dyn AdminRead>,
    /// What can be done; none in a read-only context.
    pub write: Option<Arc<dyn AdminWrite>>,
}

impl Client {
    /// A client that may do everything.
    pub fn full(client: Arc<dyn AdminWrite>) -> Self {
        Self {
            read: Arc::<dyn AdminWrite>::clone(&client),
            write: Some(client),
        }
    }

    /// A client that may only look.
    pub fn read_only(client: Arc<dyn AdminRead>) -> Self {
        Self {
            read: client,
            write: None,
        }
    }
}

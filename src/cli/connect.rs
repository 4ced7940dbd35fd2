//! How a command reaches an engine: the one at `--url` or `--context`, else the one that already runs on the data
//! directory, else one opened here for as long as the command takes.
//!
//! Invariant: only the holder of the data directory's lock opens its database, so that two commands at once queue up
//! instead of working on one state with two engines.

use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::embedded::Embedded;
use super::error::CliError;
use super::remote;
use super::session::{LOCK_PATIENCE, Session};
use crate::admin::{AdminError, AdminRead, AdminWrite};
use crate::config::Settings;
use crate::paths::PathError;

/// How often a held data directory is looked at again.
const LOCK_POLL: Duration = Duration::from_millis(50);

/// An engine that was reached.
pub struct Reach {
    read: Arc<dyn AdminRead>,
    write: Option<Arc<dyn AdminWrite>>,
    embedded: Option<Embedded>,
}

impl Reach {
    /// An engine elsewhere; read-only keeps its write side out of reach.
    pub fn new(admin: Arc<dyn AdminWrite>, read_only: bool) -> Self {
        Self {
            read: admin.clone(),
            write: (!read_only).then_some(admin),
            embedded: None,
        }
    }

    /// The engine in this process.
    pub fn embedded(embedded: Embedded, read_only: bool, changes: Changes) -> Self {
        let admin = match changes {
            Changes::Made => embedded.shared_admin(),
            Changes::Previewed => embedded.admin().clone().previewing().shared(),
        };
        Self {
            embedded: Some(embedded),
            ..Self::new(admin, read_only)
        }
    }

    /// To look.
    pub fn read(&self) -> &dyn AdminRead {
        self.read.as_ref()
    }

    /// To look, shared.
    pub fn shared_read(&self) -> Arc<dyn AdminRead> {
        Arc::clone(&self.read)
    }

    /// To change something, shared; `None` where it is read-only.
    pub fn shared_write(&self) -> Option<Arc<dyn AdminWrite>> {
        self.write.clone()
    }

    /// To change something.
    pub fn write(&self) -> Result<&dyn AdminWrite, CliError> {
        self.write.as_deref().ok_or_else(|| CliError::ReadOnly {
            place: self.read.place(),
        })
    }

    /// Whether nothing can be changed.
    pub fn is_read_only(&self) -> bool {
        self.write.is_none()
    }

    /// Asks the engine for something and keeps it; lets go of it where that fails.
    pub async fn keep<T>(
        self,
        ask: impl AsyncFnOnce(&dyn AdminRead) -> Result<T, AdminError>,
    ) -> Result<(Self, T), CliError> {
        match ask(self.read.as_ref()).await {
            Ok(value) => Ok((self, value)),
            Err(error) => self.finish(Err(error)).await,
        }
    }

    /// Lets go of the engine whatever came of the work, and passes on what did. The work's own failure goes first.
    pub async fn finish<T, E>(self, result: Result<T, E>) -> Result<T, CliError>
    where
        CliError: From<E>,
    {
        let closed = self.close().await;
        let value = result?;
        closed.map(|()| value)
    }

    /// Lets go of the engine; one opened here writes what is queued and closes its database.
    pub async fn close(self) -> Result<(), CliError> {
        let Self {
            read,
            write,
            embedded,
        } = self;
        drop((read, write));
        match embedded {
            Some(embedded) => embedded.close().await,
            None => Ok(()),
        }
    }
}

/// Where the engine of a data directory is.
pub enum Local {
    /// Another process runs it and answers on this socket.
    Running(PathBuf),
    /// This process may open it.
    Ours(Embedded),
}

/// Whether the changes of a command are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes {
    /// They are made.
    Made,
    /// `--dry-run`: they are decided and told.
    Previewed,
}

/// Reaches an engine to see what a change would come to before it is asked about; refused where it could not be made.
pub async fn reach_to_foresee(session: &Session) -> Result<Reach, CliError> {
    let settings = &session.settings;
    let target = remote::target(settings, &session.global)?;
    let read_only = settings.read_only || target.is_some_and(|target| target.read_only);
    let reach = reach(session, Changes::Previewed).await?;
    if read_only {
        let place = reach.read().place();
        reach.close().await?;
        return Err(CliError::ReadOnly { place });
    }
    Ok(reach)
}

/// Reaches the engine that settings and flags name.
pub async fn reach(session: &Session, changes: Changes) -> Result<Reach, CliError> {
    let settings = &session.settings;
    // A preview changes nothing, so that it may be had where nothing may be changed.
    let read_only = settings.read_only && changes == Changes::Made;
    if let Some(target) = remote::target(settings, &session.global)? {
        let read_only = read_only || (target.read_only && changes == Changes::Made);
        let admin = remote::over_http(target, changes).await?;
        return Ok(Reach::new(admin, read_only));
    }
    match local(settings, "cli").await? {
        Local::Running(socket) => {
            let admin = remote::over_socket(&socket, "cli", changes)?;
            Ok(Reach::new(admin, read_only))
        }
        Local::Ours(embedded) => Ok(Reach::embedded(embedded, read_only, changes)),
    }
}

/// Finds the engine of the data directory, or opens it. Waits a little for another command that holds the directory
/// for a moment.
pub async fn local(settings: &Settings, actor: &str) -> Result<Local, CliError> {
    let data_dir = &settings.data_dir;
    let socket = data_dir.socket()?;
    if !data_dir.path().is_dir() {
        return Err(CliError::NotInitialised {
            data_dir: data_dir.path().to_owned(),
        });
    }
    let started = Instant::now();
    loop {
        if is_answering(&socket) {
            return Ok(Local::Running(socket));
        }
        match data_dir.lock() {
            Ok(lock) => return Ok(Local::Ours(Embedded::open(settings, lock, actor).await?)),
            Err(PathError::Held { .. }) if started.elapsed() < LOCK_PATIENCE => {
                tokio::time::sleep(LOCK_POLL).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether somebody listens on the socket. A file that an engine left behind refuses at once.
pub fn is_answering(socket: &Path) -> bool {
    UnixStream::connect(socket).is_ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn a_socket_that_was_left_behind_does_not_answer() {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("engine.sock");
        assert!(!is_answering(&socket), "there is none");
        let listener = UnixListener::bind(&socket).unwrap();
        assert!(is_answering(&socket));
        drop(listener);
        assert!(socket.exists() && !is_answering(&socket));
    }
}

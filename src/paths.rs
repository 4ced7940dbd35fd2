//! Where things live: the data directory with its database, socket and lock; the configuration file; the console's state.
//!
//! Called by the command line alone. Holds no settings: `config` says which directory, this module says what is in it.
//! Invariants: a data directory is made with mode 0700 and never loosened; one process at a time owns its engine, which
//! [`EngineLock`] proves.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use directories::{BaseDirs, ProjectDirs};

/// How long the path of a Unix socket may be, in bytes: `sun_path` without its closing zero.
pub const SOCKET_PATH_LIMIT: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// Why a directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PathError {
    /// The user has no home directory, so that there is no default place.
    #[error("no home directory to keep the state in")]
    NoHome,
    /// The directory could not be made or used.
    #[error("cannot use the directory {}", path.display())]
    Directory {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The data directory's path leaves no room for the socket's name.
    #[error(
        "the socket {} has a path of {length} bytes, and a Unix socket may have {SOCKET_PATH_LIMIT}",
        path.display()
    )]
    SocketPathTooLong {
        /// The socket.
        path: PathBuf,
        /// Its length in bytes.
        length: usize,
    },
    /// Another process runs the engine of this directory.
    #[error("{} is held by another engine{}", path.display(), owner_text(owner.as_deref()))]
    Held {
        /// The data directory.
        path: PathBuf,
        /// The process id it wrote down, where it could be read.
        owner: Option<String>,
    },
}

fn owner_text(owner: Option<&str>) -> String {
    owner.map_or_else(String::new, |pid| format!(" (process {pid})"))
}

/// The places that follow from who the user is, by the rules of the operating system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The configuration file that is read unless another is named.
    pub config_file: PathBuf,
    /// The data directory that is used unless another is named.
    pub data_dir: PathBuf,
    /// Where the console keeps its sessions and its log.
    pub state_dir: PathBuf,
}

impl Places {
    /// The places of the user who runs this process; `None` without a home directory.
    pub fn of_user() -> Option<Self> {
        let dirs = ProjectDirs::from("", "", "provost")?;
        Some(Self {
            config_file: dirs.config_dir().join("provost.toml"),
            data_dir: dirs.data_dir().to_owned(),
            state_dir: dirs
                .state_dir()
                .unwrap_or_else(|| dirs.data_local_dir())
                .to_owned(),
        })
    }
}

/// Puts the home directory in the place of a leading `~/`.
pub fn expand_home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), BaseDirs::new()) {
        (Ok(rest), Some(base)) => base.home_dir().join(rest),
        _ => path.to_owned(),
    }
}

/// A data directory: one engine's state. May not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDir {
    path: PathBuf,
}

impl DataDir {
    /// Names a directory without touching it.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The directory itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the directory, readable by its owner alone, where it is missing. Leaves the mode of one that is there.
    pub fn create(&self) -> Result<(), PathError> {
        create_private(&self.path)
    }

    /// The database file of an engine that is not told another one.
    pub fn database(&self) -> PathBuf {
        self.path.join("provost.db")
    }

    /// The key of the test identity provider of `provost simulate idp`. The engine does not read it.
    pub fn test_idp_key(&self) -> PathBuf {
        self.path.join("test-idp.key")
    }

    /// The lock file.
    pub fn lock_file(&self) -> PathBuf {
        self.path.join("engine.lock")
    }

    /// The socket on which the engine of this directory answers.
    pub fn socket(&self) -> Result<PathBuf, PathError> {
        let path = self.path.join("engine.sock");
        let length = path.as_os_str().as_bytes().len();
        if length > SOCKET_PATH_LIMIT {
            return Err(PathError::SocketPathTooLong { path, length });
        }
        Ok(path)
    }

    /// The process id that the engine of this directory wrote down, or the last one did: who it is, not whether it runs.
    pub fn owner(&self) -> Option<String> {
        read_owner(&mut File::open(self.lock_file()).ok()?)
    }

    /// Takes the right to run the engine of this directory, which must exist. Fails at once when another process has
    /// it; the operating system returns it when that process ends, however it ends.
    pub fn lock(&self) -> Result<EngineLock, PathError> {
        let failed = |source| PathError::Directory {
            path: self.path.clone(),
            source,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(self.lock_file())
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(PathError::Held {
                    path: self.path.clone(),
                    owner: read_owner(&mut file),
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        // The process id is for the message of whoever comes second; the lock itself does not need it.
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| write!(file, "{}", std::process::id()))
            .map_err(failed)?;
        Ok(EngineLock { _file: file })
    }
}

fn read_owner(file: &mut File) -> Option<String> {
    let mut text = String::new();
    file.take(20).read_to_string(&mut text).ok()?;
    let pid: u32 = text.trim().parse().ok()?;
    Some(pid.to_string())
}

/// The right to run the engine of one data directory. Given back when dropped.
#[derive(Debug)]
pub struct EngineLock {
    _file: File,
}

/// Makes a directory, and those above it, for the owner alone.
pub fn create_private(path: &Path) -> Result<(), PathError> {
    let made = match fs::metadata(path) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(io::Error::from(io::ErrorKind::NotADirectory)),
        Err(_) => DirBuilder::new().recursive(true).mode(0o700).create(path),
    };
    made.map_err(|source| PathError::Directory {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_data_directory_is_made_for_its_owner_alone() {
        let parent = tempfile::tempdir().unwrap();
        let data = DataDir::at(parent.path().join("a/b"));
        data.create().unwrap();
        let mode = fs::metadata(data.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        data.create().expect("a second time changes nothing");
    }

    #[test]
    fn a_file_in_the_place_of_the_directory_is_told() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("state");
        fs::write(&path, "").unwrap();
        assert!(matches!(
            DataDir::at(path).create(),
            Err(PathError::Directory { .. })
        ));
    }

    #[test]
    fn the_second_engine_of_a_directory_is_refused_and_told_who_holds_it() {
        let parent = tempfile::tempdir().unwrap();
        let data = DataDir::at(parent.path());
        let held = data.lock().unwrap();
        let refused = data.lock().unwrap_err();
        assert!(
            refused
                .to_string()
                .contains(&format!("process {}", std::process::id()))
        );
        drop(held);
        data.lock().expect("the lock was given back");
    }

    #[test]
    fn a_socket_path_longer_than_the_system_allows_is_refused() {
        let fits = "x".repeat(SOCKET_PATH_LIMIT - "/".len() - "/engine.sock".len());
        assert!(DataDir::at(format!("/{fits}")).socket().is_ok());
        assert!(matches!(
            DataDir::at(format!("/{fits}y")).socket(),
            Err(PathError::SocketPathTooLong { length, .. }) if length == SOCKET_PATH_LIMIT + 1
        ));
    }
}

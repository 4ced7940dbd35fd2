//! The Unix socket of the admin API: its file mode is its access control, so it has mode 0600 before anybody can find
//! it, and it never takes the place of a socket that somebody answers.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

use crate::server::error::ServerError;

/// Longest path of a socket on Linux (108 bytes with the closing zero) and within that of the BSDs (104).
const LONGEST_PATH: usize = 103;

/// A socket that is removed when it is no longer listened on.
#[derive(Debug)]
pub(in crate::server) struct Socket {
    path: PathBuf,
    /// Device and inode, so that only our own file is removed.
    identity: (u64, u64),
}

impl Socket {
    /// Where it is.
    pub(in crate::server) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if fs::symlink_metadata(&self.path).is_ok_and(|found| identity(&found) == self.identity) {
            // Nothing more can be done about it; the next engine takes a dead socket's place.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Listens on `path`, in the place of a socket that nobody answers any more.
pub(in crate::server) async fn listen(path: &Path) -> Result<(UnixListener, Socket), ServerError> {
    if path.as_os_str().len() > LONGEST_PATH {
        return Err(ServerError::SocketPathTooLong {
            path: path.to_owned(),
            limit: LONGEST_PATH,
        });
    }
    refuse_if_taken(path).await?;
    bind(path).map_err(|source| ServerError::Socket {
        path: path.to_owned(),
        source,
    })
}

async fn refuse_if_taken(path: &Path) -> Result<(), ServerError> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(source) => {
            return Err(ServerError::Socket {
                path: path.to_owned(),
                source,
            });
        }
        Ok(found) if !found.file_type().is_socket() => {
            return Err(ServerError::NotASocket {
                path: path.to_owned(),
            });
        }
        Ok(_) => {}
    }
    match UnixStream::connect(path).await {
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::ConnectionRefused | ErrorKind::NotFound
            ) =>
        {
            Ok(())
        }
        // An answer, or one that this user may not ask for: either way somebody has it.
        Ok(_) | Err(_) => Err(ServerError::SocketInUse {
            path: path.to_owned(),
        }),
    }
}

/// `bind` makes the file with the mode that the umask leaves, and a mode set afterwards comes too late for whoever
/// connects in between. So it is bound inside a directory that nobody else may enter, and moved out when it is 0600.
fn bind(path: &Path) -> io::Result<(UnixListener, Socket)> {
    let parent = path.parent().unwrap_or_else(|| Path::new("."));
    let antechamber = parent.join(format!(".{}", std::process::id()));
    let _ = fs::remove_dir_all(&antechamber);
    DirBuilder::new().mode(0o700).create(&antechamber)?;
    let inside = antechamber.join("s");
    let bound = UnixListener::bind(&inside).and_then(|listener| {
        fs::set_permissions(&inside, Permissions::from_mode(0o600))?;
        let identity = identity(&fs::symlink_metadata(&inside)?);
        fs::rename(&inside, path)?;
        Ok((
            listener,
            Socket {
                path: path.to_owned(),
                identity,
            },
        ))
    });
    let _ = fs::remove_dir_all(&antechamber);
    bound
}

fn identity(found: &fs::Metadata) -> (u64, u64) {
    (found.dev(), found.ino())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_socket_is_its_owners_alone_and_goes_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("provost.sock");
        let (_listener, socket) = listen(&path).await.unwrap();
        let mode = fs::metadata(socket.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        UnixStream::connect(&path).await.unwrap();
        drop(socket);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn a_dead_socket_is_replaced_and_a_live_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("provost.sock");
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        let (_listener, socket) = listen(&path).await.unwrap();
        let second = listen(&path).await;
        assert!(matches!(second, Err(ServerError::SocketInUse { .. })));
        assert!(socket.path().exists());
    }

    #[tokio::test]
    async fn a_successor_s_socket_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("provost.sock");
        let (_listener, socket) = listen(&path).await.unwrap();
        fs::remove_file(&path).unwrap();
        let _successor = std::os::unix::net::UnixListener::bind(&path).unwrap();
        drop(socket);
        assert!(path.exists());
    }

    #[tokio::test]
    async fn a_file_in_the_way_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("provost.sock");
        fs::write(&path, "mine").unwrap();
        assert!(matches!(
            listen(&path).await,
            Err(ServerError::NotASocket { .. })
        ));
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    }

    #[tokio::test]
    async fn a_path_too_long_is_refused_by_name() {
        let path = PathBuf::from(format!("/tmp/{}/s", "x".repeat(120)));
        let error = listen(&path).await.unwrap_err();
        assert!(error.to_string().contains("shorter path"), "{error}");
    }
}

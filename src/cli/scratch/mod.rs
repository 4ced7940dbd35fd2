//! A throw-away data directory, for a demo or a rehearsal: private, under a name nobody can guess, and removed in the end.

mod leftovers;

use std::net::{Ipv4Addr, SocketAddr};

use tempfile::TempDir;

use super::error::CliError;
use crate::config::{Database, Settings};
use crate::paths::DataDir;

/// Makes one, after removing those that killed processes left behind.
pub fn directory() -> Result<TempDir, CliError> {
    leftovers::clear(&std::env::temp_dir());
    // Made for its owner alone, with a name nobody can guess.
    tempfile::Builder::new()
        .prefix(leftovers::PREFIX)
        .tempdir()
        .map_err(CliError::TempDir)
}

/// The settings of an engine in it, which nobody else's requests reach.
pub fn settings(base: &Settings, directory: &TempDir) -> Settings {
    Settings {
        data_dir: DataDir::at(directory.path()),
        state_dir: directory.path().join("state"),
        database: Database::InDataDir,
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        public_url: None,
        tls: None,
        behind_proxy: false,
        context: None,
        // The simulated providers seed and push as fast as the engine lets them.
        rate: None,
        ..base.clone()
    }
}

/// Removes it.
pub fn remove(directory: TempDir) -> Result<(), CliError> {
    let path = directory.path().to_owned();
    match directory.close() {
        // Another one that starts just now may take it for a dead one's, which is as good.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        removed => removed.map_err(|source| CliError::File { path, source }),
    }
}

//! Stand-ins for what other rooms bring; each goes when the real one is there.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::admin::{AdminError, AdminErrorKind, AdminWrite};
use crate::secret::Secret;

fn absent<T>(what: &str) -> Result<T, AdminError> {
    Err(AdminError::new(
        AdminErrorKind::Unavailable,
        format!("{what} is not part of this build yet"),
    ))
}

pub enum HttpAdmin {}

impl HttpAdmin {
    pub fn url(_url: &str, _token: Secret) -> Result<Arc<dyn AdminWrite>, AdminError> {
        absent("the remote client")
    }

    pub fn unix(_socket: &Path) -> Result<Arc<dyn AdminWrite>, AdminError> {
        absent("the remote client")
    }
}

#[derive(Clone)]
pub enum LocalAdmin {}

impl LocalAdmin {
    pub fn shared(&self) -> Arc<dyn AdminWrite> {
        match *self {}
    }

    pub async fn close(&self) -> Result<(), AdminError> {
        match *self {}
    }
}

pub struct OpenOptions {
    pub database: PathBuf,
    pub public_url: String,
    pub log_days: u32,
    pub log_rows: u64,
}

pub struct NewAccount {
    pub organisation: String,
    pub preset: String,
    pub owner_email: String,
    pub password: Secret,
}

pub async fn open(_options: OpenOptions, _actor: &str) -> Result<LocalAdmin, AdminError> {
    absent("the engine")
}

pub async fn init(_options: OpenOptions, _new: NewAccount) -> Result<(), AdminError> {
    absent("the engine")
}

pub struct TlsFiles {
    pub cert: PathBuf,
    pub key: PathBuf,
}

pub struct ServerSettings {
    pub listen: std::net::SocketAddr,
    pub tls: Option<TlsFiles>,
    pub behind_proxy: bool,
    pub public_url: String,
    pub unix_socket: Option<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
#[error("the server is not part of this build yet")]
pub struct ServerError;

pub enum RunningServer {}

impl RunningServer {
    pub fn local_addr(&self) -> std::net::SocketAddr {
        match *self {}
    }
    pub async fn shutdown(self) {
        match self {}
    }
}

pub async fn start(
    _admin: LocalAdmin,
    _settings: ServerSettings,
) -> Result<RunningServer, ServerError> {
    Err(ServerError)
}

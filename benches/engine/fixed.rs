//! What HTTP allows at all: an axum server of its own process that answers a fixed document of 1.8 KB.

use std::net::SocketAddr;
use std::process::Command;

use anyhow::Result;
use axum::Router;
use axum::routing::get;
use http::header;

use super::people;
use super::process::Engine;

/// The argument that makes this program the server.
pub const FLAG: &str = "--serve-fixed-document";

/// Bytes of the document.
const BYTES: usize = 1_843;

/// Starts the server in a process of its own.
pub fn start() -> Result<Engine> {
    let port = std::net::TcpListener::bind(("127.0.0.1", 0))?
        .local_addr()?
        .port();
    let mut command = Command::new(std::env::current_exe()?);
    command.args([FLAG, &port.to_string()]);
    Engine::spawn(command, SocketAddr::from(([127, 0, 0, 1], port)))
}

/// Is the server, until it is killed.
pub fn serve(port: u16) -> Result<()> {
    let mut document = people::body(1, "Engineer");
    document.extend(std::iter::repeat_n(
        ' ',
        BYTES.saturating_sub(document.len()),
    ));
    let document: &'static str = document.leak();
    let answer =
        move || async move { ([(header::CONTENT_TYPE, "application/scim+json")], document) };
    let app = Router::new().route("/scim/v2/Users/{id}", get(answer));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
        axum::serve(listener, app).await?;
        Ok(())
    })
}

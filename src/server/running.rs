//! Starting and stopping: opens the listeners, accepts connections within their number, and lets everything come to its
//! end.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::net::{TcpListener, TcpStream, UnixListener};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::admin_api::{self, Streams};
use super::callers::Callers;
use super::capture::Capture;
use super::connection::{self, Door, Peer};
use super::edge::Edge;
use super::error::ServerError;
use super::events;
use super::listen::unix::Socket;
use super::listen::{tcp, tls, unix};
use super::mail::Postman;
use super::oauth::Tickets;
use super::peers::Peers;
use super::rejection::Rejection;
use super::settings::{ServerSettings, SsoWatch};
use super::sign_in::Brakes;
use crate::admin::local::{HttpMetadata, LocalAdmin};
use crate::engine::call::{Redact, Redactor};
use crate::scim::Registry;
use crate::scim::schema::Returned;

/// How many connections beyond the limit are told so at a time. Those beyond even that are closed without a word.
const TURNED_AWAY: usize = 64;

/// How long to wait after the system had no file descriptor left for a connection.
const BREATH: Duration = Duration::from_millis(100);

/// A server that listens.
#[derive(Debug)]
pub struct RunningServer {
    local_addr: SocketAddr,
    public_url: String,
    socket: Option<Socket>,
    work: TaskTracker,
    stop: CancellationToken,
    cut: CancellationToken,
}

/// How a server stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Everything under way came to its end.
    Drained,
    /// So many connections and requests had to be cut off at the deadline.
    Cut(usize),
}

/// Starts the server for an engine. `admin` is who acts on the Unix socket; remote admins act under their tokens' names.
pub async fn start(
    admin: LocalAdmin,
    settings: ServerSettings,
) -> Result<RunningServer, ServerError> {
    let acceptor = settings.tls.as_ref().map(tls::acceptor).transpose()?;
    let listener = tcp::listen(&settings).await?;
    let local_addr = listener
        .local_addr()
        .map_err(|source| ServerError::Listen {
            listen: settings.listen,
            source,
        })?;
    let (unix_listener, socket) = match &settings.unix_socket {
        Some(path) => {
            let (listener, socket) = unix::listen(path).await?;
            (Some(listener), Some(socket))
        }
        None => (None, None),
    };
    let public_url = public_url(&settings, local_addr);
    let body_bytes = u64::try_from(settings.limits.body_bytes).unwrap_or(u64::MAX);
    admin.engine().announce(&public_url, body_bytes);
    let edge = Arc::new(edge(admin, &settings, public_url.clone())?);
    edge.engine.limit_events(settings.limits.events.clone());
    if let Some(smtp) = &settings.smtp {
        let (work, stop) = (edge.work.clone(), edge.stop.clone());
        let postman = Postman::new(smtp, &public_url, work, stop)?;
        edge.engine.mail_by(Arc::new(postman));
    }
    let transport = Arc::new(events::HttpTransport::default());
    let running = RunningServer {
        local_addr,
        public_url,
        socket,
        work: edge.work.clone(),
        stop: edge.stop.clone(),
        cut: edge.cut.clone(),
    };
    let engine = || Arc::clone(&edge.engine);
    let redactor = Redactor(Arc::clone(&edge) as Arc<dyn Redact>);
    edge.work
        .spawn(engine().deliver_events(transport, edge.stop.clone()));
    edge.work
        .spawn(engine().execute_accepted(redactor, edge.stop.clone()));
    edge.work.spawn(engine().keep_log_small(edge.stop.clone()));
    if let Some(SsoWatch { every }) = settings.sso {
        let every = every.and_then(|it| SignedDuration::try_from(it).ok());
        let watch = engine().watch_sso(Arc::new(HttpMetadata), every, edge.stop.clone());
        edge.work.spawn(watch);
    }
    edge.work
        .spawn(accept_tcp(listener, acceptor, Arc::clone(&edge)));
    if let Some(listener) = unix_listener {
        edge.work.spawn(accept_unix(listener, Arc::clone(&edge)));
    }
    Ok(running)
}

impl RunningServer {
    /// The address that is listened on, with its real port.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// The URL by which clients reach it, without a trailing slash.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The Unix socket that is listened on.
    pub fn unix_socket(&self) -> Option<&Path> {
        self.socket.as_ref().map(Socket::path)
    }

    /// Stops: no more connections and requests, then time until the deadline for those under way, then the end. Close
    /// the engine afterwards.
    pub async fn stop(self, deadline: Duration) -> Stopped {
        self.stop.cancel();
        self.work.close();
        if tokio::time::timeout(deadline, self.work.wait())
            .await
            .is_ok()
        {
            return Stopped::Drained;
        }
        let left = self.work.len();
        self.cut.cancel();
        Stopped::Cut(left)
    }
}

impl Drop for RunningServer {
    /// A server that is not stopped is cut off.
    fn drop(&mut self) {
        self.stop.cancel();
        self.cut.cancel();
    }
}

fn edge(
    admin: LocalAdmin,
    settings: &ServerSettings,
    public_url: String,
) -> Result<Edge, ServerError> {
    let engine = Arc::clone(admin.engine());
    let stop = CancellationToken::new();
    let streams = Streams {
        free: Arc::new(Semaphore::new(settings.limits.streams)),
        stop: stop.clone(),
    };
    Ok(Edge {
        tickets: Tickets::new()?,
        capture: Capture::new(
            &engine.account().pseudonym_key,
            never_returned(engine.registry()),
        ),
        engine,
        admin,
        peers: Peers::new(&settings.limits),
        callers: Callers::new(settings.limits.rate),
        brakes: Brakes::new(&settings.limits),
        limits: settings.limits.clone(),
        behind_proxy: settings.behind_proxy,
        public_url,
        admin_api: admin_api::router(&settings.limits, streams),
        work: TaskTracker::new(),
        stop,
        cut: CancellationToken::new(),
    })
}

/// The names of the attributes whose schema says `returned: never`.
fn never_returned(registry: &Registry) -> Vec<String> {
    let attributes = registry.schemas().flat_map(|schema| &schema.attributes);
    attributes
        .flat_map(|attribute| std::iter::once(attribute).chain(&attribute.sub_attributes))
        .filter(|attribute| attribute.returned == Returned::Never)
        .map(|attribute| attribute.name.clone())
        .collect()
}

fn public_url(settings: &ServerSettings, local_addr: SocketAddr) -> String {
    let given = settings.public_url.trim_end_matches('/');
    if !given.is_empty() {
        return given.to_owned();
    }
    let scheme = if settings.tls.is_some() {
        "https"
    } else {
        "http"
    };
    format!("{scheme}://{local_addr}")
}

async fn accept_tcp(listener: TcpListener, acceptor: Option<TlsAcceptor>, edge: Arc<Edge>) {
    let places = Arc::new(Semaphore::new(edge.limits.connections));
    let waiting = Arc::new(Semaphore::new(TURNED_AWAY));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = edge.stop.cancelled() => return,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                not_accepted(&error).await;
                continue;
            }
        };
        let (place, door) = match Arc::clone(&places).try_acquire_owned() {
            Ok(place) => (place, Door::Tcp),
            Err(_) => match Arc::clone(&waiting).try_acquire_owned() {
                Ok(place) => (place, Door::Overloaded),
                Err(_) => continue,
            },
        };
        let peer = Peer {
            address: Some(address.ip().to_canonical()),
            shown: address.ip().to_canonical().to_string(),
        };
        let (acceptor, edge) = (acceptor.clone(), Arc::clone(&edge));
        edge.work
            .clone()
            .spawn(serve_tcp(stream, acceptor, edge, peer, door, place));
    }
}

async fn serve_tcp(
    stream: TcpStream,
    acceptor: Option<TlsAcceptor>,
    edge: Arc<Edge>,
    peer: Peer,
    door: Door,
    _place: OwnedSemaphorePermit,
) {
    // Answers are written whole; waiting for more to send would only delay them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection went away at once");
        return;
    }
    let Some(acceptor) = acceptor else {
        connection::serve(stream, edge, peer, door).await;
        return;
    };
    let handshake = tokio::time::timeout(edge.limits.handshake_timeout, acceptor.accept(stream));
    let stream = tokio::select! {
        handshake = handshake => match handshake {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => {
                // Who only knocks and goes is nobody's concern.
                if error.kind() == io::ErrorKind::InvalidData {
                    let reason = format!("the TLS handshake failed: {error}");
                    edge.record_headless(&peer, &Rejection::NotHttp { reason }).await;
                }
                return;
            }
            Err(_) => {
                edge.record_headless(&peer, &Rejection::HeadTimeout).await;
                return;
            }
        },
        () = edge.stop.cancelled() => return,
    };
    connection::serve(stream, edge, peer, door).await;
}

async fn accept_unix(listener: UnixListener, edge: Arc<Edge>) {
    let places = Arc::new(Semaphore::new(edge.limits.unix_connections));
    loop {
        let accepted = tokio::select! {
            accepted = async {
                let place = Arc::clone(&places).acquire_owned().await;
                (place, listener.accept().await)
            } => accepted,
            () = edge.stop.cancelled() => return,
        };
        let (Ok(place), accepted) = accepted else {
            return;
        };
        match accepted {
            Ok((stream, _)) => {
                let served = connection::serve(
                    stream,
                    Arc::clone(&edge),
                    Peer {
                        address: None,
                        shown: "unix socket".into(),
                    },
                    Door::Unix,
                );
                edge.work.spawn(async move {
                    served.await;
                    drop(place);
                });
            }
            Err(error) => not_accepted(&error).await,
        }
    }
}

/// Accepting fails when the client is gone already, or when the process has no file descriptor left. The latter passes
/// when connections end, and trying at once would only burn time.
async fn not_accepted(error: &io::Error) {
    tracing::warn!(%error, "a connection could not be accepted");
    tokio::time::sleep(BREATH).await;
}

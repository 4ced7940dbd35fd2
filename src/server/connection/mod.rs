//! One connection: HTTP/1.1 by hyper within the limits of time and size, until it ends or the server stops.

mod guard;
mod progress;

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};

use super::dispatch;
use super::edge::Edge;
use super::rejection::Rejection;
use guard::Guard;
use progress::{Progress, Tracked};

/// Where a connection came in, which decides what it may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// The TCP address: everything, with a token.
    Tcp,
    /// The Unix socket: the admin API, without one.
    Unix,
    /// The TCP address while too many are in: nothing but to be told so.
    Overloaded,
}

/// Who is at the other end.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    /// The address; `None` on the Unix socket.
    pub address: Option<IpAddr>,
    /// The address as the log shows it.
    pub shown: String,
}

/// Serves one connection to its end.
pub(super) async fn serve<S>(stream: S, edge: Arc<Edge>, peer: Peer, door: Door)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let progress = Progress::default();
    let guard = Guard::new(stream, progress.clone(), &edge.limits);
    let service = service_fn(|request: Request<Incoming>| {
        progress.request_came();
        let (edge, peer, progress) = (Arc::clone(&edge), peer.clone(), progress.clone());
        async move {
            let response = Box::pin(dispatch::answer(edge, peer, door, request)).await;
            Ok::<_, Infallible>(response.map(|body| Tracked::new(body, progress)))
        }
    });
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        // The guard has a timer of its own, which tells an idle connection from a slow one.
        .header_read_timeout(None)
        .max_headers(edge.limits.header_count)
        .max_header_size(edge.limits.header_bytes)
        .keep_alive(door != Door::Overloaded);
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(guard), service));
    let mut is_closing = false;
    let result = loop {
        tokio::select! {
            result = connection.as_mut() => break result,
            () = edge.stop.cancelled(), if !is_closing => {
                if progress.is_idle() {
                    return;
                }
                is_closing = true;
                connection.as_mut().graceful_shutdown();
            }
            () = edge.cut.cancelled() => return,
        }
    };
    if let Err(error) = result
        && let Some(rejection) = rejection(&error, &progress)
    {
        edge.record_headless(&peer, &rejection).await;
    }
}

/// What of a broken connection belongs in the log: requests that were no HTTP or never came to an end. Not clients that
/// go away.
fn rejection(error: &hyper::Error, progress: &Progress) -> Option<Rejection> {
    if progress.is_too_slow() {
        return Some(Rejection::HeadTimeout);
    }
    if error.is_parse_too_large() {
        return Some(Rejection::HeadTooLarge);
    }
    if !error.is_parse() {
        return None;
    }
    Some(Rejection::NotHttp {
        reason: match progress.first_byte() {
            // The first byte of a TLS handshake record.
            Some(0x16) => {
                "it speaks TLS to a port that speaks plain HTTP; use http:// or set a certificate"
                    .into()
            }
            _ if error.is_parse_version_h2() => "it speaks HTTP/2 without asking first".into(),
            _ => error.to_string(),
        },
    })
}

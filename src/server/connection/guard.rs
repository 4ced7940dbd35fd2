//! The time limits of a connection, as a stream around the stream: how long it may be idle, how long the head of a
//! request may take (slow-loris), and how long a client may leave an answer unread.

use std::future::Future;
use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use super::progress::{Phase, Progress};
use crate::server::settings::Limits;

/// What a client is told whose request never comes to an end.
const TOO_SLOW: &str = "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\
    content-type: application/scim+json\r\ncontent-length: 136\r\n\r\n\
    {\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"status\":\"408\",\
    \"detail\":\"the request did not come to an end within its time\"}";

/// A stream with time limits.
pub(super) struct Guard<S> {
    stream: S,
    progress: Progress,
    idle: Duration,
    head: Duration,
    write: Duration,
    reading: Timer,
    writing: Timer,
}

impl<S> Guard<S> {
    pub(super) fn new(stream: S, progress: Progress, limits: &Limits) -> Self {
        Self {
            stream,
            progress,
            idle: limits.idle_timeout,
            head: limits.header_timeout,
            write: limits.write_timeout,
            reading: Timer::default(),
            writing: Timer::default(),
        }
    }
}

/// A timer for one spell after another. To set a timer costs more than to look at the clock, and few spells last until
/// their end: so the timer is left as it is as long as it fires early enough, and looks then what it is for.
#[derive(Default)]
struct Timer {
    sleep: Option<Pin<Box<Sleep>>>,
    spell: Option<(u32, Instant)>,
}

impl Timer {
    /// Whether this spell has lasted for `limit`. The first call of a spell starts it.
    fn is_over(&mut self, spell: u32, limit: Duration, cx: &mut Context<'_>) -> bool {
        let end = match self.spell {
            Some((same, end)) if same == spell => end,
            _ => Instant::now() + limit,
        };
        self.spell = Some((spell, end));
        let sleep = self
            .sleep
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(end)));
        if sleep.deadline() > end {
            sleep.as_mut().reset(end);
        }
        while sleep.as_mut().poll(cx).is_ready() {
            if sleep.deadline() >= end {
                return true;
            }
            sleep.as_mut().reset(end);
        }
        false
    }

    fn stop(&mut self) {
        self.spell = None;
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Guard<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buf.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buf);
        if polled.is_ready() {
            if let Some(&first) = buf.filled().get(before) {
                this.progress.bytes_came(first);
            }
            return polled;
        }
        let (phase, spell) = this.progress.phase();
        let limit = match phase {
            // Who opens a connection has something to ask; only later there is a reason to keep it.
            Phase::Idle if this.progress.first_byte().is_none() => this.head.min(this.idle),
            Phase::Head => this.head,
            // While it is busy nothing is limited, and nobody may ask again when that ends: so look again in a while.
            Phase::Idle | Phase::Busy => this.idle,
        };
        while this.reading.is_over(spell, limit, cx) {
            if phase != Phase::Busy {
                return this.give_up(phase, cx);
            }
            this.reading.stop();
        }
        Poll::Pending
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Guard<S> {
    fn give_up(&mut self, phase: Phase, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if phase == Phase::Head {
            self.progress.was_too_slow();
            // Best effort: who sends so slowly may not be listening.
            let _ = Pin::new(&mut self.stream).poll_write(cx, TOO_SLOW.as_bytes());
        }
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }

    /// Ends a write that waits for too long.
    fn watch<T>(
        &mut self,
        polled: Poll<io::Result<T>>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.writing.stop();
            return polled;
        }
        if self.writing.is_over(0, self.write, cx) {
            return Poll::Ready(Err(ErrorKind::TimedOut.into()));
        }
        Poll::Pending
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Guard<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.watch(polled, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.watch(polled, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_flush(cx);
        self.watch(polled, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.watch(polled, cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::*;

    fn limits() -> Limits {
        Limits {
            idle_timeout: Duration::from_secs(75),
            header_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(30),
            ..Limits::default()
        }
    }

    fn pair() -> (Guard<DuplexStream>, DuplexStream, Progress) {
        let (ours, theirs) = duplex(256);
        let progress = Progress::default();
        (
            Guard::new(ours, progress.clone(), &limits()),
            theirs,
            progress,
        )
    }

    #[test]
    fn the_answer_to_the_slow_is_as_long_as_it_says() {
        let (head, body) = TOO_SLOW.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("content-length: {}", body.len())));
        serde_json::from_str::<serde_json::Value>(body).unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_head_ends_in_its_time_however_often_a_byte_comes() {
        let (mut guard, mut theirs, progress) = pair();
        let start = Instant::now();
        let slow = tokio::spawn(async move {
            for _ in 0..100 {
                if theirs.write_all(b"x").await.is_err() {
                    break;
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            let mut answer = String::new();
            theirs.read_to_string(&mut answer).await.unwrap();
            answer
        });
        let mut buffer = [0; 8];
        let error = loop {
            match guard.read(&mut buffer).await {
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert_eq!(start.elapsed(), Duration::from_secs(10));
        assert!(progress.is_too_slow());
        drop(guard);
        assert!(slow.await.unwrap().starts_with("HTTP/1.1 408 "));
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_never_asks_ends_without_a_word() {
        let (mut guard, mut theirs, progress) = pair();
        let start = Instant::now();
        guard.read_u8().await.unwrap_err();
        assert_eq!(start.elapsed(), Duration::from_secs(10));
        assert!(!progress.is_too_slow());
        drop(guard);
        let mut answer = Vec::new();
        theirs.read_to_end(&mut answer).await.unwrap();
        assert!(answer.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_is_being_answered_is_not_hurried() {
        let (mut guard, mut theirs, progress) = pair();
        theirs.write_all(b"x").await.unwrap();
        guard.read_u8().await.unwrap();
        progress.request_came();
        let waited = tokio::time::timeout(Duration::from_secs(1_000), guard.read_u8()).await;
        assert!(waited.is_err());
        drop(Tracked::new(Body::empty(), progress));
        let start = Instant::now();
        guard.read_u8().await.unwrap_err();
        assert_eq!(start.elapsed(), Duration::from_secs(75));
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_nobody_asks_about_after_its_answer_ends_all_the_same() {
        let (mut guard, mut theirs, progress) = pair();
        theirs.write_all(b"x").await.unwrap();
        guard.read_u8().await.unwrap();
        progress.request_came();
        let reading = tokio::spawn(async move { guard.read_u8().await });
        tokio::time::advance(Duration::from_secs(10)).await;
        let start = Instant::now();
        drop(Tracked::new(Body::empty(), progress));
        reading.await.unwrap().unwrap_err();
        // The paused clock rounds each timer up to a millisecond.
        assert!(start.elapsed() < 2 * Duration::from_secs(75) + Duration::from_millis(10));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_left_unread_ends_the_connection() {
        let (mut guard, _theirs, _progress) = pair();
        let start = Instant::now();
        let error = guard.write_all(&[0; 1_024]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert_eq!(start.elapsed(), Duration::from_secs(30));
    }

    use super::super::progress::Tracked;
    use axum::body::Body;
}

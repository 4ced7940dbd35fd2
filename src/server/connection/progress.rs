//! How far a connection is with its current request. Told by the service and by the end of each answer's body, read by
//! the guard, which has a time limit for each phase.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

/// The phases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Waits for a request.
    Idle,
    /// The first bytes of a request came.
    Head,
    /// A request is read and answered; the service watches the time.
    Busy,
}

/// The progress, shared by guard and service.
#[derive(Clone, Default)]
pub(super) struct Progress(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// Counts up with each change; its remainder by four is the phase. So a timer can tell whether it is out of date.
    state: AtomicU32,
    first_byte: AtomicU32,
    too_slow: AtomicBool,
}

impl Progress {
    /// The phase, and a number that differs in each spell of it.
    pub(super) fn phase(&self) -> (Phase, u32) {
        let state = self.0.state.load(Ordering::Acquire);
        let phase = match state % 4 {
            0 => Phase::Idle,
            1 => Phase::Head,
            _ => Phase::Busy,
        };
        (phase, state)
    }

    /// Whether no request is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.phase().0 == Phase::Idle
    }

    /// Bytes came; on an idle connection they begin a request.
    pub(super) fn bytes_came(&self, first: u8) {
        if self.is_idle() {
            self.0
                .first_byte
                .store(u32::from(first) + 1, Ordering::Release);
            self.enter(Phase::Head);
        }
    }

    /// The head of a request is complete.
    pub(super) fn request_came(&self) {
        self.enter(Phase::Busy);
    }

    /// The guard gave up on a head.
    pub(super) fn was_too_slow(&self) {
        self.0.too_slow.store(true, Ordering::Release);
    }

    /// Whether the guard gave up on a head.
    pub(super) fn is_too_slow(&self) -> bool {
        self.0.too_slow.load(Ordering::Acquire)
    }

    /// The first byte of the last request.
    pub(super) fn first_byte(&self) -> Option<u8> {
        let stored = self.0.first_byte.load(Ordering::Acquire);
        u8::try_from(stored.checked_sub(1)?).ok()
    }

    fn enter(&self, phase: Phase) {
        let remainder = match phase {
            Phase::Idle => 0,
            Phase::Head => 1,
            Phase::Busy => 2,
        };
        // Only one task at a time drives a connection, so that there is no race between reading and writing it.
        let state = self.0.state.load(Ordering::Acquire);
        let next = (state - state % 4).wrapping_add(4) + remainder;
        self.0.state.store(next, Ordering::Release);
    }
}

/// The body of an answer, which tells when it is through.
pub(super) struct Tracked {
    body: Body,
    progress: Progress,
}

impl Tracked {
    pub(super) fn new(body: Body, progress: Progress) -> Self {
        Self { body, progress }
    }
}

impl Drop for Tracked {
    fn drop(&mut self) {
        self.progress.enter(Phase::Idle);
    }
}

impl hyper::body::Body for Tracked {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

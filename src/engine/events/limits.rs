//! How much the delivery of events may take.

use std::time::Duration;

use crate::store::QueueLimit;

/// How much the delivery of events may take. The defaults are told by `provost stream show` and in the README.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventLimits {
    /// What may wait for one stream.
    pub queue: QueueLimit,
    /// The first pause after a push that failed; doubled with each further one.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// How many pushes of one event may fail before the stream is stopped.
    pub attempts: u32,
    /// How long a poll may wait for an event.
    pub poll_wait: Duration,
    /// How many polls may wait at a time; those beyond are answered at once.
    pub polls: usize,
    /// How many accepted requests of one client may wait.
    pub accepted: u64,
}

impl Default for EventLimits {
    /// 100,000 events or 256 MiB a stream; pauses from one second to five minutes, 20 attempts, which is about an hour;
    /// 30 seconds a poll, 64 polls at a time; 1,000 accepted requests a client.
    fn default() -> Self {
        Self {
            queue: QueueLimit::default(),
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_mins(5),
            attempts: 20,
            poll_wait: Duration::from_secs(30),
            polls: 64,
            accepted: 1_000,
        }
    }
}

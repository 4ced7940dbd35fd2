//! The edge of security events (RFC 9967): where poll streams are polled (RFC 8936), where recipients find the keys that
//! verify events, where a client finds the result of its asynchronous request, and how events are pushed (RFC 8935).
//!
//! Thin: what is told to whom, and what a failure means, the engine decides.

mod answer;
mod door;
mod poll;
mod push;
mod target;

pub(super) use answer::answer;
pub(super) use push::HttpTransport;
pub(super) use target::is_events;

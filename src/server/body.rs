//! Bodies on their way in: read within a limit of size and time, or taken off the wire so that the client gets to read
//! why its body is not wanted.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};

use super::rejection::Rejection;
use super::settings::Limits;

/// How much of a body that nobody wants is still taken off the wire, at least.
const DRAINED_BYTES: usize = 8 * 1_024 * 1_024;
/// The same in limits of a body: a client a little over the limit shall read why, however large the limit is.
const DRAINED_LIMITS: usize = 2;
/// How long that may take.
const DRAINED_TIME: Duration = Duration::from_secs(2);

/// A body that could not be read, and how many bytes of it were seen or announced.
pub(super) struct Unread {
    /// Why.
    pub rejection: Rejection,
    /// How many bytes.
    pub bytes: u64,
}

/// Reads a body of `most` bytes at most to its end. What is over that is never held in memory.
pub(super) async fn read(
    body: &mut Incoming,
    most: usize,
    time: Duration,
) -> Result<Bytes, Unread> {
    let mut seen = 0;
    let read = tokio::time::timeout(time, collect(body, most, &mut seen));
    let collected = read.await.unwrap_or_else(|_| {
        Err(Rejection::BodyTimeout {
            seconds: time.as_secs(),
        })
    });
    collected.map_err(|rejection| Unread {
        rejection,
        bytes: u64::try_from(seen).unwrap_or(u64::MAX),
    })
}

async fn collect(body: &mut Incoming, limit: usize, seen: &mut usize) -> Result<Bytes, Rejection> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limit {
        *seen = announced;
        return Err(Rejection::TooLarge { limit });
    }
    // Nearly every body comes in one frame, which needs no copy.
    let mut first = Bytes::new();
    let mut joined: Option<BytesMut> = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Rejection::BodyBroken {
            reason: error.to_string(),
        })?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        *seen = seen.saturating_add(data.len());
        if *seen > limit {
            return Err(Rejection::TooLarge { limit });
        }
        match joined.as_mut() {
            Some(joined) => joined.extend_from_slice(&data),
            None if first.is_empty() => first = data,
            None => {
                let mut both = BytesMut::with_capacity(announced.max(*seen));
                both.extend_from_slice(&first);
                both.extend_from_slice(&data);
                joined = Some(both);
            }
        }
    }
    Ok(joined.map_or(first, BytesMut::freeze))
}

/// Takes what is left of a body off the wire for a while. A connection that is closed with unread bytes in it is reset,
/// and a reset can overtake the answer.
pub(super) async fn drain(mut body: Incoming, limits: &Limits) {
    let read = async {
        let mut left = limits
            .body_bytes
            .saturating_mul(DRAINED_LIMITS)
            .max(DRAINED_BYTES);
        while let Some(Ok(frame)) = body.frame().await {
            match left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) {
                Some(rest) => left = rest,
                None => break,
            }
        }
    };
    // Whether it came to its end makes no difference.
    let _ = tokio::time::timeout(DRAINED_TIME, read).await;
}

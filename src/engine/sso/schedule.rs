//! When the metadata of the identity provider is read again.

use aws_lc_rs::rand;
use jiff::{SignedDuration, Timestamp};

/// However short a document wants to be kept, it is not read more often than this, or than is set.
const SHORTEST: SignedDuration = SignedDuration::from_hours(1);
/// The first pause after a failure; doubled with each further one.
const FIRST_RETRY: SignedDuration = SignedDuration::from_mins(15);

/// What a look found that the next one depends on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found {
    /// When the document ends.
    pub(super) valid_until: Option<Timestamp>,
    /// How long it may be kept.
    pub(super) cache_duration: Option<SignedDuration>,
    /// How many failures in a row there are; 0 where it went well.
    pub(super) failures: u32,
}

/// How long until the next look: as often as is set, sooner where the document asks for it (SAML metadata §2.3.2:
/// `cacheDuration`, and well before `validUntil`), and soon again after a failure.
pub(super) fn next(every: SignedDuration, found: &Found, now: Timestamp) -> SignedDuration {
    if found.failures > 0 {
        let doubled = 1_i32 << (found.failures - 1).min(16);
        return FIRST_RETRY
            .checked_mul(doubled)
            .map_or(every, |it| it.min(every));
    }
    let half = |until: Timestamp| until.duration_since(now) / 2;
    let asked = found.cache_duration.into_iter();
    let asked = asked.chain(found.valid_until.map(half)).min();
    let least = SHORTEST.min(every);
    asked.map_or(every, |asked| asked.clamp(least, every))
}

/// Up to a tenth earlier, so that not everybody who started at the same time asks at the same time.
pub(super) fn earlier(wait: SignedDuration) -> SignedDuration {
    let mut byte = [0_u8; 1];
    // Without randomness it is what it would be in the middle.
    let share = match rand::fill(&mut byte) {
        Ok(()) => i32::from(byte[0]),
        Err(_) => 128,
    };
    wait - (wait / 2_550) * share
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const HOUR: i64 = 3_600;
    const DAY: i64 = 24 * HOUR;

    #[rstest]
    #[case::as_set(DAY, None, None, 0, DAY)]
    #[case::sooner(DAY, Some(6 * HOUR), None, 0, 6 * HOUR)]
    #[case::not_later(DAY, Some(30 * DAY), None, 0, DAY)]
    #[case::not_all_the_time(DAY, Some(1), None, 0, HOUR)]
    #[case::well_before_its_end(DAY, None, Some(10 * HOUR), 0, 5 * HOUR)]
    #[case::the_shorter_of_both(DAY, Some(7 * HOUR), Some(10 * HOUR), 0, 5 * HOUR)]
    #[case::often_as_set(60, Some(1), None, 0, 60)]
    #[case::failed(DAY, None, None, 1, HOUR / 4)]
    #[case::failed_again(DAY, Some(1), None, 3, HOUR)]
    #[case::failing_for_long(DAY, None, None, 4_000_000, DAY)]
    #[case::failing_and_often(60, None, None, 2, 60)]
    fn the_next_look(
        #[case] every: i64,
        #[case] cache: Option<i64>,
        #[case] valid: Option<i64>,
        #[case] failures: u32,
        #[case] seconds: i64,
    ) {
        let now: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
        let span = SignedDuration::from_secs;
        let found = Found {
            valid_until: valid.map(|it| now + span(it)),
            cache_duration: cache.map(span),
            failures,
        };
        assert_eq!(next(span(every), &found, now).as_secs(), seconds);
    }

    #[test]
    fn it_comes_up_to_a_tenth_earlier() {
        let day = SignedDuration::from_secs(DAY);
        for _ in 0..100 {
            let wait = earlier(day);
            assert!(wait <= day && wait.as_secs() >= DAY * 9 / 10 - 1, "{wait}");
        }
        assert!(earlier(SignedDuration::from_secs(1)).is_positive());
    }
}

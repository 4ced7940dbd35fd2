//! Moments and spans as people say them.

use jiff::Timestamp;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How long ago, or in how long; a date beyond 60 days back.
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(at).as_secs();
    let distance = seconds.unsigned_abs();
    match (seconds, distance) {
        (_, 0..5) => "now".into(),
        (0.., ..) if distance >= 60 * DAY => date(at),
        (0.., _) => format!("{} ago", span(distance)),
        (_, _) => format!("in {}", span(distance)),
    }
}

/// A span in its largest unit, cut down: `4 s`, `3 min`, `2 h`, `89 d`.
pub fn span(seconds: u64) -> String {
    match seconds {
        0..MINUTE => format!("{seconds} s"),
        MINUTE..HOUR => format!("{} min", seconds / MINUTE),
        HOUR..DAY => format!("{} h", seconds / HOUR),
        _ => format!("{} d", seconds / DAY),
    }
}

/// The day, in UTC.
pub fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// Day and time of day, in UTC, which is what an identity provider's own log shows.
pub fn full(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// The time of day with milliseconds, in UTC.
pub fn clock(at: Timestamp) -> String {
    at.strftime("%H:%M:%S%.3f").to_string()
}

/// How long a request took.
pub fn took(microseconds: u64) -> String {
    match microseconds {
        0..1_000 => format!("{microseconds} µs"),
        1_000..100_000 => format!("{:.1} ms", microseconds as f64 / 1e3),
        100_000..1_000_000 => format!("{} ms", microseconds / 1_000),
        _ => format!("{:.1} s", microseconds as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::now(2, "now")]
    #[case::seconds(42, "42 s ago")]
    #[case::minutes(150, "2 min ago")]
    #[case::hours(7_300, "2 h ago")]
    #[case::days(3 * 86_400, "3 d ago")]
    #[case::long_ago(61 * 86_400, "2026-09-22")]
    #[case::soon(-90, "in 1 min")]
    #[case::later(-89 * 86_400, "in 89 d")]
    fn an_age_is_short(#[case] seconds_ago: i64, #[case] shown: &str) {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let at = now - SignedDuration::from_secs(seconds_ago);
        assert_eq!(relative(at, now), shown);
    }

    #[rstest]
    #[case(340, "340 µs")]
    #[case(1_250, "1.2 ms")]
    #[case(250_000, "250 ms")]
    #[case(2_100_000, "2.1 s")]
    fn a_duration_is_short(#[case] microseconds: u64, #[case] shown: &str) {
        assert_eq!(took(microseconds), shown);
    }
}

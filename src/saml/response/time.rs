//! Points in time as SAML writes them (SAML Core §1.3.3).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// No xs:dateTime of this millennium is longer.
const MAX_LENGTH: usize = 40;

/// The instant of an xs:dateTime: in UTC, or with an offset, though SAML asks for UTC. None where it is unreadable.
pub fn parse_instant(text: &str) -> Option<Timestamp> {
    let is_plain = text.bytes().all(|byte| {
        byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'T' | b'Z' | b'.' | b'+')
    });
    let has_seconds = text.split_once('T').is_some_and(|(date, time)| {
        date.len() == 10 && time.get(2..3) == Some(":") && time.get(5..6) == Some(":")
    });
    if !is_plain || !has_seconds || text.len() > MAX_LENGTH {
        return None;
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    let civil: DateTime = text.parse().ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::utc("2026-11-27T10:00:00Z", Some(1_795_773_600))]
    #[case::fraction("2026-11-27T10:00:00.123456Z", Some(1_795_773_600))]
    #[case::offset("2026-11-27T12:00:00+02:00", Some(1_795_773_600))]
    #[case::no_zone("2026-11-27T10:00:00", Some(1_795_773_600))]
    #[case::empty("", None)]
    #[case::space("2026-11-27 10:00:00Z", None)]
    #[case::date("2026-11-27", None)]
    #[case::no_seconds("2026-11-27T10:00Z", None)]
    #[case::words("never", None)]
    #[case::month("2026-13-27T10:00:00Z", None)]
    #[case::year("99999-11-27T10:00:00Z", None)]
    #[case::annotated("2026-11-27T10:00:00Z[Europe/Berlin]", None)]
    #[case::surrounded(" 2026-11-27T10:00:00Z", None)]
    fn an_instant_is_strict(#[case] text: &str, #[case] seconds: Option<i64>) {
        assert_eq!(parse_instant(text).map(Timestamp::as_second), seconds);
    }
}

//! Points in time as SCIM writes them (RFC 7643 §2.3.5): xsd:dateTime, with or without an offset.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The instant a text names; without an offset it is in UTC. None where the text is no date with a time.
pub fn parse_date_time(text: &str) -> Option<Timestamp> {
    if !text.contains(['T', 't']) {
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
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::utc("2008-01-23T04:56:22Z", true)]
    #[case::offset("2011-05-13T04:42:34+02:00", true)]
    #[case::fraction("2011-05-13T04:42:34.123Z", true)]
    #[case::no_offset("2011-05-13T04:42:34", true)]
    #[case::no_time("2011-05-13", false)]
    #[case::words("yesterday", false)]
    #[case::month("2011-13-13T04:42:34Z", false)]
    #[case::empty("", false)]
    fn a_date_needs_a_time(#[case] text: &str, #[case] is_valid: bool) {
        assert_eq!(parse_date_time(text).is_some(), is_valid);
    }

    #[test]
    fn without_an_offset_it_is_utc() {
        assert_eq!(
            parse_date_time("2011-05-13T04:42:34"),
            parse_date_time("2011-05-13T06:42:34+02:00")
        );
    }
}

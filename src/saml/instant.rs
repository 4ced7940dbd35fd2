//! Points in time as SAML writes them (SAML core §1.3.3).

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};

/// An xsd:dateTime in UTC, to the second, rounded down: `2026-11-27T10:20:30Z`.
pub fn write_instant(at: Timestamp) -> String {
    let whole = TimestampRound::new()
        .smallest(Unit::Second)
        .mode(RoundMode::Floor);
    // Rounding down can only fail at the beginning of all times, where the text as it is will do.
    at.round(whole).unwrap_or(at).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::whole("2026-11-27T10:20:30Z", "2026-11-27T10:20:30Z")]
    #[case::down("2026-11-27T10:20:30.999Z", "2026-11-27T10:20:30Z")]
    #[case::offset("2026-11-27T10:20:30+02:00", "2026-11-27T08:20:30Z")]
    #[case::before_1970("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59Z")]
    fn an_instant_is_written_to_the_second(#[case] at: Timestamp, #[case] text: &str) {
        assert_eq!(write_instant(at), text);
    }

    #[test]
    fn the_ends_of_all_times_can_be_written() {
        for at in [Timestamp::MIN, Timestamp::MAX] {
            assert!(write_instant(at).ends_with('Z'));
        }
    }
}

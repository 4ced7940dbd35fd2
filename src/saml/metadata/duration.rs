//! How long metadata may be kept: `cacheDuration` (SAML metadata §2.3).

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

/// Bytes of a duration that is read.
const LENGTH: usize = 64;

/// An xsd:duration, counted from `now` where it has months or years in it; None where it is none or negative.
pub(super) fn duration(text: &str, now: Timestamp) -> Option<SignedDuration> {
    let text = text.trim();
    if text.len() > LENGTH || !text.starts_with('P') {
        return None;
    }
    let span: Span = text.parse().ok()?;
    let end = now.to_zoned(TimeZone::UTC).checked_add(span).ok()?;
    let duration = end.timestamp().duration_since(now);
    (!duration.is_negative()).then_some(duration)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    const DAY: i64 = 86_400;

    fn now() -> Timestamp {
        "2026-02-01T00:00:00Z".parse().unwrap()
    }

    #[rstest]
    #[case::hours("PT6H", Some(6 * 3_600))]
    #[case::seconds("PT604800S", Some(7 * DAY))]
    #[case::days("P7D", Some(7 * DAY))]
    #[case::a_month_of_this_year("P1M", Some(28 * DAY))]
    #[case::mixed("P0Y0M1DT1H0M0S", Some(DAY + 3_600))]
    #[case::padded(" PT1M ", Some(60))]
    #[case::negative("-P1D", None)]
    #[case::word("weekly", None)]
    #[case::empty("", None)]
    #[case::number("3600", None)]
    #[case::beyond_all_time("P99999Y", None)]
    fn a_duration_is_read(#[case] text: &str, #[case] seconds: Option<i64>) {
        assert_eq!(duration(text, now()).map(|d| d.as_secs()), seconds);
    }

    proptest! {
        #[test]
        fn any_text_is_a_duration_or_none(text in any::<String>(), digits in "P?T?[0-9YMDTHS.:Z+-]{0,40}") {
            for text in [text, digits] {
                let _ = duration(&text, now());
            }
        }
    }
}

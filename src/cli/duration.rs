//! Spans of time as they are typed: `90d`, `12h`, `2w`.

/// Ten years, in seconds: nothing that ends is asked to live longer.
const LONGEST: u64 = 10 * 366 * 86_400;

/// A span of time in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub u64);

/// Reads a number with one of the units s, m, h, d, w. Suits clap.
pub fn parse(text: &str) -> Result<Span, String> {
    let wrong = || "expected a number with one of s, m, h, d, w, such as 90d".to_owned();
    let unit = text.chars().last().ok_or_else(wrong)?;
    let number: u64 = text
        .strip_suffix(unit)
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(wrong)?;
    let seconds = match unit {
        's' => Some(number),
        'm' => number.checked_mul(60),
        'h' => number.checked_mul(3_600),
        'd' => number.checked_mul(86_400),
        'w' => number.checked_mul(7 * 86_400),
        _ => return Err(wrong()),
    };
    match seconds {
        Some(0) => Err("it must be longer than nothing".into()),
        Some(seconds) if seconds <= LONGEST => Ok(Span(seconds)),
        _ => Err("it must not be longer than 10 years".into()),
    }
}

/// The same, where nothing at all is an answer, too: `0` or `0d`. Suits clap.
pub fn parse_or_zero(text: &str) -> Result<Span, String> {
    let is_zero = text
        .trim_end_matches(['s', 'm', 'h', 'd', 'w'])
        .bytes()
        .all(|byte| byte == b'0');
    if is_zero && text.starts_with('0') {
        return Ok(Span(0));
    }
    parse(text)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("90d", 90 * 86_400)]
    #[case("12h", 43_200)]
    #[case("2w", 1_209_600)]
    #[case("30m", 1_800)]
    #[case("5s", 5)]
    fn a_span_is_read(#[case] text: &str, #[case] seconds: u64) {
        assert_eq!(parse(text), Ok(Span(seconds)));
    }

    #[rstest]
    #[case("0", 0)]
    #[case("0d", 0)]
    #[case("7d", 604_800)]
    fn nothing_may_be_a_span(#[case] text: &str, #[case] seconds: u64) {
        assert_eq!(parse_or_zero(text), Ok(Span(seconds)));
        assert!(parse_or_zero("").is_err() && parse_or_zero("d").is_err());
    }

    #[rstest]
    #[case::empty("")]
    #[case::no_unit("90")]
    #[case::no_number("d")]
    #[case::nothing("0d")]
    #[case::negative("-1d")]
    #[case::overflow("99999999999999999999w")]
    #[case::too_long("4000d")]
    #[case::not_ascii("5é")]
    fn what_is_no_span_is_refused(#[case] text: &str) {
        assert!(parse(text).is_err());
    }
}

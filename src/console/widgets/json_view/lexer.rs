//! The words of one line of JSON, each with the role it is shown in. Works on the beginning of a line and never fails.

use super::layout::string_end;
use crate::console::theme::Role;

/// Adds the words of a line to `out`, without the blanks of the source and with one after each colon.
pub(super) fn lex(line: &str, out: &mut Vec<(String, Role)>) {
    let bytes = line.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let (end, role) = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                at += 1;
                continue;
            }
            b'"' => {
                let end = string_end(bytes, at);
                let is_name = bytes
                    .get(end..)
                    .unwrap_or_default()
                    .iter()
                    .find(|byte| !byte.is_ascii_whitespace())
                    == Some(&b':');
                (end, if is_name { Role::Key } else { Role::Text })
            }
            b':' => {
                out.push((": ".into(), Role::Muted));
                at += 1;
                continue;
            }
            b'{' | b'}' | b'[' | b']' | b',' => (at + 1, Role::Muted),
            _ => (at + bare(bytes.get(at..).unwrap_or_default()), Role::Info),
        };
        // Only strings can hold what is not ASCII in JSON; elsewhere a cut within a character is moved to its end.
        let end = line.ceil_char_boundary(end);
        if let Some(word) = line.get(at..end) {
            out.push((word.to_owned(), role));
        }
        at = end;
    }
}

/// How long the number or word at the beginning is.
fn bare(bytes: &[u8]) -> usize {
    let ends = |byte: &u8| {
        matches!(byte, b',' | b':' | b'{' | b'}' | b'[' | b']' | b'"') || byte.is_ascii_whitespace()
    };
    bytes.iter().position(ends).unwrap_or(bytes.len()).max(1)
}

/// The name of the member on a line, as written between its quotes.
pub(super) fn name(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let end = line
        .starts_with('"')
        .then(|| string_end(line.as_bytes(), 0))?;
    let follows = line.get(end..)?.trim_start();
    follows.starts_with(':').then(|| line.get(1..end - 1))?
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(r#""a" :1.5e3,"#, &[("\"a\"", Role::Key), (": ", Role::Muted), ("1.5e3", Role::Info), (",", Role::Muted)])]
    #[case(r#""é\"x""#, &[(r#""é\"x""#, Role::Text)])]
    #[case("true", &[("true", Role::Info)])]
    #[case("ünd\u{1}", &[("ünd\u{1}", Role::Info)])]
    #[case("\"cut", &[("\"cut", Role::Text)])]
    fn words_have_roles(#[case] line: &str, #[case] expected: &[(&str, Role)]) {
        let mut words = Vec::new();
        lex(line, &mut words);
        let words: Vec<(&str, Role)> = words
            .iter()
            .map(|(word, role)| (word.as_str(), *role))
            .collect();
        assert_eq!(words, expected);
    }

    #[rstest]
    #[case(r#" "a" : 1"#, Some("a"))]
    #[case(r#""a""#, None)]
    #[case("1", None)]
    #[case("\"", None)]
    fn names_are_recognised(#[case] line: &str, #[case] expected: Option<&str>) {
        assert_eq!(name(line), expected);
    }
}

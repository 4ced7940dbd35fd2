//! Comma-separated values (RFC 4180), safe to open in a spreadsheet.

use std::io::{self, Write};

use jiff::Timestamp;

use super::cell::Row;
use super::text;

/// Writes the header.
pub fn header<R: Row>(writer: &mut dyn Write) -> io::Result<()> {
    let names: Vec<&str> = R::COLUMNS.iter().map(|column| column.name).collect();
    write!(writer, "{}\r\n", names.join(","))
}

/// Writes the rows.
pub fn rows<R: Row>(writer: &mut dyn Write, rows: &[R], now: Timestamp) -> io::Result<()> {
    for row in rows {
        let fields: Vec<String> = row.cells(now).iter().map(|cell| field(&cell.raw)).collect();
        write!(writer, "{}\r\n", fields.join(","))?;
    }
    Ok(())
}

/// One field. A value that a spreadsheet would run as a formula is given an apostrophe first: names are chosen by
/// whoever pushes them.
fn field(value: &str) -> String {
    let mut value = text::printable(value).into_owned();
    if value.starts_with(['=', '+', '-', '@']) {
        value.insert(0, '\'');
    }
    if value.contains([',', '"', ' ', '\'']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("ada", "ada")]
    #[case::comma("Lovelace, Ada", "\"Lovelace, Ada\"")]
    #[case::quote("Ada \"A\"", "\"Ada \"\"A\"\"\"")]
    #[case::formula("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"")]
    #[case::newline("a\nb", "a\\nb")]
    fn a_field_is_quoted_and_never_a_formula(#[case] value: &str, #[case] written: &str) {
        assert_eq!(field(value), written);
    }
}

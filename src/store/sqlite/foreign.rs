//! Tells what a file is that is not a Provost database, so that the error can say more than "corrupt".

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The first bytes of every SQLite file.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// What the beginning of a file looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looks {
    /// There is no file, or nothing in it: a database may be made here.
    Empty,
    /// Like an SQLite file, of Provost or not.
    Sqlite,
    /// Like something else; the sentence names it.
    Foreign(&'static str),
}

/// Looks at the first bytes of a file.
pub fn look(path: &Path) -> io::Result<Looks> {
    let mut head = Vec::with_capacity(64);
    match File::open(path) {
        Ok(file) => file.take(64).read_to_end(&mut head)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Looks::Empty),
        Err(error) => return Err(error),
    };
    Ok(judge(&head))
}

fn judge(head: &[u8]) -> Looks {
    let kinds: [(&[u8], &'static str); 7] = [
        (b"\x1f\x8b", "it is a gzip archive"),
        (b"PK\x03\x04", "it is a zip archive"),
        (b"\x28\xb5\x2f\xfd", "it is a zstd archive"),
        (b"%PDF", "it is a PDF document"),
        (b"\x7fELF", "it is a program"),
        (b"{", "it is a JSON document"),
        (b"-----BEGIN", "it is a PEM file"),
    ];
    if head.is_empty() {
        return Looks::Empty;
    }
    if head.starts_with(SQLITE) {
        return Looks::Sqlite;
    }
    if let Some((_, sentence)) = kinds.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Looks::Foreign(sentence);
    }
    if head.iter().all(|&byte| byte == 0) {
        return Looks::Foreign("it begins with zeros, as after a crash of the file system");
    }
    let cut = head.len().saturating_sub(3);
    let readable = |bytes: &[u8]| {
        std::str::from_utf8(bytes).is_ok_and(|text| {
            !text
                .chars()
                .any(|c| c.is_control() && !c.is_ascii_whitespace())
        })
    };
    // A character may be cut at the end of the sample.
    if (cut..=head.len()).any(|end| head.get(..end).is_some_and(readable)) {
        return Looks::Foreign("it is a text file");
    }
    Looks::Foreign("it is not an SQLite file, or its beginning is damaged")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::nothing(b"", Looks::Empty)]
    #[case::sqlite(b"SQLite format 3\0\x10\x00", Looks::Sqlite)]
    #[case::gzip(b"\x1f\x8b\x08", Looks::Foreign("it is a gzip archive"))]
    #[case::text(b"organisation = acme\n", Looks::Foreign("it is a text file"))]
    #[case::noise(
        b"\xff\xfe\x01\x02",
        Looks::Foreign("it is not an SQLite file, or its beginning is damaged")
    )]
    #[case::zeros(
        &[0; 64],
        Looks::Foreign("it begins with zeros, as after a crash of the file system")
    )]
    fn names_what_it_is(#[case] head: &[u8], #[case] looks: Looks) {
        assert_eq!(judge(head), looks);
    }
}

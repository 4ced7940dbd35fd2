//! One zone: the least and the greatest of its numbers, and which words and which sequences of three bytes it holds, as
//! bits that several of them share.

use crate::store::sqlite::log_line::ReadyLine;
use crate::store::sqlite::values::int;

/// Bits for sequences of three bytes. A thousand lines with random ids in them set less than half.
const TRIPLES: usize = 8_192;
/// Bits for whole words.
const WORDS: usize = 512;

/// What lies in a zone.
#[derive(Debug)]
pub struct Summary {
    /// When its lines arrived, from and to.
    pub at: (i64, i64),
    /// How long they took.
    pub duration: (i64, i64),
    /// How many objects they changed.
    pub changes: (i64, i64),
    /// How they were answered, each once.
    pub statuses: Vec<u16>,
    words: [u64; WORDS / 64],
    triples: [u64; TRIPLES / 64],
}

/// The columns that whole words are looked for in.
#[derive(Clone, Copy, Debug)]
pub enum Column {
    /// What became of it.
    Outcome,
    /// In upper case.
    Method,
    /// Folded.
    Resource,
    /// In upper case.
    Code,
    /// Folded.
    Token,
    /// Folded.
    Idp,
    /// Its word.
    SubjectKind,
}

/// One line, as the columns of the log hold it.
pub struct Seen<'a> {
    pub at: i64,
    pub status: u16,
    pub duration: i64,
    pub changes: i64,
    pub outcome: &'a str,
    pub method: &'a str,
    pub resource: &'a str,
    pub code: Option<&'a str>,
    /// Folded.
    pub token: Option<&'a str>,
    pub idp: Option<&'a str>,
    pub subject_kind: Option<&'a str>,
    pub subject: Option<&'a str>,
    pub label: Option<&'a str>,
    pub path: &'a str,
    pub user_agent: Option<&'a str>,
    pub changed: &'a str,
    pub summary: &'a str,
}

impl Default for Summary {
    fn default() -> Self {
        let nothing = (i64::MAX, i64::MIN);
        Self {
            at: nothing,
            duration: nothing,
            changes: nothing,
            statuses: Vec::new(),
            words: [0; WORDS / 64],
            triples: [0; TRIPLES / 64],
        }
    }
}

impl<'a> Seen<'a> {
    /// A line that is about to be written.
    pub fn of_line(line: &'a ReadyLine) -> Self {
        let row = &line.row;
        Self {
            at: line.at,
            status: row.status,
            duration: int(row.duration_us),
            changes: i64::from(row.changes),
            outcome: row.outcome.as_str(),
            method: &line.method,
            resource: &line.resource,
            code: line.code.as_deref(),
            token: line.token_key.as_deref().or(row.token.as_deref()),
            idp: line.idp.as_deref(),
            subject_kind: line.subject_kind,
            subject: line.subject.as_deref(),
            label: line.label.as_deref(),
            path: &line.path,
            user_agent: line.user_agent.as_deref(),
            changed: &line.changed,
            summary: &line.summary,
        }
    }
}

impl Summary {
    /// Takes a line in.
    pub fn add(&mut self, line: &Seen<'_>) {
        for (span, value) in [
            (&mut self.at, line.at),
            (&mut self.duration, line.duration),
            (&mut self.changes, line.changes),
        ] {
            *span = (span.0.min(value), span.1.max(value));
        }
        if !self.statuses.contains(&line.status) {
            self.statuses.push(line.status);
        }
        for (column, word) in [
            (Column::Outcome, Some(line.outcome)),
            (Column::Method, Some(line.method)),
            (Column::Resource, Some(line.resource)),
            (Column::Code, line.code),
            (Column::Token, line.token),
            (Column::Idp, line.idp),
            (Column::SubjectKind, line.subject_kind),
        ] {
            for bit in word.into_iter().flat_map(|word| word_bits(column, word)) {
                set(&mut self.words, bit);
            }
        }
        // Searches look at methods and codes in lower case.
        let lower = [Some(line.method), line.code].map(|word| word.map(str::to_ascii_lowercase));
        for text in lower.iter().flatten() {
            self.add_text(text);
        }
        for text in [
            line.label,
            Some(line.summary),
            Some(line.path),
            line.user_agent,
            line.subject,
            line.token,
            line.idp,
            Some(line.changed),
        ] {
            self.add_text(text.unwrap_or_default());
        }
    }

    fn add_text(&mut self, text: &str) {
        for bit in triple_bits(text) {
            set(&mut self.triples, bit);
        }
    }

    /// Whether a line may have this word in this column.
    pub fn may_have(&self, bits: [usize; 2]) -> bool {
        bits.into_iter().all(|bit| is_set(&self.words, bit))
    }

    /// Whether a line may contain a text with these triples.
    pub fn may_contain(&self, triples: &[usize]) -> bool {
        triples.iter().all(|bit| is_set(&self.triples, *bit))
    }
}

/// The bits of a word in a column.
pub fn word_bits(column: Column, word: &str) -> [usize; 2] {
    // FNV-1a.
    let hash = word
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325 ^ column as u64, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
    [17, 41].map(|shift| usize::try_from((hash >> shift) % WORDS as u64).unwrap_or_default())
}

/// The bits of each three bytes of a text that follow each other.
pub fn triple_bits(text: &str) -> impl Iterator<Item = usize> {
    text.as_bytes().windows(3).map(|triple| {
        let key = triple
            .iter()
            .fold(0, |key: u32, byte| key << 8 | u32::from(*byte));
        key.wrapping_mul(0x9E37_79B1) as usize >> (32 - TRIPLES.trailing_zeros())
    })
}

fn set(bits: &mut [u64], bit: usize) {
    if let Some(word) = bits.get_mut(bit / 64) {
        *word |= 1 << (bit % 64);
    }
}

fn is_set(bits: &[u64], bit: usize) -> bool {
    bits.get(bit / 64)
        .is_none_or(|word| word & (1 << (bit % 64)) != 0)
}

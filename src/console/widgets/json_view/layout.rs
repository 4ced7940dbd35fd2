//! Where the lines of a body are: one quick pass over the text that lays compact JSON out in lines without copying it.
//!
//! The pass does not judge: what is not quite JSON, or only its beginning, is laid out as far as it goes. What does not
//! begin like JSON is laid out by its own line breaks.

/// How many lines are laid out at most; what comes after them is one last line.
pub(super) const MAX_LINES: usize = 500_000;
/// How many bytes are looked at, at most.
pub(super) const MAX_BYTES: usize = 64 << 20;

/// One line: a stretch of the text and how deep it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Where it begins in the text, in bytes.
    pub(super) start: u32,
    /// Where it ends.
    pub(super) end: u32,
    /// How many containers it is in.
    pub(super) depth: u16,
    /// What stands on it.
    pub(super) kind: LineKind,
    /// Of a line that opens a container the line that closes it, and the other way round; else itself.
    pub(super) other: u32,
}

/// What stands on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineKind {
    /// Text that is not JSON.
    Plain,
    /// A value that fits on the line, with its name if it has one.
    Value,
    /// The beginning of a container.
    Open,
    /// Its end.
    Close,
}

/// Lays a text out. Returns its lines and whether it looks like JSON.
pub(super) fn lay_out(text: &str) -> (Vec<Line>, bool) {
    let is_json = matches!(text.trim_start().bytes().next(), Some(b'{' | b'['));
    let lines = if is_json { json(text) } else { plain(text) };
    (lines, is_json)
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("texts are cut to MAX_BYTES, which fits")
}

fn plain(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let rest = text.as_bytes().get(start..).unwrap_or_default();
        let last = lines.len() + 1 >= MAX_LINES;
        let length = if last {
            None
        } else {
            memchr::memchr(b'\n', rest)
        };
        let end = length.map_or(text.len(), |length| start + length);
        let line = lines.len();
        lines.push(Line {
            start: offset(start),
            end: offset(end),
            depth: 0,
            kind: LineKind::Plain,
            other: offset(line),
        });
        start = end + 1;
    }
    lines
}

/// A line that is being gathered.
#[derive(Clone, Copy)]
struct Begun {
    start: usize,
    kind: LineKind,
    /// The line that opened what this one closes.
    opener: Option<u32>,
}

impl Begun {
    fn at(start: usize, kind: LineKind) -> Self {
        Self {
            start,
            kind,
            opener: None,
        }
    }
}

/// The pass over JSON.
struct Pass<'a> {
    bytes: &'a [u8],
    lines: Vec<Line>,
    /// The lines that opened the containers we are in.
    open: Vec<u32>,
    /// The line that is being gathered.
    current: Option<Begun>,
}

fn json(text: &str) -> Vec<Line> {
    let mut pass = Pass {
        bytes: text.as_bytes(),
        lines: Vec::new(),
        open: Vec::new(),
        current: None,
    };
    let mut at = 0;
    while at < pass.bytes.len() {
        if pass.lines.len() + 1 >= MAX_LINES {
            pass.current.get_or_insert(Begun::at(at, LineKind::Plain));
            break;
        }
        at = pass.step(at);
    }
    let end = pass.bytes.len();
    pass.finish(end);
    let last = offset(pass.lines.len().saturating_sub(1));
    for opener in pass.open {
        if let Some(line) = pass.lines.get_mut(opener as usize) {
            line.other = last;
        }
    }
    pass.lines
}

impl Pass<'_> {
    /// Takes in what begins at `at`; returns where the next thing begins.
    fn step(&mut self, at: usize) -> usize {
        match self.bytes.get(at) {
            Some(b' ' | b'\t' | b'\r' | b'\n') | None => at + 1,
            Some(b'"') => {
                self.begin(at);
                string_end(self.bytes, at)
            }
            Some(opening @ (b'{' | b'[')) => {
                self.begin(at);
                let closing = if *opening == b'{' { b'}' } else { b']' };
                let next = self.bytes.get(at + 1..).unwrap_or_default();
                let blank = next
                    .iter()
                    .take_while(|byte| byte.is_ascii_whitespace())
                    .count();
                if next.get(blank) == Some(&closing) {
                    return at + blank + 2;
                }
                if let Some(begun) = &mut self.current {
                    begun.kind = LineKind::Open;
                }
                self.finish(at + 1);
                self.open.push(offset(self.lines.len() - 1));
                at + 1
            }
            Some(b'}' | b']') => {
                self.finish(at);
                let opener = self.open.pop();
                let line = offset(self.lines.len());
                if let Some(opening) = opener.and_then(|opener| self.lines.get_mut(opener as usize))
                {
                    opening.other = line;
                }
                self.current = Some(Begun {
                    start: at,
                    // What closes nothing is not JSON after all, and shown as it is.
                    kind: opener.map_or(LineKind::Value, |_| LineKind::Close),
                    opener,
                });
                at + 1
            }
            Some(b',') => {
                self.begin(at);
                self.finish(at + 1);
                at + 1
            }
            Some(_) => {
                self.begin(at);
                at + 1
            }
        }
    }

    fn begin(&mut self, at: usize) {
        self.current.get_or_insert(Begun::at(at, LineKind::Value));
    }

    fn finish(&mut self, end: usize) {
        let Some(begun) = self.current.take() else {
            return;
        };
        let line = offset(self.lines.len());
        self.lines.push(Line {
            start: offset(begun.start),
            end: offset(end),
            depth: u16::try_from(self.open.len()).unwrap_or(u16::MAX),
            kind: begun.kind,
            other: begun.opener.unwrap_or(line),
        });
    }
}

/// Where a string ends that begins at `at`: after its closing quote, or at the end of the text.
pub(super) fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut next = at + 1;
    while let Some(rest) = bytes.get(next..) {
        match memchr::memchr2(b'"', b'\\', rest) {
            Some(found) if rest.get(found) == Some(&b'"') => return next + found + 1,
            Some(found) => next += found + 2,
            None => break,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let (lines, _) = lay_out(text);
        lines
            .iter()
            .map(|line| {
                let slice = &text[line.start as usize..line.end as usize];
                format!("{}{}", "  ".repeat(usize::from(line.depth)), slice.trim())
            })
            .collect()
    }

    #[rstest]
    #[case::object(r#"{"a":1,"b":[true,null]}"#, &["{", r#"  "a":1,"#, r#"  "b":["#, "    true,", "    null", "  ]", "}"])]
    #[case::already_pretty("{\n \"a\": 1\n}", &["{", r#"  "a": 1"#, "}"])]
    #[case::empty(r#"{"a":{},"b":[ ]}"#, &["{", r#"  "a":{},"#, r#"  "b":[ ]"#, "}"])]
    #[case::brackets_in_text(r#"["a]\"{,",1]"#, &["[", r#"  "a]\"{,","#, "  1", "]"])]
    #[case::cut(r#"{"a":{"b":"c"#, &["{", r#"  "a":{"#, r#"    "b":"c"#])]
    #[case::too_many_ends("[1]]}", &["[", "  1", "]", "]", "}"])]
    #[case::trailing("[1] x", &["[", "  1", "] x"])]
    #[case::plain("<html>\n oops", &["<html>", "oops"])]
    #[case::nothing("", &[])]
    fn a_body_is_laid_out_in_lines(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(shown(text), expected);
    }

    #[test]
    fn containers_know_both_their_ends() {
        let (lines, _) = lay_out(r#"{"a":[1,2],"b":3}"#);
        assert_eq!((lines[0].other, lines[6].other), (6, 0));
        assert_eq!((lines[1].other, lines[4].other), (4, 1));
    }

    #[test]
    fn hostile_depth_and_length_are_bounded() {
        let (lines, _) = lay_out(&"[".repeat(2_000_000));
        assert_eq!(lines.len(), MAX_LINES);
        let (lines, _) = lay_out(&"1\n".repeat(1_000_000));
        assert_eq!(lines.len(), MAX_LINES);
    }
}

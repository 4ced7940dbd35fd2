//! A body with its layout and what is folded in it: which line stands on which row, and where in the document it is.

use std::collections::BTreeSet;

use super::layout::{Line, LineKind, MAX_BYTES, lay_out};
use super::lexer;

/// How many members of a folded container are counted.
const COUNTED: usize = 1_000;

/// A body, laid out.
#[derive(Clone, Debug)]
pub(super) struct Document {
    text: String,
    lines: Vec<Line>,
    is_json: bool,
    folds: BTreeSet<usize>,
    /// The stretches of lines that folds hide: first line, how many, and how many are hidden before it.
    hidden: Vec<(usize, usize, usize)>,
}

impl Document {
    pub(super) fn new(mut text: String) -> Self {
        if text.len() > MAX_BYTES {
            text.truncate(text.floor_char_boundary(MAX_BYTES));
        }
        let (lines, is_json) = lay_out(&text);
        Self {
            text,
            lines,
            is_json,
            folds: BTreeSet::new(),
            hidden: Vec::new(),
        }
    }

    pub(super) fn is_json(&self) -> bool {
        self.is_json
    }

    pub(super) fn line(&self, line: usize) -> Option<&Line> {
        self.lines.get(line)
    }

    pub(super) fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// The text of a line as it is in the body.
    pub(super) fn slice(&self, line: usize) -> &str {
        self.lines
            .get(line)
            .and_then(|line| self.text.get(line.start as usize..line.end as usize))
            .unwrap_or_default()
    }

    // ── folds ───────────────────────────────────────────────────────────────────────────────────────────────────
    /// How many rows there are while folds hide some lines.
    pub(super) fn rows(&self) -> usize {
        let hidden = self
            .hidden
            .last()
            .map_or(0, |(_, count, before)| count + before);
        self.lines.len() - hidden
    }

    /// The line that stands on a row.
    pub(super) fn line_at(&self, row: usize) -> usize {
        // How many stretches lie wholly above the row.
        let above = self
            .hidden
            .partition_point(|(first, _, before)| first - before <= row);
        let hidden = above.checked_sub(1).and_then(|last| self.hidden.get(last));
        row + hidden.map_or(0, |(_, count, before)| count + before)
    }

    /// The row on which a line stands, or on which the container stands that hides it.
    pub(super) fn row_of(&self, line: usize) -> usize {
        let above = self.hidden.partition_point(|(first, ..)| *first <= line);
        match above.checked_sub(1).and_then(|last| self.hidden.get(last)) {
            Some((first, count, before)) if line < first + count => first - 1 - before,
            Some((_, count, before)) => line - count - before,
            None => line,
        }
    }

    pub(super) fn is_folded(&self, line: usize) -> bool {
        self.folds.contains(&line)
    }

    /// Folds or unfolds the container that a line opens or closes, or else the one it is in. Returns the line that opens
    /// it.
    pub(super) fn toggle(&mut self, line: usize) -> Option<usize> {
        let opener = match self.lines.get(line)?.kind {
            LineKind::Open => Some(line),
            LineKind::Close => Some(self.lines.get(line)?.other as usize),
            LineKind::Value | LineKind::Plain => self.parent(line),
        }?;
        if !self.folds.remove(&opener) {
            self.folds.insert(opener);
        }
        self.hide();
        Some(opener)
    }

    /// Folds every container that stands at least so deep.
    pub(super) fn fold_from(&mut self, depth: u16) {
        let opens = |line: &Line| line.kind == LineKind::Open && line.depth >= depth;
        let openers = self
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| opens(line));
        self.folds = openers.map(|(line, _)| line).collect();
        self.hide();
    }

    pub(super) fn unfold_all(&mut self) {
        self.folds.clear();
        self.hide();
    }

    /// Unfolds whatever hides a line.
    pub(super) fn reveal(&mut self, line: usize) {
        let mut inner = line;
        while let Some(parent) = self.parent(inner) {
            self.folds.remove(&parent);
            inner = parent;
        }
        self.hide();
    }

    fn hide(&mut self) {
        self.hidden.clear();
        let (mut covered, mut before) = (0, 0);
        for opener in &self.folds {
            let Some(line) = self.lines.get(*opener) else {
                continue;
            };
            let closer = line.other as usize;
            if *opener < covered || closer <= *opener {
                continue;
            }
            let count = closer - opener;
            self.hidden.push((opener + 1, count, before));
            before += count;
            covered = closer + 1;
        }
    }

    // ── where in the document ───────────────────────────────────────────────────────────────────────────────────
    /// The line that opens the container a line is in.
    fn parent(&self, line: usize) -> Option<usize> {
        let depth = self.lines.get(line)?.depth;
        let mut at = line.checked_sub(1)?;
        loop {
            let above = self.lines.get(at)?;
            if above.kind == LineKind::Open && above.depth < depth {
                return Some(at);
            }
            // Over a whole container in one step.
            at = match above.kind {
                LineKind::Close if above.other as usize != at => {
                    (above.other as usize).checked_sub(1)?
                }
                _ => at.checked_sub(1)?,
            };
        }
    }

    /// The lines of the members of a container.
    fn children(&self, opener: usize) -> impl Iterator<Item = usize> {
        let end = self.lines.get(opener).map_or(0, |line| line.other as usize);
        let mut at = opener + 1;
        std::iter::from_fn(move || {
            let line = self.lines.get(at).filter(|_| at < end || end == opener)?;
            let here = at;
            at = if line.kind == LineKind::Open {
                line.other as usize + 1
            } else {
                at + 1
            };
            Some(here)
        })
    }

    /// How many members a container has, as far as counted, and whether that is all.
    pub(super) fn size(&self, opener: usize) -> (usize, bool) {
        let count = self.children(opener).take(COUNTED + 1).count();
        (count.min(COUNTED), count <= COUNTED)
    }

    /// Where a line stands in the document, as a JSON pointer (RFC 6901).
    pub(super) fn path(&self, line: usize) -> String {
        let mut at = match self.lines.get(line) {
            Some(closer) if closer.kind == LineKind::Close => closer.other as usize,
            _ => line,
        };
        let mut steps = Vec::new();
        while let Some(parent) = self.parent(at) {
            let step = match lexer::name(self.slice(at)) {
                Some(name) => name.replace('~', "~0").replace('/', "~1"),
                None => self
                    .children(parent)
                    .take_while(|child| *child != at)
                    .count()
                    .to_string(),
            };
            steps.push(step);
            at = parent;
        }
        steps
            .iter()
            .rev()
            .fold(String::new(), |path, step| path + "/" + step)
    }

    /// The line on which what a JSON pointer names stands.
    pub(super) fn line_of(&self, path: &str) -> Option<usize> {
        let mut at = 0;
        for step in path.split('/').skip(1) {
            let name = step.replace("~1", "/").replace("~0", "~");
            let found = self
                .children(at)
                .enumerate()
                .find(|(index, child)| match lexer::name(self.slice(*child)) {
                    Some(found) => found == name,
                    None => index.to_string() == name,
                })
                .map(|(_, child)| child);
            at = found?;
        }
        (at < self.lines.len()).then_some(at)
    }

    /// The value on a line as it is in the body: of a container all of it, of a member without its name.
    pub(super) fn value(&self, line: usize) -> &str {
        let Some(first) = self.lines.get(line) else {
            return "";
        };
        let (from, to) = match first.kind {
            LineKind::Open => (
                first.start,
                self.lines
                    .get(first.other as usize)
                    .map_or(first.end, |line| line.end),
            ),
            LineKind::Close => (
                self.lines
                    .get(first.other as usize)
                    .map_or(first.start, |line| line.start),
                first.end,
            ),
            LineKind::Value | LineKind::Plain => (first.start, first.end),
        };
        let whole = self
            .text
            .get(from as usize..to as usize)
            .unwrap_or_default()
            .trim();
        let whole = whole.strip_suffix(',').unwrap_or(whole);
        match lexer::name(whole) {
            Some(name) => whole
                .get(name.len() + 2..)
                .unwrap_or_default()
                .trim_start()
                .trim_start_matches(':')
                .trim(),
            None => whole,
        }
    }
}

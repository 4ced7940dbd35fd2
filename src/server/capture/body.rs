//! Bodies: JSON text with every secret replaced, otherwise to the letter as it came.
//!
//! Works on the text and not on a parsed value, so that what an admin sees is what the client sent: order, spelling,
//! doubled keys and all. It keeps a stack of its own, so that no depth of nesting is too much for it. From the first
//! place on where the text is not JSON nothing is kept: what is not understood cannot be redacted.
//!
//! A value is hidden when its key announces a secret, and so is `value` beside a `path`, `type` or `name` that does
//! (`{"op":"replace","path":"password","value":"…"}`), whichever comes first.

mod scan;

use std::fmt::Write as _;

use super::pseudonym::Pseudonyms;
use super::query;
use super::sensitive::Sensitive;
use scan::{Scan, Token};

/// Keys whose value tells what the `value` beside it is.
const LABELS: [&str; 5] = ["path", "type", "name", "key", "attribute"];

/// A body as the log keeps it.
pub(super) fn redact(body: &[u8], sensitive: &Sensitive, pseudonyms: &Pseudonyms) -> String {
    let valid = match str::from_utf8(body) {
        Ok(text) => text,
        Err(error) => body
            .get(..error.valid_up_to())
            .and_then(|bytes| str::from_utf8(bytes).ok())
            .unwrap_or_default(),
    };
    let run = |is_broken| Redactor::new(valid, is_broken, sensitive, pseudonyms).run();
    let (mut out, fault) = match run(false) {
        // What stands where in a broken text is anybody's guess: then every `value` may be a secret.
        (_, Some(_)) => run(true),
        whole => whole,
    };
    let kept = fault.unwrap_or(valid.len());
    // Writing to a string cannot fail.
    let _ = match body.len() - kept {
        0 if fault.is_some() => write!(out, "…[the JSON breaks off here]"),
        0 => Ok(()),
        dropped => write!(
            out,
            "…[not JSON from here on, {dropped} bytes are not kept]"
        ),
    };
    out
}

/// An object or array that is open.
enum Frame {
    Array,
    Object(Object),
}

#[derive(Default)]
struct Object {
    /// Whether a label in it announces a secret.
    announced: bool,
    /// Where the values under `value` stand in the output, in order.
    values: Vec<(usize, usize)>,
    /// The key whose value comes next or is open.
    key: Key,
    /// Where the value that is open under `value` begins in the output.
    open: Option<usize>,
}

/// What a key means for its value.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Key {
    #[default]
    Plain,
    Secret,
    Label,
    Value,
    Filter,
}

/// A secret object or array that is being skipped.
struct Hiding {
    /// How many frames were open before it.
    depth: usize,
    /// Where it begins in the source.
    start: usize,
}

struct Redactor<'a> {
    source: &'a str,
    /// Whether the source is known not to be JSON to its end.
    is_broken: bool,
    out: String,
    /// How much of the source is in the output, or replaced there.
    copied: usize,
    frames: Vec<Frame>,
    hiding: Option<Hiding>,
    sensitive: &'a Sensitive,
    pseudonyms: &'a Pseudonyms,
}

impl<'a> Redactor<'a> {
    fn new(
        source: &'a str,
        is_broken: bool,
        sensitive: &'a Sensitive,
        pseudonyms: &'a Pseudonyms,
    ) -> Self {
        Self {
            source,
            is_broken,
            out: String::with_capacity(source.len()),
            copied: 0,
            frames: Vec::new(),
            hiding: None,
            sensitive,
            pseudonyms,
        }
    }

    /// Returns the redacted text, and where the source ceases to be JSON if it does.
    fn run(mut self) -> (String, Option<usize>) {
        let mut scan = Scan::new(self.source);
        while let Some(item) = scan.next() {
            match item {
                Ok((token, start, end)) => self.take(token, start, end),
                Err(at) => {
                    self.give_up(at);
                    return (self.out, Some(at));
                }
            }
        }
        self.flush(self.source.len());
        (self.out, None)
    }

    fn take(&mut self, token: Token, start: usize, end: usize) {
        match token {
            Token::Open { object } => {
                self.begin_value(start);
                if self.hiding.is_none() && self.key() == Key::Secret {
                    self.hiding = Some(Hiding {
                        depth: self.frames.len(),
                        start,
                    });
                }
                self.frames.push(if object {
                    Frame::Object(Object::default())
                } else {
                    Frame::Array
                });
            }
            Token::Close => {
                self.close(end);
                self.end_value(end);
            }
            Token::Key => self.key_found(start, end),
            Token::Text => {
                self.begin_value(start);
                if self.hiding.is_none() {
                    self.text(start, end);
                }
                self.end_value(end);
            }
            Token::Number => {
                self.begin_value(start);
                if self.hiding.is_none() && self.key() == Key::Secret {
                    self.replace(start, end, false);
                }
                self.end_value(end);
            }
            // `true`, `false` and `null` hide nothing.
            Token::Word => {}
        }
    }

    /// What the key of the innermost object says of the value that comes. Values of an array have no key.
    fn key(&self) -> Key {
        match self.frames.last() {
            Some(Frame::Object(object)) => object.key,
            Some(Frame::Array) | None => Key::Plain,
        }
    }

    fn key_found(&mut self, start: usize, end: usize) {
        if self.hiding.is_some() {
            return;
        }
        let raw = self.slice(start, end);
        let decoded = decode(raw);
        let name = decoded.as_str();
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        let key = if self.sensitive.covers(name) {
            Key::Secret
        } else if is("value") {
            if self.is_broken {
                Key::Secret
            } else {
                Key::Value
            }
        } else if is("filter") {
            Key::Filter
        } else if LABELS.iter().any(|label| is(label)) {
            Key::Label
        } else {
            Key::Plain
        };
        if let Some(Frame::Object(object)) = self.frames.last_mut() {
            object.key = key;
        }
    }

    fn text(&mut self, start: usize, end: usize) {
        match self.key() {
            Key::Secret => self.replace(start, end, true),
            Key::Label => {
                let label = decode(self.slice(start, end));
                if self.sensitive.covers(&label) {
                    if let Some(Frame::Object(object)) = self.frames.last_mut() {
                        object.announced = true;
                    }
                    if label.contains(['=', '?']) {
                        // It is a URL, such as the path of an operation of a bulk request.
                        self.replace(start, end, true);
                    } else if label.contains('"') {
                        self.replace_with_literals(start, end, &label);
                    }
                }
            }
            Key::Filter => {
                let filter = decode(self.slice(start, end));
                if self.sensitive.mentions(&filter) {
                    self.replace_with_literals(start, end, &filter);
                }
            }
            Key::Plain | Key::Value => {
                // JSON that was written into a string, as clients do that encode twice.
                let raw = self.slice(start, end);
                let inside = raw.trim_start_matches(['"', ' ']);
                if inside.starts_with(['{', '[']) && self.sensitive.mentions(&decode(raw)) {
                    self.replace(start, end, true);
                }
            }
        }
    }

    fn begin_value(&mut self, start: usize) {
        let at = self.position(start);
        if self.hiding.is_none()
            && let Some(Frame::Object(object)) = self.frames.last_mut()
            && object.key == Key::Value
        {
            object.open = Some(at);
        }
    }

    fn end_value(&mut self, end: usize) {
        if self.hiding.is_some() {
            return;
        }
        let at = self.position(end);
        if let Some(Frame::Object(object)) = self.frames.last_mut()
            && let Some(open) = object.open.take()
        {
            object.values.push((open, at));
        }
    }

    fn close(&mut self, end: usize) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        if let Some(hiding) = self.hiding.take() {
            if hiding.depth == self.frames.len() {
                self.replace(hiding.start, end, false);
            } else {
                self.hiding = Some(hiding);
            }
            return;
        }
        if let Frame::Object(object) = frame
            && object.announced
        {
            self.flush(end);
            self.hide_values(object.values);
        }
    }

    /// Replaces what is in the output already, last first, so that positions stay true.
    fn hide_values(&mut self, values: Vec<(usize, usize)>) {
        for (start, end) in values.into_iter().rev() {
            let Some(raw) = self.out.get(start..end) else {
                continue;
            };
            let mask = self.pseudonyms.mask(secret_of(raw).as_bytes());
            self.out.replace_range(start..end, &quoted(&mask));
        }
    }

    /// Keeps what stands before `at`.
    fn give_up(&mut self, at: usize) {
        match self.hiding.take() {
            Some(hiding) => {
                self.flush(hiding.start);
                self.out.push_str("\"***\"");
            }
            None => self.flush(at),
        }
    }

    fn replace(&mut self, start: usize, end: usize, is_text: bool) {
        let raw = self.slice(start, end);
        let secret = if is_text { decode(raw) } else { raw.to_owned() };
        let mask = quoted(&self.pseudonyms.mask(secret.as_bytes()));
        self.put(start, end, &mask);
    }

    fn replace_with_literals(&mut self, start: usize, end: usize, filter: &str) {
        let masked = query::literals(filter, self.pseudonyms);
        self.put(start, end, &quoted(&masked));
    }

    fn put(&mut self, start: usize, end: usize, text: &str) {
        self.flush(start);
        self.out.push_str(text);
        self.copied = end;
    }

    fn flush(&mut self, end: usize) {
        if let Some(text) = self.source.get(self.copied..end) {
            self.out.push_str(text);
            self.copied = end;
        }
    }

    /// Where a place of the source that was not copied yet will stand in the output.
    fn position(&self, at: usize) -> usize {
        self.out.len() + at.saturating_sub(self.copied)
    }

    fn slice(&self, start: usize, end: usize) -> &str {
        self.source.get(start..end).unwrap_or_default()
    }
}

/// The text of a JSON string, or what stands between its quotes where an escape in it is wrong.
fn decode(raw: &str) -> String {
    let inner = raw
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(raw);
    if !inner.contains('\\') {
        return inner.to_owned();
    }
    serde_json::from_str(raw).unwrap_or_else(|_| inner.to_owned())
}

fn secret_of(raw: &str) -> String {
    if raw.starts_with('"') {
        decode(raw)
    } else {
        raw.to_owned()
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests;

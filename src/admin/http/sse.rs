//! Reads server-sent events (WHATWG HTML §9.2.6) from bytes that arrive cut anywhere. Pure.

/// The longest event that is read; beyond it the stream is not one of ours.
const LONGEST: usize = 1_024 * 1_024;

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Event {
    /// Its type; empty where none was given.
    pub name: String,
    /// Its data; several lines are joined by line feeds.
    pub data: String,
}

/// An event is longer than any of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event is longer than {LONGEST} bytes")]
pub(super) struct TooLong;

/// The reader.
#[derive(Debug, Default)]
pub(super) struct Reader {
    line: Vec<u8>,
    /// Whether the last byte was a carriage return, so that a line feed after it ends no line.
    after_return: bool,
    name: String,
    data: Option<String>,
    is_begun: bool,
}

impl Reader {
    /// Takes some bytes, and gives the events that are complete with them.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<Vec<Event>, TooLong> {
        let mut events = Vec::new();
        let mut rest = bytes;
        if bytes.is_empty() {
            return Ok(events);
        }
        if std::mem::take(&mut self.after_return) && rest.first() == Some(&b'\n') {
            rest = rest.get(1..).unwrap_or_default();
        }
        while let Some(end) = memchr::memchr2(b'\n', b'\r', rest) {
            let (text, behind) = rest.split_at(end);
            self.push(text)?;
            let line = std::mem::take(&mut self.line);
            events.extend(self.take_line(&line)?);
            rest = match behind {
                [b'\r', b'\n', rest @ ..] | [_, rest @ ..] => rest,
                [] => behind,
            };
            self.after_return = behind == b"\r";
        }
        self.push(rest)?;
        Ok(events)
    }

    fn push(&mut self, text: &[u8]) -> Result<(), TooLong> {
        if self.line.len() + text.len() > LONGEST {
            return Err(TooLong);
        }
        self.line.extend_from_slice(text);
        Ok(())
    }

    fn take_line(&mut self, line: &[u8]) -> Result<Option<Event>, TooLong> {
        let line = String::from_utf8_lossy(line);
        let mut line = line.as_ref();
        if !std::mem::replace(&mut self.is_begun, true) {
            line = line.strip_prefix('\u{feff}').unwrap_or(line);
        }
        if line.is_empty() {
            let name = std::mem::take(&mut self.name);
            return Ok(self.data.take().map(|data| Event { name, data }));
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => match &mut self.data {
                Some(data) if data.len() + value.len() > LONGEST => return Err(TooLong),
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            "event" => value.clone_into(&mut self.name),
            // Comments (an empty field), `id`, `retry` and what may yet be invented.
            _ => {}
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn event(name: &str, data: &str) -> Event {
        Event {
            name: name.into(),
            data: data.into(),
        }
    }

    #[rstest]
    #[case::one("data: a\n\n", &[event("", "a")])]
    #[case::no_blank("data:a\n\n", &[event("", "a")])]
    #[case::one_blank_only("data:  a\n\n", &[event("", " a")])]
    #[case::lines("data: a\ndata: b\n\n", &[event("", "a\nb")])]
    #[case::named("event: error\ndata: a\n\n", &[event("error", "a")])]
    #[case::comment(": keep-alive\n\ndata: a\n\n", &[event("", "a")])]
    #[case::without_data("event: x\n\ndata: a\n\n", &[event("", "a")])]
    #[case::returns("data: a\r\rdata: b\r\r", &[event("", "a"), event("", "b")])]
    #[case::both("data: a\r\n\r\ndata: b\r\n\r\n", &[event("", "a"), event("", "b")])]
    #[case::mark("\u{feff}data: a\n\n", &[event("", "a")])]
    #[case::unknown("id: 1\nretry: 5\nx\ndata: a\n\n", &[event("", "a")])]
    #[case::empty("data\n\n", &[event("", "")])]
    #[case::unfinished("data: a\n", &[])]
    fn events_are_read(#[case] text: &str, #[case] expected: &[Event]) {
        assert_eq!(Reader::default().feed(text.as_bytes()).unwrap(), expected);
    }

    #[test]
    fn an_endless_event_is_refused() {
        let mut reader = Reader::default();
        let result = (0..=LONGEST / 1_000).try_for_each(|_| reader.feed(&[b'x'; 1_000]).map(drop));
        assert_eq!(result, Err(TooLong));
        let mut reader = Reader::default();
        let line = format!("data: {}\n", "x".repeat(1_000));
        let result = (0..=LONGEST / 1_000).try_for_each(|_| reader.feed(line.as_bytes()).map(drop));
        assert_eq!(result, Err(TooLong));
    }

    proptest! {
        #[test]
        fn cuts_make_no_difference(
            text in "((data|event|:|x): ?[aé]{0,3}(\r|\n|\r\n){1,2}){0,8}",
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let whole = Reader::default().feed(text.as_bytes()).unwrap();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let mut reader = Reader::default();
            let mut pieces = Vec::new();
            for pair in cuts.windows(2) {
                pieces.extend(reader.feed(&text.as_bytes()[pair[0]..pair[1]]).unwrap());
            }
            prop_assert_eq!(pieces, whole);
        }
    }
}

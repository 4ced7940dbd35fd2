//! What the console says: one line at the bottom for a while, and all of them in a list (`H`).
//!
//! Each message says what happened and, where it went wrong, what to do next. A failure stays until a key is pressed
//! after its time; the rest goes by itself.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use crate::admin::types::RequestId;
use crate::admin::{AdminError, AdminErrorKind};
use crate::console::theme::{Glyphs, Role};

/// How many messages are kept.
const KEPT: usize = 200;

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It went well.
    Success,
    /// Worth knowing.
    Info,
    /// Should be looked at.
    Warning,
    /// It failed.
    Failure,
}

impl Tone {
    /// Its glyph, word and role.
    pub fn shown(self, glyphs: &Glyphs) -> (&'static str, &'static str, Role) {
        match self {
            Self::Success => (glyphs.ok, "done", Role::Success),
            Self::Info => (glyphs.noted, "note", Role::Info),
            Self::Warning => (glyphs.warning, "warning", Role::Warning),
            Self::Failure => (glyphs.failed, "failed", Role::Danger),
        }
    }

    fn stays(self) -> SignedDuration {
        SignedDuration::from_secs(match self {
            Self::Success | Self::Info => 4,
            Self::Warning | Self::Failure => 10,
        })
    }
}

/// Something the console said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// When.
    pub at: Timestamp,
    /// How it is meant.
    pub tone: Tone,
    /// What happened.
    pub text: String,
    /// What to do next; empty where nothing needs doing.
    pub next: String,
    /// The request to look at.
    pub request: Option<RequestId>,
}

/// All that was said.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    all: VecDeque<Message>,
    until: Option<Timestamp>,
}

impl Messages {
    /// Says something.
    pub fn say(&mut self, message: Message) {
        if self.all.len() == KEPT {
            self.all.pop_front();
        }
        self.until = message.at.saturating_add(message.tone.stays()).ok();
        self.all.push_back(message);
    }

    /// The message on the screen.
    pub fn shown(&self) -> Option<&Message> {
        self.until.and(self.all.back())
    }

    /// When the message on the screen goes.
    pub fn until(&self) -> Option<Timestamp> {
        self.until
    }

    /// Takes the message off the screen if its time is over. Tells whether it was there.
    pub fn expire(&mut self, now: Timestamp) -> bool {
        let over = self.until.is_some_and(|until| until <= now);
        if over {
            self.until = None;
        }
        over
    }

    /// Takes the message off the screen.
    pub fn dismiss(&mut self) {
        self.until = None;
    }

    /// All that was said, newest first.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.all.iter().rev()
    }
}

/// What to do about a failure, by its kind.
pub fn next_step(error: &AdminError) -> &'static str {
    match error.kind {
        AdminErrorKind::Invalid => "Change what you asked for and try again.",
        AdminErrorKind::Refused => "The request's explanation tells which rule refused it.",
        AdminErrorKind::NotFound => "It may be gone; ask the engine anew.",
        AdminErrorKind::Conflict => "It changed meanwhile; ask the engine anew.",
        AdminErrorKind::Unauthorized => {
            "The admin token is missing or worthless; start with a new one."
        }
        AdminErrorKind::Unreachable => "The console keeps trying; check that the engine runs.",
        AdminErrorKind::Unavailable => {
            "The engine is busy or its disk is full; `provost doctor` tells which."
        }
        AdminErrorKind::Internal => "This is a mistake in Provost; the engine's log has more.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(second: i64, tone: Tone) -> Message {
        Message {
            at: Timestamp::from_second(second).unwrap(),
            tone,
            text: "saved".into(),
            next: String::new(),
            request: None,
        }
    }

    #[test]
    fn a_message_goes_when_its_time_is_over_and_stays_in_the_list() {
        let mut messages = Messages::default();
        messages.say(message(100, Tone::Success));
        assert!(!messages.expire(Timestamp::from_second(103).unwrap()));
        assert!(messages.shown().is_some());
        assert!(messages.expire(Timestamp::from_second(104).unwrap()));
        assert!(messages.shown().is_none());
        assert_eq!(messages.all().count(), 1);
    }

    #[test]
    fn only_the_newest_messages_are_kept() {
        let mut messages = Messages::default();
        for second in 0..300 {
            messages.say(message(second, Tone::Info));
        }
        assert_eq!(messages.all().count(), KEPT);
        let oldest = messages.all().last().map(|message| message.at.as_second());
        assert_eq!(oldest, Some(100));
    }
}

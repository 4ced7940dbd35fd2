//! Something the console asked the engine for: not yet, on its way, here, or failed; with what was here before, so that
//! the screen never goes blank while a newer answer is awaited.
//!
//! Every question has a [`Generation`]; an answer to an older question than the last one is dropped.

use super::store::Generation;
use crate::admin::AdminError;

/// Something asked for.
#[derive(Clone, Debug)]
pub struct Remote<T> {
    generation: Generation,
    awaited: bool,
    value: Option<T>,
    error: Option<AdminError>,
}

impl<T> Default for Remote<T> {
    fn default() -> Self {
        Self {
            generation: Generation::default(),
            awaited: false,
            value: None,
            error: None,
        }
    }
}

/// How something asked for stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// Nobody asked.
    NotAsked,
    /// On its way for the first time.
    Loading,
    /// Here.
    Here,
    /// Here, and a newer answer is on its way.
    Refreshing,
    /// Here, but the newer answer failed to come.
    Stale(&'a AdminError),
    /// Failed, and nothing is here.
    Failed(&'a AdminError),
}

impl<T> Remote<T> {
    /// Notes that it is asked for; what is here stays. Gives the generation of the question.
    pub fn ask(&mut self) -> Generation {
        self.generation = self.generation.next();
        self.awaited = true;
        self.generation
    }

    /// Notes that something else is asked for: what is here goes.
    pub fn ask_anew(&mut self) -> Generation {
        self.clear();
        self.ask()
    }

    /// Takes an answer in, unless it is to an older question. Tells whether it was taken.
    pub fn answer(&mut self, generation: Generation, result: Result<T, AdminError>) -> bool {
        if !self.awaited || self.generation != generation {
            return false;
        }
        self.awaited = false;
        match result {
            Ok(value) => (self.value, self.error) = (Some(value), None),
            Err(error) => self.error = Some(error),
        }
        true
    }

    /// Forgets everything, and any answer that is on its way.
    pub fn clear(&mut self) {
        self.generation = self.generation.next();
        self.awaited = false;
        self.value = None;
        self.error = None;
    }

    /// What is here.
    pub fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// Why the last answer failed to come.
    pub fn error(&self) -> Option<&AdminError> {
        self.error.as_ref()
    }

    /// Whether an answer is on its way.
    pub fn is_awaited(&self) -> bool {
        self.awaited
    }

    /// How it stands.
    pub fn standing(&self) -> Standing<'_> {
        match (&self.value, &self.error, self.awaited) {
            (Some(_), _, true) => Standing::Refreshing,
            (Some(_), Some(error), false) => Standing::Stale(error),
            (Some(_), None, false) => Standing::Here,
            (None, _, true) => Standing::Loading,
            (None, Some(error), false) => Standing::Failed(error),
            (None, None, false) => Standing::NotAsked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::AdminErrorKind;

    #[test]
    fn an_answer_to_an_older_question_is_dropped() {
        let mut remote = Remote::default();
        let old = remote.ask();
        let new = remote.ask();
        assert!(!remote.answer(old, Ok("old")));
        assert_eq!(remote.standing(), Standing::Loading);
        assert!(remote.answer(new, Ok("new")));
        assert_eq!(remote.value(), Some(&"new"));
        let forgotten = remote.ask();
        remote.clear();
        assert!(!remote.answer(forgotten, Ok("late")));
        assert_eq!(remote.standing(), Standing::NotAsked);
    }

    #[test]
    fn a_failure_keeps_what_is_here_and_says_that_it_is_stale() {
        let error = AdminError::new(AdminErrorKind::Unreachable, "no route");
        let mut remote = Remote::default();
        let first = remote.ask();
        remote.answer(first, Ok("here"));
        let second = remote.ask();
        remote.answer(second, Err(error.clone()));
        assert_eq!(remote.value(), Some(&"here"));
        assert_eq!(remote.standing(), Standing::Stale(&error));
    }
}

//! What the console holds of the engine's data: windows onto long lists, never the lists themselves.
//!
//! Pure state. A model says what it needs ([`PageRequest`], [`LogRequest`]); the runtime fetches it and hands back the
//! answer with the [`Generation`] of the question, and answers to questions of an older generation are dropped. While
//! something is asked anew the old rows stay on the screen and the model says that they are stale.

mod list;
mod log_ring;
mod marks;

pub use list::{Keyed, ListState, PageRequest, PagedList};
pub use log_ring::{Jump, LogRequest, LogRing, LogSpan};
pub use marks::{MOST_MARKS, Marks};

/// Which question an answer belongs to. Counts up each time a list is asked anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub u64);

impl Generation {
    /// The one after this.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}

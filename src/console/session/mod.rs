//! What the console remembers of its last run on an engine: the pane, and of each list its filter, its order and what was
//! selected. One file for each engine in the user's state directory, readable by its owner alone.
//!
//! Only where one was, never what was there: no resource, no exchange, and no filter that looks as if a secret had been
//! pasted into it. A file that cannot be read is said and passed over.

mod place;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::panes::PaneId;
use crate::admin::types::{MemberId, RequestId, Sort, TeamId};
use crate::console::private_file;

/// The form of the file. Another one is passed over.
const VERSION: u32 = 1;

/// What is remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    version: u32,
    /// The pane that was shown.
    pub pane: PaneId,
    /// Whether its detail had the keyboard.
    pub in_detail: bool,
    /// Pane Members.
    pub members: ListSession<MemberId>,
    /// Pane Teams.
    pub teams: ListSession<TeamId>,
    /// Pane Requests.
    pub requests: LogSession,
}

/// What is remembered of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSession<K> {
    /// Its filter.
    pub query: String,
    /// Its order.
    pub sort: Sort,
    /// The index of the selected row, counted from 0.
    pub row: u64,
    /// What was open beside it.
    pub open: Option<K>,
    /// The tab of that, counted from 0.
    pub tab: usize,
}

/// What is remembered of the request log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSession {
    /// Its query.
    pub query: String,
    /// The request that was open; none where the log was followed.
    pub open: Option<RequestId>,
    /// The tab of that, counted from 0.
    pub tab: usize,
}

/// Why a session is not restored.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The file could not be read.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// The file does not hold a session.
    #[error("it is damaged: {0}")]
    Damaged(#[from] serde_json::Error),
    /// The file is of another version of the console.
    #[error("it has form {0}, and this console knows form {VERSION}")]
    OtherVersion(u32),
}

/// The file for an engine: `engine` tells two engines apart that are called the same.
pub fn file(state_dir: &Path, name: &str, engine: &str) -> PathBuf {
    // If the hash were another one in the next build, that build would only begin afresh.
    let mut hasher = DefaultHasher::new();
    (name, engine).hash(&mut hasher);
    let readable: String = name
        .chars()
        .take(32)
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let file = format!("{readable}-{:016x}.json", hasher.finish());
    state_dir.join("sessions").join(file)
}

/// What of a file tells whether the rest can be read.
#[derive(Deserialize)]
struct Form {
    version: u32,
}

/// Reads the session; `None` where there is none.
pub fn load(path: &Path) -> Result<Option<Session>, SessionError> {
    let Some(text) = private_file::read(path)? else {
        return Ok(None);
    };
    let Form { version } = serde_json::from_str(&text)?;
    if version != VERSION {
        return Err(SessionError::OtherVersion(version));
    }
    Ok(Some(serde_json::from_str(&text)?))
}

/// Writes the session over the one before.
pub fn save(path: &Path, session: &Session) -> io::Result<()> {
    let text = serde_json::to_string_pretty(session)?;
    private_file::replace(path, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_engines_of_one_name_have_two_files_and_a_name_cannot_leave_the_directory() {
        let at = |name: &str, engine: &str| file(Path::new("/state"), name, engine);
        assert_ne!(at("local", "/srv/a"), at("local", "/srv/b"));
        assert_eq!(at("local", "/srv/a"), at("local", "/srv/a"));
        let odd = at("../../etc/passwd", "x");
        assert_eq!(odd.parent(), Some(Path::new("/state/sessions")));
    }

    #[test]
    fn what_is_no_session_is_an_error_and_no_file_is_none() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("s.json");
        assert!(load(&path).unwrap().is_none());
        for (text, part) in [
            ("{\"version\":1,\"pane\":", "damaged"),
            ("{\"version\":1}", "damaged"),
            ("{\"version\":99}", "form 99"),
            ("\u{0}", "damaged"),
        ] {
            std::fs::write(&path, text).unwrap();
            let error = load(&path).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
        std::fs::write(&path, "x".repeat(200_000)).unwrap();
        assert!(load(&path).unwrap_err().to_string().contains("longer"));
    }
}

//! What is left of a panic: a report that only its owner can read, and a terminal that works.
//!
//! While the console has the terminal, nothing may be printed over it; so the hook writes a file and the caller of
//! [`run`](super::run) names it once the terminal is back. The report holds where and what, never what was on the screen.

use std::backtrace::Backtrace;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::panic::{self, PanicHookInfo};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::terminal;

/// Where the last report was written.
static LAST: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Puts the hook in place. What the hook was before is called as long as the terminal is not ours.
pub fn install(state_dir: PathBuf) {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !terminal::is_entered() {
            before(info);
            return;
        }
        if terminal::is_in_console() {
            terminal::restore();
        }
        let written = write(&state_dir, &text(info));
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = written.ok();
    }));
}

/// The path of the last report, once.
pub fn take_last() -> Option<PathBuf> {
    LAST.lock().unwrap_or_else(PoisonError::into_inner).take()
}

fn text(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map_or_else(
        || "an unknown place".to_owned(),
        |at| format!("{}:{}", at.file(), at.line()),
    );
    let message = info.payload_as_str().unwrap_or("no message");
    let thread = std::thread::current();
    format!(
        "provost {version} panicked\nat: {place}\nthread: {thread}\nmessage: {message}\n\n{backtrace}\n",
        version = env!("CARGO_PKG_VERSION"),
        thread = thread.name().unwrap_or("unnamed"),
        backtrace = Backtrace::force_capture(),
    )
}

/// Writes a report under a name that is not taken, readable by its owner alone.
fn write(directory: &Path, text: &str) -> io::Result<PathBuf> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)?;
    let process = std::process::id();
    for number in 1..100 {
        let path = directory.join(format!("panic-{process}-{number}.txt"));
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path);
        match file {
            Ok(mut file) => {
                file.write_all(text.as_bytes())?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_report_is_for_its_owner_alone_and_never_overwrites_another() {
        let directory = tempfile::tempdir().unwrap();
        let state = directory.path().join("state");
        let first = write(&state, "one").unwrap();
        let second = write(&state, "two").unwrap();
        assert_ne!(first, second);
        assert_eq!(fs::read_to_string(&first).unwrap(), "one");
        let mode = fs::metadata(&first).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

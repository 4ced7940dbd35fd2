//! The one place where an export touches the disk.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;

use super::ExportFormat;

/// A name for a file that holds requests exported now.
pub fn file_name(format: ExportFormat, now: Timestamp) -> String {
    format!(
        "provost-requests-{}.{}",
        now.strftime("%Y%m%dT%H%M%SZ"),
        format.extension()
    )
}

/// Writes a new file that only its owner can read, from the moment it exists. Never writes over a file or through a link
/// that is there already.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

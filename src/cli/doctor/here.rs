//! What this machine holds: the data directory, who can read it, how much room is left, the socket.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use super::findings::Findings;
use super::listen;
use crate::cli::connect::is_answering;
use crate::cli::output::text;
use crate::cli::remote::is_readable_by_others;
use crate::config::Settings;

/// Below this much room the engine will soon refuse writes.
const LITTLE_ROOM: u64 = 1_000_000_000;
/// Below this much room it does so any moment.
const NO_ROOM: u64 = 100_000_000;

/// Looks at the data directory and where the engine listens.
pub fn check(settings: &Settings, findings: &mut Findings) {
    let path = settings.data_dir.path();
    let exists = data_dir(path, findings);
    if exists {
        database(&settings.database_file(), findings);
        room(path, findings);
    }
    let running = match settings.data_dir.socket() {
        Ok(socket) => is_answering(&socket),
        Err(error) => {
            findings.error(
                "socket",
                error.to_string(),
                "choose a data directory with a shorter path: --data-dir",
            );
            false
        }
    };
    listen::check(settings, running, findings);
}

fn data_dir(path: &Path, findings: &mut Findings) -> bool {
    const CHECK: &str = "data directory";
    let shown = path.display();
    let found = match fs::metadata(path) {
        Ok(found) if found.is_dir() => found,
        Ok(_) => {
            findings.error(
                CHECK,
                format!("{shown} is no directory"),
                "name another one with --data-dir",
            );
            return false;
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            findings.warning(
                CHECK,
                format!("{shown} is not there yet"),
                "make the account: provost init --owner-email YOU@EXAMPLE.COM",
            );
            return false;
        }
        Err(error) => {
            findings.error(
                CHECK,
                format!("{shown} cannot be looked at: {error}"),
                "run as the user it belongs to",
            );
            return false;
        }
    };
    let me = rustix::process::geteuid().as_raw();
    let mode = found.permissions().mode() & 0o777;
    if found.uid() != me {
        findings.warning(
            CHECK,
            format!(
                "{shown} belongs to user {}, and this is user {me}",
                found.uid()
            ),
            "run as the user it belongs to",
        );
    } else if mode & 0o077 != 0 {
        findings.warning(
            CHECK,
            format!("{shown} is open to others (mode {mode:03o})"),
            format!("close it: chmod 700 {shown}"),
        );
    } else {
        findings.ok(CHECK, format!("{shown}, for its owner alone"));
    }
    true
}

fn database(path: &Path, findings: &mut Findings) {
    const CHECK: &str = "database file";
    match fs::metadata(path) {
        Ok(found) if found.permissions().mode() & 0o077 != 0 => {
            // A directory of 0700 keeps others out all the same; a file elsewhere is on its own.
            let parent_is_closed = path
                .parent()
                .is_some_and(|parent| parent.is_dir() && !is_readable_by_others(parent));
            if parent_is_closed {
                findings.ok(CHECK, format!("{}", path.display()));
            } else {
                findings.warning(
                    CHECK,
                    format!("{} can be read by others", path.display()),
                    format!("close it: chmod 600 {}", path.display()),
                );
            }
        }
        Ok(found) => findings.ok(
            CHECK,
            format!("{}, {}", path.display(), text::bytes(found.len())),
        ),
        Err(_) => findings.warning(
            CHECK,
            format!("{} is not there yet", path.display()),
            "make the account: provost init --owner-email YOU@EXAMPLE.COM",
        ),
    }
}

fn room(path: &Path, findings: &mut Findings) {
    const CHECK: &str = "disk";
    let Ok(disk) = rustix::fs::statvfs(path) else {
        findings.warning(
            CHECK,
            "the room left on the disk cannot be told",
            "look at it with df",
        );
        return;
    };
    judge_room(disk.f_bavail.saturating_mul(disk.f_frsize), findings);
}

fn judge_room(free: u64, findings: &mut Findings) {
    const CHECK: &str = "disk";
    let found = format!("{} free", text::bytes(free));
    let fix = "make room, or keep less of the request log (request_log.days, request_log.rows)";
    match free {
        ..NO_ROOM => findings.error(CHECK, found, fix),
        NO_ROOM..LITTLE_ROOM => findings.warning(CHECK, found, fix),
        LITTLE_ROOM.. => findings.ok(CHECK, found),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::admin::types::Severity;

    fn severity(look: impl FnOnce(&mut Findings)) -> Severity {
        let mut findings = Findings::default();
        look(&mut findings);
        findings.into_vec()[0].severity
    }

    #[rstest]
    #[case::full(1_000, Severity::Error)]
    #[case::little(500_000_000, Severity::Warning)]
    #[case::plenty(50_000_000_000, Severity::Ok)]
    fn room_is_judged(#[case] free: u64, #[case] expected: Severity) {
        assert_eq!(severity(|findings| judge_room(free, findings)), expected);
    }

    #[rstest]
    #[case::closed(0o700, Severity::Ok)]
    #[case::open(0o755, Severity::Warning)]
    fn an_open_data_directory_is_found(#[case] mode: u32, #[case] expected: Severity) {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(
            severity(|findings| {
                data_dir(dir.path(), findings);
            }),
            expected
        );
    }
}

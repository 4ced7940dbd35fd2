//! What a demo or a rehearsal left behind that was killed: its directory, since nobody was there to remove it.
//!
//! Only what is surely ours and surely dead is touched: a directory of this user, with the name of a throw-away
//! one, whose lock file holds a process id and whose lock is free. One that is being made has no process id in it yet; one
//! that is in use holds the lock.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::paths::DataDir;

/// What the name of each throw-away directory begins with.
pub const PREFIX: &str = "provost-demo-";

/// Removes what killed ones left in a directory, and returns how many they were. What cannot be removed stays: it is no
/// reason not to play.
pub fn clear(parent: &Path) -> usize {
    let Ok(entries) = fs::read_dir(parent) else {
        return 0;
    };
    entries
        .filter_map(Result::ok)
        .filter(|entry| {
            let name = entry.file_name();
            name.to_str().is_some_and(|name| name.starts_with(PREFIX))
        })
        .filter(|entry| remove(&entry.path()))
        .count()
}

fn remove(path: &Path) -> bool {
    let data = DataDir::at(path);
    // No link is followed: neither the directory nor its lock may be one.
    let is_ours = |found: &Metadata| found.uid() == rustix::process::geteuid().as_raw();
    let is_dead = fs::symlink_metadata(path).is_ok_and(|found| found.is_dir() && is_ours(&found))
        && fs::symlink_metadata(data.lock_file())
            .is_ok_and(|found| found.is_file() && is_ours(&found))
        && data.owner().is_some();
    if !is_dead {
        return false;
    }
    // Held until the directory is gone.
    let Ok(_lock) = data.lock() else {
        return false;
    };
    fs::remove_dir_all(path).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_dead_demo_is_removed() {
        let parent = tempfile::tempdir().unwrap();
        let make = |name: &str| {
            let data = DataDir::at(parent.path().join(name));
            data.create().unwrap();
            data
        };
        let killed = make("provost-demo-killed");
        drop(killed.lock().unwrap());
        fs::write(killed.database(), "x").unwrap();
        let running = make("provost-demo-running");
        let _held = running.lock().unwrap();
        let starting = make("provost-demo-starting");
        let opening = make("provost-demo-opening");
        fs::write(opening.lock_file(), "").unwrap();
        let other = make("somebody-else");
        drop(other.lock().unwrap());
        let linked = parent.path().join("provost-demo-link");
        std::os::unix::fs::symlink(other.path(), &linked).unwrap();

        assert_eq!(clear(parent.path()), 1);
        assert!(!killed.path().exists());
        for kept in [&running, &starting, &opening, &other] {
            assert!(kept.path().exists(), "{}", kept.path().display());
        }
        assert!(linked.exists());
    }
}

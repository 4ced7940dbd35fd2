//! The console opens where it was left, unless it is told not to; views are kept in a file of the user's.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::home::Home;
use crate::screen::{Screen, Start, key};

/// The files of a name below a directory.
fn files(directory: &Path, name: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                return files(&path, name);
            }
            let is_it = path.ends_with(name) || path.parent().is_some_and(|p| p.ends_with(name));
            is_it.then_some(path).into_iter().collect()
        })
        .collect()
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn leave(mut screen: Screen) {
    screen.send("q");
    assert_eq!(screen.ended().code, 0);
}

#[test]
fn it_opens_where_it_was_left_and_fresh_does_not() {
    let home = Home::with_account();
    home.run(&["member", "add", "ada@example.com"]).ok();
    let mut screen = Start::at(&home).open();
    screen.send_and_see("2", "▌2 Members");
    screen.send_and_see("/", "Filter Members");
    screen.send(&format!("ada{}", key::ENTER));
    screen.wait_for("only ada", |text| {
        text.contains("ada@example.com") && !text.contains("Filter Members")
    });
    screen.send(":");
    screen.wait_for_text("Commands");
    screen.send(&format!("view save Ada alone{}", key::ENTER));
    screen.wait_for_text("view Ada alone is saved");
    leave(screen);
    let session = files(home.path(), "sessions");
    assert_eq!(session.len(), 1, "{session:?}");
    assert_eq!(mode(&session[0]), 0o600);
    let views = files(home.path(), "views.toml");
    assert_eq!(views.len(), 1, "{views:?}");
    assert_eq!(mode(&views[0]), 0o600);

    let screen = Start::at(&home).open();
    screen.wait_for("Members with the filter", |text| {
        text.contains("· ada ─") && text.contains("ada@example.com")
    });
    leave(screen);

    let mut screen = Start::at(&home).arguments(&["--fresh"]).open();
    screen.wait_for_text("What to do next");
    screen.send("gv");
    screen.wait_for_text("Ada alone");
    screen.send(key::ENTER);
    screen.wait_for_text("· ada ─");
    leave(screen);

    std::fs::write(&session[0], "{").unwrap();
    let screen = Start::at(&home).open();
    screen.wait_for("that the session is damaged", |text| {
        text.contains("damaged") && text.contains("What to do next")
    });
    leave(screen);
}

//! Opens a link in a browser of this machine, where there is one to be seen.

use std::process::{Command, Stdio};

/// Asks the desktop to open a link; what it opens is not waited for. Says why where there is no desktop.
pub fn open(url: &str) -> Result<(), String> {
    if !(url.starts_with("https://") || url.starts_with("http://")) {
        return Err("it is no web address".to_owned());
    }
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if is_set("SSH_CONNECTION") {
        return Err("this is a session over ssh".to_owned());
    }
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if is_set("DISPLAY") || is_set("WAYLAND_DISPLAY") {
        "xdg-open"
    } else {
        return Err("there is no desktop here".to_owned());
    };
    // It must not write over the console, nor read its keys.
    let started = Command::new(opener)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut child = started.map_err(|error| format!("{opener}: {error}"))?;
    // Whoever ends is waited for, so that nothing is left of it.
    std::thread::spawn(move || child.wait());
    Ok(())
}

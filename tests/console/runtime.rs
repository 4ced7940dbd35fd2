//! The loop: keys in, frames out, nothing while nothing happens, and each way it ends.

use std::io;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use futures::StreamExt;
use provost::console::error::Exit;
use provost::console::runtime::{new_app, run_on};
use provost::console::terminal::Surface;
use provost::console::{Client, ConsoleOptions};
use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use tokio::sync::mpsc;

use super::driver::options;
use super::fake::{Fake, State};

/// A screen that hands over each frame it is asked to draw.
struct Screen {
    terminal: Terminal<TestBackend>,
    frames: mpsc::UnboundedSender<String>,
    sent: Vec<u8>,
}

impl Surface for Screen {
    fn draw(&mut self, view: &mut dyn FnMut(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal
            .draw(|frame| view(frame))
            .map_err(io::Error::other)?;
        let _ = self.frames.send(self.terminal.backend().to_string());
        Ok(())
    }

    fn capture_mouse(&mut self, _on: bool) -> io::Result<()> {
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sent.extend_from_slice(bytes);
        Ok(())
    }

    fn size(&self) -> io::Result<(u16, u16)> {
        Ok((100, 30))
    }
}

type Keys = mpsc::UnboundedSender<io::Result<Event>>;
type Frames = mpsc::UnboundedReceiver<String>;

/// Runs the console while `admin` types and looks; gives how it ended and what was sent to the terminal.
async fn run<F>(
    options: ConsoleOptions,
    client: Client,
    admin: impl FnOnce(Keys, Frames) -> F,
) -> (Exit, Vec<u8>)
where
    F: Future<Output = ()>,
{
    let (keys, typed) = mpsc::unbounded_channel();
    let (drawn, frames) = mpsc::unbounded_channel();
    let mut screen = Screen {
        terminal: Terminal::new(TestBackend::new(100, 30)).unwrap(),
        frames: drawn,
        sent: Vec::new(),
    };
    let typed = futures::stream::unfold(typed, |mut typed| async move {
        let event = typed.recv().await?;
        Some((event, typed))
    });
    let app = new_app(&options, &client);
    let console = run_on(app, client, &options, &mut screen, typed.boxed());
    let (ended, ()) = tokio::join!(console, admin(keys, frames));
    (ended.unwrap(), screen.sent)
}

fn press(keys: &Keys, character: char) {
    let event = KeyEvent::new(KeyCode::Char(character), KeyModifiers::NONE);
    keys.send(Ok(Event::Key(event))).unwrap();
}

/// Waits for a frame that shows a text.
async fn wait_for(frames: &mut Frames, text: &str) {
    let found = async {
        while let Some(frame) = frames.recv().await {
            if frame.contains(text) {
                return;
            }
        }
        panic!("the console ended before it showed {text}");
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), found)
        .await
        .unwrap_or_else(|_| panic!("{text} was never shown"));
}

#[tokio::test]
async fn keys_are_answered_by_frames_until_the_admin_leaves() {
    let client = Fake::new(State::Full).client();
    let (exit, _) = run(options(), client, |keys, mut frames| async move {
        wait_for(&mut frames, "What to do next").await;
        press(&keys, '2');
        wait_for(&mut frames, "Ada Lovelace").await;
        press(&keys, 'q');
    })
    .await;
    assert_eq!(exit, Exit::Quit);
}

#[tokio::test]
async fn a_terminal_that_is_gone_ends_the_console() {
    let client = Fake::new(State::Full).client();
    let (exit, _) = run(options(), client, |keys, mut frames| async move {
        wait_for(&mut frames, "What to do next").await;
        drop(keys);
    })
    .await;
    assert_eq!(exit, Exit::Hangup);
}

#[tokio::test]
async fn what_is_copied_goes_to_the_terminal_as_a_sequence() {
    let client = Fake::new(State::Full).client();
    let (_, sent) = run(options(), client, |keys, mut frames| async move {
        press(&keys, '6');
        wait_for(&mut frames, "okta-1").await;
        press(&keys, 'B');
        wait_for(&mut frames, "the base URL is on the clipboard").await;
        press(&keys, 'q');
    })
    .await;
    assert!(String::from_utf8(sent).unwrap().contains("]52;c;"));
}

#[tokio::test]
async fn lines_of_the_live_log_appear_by_themselves() {
    let mut fake = Fake::new(State::Full);
    fake.rate = 200;
    run(options(), fake.client(), |keys, mut frames| async move {
        press(&keys, '4');
        wait_for(&mut frames, "following").await;
        press(&keys, 'k');
        wait_for(&mut frames, "new (G)").await;
        press(&keys, 'q');
    })
    .await;
}

#[tokio::test]
async fn a_task_that_panics_is_told_and_the_console_goes_on() {
    let mut fake = Fake::new(State::Full);
    fake.panics = true;
    let (exit, _) = run(options(), fake.client(), |keys, mut frames| async move {
        wait_for(&mut frames, "a background task failed").await;
        press(&keys, '2');
        wait_for(&mut frames, "Ada Lovelace").await;
        press(&keys, 'q');
    })
    .await;
    assert_eq!(exit, Exit::Quit);
}

#[tokio::test]
async fn exports_are_written_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let directory = tempfile::tempdir().unwrap();
    let mut options = options();
    options.export_dir = directory.path().join("exports");
    let client = Fake::new(State::Full).client();
    run(options, client, |keys, mut frames| async move {
        press(&keys, '2');
        wait_for(&mut frames, "SCIM attributes").await;
        press(&keys, 'e');
        wait_for(&mut frames, "the member is in").await;
        press(&keys, 'q');
    })
    .await;
    let files: Vec<_> = std::fs::read_dir(directory.path().join("exports"))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(files.len(), 1);
    let mode = files[0].metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(files[0].path()).unwrap();
    assert!(text.contains("ada.lovelace@acme.io"));
}

//! The terminal: entered once, left in every way out. After a return, an error, a panic or a signal it is as it was:
//! cooked mode, the main screen, the cursor shown, no mouse, no bracketed paste, and no mouse report left in its input.
//!
//! Not here: what is drawn (`view`), and signals, which the runtime waits for like any other event.

use std::cell::Cell;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::style::Print;
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, SetTitle, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Position, Rect};
use ratatui::{Frame, Terminal};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::error::ConsoleError;
use super::steady::SteadyBackend;

/// Has the terminal remember its title (XTWINOPS); where it cannot, nothing happens.
const SAVE_TITLE: &str = "\x1b[22;0t";
/// Has the terminal show the title it remembered.
const RESTORE_TITLE: &str = "\x1b[23;0t";

/// What poll(2) tells of a terminal that was closed.
pub(super) const GONE: PollFlags = PollFlags::HUP.union(PollFlags::ERR).union(PollFlags::NVAL);

/// Whether the terminal is ours. A static, since a panic hook has nothing else to look at.
static ENTERED: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// Whether this thread is in the middle of the console's own code. A background task's panic must not take the
    /// terminal away from a console that goes on.
    static IN_CONSOLE: Cell<bool> = const { Cell::new(false) };
}

/// What the runtime draws on: the real terminal, or a buffer in a test.
pub trait Surface {
    /// Draws one frame, whole or not at all.
    fn draw(&mut self, view: &mut dyn FnMut(&mut Frame<'_>)) -> io::Result<()>;
    /// Has the terminal tell about the mouse, or not.
    fn capture_mouse(&mut self, on: bool) -> io::Result<()>;
    /// Forgets what is on the screen, so that the next frame draws all of it.
    fn clear(&mut self) -> io::Result<()>;
    /// Sends bytes as they are; for the clipboard.
    fn send(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Its size, in columns and rows.
    fn size(&self) -> io::Result<(u16, u16)>;
    /// Whether it was closed, so that what fails on it fails for that reason.
    fn is_gone(&self) -> bool {
        false
    }
}

/// One write a frame: an unbuffered frame would flicker on a slow line.
type Out = BufWriter<Stdout>;

/// The real terminal. Dropping it gives it back.
pub struct TerminalGuard {
    /// Never dropped: it would show the cursor, which [`restore`] did, and panic where it cannot say that it failed to.
    terminal: ManuallyDrop<Terminal<SteadyBackend<CrosstermBackend<Out>>>>,
}

impl TerminalGuard {
    /// Takes the terminal: raw mode, the other screen, bracketed paste, and the mouse if asked for.
    pub fn enter(title: &str, mouse: bool) -> Result<Self, ConsoleError> {
        if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
            return Err(ConsoleError::NotATerminal);
        }
        // Before anything is changed, so that a failure half way is undone as well.
        ENTERED.store(true, Ordering::SeqCst);
        let entered = Self::try_enter(title, mouse);
        if entered.is_err() {
            restore();
        }
        Ok(entered?)
    }

    fn try_enter(title: &str, mouse: bool) -> io::Result<Self> {
        enable_raw_mode()?;
        let mut out = BufWriter::with_capacity(64 * 1024, io::stdout());
        queue!(
            out,
            EnterAlternateScreen,
            EnableBracketedPaste,
            Print(SAVE_TITLE),
            SetTitle(title),
            Clear(ClearType::All),
            cursor::Hide
        )?;
        if mouse {
            queue!(out, EnableMouseCapture)?;
        }
        out.flush()?;
        Ok(Self {
            terminal: ManuallyDrop::new(Terminal::new(SteadyBackend::new(CrosstermBackend::new(
                out,
            )))?),
        })
    }
}

impl Surface for TerminalGuard {
    fn draw(&mut self, view: &mut dyn FnMut(&mut Frame<'_>)) -> io::Result<()> {
        queue!(
            self.terminal.backend_mut().inner_mut(),
            BeginSynchronizedUpdate
        )?;
        let drawn = self.terminal.draw(|frame| view(frame)).map(|_| ());
        execute!(
            self.terminal.backend_mut().inner_mut(),
            EndSynchronizedUpdate
        )?;
        drawn
    }

    fn capture_mouse(&mut self, on: bool) -> io::Result<()> {
        if on {
            execute!(self.terminal.backend_mut().inner_mut(), EnableMouseCapture)
        } else {
            execute!(self.terminal.backend_mut().inner_mut(), DisableMouseCapture)
        }
    }

    fn clear(&mut self) -> io::Result<()> {
        // `Terminal::clear` would ask the terminal where its cursor is, which the thread of the keyboard would answer.
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::from((Position::ORIGIN, size)))
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let out = self.terminal.backend_mut().inner_mut();
        out.write_all(bytes)?;
        Write::flush(out)
    }

    fn size(&self) -> io::Result<(u16, u16)> {
        self.terminal.size().map(|size| (size.width, size.height))
    }

    fn is_gone(&self) -> bool {
        is_gone()
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back, if it is ours. Does what it can: on a terminal that is gone every step may fail.
pub fn restore() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let _ = execute!(
        out,
        DisableMouseCapture,
        DisableBracketedPaste,
        EndSynchronizedUpdate,
        Print(RESTORE_TITLE),
        cursor::Show,
        LeaveAlternateScreen
    );
    drain_input();
    let _ = disable_raw_mode();
}

/// Reads away what the terminal still had to say while it is raw: a mouse report would end up in the shell's line.
fn drain_input() {
    const MOST: usize = 1_000;
    for _ in 0..MOST {
        if is_gone() {
            return;
        }
        match crossterm::event::poll(Duration::from_millis(5)) {
            Ok(true) if crossterm::event::read().is_ok() => {}
            _ => return,
        }
    }
}

/// Whether the terminal was closed; there is nothing to read then, and nobody to read for.
fn is_gone() -> bool {
    let stdin = io::stdin();
    let mut asked = [PollFd::new(&stdin, PollFlags::empty())];
    let answered = poll(&mut asked, Some(&Timespec::default()));
    let [stdin] = asked.map(|fd| fd.revents());
    answered.is_ok() && stdin.intersects(GONE)
}

/// Runs a piece of the console's own code. A panic in it gives the terminal back before anything is said.
pub(super) fn in_console<T>(work: impl FnOnce() -> T) -> T {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            IN_CONSOLE.set(false);
        }
    }
    IN_CONSOLE.set(true);
    let _leave = Leave;
    work()
}

/// Whether the code that panics now is the console's own.
pub(super) fn is_in_console() -> bool {
    IN_CONSOLE.get()
}

/// Whether the terminal is ours at the moment.
pub(super) fn is_entered() -> bool {
    ENTERED.load(Ordering::SeqCst)
}

//! The loop that joins the state with the world: terminal events, answers of the engine, signals and timers become
//! messages; effects are carried out; frames are drawn when they are due, and not otherwise.
//!
//! The only code of the console that waits. One task, one owner of the state.

mod browser;
pub mod executor;
mod frames;
mod keyboard;
mod sso;

use std::io;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crossterm::event::Event;
use futures::future::poll_immediate;
use futures::{FutureExt, Stream, StreamExt};
use jiff::Timestamp;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;

use self::executor::{CHANNEL, Executor};
use self::frames::Frames;
use self::keyboard::Keyboard;
use super::app::{Access, App};
use super::clipboard::{Multiplexer, osc52};
use super::effect::Effect;
use super::error::{ConsoleError, Exit};
use super::input::event::fact_of;
use super::msg::{Fact, Msg};
use super::options::{Client, ConsoleOptions};
use super::overlays::messages::Tone;
use super::panic_report;
use super::regions::Regions;
use super::terminal::{Surface, TerminalGuard, in_console};
use super::theme::{Glyphs, Look, Theme};
use super::{keymap, session, view, views};

/// How many keys that are waiting already are taken before a frame is drawn.
const KEYS_AT_ONCE: usize = 64;
/// How many answers that are waiting already are taken before a frame may be drawn.
const ANSWERS_AT_ONCE: usize = 256;

/// Opens the console on this terminal, and returns when the admin leaves it, a signal ends it or the terminal is gone.
/// The terminal is as it was in every case.
pub async fn run(options: ConsoleOptions, client: Client) -> Result<Exit, ConsoleError> {
    let client = if options.read_only {
        Client::read_only(client.read)
    } else {
        client
    };
    let app = new_app(&options, &client);
    panic_report::install(options.state_dir.clone());
    if options.theme.is_some() {
        // Whoever chose a theme wants its colours; crossterm would leave them out under NO_COLOR.
        crossterm::style::force_color_output(true);
    }
    let title = format!("provost {}", options.context_name);
    // The keyboard is dropped before the terminal is given back, which then reads away what is left to read.
    let mut terminal = TerminalGuard::enter(&title, options.mouse)?;
    let ended = {
        let keyboard = Keyboard::listen()?;
        let ended = Box::pin(run_on(app, client, &options, &mut terminal, keyboard));
        AssertUnwindSafe(ended).catch_unwind().await
    };
    drop(terminal);
    match ended {
        Ok(ended) => ended,
        Err(_) => Err(ConsoleError::Panicked {
            report: panic_report::take_last(),
        }),
    }
}

/// The loop itself, on whatever draws and whatever types: the real terminal, or those of a test.
pub async fn run_on(
    app: App,
    client: Client,
    options: &ConsoleOptions,
    surface: &mut impl Surface,
    events: impl Stream<Item = io::Result<Event>> + Unpin,
) -> Result<Exit, ConsoleError> {
    let signals = Signals::listen()?;
    let mut runtime = Runtime::new(app, client, options);
    let ended = runtime.run(surface, events, signals).await;
    if let Some(path) = &options.session_file
        && let Err(error) = session::save(path, &runtime.app.session())
    {
        tracing::warn!(%error, "the console's session could not be saved");
    }
    match ended {
        // It was closed while something was drawn.
        Err(ConsoleError::Terminal(_)) if surface.is_gone() => Ok(Exit::Hangup),
        ended => ended,
    }
}

/// The state at the start: where the last run was, with the admin's own keys and views. What is wrong with a file of
/// theirs is said, and the console does without it.
pub fn new_app(options: &ConsoleOptions, client: &Client) -> App {
    let glyphs = Glyphs::pick(options.ascii);
    let theme = options.theme.clone();
    let theme = theme.unwrap_or_else(|| Theme::fitting(options.no_color));
    let access = match client.write {
        Some(_) => Access::ReadWrite,
        None => Access::ReadOnly,
    };
    let look = Look { theme, glyphs };
    let mut app = App::new(options, look, access, client.read.place(), Timestamp::now());
    if let Some(path) = &options.keymap_file {
        read_keymap(&mut app, path);
    }
    if let Some(path) = &options.views_file {
        match views::load(path) {
            Ok(views) => app.views = views,
            Err(error) => {
                let said = format!("{}: {}", path.display(), error.trim_end());
                let next = "There are no saved views until it is mended.";
                app.say(Tone::Warning, said, next);
            }
        }
    }
    if let Some(path) = &options.session_file {
        match session::load(path) {
            Ok(Some(session)) => app.restore(&session),
            Ok(None) => {}
            Err(error) => {
                let said = format!("the last session in {}: {error}", path.display());
                app.say(Tone::Warning, said, "The console begins on Home.");
            }
        }
    }
    app
}

fn read_keymap(app: &mut App, path: &Path) {
    let next = "The default keys are used.";
    match std::fs::read_to_string(path) {
        Ok(text) => match keymap::parse(&text) {
            Ok(keymap) => app.keymap = keymap,
            Err(problems) => {
                for problem in problems {
                    let said = format!("{} {problem}", path.display());
                    app.say(Tone::Warning, said, next);
                }
            }
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => {
            let said = format!("{} cannot be read: {error}", path.display());
            app.say(Tone::Warning, said, next);
        }
    }
}

/// What comes from outside without being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signalled {
    /// The program shall end.
    End,
    /// The terminal has another size.
    Resized,
}

/// What comes from outside without being typed.
struct Signals {
    ends: [Signal; 3],
    resized: Signal,
}

impl Signals {
    /// Listens for an interrupt, a termination, a hang-up, and a change of size.
    fn listen() -> io::Result<Self> {
        Ok(Self {
            ends: [
                signal(SignalKind::interrupt())?,
                signal(SignalKind::terminate())?,
                signal(SignalKind::hangup())?,
            ],
            resized: signal(SignalKind::window_change())?,
        })
    }

    async fn received(&mut self) -> Signalled {
        let [interrupt, terminate, hangup] = &mut self.ends;
        tokio::select! {
            biased;
            Some(()) = interrupt.recv() => Signalled::End,
            Some(()) = terminate.recv() => Signalled::End,
            Some(()) = hangup.recv() => Signalled::End,
            Some(()) = self.resized.recv() => Signalled::Resized,
            else => std::future::pending().await,
        }
    }
}

/// The loop's parts.
struct Runtime {
    app: App,
    executor: Executor,
    answers: mpsc::Receiver<Msg>,
    frames: Frames,
    regions: Regions,
    multiplexer: Multiplexer,
    views_file: Option<PathBuf>,
}

impl Runtime {
    fn new(app: App, client: Client, options: &ConsoleOptions) -> Self {
        let (sender, answers) = mpsc::channel(CHANNEL);
        Self {
            app,
            executor: Executor::new(client, options.export_dir.clone(), sender),
            answers,
            frames: Frames::per_second(options.frames_per_second),
            regions: Regions::default(),
            multiplexer: options.multiplexer,
            views_file: options.views_file.clone(),
        }
    }

    async fn run(
        &mut self,
        surface: &mut impl Surface,
        mut events: impl Stream<Item = io::Result<Event>> + Unpin,
        mut signals: Signals,
    ) -> Result<Exit, ConsoleError> {
        self.measure(surface)?;
        self.take(Fact::Started, surface)?;
        self.frames.typed(Instant::now());
        loop {
            if let Some(exit) = self.app.exit() {
                return Ok(exit);
            }
            let due = self.frames.due();
            if due.is_some_and(|due| due <= Instant::now()) {
                self.draw(surface)?;
                continue;
            }
            let wake = self.app.next_wake();
            tokio::select! {
                biased;
                signalled = signals.received() => match signalled {
                    Signalled::End => self.take(Fact::Interrupted, surface)?,
                    Signalled::Resized => {
                        self.measure(surface)?;
                        self.frames.typed(Instant::now());
                    }
                },
                event = events.next() => match event {
                    Some(Ok(event)) => self.typed(&event, &mut events, surface).await?,
                    // The terminal is gone; so is the admin.
                    Some(Err(_)) | None => return Ok(Exit::Hangup),
                },
                () = until(due) => self.draw(surface)?,
                msg = self.answers.recv() => if let Some(msg) = msg {
                    self.answered(msg, surface)?;
                },
                panicked = self.executor.ended() => if panicked {
                    let report = panic_report::take_last();
                    let path = report.map(|path| path.display().to_string());
                    self.take(Fact::TaskPanicked(path), surface)?;
                },
                () = until_time(wake) => self.take(Fact::Woke, surface)?,
            }
        }
    }

    /// Takes in how large the terminal is now.
    fn measure(&mut self, surface: &mut impl Surface) -> Result<(), ConsoleError> {
        match surface.size() {
            Ok((width, height)) => self.take(Fact::Resized { width, height }, surface),
            // A terminal that cannot tell keeps the size it had.
            Err(_) => Ok(()),
        }
    }

    /// Takes a key, and those that are waiting behind it, then has a frame drawn at once.
    async fn typed(
        &mut self,
        event: &Event,
        events: &mut (impl Stream<Item = io::Result<Event>> + Unpin),
        surface: &mut impl Surface,
    ) -> Result<(), ConsoleError> {
        self.event(event, surface)?;
        for _ in 0..KEYS_AT_ONCE {
            match poll_immediate(events.next()).await {
                Some(Some(Ok(event))) => self.event(&event, surface)?,
                // An error or the end comes again when it is waited for.
                _ => break,
            }
        }
        self.frames.typed(Instant::now());
        Ok(())
    }

    fn event(&mut self, event: &Event, surface: &mut impl Surface) -> Result<(), ConsoleError> {
        match fact_of(event, &self.regions) {
            Some(fact) => self.take(fact, surface),
            None => Ok(()),
        }
    }

    /// Takes an answer, and those that are waiting behind it.
    fn answered(&mut self, msg: Msg, surface: &mut impl Surface) -> Result<(), ConsoleError> {
        self.take_msg(msg, surface)?;
        for _ in 0..ANSWERS_AT_ONCE {
            match self.answers.try_recv() {
                Ok(msg) => self.take_msg(msg, surface)?,
                Err(_) => break,
            }
        }
        Ok(())
    }

    fn take(&mut self, fact: Fact, surface: &mut impl Surface) -> Result<(), ConsoleError> {
        let at = Timestamp::now();
        self.take_msg(Msg { at, fact }, surface)
    }

    fn take_msg(&mut self, msg: Msg, surface: &mut impl Surface) -> Result<(), ConsoleError> {
        let effects = in_console(|| self.app.update(msg));
        if self.app.take_dirty() {
            self.frames.changed(Instant::now());
        }
        for effect in effects {
            self.carry_out(effect, surface)?;
        }
        Ok(())
    }

    /// Carries out what is the terminal's here, and the rest in tasks.
    fn carry_out(
        &mut self,
        effect: Effect,
        surface: &mut impl Surface,
    ) -> Result<(), ConsoleError> {
        match effect {
            Effect::Copy { what, text } => {
                let copied = match osc52(text.expose(), self.multiplexer) {
                    Ok(sequence) => surface.send(sequence.as_bytes()).map_err(|e| e.to_string()),
                    Err(error) => Err(error.to_string()),
                };
                self.take(Fact::Copied(what, copied), surface)?;
            }
            Effect::SaveViews(all, what) => {
                let saved = match &self.views_file {
                    Some(path) => views::save(path, &all).map_err(|error| error.to_string()),
                    None => Err("there is no directory for them".to_owned()),
                };
                self.take(Fact::ViewsSaved(what, saved), surface)?;
            }
            Effect::CaptureMouse(on) => surface.capture_mouse(on)?,
            Effect::ClearScreen => {
                surface.clear()?;
                self.frames.typed(Instant::now());
            }
            Effect::Panic => in_console(panic_on_purpose),
            other => self.executor.execute(other),
        }
        Ok(())
    }

    fn draw(&mut self, surface: &mut impl Surface) -> Result<(), ConsoleError> {
        let (app, regions) = (&self.app, &mut self.regions);
        in_console(|| surface.draw(&mut |frame| view::view(app, frame, regions)))?;
        self.frames.drawn(Instant::now());
        Ok(())
    }
}

#[expect(
    clippy::panic,
    reason = "the debug command whose only purpose is to panic"
)]
fn panic_on_purpose() {
    panic!("asked for by the command debug.panic");
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due.into()).await,
        None => std::future::pending().await,
    }
}

async fn until_time(at: Option<Timestamp>) {
    match at {
        Some(at) => {
            let wait = at.duration_since(Timestamp::now());
            tokio::time::sleep(wait.try_into().unwrap_or_default()).await;
        }
        None => std::future::pending().await,
    }
}

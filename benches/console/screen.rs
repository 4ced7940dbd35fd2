//! The console without a terminal: facts in, effects answered, frames out as bytes.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Result;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use provost::admin::types::TailEvent;
use provost::console::app::App;
use provost::console::effect::Effect;
use provost::console::input::Key;
use provost::console::msg::{Fact, Msg};
use provost::console::regions::Regions;
use provost::console::runtime::executor::load;
use provost::console::runtime::new_app;
use provost::console::store::Generation;
use provost::console::{Client, ConsoleOptions};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::fake::{Fake, State};
use super::{data, request_data};

/// Members of the made-up engine.
pub const MEMBERS: u64 = 1_000_000;
/// New lines of the log a second while it is busy.
pub const EVENTS_A_SECOND: u64 = 10_000;
/// The console gathers the log for so long before it takes it in.
pub const GATHERED: Duration = Duration::from_millis(16);

/// A console and its screen.
pub struct Screen {
    app: App,
    client: Client,
    regions: Regions,
    terminal: Terminal<CrosstermBackend<Output>>,
    now: Timestamp,
    tail: Option<Generation>,
    next_event: u64,
    output: Output,
}

/// The bytes of one frame.
#[derive(Clone, Default)]
struct Output(Rc<RefCell<Vec<u8>>>);

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The made-up engine.
pub fn fake() -> Fake {
    Fake {
        members: MEMBERS,
        ..Fake::new(State::Full)
    }
}

impl Screen {
    /// A console on a screen of this size, before it has seen anything.
    pub fn open(client: Client, width: u16, height: u16) -> Result<Self> {
        let options = ConsoleOptions {
            no_color: false,
            ascii: false,
            theme: Some(provost::console::theme::Theme::built_in("dark").unwrap()),
            time_zone: TimeZone::UTC,
            keymap_file: None,
            ..ConsoleOptions::from_env("bench", "/nowhere".into())
        };
        let output = Output::default();
        let backend = CrosstermBackend::new(output.clone());
        let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
        let mut screen = Self {
            app: new_app(&options, &client),
            client,
            regions: Regions::default(),
            terminal: Terminal::with_options(backend, TerminalOptions { viewport })?,
            now: data::noon(),
            tail: None,
            next_event: 5_001,
            output,
        };
        let effects = screen.take(Fact::Resized { width, height });
        debug_assert!(effects.is_empty(), "nothing is asked for before the start");
        Ok(screen)
    }

    /// A console on the made-up engine that has asked what it asks first.
    pub async fn started(width: u16, height: u16) -> Result<Self> {
        let mut screen = Self::open(fake().client(), width, height)?;
        screen.tell(Fact::Started).await;
        screen.draw()?;
        Ok(screen)
    }

    /// Tells the state a fact and gives what it asks for.
    pub fn take(&mut self, fact: Fact) -> Vec<Effect> {
        self.app.update(Msg { at: self.now, fact })
    }

    /// Tells the state a fact, and all that follows from it.
    pub async fn tell(&mut self, fact: Fact) {
        let effects = self.take(fact);
        self.answer(effects).await;
    }

    /// Answers what the state asked for, and all that follows.
    pub async fn answer(&mut self, effects: Vec<Effect>) {
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            let fact = match effect {
                Effect::Load(generation, question) => {
                    load(self.client.read.as_ref(), generation, question).await
                }
                Effect::FollowTail(generation, _) => {
                    self.tail = Some(generation);
                    Fact::TailStarted(generation)
                }
                Effect::Write(_)
                | Effect::Copy { .. }
                | Effect::OpenBrowser(_)
                | Effect::Export(_)
                | Effect::SaveViews(..)
                | Effect::CaptureMouse(_)
                | Effect::ClearScreen
                | Effect::Panic => continue,
            };
            effects.extend(self.take(fact));
        }
    }

    /// Presses a key, answers what it asks for, and waits for what the console puts off.
    pub async fn press(&mut self, key: &str) -> Result<()> {
        let key: Key = key.parse()?;
        self.tell(Fact::KeyPressed(key)).await;
        self.wake_until(self.now + SignedDuration::from_secs(1))
            .await;
        Ok(())
    }

    /// New lines of the log as they come within [`GATHERED`] while it is busy.
    pub fn events(&mut self) -> Vec<TailEvent> {
        let count = EVENTS_A_SECOND * u64::try_from(GATHERED.as_millis()).unwrap_or(16) / 1_000;
        let from = self.next_event;
        self.next_event += count;
        (from..self.next_event)
            .map(|number| {
                let mut row = request_data::request(number, self.now);
                row.at = self.now;
                TailEvent::Request { row: Box::new(row) }
            })
            .collect()
    }

    /// Takes new lines of the log in; how long it took.
    pub fn ingest(&mut self, events: Vec<TailEvent>) -> Duration {
        let Some(generation) = self.tail else {
            return Duration::ZERO;
        };
        let began = Instant::now();
        let effects = self.take(Fact::TailArrived(generation, events));
        let took = began.elapsed();
        drop(effects);
        took
    }

    /// Draws a frame; how long it took.
    pub fn draw(&mut self) -> Result<Duration> {
        let began = Instant::now();
        self.output.0.borrow_mut().clear();
        let (app, regions) = (&self.app, &mut self.regions);
        self.terminal
            .draw(|frame| provost::console::view::view(app, frame, regions))?;
        let took = began.elapsed();
        self.app.take_dirty();
        Ok(took)
    }

    /// Bytes that the last frame sent to the terminal.
    pub fn bytes(&self) -> usize {
        self.output.0.borrow().len()
    }

    /// Lets time pass in which nothing happens outside. How often the state was woken, and how often something was to be
    /// drawn.
    pub async fn wake_until(&mut self, end: Timestamp) -> (u32, u32) {
        let (mut woken, mut draws) = (0, 0);
        while let Some(wake) = self.app.next_wake().filter(|wake| *wake <= end) {
            self.now = self.now.max(wake);
            self.tell(Fact::Woke).await;
            woken += 1;
            draws += u32::from(self.app.take_dirty());
        }
        self.now = end;
        (woken, draws)
    }

    /// The time in the console's world.
    pub fn now(&self) -> Timestamp {
        self.now
    }
}

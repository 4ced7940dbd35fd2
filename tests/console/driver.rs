//! Drives the console without a terminal: keys by name in, effects answered by the fake engine at once, frames out. Time
//! stands still unless a test moves it.

use std::collections::VecDeque;

use futures::FutureExt;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use provost::console::app::{Access, App};
use provost::console::effect::Effect;
use provost::console::msg::{Fact, Msg};
use provost::console::regions::Regions;
use provost::console::runtime::executor::{load, write};
use provost::console::runtime::new_app;
use provost::console::store::Generation;
use provost::console::{Client, ConsoleOptions};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::data;
use super::fake::Fake;

/// A console with an engine behind it.
pub struct Driver {
    pub app: App,
    pub client: Client,
    pub now: Timestamp,
    pub regions: Regions,
    /// Effects that nobody answers: copies, exports, the terminal's.
    pub left: Vec<Effect>,
    /// The tail that is followed.
    pub tail: Option<(Generation, String)>,
}

/// Options that do not depend on where the test runs.
pub fn options() -> ConsoleOptions {
    ConsoleOptions {
        no_color: false,
        ascii: false,
        mouse: true,
        debug: false,
        time_zone: TimeZone::UTC,
        theme: None,
        ..ConsoleOptions::from_env("demo", "/nowhere".into())
    }
}

impl Driver {
    /// A console on a fake engine, at a size, as it is once everything asked for has come.
    pub fn new(fake: Fake, width: u16, height: u16) -> Self {
        Self::with(options(), fake.client(), width, height)
    }

    pub fn with(options: ConsoleOptions, client: Client, width: u16, height: u16) -> Self {
        let mut driver = Self {
            app: new_app(&options, &client),
            client,
            now: data::noon(),
            regions: Regions::default(),
            left: Vec::new(),
            tail: None,
        };
        driver.app.now = driver.now;
        driver.tell(Fact::Resized { width, height });
        driver.tell(Fact::Started);
        driver
    }

    /// Tells the state a fact, and everything that follows from it.
    pub fn tell(&mut self, fact: Fact) {
        let mut facts = VecDeque::from([fact]);
        while let Some(fact) = facts.pop_front() {
            let msg = Msg { at: self.now, fact };
            let effects = self.app.update(msg);
            for effect in effects {
                facts.extend(self.answer(effect));
            }
        }
    }

    /// Tells the state a fact, and gives the effects without carrying them out.
    pub fn effects_of(&mut self, fact: Fact) -> Vec<Effect> {
        self.app.update(Msg { at: self.now, fact })
    }

    /// Carries effects out, and tells the state what follows from them.
    pub fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Some(fact) = self.answer(effect) {
                self.tell(fact);
            }
        }
    }

    fn answer(&mut self, effect: Effect) -> Option<Fact> {
        match effect {
            Effect::Load(generation, question) => {
                // An engine that hangs leaves the question unanswered.
                load(self.client.read.as_ref(), generation, question).now_or_never()
            }
            Effect::FollowTail(generation, query) => {
                let stream = self.client.read.tail(query.clone()).now_or_never()?;
                self.tail = Some((generation, query));
                Some(match stream {
                    Ok(_) => Fact::TailStarted(generation),
                    Err(error) => Fact::TailEnded(generation, error),
                })
            }
            Effect::Write(asked) => {
                let client = self
                    .client
                    .write
                    .clone()
                    .expect("a read-only console writes");
                write(client.as_ref(), asked).now_or_never()
            }
            other => {
                self.left.push(other);
                None
            }
        }
    }

    /// Presses keys, named as in the keymap, at the pace of a person.
    pub fn press(&mut self, keys: &[&str]) -> &mut Self {
        for key in keys {
            let key = key
                .parse()
                .unwrap_or_else(|_| panic!("no key is called {key}"));
            self.tell(Fact::KeyPressed(key));
            self.pass(100);
        }
        self
    }

    /// Types a text, quickly.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for character in text.chars() {
            let key = provost::console::input::Key::char(character);
            self.tell(Fact::KeyPressed(key));
        }
        self
    }

    /// Lets time pass, waking the state whenever it asked for it.
    pub fn pass(&mut self, milliseconds: i64) -> &mut Self {
        let end = self.now + SignedDuration::from_millis(milliseconds);
        while let Some(wake) = self.app.next_wake().filter(|wake| *wake <= end) {
            self.now = self.now.max(wake);
            self.tell(Fact::Woke);
            let next = self.app.next_wake();
            assert!(
                next.is_none_or(|next| next > self.now),
                "it would be woken for ever"
            );
        }
        self.now = end;
        self
    }

    /// Draws a frame and gives it as text, one line a row.
    pub fn screen(&mut self) -> String {
        let size = self.app.size;
        let backend = TestBackend::new(size.width, size.height);
        let mut terminal = Terminal::new(backend).unwrap();
        let (app, regions) = (&self.app, &mut self.regions);
        terminal
            .draw(|frame| provost::console::view::view(app, frame, regions))
            .unwrap();
        let buffer = terminal.backend().buffer();
        let mut text = String::new();
        for y in 0..size.height {
            let mut line = String::new();
            let mut skip = 0;
            for x in 0..size.width {
                let symbol = buffer[(x, y)].symbol();
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
                line.push_str(symbol);
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// Whether the screen shows a text.
    pub fn shows(&mut self, text: &str) -> bool {
        self.screen().contains(text)
    }

    /// A read-only console.
    pub fn read_only(fake: Fake, width: u16, height: u16) -> Self {
        let client = Client::read_only(std::sync::Arc::new(fake));
        let driver = Self::with(options(), client, width, height);
        assert_eq!(driver.app.access, Access::ReadOnly);
        driver
    }
}

//! A pseudo-terminal with the real binary in it. Conditions are looked at between whole frames only (the console brackets
//! each in a synchronized update), and every frame that was ever shown is kept, so that a test can tell what never was.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Instant;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

use crate::home::{Home, PATIENCE};

/// Keys as a terminal sends them.
pub mod key {
    pub const ENTER: &str = "\r";
    pub const ESC: &str = "\x1b";
    pub const TAB: &str = "\t";
    pub const UP: &str = "\x1b[A";
    pub const RIGHT: &str = "\x1b[C";
    pub const CTRL_C: &str = "\x03";
    pub const CTRL_L: &str = "\x0c";
    pub const CTRL_Y: &str = "\x19";
}

const BEGIN_FRAME: &[u8] = b"\x1b[?2026h";
const END_FRAME: &[u8] = b"\x1b[?2026l";

/// How the console is started.
pub struct Start<'a> {
    home: &'a Home,
    arguments: Vec<&'a str>,
    environment: Vec<(&'a str, &'a str)>,
    columns: u16,
    rows: u16,
    hangs_up: bool,
}

impl<'a> Start<'a> {
    /// `provost` in a terminal of 120x40.
    pub fn at(home: &'a Home) -> Self {
        Self {
            home,
            arguments: Vec::new(),
            environment: Vec::new(),
            columns: 120,
            rows: 40,
            hangs_up: true,
        }
    }

    /// Below a shell that holds the terminal and is deaf to its closing, so that nobody sends the console a signal.
    pub fn without_hangup(mut self) -> Self {
        self.hangs_up = false;
        self
    }

    pub fn arguments(mut self, arguments: &[&'a str]) -> Self {
        self.arguments.extend_from_slice(arguments);
        self
    }

    pub fn environment(mut self, name: &'a str, value: &'a str) -> Self {
        self.environment.push((name, value));
        self
    }

    pub fn size(mut self, columns: u16, rows: u16) -> Self {
        (self.columns, self.rows) = (columns, rows);
        self
    }

    /// Starts it.
    pub fn spawn(self) -> Screen {
        let command = self.home.command(&self.arguments);
        let mut builder = builder_of(&command);
        if !self.hangs_up {
            let mut shell = CommandBuilder::new("sh");
            shell.args(["-c", "trap '' HUP; \"$@\"; exit $?", "sh"]);
            shell.args(builder.get_argv());
            shell.env_clear();
            for (name, value) in builder.iter_full_env_as_str() {
                shell.env(name, value);
            }
            builder = shell;
        }
        builder.env("TERM", "xterm-256color");
        builder.env("LANG", "C.UTF-8");
        builder.env("TZ", "UTC");
        for (name, value) in self.environment {
            builder.env(name, value);
        }
        Screen::spawn(builder, self.columns, self.rows)
    }

    /// Starts it and waits until Home shows the engine's state.
    #[track_caller]
    pub fn open(self) -> Screen {
        let screen = self.spawn();
        screen.wait_for("Home with the engine's state", |text| {
            text.contains("Example Ltd") && text.contains("Home")
        });
        screen
    }
}

/// The same command with nothing of this process's environment.
fn builder_of(command: &Command) -> CommandBuilder {
    let mut builder = CommandBuilder::new(command.get_program());
    builder.args(command.get_args());
    builder.env_clear();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            builder.env(name, value);
        }
    }
    builder
}

/// A terminal with a program in it. The program is killed when this is dropped.
pub struct Screen {
    master: Box<dyn MasterPty + Send>,
    /// Kept open, so that the terminal outlives the program as a shell's does.
    slave: Option<Box<dyn SlavePty + Send>>,
    writer: Box<dyn Write + Send>,
    program: Program,
    shown: Arc<Shown>,
    reader: Option<JoinHandle<()>>,
    /// How the terminal was set before the program ran, as text.
    settings: String,
}

/// What runs in it; killed when this is dropped.
struct Program(Box<dyn Child + Send + Sync>);

struct Shown {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    parser: vt100::Parser,
    raw: Vec<u8>,
    frames: Vec<String>,
    in_frame: bool,
    /// The reader shall let go of the terminal.
    closing: bool,
}

/// What is left when the program has ended.
pub struct Ended {
    pub code: u32,
    /// Everything it wrote.
    pub raw: Vec<u8>,
    /// Every frame it showed.
    pub frames: Vec<String>,
    parser: vt100::Parser,
    settings: (String, String),
}

impl Screen {
    fn spawn(builder: CommandBuilder, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let settings = settings_of(pair.master.as_ref());
        let child = pair.slave.spawn_command(builder).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let shown = Arc::new(Shown {
            state: Mutex::new(State {
                parser: vt100::Parser::new(cells(rows), cells(columns), 0),
                raw: Vec::new(),
                frames: Vec::new(),
                in_frame: false,
                closing: false,
            }),
            changed: Condvar::new(),
        });
        let into = Arc::clone(&shown);
        let reader = std::thread::spawn(move || {
            let mut chunk = [0; 16 * 1024];
            while let Ok(length @ 1..) = reader.read(&mut chunk) {
                let mut state = into.state.lock().unwrap();
                state.take(&chunk[..length]);
                into.changed.notify_all();
                if state.closing {
                    break;
                }
            }
        });
        Self {
            master: pair.master,
            slave: Some(pair.slave),
            writer,
            program: Program(child),
            shown,
            reader: Some(reader),
            settings,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shown.state.lock().unwrap()
    }

    /// Types.
    pub fn send(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Pastes, as a terminal with bracketed paste does.
    pub fn paste(&mut self, text: &str) {
        self.send(&format!("\x1b[200~{text}\x1b[201~"));
    }

    /// What is on the screen.
    pub fn text(&self) -> String {
        self.state().parser.screen().contents()
    }

    /// Waits until what is on the screen is as it should be, and gives it.
    #[track_caller]
    pub fn wait_for(&self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        self.wait_until(what, |screen| is_so(&screen.contents()))
    }

    /// The same for what is more than text.
    #[track_caller]
    pub fn wait_until(&self, what: &str, is_so: impl Fn(&vt100::Screen) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.state();
        loop {
            if !state.in_frame && is_so(state.parser.screen()) {
                return state.parser.screen().contents();
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let dump = dump(state.parser.screen());
                drop(state);
                panic!("not on the screen: {what}\n{dump}");
            }
            state = self.shown.changed.wait_timeout(state, left).unwrap().0;
        }
    }

    /// Waits for a text.
    #[track_caller]
    pub fn wait_for_text(&self, part: &str) -> String {
        self.wait_for(part, |text| text.contains(part))
    }

    /// Types, then waits for a text.
    #[track_caller]
    pub fn send_and_see(&mut self, keys: &str, part: &str) -> String {
        self.send(keys);
        self.wait_for_text(part)
    }

    /// Makes the terminal larger or smaller.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        // Under the lock, so that what is drawn for the new size is not read at the old one.
        let mut state = self.shown.state.lock().unwrap();
        state.parser.set_size(cells(rows), cells(columns));
        self.master.resize(size(columns, rows)).unwrap();
    }

    /// Sends the program a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    fn pid(&self) -> Pid {
        let id = self.program.0.process_id().unwrap();
        Pid::from_raw(id.try_into().unwrap()).unwrap()
    }

    /// Every frame so far.
    pub fn frames(&self) -> Vec<String> {
        self.state().frames.clone()
    }

    /// Whether the terminal is set as it was before the program ran.
    pub fn is_cooked(&self) -> bool {
        settings_of(self.master.as_ref()) == self.settings
    }

    /// Closes the terminal, as closing its window does, and gives the exit code.
    #[track_caller]
    pub fn closed(mut self) -> u32 {
        self.state().closing = true;
        // The frame for another size ends the reader, which would keep the terminal open.
        self.resize(100, 30);
        self.reader.take().unwrap().join().unwrap();
        drop((self.master, self.writer, self.slave));
        self.program.end().expect("it did not end")
    }

    /// Waits for the end of the program.
    #[track_caller]
    pub fn ended(mut self) -> Ended {
        let Some(code) = self.program.end() else {
            panic!("it did not end\n{}", dump(self.state().parser.screen()));
        };
        let settings = (self.settings.clone(), settings_of(self.master.as_ref()));
        // With the last handle gone the reader comes to the end of what was written, and everything is there.
        drop(self.slave.take());
        self.reader.take().unwrap().join().unwrap();
        let mut state = self.shown.state.lock().unwrap();
        Ended {
            code,
            raw: std::mem::take(&mut state.raw),
            frames: std::mem::take(&mut state.frames),
            parser: std::mem::take(&mut state.parser),
            settings,
        }
    }
}

impl Program {
    /// Waits for its end and gives the exit code; none if it does not end.
    fn end(&mut self) -> Option<u32> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.0.try_wait().unwrap() {
                return Some(status.exit_code());
            }
            std::thread::yield_now();
        }
        None
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl State {
    /// Takes what was written, up to the end of each frame.
    fn take(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.raw.push(*byte);
            self.parser.process(&[*byte]);
            if self.raw.ends_with(BEGIN_FRAME) {
                self.in_frame = true;
            } else if self.raw.ends_with(END_FRAME) {
                self.in_frame = false;
                self.frames.push(self.parser.screen().contents());
            }
        }
    }
}

impl Ended {
    /// Insists that the terminal is as it was before.
    #[track_caller]
    pub fn left_the_terminal_clean(&self) {
        let screen = self.parser.screen();
        assert!(!screen.alternate_screen(), "on the other screen\n{self:?}");
        assert!(!screen.hide_cursor(), "without a cursor\n{self:?}");
        assert!(!screen.bracketed_paste(), "bracketed paste\n{self:?}");
        let mouse = screen.mouse_protocol_mode();
        assert_eq!(mouse, vt100::MouseProtocolMode::None, "{self:?}");
        assert_eq!(self.settings.0, self.settings.1, "not cooked\n{self:?}");
        // Every mode that was switched on is switched off again, known to the emulator or not.
        for mode in self.modes('h') {
            let on = self.last_of(mode, 'h');
            let off = self.last_of(mode, 'l');
            // The cursor is the one mode whose rest is on.
            let (rest, other) = if mode == 25 { (on, off) } else { (off, on) };
            assert!(rest > other, "mode {mode} was left\n{self:?}");
        }
    }

    /// What the screen says after the program.
    pub fn text(&self) -> String {
        self.parser.screen().contents()
    }

    /// The private modes that were set (`h`) or reset (`l`).
    fn modes(&self, action: char) -> Vec<u16> {
        let raw = String::from_utf8_lossy(&self.raw);
        let mut modes: Vec<u16> = raw
            .split("\x1b[?")
            .skip(1)
            .filter_map(|rest| {
                let end = rest.find(|c: char| !c.is_ascii_digit())?;
                let set = rest[end..].starts_with(action);
                set.then(|| rest[..end].parse().unwrap())
            })
            .collect();
        modes.sort_unstable();
        modes.dedup();
        modes
    }

    fn last_of(&self, mode: u16, action: char) -> Option<usize> {
        String::from_utf8_lossy(&self.raw).rfind(&format!("\x1b[?{mode}{action}"))
    }
}

impl std::fmt::Debug for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tail = self.raw.len().saturating_sub(600);
        let end = String::from_utf8_lossy(&self.raw[tail..]);
        write!(f, "exit code {}, at the end {end:?}", self.code)
    }
}

fn settings_of(master: &(dyn MasterPty + Send)) -> String {
    let termios = master.get_termios().unwrap();
    format!(
        "input {:?} output {:?} control {:?} local {:?}",
        termios.input_flags, termios.output_flags, termios.control_flags, termios.local_flags
    )
}

fn dump(screen: &vt100::Screen) -> String {
    let (rows, columns) = screen.size();
    let mut text = format!("--- {columns}x{rows}\n");
    for row in screen.rows(0, columns.get()) {
        let _ = writeln!(text, "|{row}");
    }
    text
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}

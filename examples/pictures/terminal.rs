//! A pseudo-terminal with the real console in it. Keys go in, conditions on the screen are waited for.
//!
//! The console brackets each frame in a synchronized update; conditions are looked at between whole frames only, so that
//! no picture shows half a frame.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use vt100::{Parser, Screen};

/// How long a condition may take to come true. Seeding in an unoptimised build is the slowest of them.
const PATIENCE: Duration = Duration::from_mins(5);
const END_OF_FRAME: &[u8] = b"\x1b[?2026l";

/// A terminal with a program in it, which is killed when this is dropped.
pub struct Terminal {
    /// Holds the terminal open.
    _master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    pending: Vec<u8>,
    parser: Parser,
}

impl Terminal {
    /// Runs a program in a terminal of so many cells.
    pub fn run(command: CommandBuilder, columns: NonZeroU16, rows: NonZeroU16) -> Result<Self> {
        let pair = native_pty_system().openpty(PtySize {
            rows: rows.get(),
            cols: columns.get(),
            pixel_width: 0,
            pixel_height: 0,
        })?;
        let child = pair.slave.spawn_command(command)?;
        let mut reader = pair.master.try_clone_reader()?;
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut chunk = vec![0; 64 * 1024];
            while let Ok(length @ 1..) = reader.read(&mut chunk) {
                let Some(read) = chunk.get(..length) else {
                    break;
                };
                if sender.send(read.to_vec()).is_err() {
                    break;
                }
            }
        });
        Ok(Self {
            keys: pair.master.take_writer()?,
            _master: pair.master,
            child,
            output,
            pending: Vec::new(),
            parser: Parser::new(rows, columns, 0),
        })
    }

    /// What is on the screen after the last whole frame.
    pub fn screen(&self) -> &Screen {
        self.parser.screen()
    }

    /// Presses keys, as a terminal sends them.
    pub fn press(&mut self, keys: &str) -> Result<()> {
        self.keys.write_all(keys.as_bytes())?;
        self.keys.flush()?;
        Ok(())
    }

    /// Waits until something is true of the text on the screen.
    pub fn wait_for(&mut self, what: &str, holds: impl Fn(&str) -> bool) -> Result<()> {
        let end = Instant::now() + PATIENCE;
        while !holds(&self.screen().contents()) {
            let left = end.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout) => {
                    bail!("waited in vain for {what}; on the screen:\n{}", self.text())
                }
                Err(RecvTimeoutError::Disconnected) => {
                    bail!("ended before {what}; on the screen:\n{}", self.text())
                }
            }
        }
        Ok(())
    }

    /// Waits until the program has ended by itself.
    pub fn wait_for_end(mut self) -> Result<()> {
        let status = self
            .child
            .wait()
            .context("the console cannot be waited for")?;
        if !status.success() {
            bail!("the console ended with {status}");
        }
        Ok(())
    }

    fn text(&self) -> String {
        self.screen().contents()
    }

    /// Shows what came, as far as it completes a frame.
    fn take(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
        let last = self
            .pending
            .windows(END_OF_FRAME.len())
            .rposition(|window| window == END_OF_FRAME);
        if let Some(at) = last {
            let whole: Vec<u8> = self.pending.drain(..at + END_OF_FRAME.len()).collect();
            self.parser.process(&whole);
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
    }
}

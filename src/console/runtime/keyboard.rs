//! What is typed and clicked, read on a thread of its own: waits with poll(2) and lets crossterm read only what is there.
//!
//! crossterm's own stream is not used, for two reasons. At the end of its input, when the terminal's window is gone, it
//! reads on for ever. And where a key and a change of size come in the same moment, it tells the one and forgets the
//! other until the next key. poll(2) tells of a closed terminal, and tells of a waiting key until it is read.

use std::io;
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crossterm::event::{self, Event};
use futures::Stream;
use rustix::event::{PollFd, PollFlags, poll};
use tokio::sync::mpsc;

use crate::console::terminal::GONE;

/// How many events may wait for the loop. A reader that is ahead waits; the terminal keeps the rest.
const AHEAD: usize = 256;

/// How long crossterm may look for what poll(2) saw; it does not look at all when told not to wait.
const LOOK: Duration = Duration::from_millis(1);

/// The events of the terminal; they end with it. Dropping this ends the thread.
pub(super) struct Keyboard {
    events: mpsc::Receiver<io::Result<Event>>,
    /// Its other end sees it close.
    _stop: UnixStream,
}

impl Keyboard {
    /// Begins to read.
    pub(super) fn listen() -> io::Result<Self> {
        let (stop, stopped) = UnixStream::pair()?;
        let (sender, events) = mpsc::channel(AHEAD);
        std::thread::Builder::new()
            .name("keyboard".into())
            .spawn(move || {
                if let Err(error) = read(&stopped, &sender) {
                    // Whoever no longer listens has ended already.
                    let _ = sender.blocking_send(Err(error));
                }
            })?;
        Ok(Self {
            events,
            _stop: stop,
        })
    }
}

impl Stream for Keyboard {
    type Item = io::Result<Event>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.events.poll_recv(cx)
    }
}

/// Reads until the terminal is gone or nobody listens.
fn read(stopped: &UnixStream, sender: &mpsc::Sender<io::Result<Event>>) -> io::Result<()> {
    while is_waiting(stopped)? {
        while event::poll(LOOK)? {
            let event = event::read()?;
            // The loop is told of another size by the signal, and measures then; what is told here may be outdated.
            let is_size = matches!(event, Event::Resize(..));
            if !is_size && sender.blocking_send(Ok(event)).is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Waits until something is there to be read. False once there will be nothing any more.
fn is_waiting(stopped: &UnixStream) -> io::Result<bool> {
    let stdin = io::stdin();
    let mut asked = [
        PollFd::new(&stdin, PollFlags::IN),
        PollFd::new(stopped, PollFlags::IN),
    ];
    loop {
        match poll(&mut asked, None) {
            Ok(_) => break,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let [typed, stopped] = asked.map(|fd| fd.revents());
    Ok(stopped.is_empty() && !typed.intersects(GONE))
}

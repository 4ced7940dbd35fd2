//! A home for one test: an empty directory, an environment with nothing else in it, and the real binary.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// How long anything may take before the test gives up.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A directory that is a user's home, with `data` in it as the data directory.
pub struct Home {
    directory: TempDir,
}

/// What a run of the binary came to.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Home {
    /// A home with nothing in it.
    pub fn empty() -> Self {
        Self {
            directory: tempfile::Builder::new().prefix("pv").tempdir().unwrap(),
        }
    }

    /// A home with an account in it.
    pub fn with_account() -> Self {
        let home = Self::empty();
        home.init().ok();
        home
    }

    /// A home with an account in it, under a preset.
    #[allow(dead_code, reason = "the tests of the policy use it")]
    pub fn under(preset: &str) -> Self {
        let home = Self::empty();
        let arguments = [
            "init",
            "--owner-email",
            "owner@example.com",
            "--organisation",
            "Example Ltd",
            "--password-stdin",
            "--preset",
            preset,
        ];
        home.run_with_input(&arguments, "correct horse battery staple\n")
            .ok();
        home
    }

    /// Makes the account, of a plain SCIM server.
    pub fn init(&self) -> Run {
        let arguments = [
            "init",
            "--owner-email",
            "owner@example.com",
            "--organisation",
            "Example Ltd",
            "--password-stdin",
            "--preset",
            "rfc",
        ];
        self.run_with_input(&arguments, "correct horse battery staple\n")
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// The binary, ready to be run here and nowhere else.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provost"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.directory.path())
            .env("TMPDIR", self.directory.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("PROVOST_DATA_DIR", self.data())
            .env("PROVOST_LISTEN", "127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs it to its end.
    pub fn run(&self, arguments: &[&str]) -> Run {
        finish(self.command(arguments).spawn().unwrap())
    }

    /// Runs it to its end with something on its standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Run {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that refuses at once has closed its end, which is no failure of the test.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        finish(child)
    }

    /// Runs it to its end and reads the document it answers.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        self.run(&all).ok().document()
    }

    /// Starts the engine and waits until it says where it listens.
    pub fn serve(&self) -> Engine {
        self.serve_with(&["serve"])
    }

    /// The same with other arguments.
    pub fn serve_with(&self, arguments: &[&str]) -> Engine {
        Self::follow(self.command(arguments))
    }

    /// The same for a command that becomes an engine in the end.
    pub fn follow(mut command: Command) -> Engine {
        let mut child = command.spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in stderr.lines() {
                let Ok(line) = line else { break };
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let mut engine = Engine {
            child,
            lines,
            scim: String::new(),
            said: Vec::new(),
        };
        let line = engine.wait_for("SCIM base URL ");
        engine.scim = line.trim_start_matches("SCIM base URL ").to_owned();
        engine
    }
}

fn finish(child: Child) -> Run {
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().expect("it ended by itself"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Run {
    /// Insists on success.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.ends(0)
    }

    /// Insists on an exit code.
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "\nstdout: {}\nstderr: {}",
            self.stdout, self.stderr
        );
        self
    }

    /// Insists that it says something on standard error.
    #[track_caller]
    pub fn says(self, part: &str) -> Self {
        assert!(self.stderr.contains(part), "stderr: {}", self.stderr);
        self
    }

    /// Insists that it shows something on standard output.
    #[track_caller]
    pub fn shows(self, part: &str) -> Self {
        assert!(self.stdout.contains(part), "stdout: {}", self.stdout);
        self
    }

    /// The document on standard output.
    #[track_caller]
    pub fn document(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!("{error}: {}", self.stdout);
        })
    }
}

/// A running engine. Ended when dropped.
pub struct Engine {
    child: Child,
    lines: mpsc::Receiver<String>,
    said: Vec<String>,
    /// The SCIM base URL.
    pub scim: String,
}

impl Engine {
    /// The URL without its path.
    pub fn url(&self) -> String {
        let (scheme, rest) = self.scim.split_once("://").unwrap();
        let host = rest.split('/').next().unwrap_or_default();
        format!("{scheme}://{host}")
    }

    /// Waits for a line on standard error that holds a text.
    #[track_caller]
    pub fn wait_for(&mut self, part: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) if line.contains(part) => return line,
                Ok(line) => self.said.push(line),
                Err(error) => panic!("no line with `{part}` ({error}): {:#?}", self.said),
            }
        }
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a request as it is written and reads what comes until the engine hangs up.
    pub fn ask(&self, request: &str) -> String {
        let address = self.url();
        let mut stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        // What is left of a refused body resets the connection; the answer came before.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).unwrap();
    }

    /// Asks it to end and waits for its exit code.
    pub fn end(mut self, signal: Signal) -> i32 {
        self.signal(signal);
        self.child
            .wait()
            .unwrap()
            .code()
            .expect("no signal killed it")
    }

    /// Its standard output, until it ends.
    pub fn stdout(&mut self) -> String {
        let mut text = String::new();
        let mut stdout = self.child.stdout.take().unwrap();
        stdout.read_to_string(&mut text).unwrap();
        text
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

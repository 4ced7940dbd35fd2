//! The real binary in a directory of its own: initialised, served, asked, killed.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long anything may take before the test gives up.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// An HTTP client.
pub fn client() -> reqwest::Client {
    // Whoever is first installs it; all install the same one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    reqwest::Client::builder()
        .timeout(PATIENCE)
        .build()
        .unwrap()
}

/// A data directory with an account in it.
pub struct Account {
    directory: TempDir,
}

/// An engine at work. Killed when dropped.
pub struct Serving {
    child: Child,
    pub url: String,
}

impl Account {
    /// Makes an account under the `rfc` preset.
    pub fn new() -> Self {
        let account = Self {
            directory: TempDir::new().unwrap(),
        };
        let output = account.run_with_input(
            &[
                "init",
                "--owner-email",
                "owner@example.com",
                "--password-stdin",
                "--preset",
                "rfc",
            ],
            "correct horse battery staple\n",
        );
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        account
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.directory.path().join("provost.db")
    }

    /// Runs a command on this directory to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn run_with_input(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap()
    }

    /// A new token's secret.
    pub fn token(&self, scope: &str) -> String {
        let name = format!("{scope}-test");
        let output = self.run(&["token", "new", "--name", &name, "--scope", scope]);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Starts the engine and waits until it is ready.
    pub fn serve(&self) -> Serving {
        let port = free_port();
        let mut child = self
            .command(&["serve", "--listen", &format!("127.0.0.1:{port}")])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = child.stderr.take().unwrap();
        // Somebody has to read what it says, or it would stop at a full pipe.
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines() {
                let Ok(line) = line else { break };
                eprintln!("engine: {line}");
            }
        });
        let serving = Serving {
            child,
            url: format!("http://127.0.0.1:{port}"),
        };
        let end = Instant::now() + PATIENCE;
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "the engine did not start to listen");
            std::thread::yield_now();
        }
        serving
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provost"));
        command
            .arg("--data-dir")
            .arg(self.directory.path())
            .args(arguments)
            .env_remove("PROVOST_TOKEN")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null());
        command
    }
}

impl Serving {
    /// The SCIM base URL.
    pub fn scim(&self) -> String {
        format!("{}/scim/v2", self.url)
    }

    /// Kills it as the out-of-memory killer would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

//! The real program at work: initialised, served, watched through `/proc`, killed.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

/// How long a start may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// A data directory with an account, on the disk that the program was built on.
pub struct Account {
    path: PathBuf,
    /// Removes the directory in the end, unless it was there before.
    #[expect(dead_code, reason = "held, not read")]
    directory: Option<TempDir>,
    /// The secret of a token for identity providers.
    pub scim_token: String,
    /// The secret of a token for admins.
    pub admin_token: String,
}

/// The engine. Killed when dropped.
pub struct Engine {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Account {
    /// Makes an account.
    pub fn new() -> Result<Self> {
        let directory = TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
        let account = Self {
            path: directory.path().to_owned(),
            directory: Some(directory),
            scim_token: String::new(),
            admin_token: String::new(),
        };
        let owner = [
            "init",
            "--preset",
            "rfc",
            "--owner-email",
            "owner@example.com",
        ];
        account.run(&[&owner[..], &["--password-stdin"]].concat())?;
        account.with_tokens()
    }

    /// Takes the data directory that an earlier run left when it was killed.
    pub fn of(path: PathBuf) -> Result<Self> {
        let account = Self {
            path,
            directory: None,
            scim_token: String::new(),
            admin_token: String::new(),
        };
        account.with_tokens()
    }

    fn with_tokens(self) -> Result<Self> {
        let mut account = self;
        // The names of tokens are unique, and an earlier run had some.
        let token = |account: &Self, scope| {
            let name = format!("{scope}-{}", std::process::id());
            account.run(&["token", "new", "--name", &name, "--scope", scope])
        };
        account.scim_token = token(&account, "scim")?;
        account.admin_token = token(&account, "admin")?;
        Ok(account)
    }

    /// The data directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.path().join("provost.db")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        // Two builds are compared by one bench.
        let program = std::env::var_os("PROVOST_BENCH_PROGRAM")
            .unwrap_or_else(|| env!("CARGO_BIN_EXE_provost").into());
        let mut command = Command::new(program);
        command.arg("--data-dir").arg(self.path()).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<String> {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(b"correct horse battery staple\n")?;
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            bail!("provost {arguments:?} ended with {}", output.status);
        }
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// Starts the engine and waits until it accepts connections.
    pub fn serve(&self) -> Result<Engine> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut child = self.command(&["serve", "--listen", &format!("127.0.0.1:{port}")]);
        // One token sends everything here, as fast as it can.
        let config = self.path().join("unlimited.toml");
        std::fs::write(&config, "rate.per_second = 0\n")?;
        child.env("PROVOST_CONFIG", config);
        Engine::spawn(child, SocketAddr::from(([127, 0, 0, 1], port)))
    }
}

impl Engine {
    /// Starts a program that will listen there.
    pub fn spawn(mut command: Command, address: SocketAddr) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let stderr = child.stderr.take().context("its standard error is piped")?;
        // Somebody has to read what it says, or it would stop at a full pipe.
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if line.contains("WARN") || line.contains("ERROR") || line.contains("error:") {
                    eprintln!("  engine: {line}");
                }
            }
        });
        let engine = Self { child, address };
        let began = Instant::now();
        while TcpStream::connect(address).is_err() {
            if began.elapsed() > PATIENCE {
                bail!("nothing listens on {address}");
            }
            std::thread::sleep(Duration::from_micros(500));
        }
        Ok(engine)
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Mebibytes of memory it holds.
    pub fn resident(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kibibytes: f64 = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next())
            .context("no VmRSS")?
            .parse()?;
        Ok(kibibytes / 1_024.0)
    }

    /// What it used since it started.
    pub fn used(&self) -> Result<Used> {
        Used::of(&self.child.id().to_string())
    }
}

/// What a process used since it started.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    /// Processor time.
    pub cpu: Duration,
    /// Bytes given to the disk.
    pub written: u64,
}

impl Used {
    /// Of this process.
    pub fn here() -> Result<Self> {
        Self::of("self")
    }

    fn of(process: &str) -> Result<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
        // The name of the program may hold blanks; what follows its parenthesis does not.
        let (_, rest) = stat.rsplit_once(')').context("no name in stat")?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let ticks =
            |at: usize| -> Result<u64> { Ok(fields.get(at).context("too short")?.parse()?) };
        let io = std::fs::read_to_string(format!("/proc/{process}/io"))?;
        let written = io
            .lines()
            .find_map(|line| line.strip_prefix("write_bytes: "))
            .context("no write_bytes")?;
        Ok(Self {
            // User and system time, in hundredths of a second on every Linux.
            cpu: Duration::from_millis((ticks(11)? + ticks(12)?) * 10),
            written: written.trim().parse()?,
        })
    }

    /// What was used since then.
    pub fn since(self, before: Self) -> Self {
        Self {
            cpu: self.cpu.saturating_sub(before.cpu),
            written: self.written.saturating_sub(before.written),
        }
    }

    /// Adds another stretch.
    pub fn add(&mut self, other: Self) {
        self.cpu += other.cpu;
        self.written += other.written;
    }

    /// Microseconds of the processor for each of so many.
    pub fn micros_each(self, count: f64) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / count.max(1.0)
    }

    /// Kilobytes for each of so many.
    pub fn kilobytes_each(self, count: f64) -> f64 {
        self.written as f64 / 1e3 / count.max(1.0)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // It may have been killed already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

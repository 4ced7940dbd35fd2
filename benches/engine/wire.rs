//! As little of an HTTP/1.1 client as it takes, so that the load costs less than what is loaded.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection that is kept.
pub struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
    body: usize,
}

impl Wire {
    /// Connects.
    pub async fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(64 * 1_024),
            body: 0,
        })
    }

    /// Sends a request and reads its answer; returns the status.
    pub async fn ask(&mut self, request: &[u8]) -> Result<u16> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = memchr::memmem::find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            self.read().await?;
        };
        let text = std::str::from_utf8(self.buffer.get(..head).unwrap_or_default())?;
        let status: u16 = text
            .split(' ')
            .nth(1)
            .context("an answer without a status")?
            .parse()?;
        let length: usize = text
            .lines()
            .find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().parse().ok())?
            })
            .unwrap_or(0);
        self.body = head;
        while self.buffer.len() < head + length {
            self.read().await?;
        }
        Ok(status)
    }

    /// The body of the last answer.
    pub fn body(&self) -> &[u8] {
        self.buffer.get(self.body..).unwrap_or_default()
    }

    async fn read(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

/// Writes a request into a buffer.
pub fn request(into: &mut Vec<u8>, token: &str, method: &str, path: &str, body: &str) {
    use std::io::Write as _;
    into.clear();
    write!(
        into,
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         user-agent: Okta SCIM Client 1.0.0\r\naccept: application/scim+json\r\n"
    )
    .expect("a vector takes all");
    if !body.is_empty() {
        write!(
            into,
            "content-type: application/scim+json\r\ncontent-length: {}\r\n",
            body.len()
        )
        .expect("a vector takes all");
    }
    into.extend_from_slice(b"\r\n");
    into.extend_from_slice(body.as_bytes());
}

//! HTTP/1.1 over one connection that is kept as long as the server keeps it, without a client library's opinion on what
//! may be sent.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Wire {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter().filter(|(key, _)| key == name);
        named.next().map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Wire {
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            stream: None,
        }
    }

    /// Sends a request and reads its answer. A kept connection may have been closed meanwhile; then once more on a new
    /// one.
    pub async fn ask(&mut self, bytes: &[u8]) -> Result<Answer, String> {
        let was_kept = self.stream.is_some();
        match self.attempt(bytes).await {
            Err(_) if was_kept => {
                self.stream = None;
                self.attempt(bytes).await
            }
            other => other,
        }
    }

    async fn attempt(&mut self, bytes: &[u8]) -> Result<Answer, String> {
        let exchange = tokio::time::timeout(PATIENCE, self.exchange(bytes)).await;
        match exchange {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                self.stream = None;
                Err(error.to_string())
            }
            Err(_) => panic!(
                "no answer within {PATIENCE:?} to {}",
                String::from_utf8_lossy(&bytes[..bytes.len().min(4_000)])
            ),
        }
    }

    async fn exchange(&mut self, bytes: &[u8]) -> std::io::Result<Answer> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(self.address).await?;
            stream.set_nodelay(true)?;
            self.stream = Some(BufReader::new(stream));
        }
        let stream = self.stream.as_mut().expect("it was just made");
        // A server that turns a request away early may close before all of it is sent; its answer counts.
        let sent = stream.get_mut().write_all(bytes).await;
        let answer = match read(stream, bytes.starts_with(b"HEAD ")).await {
            Ok(answer) => answer,
            Err(error) => return Err(sent.err().unwrap_or(error)),
        };
        if sent.is_err() || answer.header("connection") == Some("close") {
            self.stream = None;
        }
        Ok(answer)
    }
}

async fn read(stream: &mut BufReader<TcpStream>, is_head: bool) -> std::io::Result<Answer> {
    let broken = || std::io::Error::other("what came is no answer");
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let status = line.split(' ').nth(1).and_then(|word| word.parse().ok());
    let status: u16 = status.ok_or_else(broken)?;
    let mut headers = Vec::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Err(broken());
        }
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut answer = Answer {
        status,
        headers,
        body: Vec::new(),
    };
    if is_head || matches!(status, 204 | 304) {
        return Ok(answer);
    }
    let length = answer
        .header("content-length")
        .and_then(|text| text.parse().ok());
    let length: usize = length.ok_or_else(broken)?;
    answer.body = vec![0; length];
    stream.read_exact(&mut answer.body).await?;
    Ok(answer)
}

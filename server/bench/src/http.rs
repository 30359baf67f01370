//! The least client that can load a server: one connection, HTTP/1.1 kept alive, buffers used again and again,
//! so that the cores it shares with the server do little for it.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long anything may take before the run is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection, and the answer to its last request.
pub(crate) struct Connection {
    stream: TcpStream,
    address: SocketAddr,
    out: Vec<u8>,
    /// What was read of the answer; its head ends at `head`.
    read: Vec<u8>,
    head: usize,
    /// The body, out of its chunks.
    body: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (out, read, body) = (Vec::with_capacity(2_048), Vec::with_capacity(65_536), Vec::new());
        Ok(Self { stream, address, out, read, head: 0, body })
    }

    /// Asks and reads the whole answer; gives its status. `headers`: whole lines.
    pub(crate) async fn ask(&mut self, line: &str, headers: &str, body: &[u8]) -> Result<u16> {
        let answer = async {
            self.send(line, headers, body).await?;
            self.read_head().await?;
            self.read_body().await?;
            self.status()
        };
        tokio::time::timeout(PATIENCE, answer).await.with_context(|| format!("no answer to {line}"))?
    }

    /// Asks for a stream that does not end, and reads until it has told something.
    pub(crate) async fn follow(&mut self, path: &str, headers: &str) -> Result<()> {
        let told = async {
            self.send(&format!("GET {path}"), headers, b"").await?;
            self.read_head().await?;
            ensure!(self.status()? == 200, "the stream answered {}", self.status()?);
            while !contains(&self.read[self.head..], b"event: update") {
                self.more().await?;
            }
            Ok(())
        };
        tokio::time::timeout(PATIENCE, told).await.context("a stream said nothing")?
    }

    async fn send(&mut self, line: &str, headers: &str, body: &[u8]) -> Result<()> {
        self.out.clear();
        let head = format!(
            "{line} HTTP/1.1\r\nhost: {}\r\n{headers}content-length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        self.out.extend_from_slice(head.as_bytes());
        self.out.extend_from_slice(body);
        self.read.clear();
        Ok(self.stream.write_all(&self.out).await?)
    }

    async fn more(&mut self) -> Result<()> {
        ensure!(self.stream.read_buf(&mut self.read).await? > 0, "the server closed a connection");
        Ok(())
    }

    async fn read_head(&mut self) -> Result<()> {
        loop {
            if let Some(at) = self.read.windows(4).position(|w| w == b"\r\n\r\n") {
                self.head = at + 4;
                return Ok(());
            }
            self.more().await?;
        }
    }

    async fn read_body(&mut self) -> Result<()> {
        self.body.clear();
        if self.header("transfer-encoding") == Some("chunked") {
            return self.read_chunks().await;
        }
        let length: usize = self.header("content-length").unwrap_or("0").parse()?;
        while self.read.len() < self.head + length {
            self.more().await?;
        }
        self.body.extend_from_slice(&self.read[self.head..self.head + length]);
        Ok(())
    }

    async fn read_chunks(&mut self) -> Result<()> {
        let mut at = self.head;
        loop {
            let Some(end) = self.read[at..].windows(2).position(|w| w == b"\r\n") else {
                self.more().await?;
                continue;
            };
            let size = usize::from_str_radix(std::str::from_utf8(&self.read[at..at + end])?.trim(), 16)?;
            let from = at + end + 2;
            while self.read.len() < from + size + 2 {
                self.more().await?;
            }
            self.body.extend_from_slice(&self.read[from..from + size]);
            at = from + size + 2;
            if size == 0 {
                return Ok(());
            }
        }
    }

    fn status(&self) -> Result<u16> {
        let word = self.read.get(9..12).context("no status")?;
        Ok(std::str::from_utf8(word)?.parse()?)
    }

    /// A header of the answer.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let head = std::str::from_utf8(&self.read[..self.head]).ok()?;
        head.split("\r\n").skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    /// The body of the answer.
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// True if these bytes are somewhere in the body.
    pub(crate) fn says(&self, what: &str) -> bool {
        contains(&self.body, what.as_bytes())
    }

    /// Asks and takes nothing but this status.
    pub(crate) async fn expect(&mut self, wanted: u16, line: &str, headers: &str, body: &[u8]) -> Result<()> {
        let status = self.ask(line, headers, body).await?;
        if status != wanted {
            bail!("{line} answered {status}: {}", String::from_utf8_lossy(&self.body));
        }
        Ok(())
    }
}

fn contains(text: &[u8], what: &[u8]) -> bool {
    text.windows(what.len()).any(|window| window == what)
}

/// As a form writes it.
pub(crate) fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            b' ' => "+".to_owned(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn answers_come_in_any_pieces() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut read = [0; 1_024];
            for answer in [
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0a\r\n0123456789\r\n0\r\n\r\n",
                "HTTP/1.1 409 Conflict\r\nContent-Length: 4\r\n\r\nsure",
            ] {
                assert!(stream.read(&mut read).await.unwrap() > 0);
                for piece in answer.as_bytes().chunks(5) {
                    stream.write_all(piece).await.unwrap();
                    stream.flush().await.unwrap();
                    tokio::task::yield_now().await;
                }
            }
        });
        let mut connection = Connection::open(address).await.unwrap();
        assert_eq!(connection.ask("GET /", "", b"").await.unwrap(), 200);
        assert_eq!(connection.body(), b"abc0123456789");
        assert_eq!(connection.ask("GET /", "", b"").await.unwrap(), 409);
        assert!(connection.says("ure") && !connection.says("abc"));
        server.await.unwrap();
    }

    #[test]
    fn forms_are_escaped() {
        assert_eq!(escaped("a b&c=é"), "a+b%26c%3D%C3%A9");
    }
}

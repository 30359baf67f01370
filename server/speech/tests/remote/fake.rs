//! A provider over HTTP on the loopback: real TCP, the body in pieces of its own.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// What it does with a request.
#[derive(Debug, Clone)]
pub enum Play {
    /// 200 with this type and body in pieces of so many bytes.
    Body(&'static str, Vec<u8>, usize),
    /// The same, then the connection is closed without an end.
    CutOff(&'static str, Vec<u8>),
    /// Nothing at all, for ever.
    Silent,
    /// This body over and over.
    Endless(&'static str, Vec<u8>),
    /// This status, with this header, and a body that holds private words.
    Status(u16, &'static str),
    /// Bytes that are not HTTP.
    Noise,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its first line and headers.
    pub head: String,
    /// Its body.
    pub body: Vec<u8>,
}

/// A provider that plays its part, request by request; the last part is played again and again.
pub struct Fake {
    pub base: String,
    pub seen: Arc<Mutex<Vec<Seen>>>,
    /// Says so each time the other side closes a connection while it still waits for something.
    pub closed: mpsc::UnboundedReceiver<()>,
}

impl Fake {
    /// Starts it.
    pub async fn start(plays: Vec<Play>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/v1", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (tell, closed) = mpsc::unbounded_channel();
        let saw = seen.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (plays, saw, tell) = (plays.clone(), saw.clone(), tell.clone());
                tokio::spawn(async move {
                    while let Some(request) = read(&mut stream).await {
                        let at = {
                            let mut saw = saw.lock().unwrap();
                            saw.push(request);
                            (saw.len() - 1).min(plays.len() - 1)
                        };
                        if !play(&mut stream, &plays[at], &tell).await {
                            break;
                        }
                    }
                });
            }
        });
        Self { base, seen, closed }
    }

    /// What came so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut all = Vec::new();
    let mut bytes = [0; 8192];
    let head = loop {
        if let Some(at) = all.windows(4).position(|end| end == b"\r\n\r\n") {
            break String::from_utf8_lossy(&all[..at]).to_lowercase();
        }
        match stream.read(&mut bytes).await {
            Ok(count) if count > 0 => all.extend_from_slice(&bytes[..count]),
            _ => return None,
        }
    };
    let mut body = all[head.len() + 4..].to_vec();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    // Forms come in pieces of unknown length.
    let done = |body: &[u8]| match length {
        Some(length) => body.len() >= length.parse::<usize>().unwrap(),
        None if head.starts_with("get ") => true,
        None => body.ends_with(b"\r\n0\r\n\r\n") || body == b"0\r\n\r\n",
    };
    while !done(&body) {
        match stream.read(&mut bytes).await {
            Ok(count) if count > 0 => body.extend_from_slice(&bytes[..count]),
            _ => return None,
        }
    }
    Some(Seen { head, body })
}

async fn play(stream: &mut TcpStream, play: &Play, tell: &mpsc::UnboundedSender<()>) -> bool {
    let head =
        |kind: &str| format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ntransfer-encoding: chunked\r\n\r\n");
    match play {
        Play::Body(kind, body, size) => {
            stream.write_all(head(kind).as_bytes()).await.unwrap();
            for piece in body.chunks(*size) {
                chunk(stream, piece).await;
            }
            stream.write_all(b"0\r\n\r\n").await.is_ok()
        }
        Play::CutOff(kind, body) => {
            stream.write_all(head(kind).as_bytes()).await.unwrap();
            chunk(stream, body).await;
            false
        }
        Play::Silent => {
            let _ = stream.read(&mut [0; 16]).await;
            let _ = tell.send(());
            false
        }
        Play::Endless(kind, body) => {
            stream.write_all(head(kind).as_bytes()).await.unwrap();
            while chunk(stream, body).await {}
            let _ = tell.send(());
            false
        }
        Play::Status(status, header) => {
            let body = "{\"error\":\"private words\"}";
            let header = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
            let answer =
                format!("HTTP/1.1 {status} No\r\n{header}content-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).await.is_ok()
        }
        Play::Noise => {
            let _ = stream.write_all(b"\x00\xffhello\r\n\r\n").await;
            false
        }
    }
}

async fn chunk(stream: &mut TcpStream, piece: &[u8]) -> bool {
    let framed = [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
    let written = stream.write_all(&framed).await.is_ok();
    tokio::task::yield_now().await;
    written
}

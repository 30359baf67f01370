//! A provider on the loopback: real TCP, real HTTP, every piece of the body a write of its own.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use patience::PATIENCE;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// What it does with a request.
#[derive(Debug, Clone)]
pub enum Play {
    /// 200 with this body, written in pieces of so many bytes, then a proper end.
    Body(String, usize),
    /// The same, then the connection is closed without an end.
    CutOff(String),
    /// Nothing at all, for ever.
    Silent,
    /// This body, then nothing, for ever.
    Stuck(String),
    /// This body over and over.
    Endless(String),
    /// This status, with a body that holds private words.
    Status(u16),
    /// This status with this body.
    Refusal(u16, String),
    /// This status with this `Retry-After`.
    Rest(u16, &'static str),
    /// Refuses with this status and text what this does not like, else gives this body.
    Picky(fn(&Seen) -> bool, u16, &'static str, String),
    /// Bytes that are not HTTP.
    Noise,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its first line and headers.
    pub head: String,
    /// Its body.
    pub body: Value,
}

/// A provider that plays its part, request by request; the last part is played again and again.
pub struct FakeProvider {
    /// Its base address.
    pub base: String,
    /// How many connections were made.
    pub connections: Arc<AtomicUsize>,
    /// What came.
    pub seen: Arc<Mutex<Vec<Seen>>>,
    /// Says so each time the other side closes a connection in the middle of a reply.
    pub closed: mpsc::UnboundedReceiver<()>,
}

impl FakeProvider {
    /// Starts it.
    pub async fn start(plays: Vec<Play>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/v1", listener.local_addr().unwrap());
        let (connections, seen) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (tell, closed) = mpsc::unbounded_channel();
        let (count, saw, next) = (connections.clone(), seen.clone(), Arc::new(AtomicUsize::new(0)));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let (plays, saw, next, tell) = (plays.clone(), saw.clone(), next.clone(), tell.clone());
                tokio::spawn(async move {
                    let mut stream = stream;
                    stream.set_nodelay(true).unwrap();
                    while let Some(seen) = request(&mut stream).await {
                        saw.lock().unwrap().push(seen);
                        let at = next.fetch_add(1, Ordering::SeqCst).min(plays.len() - 1);
                        let seen = saw.lock().unwrap().last().cloned();
                        if !play(&mut stream, &plays[at], seen.as_ref(), &tell).await {
                            break;
                        }
                    }
                });
            }
        });
        Self { base, connections, seen, closed }
    }
}

async fn request(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
    let lower = text.to_lowercase();
    let length = lower.split_once("content-length: ").and_then(|(_, rest)| rest.lines().next()?.parse().ok());
    let whole = head + length.unwrap_or(0);
    while bytes.len() < whole {
        stream.read_buf(&mut bytes).await.ok()?;
    }
    let body = if whole == head { Value::Null } else { serde_json::from_slice(&bytes[head..whole]).unwrap() };
    Some(Seen { head: text, body })
}

const HEAD: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n";

/// Plays a part. False if the connection cannot be used again.
async fn play(
    stream: &mut TcpStream,
    play: &Play,
    seen: Option<&Seen>,
    closed: &mpsc::UnboundedSender<()>,
) -> bool {
    match play {
        Play::Picky(fit, status, says, body) => {
            if seen.is_some_and(fit) {
                say(stream, body, 7).await && stream.write_all(b"0\r\n\r\n").await.is_ok()
            } else {
                refuse(stream, *status, says).await
            }
        }
        Play::Rest(status, after) => {
            let head = format!("HTTP/1.1 {status} No\r\ncontent-length: 0\r\nretry-after: {after}\r\n\r\n");
            stream.write_all(head.as_bytes()).await.is_ok()
        }
        Play::Body(body, piece) => {
            say(stream, body, *piece).await && stream.write_all(b"0\r\n\r\n").await.is_ok()
        }
        Play::CutOff(body) => {
            say(stream, body, 7).await;
            false
        }
        Play::Silent => hold(stream, closed).await,
        Play::Stuck(body) => {
            say(stream, body, 7).await;
            hold(stream, closed).await
        }
        Play::Endless(body) => {
            let mut more = say(stream, body, body.len()).await;
            while more {
                more = pieces(stream, body, body.len()).await;
            }
            let _ = closed.send(());
            false
        }
        Play::Status(status) => {
            refuse(stream, *status, "{\"error\":{\"message\":\"key SECRET-KEY, text PRIVATE\"}}").await
        }
        Play::Refusal(status, body) => refuse(stream, *status, body).await,
        Play::Noise => {
            let _ = stream.write_all(b"220 mail.example ESMTP\r\n").await;
            false
        }
    }
}

async fn refuse(stream: &mut TcpStream, status: u16, body: &str) -> bool {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} No\r\ncontent-length: {length}\r\n\r\n{body}");
    stream.write_all(head.as_bytes()).await.is_ok()
}

/// Writes the head, and the body in pieces, each flushed by itself.
async fn say(stream: &mut TcpStream, body: &str, piece: usize) -> bool {
    if stream.write_all(HEAD.as_bytes()).await.is_err() {
        return false;
    }
    pieces(stream, body, piece).await
}

async fn pieces(stream: &mut TcpStream, body: &str, piece: usize) -> bool {
    for piece in body.as_bytes().chunks(piece.max(1)) {
        let size = format!("{:x}\r\n", piece.len());
        let chunk = [size.as_bytes(), piece, b"\r\n"].concat();
        if stream.write_all(&chunk).await.is_err() {
            return false;
        }
        tokio::task::yield_now().await;
    }
    true
}

/// Waits until the other side goes away; longer than a test waits, so that whoever waits for this one fails it.
async fn hold(stream: &mut TcpStream, closed: &mpsc::UnboundedSender<()>) -> bool {
    let mut byte = [0];
    let gone = tokio::time::timeout(2 * PATIENCE, stream.read(&mut byte)).await;
    if matches!(gone, Ok(Ok(0) | Err(_))) {
        let _ = closed.send(());
    }
    false
}

/// The words as OpenAI streams them, a word an event.
pub fn openai(text: &str, finish: &str) -> String {
    let mut body = String::from(": keep-alive\n\n");
    let first = json!({"id": "c", "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": null}]});
    body += &format!("data: {first}\n\n");
    for word in text.split_inclusive(' ') {
        let chunk = json!({"choices": [{"index": 0, "delta": {"content": word}, "finish_reason": null}]});
        body += &format!("data: {chunk}\n\n");
    }
    if !finish.is_empty() {
        let last = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]});
        let usage = json!({"choices": [], "usage": {"total_tokens": 7}});
        body += &format!("data: {last}\n\ndata: {usage}\n\ndata: [DONE]\n\n");
    }
    body
}

/// The words as Gemini streams them: larger pieces, the last one with the reason for the end.
pub fn gemini(text: &str, finish: &str) -> String {
    let words: Vec<&str> = text.split_inclusive(' ').collect();
    let pieces: Vec<String> = words.chunks(3).map(<[&str]>::concat).collect();
    let thought = json!({"candidates": [{"content": {"parts": [{"text": "Thinking aloud.", "thought": true}], "role": "model"}}]});
    let mut body = format!("data: {thought}\r\n\r\n");
    for (n, piece) in pieces.iter().enumerate() {
        let mut candidate = json!({"content": {"parts": [{"text": piece}], "role": "model"}, "index": 0});
        if n + 1 == pieces.len() && !finish.is_empty() {
            candidate["finishReason"] = json!(finish);
        }
        let chunk = json!({"candidates": [candidate], "usageMetadata": {"totalTokenCount": 9}});
        body += &format!("data: {chunk}\r\n\r\n");
    }
    body
}

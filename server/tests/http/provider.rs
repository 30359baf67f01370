//! A model's server on the loopback that speaks OpenAI's streaming format, and misbehaves on demand.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What it does with a request. `{sent}` in a text becomes all that was sent, headers and body.
#[derive(Debug, Clone)]
pub enum Play {
    /// Gives this line.
    Line(&'static str),
    /// Gives the beginning of this line, and closes the connection.
    Cut(&'static str),
    /// Says in the middle of the stream that it cannot go on.
    Error(&'static str),
    /// Streams something else.
    Garbage(&'static str),
    /// Answers with this status and body.
    Status(u16, &'static str),
}

/// Starts it; the last part is played again and again. Returns its address, without a scheme.
pub async fn start(plays: Vec<Play>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let next = Arc::new(AtomicUsize::new(0));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (plays, next) = (plays.clone(), next.clone());
            tokio::spawn(async move {
                let Some(sent) = request(&mut stream).await else { return };
                let at = next.fetch_add(1, Ordering::SeqCst).min(plays.len() - 1);
                let answer = answer(&plays[at], &sent);
                // Whoever asked may have gone away.
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    address
}

async fn request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let head = head.to_lowercase();
        let length = head.split_once("content-length: ").unwrap().1.lines().next().unwrap();
        if body.len() >= length.parse().unwrap() {
            return Some(text);
        }
    }
}

fn answer(play: &Play, sent: &str) -> String {
    let event = |value: serde_json::Value| format!("data: {value}\n\n");
    let words = |text: &str| event(json!({"choices": [{"delta": {"content": text}}]}));
    let stop = event(json!({"choices": [{"delta": {}, "finish_reason": "stop"}]})) + "data: [DONE]\n\n";
    let stream = |body: &str| {
        format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n{body}")
    };
    match play {
        Play::Line(text) => stream(&(words(&text.replace("{sent}", sent)) + &stop)),
        // More is announced than comes: the connection breaks in the middle.
        Play::Cut(text) => {
            let body = words(text);
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close";
            format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len() + 1)
        }
        Play::Error(text) => stream(&event(json!({"error": {"message": text.replace("{sent}", sent)}}))),
        Play::Garbage(text) => {
            stream(&format!("data: {}\n\n", text.replace("{sent}", sent).replace(['\r', '\n'], " ")))
        }
        Play::Status(status, body) => {
            let body = json!({"error": {"message": body.replace("{sent}", sent)}}).to_string();
            format!(
                "HTTP/1.1 {status} No\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            )
        }
    }
}

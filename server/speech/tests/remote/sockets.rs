//! A provider over WebSockets on the loopback, each connection in the hands of the test.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use futures::{SinkExt as _, StreamExt as _};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};

use crate::soon;

/// A WebSocket server.
pub struct Server {
    pub base: String,
    connections: mpsc::UnboundedReceiver<Connection>,
    refusals: Arc<AtomicUsize>,
}

/// A connection to it.
pub struct Connection {
    /// The path and query, and the headers.
    pub asked: String,
    pub socket: WebSocketStream<TcpStream>,
}

impl Server {
    pub async fn start() -> Self {
        Self::choosy(&[]).await
    }

    /// One that takes nobody who asks for one of these: 400.
    pub async fn choosy(refused: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("ws://{}/v1", listener.local_addr().unwrap());
        let (tell, connections) = mpsc::unbounded_channel();
        let refusals = Arc::new(AtomicUsize::new(0));
        let count = refusals.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (asked, count) = (Arc::new(Mutex::new(String::new())), count.clone());
                let note = asked.clone();
                #[expect(clippy::result_large_err, reason = "the shape is tungstenite's")]
                let callback = move |request: &Request, response: Response| {
                    *note.lock().unwrap() = format!("{} {:?}", request.uri(), request.headers());
                    let query = request.uri().query().unwrap_or_default();
                    if refused.iter().any(|name| query.contains(name)) {
                        count.fetch_add(1, Ordering::SeqCst);
                        let no = Response::builder().status(400).body(None).unwrap();
                        return Err(no);
                    }
                    Ok(response)
                };
                let Ok(socket) = tokio_tungstenite::accept_hdr_async(stream, callback).await else {
                    assert!(!refused.is_empty(), "nobody is refused here");
                    continue;
                };
                let asked = asked.lock().unwrap().clone();
                let _ = tell.send(Connection { asked, socket });
            }
        });
        Self { base, connections, refusals }
    }

    /// One that answers every handshake with this.
    pub async fn refusing(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("ws://{}/v1", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut bytes = [0; 4096];
                let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut bytes).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { base, connections: mpsc::unbounded_channel().1, refusals: Arc::default() }
    }

    /// How many it did not take.
    pub fn refusals(&self) -> usize {
        self.refusals.load(Ordering::SeqCst)
    }

    /// The next connection.
    pub async fn connection(&mut self) -> Connection {
        soon(self.connections.recv()).await.expect("a connection")
    }
}

impl Connection {
    pub async fn say(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    /// The next text, and how many bytes of audio came before it.
    pub async fn text(&mut self) -> (String, usize) {
        let mut audio = 0;
        loop {
            match soon(self.socket.next()).await.expect("a message").expect("a message") {
                Message::Text(text) => return (text.as_str().to_owned(), audio),
                Message::Binary(bytes) => audio += bytes.len(),
                Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_) => {
                    panic!("no message")
                }
            }
        }
    }
}

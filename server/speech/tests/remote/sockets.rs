//! A provider over WebSockets on the loopback, each connection in the hands of the test.

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
}

/// A connection to it.
pub struct Connection {
    /// The path and query, and the headers.
    pub asked: String,
    pub socket: WebSocketStream<TcpStream>,
}

impl Server {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("ws://{}/v1", listener.local_addr().unwrap());
        let (tell, connections) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let asked = Arc::new(Mutex::new(String::new()));
                let note = asked.clone();
                #[expect(clippy::result_large_err, reason = "the shape is tungstenite's")]
                let callback = move |request: &Request, response: Response| {
                    *note.lock().unwrap() = format!("{} {:?}", request.uri(), request.headers());
                    Ok(response)
                };
                let socket = tokio_tungstenite::accept_hdr_async(stream, callback).await.unwrap();
                let asked = asked.lock().unwrap().clone();
                let _ = tell.send(Connection { asked, socket });
            }
        });
        Self { base, connections }
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
        Self { base, connections: mpsc::unbounded_channel().1 }
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

//! A client that sends exactly what a test wants, however hostile.

use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use futures::{SinkExt as _, StreamExt as _};
use livekit_protocol::signal_request::Message as Request;
use livekit_protocol::signal_response::Message;
use livekit_protocol::wrapped_join_request::Compression;
use livekit_protocol::{ConnectionSettings, JoinRequest, SignalRequest, SignalResponse, WrappedJoinRequest};
use patience::soon;
use prost::Message as _;
use rooms::{Config, MediaAddress, RoomLimits, Rooms, Secret, Waits};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::token::{SECRET, token};

/// A server on ports that the machine chose.
pub struct Server {
    pub rooms: Rooms,
    pub address: SocketAddr,
}

pub async fn serve(limits: RoomLimits) -> Server {
    serve_with(limits, Waits::default()).await
}

pub async fn serve_with(limits: RoomLimits, waits: Waits) -> Server {
    let config = Config {
        addresses: vec![MediaAddress::new(SocketAddr::from(([127, 0, 0, 1], 0)))],
        limits,
        waits,
        ..Config::new("key", Secret::new(SECRET))
    };
    let rooms = Rooms::start(config).await.expect("the rooms start");
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = rooms.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Server { rooms, address }
}

/// The join request of an ordinary client.
pub fn request() -> JoinRequest {
    let settings = ConnectionSettings { auto_subscribe: true, ..ConnectionSettings::default() };
    JoinRequest { connection_settings: Some(settings), ..JoinRequest::default() }
}

/// The value of `join_request` for a plain request.
pub fn plain(request: &JoinRequest) -> String {
    wrapped(Compression::None, request.encode_to_vec())
}

pub fn wrapped(compression: Compression, join_request: Vec<u8>) -> String {
    URL_SAFE.encode(WrappedJoinRequest { compression: compression.into(), join_request }.encode_to_vec())
}

/// Why a connection was refused: status and body.
pub type Refused = (u16, String);

pub struct Client {
    pub socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Client {
    /// Connects with a token and a `join_request`.
    pub async fn dial(server: &Server, token: &str, join_request: &str) -> Result<Self, Refused> {
        let url = format!("ws://{}/rtc/v1?join_request={join_request}", server.address);
        let mut request = url.into_client_request().expect("a request");
        if !token.is_empty() {
            request
                .headers_mut()
                .insert("authorization", format!("Bearer {token}").parse().expect("a header"));
        }
        match soon("the answer to a handshake", tokio_tungstenite::connect_async(request)).await {
            Ok((socket, _)) => Ok(Self { socket }),
            Err(Error::Http(response)) => {
                let body = response.body().clone().unwrap_or_default();
                Err((response.status().as_u16(), String::from_utf8_lossy(&body).into_owned()))
            }
            Err(error) => panic!("the server did not answer as HTTP: {error}"),
        }
    }

    /// Joins a room and waits for the first message.
    pub async fn join(server: &Server, identity: &str, room: &str) -> Self {
        let mut client =
            Self::dial(server, &token(identity, room), &plain(&request())).await.expect("it is let in");
        let first = client.next().await;
        assert!(matches!(first, Some(Message::Join(_))), "the first word was {first:?}");
        client
    }

    pub async fn say(&mut self, message: Request) {
        let bytes = SignalRequest { message: Some(message) }.encode_to_vec();
        self.raw(bytes).await.expect("it is sent");
    }

    pub async fn raw(&mut self, bytes: Vec<u8>) -> Result<(), Error> {
        self.socket.send(Frame::binary(bytes)).await
    }

    /// The next message; `None` once the connection is closed.
    pub async fn next(&mut self) -> Option<Message> {
        let next = async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Frame::Binary(bytes))) => {
                        return SignalResponse::decode(bytes).expect("it is whole").message;
                    }
                    Some(Ok(Frame::Close(_)) | Err(_)) | None => return None,
                    Some(Ok(_)) => {}
                }
            }
        };
        soon("a message", next).await
    }

    /// Waits for a message that passes the test; false if the connection closes before.
    pub async fn until(&mut self, test: impl Fn(&Message) -> bool) -> bool {
        while let Some(message) = self.next().await {
            if test(&message) {
                return true;
            }
        }
        false
    }

    /// How long the server takes for an answer to a ping.
    pub async fn ping(&mut self) -> Duration {
        let begin = tokio::time::Instant::now();
        self.say(Request::Ping(1)).await;
        assert!(self.until(|message| matches!(message, Message::Pong(_))).await, "no pong");
        begin.elapsed()
    }
}

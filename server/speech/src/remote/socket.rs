//! WebSockets to providers: opened with a key, in time, with bounded messages.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue, RETRY_AFTER};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use super::fault::{ProviderBackoff, failed};
use crate::SpeechError;

/// Longest wait for a connection to stand.
const CONNECT: Duration = Duration::from_secs(4);
/// Longest wait for a message to be taken.
const SEND: Duration = Duration::from_secs(4);
/// Longest wait for a goodbye.
const CLOSE: Duration = Duration::from_millis(500);
/// Longest message that is taken, in bytes.
const LONGEST: usize = 2 * 1024 * 1024;

/// The address of a WebSocket server with this path after it.
///
/// # Errors
/// [`SpeechError::Refused`] if it is not one.
pub(super) fn address(base: &str, path: &str) -> Result<Url, SpeechError> {
    let refused = || SpeechError::Refused("the provider's address is not that of a WebSocket server".into());
    let base = base.trim().trim_end_matches('/');
    // Whoever gives the address of the same server over HTTP means this.
    let base = match base.split_once("://") {
        Some(("https", rest)) => format!("wss://{rest}"),
        Some(("http", rest)) => format!("ws://{rest}"),
        Some(_) | None => base.to_owned(),
    };
    let url = Url::parse(&format!("{base}/{path}")).map_err(|_| refused())?;
    if matches!(url.scheme(), "ws" | "wss") && url.host_str().is_some() { Ok(url) } else { Err(refused()) }
}

/// Why no connection stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SocketOpenError {
    /// It answered with this status, and this `Retry-After`.
    Status(u16, Option<String>),
    /// It did not answer in time.
    Late,
    /// There is no way to it.
    Unreachable,
    /// What answers does not speak WebSockets.
    NoWebSocket,
    /// The address cannot be asked.
    Address,
}

impl SocketOpenError {
    /// The same as an error; how long the provider asks not to be called is kept.
    pub(super) fn told(self, manners: &ProviderBackoff) -> SpeechError {
        match self {
            Self::Status(status, after) => manners.status(status, after.as_deref()),
            Self::Late => SpeechError::Late,
            Self::Unreachable => failed("unreachable"),
            Self::NoWebSocket => failed("no WebSocket"),
            Self::Address => SpeechError::Refused("the provider's address cannot be asked".into()),
        }
    }
}

/// A connection to a provider.
pub(super) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens it.
    pub(super) async fn open(
        url: &Url,
        headers: Vec<(HeaderName, HeaderValue)>,
        manners: &ProviderBackoff,
    ) -> Result<Self, SpeechError> {
        manners.may_ask()?;
        Self::shake_hands(url, headers).await.map_err(|unopened| unopened.told(manners))
    }

    /// The same, whether the provider wants to be asked or not.
    pub(super) async fn shake_hands(
        url: &Url,
        headers: Vec<(HeaderName, HeaderValue)>,
    ) -> Result<Self, SocketOpenError> {
        let mut request = url.as_str().into_client_request().map_err(|_| SocketOpenError::Address)?;
        request.headers_mut().extend(headers);
        let config = WebSocketConfig::default().max_message_size(Some(LONGEST)).max_frame_size(Some(LONGEST));
        let opened = timeout(CONNECT, connect_async_with_config(request, Some(config), true)).await;
        match opened.map_err(|_| SocketOpenError::Late)? {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(response)) => {
                let after = response.headers().get(RETRY_AFTER).and_then(|after| after.to_str().ok());
                Err(SocketOpenError::Status(response.status().as_u16(), after.map(str::to_owned)))
            }
            Err(Error::Io(_) | Error::Tls(_)) => Err(SocketOpenError::Unreachable),
            Err(_) => Err(SocketOpenError::NoWebSocket),
        }
    }

    /// Sends a message.
    pub(super) async fn send(&mut self, message: Message) -> Result<(), SpeechError> {
        let sent = timeout(SEND, self.0.send(message)).await.map_err(|_| SpeechError::Late)?;
        sent.map_err(|_| failed("cut off"))
    }

    /// The next text; waits for it. Safe to drop.
    pub(super) async fn text(&mut self) -> Result<String, SpeechError> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Ok(text.as_str().to_owned()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Binary(_) | Message::Frame(_))) => return Err(failed("garbage")),
                Some(Err(Error::Capacity(_))) => return Err(failed("endless")),
                Some(Err(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake))) => {
                    return Err(failed("cut off"));
                }
                Some(Err(Error::Utf8(_) | Error::Protocol(_))) => return Err(failed("garbage")),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(failed("cut off")),
            }
        }
    }

    /// Says goodbye.
    pub(super) async fn close(mut self) {
        let _ = timeout(CLOSE, self.0.close(None)).await;
    }
}

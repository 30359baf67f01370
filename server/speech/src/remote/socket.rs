//! WebSockets to providers: opened with a key, in time, with bounded messages.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use provider::{ProviderFailure, ProviderFault};
use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use super::rest::SpeechRest;
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

/// A connection to a provider.
pub(super) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens it.
    pub(super) async fn open(
        url: &Url,
        headers: Vec<(HeaderName, HeaderValue)>,
        rest: &SpeechRest,
    ) -> Result<Self, SpeechError> {
        rest.may_ask()?;
        Self::shake_hands(url, headers).await.map_err(|failure| rest.failed(failure))
    }

    /// The same, whether the provider wants to be asked or not.
    pub(super) async fn shake_hands(
        url: &Url,
        headers: Vec<(HeaderName, HeaderValue)>,
    ) -> Result<Self, ProviderFailure> {
        let mut request = url.as_str().into_client_request().map_err(|_| ProviderFault::Configuration)?;
        request.headers_mut().extend(headers);
        let config = WebSocketConfig::default().max_message_size(Some(LONGEST)).max_frame_size(Some(LONGEST));
        let opened = timeout(CONNECT, connect_async_with_config(request, Some(config), true)).await;
        let (socket, _) = opened
            .map_err(|_| ProviderFault::Timeout)?
            .map_err(|error| ProviderFailure::of_handshake(&error))?;
        Ok(Self(socket))
    }

    /// Sends a message.
    pub(super) async fn send(&mut self, message: Message) -> Result<(), ProviderFault> {
        let sent = timeout(SEND, self.0.send(message)).await.map_err(|_| ProviderFault::Timeout)?;
        sent.map_err(|_| ProviderFault::CutOff)
    }

    /// The next text; waits for it. Safe to drop.
    pub(super) async fn text(&mut self) -> Result<String, ProviderFault> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Ok(text.as_str().to_owned()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Binary(_) | Message::Frame(_))) => return Err(ProviderFault::Garbage),
                Some(Err(error)) => return Err(ProviderFault::from(&error)),
                Some(Ok(Message::Close(_))) | None => return Err(ProviderFault::CutOff),
            }
        }
    }

    /// Says goodbye.
    pub(super) async fn close(mut self) {
        let _ = timeout(CLOSE, self.0.close(None)).await;
    }
}

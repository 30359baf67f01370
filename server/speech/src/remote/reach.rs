//! Whether a provider over WebSockets can be reached and takes what it is asked with: asked before anybody needs it. A
//! connection is opened as it would be for speech, and closed again; nothing is said on it, so that it costs nothing.

use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue};

use super::socket::{Socket, SocketOpenError};
use crate::SpeechError;

/// What a provider says when asked for a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectOutcome {
    /// It takes the key and what stands in the address.
    Ready,
    /// It refuses the key, or wants one where there is none.
    KeyRefused,
    /// It answers with this status.
    Status(u16),
    /// It does not answer within four seconds.
    Late,
    /// There is no way to it.
    Unreachable,
    /// What answers there does not speak WebSockets.
    NoWebSocket,
    /// The address or the key cannot be sent.
    Unusable,
}

/// Asks for a connection.
pub(super) async fn reach(
    url: &Url,
    headers: Result<Vec<(HeaderName, HeaderValue)>, SpeechError>,
) -> ConnectOutcome {
    let Ok(headers) = headers else { return ConnectOutcome::Unusable };
    match Socket::shake_hands(url, headers).await {
        Ok(socket) => {
            socket.close().await;
            ConnectOutcome::Ready
        }
        Err(SocketOpenError::Status(401 | 403, _)) => ConnectOutcome::KeyRefused,
        Err(SocketOpenError::Status(status, _)) => ConnectOutcome::Status(status),
        Err(SocketOpenError::Late) => ConnectOutcome::Late,
        Err(SocketOpenError::Unreachable) => ConnectOutcome::Unreachable,
        Err(SocketOpenError::NoWebSocket) => ConnectOutcome::NoWebSocket,
        Err(SocketOpenError::Address) => ConnectOutcome::Unusable,
    }
}
